"""What was edited in a claims file or bibliography, found by parsing no more than the blocks that are not as they were.

That these lines say by themselves what they say in the whole file is not taken on trust. A reader that stands where a
claim begins knows nothing else of the lines above than how far they are indented; so lines that begin where one began
and are indented alike, that parse without a fault, and that are followed by such a line, are read in the whole file as
they are read alone. An entry of a bibliography depends on others by macros and cross-references: a file with these
is read as a whole, as is all else that is in doubt (`LooksFurther`).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeVar

from kap_content.cache.blocks import Block, Window, window
from kap_content.cache.facts import INHERITING, begin_of
from kap_content.cache.lazy import Lazy
from kap_content.cache.links import CLAIM
from kap_content.cache.plain import Codec, dumped
from kap_content.cache.snapshot import Snapshot
from kap_content.cache.watch import LooksFurther
from kap_content.language.quotes import unvouched
from kap_content.model.claim import Claim
from kap_content.model.finding import Problem
from kap_content.model.reference import Reference
from kap_content.rules._rule import Scope
from kap_content.works.doi import normalise_doi
from kap_content.works.identifiers import asked_as, pmid_of

T = TypeVar("T")

_MACRO = re.compile(r"@\s*(?:string\b|\w+\s*\()", re.IGNORECASE)
_ENTRY = re.compile(r"@\w+\s*\{")


@dataclass(frozen=True, slots=True)
class Edit:
    """A claim or an entry that has become another, came (`before` is None) or went (`now` is None)."""

    scope: Scope
    name: str
    before: Claim | Reference | None
    now: Claim | Reference | None


def depends_on_others(text: str) -> bool:
    """Whether entries of a bibliography may say something else when others are edited, cross-references aside."""
    return _MACRO.search(text) is not None


def edits(path: str, text: str, snapshot: Snapshot, lazy: Lazy) -> list[Edit]:
    """The edits of a data file that has this text now; what the snapshot says of places follows them."""
    blocks = lazy.places.blocks(path)
    changed = window(blocks, text)
    if changed is None:
        return []
    names = lazy.places.names(path, blocks[changed.first : changed.last])
    if not changed.first or not names:  # what stands above all
        raise LooksFurther(path)
    scope = _scope(names[0])
    now = read_part(scope, path, text, blocks, changed)
    begins = [begin_of(item) for item in now]
    if any(map(lazy.places.knows, {begin.name for begin in begins}.difference(names))):
        raise LooksFurther(path)
    things = lazy.things(scope)
    codec: Codec[Any] = lazy.codecs.of(Claim) if scope is Scope.CLAIM else lazy.codecs.of(Reference)
    kept = {name[1:]: snapshot.thing(things.kind, name[1:]) for name in names}
    before = {name: codec.read(plain) for name, plain in kept.items()}
    numbers = _numbers(path, changed, [begin.name for begin in begins], lazy)
    lazy.places.edit(path, changed, text[changed.start : changed.end], begins)
    found = []
    for begin, item, number in zip(begins, now, numbers, strict=True):
        name = begin.name[1:]
        if name not in kept or json.loads(dumped(codec.write(item))) != kept[name]:
            found.append(Edit(scope, name, before.get(name), item))
            things.put(name, item, number)
    for name in before.keys() - {begin.name[1:] for begin in begins}:
        found.append(Edit(scope, name, before[name], None))
        things.remove(name)
    for edit in found:
        _require_alike(edit, lazy)
    return found


def read_part(
    scope: Scope, path: str, text: str, blocks: Sequence[Block], changed: Window
) -> Sequence[Claim | Reference]:
    """The claims or entries that a window of a file's text holds now; `blocks` are those of the text as it was."""
    start, end = changed.start, changed.end
    if _last(text, start) == "@":  # it would make the head of an entry with what follows
        raise LooksFurther(path)
    if start == end:
        if (changed.first, changed.last) == (1, len(blocks)):  # none is left
            raise LooksFurther(path)
        return ()
    neighbours = [_line(text, end)] if end < len(text) else []
    if changed.first > 1:
        neighbours.append(_line(text, start - blocks[changed.first - 1].size))
    read = _claims if scope is Scope.CLAIM else _entries
    found: Sequence[Claim | Reference] = read(path, text[start:end], changed.line, neighbours)
    lines = [begin_of(item).line for item in found]
    if lines[:1] != [changed.line] or not all(one < other for one, other in pairwise(lines)):
        raise LooksFurther(path)
    return found


