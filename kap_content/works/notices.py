"""What notices do to a work: several sources' words on one notice told once, and where they contradict each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from kap_content.model.dates import PartialDate
from kap_content.model.record import Notice, NoticeKind, Record
from kap_content.works.versions import COCHRANE, own_doi


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


EFFECTS = {
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
        return unique(word(notice) for notice in self.notices)

    def __str__(self) -> str:
        """`retraction of 2019-03-01, notice 10.1000/xyz (Crossref, Retraction Watch)`."""
        text = " and ".join(self.kinds)
        if self.date:
            text += f" of {self.date}"
        dois = unique(notice.doi for notice in self.notices)
        if dois:
            text += f", notice {' and '.join(dois)}"
        return f"{text} ({', '.join(self.sources)})" if self.sources else text


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two sources that cannot both be right, each with what it says."""

    doi: str
    sides: tuple[str, ...]
    is_reinstatement: bool = False


def unique(texts: Iterable[str]) -> tuple[str, ...]:
    """Without blanks and repeats, in order."""
    return tuple(dict.fromkeys(text for text in texts if text))


def word(notice: Notice) -> str:
    """What a reader calls the notice: its kind, or the source's own label in quotation marks."""
    if notice.kind is NoticeKind.UNKNOWN:
        return f"“{notice.label}”" if notice.label else "an update of unknown type"
    return notice.kind.value.replace("_", " ")


def source_name(source: str) -> str:
    """The name of a source for a reader."""
    return _SOURCE_NAMES.get(source, source)


def _rank(notice: Notice) -> int:
    """The registries first, the title last, whatever their dates."""
    names = list(_SOURCE_NAMES)
    return names.index(notice.source) if notice.source in names else len(names)


def event_of(effect: Effect, notices: list[Notice]) -> Event | None:
    """All notices of one effect as one event, or None without any."""
    if not notices:
        return None
    ordered = tuple(
        sorted(notices, key=lambda notice: (notice.date is None, notice.date or PartialDate(0), notice.doi))
    )
    return Event(
        effect,
        ordered,
        unique(source_name(notice.source) for notice in sorted(ordered, key=_rank)),
        next((notice.doi for notice in ordered if notice.doi), ""),
        next((notice.date for notice in ordered if notice.date), None),
    )


def conflicts_in(record: Record, reinstatements: list[Notice]) -> tuple[Conflict, ...]:
    """One notice typed differently by two sources, and a retraction that was taken back."""
    found = [
        Conflict(told[0].doi, unique(f"{source_name(notice.source)}: {word(notice)}" for notice in told))
        for told in _by_notice(record)
        if _contradict(told)
    ]
    if reinstatements:
        retractions = [notice for notice in record.notices if EFFECTS[notice.kind] is Effect.RETRACTED]
        both = (*retractions, *reinstatements)
        sides = unique(f"{source_name(n.source)}: {word(n)}{f' of {n.date}' if n.date else ''}" for n in both)
        doi = next((notice.doi for notice in reversed(both) if notice.doi), "")
        found.append(Conflict(doi, sides, is_reinstatement=True))
    return tuple(dict.fromkeys(found))


def _by_notice(record: Record) -> list[list[Notice]]:
    """What was said of each notice, a notice being a DOI of its own or a record of Retraction Watch.

    Versions of a Cochrane review are no notices: one source calls the last one a withdrawal, another a new version.
    """
    groups: dict[str, list[Notice]] = {}
    for notice in record.notices:
        if notice.doi and notice.doi.casefold() != own_doi(record).casefold() and not COCHRANE.match(notice.doi):
            groups.setdefault(notice.doi.casefold(), []).append(notice)
        if notice.record_id:
            groups.setdefault(f"record {notice.record_id}", []).append(notice)
    return list(groups.values())


def _contradict(told: list[Notice]) -> bool:
    """Whether two sources have no word in common on one notice. Unknown types and republications say nothing."""
    by_source: dict[str, set[Effect]] = {}
    for notice in told:
        effect = EFFECTS[notice.kind]
        if effect not in (Effect.UNRECOGNISED, Effect.REINSTATED) and notice.kind is not NoticeKind.REPUBLICATION:
            by_source.setdefault(notice.source, set()).add(effect)
    meanings = list(by_source.values())
    return any(one.isdisjoint(other) for place, one in enumerate(meanings) for other in meanings[place + 1 :])
