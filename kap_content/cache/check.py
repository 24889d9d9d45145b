"""How what was found before saves work: read this file to know all of it.

A project of many pages is checked like any other, with two differences. Its pages are not read but known
(`known.KnownPage`): the head, marks and citations that rules about the whole project look at come from the cache, the
text only when somebody asks for it. And the rules about single pages answer from memory (`Kept.rules`). The engine, the
suppressions and the reports do not know of it. So nothing has two ways of being computed, and with and without the
cache the same bytes come out; the tests change projects at random and compare.

What is kept of a page holds

1. for its content: the hash of its text; a file that looks the same (times, size, inode) is not even read;
2. for the variant: the tool's own files, the settings and word lists, and the rules that run;
3. for the ground: what its rules looked at outside the page. While they ran everything they looked up was noted
   (`watch.Watch`): claims, references and records by name, all of them where all were looked through, the day where the
   day mattered. As long as the files of claims, references and lock are the same, it all holds (`Row.ground`); else the
   noted things are compared one by one (`Row.digest`), and only the pages that use what changed are judged again.

Pages that are not known are judged in several processes (`judge.judged`). Rules about the whole project run each time,
over outlines. All of it lies in one SQLite file (`store.Store`), which may be missing, damaged, locked, or of another
version at any time: then pages are judged anew. Small projects do without.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from kap_content.cache.judge import Judged, Task, hits_of, judged, notes_of, workers
from kap_content.cache.known import PageChangedError, content_hash, known_page
from kap_content.cache.store import Row, Store
from kap_content.cache.watch import DAY, RELEASE, Note, Watch
from kap_content.checking.engine import page_check, selected
from kap_content.load.doubts import with_doubts
from kap_content.load.figure.data import read_figure_data
from kap_content.load.lock import LOCK
from kap_content.load.project import files, load_project, read_inside, read_page
from kap_content.load.text import PAGE_LIMIT, Unreadable
from kap_content.load.whole import CACHE
from kap_content.model.finding import Problem
from kap_content.model.page import Page
from kap_content.model.progress import Progress, unheard
from kap_content.model.project import Context, Project
from kap_content.model.settings import Settings
from kap_content.model.shard import WHOLE, Shard
from kap_content.rules._rule import Hit, Rule, Scope, all_rules

FEW = 8
"""A project of so few pages is read whole: that is quicker than asking what is known of it."""

_KINDS = {"claim": "claims", "reference": "bibliography"}
_SAVED_AT_ONCE = 1000
"""Pages; a run that is killed has lost no more."""
_TICK = 20_000_000  # nanoseconds; clocks of file systems are coarser than the processor's
_COARSE_TICK = 2_000_000_000  # of file systems that count in whole milliseconds or seconds


@dataclass(frozen=True, slots=True)
class Kept:
    """A project, and the rules that run over it: those about single pages answer from memory where they can."""

    project: Project
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be checked, and how.

    `tool` changes with the tool's own files; without it nothing is kept. `source` is the folder that is read, where it
    is not `root`, whose cache and local full texts are used (staged content is unpacked elsewhere). With a `shard` only
    its pages are judged; of the others the first shard has the outlines, the rest nothing.
    """

    root: Path
    settings: Settings
    as_of: date
    release: bool = False
    tool: str = ""
    source: Path | None = None
    shard: Shard = WHOLE

    @property
    def folder(self) -> Path:
        """The folder that is read."""
        return self.source or self.root


