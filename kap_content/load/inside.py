"""The files of a project: how they are called, where they lie, and reading one that lies inside.

Nothing here knows what a file means, so that whoever needs no more of it loads no parser.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from kap_content.load.globs import is_glob, leads_out, matches, normal, selects
from kap_content.load.settings import FILE, SHARED_FILE, has_settings
from kap_content.load.text import DATA_LIMIT, Text, Unreadable, read_text, unify_line_ends
from kap_content.model.errors import ProjectError
from kap_content.model.finding import Problem
from kap_content.model.place import Place
from kap_content.model.settings import Settings

LOCK = "references.lock"
APPROVALS = "approvals.jsonl"
SETTINGS = (FILE, SHARED_FILE)
SOURCES = "sources"
"""The folder of local full texts."""
CACHE = ".kap_cache"
"""The folder of what may be fetched again."""

MALFORMED = "CLM009"
BIB_MALFORMED = "REF011"

Typed = Mapping[str, str]
"""Texts that count in place of what files hold, by path: what stands in an editor and is not saved yet."""
NOTHING_TYPED: Typed = MappingProxyType({})


def find_root(start: Path) -> Path:
    """The nearest folder from `start` upwards that holds kap.toml or a pyproject.toml with [tool.kap]."""
    start = start.resolve()
    for folder in (start, *start.parents):
        if has_settings(folder):
            return folder
    raise ProjectError(
        f"there is no project here: neither {start} nor a folder above it has a kap.toml",
        help="Go to the project's folder, name it with --project, or make one with `kap init`.",
    )


def files(root: Path, settings: Settings, name: str, problems: list[Problem]) -> list[str]:
    """The paths that the setting `name` (`pages`, `claims`, `bibliography`) means, each once, globs sorted."""
    code = BIB_MALFORMED if name == "bibliography" else MALFORMED
    found: dict[str, None] = {}
    patterns: tuple[str, ...] = getattr(settings, name)
    for index, pattern in enumerate(patterns):
        if is_glob(pattern):
            matching = matches(root, pattern)
            found.update(dict.fromkeys(sorted((*matching.files, *matching.outside_files))))
            problems.extend(_outside(path, code) for path in matching.outside_folders)
            problems.extend(_closed(path, code) for path in matching.closed)
        else:
            path = normal(pattern)
            given = settings.places.get(f"{name}.{index}", settings.places.get(name))
            if given is not None:
                _require(root, path, name, given)
            if given is not None or os.path.lexists(root / path):
                found[path] = None
    return list(found)


def _require(root: Path, path: str, name: str, place: Place) -> None:
    """Refuse a file that the settings name and that is not there."""
    if (root / path).is_dir():
        suffix = {"pages": "md", "claims": "yaml"}.get(name, "bib")
        message = f"“{name}” names a folder: “{path}”"
        raise ProjectError(message, place, f"Name files: “{path}/**/*.{suffix}”.")
    if not os.path.lexists(root / path):
        raise ProjectError(f"“{name}” names a file that is not there: “{path}”", place, "Make it, or mend the name.")


def read_inside(
    root: Path, path: str, *, code: str = MALFORMED, limit: int = DATA_LIMIT, typed: Typed = NOTHING_TYPED
) -> Text | Unreadable:
    """Read a file of the project; a link that leads out of it is not followed."""
    if path in typed:
        return Text(unify_line_ends(typed[path]))
    if leads_out(root, path):
        return Unreadable(_outside(path, code))
    if _is_stream(root / path):
        message = "this is a pipe, a socket or a device, no file"
        return Unreadable(Problem(code, Place(path), message, "Put a file in its place."))
    return read_text(root / path, path, code=code, limit=limit)


def _outside(path: str, code: str) -> Problem:
    message = "this link leads out of the project; it is not followed"
    return Problem(code, Place(path), message, "Put the file itself into the project.")


def _closed(path: str, code: str) -> Problem:
    message = "this folder cannot be looked into, so that nobody knows what it holds"
    return Problem(code, Place(path or "."), message, "Check its permissions.")


def _is_stream(file: Path) -> bool:
    """Whether a name is there that is neither file nor folder: reading it might never end."""
    try:
        mode = os.stat(file).st_mode  # noqa: PTH116 - the fast path of a thousand files
    except OSError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def reading(settings: Settings) -> Callable[[str], bool]:
    """Tells of a path whether a check reads the file, settings aside."""
    keys = (settings.review.allowed_signers, settings.review.revoked_keys)
    named = {LOCK, APPROVALS, *map(normal, settings.word_files.values()), *map(normal, filter(None, keys))}
    patterns = (*settings.pages, *settings.claims, *settings.bibliography)

    def is_read(path: str) -> bool:
        # Figures may be drawn from any table.
        return path in named or path.lower().endswith(".csv") or any(selects(pattern, path) for pattern in patterns)

    return is_read
