"""`.kap_cache/pages.db`: what was found on each page, in SQLite.

A row holds for one page under one variant (the tool, the settings and the rules that ran). Whatever is wrong with the
file (damage, another version, a folder that cannot be written, somebody else writing for long) means that there is no
row; a damaged file is deleted. Each row carries a check sum. Rows hold JSON: reading one runs nothing.

One transaction writes all that a run found, so that a run that is killed leaves the file as it was; SQLite's journal
sees to it that the next one finds it whole.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterable
from contextlib import closing, suppress
from dataclasses import astuple, dataclass
from pathlib import Path

FILE = "pages.db"
VERSION = 1
VARIANTS = 6
"""How many variants (settings, selections of rules) are kept of a project; those not used for longest go."""
LARGEST = 512 * 1024 * 1024
"""Bytes; a file that has grown larger is begun anew."""

_PATIENCE = 2.0
"""Seconds to wait for another run that is writing."""
_SCHEMA = """
CREATE TABLE variants (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, used INTEGER NOT NULL);
CREATE TABLE pages (
    variant INTEGER NOT NULL, path BLOB NOT NULL, stamp TEXT NOT NULL, content TEXT NOT NULL, ground TEXT NOT NULL,
    noted TEXT NOT NULL, digest TEXT NOT NULL, hits TEXT NOT NULL, outline TEXT NOT NULL, sum INTEGER NOT NULL,
    PRIMARY KEY (variant, path)
) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Row:
    """What is known of one page.

    `stamp` is what its file looked like (empty: look at the content), `content` the hash of its text. `ground` is the
    hash of everything that rules about pages may look at, under which `hits` held; under another one they hold where
    the things `noted` (JSON) have the digest `digest` still. `hits` and `outline` are JSON.
    """

    path: str
    stamp: str
    content: str
    ground: str
    noted: str
    digest: str
    hits: str
    outline: str

    def check_sum(self) -> int:
        """The check sum that is kept beside the row."""
        return zlib.crc32("\0".join(astuple(self)).encode("utf-8", "surrogatepass"))


class Store:
    """The rows of one variant. No method raises where the file cannot be read or written: then nothing is kept."""

    def __init__(self, folder: Path, variant: str) -> None:
        self._file = folder / FILE
        self._variant = variant

    def rows(self) -> dict[str, Row]:
        """All rows by path."""
        if not self._file.is_file() or self._file.is_symlink():
            return {}
        try:
            with closing(self._connected(f"file:{_quoted(self._file)}?mode=ro")) as base:
                if not _is_ours(base):
                    return {}
                found = base.execute(
                    "SELECT path, stamp, content, ground, noted, digest, hits, outline, sum FROM pages"
                    " WHERE variant = (SELECT id FROM variants WHERE name = ?)",
                    (self._variant,),
                )
                rows = {}
                for path, *values, check_sum in found:
                    row = Row(path.decode("utf-8", "surrogatepass"), *values)
                    if row.check_sum() == check_sum:
                        rows[row.path] = row
                return rows
        except sqlite3.OperationalError:  # locked, or not to be opened here
            return {}
        except (sqlite3.Error, ValueError, AttributeError, TypeError):
            self._discard()
            return {}

    def save(self, rows: Iterable[Row], gone: Iterable[str] = ()) -> None:
        """Keep `rows` and forget the pages `gone`."""
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

    def _write(self, rows: tuple[Row, ...], gone: tuple[str, ...]) -> None:
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
            base.execute("DELETE FROM pages WHERE variant NOT IN (SELECT id FROM variants)")
            (variant,) = base.execute("SELECT id FROM variants WHERE name = ?", (self._variant,)).fetchone()
            base.executemany(
                "DELETE FROM pages WHERE variant = ? AND path = ?", [(variant, _bytes(path)) for path in gone]
            )
            base.executemany(
                "INSERT OR REPLACE INTO pages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [(variant, _bytes(row.path), *astuple(row)[1:], row.check_sum()) for row in rows],
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
