"""Blocks, marks, citations, figures and suppressions of a page."""

from __future__ import annotations

from datetime import date

import pytest

from kap_content.load.page.reader import LARGEST_PAGE, parse_page
from kap_content.model.page import BlockKind, Page
from tests.effort import little_work


def page(source: str) -> Page:
    return parse_page("pages/p.md", source)


def kinds(source: str) -> list[tuple[str, str]]:
    return [(str(block.kind), block.text) for block in page(source).blocks]


def test_blocks_have_their_kind_and_their_visible_text() -> None:
    assert kinds(
        "# A *title* {#id}\n\nSome `code`,\n[a link](u) &amp; more  text.\n\n- item\n  - inner\n\n> said\n\n"
        "| a | b |\n|---|---|\n| 1 \\| 2 | [x]{claim=A} |\n\n```\ncode\n```\n\n<div>plain <b>text</b></div>\n"
    ) == [
        ("heading", "A title"),
        ("paragraph", "Some code, a link & more text."),
        ("list-item", "item"),
        ("list-item", "inner"),
        ("quotation", "said"),
        ("table-head", "a | b"),
        ("table-row", "1 | 2 | x"),
        ("code", "code"),
        ("html", "plain text"),
    ]


def test_a_block_knows_the_headings_around_it() -> None:
    blocks = page("# One\n\na\n\n## Two\n\nb\n\n# Three\n\nc\n").blocks
    assert [block.headings for block in blocks] == [(), ("One",), ("One",), ("One", "Two"), (), ("Three",)]


def test_a_claim_span_has_its_wording_its_offsets_and_its_place() -> None:
    result = page("Before. [Ratings *fell*\nby half [@a].]{claim=KET-1} After.")
    (mark,) = result.marks
    assert (mark.claim, mark.text) == ("KET-1", "Ratings fell by half.")
    assert result.blocks[0].text[mark.start : mark.end] == mark.text
    assert str(mark.place) == "pages/p.md:1:9"
    assert (mark.place.end_line, mark.place.end_column) == (2, 28)
    assert result.blocks[0].text == "Before. Ratings fell by half. After."


def test_an_empty_span_names_a_claim_and_shows_nothing() -> None:
    result = page("Before []{claim=A} after.\n\n[]{claim=B}\n")
    assert [(mark.claim, mark.text, mark.block) for mark in result.marks] == [("A", "", 0), ("B", "", 1)]
    assert result.blocks[0].text == "Before after."


@pytest.mark.parametrize("identifier", ["a b", "a/b", "KÉT.1", "x{y}", "[z]"])
def test_a_claim_id_may_have_any_characters_in_quotes(identifier: str) -> None:
    (mark,) = page(f'[x]{{claim="{identifier}"}}').marks
    assert mark.claim == identifier


def test_a_division_marks_all_it_holds() -> None:
    result = page("::: {.figure claim=A claim=B}\nfirst\n\n::: {.nonclaim reason=why}\nsecond\n:::\n\n:::\n\nthird\n")
    assert [(block.text, block.claims, block.nonclaim) for block in result.blocks] == [
        ("first", ("A", "B"), None),
        ("second", ("A", "B"), "why"),
        ("third", (), None),
    ]
    assert [(mark.claim, mark.is_division, mark.place.line) for mark in result.marks] == [
        ("A", True, 1),
        ("B", True, 1),
    ]
    assert not result.problems


def test_divisions_may_use_any_number_of_colons_and_a_bare_word() -> None:
    result = page('::::: note\n\n::: {.nonclaim reason="x"} :::\n\na\n\n::::\n\n:::\n\nb\n')
    assert [(block.text, block.nonclaim) for block in result.blocks] == [("a", "x"), ("b", None)]
    assert not result.problems


def test_citations_are_read_as_in_pandoc() -> None:
    source = "One [see @a, p. 3; also -@b]. @c2018 says [-@d; @{e/f:1}], @g [pp. 4-5] and a@b.org, \\@h, `@i`, -@j.[@k]"
    cited = page(source).citations
    assert [(c.key, c.group, c.prefix, c.locator, c.suppress_author, c.in_text) for c in cited] == [
        ("a", 1, "see", "p. 3", False, False),
        ("b", 1, "also", "", True, False),
        ("c2018", 2, "", "", False, True),
        ("d", 3, "", "", True, False),
        ("e/f:1", 3, "", "", False, False),
        ("g", 4, "", "pp. 4-5", False, True),
        ("j", 5, "", "", True, True),
        ("k", 6, "", "", False, False),
    ]
    for citation in cited:
        assert source[citation.place.column - 1] == "@"


def test_a_citation_leaves_no_gap_in_the_text() -> None:
    assert page("It fell [@a], then rose [@b] again.[@c] Yes.").blocks[0].text == "It fell, then rose again. Yes."


def test_a_citation_before_a_round_bracket_is_a_link() -> None:
    result = page("[@home](https://example.org) and [As @a showed, it fell.]{claim=X}")
    assert [citation.key for citation in result.citations] == ["home", "a"]
    assert result.marks[0].text == "As @a showed, it fell."


def test_numbers_typed_by_hand_are_told_from_links_notes_and_intervals() -> None:
    source = (
        "One.[3] Two [4-6], three [2, 3]; CI [1, 4], range [5-9], [0,1], `[7]`, \\[8\\], [9][], [^10], [1990].\n\n"
        "[9]: https://example.org\n[^10]: note\n"
    )
    assert [number.text for number in page(source).numbers] == ["[3]", "[4-6]", "[2, 3]"]


