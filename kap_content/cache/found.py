"""What rules found and noted, as JSON and back: reading it runs nothing.

Places in claims files and bibliographies are kept relative to the claim or entry that they belong to.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import cast

from kap_content.cache.facts import Anchors
from kap_content.cache.plain import Plain, codec, dumped
from kap_content.rules._rule import Hit

_PLACE, _RELATED = 0, 5  # of the fields of a hit


def written_hits(found: Iterable[tuple[str, Hit]], anchors: Anchors) -> str:
    """What was found, each with its rule's code."""
    rows = []
    for code, hit in found:
        plain = cast("list[Plain]", codec(Hit).write(hit))
        plain[_PLACE] = _anchored(plain[_PLACE], anchors)
        plain[_RELATED] = [
            [_anchored(place, anchors), said] for place, said in cast("list[list[Plain]]", plain[_RELATED])
        ]
        rows.append([code, plain])
    return dumped(rows)


def hits_of(row: str, anchors: Anchors) -> dict[str, list[Hit]]:
    """What was found, by the rule's code; `KeyError` where a claim or entry that it points to is gone."""
    read = codec(Hit).read
    found: dict[str, list[Hit]] = {}
    for code, plain in json.loads(row):
        plain[_PLACE] = _placed(plain[_PLACE], anchors)
        plain[_RELATED] = [[_placed(place, anchors), said] for place, said in plain[_RELATED]]
        found.setdefault(code, []).append(read(plain))
    return found


def _anchored(place: Plain, anchors: Anchors) -> list[Plain]:
    """`[path, line, column, lines more, end column, name]`: the line is counted from the claim or entry so named."""
    path, line, column, end_line, end_column = cast("tuple[str, int, int, int, int]", place)
    name, below = anchors.of(path, line)
    return [path, below, column, end_line - line, end_column, name]


def _placed(place: list[Plain], anchors: Anchors) -> list[Plain]:
    path, below, column, more, end_column, name = cast("tuple[str, int, int, int, int, str]", tuple(place))
    line = anchors.line(path, name, below)
    return [path, line, column, line + more, end_column]
