"""A context that notes what rules look at while they judge one thing: a page, a claim, an entry.

What was found holds for as long as all that was noted is the same. A rule need not say what it looks at, and cannot
forget to: claims, references, records and all else a project holds by name are noted by their names, what stands in an
index by the index's and the entry's; the day is noted as the days on which every comparison with it comes out the same.
A rule that looks at anything else ends with `LooksFurther`, and what it found is not kept.

What rules keep for themselves between pages by a registry (`Same(claims)`) must begin with a look at how large the
registry is: that is noted as a look at all of it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, ItemsView, Iterator, Mapping, ValuesView
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar, cast

from kap_content.cache.facts import ALL, BY_NAME, FIGURE_DATA, RELEASE, WHOLE, Note, index_kind
from kap_content.model.claim import Claim
from kap_content.model.page import Page
from kap_content.model.project import ClaimSearch, Context, Index, Mention, Project, Use
from kap_content.works.uses import figure_data_by_page

V = TypeVar("V")

_A_DAY = timedelta(days=1)


class LooksFurther(Exception):  # noqa: N818 - not an error: what is judged is judged without being kept
    """A rule looks at what is not noted."""


@dataclass(slots=True)
class Noted:
    """What was looked at, and the days (both included) on which the same would be found."""

    names: set[Note]
    since: date = date.min
    until: date = date.max

    def begin(self) -> None:
        """Forget all."""
        self.names.clear()
        self.since, self.until = date.min, date.max

    @property
    def notes(self) -> list[Note]:
        """What was looked at, sorted; names are left out where all of their kind was looked at."""
        whole = {kind for kind, name in self.names if name == ALL}
        return sorted(note for note in self.names if note[0] not in whole or note[1] == ALL)


class _Watched(Mapping[str, V]):
    """A registry by name that notes what is looked up in it."""

    __slots__ = ("_all", "_kind", "_notes", "_show")

    def __init__(
        self, kind: str, everything: Mapping[str, V], notes: set[Note], show: Callable[[V], V] | None = None
    ) -> None:
        self._kind = kind
        self._all = everything
        self._notes = notes
        self._show = show

    def __getitem__(self, name: str) -> V:
        self._notes.add((self._kind, name))
        value = self._all[name]
        return value if self._show is None else self._show(value)

    def __contains__(self, name: object) -> bool:
        self._notes.add((self._kind, str(name)))
        return name in self._all

    def __iter__(self) -> Iterator[str]:
        return iter(self._whole())

    def __len__(self) -> int:
        return len(self._whole())

    def items(self) -> ItemsView[str, V]:
        return self._whole().items()

    def values(self) -> ValuesView[V]:
        return self._whole().values()

    def _whole(self) -> Mapping[str, V]:
        """All of it, where that can be noted."""
        if self._kind not in WHOLE:
            raise LooksFurther(self._kind)
        self._notes.add((self._kind, ALL))
        return self._all


class _WatchedDay(date):
    """The day: of comparisons it is noted on which days they come out the same, of all else that it is this day."""

    _noted: Noted

    def __gt__(self, other: date, /) -> bool:
        return self._from(other + _A_DAY) if date.__gt__(self, other) else not self._to(other)

    def __ge__(self, other: date, /) -> bool:
        return self._from(other) if date.__ge__(self, other) else not self._to(other - _A_DAY)

    def __lt__(self, other: date, /) -> bool:
        return not self >= other

    def __le__(self, other: date, /) -> bool:
        return not self > other

    def _from(self, day: date) -> bool:
        self._noted.since = max(self._noted.since, day)
        return True

    def _to(self, day: date) -> bool:
        self._noted.until = min(self._noted.until, day)
        return True

    @property
    def year(self) -> int:
        """The year: the same from its first day to its last."""
        year: int = date.year.__get__(self)
        self._from(date(year, 1, 1))
        self._to(date(year, 12, 31))
        return year

    @property
    def month(self) -> int:
        """The month, on this day only."""
        return self.exactly().month

    @property
    def day(self) -> int:
        """The day of the month, on this day only."""
        return self.exactly().day

    def exactly(self) -> date:
        """The day as any other; what is found holds on this day only."""
        day = date.fromordinal(date.toordinal(self))
        self._from(day)
        self._to(day)
        return day


def _on_that_day(name: str) -> Callable[..., object]:
    """A method of dates as one of the watched day: its result is of that day."""

    @functools.wraps(getattr(date, name))
    def method(self: _WatchedDay, *details: object, **named: object) -> object:
        return getattr(self.exactly(), name)(*details, **named)

    return method


_COMPARED = frozenset({"__gt__", "__ge__", "__lt__", "__le__", "year", "month", "day", "min", "max", "resolution"})
_OF_CLASSES = frozenset({"today", "fromtimestamp", "fromordinal", "fromisoformat", "fromisocalendar"})
_OF_OBJECTS = frozenset(dir(object)) - {"__eq__", "__ne__", "__hash__", "__str__", "__repr__", "__format__"}
for _name in frozenset(dir(date)) - _COMPARED - _OF_CLASSES - _OF_OBJECTS:
    setattr(_WatchedDay, _name, _on_that_day(_name))


class _WatchedPage(Page):
    """A page that a claim or entry is used on: its path is known from the use, all else is noted."""

    __slots__ = ("_notes", "_of")
    _notes: set[Note]
    _of: Page

    def __getattr__(self, name: str) -> object:
        self._notes.add(("page", self.path))
        return getattr(self._of, name)


class WatchedProject(Project):
    """Settings, word lists and what is looked up by name; what is not set here ends in `__getattr__`."""

    __slots__ = ()

    def __getattr__(self, name: str) -> object:
        raise LooksFurther(name)


class _WatchedContext(Context):
    """What is looked up by name is noted, and the day and the mode; all else is too far."""

    __slots__ = ("_noted", "_of", "_watch")
    _noted: Noted
    _of: Context
    _watch: Watch

    def __getattr__(self, name: str) -> object:
        if name == "as_of":
            day = _WatchedDay(*self._of.as_of.timetuple()[:3])
            day._noted = self._noted  # noqa: SLF001 - there is no other way into a date
            return day
        if name == "release":
            self._noted.names.add(RELEASE)
            return self._of.release
        raise LooksFurther(name)

    def index(self, index: Index[V]) -> Mapping[str, V]:
        """The index, its entries watched."""
        return self._watch.index(index)


class Watch:
    """Watches what is looked at in `context`, one thing after the other.

    With `whole` the context is of a whole project; without it, of one that lacks its pages: whoever looks for them
    looks too far. Of the page that is judged `figure_data` then has the data of the figures, by its path.
    """

    def __init__(self, context: Context, *, whole: bool) -> None:
        self._of = context
        self._whole = whole
        self.noted = Noted(set())
        self._indexes: dict[object, Mapping[str, object]] = {}
        self.figure_data: Mapping[str, object] = {}
        self.context = self._watched()

    def _watched(self) -> Context:
        notes, of = self.noted.names, self._of
        project = object.__new__(WatchedProject)
        for name in ("settings", "lexicon"):
            object.__setattr__(project, name, getattr(of.project, name))
        for name, kind in BY_NAME.items():
            object.__setattr__(project, name, _Watched(kind, getattr(of.project, name), notes))
        context = object.__new__(_WatchedContext)
        object.__setattr__(context, "_noted", self.noted)
        object.__setattr__(context, "_of", of)
        object.__setattr__(context, "_watch", self)
        object.__setattr__(context, "project", project)
        object.__setattr__(context, "claims", _Watched("claim", of.claims, notes))
        object.__setattr__(context, "references", _Watched("reference", of.references, notes))
        if self._whole:
            object.__setattr__(context, "uses", _Watched("use", of.uses, notes, self._uses))
            object.__setattr__(context, "mentions", _Watched("mention", of.mentions, notes, self._mentions))
        return context

    def index(self, index: Index[V]) -> Mapping[str, V]:
        """An index whose entries are watched. One that needs pages is not to be had without them."""
        if not self._whole and index is figure_data_by_page:
            return cast("Mapping[str, V]", _Watched(FIGURE_DATA, self.figure_data, self.noted.names))
        if index not in self._indexes:
            made = self._of.index(index) if self._whole else index.make(Without.of(self._of, PAGES_AND_DAY))
            show = self._found if isinstance(index, ClaimSearch) else None
            self._indexes[index] = _Watched(index_kind(index), made, self.noted.names, show)
        return cast("Mapping[str, V]", self._indexes[index])

    def _found(self, found: object) -> object:
        """A claim that was found by a text: it is looked at as if by its id."""
        assert isinstance(found, Claim)
        self.noted.names.add(("claim", found.id))
        return found

    def _uses(self, uses: tuple[Use, ...]) -> tuple[Use, ...]:
        return tuple(Use(self._page(use.page), use.mark) for use in uses)

    def _mentions(self, mentions: tuple[Mention, ...]) -> tuple[Mention, ...]:
        return tuple(Mention(self._page(mention.page), mention.citation) for mention in mentions)

    def _page(self, page: Page) -> Page:
        watched = object.__new__(_WatchedPage)
        object.__setattr__(watched, "path", page.path)
        object.__setattr__(watched, "_of", page)
        object.__setattr__(watched, "_notes", self.noted.names)
        return watched


PAGES_AND_DAY = frozenset({"pages", "uses", "mentions", "figure_data", "as_of"})
DATA = frozenset({"claims", "references"})


class Without:
    """A context, or its project, without some of its fields: whoever looks for these looks too far."""

    def __init__(self, of: object, fields: frozenset[str]) -> None:
        self._of = of
        self._fields = fields

    @classmethod
    def of(cls, context: Context, fields: frozenset[str]) -> Context:
        """The context so."""
        return cast("Context", cls(context, fields))

    def __getattr__(self, name: str) -> object:
        if name in self._fields:
            raise LooksFurther(name)
        value = getattr(self._of, name)
        return Without(value, self._fields) if isinstance(value, Project) else value
