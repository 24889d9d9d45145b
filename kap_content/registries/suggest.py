"""Finding works: candidates for an entry without a DOI, and records for what a user wants to add.

A search result only ever suggests: it is never written without the user's word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from time import monotonic

from kap_content.model.place import Place
from kap_content.model.record import Record, Source, State
from kap_content.model.reference import Reference
from kap_content.model.settings import Settings
from kap_content.registries import crossref
from kap_content.registries._answer import Found, Unchecked
from kap_content.registries._http import Limits
from kap_content.registries._jobs import Jobs
from kap_content.registries._services import Services
from kap_content.registries.gather import gather
from kap_content.startup.regex import regex
from kap_content.works.doi import doi_in_url, is_doi, normalise_doi
from kap_content.works.identifiers import identifiers
from kap_content.works.match import score

_ROWS = 5
_LEAST_SCORE = 0.5
_SECONDS, _SECONDS_EACH = 30.0, 2.0
_PMID = regex(
    r"(?:pmid:?\s*|https?://(?:www\.)?(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed)/)?(\d{1,8})/?",
    re.IGNORECASE,
)
_ARXIV = regex(
    r"(?:arxiv:\s*|https?://(?:www\.)?arxiv\.org/(?:abs|pdf)/)(\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?/\d{7})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A work that may be the one meant; `score` is 0 to 1, of use for ranking only. The record has no key."""

    record: Record
    score: float


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Candidates by key, the likeliest first, perhaps none; and why there was no answer, by key."""

    candidates: Mapping[str, tuple[Candidate, ...]] = field(default_factory=dict)
    unchecked: Mapping[str, str] = field(default_factory=dict)
    requests_made: int = 0
    interrupted: bool = False


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of one identifier that a user wants to add.

    `record` is there if and only if the work was found; its key is the identifier as given. A title brings
    `candidates` instead. Else `reason` says in one line why there is nothing, as what follows the identifier;
    `is_unchecked` where that is because no registry answered.
    """

    identifier: str
    record: Record | None = None
    candidates: tuple[Candidate, ...] = ()
    reason: str = ""
    is_unchecked: bool = False


def suggest(
    references: Sequence[Reference],
    settings: Settings,
    *,
    today: date,
    limits: Limits | None = None,
) -> Suggestions:
    """Search Crossref for each of these entries, as a rule those that have neither DOI nor PMID."""
    deadline = monotonic() + _SECONDS + _SECONDS_EACH * len(references)
    services = Services.of(settings, deadline=deadline, limits=limits)
    jobs = Jobs(services.threads)
    candidates: dict[str, tuple[Candidate, ...]] = {}
    unchecked: dict[str, str] = {}
    for reference in references:

        def then(found: tuple[Found, ...] | Unchecked, reference: Reference = reference) -> None:
            if isinstance(found, Unchecked):
                unchecked[reference.key] = found.reason
            else:
                candidates[reference.key] = _ranked(reference, found, today)

        text = _as_text(reference)
        if text:
            jobs.submit(crossref.SERVICE, "search", partial(services.crossref.search, text, _ROWS), then)
        else:
            candidates[reference.key] = ()
    interrupted = False
    try:
        while jobs.is_open() and monotonic() < deadline:
            jobs.step(0.25)
    except KeyboardInterrupt:
        interrupted = True
        services.network.stop("interrupted")
    jobs.close()
    services.network.close()
    late = "interrupted" if interrupted else "no answer in the time allowed"
    unchecked |= {r.key: late for r in references if r.key not in candidates and r.key not in unchecked}
    return Suggestions(candidates, unchecked, services.network.requests_made, interrupted)


def fetch_for_add(
    texts: Sequence[str],
    settings: Settings,
    *,
    today: date,
    root: Path,
    cache: Path | None = None,
    limits: Limits | None = None,
) -> tuple[Fetched, ...]:
    """Look up what a user wants to add: DOIs, PMIDs, addresses that hold one, arXiv numbers, or titles to search."""
    known: dict[str, Reference] = {}
    titles: dict[str, Reference] = {}
    for text in texts:
        fields = identifier_of(text)
        into = titles if "title" in fields else known
        into[text] = Reference(text, "article", Place("added"), fields)
    # Under a key of our own the registries are asked anew: the lock has nothing to say here.
    gathered = gather(list(known.values()), {}, settings, today=today, root=root, cache=cache, limits=limits)
    found = suggest(list(titles.values()), settings, today=today, limits=limits) if titles else Suggestions()
    return tuple(
        _fetched(text, known.get(text), gathered.records.get(text), gathered.unchecked, found) for text in texts
    )


def identifier_of(text: str) -> dict[str, str]:
    """What a text is, as fields of an entry: a doi, a pmid, or else a title."""
    text = text.strip()
    match = _PMID.fullmatch(text)
    if match:
        return {"pmid": match[1]}
    match = _ARXIV.match(text)
    if match:
        return {"doi": f"10.48550/arxiv.{match[1].lower()}"}
    doi = normalise_doi(text)
    if is_doi(doi):
        return {"doi": doi}
    doi = doi_in_url(text) if re.match(r"https?://", text, re.IGNORECASE) else ""
    return {"doi": doi} if doi else {"title": text}


def _fetched(
    text: str, reference: Reference | None, record: Record | None, unchecked: Mapping[str, str], found: Suggestions
) -> Fetched:
    if reference is None:
        if text in found.unchecked:
            reason = f"taken for a title, it could not be searched for: {found.unchecked[text]}"
            return Fetched(text, reason=reason, is_unchecked=True)
        candidates = found.candidates.get(text, ())
        return Fetched(text, candidates=candidates, reason="" if candidates else "no work with such a title was found")
    named = " ".join(part for part in identifiers(reference) if part)
    shown = "it" if named == text else named
    if record is None:
        reason = f"{shown} could not be looked up: {unchecked.get(text, 'no answer')}"
        return Fetched(text, reason=reason, is_unchecked=True)
    if record.state is State.FOUND:
        # The new entry will have the prime DOI, also where a PMID or an alias was given.
        return Fetched(text, replace(record, asked=record.answered or record.asked))
    if record.state is State.ABSENT:
        return Fetched(text, reason=f"{shown} does not exist: doi.org does not know it")
    agency = record.agency or "another agency"
    return Fetched(text, reason=f"{shown} is registered with {agency}, which gives no description of it")


def _as_text(reference: Reference) -> str:
    """The entry as a reference list would have it, without the fields that only confuse a search."""
    author = str(reference.authors[0]) if reference.authors else ""
    parts = (
        author,
        reference.get("title"),
        reference.get("journal", "journaltitle"),
        reference.get("year", "date")[:4],
    )
    return ". ".join(part for part in parts if part) if reference.get("title") else ""


def _ranked(reference: Reference, found: Sequence[Found], today: date) -> tuple[Candidate, ...]:
    scored = [
        Candidate(replace(item.record, sources=(Source("crossref", today),)), score(reference, item.record))
        for item in found
    ]
    likely = [candidate for candidate in scored if candidate.score >= _LEAST_SCORE]
    return tuple(sorted(likely, key=lambda candidate: (-candidate.score, candidate.record.answered)))