def _last(text: str, end: int) -> str:
    """The last character before `end` that is no white space."""
    while end and text[end - 1].isspace():
        end -= 1
    return text[end - 1 : end]


def _line(text: str, start: int) -> str:
    end = text.find("\n", start)
    return text[start : len(text) if end < 0 else end]


def _numbers(path: str, changed: Window, names: list[str], lazy: Lazy) -> list[float]:
    """Where in the order of all the claims or entries stand that a window holds now."""
    blocks, places = lazy.places.blocks(path), lazy.places
    old = places.names(path, blocks[changed.first : changed.last])
    above = places.names(path, blocks[changed.first - 1 : changed.first])[-1:] or [""]
    below = places.names(path, blocks[changed.last : changed.last + 1])[:1] or [""]
    things = lazy.things(_scope(old[0]))
    neighbours = {*above, *old, *below}
    known = [things.number(name[1:]) if name in neighbours and name else None for name in (*above, *names, *below)]
    found = [number for number in known if number is not None]
    first = known[0] if known[0] is not None else math.ceil(min(found)) - 1
    last = known[-1] if known[-1] is not None else math.floor(max(found)) + 1
    numbers = [first]
    for index, number in enumerate(known[1:-1], 1):
        following = next((other for other in known[index:-1] if other is not None), last)
        numbers.append((numbers[-1] + following) / 2 if number is None else number)
    if not all(one < other for one, other in pairwise(numbers)):  # they changed places, or there is no room left
        raise LooksFurther(path)
    return numbers[1:]


def _scope(name: str) -> Scope:
    """Whether a name among all is that of a claim or of an entry."""
    return Scope.CLAIM if name.startswith(CLAIM[0]) else Scope.REFERENCE


def _claims(path: str, part: str, line: int, neighbours: list[str]) -> tuple[Claim, ...]:
    if not _stands_alone(part, neighbours):
        raise LooksFurther(path)
    from kap_content.load.claims import parse_part

    return _whole(*parse_part(path, part, line))


def _stands_alone(part: str, neighbours: Iterable[str]) -> bool:
    """Whether lines of a claims file are whole items of its list, or entries of its mapping, as the neighbours are."""
    lines = part.split("\n")
    margin, is_item = _margin(lines[0]), lines[0].lstrip(" ").startswith("-")
    if not (margin or is_item):
        return False
    if any((_margin(line), line.lstrip(" ").startswith("-")) != (margin, is_item) for line in neighbours):
        return False
    filled = (line for line in lines if line.strip() and not line.lstrip().startswith("#"))
    edges = [line for line in filled if _margin(line) <= margin]
    return all(_margin(line) == margin and (line[margin] == "-" or not is_item) for line in edges)


def _margin(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _entries(path: str, part: str, line: int, neighbours: list[str]) -> tuple[Reference, ...]:
    if depends_on_others(part) or not all(map(_ENTRY.match, (part, *neighbours))) or "@" in part[part.rfind("}") :]:
        raise LooksFurther(path)
    from kap_content.load.bib import parse_bib

    entries = _whole(*parse_bib(path, "\n" * (line - 1) + part))
    if any(INHERITING & entry.raw.keys() for entry in entries):
        raise LooksFurther(path)
    return entries


def _whole(things: tuple[T, ...], problems: tuple[Problem, ...]) -> tuple[T, ...]:
    if problems:
        raise LooksFurther(problems[0].place.path)
    return things


def _require_alike(edit: Edit, lazy: Lazy) -> None:
    """That nothing else becomes another because of an edit: which full texts are read, and which records answer."""
    either = (edit.before, edit.now)
    if edit.scope is Scope.CLAIM:
        quotes = lazy.context.project.quotes
        before, now = (unvouched([each] if isinstance(each, Claim) else [], quotes) for each in either)
        is_alike = before == now
    else:
        first, *others = (_identifiers(each) if isinstance(each, Reference) else None for each in either)
        is_alike = first is not None and others == [first]
    if not is_alike:
        raise LooksFurther(edit.name)


def _identifiers(reference: Reference) -> tuple[str, ...]:
    return asked_as(reference), normalise_doi(reference.get("doi")), pmid_of(reference)
