"""`kap fix`: a diff first, then the changes, and a check that finds the mended things gone and nothing new."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import BIB, CLAIMS, PAGE, Kap

AS_OF = ["--as-of", "2026-11-22"]
ENTRY = """@article{Glue18,
  author = {Glue, Paul and Neehoff, Shona M},
  title = {Safety and Efficacy of Maintenance Ketamine Treatment},
  journal = {J Psychopharmacol},
  year = {2018},
  doi = {10.1177/0269881118762073},
  pmid = {29561204},
}
"""


def record(**fields: object) -> dict[str, object]:
    """A record of the lock for glue2018."""
    return {
        "answered": "10.1177/0269881118762073",
        "asked": "10.1177/0269881118762073",
        "authors": [{"family": "Glue", "given": "Paul"}, {"family": "Neehoff", "given": "Shona M"}],
        "containers": ["Journal of Psychopharmacology", "J Psychopharmacol"],
        "issue": "6",
        "issued": "2018-06",
        "pages": "663-667",
        "sources": [{"checked_on": "2026-11-20", "name": "crossref"}],
        "state": "found",
        "title": "Safety and efficacy of maintenance ketamine treatment",
        "type": "journal-article",
        "volume": "32",
    } | fields


def lock(site: Path, **records: dict[str, object]) -> None:
    (site / "references.lock").write_text(json.dumps({"version": 1, "records": records}), "utf-8")


def codes(kap: Kap) -> list[str]:
    return [finding["code"] for finding in json.loads(kap("check", "--format", "json", *AS_OF).out)["findings"]]


def mended(site: Path, kap: Kap, bib: str, *, as_written: str = BIB) -> str:
    """The bibliography after `kap fix --write`."""
    assert bib != as_written
    (site / "references.bib").write_text(bib, "utf-8")
    before = codes(kap)
    typed = kap("fix", "--write", *AS_OF)
    assert typed.code == 0, typed.err
    after = codes(kap)
    assert all(after.count(code) <= before.count(code) for code in after if code != "DOI004")
    again = kap("fix", *AS_OF)
    assert "Nothing to change" in again.err
    return (site / "references.bib").read_bytes().decode()


def test_nothing_to_mend_changes_nothing(site: Path, kap: Kap) -> None:
    typed = kap("fix", "--write", *AS_OF)
    assert typed.code == 0
    assert typed.out == ""
    assert typed.err == "Nothing to change.\n"
    assert (site / "references.bib").read_text("utf-8") == BIB


def test_a_diff_is_shown_and_nothing_written(site: Path, kap: Kap) -> None:
    (site / "references.bib").write_text(BIB.replace("663--667", "663-7"), "utf-8")
    typed = kap("fix", *AS_OF)
    assert "--- a/references.bib\n+++ b/references.bib\n" in typed.out
    assert "-  pages = {663-7},\n+  pages = {663--667},\n" in typed.out
    assert "--write makes the changes" in typed.err
    assert "663-7}" in (site / "references.bib").read_text("utf-8")


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("{10.1177/0269881118762073}", "{https://doi.org/10.1177/0269881118762073}"),
        ("{10.1177/0269881118762073}", "{doi:10.1177/0269881118762073.}"),
        ('"10.1177/0269881118762073"', '"https://dx.doi.org/10.1177/0269881118762073"'),
        ("{10.1177/0269881118762073}", "{1177/0269881118762073}"),
        ("{10.1177/0269881118762073}", "{https://journals.sagepub.com/doi/full/10.1177/0269881118762073}"),
        ("{663--667}", "{663-7}"),
        ("{663--667}", "{663–667}"),
        ("{663--667}", "{pp. 663 - 667}"),
        ("Shona M and others}", "Shona M, et al.}"),
        ("Shona M and others}", "Shona M and {et al.}}"),
        ("Shona M and others}", "Shona M et~al}"),
    ],
)
def test_a_field_gets_its_usual_form(site: Path, kap: Kap, right: str, wrong: str) -> None:
    written = BIB.replace("{10.1177/0269881118762073}", right) if "10.1177" in right else BIB
    written = written.replace("Shona M}", right) if "others" in right else written
    assert mended(site, kap, written.replace(right, wrong), as_written=written) == written


@pytest.mark.parametrize("pages", ["e0211070", "663", "S1-A2", "667-663", "12-1-12-5", "1055-06", "A-B", "663--667"])
def test_pages_that_may_mean_something_else_stay(site: Path, kap: Kap, pages: str) -> None:
    (site / "references.bib").write_text(BIB.replace("663--667", pages), "utf-8")
    assert "pages" not in kap("fix", *AS_OF).out


def test_capitals_alone_are_no_reason_to_touch_a_doi(site: Path, kap: Kap) -> None:
    (site / "references.bib").write_text(BIB.replace("10.1177/0269881118762073", "10.1056/NEJMoa1603827"), "utf-8")
    assert kap("fix", *AS_OF).out == ""


def test_an_address_that_is_a_doi_becomes_one(site: Path, kap: Kap) -> None:
    written = BIB.replace("doi = {", "url = {https://doi.org/")
    assert mended(site, kap, written) == BIB


def test_beside_a_publishers_address_the_doi_is_added(site: Path, kap: Kap) -> None:
    written = BIB.replace("doi = {10", "url = {https://journals.sagepub.com/doi/full/10")
    url = "  url = {https://journals.sagepub.com/doi/full/10.1177/0269881118762073}\n"
    assert mended(site, kap, written) == BIB.replace("73}\n", "73},\n" + url)


def test_a_pubmed_number_in_the_wrong_field_moves(site: Path, kap: Kap) -> None:
    written = BIB.replace("doi = {10.1177/0269881118762073}", "doi = {29561204}")
    assert "pmid = {29561204}" in mended(site, kap, written)


def test_what_the_record_says_is_added_in_order_and_aligned(site: Path, kap: Kap) -> None:
    lock(site, glue2018=record())
    aligned = BIB.replace("year =", "year   =").replace("pages =", "pages  =")
    aligned = aligned.replace("  volume = {32},\n  number = {6},\n", "")
    after = mended(site, kap, aligned)
    assert "  year   = {2018},\n  volume = {32},\n  number = {6},\n  pages  = {663--667},\n" in after
    assert codes(kap) == []


@pytest.mark.parametrize(
    "other",
    [
        {"title": "Another work", "authors": [{"family": "Smith", "given": "A"}]},
        {"issued": "2012", "pages": "1-9"},
        {"state": "absent"},
    ],
)
def test_a_record_that_differs_or_is_absent_adds_nothing(site: Path, kap: Kap, other: dict[str, object]) -> None:
    lock(site, glue2018=record(**other))
    (site / "references.bib").write_text(BIB.replace("  volume = {32},\n", ""), "utf-8")
    assert "volume" not in kap("fix", *AS_OF).out


def test_a_transcribed_record_is_only_a_suggestion(site: Path, kap: Kap) -> None:
    lock(site, glue2018=record(sources=[{"checked_on": "2026-11-20", "name": "transcribed"}]))
    (site / "references.bib").write_text(BIB.replace("  volume = {32},\n", ""), "utf-8")
    typed = kap("fix", *AS_OF)
    assert "suggestion: “glue2018” lacks volume = {32}" in typed.out
    assert "+++" not in typed.out


def test_duplicates_are_merged_everywhere(site: Path, kap: Kap) -> None:
    (site / "claims.yaml").write_text(CLAIMS.replace("ref: glue2018", 'ref: "Glue18"  # why not'), "utf-8")
    page = PAGE + "\nSee [@Glue18, p. 3] and @{Glue18} and [@glue2018; @Glue18].\n"
    (site / "pages" / "a.md").write_text(page, "utf-8")
    after = mended(site, kap, f"{BIB}\n{ENTRY}\n% the end\n")
    assert after == BIB.replace("73}\n", "73},\n  pmid = {29561204}\n") + "\n% the end\n"
    assert 'ref: "glue2018"  # why not' in (site / "claims.yaml").read_text("utf-8")
    assert "See [@glue2018, p. 3] and @{glue2018} and [@glue2018]." in (site / "pages" / "a.md").read_text("utf-8")
    assert "REF010" not in codes(kap)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Safety and Efficacy of Maintenance Ketamine Treatment", "Something else altogether in another field"),
        ("year = {2018}", "year = {2011}"),
        ("Glue, Paul", "Smith, Ann"),
    ],
)
def test_duplicates_that_disagree_are_left_to_a_person(site: Path, kap: Kap, one: str, other: str) -> None:
    (site / "references.bib").write_text(f"{BIB}\n{ENTRY.replace(one, other)}", "utf-8")
    typed = kap("fix", *AS_OF)
    assert "suggestion: “Glue18” and “glue2018” are one work, but their" in typed.out
    assert "+++" not in typed.out


def test_a_claim_that_rests_on_both_is_left_to_a_person(site: Path, kap: Kap) -> None:
    (site / "claims.yaml").write_text(CLAIMS + "      - ref: Glue18\n        anchor: {page: 665}\n", "utf-8")
    (site / "references.bib").write_text(f"{BIB}\n{ENTRY}", "utf-8")
    assert "claim KET-1 rests on both" in kap("fix", *AS_OF).out


def test_a_preprint_gives_way_to_the_article_that_a_registry_names(site: Path, kap: Kap) -> None:
    lock(
        site,
        glue2018=record(
            type="posted-content",
            relations=[{"kind": "is-preprint-of", "doi": "10.1016/j.example.2019.01", "source": "crossref"}],
        ),
    )
    typed = kap("fix", "--write", *AS_OF)
    assert "the preprint “glue2018” was published as 10.1016/j.example.2019.01" in typed.out
    assert "1 DOI new to references.lock: run `kap lock`." in typed.err
    assert "doi = {10.1016/j.example.2019.01}" in (site / "references.bib").read_text("utf-8")
    assert "STS004" not in codes(kap)


def test_a_preprint_whose_article_is_listed_too_gives_way_to_that_entry(site: Path, kap: Kap) -> None:
    lock(
        site,
        glue2018=record(type="posted-content", relations=[{"kind": "is-preprint-of", "doi": "10.1016/j.x.1"}]),
    )
    published = BIB.replace("glue2018", "glue2019").replace("10.1177/0269881118762073", "10.1016/j.x.1")
    published = published.replace("{2018}", "{2019}")
    after = mended(site, kap, f"{BIB}\n{published}")
    assert after == published
    assert "ref: glue2019" in (site / "claims.yaml").read_text("utf-8")


def test_after_the_look_up_the_entry_names_the_journal_instead_of_the_server(site: Path, kap: Kap) -> None:
    lock(site, glue2018=record())
    preprint = BIB.replace("{J Psychopharmacol}", "{medRxiv}").replace("{2018}", "{2017}")
    preprint = preprint.replace("  volume = {32},\n  number = {6},\n  pages = {663--667},\n", "")
    expected = BIB.replace("{J Psychopharmacol}", "{Journal of Psychopharmacology}")
    assert mended(site, kap, preprint) == expected
    assert codes(kap) == []


@pytest.mark.parametrize("key", ["gleu2018", "gluee2018", "Glue2018", "glue_2018"])
def test_a_slip_in_a_key_is_mended_on_the_page_and_in_the_registry(site: Path, kap: Kap, key: str) -> None:
    (site / "pages" / "a.md").write_text(f"{PAGE}\nMore [see @{key}, p. 2].\n", "utf-8")
    (site / "claims.yaml").write_text(CLAIMS.replace("ref: glue2018", f"ref: {key}"), "utf-8")
    assert kap("fix", "--write", *AS_OF).code == 0
    assert "[see @glue2018, p. 2]" in (site / "pages" / "a.md").read_text("utf-8")
    assert (site / "claims.yaml").read_text("utf-8") == CLAIMS
    assert "REF002" not in codes(kap)


@pytest.mark.parametrize("key", ["glue2017", "glue2018a", "glue208", "blue2018", "glu2018"])
def test_another_year_letter_or_short_name_is_another_work(site: Path, kap: Kap, key: str) -> None:
    (site / "pages" / "a.md").write_text(f"{PAGE}\nMore [@{key}].\n", "utf-8")
    typed = kap("fix", "--write", *AS_OF)
    assert f"@{key}" in (site / "pages" / "a.md").read_text("utf-8")
    assert "is a slip of" not in typed.out


def test_of_two_near_keys_neither_is_certain(site: Path, kap: Kap) -> None:
    other = BIB.replace("glue2018", "glume2018").replace("Safety", "Another safety").replace("Glue, P", "Glume, P")
    (site / "references.bib").write_text(BIB + other.replace("118762073", "118762074"), "utf-8")
    (site / "pages" / "a.md").write_text(f"{PAGE}\nMore [@glmue2018].\n", "utf-8")
    typed = kap("fix", *AS_OF)
    assert "is glue2018 or glume2018 meant?" in typed.out
    assert "+++" not in typed.out


@pytest.mark.parametrize(
    ("written", "restored"),
    [
        ("[Anxiety ratings fell by abuot half", "[Anxiety ratings fell by about half"),
        ("[Anxiety *ratings* fell by about haf", "[Anxiety *ratings* fell by about half"),
        ("[anxiety ratings fell, by about half", "[Anxiety ratings fell by about half"),
    ],
)
def test_the_approved_wording_is_restored(site: Path, kap: Kap, written: str, restored: str) -> None:
    page = PAGE.replace("[Anxiety ratings fell by about half", written)
    (site / "pages" / "a.md").write_text(page, "utf-8")
    assert "CLM002" in codes(kap)
    kap("fix", "--write", *AS_OF)
    assert restored in (site / "pages" / "a.md").read_text("utf-8")
    assert "CLM002" not in codes(kap)


@pytest.mark.parametrize(
    ("one", "other"), [("half", "a third"), ("an hour", "1 hour"), ("fell", "did not fall"), ("ratings", "attacks")]
)
def test_another_wording_is_a_persons_decision(site: Path, kap: Kap, one: str, other: str) -> None:
    page = PAGE.replace(one, other, 1)
    assert page != PAGE
    (site / "pages" / "a.md").write_text(page, "utf-8")
    typed = kap("fix", "--write", *AS_OF)
    assert (site / "pages" / "a.md").read_text("utf-8") == page
    assert "suggestion: restore the approved wording of KET-1" in typed.out


def test_a_digit_is_never_a_slip(site: Path, kap: Kap) -> None:
    (site / "claims.yaml").write_text(CLAIMS.replace("about half", "50%"), "utf-8")
    (site / "pages" / "a.md").write_text(PAGE.replace("about half", "60%"), "utf-8")
    assert "+++" not in kap("fix", *AS_OF).out


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_byte_order_mark_stay(site: Path, kap: Kap, line_end: str, mark: str) -> None:
    page = (mark + PAGE.replace("about half", "abuot half")).replace("\n", line_end).encode()
    bib = (mark + BIB.replace("663--667", "663-7").replace("  volume", "  % odd\n  volume")).replace("\n", line_end)
    (site / "pages" / "a.md").write_bytes(page)
    (site / "references.bib").write_bytes(bib.replace("  % odd" + line_end, "").encode())
    kap("fix", "--write", *AS_OF)
    assert (site / "pages" / "a.md").read_bytes() == page.replace(b"abuot", b"about")
    assert (site / "references.bib").read_bytes() == (mark + BIB).replace("\n", line_end).encode()


def test_a_mend_that_would_bring_another_finding_is_only_suggested(site: Path, kap: Kap) -> None:
    ignore = '<!-- kap: ignore REF002 reason="the entry follows" -->\n'
    (site / "pages" / "a.md").write_text(f"{PAGE}\nMore [@gleu2018].\n\n{ignore}\nAnd [@gleu2018].\n", "utf-8")
    kap("fix", "--write", *AS_OF)
    assert "SUP003" not in codes(kap)


def test_named_pages_limit_what_is_mended(site: Path, kap: Kap) -> None:
    for name in ("a", "b"):
        (site / "pages" / f"{name}.md").write_text(PAGE.replace("about half", "abuot half"), "utf-8")
    other = BIB.replace("glue2018", "other2018").replace("663--667", "663-7").replace("18762073", "18762074")
    (site / "references.bib").write_text(BIB.replace("663--667", "663-7") + other, "utf-8")
    kap("fix", "--write", "pages/b.md", *AS_OF)
    assert "abuot" in (site / "pages" / "a.md").read_text("utf-8")
    assert "abuot" not in (site / "pages" / "b.md").read_text("utf-8")
    bib = (site / "references.bib").read_text("utf-8")
    assert bib.count("663--667") == 1
    assert "663-7}" in bib.split("other2018")[1]


def test_a_page_that_is_not_there_is_named(site: Path, kap: Kap) -> None:
    typed = kap("fix", "pages/none.md")
    assert typed.code == 2
    assert "no such page or file: pages/none.md" in typed.err


def test_a_project_that_is_damaged_is_mended_where_it_can_be_read(site: Path, kap: Kap) -> None:
    (site / "pages" / "b.md").write_bytes(b"\xff\xfe\x00bad")
    (site / "references.bib").write_text(BIB.replace("663--667", "663-7") + "\n@article{broken, title = {x\n", "utf-8")
    typed = kap("fix", "--write", *AS_OF)
    assert typed.code == 0
    assert (site / "references.bib").read_text("utf-8") == BIB + "\n@article{broken, title = {x\n"


def test_project_before_and_after_the_command(site: Path, kap: Kap, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(site.parent)
    assert kap("--project", str(site), "fix", *AS_OF).code == 0
    assert kap("fix", "--project", str(site), *AS_OF).code == 0
