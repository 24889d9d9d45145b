"""Whatever claims can be written, and whatever text there is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import yaml
from hypothesis import example, given
from hypothesis import settings as limits
from hypothesis import strategies as st

from kap_content.load.claims import parse_claims
from kap_content.model.claim import (
    Category,
    Certainty,
    CitationRelation,
    Claim,
    Design,
    Direction,
    Status,
    Verdict,
)
from kap_content.model.place import Place

WORDS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=30).map(
    lambda text: text.strip()
)
SOLID = WORDS.filter(lambda text: text not in ("", "~", "null", "Null", "NULL"))
AMOUNTS = st.decimals(-1000, 1000, places=2).map(str)
DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31)).map(str)


def fields(**kinds: st.SearchStrategy[object]) -> st.SearchStrategy[dict[str, object]]:
    return st.fixed_dictionaries({}, optional=kinds)


PICO = dict.fromkeys(("population", "intervention", "route", "comparator", "outcome", "timepoint"), SOLID)
EVIDENCE = st.tuples(
    SOLID,
    fields(
        relation=st.sampled_from([str(item) for item in CitationRelation]),
        direction=st.sampled_from([str(item) for item in Direction]),
        design=st.sampled_from([str(item) for item in Design]),
        finding=SOLID,
        anchor=fields(exact=SOLID, page=SOLID, table=SOLID),
        verdict=st.sampled_from([str(item) for item in Verdict]),
        checked_on=DAYS,
        seminal=SOLID,
        **PICO,
    ),
).map(lambda pair: {"ref": pair[0], **pair[1]})
CLAIMS = st.tuples(
    SOLID,
    SOLID,
    fields(
        variations=st.lists(SOLID, max_size=3),
        category=st.sampled_from([str(item) for item in Category]),
        status=st.sampled_from([str(item) for item in Status]),
        next_review_due=DAYS,
        certainty=st.sampled_from([str(item) for item in Certainty]),
        jurisdiction=SOLID,
        quantity=st.fixed_dictionaries({"value": AMOUNTS, "unit": SOLID}),
        data_end=st.integers(1500, 2200),
        note=SOLID,
        evidence=st.lists(EVIDENCE, max_size=3),
        **PICO,
    ),
).map(lambda triple: {"id": triple[0], "match_text": triple[1], **triple[2]})


def plain(claim: Claim) -> dict[str, object]:
    """Give what a claims file would say of the claim, without the defaults."""
    pico = {name: getattr(claim.pico, name) for name in PICO}
    evidence = [
        {
            "ref": item.ref,
            "relation": item.relation,
            "direction": item.direction,
            "design": item.design,
            "finding": item.finding,
            "anchor": {name: getattr(item.anchor, name) for name in ("exact", "page", "table")},
            "verdict": item.verdict,
            "checked_on": item.checked_on,
            "seminal": item.seminal,
            **{name: getattr(item.pico, name) for name in PICO},
        }
        for item in claim.evidence
    ]
    quantity = claim.quantity and {"value": claim.quantity.value, "unit": claim.quantity.unit}
    return {
        "id": claim.id,
        "match_text": claim.match_text,
        "variations": list(claim.variations),
        "category": claim.category,
        "status": claim.status,
        "next_review_due": claim.next_review_due,
        "certainty": claim.certainty,
        **pico,
        "jurisdiction": claim.jurisdiction,
        "quantity": quantity,
        "data_end": claim.data_end,
        "note": claim.note,
        "evidence": evidence,
    }


def filled(written: dict[str, object]) -> dict[str, object]:
    """Give what was written with the defaults of what was left out."""
    defaults: dict[str, object] = dict.fromkeys(("jurisdiction", "note", *PICO), "")
    defaults |= {"variations": [], "category": None, "status": "draft", "next_review_due": None, "certainty": None}
    defaults |= {"quantity": None, "data_end": None, "evidence": []}
    told = defaults | written
    items = told["evidence"]
    assert isinstance(items, list)
    empty: dict[str, object] = dict.fromkeys(("finding", "seminal", *PICO), "")
    empty |= {
        "relation": "citesAsEvidence",
        "direction": "supports",
        "design": None,
        "verdict": None,
        "checked_on": None,
    }
    told["evidence"] = [
        empty | item | {"anchor": {"exact": "", "page": "", "table": "", **item.get("anchor", {})}} for item in items
    ]
    return told


def comparable(value: object) -> object:
    if isinstance(value, dict):
        return {name: comparable(item) for name, item in value.items()}
    if isinstance(value, list):
        return [comparable(item) for item in value]
    return str(value) if isinstance(value, date) else value


@given(st.lists(CLAIMS, max_size=4), st.sampled_from([True, False, None]))
@limits(max_examples=60, deadline=None)
def test_what_is_written_is_read(written: list[dict[str, object]], flow: bool | None) -> None:
    source = yaml.safe_dump(
        {"version": 1, "claims": written}, allow_unicode=True, default_flow_style=flow, sort_keys=False, width=60
    )
    found, problems = parse_claims("claims.yaml", source)
    assert problems == ()
    assert [comparable(plain(claim)) for claim in found] == [comparable(filled(item)) for item in written]


PIECES = st.sampled_from(
    [
        "claims:",
        "version: 1",
        "- id: A",
        "- id: B",
        "  match_text: x",
        "  match_text: a: b",
        '  note: "open',
        "  evidence: r",
        "  evidence:",
        "    - ref: r",
        "      anchor: {page: 1}",
        "\tx: 1",
        "<<<<<<< a",
        "=======",
        ">>>>>>> b",
        "---",
        "...",
        "&a",
        "*a",
        "!!t",
        "? x",
        ": y",
        "[",
        "]",
        "{",
        "}",
        "|",
        ">",
        "  |",
        "#",
        "'",
        '"',
        ",",
        "  - - -",
        "A: {match_text: x}",
        "é",
        "\u2028",
        "\x85",
        "\x07",
        "\ufeff",
        "%YAML 1.1",
        "  quantity: {value: 1",
        "  ",
        "",
        "- ",
        "-",
        "@x",
        "`y",
        "  status: >-",
        "    folded",
        "a:\n  b:\n c",
    ]
)
SOURCES = st.lists(PIECES, max_size=12).map("\n".join) | st.text(max_size=80)


@given(source=SOURCES)
@example(source="claims:\n- id: A\n  match_text: |\n   x\n\n\n")
@example(source="{a: 1, b: [")
@example(source="claims:\n&a\n---")
@limits(max_examples=300, deadline=None)
def test_whatever_the_text_places_lie_inside_it(source: str, inside: Callable[[Place, str], bool]) -> None:
    found, problems = parse_claims("claims.yaml", source)
    shown = source.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    for item in problems:
        assert inside(item.place, shown), item
        assert item.message
        assert item.help
    for claim in found:
        for place in (claim.place, *claim.places.values()):
            assert inside(place, shown), place
