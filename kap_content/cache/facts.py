"""What things are like now, as digests: whoever noted what was looked at compares them later.

A digest of a claim or an entry says nothing of where it stands in its file: lines above it may come and go. Places in
what was found are kept relative to the claim or entry that they stand in (`Anchors`), and so are moved with it.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from kap_content.cache.known import written_outline
from kap_content.cache.plain import dumped
from kap_content.load.lines import LinesOf
from kap_content.model.claim import Claim, Evidence
from kap_content.model.page import Page
from kap_content.model.place import Place
from kap_content.model.project import Context, Index
from kap_content.model.reference import Reference

Note = tuple[str, str]
"""What was looked at: the kind of thing, and its name."""

ALL = "*"
"""The name that stands for all things of a kind; no id or key is so short and odd that it matters which."""
RELEASE: Note = ("release", "")
BY_NAME = {
    "records": "record",
    "abstracts": "abstract",
    "quotes": "quote",
    "full_texts": "full text",
    "topics": "topic",
}
"""The fields of a project whose values are looked up by name, and the kind under which that is noted."""
FIGURE_DATA = "figure data"
"""What is noted of a page whose figures are drawn from data files, under its path."""
WHOLE = frozenset({"claim", "reference", "record"})
"""The kinds of which all may be looked through: by their files one sees whether anything is another."""
INDEX = "index "
"""What the kinds of what stands in indexes begin with."""
_PACKAGE = f"{__name__.partition('.')[0]}."

V = TypeVar("V")


def read_notes(noted: str) -> list[Note]:
    """Notes that were written as JSON."""
    return [(kind, name) for kind, name in json.loads(noted)]


def index_kind(index: Index[V]) -> str:
    """The kind of what stands in an index."""
    return f"{INDEX}{index.name}"


@cache
def index_of(kind: str) -> Index[object]:
    """The index of the kind. A row can name nothing but an index of the package; `KeyError` where it does."""
    module, _, name = kind.removeprefix(INDEX).partition(":")
    found = getattr(import_module(module), name, None) if module.startswith(_PACKAGE) else None
    if not isinstance(found, Index):
        raise KeyError(kind)
    return found


@dataclass(frozen=True, slots=True)
class Texts:
    """The data files as they are: by kind (`claim`, `reference`, `record`) a hash of all of the kind.

    `texts` are those of claims and entries by their paths, `bibliographies` the paths of those in which entries, or the
    macros that they use, can stand.
    """

    hashes: Mapping[str, str]
    texts: Mapping[str, str]
    bibliographies: tuple[str, ...] = ()
    _lines: dict[str, LinesOf] = field(default_factory=dict, compare=False, repr=False)

    def lines(self, path: str) -> LinesOf:
        """The lines of a data file, counted once for all who compare."""
        if path not in self._lines:
            self._lines[path] = LinesOf(self.texts[path])
        return self._lines[path]


class Begin(NamedTuple):
    """The line of a file on which a claim or an entry begins, and its name among all claims and entries."""

    line: int
    name: str


class Anchors:
    """Where claims and entries begin in their files, and which of them a line belongs to."""

    def __init__(self, context: Context) -> None:
        # Of several with one name each is told by its number.
        begins: dict[str, dict[int, str]] = {}
        counts: Counter[str] = Counter()
        things: tuple[Claim | Reference, ...] = (*context.project.claims, *context.project.references)
        for thing in things:
            line, name = begin_of(thing)
            named = f"{name}\0{counts[name]}" if counts[name] else name
            begins.setdefault(thing.place.path, {}).setdefault(line, named)
            counts[name] += 1
        self._lines = {path: sorted(found) for path, found in begins.items()}
        self._names = {path: [found[line] for line in self._lines[path]] for path, found in begins.items()}
        self._begin = {path: {name: line for line, name in found.items()} for path, found in begins.items()}

    def begins(self, path: str) -> list[Begin]:
        """Where something begins in a file, in the order of its lines."""
        return list(map(Begin, self._lines.get(path, ()), self._names.get(path, ())))

    def of(self, path: str, line: int) -> tuple[str, int]:
        """The claim or entry that a line belongs to, and how far below its beginning; without one `""` and the line."""
        lines = self._lines.get(path, ())
        index = bisect_right(lines, line) - 1
        return (self._names[path][index], line - lines[index]) if index >= 0 else ("", line)

    def line(self, path: str, name: str, below: int) -> int:
        """The line that is so far below the beginning of a claim or entry; `KeyError` where there is none any more."""
        return self._begin[path][name] + below if name else below

    def lines(self, path: str, line: int, text: Sequence[str]) -> Sequence[str]:
        """Of a file's `text`, the lines of a claim or entry from its first up to those of the next one.

        The next one's first line may be shared; it is not by items of a list that each begin on a line of their own.
        """
        begins = self._lines[path]
        index = bisect_right(begins, line)
        if index == len(begins):
            return text[line - 1 :]
        following = begins[index]
        indents = {len(text[number - 1]) - len(text[number - 1].lstrip(" ")) for number in (line, following)}
        are_items = all(text[number - 1].lstrip(" ").startswith("- ") for number in (line, following))
        return text[line - 1 : following - (are_items and len(indents) == 1)]


def begin_of(thing: Claim | Reference) -> Begin:
    """Where a claim or entry begins in its file, and what it is called among all of them."""
    if isinstance(thing, Claim):
        return Begin(first_line(thing), f"c{thing.id}")
    return Begin(thing.place.line, f"r{thing.key}")


def first_line(claim: Claim) -> int:
    """The line on which the claim begins in its file."""
    return claim.first_line or claim.place.line


class Facts:
    """Digests of what is in `context`, each made when it is asked for.

    `figure_data` gives the data of a page's figures by its path; `outlines` are the outlines (JSON) of some pages.
    """

    def __init__(
        self,
        context: Context,
        texts: Texts,
        figure_data: Callable[[str], object] | None = None,
        outlines: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._of = context
        self._texts = texts
        self._figure_data = figure_data
        self._outlines = outlines
        self._shown: dict[str, str] = {}
        self.anchors = Anchors(context)
        self._known: dict[Note, bytes] = {}

    def digest(self, notes: list[Note]) -> str:
        """A hash of what the things noted are like. It changes when any of them does."""
        whole = hashlib.blake2b(digest_size=16)
        for note in notes:
            known = self._known.get(note)
            if known is None:
                text = f"{note[0]}\0{note[1]}\0{self._words(*note)}"
                known = self._known[note] = _hashed(text)
            whole.update(known)
        return whole.hexdigest()

    def holds(self, noted: str, digest: str) -> bool:
        """Whether the things noted (JSON) have this digest still."""
        try:
            return self.digest(read_notes(noted)) == digest
        except (KeyError, ImportError):  # what was noted cannot be found again
            return False

    def _words(self, kind: str, name: str) -> str:
        """What the thing noted is like, in words."""
        context = self._of
        if name == ALL and kind in WHOLE:
            return self._texts.hashes[kind]
        if kind in BY_NAME.values():
            return self._value(kind, name)
        match kind:
            case "claim" | "reference":
                item = context.claims.get(name) if kind == "claim" else context.references.get(name)
                return "" if item is None else self._item(item)
            case "use":
                return self._outlined(use.page for use in context.uses.get(name, ()))
            case "mention":
                return self._outlined(item.page for item in context.mentions.get(name, ()))
            case "page":
                return next((page.source for page in context.project.pages if page.path == name), "")
            case "release":
                return repr(context.release)
            case "figure data" if self._figure_data is not None:
                return self._told(self._figure_data(name))
        return self._told(context.index(index_of(kind)).get(name))

    def _outlined(self, pages: Iterable[Page]) -> str:
        """Pages as far as claims and entries are judged by them: what each shows and cites, and where."""
        found: dict[str, None] = {}
        for page in pages:
            if page.path not in self._shown:
                outline = self._outlines.get(page.path) or dumped(written_outline(page))
                self._shown[page.path] = _hashed(outline).hex()
            found[f"{page.path}:{self._shown[page.path]}"] = None
        return ",".join(found)

    def _value(self, kind: str, name: str) -> str:
        """What a project holds by name, as it is."""
        held = next(field for field, noted in BY_NAME.items() if noted == kind)
        value = getattr(self._of.project, held).get(name)
        return repr(sorted(value) if isinstance(value, frozenset) else value)

    def _written(self, path: str, line: int) -> str:
        """The lines of a claim or an entry."""
        return "\n".join([path, *self.anchors.lines(path, line, self._texts.lines(path))])

    def _item(self, item: Claim | Reference) -> str:
        if isinstance(item, Reference):
            return self._entry(item)
        return self._written(item.place.path, first_line(item))

    def _entry(self, reference: Reference) -> str:
        """An entry: its lines say where its fields stand, unless it has some of another entry."""
        values = (reference.key, reference.type, reference.fields, reference.raw, reference.authors, reference.editors)
        places = reference.places if INHERITING & reference.raw.keys() else ()
        written = self._written(reference.place.path, reference.place.line)
        return f"{values!r}{reference.and_others}{self._told(places)}{written}"

    def _told(self, value: object) -> str:
        return "".join(self._parts(value))

    def _parts(self, value: object) -> Iterator[str]:
        """A value in words that say nothing of how far down in their files claims and entries stand."""
        match value:
            case str() | int() | None:
                yield f"{value!r},"
            case Place():
                name, below = self.anchors.of(value.path, value.line)
                yield f"{value.path}:{name}:{below}:{value.column}:{value.end_line - value.line}:{value.end_column},"
            case Page():
                yield f"{value.path}:{_hashed(value.source).hex()},"
            case (Claim() as claim, Evidence() as item):
                number = next(number for number, other in enumerate(claim.evidence) if other is item)
                name, _ = self.anchors.of(claim.place.path, first_line(claim))
                yield f"{name}/{number}/{self._written(claim.place.path, first_line(claim))},"
            case Claim() | Reference():
                yield f"{self._item(value)},"
            case Mapping():
                for key, item in value.items():
                    yield f"{key!r}:"
                    yield from self._parts(item)
                yield ";"
            case tuple() | list():
                for item in value:
                    yield from self._parts(item)
                yield ";"
            case _:
                yield from self._fields(value)

    def _fields(self, value: object) -> Iterator[str]:
        yield f"{type(value).__name__}:"
        for each in fields(value) if is_dataclass(value) else ():
            yield from self._parts(getattr(value, each.name))
        yield ";" if is_dataclass(value) else f"{value!r},"


INHERITING = frozenset({"crossref", "xdata", "xref"})
"""The fields of an entry by which it has others' fields."""


def _hashed(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
