"""The article of a page: Markdown tokens to HTML, with claims, citations and figures.

Goes over the tokens once, from top to bottom, so that references are numbered in the order in which they are cited.
Whatever the page holds is escaped; the tags written here and in `tokens` are the only ones that reach the output,
with those of markdown-it's own for paragraphs, lists, emphasis and the like.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup, escape

from kap_content.load.page.attributes import Attributes
from kap_content.load.page.citations import CitedKey
from kap_content.load.page.markdown import markdown, without_head
from kap_content.model.claim import Certainty, Claim
from kap_content.model.errors import KapError
from kap_content.model.page import Page
from kap_content.model.place import Place
from kap_content.model.project import Context
from kap_content.rendering.assets import Assets
from kap_content.rendering.beside import Beside
from kap_content.rendering.links import is_relative, safe_url
from kap_content.rendering.marks import Cite, Later, Piece, data_attributes, of_claims, settle
from kap_content.rendering.media import drawn_figure, image
from kap_content.rendering.numbering import Numbering, author_words
from kap_content.rendering.references import CERTAINTIES
from kap_content.rendering.tokens import (
    LEAVES,
    TokenRule,
    attributes_of,
    end_of,
    figure_parts,
    plain,
    slug,
    table_caption,
    without_label,
)

RESERVED = frozenset({"top", "article", "contents", "references", "checked", "notes", "certainty", "findings"})
"""Anchors that the page around the article uses."""
DEEPEST = 60
"""Divisions and tables nested deeper than this are refused: nobody writes them."""
DEEPEST_LISTED = 3
"""Headings of this level and above are given to the list of contents."""
NOTED = frozenset({"paragraph_open", "heading_open", "table_open", "div_open", "fence", "code_block", "html_block"})
"""Blocks that findings are set beside."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the article: `level` 2 or 3, its anchor, and what it says."""

    level: int
    ident: str
    text: str


@dataclass(frozen=True, slots=True)
class Article:
    """The article rendered, and what the page around it needs to know."""

    html: Markup
    notes: Markup
    headings: tuple[Heading, ...]
    numbering: Numbering
    claims: tuple[Claim, ...]


def render_article(
    page: Page, context: Context, assets: Assets, pages: Mapping[str, str], beside: Beside | None = None
) -> Article:
    """Render the article of `page`. `pages` gives the slug of each page of the site by its path.

    `beside` holds findings that are set beside the blocks they are on; those that find none are left in it.
    """
    parser = markdown()
    body, _ = without_head(page.source)
    env: EnvType = {}
    tokens = parser.parse(body, env)
    renderer = _Renderer(parser, page, context, assets, pages, beside or Beside())
    end = next((index for index, token in enumerate(tokens) if token.type == "footnote_block_open"), len(tokens))
    html = renderer.blocks(tokens[:end], parser.options, env)
    notes = renderer.blocks(tokens[end:], parser.options, env)
    claims = tuple(context.claims[name] for name in renderer.marked if name in context.claims)
    return Article(html, notes, tuple(renderer.headings), renderer.numbering, claims)


@dataclass(slots=True)
class _Anchors:
    """Anchors already given on the page."""

    used: set[str] = field(default_factory=set)

    def free(self, wanted: str) -> str:
        name, count = wanted, 1
        while name in self.used:
            count += 1
            name = f"{wanted}-{count}"
        self.used.add(name)
        return name


