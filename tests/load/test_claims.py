from __future__ import annotations

from collections.abc import Callable
from datetime import date
from textwrap import dedent

import pytest
import yaml
from hypothesis import example, given
from hypothesis import settings as limits
from hypothesis import strategies as st

from kap_content.load.claims import parse_claims
from kap_content.model.claim import (
    Anchor,
    Category,
    Certainty,
    CitationRelation,
    Claim,
    Design,
    Direction,
    Pico,
    Quantity,
    Status,
    Verdict,
)
from kap_content.model.finding import Problem
from kap_content.model.place import Place


def read(source: str) -> tuple[tuple[Claim, ...], tuple[Problem, ...]]:
    return parse_claims("claims.yaml", dedent(source).lstrip("\n"))


def claims(source: str) -> tuple[Claim, ...]:
    found, problems = read(source)
    assert problems == ()
    return found


def problem(source: str) -> Problem:
    (found,) = read(source)[1]
    return found


def said(source: str) -> list[tuple[str, str]]:
    """Line and column, and message, of each problem."""
    return [(f"{item.place.line}:{item.place.column}", item.message) for item in read(source)[1]]


FULL = """
    # yaml-language-server: $schema=claims.schema.json
    version: 1
    claims:
      - id: KET-MAINT-01
        match_text: Anxiety ratings fell by about half within an hour of a dose.
        variations: ["Within an hour, ratings fell by about half."]
        category: efficacy
        status: approved
        next_review_due: 2028-11-22
        certainty: very_low
        population: adults with treatment-refractory GAD or SAD
        intervention: ketamine
        route: subcutaneous
        comparator: none
        outcome: HAM-A
        timepoint: 1 h
        jurisdiction: US
        quantity: {value: 50, unit: percent}
        data_end: 2016
        note: ask the statistician
        evidence:
          - ref: glue2018
            relation: obtainsSupportFrom
            direction: supports
            design: open-label
            finding: ratings about 50 % lower one hour after dosing, n = 20
            anchor: {page: 665, exact: fell by half, prefix: may, suffix: ".", table: 2, figure: 1b, section: Results}
            verdict: substantiated
            checked_by: A. Example
            checked_on: 2026-11-22
            seminal: the only trial of its kind
            population: adults
            timepoint: 60 min
"""


def test_every_field_is_read() -> None:
    (claim,) = claims(FULL)
    assert claim.id == "KET-MAINT-01"
    assert claim.match_text == "Anxiety ratings fell by about half within an hour of a dose."
    assert claim.variations == ("Within an hour, ratings fell by about half.",)
    assert (claim.category, claim.status, claim.certainty) == (Category.EFFICACY, Status.APPROVED, Certainty.VERY_LOW)
    assert claim.next_review_due == date(2028, 11, 22)
    assert claim.pico == Pico(
        "adults with treatment-refractory GAD or SAD", "ketamine", "subcutaneous", "none", "HAM-A", "1 h"
    )
    assert (claim.jurisdiction, claim.quantity, claim.data_end) == ("US", Quantity("50", "percent"), 2016)
    assert claim.note == "ask the statistician"


def test_every_field_of_the_evidence_is_read() -> None:
    (item,) = claims(FULL)[0].evidence
    assert (item.ref, item.relation) == ("glue2018", CitationRelation.OBTAINS_SUPPORT_FROM)
    assert (item.direction, item.design) == (Direction.SUPPORTS, Design.OPEN_LABEL)
    assert (item.verdict, item.checked_by, item.checked_on) == (
        Verdict.SUBSTANTIATED,
        "A. Example",
        date(2026, 11, 22),
    )
    assert item.anchor == Anchor("fell by half", "may", ".", "665", "2", "1b", "Results")
    assert item.pico == Pico(population="adults", timepoint="60 min")
    assert item.finding == "ratings about 50 % lower one hour after dosing, n = 20"
    assert item.seminal == "the only trial of its kind"


def test_places_are_those_of_the_values_and_of_the_names_of_lists() -> None:
    (claim,) = claims(FULL)
    assert claim.place == Place("claims.yaml", 4, 9, 4, 21)
    assert claim.where("status") == Place("claims.yaml", 8, 13, 8, 21)
    assert claim.where("variations") == Place("claims.yaml", 6, 5, 6, 15)
    assert claim.where("evidence") == Place("claims.yaml", 21, 5, 21, 13)
    assert claim.evidence[0].place == Place("claims.yaml", 22, 14, 22, 22)
    assert claim.evidence[0].where("verdict") == Place("claims.yaml", 28, 18, 28, 31)


