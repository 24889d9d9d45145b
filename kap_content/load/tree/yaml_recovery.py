"""Reading what can be read of broken YAML: item by item and field by field, as the lines are indented."""

from __future__ import annotations

from dataclasses import dataclass, field

from kap_content.load.tree.nodes import Broken, Entries, Items, Node, Scalar, Written
from kap_content.load.tree.yaml_events import DEEPEST, Fault, Note, compose, stray_line
from kap_content.startup.regex import regex

_CONFLICT_BEGINS, _CONFLICT_TURNS, _CONFLICT_ENDS = "<<<<<<<", "=======", ">>>>>>>"
_KEY = regex(r"""\s*(?P<key>"[^"]*"|'[^']*'|[^\s"'#\[\]{},&*!|>%@`-][^#]*?|-[^\s#][^#]*?)\s*:(?:\s+(?P<value>.*))?$""")


@dataclass(slots=True)
class Recovered:
    """What could be read, what was odd, and what was at fault (at least one)."""

    root: Node | None = None
    notes: list[Note] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def recover(source: str) -> Recovered:
    """Read a text that `compose` refuses. A value that cannot be read is `Broken`, so that it is not missed as well."""
    lines = source.split("\n")
    found = Recovered()
    _keep_one_side(lines, found)
    for index, line in enumerate(lines):
        if line.strip() and not line.lstrip().startswith(("#", "%")):
            if line.startswith("---"):
                lines[index] = "   " + line[3:]
            break
    found.root = _block(lines, 0, len(lines), 0, found)
    found.faults.sort(key=lambda fault: (fault.line, fault.column))
    return found


def _keep_one_side(lines: list[str], found: Recovered) -> None:
    """Name unresolved merge conflicts, and blank their marker lines and the second side."""
    begin = -1
    second = False
    for index, line in enumerate(lines):
        if line.startswith(_CONFLICT_BEGINS):
            begin, second = index, False
            message = f"a merge conflict begins here (“{line.strip()[:40]}”) and was never resolved"
            found.faults.append(Fault(index + 1, 1, message, "Keep one side and delete the marker lines."))
        elif begin >= 0 and line.startswith((_CONFLICT_TURNS, "|||||||")):
            second = True
        elif begin >= 0 and line.startswith(_CONFLICT_ENDS):
            begin, second = -1, False
            lines[index] = ""
            continue
        if second or index == begin:
            lines[index] = ""


def _block(lines: list[str], start: int, stop: int, depth: int, found: Recovered) -> Node | None:
    """The node that the lines from `start` up to `stop` hold; what is at fault goes to `found`."""
    try:
        document = compose("\n".join(lines[start:stop]), skip_lines=start)
    except Fault as fault:
        before = len(found.faults)
        node = _pieces(lines, start, stop, depth, fault, found)
        if len(found.faults) == before:
            found.faults.append(fault)
        return node
    found.notes.extend(document.notes)
    return document.root


def _pieces(lines: list[str], start: int, stop: int, depth: int, fault: Fault, found: Recovered) -> Node | None:
    heads = _heads(lines, start, stop)
    if not heads or depth > DEEPEST:
        return None
    is_list = _is_item(lines[heads[0]])
    if len(heads) == 1:
        return (_item if is_list else _entry)(lines, heads[0], stop, depth, fault, found)
    nodes = [_block(lines, begin, end, depth + 1, found) for begin, end in zip(heads, [*heads[1:], stop], strict=True)]
    line, column = heads[0] + 1, _margin(lines[heads[0]]) + 1
    stray = [node for node in nodes if node is not None and not isinstance(node, Items if is_list else Entries)]
    found.faults.extend(stray_line(node.line, node.column) for node in stray)
    if is_list:
        items = [item for node in nodes if isinstance(node, Items) for item in node.items]
        return Items(items, line, column, stop, 1)
    entries = [entry for node in nodes if isinstance(node, Entries) for entry in node.entries]
    return Entries(entries, line, column, stop, 1)


def _heads(lines: list[str], start: int, stop: int) -> list[int]:
    """The lines where the block's own items or fields begin, those indented too little included."""
    filled = [
        index for index in range(start, stop) if lines[index].strip() and not lines[index].lstrip().startswith("#")
    ]
    if not filled:
        return []
    indent, is_list = _indent(lines[filled[0]]), _is_item(lines[filled[0]])
    return [
        index
        for index in filled
        if index == filled[0] or (_indent(lines[index]) <= indent and _is_item(lines[index]) == is_list)
    ]


def _item(lines: list[str], head: int, stop: int, depth: int, fault: Fault, found: Recovered) -> Node | None:
    line = kept = lines[head]
    dash = _margin(line)
    lines[head] = line[:dash] + " " + line[dash + 1 :]
    node = _block(lines, head, stop, depth + 1, found)
    lines[head] = kept
    if node is None:
        if not lines[head].strip("- \t"):
            found.faults.append(fault)
        return None
    return Items([node], head + 1, dash + 1, stop, 1)


def _entry(lines: list[str], head: int, stop: int, depth: int, fault: Fault, found: Recovered) -> Node | None:
    match = _KEY.match(lines[head])
    if match is None:
        found.faults.append(fault)
        return None
    start, end = match.span("key")
    quoted = match["key"][0] in "\"'"
    key = Scalar(
        match["key"].strip("\"'"), head + 1, start + 1, head + 1, end + 1, Written.QUOTED if quoted else Written.PLAIN
    )
    value: Node | None = None
    written = (match["value"] or "").lstrip()
    if not written or written.startswith("#"):
        value = _block(lines, head + 1, stop, depth + 1, found)
    else:
        found.faults.append(fault)
        value = _first_line(lines, head, stop)
    if value is None:
        value = Broken(head + 1, start + 1, head + 1, end + 1)
    return Entries([(key, value)], head + 1, start + 1, stop, 1)


def _first_line(lines: list[str], head: int, stop: int) -> Node | None:
    """The value of a field that ends with its line, where what follows is plainly at fault and not the value."""
    after = next((line for line in lines[head + 1 : stop] if line.strip()), "")
    try:
        root = compose(lines[head], skip_lines=head).root
    except Fault:
        return None
    value = root.entries[0][1] if isinstance(root, Entries) and root.entries else None
    is_word = isinstance(value, Scalar) and len(value.text.split()) == 1
    return value if is_word or "\t" in after[: _margin(after)] else None


def _margin(line: str) -> int:
    return len(line) - len(line.lstrip())


def _indent(line: str) -> int:
    """How far a line is indented; a tab counts as an editor shows it, so that its line stays with the one above."""
    return len(line[: _margin(line)].expandtabs(8))


def _is_item(line: str) -> bool:
    text = line.lstrip()
    return text == "-" or text.startswith(("- ", "-\t"))
