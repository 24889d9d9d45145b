"""Whatever the text, a page is read without a crash and every place lies inside it."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import example, given, settings
from hypothesis import strategies as st

from kap_content.load.page import parse_page
from kap_content.model.page import BlockKind, Page
from kap_content.model.place import Place

PIECES = st.sampled_from(
    [
        "# Title {#id}",
        "## T {claim=x}",
        "word",
        "Dr. Who",
        "et al. ",
        "[wording]{claim=A-1}",
        "[]{claim=A}",
        "[x] {claim=Y}",
        '[a b]{.nonclaim reason="why"}',
        "[@a; see @b, p. 3]",
        "@key2018",
        "[-@a]",
        "@a [p. 3]",
        "`code`",
        "`` ` [x]{claim=A} ``",
        "*em*",
        "**st",
        "&amp;",
        "&nbsp;",
        "\\[",
        "\\",
        "[3]",
        "[4-6]",
        "![alt](a.svg)",
        "![alt *x*](a.svg){claim=A}",
        "[l](u)",
        "<b>",
        "<br>",
        '<!-- kap: ignore WRD001 reason="r" -->',
        "<!-- kap: ignore all -->",
        "<div>",
        "</div>",
        "{claim=a/b}",
        "\n",
        "\n\n",
        "  \n",
        "\n> ",
        "\n- ",
        "\n  - ",
        "\n1. ",
        "\n    ",
        "\n\t",
        "\n::: {.figure claim=A}\n",
        "\n:::\n",
        "\n::: x\n",
        "\n```\n",
        "\n| a | b \\| c |\n|---|---|\n| x | y |\n",
        "| z |\n",
        "\n[^1]: note ",
        "[^1]",
        "^[inline *note* [@z]]",
        "\n---\n",
        "\n===\n",
        " ",
        "  ",
        "\u00a0",
        "é",
        "\U0001f600",
        "\x00",
        "\x0b",
        "\u2028",
        "[",
        "]",
        "{",
        "}",
        "(",
        ")",
        "@",
        "^",
        "|",
        ".",
        "?",
        '"',
        "“",
        "\r\n",
        "<",
        ">",
        "<http://x.y/a>",
        "a@b.org",
        "\n[ref]: http://x.y\n",
        "[ref]",
        "---\ntitle: x\n---\n",
        "Table: cap",
        "Figure 1. Glue et al 2017",
    ]
)
PAGES = st.lists(PIECES, max_size=25).map("".join) | st.text(max_size=120)


def places(page: Page) -> Iterator[Place]:
    for block in page.blocks:
        yield block.place
        for sentence in block.sentences:
            yield block.at(sentence.start, sentence.end)
    for item in (*page.marks, *page.nonclaims, *page.citations, *page.numbers, *page.figures, *page.problems):
        yield item.place
    for suppression in page.suppressions:
        yield suppression.place
        if suppression.covers:
            yield suppression.covers


@given(PAGES)
@settings(max_examples=300, deadline=None)
@example("a\n|b\\|c|d|\n|-|-|\n|`x\\|y`|\n")
@example("* a\n\n  > `b\n  > c`  d\n")
@example("---\ntitle: [\n---\n- x")
def test_every_place_lies_inside_the_page(source: str) -> None:
    page = parse_page("p.md", source)
    lines = page.source.split("\n")
    for place in places(page):
        assert 1 <= place.line <= place.end_line <= len(lines), place
        assert 1 <= place.column <= len(lines[place.line - 1]) + 1, place
        assert 1 <= place.end_column <= len(lines[place.end_line - 1]) + 1, place
        assert (place.line, place.column) <= (place.end_line, place.end_column), place


@given(PAGES)
@settings(max_examples=300, deadline=None)
@example("# # \\\\ x\n")
@example("\t- a\tb\n\t  c\n")
@example("> | a | b |\n> |---|---|\n> | x\\|y | [q]{claim=A} |\n")
def test_every_visible_character_stands_where_its_block_says(source: str) -> None:
    page = parse_page("p.md", source)
    lines = page.source.split("\n")
    for block in page.blocks:
        for offset, character in enumerate(block.text):
            place = block.at(offset)
            line = lines[place.line - 1]
            written = line[place.column - 1 : place.column]
            if character.isspace() or written == character:
                continue
            assert character == "\ufffd" or "&" in line or block.kind is BlockKind.CODE, (block, offset, place)


@given(PAGES)
@settings(max_examples=200, deadline=None)
@example("![](a.svg)")
@example("a ![](a.svg) b ![c](d.svg)")
def test_marks_and_citations_point_into_their_blocks(source: str) -> None:
    page = parse_page("p.md", source)
    for mark in (*(mark for mark in page.marks if not mark.is_division), *page.nonclaims):
        assert 0 <= mark.start <= mark.end <= len(page.blocks[mark.block].text)
    for citation in page.citations:
        assert 0 <= citation.offset <= len(page.blocks[citation.block].text)
    for figure in page.figures:
        assert -1 <= figure.caption < len(page.blocks)
        assert 0 <= figure.blocks[0] <= figure.blocks[1] <= len(page.blocks)