def test_claims_may_stand_in_a_mapping_by_their_ids() -> None:
    found = claims("""
        version: 1
        claims:
          KET-01: {match_text: Nausea was common., evidence: glue2018}
          KET-02:
            match_text: Dizziness was common.
    """)
    assert [claim.id for claim in found] == ["KET-01", "KET-02"]
    assert found[0].place == Place("claims.yaml", 3, 3, 3, 9)


@pytest.mark.parametrize("evidence", ["glue2018", "[glue2018]", "{ref: glue2018}", "[{ref: glue2018}]"])
def test_evidence_has_short_forms(evidence: str) -> None:
    (claim,) = claims(f"claims:\n- {{id: A, match_text: Nausea was common., evidence: {evidence}}}\n")
    assert [item.ref for item in claim.evidence] == ["glue2018"]


def test_short_and_long_evidence_may_be_mixed() -> None:
    (claim,) = claims("claims:\n- {id: A, match_text: x, evidence: [a, {ref: b, direction: disputes}]}\n")
    assert [(item.ref, item.direction) for item in claim.evidence] == [
        ("a", Direction.SUPPORTS),
        ("b", Direction.DISPUTES),
    ]


@pytest.mark.parametrize(
    "word", ["no", "on", "yes", "1e3", "0o17", "12:30:45", "2026-11-22", "1_000", "'Null'", ".inf", "0x1F"]
)
def test_a_word_is_that_word(word: str) -> None:
    (claim,) = claims(f"claims:\n- id: {word}\n  match_text: {word}\n  comparator: {word}\n")
    assert (claim.id, claim.match_text, claim.pico.comparator) == (word.strip("'"),) * 3


@pytest.mark.parametrize("nothing", ["", "~", "null", "Null", "NULL"])
def test_a_text_that_yaml_calls_nothing_is_not_given(nothing: str) -> None:
    (claim,) = claims(f"claims:\n- id: A\n  match_text: x\n  comparator: {nothing}\n  note: '{nothing}'\n")
    assert (claim.pico.comparator, claim.note) == ("", nothing)


@pytest.mark.parametrize(
    "value",
    [
        *(
            "19.1",
            "-0.40",
            "−1.17",
            ".05",
            "19·1",
            "12,500",
            "3-7",
            "3 to 7",
            "12–15 %",
            "18 of 20",
            "1 in 5",
            "<0.001",
        ),
        *("≥ 50", "about 40", "more than 300", "1.2 ± 0.3", "1.2 (0.8 to 1.9)", "1.2 [95% CI 0.8-1.9]", "1e-4"),
    ],
)
def test_a_quantity_is_a_number_as_prose_gives_it(value: str) -> None:
    (claim,) = claims(f'claims: [{{id: A, match_text: x, quantity: {{value: "{value}", unit: percent}}}}]')
    assert claim.quantity == Quantity(value, "percent")


@pytest.mark.parametrize("value", ["abc", "many", "19,1", "12 mg", "1.2.3", "-", "12 apples of 20"])
def test_a_quantity_that_is_no_number_is_reported(value: str) -> None:
    found, (problem,) = read(f'claims:\n- id: A\n  match_text: x\n  quantity: {{value: "{value}", unit: percent}}\n')
    assert found[0].quantity is None
    assert (problem.place.line, problem.place.column) == (4, 21)
    assert problem.message == f"“value” wants a number; here is “{value}”"


def test_a_field_left_empty_is_not_given() -> None:
    (claim,) = claims("""
        claims:
          - id: A
            match_text: Nausea was common.
            category:
            next_review_due: ~
            quantity: null
            variations:
            evidence:
    """)
    assert (claim.category, claim.next_review_due, claim.quantity, claim.variations, claim.evidence) == (
        None,
        None,
        None,
        (),
        (),
    )


def test_folded_text_is_one_line() -> None:
    (claim,) = claims("claims:\n- id: A\n  match_text: >\n    Nausea was\n    common.\n  status: draft\n")
    assert claim.match_text == "Nausea was common."


def test_a_file_without_claims_is_fine() -> None:
    assert claims("version: 1\nclaims: []\n") == ()
    assert claims("version: 1\nclaims:\n") == ()


@pytest.mark.parametrize("source", ["", "\n\n", "# to do\n", "---\n"])
def test_an_empty_file_is_a_problem(source: str) -> None:
    assert problem(source).message == "the file is empty"


def test_another_version_is_refused() -> None:
    assert problem("version: 2\nclaims: []\n").message == "the file is of version “2”; version 1 is read"


def test_an_unknown_field_is_met_with_the_nearest() -> None:
    found = problem("claims:\n- id: A\n  match_text: x\n  categroy: safety\n")
    assert (found.message, found.help) == ("“categroy” is no field of a claim", "Did you mean “category”?")
    assert (found.claim, found.place) == ("A", Place("claims.yaml", 4, 3, 4, 11))


