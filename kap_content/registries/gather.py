"""The only network step: ask the registries about references, and make one record of what they say.

Only what is missing, stale or asked under another identifier is asked; what was answered is kept even where
the run is cut short; what was not answered is named, and is never turned into a record.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from time import monotonic

from kap_content.model.record import Notice, Record, State
from kap_content.model.reference import Reference
from kap_content.model.settings import Settings
from kap_content.registries._answer import Found
from kap_content.registries._http import Limits
from kap_content.registries._item import Item
from kap_content.registries._merge import Evidence, merge, refreshed
from kap_content.registries._run import Run
from kap_content.registries._services import Services
from kap_content.registries.retraction_watch import RetractionWatch, open_retraction_watch
from kap_content.works.abstracts import keep_abstracts
from kap_content.works.doi import normalise_doi
from kap_content.works.identifiers import identifiers

CACHE = ".kap_cache"

_LEAST_SECONDS, _SECONDS_EACH = 60.0, 0.25


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: identifiers whose agency has answered (or will not), of all that are asked."""

    done: int
    total: int
    requests: int


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a run brought.

    `records` are, by bibliography key, all that the lock should hold: new ones, fresh ones, and older ones that
    could not be confirmed. `asked` are the keys that were asked about. `unchecked` says, by key, why there was
    no answer; `partial` why an answered record lacks another source's word, as a rule PubMed's, which is
    asked again next time; `skipped`
    why a reference was not asked about at all. `abstracts` are new ones by hash, kept in the cache already.
    `warnings` are for the user. After `interrupted` all else holds as far as it got.
    """

    records: Mapping[str, Record]
    asked: tuple[str, ...] = ()
    unchecked: Mapping[str, str] = field(default_factory=dict)
    partial: Mapping[str, str] = field(default_factory=dict)
    skipped: Mapping[str, str] = field(default_factory=dict)
    abstracts: Mapping[str, str] = field(default_factory=dict)
    requests_made: int = 0
    warnings: tuple[str, ...] = ()
    interrupted: bool = False


def holds(record: Record, doi: str, pmid: str, settings: Settings, today: date) -> bool:
    """Whether a record answers this entry and is fresh enough not to be asked again."""
    if record.is_transcribed or record.state is State.UNCHECKED or normalise_doi(record.asked) != doi:
        return False
    if not doi and record.pmid != pmid:
        return False
    days = [source.checked_on for source in record.sources if source.name != "retraction-watch"]
    return bool(days) and min(days) >= today - timedelta(days=settings.max_age_days)


def gather(
    references: Sequence[Reference],
    previous: Mapping[str, Record],
    settings: Settings,
    *,
    today: date,
    root: Path,
    cache: Path | None = None,
    refresh: bool = False,
    progress: Callable[[Progress], None] | None = None,
    limits: Limits | None = None,
    time_limit: float | None = None,
) -> Gathered:
    """Ask about `references`, given the lock's `previous` records by key.

    `cache` is `.kap_cache` of `root` unless given; `time_limit` is for the whole run, in seconds (by default it
    grows with the number of references). Never raises for anything a registry does. Raises UsageError where the
    Retraction Watch file that the settings name cannot be used.
    """
    cache = cache or root / CACHE
    library = open_retraction_watch(root, cache, settings.registries.retraction_watch)
    plan = _plan(references, previous, settings, today=today, refresh=refresh)
    run, requests_made = _ask(plan.items, settings, limits, time_limit, progress)
    notices = _Library(library, plan)
    records = dict(plan.fresh)
    abstracts: list[str] = []
    unchecked: dict[str, str] = {}
    partial: dict[str, str] = {}
    for item in plan.items:
        for key in item.keys:
            earlier = previous.get(key)
            if item.primary is None:
                unchecked[key] = item.failure
                if earlier is not None and _answers(earlier, item):
                    records[key] = earlier
                continue
            record, abstract = merge(key, item.doi, _evidence(item, notices), today, earlier)
            records[key] = record
            abstracts.append(abstract)
            if record.state is State.FOUND and item.gap:
                partial[key] = item.gap
    records |= {key: refreshed(record, notices.of(record)) for key, record in records.items() if key in plan.fresh}
    kept, warnings = _keep(cache, abstracts)
    return Gathered(
        {reference.key: records[reference.key] for reference in references if reference.key in records},
        tuple(key for item in plan.items for key in item.keys),
        unchecked,
        partial,
        plan.skipped,
        kept,
        requests_made,
        warnings,
        run.interrupted if run else False,
    )


@dataclass(slots=True)
class _Plan:
    items: list[Item] = field(default_factory=list)
    fresh: dict[str, Record] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)


def _plan(
    references: Sequence[Reference],
    previous: Mapping[str, Record],
    settings: Settings,
    *,
    today: date,
    refresh: bool,
) -> _Plan:
    """Whom to ask about, once each; what still holds; what is not asked about."""
    plan = _Plan()
    by_identifier: dict[tuple[str, str], Item] = {}
    for reference in references:
        doi, pmid = identifiers(reference)
        if doi:
            pmid = ""
        record = previous.get(reference.key)
        if not (doi or pmid):
            plan.skipped[reference.key] = "its DOI is malformed" if reference.get("doi") else "it has no DOI or PMID"
            if record is not None and record.is_transcribed and not record.asked:
                plan.fresh[reference.key] = record
            continue
        is_fresh = record is not None and not refresh and holds(record, doi, pmid, settings, today)
        if record is not None and is_fresh and not _lacks_pubmed(record):
            plan.fresh[reference.key] = record
            continue
        item = by_identifier.setdefault((doi, pmid), Item(doi, pmid))
        if reference.key not in item.keys:
            item.keys.append(reference.key)
        if is_fresh and doi:
            item.kept = record
    plan.items = list(by_identifier.values())
    return plan


def _lacks_pubmed(record: Record) -> bool:
    return record.state is State.FOUND and all(source.name != "pubmed" for source in record.sources)


def _answers(record: Record, item: Item) -> bool:
    """Whether an earlier record, stale or transcribed, is about the same work."""
    return normalise_doi(record.asked) == item.doi and (bool(item.doi) or record.pmid == item.pmid)


def _ask(
    items: Sequence[Item],
    settings: Settings,
    limits: Limits | None,
    time_limit: float | None,
    progress: Callable[[Progress], None] | None,
) -> tuple[Run | None, int]:
    if not items:
        return None, 0
    seconds = time_limit if time_limit is not None else _LEAST_SECONDS + _SECONDS_EACH * len(items)
    services = Services.of(settings, deadline=monotonic() + seconds, limits=limits)

    def settled(count: int) -> None:
        if progress is not None:
            progress(Progress(count, len(items), services.network.requests_made))

    run = Run(items, services, settled)
    run.go()
    settled(sum(item.is_settled for item in items))
    return run, services.network.requests_made


def _evidence(item: Item, notices: _Library) -> Evidence:
    assert item.primary is not None
    return Evidence(
        item.primary,
        item.pubmed,
        item.relations,
        item.asked_biorxiv,
        notices.of_item(item),
        item.abstract,
    )


class _Library:
    """What the Retraction Watch file says, looked up once for a whole plan."""

    def __init__(self, library: RetractionWatch, plan: _Plan) -> None:
        self._is_there = bool(library)
        dois: set[str] = {item.doi for item in plan.items}
        pmids: set[str] = {item.pmid for item in plan.items}
        records = [*plan.fresh.values()]
        for item in plan.items:
            records.extend(found.record for found in (item.primary, *(item.pubmed or ())) if isinstance(found, Found))
        for record in records:
            dois.update((record.asked, record.answered))
            pmids.add(record.pmid)
        self._by_doi, self._by_pmid = library.notices(dois, pmids) if library else ({}, {})

    def of(self, record: Record) -> tuple[Notice, ...] | None:
        """What it says of a work; None where there is no file to ask."""
        return self._said((record.asked, record.answered), (record.pmid,))

    def of_item(self, item: Item) -> tuple[Notice, ...] | None:
        """The same, for what was just asked."""
        found = [found.record for found in (item.primary, *(item.pubmed or ())) if isinstance(found, Found)]
        return self._said((item.doi, *(r.answered for r in found)), (item.pmid, *(r.pmid for r in found)))

    def _said(self, dois: Sequence[str], pmids: Sequence[str]) -> tuple[Notice, ...] | None:
        if not self._is_there:
            return None
        said = [notice for doi in dois if doi for notice in self._by_doi.get(doi, ())]
        said += [notice for pmid in pmids if pmid for notice in self._by_pmid.get(pmid, ())]
        return tuple(dict.fromkeys(said))


def _keep(cache: Path, abstracts: Sequence[str]) -> tuple[Mapping[str, str], tuple[str, ...]]:
    try:
        return keep_abstracts(cache, abstracts), ()
    except (OSError, sqlite3.Error) as error:
        return {}, (f"abstracts could not be kept in {cache.name}: {error}",)
