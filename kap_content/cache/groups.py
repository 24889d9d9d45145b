"""Indexes of groups in a snapshot: under each name, the claims or entries that give what stands there.

What they give is kept with them where JSON can hold it as it is; else it is asked of them when somebody looks. A common
word stands in thousands of wordings: a group that is `LARGE` is kept in parts, of which an edit concerns one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, Protocol, TypeVar, cast

from kap_content.cache.facts import index_kind
from kap_content.cache.plain import Plain, dumped
from kap_content.cache.snapshot import Changed, Entry, Snapshot, part_of
from kap_content.model.claim import Claim
from kap_content.model.project import Context, Groups
from kap_content.model.reference import Reference

V = TypeVar("V")
V_co = TypeVar("V_co", covariant=True)

LARGE = 64
"""So many claims or entries make a group a large one."""
_PARTS = " parts"
"""What the kind of the parts of an index's large groups ends with."""


class Given(NamedTuple):
    """Where in the order of the files a claim or entry stands, its name, and what it gives, where that is kept."""

    number: float
    name: str
    values: list[Any] | None


class Named(Protocol[V_co]):
    """Claims or entries by their names, and in an order."""

    def __getitem__(self, name: str) -> V_co:
        """The one of this name."""

    def number(self, name: str) -> float:
        """Where it stands in the order."""


def written_groups(index: Groups[Any], context: Context) -> dict[str, list[Entry]]:
    """What a snapshot keeps of an index, by kind: the groups, and the parts of large ones."""
    found: dict[str, list[Given]] = {}
    things: Iterable[Claim | Reference] = index.things(context.project)
    for number, thing in enumerate(things):
        for name, values in _by_name(index, thing).items():
            found.setdefault(name, []).append(_given(number, name_of(thing), values))
    groups: list[Entry] = []
    parts: list[Entry] = []
    for name, group in found.items():
        if len(group) < LARGE:
            groups.append((name, dumped(group)))
            continue
        count = len(group) // (LARGE // 2)
        groups.append((name, dumped({"size": len(group), "parts": count})))
        divided: list[list[Given]] = [[] for _ in range(count)]
        for each in group:
            divided[part_of(each.name, count)].append(each)
        parts += ((_part_name(name, number), dumped(part)) for number, part in enumerate(divided))
    return {index_kind(index): groups, index_kind(index) + _PARTS: parts}


def name_of(thing: Claim | Reference) -> str:
    """The id of a claim, the key of an entry."""
    return thing.id if isinstance(thing, Claim) else thing.key


def _by_name(index: Groups[V], thing: Claim | Reference | None) -> dict[str, list[V]]:
    found: dict[str, list[V]] = {}
    for name, value in index.given(thing) if thing is not None else ():
        found.setdefault(name, []).append(value)
    return found


def _given(number: float, name: str, values: list[Any]) -> Given:
    return Given(number, name, values if all(map(_is_plain, values)) else None)


def _is_plain(value: object) -> bool:
    return all(map(_is_plain, value)) if isinstance(value, tuple) else isinstance(value, str | int)


def _read(plain: Any) -> Any:
    return tuple(map(_read, plain)) if isinstance(plain, list) else plain


def _part_name(group: str, part: int) -> str:
    return dumped([group, part])


