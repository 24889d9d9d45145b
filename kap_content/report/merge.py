"""Making one report of those of all shards: the same as one machine would have given. Pure.

A shard's report says itself what it was made from (`Inputs`). Reports that are not of one run, or not all of it, are
refused: what no shard looked at would read as clean.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import overload

from kap_content.checking.baseline import Compared
from kap_content.checking.engine import Outcome, Part, joined
from kap_content.model.errors import ProjectError
from kap_content.model.finding import Finding, Related, Severity
from kap_content.model.place import Place
from kap_content.report.model import Report, Summary, count
from kap_content.report.shard_report import ShardReport
from kap_content.rules._rule import all_rules

_AGAIN = "Run every shard on one commit, with the same options, and merge what they wrote."


def merged(reports: Sequence[ShardReport], *, tool_version: str) -> Report:
    """One report of all shards.

    Raises `ProjectError` where one is missing or given twice, or where they are not of one run: another version of kap,
    another day, number of shards, settings, options, or files that differ.
    """
    reports = sorted(reports, key=lambda report: report.shard)
    _refuse_strangers(reports, tool_version)
    first = reports[0]
    names = _names(reports)
    outcome = joined(_named(report, names) for report in reports)
    baseline = _baseline(reports, outcome)
    findings = outcome.findings if baseline is None else baseline.new
    shown = {name: path for path, name in names.items()}
    findings = tuple(_renamed(finding, shown) for finding in findings)
    if baseline is not None:
        known = tuple(_renamed(finding, shown) for finding in baseline.known)
        baseline = replace(baseline, new=findings, known=known)
    ran = frozenset(first.rules)
    return Report(
        as_of=first.as_of,
        summary=Summary(
            errors=count(findings, Severity.ERROR),
            warnings=count(findings, Severity.WARNING),
            notes=count(findings, Severity.NOTE),
            suppressed=len(outcome.suppressed),
            pages=sum(report.summary.pages for report in reports),
            claims=first.summary.claims,
            references=first.summary.references,
            unchecked=first.summary.unchecked,
        ),
        findings=findings,
        suppressed=tuple(replace(item, finding=_renamed(item.finding, shown)) for item in outcome.suppressed),
        lines=_lines(reports, {finding.place.path for finding in findings}),
        rules=tuple(rule for rule in all_rules() if rule.code in ran),
        pages=_pages(reports),
        baseline=baseline,
        upcoming=first.upcoming,
        due=first.due,
        next_due=lambda: first.next_due,
    )


def _refuse_strangers(reports: Sequence[ShardReport], tool_version: str) -> None:
    """Refuse reports that do not make one whole."""
    first = reports[0]
    for report in reports:
        if report.tool != tool_version:
            message = f"{report} was written by kap {report.tool}; this is kap {tool_version}"
            raise ProjectError(message, help="Check and merge with the same version.")
        differing = (
            ("is of another number of shards than", report.shard.of != first.shard.of),
            ("judges another day than", report.as_of != first.as_of),
            (
                "was made with other settings, word lists or options than",
                report.inputs.settings != first.inputs.settings,
            ),
            ("was made from other claims, references or lock than", report.inputs.data != first.inputs.data),
        )
        for what, differs in differing:
            if differs:
                raise ProjectError(f"{report} {what} {first}", help=_AGAIN)
    by_number: dict[int, ShardReport] = {}
    for report in reports:
        twin = by_number.setdefault(report.shard.number, report)
        if twin is not report:
            raise ProjectError(f"shard {report.shard} is there twice: {twin.file} and {report.file}", help=_AGAIN)
    of = first.shard.of
    missing = [f"{number}/{of}" for number in range(1, of + 1) if number not in by_number]
    if missing:
        told = ", ".join(missing[:10]) + (f" and {len(missing) - 10} more" if len(missing) > 10 else "")  # noqa: PLR2004 - ten are shown
        message = f"of {of} shards {len(missing)} {'is' if len(missing) == 1 else 'are'} missing: {told}"
        raise ProjectError(message, help="What no shard looked at is unknown, not clean: give the reports of all.")
    for report in reports:
        number = report.shard.number
        if report.inputs.pages.get(number) != first.inputs.pages.get(number):
            message = f"{report} was made from other pages than those that {first} looked at"
            raise ProjectError(message, help=_AGAIN)


def _names(reports: Iterable[ShardReport]) -> dict[str, str]:
    """How the project names the paths that the reports show, where that is something else."""
    names: dict[str, str] = {}
    shown: dict[str, tuple[str, ShardReport]] = {}
    for report in reports:
        for path in report.paths():
            name = report.names.get(path, path)
            other, before = shown.setdefault(name, (path, report))
            if other != path:
                message = f"{report} and {before} name the files as seen from different folders: {path} and {other}"
                raise ProjectError(message, help="Run every shard from the same folder of the project.")
            if name != path:
                names[path] = name
    return names


def _named(report: ShardReport, names: Mapping[str, str]) -> Part:
    """The report's part with paths as the project names them: what is sorted and told apart goes by those."""
    part = report.part
    return Part(
        tuple(_renamed(finding, names) for finding in (*part.findings, *(report.known or ()))),
        tuple(replace(item, finding=_renamed(item.finding, names)) for item in part.suppressed),
        tuple(_renamed(finding, names) for finding in part.idle),
        frozenset(_moved(place, names) for place in part.used),
    )


def _renamed(finding: Finding, names: Mapping[str, str]) -> Finding:
    if not names:
        return finding
    related = tuple(Related(_moved(other.place, names), other.message) for other in finding.related)
    return replace(finding, place=_moved(finding.place, names), related=related)


def _moved(place: Place, names: Mapping[str, str]) -> Place:
    return replace(place, path=names.get(place.path, place.path))


def _baseline(reports: Sequence[ShardReport], outcome: Outcome) -> Compared | None:
    """The findings by a baseline, which all shards were given or none: gone is what is gone in all of them."""
    first = reports[0]
    if first.known is None:
        return None
    gone = set(first.gone).intersection(*(report.gone for report in reports))
    hidden = {finding.fingerprint for report in reports for finding in report.known or ()}
    # What the last rule finds, which looks at what all shards held back, no shard could look for in the baseline.
    hidden |= {entry.fingerprint for entry in gone}
    found = {finding.fingerprint for finding in outcome.findings}
    return Compared(
        new=tuple(finding for finding in outcome.findings if finding.fingerprint not in hidden),
        known=tuple(finding for finding in outcome.findings if finding.fingerprint in hidden),
        gone=tuple(entry for entry in first.gone if entry in gone and entry.fingerprint not in found),
    )


def _pages(reports: Iterable[ShardReport]) -> tuple[str, ...]:
    """The pages of all shards in the order of the project."""
    order = {page: number for report in reports for page, number in report.pages.items()}
    return tuple(sorted(order, key=lambda page: order[page]))


def _lines(reports: Iterable[ShardReport], wanted: Iterable[str]) -> dict[str, Sequence[str]]:
    """The lines of the files that findings stand in; those that no place points at are left empty."""
    known: dict[str, dict[int, str]] = {}
    for report in reports:
        for path, lines in report.lines.items():
            known.setdefault(path, {}).update(lines)
    return {path: _Lines(known[path]) for path in wanted if path in known}


class _Lines(Sequence[str]):
    """The lines of a file of which only some are known, counted from 0."""

    def __init__(self, known: Mapping[int, str]) -> None:
        self._known = known
        self._length = max(known, default=0)

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...
    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(self._length))]
        if not 0 <= index < self._length:
            raise IndexError(index)
        return self._known.get(index + 1, "")
