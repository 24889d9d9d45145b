"""What a relative address on a page names in the project."""

from __future__ import annotations

from pathlib import PurePosixPath
from posixpath import normpath
from urllib.parse import unquote


def resolve(page: str, address: str) -> str | None:
    """The project path that the relative `address` names on `page`; None where it leads out of the project."""
    plain = unquote(address.split("?", 1)[0].split("#", 1)[0])
    if not plain or plain.startswith("/") or "\\" in plain or "\x00" in plain:
        return None
    path = normpath(str(PurePosixPath(page).parent / plain))
    return None if path.startswith("../") or path in {"..", "."} else path
