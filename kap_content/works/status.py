"""The publication status of a work, computed from its record alone, for the STS rules, the fingerprint and the page.

Sources are united, never averaged: one that says nothing takes nothing back. Each kind of notice keeps its own
gravity, so that an erratum never reads as a retraction.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from kap_content.model.dates import PartialDate
from kap_content.model.record import Notice, NoticeKind, Record, Relation, RelationKind, State
from kap_content.startup.regex import regex
from kap_content.works.folding import plain, squashed
from kap_content.works.notices import EFFECTS, Conflict, Effect, Event, conflicts_in, event_of, source_name, unique
from kap_content.works.titles import says_notice, says_retracted, says_withdrawn
from kap_content.works.versions import COCHRANE, cochrane_version, is_cochrane_withdrawal, is_preprint_record, own_doi

_TELLING = regex(r"retract|withdraw|remov|correc|corrig|errat|addend|concern", re.IGNORECASE)
"""Without one of these a title says nothing of the status: nearly all records, and they must cost nothing."""


@dataclass(frozen=True, slots=True)
class Newer:
    """A newer version of the work. `withdrawn` is true where that version only says that the review was withdrawn."""

    doi: str
    sources: tuple[str, ...] = ()
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class NoticeOf:
    """The record is itself a notice: of which kinds, about which DOIs (none where only its title or type says so)."""

    kinds: tuple[str, ...]
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PublicationStatus:
    """Everything known against, or about, citing a work. All empty: nothing is known against it.

    `retracted` is None where the work was reinstated later; `replaced` stands for a retraction after which a
    corrected article took its place under the same DOI. `withdrawn_review` is the event, or its title, that took a
    Cochrane review out of the library: out of date as a rule, not retracted.
    """

    retracted: Event | None = None
    replaced: Event | None = None
    partly_retracted: Event | None = None
    concern: Event | None = None
    corrected: Event | None = None
    unrecognised: Event | None = None
    is_preprint: bool = False
    published_as: str = ""
    newer: Newer | None = None
    withdrawn_review: Event | None = None
    notice_of: NoticeOf | None = None
    conflicts: tuple[Conflict, ...] = ()

    @property
    def summary(self) -> tuple[str, ...]:
        """One stable line a fact, sorted: changes when the status changes, not when a source merely repeats it."""
        events = (self.retracted, self.replaced, self.partly_retracted, self.concern, self.corrected, self.unrecognised)
        lines = [
            f"{event.effect}: {', '.join(unique(sorted(notice.doi for notice in event.notices)))}".strip(": ")
            for event in events
            if event
        ]
        if self.is_preprint:
            lines.append(f"preprint: {self.published_as}".strip(": "))
        if self.newer:
            lines.append(f"superseded: {self.newer.doi}")
        if self.withdrawn_review:
            lines.append("withdrawn review")
        if self.notice_of:
            lines.append(f"notice: {', '.join(self.notice_of.about)}".strip(": "))
        lines.extend(f"conflict: {conflict.doi} {' / '.join(conflict.sides)}" for conflict in self.conflicts)
        return tuple(sorted(lines))


def publication_status(record: Record, acknowledged: str = "") -> PublicationStatus:
    """The status of the work that `record` describes.

    `acknowledged` is text in which an author owns to a retraction by naming its notice's DOI and that the article was
    replaced; without the DOI it counts for nothing, and a later notice is not covered by it.
    """
    if record.state not in (State.FOUND, State.ELSEWHERE):
        return PublicationStatus()
    if not (record.notices or record.relations or record.publication_types or _TELLING.search(record.title)):
        return PublicationStatus(is_preprint=is_preprint_record(record))
    notice_of = _notice_of(record)
    by_effect = {effect: [n for n in record.notices if EFFECTS[n.kind] is effect] for effect in Effect}
    retractions = by_effect[Effect.RETRACTED]
    withdrawals = [notice for notice in retractions if is_cochrane_withdrawal(notice, record)]
    retractions = [notice for notice in retractions if notice not in withdrawals]
    title = Notice(NoticeKind.RETRACTION, "title")
    is_review = COCHRANE.match(own_doi(record)) is not None
    if notice_of is None:
        if says_withdrawn(record.title) and is_review:
            withdrawals.append(Notice(NoticeKind.WITHDRAWAL, "title"))
        elif says_retracted(record.title) and not by_effect[Effect.REINSTATED]:
            retractions.append(title)
    reinstated = bool(retractions) and _is_reinstated(retractions, by_effect[Effect.REINSTATED])
    replaced = bool(retractions) and not reinstated and _is_replaced(retractions, record.notices, acknowledged)
    corrections = by_effect[Effect.CORRECTED]
    if replaced:
        corrections = [notice for notice in corrections if notice.kind is not NoticeKind.REPUBLICATION]
    return PublicationStatus(
        retracted=None if reinstated or replaced else event_of(Effect.RETRACTED, retractions),
        replaced=event_of(Effect.REPLACED, retractions) if replaced else None,
        partly_retracted=event_of(Effect.PARTLY_RETRACTED, by_effect[Effect.PARTLY_RETRACTED]),
        concern=event_of(Effect.CONCERN, by_effect[Effect.CONCERN]),
        corrected=event_of(Effect.CORRECTED, corrections),
        unrecognised=event_of(Effect.UNRECOGNISED, by_effect[Effect.UNRECOGNISED]),
        is_preprint=is_preprint_record(record),
        published_as=next((link.doi for link in record.relations if link.kind is RelationKind.IS_PREPRINT_OF), ""),
        newer=newest(record, withdrawals),
        withdrawn_review=event_of(Effect.RETRACTED, withdrawals),
        notice_of=notice_of,
        conflicts=conflicts_in(record, by_effect[Effect.REINSTATED] if reinstated else []),
    )


def _is_reinstated(retractions: list[Notice], reinstatements: list[Notice]) -> bool:
    """Whether the last word is a reinstatement: of the same record, or not dated before a retraction."""
    if not reinstatements:
        return False
    ids = {notice.record_id for notice in reinstatements if notice.record_id}
    open_still = [notice for notice in retractions if not (notice.record_id and notice.record_id in ids)]
    reinstated = [notice.date for notice in reinstatements if notice.date]
    retracted = [notice.date for notice in open_still if notice.date]
    return not (reinstated and retracted and max(retracted) > max(reinstated))


def _is_replaced(retractions: list[Notice], notices: Iterable[Notice], acknowledged: str) -> bool:
    """Whether a corrected article stands in the retracted one's place: PubMed says so, or the author does by DOI."""
    republished = [notice for notice in notices if notice.kind is NoticeKind.REPUBLICATION]
    dated = [notice for notice in retractions if notice.source != "title"]
    if not dated:
        return False
    same = {name for notice in republished for name in (notice.doi, notice.record_id) if name}
    if any(notice.doi in same or notice.record_id in same for notice in dated):
        return True
    text = acknowledged.casefold()
    named = [notice.doi and notice.doi.casefold() in text for notice in dated]
    return all(named) and re.search(r"\b(replac|republish|re-published)", text) is not None


