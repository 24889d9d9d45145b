"""How a look-up ends: four states, each a value. Silence never reads as approval."""

from __future__ import annotations

from dataclasses import dataclass

from kap_content.model.record import Record


@dataclass(frozen=True, slots=True)
class Found:
    """The registry holds the work. The record has no key yet; `abstract` is plain text or empty."""

    record: Record
    abstract: str = ""


@dataclass(frozen=True, slots=True)
class Absent:
    """The authority said that the identifier does not exist."""

    authority: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """It exists with another registration agency, which gives no description that we could read."""

    agency: str


@dataclass(frozen=True, slots=True)
class Unchecked:
    """No answer: offline, refused, out of time, garbage. `reason` is for the user's eyes."""

    reason: str


Lookup = Found | Absent | Elsewhere | Unchecked


@dataclass(frozen=True, slots=True)
class Listed:
    """The answer to a list query, by the identifier asked. Whoever is not in it is merely not *there*."""

    found: dict[str, Found]


@dataclass(frozen=True, slots=True)
class Refused:
    """The registry understood, and will not have this query (HTTP 400): ask for fewer, or one by one."""

    reason: str


Listing = Listed | Refused | Unchecked
