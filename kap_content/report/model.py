"""What every format is made from: the findings of a run, the counts, and the lines that the findings point at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from kap_content.checking.baseline import Compared
from kap_content.checking.changes import Since
from kap_content.checking.due import Due
from kap_content.checking.engine import Suppressed
from kap_content.model.finding import Finding, Severity
from kap_content.rules._rule import Rule


@dataclass(frozen=True, slots=True)
class Summary:
    """The counts of a run. `unchecked` counts references whose identity no registry has confirmed."""

    errors: int
    warnings: int
    notes: int
    suppressed: int
    pages: int
    claims: int
    references: int
    unchecked: int


@dataclass(frozen=True, slots=True)
class Report:
    """Findings in order, with what a format needs to show them.

    Paths are already relative to the working directory. `lines` holds the source of the files that findings
    point at, by path, without line ends. `rules` are those that ran and `pages` the paths they ran on.
    `since` compares with an earlier state, `baseline` with a baseline file; findings that it knows are not among
    `findings`. `due` falls due up to `upcoming`; `next_due` tells the earliest day on which anything does, when asked:
    not every format wants it, and it costs a run of some rules.
    """

    as_of: date
    summary: Summary
    findings: tuple[Finding, ...]
    suppressed: tuple[Suppressed, ...] = ()
    lines: Mapping[str, Sequence[str]] = field(default_factory=dict)
    statistics: bool = False
    fail_on: Severity = Severity.ERROR
    rules: tuple[Rule, ...] = ()
    pages: tuple[str, ...] = ()
    since: Since | None = None
    baseline: Compared | None = None
    upcoming: date | None = None
    due: tuple[Due, ...] = ()
    next_due: Callable[[], date | None] = lambda: None

    def source_line(self, path: str, line: int) -> str | None:
        """The text of a line, or None where it is not at hand."""
        lines = self.lines.get(path, ())
        return lines[line - 1] if 0 < line <= len(lines) else None

    def scope(self) -> str:
        """`1 page, 38 claims, 15 references`."""
        summary = self.summary
        parts = ((summary.pages, "page"), (summary.claims, "claim"), (summary.references, "reference"))
        return ", ".join(counted(number, noun) for number, noun in parts)

    def counts(self) -> list[tuple[str, str, int]]:
        """Code, name and number of findings of each rule, the most frequent first."""
        counter = Counter((finding.code, finding.name) for finding in self.findings)
        return [
            (code, name, number) for (code, name), number in sorted(counter.items(), key=lambda it: (-it[1], it[0]))
        ]


def counted(number: int, noun: str) -> str:
    """`1 page`, `2 pages`."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def count(findings: Sequence[Finding], severity: Severity) -> int:
    """How many of the findings have this severity."""
    return sum(finding.severity is severity for finding in findings)
