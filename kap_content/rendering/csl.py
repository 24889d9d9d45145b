"""A bibliography entry as CSL-JSON, the form that citation styles read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeAlias

from kap_content.model.reference import Name, Reference
from kap_content.startup.regex import regex
from kap_content.works.doi import doi_in_url, is_doi, normalise_doi
from kap_content.works.kinds import is_preprint, web_address

CslDate: TypeAlias = dict[str, list[list[int]] | str]
CslItem: TypeAlias = dict[str, str | list[dict[str, str]] | CslDate]

TYPES = {
    "article": "article-journal",
    "periodical": "article-journal",
    "suppperiodical": "article-journal",
    "book": "book",
    "mvbook": "book",
    "booklet": "book",
    "collection": "book",
    "mvcollection": "book",
    "proceedings": "book",
    "mvproceedings": "book",
    "reference": "book",
    "inbook": "chapter",
    "bookinbook": "chapter",
    "incollection": "chapter",
    "suppbook": "chapter",
    "suppcollection": "chapter",
    "inreference": "entry-encyclopedia",
    "inproceedings": "paper-conference",
    "conference": "paper-conference",
    "techreport": "report",
    "report": "report",
    "manual": "report",
    "phdthesis": "thesis",
    "mastersthesis": "thesis",
    "thesis": "thesis",
    "online": "webpage",
    "electronic": "webpage",
    "www": "webpage",
    "webpage": "webpage",
    "dataset": "dataset",
    "software": "software",
    "patent": "patent",
    "legislation": "legislation",
    "legal": "legislation",
    "jurisdiction": "legal_case",
}
"""BibTeX and BibLaTeX entry types by CSL type; every other type is a web page if it has only a URL, else a report."""

_PREPRINTS = regex(
    r"\b(arxiv|biorxiv|medrxiv|psyarxiv|chemrxiv|osf preprints|preprints(\.org)?|research ?square|ssrn|authorea)\b",
    re.IGNORECASE,
)
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_INITIALS = regex(r"[^\W\d_]{2,3}")
SHORT = 3
"""A family name of up to so many letters may be in capitals without the whole name being so."""
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_THESES = {"phdthesis": "PhD dissertation", "mastersthesis": "Master’s thesis"}
_PLAIN = {
    "volume": ("volume",),
    "ISBN": ("isbn",),
    "ISSN": ("issn",),
    "PMID": ("pmid",),
    "PMCID": ("pmcid",),
    "collection-title": ("series",),
    "publisher-place": ("address", "location"),
}
_ACCESS_FIELDS = (
    "urldate", "accessed", "accessdate", "access-date", "dateaccessed", "date-accessed", "date_accessed",
    "lastaccessed", "lastaccess", "lastchecked", "lastvisited", "retrieved", "visited",
)  # fmt: skip
_ACCESSED = regex(
    r"\b(?:accessed|last access(?:ed)?|access date|retrieved|visited|consulted|viewed|checked|cited)\b(?: on)?"
    r"[:\s]+(.+)",
    re.IGNORECASE,
)


def csl_item(reference: Reference) -> CslItem:
    """What a style needs to know of `reference`; nothing but the entry itself is read."""
    kind = _type(reference)
    item: CslItem = {"id": "entry", "type": kind}
    _put(item, "title", _sentence(reference.get("title"), reference.get("subtitle")))
    for name, fields in _PLAIN.items():
        _put(item, name, reference.get(*fields))
    _put(item, "DOI", _doi(reference))
    _put(item, "URL", web_address(reference) or _on_arxiv(reference))
    _put(item, "author", [*_names(reference.authors), *([{"literal": "et al"}] if reference.and_others else [])])
    _put(item, "editor", _names(reference.editors))
    _put(item, "edition", _edition(reference.get("edition")))
    _put(item, "issued", _issued(reference))
    _put(item, "accessed", _accessed(reference))
    _put(item, "language", _language(reference.get("langid", "language", "hyphenation")))
    _put(item, "page", pages(reference.get("pages")))
    _containers(item, kind, reference)
    _numbers(item, kind, reference)
    return item


def _put(item: CslItem, name: str, value: str | list[dict[str, str]] | CslDate | None) -> None:
    if value:
        item[name] = value


def _type(reference: Reference) -> str:
    if is_preprint(reference):
        return "article"
    known = TYPES.get(reference.type)
    if known is not None:
        return known
    return "webpage" if web_address(reference) and not _doi(reference) else "report"


_ENGLISH = frozenset({"american", "australian", "british", "canadian", "newzealand", "ukenglish", "usenglish"})


def _language(text: str) -> str:
    """The language of a work, `en` for all kinds of English; styles give title case to English titles only."""
    name = text.strip().lower()
    return "en" if name in _ENGLISH else name


def _server(reference: Reference) -> str:
    """The server that a preprint is on, without a number behind its name."""
    fields = ("journal", "journaltitle", "archiveprefix", "eprinttype", "howpublished", "institution", "publisher")
    named = [value for name in fields if (value := _words(reference.get(name)))]
    whole = next((value for value in named if _PREPRINTS.search(value)), named[0] if named else "")
    found = _PREPRINTS.search(whole)
    return found[0] if found else re.sub(r"\s*\bpreprints?( server)?$", "", whole, flags=re.IGNORECASE)


def _containers(item: CslItem, kind: str, reference: Reference) -> None:
    """Where the work appeared, and who published it."""
    journal = reference.get("journaltitle", "journal", "booktitle", "maintitle")
    house = reference.get("publisher", "institution", "organization", "school")
    if kind == "webpage":
        site = reference.get("organization", "institution", "publisher", "website") or _words(
            reference.get("howpublished")
        )
        if "author" not in item and site:
            item["author"] = [{"literal": site}]
        elif site and site not in {str(name) for name in reference.authors}:
            item["container-title"] = site
        return
    if kind == "article":
        _put(item, "publisher", _server(reference))
        return
    _put(item, "container-title", journal)
    _put(item, "container-title-short", reference.get("shortjournal"))
    if kind != "article-journal":
        _put(item, "authority" if kind in {"legal_case", "legislation"} else "publisher", house)


def _numbers(item: CslItem, kind: str, reference: Reference) -> None:
    """Issue, report and article numbers, which BibTeX and CSL name differently."""
    number = reference.get("number", "issue")
    if kind in {"article-journal", "paper-conference"}:
        _put(item, "issue", reference.get("issue", "number"))
        if "page" not in item:
            _put(item, "number", reference.get("eid", "articleno", "article-number"))
    else:
        _put(item, "number", number)
    if kind == "thesis":
        _put(item, "genre", reference.get("type") or _THESES.get(reference.type, "Thesis"))
    elif kind == "report":
        _put(item, "genre", reference.get("type"))


def _names(names: Sequence[Name]) -> list[dict[str, str]]:
    return [_name(name) for name in names if str(name)]


def _name(name: Name) -> dict[str, str]:
    if name.literal or not name.family or name.given.startswith(("for the", "on behalf of")):
        return {"literal": str(name)}
    parts = {
        "family": name.family,
        "given": _given(name),
        "non-dropping-particle": name.particle,
        "suffix": name.suffix,
    }
    return {key: value for key, value in parts.items() if value}


def _given(name: Name) -> str:
    """The given names, run-together initials (`NJ`, as PubMed writes) set apart so that a style sees both."""
    if name.family.isupper() and len(name.family) > SHORT:
        return name.given
    return " ".join(
        " ".join(word) if _INITIALS.fullmatch(word) and word.isupper() else word for word in name.given.split()
    )


def _sentence(title: str, subtitle: str) -> str:
    """Title and subtitle in one, without the full stop that every style sets itself."""
    whole = f"{title.rstrip(' .:')}: {subtitle}" if title and subtitle else title or subtitle
    whole = whole.strip()
    return whole if whole.endswith("...") else whole.rstrip(".")


def _edition(text: str) -> str:
    """An edition as a number where it is one: `Second` and `2nd` are 2."""
    word = text.strip().lower().removesuffix("edition").removesuffix("ed.").strip()
    if word in _ORDINALS:
        return str(_ORDINALS.index(word) + 1)
    found = re.fullmatch(r"(\d+)(?:st|nd|rd|th)?", word)
    return found[1] if found else text


def _doi(reference: Reference) -> str:
    """The DOI without a resolver or label in front, its letters as they were written; also one given as an address."""
    text = reference.get("doi")
    bare = normalise_doi(text)
    if not bare:
        text = web_address(reference)
        bare = doi_in_url(text)
        if not is_doi(bare):
            return ""
    start = text.lower().find(bare)
    return text[start : start + len(bare)] if start >= 0 else bare


_ARXIV = regex(r"(?:arxiv:)?((?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?/\d{7})(?:v\d+)?)", re.IGNORECASE)


def _on_arxiv(reference: Reference) -> str:
    """The address of a preprint that the entry gives by its arXiv number alone, or the empty string."""
    number = _ARXIV.fullmatch(reference.get("eprint").strip())
    is_there = reference.get("archiveprefix", "eprinttype").strip().lower() == "arxiv"
    return f"https://arxiv.org/abs/{number[1]}" if is_there and number and not reference.get("doi") else ""


_DASH = regex(r"\s*(?:-{1,3}|[\u2010-\u2015\u2212])\s*")


def pages(text: str) -> str:
    """Page ranges with a plain hyphen, the last page in full: `1302--5` is `1302-1305`."""
    ranges = []
    for part in re.split(r"\s*[,;]\s*", text):
        first, *others = _DASH.split(part.strip(), maxsplit=1)
        last = others[0] if others else first
        if first.isdigit() and last.isdigit() and len(last) < len(first):
            last = first[: len(first) - len(last)] + last
        ranges.append(first if last == first else f"{first}-{last}")
    return ", ".join(part for part in ranges if part)


def _words(text: str) -> str:
    """A `howpublished` without the address in it."""
    return re.sub(r"https?://\S+", "", text).strip(" .,;:")


def _issued(reference: Reference) -> CslDate | None:
    whole = reference.get("date")
    if whole:
        return _date(whole)
    year = reference.get("year")
    if not re.fullmatch(r"\d{4}", year.strip()):
        return {"literal": year} if year else None
    month = _month(reference.get("month"))
    if not month:
        return {"date-parts": [[int(year)]]}
    day = reference.get("day").strip() or _day(reference.get("month"))
    return {"date-parts": [[int(year), month, *([int(day)] if _is_day(day) else [])]]}


def _day(month: str) -> str:
    """The day that BibTeX's month may hold: `10~oct`, `oct # " 10"`; a bare number is the month."""
    found = re.search(r"\b\d{1,2}\b", month)
    return found[0] if found and not month.strip().isdigit() else ""


