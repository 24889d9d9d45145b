"""The publication status of a work, computed from its record alone, for the STS rules, the fingerprint and the page.

Sources are united, never averaged: one that says nothing takes nothing back. Each kind of notice keeps its own
gravity, so that an erratum never reads as a retraction.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from kap_content.model.dates import PartialDate
from kap_content.model.record import Notice, NoticeKind, Record, Relation, RelationKind, State
from kap_content.works.folding import plain, squashed
from kap_content.works.titles import says_notice, says_retracted, says_withdrawn


class Effect(StrEnum):
    """What a notice does to the work."""

    RETRACTED = "retracted"
    PARTLY_RETRACTED = "partly retracted"
    REPLACED = "retracted and replaced"
    CONCERN = "expression of concern"
    CORRECTED = "corrected"
    REINSTATED = "reinstated"
    SUPERSEDED = "superseded"
    UNRECOGNISED = "updated"


_EFFECTS = {
    NoticeKind.RETRACTION: Effect.RETRACTED,
    NoticeKind.WITHDRAWAL: Effect.RETRACTED,
    NoticeKind.REMOVAL: Effect.RETRACTED,
    NoticeKind.PARTIAL_RETRACTION: Effect.PARTLY_RETRACTED,
    NoticeKind.EXPRESSION_OF_CONCERN: Effect.CONCERN,
    NoticeKind.CORRECTION: Effect.CORRECTED,
    NoticeKind.CORRIGENDUM: Effect.CORRECTED,
    NoticeKind.ERRATUM: Effect.CORRECTED,
    NoticeKind.ADDENDUM: Effect.CORRECTED,
    NoticeKind.CLARIFICATION: Effect.CORRECTED,
    NoticeKind.REPUBLICATION: Effect.CORRECTED,
    NoticeKind.REINSTATEMENT: Effect.REINSTATED,
    NoticeKind.NEW_VERSION: Effect.SUPERSEDED,
    NoticeKind.NEW_EDITION: Effect.SUPERSEDED,
    NoticeKind.UNKNOWN: Effect.UNRECOGNISED,
}

_SOURCE_NAMES = {
    "crossref": "Crossref",
    "publisher": "the publisher",
    "pubmed": "PubMed",
    "retraction-watch": "Retraction Watch",
    "datacite": "DataCite",
    "europepmc": "Europe PMC",
    "biorxiv": "bioRxiv/medRxiv",
    "medrxiv": "bioRxiv/medRxiv",
    "doi": "doi.org",
    "title": "the title",
    "transcribed": "a transcription",
}

_COCHRANE = re.compile(r"10\.1002/14651858\.((?:cd|mr|ed)\d+)(?:\.pub(\d+))?", re.IGNORECASE)

_PREPRINT_DOI = re.compile(
    r"10\.1101/(?:\d{4}\.\d\d\.\d\d\.\d+|\d{6})(?:v\d+)?$"  # the prefix serves Cold Spring Harbor's journals too
    r"|10\.64898/|10\.48550/arxiv|10\.2139/ssrn|10\.21203/rs|10\.20944/preprints|10\.31234/|10\.31219/osf|10\.31235/osf"
    r"|10\.31222/|10\.31730/osf|10\.35542/osf|10\.26434/chemrxiv|10\.36227/techrxiv|10\.7287/peerj\.preprints"
    r"|10\.22541/(?:au|essoar)|10\.1002/essoar|10\.2196/preprints|10\.14293/.*\.sor-?\.?pp|10\.31223/|10\.51094/jxiv"
    r"|10\.1590/scielopreprints|10\.12074/|10\.33774/",
    re.IGNORECASE,
)
_NO_PREPRINT = re.compile(r"10\.59350/", re.IGNORECASE)
"""Posted content that never was to become an article: archived blog posts."""


_TELLING = re.compile(r"retract|withdraw|remov|correc|corrig|errat|addend|concern", re.IGNORECASE)
"""Without one of these a title says nothing of the status: nearly all records, and they must cost nothing."""


@dataclass(frozen=True, slots=True)
class Event:
    """What one or several notices did, told once.

    `notices` come in the order of their dates; `sources` are names for a reader, without repeats. `doi` is
    the notice's, where one is known, and `date` the earliest told.
    """

    effect: Effect
    notices: tuple[Notice, ...]
    sources: tuple[str, ...]
    doi: str = ""
    date: PartialDate | None = None

    @property
    def kinds(self) -> tuple[str, ...]:
        """The words for what happened, without repeats: `retraction`, `erratum`, or the source's own label."""
        return _unique(_word(notice) for notice in self.notices)

    def __str__(self) -> str:
        """`retraction of 2019-03-01, notice 10.1000/xyz (Crossref, Retraction Watch)`."""
        text = " and ".join(self.kinds)
        if self.date:
            text += f" of {self.date}"
        dois = _unique(notice.doi for notice in self.notices)
        if dois:
            text += f", notice {' and '.join(dois)}"
        return f"{text} ({', '.join(self.sources)})" if self.sources else text


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
class Conflict:
    """Two sources that cannot both be right, each with what it says."""

    doi: str
    sides: tuple[str, ...]
    is_reinstatement: bool = False


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
            f"{event.effect}: {', '.join(_unique(sorted(notice.doi for notice in event.notices)))}".strip(": ")
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
        return PublicationStatus(is_preprint=_is_preprint(record))
    notice_of = _notice_of(record)
    by_effect = {effect: [n for n in record.notices if _EFFECTS[n.kind] is effect] for effect in Effect}
    retractions = by_effect[Effect.RETRACTED]
    withdrawals = [notice for notice in retractions if _is_cochrane_withdrawal(notice, record)]
    retractions = [notice for notice in retractions if notice not in withdrawals]
    title = Notice(NoticeKind.RETRACTION, "title")
    is_review = _COCHRANE.match(_own_doi(record)) is not None
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
        retracted=None if reinstated or replaced else _event(Effect.RETRACTED, retractions),
        replaced=_event(Effect.REPLACED, retractions) if replaced else None,
        partly_retracted=_event(Effect.PARTLY_RETRACTED, by_effect[Effect.PARTLY_RETRACTED]),
        concern=_event(Effect.CONCERN, by_effect[Effect.CONCERN]),
        corrected=_event(Effect.CORRECTED, corrections),
        unrecognised=_event(Effect.UNRECOGNISED, by_effect[Effect.UNRECOGNISED]),
        is_preprint=_is_preprint(record),
        published_as=next((link.doi for link in record.relations if link.kind is RelationKind.IS_PREPRINT_OF), ""),
        newer=_newer(record, withdrawals),
        withdrawn_review=_event(Effect.RETRACTED, withdrawals),
        notice_of=notice_of,
        conflicts=_conflicts(record, by_effect[Effect.REINSTATED] if reinstated else []),
    )


