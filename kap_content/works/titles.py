"""Whether two titles name the same work.

How alike two titles of one work are, and two of different works, was measured on Crossref's records (see
`benchmarks/matching.py`); the thresholds below stand in the gap between the two.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import product

from kap_content.model.record import Record
from kap_content.model.reference import Reference
from kap_content.startup.regex import regex
from kap_content.works.agreement import Agreement, Comparison, Field
from kap_content.works.folding import edits, plain, script, squashed, word_set, words
from kap_content.works.pages import read_pages

ALIKE = 0.80
"""From this share of equal characters on, two titles are taken for one in two spellings.

Of 100,000 random pairs of different works two reach it; a title in British spelling, or with a misprint and a word
too many, stays above. Series reach it too (`... of the upper extremity`, `... of the lower extremity`), so no word may
contradict.
"""
CONTAINED_WORDS = 4
"""A title that stands word by word inside the other names the same work from this length on.

Shorter ones (`Introduction`, `Letter to the editor`) stand inside strangers.
"""
CONTAINED_LETTERS = 16

MISPRINT_LENGTH = 5
"""A word of so many letters may differ by one and be the same."""
MISPRINTED_TITLE = 12
"""A title of so many letters may have one misprint and be the same, whatever it does to the words."""
STEM_SHARE = 0.6
"""Two inflections of a word share this part of it: `collected`, `collection`."""

_SPELLINGS = (
    ("ae", "e"),
    ("oe", "e"),
    ("our", "or"),
    ("is", "iz"),
    ("ys", "yz"),
    ("ll", "l"),
    ("tre", "ter"),
    ("ph", "f"),
)

_SMALL = word_set("a an and as at by for from in into is of on or the to with vs versus using among between its their")
_COUNT = {
    word: str(number)
    for number, word in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), 1)  # noqa: SIM905 - a list of words reads better so
}
_STATUS = r"retracted|withdrawn|removed|temporary removal"
_STATUS_KIND = r"(?:[ -]+(?:article|paper|chapter|publication|manuscript|preprint|version))?"
_STATUS_PREFIX = regex(
    rf"^[\W_]*(?P<word>{_STATUS}){_STATUS_KIND}(?:\s*[\])]\s*[:.\u2013\u2014-]?|\s*[:.\u2013\u2014]|\s+-)\s*",
    re.IGNORECASE,
)
_STATUS_SUFFIX = regex(rf"\s*[\[(]\s*(?P<word>{_STATUS}){_STATUS_KIND}(?:[:.,;\s][^\])]*)?[\])]\s*\.?$", re.IGNORECASE)
_NOTICE_WORDS = (
    r"(?:(?:author|publisher|publisher['’]s|editorial|editors?['’]?|journal|partial|notice of|statement of)\s+)*"
    r"(?P<word>corrections?|corrigend(?:um|a)|errat(?:um|a)|addendum|retraction|withdrawal|expressions? of concern)"
    r"(?:\s+(?:note|notice|statement|and replacement|and republication))?"
)
_NOTICE_PREFIX = regex(
    rf"^\W*{_NOTICE_WORDS}(?:\s+(?:to|for|of|on|in|regarding)(?:\s+the)?(?:\s+(?:article|paper))?)?"
    r"\s*[:.\u2013\u2014-]?\s*(?=\S)",
    re.IGNORECASE,
)
_NOTICE_ALONE = regex(rf"^\W*{_NOTICE_WORDS}\W*$", re.IGNORECASE)
_NOTICE_MARKED = regex(
    rf"^\W*{_NOTICE_WORDS}(?:\s+(?:to|for|of))?\s*(?::|[\u2013\u2014]|\s-\s|[\"“”‘']|\.\s)", re.IGNORECASE
)
_NOTICE_TO = regex(
    r"^(?:Author |Publisher )?(?P<word>Correction|Corrigendum|Erratum|Addendum) (?:to|for) (?:the )?[A-Z]"
)
_NOTICE_NAMED = regex(
    r"^(?:retraction (?:note|notice)|notice of (?:retraction|withdrawal|correction)|statement of retraction"
    r"|expression of concern)\b",
    re.IGNORECASE,
)
_SHORT_NOTICE = 3
"""A notice runs to three pages at most; `Correction to Reynolds Number ...` over twelve pages is an article."""
_MEDIUM = regex(
    r"\s*[\[(](?:internet|online|web ?page|web ?site|electronic resource|article|letter|review|abstract)[\])]\s*\.?$",
    re.IGNORECASE,
)
_BRACKETED = regex(r"^\[(.+)\]\.?$")
_NUMBER = regex(r"\d+")
_PART = regex(r"\b(?:part|volume|vol|chapter|section|number|no|case|series|study|edition)\.? ([ivx]+|[a-e])\b")


def without_status(title: str) -> str:
    """`title` without `RETRACTED:`, `WITHDRAWN:`, `(Retracted article)` and the like, at either end."""
    bare = _STATUS_SUFFIX.sub("", title).strip()
    stripped = _STATUS_PREFIX.sub("", bare).strip()
    return stripped or bare or title


def says_retracted(title: str, *, withdrawn: bool = True) -> bool:
    """Whether `title` carries the mark of a retracted, withdrawn or removed article, at either end.

    `withdrawn=False` asks for the word *retracted* alone.
    """
    text = plain(title)
    match = _STATUS_PREFIX.match(text) or _STATUS_SUFFIX.search(text)
    return match is not None and (withdrawn or match["word"].lower() == "retracted")


def says_withdrawn(title: str) -> bool:
    """Whether `title` is marked `WITHDRAWN:`."""
    match = _STATUS_PREFIX.match(plain(title))
    return match is not None and match["word"].lower() == "withdrawn"


def says_notice(title: str, pages: str = "") -> str:
    """The kind of notice that `title` announces (`correction`, `erratum`, `retraction` ...), or the empty string.

    `Correction: X`, `Erratum`, `Retraction note to “X”`, `Correction to Enhanced Uptake ...` do; `Correction of a
    split nail deformity` and `Withdrawal from benzodiazepines: a review` do not.
    """
    text = plain(title)
    match = _NOTICE_ALONE.match(text)
    if match is None and _NOTICE_NAMED.match(text):
        match = _NOTICE_PREFIX.match(text)
    if match is None and _is_marked(text):
        match = _NOTICE_MARKED.match(text)
    if match is None and _is_short(pages):
        match = _NOTICE_TO.match(text)
    return match["word"].lower() if match else ""


def _is_marked(text: str) -> bool:
    """A colon after a notice's word makes a notice, but for the words that are medicine's own (`Withdrawal: ...`)."""
    match = _NOTICE_MARKED.match(text)
    return match is not None and match["word"].lower() not in ("withdrawal", "corrections")


def _is_short(pages: str) -> bool:
    span = read_pages(pages)
    if span is None or not (span.first.isdigit() and span.last.isdigit()):
        return True
    return int(span.last) - int(span.first) < _SHORT_NOTICE


def bare_title(title: str) -> str:
    """`title` without markup, status words, a medium (`[Internet]`) or the brackets of a translated title."""
    text = _MEDIUM.sub("", plain(title)).strip()
    bracketed = _BRACKETED.match(text)
    if bracketed and "[" not in bracketed[1] and "]" not in bracketed[1]:
        text = bracketed[1]
    return without_status(text)


def compare_titles(reference: Reference, record: Record) -> Comparison:
    """The entry's title against every title that the registry knows.

    *Same*: equal letters and digits for any pair of (title, title with subtitle, other title) once markup, case,
    accents, dashes, quotation marks, Greek letters and `RETRACTED:` are folded. *Compatible*: one is the
    other's main title; one of at least `CONTAINED_WORDS` words stands inside the other; or at least `ALIKE` of the
    characters are equal while neither a number (`part 1`, `part 2`) nor a word (`psilocybin`, `pregabalin`)
    contradicts. A chapter and its book are compatible too: entries give the one with the DOI of the other. *Unknown*:
    a side without a title, or scripts of which none can be compared.
    """
    ours, theirs = tuple(_entry_titles(reference)), tuple(_record_titles(record))
    entry = reference.get("title")
    registered = record.title or next(iter(theirs), "")
    if not ours or not theirs:
        return Comparison(Field.TITLE, Agreement.UNKNOWN, entry, registered)
    agreement = _best(ours, theirs)
    if agreement is Agreement.DIFFERENT:
        hosts = (*_hosts(reference), *(bare_title(name) for name in _record_hosts(record)))
        if any(compare(one, other) is not Agreement.DIFFERENT for one, other in product(hosts, (*ours, *theirs))):
            agreement = Agreement.COMPATIBLE
    return Comparison(Field.TITLE, agreement, entry, registered)


def _best(ours: Iterable[str], theirs: Iterable[str]) -> Agreement:
    found = [compare(one, other) for one, other in product(ours, tuple(theirs))]
    for agreement in (Agreement.SAME, Agreement.COMPATIBLE, Agreement.DIFFERENT):
        if agreement in found:
            return agreement
    return Agreement.UNKNOWN


def _entry_titles(reference: Reference) -> Iterator[str]:
    title, subtitle = reference.get("title"), reference.get("subtitle", "titleaddon")
    yield from _written(title, subtitle)


def _record_titles(record: Record) -> Iterator[str]:
    yield from _written(record.title, record.subtitle)
    for title in (record.subtitle if not record.title else "", *record.other_titles):
        yield from _written(title, "")


def _written(title: str, subtitle: str) -> Iterator[str]:
    """The title as it may be cited: alone, with its subtitle, without the words that make it a notice."""
    main = bare_title(title)
    if not main:
        return
    yield main
    if subtitle:
        yield f"{main}: {bare_title(subtitle)}"
    about = _NOTICE_PREFIX.sub("", main)
    if about and about != main:
        yield about.strip(" “”\"'‘’")


def _hosts(reference: Reference) -> Iterator[str]:
    if reference.type in ("inbook", "incollection", "inproceedings", "book", "inreference"):
        for name in ("booktitle", "maintitle"):
            if reference.get(name):
                yield bare_title(reference.get(name))


def _record_hosts(record: Record) -> tuple[str, ...]:
    return record.containers if "chapter" in record.type or "entry" in record.type else ()


@lru_cache(maxsize=16384)
def compare(one: str, other: str) -> Agreement:
    """Two bare titles against each other, by the rules of `compare_titles`. Symmetric."""
    left, right = squashed(one), squashed(other)
    if not left or not right:
        return Agreement.UNKNOWN
    if left == right:
        return Agreement.SAME
    if script(one) != script(other):
        return Agreement.UNKNOWN
    if _numbers_contradict(one, other):
        return Agreement.DIFFERENT
    if _nearly(left, (right, *map(squashed, main_titles(other)))) or _nearly(right, map(squashed, main_titles(one))):
        return Agreement.COMPATIBLE
    ours, theirs = _counted(one), _counted(other)
    if _contains(ours, theirs) or _contains(_substance(ours), _substance(theirs)):
        return Agreement.COMPATIBLE
    if likeness(one, other) >= ALIKE and not _words_contradict(one, other):
        return Agreement.COMPATIBLE
    return Agreement.DIFFERENT


def _nearly(title: str, others: Iterable[str]) -> bool:
    """Whether `title` is one of the others but for one misprint; short titles must be equal."""
    return any(title == other or (len(title) >= MISPRINTED_TITLE and edits(title, other, 1) <= 1) for other in others)


def main_titles(title: str) -> Iterator[str]:
    """What `title` becomes when people drop its subtitle, words in brackets at its end, or a series before it.

    A subtitle follows a colon, a dash, a question mark or a full stop. What stands after the last colon counts from
    `CONTAINED_LETTERS` on.
    """
    for match in re.finditer(r"\s*(?::\s|\s[-–—]\s|[—]|[?!.]\s|\s\()", title):
        if match.start():
            yield title[: match.start()]
    series, _, rest = title.rpartition(": ")
    if series and len(squashed(rest)) >= CONTAINED_LETTERS:
        yield rest


def likeness(one: str, other: str) -> float:
    """The share of equal characters in order, 0 to 1, of two titles, spaces and marks left out. Symmetric."""
    left, right = sorted((squashed(one), squashed(other)))
    if not left or not right:
        return 0.0
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    if matcher.real_quick_ratio() < ALIKE or matcher.quick_ratio() < ALIKE:
        return matcher.real_quick_ratio() if matcher.real_quick_ratio() < ALIKE else matcher.quick_ratio()
    return matcher.ratio()


def _words_contradict(one: str, other: str) -> bool:
    """Whether a word of substance stands in the place of quite another one: `psilocybin` and `pregabalin`.

    Titles of one series are alike but for that (`upper` and `lower` extremity). A misprint, another spelling, a word
    parted or shortened, a word too many or too few do not contradict.
    """
    left, right = sorted((_counted(one), _counted(other)))
    for kind, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        ours, theirs = "".join(_substance(left[a:b])), "".join(_substance(right[c:d]))
        if kind == "replace" and ours and theirs and not _one_word(ours, theirs):
            return True
    return False


def _counted(title: str) -> tuple[str, ...]:
    return tuple(_COUNT.get(word, word) for word in words(title))


def _substance(part: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for word in part if word not in _SMALL)


def _one_word(one: str, other: str) -> bool:
    """Whether two words are one: spelled otherwise, misprinted, inflected, shortened or an acronym of the other.

    Two letters are not a misprint: they tell esketamine from ketamine.
    """
    if min(len(one), len(other)) >= MISPRINT_LENGTH and edits(one, other, 1) <= 1:
        return True
    short, full = sorted((_american(one), _american(other)), key=len)
    if full.startswith(short) or (len(short) >= MISPRINT_LENGTH and edits(short, full, 1) <= 1):
        return True
    stem = next((place for place, (a, b) in enumerate(zip(short, full, strict=False)) if a != b), len(short))
    if stem >= STEM_SHARE * len(full):
        return True
    letters = iter(full)
    return short[0] == full[0] and 2 * len(short) <= len(full) and all(letter in letters for letter in short)


def _american(word: str) -> str:
    for british, american in _SPELLINGS:
        word = word.replace(british, american)
    return word


def _contains(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    shorter, longer = sorted((one, other), key=len)
    size = len(shorter)
    return size >= CONTAINED_WORDS and any(
        longer[start : start + size] == shorter for start in range(len(longer) - size + 1)
    )


def _numbers_contradict(one: str, other: str) -> bool:
    """Whether both give numbers and each has one that the other lacks: `part 1` and `part 2` are two works."""
    left, right = _numbers(one), _numbers(other)
    return bool(left - right) and bool(right - left)


def _numbers(title: str) -> frozenset[str]:
    text = " ".join(words(title))
    digits = frozenset(number.lstrip("0") or "0" for number in _NUMBER.findall(text))
    return digits | {_roman(part) for part in _PART.findall(text)}


_ROMAN = {
    "i": "1",
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "v": "5",
    "vi": "6",
    "vii": "7",
    "viii": "8",
    "ix": "9",
    "x": "10",
}


def _roman(part: str) -> str:
    return _ROMAN.get(part, part)