def newest(record: Record, withdrawals: list[Notice]) -> Newer | None:
    """The newest version known; of Cochrane versions the highest, else the one dated last."""
    own = own_doi(record).casefold()
    found: list[tuple[int, PartialDate, str, str, bool]] = []

    def add(doi: str, source: str, date: PartialDate | None, *, withdrawn: bool) -> None:
        if doi and doi.casefold() != own and cochrane_version(doi) >= cochrane_version(own):
            found.append((cochrane_version(doi), date or PartialDate(0), doi, source_name(source), withdrawn))

    for link in record.relations:
        if link.kind is RelationKind.NEW_VERSION:
            add(
                link.doi,
                link.source,
                None,
                withdrawn=says_withdrawn(link.label) or link.label.casefold() == "withdrawal",
            )
    for notice in record.notices:
        if EFFECTS[notice.kind] is Effect.SUPERSEDED:
            add(notice.doi, notice.source, notice.date, withdrawn=says_withdrawn(notice.label))
    for notice in withdrawals:
        add(notice.doi, notice.source, notice.date, withdrawn=True)
    if not found:
        return None
    newest = max(found, key=lambda item: item[:3])
    same = [item for item in found if item[2].casefold() == newest[2].casefold()]
    return Newer(newest[2], unique(item[3] for item in same), withdrawn=any(item[4] for item in same))


_NOTICE_TYPES = {
    "publishederratum": "correction",
    "retractionnotice": "retraction",
    "retractionofpublication": "retraction",
    "expressionofconcern": "expression of concern",
}
_VERSIONS = ("new_version", "new_edition")


def _notice_of(record: Record) -> NoticeOf | None:
    links = [link for link in record.relations if _names_an_article(link, record)]
    if links:
        kinds = unique(link.label.replace("_", " ") for link in links)
        return NoticeOf(kinds or ("update",), unique(link.doi for link in links))
    kinds = unique(_NOTICE_TYPES.get(squashed(text), "") for text in record.publication_types)
    if kinds:
        return NoticeOf(kinds)
    kind = says_notice(record.title, record.pages)
    if kind:
        return NoticeOf((kind,))
    if says_retracted(record.title) and _signed_by_journal(record):
        return NoticeOf(("retraction",))
    return None


def _names_an_article(link: Relation, record: Record) -> bool:
    other = link.doi.casefold() != own_doi(record).casefold()
    return link.kind is RelationKind.IS_NOTICE_OF and other and link.label not in _VERSIONS


def _signed_by_journal(record: Record) -> bool:
    """Whether the only author is the journal itself: so Hindawi signs its notices, titled `Retracted: ...`."""
    journals = {squashed(plain(container)) for container in record.containers}
    return len(record.authors) == 1 and squashed(str(record.authors[0])) in journals
