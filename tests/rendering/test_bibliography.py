"""References as the citation styles format them."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kap_content.load.bib import parse_bib
from kap_content.model.errors import SettingsError
from kap_content.model.place import Place
from kap_content.model.reference import Name, Reference
from kap_content.model.settings import Settings
from kap_content.rendering.bibliography import format_reference
from kap_content.rendering.csl_styles import bundled_style, bundled_styles
from kap_content.rendering.links import safe_url
from kap_content.rendering.style import load_style

AMA = bundled_style("american-medical-association") or ""
NLM = bundled_style("nlm-citation-sequence") or ""


def entry(source: str, csl: str = AMA) -> str:
    (reference,), _ = parse_bib("references.bib", source)
    return format_reference(reference, csl).html


def without_links(html: str) -> str:
    return re.sub(r"</?a\b[^>]*>", "", html)


GLUE = """@article{glue2017, author={Glue, Paul and Medlicott, Natalie J and Harland, Sarah and Neehoff, Shona and
Anderson-Fahey, Bridget and Le Nedelec, Martin and Gray, Andrew and McNaughton, Neil}, title={Title},
journal={J Psychopharmacol}, year={2017}, month=oct, volume={31}, number={10}, pages={1302--1305},
doi={10.1177/0269881117705089}}"""

GOLDEN = {
    "a preprint by its arXiv number": (
        (
            "@misc{a, author={Ang, Bo}, title={T}, eprint={2401.01234v2}, archiveprefix={arXiv}, year={2024}, "
            "howpublished={arXiv}}"
        ),
        "Ang B. T. <i>arXiv</i>. Preprint posted online 2024. https://arxiv.org/abs/2401.01234v2",
    ),
    "seven authors or more: the first three": (
        GLUE,
        (
            "Glue P, Medlicott NJ, Harland S, et al. Title. <i>J Psychopharmacol</i>. 2017;31(10):1302-1305. "
            "doi:10.1177/0269881117705089"
        ),
    ),
    "six authors: all of them": (
        (
            "@article{a, author={A, B and C, D and E, F and G, H and I, J and K, L}, title={T}, journal={J}, "
            "year={2018}, volume={32}, number={6}, pages={663--667}}"
        ),
        "A B, C D, E F, G H, I J, K L. T. <i>J</i>. 2018;32(6):663-667.",
    ),
    "and others": (
        "@article{a, author={Ang, Bo and others}, title={T}, journal={J}, year={2018}, volume={3}, pages={1--2}}",
        "Ang B, et al. T. <i>J</i>. 2018;3:1-2.",
    ),
    "no author": (
        "@article{a, title={An editorial}, journal={J}, year={2018}, volume={3}, pages={1}}",
        "An editorial. <i>J</i>. 2018;3:1.",
    ),
    "initials run together, as PubMed writes them": (
        (
            "@article{a, author={Medlicott, NJ and Le Nedelec, M.}, title={T}, journal={J. Clin. Psych.}, year={2018}, "
            "volume={3}, pages={663-7}}"
        ),
        "Medlicott NJ, Le Nedelec M. T. <i>J Clin Psych</i>. 2018;3:663-667.",
    ),
    "article number": (
        (
            "@article{a, author={Garakani, Amir}, title={T}, journal={Front Psychiatry}, year={2020}, volume={11}, "
            "eid={595584}, doi={10.3389/fpsyt.2020.595584}}"
        ),
        "Garakani A. T. <i>Front Psychiatry</i>. 2020;11:595584. doi:10.3389/fpsyt.2020.595584",
    ),
    "group author, title ending in a question mark": (
        (
            "@article{a, author={{RECOVERY Collaborative Group}}, title={Does it work?}, journal={N Engl J Med}, "
            "year={2021}, volume={384}, number={5}, pages={403--416}}"
        ),
        "RECOVERY Collaborative Group. Does it work? <i>N Engl J Med</i>. 2021;384(5):403-416.",
    ),
    "ahead of print": (
        "@article{a, author={Ang, Bo}, title={T}, journal={J}, year={2021}, month=mar, doi={10.1000/x}}",
        "Ang B. T. <i>J</i>. Published online March 2021. doi:10.1000/x",
    ),
    "preprint": (
        (
            "@article{a, author={van den Berg, Anna-Lena}, title={T}, journal={medRxiv}, date={2021-03-04}, "
            "doi={10.1101/2021.03.01.212}}"
        ),
        "van den Berg AL. T. <i>medRxiv</i>. Preprint posted online March 4, 2021. doi:10.1101/2021.03.01.212",
    ),
    "web page of an organisation": (
        (
            "@online{a, organization={US Food and Drug Administration}, title={FDA warns of ketamine}, "
            "date={2023-10-10}, url={https://www.fda.gov/x}, urldate={2026-11-22}}"
        ),
        (
            "US Food and Drug Administration. FDA warns of ketamine. October 10, 2023. Accessed November 22, 2026. "
            "https://www.fda.gov/x"
        ),
    ),
    "web page without a date of its own": (
        (
            "@misc{a, author={{Harvard Medical School}}, title={National Comorbidity Survey}, "
            "howpublished={\\url{https://www.hcp.med.harvard.edu/ncs/}}, note={Accessed 3 May 2025}}"
        ),
        (
            "Harvard Medical School. National Comorbidity Survey. Accessed May 3, 2025. "
            "https://www.hcp.med.harvard.edu/ncs/"
        ),
    ),
    "report": (
        (
            "@techreport{a, author={Terlizzi, Emily P and Zablotsky, Benjamin}, "
            "title={Symptoms of anxiety among adults}, "
            "institution={National Center for Health Statistics}, number={213}, year={2024}, doi={10.15620/cdc/64018}}"
        ),
        (
            "Terlizzi EP, Zablotsky B. <i>Symptoms of Anxiety Among Adults</i>. National Center for Health Statistics; "
            "2024. doi:10.15620/cdc/64018"
        ),
    ),
    "book": (
        (
            "@book{a, author={Stahl, Stephen M}, title={Essential psychopharmacology}, edition={4}, "
            "publisher={Cambridge University Press}, year={2013}}"
        ),
        "Stahl SM. <i>Essential Psychopharmacology</i>. 4th ed. Cambridge University Press; 2013.",
    ),
    "edited book, its editors named once": (
        (
            "@book{a, editor={Wolfson, Phil and Hartelius, Glenn}, title={The ketamine papers}, publisher={MAPS}, "
            "year={2016}}"
        ),
        "Wolfson P, Hartelius G, eds. <i>The Ketamine Papers</i>. MAPS; 2016.",
    ),
    "chapter": (
        (
            "@incollection{a, author={Wolfson, Phil}, title={Ketamine}, editor={Hartelius, Glenn}, "
            "booktitle={Handbook of drugs}, publisher={Wiley}, year={2016}, pages={10--20}}"
        ),
        "Wolfson P. Ketamine. In: Hartelius G, ed. <i>Handbook of Drugs</i>. Wiley; 2016:10-20.",
    ),
    "no author, and a title that the style sets in capitals": (
        "@book{a, title={Guidance on medicines}, edition={Second}, publisher={NICE}, year={2016}}",
        "<i>Guidance on Medicines</i>. 2nd ed. NICE; 2016.",
    ),
    "DOI given as an address": (
        (
            "@article{a, author={Ang, Bo}, title={T}, journal={J}, year={2018}, volume={3}, "
            "url={https://doi.org/10.1000/XyZ}}"
        ),
        "Ang B. T. <i>J</i>. 2018;3. doi:10.1000/XyZ",
    ),
    "thesis": (
        "@phdthesis{a, author={Ang, Bo}, title={On ketamine}, school={University of Otago}, year={2019}}",
        "Ang B. <i>On Ketamine</i>. PhD dissertation. University of Otago; 2019.",
    ),
    "title with quotation marks at its end": (
        (
            "@article{a, author={Katz, M H}, title={Comment on “A trial”}, journal={J}, year={2012}, volume={1}, "
            "pages={2}}"
        ),
        "Katz MH. Comment on “A trial.” <i>J</i>. 2012;1:2.",
    ),
}


@pytest.mark.parametrize(("source", "expected"), GOLDEN.values(), ids=GOLDEN.keys())
def test_ama_sets_an_entry_as_the_manual_does(source: str, expected: str) -> None:
    assert without_links(entry(source)) == expected


def test_nlm_keeps_the_spaces_of_its_dates_and_cuts_page_ranges() -> None:
    assert without_links(entry(GLUE, NLM)) == (
        "Glue P, Medlicott NJ, Harland S, Neehoff S, Anderson-Fahey B, Le Nedelec M, et al. Title. J Psychopharmacol. "
        "2017 Oct;31(10):1302–5. doi:10.1177/0269881117705089"
    )


def test_a_page_range_of_unequal_lengths_is_not_cut_to_a_wrong_one() -> None:
    html = entry("@article{a, author={Ang, B}, title={T}, journal={J}, year={2018}, volume={3}, pages={1--17}}", NLM)
    assert "3:1–17." in html


def test_jama_is_set_by_the_style_that_it_points_at() -> None:
    assert bundled_style("jama") == AMA


@pytest.mark.parametrize("name", bundled_styles())
def test_every_bundled_style_formats_without_a_number_of_its_own(name: str) -> None:
    html = entry(GLUE, bundled_style(name) or "")
    assert html.startswith("Glue")
    assert "10.1177/0269881117705089" in html


def test_the_doi_is_a_link_and_keeps_the_case_of_its_letters() -> None:
    source = "@article{a, author={Ang, B}, title={T}, journal={J}, year={2018}, doi={https://doi.org/10.1016/S2215-0366(17)X}}"
    assert '<a class="doi" href="https://doi.org/10.1016/S2215-0366(17)X">doi:10.1016/S2215-0366(17)X</a>' in entry(
        source
    )


HOSTILE = Reference(
    "bad",
    "article",
    Place("references.bib"),
    {
        "title": "<script>alert(1)</script> \ue100 & <i>x</i>",
        "journal": '"><img src=x onerror=alert(1)>',
        "year": "<b>2020</b>",
        "volume": "1",
        "url": "javascript:alert(1)",
    },
    authors=(Name(family="<svg onload=alert(1)>", given="A"), Name(literal="</li><script>")),
)


@pytest.mark.parametrize("name", bundled_styles())
def test_nothing_of_a_hostile_entry_becomes_a_tag_or_a_link(name: str) -> None:
    html = format_reference(HOSTILE, bundled_style(name) or "").html
    assert set(re.findall(r"<[^>]*>", html)) <= {"<i>", "</i>", "<b>", "</b>"}
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


ANY = st.text(st.characters(codec="utf-8"), max_size=30)


@settings(max_examples=60, deadline=None)
@given(ANY, ANY, ANY, ANY, ANY, st.sampled_from(["article", "book", "online", "misc", "incollection"]))
def test_no_entry_breaks_the_formatter_or_gives_other_tags(
    title: str, family: str, journal: str, url: str, doi: str, kind: str
) -> None:
    fields = {"title": title, "journal": journal, "url": url, "doi": doi, "year": "2020", "volume": "2"}
    reference = Reference("k", kind, Place("b.bib"), fields, authors=(Name(family=family, given="Ann"),))
    html = format_reference(reference, AMA).html
    for tag in re.findall(r"<[^>]*>", html):
        assert re.fullmatch(
            r'</?(?:i|b|sup|sub|u)>|</a>|</span>|<span class="small-caps">|<a class="[a-z]+" href="[^"]*">', tag
        )
        address = re.search(r'href="([^"]*)"', tag)
        assert address is None or safe_url(unescape(address[1]))


def test_formatting_says_nothing_on_stdout_or_stderr(capfd: pytest.CaptureFixture[str]) -> None:
    entry("@misc{odd, title={T}, unknownfield={x}, language={xx}, keywords={a}}")
    assert capfd.readouterr() == ("", "")


def test_a_style_of_the_project_is_read_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "own.csl").write_text(NLM, "utf-8")
    assert load_style(Settings(style="own.csl"), tmp_path).csl == NLM


@pytest.mark.parametrize(("name", "words"), [("amaa", "no citation style"), ("none.csl", "Cannot read")])
def test_a_style_that_cannot_be_had_is_a_settings_error(name: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=words):
        load_style(Settings(style=name), tmp_path)


@pytest.mark.parametrize(
    "text", ["not xml at all", "<style></style>", "<style xmlns='http://purl.org/net/xbiblio/csl'/>"]
)
def test_a_broken_style_is_a_settings_error(text: str) -> None:
    with pytest.raises(SettingsError, match="citation style"):
        entry(GLUE, text)


@pytest.mark.parametrize(
    "settings", [Settings(style="../own.csl"), Settings(template="../page.html"), Settings(template="..")]
)
def test_looks_from_outside_the_project_are_not_read(settings: Settings, tmp_path: Path) -> None:
    for name in ("own.csl", "page.html"):
        (tmp_path / name).write_text(AMA, "utf-8")
    (tmp_path / "project").mkdir()
    with pytest.raises(SettingsError, match="outside the project"):
        load_style(settings, tmp_path / "project")
