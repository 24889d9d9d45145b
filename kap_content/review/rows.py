"""The list of claims: a line each, and the filters over it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum

from kap_content.model.claim import Category, Claim, Status
from kap_content.model.finding import Finding, Severity
from kap_content.model.project import Context
from kap_content.review.standing import ANYBODY, Standings


@dataclass(frozen=True, slots=True)
class Row:
    """One claim of the list.

    `counts` are errors, warnings and notes; `decisions` are role, decision and whether the claim is still the same;
    `waiting` is who must look and why, by role; `pages` the paths that show the claim.
    """

    id: str
    wording: str
    category: Category | None
    status: Status
    pages: tuple[str, ...]
    references: tuple[str, ...]
    counts: tuple[int, int, int]
    waiting: Mapping[str, str]
    decisions: tuple[tuple[str, str, bool], ...]
    is_stale: bool
    due: date | None
    is_overdue: bool
    is_due_soon: bool

    @property
    def findings(self) -> int:
        """How many findings there are on it."""
        return sum(self.counts)

    def needs(self, role: str) -> bool:
        """Whether a reviewer of this role must look; of no role, whether anybody must."""
        return bool(self.waiting) if not role else role in self.waiting or ANYBODY in self.waiting


class Show(StrEnum):
    """Which claims the list shows."""

    ALL = "all"
    NEEDS = "needs-me"
    FINDINGS = "findings"
    ERRORS = "errors"
    STALE = "stale"
    DUE = "due"
    DECIDED = "decided"


@dataclass(frozen=True, slots=True)
class Filter:
    """What a reviewer asked to see; everything empty shows all. `role` narrows to claims that wait for that role."""

    show: Show = Show.ALL
    role: str = ""
    page: str = ""
    category: str = ""
    words: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Filter:
        """The filter of a request's fields; what is unknown is left out."""
        texts = {item.name: given.get(item.name, "").strip()[:200] for item in fields(cls) if item.name != "show"}
        show = given.get("show", "")
        return cls(show=Show(show) if show in list(Show) else Show.ALL, **texts)

    def given(self) -> dict[str, str]:
        """The fields that say something, as a request has them."""
        texts = {item.name: str(getattr(self, item.name)) for item in fields(self)}
        return {name: text for name, text in texts.items() if text and text != Show.ALL}


def rows(
    context: Context,
    standings: Standings,
    findings: Mapping[str, Sequence[Finding]],
    names: Iterable[str] | None = None,
) -> tuple[Row, ...]:
    """A row for each claim, in the order of the files, or for those named. An id that stands twice has one row."""
    wanted = context.claims if names is None else names
    return tuple(_row(context.claims[name], context, standings, findings.get(name, ())) for name in wanted)


def _row(claim: Claim, context: Context, standings: Standings, findings: Iterable[Finding]) -> Row:
    standing = standings.of(claim)
    severities = [finding.severity for finding in findings]
    return Row(
        id=claim.id,
        wording=claim.match_text,
        category=claim.category,
        status=claim.status,
        pages=tuple(dict.fromkeys(use.page.path for use in context.uses.get(claim.id, ()))),
        references=tuple(dict.fromkeys(item.ref for item in claim.evidence)),
        counts=(
            severities.count(Severity.ERROR),
            severities.count(Severity.WARNING),
            severities.count(Severity.NOTE),
        ),
        waiting=standing.waiting,
        decisions=tuple((role.role, role.decision.decision, not role.changes) for role in standing.roles),
        is_stale=standing.is_stale,
        due=standing.due,
        is_overdue=standing.is_overdue,
        is_due_soon=standing.is_due_soon,
    )


def chosen(every: Iterable[Row], wanted: Filter, own_role: str) -> tuple[Row, ...]:
    """The rows that a filter shows. `own_role` is the reviewer's, for what needs them."""
    return tuple(row for row in _narrowed(every, wanted) if _is_shown(row, wanted.show, own_role))


def counts(every: Iterable[Row], wanted: Filter, own_role: str) -> dict[Show, int]:
    """How many rows each choice of what is shown would give, the rest of the filter as it is."""
    found = dict.fromkeys(Show, 0)
    for row in _narrowed(every, wanted):
        for show in found:
            found[show] += _is_shown(row, show, own_role)
    return found


def _narrowed(every: Iterable[Row], wanted: Filter) -> Iterator[Row]:
    """The rows that the filter lets through, whatever it shows of them."""
    terms = wanted.words.casefold().split()
    for row in every:
        if wanted.page and wanted.page not in row.pages:
            continue
        if wanted.category and wanted.category != (row.category or ""):
            continue
        if wanted.role and not row.needs(wanted.role):
            continue
        if terms:
            text = " ".join((row.id, row.wording, *row.references)).casefold()
            if not all(term in text for term in terms):
                continue
        yield row


def _is_shown(row: Row, show: Show, own_role: str) -> bool:
    match show:
        case Show.ALL:
            return True
        case Show.NEEDS:
            return row.needs(own_role)
        case Show.FINDINGS:
            return row.findings > 0
        case Show.ERRORS:
            return row.counts[0] > 0
        case Show.STALE:
            return row.is_stale
        case Show.DUE:
            return row.is_overdue or row.is_due_soon
        case Show.DECIDED:
            return bool(row.decisions)


@dataclass(frozen=True, slots=True)
class PageRow:
    """A page of the list: its title, and how many claims it shows, how many wait, how many have errors."""

    path: str
    title: str
    claims: int
    waiting: int
    errors: int


def page_rows(context: Context, every: Iterable[Row], own_role: str) -> tuple[PageRow, ...]:
    """The pages that show a claim, in the order of their paths."""
    held: dict[str, list[Row]] = {}
    for row in every:
        for path in row.pages:
            held.setdefault(path, []).append(row)
    return tuple(
        PageRow(
            page.path,
            page.meta.title or page.path,
            len(shown := held.get(page.path, [])),
            sum(row.needs(own_role) for row in shown),
            sum(row.counts[0] > 0 for row in shown),
        )
        for page in context.project.pages
    )
