"""YAML to a tree of nodes with places, through libyaml's event parser.

Events are never constructed into Python values, so nothing of YAML 1.1 surprises (`no` stays “no”), no tag
makes an object, and an alias is a leaf, so that no bomb goes off. What is odd but harmless (an anchor, a tag, a second
document) becomes a note; what stops the parser is a `Fault`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol, cast

from kap_content.load.tree.nodes import Alias, Entries, Items, Node, Scalar, Written
from kap_content.startup.regex import regex

DEEPEST = 50
"""Lists and mappings may stand this deep in each other; no format of ours needs a fifth of it."""

Sink = Callable[[str, Scalar | None, Node], None]
"""Takes the children of a top-level field as they are read: its name, the child's key (None in a list), the child."""


class Note(NamedTuple):
    """Something odd at a line and column that did not stop the reading."""

    line: int
    column: int
    message: str
    help: str


class Fault(Exception):  # noqa: N818 - it is caught and turned into a problem, never shown as an error
    """Where and why the text is not YAML."""

    def __init__(self, line: int, column: int, message: str, help: str) -> None:  # noqa: A002 - as in Finding
        super().__init__(message)
        self.line, self.column, self.message, self.help = line, column, message, help


@dataclass(frozen=True, slots=True)
class Document:
    """The root of what was read (None: nothing but comments), and what was odd."""

    root: Node | None
    notes: tuple[Note, ...]


