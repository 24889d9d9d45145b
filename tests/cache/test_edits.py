"""What is read of a part of a data file is what is read of it in the whole file, or nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kap_content.cache import blocks
from kap_content.cache.blocks import Block, cut, window
from kap_content.cache.edits import read_part
from kap_content.cache.facts import begin_of
from kap_content.cache.watch import LooksFurther
from kap_content.load.bib import parse_bib
from kap_content.load.claims import parse_claims
from kap_content.model.claim import Claim
from kap_content.model.place import Place
from kap_content.model.reference import Reference
from kap_content.rules._rule import Scope

Things = Sequence[Claim | Reference]
Parse = Callable[[str, str], tuple[Things, Sequence[object]]]

CLAIMS = """version: 1
claims:
  - id: A
    match_text: Anxiety fell by half.
    # a remark
    category: efficacy
    evidence:
      - ref: glue2017
        finding: >
          Ten of twelve
          responded.
  - match_text: "Nausea was
      common."
    id: B
    variations: [Nausea is common., "It makes
      you sick."]

  - id: C
    match_text: |
      - id: no claim
        - nor this
    status: draft
  - id: D
    match_text: Blood pressure rises.
"""
MAPPED = """claims:
  A:
    match_text: Anxiety fell by half.
  B:
    match_text: >-
      Nausea was
      common.
    evidence: [{ref: glue2017,
      finding: Two of ten.}]
  C:
    match_text: Blood pressure rises.
version: 1
"""
ENTRIES = """Cited on the page.

@article{glue2017,
  author = {Glue, Paul and Medlicott, Natalie J.},
  title = {Ketamine's {Dose}-related effects},
  year = 2017, month = jan,
}
% an aside
@book{stahl, title = "Essential
  {Psychopharmacology}", year = {2021}}
By ann@example.org
@misc{who, title = {A @misc{in braces} of its own}, note = {@article{no}}}
@article{taylor2018,
  title = {Anxiety}, year = {2018}
}
"""
PIECES = (
    *("  - id: E\n", "  - id: A\n", "    match_text: Sleep is better.\n", "    status: approved\n", "- id: F\n"),
    *("    variations:\n", "      - One more.\n", "    # aside\n", "# aside\n", "\n", "  \n", "    note: >\n"),
    *("[", "]", "{", "}", "|", ">", ":", "- ", "  ", "\t", "&a ", "*a", "!t ", "#", "---\n", "...\n", "version: 1\n"),
    *("  E:\n", '"', "'", "@", "@article{new, title = {New}}\n", "@string{j = {J}}\n", "@misc(x, title = {X})\n"),
    *("@comment{", "title = j,\n", "\\", "%", ",", "crossref = {stahl},\n", "\u2028", "\x07", "claims:\n", "é"),
    *("year = {1}\n", "@book{glue2017,\n"),
)


def held(text: str, things: Things) -> list[Block]:
    """The blocks of a text that holds the claims or entries."""
    return [block for block, _ in cut(text, sorted(map(begin_of, things)))]


@st.composite
def edited(draw: st.DrawFn, text: str) -> str:
    """The text with some pieces put in, taken out, or copied to somewhere else."""
    for _ in range(draw(st.integers(1, 3))):
        ends = [0, *(match.end() for match in re.finditer(r"\n|\s|[:,{}]", text)), len(text)]
        at, end = sorted((draw(st.sampled_from(ends)), draw(st.sampled_from(ends))))
        match draw(st.integers(0, 3)):
            case 0:
                text = text[:at] + draw(st.sampled_from(PIECES)) + text[at:]
            case 1:
                text = text[:at] + text[end if end - at < 200 else at + 1 :]
            case 2:
                text = text[:at] + text[at : at + 60] + text[at:]
            case _:
                text = text[:at] + draw(st.sampled_from(PIECES)) + text[min(end, at + 20) :]
    return text


def placeless(thing: Claim | Reference) -> Claim | Reference:
    nowhere = Place("")
    if isinstance(thing, Reference):
        return replace(thing, place=nowhere, places={})
    evidence = tuple(replace(item, place=nowhere, places={}) for item in thing.evidence)
    return replace(thing, place=nowhere, places={}, first_line=0, evidence=evidence)


def names(things: Things) -> list[str]:
    return [begin_of(thing).name for thing in things]


def agrees(scope: Scope, parse: Parse, before: str, now: str) -> bool:
    """Whether a part could be read; then it is what the whole says, and all else is as it was."""
    old, problems = parse("f", before)
    assert not problems
    assert len(set(names(old))) == len(old)
    parts = held(before, old)
    changed = window(parts, now)
    if changed is None:
        assert now == before
        return False
    try:
        assert changed.first
        found = read_part(scope, "f", now, parts, changed)
    except (LooksFurther, AssertionError):
        return False
    whole, problems = parse("f", now)
    starts = [1]
    for block in parts:
        starts.append(starts[-1] + block.lines)
    above = [thing for thing in old if begin_of(thing).line < starts[changed.first]]
    below = [thing for thing in old if begin_of(thing).line >= starts[changed.last]]
    if set(names(found)) & set(names([*above, *below])):
        return False
    assert not problems
    assert names(whole) == names([*above, *found, *below])
    assert list(whole[: len(above)]) == above
    assert list(whole[len(above) : len(above) + len(found)]) == list(found)
    assert list(map(placeless, whole[len(above) + len(found) :])) == list(map(placeless, below))
    return True


@pytest.mark.parametrize("text", [CLAIMS, MAPPED], ids=["a list", "a mapping"])
@pytest.mark.parametrize("size", [1, 2])
def test_an_edited_part_of_the_claims_says_what_it_says_in_the_whole_file(
    monkeypatch: pytest.MonkeyPatch, text: str, size: int
) -> None:
    monkeypatch.setattr(blocks, "_IN_BLOCK", size)

    @given(now=edited(text))
    def check(now: str) -> None:
        agrees(Scope.CLAIM, parse_claims, text, now)

    check()


@pytest.mark.parametrize("size", [1, 2])
def test_an_edited_part_of_a_bibliography_says_what_it_says_in_the_whole_file(
    monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(blocks, "_IN_BLOCK", size)

    @given(now=edited(ENTRIES))
    def check(now: str) -> None:
        agrees(Scope.REFERENCE, parse_bib, ENTRIES, now)

    check()


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("Anxiety fell by half.", "Anxiety fell by 30%."),
        ("    status: draft\n", ""),
        ("    # a remark\n", "    # two\n    # remarks\n"),
        ("  - id: C\n", "  - id: E\n    match_text: New.\n  - id: C\n"),
        ("  - id: D\n    match_text: Blood pressure rises.\n", ""),
    ],
    ids=["a wording", "a field less", "a remark more", "a claim more", "a claim less"],
)
def test_plain_edits_of_claims_need_no_whole_file(monkeypatch: pytest.MonkeyPatch, before: str, now: str) -> None:
    monkeypatch.setattr(blocks, "_IN_BLOCK", 1)
    assert before in CLAIMS
    assert agrees(Scope.CLAIM, parse_claims, CLAIMS, CLAIMS.replace(before, now))


@pytest.mark.parametrize(
    ("before", "now"), [("Ketamine's", "Esketamine's"), ("{Anxiety}", "{Worry},\n doi = {10.1/x}")]
)
def test_plain_edits_of_entries_need_no_whole_file(monkeypatch: pytest.MonkeyPatch, before: str, now: str) -> None:
    monkeypatch.setattr(blocks, "_IN_BLOCK", 1)
    assert agrees(Scope.REFERENCE, parse_bib, ENTRIES, ENTRIES.replace(before, now))


@given(st.text(alphabet="ab\n@é", max_size=60), st.text(alphabet="ab\n@é", max_size=60))
def test_a_window_is_where_two_texts_differ(before: str, now: str) -> None:
    begins = [(number, f"c{number}") for number, line in enumerate(before.split("\n"), 1) if line.startswith("a")]
    parts = [block for block, _ in cut(before, [blocks.Begin(*begin) for begin in begins])]
    assert sum(block.size for block in parts) == len(before)
    found = window(parts, now)
    if found is None:
        assert before == now
        return
    sizes = [block.size for block in parts]
    assert now[: found.start] == before[: sum(sizes[: found.first])]
    assert now[found.end :] == before[sum(sizes[: found.last]) :]
    assert found.line == 1 + now[: found.start].count("\n")
