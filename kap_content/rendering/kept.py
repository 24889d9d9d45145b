"""What earlier runs rendered, so that only what changed is rendered again: read this to know all of it.

An SQLite file in `.kap_cache` holds two things:

* *entries*: formatted references, by a hash of the citation style and of all that the style is given of one;
* *pages*: of each page's folder what it was made from and what it holds (`Made`).

Whether a folder can be left alone is seen in two steps.

1. By looks (`Made.rests`), before the page or anything that it shows is read. Whoever ran the rules knows how all files
   looked that they rest on (`inputs.Looks`). Where the page, data files and settings look as they did, or of the
   data only other claims and references were edited, its own `claims` and `keys` say what they said; where the same
   findings concern it, the gate does too. What else it shows (`sources`: pictures, numbers of figures) and the files of
   its folder (`looks`) are looked at each, and the folders that its `links` lead to are compared.
2. By hashes, where any of that is another: `inputs` of the page itself, its claims, references, findings and style
   (`inputs.Inputs`), `copies` of its pictures, and `files`, the contents of its folder. The entry of a page whose
   claims file was sorted is rendered from the same, and is not rendered again.

A run notes looks only of what nobody could have changed behind its back: of a folder when it was seen, after all was
written, to hold just what was made, and only where no file is so fresh that a second change could look the same
(`load.looks.is_recent`). So the page that was rendered last is read once more by the next run.

Nothing here is needed for a right answer. A file that is damaged, locked for long or of another version is passed
over, a row whose check sum is wrong is no row, and text from here is escaped like text from anywhere else. One
transaction at the end of a run writes everything, so two runs at once, or one that is killed, leave a sound file.
"""

from __future__ import annotations

import json
import os
import sqlite3
import zlib
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from hashlib import sha256
from pathlib import Path

from kap_content import __version__
from kap_content.load.inside import CACHE

FILE = "rendering.db"
VERSION = 2
MOST_ENTRIES, MOST_PAGES = 200_000, 100_000
"""So many rows are kept; the oldest go."""
_WAIT = 2.0
"""Seconds to wait for another run that writes."""
_TABLES = {
    "entries": ("key TEXT PRIMARY KEY, body TEXT NOT NULL, sum INTEGER NOT NULL", MOST_ENTRIES),
    "pages": ("key TEXT PRIMARY KEY, body TEXT NOT NULL, sum INTEGER NOT NULL", MOST_PAGES),
}


@dataclass(frozen=True, slots=True)
class Made:
    """What a page's folder was made from, and what it holds: hashes and looks by file name or project path.

    `rests` is empty where nothing can be said by looks. `claims` and `keys` are what the page states and cites, `about`
    is what the index of pages tells of it.
    """

    inputs: str
    files: Mapping[str, str]
    copies: Mapping[str, str]
    links: Mapping[str, str]
    about: str = ""
    rests: str = ""
    claims: Sequence[str] = ()
    keys: Sequence[str] = ()
    sources: Mapping[str, str] = field(default_factory=dict)
    looks: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_sound(self) -> bool:
        """Whether all of it is of the right kind: anybody may have written the file."""
        given = (self.files, self.copies, self.links, self.sources, self.looks)
        if not all(isinstance(part, dict) for part in given):
            return False
        texts = (self.inputs, self.about, self.rests, *(text for part in given for text in part.values()))
        return all(isinstance(text, str) for text in (*texts, *self.claims, *self.keys))


