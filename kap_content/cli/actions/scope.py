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

from kap_content.checking.changes import Since, about, fingerprints, gone_since, touched
from kap_content.checking.engine import selected
from kap_content.checking.selection import with_rules
from kap_content.checking.whole import check_project
from kap_content.cli.given import Globals, RuleOptions
from kap_content.cli.quick.start import begin
from kap_content.cli.session import Run, judge, open_project
from kap_content.load.approvals import APPROVALS
from kap_content.load.git import Blob, Repository, in_a_hook
from kap_content.load.globs import is_glob, normal, selects
from kap_content.load.lock import LOCK
from kap_content.load.project import find_root, load_project
from kap_content.load.settings import FILE, SHARED_FILE, has_settings, read_settings
from kap_content.load.whole import with_abstracts
from kap_content.model.errors import KapError
from kap_content.model.project import Context, Project
from kap_content.model.settings import Settings
from kap_content.rules._rule import all_rules

STAGED = "the last commit"
_SETTINGS = (FILE, SHARED_FILE)


@dataclass(frozen=True, slots=True)
class _Earlier:
    """The state to compare with: its tree (None: there is none yet), its name, and the paths that differ."""

    tree: str | None
    label: str
    differing: frozenset[str]


@contextmanager
def staged(options: Globals, rules: RuleOptions, paths: list[Path]) -> Iterator[Run | None]:
    """Check what a commit would hold now, as git has it; the working tree does not count. None: nothing to check.

    Where nothing is staged the committed project is checked whole (`pre-commit run --all-files`), but for a commit
    of nothing.
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
            earlier = _Earlier(base, label, differing)
        elif in_a_hook():
            earlier = _Earlier(head, label or STAGED, frozenset())
        files = repository.files(tree)
        source = Path(folder) / "staged"
        settings = _unpacked_settings(repository, files, source, root)
        if earlier is not None and not _is_read(earlier, repository, settings, Path(folder)):
            options.say("Nothing that kap reads is staged.")
            yield None  # at once: not even the rules are loaded
            return
        begin(root, keep=not options.no_cache)
        wanted = {path: blob for path, blob in files.items() if path not in _SETTINGS and _reads(settings, path)}
        repository.write(wanted, source)
        project = with_abstracts(
            load_project(source, with_rules(settings, rules.select, rules.ignore), texts_in=root), root
        )
        run = replace(_judged(root, project, rules, paths), source=source)
        yield run if earlier is None else _limited(run, repository, earlier, rules, Path(folder), counting=False)


@contextmanager
def since(options: Globals, rules: RuleOptions, paths: list[Path], revision: str) -> Iterator[Run]:
    """Check the working tree and show what concerns the changes since it left `revision`."""
    root, settings = open_project(options)
    repository = Repository(root)
    repository.tree(revision)
    fork = repository.fork_of(revision)
    tree = repository.tree(fork)
    project = with_abstracts(load_project(root, with_rules(settings, rules.select, rules.ignore)), root)
    differing = frozenset(page.path for page in project.pages) if tree is None else repository.differing_here(tree)
    run = _judged(root, project, rules, paths)
    with TemporaryDirectory(prefix="kap-") as folder:
        yield _limited(run, repository, _Earlier(tree, revision, differing), rules, Path(folder), counting=True)


def _pushed_from(repository: Repository) -> str | None:
    """The tree that pre-commit compares with when it is run on a range of commits, or None."""
    before, after = os.environ.get("PRE_COMMIT_FROM_REF"), os.environ.get("PRE_COMMIT_TO_REF")
    if not before or not after:
        return None
    try:
        return repository.tree(repository.fork_of(before, after))
    except KapError:  # not here: then all is checked
        return None


def _judged(root: Path, project: Project, rules: RuleOptions, paths: list[Path]) -> Run:
    return judge(root, Context.of(project, rules.as_of, release=rules.release), paths)


def _limited(
    run: Run, repository: Repository, earlier: _Earlier, rules: RuleOptions, folder: Path, *, counting: bool
) -> Run:
    """The run with only what the change touches or breaks. Without `counting`, nothing is run needlessly."""
    context, outcome = run.context, run.outcome
    if earlier.tree is None:
        return replace(run, since=Since(earlier.label, fingerprints(outcome)))
    project = _project_of(repository, earlier, context.project, rules, folder / "earlier", run.root)
    pages = {page.path for page in context.project.pages if page.path in earlier.differing}
    change = touched(project, context.project, pages)
    shown = about(change, context, outcome.findings)
    if not counting and all(finding.fingerprint in shown for finding in outcome.findings):
        return replace(run, since=Since(earlier.label, frozenset()))
    before = check_project(with_abstracts(project, run.root), as_of=rules.as_of, release=rules.release)
    ran = frozenset(rule.code for rule in selected(all_rules(), context.settings.rules))
    new = fingerprints(outcome) - fingerprints(before)
    findings = tuple(finding for finding in run.findings if finding.fingerprint in shown | new)
    compared = Since(earlier.label, new, gone_since(before, outcome, ran), len(run.findings) - len(findings))
    return replace(run, findings=findings, since=compared)


def _project_of(
    repository: Repository, earlier: _Earlier, after: Project, rules: RuleOptions, folder: Path, root: Path
) -> Project:
    """The project as it was, read as far as it differs. One that could not be read then had no findings."""
    assert earlier.tree is not None
    files = repository.files(earlier.tree)
    try:
        settings = _unpacked_settings(repository, files, folder, root)
        same = settings.pages == after.settings.pages
        kept = tuple(page for page in after.pages if same and page.path not in earlier.differing)
        repository.write(
            {
                path: blob
                for path, blob in files.items()
                if path not in _SETTINGS and _reads(settings, path) and not _is_kept(path, settings, earlier, same=same)
            },
            folder,
        )
        project = load_project(folder, with_rules(settings, rules.select, rules.ignore), texts_in=root)
    except KapError:
        return Project(after.settings)
    pages = {page.path: page for page in (*project.pages, *kept)}
    return replace(project, pages=tuple(pages[path] for path in sorted(pages)))


def _is_kept(path: str, settings: Settings, earlier: _Earlier, *, same: bool) -> bool:
    """Whether this is a page that did not change and need not be read again."""
    is_page = any(is_glob(pattern) and selects(pattern, path) for pattern in settings.pages)
    return same and is_page and path not in earlier.differing and not _is_data(settings, path)


def _unpacked_settings(repository: Repository, files: dict[str, Blob], folder: Path, root: Path) -> Settings:
    """The settings as git has them; those of the working tree where git has none."""
    folder.mkdir(parents=True)
    repository.write({path: files[path] for path in _SETTINGS if path in files}, folder)
    return read_settings(folder if has_settings(folder) else root)


def _is_read(earlier: _Earlier, repository: Repository, settings: Settings, folder: Path) -> bool:
    """Whether anything that differs is part of the project."""
    if any(_reads(settings, path) for path in earlier.differing if path not in _SETTINGS):
        return True
    if earlier.tree is None or not earlier.differing.intersection(_SETTINGS):
        return False
    files = repository.files(earlier.tree)
    if not any(path in files for path in _SETTINGS):
        return True
    try:
        before = _unpacked_settings(repository, files, folder / "settings", folder)
    except KapError:
        return True
    return replace(before, places={}) != replace(settings, places={})


def _reads(settings: Settings, path: str) -> bool:
    return _is_data(settings, path) or any(selects(pattern, path) for pattern in settings.pages)


def _is_data(settings: Settings, path: str) -> bool:
    keys = (settings.review.allowed_signers, settings.review.revoked_keys)
    named = {LOCK, APPROVALS, *(normal(name) for name in (*settings.word_files.values(), *filter(None, keys)))}
    if path in named or path.lower().endswith(".csv"):  # figures may be drawn from it
        return True
    return any(selects(pattern, path) for pattern in (*settings.claims, *settings.bibliography))
