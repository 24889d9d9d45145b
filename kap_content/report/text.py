"""Findings for people at a terminal: grouped by file, with the line and a caret, and what to do next."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from textwrap import wrap

from kap_content.model.finding import Finding, Severity
from kap_content.model.place import Place
from kap_content.report.model import Report, counted
from kap_content.startup.regex import regex

_WIDTH = 100
"""Columns of a source line that are shown around the caret."""

_COLOURS = {Severity.ERROR: "31;1", Severity.WARNING: "33;1", Severity.NOTE: "36;1"}
# Control characters could move the cursor, bidi controls reorder what a reviewer reads, and half of a surrogate pair
# is no character at all.
_UNSAFE = regex("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def render_text(report: Report, *, colour: bool = False, columns: int = 0) -> str:
    """The report as text; with `colour`, ANSI colours; wrapped to `columns`, or not at all for 0."""
    paint = _Paint(colour, columns)
    parts: list[str] = []
    for path, group in groupby(report.findings, key=lambda finding: finding.place.path):
        parts.append(paint("1", visible(path)))
        parts.extend(_finding(finding, report, paint) for finding in group)
    if report.statistics and report.findings:
        parts.append(_statistics(report))
    if report.upcoming is not None:
        parts.append("\n".join(_due(report, paint)) + "\n")
    parts.append(_summary(report, paint))
    return "\n".join(parts) + "\n"


def visible(text: str) -> str:
    """`text` with control and direction-changing characters written out, so that none acts on a terminal."""
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


@dataclass(frozen=True, slots=True)
class _Paint:
    colour: bool
    columns: int

    def __call__(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour else text

    def wrapped(self, text: str, first: str, rest: str) -> list[str]:
        """`text` line by line behind `first`, and behind `rest` from the second line on."""
        lines: list[str] = []
        for line in text.splitlines() or [""]:
            start = first if not lines else rest
            if self.columns and len(start) + len(line) > self.columns:
                lines += wrap(
                    line,
                    max(self.columns, 40),
                    initial_indent=start,
                    subsequent_indent=rest,
                    break_long_words=False,
                    break_on_hyphens=False,
                )
            else:
                lines.append(start + line)
        return lines


def _finding(finding: Finding, report: Report, paint: _Paint) -> str:
    place = finding.place
    severity = paint(_COLOURS[finding.severity], f"{finding.severity:<7}")
    # file:line:column first, so that an editor or a terminal can jump there.
    where = f"{visible(place.path)}:{place.line}:{place.column}"
    head = f"  {where}  {severity} {paint('1', finding.code)} {finding.name}"
    lines = [head, *paint.wrapped(visible(finding.message), "    ", "    ")]
    lines.extend(_excerpt(place, report, paint))
    for other in finding.related:
        first, *rest = paint.wrapped(f"{visible(str(other.place))}  {_one_line(other.message)}", "    see ", "        ")
        lines += [f"    {paint('2', 'see')} {first[8:]}", *rest]
    if finding.help:
        first, *rest = paint.wrapped(visible(finding.help), "    do   ", "         ")
        lines += [f"    {paint('32', 'do')}   {first[9:]}", *rest]
    return "\n".join(lines) + "\n"


def _one_line(text: str) -> str:
    return visible(" ".join(text.split()))


def _excerpt(place: Place, report: Report, paint: _Paint) -> Iterator[str]:
    source = report.source_line(place.path, place.line)
    if source is None or not source.strip():
        return
    start = min(place.column - 1, len(source))
    end = place.end_column - 1 if place.end_line == place.line else len(source)
    end = min(max(end, start + 1), max(len(source), start + 1))
    left = max(0, min(start - 20, len(source) - _WIDTH))
    right = left + _WIDTH
    shown = visible(source[left:right].replace("\t", " "))
    before = ("… " if left else "") + visible(source[left:start].replace("\t", " "))
    marked = visible(source[start : min(end, right)].replace("\t", " "))
    gutter = f"{place.line:>6} | "
    yield paint("2", gutter) + ("… " if left else "") + shown + (" …" if right < len(source) else "")
    caret = " " * width(before) + paint("31", "^" * max(1, width(marked)))
    yield paint("2", " " * 6 + " | ") + caret


def width(text: str) -> int:
    """How many terminal columns `text` takes."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )


def _statistics(report: Report) -> str:
    return "\n".join(f"{number:>6}  {code}  {name}" for code, name, number in report.counts()) + "\n"


_DUE_SHOWN = 5
"""Of one day and rule; a lock of a thousand answers grows old in one go."""


def _due(report: Report, paint: _Paint) -> Iterator[str]:
    yield paint("1", f"Falls due by {report.upcoming}")
    if not report.due:
        yield "  nothing"
    for (day, code), items in groupby(report.due, key=lambda item: (item.on, item.code)):
        group = list(items)
        for item in group[:_DUE_SHOWN]:
            where = visible(str(item.place))
            yield from paint.wrapped(f"{where}  {_one_line(item.message)}", f"  {day}  {code}  ", " " * 22)
        if len(group) > _DUE_SHOWN:
            yield f"  {day}  {code}  and {len(group) - _DUE_SHOWN} more"


def _compared(report: Report) -> Iterator[str]:
    """What is not shown because it was there before, and what is gone."""
    since, baseline = report.since, report.baseline
    if since is not None:
        label = visible(since.label)
        if since.others:
            yield f"Shown is what differs from {label}; {counted(since.others, 'other finding')} left out."
        if since.gone:
            yield f"{counted(len(since.gone), 'finding')} of {label} gone."
    if baseline is not None:
        yield f"{counted(len(baseline.known), 'finding')} in the baseline, not shown."
        if baseline.gone and report.share is None:  # else another shard may find them
            yield f"{counted(len(baseline.gone), 'finding')} of the baseline gone: kap baseline prune takes them out."


def _summary(report: Report, paint: _Paint) -> str:
    summary = report.summary
    found = ", ".join(
        part
        for part in (
            paint(_COLOURS[Severity.ERROR], counted(summary.errors, "error")) if summary.errors else "",
            paint(_COLOURS[Severity.WARNING], counted(summary.warnings, "warning")) if summary.warnings else "",
            counted(summary.notes, "note") if summary.notes else "",
        )
        if part
    )
    lines = [f"{found or paint('32;1', 'Nothing found')} in {report.scope()}, as of {report.as_of}."]
    lines.extend(_compared(report))
    if summary.suppressed:
        verb = "is" if summary.suppressed == 1 else "are"
        lines.append(f"{counted(summary.suppressed, 'finding')} {verb} held back by comments on the pages.")
    if summary.unchecked:
        lines.append(
            f"{counted(summary.unchecked, 'reference')} not confirmed by a registry: unknown, not clean. Next: kap lock"
        )
    if report.findings:
        gravest = min(report.findings, key=lambda finding: finding.severity.rank)
        lines.append(f"More on a rule: kap explain {gravest.code}")
    return "\n".join(lines)
