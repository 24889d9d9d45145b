"""Checking a project again after some of its pages were changed, from the snapshot of its last whole check.

Nothing but the changed pages is read. What rules look up by name comes from the snapshot; what they found elsewhere is
taken from it. A claim or entry is judged again where it was judged by how a changed page shows or cites it. Where a
rule looks at more than the snapshot has, nothing comes out here, and the whole check follows.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar, cast, get_args, get_type_hints

from kap_content.cache.asked import Asked
from kap_content.cache.database import Damaged
from kap_content.cache.facts import BY_NAME, FIGURE_DATA, Note, index_kind, index_of
from kap_content.cache.found import dumped
from kap_content.cache.known import known_page, written_outline
from kap_content.cache.plain import Codec, Codecs, codec
from kap_content.cache.snapshot import PAGE, PROBLEM, Change, Head, Item, Snapshot
from kap_content.cache.watch import LooksFurther, Watch, WatchedProject
from kap_content.checking.engine import Found, Outcome, joined, page_check, part_of, selected
from kap_content.checking.suppressions import Suppressions
from kap_content.load.figure.data import read_figure_data
from kap_content.load.lexicon import read_lexicon
from kap_content.load.page import parse_page
from kap_content.load.project import read_inside
from kap_content.load.text import PAGE_LIMIT, Unreadable
from kap_content.model.claim import Claim
from kap_content.model.figure_data import FigureData
from kap_content.model.finding import Problem
from kap_content.model.page import Page, Suppression
from kap_content.model.project import Context, Index, Mention, Project, Use
from kap_content.model.reference import Reference
from kap_content.rules._rule import Hit, Scope, all_rules
from kap_content.works.uses import figure_data_by_page, figures_by_claim, figures_by_reference

MOST = 8
"""So many changed pages are checked this way; with more of them the whole check is as quick."""

V = TypeVar("V")

OF_ITEMS = (Scope.CLAIM, Scope.REFERENCE)
"""The scopes of rules whose findings may rest on what pages show."""
_USE, _MENTION = "use", "mention"
_FIGURES = {index_kind(figures_by_claim): "claims", index_kind(figures_by_reference): "keys"}
_ORDER = {Scope.PAGE: 0, Scope.CLAIM: 1, Scope.REFERENCE: 2, Scope.PROBLEM: 3}


@dataclass(frozen=True, slots=True)
class Resumed:
    """What a whole check would have found. `due` is as in the head; `change` brings the snapshot up to date."""

    outcome: Outcome
    pages: tuple[str, ...]
    head: Head
    change: Change


def resumed(snapshot: Snapshot, asked: Asked, changed: Iterable[str], seen: str) -> Resumed | None:
    """The check after the pages at `changed` were changed, and nothing else; None where it takes a whole check.

    `seen` is what all that the check rests on looked like before it began.
    """
    paths = snapshot.names(PAGE)
    names = sorted(changed)
    if not names or len(names) > MOST or not set(paths).issuperset(names):
        return None
    try:
        return _Resumption(snapshot, asked, seen, paths).over(names)
    except (sqlite3.Error, Damaged):
        raise
    except Exception:  # noqa: BLE001 - LooksFurther, or a fault that shows in the whole check
        return None


@dataclass(frozen=True, slots=True)
class _Changed:
    """A page before and after; the data of its figures, and what is wrong with that."""

    old: Page
    new: Page
    data: tuple[FigureData, ...]
    wrong: tuple[Problem, ...]


class _Resumption:
    def __init__(self, snapshot: Snapshot, asked: Asked, seen: str, paths: list[str]) -> None:
        self._snapshot = snapshot
        self._asked = asked
        self._seen = seen
        self._paths = paths
        self._rules = selected(all_rules(), asked.settings.rules)
        self._pages = _Pages(snapshot, asked)
        self._context = self._lazy_context()
        self._watch = Watch(self._context, whole=True)
        self._links: list[tuple[Note, Item]] = []

    def over(self, paths: list[str]) -> Resumed:
        changes = [self._change(path) for path in paths]
        data = {change.new.path: change.data for change in changes}
        self._context.indexes[figure_data_by_page] = _OfChanged(data)
        found: dict[Item, list[Found]] = {}
        for change in changes:
            found[PAGE, change.new.path] = self._on_page(change.new)
            found[Scope.PROBLEM, change.new.path] = self._on_problems(change)
        for scope, name in self._affected(changes):
            found[scope, name] = self._on_item(Scope(scope), name)
        head = self._head(changes)
        return Resumed(
            self._outcome(found, head),
            tuple(self._paths),
            head,
            Change(
                self._snapshot.head.seen,
                head,
                [(change.new.path, dumped(written_outline(change.new))) for change in changes],
                self._links,
                [(item, written_hits((each.rule.code, each.hit) for each in kept)) for item, kept in found.items()],
            ),
        )

    def _change(self, path: str) -> _Changed:
        text = read_inside(self._asked.folder, path, limit=PAGE_LIMIT)
        if isinstance(text, Unreadable):
            raise LooksFurther(path)
        old, new = self._pages[path], parse_page(path, text.text)
        self._pages.changed[path] = new
        data, wrong = read_figure_data([new], lambda name: read_inside(self._asked.folder, name, limit=PAGE_LIMIT))
        return _Changed(old, new, data, wrong)

    def _on_page(self, page: Page) -> list[Found]:
        item = (PAGE, page.path)
        self._links += ((note, item) for note in shown_on(page))
        checks = [(rule, check) for rule in self._rules if (check := page_check(rule)) is not None]
        return [
            Found(Scope.PAGE, page.path, rule, hit)
            for rule, check in checks
            for hit in check(page, self._watch.context)
        ]

    def _on_problems(self, change: _Changed) -> list[Found]:
        return [
            Found(Scope.PROBLEM, change.new.path, rule, hit)
            for problem in (*change.wrong, *change.new.problems)
            for rule in self._rules
            if rule.scope is Scope.PROBLEM
            for hit in rule.check(problem, self._watch.context)
        ]

    def _on_item(self, scope: Scope, name: str) -> list[Found]:
        """What the rules find on a claim or entry as it is shown now."""
        item = self._context.claims[name] if scope is Scope.CLAIM else self._context.references[name]
        noted = self._watch.noted
        noted.begin()
        rules = [rule for rule in self._rules if rule.scope is scope]
        found = [Found(scope, name, rule, hit) for rule in rules for hit in rule.check(item, self._watch.context)]
        self._links += links_of((scope, name), noted.names, self._snapshot.head.of_pages)
        return found

    def _affected(self, changes: Iterable[_Changed]) -> list[Item]:
        """The claims and entries that were judged by what is another now."""
        of_pages = self._snapshot.head.of_pages
        notes = {note for change in changes for note in _differing(change, of_pages)}
        return sorted(
            {(scope, name) for note in notes for scope in OF_ITEMS for name in self._snapshot.linked(note, scope)}
        )

    def _outcome(self, found: Mapping[Item, list[Found]], head: Head) -> Outcome:
        rules = {rule.code: rule for rule in self._rules}
        numbered = [(Scope(scope), self._snapshot.number(scope, name), items) for (scope, name), items in found.items()]
        for number, (scope, name), written in self._snapshot.hits():
            if (scope, name) not in found:
                items = [Found(Scope(scope), name, rules[code], hit) for code, hit in read_hits(written)]
                numbered.append((Scope(scope), number, items))
        numbered.sort(key=lambda each: (_ORDER[each[0]], each[1]))
        paths = frozenset(self._paths)
        suppressions = Suppressions(self._suppressions(head), paths, self._context)
        everything = (item for _, _, items in numbered for item in items)
        return joined([part_of(everything, self._rules, self._context, suppressions, paths)])

    def _suppressions(self, head: Head) -> Iterator[Suppression]:
        return (suppression for path in head.suppressing for suppression in self._pages[path].suppressions)

    def _head(self, changes: list[_Changed]) -> Head:
        head = self._snapshot.head
        paths = {change.new.path for change in changes}
        suppressing = [path for path in head.suppressing if path not in paths]
        suppressing += [change.new.path for change in changes if change.new.suppressions]
        due = head.due if all(_due(change.old) == _due(change.new) for change in changes) else []
        return replace(head, seen=self._seen, suppressing=suppressing, due=due)

    def _lazy_context(self) -> Context:
        """A context in which all is read from the snapshot when it is asked for; what is not there is too far."""
        snapshot, asked = self._snapshot, self._asked
        project = object.__new__(WatchedProject)
        object.__setattr__(project, "settings", asked.settings)
        object.__setattr__(project, "lexicon", read_lexicon(asked.settings, asked.folder))
        for name, kind in BY_NAME.items():
            object.__setattr__(project, name, _Things(snapshot, kind, codec(value_type(Project, name))))
        problems = _Things(snapshot, PROBLEM, codec(Problem))
        object.__setattr__(project, "problems", tuple(problems.values()))  # for indexes; rules do not get at it
        context = Context(
            project,
            asked.as_of,
            asked.release,
            _Things(snapshot, "claim", codec(Claim)),
            _Things(snapshot, "reference", codec(Reference)),
            _Shown(self._pages, _USE, Use),
            _Shown(self._pages, _MENTION, Mention),
        )
        for kind in _FIGURES:
            context.indexes[index_of(kind)] = _Shown(self._pages, kind, lambda _page, figure: figure)
        codecs = naming(context)
        for kind in snapshot.head.indexes:
            index = index_of(kind)
            context.indexes[index] = _Things(snapshot, kind, codecs.of(index_type(index)))
        return context


def _differing(change: _Changed, of_pages: Iterable[str]) -> Iterator[Note]:
    """What claims and entries may have looked at and what is another now, as they note it."""
    yield "page", change.new.path
    before, now = shown_on(change.old), shown_on(change.new)
    for note in before.keys() | now.keys():
        if before.get(note) != now.get(note):
            yield note
    if change.old.figures != change.new.figures:
        yield from ((kind, change.new.path) for kind in of_pages)


def _due(page: Page) -> object:
    """What decides on which day anything of a page, or of what it shows, falls due."""
    return page.meta.next_review_due, page.suppressions, frozenset(shown_on(page))


def shown_on(page: Page) -> dict[Note, list[Any]]:
    """What a page shows, cites and draws, as rules look it up, with the marks, citations and figures that do."""
    shown: dict[Note, list[Any]] = {}
    for mark in page.marks:
        shown.setdefault((_USE, mark.claim), []).append(mark)
    for citation in page.citations:
        shown.setdefault((_MENTION, citation.key), []).append(citation)
    for kind, names in _FIGURES.items():
        for figure in page.figures:
            for name in getattr(figure, names):
                shown.setdefault((kind, name), []).append(figure)
    return shown


def links_of(item: Item, notes: Iterable[Note], of_pages: Iterable[str]) -> Iterator[tuple[Note, Item]]:
    """The links of a claim or entry to what pages decide, of all that was looked at."""
    kinds = {_USE, _MENTION, "page", *_FIGURES, *of_pages}
    return ((note, item) for note in notes if note[0] in kinds)


def written_hits(found: Iterable[tuple[str, Hit]]) -> str:
    """What was found, each with its rule's code. Places are as they are: no file that they are in has changed."""
    write = codec(Hit).write
    return dumped([[code, write(hit)] for code, hit in found])


