"""The baseline file: findings that an old site lives with while it is being mended.

JSON with one finding a line, sorted, so that a difference shows the findings that came or went and nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import islice

from kap_content.model.errors import ProjectError
from kap_content.model.known import Known
from kap_content.model.place import Place
from kap_content.startup.regex import regex

VERSION = 1
NEVER = frozenset({"STS001", "DOI002"})
"""Codes that no baseline hides: a page must not go on resting on a retracted work, or on one that does not exist."""

_FIELDS = ("code", "path", "fingerprint", "message")
_LIST = regex(r'"findings"\s*:\s*\[')
_ANEW = "Mend it, or delete the file and run `kap baseline write` again."


def dump_baseline(entries: Iterable[Known]) -> str:
    """The text of a baseline: the same findings give the same bytes, whatever their order."""
    lines = [
        json.dumps({name: getattr(entry, name) for name in _FIELDS}, ensure_ascii=False)
        for entry in sorted(set(entries))
        if entry.code not in NEVER
    ]
    inner = ",".join(f"\n    {line}" for line in lines)
    return f'{{\n  "version": {VERSION},\n  "findings": [{inner}{chr(10) + "  " if inner else ""}]\n}}\n'


def parse_baseline(path: str, source: str) -> tuple[Known, ...]:
    """Read a baseline; a `ProjectError` with the place for what is none. Codes that none may hide are left out."""
    try:
        data = json.loads(source.removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        place = Place(path, error.lineno, error.colno)
        raise ProjectError(f"this baseline is no JSON: {error.msg[:1].lower()}{error.msg[1:]}", place, _ANEW) from None
    except RecursionError:
        raise ProjectError("this is no baseline: brackets stand too deep in each other", Place(path), _ANEW) from None
    if not isinstance(data, dict) or not isinstance(data.get("findings"), list):
        raise ProjectError("this is no baseline: it has no list “findings”", Place(path), _ANEW)
    if data.get("version") != VERSION:
        message = f"this baseline is of version {data.get('version')!r}; this kap reads version {VERSION}"
        raise ProjectError(message, Place(path), _ANEW)
    found = []
    for number, item in enumerate(data["findings"]):
        entry = _entry(item)
        if isinstance(entry, str):
            raise ProjectError(f"entry {number + 1} of this baseline {entry}", _place(path, source, number), _ANEW)
        if entry.code not in NEVER:
            found.append(entry)
    return tuple(found)


def _entry(item: object) -> Known | str:
    """The entry, or what is wrong with it."""
    if not isinstance(item, dict):
        return "is no object"
    unknown = sorted(set(item) - set(_FIELDS))
    if unknown:
        return f"has an unknown field “{unknown[0]}”"
    for name in _FIELDS[:3]:
        if not isinstance(item.get(name), str) or not item[name]:
            return f"lacks “{name}”" if name not in item else f"has no text as “{name}”"
    message = item.get("message", "")
    if not isinstance(message, str):
        return "has no text as “message”"
    return Known(item["path"], item["code"], item["fingerprint"], message)


def _place(path: str, source: str, number: int) -> Place:
    """Where the entry with this number begins. The text is known to be JSON."""
    match = _LIST.search(source)
    starts = _starts(source, match.end()) if match else iter(())
    offset = next(islice(starts, number, None), 0)
    return Place(path, source.count("\n", 0, offset) + 1, offset - source.rfind("\n", 0, offset))


def _starts(source: str, offset: int) -> Iterable[int]:
    decoder = json.JSONDecoder()
    while True:
        while source[offset] in " \t\r\n,":
            offset += 1
        if source[offset] == "]":
            return
        yield offset
        _, offset = decoder.raw_decode(source, offset)
