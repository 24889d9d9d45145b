"""Setting fields of a claim, or of a piece of its evidence, in the text of claims.yaml as it is stored.

Only the characters of the values change, or fields are added beside the others: comments, quotation marks, line ends
and the order of everything stay. The result is read again, and must differ from what was there in those fields alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from kap_content.load.claims import CLAIM, EVIDENCE_ITEM
from kap_content.load.tree.kind import is_empty
from kap_content.load.tree.nodes import Alias, Broken, Entries, Items, Node, Scalar
from kap_content.load.tree.yaml_events import prepared
from kap_content.mend.change import Change, Lines, apply, newline_of
from kap_content.model.claim import Claim
from kap_content.review.part import EditRefused, Part, part_of
from kap_content.startup.regex import regex


@dataclass(frozen=True, slots=True)
class FieldEdit:
    """A field that is to change, of the piece of evidence `item` (from 0) or of the claim itself where that is None.

    It has one value, such as status, certainty or verdict. `before` is empty where it is not given yet.
    """

    item: int | None
    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Edited:
    """A claims file after a change: its text, the changed claim as it now reads, and how many lines it has grown by."""

    text: str
    claim: Claim
    growth: int = 0


def with_fields(source: str, claim: Claim, edits: Iterable[FieldEdit]) -> Edited:
    """A claims file with these fields of a claim set.

    `source` is the text as stored, `claim` as it was read of it. An `EditRefused` where the claim is not in the file,
    the file cannot be read, or a field holds more than one value.
    """
    wanted = tuple(edits)
    if not wanted:
        return Edited(source, claim)
    part = part_of(source, claim)
    changed = _edited(part, claim.id, wanted)
    return Edited(
        source[: part.start] + changed.text + source[part.end :],
        next(item for item in changed.read(claim.place.path) if item.id == claim.id),
        changed.lines - part.lines,
    )


REVIEWED = frozenset({"status", "next_review_due", "certainty", "verdict", "checked_by", "checked_on"})
"""The fields that a review writes."""


def authored_lines(source: str, claim: Claim) -> frozenset[int]:
    """The numbers of a claim's lines, those left out that hold only what a review writes.

    `source` is the text of its file as stored. An `EditRefused` where the file cannot be read or lacks the claim.
    """
    part = part_of(source, claim)
    _, node = _find(part.claims(), claim.id)
    own = _authored(_At(part.text), node, prepared(part.text)[0].split("\n"))
    return frozenset(number + part.line - 1 for number in own)


def _authored(at: _At, node: Entries, lines: list[str]) -> frozenset[int]:
    others: set[int] = set()
    reviewed: set[int] = set()
    _walk(at, node, others, reviewed)
    # A block ends where the next thing begins, or with the file.
    last = node.end_line if at.is_flow(node) or node.end_line >= len(lines) else node.end_line - 1
    own = {
        number
        for number, line in enumerate(lines[node.line - 1 : last], node.line)
        if line.strip() and not line.lstrip().startswith("#")
    }
    return frozenset(own - (reviewed - others)) or frozenset({node.line})


def _walk(at: _At, node: Node, others: set[int], reviewed: set[int]) -> None:
    """Gather the lines on which fields stand that a review writes, and those of the other fields."""
    if isinstance(node, Entries):
        for key, value in node.entries:
            if (key.text in REVIEWED and isinstance(value, Scalar)) or _is_spelled_out(at, value):
                reviewed.update(range(key.line, value.end_line + 1))
            else:
                others.add(key.line)
                _walk(at, value, others, reviewed)
    elif isinstance(node, Items):
        for item in node.items:
            if _is_spelled_out(at, item):
                reviewed.update(range(item.line, item.end_line + 1))
            else:
                _walk(at, item, others, reviewed)
    else:
        others.update(range(node.line, node.end_line + 1))


def _is_spelled_out(at: _At, node: Node) -> bool:
    """Whether this is what a verdict makes of evidence in its short form: `{ref: glue2018, verdict: …}`."""
    names = {key.text for key, _ in node.entries} if isinstance(node, Entries) and at.is_flow(node) else set()
    return "ref" in names and bool(names & REVIEWED) and names <= {"ref", *REVIEWED}


def _edited(part: Part, claim: str, edits: tuple[FieldEdit, ...]) -> Part:
    """The part with the fields set."""
    for edit in edits:
        if any("\ud800" <= character <= "\udfff" for character in edit.after):
            raise EditRefused(f"“{edit.name}” cannot hold this text: it is no valid Unicode")
    before = part.claims()
    path, node = _find(before, claim)
    at = _At(part.text)
    changes: list[Change] = []
    expected: list[tuple[_Path, dict[str, str]]] = []
    for item in dict.fromkeys(edit.item for edit in edits):
        fields = {edit.name: edit.after for edit in edits if edit.item == item}
        if item is None:
            changes += _set(at, node, fields, CLAIM.names)
            expected.append((path, fields))
            continue
        held, is_alone = _item(claim, node, item)
        expected.append(((*path, "evidence", *(() if is_alone else (item,))), fields))
        if isinstance(held, Scalar):
            changes.append(_spelled_out(at, held, fields))
        else:
            changes += _set(at, held, fields, EVIDENCE_ITEM.names)
    changed = replace(part, text=apply(part.text, changes))
    _verify(before, changed, expected)
    return changed


_Path = tuple[str | int, ...]


def _find(claims: Entries | Items, wanted: str) -> tuple[_Path, Entries]:
    """The claim of this id, and the way to it. Of ids that stand twice the first counts."""
    if isinstance(claims, Entries):
        for key, node in claims.entries:
            if key.text.strip() == wanted and isinstance(node, Entries):
                return (key.text,), node
    else:
        for index, node in enumerate(claims.items):
            if isinstance(node, Entries) and _text_of(node, "id") == wanted:
                return (index,), node
    raise EditRefused(f"the claims file holds no claim {wanted}", help="`kap where` finds where a claim is registered.")


def _item(claim: str, node: Entries, index: int) -> tuple[Entries | Scalar, bool]:
    """The piece of evidence, and whether it stands alone instead of in a list."""
    evidence = next((value for key, value in node.entries if key.text == "evidence"), None)
    items = evidence.items if isinstance(evidence, Items) else [evidence] if evidence is not None else []
    held = items[index] if 0 <= index < len(items) else None
    if not isinstance(held, Entries | Scalar) or (isinstance(held, Scalar) and is_empty(held)):
        raise EditRefused(
            f"claim {claim} has no piece of evidence number {index + 1}", help="`kap where` shows what it cites."
        )
    return held, not isinstance(evidence, Items)


def _text_of(node: Node | None, name: str) -> str:
    """The text of a mapping's field; empty where it has none."""
    given = (value for key, value in node.entries if key.text == name) if isinstance(node, Entries) else ()
    return next((value.text.strip() for value in given if isinstance(value, Scalar)), "")


