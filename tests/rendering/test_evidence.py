"""What a page tells programs: the audit record beside it, and its JSON-LD held against schema.org's vocabulary."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from kap_content.model.finding import Finding, Severity
from kap_content.model.place import Place
from kap_content.model.record import Notice, NoticeKind, Record, Source, State
from kap_content.rendering.html import render_draft, render_page
from kap_content.rendering.jsonld import medical_web_page
from kap_content.rendering.style import Style
from tests.rendering.screen import Make

BODY = (
    "[Ten of 12 people responded.]{claim=A-1} Direct [@fda2023].\n\n[]{claim=A-2}\n\n"
    '<!-- kap: ignore WRD001 until=2027-01-01 reason="quotes a survey" -->\nAlways.\n'
)
RECORDS = {
    "glue2017": Record(
        "glue2017",
        State.FOUND,
        (Source("crossref", date(2026, 11, 20)),),
        asked="10.1177/0269881117705089",
        notices=(Notice(NoticeKind.CORRECTION, "crossref", doi="10.1/x"),),
        publication_types=("Clinical Trial",),
    )
}
WORK = frozenset({"name", "author", "isPartOf", "datePublished", "sameAs", "identifier", "url"})
VOCABULARY = {
    # Types and the properties that schema.org (release 29) gives them, or a type above them.
    "MedicalWebPage": frozenset(
        {"@context", "name", "alternativeHeadline", "description", "url", "inLanguage", "datePublished", "lastReviewed"}
        | {"author", "reviewedBy", "specialty", "about", "audience", "citation"}
    ),
    "MedicalCondition": frozenset({"name"}),
    "MedicalTherapy": frozenset({"name"}),
    "Patient": frozenset(),
    "MedicalAudience": frozenset({"audienceType"}),
    "Person": frozenset({"name", "honorificSuffix", "url"}),
    "Organization": frozenset({"name"}),
    "Periodical": frozenset({"name"}),
    "PropertyValue": frozenset({"propertyID", "value"}),
    "MedicalScholarlyArticle": WORK | {"publicationType"},
    **dict.fromkeys(("ScholarlyArticle", "Chapter", "Book", "Report", "Thesis", "WebPage", "Dataset"), WORK),
    **dict.fromkeys(("SoftwareSourceCode", "CreativeWork"), WORK),
}


def things(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from things(part)
    elif isinstance(value, list):
        for part in value:
            yield from things(part)


def record(make: Make, style: Style, **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(render_page(make(BODY, **more), style).files["evidence.json"])
    return made


def test_the_record_holds_each_claim_with_what_it_rests_on(make: Make, style: Style) -> None:
    found = record(make, style, records=RECORDS)
    assert [claim["id"] for claim in found["claims"]] == ["A-1", "A-2"]
    claim = found["claims"][0]
    assert claim["match_text"] == "Ten of 12 people responded."
    assert (claim["status"], claim["certainty"], claim["anchor"]) == ("approved", "very_low", "#claim-A-1")
    assert claim["shown"][0]["wording"] == "Ten of 12 people responded."
    assert claim["evidence"] == [
        {
            "reference": "glue2017",
            "number": 1,
            "relation": "citesAsEvidence",
            "direction": "supports",
            "design": "open-label",
            "finding": "10 of 12 responded",
        }
    ]


def test_the_record_lists_the_references_with_what_the_registries_said(make: Make, style: Style) -> None:
    found = record(make, style, records=RECORDS)
    first = found["references"][0]
    assert (first["number"], first["key"], first["anchor"]) == (1, "glue2017", "#ref-glue2017")
    assert first["citation"].startswith("Glue P, Medlicott NJ")
    assert first["registry"]["sources"] == [{"name": "crossref", "checked_on": "2026-11-20"}]
    assert first["registry"]["notices"] == [{"kind": "correction", "source": "crossref", "doi": "10.1/x"}]
    assert "registry" not in found["references"][1]


def test_every_anchor_of_the_record_stands_on_the_page(make: Make, style: Style) -> None:
    html = render_page(make(BODY), style).html
    found = record(make, style)
    for item in (*found["claims"], *found["references"]):
        assert f'id="{item["anchor"][1:]}"' in html


def test_the_record_names_page_day_and_suppressions(make: Make, style: Style) -> None:
    made = make(BODY)
    found = record(make, style)
    assert (found["version"], found["as_of"], found["draft"]) == (1, "2026-11-22", False)
    assert found["page"]["sha256"] == hashlib.sha256(made.page.source.encode()).hexdigest()
    assert found["page"]["reviewers"] == [{"name": "Ray Reviewer", "credentials": "MD", "role": "medical"}]
    assert found["suppressions"][0]["codes"] == ["WRD001"]
    assert found["suppressions"][0]["until"] == "2027-01-01"


def test_a_draft_records_its_findings_and_that_it_is_one(make: Make, style: Style) -> None:
    made = make(BODY)
    finding = Finding("CLM002", "text-drift", Severity.ERROR, Place("pages/small.md", 17), "differs", claim="A-1")
    found = json.loads(render_draft(made.page, made.context, [finding], style).files["evidence.json"])
    assert found["draft"] is True
    assert found["findings"][0]["place"] == "pages/small.md:17:1"
    assert found["findings"][0]["severity"] == "error"


KINDS = (
    "article", "book", "incollection", "inproceedings", "techreport", "phdthesis", "online", "dataset", "software",
    "misc", "inreference", "patent", "unpublished",
)  # fmt: skip


def test_the_page_for_search_engines_uses_the_vocabulary_of_schema_org(make: Make) -> None:
    bib = "\n".join(
        f"@{kind}{{k{number}, author={{Doe, Jane and {{A Group}}}}, title={{T}}, journal={{J}}, booktitle={{B}}, "
        f"year={{2020}}, doi={{10.1000/{number}}}, publisher={{P}}}}"
        for number, kind in enumerate(KINDS)
    )
    bib += "\n@online{web, title={W}, url={https://example.org/}, year={in press}}"
    cited = " ".join(f"[@k{number}]" for number in range(len(KINDS)))
    made = make(f"Text {cited} [@web].\n", bib=bib)
    keys = [*(f"k{number}" for number in range(len(KINDS))), "web"]
    data = medical_web_page(made.page.meta, keys, made.context, "https://example.org/small/")
    found = list(things(data))
    assert len(found) > len(keys)
    for thing in found:
        assert set(thing) - {"@type"} <= VOCABULARY[thing["@type"]], thing
    assert data["@context"] == "https://schema.org"
    assert data["specialty"] == "https://schema.org/Psychiatric"
    assert "datePublished" not in data["citation"][-1]  # type: ignore[operator, index]  # a list of works


@pytest.mark.parametrize("audience", ["Patient", "Clinician", ""])
def test_an_audience_is_one_that_schema_org_knows(make: Make, audience: str) -> None:
    made = make(f"---\ntitle: A\naudience: {audience}\n---\nText.\n")
    data = medical_web_page(made.page.meta, [], made.context, "")
    given = data.get("audience", {"@type": "Patient"})
    assert isinstance(given, dict)
    assert given["@type"] in VOCABULARY
