"""`.kap_cache/pages.db`: what was found on each page, claim and entry, in SQLite.

A row holds for one of them under one variant (the tool, the settings and the rules that ran). Whatever is wrong with
the file (damage, another version, a folder that cannot be written, somebody else writing for long) means that there is
no row; a damaged file is deleted. Each row carries a check sum. Rows hold JSON: reading one runs nothing.

One transaction writes all that a run found, so that a run that is killed leaves the file as it was; SQLite's journal
sees to it that the next one finds it whole.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterable
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple

FILE = "pages.db"
VERSION = 2
VARIANTS = 6
"""How many variants (settings, selections of rules) are kept of a project; those not used for longest go."""
LARGEST = 512 * 1024 * 1024
"""Bytes; a file that has grown larger is begun anew."""

_PATIENCE = 2.0
"""Seconds to wait for another run that is writing."""
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
        self._file = folder / FILE
        self._variant = variant

    def rows(self, kind: str) -> dict[str, Row]:
        """The rows of a kind by name."""
        if not self._file.is_file() or self._file.is_symlink():
            return {}
        try:
            with closing(self._connected(f"file:{_quoted(self._file)}?mode=ro")) as base:
                if not _is_ours(base):
                    return {}
                found = base.execute(
                    f"SELECT {', '.join(_COLUMNS)}, sum FROM rows WHERE kind = ?"  # noqa: S608 - names of columns
                    " AND variant = (SELECT id FROM variants WHERE name = ?)",
                    (kind, self._variant),
                )
                rows = {}
                for name, *values, check_sum in found:
                    row = Row(kind, name.decode("utf-8", "surrogatepass"), *values)
                    if row.check_sum() == check_sum:
                        rows[row.name] = row
                return rows
        except sqlite3.OperationalError:  # locked, or not to be opened here
            return {}
        except (sqlite3.Error, ValueError, AttributeError, TypeError):
            self._discard()
            return {}

    def save(self, rows: Iterable[Row], gone: Iterable[tuple[str, str]] = ()) -> None:
        """Keep `rows` and forget those of the kinds and names `gone`."""
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            ignore = self._file.parent / ".gitignore"
            if not ignore.exists():
                ignore.write_text("*\n", "utf-8")
            if self._file.is_symlink():
                return
            if self._file.is_file() and self._file.stat().st_size > LARGEST:
                self._discard()
            self._write(tuple(rows), tuple(gone))
        except sqlite3.OperationalError:
            return
        except sqlite3.Error:
            self._discard()
        except OSError:
            return

    def _write(self, rows: tuple[Row, ...], gone: tuple[tuple[str, str], ...]) -> None:
        with closing(self._connected(f"file:{_quoted(self._file)}")) as base:
            base.execute("BEGIN IMMEDIATE")
            if not _is_ours(base):
                _begin_anew(base)
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
                [(variant, kind, _bytes(name)) for kind, name in gone],
            )
            base.executemany(
                f"INSERT OR REPLACE INTO rows (variant, kind, {', '.join(_COLUMNS)}, sum)"  # noqa: S608 - as above
                f" VALUES (?, ?, {', '.join('?' * len(_COLUMNS))}, ?)",
                [(variant, row.kind, _bytes(row.name), *row[2:], row.check_sum()) for row in rows],
            )
            base.execute("COMMIT")

    def _connected(self, address: str) -> sqlite3.Connection:
        return sqlite3.connect(address, uri=True, timeout=_PATIENCE, isolation_level=None)

    def _discard(self) -> None:
        for path in (self._file, self._file.with_name(f"{FILE}-journal")):
            with suppress(OSError):
                path.unlink(missing_ok=True)


def _is_ours(base: sqlite3.Connection) -> bool:
    return bool(base.execute("PRAGMA user_version").fetchone()[0] == VERSION)


def _begin_anew(base: sqlite3.Connection) -> None:
    """Make the tables, inside the transaction; what another version left is dropped."""
    for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        base.execute(f'DROP TABLE "{name.replace(chr(34), chr(34) * 2)}"')
    for statement in filter(str.strip, _SCHEMA.split(";")):
        base.execute(statement)
    base.execute(f"PRAGMA user_version = {VERSION}")


def _quoted(path: Path) -> str:
    from urllib.parse import quote

    return quote(path.as_posix())


def _bytes(path: str) -> bytes:
    return path.encode("utf-8", "surrogatepass")
