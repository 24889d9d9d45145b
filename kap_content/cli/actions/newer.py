"""`kap lock --newer`: ask PubMed for systematic reviews that appeared since the claims were last reviewed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from kap_content.cli.actions.asked import INTERRUPTED, UNCHECKED, Locked, by_reason
from kap_content.cli.given import Globals
from kap_content.cli.session import shown_path
from kap_content.cli.terminal.progress import Bar
from kap_content.language.topics import queries
from kap_content.load.files import write_atomically
from kap_content.load.inside import LOCK
from kap_content.load.lock import dump_lock
from kap_content.load.project import load_project, read_whole_lock
from kap_content.model.project import Context
from kap_content.model.settings import Settings
from kap_content.report.model import counted


def ask_newer(options: Globals, root: Path, settings: Settings, today: date, *, refresh: bool) -> Locked:
    """Ask about every topic without a fresh answer and write the lock; a topic that gave none keeps the one it had."""
    from kap_content.registries.newer import gather_newer

    wanted = queries(Context.of(load_project(root, settings), today))
    if not wanted:
        return Locked(("No topic to ask about: no reviewed claim names an intervention and a condition.",), 0)
    lock = read_whole_lock(root)[0]
    with Bar("Asking for newer reviews", quiet=options.quiet) as bar:
        newer = gather_newer(wanted, lock.topics, settings, today=today, refresh=refresh, progress=bar.update)
    lock = replace(lock, topics=newer.topics)
    written = write_atomically(root / LOCK, dump_lock(lock.records, lock.quotes, lock.topics))
    if not newer.asked:
        return Locked(("No topic to ask about: every answer is fresh.",), 0)
    answered = [name for name in newer.asked if name not in newer.unchecked]
    reviews = sum(len(newer.topics[name].reviews) for name in answered)
    asked = f"{counted(len(newer.asked), 'topic')} in {counted(newer.requests_made, 'request')}"
    lines = [f"Asked about {asked}: {counted(reviews, 'newer systematic review')}."]
    lines += by_reason("unchecked", newer.unchecked)
    if written:
        lines.append(f"{shown_path(root, LOCK)} is written. `kap check --select CUR006` shows the reviews.")
    if newer.interrupted:
        return Locked((*lines, "Stopped; what was answered is kept."), INTERRUPTED)
    return Locked(tuple(lines), UNCHECKED if newer.unchecked else 0)