class Kept(MutableMapping[str, str]):
    """Formatted references as a mapping, and pages by `page` and `keep`; `save` writes what is new.

    Without a file it is a memory of this run alone.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._fresh: dict[str, dict[str, str]] = {"entries": {}, "pages": {}}
        self._connection: sqlite3.Connection | None = None
        self.open()

    def open(self) -> None:
        """Read the file from here on: once more in each process that this was taken along to."""
        self._connection = _opened(self._file) if self._file is not None and self._file.is_file() else None

    def __getitem__(self, key: str) -> str:
        body = self._row("entries", key)
        if body is None:
            raise KeyError(key)
        return body

    def __setitem__(self, key: str, body: str) -> None:
        self._fresh["entries"][key] = body

    def __delitem__(self, key: str) -> None:
        del self._fresh["entries"][key]

    def __iter__(self) -> Iterator[str]:
        """Those of this run."""
        return iter(self._fresh["entries"])

    def __len__(self) -> int:
        return len(self._fresh["entries"])

    def page(self, place: str) -> Made | None:
        """What the folder at `place` was made from."""
        body = self._row("pages", place)
        if body is None:
            return None
        try:
            made = Made(**json.loads(body))
            made = replace(made, claims=tuple(made.claims), keys=tuple(made.keys))
        except (ValueError, TypeError):
            return None
        return made if made.is_sound else None

    def keep(self, place: str, made: Made) -> None:
        """Note what the folder at `place` was made from."""
        self._fresh["pages"][place] = json.dumps(asdict(made), sort_keys=True)

    def _row(self, table: str, key: str) -> str | None:
        fresh = self._fresh[table].get(key)
        if fresh is not None or self._connection is None:
            return fresh
        try:
            row = self._connection.execute(f"SELECT body, sum FROM {table} WHERE key = ?", (key,)).fetchone()  # noqa: S608 - a name of ours
        except (sqlite3.Error, UnicodeError):
            self.close()
            return None
        return row[0] if row and isinstance(row[0], str) and _sum(key, row[0]) == row[1] else None

    def save(self) -> None:
        """Write what this run found out, if it can be written, and let go of the file."""
        self.close()
        if self._file is None or not any(self._fresh.values()):
            return
        with suppress(OSError):
            _made_ready(self._file.parent)
            with suppress(sqlite3.OperationalError, UnicodeError):  # another run writes, the disk is full, ...
                try:
                    self._write(self._file)
                except sqlite3.DatabaseError as error:
                    if isinstance(error, sqlite3.OperationalError):
                        raise
                    self._file.unlink(missing_ok=True)  # damaged: the next run begins anew

    def _write(self, file: Path) -> None:
        with closing(sqlite3.connect(file, timeout=_WAIT)) as connection, connection:
            connection.execute("BEGIN IMMEDIATE")
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            for table, (columns, most) in _TABLES.items():
                if version != VERSION:
                    connection.execute(f"DROP TABLE IF EXISTS {table}")
                connection.execute(f"CREATE TABLE IF NOT EXISTS {table} ({columns})")
                rows = ((key, body, _sum(key, body)) for key, body in self._fresh[table].items())
                connection.executemany(f"INSERT OR REPLACE INTO {table} VALUES (?, ?, ?)", rows)  # noqa: S608 - ours
                kept = f"SELECT rowid FROM {table} ORDER BY rowid DESC LIMIT {most}"  # noqa: S608 - ours
                if connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] > most:  # noqa: S608 - ours
                    connection.execute(f"DELETE FROM {table} WHERE rowid NOT IN ({kept})")  # noqa: S608 - ours
            connection.execute(f"PRAGMA user_version = {VERSION}")

    def close(self) -> None:
        """Let go of the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def open_kept(root: Path) -> Kept:
    """What the cache of the project at `root` holds; with KAP_NO_CACHE set, or a link in its place, nothing."""
    folder = root / CACHE
    return Kept(None if os.environ.get("KAP_NO_CACHE") or folder.is_symlink() else folder / FILE)


def _opened(file: Path) -> sqlite3.Connection | None:
    """A connection that only reads; None where the file is damaged or of another version."""
    connection = None
    try:
        connection = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True, timeout=_WAIT)
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version == VERSION:
            return connection
    except (sqlite3.Error, UnicodeError):
        pass
    if connection is not None:
        connection.close()
    return None


def _made_ready(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", "utf-8")


def _sum(key: str, body: str) -> int:
    return zlib.crc32(f"{key}\0{body}".encode("utf-8", "surrogatepass"))


@cache
def tool() -> str:
    """A mark of the program itself: its version, those of the libraries that shape a page, and its own files."""
    from importlib.metadata import PackageNotFoundError, version

    digest = sha256(__version__.encode())
    for name in ("citeproc-py", "jinja2", "markdown-it-py", "mdit-py-plugins", "markupsafe"):
        with suppress(PackageNotFoundError):
            digest.update(f"{name} {version(name)}\n".encode())
    here = Path(__file__).parent.parent
    for folder, folders, names in os.walk(here):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(names):
            status = os.stat(os.path.join(folder, name))  # noqa: PTH116, PTH118 - hundreds of files
            digest.update(f"{folder}/{name} {status.st_size} {status.st_mtime_ns}\n".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