def read_hits(written: object) -> Iterator[tuple[str, Hit]]:
    """What `written_hits` wrote, as it was read back."""
    read = codec(Hit).read
    return ((code, read(plain)) for code, plain in cast("list[tuple[str, object]]", written))


def value_type(owner: type, name: str) -> type[Any]:
    """The type of the values of a mapping that is a field of a data class."""
    return cast("type[Any]", get_args(get_type_hints(owner)[name])[1])


def index_type(index: Index[V]) -> type[V]:
    """The type of an index's entries."""
    return cast("type[V]", get_args(get_type_hints(index.make)["return"])[1])


def naming(context: Context) -> Codecs:
    """Codecs that write claims and entries by their names."""
    return Codecs({Claim: _by_name(context.claims, "id"), Reference: _by_name(context.references, "key")})


def _by_name(named: Mapping[str, V], field: str) -> Codec[V]:
    return Codec(lambda value: cast("str", getattr(value, field)), lambda name: named[cast("str", name)])


class _Things(Mapping[str, V]):
    """What stands in the snapshot under one kind, read when it is asked for."""

    def __init__(self, snapshot: Snapshot, kind: str, codec: Codec[V]) -> None:
        self._snapshot = snapshot
        self._kind = kind
        self._codec = codec
        self._read: dict[str, V] = {}
        self._names: list[str] | None = None

    def __getitem__(self, name: str) -> V:
        if name not in self._read:
            self._read[name] = self._codec.read(self._snapshot.thing(self._kind, name))
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        if self._names is None:
            self._names = self._snapshot.names(self._kind)
        return iter(self._names)

    def __len__(self) -> int:
        return len(list(iter(self)))


