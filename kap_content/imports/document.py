"""A page as the readers of text, HTML and Word files give it: parts of prose in order, and the list of references."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kap_content.model.errors import KapError


class ImportRefusedError(KapError):
    """The file cannot be imported. Nothing was written."""


class Kind(StrEnum):
    """What a part of a page is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    QUOTE = "quote"
    CAPTION = "caption"
    IMAGE = "image"
    TABLE = "table"
    CODE = "code"
    NAVIGATION = "navigation"


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one style. A `raised` run is superscript; `href` is where a link leads."""

    text: str
    raised: bool = False
    strong: bool = False
    emphasised: bool = False
    href: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph, heading, list item and so on.

    `level` is a heading's (1 to 6) or an item's depth (0 outermost). `more` are the further paragraphs of an item.
    A table has `rows` of cells; an image its `source` and, as runs, its alternative text. `line` is where it
    stood, 0 where the file has no lines.
    """

    kind: Kind
    runs: tuple[Run, ...] = ()
    level: int = 0
    ordered: bool = False
    more: tuple[tuple[Run, ...], ...] = ()
    rows: tuple[tuple[tuple[Run, ...], ...], ...] = ()
    source: str = ""
    line: int = 0

    @property
    def text(self) -> str:
        """Its words, folded, in one line."""
        pieces = [self.runs, *self.more, *(cell for row in self.rows for cell in row)]
        return " ".join("".join(run.text for run in runs) for runs in pieces).strip()


@dataclass(frozen=True, slots=True)
class ListedReference:
    """One string of the list of references; `number` is its own, or its place in the list."""

    number: int
    text: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """What was read. `references` is empty where the page has no list; `numbered` says whether it numbers them.

    `dropped` are the skip links that were left out, `remarks` what the user should know.
    """

    title: str = ""
    subtitle: str = ""
    description: str = ""
    parts: tuple[Part, ...] = ()
    references: tuple[ListedReference, ...] = ()
    numbered: bool = False
    dropped: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
