"""One record out of what several registries said. Pure.

The agency that registered the DOI describes the work; PubMed adds what only it knows and fills what is blank.
Notices are united, each with its source and its own kind. What a source said earlier is kept for as long as
that source does not answer: silence takes no retraction back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from kap_content.model.record import Notice, Record, Relation, Source, State
from kap_content.registries._answer import Absent, Elsewhere, Found
from kap_content.registries._text import unique
from kap_content.works.abstracts import abstract_sha256

T = TypeVar("T")

AGENCY_SOURCES = {"crossref": "crossref", "datacite": "datacite", "pubmed": "pubmed"}
LASTING = frozenset({"pubmed", "retraction-watch", "biorxiv"})
"""Sources beside the agency: what they said stands until they answer anew."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was learned of one identifier. None means that the source was not asked or did not answer.

    `primary` is the agency's answer, or an earlier record that still holds; `pubmed` is empty where PubMed
    answered that it has no such record.
    """

    primary: Found | Absent | Elsewhere
    pubmed: tuple[Found, ...] | None = None
    relations: tuple[Relation, ...] = ()
    asked_biorxiv: bool = False
    retraction_watch: tuple[Notice, ...] | None = None
    abstract: str = ""


def merge(key: str, asked: str, evidence: Evidence, today: date, previous: Record | None = None) -> tuple[Record, str]:
    """The record for `key`, and its abstract (empty where none was given anew)."""
    primary = evidence.primary
    if isinstance(primary, Absent):
        return Record(key, State.ABSENT, (Source("doi", today),), asked=asked), ""
    if isinstance(primary, Elsewhere):
        record = Record(
            key, State.ELSEWHERE, (Source("doi", today),), asked=asked, answered=asked, agency=primary.agency
        )
        return _with_retraction_watch(record, evidence.retraction_watch, today), ""
    record, abstract = primary.record, primary.abstract
    if not record.sources:
        record = replace(record, sources=(Source(AGENCY_SOURCES.get(record.agency, "doi"), today),))
    record = replace(record, key=key, asked=asked)
    answered = {"biorxiv"} if evidence.asked_biorxiv else set()
    if evidence.pubmed is not None:
        answered.add("pubmed")
        record = _dated(_without(record, "pubmed"), "pubmed", today)
        for found in evidence.pubmed[:1]:
            record = with_pubmed(record, found.record)
            abstract = found.abstract or abstract
    abstract = abstract or evidence.abstract
    record = replace(record, relations=_united(record.relations, evidence.relations))
    if abstract:
        record = replace(record, abstract_sha256=abstract_sha256(abstract))
    if previous is not None and previous.state is State.FOUND and previous.asked == asked:
        record = _kept(record, previous, answered)
    return _with_retraction_watch(record, evidence.retraction_watch, today), abstract


def with_pubmed(record: Record, other: Record) -> Record:
    """`record` with what PubMed adds."""
    titles = (*record.other_titles, *(title for title in (other.title, *other.other_titles) if title != record.title))
    return replace(
        record,
        pmid=other.pmid,
        title=record.title or other.title,
        other_titles=unique(titles),
        authors=record.authors or other.authors,
        containers=unique((*record.containers, *other.containers)),
        issn=unique((*record.issn, *other.issn)),
        type=record.type or other.type,
        issued=record.issued or other.issued,
        print=record.print or other.print,
        online=record.online or other.online,
        volume=record.volume or other.volume,
        issue=record.issue or other.issue,
        pages=record.pages or other.pages,
        publication_types=other.publication_types,
        mesh=other.mesh,
        keywords=unique((*record.keywords, *other.keywords)),
        notices=_united(record.notices, other.notices),
        relations=_united(record.relations, other.relations),
    )


def refreshed(record: Record, notices: tuple[Notice, ...] | None) -> Record:
    """A record that is still fresh, with what the Retraction Watch file says of it by now; itself if nothing new."""
    return replace(record, notices=_with_file(record.notices, notices)) if notices is not None else record


def _with_retraction_watch(record: Record, notices: tuple[Notice, ...] | None, today: date) -> Record:
    if notices is None:
        return record
    return _dated(replace(record, notices=_with_file(record.notices, notices)), "retraction-watch", today)


def _with_file(known: tuple[Notice, ...], file: tuple[Notice, ...]) -> tuple[Notice, ...]:
    """The file's rows take the place of what it, or Crossref on its behalf, said of the same rows before."""
    rows = {(notice.record_id, notice.kind) for notice in file if notice.record_id}
    others = (n for n in known if n.source != "retraction-watch" or (n.record_id, n.kind) not in rows)
    return _united(tuple(others), file)


def _kept(record: Record, previous: Record, answered: set[str]) -> Record:
    """`record` with what silent sources said before."""
    silent = LASTING - answered
    notices = tuple(notice for notice in previous.notices if notice.source in silent)
    relations = tuple(link for link in previous.relations if link.source in silent)
    record = replace(
        record,
        notices=_with_file(record.notices, notices) if notices else record.notices,
        relations=_united(record.relations, relations),
        abstract_sha256=record.abstract_sha256 or previous.abstract_sha256,
    )
    if "pubmed" in answered or not previous.pmid:
        return record
    return replace(
        record,
        pmid=record.pmid or previous.pmid,
        other_titles=unique((*record.other_titles, *(t for t in previous.other_titles if t != record.title))),
        containers=unique((*record.containers, *previous.containers)),
        issn=unique((*record.issn, *previous.issn)),
        publication_types=record.publication_types or previous.publication_types,
        mesh=record.mesh or previous.mesh,
        keywords=unique((*record.keywords, *previous.keywords)),
    )


def _without(record: Record, source: str) -> Record:
    """`record` without the notices and links of one source, which has just answered anew."""
    return replace(
        record,
        notices=tuple(notice for notice in record.notices if notice.source != source),
        relations=tuple(link for link in record.relations if link.source != source),
    )


def _dated(record: Record, name: str, today: date) -> Record:
    others = (source for source in record.sources if source.name != name)
    return replace(record, sources=(*others, Source(name, today)))


def _united(one: Iterable[T], two: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys((*one, *two)))
