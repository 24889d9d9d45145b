"""A project's context that is read from its snapshot bit by bit, as rules ask for it.

What is not in the snapshot is too far: `LooksFurther`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar, cast, get_args, get_type_hints

from kap_content.cache.asked import Asked
from kap_content.cache.facts import BY_NAME, FIGURE_DATA, Note, index_of
from kap_content.cache.found import codecs_by
from kap_content.cache.groups import Grouped
from kap_content.cache.known import known_page
from kap_content.cache.links import CLAIM, FIGURES, MENTION, REFERENCE, USE, scope_of, shown_on
from kap_content.cache.places import Places
from kap_content.cache.plain import Codec, dumped
from kap_content.cache.snapshot import PAGE, PROBLEM, Changed, Snapshot
from kap_content.cache.watch import LooksFurther, WatchedProject
from kap_content.load.inside import read_inside
from kap_content.load.lexicon import read_lexicon
from kap_content.load.text import PAGE_LIMIT, Unreadable
from kap_content.model.claim import Claim
from kap_content.model.figure_data import FigureData
from kap_content.model.finding import Problem
from kap_content.model.page import Page
from kap_content.model.project import Context, Groups, Index, Mention, Project, Use
from kap_content.model.reference import Reference
from kap_content.rules._rule import Scope

V = TypeVar("V")


class Lazy:
    """A context that is read from the snapshot, and what edits of data files make of it."""

    def __init__(self, snapshot: Snapshot, asked: Asked, pages: LazyPages) -> None:
        self.places = Places(snapshot)
        codecs = self.codecs = codecs_by(self.places)
        project = object.__new__(WatchedProject)
        object.__setattr__(project, "settings", asked.settings)
        object.__setattr__(project, "lexicon", read_lexicon(asked.settings, asked.folder))
        for name, kind in BY_NAME.items():
            object.__setattr__(project, name, Things(snapshot, kind, codecs.of(value_type(Project, name))))
        problems = tuple(codecs.of(Problem).read(problem) for _, problem in snapshot.things(PROBLEM))
        object.__setattr__(project, "problems", problems)  # for indexes; rules do not get at it
        self.claims = Things(snapshot, CLAIM, codecs.of(Claim))
        self.references = Things(snapshot, REFERENCE, codecs.of(Reference))
        self.context = Context(
            project,
            asked.as_of,
            asked.release,
            self.claims,
            self.references,
            _Shown(pages, USE, Use),
            _Shown(pages, MENTION, Mention),
        )
        indexes = self.context.indexes
        for kind in FIGURES:
            indexes[index_of(kind)] = _Shown(pages, kind, lambda _page, figure: figure)
        self.groups: list[Grouped[Any]] = []
        for kind in snapshot.head.indexes:
            index = index_of(kind)
            if isinstance(index, Groups):
                self.groups.append(Grouped(snapshot, index, self.things(scope_of(index))))
                indexes[index] = self.groups[-1]
            else:
                indexes[index] = Things(snapshot, kind, codecs.of(index_type(index)))

    def things(self, scope: Scope) -> Things[Any]:
        """The claims, or the entries."""
        return self.claims if scope is Scope.CLAIM else self.references

    def changes(self) -> Iterator[Changed]:
        """What edits make of what the snapshot holds."""
        yield from self.claims.changes()
        yield from self.references.changes()
        yield from (changed for group in self.groups for changed in group.changes())
        yield from self.places.changes()


def value_type(owner: type, name: str) -> type[Any]:
    """The type of the values of a mapping that is a field of a data class."""
    return cast("type[Any]", get_args(get_type_hints(owner)[name])[1])


def index_type(index: Index[V]) -> type[V]:
    """The type of an index's entries."""
    return cast("type[V]", get_args(get_type_hints(index.of)["return"])[1])


class Things(Mapping[str, V]):
    """What stands in the snapshot under one kind, read when it is asked for, and what edits make of it."""

    def __init__(self, snapshot: Snapshot, kind: str, codec: Codec[V]) -> None:
        self.kind = kind
        self._snapshot = snapshot
        self._codec = codec
        self._read: dict[str, V] = {}
        self._edited: dict[str, float | None] = {}

    def __getitem__(self, name: str) -> V:
        if self._edited.get(name, 0) is None:
            raise KeyError(name)
        if name not in self._read:
            self._read[name] = self._codec.read(self._snapshot.thing(self.kind, name))
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        names = [name for name, _ in self._snapshot.things(self.kind)]
        if self._edited:
            names = sorted((name for name in {*names, *self._edited} if name in self), key=self.number)
        return iter(names)

    def __len__(self) -> int:
        gone = sum(number is None for number in self._edited.values())
        return self._snapshot.count(self.kind) - gone + sum(map(self._is_new, self._edited))

    def number(self, name: str) -> float:
        """Where in the order of the files a thing stands."""
        number = self._edited.get(name)
        return self._snapshot.number(self.kind, name) if number is None else number

    def put(self, name: str, value: V, number: float) -> None:
        """Take it that a thing has become another, or has come."""
        self._read[name] = value
        self._edited[name] = number

    def remove(self, name: str) -> None:
        """Take it that a thing has gone."""
        self._edited[name] = None

    def changes(self) -> Iterator[Changed]:
        """What edits make of what the snapshot holds."""
        for name, number in self._edited.items():
            value = None if number is None else dumped(self._codec.write(self._read[name]))
            yield Changed(self.kind, name, value, number or 0)

    def _is_new(self, name: str) -> bool:
        try:
            self._snapshot.number(self.kind, name)
        except KeyError:
            return True
        return False


class LazyPages:
    """The pages by their paths: those that were changed, and the outlines of the others."""

    def __init__(self, snapshot: Snapshot, asked: Asked) -> None:
        self._snapshot = snapshot
        self._asked = asked
        self._known: dict[str, Page] = {}
        self._numbers = {path: number for number, path in enumerate(snapshot.head.pages)}
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
        return [self[path] for path in sorted(paths, key=self._numbers.__getitem__)]

    def _text(self, path: str) -> str:
        text = read_inside(self._asked.folder, path, limit=PAGE_LIMIT)
        if isinstance(text, Unreadable):
            raise LooksFurther(path)
        return text.text


class _Shown(Mapping[str, tuple[V, ...]]):
    """Where pages show, cite or draw things, by their names; `made` makes an entry of a page and its mark."""

    def __init__(self, pages: LazyPages, kind: str, made: Callable[[Page, Any], V]) -> None:
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


class DataOfChanged(Mapping[str, tuple[FigureData, ...]]):
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
