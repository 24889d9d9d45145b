"""One reference of a list, into a typed entry. What is not understood stays, as a note and in `original`."""

from __future__ import annotations

import re

from kap_content.imports.references.authors import read_authors
from kap_content.imports.references.identifiers import take_identifiers
from kap_content.imports.references.parsed import DATE, YEAR, Draft, Parsed, iso_date, tidy
from kap_content.imports.references.venue import JOURNAL, take_venue
from kap_content.startup.regex import regex

LABEL = regex(
    r"\s*(?:\[(?P<square>\d{1,3})\]|\(?(?P<number>\d{1,3})[.)](?=\s|[A-Z\"“])|(?P<bare>[¹²³⁰⁴-⁹]+)|[•◦▪‣·*↑^–-](?=\s))\s*"
)
"""The number or the bullet before a reference."""

_YEAR_FIRST = regex(
    rf"\s*[,.]?\s*(?:[(\[](?P<date>{DATE})(?P<letter>[a-z])?\s*(?:,\s*(?P<more>[^()]{{1,40}}))?[)\]]|(?P<plain>{YEAR})(?P<other>[a-z])?(?=[.,:;]))[.,:;]?\s*"
)
_UNDATED = regex(r"\s*[,.]?\s*\((?:n\.\s?d\.|no date)\)[.,]?\s*", re.IGNORECASE)
_PRESS = regex(r"\s*\((?:in press|forthcoming)\)[.,]?\s*", re.IGNORECASE)
_QUOTED = regex(r"\s*[\"“](?P<title>.+?)[.,]?[\"”]\s*[.,]?\s*")
_FIRST = regex(r"(?P<title>.+?(?:[.](?=\s+[\"“]?[A-Z0-9(])|[?!](?=\s)|$))", re.DOTALL)
_ABBREVIATION = regex(r"\b(?:vs|No|Dr|St|U\.S|U\.K|e\.g|i\.e|[A-Z])\.$")
_ANY_DATE = regex(rf"(?:^|(?<=[.,;(\s]))\(?(?P<date>{DATE})\)?(?=[.,;)\s]|$)")
_ASIDE = regex(rf"\s*\((?P<date>{DATE})\)[.,;]?\s*")
_DOI_YEAR = regex(rf"10\.1080/\d{{7}}[\dx]\.({YEAR})\.")
"""Taylor & Francis write the ISSN and the year into their DOIs."""
_LONGEST_NAME = 8
"""Words of a journal's or a site's name."""
_LONGEST = 5_000


def read_reference(text: str) -> Parsed:
    """Read a reference, its number or bullet taken off first."""
    original = " ".join(text.split())
    label = LABEL.match(original)
    if label:
        original = original[label.end() :]
    if len(original) > _LONGEST:
        return Parsed(original)
    draft = Draft(original)
    take_identifiers(draft)
    draft.rest = draft.rest.strip(" ;,")
    _take_authors(draft)
    _take_year(draft)
    quoted = _QUOTED.match(draft.rest)
    if quoted:
        draft.set("title", quoted["title"])
        draft.rest = draft.rest[quoted.end() :]
    kind = take_venue(draft)
    if not kind:
        kind = _page_or_other(draft)
    return _settled(original, kind, draft)


def _take_authors(draft: Draft) -> None:
    authors = read_authors(draft.rest)
    if not authors.names:
        return
    draft.authors, draft.others = authors.names, authors.others
    if authors.editors:
        draft.set("are_editors", "yes")
    draft.rest = draft.rest[authors.end :].lstrip(" .,:;")


def _take_year(draft: Draft) -> None:
    for pattern, field, value in ((_UNDATED, "", ""), (_PRESS, "pubstate", "in press")):
        found = pattern.match(draft.rest)
        if found:
            draft.set(field, value)
            draft.rest = draft.rest[found.end() :]
    found = _YEAR_FIRST.match(draft.rest)
    if not found:
        return
    rest = draft.rest[found.end() :]
    if not draft.authors and not rest.strip():
        return
    written = found["date"] or found["plain"]
    more = found["more"] or ""
    day = iso_date(f"{written} {more}")
    draft.set("year", day[:4])
    if len(day) > len("2023"):
        draft.set("date", day)
    draft.set("letter", found["letter"] or found["other"])
    draft.rest = rest


def _page_or_other(draft: Draft) -> str:
    """A web page, or something whose venue nobody stated: the first sentence is its title."""
    if not draft.fields.get("title"):
        title, draft.rest = first_sentence(draft.rest)
        draft.set("title", title)
    _take_any_date(draft)
    aside = _ASIDE.match(draft.rest)
    if aside:
        # A second date, of which nobody says what it is the date of.
        draft.notes.append(aside["date"])
        draft.rest = draft.rest[aside.end() :]
    rest = draft.rest.strip(" .,;()")
    ahead = draft.fields.get("doi") or draft.fields.get("pubstate") or draft.notes
    if (
        rest
        and ahead
        and not draft.fields.get("url")
        and JOURNAL.fullmatch(rest)
        and len(rest.split()) <= _LONGEST_NAME
    ):
        draft.set("journal", rest)
        draft.rest = ""
        return "article"
    if draft.fields.get("url"):
        site, more = first_sentence(rest)
        if site and len(site.split()) <= _LONGEST_NAME:
            draft.set("organization", site)
            draft.rest = more
        return "online"
    return "misc"


def first_sentence(text: str) -> tuple[str, str]:
    """The first sentence of a reference's rest, without its stop, and what follows."""
    position = 0
    while found := _FIRST.search(text, position):
        candidate = text[: found.end()]
        if not _ABBREVIATION.search(candidate) or found.end() >= len(text):
            return candidate.strip().removesuffix(".").strip(), text[found.end() :].strip(" .")
        position = found.end()
    return text.strip(" ."), ""


def _take_any_date(draft: Draft) -> None:
    if draft.fields.get("year") or draft.fields.get("date"):
        return
    found = None
    for candidate in _ANY_DATE.finditer(draft.rest):
        found = candidate
    if found is None:
        return
    day = iso_date(found["date"])
    draft.set("year", day[:4])
    if len(day) > len("2023"):
        draft.set("date", day)
    draft.take(found, leave=" ")


def _settled(original: str, kind: str, draft: Draft) -> Parsed:
    fields = draft.fields
    if not fields.get("year") and fields.get("date"):
        fields["year"] = fields["date"][:4]
    told = _DOI_YEAR.match(fields.get("doi", ""))
    if told and not fields.get("year"):
        fields["year"] = told[1]
        draft.notes.append("year as in the DOI")
    rest = tidy(draft.rest).strip(" .,;:()[]")
    if rest and not fields.get("year") and re.fullmatch(YEAR, rest):
        fields["year"], rest = rest, ""
    notes = [note for note in (rest, *draft.notes) if re.search(r"\w", note)]
    if fields.get("title"):
        fields["title"] = _title(fields["title"])
    if notes:
        fields["note"] = ". ".join(notes)
    authors, others = draft.authors, draft.others
    if fields.pop("are_editors", "") and kind not in ("article", "online"):
        fields["editor_names"] = "yes"
    return Parsed(original, kind, authors, others, {name: value for name, value in fields.items() if value})


def _title(text: str) -> str:
    text = text.strip(" ,;:")
    quoted = re.fullmatch(r"[\"“](.+?)[.,]?[\"”]", text)
    text = quoted[1] if quoted else text
    return text if text.endswith("...") else text.rstrip(" .")
