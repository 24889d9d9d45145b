"""`kap lock`: ask the registries what is missing or stale, and write references.lock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from kap_content.cli.actions.asked import INTERRUPTED, UNCHECKED, Locked, by_reason
from kap_content.cli.actions.quotes import verified_quotes
from kap_content.cli.given import Globals
from kap_content.cli.session import open_project, shown_path
from kap_content.cli.terminal.progress import Bar
from kap_content.load.files import write_atomically
from kap_content.load.inside import LOCK
from kap_content.load.lock import dump_lock, has_conflict
from kap_content.load.project import read_references, read_whole_lock
from kap_content.model.errors import ProjectError, UsageError
from kap_content.model.lock import FoundQuotes, Lock
from kap_content.model.record import Record, State
from kap_content.model.reference import Reference
from kap_content.model.settings import Settings
from kap_content.report.model import counted


def lock(options: Globals, keys: Sequence[str], today: date, *, refresh: bool, newer: bool = False) -> int:
    """Ask about `keys` (all references, where none is given), write the lock and say what came of it.

    With `newer` ask also for systematic reviews that are newer than the claims' last reviews.
    """
    root, settings = open_project(options)
    locked = run_lock(options, root, settings, keys, today, refresh=refresh)
    for line in locked.lines:
        options.say(line)
    if not newer or locked.code == INTERRUPTED:
        return locked.code
    from kap_content.cli.actions.newer import ask_newer

    asked = ask_newer(options, root, settings, today, refresh=refresh)
    for line in asked.lines:
        options.say(line)
    return max(locked.code, asked.code)


def run_lock(
    options: Globals, root: Path, settings: Settings, keys: Sequence[str], today: date, *, refresh: bool
) -> Locked:
    """Ask and write; what was answered is saved, however the run ends."""
    from kap_content.registries.gather import gather

    entries = read_references(root, settings)[0]
    references = _chosen(entries, keys)
    whole = _previous(root)
    previous = dict(whole.records)
    with Bar("Asking the registries", quiet=options.quiet) as bar:
        gathered = gather(
            references,
            previous,
            settings,
            today=today,
            root=root,
            refresh=refresh,
            progress=lambda progress: bar.update(progress.done, progress.total),
        )
    kept = {key: record for key, record in previous.items() if keys and key not in keys}
    records = kept | dict(gathered.records)
    quotes = verified_quotes(root, settings, entries, records, whole.quotes, refresh=refresh)
    written = write_atomically(root / LOCK, dump_lock(records, quotes, whole.topics))
    lines = [*gathered.warnings, _told(gathered.asked, gathered.records, gathered.unchecked, gathered.requests_made)]
    lines += by_reason("unchecked", gathered.unchecked)
    lines += by_reason("in part  ", gathered.partial)
    if options.verbose:
        lines += by_reason("not asked", gathered.skipped)
    lines += _new_quotes(whole.quotes, quotes)
    lines.append(f"{shown_path(root, LOCK)} is {'written' if written else 'unchanged'}.")
    if gathered.interrupted:
        return Locked((*lines, "Stopped; what was answered is kept."), INTERRUPTED)
    incomplete = bool(gathered.unchecked or gathered.partial)
    return Locked(tuple(lines), UNCHECKED if incomplete else 0)


def _new_quotes(before: Mapping[str, FoundQuotes], now: Mapping[str, FoundQuotes]) -> list[str]:
    known = {(key, quote.sha256) for key, item in before.items() for quote in item.found}
    new = [key for key, item in now.items() for quote in item.found if (key, quote.sha256) not in known]
    return [f"Found {counted(len(new), 'quotation')} in {', '.join(sorted(set(new)))}."] if new else []


def _told(asked: Sequence[str], records: Mapping[str, Record], unchecked: Mapping[str, str], requests_made: int) -> str:
    if not asked:
        return "Nothing to ask: every record is fresh."
    states = [records[key].state for key in asked if key in records and key not in unchecked]
    counts = ", ".join(
        f"{number} {word}"
        for word, number in (
            ("found", states.count(State.FOUND)),
            ("absent", states.count(State.ABSENT)),
            ("with another agency", states.count(State.ELSEWHERE)),
            ("unchecked", len(unchecked)),
        )
        if number
    )
    return f"Asked about {counted(len(asked), 'reference')} in {counted(requests_made, 'request')}: {counts}."


def _chosen(references: tuple[Reference, ...], keys: Sequence[str]) -> tuple[Reference, ...]:
    from difflib import get_close_matches

    known = [reference.key for reference in references]
    for key in keys:
        if key not in known:
            near = get_close_matches(key, known, n=3)
            hint = f"Did you mean {' or '.join(near)}?" if near else "Keys stand in the bibliography after @article{."
            raise UsageError(f"no reference is called “{key}”", help=hint)
    return tuple(reference for reference in references if not keys or reference.key in keys)


def _previous(root: Path) -> Lock:
    """The lock as it stands; one in the middle of a merge is left alone."""
    whole, problems = read_whole_lock(root)
    path = root / LOCK
    if problems and path.is_file() and has_conflict(path.read_text("utf-8", errors="replace")):
        first = problems[0]
        raise ProjectError(first.message, first.place, first.help)
    return whole
