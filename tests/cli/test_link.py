"""`kap link`: registered wordings that carry no mark are found, marked where exact, suggested where near."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import CLAIMS, PAGE, Kap

WORDING = "Anxiety ratings fell by about half within an hour of a dose."
HEAD = PAGE.split("\n[", maxsplit=1)[0]


def linked(site: Path, kap: Kap, body: str) -> str:
    """The body of the page after `kap link --write`; a second run finds nothing more to mark."""
    (site / "pages" / "a.md").write_text(f"{HEAD}\n{body}\n", "utf-8")
    typed = kap("link", "--write")
    assert typed.code == 0, typed.err
    assert "Nothing to change" in kap("link").err
    return (site / "pages" / "a.md").read_text("utf-8").removeprefix(f"{HEAD}\n").removesuffix("\n")


def marked(text: str) -> str:
    return f"[{text}]{{claim=KET-1}}"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (WORDING, marked(WORDING)),
        (f"Before it. {WORDING} After it.", f"Before it. {marked(WORDING)} After it."),
        (f"*{WORDING}*", f"*{marked(WORDING)}*"),
        ("**Anxiety** ratings fell by about half within an hour of a dose.",) * 1
        + (marked("**Anxiety** ratings fell by about half within an hour of a dose."),),
        (WORDING.replace("half", "*half*"), marked(WORDING.replace("half", "*half*"))),
        (WORDING.replace(" dose.", " dose [@glue2018]."), marked(WORDING.replace(" dose.", " dose [@glue2018]."))),
        (WORDING.replace("about ", "about\n"), marked(WORDING.replace("about ", "about\n"))),
        (f"> - {WORDING[:-1]}", f"> - {marked(WORDING[:-1])}"),
        (f"| a | b |\n|---|---|\n| {WORDING} | yes |", f"| a | b |\n|---|---|\n| {marked(WORDING)} | yes |"),
        (f"[{WORDING}](other.md)", marked(f"[{WORDING}](other.md)")),
        (f"{WORDING} {WORDING}", f"{marked(WORDING)} {marked(WORDING)}"),
    ],
)
def test_an_exact_wording_is_marked_and_its_formatting_stays(site: Path, kap: Kap, written: str, expected: str) -> None:
    (site / "pages" / "other.md").write_text(HEAD, "utf-8")
    assert linked(site, kap, written) == expected


@pytest.mark.parametrize(
    "body",
    [
        marked(WORDING),
        f"# {WORDING}",
        f"`{WORDING}`",
        f"    {WORDING}",
        f"```\n{WORDING}\n```",
        f"<p>{WORDING}</p>",
        f'[{WORDING}]{{.nonclaim reason="an example"}}',
        f'::: {{.nonclaim reason="an example"}}\n{WORDING}\n:::',
        f"::: {{.figure claim=KET-1}}\n![{WORDING}](a.svg)\n\n{WORDING}\n:::",
        f"![{WORDING}](a.svg)",
    ],
)
def test_headings_code_marks_and_nonclaims_are_left(site: Path, kap: Kap, body: str) -> None:
    assert linked(site, kap, body) == body


def test_part_of_a_longer_sentence_is_only_suggested(site: Path, kap: Kap) -> None:
    (site / "claims.yaml").write_text(CLAIMS.replace(WORDING, WORDING[:-1].replace("Anxiety", "anxiety")), "utf-8")
    body = "Nobody has shown that anxiety ratings fell by about half within an hour of a dose."
    assert linked(site, kap, body) == body
    assert "stands inside a longer sentence" in kap("link").out


def test_a_near_wording_is_suggested_with_the_difference(site: Path, kap: Kap) -> None:
    body = WORDING.replace("about half", "about a third")
    assert linked(site, kap, body) == body
    out = kap("link").out
    assert (
        "suggestion: near claim KET-1 (approved → page): ... fell by about [half → a third] within an hour ..." in out
    )


def test_typography_and_white_space_do_not_count(site: Path, kap: Kap) -> None:
    (site / "claims.yaml").write_text(CLAIMS.replace(WORDING, "It's “about” half - or so."), "utf-8")
    assert linked(site, kap, 'It’s "about"\nhalf – or so.') == marked('It’s "about"\nhalf – or so.')


def test_a_variation_is_marked_too(site: Path, kap: Kap) -> None:
    claims = CLAIMS.replace("    category", "    variations: [Ratings halved within an hour.]\n    category")
    (site / "claims.yaml").write_text(claims, "utf-8")
    assert linked(site, kap, "Ratings halved within an hour.") == marked("Ratings halved within an hour.")


def test_of_two_claims_with_one_wording_a_person_chooses(site: Path, kap: Kap) -> None:
    (site / "claims.yaml").write_text(f"{CLAIMS}  - {{id: KET-2, match_text: {WORDING}}}\n", "utf-8")
    assert linked(site, kap, WORDING) == WORDING
    assert "is the wording of KET-1 and of KET-2" in kap("link").out


def test_withdrawn_claims_are_not_sought(site: Path, kap: Kap) -> None:
    (site / "claims.yaml").write_text(CLAIMS.replace("approved", "withdrawn"), "utf-8")
    assert linked(site, kap, WORDING) == WORDING


def test_the_longest_wording_counts(site: Path, kap: Kap) -> None:
    more = f"{WORDING} It rose again within a week."
    (site / "claims.yaml").write_text(f"{CLAIMS}  - {{id: KET-2, match_text: {more}}}\n", "utf-8")
    assert linked(site, kap, more) == f"[{more}]{{claim=KET-2}}"


def test_an_unusual_id_is_quoted(site: Path, kap: Kap) -> None:
    (site / "claims.yaml").write_text(CLAIMS.replace("KET-1", "KET/1"), "utf-8")
    assert linked(site, kap, WORDING) == f'[{WORDING}]{{claim="KET/1"}}'


def test_a_diff_is_shown_and_the_marks_pass_the_check(site: Path, kap: Kap) -> None:
    page = PAGE.replace(marked(WORDING), WORDING).replace("\n", "\r\n")
    (site / "pages" / "a.md").write_bytes(page.encode())
    typed = kap("link")
    assert f"-{WORDING}\r\n+{marked(WORDING)}\r\n" in typed.out
    assert (site / "pages" / "a.md").read_bytes() == page.encode()
    kap("link", "--write")
    assert (site / "pages" / "a.md").read_bytes() == PAGE.replace("\n", "\r\n").encode()
    assert kap("check", "--as-of", "2026-11-22").code == 0


def test_only_the_named_pages_are_marked(site: Path, kap: Kap) -> None:
    for name in ("a", "b"):
        (site / "pages" / f"{name}.md").write_text(f"{HEAD}\n{WORDING}\n", "utf-8")
    kap("link", "--write", "pages/b.md")
    assert marked(WORDING) not in (site / "pages" / "a.md").read_text("utf-8")
    assert marked(WORDING) in (site / "pages" / "b.md").read_text("utf-8")
    assert kap("link", "pages/none.md").code == 2
