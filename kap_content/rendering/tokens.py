"""Reading Markdown tokens, and the tokens whose HTML needs to know nothing of the page."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup, escape

from kap_content.load.page.attributes import Attributes
from kap_content.startup.regex import regex

TokenRule = Callable[[Sequence[Token], int, OptionsDict, EnvType], str]


def attributes_of(token: Token) -> Attributes:
    """The attributes in braces of a token, empty where it has none."""
    found = token.meta.get("attributes")
    return found if isinstance(found, Attributes) else Attributes()


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


def end_of(tokens: Sequence[Token], start: int) -> int:
    """The index of the token that closes the one at `start`."""
    opening, closing = tokens[start].type, tokens[start].type.replace("_open", "_close")
    depth = 0
    for index in range(start, len(tokens)):
        depth += (tokens[index].type == opening) - (tokens[index].type == closing)
        if depth == 0:
            return index
    return len(tokens) - 1


_CAPTION = regex(r"(?:table)?:\s+", re.IGNORECASE)


def table_caption(tokens: Sequence[Token], end: int) -> Token | None:
    """The inline token of a paragraph `: caption` or `Table: caption` behind the table that ends at `end`."""
    following = tokens[end + 1 : end + 4]
    if len(following) < 3 or following[0].type != "paragraph_open":  # noqa: PLR2004 - opening, text, closing
        return None
    return following[1] if _CAPTION.match(following[1].content) else None


def without_label(caption: Token) -> list[Token]:
    """The inline tokens of a table's caption, without what marks it as one."""
    children = [child.copy() for child in caption.children or ()]
    if children:
        children[0].content = _CAPTION.sub("", children[0].content, count=1)
    return children


def figure_parts(inner: Sequence[Token]) -> tuple[list[Token], list[Token]]:
    """A figure's captions (the inline tokens of its paragraphs of words) and everything else in it."""
    captions: list[Token] = []
    media: list[Token] = []
    index = 0
    while index < len(inner):
        if inner[index].type == "paragraph_open" and inner[index].level == 0 and not _is_picture(inner[index + 1]):
            captions.append(inner[index + 1])
            index += 3
            continue
        media.append(inner[index])
        index += 1
    return captions, media


def _is_picture(inline: Token) -> bool:
    """Whether a paragraph holds images and nothing else that is seen."""
    seen = [child for child in inline.children or () if child.type == "image" or child.content.strip()]
    return bool(seen) and all(child.type == "image" for child in seen)


def slug(text: str) -> str:
    """A heading's anchor: its words in lower case, hyphens between them."""
    return "-".join(re.findall(r"[^\W_]+", text.casefold()))[:60].strip("-") or "section"


def letters(number: int) -> str:
    """0 is a, 25 z, 26 aa."""
    word = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        word = chr(ord("a") + rest) + word
    return word


def _rule(make: Callable[[Token], str]) -> TokenRule:
    """A render rule of a function of the token alone."""

    def rule(tokens: Sequence[Token], index: int, _options: OptionsDict, _env: EnvType) -> str:
        return str(make(tokens[index]))

    return rule


def _cell(opening: str) -> Callable[[Token], Markup]:
    def cell(token: Token) -> Markup:
        found = re.search(r"text-align:(left|right|center)", str(token.attrGet("style") or ""))
        shape = Markup(' class="{}"').format(found[1]) if found else Markup()
        return Markup("<{}{}>").format(opening, shape)

    return cell


def _column(token: Token) -> Markup:
    return Markup(str(_cell("th")(token)).replace("<th", '<th scope="col"', 1))  # noqa: S704 - made of constants


def _note_place(token: Token) -> str:
    number, again = int(token.meta["id"]) + 1, int(token.meta.get("subId") or 0)
    return f"noteref-{number}" + (f"-{again + 1}" if again > 0 else "")


def _note_mark(token: Token) -> Markup:
    """The mark of a note: a letter, so that it is not taken for a reference."""
    number = int(token.meta["id"])
    mark = Markup('<sup class="note"><a id="{}" role="doc-noteref" href="#note-{}" aria-label="Note {}">{}</a></sup>')
    return mark.format(_note_place(token), number + 1, letters(number), letters(number))


def _note_back(token: Token) -> Markup:
    back = Markup(' <a role="doc-backlink" href="#{}" aria-label="Back to the text">↩</a>')
    return back.format(_note_place(token))


LEAVES: Mapping[str, TokenRule] = {
    "text": _rule(lambda token: escape(token.content)),
    "softbreak": _rule(lambda _: "\n"),
    "code_inline": _rule(lambda token: Markup("<code>{}</code>").format(token.content)),
    "code_block": _rule(lambda token: Markup("<pre><code>{}</code></pre>\n").format(token.content)),
    "fence": _rule(lambda token: Markup("<pre><code>{}</code></pre>\n").format(token.content)),
    "th_open": _rule(_column),
    "td_open": _rule(_cell("td")),
    "div_stray": _rule(lambda _: ""),
    "footnote_ref": _rule(_note_mark),
    "footnote_anchor": _rule(_note_back),
    "footnote_block_open": _rule(lambda _: '<ol class="notes" type="a">\n'),
    "footnote_block_close": _rule(lambda _: "</ol>\n"),
    "footnote_open": _rule(lambda token: f'<li id="note-{int(token.meta["id"]) + 1}">'),
    "footnote_close": _rule(lambda _: "</li>\n"),
    "footnote_reference_open": _rule(lambda _: ""),
    "footnote_reference_close": _rule(lambda _: ""),
}
"""The render rules of tokens that stand for themselves. Whatever they show is escaped."""
