"""Setting fields of a claim, or of a piece of its evidence, in the text of claims.yaml as it is stored.

Only the characters of the value change, or a field is added beside the others: comments, quotation marks, line ends
and the order of everything stay. The result is read again, and must differ from what was there in that field alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kap_content.load.claims import CLAIM, EVIDENCE_ITEM
from kap_content.load.tree.kind import is_empty
from kap_content.load.tree.nodes import Alias, Broken, Entries, Items, Node, Scalar
from kap_content.load.tree.yaml_events import Fault, compose, prepared
from kap_content.mend.change import Lines, newline_of
from kap_content.model.errors import KapError
from kap_content.startup.regex import regex


class EditRefused(KapError):  # noqa: N818 - as Refused: it says what happened
    """The text cannot be changed as asked; nothing was changed."""


def with_claim_field(source: str, claim: str, name: str, value: str) -> str:
    """The text of a claims file with the field `name` of a claim set to `value`.

    `source` is the text as stored, `name` a field with one value, such as status, certainty or next_review_due. An
    `EditRefused` where the claim is not in the file, the file cannot be read, or the field holds more than one value.
    """
    return _edited(source, claim, None, name, value)


def with_evidence_field(source: str, claim: str, item: str | int, name: str, value: str) -> str:
    """The same for a piece of evidence: the one with this `ref`, or the one at this index, counted from 0.

    `name` is a field with one value, such as verdict, checked_by or checked_on. A `ref` that stands twice needs the
    index.
    """
    return _edited(source, claim, item, name, value)


REVIEWED = frozenset({"status", "next_review_due", "certainty", "verdict", "checked_by", "checked_on"})
"""The fields that a review writes."""


def authored_lines(source: str) -> dict[str, frozenset[int]]:
    """The numbers of each claim's lines by its id, those left out that hold only what a review writes.

    An `EditRefused` where the file cannot be read.
    """
    claims = _claims_of(source)
    at = _At(source)
    lines = prepared(source)[0].split("\n")
    found: dict[str, frozenset[int]] = {}
    if isinstance(claims, Entries):
        named = [(key.text.strip(), node) for key, node in claims.entries]
    else:
        named = [(_text_of(item, "id"), item) for item in claims.items]
    for name, node in named:
        if isinstance(node, Entries):
            found.setdefault(name, _authored(at, node, lines))
    return found


def _authored(at: _At, node: Entries, lines: list[str]) -> frozenset[int]:
    others: set[int] = set()
    reviewed: set[int] = set()
    _walk(node, others, reviewed)
    # A block ends where the next thing begins, or with the file.
    last = node.end_line if at.is_flow(node) or node.end_line >= len(lines) else node.end_line - 1
    own = {
        number
        for number, line in enumerate(lines[node.line - 1 : last], node.line)
        if line.strip() and not line.lstrip().startswith("#")
    }
    return frozenset(own - (reviewed - others)) or frozenset({node.line})


def _walk(node: Node, others: set[int], reviewed: set[int]) -> None:
    """Gather the lines on which fields stand that a review writes, and those of the other fields."""
    if isinstance(node, Entries):
        for key, value in node.entries:
            if key.text in REVIEWED and isinstance(value, Scalar):
                reviewed.update(range(key.line, value.end_line + 1))
            else:
                others.add(key.line)
                _walk(value, others, reviewed)
    elif isinstance(node, Items):
        for item in node.items:
            _walk(item, others, reviewed)
    else:
        others.update(range(node.line, node.end_line + 1))


@dataclass(frozen=True, slots=True)
class _Edit:
    """Characters of the stored text and what comes in their place."""

    start: int
    end: int
    replacement: str


def _edited(source: str, claim: str, item: str | int | None, name: str, value: str) -> str:
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise EditRefused(f"“{name}” cannot hold this text: it is no valid Unicode")
    before = _claims_of(source)
    path, node = _find(before, claim)
    at = _At(source)
    if item is None:
        edit = _set(at, node, name, value, CLAIM.names)
    else:
        index, held, is_alone = _item(claim, node, item)
        path = (*path, "evidence", *(() if is_alone else (index,)))
        if isinstance(held, Scalar):
            edit = _spelled_out(at, held, name, value)
        else:
            edit = _set(at, held, name, value, EVIDENCE_ITEM.names)
    changed = source[: edit.start] + edit.replacement + source[edit.end :]
    _verify(before, changed, path, name, value)
    return changed


def _claims_of(source: str) -> Entries | Items:
    """The node under `claims`, read as the loader reads it."""
    text, _ = prepared(source)
    try:
        root = compose(text).root
    except Fault as fault:
        message = f"the claims file cannot be read at line {fault.line}: {fault.message}"
        raise EditRefused(message, help=f"{fault.help} Then decide again.") from None
    nodes = [value for key, value in root.entries if key.text == "claims"] if isinstance(root, Entries) else [root]
    if len(nodes) != 1 or not isinstance(nodes[0], Entries | Items):
        raise EditRefused("the claims file has no list of claims", help="`kap check` says where it is wrong.")
    return nodes[0]


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


def _item(claim: str, node: Entries, wanted: str | int) -> tuple[int, Entries | Scalar, bool]:
    """The piece of evidence, its index, and whether it stands alone instead of in a list."""
    evidence = next((value for key, value in node.entries if key.text == "evidence"), None)
    items = evidence.items if isinstance(evidence, Items) else [evidence] if evidence is not None else []
    refs = [_ref_of(item) for item in items]
    if isinstance(wanted, str):
        if refs.count(wanted) > 1:
            message = f"claim {claim} cites {wanted} more than once"
            raise EditRefused(message, help="Name the piece of evidence by its place in the list.")
        index = refs.index(wanted) if wanted in refs else -1
    else:
        index = wanted
    held = items[index] if 0 <= index < len(items) else None
    if not isinstance(held, Entries | Scalar) or (isinstance(held, Scalar) and is_empty(held)):
        raise EditRefused(f"claim {claim} has no evidence {wanted}", help="`kap where` shows what it cites.")
    return index, held, not isinstance(evidence, Items)


def _ref_of(node: Node | None) -> str:
    if isinstance(node, Scalar):
        return node.text.strip()
    return _text_of(node, "ref")


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


def _set(at: _At, node: Entries, name: str, value: str, order: tuple[str, ...]) -> _Edit:
    """Replace the field's value, or add the field behind one that usually stands before it."""
    found = next(((key, held) for key, held in node.entries if key.text == name), None)
    if found is not None:
        return _replaced(at, *found, value)
    usual = order[: order.index(name)] if name in order else order
    before = [
        (key, held)
        for key, held in node.entries
        if key.text in usual and isinstance(held, Scalar) and held.text and not _is_block(at, held)
    ]
    if at.is_flow(node):
        return _added_in_braces(at, node, f"{name}: {_written(value)}", before[-1][1] if before else None)
    line = f"{name}: {_written(value)}"
    first, _ = node.entries[0]
    if before:
        _, held = before[-1]
        end = at.line_end(at.end(held))
        return _Edit(end, end, f"{at.newline}{' ' * (first.column - 1)}{line}")
    start = at.start(first)
    return _Edit(start, start, f"{line}{at.newline}{' ' * (first.column - 1)}")


