"""What is known of a work that is cited, told to a reviewer: its publication status, by whom, and when. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from kap_content.model.project import Context
from kap_content.model.record import Record, State
from kap_content.model.reference import Reference
from kap_content.works.notices import source_name, unique
from kap_content.works.status import PublicationStatus, publication_status
from kap_content.works.uses import acknowledgement


class Gravity(StrEnum):
    """How much a status should worry a reviewer. The value is its class in the templates' HTML."""

    CLEAR = "clear"
    UNKNOWN = "unknown"
    CAUTION = "caution"
    GRAVE = "grave"


@dataclass(frozen=True, slots=True)
class Known:
    """The status in a word, then everything known, a line each.

    `checked_on` is the day of the oldest answer; with `is_typed` the day on which the record was copied by hand.
    """

    word: str
    gravity: Gravity
    checked_on: date | None = None
    sources: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    is_typed: bool = False


def known_of(key: str, context: Context) -> Known:
    """What the lock says of the reference `key`, as it may be relied on at the context's day."""
    reference, record = context.references.get(key), context.record(key)
    if reference is None:
        return Known("not in the bibliography", Gravity.GRAVE, lines=(f"No entry has the key “{key}”.",))
    if record is None:
        return _unanswered(reference)
    day = record.checked_on
    sources = unique(source_name(source.name) for source in record.sources)
    status = publication_status(record, acknowledgement(reference))
    lines = tuple(_told(status))
    word, gravity = _word(record, status)
    if gravity is Gravity.CLEAR and day is not None and _is_old(day, context):
        word, gravity = "no notice known, answer out of date", Gravity.UNKNOWN
    if record.is_transcribed:
        lines = (*lines, "Typed from a public record; no registry has confirmed it yet.")
    return Known(word, gravity, day, sources, lines, record.is_transcribed)


def _unanswered(reference: Reference) -> Known:
    if reference.get("doi", "pmid"):
        return Known("unchecked", Gravity.UNKNOWN, lines=("No registry has been asked, or none answered.",))
    return Known("no registry knows such works", Gravity.UNKNOWN, lines=("It has neither a DOI nor a PubMed number.",))


def _is_old(day: date, context: Context) -> bool:
    return context.as_of - day > timedelta(days=context.settings.max_age_days)


_WORDS = (
    ("retracted", "retracted", Gravity.GRAVE),
    ("notice_of", "itself a notice, not a study", Gravity.GRAVE),
    ("concern", "expression of concern", Gravity.GRAVE),
    ("partly_retracted", "partly retracted", Gravity.GRAVE),
    ("withdrawn_review", "withdrawn from the library", Gravity.CAUTION),
    ("replaced", "retracted and replaced", Gravity.CAUTION),
    ("conflicts", "sources disagree", Gravity.CAUTION),
    ("newer", "superseded", Gravity.CAUTION),
    ("corrected", "corrected", Gravity.CAUTION),
    ("unrecognised", "updated", Gravity.CAUTION),
    ("is_preprint", "preprint", Gravity.CAUTION),
)
"""What each part of a publication status is called, the gravest first."""


def _word(record: Record, status: PublicationStatus) -> tuple[str, Gravity]:
    if record.state is State.ABSENT:
        return "not known to the registry", Gravity.GRAVE
    for part, word, gravity in _WORDS:
        if getattr(status, part):
            return word, gravity
    if record.is_transcribed:
        return "not confirmed by a registry", Gravity.UNKNOWN
    if record.state is State.ELSEWHERE:
        return "registered elsewhere", Gravity.UNKNOWN
    return "no notice known", Gravity.CLEAR


def _told(status: PublicationStatus) -> Iterator[str]:
    """Each event with its date, its DOI and who tells of it."""
    for event in (
        status.retracted,
        status.replaced,
        status.partly_retracted,
        status.concern,
        status.withdrawn_review,
        status.corrected,
        status.unrecognised,
    ):
        if event is not None:
            yield _sentence(str(event))
    if status.newer is not None:
        yield f"A newer version is {status.newer.doi} ({', '.join(status.newer.sources)})."
    if status.is_preprint:
        yield f"Published as {status.published_as}." if status.published_as else "Not known to be published yet."
    if status.notice_of is not None:
        yield _sentence(f"{' and '.join(status.notice_of.kinds)} about {', '.join(status.notice_of.about) or 'a work'}")
    for conflict in status.conflicts:
        yield _sentence(f"sources disagree: {'; '.join(conflict.sides)}")


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