def open_kept(asked: Asked, progress: Progress = unheard, opened: Callable[[str], None] = lambda _path: None) -> Kept:
    """Read a project for a check.

    `progress` hears of each page that has to be judged, `opened` of the files that other processes opened for it.
    """
    rules = selected(all_rules(), asked.settings.rules)
    problems: list[Problem] = []
    paths = files(asked.folder, asked.settings, "pages", problems)
    if asked.shard == WHOLE and (len(paths) <= FEW or (not asked.tool and workers() == 1)):
        return Kept(load_project(asked.folder, asked.settings, texts_in=asked.root, progress=progress), rules)
    began = time.time_ns()
    named = _data_files(asked)
    looks, texts = _looks(asked.folder, named), _texts(asked.folder, named)
    # Of the data alone; a project without pages is read as any other.
    data = load_project(asked.folder, replace(asked.settings, pages=()), texts_in=asked.root)
    data = replace(data, settings=asked.settings, problems=(*problems, *data.problems))
    if _looks(asked.folder, named) != looks:  # somebody is writing: nothing is known of the ground
        if asked.shard != WHOLE:
            raise PageChangedError("files were changed while they were read", help="Run it again.")
        return Kept(load_project(asked.folder, asked.settings, texts_in=asked.root, progress=progress), rules)
    codes = tuple(rule.code for rule in rules if page_check(rule) is not None)
    task = Task(asked.folder, Context.of(data, asked.as_of, release=asked.release), codes, texts)
    known = _Pages(asked, task, began).all(paths, progress, opened)
    memory = _Memory(known)
    wanted = paths if asked.shard.is_first else [path for path in paths if asked.shard.owns(path)]
    return Kept(_with_pages(data, known, wanted, asked), tuple(_remembering(rule, memory) for rule in rules))


def _with_pages(data: Project, known: Mapping[str, Row], paths: list[str], asked: Asked) -> Project:
    """The project with its pages, those that are not known read."""
    folder = asked.folder

    def text(path: str) -> str:
        found = read_inside(folder, path, limit=PAGE_LIMIT)
        if isinstance(found, Unreadable):
            raise PageChangedError(f"{path} cannot be read any more", help=found.problem.help)
        return found.text

    pages: list[Page] = []
    for path in paths:
        row = known.get(path)
        pages.append(
            read_page(folder, path) if row is None else known_page(path, json.loads(row.outline), row.content, text)
        )
    figure_data, wrong = read_figure_data(pages, lambda path: read_inside(folder, path, limit=PAGE_LIMIT))
    review, approvals = data.settings.review, data.approvals
    if review.author_may_not_approve:  # whom the pages name
        approvals = with_doubts(approvals, folder, review, pages)
    problems = (*data.problems, *wrong)
    return replace(data, pages=tuple(pages), figure_data=figure_data, problems=problems, approvals=approvals)


class _Memory:
    """What was found on known pages, read page by page: the rules come to a page one after the other."""

    def __init__(self, known: Mapping[str, Row]) -> None:
        self._known = known
        self._path = ""
        self._hits: dict[str, list[Hit]] = {}

    def hits(self, path: str, code: str) -> list[Hit] | None:
        """What the rule `code` found on the page; None where that is not known."""
        row = self._known.get(path)
        if row is None:
            return None
        if path != self._path:
            self._path, self._hits = path, hits_of(row.hits)
        return self._hits.get(code, [])


def _remembering(rule: Rule, memory: _Memory) -> Rule:
    """The rule, answering for known pages with what it found before."""
    check = page_check(rule)
    if check is None:
        return rule

    def remembered(page: Page, context: Context) -> Iterator[Hit]:
        hits = memory.hits(page.path, rule.code)
        yield from check(page, context) if hits is None else hits

    return replace(rule, check=remembered) if rule.scope is Scope.PAGE else replace(rule, on_pages=remembered)


