"""`.kap_cache/snapshot.db`: how a project stood at the end of its last whole check.

With it a change of some pages needs nothing but those to be read (`resume`). What it holds, by kind and name:

- *things*: claims, entries, records and all else that rules look up by name, entries of indexes, the outlines of pages,
  and where claims and entries stand in their files;
- *links*: by what is noted of something, the pages, claims and entries that were judged by it;
- *hits*: what was found on each page, claim and entry, and of problems in each file, where anything was;
- *days*: by the last day on which the same is found, the pages, claims and entries of which that is so.

A *head* tells what the check rested on. All is JSON in one SQLite file (`database`), so that reading it runs nothing.
What stands under one kind is divided into buckets by a hash of the names, and each bucket is compressed as a whole: so
damage shows, and also that something is not there is certain.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple, TypeVar, cast

from kap_content.cache.database import Damaged, Database
from kap_content.cache.facts import Note
from kap_content.cache.plain import Plain, dumped

FILE = "snapshot.db"
STAGED = "staged.db"
"""The snapshot of what was staged when it was last checked as a whole."""
VERSION = 5
PAGE = "page"
"""The kind of things that pages are, and the scope of links that are theirs."""
PROBLEM = "problem"
"""The kind of what could not be read of the data; the names are numbers."""
LINKS, HITS = "links", "hits"
BLOCKS, BLOCK, BEGIN = "blocks", "block", "begin"
"""The kinds of what tells where claims and entries stand in their files (`places`)."""
OF_PAGES = (PAGE, LINKS, HITS)
"""The kinds that a change of pages changes; all else holds as long as the data are the same."""
NEVER = date.max.isoformat()
"""The last day on which something is found that no day changes."""
_DAYS = "days "
"""What the kinds of days begin with: there is one for each month, since few are asked for at once."""

_IN_BUCKET = 16
_SCHEMA = """
CREATE TABLE head (value BLOB NOT NULL);
CREATE TABLE buckets (
    kind TEXT NOT NULL, number INTEGER NOT NULL, value BLOB NOT NULL, PRIMARY KEY (kind, number)
) WITHOUT ROWID;
"""

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Head:
    """What the check rested on, and what it said that no page can change.

    `basis` is the tool and the like; `seen` what the `places` looked like. It is of the `day`, and up to `until` the
    same is found on everything. `pages` are the paths of all pages in the order of the project, `suppressing` of those
    with suppression comments, `unnoted` of those of which it is not known what they were judged by. `editable` are the
    paths of data files of which a part can be read without the rest. `indexes` are the kinds of things that stand in
    indexes of the data. `due` holds the report's next day on which something falls due, where it was asked for.
    `sizes` tells of each kind how many things it has, and in how many buckets. Days are ISO dates.
    """

    basis: str
    day: str
    until: str
    places: list[str]
    seen: str
    claims: int
    references: int
    unchecked: int
    pages: list[str]
    suppressing: list[str]
    unnoted: list[str]
    editable: list[str]
    indexes: list[str]
    due: list[str | None]
    sizes: dict[str, tuple[int, int]]

    @property
    def state(self) -> tuple[str, str]:
        """What tells one snapshot of a project from the next."""
        return self.day, self.seen


Item = tuple[str, str]
"""What was judged: its scope and its name."""
Entry = tuple[str, str]
"""A name, and a value as JSON."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What is written. `things` are the entries of each kind, with their number; they need never be there all at once.

    With `since` there are no `things`: those hold still, with their sizes in the head, of the snapshot whose head
    had that `state`; if another is there by now, nothing is written.
    """

    since: tuple[str, str] | None
    head: Head
    things: Iterable[tuple[str, int, Iterable[Entry]]]
    pages: Iterable[Entry]
    links: Iterable[tuple[Note, Item]]
    hits: Iterable[tuple[Item, str]]
    days: Iterable[tuple[str, Item]]


class Changed(NamedTuple):
    """What has become of the thing of a kind and name: JSON, or None where it is no longer there.

    `number` is its place in the order of its kind, where that matters.
    """

    kind: str
    name: str
    value: str | None
    number: float = 0


@dataclass(frozen=True, slots=True)
class Change:
    """What has become of some things, pages among them, and of all that was judged again for them.

    It is made only to the snapshot whose head had the `state` `since`. Links and days that are no longer true may stay:
    whoever follows them looks at what is there.
    """

    since: tuple[str, str]
    head: Head
    things: Sequence[Changed]
    links: Sequence[tuple[Note, Item]]
    hits: Sequence[tuple[Item, str]]
    days: Sequence[tuple[str, Item]]


class Snapshot:
    """The snapshot as it stands, read bucket by bucket. Any method may raise `Damaged`."""

    def __init__(self, base: sqlite3.Connection, head: Head) -> None:
        self._base = base
        self.head = head
        self._read: dict[tuple[str, int], dict[str, Any]] = {}

    def thing(self, kind: str, name: str) -> Plain:
        """The thing of this kind and name; `KeyError` where there is none."""
        return self._numbered(kind, name)[1]

    def number(self, kind: str, name: str) -> float:
        """Where in the order of its kind a thing stands; `KeyError` where there is none."""
        return self._numbered(kind, name)[0]

    def count(self, kind: str) -> int:
        """How many things of a kind there are."""
        return self._size(kind)[0]

    def things(self, kind: str) -> list[tuple[str, Plain]]:
        """All things of a kind, by name, in order."""
        _, buckets = self._size(kind)
        found = [item for number in range(buckets) for item in self._bucket(kind, number).items()]
        return [(name, value) for name, (_, value) in sorted(found, key=lambda item: cast("float", item[1][0]))]

    def linked(self, note: Note, scope: str) -> list[str]:
        """The names of the items of a scope that have a link to what is noted."""
        try:
            items = cast("list[list[str]]", self.thing(LINKS, _key(note)))
        except KeyError:
            return []
        return [name for of, name in items if of == scope]

    def ended_by(self, day: str) -> tuple[set[Item], str]:
        """What is to be judged again on a day, as it was found for days before; and until when all else holds."""
        ended: set[Item] = set()
        if day <= self.head.until:
            return ended, self.head.until
        months = (kind for kind in self.head.sizes if kind.startswith(_DAYS) and kind >= _month(self.head.day))
        for kind in sorted(months):
            days = sorted(cast("list[str]", json.loads(key)) for key, _ in self.things(kind))
            ended.update((scope, name) for until, scope, name in days if self.head.day <= until < day)
            until = next((until for until, _, _ in days if until >= day), None)
            if until is not None:
                return ended, until
        return ended, NEVER

    def found(self, scope: str, name: str) -> Plain:
        """What was found on one page, claim or entry."""
        try:
            return self.thing(HITS, _key((scope, name)))
        except KeyError:
            return []

    def hits(self) -> Iterator[tuple[Item, Plain]]:
        """All that was found."""
        for key, found in self.things(HITS):
            scope, name = json.loads(key)
            yield (scope, name), found

    def _numbered(self, kind: str, name: str) -> tuple[float, Plain]:
        _, buckets = self._size(kind)
        if not buckets:
            raise KeyError(name)
        return cast("tuple[float, Plain]", self._bucket(kind, part_of(name, buckets))[name])

    def _size(self, kind: str) -> tuple[int, int]:
        return self.head.sizes.get(kind, (0, 0))

    def _bucket(self, kind: str, number: int) -> dict[str, Any]:
        if (kind, number) not in self._read:
            self._read[kind, number] = _bucket(self._base, kind, number)
        return self._read[kind, number]


class SnapshotFile:
    """The file in a project's cache folder."""

    def __init__(self, folder: Path, name: str = FILE) -> None:
        self._base = Database(folder / name, VERSION, _SCHEMA)

    def read(self, work: Callable[[Snapshot], R]) -> R | None:
        """What `work` makes of the snapshot; None where there is none that can be used."""

        def read(base: sqlite3.Connection) -> R | None:
            head = _head(base)
            return None if head is None else work(Snapshot(base, head))

        return self._base.read(read)

    def write(self, contents: Contents) -> None:
        """Write a snapshot in place of the one that is there."""
        self._base.write(lambda base: _write(base, contents))

    def change(self, change: Change) -> None:
        """Bring the snapshot up to date, if it is still the one that the change was made for."""
        self._base.write(lambda base: _change(base, change))


