"""Showing changes of files as a unified diff, and writing them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import unified_diff
from pathlib import Path

from kap_content.cli.given import Globals
from kap_content.cli.session import shown_path, shown_place
from kap_content.cli.terminal.streams import put
from kap_content.load.files import write_atomically
from kap_content.mend.change import BYTE_ORDER_MARK, Mend, Suggestion
from kap_content.mend.stored import stored
from kap_content.model.errors import ProjectError
from kap_content.report.model import counted
from kap_content.report.text import visible

_COLOURS = {"---": "1", "+++": "1", "@@": "36", "-": "31", "+": "32"}


def tell(root: Path, mends: Iterable[Mend], suggestions: Iterable[Suggestion]) -> Iterator[str]:
    """A line for each mend and each suggestion, with its place as seen from the working directory."""
    for mend in sorted(mends, key=lambda mend: mend.place):
        yield visible(f"{shown_place(root, mend.place)}: {mend.reason}")
    for suggestion in suggestions:
        yield visible(f"{shown_place(root, suggestion.place)}: suggestion: {suggestion.message}")


def show_diff(options: Globals, root: Path, before: Mapping[str, str], after: Mapping[str, str]) -> None:
    """Print what changes, file by file, as `git apply` and `patch` read it."""
    for path in sorted(before):
        if before[path] != after[path]:
            put("".join(_diff(options, shown_path(root, path), before[path], after[path])))


def _diff(options: Globals, path: str, before: str, after: str) -> Iterator[str]:
    old, new = _lines(before), _lines(after)
    for line in unified_diff(old, new, f"a/{path}", f"b/{path}"):
        body, end = (line[:-1], "\n") if line.endswith("\n") else (line, "\n\\ No newline at end of file\n")
        carriage = "\r" if body.endswith("\r") and not options.colour() else ""
        shown = visible(body.removesuffix("\r").removeprefix(BYTE_ORDER_MARK))
        yield _painted(options, shown) + carriage + end


def _lines(text: str) -> list[str]:
    return [f"{line}\n" for line in text.split("\n")[:-1]] + [line for line in text.split("\n")[-1:] if line]


def _painted(options: Globals, line: str) -> str:
    if not options.colour():
        return line
    code = next((code for start, code in _COLOURS.items() if line.startswith(start)), "")
    return f"\x1b[{code}m{line}\x1b[0m" if code else line


def write_changes(options: Globals, root: Path, before: Mapping[str, str], after: Mapping[str, str]) -> None:
    """Write the files that change, each whole or not at all, those that define keys and ids last.

    A file that somebody changed meanwhile stops it before anything is written.
    """
    changed = [path for path in before if before[path] != after[path]]
    for path in changed:
        if stored(root, path) != before[path]:
            raise ProjectError(
                f"{shown_path(root, path)} was changed meanwhile; nothing was written", help="Run it again."
            )
    for path in sorted(changed, key=lambda path: (path.endswith(".bib"), not path.endswith(".md"), path)):
        write_atomically(root / path, after[path])
        options.say(f"written    {shown_path(root, path)}")


def closing(number: int, files_changed: int, suggestions: int, *, written: bool) -> str:
    """The last line: how much there was, and what comes next."""
    told = f"{counted(number, 'change')} in {counted(files_changed, 'file')}" if number else "Nothing to change"
    told += f", {counted(suggestions, 'suggestion')} for you to decide" if suggestions else ""
    return f"{told}." + ("" if written or not number else " Nothing was written; --write makes the changes.")
