"""`.kap_cache/snapshot.db`: how a project stood at the end of its last whole check.

With it a change of some pages needs nothing but those to be read (`resume`). What it holds, in SQLite (`database`):

- the *head*: what the check rested on (its basis, the places that were looked at and what they looked like), the rules
  that ran, and the counts of the report that no page can change;
- *things*: claims, entries, records and all else that rules look up by name, entries of indexes, and of each page its
  outline, in the order of the project;
- *links*: which page shows or cites a thing, and which claim or entry was judged by how pages show it;
- *hits*: what was found on each page, claim and entry, where anything was.

All is JSON, compressed: reading it runs nothing, and what was damaged shows.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from kap_content.cache.database import Damaged, Database, as_bytes, as_name
from kap_content.cache.facts import Note
from kap_content.cache.found import dumped
from kap_content.cache.plain import Plain

FILE = "snapshot.db"
VERSION = 1
PAGE = "page"
"""The kind of things that pages are, and the scope of links that are theirs."""
PROBLEM = "problem"
"""The kind of what could not be read of the data; the names are numbers."""

NOTHING = dumped([])
"""Hits, where there are none."""

_SCHEMA = """
CREATE TABLE head (value BLOB NOT NULL);
CREATE TABLE things (number INTEGER PRIMARY KEY, kind TEXT NOT NULL, name BLOB NOT NULL, value BLOB NOT NULL);
CREATE UNIQUE INDEX named ON things (kind, name);
CREATE TABLE links (
    kind TEXT NOT NULL, name BLOB NOT NULL, scope TEXT NOT NULL, item BLOB NOT NULL,
    PRIMARY KEY (kind, name, scope, item)
) WITHOUT ROWID;
CREATE INDEX linked ON links (scope, item);
CREATE TABLE hits (
    scope TEXT NOT NULL, name BLOB NOT NULL, value BLOB NOT NULL, PRIMARY KEY (scope, name)
) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Head:
    """What the check rested on, and what it said that no page can change.

    `basis` is the tool, the day and the like; `seen` what the `places` looked like. `suppressing` are the paths of the
    pages with suppression comments; `indexes` the kinds of things that stand in indexes, `of_pages` those of indexes of
    pages, which are not kept. `due` is the report's next day on which something falls due, where it was asked for.
    """

    basis: str
    places: list[str]
    seen: str
    claims: int
    references: int
    unchecked: int
    suppressing: list[str]
    indexes: list[str]
    of_pages: list[str]
    due: list[str | None]


Item = tuple[str, str]
"""What was judged: its scope and its name (of the project itself: empty)."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What is written: things and hits in the order of the project, all but the head as JSON.

    `things` is None where those that are there hold still.
    """

    head: Head
    things: Iterable[tuple[str, str, str]] | None
    pages: Iterable[tuple[str, str]]
    links: Iterable[tuple[Note, Item]]
    hits: Iterable[tuple[Item, str]]


class Snapshot:
    """The snapshot as it stands, read bit by bit."""

    def __init__(self, base: sqlite3.Connection, head: Head) -> None:
        self._base = base
        self.head = head

    def thing(self, kind: str, name: str) -> Plain:
        """The thing of this kind and name; `KeyError` where there is none."""
        found = self._base.execute("SELECT value FROM things WHERE kind = ? AND name = ?", (kind, as_bytes(name)))
        row = found.fetchone()
        if row is None:
            raise KeyError(name)
        return _unpacked(row[0])

    def names(self, kind: str) -> list[str]:
        """The names of all things of a kind, in order."""
        found = self._base.execute("SELECT name FROM things WHERE kind = ? ORDER BY number", (kind,))
        return [as_name(name) for (name,) in found]

    def linked(self, note: Note, scope: str) -> list[str]:
        """The names of the items of a scope that have a link to what is noted."""
        found = self._base.execute(
            "SELECT item FROM links WHERE kind = ? AND name = ? AND scope = ?", (note[0], as_bytes(note[1]), scope)
        )
        return [as_name(name) for (name,) in found]

    def number(self, kind: str, name: str) -> int:
        """Where a thing stands in the order of those of its kind; 0 for what is no thing."""
        found = self._base.execute("SELECT number FROM things WHERE kind = ? AND name = ?", (kind, as_bytes(name)))
        row = found.fetchone()
        return 0 if row is None else int(row[0])

    def hits(self) -> Iterator[tuple[int, Item, Plain]]:
        """All that was found, each with where what it was found on stands in the order of its kind."""
        found = self._base.execute(
            "SELECT things.number, hits.scope, hits.name, hits.value FROM hits"
            " LEFT JOIN things ON things.kind = hits.scope AND things.name = hits.name"
        )
        for number, scope, name, value in found:
            yield number or 0, (scope, as_name(name)), _unpacked(value)


