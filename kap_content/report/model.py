"""What every format is made from: the findings of a run, the counts, and the lines that the findings point at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from kap_content.checking.baseline import Compared
from kap_content.checking.changes import Since
from kap_content.checking.due import Due
from kap_content.checking.engine import Suppressed
from kap_content.model.finding import Finding, Severity
from kap_content.model.place import Place
from kap_content.model.shard import Shard
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
class Inputs:
    """Hashes of what a shard was made from: reports that differ in it are not of one run.

    `settings` is of the settings, word lists and options, `data` of the claims, bibliography and lock, `pages` of the
    pages of each shard (by its number) that were looked at: in the first all of them, in the others their own.
    """

    settings: str
    data: str
    pages: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Share:
    """What the report of a shard has beside its findings, so that `kap report merge` needs nothing but reports.

    `order` tells where each of the report's pages stands among all pages of the project, from 0. `idle` and `used` are
    those of `checking.engine.Part`. `names` tells how the project names the paths that the report shows, where that is
    something else.
    """

    shard: Shard
    inputs: Inputs
    order: tuple[int, ...] = ()
    idle: tuple[Finding, ...] = ()
    used: frozenset[Place] = frozenset()
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """Findings in order, with what a format needs to show them.

    Paths are already relative to the working directory. `lines` holds the source of the files that findings
    point at, by path, without line ends. `rules` are those that ran and `pages` the paths they ran on.
    `since` compares with an earlier state, `baseline` with a baseline file; findings that it knows are not among
    `findings`. `due` falls due up to `upcoming`; `next_due` tells the earliest day on which anything does, when asked:
    not every format wants it, and it costs a run of some rules. `share` is there in the report of a shard: what another
    shard owns is in none of the counts and lists.
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
    share: Share | None = None

    def source_line(self, path: str, line: int) -> str | None:
        """The text of a line, or None where it is not at hand."""
        lines = self.lines.get(path, ())
        return lines[line - 1] if 0 < line <= len(lines) else None

    def scope(self) -> str:
        """`1 page, 38 claims, 15 references`; of a shard `shard 3 of 16: 1 page`."""
        summary = self.summary
        parts = [(summary.pages, "page"), (summary.claims, "claim"), (summary.references, "reference")]
        if self.share is None:
            return _listed(parts)
        shard = self.share.shard
        return f"shard {shard.number} of {shard.of}: {_listed(parts if shard.is_first else parts[:1])}"

    def counts(self) -> list[tuple[str, str, int]]:
        """Code, name and number of findings of each rule, the most frequent first."""
        counter = Counter((finding.code, finding.name) for finding in self.findings)
        return [
            (code, name, number) for (code, name), number in sorted(counter.items(), key=lambda it: (-it[1], it[0]))
        ]


def _listed(parts: Iterable[tuple[int, str]]) -> str:
    return ", ".join(counted(number, noun) for number, noun in parts)


def counted(number: int, noun: str) -> str:
    """`1 page`, `2 pages`."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def count(findings: Sequence[Finding], severity: Severity) -> int:
    """How many of the findings have this severity."""
    return sum(finding.severity is severity for finding in findings)
