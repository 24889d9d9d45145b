"""A project's context that is read from its snapshot bit by bit, as rules ask for it.

What is not in the snapshot is too far: `LooksFurther`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar, cast, get_args, get_type_hints

from kap_content.cache.asked import Asked
from kap_content.cache.facts import BY_NAME, FIGURE_DATA, Note, index_kind, index_of
from kap_content.cache.known import known_page
from kap_content.cache.plain import Codec, Codecs, codec
from kap_content.cache.snapshot import PAGE, PROBLEM, Item, Snapshot
from kap_content.cache.watch import LooksFurther, WatchedProject
from kap_content.load.inside import read_inside
from kap_content.load.lexicon import read_lexicon
from kap_content.load.text import PAGE_LIMIT, Unreadable
from kap_content.model.claim import Claim
from kap_content.model.figure_data import FigureData
from kap_content.model.finding import Problem
from kap_content.model.page import Page
from kap_content.model.project import Context, Index, Mention, Project, Use
from kap_content.model.reference import Reference
from kap_content.works.uses import figure_data_by_page, figures_by_claim, figures_by_reference

V = TypeVar("V")

_USE, _MENTION = "use", "mention"
_FIGURES = {index_kind(figures_by_claim): "claims", index_kind(figures_by_reference): "keys"}
OF_PAGES = frozenset({*_FIGURES, index_kind(figure_data_by_page)})
"""The kinds of what stands in indexes of pages, as far as it is known what a change of pages does to them."""


def lazy_context(snapshot: Snapshot, asked: Asked, pages: LazyPages) -> Context:
    """A context in which all is read from the snapshot when it is asked for; what is not there is too far."""
    project = object.__new__(WatchedProject)
    object.__setattr__(project, "settings", asked.settings)
    object.__setattr__(project, "lexicon", read_lexicon(asked.settings, asked.folder))
    for name, kind in BY_NAME.items():
        object.__setattr__(project, name, _Things(snapshot, kind, codec(value_type(Project, name))))
    problems = tuple(codec(Problem).read(problem) for _, problem in snapshot.things(PROBLEM))
    object.__setattr__(project, "problems", problems)  # for indexes; rules do not get at it
    context = Context(
        project,
        asked.as_of,
        asked.release,
        _Things(snapshot, "claim", codec(Claim)),
        _Things(snapshot, "reference", codec(Reference)),
        _Shown(pages, _USE, Use),
        _Shown(pages, _MENTION, Mention),
    )
    for kind in _FIGURES:
        context.indexes[index_of(kind)] = _Shown(pages, kind, lambda _page, figure: figure)
    codecs = naming(context)
    for kind in snapshot.head.indexes:
        index = index_of(kind)
        context.indexes[index] = _Things(snapshot, kind, codecs.of(index_type(index)))
    return context


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


def links_of(item: Item, notes: Iterable[Note]) -> Iterator[tuple[Note, Item]]:
    """The links of a claim or entry to what pages decide, of all that was looked at."""
    kinds = {_USE, _MENTION, "page", *OF_PAGES}
    return ((note, item) for note in notes if note[0] in kinds)


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

    def __getitem__(self, name: str) -> V:
        if name not in self._read:
            self._read[name] = self._codec.read(self._snapshot.thing(self._kind, name))
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return (name for name, _ in self._snapshot.things(self._kind))

    def __len__(self) -> int:
        return self._snapshot.count(self._kind)


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