@dataclass(frozen=True, slots=True)
class Change:
    """What has become of some pages, and of the claims and entries that were judged again for them.

    It is made only to the snapshot whose head looked like `since`.
    """

    since: str
    head: Head
    pages: Sequence[tuple[str, str]]
    links: Sequence[tuple[Note, Item]]
    hits: Sequence[tuple[Item, str]]


class SnapshotFile:
    """The file in a project's cache folder."""

    def __init__(self, folder: Path) -> None:
        self._base = Database(folder / FILE, VERSION, _SCHEMA)

    @contextmanager
    def opened(self) -> Iterator[Snapshot | None]:
        """The snapshot; None where there is none that can be used. What is wrong in it ends the block."""
        with self._base.reading() as base:
            head = None if base is None else _head(base)
            yield None if base is None or head is None else Snapshot(base, head)

    def write(self, contents: Contents) -> None:
        """Write a snapshot in place of the one that is there."""
        self._base.write(lambda base: _write(base, contents))

    def change(self, change: Change) -> None:
        """Bring the snapshot up to date, if it is still the one that the change was made for."""
        self._base.write(lambda base: _change(base, change))


def _write(base: sqlite3.Connection, contents: Contents) -> None:
    if contents.things is None:
        base.execute("DELETE FROM things WHERE kind = ?", (PAGE,))
    else:
        base.execute("DELETE FROM things")
        _insert_things(base, contents.things)
    for table in ("head", "links", "hits"):
        base.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
    _insert_things(base, ((PAGE, path, outline) for path, outline in contents.pages))
    base.execute("INSERT INTO head VALUES (?)", (_packed(dumped(asdict(contents.head))),))
    _insert_links(base, contents.links)
    _insert_hits(base, contents.hits)


def _change(base: sqlite3.Connection, change: Change) -> None:
    head = _head(base)
    if head is None or head.seen != change.since or head.basis != change.head.basis:
        return
    base.execute("UPDATE head SET value = ?", (_packed(dumped(asdict(change.head))),))
    base.executemany(
        "UPDATE things SET value = ? WHERE kind = ? AND name = ?",
        [(_packed(outline), PAGE, as_bytes(path)) for path, outline in change.pages],
    )
    items = [(scope, as_bytes(name)) for (scope, name), _ in change.hits]
    base.executemany("DELETE FROM links WHERE scope = ? AND item = ?", items)
    _insert_links(base, change.links)
    base.executemany("DELETE FROM hits WHERE scope = ? AND name = ?", items)
    _insert_hits(base, change.hits)


def _insert_things(base: sqlite3.Connection, things: Iterable[tuple[str, str, str]]) -> None:
    base.executemany(
        "INSERT INTO things (kind, name, value) VALUES (?, ?, ?)",
        ((kind, as_bytes(name), _packed(value)) for kind, name, value in things),
    )


def _insert_links(base: sqlite3.Connection, links: Iterable[tuple[Note, Item]]) -> None:
    base.executemany(
        "INSERT OR IGNORE INTO links VALUES (?, ?, ?, ?)",
        ((kind, as_bytes(name), scope, as_bytes(item)) for (kind, name), (scope, item) in links),
    )


def _insert_hits(base: sqlite3.Connection, hits: Iterable[tuple[Item, str]]) -> None:
    base.executemany(
        "INSERT INTO hits VALUES (?, ?, ?)",
        ((scope, as_bytes(name), _packed(found)) for (scope, name), found in hits if found != NOTHING),
    )


def _head(base: sqlite3.Connection) -> Head | None:
    row = base.execute("SELECT value FROM head").fetchone()
    try:
        return None if row is None else Head(**_unpacked(row[0]))  # type: ignore[arg-type]  # what it is shows here
    except TypeError as error:
        raise Damaged from error


def _packed(written: str) -> bytes:
    """JSON, compressed: with its check sum."""
    return zlib.compress(written.encode(), 1)


def _unpacked(packed: bytes) -> Plain:
    try:
        return json.loads(zlib.decompress(packed))
    except (zlib.error, ValueError, TypeError) as error:
        raise Damaged from error
