"""A record, and what else the lock's JSON holds, both ways. Dates are `2017`, `2017-10` or `2017-10-05`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from kap_content.model.dates import PartialDate
from kap_content.model.lock import FoundIn, FoundQuote, FoundQuotes, Review, TopicAnswer
from kap_content.model.record import Notice, NoticeKind, Record, Relation, RelationKind, Source, State
from kap_content.model.reference import Name

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)
_Reader = Callable[[object], object]

Written = dict[str, "str | list[str | Mapping[str, str]]"]


class Malformed(Exception):  # noqa: N818 - it becomes a problem, never an error that a user sees
    """Why a value is no record."""


def written_record(record: Record) -> Written:
    """The record's fields that are not empty, by name in alphabetical order, as strings and lists."""
    written: Written = {}
    for name in sorted(_RECORD):
        value = getattr(record, name)
        if isinstance(value, tuple):
            if value:
                written[name] = [_part(item) if is_dataclass(item) else str(item) for item in value]
        elif value:
            written[name] = str(value)
    return written


def written_quotes(quotes: FoundQuotes) -> Written:
    """The quotations found in a source, as `written_record` gives a record."""
    written: Written = {"asked": quotes.asked} if quotes.asked else {}
    return (written | {"found": [_part(item) for item in sorted(quotes.found)]}) if quotes.found else written


def written_topic(answer: TopicAnswer) -> Written:
    """The answer on a topic, as `written_record` gives a record."""
    written: Written = {"checked_on": str(answer.checked_on), "query": answer.query}
    return (written | {"reviews": [_part(review) for review in answer.reviews]}) if answer.reviews else written


def _part(item: object) -> dict[str, str]:
    assert is_dataclass(item)
    values = sorted((field.name, getattr(item, field.name)) for field in fields(item))
    return {name: str(value) for name, value in values if value}


def read_record(key: str, value: object) -> Record:
    """The record of `key`; raises `Malformed` where a field is unknown or of a wrong type."""
    given = _mapping(value, _RECORD)
    if "state" not in given:
        raise Malformed("it has no “state”")
    if given["state"] is State.UNCHECKED:
        raise Malformed("its state is “unchecked”, which is never stored")
    return Record(key=key, **given)  # type: ignore[arg-type] # the readers of _RECORD give each field its type


def read_quotes(value: object) -> FoundQuotes:
    """The quotations found in a source; raises `Malformed`."""
    return _made(FoundQuotes, _QUOTES)(value)


def read_topic(value: object) -> TopicAnswer:
    """The answer on a topic; raises `Malformed`."""
    return _made(TopicAnswer, _TOPIC)(value)


def _mapping(value: object, readers: Mapping[str, _Reader]) -> dict[str, object]:
    if not isinstance(value, dict):
        raise Malformed("it is no mapping in braces")
    given = {}
    for name, item in value.items():
        reader = readers.get(name)
        if reader is None:
            raise Malformed(f"“{name}” is no field of it")
        try:
            given[name] = reader(item)
        except Malformed as error:
            raise Malformed(f"“{name}”: {error}") from None
    return given


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise Malformed("text in double quotes is wanted")
    return value


def _listed(reader: Callable[[object], T]) -> Callable[[object], tuple[T, ...]]:
    def read(value: object) -> tuple[T, ...]:
        if not isinstance(value, list):
            raise Malformed("a list in brackets is wanted")
        return tuple(reader(item) for item in value)

    return read


def _member(members: type[E]) -> Callable[[object], E]:
    def read(value: object) -> E:
        try:
            return members(_text(value))
        except ValueError:
            raise Malformed(f"“{value}” is none of {', '.join(members)}") from None

    return read


def _day(value: object) -> date:
    try:
        return date.fromisoformat(_text(value))
    except ValueError:
        raise Malformed(f"“{value}” is no date as YYYY-MM-DD") from None


def _partial_date(value: object) -> PartialDate:
    day = PartialDate.parse(_text(value))
    if day is None:
        raise Malformed(f"“{value}” is no date")
    return day


def _made(kind: Callable[..., T], readers: Mapping[str, _Reader]) -> Callable[[object], T]:
    wanted = [
        field.name
        for field in fields(kind)  # type: ignore[arg-type] # the callables given here are dataclasses
        if field.default is MISSING and field.default_factory is MISSING
    ]

    def read(value: object) -> T:
        given = _mapping(value, readers)
        for name in wanted:
            if name not in given:
                raise Malformed(f"“{name}” is missing")
        return kind(**given)

    return read


_NAME: dict[str, _Reader] = dict.fromkeys(("family", "given", "particle", "suffix", "literal"), _text)
_NOTICE: dict[str, _Reader] = {
    "kind": _member(NoticeKind),
    "source": _text,
    "doi": _text,
    "date": _partial_date,
    "record_id": _text,
    "label": _text,
}
_RELATION: dict[str, _Reader] = {"kind": _member(RelationKind), "doi": _text, "source": _text, "label": _text}
_RECORD: dict[str, _Reader] = {
    **dict.fromkeys(
        (
            "asked",
            "answered",
            "agency",
            "pmid",
            "title",
            "subtitle",
            "type",
            "volume",
            "issue",
            "pages",
            "article_number",
            "abstract_sha256",
        ),
        _text,
    ),
    **dict.fromkeys(
        ("other_titles", "containers", "issn", "publication_types", "mesh", "keywords"),
        _listed(_text),
    ),
    **dict.fromkeys(("issued", "print", "online"), _partial_date),
    "state": _member(State),
    "sources": _listed(_made(Source, {"name": _text, "checked_on": _day})),
    "authors": _listed(_made(Name, _NAME)),
    "notices": _listed(_made(Notice, _NOTICE)),
    "relations": _listed(_made(Relation, _RELATION)),
}
_QUOTES: dict[str, _Reader] = {
    "asked": _text,
    "found": _listed(_made(FoundQuote, {"sha256": _text, "found_in": _member(FoundIn)})),
}
_REVIEW: dict[str, _Reader] = {**dict.fromkeys(("pmid", "title", "doi", "year"), _text), "entered": _day}
_TOPIC: dict[str, _Reader] = {"query": _text, "checked_on": _day, "reviews": _listed(_made(Review, _REVIEW))}
