"""Changing the text of a bibliography without touching a byte of what stands around the change."""

from __future__ import annotations

from kap_content.model.place import Place


def with_entry(source: str, entry: str) -> str:
    """`source` with `entry` at its end, one empty line before it."""
    if not source.strip():
        return entry
    newline = "\r\n" if "\r\n" in source else "\n"
    return source.rstrip() + newline * 2 + entry.replace("\n", newline)


def with_field(source: str, key: Place, name: str, value: str) -> str | None:
    """`source` with a field right after the entry's key at `key`; None where no comma follows the key."""
    newline = "\r\n" if "\r\n" in source else "\n"
    # Places do not count a byte order mark.
    mark = source[: source.startswith("\ufeff")]
    lines = source[len(mark) :].split("\n")
    line = lines[key.line - 1]
    before, after = line[: key.end_column - 1], line[key.end_column - 1 :]
    comma = after.find(",")
    if after[:comma].strip() or comma < 0:
        return None
    rest = after[comma + 1 :]
    field = f"{newline}  {name} = {{{value}}},"
    # What followed the comma on the key's line moves below the new field.
    tail = rest if not rest.strip() else f"{newline}  {rest.lstrip()}"
    lines[key.line - 1] = before + after[: comma + 1] + field + tail
    return mark + "\n".join(lines)