def _write(base: sqlite3.Connection, contents: Contents) -> None:
    if contents.since and _head_since(base, contents.since, contents.head) is None:
        return
    links: dict[str, dict[Item, None]] = {}
    for note, item in contents.links:
        links.setdefault(_key(note), {})[item] = None
    hits = [(_key(item), found) for item, found in contents.hits]
    of_pages: list[tuple[str, int, Iterable[Entry]]] = [
        (PAGE, len(contents.head.pages), contents.pages),
        (LINKS, len(links), ((key, dumped(list(items))) for key, items in links.items())),
        (HITS, len(hits), hits),
        *((kind, len(days), days) for kind, days in _by_month(contents.days)),
    ]
    sizes = {kind: size for kind, size in contents.head.sizes.items() if not kind.startswith(_DAYS)}
    for kind, count, entries in chain(contents.things, of_pages):
        base.execute("DELETE FROM buckets WHERE kind = ?", (kind,))
        sizes[kind] = _fill(base, kind, count, entries)
    kinds = ",".join("?" * len(sizes))
    base.execute(f"DELETE FROM buckets WHERE kind NOT IN ({kinds})", tuple(sizes))  # noqa: S608 - question marks
    base.execute("DELETE FROM head")
    head = replace(contents.head, sizes=sizes)
    base.execute("INSERT INTO head VALUES (?)", (_packed(dumped(asdict(head))),))


