"""YAML heads: reading what a Markdown file says of itself, writing a page's."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from kap_content.imports.registering import quoted

_KEPT = ("title", "subtitle", "description", "author", "lang", "language", "bibliography")


@dataclass(frozen=True, slots=True)
class Head:
    """The fields that an import uses. `others` are the names of those that it does not."""

    title: str = ""
    subtitle: str = ""
    description: str = ""
    language: str = ""
    authors: tuple[str, ...] = ()
    bibliographies: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)


def read_head(text: str) -> Head | None:
    """Read a head, whatever tags and fields it has (R's `!expr` among them); None where it is no YAML."""
    import yaml

    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError):
        return None
    if not isinstance(root, yaml.MappingNode):
        return Head() if root is None else None
    values: dict[str, tuple[str, ...]] = {}
    for key, value in root.value:
        values[str(key.value)] = tuple(_texts(value))
    first = {name: " ".join(found[0].split()) for name, found in values.items() if found}
    return Head(
        title=first.get("title", ""),
        subtitle=first.get("subtitle", ""),
        description=first.get("description", ""),
        language=first.get("lang", first.get("language", "")),
        authors=values.get("author", ()),
        bibliographies=values.get("bibliography", ()),
        others=tuple(name for name in values if name not in _KEPT),
    )


def _texts(node: object) -> list[str]:
    """The scalars of a node: of a list all, of a mapping its `name`."""
    import yaml

    if isinstance(node, yaml.ScalarNode):
        return [str(node.value)]
    if isinstance(node, yaml.SequenceNode):
        return [text for item in node.value for text in _texts(item)]
    if isinstance(node, yaml.MappingNode):
        return [text for key, value in node.value if key.value == "name" for text in _texts(value)]
    return []


def written_head(head: Head) -> str:
    """A page's head with the fields that are known. Nobody and no day is made up."""
    lines = [f"title: {quoted(head.title)}"]
    if head.subtitle:
        lines.append(f"subtitle: {quoted(head.subtitle)}")
    if head.description:
        lines.append(f"description: {quoted(head.description)}")
    if re.fullmatch(r"[A-Za-z]{2,3}(?:-\w+)*", head.language):
        lines.append(f"language: {head.language}")
    if head.authors:
        lines.append("author:")
        lines.extend(f"  - name: {quoted(' '.join(name.split()))}" for name in head.authors)
    return "---\n" + "\n".join(lines) + "\n---\n\n"
