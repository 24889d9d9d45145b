"""The texts of a project as stored, line ends and byte order marks included: what mends are made on."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from kap_content.load.inside import files, read_inside
from kap_content.load.project import read_lock
from kap_content.load.text import PAGE_LIMIT, Text
from kap_content.mend.sources import Sources
from kap_content.model.finding import Problem
from kap_content.model.settings import Settings

_NOTHING: Mapping[str, str] = MappingProxyType({})


def read_sources(root: Path, settings: Settings, *names: str, typed: Mapping[str, str] = _NOTHING) -> Sources:
    """The project's texts as stored: `pages`, `claims`, `bibliography`, or those of them that are named.

    A file that cannot be read is left out; checks tell of it. `typed` stands in for what files hold.
    """
    texts: dict[str, str] = {}
    paths: dict[str, tuple[str, ...]] = {}
    problems: list[Problem] = []
    for name in names or ("pages", "claims", "bibliography"):
        found = []
        for path in files(root, settings, name, problems):
            text = typed[path] if path in typed else stored(root, path)
            if text is not None:
                texts[path] = text
                found.append(path)
        paths[name] = tuple(found)
    return Sources(texts, paths.get("claims", ()), paths.get("bibliography", ()), read_lock(root)[0])


def stored(root: Path, path: str) -> str | None:
    """The text of a file of the project with its line ends and byte order mark; None where it is no text of ours."""
    if not isinstance(read_inside(root, path, limit=PAGE_LIMIT if path.endswith(".md") else _LIMIT), Text):
        return None
    try:
        return (root / path).read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return None


_LIMIT = 64 * 1024 * 1024
"""Bytes of a claims file or a bibliography; a larger one was written by a program, and is mended there."""
