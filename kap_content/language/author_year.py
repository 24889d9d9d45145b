"""Works named in prose by author and year: `Glue et al. (2017)`, `Glue and colleagues, 2018`, `Lee and Ng, 2025`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from kap_content.startup.regex import regex


class Form(StrEnum):
    """How the authors were named: the first of several, all of them, or one alone."""

    FIRST = "first"
    ALL = "all"
    SINGLE = "single"


@dataclass(frozen=True, slots=True)
class NamedWork:
    """Family names as written (with form FIRST, the one that counts stands first) and the years given with them."""

    form: Form
    names: tuple[str, ...]
    years: tuple[int, ...]
    start: int
    end: int


_PARTICLE = (
    r"(?:(?:van|von|de|der|den|del|della|di|da|dos|du|la|le|el|al|bin|ibn|ter|ten|"
    r"St\.?|Van|Von|De|Del|Di|Da|Du|La|Le|El|Al|Mac|Ter|Ten)[\s-])"
)
_NAME = rf"{_PARTICLE}{{0,3}}[A-ZÀ-ÖØ-Þ][\w’'‐‑-]*[^\W\d_]"
_INITIALS = r"(?:,?\s(?:[A-Z]\.?[\s-]?){1,3}(?![a-zA-Z]))?"
_OTHERS = (
    r"(?:,?\s+et\.?\s+al\b\.?|,?\s+(?:and|&)\s+(?:(?:his|her|their)\s+)?"
    r"(?:colleagues|co-?workers|co-?authors|collaborators|associates|others|team)\b)"
)
_YEAR = r"(?:1[89]|20)\d\d[a-rt-z]?"
_YEARS = rf"(?P<years>{_YEAR}(?:\s*(?:[,;/]|and|&)\s*{_YEAR})*)(?![\d-]|\.\d)"
_VERB = (
    r"(?:\s+(?:reported|published|found|showed|described|wrote|concluded|observed|demonstrated|noted|suggested)"
    r"\s+in\s+)"
)
_JOURNAL = r"(?:[,.]?\s+(?:[A-Z][\w.&]*\s+(?:of\s+|the\s+)*){1,5})"
_GAP = r"(?:['’]s)?,?\s*(?:\[[^\]\d]{0,40}\]\s*)?[(\[]?\s*(?:in\s+)?"

_FIRST = regex(
    rf"(?<![\w-])(?P<names>{_NAME}{_INITIALS}(?:,\s+{_NAME}{_INITIALS}){{0,5}}){_OTHERS}(?:{_VERB}|{_JOURNAL}|{_GAP}){_YEARS}"
)
_STUDY = (
    r"(?:stud(?:y|ies)|trials?|papers?|reviews?|reports?|articles?|investigations?|analys[ei]s|meta-analys[ei]s|"
    r"surveys?|work|publications?|case series|experiments?|cohort)"
)
_YEAR_FIRST = regex(
    rf"\b(?:[Aa]n?|[Tt]he|[Tt]his|[Tt]heir|[Ii]ts|[Ii]n|[Oo]ur)\s+(?P<years>{_YEAR})(?!s)\b"
    rf"(?:\s(?:[\w-]+\s){{0,4}}?{_STUDY}\b[^.;:()\d]{{0,60}}?\b(?:by|from|of)\s+|,?\s+)"
    rf"(?P<names>{_NAME}{_INITIALS}){_OTHERS}(?!{_GAP}{_YEAR})"
)
_ALL = regex(
    rf"(?<![\w-])(?P<names>{_NAME}{_INITIALS}(?:,\s+{_NAME}{_INITIALS}){{0,5}},?\s+(?:and|&)\s+{_NAME}{_INITIALS})"
    rf"(?:['’]s)?(?:,\s*(?!{_YEAR}\s+[^\W\d_])|\s*[(\[]\s*){_YEARS}"
)
_SINGLE = regex(rf"(?<![\w-])(?P<names>{_NAME})(?:['’]s)?\s*\(\s*{_YEARS}\s*[),;]")
_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
_SINGLE_INSIDE = regex(rf"(?<=[(\[])(?!{_MONTH})(?P<names>{_NAME}),?\s+{_YEARS}(?=\s*[)\],;])")
_SPLIT = regex(r",?\s+(?:and|&)\s+|,\s+")
_PATTERNS = (
    (_FIRST, Form.FIRST),
    (_YEAR_FIRST, Form.FIRST),
    (_ALL, Form.ALL),
    (_SINGLE, Form.SINGLE),
    (_SINGLE_INSIDE, Form.SINGLE),
)
_TRAILING_INITIALS = regex(r",?\s(?:[A-Z]\.?[\s-]?){1,3}$")


def named_works(text: str) -> tuple[NamedWork, ...]:
    """Every work that `text` names by author and year, in order, none overlapping another."""
    if not re.search(r"(?:1[89]|20)\d\d", text):
        return ()
    found: list[NamedWork] = []
    for pattern, form in _PATTERNS:
        for work in _matches(pattern, form, text):
            if all(work.end <= other.start or other.end <= work.start for other in found):
                found.append(work)
    return tuple(sorted(found, key=lambda work: work.start))


def _matches(pattern: re.Pattern[str], form: Form, text: str) -> Iterator[NamedWork]:
    for match in pattern.finditer(text):
        names = [_TRAILING_INITIALS.sub("", name).strip() for name in _SPLIT.split(match["names"])]
        names = [name for name in names if any(character.islower() for character in name)]
        years = tuple(int(year) for year in re.findall(r"\d{4}", match["years"]))
        if names and years:
            yield NamedWork(form, tuple(names), years, match.start(), match.end())