class _Stored:
    """The groups of an index as the snapshot keeps them, and as edits leave them: each as what is given, in parts."""

    def __init__(self, snapshot: Snapshot, kind: str) -> None:
        self._snapshot = snapshot
        self._kind = kind
        self._small: dict[str, list[Given]] = {}
        self._large: dict[str, dict[str, int]] = {}
        self._parts: dict[str, list[Given]] = {}
        self._edited: set[str] = set()

    def names(self) -> Iterator[str]:
        """The names of all groups that hold anything."""
        names = dict.fromkeys(name for name, _ in self._snapshot.things(self._kind))
        return (name for name in {**names, **dict.fromkeys(self._small)} if self.size(name))

    def size(self, name: str) -> int:
        """How many claims or entries a group has."""
        large = self._large_one(name)
        return large["size"] if large else len(self._small[name])

    def all(self, name: str) -> list[Given]:
        """A whole group, in order."""
        large = self._large_one(name)
        if not large:
            return self._small[name]
        parts = (self._part(_part_name(name, number)) for number in range(large["parts"]))
        return sorted((each for part in parts for each in part), key=lambda each: each.number)

    def put(self, name: str, thing: str, given: Given | None) -> None:
        """Put what a claim or entry gives now in place of what it gave."""
        large = self._large_one(name)
        part_name = _part_name(name, part_of(thing, large["parts"])) if large else name
        before = self._part(part_name) if large else self._small[name]
        now = [each for each in before if each.name != thing]
        if given is not None:
            now = sorted([*now, given], key=lambda each: each.number)
        if large:
            large["size"] += len(now) - len(before)
            self._parts[part_name] = now
            self._edited.add(part_name)
        else:
            self._small[name] = now
        self._edited.add(name)

    def changes(self) -> Iterator[Changed]:
        """What edits make of what the snapshot holds."""
        for name, large in self._large.items():
            if large and name in self._edited:
                yield Changed(self._kind, name, dumped(large))
        for name, group in self._small.items():
            if name in self._edited:
                yield Changed(self._kind, name, dumped(group) if group else None)
        for name, part in self._parts.items():
            if name in self._edited:
                yield Changed(self._kind + _PARTS, name, dumped(part))

    def _large_one(self, name: str) -> dict[str, int]:
        """The size of a large group, and the number of its parts; empty for a small one, which is at hand then."""
        if name not in self._large:
            found = self._thing(self._kind, name)
            self._large[name] = cast("dict[str, int]", dict(found)) if isinstance(found, dict) else {}
            if not self._large[name]:
                self._small[name] = _read_group(found)
        return self._large[name]

    def _part(self, name: str) -> list[Given]:
        if name not in self._parts:
            self._parts[name] = _read_group(self._thing(self._kind + _PARTS, name))
        return self._parts[name]

    def _thing(self, kind: str, name: str) -> Plain:
        try:
            return self._snapshot.thing(kind, name)
        except KeyError:
            return []


def _read_group(plain: Plain) -> list[Given]:
    return [Given(*each) for each in cast("list[tuple[float, str, list[Any] | None]]", plain)]


class Grouped(Mapping[str, tuple[V, ...]]):
    """An index of groups as the snapshot keeps it, and what edits of claims or entries make of it."""

    def __init__(self, snapshot: Snapshot, index: Groups[V], things: Named[Any]) -> None:
        self.index = index
        self._things = things
        self._stored = _Stored(snapshot, index_kind(index))
        self._read: dict[str, tuple[V, ...]] = {}

    def __getitem__(self, name: str) -> tuple[V, ...]:
        if name not in self._read:
            if not self._stored.size(name):
                raise KeyError(name)
            self._read[name] = tuple(value for given in self._stored.all(name) for value in self._values(name, given))
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return self._stored.names()

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def only_other(self, thing: str, name: str) -> list[str]:
        """The claim or entry that but for `thing` alone gives what stands under a name, if that is so."""
        if self._stored.size(name) > _A_PAIR:
            return []
        others = [given.name for given in self._stored.all(name) if given.name != thing]
        return others if len(others) == 1 else []

    def edit(self, thing: str, before: Claim | Reference | None, now: Claim | Reference | None) -> Iterator[str]:
        """Take it that a claim or entry has become another; gives the names under which that makes a difference."""
        old, new = _by_name(self.index, before), _by_name(self.index, now)
        for name in {**old, **new}:
            if old.get(name) == new.get(name):
                continue
            given = _given(self._things.number(thing), thing, new[name]) if name in new else None
            self._stored.put(name, thing, given)
            self._read.pop(name, None)
            yield name

    def changes(self) -> Iterator[Changed]:
        """What edits make of what the snapshot holds."""
        return self._stored.changes()

    def _values(self, name: str, given: Given) -> Iterable[V]:
        if given.values is not None:
            return [_read(value) for value in given.values]
        return [value for under, value in self.index.given(self._things[given.name]) if under == name]


_A_PAIR = 2
