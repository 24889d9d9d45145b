"""The authors at the head of a reference."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from kap_content.imports.references.parsed import YEAR
from kap_content.language.vocabulary import words
from kap_content.model.reference import Name
from kap_content.startup.regex import regex

_U = "A-ZÀ-ÖØ-ÞĀ-Ž"
_PARTICLES = (
    r"(?:(?:[Vv]an|[Vv]on|[Dd]e|[Dd]er|[Dd]en|[Dd]el|della|[Dd]i|[Dd]a|dos|[Dd]u|[Ll]a|[Ll]e|[Ee]l|[Aa]l|bin|ibn|ter|ten|zu|zur|"
    r"zum|af|av|st)\s)"
)
_WORD = rf"(?:[{_U}][\w’'‐‑-]*[^\W\d_]|[OD][’'][{_U}]\w+)"
_FAMILY = rf"{_PARTICLES}{{0,3}}{_WORD}(?:\s{_PARTICLES}{{0,2}}{_WORD}){{0,2}}"
_SUFFIX = r"(?:,?\s(?:Jr|Sr|II|III|IV|2nd|3rd)\b\.?)?"
_CLOSED = rf"{_FAMILY}\s[{_U}](?:-?[{_U}]){{0,3}}{_SUFFIX}(?![\w’'-])(?!\.\s?(?:[{_U}]\.|[,;&]))"
"""`Glue P`, `van der Meer AB Jr`."""
_DOTTED_INITIALS = rf"(?:[{_U}][a-z]?\.[\s‐‑-]*)+"
_DOTTED = rf"{_FAMILY},?\s{_DOTTED_INITIALS}{_SUFFIX.replace(',?', '[,]?')}"
"""`Glue, P. B.`; `Glue P.B.`"""
_DOTTED_FIRST = rf"{_DOTTED_INITIALS}\s?{_FAMILY}"
"""`P. B. Glue`."""
_GIVEN = rf"[{_U}][\w’'-]+(?:\s[{_U}][\w’'-]+|\s[{_U}]\.){{0,2}}"
_FULL = rf"(?>{_GIVEN}\s{_FAMILY})"
"""`Paul Glue`. Atomic, as all names in lists are: a list is never read in more than one way."""
_ET_AL = r"(?:\s*[,;]?\s*(?:\[?\bet\.?\s*al\b\.?\]?|\band (?:others|colleagues)\b))"
_BETWEEN = r"(?>\s*[,;]\s*(?:and|&)?\s*|\s+(?:and|&)\s+|\s*,?\s*(?:\.\s?){3}\s*(?:&\s*)?|\s*,?\s*…\s*(?:&\s*)?)"
_EDITORS = r"(?:\s*,?\s*\(?\b(?:[Ee]ds?|[Ee]ditors?)\b\.?\)?)?"
_AFTER = rf"(?=\s*[.:;]|\s*,?\s*\(|\s*,?\s+[\"“‘]|,\s*{YEAR}|\s+{YEAR}|\s*$)"


def _list(name: str) -> str:
    return rf"(?P<names>(?>{name})(?:{_BETWEEN}(?>{name}))*)(?P<others>{_ET_AL})?(?P<editors>{_EDITORS})"


_VANCOUVER = regex(_list(_CLOSED) + _AFTER)
_APA = regex(_list(_DOTTED) + r"(?:(?<=\.)|(?<=\.\s)|" + _AFTER + ")")
_INITIALS_FIRST = regex(_list(_DOTTED_FIRST) + r"(?=\s*[.,:;]\s|\s*\(|,?\s+[\"“])")
_MLA = regex(
    rf"(?P<names>{_FAMILY},\s{_GIVEN}(?:\s[{_U}]\.?)?(?:(?:,\s{_FULL})*+,?\s(?:and|&)\s{_FULL})?)(?P<others>{_ET_AL})?"
    rf"(?P<editors>{_EDITORS})(?=\.?,?\s*[\"“]|\.?\s*\({YEAR}|(?<=al\.)|(?<=al))"
)
_SHORT = regex(
    rf"(?P<names>(?>{_FULL}|{_FAMILY})(?:,\s(?>{_FULL}|{_FAMILY}))*+)(?P<others>{_ET_AL})(?P<editors>{_EDITORS})"
)
_FULL_NAMES = regex(
    rf"(?P<names>{_FULL}(?:,\s{_FULL})*+,?\s(?:and|&)\s{_FULL})(?P<others>{_ET_AL})?(?P<editors>{_EDITORS})"
    rf"(?=[.]\s|,?\s*\({YEAR}|,\s*{YEAR}|,?\s*[\"“])"
)
_BODY_END = regex(rf"\s*\((?:{YEAR}|n\.\s?d\.|in press)|,\s*{YEAR}(?=[.,;])|\.\s|\.$|:\s(?=[A-Z])")
_BODIES = words(
    "university school institute institutes administration organization organisation association department center "
    "centers centre centres college society agency committee council foundation ministry service services group "
    "collaboration collaborators consortium board bureau office commission network academy clinic hospital alliance "
    "taskforce force secretariat authority federation union trust investigators initiative library survey medicine "
    "health fda who nice cdc nimh nih ema samhsa nhs mhra dea epa cms gao"
)
_ACRONYM = regex(r"(?:the\s)?[A-Z][A-Z&/-]{1,9}")
_LONGEST_LIST = 3000
_LONGEST_BODY = 14
_VANCOUVER_NAME = regex(
    rf"(?P<family>.+?)\s(?P<given>[{_U}](?:-?[{_U}])*)(?:,?\s(?P<suffix>Jr|Sr|II|III|IV|2nd|3rd)\.?)?"
)
_APA_NAME = regex(rf"(?P<family>.+?),?\s(?P<given>{_DOTTED_INITIALS})(?:,?\s*(?P<suffix>Jr|Sr|II|III|IV|2nd|3rd)\.?)?")
_SEPARATOR = regex(_BETWEEN)
_PARTICLE = regex(rf"(?P<particle>{_PARTICLES}+)(?P<family>.+)")


@dataclass(frozen=True, slots=True)
class Authors:
    """The names found, whether others were left out, whether they are editors, and where in the text they end."""

    names: tuple[Name, ...]
    end: int
    others: bool = False
    editors: bool = False


def read_authors(text: str) -> Authors:
    """The authors that `text` begins with; none, ending at 0, where it begins with something else."""
    for pattern, read in _FORMS:
        found = pattern.match(text, 0, _LONGEST_LIST)
        if found and not _is_body(found["names"], pattern):
            names = tuple(name for name in read(found["names"]) if name.family)
            if names:
                return Authors(names, found.end(), bool(found["others"]), bool(found["editors"].strip(" ,")))
    return _body(text)


def _is_body(names: str, pattern: re.Pattern[str]) -> bool:
    if pattern in (_APA, _VANCOUVER, _INITIALS_FIRST):
        return False
    return bool(set(re.findall(r"\w+", names.lower())) & _BODIES)


def _body(text: str) -> Authors:
    """A group or an authority as the author: up to the year, or up to the first stop where its words tell."""
    end = _BODY_END.search(text)
    if end is None or not end.start():
        return Authors((), 0)
    name = text[: end.start()].strip(" ,")
    tokens = re.findall(r"[\w’'-]+", name)
    if not tokens or len(tokens) > _LONGEST_BODY or text[:1] in '"“‘':
        return Authors((), 0)
    told = bool({token.lower() for token in tokens} & _BODIES) or _ACRONYM.fullmatch(name) is not None
    capital = sum(token[0].isupper() for token in tokens if len(token) > len("and"))
    titled = capital >= sum(len(token) > len("and") for token in tokens)
    dated = "(" in end[0] or re.search(YEAR, end[0]) is not None
    if (told and titled) or (dated and name[:1].isupper() and (titled or told)):
        return Authors((Name(literal=name),), end.start())
    return Authors((), 0)


def _vancouver(text: str) -> list[Name]:
    return [_named(match) for part in _SEPARATOR.split(text) if (match := _VANCOUVER_NAME.fullmatch(part.strip()))]


_ONE_DOTTED = regex(_DOTTED)


def _apa(text: str) -> list[Name]:
    parts = [found[0].strip(" ,;&") for found in _ONE_DOTTED.finditer(text)]
    return [_named(match) for part in parts if (match := _APA_NAME.fullmatch(part))]


_INITIALS_NAME = regex(rf"(?P<given>{_DOTTED_INITIALS})\s?(?P<family>.+)")


def _initials_first(text: str) -> list[Name]:
    return [
        _person(match["family"], match["given"])
        for part in _SEPARATOR.split(text)
        if (match := _INITIALS_NAME.fullmatch(part.strip()))
    ]


def _mla(text: str) -> list[Name]:
    first = re.match(rf"({_FAMILY}),\s({_GIVEN}(?:\s[{_U}]\.?)?)(?=,|\sand\s|\s&|$)", text)
    if first is None:
        return []
    rest = text[first.end() :].strip(" ,")
    return [_person(first[1], first[2]), *(_full(rest) if rest else [])]


def _full(text: str) -> list[Name]:
    text = re.sub(r"^(?:and|&)\s+", "", text)
    return [_either(part.strip()) for part in _SEPARATOR.split(text) if part.strip()]


def _either(text: str) -> Name:
    """`Jennifer Dore`, `Dore J`, or `Dore`."""
    closed = _VANCOUVER_NAME.fullmatch(text)
    if closed:
        return _named(closed)
    given, _, family = text.rpartition(" ")
    particle = re.fullmatch(rf"(?P<given>.+?)\s(?P<family>{_PARTICLES}+.+)", text)
    if particle:
        return _person(particle["family"], particle["given"])
    return _person(family, given)


def _named(match: re.Match[str]) -> Name:
    return _person(match["family"], match["given"], match["suffix"] or "")


def _person(family: str, given: str, suffix: str = "") -> Name:
    found = _PARTICLE.fullmatch(family.strip())
    particle, family = (found["particle"].strip(), found["family"]) if found else ("", family)
    return Name(family=family.strip(" ,."), given=_spaced(given), particle=particle, suffix=suffix)


def _spaced(given: str) -> str:
    """Initials as `S M`: without stops, spaces between."""
    given = given.replace("‐", "-").replace("‑", "-").strip(" ,")
    if re.fullmatch(rf"[{_U}](?:-?[{_U}])*", given):
        return " ".join(re.findall(rf"-?[{_U}]", given)).replace(" -", "-")
    if re.fullmatch(rf"(?:[{_U}][a-z]?\.[\s-]*)+", given):
        return re.sub(r"\s*\.\s*(-?)\s*", lambda dot: dot[1] or " ", given).strip()
    return given


_FORMS: tuple[tuple[re.Pattern[str], Callable[[str], list[Name]]], ...] = (
    (_VANCOUVER, _vancouver),
    (_APA, _apa),
    (_INITIALS_FIRST, _initials_first),
    (_MLA, _mla),
    (_SHORT, _full),
    (_FULL_NAMES, _full),
)
