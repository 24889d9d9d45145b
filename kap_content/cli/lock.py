"""`kap lock`: ask the registries what is missing or stale, and write references.lock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kap_content.cli.files import write_atomically
from kap_content.cli.progress import Bar
from kap_content.cli.session import Globals, open_project, shown_path
from kap_content.load.lock import LOCK, dump_lock, has_conflict
from kap_content.load.project import read_lock, read_references
from kap_content.model.errors import ProjectError, UsageError
from kap_content.model.record import Record, State
from kap_content.model.reference import Reference
from kap_content.model.settings import Settings
from kap_content.report.model import counted

UNCHECKED, INTERRUPTED = 3, 130


@dataclass(frozen=True, slots=True)
class Locked:
    """How a run of the look-ups ended. `lines` tell it; `code` is the exit code of `kap lock`."""

    lines: tuple[str, ...]
    code: int


def lock(options: Globals, keys: Sequence[str], today: date, *, refresh: bool) -> int:
    """Ask about `keys` (all references, where none is given), write the lock and say what came of it."""
    root, settings = open_project(options)
    locked = run_lock(options, root, settings, keys, today, refresh=refresh)
    for line in locked.lines:
        options.say(line)
    return locked.code


def run_lock(
    options: Globals, root: Path, settings: Settings, keys: Sequence[str], today: date, *, refresh: bool
) -> Locked:
    """Ask and write; what was answered is saved, however the run ends."""
    from kap_content.registries.gather import gather

    references = _chosen(read_references(root, settings)[0], keys)
    previous = _previous(root)
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
    written = write_atomically(root / LOCK, dump_lock(kept | dict(gathered.records)))
    lines = [*gathered.warnings, _told(gathered.asked, gathered.records, gathered.unchecked, gathered.requests_made)]
    lines += _by_reason("unchecked", gathered.unchecked)
    lines += _by_reason("in part  ", gathered.partial)
    if options.verbose:
        lines += _by_reason("not asked", gathered.skipped)
    lines.append(f"{shown_path(root, LOCK)} is {'written' if written else 'unchanged'}.")
    if gathered.interrupted:
        return Locked((*lines, "Stopped; what was answered is kept."), INTERRUPTED)
    incomplete = bool(gathered.unchecked or gathered.partial)
    return Locked(tuple(lines), UNCHECKED if incomplete else 0)


def _by_reason(word: str, reasons: Mapping[str, str]) -> list[str]:
    """A line for each reason with the keys that it holds for: one outage is told once."""
    keys: dict[str, list[str]] = {}
    for key, reason in sorted(reasons.items()):
        keys.setdefault(reason, []).append(key)
    return [f"  {word}  {reason}: {', '.join(named)}" for reason, named in keys.items()]


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


def _previous(root: Path) -> dict[str, Record]:
    """The lock as it stands; one in the middle of a merge is left alone."""
    records, problems = read_lock(root)
    path = root / LOCK
    if problems and path.is_file() and has_conflict(path.read_text("utf-8", errors="replace")):
        first = problems[0]
        raise ProjectError(first.message, first.place, first.help)
    return records
