"""What may be written at a position: ids, keys, rules, and the fields and values of the formats.

Fields and values are those of the JSON Schemas that `kap schema` prints, so that both know the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from kap_content.load.schema import schema
from kap_content.load.settings import SHARED_FILE
from kap_content.model.project import Context
from kap_content.rules._rule import all_rules
from kap_content.startup.regex import regex

_CLAIM = regex(r"\bclaim=\"?(?P<typed>[^\s\"}]*)$")
_CITATION = regex(r"(?<![\w.])@\{?(?P<typed>[^\s\]};,@]*)$")
_IGNORE = regex(r"<!--\s*kap:\s*ignore\s+(?:[\w-]+\s*,\s*)*(?P<typed>[\w-]*)$")
_CROSSREF = regex(r"\b(?:crossref|xref|related|xdata)\s*=\s*[{\"](?:[^}\"]*,)?\s*(?P<typed>[^\s}\",]*)$", re.IGNORECASE)
_YAML_KEY = regex(r"^\s*(?:-\s+)*(?P<typed>[\w-]*)$")
_YAML_VALUE = regex(r"^\s*(?:-\s+)*(?P<name>[\w-]+):\s+[\"']?(?P<typed>[^\s\"']*)$")
_YAML_FLOW = regex(r"^\s*(?:-\s+)*(?:(?P<owner>[\w-]+):\s+)?\[?\{(?P<inside>[^{}]*)$")
_FLOW_VALUE = regex(r"(?:^|,)\s*(?P<name>[\w-]+):\s+[\"']?(?P<typed>[^\s\"',]*)$")
_FLOW_KEY = regex(r"(?:^|,)\s*(?P<typed>[\w-]*)$")
_YAML_LINE = regex(r"^(?P<space>\s*)(?P<dashes>(?:-\s+)*)(?P<name>[\w./:-]+?):(?:\s|$)")
_TOML_HEADER = regex(r"^\s*\[(?P<name>[^\[\]]+)\]\s*(?:#.*)?$")
_TOML_KEY = regex(r"^\s*(?P<typed>[\w-]*)$")
_TOML_VALUE = regex(r"(?:^|[{,])\s*\"?(?P<name>[^\s\"={},]+)\"?\s*=\s*\[?(?:\s*\"[^\"]*\"\s*,)*\s*\"(?P<typed>[^\"]*)$")
_TOML_FIRST = regex(r"^\s*\"?(?P<name>[^\s\"=]+)\"?\s*=")
_HEAD_END = ("---", "...")
_RULE_LISTS = {("rules", "select"), ("rules", "ignore"), ("rules", "per-file")}

Node = dict[str, object]


@dataclass(frozen=True, slots=True)
class Offer:
    """Something to complete with: what is typed of it begins in column `start`."""

    name: str
    start: int
    about: str = ""


def offers(path: str, lines: Sequence[str], number: int, column: int, context: Context) -> tuple[Offer, ...]:
    """What may be written at a line and column (both from 0) of a file of the project."""
    before = lines[number][:column]
    if path.endswith(".toml"):
        return tuple(_in_settings(path, lines, number, before, context))
    if path.endswith(".bib"):
        return tuple(_keys(_CROSSREF.search(before), context))
    if path.endswith((".yaml", ".yml")):
        return tuple(_in_yaml("claims", lines, number, before, context))
    if _is_in_head(lines, number):
        return tuple(_in_yaml("page", lines, number, before, context))
    return tuple(_in_page(before, context))


def _in_page(before: str, context: Context) -> Iterator[Offer]:
    if match := _CLAIM.search(before):
        start = match.start("typed")
        yield from (Offer(claim.id, start, claim.match_text) for claim in context.claims.values())
    elif match := _IGNORE.search(before):
        yield from _rules(match.start("typed"))
    else:
        yield from _keys(_CITATION.search(before), context)


def _keys(match: re.Match[str] | None, context: Context) -> Iterator[Offer]:
    if match:
        start = match.start("typed")
        yield from (Offer(item.key, start, item.get("title")) for item in context.references.values())


def _rules(start: int) -> Iterator[Offer]:
    yield from (Offer(rule.code, start, rule.name) for rule in all_rules())


def _is_in_head(lines: Sequence[str], number: int) -> bool:
    """Whether a line stands in the front matter of a page."""
    return number > 0 and lines[0].rstrip() == "---" and all(line.rstrip() not in _HEAD_END for line in lines[1:number])


def _in_yaml(name: str, lines: Sequence[str], number: int, before: str, context: Context) -> Iterator[Offer]:
    if flow := _YAML_FLOW.search(before):
        around = _yaml_path(lines, number, before) + ((flow["owner"],) if flow["owner"] else ())
        value, key, shift = _FLOW_VALUE.search(flow["inside"]), _FLOW_KEY.search(flow["inside"]), flow.start("inside")
    else:
        around, shift = _yaml_path(lines, number, before), 0
        value, key = _YAML_VALUE.search(before), _YAML_KEY.search(before)
    if value:
        yield from _values(name, (*around, value["name"]), shift + value.start("typed"), context)
    elif key:
        yield from _fields(name, around, shift + key.start("typed"))


def _yaml_path(lines: Sequence[str], number: int, before: str) -> tuple[str, ...]:
    """The keys around a line, outermost first, by how far the lines above are indented. Items of lists have no name."""
    dashes = re.match(r"\s*(?:-\s+)*", before)
    assert dashes is not None  # it matches the empty text
    own = dashes[0]
    column, in_item = len(own) - len(own.lstrip()), "-" in own
    found: list[str] = []
    for line in reversed(lines[:number]):
        match = _YAML_LINE.match(line)
        if not match or line.lstrip().startswith("#"):
            continue
        at = len(match["space"]) + len(match["dashes"])
        if at < column or (in_item and at == column and not match["dashes"]):
            found.append(match["name"])
            column, in_item = len(match["space"]), bool(match["dashes"])
        elif match["dashes"] and len(match["space"]) < column <= at:
            column, in_item = len(match["space"]), True
    return tuple(reversed(found))


def _in_settings(path: str, lines: Sequence[str], number: int, before: str, context: Context) -> Iterator[Offer]:
    table = _table(path, lines, number)
    if table is None:
        return
    first = _TOML_FIRST.match(before)
    if value := _TOML_VALUE.search(before):
        start = value.start("typed")
        names = (*table, first["name"]) if first else table
        if names[:2] in _RULE_LISTS:
            yield from _rules(start)
        elif names == ("style",):
            from kap_content.rendering.csl_styles import bundled_styles

            yield from (Offer(style, start) for style in bundled_styles())
        else:
            inner = () if first and first["name"] == value["name"] else (value["name"],)
            yield from _values("settings", (*names, *inner), start, context)
    elif key := _TOML_KEY.search(before):
        start = key.start("typed")
        yield from _rules(start) if table == ("rules", "severity") else _fields("settings", table, start)


def _table(path: str, lines: Sequence[str], number: int) -> tuple[str, ...] | None:
    """The names of the table that a line of settings stands in; None where it is another program's."""
    header = next((match for line in reversed(lines[:number]) if (match := _TOML_HEADER.match(line))), None)
    names = tuple(part.strip().strip("\"'") for part in header["name"].split(".")) if header else ()
    if not path.endswith(SHARED_FILE):
        return names
    return names[2:] if names[:2] == ("tool", "kap") else None


