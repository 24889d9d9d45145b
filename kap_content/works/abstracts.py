"""The cache of abstracts: text by hash, beside the lock, which holds only the hash.

Abstracts may be under publishers' copyright: they stay on the machine that fetched them, in a folder that git
ignores, and losing them costs nothing but the question.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path

FILE_NAME = "abstracts.db"

_CHUNK = 500
_SCHEMA = "CREATE TABLE IF NOT EXISTS abstracts (sha256 TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID"


def abstract_sha256(text: str) -> str:
    """The hash that a record holds of its abstract: of the text with white space made single; empty for none."""
    words = " ".join(text.split())
    return hashlib.sha256(words.encode()).hexdigest() if words else ""


def keep_abstracts(cache: Path, abstracts: Iterable[str]) -> Mapping[str, str]:
    """Store abstracts in the folder `cache`; gives them by hash. Raises OSError or sqlite3.Error where it cannot."""
    found = {abstract_sha256(text): text for text in abstracts if text.strip()}
    if found:
        import sqlite3

        cache.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(cache / FILE_NAME, timeout=10)) as store, store:
            store.execute(_SCHEMA)
            store.executemany("INSERT OR IGNORE INTO abstracts VALUES (?, ?)", sorted(found.items()))
    return found


def read_abstracts(cache: Path, hashes: Iterable[str]) -> dict[str, str]:
    """The cached abstracts by hash; what is not there, or not readable, is left out."""
    wanted = sorted({value for value in hashes if value})
    path = cache / FILE_NAME
    if not wanted or not path.is_file():
        return {}
    import sqlite3

    found: dict[str, str] = {}
    try:
        with closing(sqlite3.connect(f"file:{path.as_posix()}?mode=ro", uri=True, timeout=10)) as store:
            for start in range(0, len(wanted), _CHUNK):
                part = wanted[start : start + _CHUNK]
                marks = ",".join("?" * len(part))
                found |= dict(store.execute(f"SELECT sha256, text FROM abstracts WHERE sha256 IN ({marks})", part))  # noqa: S608 - marks only
    except sqlite3.Error:
        return {}
    return {key: text for key, text in found.items() if abstract_sha256(text) == key}
