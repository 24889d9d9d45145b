"""Which addresses may stand in a page, and as what."""

from __future__ import annotations

import re
from urllib.parse import quote

from kap_content.startup.regex import regex

_SCHEME = regex(r"([A-Za-z][A-Za-z0-9+.\-]*):")
_UNFIT = regex(r"[\x00-\x20\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\\]")
_ALLOWED = frozenset({"http", "https", "mailto"})


def safe_url(text: str) -> str | None:
    r"""Give `text` back if it is an http, https or mailto address or a relative one; otherwise None.

    Refused: every other scheme, `//host` (which takes over the page's scheme), and anything that holds a control or
    invisible character, white space or a backslash, since browsers drop or turn those and read another address.
    """
    address = text.strip(" ")
    if not address or _UNFIT.search(address) or address.startswith("//"):
        return None
    scheme = _SCHEME.match(address)
    if scheme is None:
        # `a:b` without a known scheme never gets here; a colon later in a path is harmless.
        return None if ":" in address.split("/", 1)[0].split("?", 1)[0].split("#", 1)[0] else address
    return address if scheme[1].lower() in _ALLOWED else None


def is_relative(address: str) -> bool:
    """Whether a safe address names a file of the project (not another site, not a place on the same page)."""
    return bool(address) and _SCHEME.match(address) is None and not address.startswith(("#", "/", "?"))


def doi_url(doi: str) -> str:
    """The address that resolves a DOI, its unusual characters encoded."""
    return "https://doi.org/" + quote(doi, safe="/:;()._-")


def domain_of(address: str) -> str:
    """The host of an http address without `www.`, for showing where a link leads; empty for any other."""
    found = re.match(r"https?://(?:www\.)?([^/?#:@]+)(?:[/?#:]|$)", address, re.IGNORECASE)
    return found[1].lower() if found else ""
