"""What a field may hold (`Kind`), and where problems are gathered while a file is read (`Reader`)."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from kap_content.load.tree.nodes import Alias, Broken, Entries, Items, Node, Scalar, Written, place_of
from kap_content.model.finding import Problem, Related
from kap_content.model.place import Place

T_co = TypeVar("T_co", covariant=True)

Schema = dict[str, object]

TEXTUAL = frozenset({Written.PLAIN, Written.QUOTED, Written.TEXT})
"""How text is written."""


@dataclass(slots=True)
class Reader:
    """Where problems are gathered while a file is read; `claim` and `reference` say what is being read.

    `missing` are the problems that say a field is not there. They are kept apart, because a line that could not be read
    may have held it.
    """

    path: str
    code: str = "CLM009"
    claim: str = ""
    reference: str = ""
    problems: list[Problem] = field(default_factory=list)
    missing: list[Problem] = field(default_factory=list)

    def report(
        self,
        at: Node | Place,
        message: str,
        help: str = "",  # noqa: A002 - as in Finding
        related: tuple[Related, ...] = (),
    ) -> None:
        """Note that what stands at `at` cannot be read as it should."""
        self.problems.append(self._problem(at, message, help, related))

    def miss(self, at: Node, message: str, help: str) -> None:  # noqa: A002 - as in Finding
        """Note that something is not there which should be."""
        self.missing.append(self._problem(at, message, help, ()))

    def _problem(self, at: Node | Place, message: str, help_text: str, related: tuple[Related, ...]) -> Problem:
        place = at if isinstance(at, Place) else place_of(self.path, at)
        return Problem(self.code, place, message, help_text, self.claim, self.reference, related)

    def all_problems(self) -> tuple[Problem, ...]:
        """Everything that was noted, by place."""
        return tuple(sorted((*self.problems, *self.missing), key=lambda problem: problem.place))


class Kind(ABC, Generic[T_co]):
    """What a field may hold."""

    wanted: str
    """What it wants, for messages: “a date as YYYY-MM-DD”."""

    @abstractmethod
    def read(self, node: Node, name: str, reader: Reader) -> T_co | None:
        """The value, or None where it was left empty or is wrong (which is reported)."""

    @abstractmethod
    def schema(self) -> Schema:
        """The JSON Schema of what is read."""

    def refuse(self, node: Node, name: str, reader: Reader, got: str = "", hint: str = "") -> None:
        """Report that `node` is not what is wanted; broken nodes were reported before."""
        if isinstance(node, Broken):
            return
        if isinstance(node, Alias):
            message = f"“{name}” holds an alias (“*{node.name}”); aliases are not read"
            reader.report(node, message, "Write the value out here.")
            return
        shown = got or _shown(node)
        reader.report(node, f"“{name}” wants {self.wanted}; here is {shown}", hint or f"Write {self.wanted}.")


def is_empty(node: Scalar) -> bool:
    """Whether a value was left out: nothing, `~` or `null` without quotation marks."""
    return not node.text.strip() or (node.written is Written.PLAIN and node.text in ("~", "null", "Null", "NULL"))


def _shown(node: Node) -> str:
    if isinstance(node, Items):
        return "a list"
    if isinstance(node, Entries):
        return "a mapping"
    if isinstance(node, Scalar):
        if node.written in TEXTUAL:
            text = " ".join(node.text.split())
            return f"“{text[:60]}…”" if len(text) > 60 else f"“{text}”" if text else "nothing"  # noqa: PLR2004 - a line's worth
        return f"{node.text} ({node.written})"
    return "something unreadable"


def nearest_name(word: str, names: Iterable[str]) -> str:
    """The name that `word` is most likely a slip of, or the empty string."""
    from difflib import get_close_matches

    folded = {re.sub(r"[^a-z0-9]", "", name.lower()): name for name in names}
    near = get_close_matches(re.sub(r"[^a-z0-9]", "", word.lower()), folded, 1, 0.7)
    return folded[near[0]] if near else ""