class _At:
    """The stored text with its lines: what stands at a node."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.lines = Lines(source)
        self.newline = newline_of(source)

    def start(self, node: Node) -> int:
        """Where a node begins."""
        return self.lines.offset(node.line, node.column)

    def end(self, node: Node) -> int:
        """Where it ends, exclusive."""
        return self.lines.offset(node.end_line, node.end_column)

    def is_flow(self, node: Entries) -> bool:
        """Whether a mapping is written in braces."""
        return self.source[self.start(node) : self.start(node) + 1] == "{"

    def line_end(self, offset: int) -> int:
        """Where the line of an offset ends, before its line end."""
        found = _LINE_END.search(self.source, offset)
        return found.start() if found else len(self.source)


_LINE_END = regex(r"\r\n|\r|\n")


def _set(at: _At, node: Entries, fields: Mapping[str, str], order: tuple[str, ...]) -> Iterator[Change]:
    """Replace the fields' values, or add fields, each behind one that usually stands before it."""
    added: dict[int, list[str]] = {}
    for name, value in fields.items():
        found = next(((key, held) for key, held in node.entries if key.text == name), None)
        if found is not None:
            yield _replaced(at, *found, value)
            continue
        usual = order[: order.index(name)] if name in order else order
        behind = [
            at.end(held)
            for key, held in node.entries
            if key.text in usual and isinstance(held, Scalar) and held.text and not _is_block(at, held)
        ]
        added.setdefault(behind[-1] if behind else -1, []).append(f"{name}: {_written(value)}")
    is_flow = at.is_flow(node)
    for end, pairs in added.items():
        yield _added_in_braces(at, node, pairs, end) if is_flow else _added_lines(at, node, pairs, end)


def _added_lines(at: _At, node: Entries, pairs: list[str], behind: int) -> Change:
    """The fields, each on a line, below the line of the offset `behind`; above all others where that is -1."""
    first, _ = node.entries[0]
    gap = f"{at.newline}{' ' * (first.column - 1)}"
    if behind < 0:
        start = at.start(first)
        return Change("", start, start, "".join(f"{pair}{gap}" for pair in pairs))
    end = at.line_end(behind)
    return Change("", end, end, "".join(f"{gap}{pair}" for pair in pairs))


