"""REF007: an address that leads to a front door instead of the source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import SplitResult, urlsplit

from kap_content.model.finding import Severity
from kap_content.model.project import Context
from kap_content.model.reference import Reference
from kap_content.rules._rule import Hit, reference_rule
from kap_content.startup.regex import regex
from kap_content.works.doi import doi_in_url, is_doi, normalise_doi
from kap_content.works.kinds import has_identifier, web_address

_INDEX = regex(r"(?:index|default|home|homepage|main|welcome)(?:\.(?:html?|php|aspx?|jsp|cfm|shtml))?", re.IGNORECASE)
_LOCALE = regex(r"(?:en|de|fr|es|it|nl|pt|ja|zh|us|uk|gb|ca|au|eu|int)(?:[-_][a-z]{2})?|english", re.IGNORECASE)
_WHOLE_SITES = frozenset({"manual", "software", "periodical", "journal"})


@reference_rule("REF007", "landing-page-url", Severity.WARNING)
def landing_page_url(reference: Reference, context: Context) -> Iterator[Hit]:
    """An address is a bare host or an index page, or it is a DOI in disguise.

    A bare host: `https://www.fda.gov/`, also with only a language (`/en/`). An index page: `/index.html`, `/home`,
    `/news/index.html` (farther down a site it is a page like any other). A DOI in disguise: the address of an entry
    without `doi` holds one. Entries with a DOI or PMID, and software and manuals, which are cited by the home page of
    the project, may give any address.

    Why: a front page changes every day and holds no evidence; a DOI behind an address is not checked for retraction.

    Fix: link the table, the document or the version that was read; move a DOI into the field `doi`.

    Example:
        url = {https://www.nimh.nih.gov/}

        url = {https://www.nejm.org/doi/full/10.1056/NEJMoa1603827}
    """
    url = web_address(reference)
    if not url or is_doi(normalise_doi(reference.get("doi"))):
        return
    doi = doi_in_url(url)
    if doi and not reference.get("doi"):
        yield Hit(
            reference.where("url", "howpublished", "note"),
            f"the address of “{reference.key}” is the DOI {doi} in disguise: {url}",
            help=f"Write doi = {{{doi}}} instead of the address.",
            reference=reference.key,
            about=f"disguised {doi}",
        )
    elif not has_identifier(reference) and reference.type not in _WHOLE_SITES:
        yield from _front_door(reference, url)


def _front_door(reference: Reference, url: str) -> Iterator[Hit]:
    kind = _kind(url)
    if kind:
        yield Hit(
            reference.where("url", "howpublished", "note"),
            f"the address of “{reference.key}” is {kind}: {url}",
            help="Link the page, table or document version that was read.",
            reference=reference.key,
            about=f"front door {url}",
        )


def _kind(url: str) -> str:
    """Say what sort of front door `url` is, or return the empty string."""
    parts = _parts(url)
    if parts is None or parts.query or len(parts.fragment) > 1:
        return ""
    segments = [segment for segment in parts.path.split("/") if segment]
    is_index = bool(segments) and _INDEX.fullmatch(segments[-1]) is not None
    if is_index:
        segments.pop()
    if len(segments) > 1 or (segments and not (is_index or _LOCALE.fullmatch(segments[0]))):
        return ""
    if not segments and not is_index:
        return "a bare host"
    return "the index page of a site" if is_index else "the front page of a site"


def _parts(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(f"https://{url}" if url.lower().startswith("www.") else url)
    except ValueError:
        return None
    return parts if parts.scheme.lower() in {"http", "https"} and "." in parts.netloc else None
