"""`kap check --staged` and `--since`: what a change touches, and what it breaks elsewhere.

What is looked at is a whole project in either case: a changed line of the bibliography can break any page. The rules
run over the changed state and over the earlier one; shown is what is about the pages, claims and references that
differ, and whatever the earlier state did not have. What git does not keep (cached abstracts, local full texts) is
that of the working tree in both.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from kap_content.checking.changes import Since, Touched, about, fingerprints, gone_since, touched
from kap_content.checking.engine import Found, check, selected
from kap_content.checking.gate import Concerns
from kap_content.cli.given import Globals, RuleOptions
from kap_content.cli.quick.start import begin
from kap_content.cli.session import Run, open_project, opened, run_over
from kap_content.load.git import Blob, Repository, in_a_hook
from kap_content.load.inside import SETTINGS, find_root, reading
from kap_content.load.settings import has_settings, read_settings
from kap_content.model.errors import KapError
from kap_content.model.project import Context, Project
from kap_content.model.settings import Settings
from kap_content.report.model import Report
from kap_content.rules._rule import Rule, all_rules

if TYPE_CHECKING:
    from kap_content.cli.actions.commit import Commit  # it loads the parser of pages: not where nothing is staged

STAGED = "the last commit"


@dataclass(frozen=True, slots=True)
class _Earlier:
    """The state to compare with: its tree (None: there is none yet), its name, and the paths that differ."""

    repository: Repository
    tree: str | None
    label: str
    differing: frozenset[str]


@contextmanager
def staged(options: Globals, rules: RuleOptions, paths: list[Path], *, whole: bool) -> Iterator[Run | Report | None]:
    """Check what a commit would hold now, as git has it; the working tree does not count. None: nothing to check.

    The report itself comes where not even that takes a run; never with `whole`. Where nothing is staged the committed
    project is checked whole (`pre-commit run --all-files`), but for a commit of nothing.
    """
    root = find_root(options.project or Path.cwd())
    repository = Repository(root)
    tree, head = repository.index_tree(), repository.tree("HEAD")
    label = STAGED
    base = head
    if tree == head:
        base = _pushed_from(repository)
        label = os.environ.get("PRE_COMMIT_FROM_REF", "")[:12]
    with TemporaryDirectory(prefix="kap-") as folder:
        earlier = None
        if base is not None or head is None:
            differing = repository.differing(base, tree) if base is not None else frozenset(repository.files(tree))
            earlier = _Earlier(repository, base, label, differing)
        elif in_a_hook():
            earlier = _Earlier(repository, head, label or STAGED, frozenset())
        files = repository.files(tree)
        source = Path(folder) / "staged"
        settings = _unpacked_settings(repository, files, source, root)
        if earlier is not None and not _is_read(earlier, settings, Path(folder)):
            options.say("Nothing that kap reads is staged.")
            yield None  # at once: neither rules nor parsers are loaded
            return
        from kap_content.cli.actions.commit import report_from_snapshot, take_snapshot

        begin(root, keep=not options.no_cache)
        commit = None if whole or paths or rules.upcoming else _commit(earlier, settings, files, Path(folder) / "parts")
        report = None if commit is None else report_from_snapshot(options, rules, commit)
        if report is not None:
            yield report
            return
        _unpack(repository, files, settings, source)
        found: list[Found] = []
        run, kept = run_over(options, rules, paths, root, settings, source, found.append)
        whole_run = run
        if earlier is not None:
            run = _limited(run, options, rules, earlier, Path(folder) / "earlier", counting=False)
        yield run
        if commit is not None:
            take_snapshot(options, rules, commit, whole_run.context, kept, found)


def _commit(earlier: _Earlier | None, settings: Settings, files: dict[str, Blob], folder: Path) -> Commit | None:
    """What a snapshot may tell of; None where there is nothing to compare with."""
    if earlier is None or earlier.tree is None:
        return None
    from kap_content.cli.actions.commit import Commit

    before = earlier.repository.files(earlier.tree)
    return Commit(earlier.repository, settings, files, before, earlier.differing, earlier.label, folder)


@contextmanager
def since(options: Globals, rules: RuleOptions, paths: list[Path], revision: str) -> Iterator[Run]:
    """Check the working tree and show what concerns the changes since it left `revision`."""
    root, settings = open_project(options)
    repository = Repository(root)
    tree = repository.tree(repository.fork_of(revision))
    run, _ = run_over(options, rules, paths, root, settings)
    pages = frozenset(page.path for page in run.context.project.pages)
    differing = pages if tree is None else repository.differing_here(tree)
    with TemporaryDirectory(prefix="kap-") as folder:
        earlier = _Earlier(repository, tree, revision, differing)
        yield _limited(run, options, rules, earlier, Path(folder) / "earlier", counting=True)


def _pushed_from(repository: Repository) -> str | None:
    """The tree that pre-commit compares with when it is run on a range of commits, or None."""
    before, after = os.environ.get("PRE_COMMIT_FROM_REF"), os.environ.get("PRE_COMMIT_TO_REF")
    if not before or not after:
        return None
    try:
        return repository.tree(repository.fork_of(before, after))
    except KapError:  # not here: then all is checked
        return None


def _limited(run: Run, options: Globals, rules: RuleOptions, earlier: _Earlier, folder: Path, *, counting: bool) -> Run:
    """The run with only what the change touches or breaks. Without `counting`, nothing is run needlessly."""
    context, outcome = run.context, run.outcome
    if earlier.tree is None:
        return replace(run, since=Since(earlier.label, fingerprints(outcome)))
    pages = frozenset(page.path for page in context.project.pages if page.path in earlier.differing)
    everything = fingerprints(outcome)
    nothing_else = replace(run, since=Since(earlier.label, frozenset()))
    on_pages = Touched(pages, frozenset(), frozenset())
    concerns = Concerns(context, outcome.findings)
    if not counting and everything <= about(on_pages, context.project.pages, concerns):
        return nothing_else  # the earlier state need not even be read
    past, known = _opened(earlier, options, rules, run, folder)
    shown = about(touched(past.project, context.project, pages), context.project.pages, concerns)
    if not counting and everything <= shown:
        return nothing_else
    before = check(past, known)
    ran = frozenset(rule.code for rule in selected(all_rules(), context.settings.rules))
    new = everything - fingerprints(before)
    findings = tuple(finding for finding in run.findings if finding.fingerprint in shown | new)
    compared = Since(earlier.label, new, gone_since(before, outcome, ran), len(run.findings) - len(findings))
    return replace(run, findings=findings, since=compared)


def _opened(
    earlier: _Earlier, options: Globals, rules: RuleOptions, run: Run, folder: Path
) -> tuple[Context, tuple[Rule, ...]]:
    """The project as it was, and the rules for it. One that could not be read then had no findings."""
    assert earlier.tree is not None
    files = earlier.repository.files(earlier.tree)
    try:
        settings = _unpacked_settings(earlier.repository, files, folder, run.root)
        _unpack(earlier.repository, files, settings, folder)
        past, kept = opened(options, rules, run.root, settings, folder)
    except KapError:
        return Context.of(Project(run.context.settings), rules.as_of, release=rules.release), ()
    return past, kept.rules


def _unpack(repository: Repository, files: dict[str, Blob], settings: Settings, folder: Path) -> None:
    """Write what is read of the project, but for its settings."""
    is_read = reading(settings)
    wanted = {path: blob for path, blob in files.items() if path not in SETTINGS and is_read(path)}
    repository.write(wanted, folder)


def _unpacked_settings(repository: Repository, files: dict[str, Blob], folder: Path, root: Path) -> Settings:
    """The settings as git has them; those of the working tree where git has none."""
    folder.mkdir(parents=True)
    repository.write({path: files[path] for path in SETTINGS if path in files}, folder)
    return read_settings(folder if has_settings(folder) else root)


def _is_read(earlier: _Earlier, settings: Settings, folder: Path) -> bool:
    """Whether anything that differs is part of the project."""
    if any(map(reading(settings), earlier.differing.difference(SETTINGS))):
        return True
    if earlier.tree is None or not earlier.differing.intersection(SETTINGS):
        return False
    files = earlier.repository.files(earlier.tree)
    if not any(path in files for path in SETTINGS):
        return True
    try:
        before = _unpacked_settings(earlier.repository, files, folder / "settings", folder)
    except KapError:
        return True
    return replace(before, places={}) != replace(settings, places={})
