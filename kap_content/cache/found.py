"""What rules found, and what it was found on, as JSON and back: reading it runs nothing.

Places in claims files and bibliographies are kept relative to the claim or entry that they stand in: what is kept of
one holds when lines above it come and go.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import fields, replace
from typing import Protocol, cast

from kap_content.cache.plain import Codec, Codecs, Plain, dumped
from kap_content.model.claim import Claim
from kap_content.model.place import Place
from kap_content.rules._rule import Hit

_FIRST_LINE = [field.name for field in fields(Claim)].index("first_line")


class Anchored(Protocol):
    """Which claim or entry a line of a file belongs to, and where it begins: `facts.Anchors`, and what is like it."""

    def of(self, path: str, line: int) -> tuple[str, int]:
        """The name of the claim or entry, and how far below its beginning; without one `""` and the line."""

    def line(self, path: str, name: str, below: int) -> int:
        """The line so far below; `KeyError` where there is none of this name any more."""


def codecs_by(anchors: Anchored) -> Codecs:
    """Codecs that write places relative to the claims and entries that they stand in."""
    codecs = Codecs({Place: Codec(lambda place: _written(place, anchors), lambda plain: _read(plain, anchors))})
    codecs.put(Claim, _movable(codecs.of(Claim)))
    return codecs


def _movable(codec: Codec[Claim]) -> Codec[Claim]:
    """A codec of claims that writes the line on which one begins relative to its place."""

    def write(claim: Claim) -> Plain:
        plain = cast("list[Plain]", codec.write(claim))
        plain[_FIRST_LINE] = claim.first_line - claim.place.line
        return plain

    def read(plain: Plain) -> Claim:
        claim = codec.read(plain)
        return replace(claim, first_line=claim.first_line + claim.place.line)

    return Codec(write, read)


def _written(place: Place, anchors: Anchored) -> Plain:
    name, below = anchors.of(place.path, place.line)
    return [place.path, below, place.column, place.end_line - place.line, place.end_column, name]


def _read(plain: Plain, anchors: Anchored) -> Place:
    path, below, column, more, end_column, name = cast("tuple[str, int, int, int, int, str]", plain)
    line = anchors.line(path, name, below)
    return Place(path, line, column, line + more, end_column)


def written_hits(found: Iterable[tuple[str, Hit]], codecs: Codecs) -> str:
    """What was found, each with its rule's code."""
    write = codecs.of(Hit).write
    return dumped([[code, write(hit)] for code, hit in found])


def hits_of(row: str, codecs: Codecs) -> dict[str, list[Hit]]:
    """What was found, by the rule's code; `KeyError` where a claim or entry that it points to is gone."""
    read = codecs.of(Hit).read
    found: dict[str, list[Hit]] = {}
    for code, plain in json.loads(row):
        found.setdefault(code, []).append(read(plain))
    return found
