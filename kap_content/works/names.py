"""Whether two names may be one person's, and two author lists one work's.

Family names are compared; given names only tell a family name from a given name. Particles are optional,
accents and their transliterations (ö, oe, o) are one letter, hyphens and spaces are the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from kap_content.model.record import Record
from kap_content.model.reference import Name, Reference
from kap_content.startup.regex import regex
from kap_content.works.agreement import Agreement, Comparison, Field
from kap_content.works.folding import edits, fold, plain, script, suspect, word_set, words

PARTICLES = word_set(
    "a af al am an ap av ben bin bint d da das de degli dei del dela della delle den der des di do dos du e el ibn il",
    "in la las le les lo los mac of op st t te ten ter thoe to tot und van vande vanden vander ver vom von vonder y z",
    "zu zum zur",
)
SUFFIXES = word_set("jr sr junior senior ii iii iv 2nd 3rd 4th md phd frcpsych mbbs dr prof")
MISPRINT_LENGTH = 5
"""A family name from this length on may differ by one letter; below, `Li` and `Lu` are two people."""
WORD_LENGTH = 3
"""A part of a compound name counts from this length on: `Ng` alone is not `Ng Kee Kwong`."""
GROUP_LIKENESS = 0.6
"""Two groups are one when they share this part of their words (`the GBD 2019 Collaborators`, `GBD Collaborators`)."""
FOUND_SHARE = 0.5
LIST_LENGTH = 3
"""Of a list of so many authors or more, fewer than `FOUND_SHARE` found in the record means another list."""
SHOWN = 4
COMPARED = 20
"""So many of the entry's names are looked up, each among ten times as many: consortia sign with a thousand."""

_INITIALS = regex(r"(?:[^\W\d_]\.?[ -]?){1,3}")
_TRAILING_INITIALS = regex(r"(?<=\w)\s+[A-Z]{1,3}$")
_VANCOUVER = regex(r"[^\W\d_][^,]*?\s(?:[^\W\d_]\.?-?){1,3}(?:\s(?:Jr|Sr|II|III|IV|2nd|3rd)\.?)?")
_OTHERS = frozenset({"others", "et al", "al", "etal", "and others"})
_NOBODY = frozenset({"anonymous", "anon", "unknown", "no authors listed", "no author", "na", "n a"})
_GROUP_WORDS = word_set("the of for and on in a behalf study group collaborators investigators consortium")


@lru_cache(maxsize=65536)
def family_words(family: str) -> tuple[str, ...]:
    """The words of a family name, folded, without particles and suffixes, transliterations made one.

    A name made of particles only (`Le`, `Do`, `Van`) keeps them.
    """
    tokens = [token for token in words(family) if token not in SUFFIXES] or list(words(family))
    core = [token for token in tokens if token not in PARTICLES] or tokens
    return tuple(_one_spelling(token) for token in core)


def _one_spelling(token: str) -> str:
    for digraph, letter in (("ae", "a"), ("oe", "o"), ("ue", "u"), ("aa", "a")):
        token = token.replace(digraph, letter)
    return token


def same_family(one: str, other: str) -> bool:
    """Whether two family names may be one: equal, one part of a compound name, or a misprint apart. Symmetric."""
    left, right = family_words(one), family_words(other)
    if not left or not right:
        return False
    if "".join(left) == "".join(right):
        return True
    shorter, longer = sorted((set(left), set(right)), key=len)
    if shorter < longer and any(len(word) >= WORD_LENGTH for word in shorter):
        return True
    first, second = "".join(left), "".join(right)
    return min(len(first), len(second)) >= MISPRINT_LENGTH and edits(first, second, 1) <= 1


def same_name(one: Name, other: Name) -> bool:
    """Whether two names may be of one person or group, in whatever order family and given name were put. Symmetric."""
    if one.family and one.family == other.family:
        return True
    if one.is_group or other.is_group:
        return _same_group(one, other)
    if any(same_family(left, right) for left in _families(one) for right in _families(other)):
        return True
    return _swapped(one, other) or _swapped(other, one) or _all_words(one) == _all_words(other) != ()


def _families(name: Name) -> Iterator[str]:
    """The readings of the family name: initials stand there where `Glue P` was typed without a comma."""
    if _are_initials(name.family) and name.given and not any(map(_are_initials, (name.given, name.given[:1]))):
        yield name.given
    else:
        yield _TRAILING_INITIALS.sub("", name.family) or name.family
        if name.particle:
            yield f"{name.particle}{name.family}"


def _are_initials(text: str) -> bool:
    return (
        bool(text)
        and text == text.upper()
        and _INITIALS.fullmatch(text.strip()) is not None
        and script(text) == "latin"
    )


def _swapped(one: Name, other: Name) -> bool:
    """Whether `one` has the given name of `other` for a family name and the other way round."""
    if not (one.given and one.family and other.given and other.family):
        return False
    if family_words(one.given) != family_words(other.family):
        return False
    ours, theirs = fold(one.family), fold(other.given)
    return ours[:1] == theirs[:1]


def _all_words(name: Name) -> tuple[str, ...]:
    return tuple(sorted(_one_spelling(word) for word in words(str(name)) if word not in PARTICLES | SUFFIXES))


def _same_group(one: Name, other: Name) -> bool:
    if one.is_group and other.is_group:
        return _group_likeness(one.literal, other.literal)
    group, person = (one, other) if one.is_group else (other, one)
    tokens = {_one_spelling(word) for word in words(group.literal)}
    family = set(family_words(person.family))
    return bool(family) and family <= tokens


