"""The code blocks of the documents, as a reader meets them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md")))
FENCE = re.compile(
    r"^(?P<fence>`{3,}|:{3,})(?P<language>[\w{}.-]*)[^\n]*\n(?P<text>.*?)^(?P=fence)$", re.MULTILINE | re.DOTALL
)
_NOT_RUN = re.compile(r"<!-- not run: (?P<reason>[^>]+) -->\s*$")


@dataclass(frozen=True, slots=True)
class Block:
    """A block's language and text, the line that it begins in, and why it cannot be run, where a comment says so."""

    page: Path
    line: int
    language: str
    text: str
    not_run: str = ""

    def __str__(self) -> str:
        return f"{self.page.name}:{self.line}"


@dataclass(frozen=True, slots=True)
class Command:
    """A line after `$`, and the output that the document shows below it."""

    line: str
    output: tuple[str, ...]


@cache
def blocks_of(page: Path) -> tuple[Block, ...]:
    """The blocks of a document, in order."""
    text = page.read_text("utf-8")
    return tuple(_blocks(page, text))


def _blocks(page: Path, text: str) -> Iterator[Block]:
    for match in FENCE.finditer(text):
        reason = _NOT_RUN.search(text, 0, match.start())
        line = text.count("\n", 0, match.start()) + 1
        yield Block(page, line, match["language"], match["text"], reason["reason"] if reason else "")


def all_blocks(*languages: str) -> tuple[Block, ...]:
    """The blocks of these languages in all documents."""
    return tuple(block for page in PAGES for block in blocks_of(page) if block.language in languages)


def commands_of(block: Block) -> tuple[Command, ...]:
    """The commands of a `console` block; lines after `>` go on with the command, others are its output."""
    found: list[tuple[str, list[str]]] = []
    for line in block.text.splitlines():
        if line.startswith("$ "):
            found.append((line.removeprefix("$ "), []))
        elif line.startswith(">") and not found[-1][1]:
            found[-1] = (f"{found[-1][0]}\n{line.removeprefix('>').removeprefix(' ')}", [])
        else:
            found[-1][1].append(line.rstrip())
    return tuple(Command(line, tuple(output)) for line, output in found)
