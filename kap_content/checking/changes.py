"""What changed between two states of a project, and which findings that touches or breaks. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass, replace

from kap_content.checking.baseline import remembered
from kap_content.checking.engine import Outcome
from kap_content.checking.gate import Concerns
from kap_content.model.claim import Claim
from kap_content.model.known import Known
from kap_content.model.page import Page
from kap_content.model.place import Place
from kap_content.model.project import Project
from kap_content.model.reference import Reference

_NOWHERE = Place("")


@dataclass(frozen=True, slots=True)
class Touched:
    """The pages (by path), claims (by id) and references (by key) that differ between two states."""

    pages: frozenset[str]
    claims: frozenset[str]
    references: frozenset[str]


@dataclass(frozen=True, slots=True)
class Since:
    """How the findings of a run stand to an earlier state, which `label` names.

    `new` holds the fingerprints that were not there, `gone` the findings that were; `others` counts the findings
    which are neither new nor about anything touched, and are not shown.
    """

    label: str
    new: frozenset[str]
    gone: tuple[Known, ...] = ()
    others: int = 0


def touched(before: Project, after: Project, pages: Iterable[str]) -> Touched:
    """What differs between two states whose changed pages are known. A line that only moved is no difference."""
    return Touched(
        frozenset(pages),
        _differing(
            ((claim.id, _placeless(claim)) for claim in before.claims),
            ((claim.id, _placeless(claim)) for claim in after.claims),
        ),
        _differing(
            ((entry.key, _unplaced(entry)) for entry in before.references),
            ((entry.key, _unplaced(entry)) for entry in after.references),
        ),
    )


def _differing(before: Iterable[tuple[str, object]], after: Iterable[tuple[str, object]]) -> frozenset[str]:
    old, new = _collected(before), _collected(after)
    return frozenset(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))


def _collected(values: Iterable[tuple[str, object]]) -> dict[str, list[object]]:
    """The values by name; an id or key may stand twice."""
    found: dict[str, list[object]] = {}
    for name, value in values:
        found.setdefault(name, []).append(value)
    return found


def _placeless(claim: Claim) -> Claim:
    evidence = tuple(replace(item, place=_NOWHERE, places={}) for item in claim.evidence)
    return replace(claim, place=_NOWHERE, places={}, first_line=0, evidence=evidence)


def _unplaced(reference: Reference) -> Reference:
    return replace(reference, place=_NOWHERE, places={})


def about(change: Touched, pages: Iterable[Page], concerns: Concerns) -> frozenset[str]:
    """The fingerprints of the findings about what was touched. `pages` are at least those that were.

    A touched page brings the claims and references that it uses, as `kap check PAGE` does: what the page rests on must
    hold when the page is worked on.
    """
    found = {finding.fingerprint for page in pages if page.path in change.pages for finding in concerns.of(page)}
    found.update(
        finding.fingerprint
        for finding in concerns.findings
        if finding.claim in change.claims
        or finding.reference in change.references
        or finding.place.path in change.pages
    )
    return frozenset(found)


def fingerprints(outcome: Outcome) -> frozenset[str]:
    """The fingerprints of the findings of a run."""
    return frozenset(finding.fingerprint for finding in outcome.findings)


def gone_since(before: Outcome, after: Outcome, ran: Set[str]) -> tuple[Known, ...]:
    """The findings of `before` that `after` has no more; one that a comment holds back now is not gone."""
    present = fingerprints(after) | {item.finding.fingerprint for item in after.suppressed}
    return tuple(
        remembered(finding) for finding in before.findings if finding.fingerprint not in present and finding.code in ran
    )