class _Pages:
    """The pages by their paths: those that were changed, and the outlines of the others."""

    def __init__(self, snapshot: Snapshot, asked: Asked) -> None:
        self._snapshot = snapshot
        self._asked = asked
        self._known: dict[str, Page] = {}
        self.changed: dict[str, Page] = {}

    def __getitem__(self, path: str) -> Page:
        if path in self.changed:
            return self.changed[path]
        if path not in self._known:
            self._known[path] = known_page(path, self._snapshot.thing(PAGE, path), None, self._text)
        return self._known[path]

    def linked(self, note: Note) -> list[Page]:
        """The pages that may show or cite what is noted, in the order of the project."""
        paths = {*self._snapshot.linked(note, PAGE), *self.changed}
        return [self[path] for path in sorted(paths, key=lambda path: self._snapshot.number(PAGE, path))]

    def _text(self, path: str) -> str:
        text = read_inside(self._asked.folder, path, limit=PAGE_LIMIT)
        if isinstance(text, Unreadable):
            raise LooksFurther(path)
        return text.text


class _Shown(Mapping[str, tuple[V, ...]]):
    """Where pages show, cite or draw things, by their names; `made` makes an entry of a page and its mark."""

    def __init__(self, pages: _Pages, kind: str, made: Callable[[Page, Any], V]) -> None:
        self._pages = pages
        self._kind = kind
        self._made = made

    def __getitem__(self, name: str) -> tuple[V, ...]:
        note = (self._kind, name)
        pages = self._pages.linked(note)
        found = tuple(self._made(page, mark) for page in pages for mark in shown_on(page).get(note, ()))
        if not found:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        raise LooksFurther(self._kind)

    def __len__(self) -> int:
        raise LooksFurther(self._kind)


class _OfChanged(Mapping[str, tuple[FigureData, ...]]):
    """The data of figures on the pages that were changed; whoever asks for those of others looks too far."""

    def __init__(self, data: Mapping[str, tuple[FigureData, ...]]) -> None:
        self._data = data

    def __getitem__(self, path: str) -> tuple[FigureData, ...]:
        if path not in self._data:
            raise LooksFurther(path)
        if not self._data[path]:
            raise KeyError(path)
        return self._data[path]

    def __iter__(self) -> Iterator[str]:
        raise LooksFurther(FIGURE_DATA)

    def __len__(self) -> int:
        raise LooksFurther(FIGURE_DATA)
