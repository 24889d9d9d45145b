from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from kap_content.checking.engine import Outcome, check, selected
from kap_content.checking.gate import Blocked, Checked, Concerns, gate
from kap_content.model.claim import Claim, Evidence
from kap_content.model.finding import Problem, Related, Severity
from kap_content.model.page import ClaimMark, FrontMatter, Page, Suppression
from kap_content.model.place import Place
from kap_content.model.project import Context, Project
from kap_content.model.settings import RuleSettings, Settings
from kap_content.rules._rule import Hit, Rule, all_rules, page_rule, problem_rule

TODAY = date(2026, 11, 22)


def page(path: str = "pages/a.md", **fields: object) -> Page:
    return replace(Page(path, "", FrontMatter(Place(path))), **fields)  # type: ignore[arg-type] # fields by name


def context(*pages: Page, rules: RuleSettings | None = None, release: bool = False, **fields: object) -> Context:
    problems = tuple(Problem(code, Place("references.bib"), "stands for one") for code in ("STS001", "DOI003"))
    project = Project(
        Settings(rules=rules or RuleSettings()),
        pages=pages,
        problems=problems,
        **fields,  # type: ignore[arg-type] # fields by name
    )
    return Context.of(project, TODAY, release=release)


def page_hits(*hits: Hit, code: str = "WRD001", release: Severity | None = None) -> Rule:
    name = next(rule.name for rule in all_rules() if rule.code == code)

    @page_rule(code, name, Severity.WARNING, release=release)
    def stand_in(page: Page, context: Context) -> Iterator[Hit]:
        """Stand in."""
        yield from (hit for hit in hits if hit.place.path == page.path)

    return stand_in


def problem_hits(*hits: Hit, code: str = "STS001") -> Rule:
    """A rule that finds this in the project once, on whatever file."""
    name = next(rule.name for rule in all_rules() if rule.code == code)

    @problem_rule(code, name, Severity.ERROR)
    def stand_in(problem: Problem, context: Context) -> Iterator[Hit]:
        """Stand in."""
        yield from hits

    return stand_in


def places(outcome: Outcome) -> list[str]:
    return [str(finding.place) for finding in outcome.findings]


def test_findings_come_in_the_order_of_the_file() -> None:
    rule = page_hits(Hit(Place("pages/a.md", 9, 1), "late"), Hit(Place("pages/a.md", 2, 7), "early"))
    assert places(check(context(page()), [rule])) == ["pages/a.md:2:7", "pages/a.md:9:1"]


def test_a_fingerprint_survives_moved_lines_and_tells_equal_findings_apart() -> None:
    def fingerprints(first: int, second: int) -> list[str]:
        rule = page_hits(Hit(Place("pages/a.md", first), "same"), Hit(Place("pages/a.md", second), "same"))
        return [finding.fingerprint for finding in check(context(page()), [rule]).findings]

    assert fingerprints(1, 5) == fingerprints(3, 90)
    assert len(set(fingerprints(1, 5))) == 2


@pytest.mark.parametrize("name", ["WRD001", "wrd001", "absolute", "WRD", "ALL"])
def test_ignore_takes_a_code_a_name_a_family_or_all(name: str) -> None:
    rule = next(rule for rule in all_rules() if rule.code == "WRD001")
    assert selected([rule], RuleSettings(ignore=(name,))) == ()


@pytest.mark.parametrize("code", ["DOI002", "STS001", "REF011"])
def test_a_blanket_ignore_does_not_silence_what_the_registries_say(code: str) -> None:
    rule = next(rule for rule in all_rules() if rule.code == code)
    assert selected([rule], RuleSettings(ignore=("ALL",))) == (rule,)
    assert selected([rule], RuleSettings(ignore=(code,))) == ()


def test_a_per_file_ignore_spares_other_files() -> None:
    rules = RuleSettings(per_file={"pages/old/*": ("WRD001",)})
    old, new = page("pages/old/a.md"), page("pages/new.md")
    rule = page_hits(Hit(Place(old.path), "x"), Hit(Place(new.path), "x"))
    assert places(check(context(old, new, rules=rules), [rule])) == ["pages/new.md:1:1"]


def test_a_project_sets_severities_by_code_or_name() -> None:
    rule = page_hits(Hit(Place("pages/a.md"), "x"))
    for name in ("WRD001", "absolute"):
        outcome = check(context(page(), rules=RuleSettings(severity={name: Severity.NOTE})), [rule])
        assert outcome.findings[0].severity is Severity.NOTE


def test_release_raises_only_hits_of_the_rules_own_severity() -> None:
    rule = page_hits(
        Hit(Place("pages/a.md", 1), "graded"),
        Hit(Place("pages/a.md", 2), "lesser", severity=Severity.NOTE),
        release=Severity.ERROR,
    )
    outcome = check(context(page(), release=True), [rule])
    assert [finding.severity for finding in outcome.findings] == [Severity.ERROR, Severity.NOTE]