_FORBIDDEN = regex("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_FOREIGN_BREAKS = str.maketrans({"\u2028": " ", "\u2029": " "})


def prepared(source: str) -> tuple[str, tuple[Note, ...]]:
    """The text, as long as before, without the characters that YAML refuses or takes for line ends."""
    source = source.replace("\r\n", "\n").replace("\r", "\n") if "\r" in source else source
    source = source.removeprefix("\ufeff")
    if not source.isascii() and ("\u2028" in source or "\u2029" in source):
        source = source.translate(_FOREIGN_BREAKS)
    notes = tuple(
        Note(
            source.count("\n", 0, match.start()) + 1,
            match.start() - source.rfind("\n", 0, match.start()),
            f"a control character (U+{ord(match[0]):04X}) stands here",
            "Delete it; such characters come from a damaged copy.",
        )
        for match in _FORBIDDEN.finditer(source)
    )
    return (_FORBIDDEN.sub("\ufffd", source) if notes else source), notes


def compose(source: str, *, skip_lines: int = 0, under: str = "", sink: Sink | None = None) -> Document:
    """Read `source` (`prepared`) whose first line is line `skip_lines + 1` of its file; raises `Fault`.

    With a sink, the children of the top-level field `under` go to it one by one and are not kept.
    """
    from yaml import MarkedYAMLError

    try:
        return _composed(source, skip_lines + 1, under, sink)
    except MarkedYAMLError as error:
        raise _fault(error, source, skip_lines + 1) from None


@dataclass(slots=True)
class _Frame:
    """A list or mapping that is being read: what it holds so far, and the key whose value comes next."""

    is_mapping: bool
    line: int
    column: int
    held: list[Any]
    key: Scalar | None = None
    is_sunk: bool = False


def _composed(source: str, shift: int, under: str, sink: Sink | None) -> Document:  # noqa: C901, PLR0912, PLR0915 - see below
    """The loop over the events. It is long because a call for each of some million events would double its time."""
    from yaml import (
        AliasEvent,
        DocumentStartEvent,
        MappingEndEvent,
        MappingStartEvent,
        ScalarEvent,
        SequenceEndEvent,
        SequenceStartEvent,
        StreamEndEvent,
    )
    from yaml._yaml import CParser

    next_event = cast("Callable[[], _Event]", CParser(source).get_event)
    new = tuple.__new__
    plain, quoted = Written.PLAIN, Written.QUOTED
    notes: list[Note] = []
    stack = [frame := _Frame(is_mapping=False, line=shift, column=1, held=[])]
    documents = 0
    last_line, last_column = source.count("\n") + shift, len(source) - source.rfind("\n")
    while True:
        event = next_event()
        kind: type[object] = type(event)
        node: Node
        if kind is ScalarEvent:
            start, end, style = event.start_mark, event.end_mark, event.style
            line, column = start.line + shift, start.column + 1
            if not event.value and line > last_line:  # libyaml puts a value left out at the end a line too far
                node = new(Scalar, ("", last_line, last_column, last_line, last_column, plain))
            elif not style:
                node = new(Scalar, (event.value, line, column, end.line + shift, end.column + 1, plain))
            elif style in "|>":
                node = new(Scalar, (event.value, line, column, line, column + 1, quoted))
            else:
                node = new(Scalar, (event.value, line, column, end.line + shift, end.column + 1, quoted))
            if event.anchor is not None or event.tag is not None:
                notes.extend(_oddities(event, shift))
            if frame.is_mapping and frame.key is None:
                frame.key = node
                continue
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            line, column = event.start_mark.line + shift, event.start_mark.column + 1
            if event.anchor is not None or event.tag is not None:
                notes.extend(_oddities(event, shift))
            if len(stack) > DEEPEST:
                raise Fault(line, column, "lists or mappings stand too deep in each other here", "Take levels out.")
            is_sunk = sink is not None and len(stack) == 2 and frame.key is not None and frame.key.text == under  # noqa: PLR2004 - the value of a top-level field
            frame = _Frame(kind is MappingStartEvent, line, column, [], None, is_sunk)
            stack.append(frame)
            continue
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            closed = stack.pop()
            frame = stack[-1]
            made = Entries if closed.is_mapping else Items
            mark = event.end_mark
            node = made(closed.held, closed.line, closed.column, mark.line + shift, mark.column + 1)
        elif kind is AliasEvent:
            start, end = event.start_mark, event.end_mark
            name = event.anchor or ""
            node = Alias(name, start.line + shift, start.column + 1, end.line + shift, end.column + 1)
        elif kind is DocumentStartEvent:
            documents += 1
            if documents > 1:
                message = "a second YAML document begins here (“---”); it is not read"
                mark = event.start_mark
                notes.append(Note(mark.line + shift, mark.column + 1, message, "Keep one document in a file."))
                break
            continue
        elif kind is StreamEndEvent:
            break
        else:
            continue
        key = frame.key
        if frame.is_mapping and key is None:
            message = "a field’s name must be plain text"
            notes.append(Note(node.line, node.column, message, "Give it a simple name."))
            frame.key = Scalar("", node.line, node.column, node.line, node.column, quoted)
            continue
        frame.key = None
        if frame.is_sunk and sink is not None:
            sink(under, key, node)
        else:
            frame.held.append(node if key is None else (key, node))
    return Document(stack[0].held[0] if stack[0].held else None, tuple(notes))


def _oddities(event: _Event, shift: int) -> Iterator[Note]:
    line, column = event.start_mark.line + shift, event.start_mark.column + 1
    if event.anchor is not None:
        message = f"an anchor (“&{event.anchor}”) stands here; anchors and aliases are not read"
        yield Note(line, column, message, "Delete it, and write the value out wherever it is needed.")
    if event.tag is not None:
        yield Note(line, column, f"a tag (“{event.tag}”) stands here; tags are not read", "Delete it.")


class _Mark(Protocol):
    """What libyaml's marks have."""

    line: int
    column: int


class _Event(Protocol):
    """What libyaml's events have, each kind some of it."""

    start_mark: _Mark
    end_mark: _Mark
    anchor: str | None
    tag: str | None
    value: str
    style: str


def _fault(error: object, source: str, shift: int) -> Fault:
    """Say in an editor's words what libyaml says in a parser's."""
    problem = str(getattr(error, "problem", None) or "")
    context = str(getattr(error, "context", None) or "")
    lines = source.split("\n")
    line, column = _inside(getattr(error, "problem_mark", None) or getattr(error, "context_mark", None), lines)
    opened_line, opened_column = _inside(getattr(error, "context_mark", None), lines)
    character = lines[line][column : column + 1]
    at, opened = (line + shift, column + 1), (opened_line + shift, opened_column + 1)
    if "could not find expected ':'" in problem:
        return stray_line(*opened)
    for found, message, help_text in _SAYINGS:
        if found in problem:
            return Fault(*at, message, help_text)
    if character == "\t" or "tab" in problem:
        return Fault(*at, "a tab stands where YAML wants spaces", "Use spaces, never tabs.")
    if "cannot start any token" in problem:
        message = f"text cannot begin with “{character}” unless it stands in quotation marks"
        return Fault(*at, message, "Put the text in double quotes.")
    if "quoted scalar" in context:
        return Fault(*opened, "a quotation mark is opened here and never closed", "Close it, or take it out.")
    if "flow" in context:
        bracket = "[" if "sequence" in context else "{" if "mapping" in context else lines[opened_line].lstrip()[:1]
        message = f"“{bracket}” is opened here and not closed as it should"
        return Fault(*opened, message, "Close it, and put commas between the items.")
    message = f"this is not YAML: {problem or context or 'the text cannot be read'}"
    return Fault(*at, message, "Compare the line with its neighbours.")


def stray_line(line: int, column: int) -> Fault:
    """What is wrong with a line that is no part of a list or mapping."""
    message = "this line is neither “field: value” nor an item of a list"
    return Fault(line, column, message, "Check its colon, its indentation and its quotation marks.")


def _inside(mark: _Mark | None, lines: list[str]) -> tuple[int, int]:
    """The mark's line and column counted from 0, brought back into the text where it points behind its end."""
    if mark is None:
        return 0, 0
    if mark.line >= len(lines):
        return len(lines) - 1, len(lines[-1])
    return mark.line, min(mark.column, len(lines[mark.line]))


_QUOTE = "Put the whole text in double quotes."
_INDENT = "Indent it with as many spaces as its neighbours, and check that quotation marks are closed."
_BACKSLASH = "Write two backslashes, or use single quotes."
_SAYINGS = (
    ("mapping values are not allowed", "a colon and a space stand inside text without quotation marks", _QUOTE),
    ("did not find expected '-' indicator", "the indentation does not fit the list above", _INDENT),
    ("did not find expected key", "the line does not fit the lines above: its indentation, or a quote", _INDENT),
    ("expected <document start>", "the line does not fit the lines above: its indentation, or a quote", _INDENT),
    ("unknown escape character", "a backslash inside double quotes begins no known escape", _BACKSLASH),
    ("block sequence entries are not allowed", "a list item (“- ”) stands where none can", _INDENT),
)
