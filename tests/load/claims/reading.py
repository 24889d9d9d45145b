"""Reading a claims file from a text, for tests."""

from __future__ import annotations

from textwrap import dedent

from kap_content.load.claims import parse_claims
from kap_content.model.claim import (
    Claim,
)
from kap_content.model.finding import Problem


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
