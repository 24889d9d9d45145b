"""What a checked page looks like as HTML."""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path

import html5lib
import pytest

from kap_content import __version__
from kap_content.checking.gate import Concerns, gate
from kap_content.model.dates import PartialDate
from kap_content.model.errors import KapError
from kap_content.model.finding import Finding, Severity
from kap_content.model.place import Place
from kap_content.model.record import Notice, NoticeKind, Record, Source, State
from kap_content.rendering.csl_styles import bundled_style
from kap_content.rendering.html import render_draft, render_page
from kap_content.rendering.style import Style
from tests.rendering.conftest import structured
from tests.rendering.screen import Make
from tests.rendering.shown import FILES, article, text_of, words_of

GOLDEN = Path(__file__).parent / "golden" / "small.html"
SMALL = """
## What was found

[Ten of 12 people responded.]{claim=A-1} A sentence cites directly [@glue2017].
Glue said so; see @hartland2023 [p. 3].[^1]

[]{claim=A-2}

::: {.figure #fig-one kind=waffle src="small.csv" claim=A-1}
Ten of 12 people responded [@glue2017].
:::

| Study | n |
|---|--:|
| Glue [@glue2017] | 12 |

: The one study

::: {.nonclaim reason="advice"}
Ask your [doctor](https://example.org/?a=1&b=2 "Ask").
:::

<!-- a comment --> <b>Raw</b> text & more <script>alert(1)</script>

[^1]: A note with a source [@fda2023].
"""


def test_a_small_page_is_rendered_as_recorded(make: Make, style: Style) -> None:
    html = render_page(make(SMALL), style, FILES, {"pages/small.md": "small"}).html
    html = html.replace(f"kap-content {__version__}", "kap-content VERSION")
    if os.environ.get("KAP_UPDATE_GOLDEN"):
        GOLDEN.write_text(html, "utf-8")
    assert html == GOLDEN.read_text("utf-8"), "look at the difference; KAP_UPDATE_GOLDEN=1 records the new page"


def test_rendering_is_repeatable(make: Make, style: Style) -> None:
    assert render_page(make(SMALL), style, FILES) == render_page(make(SMALL), style, FILES)


def test_the_page_is_valid_html(make: Make, style: Style) -> None:
    html5lib.HTMLParser(strict=True).parse(render_page(make(SMALL), style, FILES).html)


def test_no_anchor_is_given_twice_and_every_link_within_the_page_leads_somewhere(make: Make, style: Style) -> None:
    html = render_page(make(SMALL + SMALL.replace("[^1]", "[^2]")), style, FILES).html
    given = re.findall(r'\sid="([^"]+)"', html)
    assert len(given) == len(set(given))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(given)


# numbers


def test_an_empty_span_takes_the_claims_wording(make: Make, style: Style) -> None:
    assert "A lone claim." in text_of(article(make, style, "[]{claim=A-3}\n"))


def test_a_claim_has_a_stable_anchor_and_says_how_it_stands(make: Make, style: Style) -> None:
    html = article(
        make, style, "[Ten of 12 people responded.]{claim=A-1}\n\n[Ten of 12 people responded.]{claim=A-1}\n"
    )
    assert html.count('id="claim-A-1"') == 1
    assert 'data-claim="A-1" data-status="approved" data-version="' in html
    assert 'data-certainty="very_low"' in html
    assert 'title="Very low certainty"' in html


def test_a_figure_has_its_number_caption_and_source_once(make: Make, style: Style) -> None:
    html = article(make, style, SMALL)
    figure = html[html.index("<figure") : html.index("</figure>")]
    assert 'id="fig-one"' in figure
    assert "Figure 1.</span> Ten of 12 people responded." in figure
    assert figure.count('<sup class="cite"') == 1


def test_a_table_keeps_its_caption_and_alignment(make: Make, style: Style) -> None:
    html = article(make, style, SMALL)
    assert "<caption>The one study</caption>" in html
    assert '<td class="right">12</td>' in html


def test_a_claim_on_a_whole_division_names_its_sources(make: Make, style: Style) -> None:
    html = article(make, style, "::: {claim=A-3}\n- one\n- two\n:::\n")
    assert 'data-claim="A-3"' in html
    assert "Sources: 1" in text_of(html)


def test_a_heading_that_repeats_the_title_is_dropped(make: Make, style: Style) -> None:
    html = render_page(make("# A small page\n\n# Another\n"), style).html
    assert html.count("<h1>") == 1
    assert '<h2 id="another">Another</h2>' in html


def test_a_link_to_another_page_leads_to_where_it_is_rendered(make: Make, style: Style) -> None:
    pages = {"pages/small.md": "small", "pages/drugs/other.md": "drugs/other"}
    html = render_page(make("[Other](drugs/other.md#risks)\n"), style, {}, pages).html
    assert '<a href="../drugs/other/#risks">Other</a>' in html


