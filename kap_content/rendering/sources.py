"""The files that a page shows: its pictures, and the numbers that its figures are drawn from."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

from kap_content.load.addresses import resolve
from kap_content.model.errors import KapError
from kap_content.model.page import Page
from kap_content.model.place import Place
from kap_content.startup.regex import regex

LARGEST = 25_000_000
"""No picture or data file of a page may be larger than this, in bytes."""

_ACTIVE = regex(rb"<script|<foreignobject|<iframe|\son[a-z]+\s*=|javascript:|<!entity", re.IGNORECASE)


def data_files(page: Page, root: Path) -> dict[str, bytes]:
    """The contents of the data files that the page's figures name, by project path; absent ones are left out."""
    named = data_named(page)
    return {path: _read(root, path, place) for path, place in named.items() if _inside(root, path).is_file()}


def data_named(page: Page) -> dict[str, Place]:
    """The project paths of the data files that the page's figures name, and where they do."""
    found: dict[str, Place] = {}
    for figure in page.figures:
        source = figure.attributes.get("src", "")
        path = resolve(page.path, source) if source else None
        if path is not None:
            found.setdefault(path, figure.place)
    return found


def picture(page: Page, root: Path, path: str) -> bytes:
    """The image at the project path `path`; one that is not there or holds a script is a KapError."""
    place = next((figure.place for figure in page.figures if resolve(page.path, figure.source) == path), page.place)
    if not _inside(root, path).is_file():
        raise KapError(f"The image {path} does not exist", place)
    data = _read(root, path, place)
    if path.lower().endswith(".svg") and _ACTIVE.search(data):
        raise KapError(
            f"The image {path} holds a script or other active content",
            place,
            help="Export it as a plain SVG, or as PNG.",
        )
    return data


def _read(root: Path, path: str, place: Place) -> bytes:
    file = _inside(root, path)
    if not file.resolve().is_relative_to(root.resolve()):
        raise KapError(f"{path} leads out of the project", place)
    try:
        if file.stat().st_size > LARGEST:
            raise KapError(f"{path} is larger than {LARGEST // 1_000_000} MB", place)
        return file.read_bytes()
    except OSError as error:
        raise KapError(f"Cannot read {path}: {error.strerror or error}", place) from error


def _inside(root: Path, path: str) -> Path:
    return root.joinpath(*PurePosixPath(path).parts)