def _fill(base: sqlite3.Connection, kind: str, count: int, entries: Iterable[Entry]) -> tuple[int, int]:
    """Write all things of a kind, of which there are `count`; gives their number, and that of their buckets."""
    buckets: list[list[str]] = [[] for _ in range(count // _IN_BUCKET + 1)]
    for number, (name, value) in enumerate(entries):
        buckets[part_of(name, len(buckets))].append(f"{dumped(name)}:[{number},{value}]")
    base.executemany(
        "INSERT INTO buckets VALUES (?, ?, ?)",
        ((kind, number, _packed(f"{{{','.join(bucket)}}}")) for number, bucket in enumerate(buckets)),
    )
    return count, len(buckets)


def _change(base: sqlite3.Connection, change: Change) -> None:
    head = _head_since(base, change.since, change.head)
    if head is None:
        return
    buckets = _Buckets(base, dict(head.sizes))
    for changed in change.things:
        buckets.put(changed)
    for note, item in change.links:
        key = _key(note)
        items = buckets.of(LINKS, key).setdefault(key, [0, []])[1]
        if list(item) not in items:
            items.append(list(item))
    for item, found in change.hits:
        key = _key(item)
        buckets.of(HITS, key)[key] = [0, json.loads(found)]
    for kind, days in _by_month(change.days):
        for key, _ in days:
            buckets.of(kind, key)[key] = [0, 0]
    buckets.write()
    head = replace(change.head, sizes=buckets.sizes)
    base.execute("UPDATE head SET value = ?", (_packed(dumped(asdict(head))),))


class _Buckets:
    """Buckets that are being changed."""

    def __init__(self, base: sqlite3.Connection, sizes: dict[str, tuple[int, int]]) -> None:
        self._base = base
        self.sizes = sizes
        self._read: dict[tuple[str, int], dict[str, Any]] = {}

    def of(self, kind: str, name: str) -> dict[str, Any]:
        """The bucket that the thing is in, or is to be put into."""
        if kind not in self.sizes:
            self.sizes[kind] = _fill(self._base, kind, 0, ())
        number = part_of(name, self.sizes[kind][1])
        if (kind, number) not in self._read:
            self._read[kind, number] = _bucket(self._base, kind, number)
        return self._read[kind, number]

    def put(self, changed: Changed) -> None:
        """Put a thing in the place of the one that was there."""
        bucket = self.of(changed.kind, changed.name)
        count, buckets = self.sizes[changed.kind]
        count -= bucket.pop(changed.name, None) is not None
        if changed.value is not None:
            bucket[changed.name] = [changed.number, json.loads(changed.value)]
        self.sizes[changed.kind] = count + (changed.value is not None), buckets

    def write(self) -> None:
        """Write what has become of them."""
        self._base.executemany(
            "UPDATE buckets SET value = ? WHERE kind = ? AND number = ?",
            [(_packed(dumped(things)), kind, number) for (kind, number), things in self._read.items()],
        )


def _by_month(days: Iterable[tuple[str, Item]]) -> list[tuple[str, list[Entry]]]:
    """Days and the items that they are the last for, as the entries of each month's kind."""
    months: dict[str, list[Entry]] = {}
    for until, item in days:
        if until != NEVER:
            months.setdefault(_month(until), []).append((dumped([until, *item]), "0"))
    return list(months.items())


def _month(day: str) -> str:
    return f"{_DAYS}{day[:7]}"


def _bucket(base: sqlite3.Connection, kind: str, number: int) -> dict[str, Any]:
    row = base.execute("SELECT value FROM buckets WHERE kind = ? AND number = ?", (kind, number)).fetchone()
    if row is None:
        raise Damaged(kind)
    return cast("dict[str, Any]", _unpacked(row[0]))


def _head_since(base: sqlite3.Connection, since: tuple[str, str], following: Head) -> Head | None:
    """The head that is there, if it has the state `since` and rests on the same."""
    head = _head(base)
    return head if head is not None and (head.state, head.basis) == (since, following.basis) else None


def _head(base: sqlite3.Connection) -> Head | None:
    row = base.execute("SELECT value FROM head").fetchone()
    try:
        return None if row is None else Head(**cast("dict[str, Any]", _unpacked(row[0])))
    except TypeError as error:
        raise Damaged from error


def _key(note: Note | Item) -> str:
    return dumped(note)


def part_of(name: str, parts: int) -> int:
    """Of so many parts (buckets of a kind, parts of a group), the one that a name belongs to."""
    return zlib.crc32(name.encode("utf-8", "surrogatepass")) % parts


def _packed(written: str) -> bytes:
    """JSON, compressed: with its check sum."""
    return zlib.compress(written.encode(), 1)


def _unpacked(packed: bytes) -> Plain:
    try:
        return cast("Plain", json.loads(zlib.decompress(packed)))
    except (zlib.error, ValueError, TypeError) as error:
        raise Damaged from error