def _is_day(text: str) -> bool:
    return text.isdigit() and 1 <= int(text) <= 31  # noqa: PLR2004 - days of a month


def _accessed(reference: Reference) -> CslDate | None:
    given = reference.get(*_ACCESS_FIELDS)
    if not given:
        found = _ACCESSED.search(reference.get("note")) or _ACCESSED.search(reference.get("howpublished"))
        given = found[1].strip(" .") if found else ""
    return _date(given) if given else None


def _date(text: str) -> CslDate:
    """A date in digits or words; what cannot be read stands as it is."""
    text = text.strip()
    found = re.match(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:[T/].*)?$", text)
    if found:
        return {"date-parts": [[int(part) for part in found.groups() if part]]}
    year, month = re.search(r"\b\d{4}\b", text), _month(text)
    if year and month:
        day = re.search(r"\b(\d{1,2})(?:st|nd|rd|th)?\b", text)
        return {"date-parts": [[int(year[0]), month, *([int(day[1])] if day else [])]]}
    return {"literal": text}


def _month(text: str) -> int:
    """1 to 12 for a month by name, abbreviation or number; 0 for none."""
    text = text.strip().lower()
    if text.isdigit():
        return int(text) if 1 <= int(text) <= len(_MONTHS) else 0
    found = re.search(r"\b(" + "|".join(_MONTHS) + r")[a-z]*", text)
    return _MONTHS.index(found[1]) + 1 if found else 0
