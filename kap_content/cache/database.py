"""An SQLite file in `.kap_cache`, which may be missing, damaged, locked or of another version at any time.

Then nothing is read and all is found out anew; a damaged file is deleted. One transaction writes all that a run found,
so that a run that is killed leaves the file as it was; SQLite's journal sees to it that the next one finds it whole.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

LARGEST = 512 * 1024 * 1024
"""Bytes; a file that has grown larger is begun anew."""

_PATIENCE = 2.0
"""Seconds to wait for another run that is writing."""


R = TypeVar("R")


class Damaged(Exception):  # noqa: N818 - never leaves this package
    """What was read is not what was written."""


_DAMAGE = (sqlite3.Error, Damaged, UnicodeDecodeError)
"""How damage shows: the message of SQLite's may quote bytes that are no text."""


@dataclass(frozen=True, slots=True)
class Database:
    """The file, the version of what is in it, and the statements (parted by `;`) that make its tables."""

    file: Path
    version: int
    schema: str

    def read(self, work: Callable[[sqlite3.Connection], R]) -> R | None:
        """What `work` makes of the file in one state, whoever writes meanwhile; None where it cannot be used."""
        if not os.path.isfile(self.file) or self.file.is_symlink():  # noqa: PTH113 - says no where a folder is closed
            return None
        try:
            with closing(self._connected("?mode=ro")) as base:
                base.execute("BEGIN")
                return work(base) if self._is_ours(base) else None
        except sqlite3.OperationalError:  # locked, or not to be opened here
            return None
        except _DAMAGE:
            self.discard()
            return None

    def write(self, change: Callable[[sqlite3.Connection], None]) -> None:
        """Make a change in one transaction. What hinders it is no fault of the run's."""
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            ignore = self.file.parent / ".gitignore"
            if not ignore.exists():
                ignore.write_text("*\n", "utf-8")
            if self.file.is_symlink():
                return
            if self.file.is_file() and self.file.stat().st_size > LARGEST:
                self.discard()
            with closing(self._connected("")) as base:
                base.execute("BEGIN IMMEDIATE")
                if not self._is_ours(base):
                    self._begin_anew(base)
                change(base)
                base.execute("COMMIT")
        except sqlite3.OperationalError:
            return
        except _DAMAGE:
            self.discard()
        except OSError:
            return

    def discard(self) -> None:
        """Delete the file."""
        for path in (self.file, self.file.with_name(f"{self.file.name}-journal")):
            with suppress(OSError):
                path.unlink(missing_ok=True)

    def _connected(self, mode: str) -> sqlite3.Connection:
        from urllib.parse import quote

        address = f"file:{quote(self.file.as_posix())}{mode}"
        return sqlite3.connect(address, uri=True, timeout=_PATIENCE, isolation_level=None)

    def _is_ours(self, base: sqlite3.Connection) -> bool:
        return bool(base.execute("PRAGMA user_version").fetchone()[0] == self.version)

    def _begin_anew(self, base: sqlite3.Connection) -> None:
        """Make the tables; what another version left is dropped."""
        for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            base.execute(f'DROP TABLE "{name.replace(chr(34), chr(34) * 2)}"')
        for statement in filter(str.strip, self.schema.split(";")):
            base.execute(statement)
        base.execute(f"PRAGMA user_version = {self.version}")


def as_bytes(name: str) -> bytes:
    """A name as it is kept: paths may hold lone surrogates."""
    return name.encode("utf-8", "surrogatepass")


def as_name(found: bytes) -> str:
    """A name that was kept."""
    return found.decode("utf-8", "surrogatepass")
