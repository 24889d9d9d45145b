"""What the registries said of a reference: a record of `references.lock`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kap_content.model.dates import PartialDate
from kap_content.model.reference import Name


class State(StrEnum):
    """How a look-up ended. Only the first three are ever stored; unchecked is the absence of a record."""

    FOUND = "found"
    ABSENT = "absent"
    ELSEWHERE = "elsewhere"
    UNCHECKED = "unchecked"


class NoticeKind(StrEnum):
    """What a notice does to the article it is about (Crossref's update types and PubMed's, unified)."""

    RETRACTION = "retraction"
    PARTIAL_RETRACTION = "partial_retraction"
    WITHDRAWAL = "withdrawal"
    REMOVAL = "removal"
    EXPRESSION_OF_CONCERN = "expression_of_concern"
    CORRECTION = "correction"
    CORRIGENDUM = "corrigendum"
    ERRATUM = "erratum"
    ADDENDUM = "addendum"
    CLARIFICATION = "clarification"
    REPUBLICATION = "republication"
    REINSTATEMENT = "reinstatement"
    NEW_VERSION = "new_version"
    NEW_EDITION = "new_edition"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Source:
    """Who answered and when: `crossref`, `datacite`, `pubmed`, `retraction-watch`, ... or `transcribed`."""

    name: str
    checked_on: date


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice about the work. `doi` is the notice's own; `label` is the source's word where `kind` is unknown."""

    kind: NoticeKind
    source: str
    doi: str = ""
    date: PartialDate | None = None
    record_id: str = ""
    label: str = ""


class RelationKind(StrEnum):
    """How the work stands to another DOI."""

    IS_PREPRINT_OF = "is-preprint-of"
    HAS_PREPRINT = "has-preprint"
    NEW_VERSION = "new-version"
    """The other DOI is a newer version of this work."""
    PREVIOUS_VERSION = "previous-version"
    IS_NOTICE_OF = "is-notice-of"
    """This record is itself a notice about the other DOI."""


@dataclass(frozen=True, slots=True)
class Relation:
    """A link to another DOI. `label` is the notice kind for IS_NOTICE_OF."""

    kind: RelationKind
    doi: str
    source: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """One record of the lock. `key` is the bibliography key; empty strings and tuples mean not stated.

    `editors` and `publisher` are for writing a new entry, and are not kept in the lock.
    """

    key: str
    state: State
    sources: tuple[Source, ...] = ()
    asked: str = ""
    answered: str = ""
    agency: str = ""
    pmid: str = ""
    title: str = ""
    subtitle: str = ""
    other_titles: tuple[str, ...] = ()
    authors: tuple[Name, ...] = ()
    editors: tuple[Name, ...] = ()
    containers: tuple[str, ...] = ()
    issn: tuple[str, ...] = ()
    publisher: str = ""
    type: str = ""
    issued: PartialDate | None = None
    print: PartialDate | None = None
    online: PartialDate | None = None
    volume: str = ""
    issue: str = ""
    pages: str = ""
    article_number: str = ""
    publication_types: tuple[str, ...] = ()
    mesh: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    relations: tuple[Relation, ...] = ()
    abstract_sha256: str = ""

    @property
    def checked_on(self) -> date | None:
        """The oldest of the sources' dates, or None without a source."""
        return min((source.checked_on for source in self.sources), default=None)

    @property
    def is_transcribed(self) -> bool:
        """Whether a person typed it and no registry has confirmed it."""
        return bool(self.sources) and all(source.name == "transcribed" for source in self.sources)

    @property
    def years(self) -> tuple[int, ...]:
        """The years the work may be dated by (issued, print, online), ascending, without repeats."""
        return tuple(sorted({day.year for day in (self.issued, self.print, self.online) if day is not None}))