@cache
def _schema(name: str) -> Node:
    return schema(name)


def _fields(name: str, path: Iterable[str], start: int) -> Iterator[Offer]:
    """The fields of the mapping at a path of a format."""
    for node in _at(_schema(name), path):
        fields = node.get("properties")
        for field, about in fields.items() if isinstance(fields, dict) else ():
            yield Offer(field, start, str(about.get("description", "")))


def _values(name: str, path: tuple[str, ...], start: int, context: Context) -> Iterator[Offer]:
    """The values that the field at a path of a format may have."""
    if name == "claims" and path[-1] in ("ref", "evidence"):
        yield from (Offer(item.key, start, item.get("title")) for item in context.references.values())
        return
    for node in _at(_schema(name), path):
        values = node.get("enum")
        yield from (Offer(str(value), start) for value in values if value) if isinstance(values, list) else ()


def _at(root: Node, path: Iterable[str]) -> list[Node]:
    """The schemas of what stands at a path. A field known by name goes before names of the writer's own choice."""
    nodes = list(_expanded(root, root))
    for key in path:
        named = [fields[key] for node in nodes if isinstance(fields := node.get("properties"), dict) and key in fields]
        free = [other for node in nodes if isinstance(other := node.get("additionalProperties"), dict)]
        nodes = [inner for node in named or free for inner in _expanded(node, root)]
    return nodes


def _expanded(node: Node, root: Node) -> Iterator[Node]:
    """A schema with references followed, alternatives apart, and lists taken as their items."""
    if isinstance(reference := node.get("$ref"), str):
        definitions = root["$defs"]
        assert isinstance(definitions, dict)
        yield from _expanded(definitions[reference.rpartition("/")[2]], root)
    elif isinstance(options := node.get("anyOf"), list):
        for option in options:
            yield from _expanded(option, root)
    elif isinstance(items := node.get("items"), dict):
        yield from _expanded(items, root)
    else:
        yield node
