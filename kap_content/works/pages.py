"""Volumes, issues and pages as people and registries write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from kap_content.model.record import Record
from kap_content.model.reference import Reference
from kap_content.startup.regex import regex
from kap_content.works.agreement import Agreement, Comparison, Field
from kap_content.works.folding import fold, plain, squashed

_LABEL = regex(
    r"^(?:pages?|pp?|art(?:icle)?(?:\s*(?:id|no|number|nr))?|no|vol(?:ume)?|v|bd|band|issue|n|nr|num)\b\.?\s*[:#°]?\s*"
)
_POINT = regex(r"(?P<prefix>[a-z]*)(?P<number>\d+)(?P<suffix>[a-z]*)")
_RANGE = regex(r"\s*(?:-+|\bto\b|_)\s*")
_ROMAN = regex(r"m{0,3}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}

_NUMBER_LENGTH = 5
"""One number of so many digits is an article's, not a page."""


@dataclass(frozen=True, slots=True)
class Pages:
    """A range of pages, folded: `S12-9` has first `s12` and last `s19`. `last` is empty for one page or e-locator."""

    first: str
    last: str = ""

    @property
    def is_count(self) -> bool:
        """Whether it begins at 1: what reference managers write of an article that has a number instead of pages."""
        return self.first == "1"

    @property
    def is_locator(self) -> bool:
        """Whether it is one e-locator or article number (`e0211070`, `104436`) rather than pages."""
        return not self.last and (self.first[:1] == "e" or (self.first.isdigit() and len(self.first) >= _NUMBER_LENGTH))


@lru_cache(maxsize=16384)
def read_pages(text: str) -> Pages | None:
    """Read `617-27`, `pp. 617--627`, `E450-454`, `e0211070`, `123-126, 130` (its first range); None for nothing."""
    folded = _LABEL.sub("", fold(plain(text)).partition(" (")[0]).strip(" .")
    if not folded:
        return None
    parts = [squashed(part) for part in _RANGE.split(re.split(r"[,;+]| and ", folded)[0], maxsplit=1)]
    parts = [part for part in parts if part]
    if not parts:
        return None
    first, last = parts[0], parts[1] if len(parts) > 1 else ""
    return Pages(_bare(first), _expanded(first, last))


def _bare(point: str) -> str:
    match = _POINT.fullmatch(point)
    return f"{match['prefix']}{match['number'].lstrip('0') or '0'}{match['suffix']}" if match else point


def _expanded(first: str, last: str) -> str:
    """`27` after `617` is `627`; `454` after `e450` is `e454`; the same page twice is one page."""
    if not last:
        return ""
    one, other = _POINT.fullmatch(first), _POINT.fullmatch(last)
    if one and other and other["prefix"] in ("", one["prefix"]):
        number = other["number"]
        if len(number) < len(one["number"]):
            number = one["number"][: len(one["number"]) - len(number)] + number
        last = f"{one['prefix']}{number.lstrip('0') or '0'}{other['suffix']}"
    return "" if last == _bare(first) else last


def compare_pages(reference: Reference, record: Record) -> Comparison:
    """The entry's pages against the record's pages and article number.

    *Same*: equal first and last page, or the article number. *Compatible*: one side gives the first page only;
    letters differ around the same number (`621b`, `E450`); the last pages are one apart (a page shared with the next
    article, or blank); the article number or the end of the DOI is what the entry gives. *Different*: another first
    page, or the same first page with a last one further off. *Unknown*: one side is silent, or an article number
    stands against pages or a count of pages (`1-15`).
    """
    text = reference.get("pages", "eid", "article-number", "articleno")
    entry, registered = text, record.pages or record.article_number
    if entry and entry == registered:
        return Comparison(Field.PAGES, Agreement.SAME, entry, registered)
    pairs = [
        _verdict(ours, theirs)
        for ours in (read_pages(reference.get(name)) for name in ("pages", "eid", "article-number", "articleno"))
        for theirs in (read_pages(record.pages), read_pages(record.article_number))
        if ours and theirs
    ]
    for agreement in (Agreement.SAME, Agreement.COMPATIBLE):
        if agreement in pairs:
            return Comparison(Field.PAGES, agreement, entry, registered)
    ours = read_pages(text)
    if ours and _in_doi(ours, record):
        return Comparison(Field.PAGES, Agreement.COMPATIBLE, entry, registered)
    if not pairs or Agreement.UNKNOWN in pairs:
        return Comparison(Field.PAGES, Agreement.UNKNOWN, entry, registered)
    return Comparison(Field.PAGES, Agreement.DIFFERENT, entry, registered)


def _in_doi(ours: Pages, record: Record) -> bool:
    """Whether the entry gives the number that ends the DOI (`10.1155/2020/8871875`, `journal.pone.0211070`)."""
    tail = re.search(r"[a-z]?\d{4,}$", record.answered or record.asked)
    return tail is not None and _digits(tail[0]) == _digits(ours.first)


def _digits(point: str) -> str:
    return re.sub(r"\D", "", point).lstrip("0")


def _verdict(ours: Pages, theirs: Pages) -> Agreement:
    if ours == theirs:
        return Agreement.SAME
    if ours.first == theirs.first or (_digits(ours.first) and _digits(ours.first) == _digits(theirs.first)):
        ends = (_digits(ours.last) or ours.last, _digits(theirs.last) or theirs.last)
        close = all(end.isdecimal() for end in ends) and abs(int(ends[0]) - int(ends[1])) <= 1
        return Agreement.COMPATIBLE if "" in ends or ends[0] == ends[1] or close else Agreement.DIFFERENT
    if ours.is_count != theirs.is_count or ours.is_locator != theirs.is_locator:
        return Agreement.UNKNOWN
    return Agreement.DIFFERENT


def compare_volumes(reference: Reference, record: Record) -> Comparison:
    """The volumes: *same* when equal, Roman or Arabic; *compatible* when the first numbers are (`31(6)`)."""
    return _numbered(Field.VOLUME, reference.get("volume"), record.volume)


def compare_issues(reference: Reference, record: Record) -> Comparison:
    """The issues: as volumes; a double issue (`5-6`) is compatible with either; a word (`June`), or 0, is unknown."""
    return _numbered(Field.ISSUE, reference.get("number", "issue"), record.issue)


def _numbered(field: Field, ours: str, theirs: str) -> Comparison:
    if not (ours and theirs):
        return Comparison(field, Agreement.UNKNOWN, ours, theirs)
    left, right = _numbers(ours), _numbers(theirs)
    if not left or not right:
        agreement = Agreement.SAME if squashed(ours) and squashed(ours) == squashed(theirs) else Agreement.UNKNOWN
    elif left == right:
        agreement = Agreement.SAME
    elif left[0] == right[0] or (field is Field.ISSUE and not {*left}.isdisjoint(right)):
        agreement = Agreement.COMPATIBLE
    else:
        agreement = Agreement.DIFFERENT
    return Comparison(field, agreement, ours, theirs)


def _numbers(text: str) -> tuple[int, ...]:
    folded = _LABEL.sub("", fold(plain(text))).strip(" .")
    digits = tuple(int(number) for number in re.findall(r"\d{1,9}", folded))
    if digits:
        return digits if any(digits) else ()
    return (_roman(folded),) if folded and _ROMAN.fullmatch(folded) else ()


def _roman(text: str) -> int:
    values = [_ROMAN_VALUES[letter] for letter in text]
    return sum(-value if value < after else value for value, after in zip(values, [*values[1:], 0], strict=True))