def test_an_image_of_the_project_is_copied_and_one_from_elsewhere_is_only_linked(make: Make, style: Style) -> None:
    rendered = render_page(make("![A room](pictures/room.png)\n\n![Far](https://example.org/x.png)\n"), style)
    assert rendered.copies == {"figures/room.png": "pages/pictures/room.png"}
    assert '<img src="figures/room.png" alt="A room"' in rendered.html
    assert '<a href="https://example.org/x.png">Far</a>' in rendered.html


def test_an_image_outside_the_project_is_never_copied(make: Make, style: Style) -> None:
    rendered = render_page(make("![Secret](../../etc/passwd.png) ![Text](x.txt) ![](/etc/a.png)\n"), style)
    assert not rendered.copies
    assert "<img" not in rendered.html


def test_divisions_nested_without_end_are_one_clear_error(make: Make, style: Style) -> None:
    with pytest.raises(KapError, match="more than 60 deep"):
        render_page(make("::: {.a}\n" * 3000 + "x\n" + ":::\n" * 3000), style)


# what surrounds the article


def test_the_head_names_author_reviewer_dates_and_interest(make: Make, style: Style) -> None:
    words = words_of(render_page(make("Text.\n"), style).html)
    assert "Written by Ann Author, PhD" in words
    assert "Reviewed by Ray Reviewer, MD (medical review)" in words
    assert "Page last reviewed 22 November 2026 Next review due 22 November 2028" in words
    assert "Disclosure. We sell nothing." in words


def test_the_panel_says_how_the_page_was_checked(make: Make, style: Style) -> None:
    words = words_of(render_page(make(SMALL), style, FILES).html)
    assert "Statements 2, all approved" in words
    assert "Sources 4, published 2017 to 2023" in words
    assert "4 without a record" in words
    assert "Very low certainty (1 statement)" in words


def record(*notices: Notice, source: str = "crossref") -> Record:
    return Record("glue2017", State.FOUND, (Source(source, date(2026, 11, 20)),), notices=notices)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (record(), "Checked on 20 November 2026 with Crossref: no notices."),
        (record(source="transcribed"), "Record copied by hand on 20 November 2026; not yet confirmed by a registry."),
        (record(Notice(NoticeKind.ERRATUM, "crossref", date=PartialDate(2019))), "with Crossref. Correction (2019)."),
        (record(Notice(NoticeKind.RETRACTION, "crossref")), "RETRACTED: Glue P"),
        (record(Notice(NoticeKind.REMOVAL, "crossref")), "REMOVED: Glue P"),
        (None, "Not looked up in a registry yet."),
    ],
)
def test_a_reference_says_how_it_stands(make: Make, style: Style, found: Record | None, words: str) -> None:
    records = {"glue2017": found} if found else {}
    assert words in words_of(render_page(make("A [@glue2017].\n", records=records), style).html)


def test_a_title_that_says_itself_that_it_was_retracted_gets_no_second_word(make: Make, style: Style, bib: str) -> None:
    records = {"glue2017": record(Notice(NoticeKind.RETRACTION, "crossref"))}
    told = bib.replace("title={Ketamine's dose", "title={RETRACTED: Ketamine's dose")
    words = words_of(render_page(make("A [@glue2017].\n", bib=told, records=records), style).html)
    assert words.count("RETRACTED:") == 1


def test_programs_are_told_that_a_source_was_retracted(make: Make, style: Style) -> None:
    records = {"glue2017": record(Notice(NoticeKind.RETRACTION, "crossref"))}
    html = render_page(make("A [@glue2017]. B [@tully2022].\n", records=records), style).html
    assert html.count('"creativeWorkStatus":"Retracted"') == 1


@pytest.mark.parametrize(
    ("fields", "link"),
    [
        ("doi={10.1000/x}", '<a class="elsewhere" href="https://doi.org/10.1000/x">doi:10.1000/x</a>'),
        ("pmid={123}", '<a class="elsewhere" href="https://pubmed.ncbi.nlm.nih.gov/123/">PubMed 123</a>'),
        ("pmid={1<2}", ""),
    ],
)
def test_an_entry_whose_style_shows_no_address_leads_to_the_work(make: Make, fields: str, link: str) -> None:
    bib = f"@techreport{{r, author={{Roe, R}}, title={{T}}, institution={{I}}, year={{2020}}, {fields}}}"
    html = render_page(make("A [@r].\n", bib=bib), Style(csl=bundled_style("bmj") or "")).html
    assert re.findall(r'<a class="elsewhere".*?</a>', html) == ([link] if link else [])


