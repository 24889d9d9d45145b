"""`.kap_cache/pages.db`: what was found on each page, claim and entry, in SQLite.

A row holds for one of them under one variant (the tool, the settings and the rules that ran). Whatever is wrong with
the file (`database`) means that there is no row. Each row carries a check sum and holds JSON: reading one runs nothing.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple, cast

from kap_content.cache.database import Damaged, Database, as_bytes, as_name

FILE = "pages.db"
VERSION = 2
VARIANTS = 6
"""How many variants (settings, selections of rules) are kept of a project; those not used for longest go."""
_SCHEMA = """
CREATE TABLE variants (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, used INTEGER NOT NULL);
CREATE TABLE rows (
    variant INTEGER NOT NULL, kind TEXT NOT NULL, name BLOB NOT NULL, stamp TEXT NOT NULL, content TEXT NOT NULL,
    ground TEXT NOT NULL, noted TEXT NOT NULL, digest TEXT NOT NULL, since TEXT NOT NULL, until TEXT NOT NULL,
    hits TEXT NOT NULL, outline TEXT NOT NULL, sum INTEGER NOT NULL,
    PRIMARY KEY (variant, kind, name)
) WITHOUT ROWID;
"""


class Row(NamedTuple):
    """What is known of one page, claim or entry.

    `hits` (JSON) hold from the day `since` to the day `until` (ISO, both included) where the things `noted` (JSON) have
    the digest `digest` still. Of a page `ground` is the hash of all data files, under which they held without a look at
    the digest, `stamp` is what its file looked like (empty: look at the content), `content` the hash of its text and
    `outline` JSON; of others these are empty.
    """

    kind: str
    name: str
    ground: str
    noted: str
    digest: str
    since: str
    until: str
    hits: str
    stamp: str = ""
    content: str = ""
    outline: str = ""

    def check_sum(self) -> int:
        """The check sum that is kept beside the row."""
        return zlib.crc32("\0".join(self).encode("utf-8", "surrogatepass"))


_COLUMNS = Row._fields[1:]


class Store:
    """The rows of one variant. No method raises where the file cannot be read or written: then nothing is kept."""

    def __init__(self, folder: Path, variant: str) -> None:
        self._base = Database(folder / FILE, VERSION, _SCHEMA)
        self._variant = variant

    def rows(self, kind: str) -> dict[str, Row]:
        """The rows of a kind by name."""
        return self._base.read(lambda base: self._rows(base, kind)) or {}

    def _rows(self, base: sqlite3.Connection, kind: str) -> dict[str, Row]:
        found = base.execute(
            f"SELECT {', '.join(_COLUMNS)}, sum FROM rows WHERE kind = ?"  # noqa: S608 - names of columns
            " AND variant = (SELECT id FROM variants WHERE name = ?)",
            (kind, self._variant),
        )
        rows = (_row(kind, *values) for values in found)
        return {row.name: row for row in rows if row is not None}

    def save(self, rows: Iterable[Row], gone: Iterable[tuple[str, str]] = ()) -> None:
        """Keep `rows` and forget those of the kinds and names `gone`."""
        kept, forgotten = tuple(rows), tuple(gone)
        self._base.write(lambda base: self._write(base, kept, forgotten))

    def _write(self, base: sqlite3.Connection, rows: tuple[Row, ...], gone: tuple[tuple[str, str], ...]) -> None:
        latest = base.execute("SELECT coalesce(max(used), 0) + 1 FROM variants").fetchone()[0]
        base.execute(
            "INSERT INTO variants (name, used) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET used = excluded.used",
            (self._variant, latest),
        )
        base.execute(
            "DELETE FROM variants WHERE id NOT IN (SELECT id FROM variants ORDER BY used DESC LIMIT ?)", (VARIANTS,)
        )
        base.execute("DELETE FROM rows WHERE variant NOT IN (SELECT id FROM variants)")
        (variant,) = base.execute("SELECT id FROM variants WHERE name = ?", (self._variant,)).fetchone()
        base.executemany(
            "DELETE FROM rows WHERE variant = ? AND kind = ? AND name = ?",
            [(variant, kind, as_bytes(name)) for kind, name in gone],
        )
        base.executemany(
            f"INSERT OR REPLACE INTO rows (variant, kind, {', '.join(_COLUMNS)}, sum)"  # noqa: S608 - as above
            f" VALUES (?, ?, {', '.join('?' * len(_COLUMNS))}, ?)",
            [(variant, row.kind, as_bytes(row.name), *row[2:], row.check_sum()) for row in rows],
        )


def _row(kind: str, name: bytes, *values: object) -> Row | None:
    """A row as it was written; None where its check sum is another. `Damaged` where it is no row at all."""
    *texts, check_sum = values
    try:
        row = Row(kind, as_name(name), *cast("list[str]", texts))  # anything else is told by the check sum
        return row if row.check_sum() == check_sum else None
    except (ValueError, AttributeError, TypeError) as error:
        raise Damaged from error
