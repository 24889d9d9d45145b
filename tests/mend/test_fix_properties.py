"""Whatever a bibliography holds: untouched lines stay as they are, and a second run changes nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from kap_content.load.bib import parse_bib
from kap_content.load.claims import parse_claims
from kap_content.load.lexicon import read_lexicon
from kap_content.load.page import parse_page
from kap_content.load.text import unify_line_ends
from kap_content.mend.change import Mend
from kap_content.mend.fields import page_range
from kap_content.mend.fix import Fixed, fix
from kap_content.mend.sources import Sources
from kap_content.mend.wording import slips_between
from kap_content.model.project import Context, Project
from kap_content.model.settings import Settings

TODAY = date(2026, 11, 22)
LEXICON = read_lexicon(Settings(), Path())
FIELDS = st.sampled_from(
    [
        "author = {Glue, Paul and Neehoff, S, et al.}",
        'author = "Smith, Ann and others"',
        "title={A study of ketamine {IV}}",
        'title = "Ketamine, {\\"o}ften"',
        "journal   = JP # { Suppl}",
        "journal = {J Example}",
        "year = 2018",
        "pages = {663-7}",
        "pages = {e0211070}",
        "doi = {https://doi.org/10.1177/0269881118762073}",
        "DOI = {10.1177/0269881118762073}",
        "doi = {1177/12345678}",
        "url = {https://doi.org/10.1000/abc.def}",
        "url = {https://www.nejm.org/doi/full/10.1056/NEJMoa1603827}",
        "note = {read}",
        "month = jun",
    ]
)
KEYS = st.sampled_from(["glue2018", "Glue18", "smith2020", "broken key"])
COMMENTS = st.sampled_from(["", "% a comment", "@string{JP = {J Psych}}", "odd } text", "   "])


@st.composite
def entries(draw: st.DrawFn) -> str:
    fields = draw(st.lists(FIELDS, max_size=7, unique_by=lambda field: field.split("=")[0].strip().lower()))
    parting = draw(st.sampled_from([",\n  ", ", ", " ,\n\t"]))
    end = draw(st.sampled_from(["\n}", ",\n}", "}", ")"]))
    return f"@{draw(st.sampled_from(['article', 'online', 'Misc']))}{{{parting.join([draw(KEYS), *fields])}{end}"


@st.composite
def bibliographies(draw: st.DrawFn) -> str:
    parts = draw(st.lists(st.one_of(entries(), COMMENTS), max_size=6))
    text = draw(st.sampled_from(["", "\ufeff"])) + "\n\n".join(parts) + draw(st.sampled_from(["", "\n"]))
    return text.replace("\n", draw(st.sampled_from(["\n", "\r\n"])))


PAGES = st.sampled_from(
    [
        "See [@glue2018; @Glue18, p. 3] and [@gleu2018] and [-@Glue18].\n",
        "[Ratings fell by abuot half.]{claim=A}\r\n\r\n@Glue18 found it [@smth2020].\r\n",
        "[Ratings *fell* by hal.]{claim=A} [Ratings fell by a third.]{claim=A}\n",
    ]
)
CLAIMS = (
    "version: 1\nclaims:\n  - id: A\n    match_text: Ratings fell by half.\n    evidence:\n      - ref: Glue18 # x\n"
)


def mended(bib: str, page: str, claims: str = CLAIMS) -> Fixed:
    references, problems = parse_bib("r.bib", unify_line_ends(bib))
    registered, wrong = parse_claims("c.yaml", claims)
    project = Project(
        settings=Settings(),
        lexicon=LEXICON,
        pages=(parse_page("p.md", unify_line_ends(page)),),
        claims=registered,
        references=references,
        problems=(*problems, *wrong),
    )
    sources = Sources({"r.bib": bib, "p.md": page, "c.yaml": claims}, ("c.yaml",), ("r.bib",))
    return fix(Context.of(project, TODAY), sources, lambda _item, _context: True)


@settings(max_examples=150, deadline=None)
@given(bibliographies(), PAGES)
def test_a_second_run_changes_nothing(bib: str, page: str) -> None:
    texts = mended(bib, page).sources.texts
    assert dict(mended(texts["r.bib"], texts["p.md"], texts["c.yaml"]).sources.texts) == dict(texts)


@settings(max_examples=150, deadline=None)
@given(bibliographies(), PAGES)
def test_lines_that_no_mend_names_stay_byte_for_byte(bib: str, page: str) -> None:
    done = mended(bib, page)
    if not done.mends:
        assert done.sources.texts["r.bib"] == bib
        assert done.sources.texts["p.md"] == page
    for line in bib.splitlines(keepends=True):
        if line.startswith(("%", "odd", "@string", "  note", "  month", "  year")) and not _merges(done):
            # A field that gains a neighbour behind it gains a comma too.
            assert line.rstrip("\r\n") in done.sources.texts["r.bib"]
    assert done.sources.texts["r.bib"].startswith("\ufeff") == bib.startswith("\ufeff")
    assert ("\r\n" in done.sources.texts["r.bib"]) <= ("\r\n" in bib)


def _merges(done: Fixed) -> bool:
    return any("are one work" in mend.reason for mend in done.mends if isinstance(mend, Mend))


@given(st.text(alphabet="0123456789-–ES p.", max_size=14))
def test_a_page_range_in_its_usual_form_stays(pages: str) -> None:
    once = page_range(pages)
    assert not once or page_range(once) == once


@given(st.text(alphabet="ab 1.,’'", max_size=20), st.text(alphabet="ab 1.,’'", max_size=20))
def test_restoring_slips_gives_the_approved_words(written: str, approved: str) -> None:
    slips = slips_between(written, approved)
    if slips is None:
        return
    for start, end, word in reversed(slips):
        written = written[:start] + word + written[end:]
    assert slips_between(written, approved) is None
