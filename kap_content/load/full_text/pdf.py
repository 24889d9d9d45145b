"""The text of a PDF, page by page, without the lines that every page repeats."""

from __future__ import annotations

import logging
import re
from collections import Counter
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from kap_content.startup.regex import regex

if TYPE_CHECKING:
    from pypdf import PageObject

MOST_PAGES = 3000
"""Pages that are read of one file."""

_EDGE = 3
"""Lines at the head and foot of a page among which running heads are looked for."""
_NUMBERS = regex(r"\d+")
_PAGE_NUMBER = regex(r"\W*(?:page\s+)?\d{1,5}(?:\s*(?:/|of)\s*\d{1,5})?\W*", re.IGNORECASE)
_OFTEN = 3
_NAMED = 5
_PART_OF_PAGES = 0.4

ENCRYPTED = ("is encrypted", "Save a copy without a password")
BROKEN = ("is no PDF that can be read", "Fetch it anew")
SCANNED = ("holds no text, only pictures of pages", "Run text recognition (OCR) over it")
EMPTY = ("holds no text", "Put a copy with its text there")


@dataclass(frozen=True, slots=True)
class PdfText:
    """What a PDF says, pages parted by form feeds; what of it could not be read, and what to do about it."""

    text: str
    trouble: str = ""
    remedy: str = ""


def pdf_text(data: bytes) -> PdfText:
    """Read a PDF. Never raises: whatever a file does to the reader, it is a broken file."""
    # The reader tells a logger of every oddity of a file, which would be printed.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    from pypdf import PdfReader

    try:
        reader = PdfReader(BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            return PdfText("", *ENCRYPTED)
        number = len(reader.pages)
    except Exception as error:  # noqa: BLE001 - a damaged file fails in a hundred ways
        is_encrypted = "crypt" in f"{type(error).__name__} {error}".lower()
        return PdfText("", *(ENCRYPTED if is_encrypted else BROKEN))
    pages, unread = [], []
    for index in range(min(number, MOST_PAGES)):
        try:
            page = reader.pages[index]
            text = page.extract_text()
            is_picture = not text.strip() and _has_picture(page)
        except Exception:  # noqa: BLE001 - as above; the other pages may be sound
            text, is_picture = "", True
        pages.append(text.encode("utf-8", "replace").decode())
        if is_picture:
            unread.append(index + 1)
    if number == 0:
        return PdfText("", *BROKEN)
    if not any(text.strip() for text in pages):
        return PdfText("", *(SCANNED if unread else EMPTY))
    return PdfText(without_running_heads(pages), *_trouble(unread, number))


def _has_picture(page: PageObject) -> bool:
    resources = page.get("/Resources")
    return resources is not None and "/XObject" in resources.get_object()


def _trouble(unread: list[int], number: int) -> tuple[str, str]:
    if number > MOST_PAGES:
        return f"has {number} pages, of which {MOST_PAGES} were read", "Put the chapter there instead of the whole"
    if not unread:
        return "", ""
    shown = ", ".join(map(str, unread[:_NAMED])) + (" ..." if len(unread) > _NAMED else "")
    return f"holds no text on page{'s' if len(unread) > 1 else ''} {shown}", SCANNED[1]


def without_running_heads(pages: list[str]) -> str:
    """The pages joined by form feeds, without page numbers and the lines that many pages have at their head or foot."""
    lines = [[line for line in page.replace("\f", "\n").split("\n") if line.strip()] for page in pages]
    seen: Counter[str] = Counter()
    for page in lines:
        seen.update({_masked(line) for line in (*page[:_EDGE], *page[-_EDGE:])})
    often = max(_OFTEN, int(len(pages) * _PART_OF_PAGES)) if len(pages) > _OFTEN else 2
    kept = []
    for page in lines:
        last = len(page) - _EDGE
        kept.append(
            "\n".join(
                line
                for index, line in enumerate(page)
                if _EDGE <= index < last or not (seen[_masked(line)] >= often or _PAGE_NUMBER.fullmatch(line))
            )
        )
    return "\f".join(kept)


def _masked(line: str) -> str:
    """A line with its numbers alike: a running head counts the pages."""
    return _NUMBERS.sub("0", " ".join(line.split())).casefold()