def _own_doi(record: Record) -> str:
    return record.answered or record.asked


def _word(notice: Notice) -> str:
    if notice.kind is NoticeKind.UNKNOWN:
        return f"“{notice.label}”" if notice.label else "an update of unknown type"
    return notice.kind.value.replace("_", " ")


def _unique(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))


def source_name(source: str) -> str:
    """The name of a source for a reader."""
    return _SOURCE_NAMES.get(source, source)


def _rank(notice: Notice) -> int:
    """The registries first, the title last, whatever their dates."""
    names = list(_SOURCE_NAMES)
    return names.index(notice.source) if notice.source in names else len(names)


def _event(effect: Effect, notices: list[Notice]) -> Event | None:
    if not notices:
        return None
    ordered = tuple(
        sorted(notices, key=lambda notice: (notice.date is None, notice.date or PartialDate(0), notice.doi))
    )
    return Event(
        effect,
        ordered,
        _unique(source_name(notice.source) for notice in sorted(ordered, key=_rank)),
        next((notice.doi for notice in ordered if notice.doi), ""),
        next((notice.date for notice in ordered if notice.date), None),
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


def _is_cochrane_withdrawal(notice: Notice, record: Record) -> bool:
    """Whether a notice takes a Cochrane review out of the library because it is out of date.

    Cochrane publishes a withdrawal as one more version of the review (`.pub4`, titled `WITHDRAWN:`); registries file
    it as a withdrawal, and some as a retraction. A true retraction has a notice of its own, or says `RETRACTED:`.
    """
    own, other = _COCHRANE.match(_own_doi(record)), _COCHRANE.match(notice.doi)
    if own is None or says_retracted(record.title, withdrawn=False):
        return False
    if other is not None and other[1].lower() == own[1].lower():
        return True
    return notice.kind is NoticeKind.WITHDRAWAL and not notice.doi


def _newer(record: Record, withdrawals: list[Notice]) -> Newer | None:
    """The newest version known; of Cochrane versions the highest, else the one dated last."""
    own = _own_doi(record).casefold()
    found: list[tuple[int, PartialDate, str, str, bool]] = []

    def add(doi: str, source: str, date: PartialDate | None, *, withdrawn: bool) -> None:
        if doi and doi.casefold() != own and _cochrane_version(doi) >= _cochrane_version(own):
            found.append((_cochrane_version(doi), date or PartialDate(0), doi, source_name(source), withdrawn))

    for link in record.relations:
        if link.kind is RelationKind.NEW_VERSION:
            add(
                link.doi,
                link.source,
                None,
                withdrawn=says_withdrawn(link.label) or link.label.casefold() == "withdrawal",
            )
    for notice in record.notices:
        if _EFFECTS[notice.kind] is Effect.SUPERSEDED:
            add(notice.doi, notice.source, notice.date, withdrawn=says_withdrawn(notice.label))
    for notice in withdrawals:
        add(notice.doi, notice.source, notice.date, withdrawn=True)
    if not found:
        return None
    newest = max(found, key=lambda item: item[:3])
    same = [item for item in found if item[2].casefold() == newest[2].casefold()]
    return Newer(newest[2], _unique(item[3] for item in same), withdrawn=any(item[4] for item in same))


def _cochrane_version(doi: str) -> int:
    match = _COCHRANE.match(doi)
    return int(match[2] or 1) if match else 0


def _is_preprint(record: Record) -> bool:
    doi = _own_doi(record)
    if _NO_PREPRINT.match(doi):
        return False
    types = {squashed(text) for text in (record.type, *record.publication_types)}
    return (
        bool(types & {"preprint", "postedcontent"})
        or _PREPRINT_DOI.match(doi) is not None
        or any(link.kind is RelationKind.IS_PREPRINT_OF for link in record.relations)
    )


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
        kinds = _unique(link.label.replace("_", " ") for link in links)
        return NoticeOf(kinds or ("update",), _unique(link.doi for link in links))
    kinds = _unique(_NOTICE_TYPES.get(squashed(text), "") for text in record.publication_types)
    if kinds:
        return NoticeOf(kinds)
    kind = says_notice(record.title, record.pages)
    if kind:
        return NoticeOf((kind,))
    if says_retracted(record.title) and _signed_by_journal(record):
        return NoticeOf(("retraction",))
    return None


def _names_an_article(link: Relation, record: Record) -> bool:
    other = link.doi.casefold() != _own_doi(record).casefold()
    return link.kind is RelationKind.IS_NOTICE_OF and other and link.label not in _VERSIONS


def _signed_by_journal(record: Record) -> bool:
    """Whether the only author is the journal itself: so Hindawi signs its notices, titled `Retracted: ...`."""
    journals = {squashed(plain(container)) for container in record.containers}
    return len(record.authors) == 1 and squashed(str(record.authors[0])) in journals


def _conflicts(record: Record, reinstatements: list[Notice]) -> tuple[Conflict, ...]:
    """One notice typed differently by two sources, and a retraction that was taken back."""
    found = [
        Conflict(told[0].doi, _unique(f"{source_name(notice.source)}: {_word(notice)}" for notice in told))
        for told in _by_notice(record)
        if _contradict(told)
    ]
    if reinstatements:
        retractions = [notice for notice in record.notices if _EFFECTS[notice.kind] is Effect.RETRACTED]
        both = (*retractions, *reinstatements)
        sides = _unique(f"{source_name(n.source)}: {_word(n)}{f' of {n.date}' if n.date else ''}" for n in both)
        doi = next((notice.doi for notice in reversed(both) if notice.doi), "")
        found.append(Conflict(doi, sides, is_reinstatement=True))
    return tuple(dict.fromkeys(found))


def _by_notice(record: Record) -> list[list[Notice]]:
    """What was said of each notice, a notice being a DOI of its own or a record of Retraction Watch.

    Versions of a Cochrane review are no notices: one source calls the last one a withdrawal, another a new version.
    """
    groups: dict[str, list[Notice]] = {}
    for notice in record.notices:
        if notice.doi and notice.doi.casefold() != _own_doi(record).casefold() and not _COCHRANE.match(notice.doi):
            groups.setdefault(notice.doi.casefold(), []).append(notice)
        if notice.record_id:
            groups.setdefault(f"record {notice.record_id}", []).append(notice)
    return list(groups.values())


def _contradict(told: list[Notice]) -> bool:
    """Whether two sources have no word in common on one notice. Unknown types and republications say nothing."""
    by_source: dict[str, set[Effect]] = {}
    for notice in told:
        effect = _EFFECTS[notice.kind]
        if effect not in (Effect.UNRECOGNISED, Effect.REINSTATED) and notice.kind is not NoticeKind.REPUBLICATION:
            by_source.setdefault(notice.source, set()).add(effect)
    meanings = list(by_source.values())
    return any(one.isdisjoint(other) for place, one in enumerate(meanings) for other in meanings[place + 1 :])
