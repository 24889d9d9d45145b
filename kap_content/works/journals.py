"""Whether two journal names are of one journal: ISSN, registered names, abbreviations, acronyms, known renamings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import product

from kap_content.model.record import Record
from kap_content.model.reference import Reference
from kap_content.startup.regex import regex
from kap_content.works.agreement import Agreement, Comparison, Field
from kap_content.works.folding import edits, plain, script, word_set, words

MISPRINT_LENGTH = 16
"""A name of so many letters may differ by one; short ones (`Neurology`, `Nephrology`) have near neighbours."""

_SMALL = word_set(
    "a an and the of for in on to at by from with de del della des di du et e en la le les los las l d der die das den",
    "dem und ihre ihrer fur van voor het i og och y o do da dos w im za si part section series serie reihe ser sect",
    "volume vol",
)
"""Words that abbreviations leave out."""
_PLACES = word_set(
    "u s a us usa uk united states america england london great britain baltimore md new york ny",
)
"""Words that only say where a journal is published; either side may add them at the end."""
_SKIPPED = _SMALL | {"london"}
_ACRONYM_LENGTH = range(3, 9)
_ISSN = regex(r"\d{4}-?\d{3}[\dXx]")
_SUBTITLE = regex(r"\s*(?::|=|/|\(|\[|;|\s-\s|—|–|,?\s+and (?=allied|related))\s*")
_SECOND_NAME = regex(r"([^.]*[^\W\d_]{3})\.\s+(?=[A-Z][\w ,()-]+[^.]$)")
"""A name, a full stop, and the name of a section or a second language; an abbreviation has dots elsewhere too."""
_SECTION = regex(r"[^\s.]{3,}\S*\s+\S.*?[\s.]+[A-I](?=[\s.,]+\w)")
"""A name as far as the letter of its section: `Physical Review B` of `Physical review. B, Condensed matter`."""
_ELISION = regex(r"\b[dl]['’](?=\w)", re.IGNORECASE)
_CONTRACTIONS = {
    "jpn": ("japan", "japon"),
    "dtsch": ("deutsch",),
    "ztg": ("zeitung",),
    "jt": ("joint",),
    "mt": ("mountain", "mount"),
    "pa": ("pennsylvania",),
}
_CONTRACTION_LENGTH = range(3, 6)
_LONG_STEM = 6
_SHORTEST_ALONE = 3
"""A journal of one word is abbreviated to this many letters at least: `CA` is not `Cancer`."""
_PREPRINT_SERVERS = regex(
    r"arxiv|\bcorr\b|biorxiv|medrxiv|chemrxiv|socarxiv|edarxiv|osf preprints?|techrxiv|authorea|essoar"
    r"|earth and space science open archive|research square|\bpreprints?\b|ssrn|zenodo|sciety|qeios"
    r"|cold spring harbor laboratory|nber working paper"
)
_RENAMED = (
    ("archives of general psychiatry", "jama psychiatry"),
    ("archives of internal medicine", "jama internal medicine"),
    ("archives of neurology", "jama neurology"),
    ("archives of dermatology", "jama dermatology"),
    ("archives of ophthalmology", "jama ophthalmology"),
    ("archives of surgery", "jama surgery"),
    ("archives of pediatrics and adolescent medicine", "jama pediatrics"),
    ("archives of otolaryngology head and neck surgery", "jama otolaryngology head and neck surgery"),
    ("archives of facial plastic surgery", "jama facial plastic surgery"),
    ("british medical journal", "bmj"),
    ("british medical journal clinical research ed", "bmj"),
    ("proceedings of the national academy of sciences", "pnas"),
    ("new england journal of medicine", "nejm"),
    ("lancet", "the lancet"),
)
"""Journals known by two names; people cite either for the years before and after the change."""


def is_preprint_server(name: str) -> bool:
    """Whether `name` is a preprint server's: no claim to have been published anywhere."""
    return _PREPRINT_SERVERS.search(" ".join(words(name))) is not None


def compare_journals(reference: Reference, record: Record) -> Comparison:
    """The entry's journal against the record's containers.

    *Same*: a common ISSN, or equal names. *Compatible*: an abbreviation word by word (`Arch Gen Psychiatry`, `J
    Natl Cancer Inst`), an acronym, a dropped subtitle or place, a known renaming. *Different*: none of these.
    *Unknown*: a silent side, a preprint server on either, or a proceedings or book title that is not recognised (they
    are written in too many ways to be held against anybody).
    """
    name = plain(reference.get("journal", "journaltitle", "shortjournal"))
    book = plain(reference.get("booktitle"))
    containers = tuple(plain(container) for container in record.containers if container.strip())
    entry, registered = name or book, containers[0] if containers else ""

    def verdict(agreement: Agreement) -> Comparison:
        return Comparison(Field.JOURNAL, agreement, entry, registered)

    if not (name or book) or not containers:
        return verdict(Agreement.UNKNOWN)
    ours = {issn.replace("-", "").upper() for issn in _ISSN.findall(reference.get("issn"))}
    if ours & {issn.replace("-", "").upper() for issn in record.issn}:
        return verdict(Agreement.SAME)
    if is_preprint_server(name) or any(map(is_preprint_server, containers)):
        return verdict(Agreement.UNKNOWN)
    names = [
        plain(reference.get(field)) for field in ("journal", "journaltitle", "shortjournal", "booktitle", "series")
    ]
    found = {compare(one, other) for one, other in product(filter(None, names), containers)}
    for agreement in (Agreement.SAME, Agreement.COMPATIBLE, Agreement.UNKNOWN):
        if agreement in found:
            return verdict(agreement)
    settled = name and record.type in ("", "journal-article", "journal article", "journalarticle")
    return verdict(Agreement.DIFFERENT if settled else Agreement.UNKNOWN)


