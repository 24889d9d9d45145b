"""A context that notes what the rules about one page look at.

What was found on a page holds for as long as all that was noted is the same. A rule need not say what it looks at, and
cannot forget to. Only claims, references and records by their names, settings and word lists, and the day can be noted;
a rule that looks at anything else (another page, an abstract) ends with `LooksFurther`, and its page is not kept.

What rules keep for themselves between pages by a registry (`Same(claims)`) must begin with a look at how large the
registry is: that is noted as a look at all of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import ItemsView, Iterator, Mapping, ValuesView
from datetime import date
from typing import TypeVar

from kap_content.model.project import Context, Project

V = TypeVar("V")

Note = tuple[str, str]
"""What was looked at: the kind of thing, and its name."""

ALL = "*"
"""The name that stands for all things of a kind; no id or key is so short and odd that it matters which."""
DAY: Note = ("day", "")
RELEASE: Note = ("release", "")


class LooksFurther(Exception):  # noqa: N818 - not an error: the page is judged without being kept
    """A rule about one page looks at what is not noted."""


class _Watched(Mapping[str, V]):
    """A registry by name that notes what is looked up in it."""

    __slots__ = ("_all", "_kind", "_notes")

    def __init__(self, kind: str, everything: Mapping[str, V], notes: set[Note]) -> None:
        self._kind = kind
        self._all = everything
        self._notes = notes

    def __getitem__(self, name: str) -> V:
        self._notes.add((self._kind, name))
        return self._all[name]

    def __contains__(self, name: object) -> bool:
        self._notes.add((self._kind, str(name)))
        return name in self._all

    def __iter__(self) -> Iterator[str]:
        self._notes.add((self._kind, ALL))
        return iter(self._all)

    def __len__(self) -> int:
        self._notes.add((self._kind, ALL))
        return len(self._all)

    def items(self) -> ItemsView[str, V]:
        self._notes.add((self._kind, ALL))
        return self._all.items()

    def values(self) -> ValuesView[V]:
        self._notes.add((self._kind, ALL))
        return self._all.values()


class _WatchedProject(Project):
    """Settings, word lists and records; what is not set here ends in `__getattr__`."""

    __slots__ = ()

    def __getattr__(self, name: str) -> object:
        raise LooksFurther(name)


class _WatchedContext(Context):
    """Claims, references and the project; the day and the mode are noted, all else is too far."""

    __slots__ = ("_notes", "_of")
    _notes: set[Note]
    _of: Context

    def __getattr__(self, name: str) -> object:
        if name == "as_of":
            self._notes.add(DAY)
            return self._of.as_of
        if name == "release":
            self._notes.add(RELEASE)
            return self._of.release
        raise LooksFurther(name)


class Watch:
    """Watches what is looked at in `context`, one page after the other, and tells what the things noted are like.

    `texts` are hashes of the files that claims, references and records were read from, by kind: of all of a kind
    nothing else is compared.
    """

    def __init__(self, context: Context, texts: Mapping[str, str]) -> None:
        self._of = context
        self._texts = texts
        self._notes: set[Note] = set()
        self._digests: dict[Note, str] = {}
        self._registries: dict[str, Mapping[str, object]] = {
            "claim": context.claims,
            "reference": context.references,
            "record": context.project.records,
        }
        self.context = self._watched()

    def _watched(self) -> Context:
        project = object.__new__(_WatchedProject)
        object.__setattr__(project, "settings", self._of.settings)
        object.__setattr__(project, "lexicon", self._of.lexicon)
        object.__setattr__(project, "records", _Watched("record", self._of.project.records, self._notes))
        context = object.__new__(_WatchedContext)
        object.__setattr__(context, "_notes", self._notes)
        object.__setattr__(context, "_of", self._of)
        object.__setattr__(context, "project", project)
        object.__setattr__(context, "claims", _Watched("claim", self._of.claims, self._notes))
        object.__setattr__(context, "references", _Watched("reference", self._of.references, self._notes))
        return context

    def begin(self) -> None:
        """Forget what was noted of the page before."""
        self._notes.clear()

    def noted(self) -> list[Note]:
        """What was looked at since the beginning, sorted; names are left out where all of their kind was looked at."""
        whole = {kind for kind, name in self._notes if name == ALL}
        return sorted(note for note in self._notes if note[0] not in whole or note[1] == ALL)

    def digest(self, notes: list[Note]) -> str:
        """A hash of what the things noted are like now. It changes when any of them does."""
        whole = hashlib.sha256()
        for kind, name in notes:
            whole.update(f"{kind}\0{name}\0{self._one((kind, name))}\n".encode("utf-8", "surrogatepass"))
        return whole.hexdigest()

    def _one(self, note: Note) -> str:
        known = self._digests.get(note)
        if known is None:
            known = self._digests[note] = self._made(note)
        return known

    def _made(self, note: Note) -> str:
        kind, name = note
        if note == DAY:
            return _day(self._of.as_of)
        if note == RELEASE:
            return str(self._of.release)
        if name == ALL:
            return self._texts[kind]
        value = self._registries[kind].get(name)
        return hashlib.sha256(repr(value).encode("utf-8", "surrogatepass")).hexdigest()


def _day(day: date) -> str:
    return day.isoformat()
