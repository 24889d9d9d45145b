"""The rules over a whole project, from where the last check ended: for `kap check`, `kap render`, `kap build`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TypeVar

from kap_content.cache.asked import Asked, Kept
from kap_content.cache.known import KnownPage, PageChangedError
from kap_content.cache.resume import Resumed, resumed
from kap_content.cache.snapshot import Change, Head, Item, Snapshot, SnapshotFile
from kap_content.checking.engine import Found, Outcome
from kap_content.cli.given import Globals, RuleOptions
from kap_content.cli.lines import Lines
from kap_content.cli.quick.ground import Ground, State, changed_files
from kap_content.cli.quick.remember import Memory
from kap_content.cli.session import Counts, limited, open_project, placed, report_of, run_over, told
from kap_content.load.inside import CACHE
from kap_content.load.looks import look
from kap_content.model.finding import Finding
from kap_content.model.page import Page
from kap_content.model.project import Context
from kap_content.model.settings import Settings
from kap_content.report.model import Report

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Judged:
    """A whole project that was checked, from the last check's snapshot or anew.

    `context` has claims, references and records by name, and need not have the pages: `paths` are those of all, and
    `page` gives one as it was checked. `asked` are the pages that the command is about, `findings` what concerns those.
    `edited` are the claims and entries that are others than in the state `before`, where that is known.
    """

    root: Path
    context: Context
    outcome: Outcome
    paths: Sequence[str]
    page: Callable[[str], Page]
    asked: Sequence[str]
    findings: tuple[Finding, ...]
    report: Callable[[], Report]
    before: State | None = None
    edited: frozenset[Item] = frozenset()


def check_again(
    options: Globals, memory: Memory, rules: RuleOptions, show: Callable[[Report], None]
) -> tuple[Finding, ...]:
    """Run the rules over what has changed, or over everything; show the report, and give the findings.

    How the project stands then is kept where the answer is.
    """
    report, keep = judged(options, memory.ground, rules, [], lambda found: found.report(), dated=memory.is_json)
    show(report)
    memory.also(keep)
    return report.findings


def judged(
    options: Globals,
    ground: Ground,
    rules: RuleOptions,
    paths: list[Path],
    use: Callable[[Judged], R],
    *,
    dated: bool = False,
) -> tuple[R, Callable[[], None]]:
    """Run all rules over what has changed, or over everything; `paths` tell which pages the command is about.

    Gives what `use` makes of it, and what keeps how the project stands then: to be called where the ground holds.
    Only `use` can ask for pages and the like, since a snapshot cannot be read for longer. Where the report is to tell
    when anything falls due, it is `dated`; a snapshot knows that of all pages only.
    """
    root, settings = open_project(options)
    ground.look(root, settings, release=rules.release)
    file = SnapshotFile(root / CACHE)
    asked = Asked(root, settings, rules.as_of, rules.release)
    found = (
        file.read(lambda snapshot: _from_snapshot(snapshot, ground, asked, rules, paths, use, dated=dated))
        if ground.state is not None and not (dated and paths)
        else None
    )
    if found is not None:
        made, change = found
        return made, lambda: file.change(change)
    heard: list[Found] = []
    run, kept = run_over(options, rules, paths, root, settings, hear=heard.append)
    report = report_of(run, rules)
    pages = {page.path: page for page in run.context.project.pages}
    meant = [page.path for page in run.pages]
    made = use(
        Judged(root, run.context, run.outcome, list(pages), pages.__getitem__, meant, run.findings, lambda: report)
    )
    due = [day.isoformat() if (day := report.next_due()) else None] if dated and not paths else []
    return made, lambda: _take(file, ground, run.context, kept, heard, report.summary.unchecked, due)


def _from_snapshot(
    snapshot: Snapshot,
    ground: Ground,
    asked: Asked,
    rules: RuleOptions,
    paths: list[Path],
    use: Callable[[Judged], R],
    *,
    dated: bool,
) -> tuple[R, Change] | None:
    """What `use` makes of what is found when only changed pages, and what the day changes, are looked at.

    None where that will not do.
    """
    state = ground.state
    if state is None or ground.verifies or not _tells(snapshot.head, dated=dated):
        return None
    changed = _changed(snapshot.head, ground, state)
    again = None if changed is None else resumed(snapshot, asked, changed, state.seen)
    if again is None or not _tells(again.head, dated=dated):
        return None
    root, every = asked.root, again.head.pages
    page = _as_checked(again, state, root)
    meant, outcome = limited(root, paths, every, page, again.context, again.outcome)
    report = partial(_report, again.head, outcome, meant, root, asked.settings, rules)
    before = State(snapshot.head.places, snapshot.head.seen)
    found = Judged(
        root, again.context, again.outcome, every, page, meant, outcome.findings, report, before, again.edited
    )
    return use(found), again.change


def _as_checked(again: Resumed, state: State, root: Path) -> Callable[[str], Page]:
    """Pages whose texts are those that the check rests on: most are read only now."""
    stamps: dict[str, str] = {}

    def page(path: str) -> Page:
        found = again.page(path)
        if isinstance(found, KnownPage):
            if not stamps:
                stamps.update(state.apart(str(root), again.head.pages)[0])
            _ = found.source  # it is read here, and not looked at before
            if look(f"{root}/{path}") != stamps.get(path):
                raise PageChangedError(f"{path} was changed while it was checked", help="Run it again.")
        return found

    return page


def _tells(head: Head, *, dated: bool) -> bool:
    """Whether the head has what the report tells."""
    return bool(head.due) or not dated


def _changed(head: Head, ground: Ground, state: State) -> list[str] | None:
    """The files that look otherwise than when the snapshot was taken; None where something else is another."""
    if (head.basis, head.places) != (ground.basis, state.places):
        return None
    return changed_files(ground.root, head.seen, state.seen)


def _report(
    head: Head, outcome: Outcome, pages: Sequence[str], root: Path, settings: Settings, rules: RuleOptions
) -> Report:
    counts = Counts(head.claims, head.references, head.unchecked)
    lines = Lines(root, (), placed(root, outcome.findings))
    report = told(root, rules, settings, outcome, counts, list(pages), lines)
    due = date.fromisoformat(head.due[0]) if head.due and head.due[0] else None
    return replace(report, next_due=lambda: due)


def _take(
    file: SnapshotFile,
    ground: Ground,
    context: Context,
    kept: Kept,
    found: list[Found],
    unchecked: int,
    due: list[str | None],
) -> None:
    """Take a snapshot of a project that was checked as a whole."""
    from kap_content.cache.take import head_of, is_fit, taken

    state = ground.state
    if state is None or not is_fit(context, kept):
        return
    head = head_of(
        context, kept, basis=ground.basis, places=state.places, seen=state.seen, unchecked=unchecked, due=due
    )
    last = file.read(lambda snapshot: _data_of(snapshot.head, ground, state))
    file.write(taken(context, kept, found, head, last))


def _data_of(head: Head, ground: Ground, state: State) -> Head | None:
    """The head of the last snapshot, if nothing but pages is another since."""
    changed = _changed(head, ground, state)
    return head if changed is not None and set(head.pages).issuperset(changed) else None
