"""The article of a page: Markdown tokens to HTML, with claims, citations and figures.

Goes over the tokens once, from top to bottom, so that references are numbered in the order in which they are cited.
Whatever the page holds is escaped; the tags below are the only ones that reach the output.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup, escape

from kap_content.load.attributes import Attributes
from kap_content.load.citations import CitedKey
from kap_content.load.markdown import markdown, without_head
from kap_content.model.claim import Certainty, Claim
from kap_content.model.page import Page
from kap_content.model.place import Place
from kap_content.model.project import Context
from kap_content.render.assets import Assets
from kap_content.render.links import is_relative, safe_url
from kap_content.render.media import drawn_figure, image
from kap_content.render.numbering import Numbering, author_words, fragment

Pages = Mapping[str, str]
"""Paths of the project's pages to the slugs they are rendered under."""


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


@dataclass(frozen=True, slots=True)
class _Cite:
    """A citation on its way: whether it sits behind punctuation is settled when its neighbours are known."""

    keys: tuple[str, ...]
    claims: tuple[str, ...] = ()
    note: str = ""
    certainty: Certainty | None = None


Piece = Markup | _Cite


def render_article(page: Page, context: Context, assets: Assets, pages: Pages) -> Article:
    """Render the article of `page`."""
    parser = markdown()
    body, _ = without_head(page.source)
    env: EnvType = {}
    tokens = parser.parse(body, env)
    renderer = ArticleRenderer(parser, page, context, assets, pages)
    end = next((index for index, token in enumerate(tokens) if token.type == "footnote_block_open"), len(tokens))
    html = Markup(renderer.render(tokens[:end], parser.options, env))  # noqa: S704 - made of escaped parts
    notes = Markup(renderer.render(tokens[end:], parser.options, env))  # noqa: S704 - made of escaped parts
    claims = tuple(context.claims[name] for name in renderer.marked if name in context.claims)
    return Article(html, notes, tuple(renderer.headings), renderer.numbering, claims)


@dataclass(slots=True)
class _Names:
    """Anchors already given on the page."""

    used: set[str] = field(default_factory=set)

    def unique(self, wanted: str) -> str:
        name, count = wanted, 1
        while name in self.used:
            count += 1
            name = f"{wanted}-{count}"
        self.used.add(name)
        return name


RESERVED = frozenset({"top", "article", "contents", "references", "checked", "notes", "certainty", "findings"})


