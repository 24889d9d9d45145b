"""What kind of work an entry describes, as far as the entry itself tells."""

from __future__ import annotations

import re

from kap_content.model.reference import Reference
from kap_content.startup.regex import regex
from kap_content.works.doi import doi_in_url, is_doi, normalise_doi
from kap_content.works.journals import is_preprint_server

WEB_TYPES = frozenset({"online", "electronic", "www", "webpage", "web"})
_LOOSE_TYPES = frozenset({"misc", "unpublished", ""})
_ADDRESS = regex(r"(?:https?://|www\.)[^\s{}<>\"]+[^\s{}<>\".,;:)\]]", re.IGNORECASE)
_ACCESSED = regex(
    r"\b(?:accessed|access date|last access|retrieved|visited|consulted|viewed|checked|read on|cited)\b", re.IGNORECASE
)
_DATED = regex(r"\b(?:1[89]|20)\d\d\b")
_ACCESS_FIELDS = (
    *(
        "urldate",
        "accessed",
        "accessdate",
        "access-date",
        "dateaccessed",
        "date-accessed",
        "lastaccessed",
        "lastchecked",
    ),
    *("lastvisited", "lastaccess", "retrieved", "visited", "year-accessed", "date_accessed"),
)
_NOTES = ("note", "howpublished", "addendum", "annote", "annotation", "comment", "publisher", "url", "title", "year")
_PREPRINT_TEXT = regex(r"\b(?:preprint|arxiv|biorxiv|medrxiv|psyarxiv|osf|ssrn|research square)\b", re.IGNORECASE)
_PREPRINT_DOI = regex(r"10\.(?:1101|64898|48550|31234|31219|21203|2139|20944|36227|12688)/", re.IGNORECASE)
_PUBMED = regex(
    r"(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed|pubmed\.gov|europepmc\.org/(?:article|abstract)/med)/(\d{1,8})\b"
    r"|\bPMID\s*[:#]?\s*(\d{1,8})\b",
    re.IGNORECASE,
)
_PMC = regex(r"\bPMC\d{4,9}\b", re.IGNORECASE)
_ARXIV = regex(r"\barxiv\b", re.IGNORECASE)
_POPULAR = frozenset({"magazine", "newspaper", "news"})
_NEWSPAPER = regex(
    r"(?:the )?(?:(?:new york|los angeles|sunday|irish|japan|seattle|financial) times|times|washington post|"
    r"wall street journal|guardian|(?:sunday )?telegraph|daily (?:mail|telegraph)|independent|observer|boston globe|"
    r"chicago tribune|usa today|economist|atlantic|new yorker|scientific american|new scientist|stat(?: news)?|"
    r"bbc news|reuters|associated press|time(?: magazine)?|newsweek|forbes|wired|vox|npr|kaiser health news|medscape"
    r"(?: medical news)?|medpage today)(?: \(online\))?",
    re.IGNORECASE,
)
_FORTHCOMING = regex(
    r"\b(?:in[ -]?press|forthcoming|to appear|accepted|submitted|ahead of print|online first|early (?:view|access)|"
    r"advance (?:online|access|article)|articles? in advance|published online|epub|prepublished|pre-?publication)\b",
    re.IGNORECASE,
)


_LOOKED_AT = 2000
"""How much of a note is read in search of a few words."""


def _told(reference: Reference, names: tuple[str, ...]) -> str:
    return " ".join(filter(None, (reference.get(name)[:_LOOKED_AT] for name in names)))


def web_address(reference: Reference) -> str:
    """The address that the entry gives, in `url` or in words elsewhere, or the empty string."""
    url = reference.get("url")
    if url:
        return url
    found = _ADDRESS.search(_told(reference, ("howpublished", "note")))
    return found[0] if found else ""


def is_web_page(reference: Reference) -> bool:
    """Whether the work is a page on the web: neither DOI nor preprint, of a web type, or of no type with an address."""
    if reference.type in WEB_TYPES:
        return not (has_doi(reference) or is_preprint(reference))
    return (
        reference.type in _LOOSE_TYPES
        and bool(web_address(reference))
        and not (has_doi(reference) or is_preprint(reference))
    )


def has_access_date(reference: Reference) -> bool:
    """Whether the entry says when the page was read: in a field for it, or in words with a year."""
    if reference.get(*_ACCESS_FIELDS):
        return True
    notes = _told(reference, _NOTES)
    return _ACCESSED.search(notes) is not None and _DATED.search(notes) is not None


def has_doi(reference: Reference) -> bool:
    """Whether the entry gives a DOI, in `doi` or as an address."""
    return is_doi(normalise_doi(reference.get("doi"))) or bool(doi_in_url(web_address(reference)))


def has_identifier(reference: Reference) -> bool:
    """Whether the entry gives any DOI (a malformed one included), PMID, PMC number or arXiv number."""
    if reference.get("doi", "pmid", "pmcid", "pmc") or has_doi(reference):
        return True
    if reference.get("eprint") and reference.get("eprinttype", "archiveprefix"):
        return True
    told = _told(reference, ("url", "note", "howpublished", "eprint", "addendum", "annote"))
    return any(pattern.search(told) for pattern in (_PUBMED, _PMC, _ARXIV)) or bool(doi_in_url(told))


def is_preprint(reference: Reference) -> bool:
    """Whether the entry describes a preprint: by type, archive, venue or DOI prefix."""
    if reference.type in {"preprint", "eprint"} or _ARXIV.search(reference.get("eprinttype", "archiveprefix")):
        return not reference.get("volume")
    venue = reference.get("journal", "journaltitle")
    if venue:
        return is_preprint_server(venue) or _PREPRINT_TEXT.search(venue) is not None
    told = next(filter(None, (_told(reference, (name,)) for name in ("howpublished", "publisher", "note"))), "")
    return (
        _PREPRINT_TEXT.search(told) is not None
        or _PREPRINT_DOI.match(normalise_doi(reference.get("doi"))) is not None
        or _ARXIV.search(reference.get("url")) is not None
    )


def is_forthcoming(reference: Reference) -> bool:
    """Whether the entry says that the work is in press, or published ahead of print."""
    fields = ("pubstate", "year", "note", "volume", "number", "pages", "addendum", "howpublished", "date")
    return _FORTHCOMING.search(_told(reference, fields)) is not None


def is_popular(reference: Reference) -> bool:
    """Whether it is a newspaper's or a magazine's article, which no registry knows."""
    journal = reference.get("journal", "journaltitle")
    return reference.get("entrysubtype").casefold() in _POPULAR or _NEWSPAPER.fullmatch(journal) is not None
