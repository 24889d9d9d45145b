"""The lines of a claims file that hold one claim, so that a file of ten thousand is not read anew for one of them.

Whether lines can be told apart from the rest is not guessed: read by themselves they must give just the claim that was
read of the whole file, at its place. A YAML reader that stands where the claim begins knows nothing else of the lines
above than how far they are indented; so what these lines say does not depend on them, and as long as they still end
where they end, no change of them reaches beyond. Where that does not hold (a file in braces, lines that need
something from elsewhere), the whole file is the part.
"""

from __future__ import annotations

from dataclasses import dataclass

from kap_content.load.claims import parse_claims, parse_part
from kap_content.load.tree.nodes import Entries, Items
from kap_content.load.tree.yaml_events import Fault, compose, prepared
from kap_content.mend.change import Lines
from kap_content.model.claim import Claim
from kap_content.model.errors import KapError


class EditRefused(KapError):  # noqa: N818 - as Refused: it says what happened
    """The text cannot be changed as asked; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Part:
    """Lines of a claims file, as stored: from the offset `start` on, the first one's number being `line`.

    `is_whole` says that it is the whole file, in which the claims stand under `claims`.
    """

    text: str
    start: int = 0
    line: int = 1
    is_whole: bool = True

    @property
    def end(self) -> int:
        """The offset at which it ends, exclusive."""
        return self.start + len(self.text)

    @property
    def lines(self) -> int:
        """How many lines it has."""
        return Lines(self.text).count

    def claims(self) -> Entries | Items:
        """The node that holds the part's claims, its lines counted from the part's first. `EditRefused` without one."""
        text, _ = prepared(self.text)
        try:
            root = compose(text).root
        except Fault as fault:
            message = f"the claims file cannot be read at line {fault.line + self.line - 1}: {fault.message}"
            raise EditRefused(message, help=f"{fault.help} Then decide again.") from None
        nodes = [root]
        if self.is_whole and isinstance(root, Entries):
            nodes = [value for key, value in root.entries if key.text == "claims"]
        if len(nodes) != 1 or not isinstance(nodes[0], Entries | Items):
            raise EditRefused("the claims file has no list of claims", help="`kap check` says where it is wrong.")
        return nodes[0]

    def read(self, path: str) -> tuple[Claim, ...]:
        """The part's claims as the loader reads them, with their places in the file `path`."""
        text, _ = prepared(self.text)
        return (parse_claims(path, text) if self.is_whole else parse_part(path, text, self.line))[0]


def part_of(source: str, claim: Claim) -> Part:
    """The lines of a claim in the text of its file as stored, or all of it where they cannot be told apart.

    `claim` is as it was read of this text.
    """
    lines = Lines(source)
    first = _first_line(lines, claim)
    if first <= 1:
        return Part(source)
    margin = _margin(lines.at(first))
    last = next((number for number in range(first + 1, lines.count + 1) if _ends(lines.at(number), margin)), 0)
    start = lines.offset(first, 1)
    part = Part(source[start : lines.offset(last, 1) if last else len(source)], start, first, is_whole=False)
    return part if _holds_only(part, claim) else Part(source)


def _holds_only(part: Part, claim: Claim) -> bool:
    try:
        part.claims()
    except EditRefused:
        return False
    return part.read(claim.place.path) == (claim,)


def _first_line(lines: Lines, claim: Claim) -> int:
    """The line on which the claim's item of the list begins, or its entry of the mapping; 0 where that is not clear.

    A claim's place is its id: the key of a mapping, which begins a line, or the value of a field of an item.
    """
    number, column = claim.place.line, claim.place.column
    if number > lines.count:
        return 0
    margin = _margin(lines.at(number))
    if column - 1 == margin or lines.at(number)[margin : margin + 1] == "-":
        return number
    while number > 1:
        number -= 1
        line = lines.at(number)
        if _is_filled(line) and _margin(line) < margin:
            return number if line[_margin(line)] == "-" else 0
    return 0


def _ends(line: str, margin: int) -> bool:
    """Whether a line is indented so little that what began with this margin has ended before it."""
    return _is_filled(line) and _margin(line) <= margin


def _is_filled(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _margin(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
