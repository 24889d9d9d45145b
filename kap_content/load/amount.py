"""The number of a quantity, as medical prose gives it."""

from __future__ import annotations

from dataclasses import dataclass

from kap_content.load.tree.kind import Kind, Reader, Schema
from kap_content.load.tree.nodes import Node
from kap_content.load.tree.plain import Text
from kap_content.startup.regex import regex

_DIGITS = r"(?:[0-9]{1,3}(?:[, \u00a0\u2009\u202f][0-9]{3})+(?:[.·][0-9]+)?|[0-9]+(?:[.·][0-9]+)?|[.·][0-9]+)"
_POWER = r"(?:[eE][-+−]?[0-9]+| ?[×x] ?10\^?[-−⁻]?[0-9⁰¹²³⁴⁵⁶⁷⁸⁹]+)?"
_NUMBER = rf"[-+−–]?{_DIGITS}{_POWER} ?%?"
_BOUND = (
    r"(?:(?:[<>≤≥~≈]=?|about|around|approximately|nearly|almost|up to|at least|at most|over|under|below|above"
    r"|(?:more|less|fewer) than) ?)?"
)
_LINK = r" ?(?:[-–—/:±]|to|and|in|per|(?:out )?of) ?"
_INTERVAL = r"(?: ?[(\[][^()\[\]]*[)\]])?"
_AMOUNT = rf"{_BOUND}{_NUMBER}(?:{_LINK}{_BOUND}{_NUMBER})?{_INTERVAL}"
"""Read by Python and, in the JSON Schema, by JavaScript."""
_is_amount = regex(_AMOUNT).fullmatch


@dataclass(frozen=True, slots=True)
class Amount(Kind[str]):
    """A number kept as written: 19.1, 3-7, 18 of 20, <0.001, 1.2 (0.8 to 1.9)."""

    wanted: str = "a number"

    def read(self, node: Node, name: str, reader: Reader) -> str | None:
        """The number's text."""
        text = Text().read(node, name, reader)
        if text is None or _is_amount(text):
            return text
        hint = (
            "Write a number (19.1), a range (3-7), a share (18 of 20) or a bound (<0.001); the unit goes into “unit”."
        )
        self.refuse(node, name, reader, hint=hint)
        return None

    def schema(self) -> Schema:
        """A number, or a string that gives one."""
        return {"type": ["string", "number"], "pattern": rf"^\s*{_AMOUNT}\s*$"}