def test_an_unknown_field_at_the_top_is_met_with_the_nearest() -> None:
    found = problem("version: 1\nclaim: []\n")
    assert (found.message, found.help) == ("“claim” is no field of a claims file", "Did you mean “claims”?")


def test_a_wrong_word_is_met_with_what_is_allowed() -> None:
    found = problem("claims:\n- id: A\n  match_text: x\n  status: aproved\n")
    assert found.message == ("“status” wants one of draft, in_review, approved, expired, withdrawn; here is “aproved”")
    assert found.help == "Did you mean “approved”?"


def test_an_impossible_day_is_named() -> None:
    assert problem("claims:\n- id: A\n  match_text: x\n  next_review_due: 2026-02-30\n").message == (
        "“next_review_due” is 2026-02-30, a day that no calendar has"
    )


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ("data_end: last year", "“data_end” wants a whole number; here is “last year”"),
        ("data_end: 16", "“data_end” is 16; 1500 to 2200 can be meant"),
        ("match_text: [a, b]", "“match_text” wants text; here is a list"),
        ("variations: a, b", "“variations” wants a list of texts; here is “a, b”"),
        ("quantity: 50 percent", "“quantity” wants a mapping with value, unit; here is “50 percent”"),
        ("quantity: {unit: mg}", "the quantity has no “value”"),
        ("next_review_due: 22/11/2028", "“next_review_due” wants a date as YYYY-MM-DD; here is “22/11/2028”"),
        ("evidence: [[a]]", "“evidence” wants a mapping with ref, relation"),
    ],
)
def test_a_wrong_type_is_told_with_both(field: str, message: str) -> None:
    source = f"claims:\n- id: A\n  {field}\n"
    if not field.startswith("match_text"):
        source += "  match_text: x\n"
    assert problem(source).message.startswith(message)


def test_a_claim_without_wording_is_kept() -> None:
    found, problems = read("claims:\n- id: A\n  category: safety\n- id: B\n  match_text:\n")
    assert [claim.id for claim in found] == ["A", "B"]
    assert [(item.claim, item.message) for item in problems] == [
        ("A", "the claim has no “match_text”"),
        ("B", "the claim’s “match_text” is empty"),
    ]


def test_a_claim_without_an_id_is_a_problem_and_left_out() -> None:
    found, problems = read("claims:\n- match_text: x\n- id: B\n  match_text: y\n")
    assert [claim.id for claim in found] == ["B"]
    assert [item.message for item in problems] == ["the claim has no “id”"]


def test_repeated_ids_are_kept_for_the_rule_that_reports_them() -> None:
    for source in (
        "claims:\n- {id: A, match_text: x}\n- {id: A, match_text: y}\n",
        "claims: {A: {match_text: x}, A: {match_text: y}}\n",
    ):
        assert [claim.match_text for claim in claims(source)] == ["x", "y"]


def test_a_repeated_field_is_a_problem_and_the_first_counts() -> None:
    found, problems = read("claims:\n- id: A\n  match_text: x\n  match_text: y\n")
    assert found[0].match_text == "x"
    assert problems[0].message == "“match_text” is given twice; the first, in line 3, counts"
    assert problems[0].related[0].place == Place("claims.yaml", 3, 3, 3, 13)


def test_an_alias_is_not_followed() -> None:
    found, problems = read("claims:\n- id: A\n  match_text: &w x\n- id: B\n  match_text: *w\n")
    assert [(claim.id, claim.match_text) for claim in found] == [("A", "x"), ("B", "")]
    assert [(item.claim, item.place.line) for item in problems] == [("A", 3), ("B", 5)]


def test_an_alias_bomb_does_not_go_off() -> None:
    levels = ['a: &a ["x", "x", "x", "x", "x", "x", "x", "x", "x"]']
    levels += [
        f"{name}: &{name} [{', '.join([f'*{below}'] * 9)}]" for below, name in zip("abcdefgh", "bcdefghi", strict=True)
    ]
    found, problems = read("version: 1\n" + "\n".join(levels) + "\nclaims:\n- id: A\n  match_text: x\n")
    assert [claim.id for claim in found] == ["A"]
    assert len(problems) == 18  # an unknown field and an anchor a line


def test_a_merge_key_is_told_apart() -> None:
    assert ("4:3", "“<<” is no field of a claim") in said("claims:\n- id: A\n  match_text: x\n  <<: *base\n")


def test_a_tag_makes_nothing() -> None:
    found, problems = read("claims:\n- id: A\n  match_text: !!python/object/apply:os.system [echo]\n")
    assert any("tags are not read" in item.message for item in problems)
    assert found[0].match_text == ""


