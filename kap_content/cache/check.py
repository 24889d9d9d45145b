"""How what was found before saves work: read this file to know all of it.

A project is checked like any other, with two differences. Its pages are not read but known (`known.KnownPage`): the
head, marks and citations that rules about claims and entries look at come from the cache, the text only when somebody
asks for it. And the rules about single pages, claims and entries answer from memory (`pages`, `items`). The engine, the
suppressions and the reports do not know of it. So nothing has two ways of being computed, and with and without the
cache the same bytes come out; the tests change projects at random and compare.

What is kept of a page, a claim or an entry holds

1. for its content: the hash of a page's text (a file that looks the same by times, size and inode is not even read); of
   a claim or entry its lines, wherever in the file they stand;
2. for the variant: the tool's own files, the settings and word lists, and the rules that run;
3. for what its rules looked at elsewhere. While they ran everything they looked up was noted (`watch.Watch`): claims,
   references, records, places of use by name, entries of indexes, all of a kind where all were looked through, and the
   days on which every comparison with the date comes out the same. The noted things are compared by digests
   (`facts.Facts`), and only what rests on something that changed is judged again. As long as the files of claims,
   references and lock are the same, what is kept of pages holds without that (`Row.ground`).

Pages that are not known are judged in several processes (`judge.judged`). All of it lies in one SQLite file
(`store.Store`), which may be missing, damaged, locked, or of another version at any time: then all is judged anew.

Where nothing but some pages, claims or entries were changed since the last check, or the day is a later one, not even
that is needed. A `snapshot` has how the project stood; `edits` finds what was edited in a data file, `links` lead from
that to all that was judged by it, and `resume` judges those pages, claims and entries again, and what is not found for
ever. All else is taken from the snapshot, bit by bit (`lazy`, `groups`, `places`).
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from kap_content.cache.asked import Asked, Kept
from kap_content.cache.facts import Texts
from kap_content.cache.found import codecs_by
from kap_content.cache.items import Items
from kap_content.cache.judge import Task, workers
from kap_content.cache.known import PageChangedError, known_page
from kap_content.cache.pages import Pages, PagesMemory
from kap_content.cache.store import Row, Store
from kap_content.checking.engine import page_check, selected
from kap_content.load.doubts import with_doubts
from kap_content.load.figure.data import read_figure_data
from kap_content.load.inside import CACHE, LOCK, files, read_inside
from kap_content.load.looks import look
from kap_content.load.project import load_project, read_page
from kap_content.load.text import PAGE_LIMIT, Unreadable, unify_line_ends
from kap_content.model.finding import Problem
from kap_content.model.page import Page
from kap_content.model.progress import Progress, unheard
from kap_content.model.project import Context, Project
from kap_content.model.shard import WHOLE
from kap_content.rules._rule import Rule, Scope, all_rules

FEW = 8
"""A project of so few pages is read whole: that is quicker than asking what is known of it."""

_KINDS = {"claim": "claims", "reference": "bibliography"}


def open_kept(asked: Asked, progress: Progress = unheard, opened: Callable[[str], None] = lambda _path: None) -> Kept:
    """Read a project for a check.

    `progress` hears of each page that has to be judged, `opened` of the files that other processes opened for it.
    """
    rules = selected(all_rules(), asked.settings.rules)
    problems: list[Problem] = []
    paths = files(asked.folder, asked.settings, "pages", problems)
    if asked.shard == WHOLE and not asked.tool and (len(paths) <= FEW or workers() == 1):
        return Kept(load_project(asked.folder, asked.settings, texts_in=asked.root, progress=progress), rules)
    began = time.time_ns()
    named = _data_files(asked)
    looks, texts = _looks(asked.folder, named), _texts(asked.folder, named)
    store = Store(asked.root / CACHE, _variant(asked, rules)) if asked.tool else None
    if asked.shard == WHOLE and len(paths) <= FEW:
        project = load_project(asked.folder, asked.settings, texts_in=asked.root, progress=progress)
        if _looks(asked.folder, named) != looks:
            return Kept(project, rules)
        items = Items(rules, store, texts, {})
        return Kept(
            project, tuple(map(items.remembering, rules)), _save(items, asked), items.notes, items.until, texts=texts
        )
    # Of the data alone; a project without pages is read as any other.
    data = load_project(asked.folder, replace(asked.settings, pages=()), texts_in=asked.root)
    data = replace(data, settings=asked.settings, problems=(*problems, *data.problems))
    if _looks(asked.folder, named) != looks:  # somebody is writing: nothing is known of the ground
        if asked.shard != WHOLE:
            raise PageChangedError("files were changed while they were read", help="Run it again.")
        return Kept(load_project(asked.folder, asked.settings, texts_in=asked.root, progress=progress), rules)
    codes = tuple(rule.code for rule in rules if page_check(rule) is not None)
    task = Task(asked.folder, Context.of(data, asked.as_of, release=asked.release), codes, texts)
    pages = Pages(task, store, began, asked)
    known = pages.all(paths, progress, opened)
    memory = PagesMemory(known, codecs_by(pages.facts.anchors))
    outlines = {path: row.outline for path, row in known.items()}
    items = Items(rules, store, texts, outlines)
    wanted = paths if asked.shard.is_first else [path for path in paths if asked.shard.owns(path)]
    return Kept(
        _with_pages(data, known, wanted, asked),
        tuple(items.remembering(memory.remembering(rule)) for rule in rules),
        _save(items, asked),
        lambda: {**items.notes(), **{(Scope.PAGE, path): row.noted for path, row in known.items()}},
        lambda: {**items.until(), **{(Scope.PAGE, path): row.until for path, row in known.items()}},
        outlines,
        texts,
    )


def _save(items: Items, asked: Asked) -> Callable[[], None]:
    """What keeps the findings; those in another folder than the project's own are not kept."""
    return items.save if asked.source is None else lambda: None


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


def _data_files(asked: Asked) -> dict[str, list[str]]:
    """The files that claims, references and records come from, by kind."""
    named = {kind: files(asked.folder, asked.settings, name, []) for kind, name in _KINDS.items()}
    named["record"] = [*named["reference"], LOCK]  # a record counts where it answers the entry
    return named


def _looks(folder: Path, named: Mapping[str, list[str]]) -> dict[str, str]:
    return {path: look(f"{folder}/{path}") for paths in named.values() for path in paths}


def _texts(folder: Path, named: Mapping[str, list[str]]) -> Texts:
    """The data files, and a hash of those of each kind."""
    data = {path: _bytes(folder / path) for paths in named.values() for path in paths}
    hashes = {path: hashlib.sha256(found).hexdigest() for path, found in data.items()}
    kinds = {kind: _hash(repr([(path, hashes[path]) for path in paths])) for kind, paths in named.items()}
    read = {path: data[path] for kind in _KINDS for path in named[kind]}
    texts = {path: unify_line_ends(found.decode("utf-8-sig", "replace")) for path, found in read.items()}
    return Texts(kinds, texts, tuple(named["reference"]))


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        return str(error.errno).encode()


def _variant(asked: Asked, rules: tuple[Rule, ...]) -> str:
    """What all that is kept rests on: the tool, the settings, the word lists and the rules that run."""
    words = [(name, _bytes(asked.folder / path)) for name, path in sorted(asked.settings.word_files.items())]
    return _hash(repr((asked.tool, asked.settings, words, [rule.code for rule in rules])))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