class _Pages:
    """What is known of a project's pages, and what has to be found out."""

    def __init__(self, asked: Asked, task: Task, began: int) -> None:
        self._asked = asked
        self._task = task
        self._began = began
        self._watch = Watch(task.context, task.texts)
        self._ground = _hash(repr(sorted(task.texts.items())))
        self._dated = f"{self._ground}/{asked.as_of}/{asked.release}"
        self._straight: dict[str, bool] = {}
        words = [(name, _file_hash(asked.folder / path)) for name, path in sorted(asked.settings.word_files.items())]
        variant = _hash(repr((asked.tool, asked.settings, words, task.codes)))
        self._store = Store(asked.root / CACHE, variant) if asked.tool else None

    def all(self, paths: list[str], progress: Progress, opened: Callable[[str], None]) -> dict[str, Row]:
        """What is known of the pages in the end, by path; of those that are not here nothing is.

        Pages of other shards are not judged; of those the first shard has the outlines.
        """
        shard = self._asked.shard
        own = [path for path in paths if shard.owns(path)]
        theirs = [path for path in paths if not shard.owns(path)] if shard.is_first else []
        kept = self._store.rows() if self._store is not None else {}
        found: dict[str, Row] = {}
        changed: list[Row] = []
        for path in (*own, *theirs):
            row = self._holding(kept[path]) if path in kept else None
            if row is not None:
                found[path] = row
                if row is not kept[path]:
                    changed.append(row)
        missing = [path for path in own if path not in found]
        stamps = {path: self._stamp(path) for path in missing}
        for number, result in enumerate(judged(missing, self._task, progress, opened), 1):
            if result is not None:
                row = found[result.path] = self._row(result, stamps[result.path])
                changed.append(row)
            if number % _SAVED_AT_ONCE == 0:
                self._save(changed)
                changed = []
        gone = set(kept) - set(paths) if self._asked.source is None else ()
        if changed or gone:
            self._save(changed, gone)
        unknown = [path for path in theirs if path not in found]
        for result in judged(unknown, replace(self._task, codes=()), opened=opened):
            if result is not None:
                found[result.path] = self._row(result, "")
        return found

    def _save(self, rows: list[Row], gone: Iterable[str] = ()) -> None:
        if self._store is not None:
            self._store.save(rows, gone)

    def _holding(self, row: Row) -> Row | None:
        """The row, brought up to date, if it holds still."""
        stamp = self._stamp(row.path)
        if not stamp or stamp != row.stamp:
            text = read_inside(self._asked.folder, row.path, limit=PAGE_LIMIT)
            if isinstance(text, Unreadable) or content_hash(text.text) != row.content:
                return None
        ground = row.ground
        if ground not in (self._ground, self._dated):
            notes = notes_of(row.noted)
            if self._watch.digest(notes) != row.digest:
                return None
            ground = self._ground_of(notes)
        if self._asked.source is not None:
            return row  # the row of the project's own page stays as it is
        stamp = self._settled(stamp)
        return row if (stamp, ground) == (row.stamp, row.ground) else replace(row, stamp=stamp, ground=ground)

    def _row(self, found: Judged, stamp: str) -> Row:
        ground = self._ground_of(notes_of(found.noted))
        return Row(
            found.path,
            self._settled(stamp),
            found.content,
            ground,
            found.noted,
            found.digest,
            found.hits,
            found.outline,
        )

    def _ground_of(self, notes: list[Note]) -> str:
        return self._dated if DAY in notes or RELEASE in notes else self._ground

    def _stamp(self, path: str) -> str:
        """What the file at `path` looks like; empty where it is reached by a link, or is not the project's own."""
        if self._asked.source is not None:
            return ""
        folder = path.rpartition("/")[0]
        if folder not in self._straight:
            full = os.path.join(self._asked.root, folder)  # noqa: PTH118 - of ten thousand pages
            self._straight[folder] = os.path.realpath(full) == os.path.abspath(full)  # noqa: PTH100
        if not self._straight[folder]:
            return ""
        return _look(f"{self._asked.root}/{path}")

    def _settled(self, stamp: str) -> str:
        """The stamp, unless the file changed so shortly before it was read that one more change might not show."""
        if not stamp:
            return ""
        times = stamp.split("/")
        # The first time can be set by anybody, the second not; on Windows it is the time of creation.
        changed = int(times[0] if os.name == "nt" else times[1])
        return "" if changed > self._began - (_TICK if changed % 1_000_000 else _COARSE_TICK) else stamp


def _look(path: str) -> str:
    """Times, size and inode of a plain file; empty for anything else."""
    try:
        status = os.lstat(path)
    except OSError:
        return ""
    if not stat.S_ISREG(status.st_mode):
        return ""
    return f"{status.st_mtime_ns}/{status.st_ctime_ns}/{status.st_size}/{status.st_ino}"


def _data_files(asked: Asked) -> dict[str, list[str]]:
    """The files that claims, references and records come from, by kind."""
    named = {kind: files(asked.folder, asked.settings, name, []) for kind, name in _KINDS.items()}
    named["record"] = [*named["reference"], LOCK]  # a record counts where it answers the entry
    return named


def _looks(folder: Path, named: Mapping[str, list[str]]) -> dict[str, str]:
    return {path: _look(f"{folder}/{path}") for paths in named.values() for path in paths}


def _texts(folder: Path, named: Mapping[str, list[str]]) -> dict[str, str]:
    """A hash of the files of each kind."""
    return {kind: _hash(repr([(path, _file_hash(folder / path)) for path in paths])) for kind, paths in named.items()}


def _file_hash(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        return str(error.errno)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
