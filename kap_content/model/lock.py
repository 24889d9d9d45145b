"""What `references.lock` holds: the registries' records, quotations that were found in a source, newer reviews."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from kap_content.model.record import Record


class FoundIn(StrEnum):
    """Where a quotation was found."""

    ABSTRACT = "abstract"
    FULL_TEXT = "full text"


@dataclass(frozen=True, slots=True, order=True)
class FoundQuote:
    """A quotation that was found in its source: the hash of its normalised text, and where."""

    sha256: str
    found_in: FoundIn


@dataclass(frozen=True, slots=True)
class FoundQuotes:
    """The quotations found in one source; `asked` is the DOI or PMID that its entry had then, or empty."""

    asked: str = ""
    found: tuple[FoundQuote, ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """A systematic review; `entered` is the day on which PubMed took it up."""

    pmid: str
    entered: date
    title: str = ""
    doi: str = ""
    year: str = ""


@dataclass(frozen=True, slots=True)
class TopicAnswer:
    """What PubMed answered to a topic's `query` (which holds the day since when): the newest reviews first."""

    query: str
    checked_on: date
    reviews: tuple[Review, ...] = ()


@dataclass(frozen=True, slots=True)
class Lock:
    """All of the lock: records and found quotations by bibliography key, answers by topic."""

    records: Mapping[str, Record] = field(default_factory=dict)
    quotes: Mapping[str, FoundQuotes] = field(default_factory=dict)
    topics: Mapping[str, TopicAnswer] = field(default_factory=dict)
