"""Indexes of groups in a snapshot: under each name, the claims or entries that give what stands there.

What they give is kept with them where JSON can hold it as it is; else it is asked of them when somebody looks.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from typing import Any, Protocol, TypeVar, cast

from kap_content.cache.facts import index_kind
from kap_content.cache.plain import dumped
from kap_content.cache.snapshot import Changed, Entry, Snapshot
from kap_content.model.claim import Claim
from kap_content.model.project import Context, Groups
from kap_content.model.reference import Reference

V = TypeVar("V")
V_co = TypeVar("V_co", covariant=True)
Given = tuple[str, list[Any] | None]
"""The name of a claim or entry, and what it gives, where that is kept."""


class Named(Protocol[V_co]):
    """Claims or entries by their names, and in an order."""

    def __getitem__(self, name: str) -> V_co:
        """The one of this name."""

    def number(self, name: str) -> float:
        """Where it stands in the order."""


def entries_of(index: Groups[Any], context: Context) -> list[Entry]:
    """What a snapshot keeps of an index."""
    found: dict[str, dict[str, list[Any]]] = {}
    for thing in index.things(context.project):
        for name, value in index.given(thing):
            found.setdefault(name, {}).setdefault(name_of(thing), []).append(value)
    return [(name, dumped([_kept(*given) for given in groups.items()])) for name, groups in found.items()]


def _kept(name: str, values: list[Any]) -> Given:
    return name, values if all(map(_is_plain, values)) else None


def name_of(thing: Claim | Reference) -> str:
    """The id of a claim, the key of an entry."""
    return thing.id if isinstance(thing, Claim) else thing.key


def _is_plain(value: object) -> bool:
    return all(map(_is_plain, value)) if isinstance(value, tuple) else isinstance(value, str | int)


def _read(plain: Any) -> Any:
    return tuple(map(_read, plain)) if isinstance(plain, list) else plain


class Grouped(Mapping[str, tuple[V, ...]]):
    """An index of groups as the snapshot keeps it, and what edits of claims or entries make of it."""

    def __init__(self, snapshot: Snapshot, index: Groups[V], things: Named[Any]) -> None:
        self.index = index
        self._kind = index_kind(index)
        self._snapshot = snapshot
        self._things = things
        self._edited: dict[str, list[Given]] = {}
        self._read: dict[str, tuple[V, ...]] = {}

    def __getitem__(self, name: str) -> tuple[V, ...]:
        if name not in self._read:
            given = self._given(name)
            if not given:
                raise KeyError(name)
            self._read[name] = tuple(value for giver, kept in given for value in self._values(name, giver, kept))
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        names = dict.fromkeys(name for name, _ in self._snapshot.things(self._kind))
        return (name for name in {**names, **dict.fromkeys(self._edited)} if self._given(name))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def only_other(self, thing: str, name: str) -> list[str]:
        """The claim or entry that but for `thing` alone gives what stands under a name, if that is so."""
        others = [giver for giver, _ in self._given(name) if giver != thing]
        return others if len(others) == 1 else []

    def edit(self, thing: str, before: Claim | Reference | None, now: Claim | Reference | None) -> Iterator[str]:
        """Take it that a claim or entry has become another; gives the names under which that makes a difference."""
        old, new = self._by_name(before), self._by_name(now)
        for name in {**old, **new}:
            if old.get(name) == new.get(name):
                continue
            given = [each for each in self._given(name) if each[0] != thing]
            if name in new:
                number = self._things.number(thing)
                at = bisect_left(given, number, key=lambda each: self._things.number(each[0]))
                given.insert(at, _kept(thing, new[name]))
            self._edited[name] = given
            self._read.pop(name, None)
            yield name

    def changes(self) -> Iterator[Changed]:
        """What edits make of what the snapshot holds."""
        return (Changed(self._kind, name, dumped(given) if given else None) for name, given in self._edited.items())

    def _by_name(self, thing: Claim | Reference | None) -> dict[str, list[V]]:
        found: dict[str, list[V]] = {}
        for name, value in self.index.given(thing) if thing is not None else ():
            found.setdefault(name, []).append(value)
        return found

    def _given(self, name: str) -> list[Given]:
        if name in self._edited:
            return self._edited[name]
        try:
            return [(giver, kept) for giver, kept in cast("list[Given]", self._snapshot.thing(self._kind, name))]
        except KeyError:
            return []

    def _values(self, name: str, giver: str, kept: list[Any] | None) -> list[V]:
        if kept is not None:
            return [_read(value) for value in kept]
        return [value for under, value in self.index.given(self._things[giver]) if under == name]
