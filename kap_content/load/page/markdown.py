"""The Markdown of a page: CommonMark, tables, footnotes, pandoc's spans, divisions and citations.

`markdown()` gives the one parser that the page loader and the renderer share; `without_head` gives it the page
without its front matter, line numbers kept. Beyond markdown-it's own tokens there are

=================  ========================================================================================
token              what it carries
=================  ========================================================================================
span_open/_close   `meta["attributes"]`: Attributes of `[wording]{...}`; `.claims`, `.nonclaim`
citation           `meta["items"]`: CitedKeys; `meta["in_text"]`: `@a` rather than `[@a]`; `content` as written
div_open/_close    `meta["attributes"]`; `map` of div_open spans the whole division; a division that was never
                   closed ends with its container and has `meta["problem"]`
div_stray          a `:::` that closes nothing: hidden, `meta["problem"]`
heading_open       `meta["attributes"]` where `{#id .class}` followed the title
image, link_open,  `meta["attributes"]` where `{...}` followed directly
code_inline
footnote_*         as in mdit-py-plugins; `^[...]` too
html_block,        HTML as written. It is never shown as HTML: the rules set here give the text between the
html_inline        tags, escaped (`shown_html`), and nothing for comments
=================  ========================================================================================

Every inline token has `meta["at"]`: where it begins in its `inline` token's `content`. Adjacent text tokens
are not joined. Attributes of the page's author reach `token.attrs` only as `class` and `id`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.ruler import RuleOptionsType
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from mdit_py_plugins.footnote import footnote_plugin

from kap_content.load.page import markdown_block as block
from kap_content.load.page import markdown_inline as inline
from kap_content.startup.regex import regex

DEEPEST_BLOCKS = 60
"""Quotations and lists nested deeper than this are cut off by the parser; the loader says so."""

_INTERRUPTS: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}


@cache
def markdown(*, notes_at_end: bool = True) -> MarkdownIt:
    """The parser. Without `notes_at_end`, footnotes stay where they are defined, unused ones too."""
    parser = MarkdownIt("commonmark", {"maxNesting": DEEPEST_BLOCKS}).enable("table")
    positioned = inline.PositionedInline()
    positioned.ruler, positioned.ruler2 = parser.inline.ruler, parser.inline.ruler2
    parser.inline = positioned
    footnote_plugin(parser, inline=False, move_to_end=notes_at_end)
    rules = positioned.ruler
    rules.at("emphasis", inline.emphasis_rule)
    rules.at("backticks", inline.code_rule)
    rules.at("autolink", inline.autolink_rule)
    rules.at("link", inline.link_rule)
    rules.at("image", inline.image_rule)
    rules.before("link", "span", inline.span_rule)
    rules.before("span", "citation_group", inline.group_rule)
    rules.after("image", "note", inline.note_rule)
    rules.push("citation_in_text", inline.in_text_rule)
    rules.push("attributes", inline.attributes_rule)
    positioned.ruler2.at("fragments_join", inline.settle_rule)
    parser.core.ruler.disable("text_join")
    parser.block.ruler.before("fence", "division", block.division_rule, _INTERRUPTS)
    parser.core.ruler.after("block", "divisions", block.balance_divisions)
    parser.core.ruler.after("divisions", "heading_attributes", block.heading_attributes)
    for name, rule in (
        ("html_block", _shown_block),
        ("html_inline", _shown_inline),
        ("citation", _shown_citation),
        ("div_stray", _shown_nothing),
    ):
        parser.add_render_rule(name, rule)
    return parser


_HEAD = regex(r"---[ \t]*\n(?:(.*?)\n)??(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)


def without_head(source: str) -> tuple[str, str | None]:
    r"""Part the YAML head from a page with `\n` line ends.

    Returns the body with the head's lines left empty, so that line numbers stay true, and the text between the
    head's fences: None where the page has no head. A head that is never closed is body.
    """
    match = _HEAD.match(source) if source.startswith("---") else None
    if match is None:
        return source, None
    return "\n" * match[0].count("\n") + source[match.end() :], match[1] or ""


_HIDDEN = regex(r"<(script|style|template)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_TAG = regex(r"<!--.*?(?:-->|\Z)|<[!?/]?[A-Za-z][^>]*(?:>|\Z)", re.DOTALL)


def html_gaps(text: str) -> list[tuple[int, int]]:
    """The stretches of an HTML text that a reader would see: outside tags, comments, scripts and styles."""
    hidden = sorted(match.span() for pattern in (_HIDDEN, _TAG) for match in pattern.finditer(text))
    gaps, position = [], 0
    for start, end in hidden:
        if start > position:
            gaps.append((position, start))
        position = max(position, end)
    if position < len(text):
        gaps.append((position, len(text)))
    return gaps


def shown_html(text: str) -> str:
    """What is shown of a piece of HTML: the text between its tags, escaped."""
    return "".join(html.escape(html.unescape(text[start:end])) for start, end in html_gaps(text))


def _shown_block(
    _renderer: RendererHTML, tokens: Sequence[Token], index: int, _options: OptionsDict, _env: EnvType
) -> str:
    shown = shown_html(tokens[index].content).strip()
    return f"<p>{shown}</p>\n" if shown else ""


def _shown_inline(
    _renderer: RendererHTML, tokens: Sequence[Token], index: int, _options: OptionsDict, _env: EnvType
) -> str:
    return "<br>" if re.fullmatch(r"<br\s*/?>", tokens[index].content, re.IGNORECASE) else ""


def _shown_citation(
    _renderer: RendererHTML, tokens: Sequence[Token], index: int, _options: OptionsDict, _env: EnvType
) -> str:
    return html.escape(tokens[index].content)


def _shown_nothing(
    _renderer: RendererHTML, _tokens: Sequence[Token], _index: int, _options: OptionsDict, _env: EnvType
) -> str:
    return ""
