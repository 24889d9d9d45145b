"""Local full texts: `sources/KEY.txt`, `.md`, `.html` or `.pdf`, read for the quotations that are said to be from them.

What a PDF holds is kept in the cache by the hash of its bytes: it is taken apart once. Only the sources with a
quotation that nothing else vouches for are read.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path

from kap_content.load.globs import leads_out
from kap_content.load.inside import SOURCES
from kap_content.model.project import FullText

CACHE = ".kap_cache/texts"
SUFFIXES = (".txt", ".md", ".html", ".htm", ".pdf")
LIMIT = 256 * 1024 * 1024
"""The largest source that is read, in bytes."""

_FORM = 1
"""Of what is kept; another number makes it be read anew."""


def read_sources(root: Path, keys: Iterable[str]) -> dict[str, FullText]:
    """The full texts at hand of the references `keys`, by key."""
    wanted = sorted(set(keys))
    files = source_files(root) if wanted else {}
    return {
        key: _joined([_read(root, path) for path in files[name]]) for key in wanted if (name := _name(key)) in files
    }


def source_files(root: Path) -> Mapping[str, tuple[str, ...]]:
    """The files of the folder of sources by the name of their reference, as paths from the root, the plainest first."""
    found: dict[str, list[str]] = {}
    try:
        with os.scandir(root / SOURCES) as scan:
            names = sorted(entry.name for entry in scan if not entry.name.startswith("."))
    except OSError:
        return {}
    for name in names:
        stem, dot, suffix = name.rpartition(".")
        if stem and (dot + suffix).lower() in SUFFIXES:
            found.setdefault(stem, []).append(f"{SOURCES}/{name}")
    return {stem: tuple(sorted(paths, key=_plainness)) for stem, paths in found.items()}


def _plainness(path: str) -> tuple[int, str]:
    return (SUFFIXES.index(_suffix(path)), path)


def _suffix(path: str) -> str:
    return "." + path.rpartition(".")[2].lower()


def _name(key: str) -> str:
    """The file name of a key: what no file name may hold is an underscore."""
    return "".join("_" if character in '/\\:*?"<>|' else character for character in key)


def _joined(texts: list[FullText]) -> FullText:
    """Several files of one source as one text; trouble with one is none where another gives the text."""
    readable = [text for text in texts if text.text]
    if not readable:
        return texts[0]
    whole = next((text for text in readable if not text.trouble), readable[0])
    return replace(whole, text="\f".join(text.text for text in readable))


def _read(root: Path, path: str) -> FullText:
    if leads_out(root, path):
        return FullText(path, "", "is a link that leads out of the project", "Put the file itself there")
    try:
        with (root / path).open("rb") as file:
            data = file.read(LIMIT + 1)
    except OSError as error:
        return FullText(path, "", f"cannot be read: {error.strerror or type(error).__name__}", "Check its permissions")
    if len(data) > LIMIT:
        return FullText(
            path, "", f"is larger than {LIMIT // (1024 * 1024)} MB", "Put the chapter there instead of the whole"
        )
    if path.lower().endswith(".pdf"):
        return _read_pdf(root, path, data)
    from kap_content.load.full_text.plain_words import decoded, html_words, markdown_words

    text = decoded(data)
    if text is None:
        return FullText(path, "", "is no text, whatever its name says", "Put a copy with its text there")
    suffix = _suffix(path)
    words = html_words(text) if suffix in (".html", ".htm") else markdown_words(text) if suffix == ".md" else text
    if not words.strip():
        return FullText(path, "", "is empty", "Put a copy with its text there")
    return FullText(path, words)


def _read_pdf(root: Path, path: str, data: bytes) -> FullText:
    kept = root / CACHE / f"{hashlib.sha256(data).hexdigest()}-{_FORM}.json"
    with suppress(OSError, ValueError, KeyError, TypeError):
        stored = json.loads(kept.read_text("utf-8"))
        return FullText(path, str(stored["text"]), str(stored["trouble"]), str(stored["remedy"]))
    from kap_content.load.full_text.pdf import BROKEN, ENCRYPTED, pdf_text

    read = pdf_text(data)
    if (read.trouble, read.remedy) in (BROKEN, ENCRYPTED):
        return FullText(path, read.text, read.trouble, read.remedy)  # found out at once, each time
    with suppress(OSError):  # a cache that cannot be written costs time only
        kept.parent.mkdir(parents=True, exist_ok=True)
        half = kept.with_suffix(f".{os.getpid()}")
        half.write_text(json.dumps(asdict(read)), "utf-8")
        half.replace(kept)
    return FullText(path, read.text, read.trouble, read.remedy)