def test_a_second_document_is_not_read() -> None:
    found, problems = read("claims:\n- {id: A, match_text: x}\n---\nclaims:\n- {id: B, match_text: y}\n")
    assert [claim.id for claim in found] == ["A"]
    assert [(item.place.line, item.message) for item in problems] == [
        (3, "a second YAML document begins here (“---”); it is not read")
    ]


def test_a_list_without_its_name_is_read_and_reported() -> None:
    found, problems = read("- id: A\n  match_text: x\n")
    assert [claim.id for claim in found] == ["A"]
    assert problems[0].message == "the file begins with a list; claims stand under “claims:”"


BROKEN = """
    version: 1
    claims:
      - id: A
        match_text: Nausea was common.
        status: approved
      - id: B
        {line}
        status: approved
        evidence: glue2018
      - id: C
        match_text: Dizziness was common.
        evidence:
          - ref: glue2018
            anchor: {{page: 665}}
"""


@pytest.mark.parametrize(
    ("line", "column", "message"),
    [
        ("match_text: The rule was simple: stop.", 36, "a colon and a space stand inside text without quotation marks"),
        ('match_text: "Nausea was common.', 17, "a quotation mark is opened here and never closed"),
        ("match_text: [Nausea", 17, "“[” is opened here and not closed as it should"),
        ("match_text: `Nausea`", 17, "text cannot begin with “`” unless it stands in quotation marks"),
        ("match_text: @glue2018 says so", 17, "text cannot begin with “@” unless it stands in quotation marks"),
        ('match_text: "C:\\dose"', 20, "a backslash inside double quotes begins no known escape"),
        ("match_text Nausea was common.", 5, "this line is neither “field: value” nor an item of a list"),
    ],
)
def test_one_broken_claim_hides_no_other(line: str, column: int, message: str) -> None:
    found, problems = read(BROKEN.format(line=line))
    assert [claim.id for claim in found] == ["A", "B", "C"]
    assert found[1].status is Status.APPROVED
    assert [item.ref for item in found[1].evidence] == ["glue2018"]
    assert found[2].evidence[0].anchor.page == "665"
    assert found[2].place == Place("claims.yaml", 10, 9, 10, 10)
    (first,) = problems
    assert first.message == message
    assert (first.claim, first.place.line, first.place.column) == ("B", 7, column)


def test_a_tab_is_named() -> None:
    found, problems = read("version: 1\nclaims:\n- id: A\n\tmatch_text: x\n- id: B\n  match_text: y\n")
    assert [claim.id for claim in found] == ["A", "B"]
    tab = next(item for item in problems if "tab" in item.message)
    assert (tab.place.line, tab.claim, tab.help) == (4, "A", "Use spaces, never tabs.")


def test_wrong_indentation_is_reported_and_the_field_read() -> None:
    found, problems = read("claims:\n  - id: A\n    match_text: x\n   status: approved\n  - id: B\n    match_text: y\n")
    assert [claim.id for claim in found] == ["A", "B"]
    assert problems[0].place.line == 4


def test_a_merge_conflict_is_named_with_its_line() -> None:
    found, problems = read(
        "version: 1\nclaims:\n- id: A\n  match_text: x\n<<<<<<< HEAD\n- id: B\n  match_text: y\n=======\n"
        "- id: B\n  match_text: z\n>>>>>>> theirs\n- id: C\n  match_text: w\n"
    )
    assert [claim.id for claim in found] == ["A", "B", "C"]
    assert [(item.place.line, item.message) for item in problems] == [
        (5, "a merge conflict begins here (“<<<<<<< HEAD”) and was never resolved")
    ]


def test_control_characters_are_named_and_the_rest_is_read() -> None:
    found, problems = read("claims:\n- id: A\n  match_text: Nausea\x92s\n- id: B\n  match_text: y\n")
    assert [claim.id for claim in found] == ["A", "B"]
    assert [(item.place.line, item.place.column) for item in problems] == [(3, 21)]


def test_a_line_separator_from_a_web_page_is_a_space() -> None:
    (claim,) = claims("claims:\n- id: A\n  match_text: Nausea was\u2028common.\n")
    assert claim.match_text == "Nausea was common."


def test_ten_thousand_brackets_are_refused() -> None:
    found, problems = read("claims:\n- id: A\n  match_text: " + "[" * 10_000 + "\n- id: B\n  match_text: y\n")
    assert [claim.id for claim in found] == ["A", "B"]
    assert problems


def test_carriage_returns_and_a_byte_order_mark_change_nothing() -> None:
    plain = dedent(FULL).lstrip("\n")
    assert parse_claims("c", "\ufeff" + plain.replace("\n", "\r\n")) == parse_claims("c", plain)


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
