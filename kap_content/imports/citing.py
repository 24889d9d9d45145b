"""From the marks of a live page (`[2,3]`, `(Smith 2019)`, “Dore et al (2019)”) to citations of the project's keys."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kap_content.imports.emit import expand
from kap_content.language.author_year import Form, NamedWork, named_works
from kap_content.model.page import Block, BlockKind, Page
from kap_content.model.place import Place
from kap_content.model.reference import Reference
from kap_content.startup.regex import regex
from kap_content.works.names import same_family
from kap_content.works.years import entry_years

_PARENTHESES = regex(r"\((?P<inner>[^()]{3,200}?(?:1[5-9]|20)\d\d[a-z]?[^()]{0,80})\)")
_ITEM = regex(
    r"(?P<prefix>(?:see(?: also)?|e\.g\.|cf\.|for example|reviewed (?:in|by)|as in|also)?,?\s*)"
    r"(?P<names>[^\d(),;]+(?:,[^\d(),;]+)*?),?\s+"
    r"(?P<year>(?:1[5-9]|20)\d\d)(?P<letter>[a-z]?)(?:,?\s*(?P<locator>(?:pp?\.|pages?|ch(?:apter)?\.?|table|fig(?:ure)?\.?)\s*[\w–-]+))?",
    re.IGNORECASE,
)
_ET_AL = regex(r",?\s+(?:et\.?\s*al\b\.?|and (?:others|colleagues)|& (?:others|colleagues))$", re.IGNORECASE)
_INITIALS = regex(r"^(?:[A-Z]\.\s?)+|,?\s(?:[A-Z]\.?\s?)+$")


class Source:
    """A text with the offsets of its lines."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]

    def span(self, place: Place) -> tuple[int, int]:
        """The offsets of a place."""
        return (
            self._starts[place.line - 1] + place.column - 1,
            self._starts[place.end_line - 1] + place.end_column - 1,
        )

    def line(self, offset: int) -> int:
        """The line, from 1, of an offset."""
        return bisect_right(self._starts, offset)


@dataclass(frozen=True, slots=True)
class Edit:
    """Put `text` in the place of the characters from `start` to `end`."""

    start: int
    end: int
    text: str


def apply(text: str, edits: Sequence[Edit]) -> str:
    """All edits at once; they do not overlap. An insertion stands before a removal at the same place."""
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end), reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


@dataclass(frozen=True, slots=True)
class Works:
    """The works that a page may name, by key."""

    references: Mapping[str, Reference]

    def find(self, names: Sequence[str], year: int, letter: str = "", *, whole: bool = False) -> str:
        """The key of the one work by these authors in that year, empty where none or several may be meant."""
        found = [key for key, reference in self.references.items() if _is_by(reference, names, year, whole=whole)]
        if letter and len(found) > 1:
            lettered = [key for key in found if key.endswith(letter)]
            return lettered[0] if len(lettered) == 1 else ""
        return found[0] if len(found) == 1 else ""

    def named_in(self, text: str) -> Iterator[str]:
        """The keys of the works that prose names by author and year."""
        for work in named_works(text):
            for year in work.years:
                key = self._of(work, year)
                if key:
                    yield key

    def _of(self, work: NamedWork, year: int) -> str:
        if work.form is Form.FIRST:
            return next((key for name in work.names if (key := self.find([name], year))), "")
        if work.form is Form.SINGLE:
            return self.find(work.names, year)
        # Before the authors may stand a word that is no name (`In Germany, Smith and Ng`).
        later = (work.names[at:] for at in range(max(1, len(work.names) - 1)))
        return next((key for names in later if (key := self.find(names, year, whole=True))), "")


def _is_by(reference: Reference, names: Sequence[str], year: int, *, whole: bool) -> bool:
    if not reference.authors or year not in entry_years(reference):
        return False
    if not _is_named(reference, 0, names[0]):
        return False
    if whole and not reference.and_others:
        return len(reference.authors) == len(names) and all(
            _is_named(reference, index, name) for index, name in enumerate(names)
        )
    return True


def _is_named(reference: Reference, index: int, name: str) -> bool:
    author = reference.authors[index]
    if author.is_group:
        initials = "".join(word[0] for word in re.findall(r"\w+", author.literal) if word[0].isupper())
        return name.casefold() in (author.literal.casefold(), initials.casefold())
    return same_family(name, author.family) or same_family(name, f"{author.particle} {author.family}".strip())


@dataclass(frozen=True, slots=True)
class Cited:
    """The page's text with citations for marks; the numbers that no reference has, with the line of the first mark."""

    text: str
    marks: int = 0
    missing: Mapping[int, int] = field(default_factory=dict)


def with_citations(text: str, page: Page, keys: Mapping[int, str], works: Works) -> Cited:
    """Replace the marks of `text`, which `page` was read from. What is not resolved stays as it is."""
    source = Source(text)
    edits: list[Edit] = []
    missing: dict[int, int] = {}
    for number in page.numbers:
        named = expand(number.text)
        unknown = [one for one in named if one not in keys]
        start, end = source.span(number.place)
        if named and not unknown and text[start:end] == number.text:
            edits.append(Edit(start, end, _group(dict.fromkeys(keys[one] for one in named))))
        for one in unknown:
            missing.setdefault(one, number.place.line)
    for block in page.blocks:
        if block.kind not in (BlockKind.CODE, BlockKind.HEADING, BlockKind.HTML):
            edits.extend(_author_years(block, source, works))
    for figure in page.figures:
        caption = page.blocks[figure.caption] if figure.caption >= 0 else None
        if (
            caption is not None
            and not figure.keys
            and not any(number.block == figure.caption for number in page.numbers)
        ):
            shown = dict.fromkeys(works.named_in(caption.text))
            _, end = source.span(caption.at(0, len(caption.text)))
            edit = Edit(end, end, f" {_group(shown)}")
            if shown and not any(other.start < end <= other.end for other in edits) and edit not in edits:
                edits.append(edit)
    return Cited(apply(text, edits), len(edits), missing)


def _group(keys: Mapping[str, None]) -> str:
    return "[" + "; ".join(f"@{key}" for key in keys) + "]"


def _author_years(block: Block, source: Source, works: Works) -> Iterator[Edit]:
    for found in _PARENTHESES.finditer(block.text):
        items = [_item(piece.strip(), works) for piece in found["inner"].split(";")]
        if not all(items):
            continue
        start, end = source.span(block.at(found.start(), found.end()))
        if " ".join(source.text[start:end].split()) == found[0]:
            yield Edit(start, end, "[" + "; ".join(items) + "]")


def _item(text: str, works: Works) -> str:
    found = _ITEM.fullmatch(text)
    if not found:
        return ""
    written = found["names"].strip(" ,")
    several = _ET_AL.search(written) is not None
    names = [
        _INITIALS.sub("", name).strip()
        for name in re.split(r",?\s+(?:and|&)\s+|,\s+", _ET_AL.sub("", written))
        if name.strip()
    ]
    if not names or not names[0][:1].isupper():
        return ""
    key = works.find(names, int(found["year"]), found["letter"], whole=not several)
    if not key:
        return ""
    prefix = found["prefix"].strip()
    locator = f", {found['locator']}" if found["locator"] else ""
    return f"{prefix} @{key}{locator}".strip()