def test_the_mark_of_weak_evidence_is_explained_where_it_stands_only(make: Make, style: Style, claims: str) -> None:
    moderate = claims.replace("certainty: very_low", "certainty: moderate")
    panel = [
        render_page(make("[Ten of 12 people responded.]{claim=A-1}\n", claims=text), style).html
        for text in (claims, moderate)
    ]
    assert ["carry the mark shown here" in html for html in panel] == [True, False]
    assert [html.count('class="certainty ') for html in panel] == [2, 0]


def test_a_reference_lists_what_the_page_takes_from_it(make: Make, style: Style) -> None:
    html = render_page(make("[Ten of 12 people responded.]{claim=A-1}\n"), style).html
    words = words_of(html[html.index('id="references"') :])
    assert "Open-label study, no comparison group · Very low certainty 10 of 12 responded" in words


def test_an_address_of_the_site_is_given_to_search_engines(make: Make, style: Style) -> None:
    from dataclasses import replace

    html = render_page(
        make("Text.\n"), replace(style, base_url="https://clinic.example"), {}, {"pages/small.md": "small"}
    ).html
    assert '<link rel="canonical" href="https://clinic.example/small/">' in html


# for programs


def test_json_ld_describes_a_medical_web_page(make: Make, style: Style) -> None:
    data = structured(render_page(make(SMALL), style, FILES).html)
    assert data["@type"] == "MedicalWebPage"
    assert data["lastReviewed"] == "2026-11-22"
    assert data["reviewedBy"] == [{"@type": "Person", "name": "Ray Reviewer", "honorificSuffix": "MD"}]
    assert data["specialty"] == "https://schema.org/Psychiatric"
    assert data["audience"] == {"@type": "Patient"}
    assert [work["@type"] for work in data["citation"]] == [*["MedicalScholarlyArticle"] * 3, "WebPage"]
    assert data["citation"][0]["identifier"]["value"] == "10.1177/0269881117705089"


# drafts


def finding(message: str) -> Finding:
    return Finding("CLM002", "text-drift", Severity.ERROR, Place("pages/small.md", 3), message, "Mend it.")


def test_a_draft_shows_its_findings_and_keeps_search_engines_out(make: Make, style: Style) -> None:
    checked = make("[Text]{claim=NONE} [@nobody]\n")
    html = render_draft(checked.page, checked.context, [finding("It says <this>.")], style).html
    assert '<body id="top" class="draft">' in html
    assert '<meta name="robots" content="noindex">' in html
    assert "It says &lt;this&gt;." in html
    assert "?nobody" in html
    assert "application/ld+json" not in html
    html5lib.HTMLParser(strict=True).parse(html)


def test_only_what_passed_the_gate_can_be_rendered(make: Make, style: Style) -> None:
    checked = make("Text.\n")
    blocked = gate(checked.page, Concerns(checked.context, [finding("no")]))
    with pytest.raises(AttributeError):
        render_page(blocked, style)  # type: ignore[arg-type] # what the type forbids is refused too


# templates of the project


def test_a_project_replaces_one_template_and_keeps_the_others(make: Make, style: Style) -> None:
    from dataclasses import replace

    own = replace(style, templates={"header.html": "<h1>{{ meta.title }} of ours</h1>"})
    assert "<h1>A small page of ours</h1>" in render_page(make("Text.\n"), own).html


def test_a_template_may_extend_the_packaged_one(make: Make, style: Style) -> None:
    from dataclasses import replace

    own = replace(style, templates={"page.html": "<!-- ours -->{% include 'kap/page.html' %}"})
    assert render_page(make("Text.\n"), own).html.startswith("<!-- ours --><!doctype html>")


def test_a_broken_template_is_named_with_its_line(make: Make, style: Style) -> None:
    from dataclasses import replace

    from kap_content.model.errors import SettingsError

    with pytest.raises(SettingsError, match=r"header\.html:2"):
        render_page(make("Text.\n"), replace(style, templates={"header.html": "\n{% if %}"}))


def test_a_reference_says_whom_it_studied_and_how_many(make: Make, style: Style) -> None:
    claims = """
version: 1
claims:
  - id: A-1
    match_text: Ten of 12 people responded.
    category: efficacy
    status: approved
    evidence:
      - {ref: glue2017, finding: "10 of 12 responded, n = 12", population: adults with anxiety}
  - id: A-2
    match_text: Anxiety fell.
    category: efficacy
    status: approved
    evidence:
      - {ref: glue2017, finding: "n=1,247 at baseline", population: adults with anxiety}
"""
    html = render_page(make("[Ten of 12.]{claim=A-1} [Fell.]{claim=A-2}\n", claims=claims), style).html
    assert '<p class="people">Who was studied: adults with anxiety (n = 1,247)</p>' in html
