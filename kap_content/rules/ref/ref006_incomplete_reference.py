"""REF006: an entry that lacks what a reference list must show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kap_content.model.finding import Severity
from kap_content.model.project import Context
from kap_content.model.reference import Reference
from kap_content.rules._rule import Hit, reference_rule
from kap_content.startup.regex import regex
from kap_content.works.kinds import (
    has_access_date,
    has_identifier,
    is_forthcoming,
    is_popular,
    is_preprint,
    is_web_page,
    web_address,
)
from kap_content.works.pages import read_pages
from kap_content.works.uses import called, is_broken


@dataclass(frozen=True, slots=True)
class _Need:
    """One thing that must be there: what it is called, and the fields any of which gives it."""

    name: str
    fields: tuple[str, ...]


_TITLE = _Need("title", ("title",))
_YEAR = _Need("year", ("year", "date", "pubstate"))
_AUTHOR = _Need("author", ("author", "editor", "organization", "institution", "collaboration", "shortauthor"))
_JOURNAL = _Need("journal", ("journal", "journaltitle", "shortjournal", "booktitle"))
_BOOK = _Need("booktitle", ("booktitle", "maintitle", "crossref"))
_PUBLISHER = _Need(
    "publisher",
    ("publisher", "organization", "institution", "school", "howpublished", "address", "location", "url", "doi"),
)
_MEETING = _Need(
    "booktitle",
    ("booktitle", "eventtitle", "journal", "journaltitle", "maintitle", "series", "organization", "crossref"),
)
_SCHOOL = _Need("school", ("school", "institution", "publisher", "organization", "university"))
_ISSUER = _Need("institution", ("institution", "publisher", "organization", "school", "author"))
_MAKER = _Need(
    "author",
    ("author", "editor", "organization", "institution", "publisher", "howpublished", "collaboration", "holder"),
)

_VOLUME = ("volume", "number", "issue")
_PAGES = (
    *("pages", "page", "eid", "article-number", "articleno", "article_number", "articlenumber", "elocation-id"),
    *("elocationid", "artnum", "article"),
)

_BOOKS = (_AUTHOR, _TITLE, _PUBLISHER, _YEAR)
_CHAPTERS = (_AUTHOR, _TITLE, _BOOK, _PUBLISHER, _YEAR)
_PAPERS = (_AUTHOR, _TITLE, _MEETING, _YEAR)
_THESES = (_AUTHOR, _TITLE, _SCHOOL, _YEAR)
_REPORTS = (_MAKER, _TITLE, _ISSUER, _YEAR)
_OTHERS = (_MAKER, _TITLE, _YEAR)

_NEEDS: dict[str, tuple[_Need, ...]] = {
    "article": (_AUTHOR, _TITLE, _JOURNAL, _YEAR),
    **dict.fromkeys(("book", "mvbook", "collection", "mvcollection", "reference"), _BOOKS),
    **dict.fromkeys(("proceedings", "mvproceedings"), (_TITLE, _YEAR)),
    # BibTeX's own inbook has the book's title as title, so that it needs no booktitle.
    "inbook": _BOOKS,
    **dict.fromkeys(("incollection", "suppbook", "inreference"), _CHAPTERS),
    **dict.fromkeys(("inproceedings", "conference"), _PAPERS),
    **dict.fromkeys(("phdthesis", "mastersthesis", "thesis"), _THESES),
    **dict.fromkeys(("techreport", "report"), _REPORTS),
    **dict.fromkeys(("misc", "manual", "dataset", "software", "unpublished", "patent", "preprint"), _OTHERS),
    **dict.fromkeys(("xdata", "set", "periodical", "suppperiodical"), ()),
}
_ANY = (_TITLE,)
_NOTHING = regex(r"(?:n/?a|none|tbd|[-.?\s])*", re.IGNORECASE)
"""What reference managers write where there is no volume or page yet: `n/a-n/a`, `??`."""
_ET_AL = regex(r"\bet\.?[\s~]*al\b", re.IGNORECASE)


@reference_rule("REF006", "incomplete-reference", Severity.ERROR)
def incomplete_reference(reference: Reference, context: Context) -> Iterator[Hit]:
    """An entry lacks a field that AMA style requires for its type, or says “et al” among its authors.

    Required, with the fields that may give it:

    - article: author, title, journal, year, and where it stands: volume (or issue) and pages (or an article number).
      Preprints, articles in press, newspaper articles, and articles with a DOI or PMID and neither volume nor pages
      of an issue (published online ahead of print) need no volume and pages. `n/a` and `??` count as absent.
    - book: author or editor, title, publisher, year. Chapter: also the book's title.
    - conference paper: author, title, the proceedings or the meeting, year.
    - thesis: author, title, school, year. Report: author or institution, title, institution, year.
    - web page: title, address, and the date on which it was accessed; a year is not needed. An entry of type `online`,
      or `misc` with an address, is one unless it has a DOI or is a preprint.
    - anything else: title, author or issuing body, year; for a type not known here the title.

    An issue number is not required, nor a month, a place or an editor's list. `and others` is the way to shorten a list
    of authors. Of an entry that could not be read whole (REF011) only the authors are looked at.

    Why: a reader finds a source by these; a web page changes, so the date tells which state was read.

    Fix: add the field; replace “et al” by `and others`, or name all the authors.

    Example:
        @online{nimh, title = {Any Anxiety Disorder}, url = {https://www.nimh.nih.gov/health/statistics}}

        the web page lacks the access date (urldate)
    """
    yield from _shortened(reference)
    missing = [] if is_broken(reference.key, context) else _missing(reference)
    if missing:
        kind = "web page" if is_web_page(reference) else reference.type
        yield Hit(
            reference.place,
            f"the {kind} {called(reference)} lacks {_listed(missing)}, which AMA style requires",
            help=f"Add {_listed([_FIELDS.get(name, name) + ' = {...}' for name in missing])}.",
            reference=reference.key,
            about=f"lacks {', '.join(missing)}",
        )


_FIELDS = {"access date": "urldate", "address": "url"}


def _shortened(reference: Reference) -> Iterator[Hit]:
    for field in ("author", "editor"):
        if _ET_AL.search(reference.fields.get(field, "")):
            yield Hit(
                reference.where(field),
                f"the {field} field of “{reference.key}” says “et al”: “{reference.fields[field]}”",
                help="Name all of them, or end the list with “and others”.",
                reference=reference.key,
                about=f"et al {field}",
            )


def _missing(reference: Reference) -> list[str]:
    """Return the names of what the entry lacks, in the order of a reference."""
    if is_web_page(reference):
        missing = [] if reference.get("title") else ["title"]
        missing += [] if web_address(reference) else ["address"]
        return missing if has_access_date(reference) else [*missing, "access date"]
    needs = _NEEDS.get(reference.type, _ANY)
    if is_popular(reference):
        needs = (_TITLE, _JOURNAL, _YEAR)
    elif is_preprint(reference):
        needs = (_AUTHOR, _TITLE, _YEAR)
    missing = [need.name for need in needs if not reference.get(*need.fields)]
    if reference.type == "article" and not (is_popular(reference) or is_preprint(reference)):
        missing += _nowhere(reference)
    return missing


def _nowhere(reference: Reference) -> list[str]:
    """Return what a journal article lacks to be found in its journal."""
    volume, pages = _given(reference, _VOLUME), _given(reference, _PAGES)
    if is_forthcoming(reference) or (not volume and has_identifier(reference) and _is_unpaged(reference, pages)):
        return []
    return ([] if volume else ["volume"]) + ([] if pages else ["pages"])


def _is_unpaged(reference: Reference, pages: bool) -> bool:
    """Whether it has no pages of an issue: none at all, or a count from 1 as publishers give ahead of print."""
    found = read_pages(reference.get(*_PAGES))
    return not pages or (found is not None and found.is_count)


def _given(reference: Reference, fields: tuple[str, ...]) -> bool:
    return any(not _NOTHING.fullmatch(reference.get(name)) for name in fields)


def _listed(names: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