@lru_cache(maxsize=16384)
def compare(one: str, other: str) -> Agreement:
    """Two journal names against each other. Symmetric."""
    left, right = words(one), words(other)
    if not left or not right:
        return Agreement.UNKNOWN
    if _known(left) == _known(right):
        return Agreement.SAME
    if script(one) != script(other):
        return Agreement.UNKNOWN
    pairs = product(_written(one), _written(other))
    if any(_alike(a, b) for a, b in pairs) or _misprinted("".join(left), "".join(right)):
        return Agreement.COMPATIBLE
    return Agreement.DIFFERENT


def _misprinted(one: str, other: str) -> bool:
    return min(len(one), len(other)) >= MISPRINT_LENGTH and edits(one, other, 1) <= 1


@lru_cache(maxsize=1)
def _renamings() -> dict[tuple[str, ...], tuple[str, ...]]:
    return {_large(words(old)): _large(words(new)) for old, new in _RENAMED}


def _known(name: tuple[str, ...]) -> tuple[str, ...]:
    large = _large(name)
    return _renamings().get(large, large)


def _large(name: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for word in name if word not in _SMALL) or name


def _written(name: str) -> tuple[tuple[str, ...], ...]:
    """The name whole, and cut before a subtitle, a place in brackets or a section; hyphens joined and parted.

    `JAMA: The Journal of the American Medical Association` is also what follows its acronym.
    """
    text = _ELISION.sub("", name)
    parts = _SUBTITLE.split(text)
    heads = [text, parts[0]]
    second = _SECOND_NAME.match(text)
    if second and (len(words(second[1])) > 1 or second[1].isupper() or "journal" in text[second.end() :].lower()):
        heads.append(second[1])
    if len(parts) > 1 and parts[0].isupper() and len(words(parts[1])) > 1:
        heads.append(parts[1])
    section = _SECTION.match(text)
    if section:
        heads.append(section[0])
    heads.extend([head.replace("-", "") for head in heads if "-" in head])
    return tuple(dict.fromkeys(tokens for tokens in map(words, heads) if tokens))


def _alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    if _known(one) == _known(other):
        return True
    if _is_acronym(one, other) or _is_acronym(other, one):
        return True
    if _aligned(one, other) and len(one) > 1 < len(other):
        return True
    left, right = _placeless(one), _placeless(other)
    if len(left) == len(right) == 1 and min(len(left[0]), len(right[0])) < _SHORTEST_ALONE:
        return left == right
    return _aligned(left, right)


def _placeless(name: tuple[str, ...]) -> tuple[str, ...]:
    end = len(name)
    while end > 1 and (name[end - 1] in _PLACES or name[end - 1] in _SMALL) and _large(name[: end - 1]) != name[:0]:
        end -= 1
    return name[:end]


def _aligned(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether word by word one shortens the other, small words and `London` of either left out."""
    reached = {(0, 0)}
    for step in range(len(one) + len(other)):
        for i, j in [place for place in reached if sum(place) == step]:
            if i < len(one) and j < len(other) and (_shortens(one[i], other[j]) or _shortens(other[j], one[i])):
                reached.add((i + 1, j + 1))
            reached.update((i + 1, j + run) for run in _spelled_out(one[i : i + 1], other[j:]))
            reached.update((i + run, j + 1) for run in _spelled_out(other[j : j + 1], one[i:]))
            if i < len(one) and one[i] in _SKIPPED:
                reached.add((i + 1, j))
            if j < len(other) and other[j] in _SKIPPED:
                reached.add((i, j + 1))
    return (len(one), len(other)) in reached


def _spelled_out(acronym: tuple[str, ...], rest: tuple[str, ...]) -> Iterator[int]:
    """How many words of `rest` spell out `acronym` (`ACM`: the words after `Communications of the`)."""
    if not acronym or len(acronym[0]) not in _ACRONYM_LENGTH:
        return
    letters = ""
    for run, word in enumerate(rest, 1):
        if word not in _SMALL:
            letters += word[0]
        if letters == acronym[0]:
            yield run
        if not acronym[0].startswith(letters):
            return


def _shortens(short: str, full: str) -> bool:
    """Whether `short` is `full`, its beginning, or a contraction of it (`natl`, `jpn`, `kinderheilkd`)."""
    if full.startswith(short):
        return True
    if short in _CONTRACTIONS:
        return full.startswith(_CONTRACTIONS[short])
    shared = 2 if len(short) in _CONTRACTION_LENGTH else _LONG_STEM
    if short[:shared] != full[:shared]:
        return False
    letters = iter(full)
    return all(letter in letters for letter in short)


def _is_acronym(short: tuple[str, ...], full: tuple[str, ...]) -> bool:
    """Whether `short` is one word made of the first letters of `full`, places at its end included or not (`PNAS`)."""
    if len(short) != 1 or len(short[0]) not in _ACRONYM_LENGTH:
        return False
    return any(
        len(name) > 1 and short[0] in ("".join(word[0] for word in name), "".join(word[0] for word in _large(name)))
        for name in (full, _placeless(full))
    )