class ArticleRenderer(RendererHTML):
    """Markdown tokens to HTML. Methods named after a token type render it; the rest is markdown-it's own."""

    def __init__(self, parser: MarkdownIt, page: Page, context: Context, assets: Assets, pages: Pages) -> None:
        super().__init__(parser)
        for name in ("html_block", "html_inline"):
            self.rules[name] = parser.renderer.rules[name]  # type: ignore[attr-defined]  # the protocol omits them
        self.page, self.context, self.assets, self.pages = page, context, assets, pages
        self.numbering = Numbering(frozenset(context.references))
        self.headings: list[Heading] = []
        self.marked: dict[str, None] = {}
        self.names = _Names(set(RESERVED))
        self.figures = 0
        self._refused: list[str] = []
        self._first_heading = True

    # blocks ---------------------------------------------------------------------------------------------------------

    def render(self, tokens: Sequence[Token], options: OptionsDict, env: EnvType) -> str:
        """Render a run of block tokens; divisions, tables and headings are taken as wholes."""
        out: list[str] = []
        index = 0
        while index < len(tokens):
            token = tokens[index]
            if token.type in {"div_open", "table_open", "heading_open"}:
                end = _end(tokens, index)
                inner = tokens[index + 1 : end]
                if token.type == "div_open":
                    out.append(self._division(token, inner, options, env))
                elif token.type == "heading_open":
                    out.append(self._heading(token, inner, options, env))
                else:
                    caption = _table_caption(tokens, end)
                    out.append(self._table(token, inner, caption, options, env))
                    end += 3 if caption else 0
                index = end + 1
                continue
            if token.type == "inline":
                out.append(self.renderInline(token.children or (), options, env))
            elif token.type in self.rules:
                out.append(self.rules[token.type](tokens, index, options, env))
            elif token.type != "div_stray":
                out.append(self.renderToken(tokens, index, options, env))
            index += 1
        return "".join(out)

    def _heading(self, token: Token, inner: Sequence[Token], options: OptionsDict, env: EnvType) -> str:
        level = max(2, int(token.tag[1]))
        html = self.render(inner, options, env)
        text = plain(inner[0].children or ()) if inner else ""
        first, self._first_heading = self._first_heading, False
        if first and token.tag == "h1" and text.casefold() == self.page.meta.title.casefold():
            return ""
        attributes = _attributes(token)
        ident = self.names.unique(attributes.id or slug(text))
        if level <= 3:  # noqa: PLR2004 - the contents list goes no deeper
            self.headings.append(Heading(level, ident, text))
        return Markup('<h{0} id="{1}">{2}</h{0}>\n').format(level, ident, Markup(html))  # noqa: S704 - rendered above

    def _table(
        self, token: Token, inner: Sequence[Token], caption: Token | None, options: OptionsDict, env: EnvType
    ) -> str:
        told = self._caption(caption, options, env) if caption else ""
        rows = self.render(inner, options, env)
        name = plain(caption.children or ())[2:] if caption else "Table"
        return (
            Markup('<div class="table" role="region" tabindex="0" aria-label="{}">\n<table>\n').format(name)
            + (f"<caption>{told}</caption>\n" if told else "")
            + f"{rows}</table>\n</div>\n"
        )

    def _caption(self, inline: Token, options: OptionsDict, env: EnvType) -> str:
        children = list(inline.children or ())
        if children and children[0].type == "text" and children[0].content.startswith(":"):
            first = children[0].copy()
            first.content = first.content[1:].lstrip()
            children[0] = first
        return self.renderInline(children, options, env)

    def th_open(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        """A column's heading."""
        return Markup('<th scope="col"{}>').format(_alignment(tokens[index]))

    def td_open(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        """A cell."""
        return Markup("<td{}>").format(_alignment(tokens[index]))

    def _division(self, token: Token, inner: Sequence[Token], options: OptionsDict, env: EnvType) -> str:
        attributes = _attributes(token)
        claims = self._mark(attributes.claims)
        if "figure" in attributes.classes:
            return self._figure(token, attributes, inner, options, env)
        classes = " ".join(name for name in attributes.classes if name != "nonclaim")
        html = self.render(inner, options, env)
        if not (claims or classes or attributes.id):
            return html
        opening = Markup("<div{}{}{}>\n").format(
            Markup(' class="{}"').format(f"{classes} claim".strip() if claims else classes),
            Markup(' id="{}"').format(self.names.unique(attributes.id)) if attributes.id else "",
            self._data(claims),
        )
        sources = ""
        if claims:
            sup = self._cited(_Cite(self._evidence(claims), tuple(attributes.claims), certainty=weakest(claims)))
            sources = Markup('<p class="sources">Sources: {}</p>\n').format(sup) if sup else ""
        return f"{opening}{html}{sources}</div>\n"

    def _figure(
        self, token: Token, attributes: Attributes, inner: Sequence[Token], options: OptionsDict, env: EnvType
    ) -> str:
        self.figures += 1
        place = Place(self.page.path, (token.map or [0])[0] + 1)
        captions, media = _parts(inner)
        told = " ".join(plain(caption.children or ()) for caption in captions)
        ident = self.names.unique(attributes.id or f"figure-{self.figures}")
        claims = [self.context.claims[name] for name in attributes.claims if name in self.context.claims]
        pictures = self.render(media, options, env)
        if attributes.get("kind") is not None or attributes.get("src") is not None:
            pictures = drawn_figure(self.assets, attributes, ident, told, place) + pictures
        paragraphs = [self.pieces(caption.children or (), options, env) for caption in captions] or [[]]
        cited = {key for pieces in paragraphs for piece in pieces if isinstance(piece, _Cite) for key in piece.keys}
        keys = tuple(key for key in self._evidence(claims) if key not in cited)
        if keys or weakest(claims):
            paragraphs[-1].append(_Cite(keys, tuple(attributes.claims), certainty=weakest(claims)))
        caption = "</p>\n<p>".join(self.settled(pieces) for pieces in paragraphs)
        return (
            Markup('<figure id="{}"{}>\n').format(ident, self._data(claims))
            + f'{pictures}<figcaption><p><span class="figure-number">Figure {self.figures}.</span> {caption}</p>'
            + "</figcaption>\n</figure>\n"
        )

    # inline ---------------------------------------------------------------------------------------------------------

    def renderInline(self, tokens: Sequence[Token], options: OptionsDict, env: EnvType) -> str:  # noqa: N802 - theirs
        """Render a run of inline tokens."""
        return self.settled(self.pieces(tokens, options, env))

    def pieces(self, tokens: Sequence[Token], options: OptionsDict, env: EnvType) -> list[Piece]:
        """The inline tokens as pieces of HTML and citations between them."""
        out: list[Piece] = []
        for index, token in enumerate(tokens):
            if token.type == "span_open":
                out.append(self._span(_attributes(token), empty=tokens[index + 1].type == "span_close"))
            elif token.type == "span_close":
                out.extend(self._span_end(_attributes(token)))
            elif token.type == "citation":
                out.extend(self._citation(token))
            elif token.type in self.rules:
                out.append(Markup(self.rules[token.type](tokens, index, options, env)))  # noqa: S704 - rules escape
            else:
                out.append(Markup(self.renderToken(tokens, index, options, env)))  # noqa: S704 - markdown-it escapes
        return out

    def settled(self, pieces: Sequence[Piece]) -> str:
        """Join pieces: neighbouring citations become one, which goes behind a full stop or comma, as AMA sets it."""
        out: list[str] = []
        rest = list(pieces)
        while rest:
            piece = rest.pop(0)
            if not isinstance(piece, _Cite):
                out.append(str(piece))
                continue
            cite = piece
            while (index := _next_citation(rest)) is not None:
                other = rest[index]
                if isinstance(other, _Cite):
                    cite = _merged(cite, other)
                del rest[: index + 1]
            _strip_end(out)
            if rest and not isinstance(rest[0], _Cite) and rest[0][:1] in {".", ","}:
                mark = str(rest[0][:1])
                rest[0] = Markup(rest[0][1:])  # noqa: S704 - what is left of escaped text
                out.append("" if mark == "." and _visible_end(out) == "." else mark)
            out.append(str(self._cited(cite)))
        return "".join(out)

    def text(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        """Plain text."""
        return str(escape(tokens[index].content))

    def softbreak(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        """A line end in the source."""
        return "\n"

    def image(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        """An image of the project; one from elsewhere becomes a link, since a page asks nothing of other sites."""
        token = tokens[index]
        return image(self.assets, str(token.attrGet("src") or ""), plain(token.children or ()), _attributes(token))

    def link_open(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        """A link with a safe address; with any other, only its words and the address as text."""
        token = tokens[index]
        address = str(token.attrGet("href") or "")
        target = safe_url(address)
        if target is None:
            self._refused.append(address)
            return ""
        self._refused.append("")
        title = token.attrGet("title")
        return Markup('<a href="{}"{}>').format(
            self._to_page(target), Markup(' title="{}"').format(title) if title else ""
        )

    def link_close(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        """The end of a link."""
        refused = self._refused.pop() if self._refused else ""
        return f" ({escape(refused)})" if refused else "</a>"

    def code_inline(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        """Code in text."""
        return Markup("<code>{}</code>").format(tokens[index].content)

    def fence(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        """A block of code."""
        return Markup("<pre><code>{}</code></pre>\n").format(tokens[index].content)

    def footnote_ref(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        """The mark of a note: a letter, so that it is not taken for a reference."""
        note = int(tokens[index].meta["id"])
        again = int(tokens[index].meta.get("subId", 0))
        place = f"noteref-{note + 1}" + (f"-{again + 1}" if again > 0 else "")
        return Markup(
            '<sup class="note"><a id="{}" role="doc-noteref" href="#note-{}" aria-label="Note {}">{}</a></sup>'
        ).format(place, note + 1, letters(note), letters(note))

    def footnote_block_open(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        """The list of notes."""
        return '<ol class="notes" type="a">\n'

    def footnote_block_close(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        """The end of the list of notes."""
        return "</ol>\n"

    def footnote_open(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        """A note."""
        return f'<li id="note-{int(tokens[index].meta["id"]) + 1}">'

    def footnote_close(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        """The end of a note."""
        return "</li>\n"

    def footnote_anchor(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        """The way back from a note."""
        note, again = int(tokens[index].meta["id"]), int(tokens[index].meta.get("subId") or 0)
        place = f"noteref-{note + 1}" + (f"-{again + 1}" if again > 0 else "")
        return Markup(' <a role="doc-backlink" href="#{}" aria-label="Back to the text">↩</a>').format(place)

    def footnote_reference_open(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        """A note that nothing refers to."""
        return ""

    footnote_reference_close = footnote_reference_open

    # claims and citations ---------------------------------------------------------------------------------------------

    def _mark(self, names: Sequence[str]) -> list[Claim]:
        """Note that the page states these claims."""
        for name in names:
            self.marked.setdefault(name)
        return [self.context.claims[name] for name in names if name in self.context.claims]

    def _data(self, claims: Sequence[Claim]) -> Markup:
        """What the HTML tells programs about the claims it states."""
        if not claims:
            return Markup()
        first = claims[0]
        certainty = weakest(claims)
        return Markup(' data-claim="{}" data-status="{}" data-version="{}"{}').format(
            " ".join(claim.id for claim in claims),
            first.status.value,
            version(first),
            Markup(' data-certainty="{}"').format(certainty.value) if certainty else "",
        )

    def _span(self, attributes: Attributes, *, empty: bool) -> Markup:
        if not attributes.claims:
            return Markup()
        claims = self._mark(attributes.claims)
        words = " ".join(claim.match_text for claim in claims) if empty else ""
        if empty and not claims:
            words = f"[unknown claim {', '.join(attributes.claims)}]"
        anchor = f"claim-{attributes.claims[0]}"
        if anchor in self.names.used:
            ident = Markup()
        else:
            ident = Markup(' id="{}"').format(self.names.unique(anchor))
        return Markup('<span class="claim"{}{}>{}').format(ident, self._data(claims), words)

    def _span_end(self, attributes: Attributes) -> list[Piece]:
        if not attributes.claims:
            return []
        claims = [self.context.claims[name] for name in attributes.claims if name in self.context.claims]
        keys = self._evidence(claims)
        closing = Markup("</span>")
        if not keys and not weakest(claims):
            return [closing]
        return [closing, _Cite(keys, attributes.claims, certainty=weakest(claims))]

    def _evidence(self, claims: Sequence[Claim]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(item.ref for claim in claims for item in claim.supporting))

    def _citation(self, token: Token) -> list[Piece]:
        items: tuple[CitedKey, ...] = token.meta["items"]
        out: list[Piece] = []
        if token.meta["in_text"] and not items[0].suppress_author:
            reference = self.context.references.get(items[0].key)
            out.append(escape(author_words(reference) if reference else f"@{items[0].key}"))
        if any(item.prefix for item in items):
            # Words before a key are a sentence's, not a superscript's: `[see @a, p. 3]` is set in parentheses.
            for number, item in enumerate(items):
                words = f"{item.prefix} reference" if item.prefix else "reference"
                out.append(Markup("{}{} ").format("; " if number else "(", words))
                out.append(
                    Markup('<span class="inline-cite">{}</span>{}').format(
                        self.numbering.cite((item.key,)), f", {item.locator}" if item.locator else ""
                    )
                )
            return [*out, Markup(")")]
        if len(items) == 1:
            return [*out, _Cite((items[0].key,), note=items[0].locator)]
        groups = [_Cite((item.key,), note=item.locator) for item in items if item.locator]
        plain_keys = tuple(item.key for item in items if not item.locator)
        return [*out, *([_Cite(plain_keys)] if plain_keys else []), *groups]

    def _cited(self, cite: _Cite) -> Markup:
        sup = self.numbering.cite(cite.keys, cite.claims, cite.note)
        if cite.certainty in (Certainty.LOW, Certainty.VERY_LOW):
            words = "Very low certainty" if cite.certainty is Certainty.VERY_LOW else "Low certainty"
            sup += Markup('<a class="certainty {}" href="#certainty" title="{}" aria-label="{}"></a>').format(
                cite.certainty.value.replace("_", "-"), words, words
            )
        return sup

    def _to_page(self, target: str) -> str:
        """A link to another page's source as a link to where that page is rendered."""
        if not is_relative(target):
            return target
        path, mark, rest = target.partition("#")
        other = self.pages.get(self.assets.resolve(path) or "")
        here = self.pages.get(self.page.path, "")
        return f"{'../' * (here.count('/') + 1)}{other}/{mark}{rest}" if other else target


def _next_citation(pieces: Sequence[Piece]) -> int | None:
    """The index of a citation that only white space parts from what went before."""
    for index, piece in enumerate(pieces):
        if isinstance(piece, _Cite):
            return index
        if piece.strip():
            return None
    return None


def _strip_end(out: list[str]) -> None:
    """Take the blank before a citation away: a superscript stands close to its word."""
    while out and not out[-1].strip():
        out.pop()
    if out and not out[-1].endswith(">\n"):
        out[-1] = out[-1].rstrip()


def _visible_end(out: Sequence[str]) -> str:
    """The last character that a reader sees."""
    return re.sub(r"<[^>]*>", "", "".join(out[-4:]))[-1:]


def _merged(one: _Cite, other: _Cite) -> _Cite:
    weak = [value for value in (one.certainty, other.certainty) if value]
    order = list(Certainty)
    return _Cite(
        tuple(dict.fromkeys((*one.keys, *other.keys))),
        (*one.claims, *other.claims),
        "; ".join(note for note in (one.note, other.note) if note),
        max(weak, key=order.index) if weak else None,
    )


def weakest(claims: Sequence[Claim]) -> Certainty | None:
    """The lowest certainty that a person gave any of these claims."""
    given = [claim.certainty for claim in claims if claim.certainty]
    return max(given, key=list(Certainty).index) if given else None


def version(claim: Claim) -> str:
    """A short mark that changes when the claim's wording or evidence does."""
    parts = [claim.id, claim.match_text, *(f"{item.ref} {item.finding}" for item in claim.evidence)]
    return sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def plain(tokens: Sequence[Token]) -> str:
    """The words of inline tokens, without marks and citations."""
    words = []
    for token in tokens:
        if token.type in {"text", "code_inline"}:
            words.append(token.content)
        elif token.type == "image":
            words.append(plain(token.children or ()))
        elif token.type in {"softbreak", "hardbreak"}:
            words.append(" ")
    return re.sub(r"\s+([.,;:])", r"\1", " ".join("".join(words).split()))


def slug(text: str) -> str:
    """A heading's anchor: its words in lower case, hyphens between them."""
    return "-".join(re.findall(r"[^\W_]+", text.casefold()))[:60].strip("-") or "section"


def letters(number: int) -> str:
    """0 is a, 25 z, 26 aa."""
    word = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        word = chr(97 + rest) + word
    return word


def _attributes(token: Token) -> Attributes:
    found = token.meta.get("attributes")
    return found if isinstance(found, Attributes) else Attributes()


def _alignment(token: Token) -> Markup:
    found = re.search(r"text-align:(left|right|center)", str(token.attrGet("style") or ""))
    return Markup(' class="{}"').format(found[1]) if found else Markup()


def _end(tokens: Sequence[Token], start: int) -> int:
    """The index of the token that closes the one at `start`."""
    closing = tokens[start].type.replace("_open", "_close")
    depth = 0
    for index in range(start, len(tokens)):
        if tokens[index].type == tokens[start].type:
            depth += 1
        elif tokens[index].type == closing:
            depth -= 1
            if depth == 0:
                return index
    return len(tokens) - 1


def _table_caption(tokens: Sequence[Token], end: int) -> Token | None:
    """The inline token of a paragraph `: caption` behind a table."""
    following = tokens[end + 1 : end + 4]
    if len(following) == 3 and following[0].type == "paragraph_open" and following[1].content.startswith(": "):  # noqa: PLR2004
        return following[1]
    return None


def _parts(inner: Sequence[Token]) -> tuple[list[Token], list[Token]]:
    """A figure's captions (the inline tokens of its paragraphs of words) and everything else."""
    captions: list[Token] = []
    media: list[Token] = []
    index = 0
    while index < len(inner):
        token = inner[index]
        if token.type == "paragraph_open" and token.level == 0 and not _is_picture(inner[index + 1]):
            captions.append(inner[index + 1])
            index += 3
            continue
        media.append(token)
        index += 1
    return captions, media


def _is_picture(inline: Token) -> bool:
    shown = [
        child
        for child in inline.children or ()
        if child.type != "softbreak" and child.content.strip() or child.type == "image"
    ]
    return bool(shown) and all(child.type == "image" for child in shown)