def _group_likeness(one: str, other: str) -> bool:
    left, right = set(words(one)), set(words(other))
    left, right = left - _GROUP_WORDS or left, right - _GROUP_WORDS or right
    if not left or not right:
        return False
    if left <= right or right <= left or 2 * len(left & right) / (len(left) + len(right)) >= GROUP_LIKENESS:
        return True
    return _acronym(one) == "".join(words(other)) or _acronym(other) == "".join(words(one))


def _acronym(text: str) -> str:
    return "".join(word[0] for word in words(text) if word not in {"the", "of", "for", "and", "on", "in", "a"})


def entry_authors(reference: Reference) -> tuple[tuple[Name, ...], bool]:
    """The entry's authors (its editors where it has none), and whether the list goes on.

    A list typed as in a Vancouver reference, `Glue P, Medlicott NJ, Harland S`, is read as its writer meant it.
    """
    names, more = reference.authors or reference.editors, reference.and_others
    vancouver = _vancouver(reference.get("author"))
    if vancouver:
        names, more = vancouver, more or "et al" in fold(reference.get("author"))
    kept = tuple(name for name in names if " ".join(words(str(name))) not in _OTHERS)
    more = more or len(kept) < len(names)
    return tuple(name for name in kept if _is_somebody(name)), more


def _vancouver(text: str) -> tuple[Name, ...]:
    if "," not in text or ";" in text or " and " in text:
        return ()
    parts = [part.strip(" .") for part in text.split(",")]
    parts = [part for part in parts if part and fold(part) not in _OTHERS]
    if len(parts) == 1 or not all(_VANCOUVER.fullmatch(part) for part in parts):
        return ()
    return tuple(Name(family=part.rsplit(" ", 1)[0], given=part.rsplit(" ", 1)[1]) for part in parts)


def compare_authors(reference: Reference, record: Record) -> tuple[Comparison, Comparison]:
    """The first author, and the list, of the entry against the record's.

    First author: *same* as the record's first; *compatible* with any other of its authors (order alone is no
    difference); *different* when the record has persons and none of them fits. Registries drop groups
    and file institutions as authors, so a group against persons only, a record of groups only, or another
    script is *unknown*. The list: *same* when all of the entry's names are found and neither list is shorter,
    *compatible* when one is a part of the other (`and others`, a registry that names the first author
    only), *different* when three names or more were given and fewer than half of them are found in a record that has as
    many.
    """
    ours, more = entry_authors(reference)
    theirs = tuple(name for name in (_clean(name) for name in record.authors) if _is_somebody(name))
    if not ours or not theirs:
        silent = Agreement.UNKNOWN
        return (
            Comparison(Field.FIRST_AUTHOR, silent, _one(ours), _one(theirs)),
            Comparison(Field.AUTHORS, silent, _several(ours, more=more), _several(theirs)),
        )
    return (
        Comparison(Field.FIRST_AUTHOR, _first_author(ours[0], theirs), _one(ours), _one(theirs)),
        Comparison(Field.AUTHORS, _lists(ours, theirs, more=more), _several(ours, more=more), _several(theirs)),
    )


def _clean(name: Name) -> Name:
    if not suspect(f"{name.family}{name.given}{name.literal}"):
        return name
    return Name(*(plain(part) for part in (name.family, name.given, name.particle, name.suffix, name.literal)))


def _is_somebody(name: Name) -> bool:
    said = " ".join(words(str(name)))
    return bool(said) and said not in _NOBODY


def _first_author(first: Name, theirs: Sequence[Name]) -> Agreement:
    if same_name(first, theirs[0]):
        return Agreement.SAME
    if any(same_name(first, name) for name in theirs[1:]):
        return Agreement.COMPATIBLE
    persons = [name for name in theirs if not name.is_group]
    if first.is_group or not persons or all(script(str(name)) != script(str(first)) for name in persons):
        return Agreement.UNKNOWN
    return Agreement.DIFFERENT


def _lists(ours: Sequence[Name], theirs: Sequence[Name], *, more: bool) -> Agreement:
    equal = len(ours) == len(theirs)
    ours, theirs = ours[:COMPARED], theirs[: COMPARED * 10]
    found = sum(_is_among(name, theirs, place) for place, name in enumerate(ours))
    if found == len(ours):
        return Agreement.SAME if equal and not more else Agreement.COMPATIBLE
    if len(ours) < LIST_LENGTH or len(theirs) < len(ours):
        return Agreement.COMPATIBLE if found else Agreement.UNKNOWN
    if any(script(str(name)) != script(str(ours[0])) for name in theirs):
        return Agreement.UNKNOWN
    return Agreement.COMPATIBLE if found / len(ours) >= FOUND_SHARE else Agreement.DIFFERENT


def _is_among(name: Name, theirs: Sequence[Name], place: int) -> bool:
    """Whether `theirs` holds the name; most often it stands at the same place."""
    if place < len(theirs) and same_name(name, theirs[place]):
        return True
    return any(same_name(name, other) for other in theirs)


def _one(names: Sequence[Name]) -> str:
    return str(names[0]) if names else ""


def _several(names: Sequence[Name], *, more: bool = False) -> str:
    head = ", ".join(
        name.literal or " ".join(part for part in (name.particle, name.family) if part) for name in names[:SHOWN]
    )
    return head + (", et al" if more or len(names) > SHOWN else "") if names else ""