class _Renderer(RendererHTML):
    """Markdown tokens to HTML. Methods named after a token type render it."""

    def __init__(
        self,
        parser: MarkdownIt,
        page: Page,
        context: Context,
        assets: Assets,
        pages: Mapping[str, str],
        beside: Beside,
    ) -> None:
        super().__init__(parser)
        shared = parser.renderer.rules  # type: ignore[attr-defined]  # the protocol leaves them out
        rules = cast("dict[str, TokenRule]", self.rules)  # the library says methods; any callable serves
        rules.update(LEAVES)
        rules.update({name: shared[name] for name in ("html_block", "html_inline")})
        rules.update(image=self._image, link_open=self._link_open, link_close=self._link_close)
        self.page, self.context, self.assets, self.pages, self.beside = page, context, assets, pages, beside
        self.numbering = Numbering(context.references)
        self.headings: list[Heading] = []
        self.marked: dict[str, None] = {}
        self._anchors = _Anchors(set(RESERVED))
        self._figures = self._tables = 0
        self._refused: list[str] = []
        self._at_top = True
        self._depth = 0

    # blocks

    def blocks(self, tokens: Sequence[Token], options: OptionsDict, env: EnvType) -> Markup:
        """A run of block tokens; divisions, tables and headings are taken as wholes."""
        self._depth += 1
        if self._depth > DEEPEST:
            raise KapError(f"Divisions stand more than {DEEPEST} deep in each other", self.page.place)
        html = self.render(tokens, options, env)
        self._depth -= 1
        return Markup(html)  # noqa: S704 - every part is escaped where it is made

    def render(self, tokens: Sequence[Token], options: OptionsDict, env: EnvType) -> str:
        """As markdown-it's own, but for the blocks that are taken as wholes."""
        out: list[str] = []
        index = 0
        while index < len(tokens):
            token = tokens[index]
            end = end_of(tokens, index) if token.type in {"div_open", "table_open", "heading_open"} else index
            inner = tokens[index + 1 : end]
            if token.type in NOTED:
                out.append(self._noted(token))
            if token.type == "div_open":
                out.append(self._division(token, inner, options, env))
            elif token.type == "heading_open":
                out.append(self._heading(token, inner, options, env))
            elif token.type == "table_open":
                caption = table_caption(tokens, end)
                out.append(self._table(inner, caption, options, env))
                end += 3 if caption else 0
            elif token.type == "inline":
                out.append(self.renderInline(token.children or (), options, env))
            elif token.type in self.rules:
                out.append(self.rules[token.type](tokens, index, options, env))
            else:
                out.append(self.renderToken(tokens, index, options, env))
            if token.type == "list_item_open":
                out.append(self.beside.taken(token.map))
            index = end + 1
        return "".join(out)

    def _noted(self, token: Token) -> Markup:
        """The findings on a block. What stands in a division is noted there, but for a figure's."""
        if token.type == "div_open" and token.map and "figure" not in attributes_of(token).classes:
            return self.beside.taken([token.map[0], token.map[0] + 1])
        return self.beside.taken(token.map)

    def _heading(self, token: Token, inner: Sequence[Token], options: OptionsDict, env: EnvType) -> Markup:
        level = max(2, int(token.tag[1]))
        text = plain(inner[0].children or ()) if inner else ""
        at_top, self._at_top = self._at_top, False
        if at_top and token.tag == "h1" and text.casefold() == self.page.meta.title.casefold():
            return Markup()
        ident = self._anchors.free(attributes_of(token).id or slug(text))
        if level <= DEEPEST_LISTED:
            self.headings.append(Heading(level, ident, text))
        return Markup('<h{0} id="{1}">{2}</h{0}>\n').format(level, ident, self.blocks(inner, options, env))

    def _table(self, inner: Sequence[Token], caption: Token | None, options: OptionsDict, env: EnvType) -> Markup:
        self._tables += 1
        name, told = f"Table {self._tables}", Markup()
        if caption is not None:
            children = without_label(caption)
            name = plain(children)
            told = Markup("<caption>{}</caption>\n").format(self._line(children, options, env))
        return Markup(
            '<div class="table" role="region" tabindex="0" aria-label="{}">\n<table>\n{}{}</table>\n</div>\n'
        ).format(name, told, self.blocks(inner, options, env))

    def _division(self, token: Token, inner: Sequence[Token], options: OptionsDict, env: EnvType) -> Markup:
        attributes = attributes_of(token)
        claims = self._mark(attributes.claims)
        if "figure" in attributes.classes:
            return self._figure(token, claims, inner, options, env)
        html = self.blocks(inner, options, env)
        classes = [name for name in attributes.classes if name != "nonclaim"] + (["claim"] if claims else [])
        if not (classes or attributes.id):
            return html
        numbers = self._cited(of_claims(claims))
        return Markup("<div{}{}{}>\n{}{}</div>\n").format(
            Markup(' class="{}"').format(" ".join(classes)) if classes else "",
            Markup(' id="{}"').format(self._anchors.free(attributes.id)) if attributes.id else "",
            data_attributes(claims),
            html,
            Markup('<p class="sources">Sources: {}</p>\n').format(numbers) if numbers else "",
        )

    def _figure(
        self, token: Token, claims: Sequence[Claim], inner: Sequence[Token], options: OptionsDict, env: EnvType
    ) -> Markup:
        self._figures += 1
        number = self._figures
        attributes = attributes_of(token)
        place = Place(self.page.path, (token.map or [0])[0] + 1)
        captions, media = figure_parts(inner)
        ident = self._anchors.free(attributes.id or f"figure-{number}")
        pictures = self.blocks(media, options, env)
        if attributes.get("kind") is not None or attributes.get("src") is not None:
            told = " ".join(plain(caption.children or ()) for caption in captions)
            pictures = drawn_figure(self.assets, attributes, ident, number, told, place) + pictures
        lines = [self._pieces(caption.children or (), options, env) for caption in captions] or [[]]
        cited = {key for pieces in lines for piece in pieces if isinstance(piece, Cite) for key in piece.keys}
        own = of_claims(claims)
        lines[-1].append(Cite(tuple(key for key in own.keys if key not in cited), own.claims, certainty=own.certainty))
        caption = Markup("</p>\n<p>").join(settle(pieces, self._cited) for pieces in lines)
        return Markup(
            '<figure id="{}"{}>\n{}<figcaption><p><span class="figure-number">Figure {}.</span> {}</p></figcaption>\n'
            "</figure>\n"
        ).format(ident, data_attributes(claims), pictures, number, caption)

    # lines

    def renderInline(self, tokens: Sequence[Token], options: OptionsDict, env: EnvType) -> str:  # noqa: N802 - theirs
        """A run of inline tokens."""
        return str(self._line(tokens, options, env))

    def _line(self, tokens: Sequence[Token], options: OptionsDict, env: EnvType) -> Markup:
        return settle(self._pieces(tokens, options, env), self._cited)

    def _pieces(self, tokens: Sequence[Token], options: OptionsDict, env: EnvType) -> list[Piece]:
        """The inline tokens as pieces of HTML and citations between them."""
        out: list[Piece] = []
        for index, token in enumerate(tokens):
            if token.type == "span_open":
                out.append(self._span(attributes_of(token), empty=tokens[index + 1].type == "span_close"))
            elif token.type == "span_close":
                out.extend(self._span_end(attributes_of(token)))
            elif token.type == "citation":
                out.extend(self._citation(token))
            else:
                rule = self.rules.get(token.type, self.renderToken)
                out.append(Markup(rule(tokens, index, options, env)))  # noqa: S704 - the rules escape
        return out

    def _image(self, tokens: Sequence[Token], index: int, _options: OptionsDict, _env: EnvType) -> str:
        token = tokens[index]
        words = plain(token.children or ())
        return str(image(self.assets, str(token.attrGet("src") or ""), words, attributes_of(token)))

    def _link_open(self, tokens: Sequence[Token], index: int, _options: OptionsDict, _env: EnvType) -> str:
        """A link with a safe address; with any other, only its words and the address as text."""
        token = tokens[index]
        address = str(token.attrGet("href") or "")
        target = safe_url(address)
        self._refused.append("" if target else address)
        if target is None:
            return ""
        title = token.attrGet("title")
        shown = Markup(' title="{}"').format(title) if title else ""
        return str(Markup('<a href="{}"{}>').format(self._to_page(target), shown))

    def _link_close(self, _tokens: Sequence[Token], _index: int, _options: OptionsDict, _env: EnvType) -> str:
        refused = self._refused.pop() if self._refused else ""
        return str(Markup(" ({})").format(refused)) if refused else "</a>"

    def _to_page(self, target: str) -> str:
        """A link to another page's source as a link to where that page is rendered."""
        path, mark, rest = target.partition("#")
        other = self.assets.slug_of(path, self.pages) if is_relative(target) else ""
        here = self.pages.get(self.page.path, "")
        return f"{'../' * (here.count('/') + 1)}{other}/{mark}{rest}" if other else target

    # claims and citations

    def _mark(self, names: Sequence[str]) -> list[Claim]:
        """Note that the page states these claims."""
        for name in names:
            self.marked.setdefault(name)
        return self._claims(names)

    def _claims(self, names: Sequence[str]) -> list[Claim]:
        return [self.context.claims[name] for name in names if name in self.context.claims]

    def _span(self, attributes: Attributes, *, empty: bool) -> Markup:
        if not attributes.claims:
            return Markup()
        claims = self._mark(attributes.claims)
        words = " ".join(claim.match_text for claim in claims) if empty else ""
        if empty and not claims:
            words = f"[unknown claim {', '.join(attributes.claims)}]"
        anchor = f"claim-{attributes.claims[0]}"
        first = anchor not in self._anchors.used
        ident = f' id="{escape(self._anchors.free(anchor))}"' if first else ""
        html = f'<span class="claim"{ident}{data_attributes(claims)}>{escape(words)}'
        return Markup(html)  # noqa: S704 - each part is escaped

    def _span_end(self, attributes: Attributes) -> list[Piece]:
        if not attributes.claims:
            return []
        return [Markup("</span>"), of_claims(self._claims(attributes.claims))]

    def _citation(self, token: Token) -> list[Piece]:
        items: tuple[CitedKey, ...] = token.meta["items"]
        out: list[Piece] = []
        if token.meta["in_text"] and not items[0].suppress_author:
            reference = self.context.references.get(items[0].key)
            out.append(Markup("{}").format(author_words(reference) if reference else f"@{items[0].key}"))
        if any(item.prefix for item in items):
            return [*out, Later(lambda: self._in_parentheses(items))]
        notes = tuple((item.key, item.locator) for item in items if item.locator)
        return [*out, Cite(tuple(item.key for item in items), notes=notes)]

    def _in_parentheses(self, items: Sequence[CitedKey]) -> Markup:
        """`[see @a, p. 3]`: words before a key belong to the sentence, not into a superscript."""
        parts = Markup("; ").join(
            Markup('{} <span class="inline-cite">{}</span>{}').format(
                f"{item.prefix} reference" if item.prefix else "reference",
                self.numbering.cite((item.key,)),
                f", {item.locator}" if item.locator else "",
            )
            for item in items
        )
        return Markup("({})").format(parts)

    def _cited(self, cite: Cite) -> Markup:
        """The numbers of a citation, and a quiet mark where the evidence is weak."""
        numbers = self.numbering.cite(cite.keys, cite.claims, cite.notes)
        if cite.certainty not in {Certainty.LOW, Certainty.VERY_LOW}:
            return numbers
        words, _ = CERTAINTIES[cite.certainty]
        mark = Markup('<a class="certainty {}" href="#certainty" title="{}" aria-label="{}"></a>')
        made = mark.format(cite.certainty.value.replace("_", "-"), words, words)
        return Markup('<span class="together">{}{}</span>').format(numbers, made)