def suppression(code: str = "WRD001", reason: str = "quotes a survey", until: date | None = None) -> Suppression:
    return Suppression((code,), Place("pages/a.md", 4), Place("pages/a.md", 5, 1, 7, 1), reason, until)


def test_a_comment_holds_back_findings_of_the_block_below_only() -> None:
    rule = page_hits(Hit(Place("pages/a.md", 5, 3), "inside"), Hit(Place("pages/a.md", 9), "below"))
    outcome = check(context(page(suppressions=(suppression(),))), [rule])
    assert places(outcome) == ["pages/a.md:9:1"]
    assert [item.reason for item in outcome.suppressed] == ["quotes a survey"]


@pytest.mark.parametrize(
    "comment", [suppression(reason=""), suppression(until=date(2026, 11, 21)), suppression(code="WRD002")]
)
def test_a_comment_without_reason_past_its_date_or_of_another_rule_holds_back_nothing(comment: Suppression) -> None:
    rule = page_hits(Hit(Place("pages/a.md", 5), "inside"))
    assert len(check(context(page(suppressions=(comment,))), [rule]).findings) == 1


def test_a_comment_holds_on_its_last_day() -> None:
    rule = page_hits(Hit(Place("pages/a.md", 5), "inside"))
    assert check(context(page(suppressions=(suppression(until=TODAY),))), [rule]).findings == ()


def test_a_finding_on_a_reference_is_held_back_only_where_every_use_is_covered() -> None:
    comment = suppression("STS001")
    inside = Related(Place("pages/a.md", 5), "used here")
    outside = Related(Place("pages/a.md", 40), "and here")
    held = problem_hits(Hit(Place("references.bib", 3), "retracted", related=(inside,)))
    kept = problem_hits(Hit(Place("references.bib", 3), "retracted", related=(inside, outside)))
    assert check(context(page(suppressions=(comment,))), [held]).findings == ()
    assert len(check(context(page(suppressions=(comment,))), [kept]).findings) == 1


def test_a_blanket_comment_silences_all_but_what_must_be_named() -> None:
    here = page(suppressions=(suppression("ALL"),))
    inside = Hit(Place("pages/a.md", 5), "inside")
    assert check(context(here), [page_hits(inside)]).findings == ()
    for code in ("DOI003", "STS001", "REF011"):
        assert len(check(context(here), [page_hits(inside, code=code)]).findings) == 1


def test_a_finding_on_a_reference_without_related_places_is_held_back_where_all_its_uses_are_covered() -> None:
    comment = suppression("DOI003")
    claim = Claim("A-1", Place("claims.yaml", 3), evidence=(Evidence("glue2018", Place("claims.yaml", 9)),))
    rule = problem_hits(Hit(Place("references.bib", 3), "another work", reference="glue2018"), code="DOI003")
    covered = page(suppressions=(comment,), marks=(ClaimMark("A-1", "", Place("pages/a.md", 5)),))
    elsewhere = page("pages/b.md", marks=(ClaimMark("A-1", "", Place("pages/b.md", 5)),))
    assert check(context(covered, claims=(claim,)), [rule]).findings == ()
    assert len(check(context(covered, elsewhere, claims=(claim,)), [rule]).findings) == 1


def using(claim: str, path: str = "pages/a.md") -> Page:
    return page(path, marks=(ClaimMark(claim, "", Place(path, 3)),))


CLAIM = Claim("A-1", Place("claims.yaml", 3), evidence=(Evidence("glue2018", Place("claims.yaml", 9)),))


@pytest.mark.parametrize(
    "hit",
    [
        Hit(Place("pages/a.md", 3), "on the page"),
        Hit(Place("claims.yaml", 3), "on its claim", claim="A-1"),
        Hit(Place("references.bib", 3), "on its claim's reference", reference="glue2018"),
        Hit(Place("claims.yaml", 30), "on the whole file"),
    ],
)
def test_the_gate_stops_a_page_for_an_error_on_it_its_claims_its_references_or_a_shared_file(hit: Hit) -> None:
    here = using("A-1")
    judged = context(here, claims=(CLAIM,))
    assert isinstance(gate(here, Concerns(judged, check(judged, [problem_hits(hit)]).findings)), Blocked)


@pytest.mark.parametrize(
    "hit",
    [
        Hit(Place("pages/b.md", 3), "on another page"),
        Hit(Place("claims.yaml", 60), "on another claim", claim="B-2"),
        Hit(Place("references.bib", 60), "on a reference it does not use", reference="other"),
    ],
)
def test_the_gate_lets_a_page_pass_when_the_error_is_elsewhere(hit: Hit) -> None:
    here, other = using("A-1"), using("B-2", "pages/b.md")
    judged = context(here, other, claims=(CLAIM,))
    passed = gate(here, Concerns(judged, check(judged, [problem_hits(hit)]).findings))
    assert isinstance(passed, Checked)
    assert passed.findings == ()
