"""A plain `kap check` of the whole project, which begins from where the last one ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

from kap_content.cache.asked import Asked, Kept
from kap_content.cache.resume import Resumed, resumed
from kap_content.cache.snapshot import Head, Snapshot, SnapshotFile
from kap_content.checking.engine import Found
from kap_content.cli.given import Globals, RuleOptions
from kap_content.cli.lines import Lines
from kap_content.cli.quick.remember import Memory, State, changed_files
from kap_content.cli.session import Counts, open_project, placed, report_of, run_over, told
from kap_content.load.inside import CACHE
from kap_content.model.finding import Finding
from kap_content.model.project import Context
from kap_content.model.settings import Settings
from kap_content.report.model import Report


def check_again(
    options: Globals, memory: Memory, rules: RuleOptions, show: Callable[[Report], None]
) -> tuple[Finding, ...]:
    """Run the rules over what has changed, or over everything; show the report, and give the findings.

    How the project stands then is kept where the answer is.
    """
    root, settings = open_project(options)
    memory.look(root, settings, rules.as_of.isoformat())
    file = SnapshotFile(root / CACHE)
    again = _resumed(file, memory, Asked(root, settings, rules.as_of, rules.release))
    if again is not None:
        show(_report(again, root, settings, rules))
        memory.also(lambda: file.change(again.change))
        return again.outcome.findings
    found: list[Found] = []
    run, kept = run_over(options, rules, [], root, settings, hear=found.append)
    report = report_of(run, rules)
    show(report)
    due = [day.isoformat() if (day := report.next_due()) else None] if memory.is_json else []
    memory.also(lambda: _take(file, memory, run.context, kept, found, report.summary.unchecked, due))
    return run.findings


def _resumed(file: SnapshotFile, memory: Memory, asked: Asked) -> Resumed | None:
    """What is found when only changed pages, and what the day changes, are looked at; None where that will not do."""
    state = memory.state
    if state is None or memory.verifies:
        return None

    def tried(snapshot: Snapshot) -> Resumed | None:
        changed = _changed(snapshot.head, memory, state, asked.root)
        if changed is None or not _tells(snapshot.head, memory):
            return None
        return resumed(snapshot, asked, changed, state.seen)

    again = file.read(tried)
    return again if again is not None and _tells(again.head, memory) else None


def _tells(head: Head, memory: Memory) -> bool:
    """Whether the head has what the format tells."""
    return bool(head.due) or not memory.is_json


def _changed(head: Head, memory: Memory, state: State, root: Path) -> list[str] | None:
    """The files that look otherwise than when the snapshot was taken; None where something else is another."""
    if (head.basis, head.places) != (memory.basis, state.places):
        return None
    return changed_files(str(root), head.seen, state.seen)


def _report(again: Resumed, root: Path, settings: Settings, rules: RuleOptions) -> Report:
    head, findings = again.head, again.outcome.findings
    counts = Counts(head.claims, head.references, head.unchecked)
    lines = Lines(root, (), placed(root, findings))
    report = told(root, rules, settings, again.outcome, counts, head.pages, lines)
    due = date.fromisoformat(head.due[0]) if head.due and head.due[0] else None
    return replace(report, next_due=lambda: due)


def _take(
    file: SnapshotFile,
    memory: Memory,
    context: Context,
    kept: Kept,
    found: list[Found],
    unchecked: int,
    due: list[str | None],
) -> None:
    """Take a snapshot of a project that was checked as a whole."""
    from kap_content.cache.take import head_of, is_fit, taken

    state = memory.state
    if state is None or not is_fit(context, kept):
        return
    head = head_of(
        context, kept, basis=memory.basis, places=state.places, seen=state.seen, unchecked=unchecked, due=due
    )
    last = file.read(lambda snapshot: _data_of(snapshot.head, memory, state, context))
    file.write(taken(context, kept, found, head, last))


def _data_of(head: Head, memory: Memory, state: State, context: Context) -> Head | None:
    """The head of the last snapshot, if nothing but pages is another since."""
    changed = _changed(head, memory, state, context.project.root)
    return head if changed is not None and set(head.pages).issuperset(changed) else None
