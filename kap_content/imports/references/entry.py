"""Parsed references as BibTeX entries with keys, beside those that the project has."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from kap_content.imports.references.authors import read_authors
from kap_content.imports.references.parsed import Parsed
from kap_content.model.dates import PartialDate
from kap_content.model.record import Record, State
from kap_content.model.reference import Name, Reference
from kap_content.startup.regex import regex
from kap_content.works.bibtex import bibtex_key, written_entry, written_names, written_pages, written_text
from kap_content.works.doi import normalise_doi
from kap_content.works.folding import squashed

_PLAIN = (
    *("journal", "year", "month", "date", "volume", "number", "eid", "series", "edition", "publisher", "institution"),
    *("school", "organization", "address", "pubstate", "eprinttype", "eprint"),
)
_VERBATIM = ("doi", "pmid", "pmcid", "url", "urldate")


def entry_key(parsed: Parsed, taken: Collection[str]) -> str:
    """A key such as `dore2019`, with a letter where it is taken."""
    year = parsed.fields.get("year", "")
    record = Record(
        key="",
        state=State.FOUND,
        title=parsed.fields.get("title", "") or parsed.original,
        authors=tuple(_called(name) for name in parsed.authors[:1]),
        issued=PartialDate(int(year)) if year.isdecimal() else None,
    )
    letter = parsed.fields.get("letter", "")
    base = bibtex_key(record)
    if letter and f"{base}{letter}" not in {key.lower() for key in taken}:
        return f"{base}{letter}"
    return bibtex_key(record, taken)


def _called(name: Name) -> Name:
    """A group as people call it in keys: `US Food and Drug Administration` by its initials."""
    if not name.is_group or not _OFFICIAL.match(name.literal):
        return name
    initials = "".join(
        word[0] for word in re.findall(r"[A-Za-z]+", _COUNTRY.sub("", name.literal)) if word[0].isupper()
    )
    return Name(literal=initials) if len(initials) >= _SHORTEST_ACRONYM else name


_COUNTRY = regex(r"^(?:the\s+)?(?:U\.?S\.?A?\.?|U\.?K\.?|United States)\s+", re.IGNORECASE)
_OFFICIAL = regex(
    rf"{_COUNTRY.pattern}|(?:the\s+)?(?:National|World|European|American|Centers|Centres)\s", re.IGNORECASE
)
_SHORTEST_ACRONYM = 3


def entry_text(parsed: Parsed, key: str) -> str:
    """The entry, ending in a line break. The original string stands in the field `original`."""
    return written_entry(parsed.type, key, _fields(parsed))


def _fields(parsed: Parsed) -> Iterator[tuple[str, str]]:
    fields = parsed.fields
    names = written_names(parsed.authors, others=parsed.others)
    yield ("editor" if fields.get("editor_names") else "author"), names
    if fields.get("editors"):
        editors = read_authors(fields["editors"].rstrip(" ,.") + ".")
        yield "editor", written_names(editors.names, others=editors.others) or f"{{{written_text(fields['editors'])}}}"
    yield "title", written_text(fields.get("title", ""), title=True)
    yield "booktitle", written_text(fields.get("booktitle", ""), title=True)
    for name in _PLAIN:
        # BibTeX dates by year; a full date is kept beside it for who wants the day.
        if name != "date" or len(fields.get("date", "")) > len("2023"):
            yield name, written_text(fields.get(name, ""))
    yield "pages", written_pages(fields.get("pages", ""))
    for name in _VERBATIM:
        yield name, _verbatim(fields.get(name, ""))
    yield "note", written_text(fields.get("note", ""))
    yield "original", written_text(parsed.original)


def _verbatim(text: str) -> str:
    return written_text(text) if set(text) & set("{}%\\#") else text


def find_twin(parsed: Parsed, references: Sequence[Reference]) -> Reference | None:
    """The entry of the project that is the same work: by DOI, by PMID, or by title where years do not contradict."""
    doi, pmid = parsed.fields.get("doi", ""), parsed.fields.get("pmid", "")
    title = squashed(parsed.fields.get("title", ""))
    for reference in references:
        theirs = normalise_doi(reference.get("doi"))
        if doi and theirs:
            if doi == theirs:
                return reference
            continue
        if pmid and pmid == reference.get("pmid").strip():
            return reference
        years = {parsed.fields.get("year", ""), *re.findall(r"\d{4}", reference.get("year", "date"))} - {""}
        if len(title) >= _SHORTEST_TITLE and title == squashed(reference.get("title")) and len(years) <= 1:
            return reference
    return None


_SHORTEST_TITLE = 20
"""Letters; a shorter title (`Ketamine`) is many works' title."""
