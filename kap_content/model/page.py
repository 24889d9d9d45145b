"""A page as it was read: front matter, blocks of prose, and the marks in them, each with its place.

Positions come in two kinds. *Offsets* count characters in a block's `text` (what a reader sees, with
marks and citations taken out and white space folded); `Block.place` turns them into a `Place` in the file.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from kap_content.model.finding import Problem
from kap_content.model.place import Place


@dataclass(frozen=True, slots=True)
class Person:
    """An author or a reviewer of a page, as the front matter names them."""

    name: str
    credentials: str = ""
    role: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The YAML head of a page. `place` is its first line; `places` holds the place of each field given."""

    place: Place
    title: str = ""
    subtitle: str = ""
    description: str = ""
    language: str = "en"
    authors: tuple[Person, ...] = ()
    reviewers: tuple[Person, ...] = ()
    published: date | None = None
    last_reviewed: date | None = None
    next_review_due: date | None = None
    condition: str = ""
    intervention: str = ""
    audience: str = ""
    specialty: str = ""
    interest: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)

    def where(self, name: str) -> Place:
        """The place of the field `name`, or the head's first line where it is absent."""
        return self.places.get(name, self.place)


class BlockKind(StrEnum):
    """What a block of a page is."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    LIST_ITEM = "list-item"
    TABLE_HEAD = "table-head"
    TABLE_ROW = "table-row"
    CAPTION = "caption"
    QUOTATION = "quotation"
    CODE = "code"
    HTML = "html"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a block, as offsets into the block's text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, list item, table row, caption or the like.

    `text` is what a reader sees. `spots` maps it back to the source: ascending triples
    `(offset, line, column)`, each true for the characters from its offset up to the next triple's, which
    run on in the same source line. A table row is one block, its cells joined by ` | `.
    `headings` are the titles of the sections around the block, outermost first.
    `nonclaim` is the reason of an enclosing `{.nonclaim reason="..."}` division, or None.
    `claims` are the ids of an enclosing division's `claim=` (a figure's, say).
    `is_link` is true where links make up all of its text.
    """

    kind: BlockKind
    text: str
    place: Place
    spots: tuple[tuple[int, int, int], ...]
    sentences: tuple[Sentence, ...] = ()
    headings: tuple[str, ...] = ()
    nonclaim: str | None = None
    claims: tuple[str, ...] = ()
    is_link: bool = False

    def at(self, start: int, end: int | None = None) -> Place:
        """The place of the characters from offset `start` up to `end` (exclusive; default: none)."""
        line, column = self._source(start)
        if end is None or end <= start:
            return Place(self.place.path, line, column)
        end_line, end_column = self._source(end - 1)
        return Place(self.place.path, line, column, end_line, end_column + 1)

    def _source(self, offset: int) -> tuple[int, int]:
        if not self.spots:
            return self.place.line, self.place.column
        index = max(0, bisect_right(self.spots, (offset, 1 << 60, 0)) - 1)
        start, line, column = self.spots[index]
        return line, column + max(0, offset - start)


@dataclass(frozen=True, slots=True)
class ClaimMark:
    """`[wording]{claim=ID}`, or a division with `claim=ID`.

    `text` is the visible wording (empty for `[]{claim=ID}`, which takes the claim's match_text).
    For a span `block` is the index of its block and `start`, `end` are offsets there; for a division
    `block` is -1 and `place` is its opening line.
    """

    claim: str
    text: str
    place: Place
    block: int = -1
    start: int = 0
    end: int = 0

    @property
    def is_division(self) -> bool:
        """Whether the mark is a division's rather than a span's."""
        return self.block < 0


@dataclass(frozen=True, slots=True)
class NonclaimMark:
    """`[wording]{.nonclaim reason="..."}` inside a block, as offsets there."""

    reason: str
    place: Place
    block: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Citation:
    """One cited key: `[@a; @b, p. 3]` holds two citations, sharing `group`.

    `block` and `offset` say where in the prose it stands (`offset` is where the next visible character
    would be). `in_text` is true for `@a` in running text. `place` is the key itself, `@` included.
    """

    key: str
    place: Place
    block: int
    offset: int
    group: int = 0
    prefix: str = ""
    locator: str = ""
    suppress_author: bool = False
    in_text: bool = False


@dataclass(frozen=True, slots=True)
class NumberMark:
    """A bare `[3]` or `[4-6]` typed by hand in prose, which nothing defines. `text` is as written."""

    text: str
    place: Place
    block: int
    offset: int


@dataclass(frozen=True, slots=True)
class NoteMark:
    """The mark of a footnote in prose. `blocks` are the indexes of the note's own blocks, the second exclusive."""

    block: int
    offset: int
    blocks: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Figure:
    """An image, a table, or a `.figure` division.

    `claims` and `keys` are what sources it: claims and citations of the enclosing division, its caption or (for
    a table) its cells. `caption` is the index of the caption's block, -1 for none. `kind` is `image`,
    `table` or `figure` (a division). `alt` is None where the image has no alternative text, and also for
    kinds without an image. `blocks` are the indexes of its own blocks, the second exclusive: a table's rows, what
    stands in the division, the paragraph of an image and the block of its alternative text.
    """

    kind: str
    place: Place
    source: str = ""
    alt: str | None = None
    caption: int = -1
    claims: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    nonclaim: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    blocks: tuple[int, int] = (0, 0)


BLANKET = "ALL"
"""What a suppression or a setting writes for all rules at once; it reaches none that must be named."""


@dataclass(frozen=True, slots=True)
class Suppression:
    """`<!-- kap: ignore CODE[,CODE] until=DATE reason="..." -->`; `covers` is the block that follows it."""

    codes: tuple[str, ...]
    place: Place
    covers: Place | None
    reason: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Page:
    r"""One Markdown page. `source` is its text with `\\n` line ends, front matter included."""

    path: str
    source: str
    meta: FrontMatter
    blocks: tuple[Block, ...] = ()
    marks: tuple[ClaimMark, ...] = ()
    nonclaims: tuple[NonclaimMark, ...] = ()
    citations: tuple[Citation, ...] = ()
    numbers: tuple[NumberMark, ...] = ()
    notes: tuple[NoteMark, ...] = ()
    figures: tuple[Figure, ...] = ()
    suppressions: tuple[Suppression, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def place(self) -> Place:
        """The page's first line."""
        return Place(self.path)