def _added_in_braces(at: _At, node: Entries, pair: str, before: Node | None) -> _Edit:
    if before is not None:
        end = at.end(before)
        return _Edit(end, end, f", {pair}")
    start = at.start(node) + 1
    return _Edit(start, start, f"{pair}, " if node.entries else pair)


def _replaced(at: _At, key: Scalar, held: Node, value: str) -> _Edit:
    if isinstance(held, Alias | Broken | Entries | Items):
        raise EditRefused(
            f"“{key.text}” in line {key.line} holds more than one value", help="Change it in the file, by hand."
        )
    if held.text and _is_block(at, held):
        message = f"“{key.text}” in line {key.line} is written over several lines"
        raise EditRefused(message, help="Write its value behind the colon, and decide again.")
    start, end = at.start(held), at.end(held)
    if start < end:
        return _Edit(start, end, _written(value))
    # Nothing stands behind the colon yet.
    colon = at.source.index(":", at.end(key)) + 1
    return _Edit(colon, colon, f" {_written(value)}")


def _is_block(at: _At, held: Scalar) -> bool:
    """Whether a text is written with `|` or `>`: where it ends is not known."""
    return at.source[at.start(held) : at.start(held) + 1] in ("|", ">")


def _spelled_out(at: _At, ref: Scalar, name: str, value: str) -> _Edit:
    """`glue2018`, short for one piece of evidence, as `{ref: glue2018, verdict: substantiated}`."""
    replacement = f"{{ref: {_written(ref.text.strip())}, {name}: {_written(value)}}}"
    return _Edit(at.start(ref), at.end(ref), replacement)


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


def _verify(before: Entries | Items, changed: str, path: _Path, name: str, value: str) -> None:
    """Refuse a change that would change anything else, or not this."""
    was, now = _bare(before), _bare(_claims_of(changed))
    held, holds = _fields(was, path), _fields(now, path)
    held.pop(name, None)
    if holds.pop(name, None) != [value] or was != now:
        message = f"“{name}” could not be set without changing something else"
        raise EditRefused(message, help=f"Write “{name}: {value}” into the claims file by hand.")


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