def _added_in_braces(at: _At, node: Entries, pairs: list[str], behind: int) -> Change:
    if behind < 0:
        start = at.start(node) + 1
        return Change("", start, start, f"{', '.join(pairs)}{', ' if node.entries else ''}")
    return Change("", behind, behind, "".join(f", {pair}" for pair in pairs))


def _replaced(at: _At, key: Scalar, held: Node, value: str) -> Change:
    if isinstance(held, Alias | Broken | Entries | Items):
        raise EditRefused(
            f"“{key.text}” of this claim holds more than one value", help="Change it in the file, by hand."
        )
    if held.text and _is_block(at, held):
        message = f"“{key.text}” of this claim is written over several lines"
        raise EditRefused(message, help="Write its value behind the colon, and decide again.")
    start, end = at.start(held), at.end(held)
    if start < end:
        return Change("", start, end, _written(value))
    # Nothing stands behind the colon yet.
    colon = at.source.index(":", at.end(key)) + 1
    return Change("", colon, colon, f" {_written(value)}")


def _is_block(at: _At, held: Scalar) -> bool:
    """Whether a text is written with `|` or `>`: where it ends is not known."""
    return at.source[at.start(held) : at.start(held) + 1] in ("|", ">")


def _spelled_out(at: _At, ref: Scalar, fields: Mapping[str, str]) -> Change:
    """`glue2018`, short for one piece of evidence, as `{ref: glue2018, verdict: substantiated}`."""
    pairs = {"ref": ref.text.strip()} | dict(fields)
    replacement = "{" + ", ".join(f"{name}: {_written(value)}" for name, value in pairs.items()) + "}"
    return Change("", at.start(ref), at.end(ref), replacement)


_PLAIN = regex(r"[A-Za-z][A-Za-z0-9_./@+-]*(?: [A-Za-z0-9_./@+-]+)*|\d{4}-\d\d-\d\d")
_OTHERWISE_READ = regex(r"(?:y|n|yes|no|on|off|true|false|null)", re.IGNORECASE)


def _written(value: str) -> str:
    """The value as YAML: plain where every reader of YAML takes it for text or a date, else in double quotes."""
    if _PLAIN.fullmatch(value) and not _OTHERWISE_READ.fullmatch(value):
        return value
    return '"' + "".join(_ESCAPES.get(character) or _escaped(character) for character in value) + '"'


_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", " ": " "}


def _escaped(character: str) -> str:
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"  # noqa: PLR2004 - the three escapes of YAML


def _verify(before: Entries | Items, changed: Part, expected: list[tuple[_Path, dict[str, str]]]) -> None:
    """Refuse a change that would change anything else, or not this."""
    was, now = _bare(before), _bare(changed.claims())
    for path, fields in expected:
        held, holds = _fields(was, path), _fields(now, path)
        for name, value in fields.items():
            held.pop(name, None)
            if holds.pop(name, None) != [value]:
                raise _not_alone(fields)
    if was != now:
        raise _not_alone(expected[0][1])


def _not_alone(fields: Mapping[str, str]) -> EditRefused:
    names = ", ".join(f"“{name}”" for name in fields)
    lines = ", ".join(f"“{name}: {value}”" for name, value in fields.items())
    return EditRefused(
        f"{names} could not be set without changing something else", help=f"Write {lines} into the claims file by hand."
    )


def _bare(node: Node) -> object:
    """What a node says, wherever it stands: text, a list, or by name a list of values (a name may stand twice)."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Items):
        return [_bare(item) for item in node.items]
    if isinstance(node, Entries):
        fields: dict[str, list[object]] = {}
        for key, value in node.entries:
            fields.setdefault(key.text, []).append(_bare(value))
        return fields
    return (type(node).__name__, node.name if isinstance(node, Alias) else "")


def _fields(bare: object, path: _Path) -> dict[str, object]:
    """The fields at the end of the way; evidence in its short form becomes its long one."""
    for step in path:
        if isinstance(bare, list) and isinstance(step, int):
            holder, index = bare, step
        elif isinstance(bare, dict) and isinstance(step, str):
            holder, index = bare[step], 0
        else:
            raise EditRefused("the claims file reads otherwise after the change")
        if isinstance(holder[index], str):
            holder[index] = {"ref": [holder[index].strip()]}
        bare = holder[index]
    if not isinstance(bare, dict):
        raise EditRefused("the claims file reads otherwise after the change")
    return bare
