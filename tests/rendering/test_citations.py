"""Citations in the text: their numbers, pages and words, and the links to the list and back."""

from __future__ import annotations

import re

import pytest

from kap_content.rendering.html import render_page
from kap_content.rendering.style import Style
from tests.rendering.screen import Make
from tests.rendering.shown import article, text_of


def test_numbers_follow_the_order_of_citation_across_claims_citations_and_figures(make: Make, style: Style) -> None:
    body = "A [@short2018].\n\n[A lone claim.]{claim=A-3} [Ten of 12 people responded.]{claim=A-1}\n\nB [@tully2022].\n"
    html = render_page(make(body), style).html
    assert re.findall(r'<li id="ref-([^"]+)"', html) == ["short2018", "glue2017", "tully2022"]


def test_a_claims_supporting_evidence_is_numbered_behind_its_span_and_no_other(make: Make, style: Style) -> None:
    html = article(make, style, "[Two reviews disagree.]{claim=A-2}\n")
    assert 'data-refs="tully2022 hartland2023 glue2017"' in html
    assert text_of(html).strip() == "Two reviews disagree.1-3"


def test_two_numbers_in_a_row_are_no_range(make: Make, style: Style) -> None:
    assert text_of(article(make, style, "A [@tully2022; @short2018].\n")).strip() == "A.1,2"


def test_a_number_goes_behind_a_full_stop_or_comma_but_before_other_marks(make: Make, style: Style) -> None:
    html = article(make, style, "A [@tully2022], b [@tully2022]; c [@tully2022]. [@tully2022]\n")
    assert text_of(html).strip() == "A,1 b1; c.1"


def test_a_citation_beside_a_claims_numbers_joins_them(make: Make, style: Style) -> None:
    html = article(make, style, "[Ten of 12 people responded.]{claim=A-1} [@tully2022] Next.\n")
    assert text_of(html).strip().startswith("Ten of 12 people responded.1,2 Next.")


def test_an_author_in_the_text_is_named_and_numbered(make: Make, style: Style) -> None:
    html = article(make, style, "As @glue2017 and @tully2022 found, and @hartland2023 [p. 3].\n")
    assert text_of(html).strip() == "As Glue et al.1 and Tully and Brooks2 found, and Hartland.3(p. 3)"


@pytest.mark.parametrize(
    ("cited", "shown"),
    [
        ("[@glue2017, p. 3; @tully2022, pp. 4-5]", "1(p. 3),2(pp. 4-5)"),
        ("[@tully2022; @glue2017; @hartland2023, p. 3; @short2018]", "1,2,3(p. 3),4"),
        ("[@glue2017, p. 3] [@glue2017, p. 9] [@glue2017]", "1(p. 3; p. 9)"),
        ("[@glue2017, p. 3] [@tully2022; @hartland2023; @short2018]", "1(p. 3),2-4"),
    ],
)
def test_a_page_stands_behind_the_number_that_it_belongs_to(make: Make, style: Style, cited: str, shown: str) -> None:
    assert text_of(article(make, style, f"So {cited}.\n")).strip() == f"So.{shown}"


def test_words_before_a_key_stand_in_parentheses(make: Make, style: Style) -> None:
    assert text_of(article(make, style, "So [see @glue2017, p. 3].\n")).strip() == "So (see reference 1, p. 3)."


def test_the_list_leads_back_to_every_citation(make: Make, style: Style) -> None:
    html = render_page(make("A [@glue2017].\n\nB [@glue2017].\n"), style).html
    entry = html[html.index('<li id="ref-glue2017"') :]
    places = re.findall(r'role="doc-backlink" href="#(cite-\d+)"', entry)
    assert len(places) == 2
    assert all(f'<a id="{place}" role="doc-biblioref" href="#ref-glue2017"' in html for place in places)


def test_citations_are_counted_in_reading_order_those_in_parentheses_too(make: Make, style: Style) -> None:
    html = article(
        make, style, "[]{claim=A-1} is said [@hartland2023] again [see @glue2017, p. 3] and more [@fda2023].\n"
    )
    assert re.findall(r'id="(cite-\d+)"', html) == ["cite-1", "cite-2", "cite-3", "cite-4"]
    assert re.findall(r'data-refs="([^"]*)"', html) == ["glue2017", "hartland2023", "glue2017", "fda2023"]


def test_the_middle_of_a_range_leads_back_too(make: Make, style: Style) -> None:
    html = render_page(make("[Two reviews disagree.]{claim=A-2}\n"), style).html
    entry = html[html.index('<li id="ref-hartland2023"') :]
    assert re.search(r'role="doc-backlink" href="#cite-1"', entry[: entry.index("</li>")])


# blocks
