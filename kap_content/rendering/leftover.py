"""Rendered pages whose source is gone: deleted, renamed, or no longer named by the settings."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from kap_content.model.errors import KapError
from kap_content.rendering.style import RECORD, SCRIPT, STYLESHEET
from kap_content.rendering.write import INDEX, source_of

PICTURES = "figures"
_OWN = (INDEX, STYLESHEET, SCRIPT, RECORD)


@dataclass(frozen=True, slots=True)
class LeftOver:
    """A page's folder below the output, and the path of the source that it was rendered from."""

    folder: Path
    source: str


def left_over(output: Path, slugs: Collection[str], reserved: Collection[str] = ()) -> list[LeftOver]:
    """The pages in `output` that have none of these slugs. Folders that kap did not write are not looked at."""
    known = {slug.casefold() for slug in slugs}
    found = []
    for folder in _folders(output, reserved):
        slug = folder.relative_to(output).as_posix()
        if slug.casefold() not in known:
            source = source_of(folder)
            if source is not None:
                found.append(LeftOver(folder, source))
    return found


def removed(page: LeftOver, output: Path) -> bool:
    """Delete what kap wrote of a page, and the folders that are empty then; False where something else stays there."""
    folder = page.folder
    try:
        html = (folder / INDEX).read_text("utf-8", "replace")
        pictures = folder / PICTURES
        if pictures.is_dir() and not pictures.is_symlink():
            for picture in list(pictures.iterdir()):
                if f'"{PICTURES}/{quote(picture.name)}"' in html:
                    picture.unlink()
            with suppress(OSError):
                pictures.rmdir()
        for name in _OWN:
            (folder / name).unlink(missing_ok=True)
    except OSError as error:
        raise KapError(f"Cannot delete {folder}: {error.strerror or error}") from error
    with suppress(OSError):
        folder.rmdir()
        for above in folder.parents:
            if above == output or not above.is_relative_to(output):
                break
            above.rmdir()
    return not folder.exists()


def _folders(output: Path, reserved: Collection[str]) -> Iterator[Path]:
    """The folders below the output that look like a page's, links not followed."""
    for place, folders, names in os.walk(output):
        here = Path(place)
        if here == output:
            folders[:] = [name for name in folders if name.casefold() not in reserved]
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        if here != output and set(_OWN) <= set(names):
            yield here
