"""Taking out of a reference what names the work for machines: DOI, PMID, addresses and the date of access."""

from __future__ import annotations

import re

from kap_content.imports.references.parsed import DATE, MONTH, YEAR, Draft, iso_date, tidy
from kap_content.startup.regex import regex
from kap_content.works.doi import doi_in_url, is_doi, normalise_doi

_DOI = regex(
    r"(?:\bAvailable (?:from|at):?\s*)?(?:\bdoi(?:\s+number)?\s*[:=]?\s*)?(?:https?://(?:dx\.|www\.)?doi\.org/|\bdoi:?\s*|"
    r"(?<![\w/.]))(10\.\d{4,9}(?:\.\d+)*/[^\s\"<>]+)",
    re.IGNORECASE,
)
_PMID = regex(r"\b(?:PubMed\s+)?PMID\s*[:#]?\s*(\d{1,8})\b", re.IGNORECASE)
_PMC = regex(r"\b(?:PMCID\s*[:#]?\s*)?(PMC\d{4,9})\b", re.IGNORECASE)
_ARXIV = regex(
    r"\barXiv\s*:\s*(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?(?:\s*\[[\w.-]+\])?", re.IGNORECASE
)
_ACCESSED = regex(
    rf"[(\[]?\b(?:Date\s+)?(?:Last\s+)?(?:Accessed|Access date|Date of access|Retrieved|Viewed|Visited|Cited)\b"
    rf"(?:\s+on)?\s*:?\s*"
    rf"(?P<date>{DATE}|\d{{1,2}}[/.]\d{{1,2}}[/.]{YEAR})[)\]]?,?(?:\s*(?:from|at)\b:?(?=\s*<?(?:https?:|www\.)))?",
    re.IGNORECASE,
)
_URL = regex(
    r"(?:\b(?:Retrieved|Available|Accessed|Accessible|Downloaded)(?:\s+online)?\s+(?:from|at)\s*:?\s*|"
    r"\b(?:from|URL|Link|at)\s*:\s*)?"
    r"[<(]?((?:https?://|\bwww\.)[^\s<>\"“”]+)>?",
    re.IGNORECASE,
)
_PUBLISHED = regex(
    rf"[(\[]?\b(?P<word>First published|Published(?: online)?(?: first)?|(?:Last )?updated|(?:Last )?reviewed|Posted|"
    rf"Revised|Epub)"
    rf"(?:\s+on)?:?\s+(?P<date>{DATE})[)\]]?",
    re.IGNORECASE,
)
_MEDIUM = regex(
    r"\s*\[(?:Internet|Online|Web ?page|Website|Electronic (?:version|article)|e-?pub|PDF)\]", re.IGNORECASE
)
_AHEAD = regex(
    r"[(\[]?\b(?:Epub ahead of print|Online ahead of print|Advance online publication|In press|Forthcoming)\b[)\]]?",
    re.IGNORECASE,
)
_UNFINISHED_URL = ".,;:'’"


def take_identifiers(draft: Draft) -> None:
    """Move identifiers, addresses and dates of access and of upload from the text into fields."""
    _take_doi(draft)
    for pattern, name in ((_PMID, "pmid"), (_PMC, "pmcid"), (_ARXIV, "eprint")):
        found = pattern.search(draft.rest)
        if found:
            draft.set(name, found[1].upper() if name == "pmcid" else found[1])
            draft.take(found, leave=". " if draft.rest[: found.start()].rstrip()[-1:].isalnum() else " ")
    if draft.fields.get("eprint"):
        draft.set("eprinttype", "arXiv")
    _take_access(draft)
    _take_url(draft)
    _take_dates(draft)
    draft.rest = tidy(_MEDIUM.sub("", draft.rest))
    found = _AHEAD.search(draft.rest)
    if found:
        draft.set("pubstate", "in press" if "press" in found[0].lower() else "ahead of print")
        draft.take(found)


def _take_doi(draft: Draft) -> None:
    while found := _DOI.search(draft.rest):
        doi = normalise_doi(found[1])
        if not is_doi(doi):
            return
        draft.set("doi", doi)
        draft.take(found)


def _take_access(draft: Draft) -> None:
    found = _ACCESSED.search(draft.rest)
    if not found:
        return
    day = iso_date(found["date"]) if re.search(rf"{MONTH}|-\d\d-|^{YEAR}$", found["date"], re.IGNORECASE) else ""
    if day:
        draft.set("urldate", day)
        draft.take(found)
    else:
        # 03/04/2020 is two days, one on each side of the Atlantic: left as it is.
        draft.notes.append(found[0].strip("()[] "))
        draft.take(found)


def _take_url(draft: Draft) -> None:
    while found := _URL.search(draft.rest):
        url = found[1].rstrip(_UNFINISHED_URL)
        while url and url[-1] in ")]" and url.count(url[-1]) > url.count("(" if url[-1] == ")" else "["):
            url = url[:-1].rstrip(_UNFINISHED_URL)
        doi = doi_in_url(url)
        if doi and not draft.fields.get("doi"):
            draft.set("doi", doi)
        elif not draft.fields.get("url"):
            draft.set("url", url)
        elif url != draft.fields["url"]:
            draft.notes.append(url)
        draft.take(found, leave=". ")


def _take_dates(draft: Draft) -> None:
    """`Published May 3, 2019`, `Updated ...`: the first gives the date, the others stay as a note."""
    while found := _PUBLISHED.search(draft.rest):
        if (
            found["word"].lower() in ("epub", "published online")
            or "date" in draft.fields
            or found["word"].lower() not in ("published", "posted", "first published")
        ):
            draft.notes.append(found[0].strip("()[] "))
        else:
            draft.set("date", iso_date(found["date"]))
        draft.take(found, leave=". ")