def test_footnotes_are_blocks_and_their_citations_count() -> None:
    result = page("Text.[^1] More.^[An aside [@b].]\n\n[^1]: A note with [@a].\n\n[^2]: Unused [x]{claim=C}.\n")
    assert [block.text for block in result.blocks] == ["Text. More.", "An aside.", "A note with.", "Unused x."]
    assert {citation.key for citation in result.citations} == {"a", "b"}
    assert [mark.claim for mark in result.marks] == ["C"]


def test_figures_know_their_sources_and_captions() -> None:
    result = page(
        '::: {.figure kind=waffle src="r.csv" claim=A}\nTen of twelve [@x].\n:::\n\n'
        "![Scores](s.svg){width=300}\n\nFigure 2. Scores by week [@y]\n\n![](plain.png)\n\n"
        "| a |\n|---|\n| b [@z] |\n\n: A caption\n"
    )
    figure, scored, plain, table = result.figures
    assert (figure.kind, figure.claims, figure.keys, figure.source) == ("figure", ("A",), ("x",), "r.csv")
    assert result.blocks[figure.caption].text == "Ten of twelve."
    assert (scored.kind, scored.alt, scored.keys, scored.attributes) == ("image", "Scores", ("y",), {"width": "300"})
    assert result.blocks[scored.caption].text == "Figure 2. Scores by week"
    assert (plain.alt, plain.keys, plain.caption) == (None, (), -1)
    assert (table.kind, table.keys, result.blocks[table.caption].text) == ("table", ("z",), ": A caption")


def test_an_image_is_kept_out_of_the_text_and_its_alternative_text_is_a_caption() -> None:
    result = page("Before ![ten of *twelve*](a.svg) after.")
    assert [(str(block.kind), block.text) for block in result.blocks] == [
        ("paragraph", "Before after."),
        ("caption", "ten of twelve"),
    ]
    assert result.blocks[1].at(0).column == 10


def test_a_suppression_covers_the_block_that_follows() -> None:
    result = page(
        '<!-- kap: ignore WRD001, CUR004 until=2027-01-01 reason="quotes a survey" -->\n'
        "<!-- kap: ignore open-comparison -->\n- a\n- b\n\nc\n"
    )
    first, second = result.suppressions
    assert (first.codes, first.until, first.reason) == (("WRD001", "CUR004"), date(2027, 1, 1), "quotes a survey")
    assert (second.codes, second.reason) == (("open-comparison",), "")
    assert first.covers == second.covers
    assert first.covers is not None
    assert (first.covers.line, first.covers.end_line) == (3, 4)
    assert not result.problems


def test_a_comment_over_a_division_covers_all_of_it() -> None:
    (suppression,) = page(
        '<!-- kap: ignore X-Y -->\n\n<!-- kap: ignore WRD001 reason="r" -->\n::: a\nb\n\nc\n:::\n'
    ).suppressions
    assert suppression.covers is not None
    assert (suppression.covers.line, suppression.covers.end_line) == (4, 8)


def test_links_alone_are_navigation() -> None:
    assert [block.is_link for block in page("[Read more](a.md)\n\n- [x](y) | [z](w)\n\nSee [x](y).\n").blocks] == [
        True,
        True,
        False,
    ]


def test_the_head_is_parted_from_the_body_and_lines_stay_true() -> None:
    result = page("---\ntitle: T\n---\nBody.\n")
    assert (result.meta.title, str(result.blocks[0].place)) == ("T", "pages/p.md:4:1")


def test_line_ends_of_all_systems_are_the_same() -> None:
    assert page("# a\r\n\r\nb\r\n").blocks == page("# a\n\nb\n").blocks


def test_a_page_without_anything_is_no_fault() -> None:
    assert page("").blocks == ()
    assert page("\n\n").problems == ()


def test_a_page_beyond_all_measure_is_refused_at_once() -> None:
    result = page("word [x]{claim=A}\n\n" * 3_000_000)
    assert not result.blocks
    (problem,) = result.problems
    assert problem.code == "CLM009"
    assert f"larger than {LARGEST_PAGE // 1_000_000} MB" in problem.message


@pytest.mark.parametrize(
    "source",
    [
        "[" * 10_000,
        "[" * 10_000 + "]" * 10_000,
        "[" * 10_000 + "](x)" * 10_000,
        "![" * 10_000 + "](x)" * 10_000,
        "[" * 5_000 + "x" + "]{claim=A}" * 5_000,
        ">" * 10_000 + "a",
        "- " * 5_000 + "a",
        "^[" * 10_000 + "]" * 10_000,
        "[@a;" * 5_000 + "]" * 5_000,
        "{claim=" * 10_000,
        '[x]{claim="' * 5_000,
        "::: a\n" * 5_000,
        "*a " * 10_000,
        "<a " * 10_000,
        "`" * 3_000 + " ".join("`" * n for n in range(1, 200)),
    ],
)
def test_deep_nesting_is_read_in_little_time(source: str) -> None:
    with little_work():
        page(source)


def test_what_stands_deeper_than_the_parser_reads_is_reported() -> None:
    assert any("nested more than" in problem.message for problem in page(">" * 200 + " [x]{claim=A}").problems)


def test_table_heads_are_told_from_rows() -> None:
    assert [block.kind for block in page("| a |\n|---|\n| b |\n").blocks] == [BlockKind.TABLE_HEAD, BlockKind.TABLE_ROW]
