"""A comment for a pull request, or the text of an issue: counts, what changed, what falls due, findings by page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby

from kap_content.model.finding import Finding, Severity
from kap_content.model.known import Known
from kap_content.report.model import Report, counted
from kap_content.report.text import visible

_LIMIT = 60_000
"""GitHub takes comments and issues of 65,536 characters; GitLab takes more."""
_GONE_SHOWN = 20
_DUE_SHOWN = 5
_PAGES_SHOWN = 30
_STATUS = "STS001"


def render_markdown(report: Report) -> str:
    """The report as Markdown, cut before a hosting service would refuse it."""
    summary = report.summary
    lines = [
        "### Claims and references",
        "",
        "| errors | warnings | notes | held back | unchecked references |",
        "|---:|---:|---:|---:|---:|",
        f"| {summary.errors} | {summary.warnings} | {summary.notes} | {summary.suppressed} | {summary.unchecked} |",
        "",
        f"{report.scope()}, as of {report.as_of}.",
        *_changes(report),
        *_retractions(report),
        *_pages(report),
    ]
    tail = list(_due(report))
    room = _LIMIT - sum(len(line) + 1 for line in (*lines, *tail))
    return "\n".join([*lines, *_cut(_findings(report), room, len(report.findings)), *tail]) + "\n"


def _changes(report: Report) -> Iterator[str]:
    """What is new and what is gone since the base or the baseline."""
    if report.since is not None:
        label = code_span(report.since.label)
        shown = sum(finding.fingerprint in report.since.new for finding in report.findings)
        yield from ("", f"Since {label}: **{shown} new**, {len(report.since.gone)} gone. New ones are marked 🆕.")
        if report.since.others:
            yield f"{counted(report.since.others, 'other finding')} that this change does not touch: not shown."
        yield from _gone(report.since.gone)
    if report.baseline is not None:
        known, gone = len(report.baseline.known), report.baseline.gone
        if report.share is not None:  # another shard may find what is gone here
            yield from ("", f"{counted(known, 'finding')} in the baseline: not shown.")
            return
        yield from ("", f"{counted(known, 'finding')} in the baseline: not shown. {len(gone)} of its findings gone.")
        yield from _gone(gone)


def _gone(entries: tuple[Known, ...]) -> Iterator[str]:
    if not entries:
        return
    yield from ("", f"<details><summary>Gone: {len(entries)}</summary>", "")
    for entry in entries[:_GONE_SHOWN]:
        yield f"- {entry.code} {code_span(entry.path)}: {escaped(entry.message)}"
    if len(entries) > _GONE_SHOWN:
        yield f"- and {len(entries) - _GONE_SHOWN} more"
    yield from ("", "</details>")


def _retractions(report: Report) -> Iterator[str]:
    """Which pages and claims rest on retracted works: a page has to come down or change at once."""
    hit = [finding for finding in report.findings if finding.code == _STATUS]
    if not hit:
        return
    yield from ("", "#### Retracted", "", "| reference | claims and pages hit | |", "|---|---|---|")
    for finding in hit:
        places = dict.fromkeys(f"{code_span(other.place.path)} {escaped(other.message)}" for other in finding.related)
        new = "🆕" if report.since is not None and finding.fingerprint in report.since.new else ""
        name = code_span(finding.reference or finding.claim or finding.place.path)
        yield f"| {name} | {'<br>'.join(places) or '-'} | {new} |"


def _pages(report: Report) -> Iterator[str]:
    """How many findings hit each page, on it or on what it rests on: which pages the change holds back."""
    pages = frozenset(report.pages)
    hit = {page: Counter[Severity]() for page in report.pages}
    for finding in report.findings:
        for path in pages.intersection((finding.place.path, *(other.place.path for other in finding.related))):
            hit[path][finding.severity] += 1
    rows = sorted((path for path in hit if hit[path]), key=lambda path: [-hit[path][severity] for severity in Severity])
    if not rows or not report.pages[1:]:
        return
    yield from ("", "#### Pages", "", "| page | errors | warnings | notes |", "|---|---:|---:|---:|")
    for path in rows[:_PAGES_SHOWN]:
        yield f"| {code_span(path)} | {' | '.join(str(hit[path][severity]) for severity in Severity)} |"
    if len(rows) > _PAGES_SHOWN:
        yield f"\nand {counted(len(rows) - _PAGES_SHOWN, 'more page')}."


def _findings(report: Report) -> Iterator[str]:
    """Lines; each finding is one of them."""
    new = report.since.new if report.since is not None else frozenset()
    for path, group in groupby(report.findings, key=lambda finding: finding.place.path):
        yield f"\n#### {code_span(path)}\n"
        for finding in group:
            yield _item(finding, is_new=finding.fingerprint in new)


def _cut(lines: Iterable[str], room: int, number: int) -> Iterator[str]:
    shown = 0
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            yield f"\nand {number - shown} more; see the whole report."
            return
        shown += line.startswith("- ")
        yield line


def _due(report: Report) -> Iterator[str]:
    if report.upcoming is None:
        return
    yield from ("", f"#### Falls due by {report.upcoming}", "")
    if not report.due:
        yield "Nothing."
    for (day, code), items in groupby(report.due, key=lambda item: (item.on, item.code)):
        group = list(items)
        for item in group[:_DUE_SHOWN]:
            yield f"- **{day}** {code} {code_span(item.place.path)} line {item.place.line}: {escaped(item.message)}"
        if len(group) > _DUE_SHOWN:
            yield f"- **{day}** {code} and {len(group) - _DUE_SHOWN} more"


_MARKS = {Severity.ERROR: "🔴", Severity.WARNING: "🟡", Severity.NOTE: "🔵"}


def _item(finding: Finding, *, is_new: bool) -> str:
    mark = f"{_MARKS[finding.severity]} **{finding.severity}**" + (" 🆕" if is_new else "")
    text = f"- {mark} {finding.code} line {finding.place.line}: {escaped(finding.message)}"
    if finding.help:
        text += f" *{escaped(finding.help)}*"
    places = dict.fromkeys(f"{code_span(f'{other.place.path}:{other.place.line}')}" for other in finding.related)
    return text + (f" (see {', '.join(places)})" if places else "")


def code_span(text: str) -> str:
    """Text as a span of code, safe in a table too."""
    return f"`{' '.join(visible(text).split()).replace('`', '´').replace('|', '¦')}`"


_ZERO_WIDTH = "&#8203;"
_ESCAPES = str.maketrans(
    {char: f"\\{char}" for char in "\\`*_{}[]|~"}
    | {"&": "&amp;", "<": "&lt;", ">": "&gt;", "@": f"@{_ZERO_WIDTH}", "#": f"#{_ZERO_WIDTH}"}
)


def escaped(text: str) -> str:
    """Text as Markdown shows it: no mark-up, mention, issue number or link of a hostile title comes alive."""
    folded = " ".join(visible(text).split()).translate(_ESCAPES)
    return folded.replace("://", f":{_ZERO_WIDTH}//").replace("www.", f"www{_ZERO_WIDTH}.")
