"""`kap check --staged` from a snapshot: where a commit changes nothing but pages, those are judged and no more is read.

The snapshot is of what was staged when it was last checked as a whole. Both the staged state and the one it is compared
with are reached from it, as long as either differs from it in some pages only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from kap_content.cache.asked import Asked, Kept
from kap_content.cache.resume import Resumed, resumed
from kap_content.cache.snapshot import STAGED, Change, Head, Item, Snapshot, SnapshotFile
from kap_content.checking.changes import Since, about, fingerprints, gone_since, touched
from kap_content.checking.engine import Found, Outcome
from kap_content.checking.gate import Concerns
from kap_content.checking.selection import with_rules
from kap_content.cli.given import Globals, RuleOptions
from kap_content.cli.lines import Lines
from kap_content.cli.quick.unchanged import Aside, file_place, look, tree_place
from kap_content.cli.session import Counts, placed, shown_since, told, unchecked
from kap_content.load.git import Blob, Repository
from kap_content.load.globs import normal
from kap_content.load.inside import CACHE, SETTINGS, SOURCES, reading
from kap_content.model.project import Context, Project
from kap_content.model.settings import Settings
from kap_content.report.model import Report
from kap_content.rules._rule import Scope
from kap_content.works.abstracts import FILE_NAME as ABSTRACTS


@dataclass(frozen=True, slots=True)
class Commit:
    """What is staged, and the state that it is compared with, which `label` names.

    `settings` are those that are staged, `differing` the paths that differ between the two. What is looked at is
    written into folders below `folder`.
    """

    repository: Repository
    settings: Settings
    staged: Mapping[str, Blob]
    before: Mapping[str, Blob]
    differing: frozenset[str]
    label: str
    folder: Path


def report_from_snapshot(options: Globals, rules: RuleOptions, commit: Commit) -> Report | None:
    """The report on a commit; None where a whole check has to make it."""
    basis = _basis(options, rules, commit)
    if not basis:
        return None
    file = SnapshotFile(commit.repository.root / CACHE, STAGED)
    found = file.read(lambda snapshot: _report(snapshot, basis, rules, commit))
    if found is None:
        return None
    report, change = found
    if change.since != change.head.state:
        file.change(change)
    return report


def take_snapshot(
    options: Globals, rules: RuleOptions, commit: Commit, context: Context, kept: Kept, found: Iterable[Found]
) -> None:
    """Keep how the project stood as it was staged, and was checked as a whole."""
    from kap_content.cache.take import head_of, is_fit, taken

    root = commit.repository.root
    basis = _basis(options, rules, commit)
    if not basis or not is_fit(context, kept):
        return
    seen = _listed(commit.staged, commit.settings)
    head = head_of(context, kept, basis=basis, places=[], seen=seen, unchecked=unchecked(context), due=[])
    file = SnapshotFile(root / CACHE, STAGED)
    last = file.read(lambda snapshot: _data_of(snapshot.head, basis, seen))
    file.write(taken(context, kept, found, head, last))


def _report(snapshot: Snapshot, basis: str, rules: RuleOptions, commit: Commit) -> tuple[Report, Change] | None:
    """The report, and what is to become of the snapshot: it follows what is likely to be compared with next."""
    settings = with_rules(commit.settings, rules.select, rules.ignore)
    asked = Asked(commit.repository.root, settings, rules.as_of, rules.release)
    earlier, later = (
        _resumed(snapshot, basis, replace(asked, source=commit.folder / name), files, commit)
        for name, files in (("earlier", commit.before), ("staged", commit.staged))
    )
    if earlier is None or later is None:
        return None
    outcome, since = _limited(earlier, later, commit)
    head, root = later.head, commit.repository.root
    counts = Counts(head.claims, head.references, head.unchecked)
    shown = placed(root, outcome.findings)
    _write(commit, commit.staged, shown.values(), commit.folder / "staged")
    report = told(root, rules, settings, outcome, counts, head.pages, Lines(commit.folder / "staged", (), shown))
    is_refused = any(finding.severity.reaches(rules.fail_on) for finding in outcome.findings)
    return replace(report, since=shown_since(root, since)), (earlier if is_refused else later).change


def _resumed(snapshot: Snapshot, basis: str, asked: Asked, files: Mapping[str, Blob], commit: Commit) -> Resumed | None:
    """The check of one of the two states."""
    seen = _listed(files, commit.settings)
    changed = _changed(snapshot.head, basis, seen)
    if changed is None:
        return None
    words = frozenset(map(normal, commit.settings.word_files.values()))
    _write(commit, files, (path for path in files if path in words or path.lower().endswith(".csv")), asked.folder)
    return resumed(snapshot, asked, changed, seen, lambda paths: _write(commit, files, paths, asked.folder))


def _limited(earlier: Resumed, later: Resumed, commit: Commit) -> tuple[Outcome, Since]:
    """What the commit touches or breaks, and how that stands to what was there before."""
    outcome, paths = later.outcome, frozenset(later.head.pages)
    pages = commit.differing & paths
    concerns = Concerns(later.context, outcome.findings, paths)
    edited = earlier.edited | later.edited
    change = touched(_with(earlier, edited), _with(later, edited), pages)
    shown = about(change, map(later.page, sorted(pages)), concerns)
    everything = fingerprints(outcome)
    if everything <= shown:
        return outcome, Since(commit.label, frozenset())
    before = earlier.outcome
    new = everything - fingerprints(before)
    findings = tuple(finding for finding in outcome.findings if finding.fingerprint in shown | new)
    gone = gone_since(before, outcome, later.ran)
    since = Since(commit.label, new, gone, len(outcome.findings) - len(findings))
    return replace(outcome, findings=findings), since


def _with(resumed: Resumed, edited: frozenset[Item]) -> Project:
    """A project of nothing but the claims and entries that were edited."""
    context = resumed.context
    claims = [context.claims.get(name) for scope, name in sorted(edited) if scope == Scope.CLAIM]
    references = tuple(context.references[name] for scope, name in sorted(edited) if scope == Scope.REFERENCE)
    return Project(context.settings, claims=tuple(filter(None, claims)), references=references)


def _write(commit: Commit, files: Mapping[str, Blob], paths: Iterable[str], folder: Path) -> None:
    """Write files into a folder, those that are not there yet."""
    wanted = {path: files[path] for path in paths if path in files and not (folder / path).exists()}
    if wanted:
        commit.repository.write(wanted, folder)


def _basis(options: Globals, rules: RuleOptions, commit: Commit) -> str:
    """All but the day and what git keeps that decides what is found, settings among it; empty where nothing is kept."""
    root = commit.repository.root
    tool = options.tool(root)
    database = f"{CACHE}/{ABSTRACTS}"
    elsewhere = [tree_place(SOURCES), *map(file_place, (database, f"{database}-journal", f"{database}-wal"))]
    try:
        seen = look(str(root), elsewhere)
    except (Aside, OSError):
        return ""
    # Settings that git does not keep are those of the working tree.
    parts = (tool, commit.settings, rules.select, rules.ignore, rules.release, seen)
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest() if tool else ""


def _listed(files: Mapping[str, Blob], settings: Settings) -> str:
    """What git keeps of all that a check reads."""
    is_read = reading(settings)
    read = (path for path in sorted(files) if path in SETTINGS or is_read(path))
    return "\0".join(f"{files[path].mode} {files[path].name} {path}" for path in read)


def _data_of(head: Head, basis: str, seen: str) -> Head | None:
    """The head of the last snapshot, if nothing but pages is another since."""
    changed = _changed(head, basis, seen)
    return head if changed is not None and set(head.pages).issuperset(changed) else None


def _changed(head: Head, basis: str, seen: str) -> list[str] | None:
    """The files that are another than in the snapshot; None where one came or went."""
    if head.basis != basis:
        return None
    was, now = (
        {path: (mode, name) for mode, name, path in (entry.split(" ", 2) for entry in listed.split("\0") if entry)}
        for listed in (head.seen, seen)
    )
    changed = [path for path in now if was.get(path) != now[path]]
    return changed if was.keys() == now.keys() else None
