"""Text as copied from a browser: what each line is, from its shape and its neighbours."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise

from kap_content.imports.document import Document, Kind, Part, Run
from kap_content.imports.references.read import LABEL
from kap_content.imports.structure import (
    AXIS,
    CAPTION,
    MOST_AXIS_WORDS,
    REFERENCES,
    SKIP_LINK,
    is_heading,
    is_navigation,
    with_references,
    without_marks,
)
from kap_content.startup.regex import regex

_BULLET = regex(r"(?P<indent>[ \t]*)(?P<mark>[•◦▪▫‣⁃·●○■–*+-])(?:[ \t]+|(?<=[•◦▪▫‣●○■]))(?P<text>\S.*)")
_LABELLED = regex(r"[^.!?:]{1,60}:")
_QUOTED = regex(r"[ \t]*>[ \t]?(?P<text>.*)")
_NARROWEST, _WIDEST = 50, 110
_FULL_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    indent: int
    number: int
    bullet: bool = False
    quote: bool = False


@dataclass(slots=True)
class _Reader:
    """Goes through groups of lines that stand together."""

    groups: list[list[_Line]]
    parts: list[Part] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    listing: bool = False
    """Whether the list of references has begun, where nothing is a heading or a caption."""

    def read(self) -> None:
        for index, group in enumerate(self.groups):
            following = self.groups[index + 1] if index + 1 < len(self.groups) else []
            self._group(group, following)

    def _group(self, group: list[_Line], following: list[_Line]) -> None:
        lines = joined(group)
        position = 0
        while position < len(lines):
            line = lines[position]
            after = lines[position + 1] if position + 1 < len(lines) else None
            position += 1
            if SKIP_LINK.fullmatch(line.text.strip(" .»›>|")):
                self.dropped.append(line.text)
            elif line.bullet:
                position = self._item(lines, position - 1)
            elif line.quote:
                self._add(Kind.QUOTE, line)
            elif self._goes_on(line):
                self._continue(line)
            else:
                self._line(line, after, following, alone=len(lines) == 1)

    def _item(self, lines: list[_Line], position: int) -> int:
        """An item and the lines under it, up to the next bullet."""
        line = lines[position]
        more: list[tuple[Run, ...]] = []
        position += 1
        depth = self._depth(line)
        while position < len(lines) and not lines[position].bullet:
            text = lines[position].text
            if more or _LABELLED.fullmatch(line.text):
                more.append((Run(text),))
            else:
                line = replace(line, text=f"{line.text} {text}")
            position += 1
        self.parts.append(Part(Kind.ITEM, (Run(line.text),), level=depth, more=tuple(more), line=line.number))
        self._indents.append((depth, line.indent))
        return position

    _indents: list[tuple[int, int]] = field(default_factory=list)

    def _depth(self, line: _Line) -> int:
        if not self.parts or self.parts[-1].kind is not Kind.ITEM:
            self._indents = []
            return 0
        outer = [depth for depth, indent in self._indents if indent < line.indent]
        return min(max(outer) + 1, self._indents[-1][0] + 1) if outer else 0

    def _goes_on(self, line: _Line) -> bool:
        """Whether an indented line behind a blank one belongs to the item above."""
        if not self.parts or self.parts[-1].kind is not Kind.ITEM or not self._indents or self.listing:
            return False
        return line.indent > self._indents[-1][1]

    def _continue(self, line: _Line) -> None:
        self.parts[-1] = replace(self.parts[-1], more=(*self.parts[-1].more, (Run(line.text),)))

    def _line(self, line: _Line, after: _Line | None, following: list[_Line], *, alone: bool) -> None:
        text = line.text
        if REFERENCES.fullmatch(text):
            self.listing = True
            self._add(Kind.HEADING, line, level=2)
            return
        if self.listing and (LABEL.match(text) or after is not None or not is_heading(text)):
            self._add(Kind.PARAGRAPH, line)
            return
        last = self.parts[-1] if self.parts else None
        if is_navigation(text):
            self._add(Kind.NAVIGATION, line)
        elif (CAPTION.match(text) and len(text) < _LONGEST_CAPTION) or (
            last is not None and last.kind is Kind.CAPTION and alone and _is_axis(text)
        ):
            self._add(Kind.CAPTION, line)
        elif is_heading(text) and (after is not None or following) and not (after and after.text[:1].islower()):
            self.listing = False
            self._add(Kind.HEADING, line, level=2)
        else:
            self._add(Kind.PARAGRAPH, line)

    def _add(self, kind: Kind, line: _Line, level: int = 0) -> None:
        self.parts.append(Part(kind, (Run(line.text),), level=level, line=line.number))


_LONGEST_CAPTION = 400


def _is_axis(text: str) -> bool:
    return len(text.split()) <= MOST_AXIS_WORDS and AXIS.search(text) is not None and text[-1] not in ".?!:"


def read_plain(text: str) -> Document:
    """Read copied text. Every word of it stands in the document, skip links apart."""
    groups: list[list[_Line]] = []
    blank = True
    for number, raw in enumerate(text.expandtabs(4).split("\n"), start=1):
        if not raw.strip():
            blank = True
            continue
        if blank:
            groups.append([])
        blank = False
        groups[-1].append(_line(raw, number))
    reader = _Reader(groups)
    reader.read()
    parts, title, subtitle = _titled(reader.parts)
    return with_references(Document(title=title, subtitle=subtitle, parts=tuple(parts), dropped=tuple(reader.dropped)))


def _line(raw: str, number: int) -> _Line:
    indent = len(raw) - len(raw.lstrip())
    bullet = _BULLET.fullmatch(raw.rstrip())
    if bullet:
        return _Line(bullet["text"].strip(), indent, number, bullet=True)
    quote = _QUOTED.fullmatch(raw)
    if quote and quote["text"].strip():
        return _Line(quote["text"].strip(), indent, number, quote=True)
    return _Line(raw.strip(), indent, number)


def joined(group: list[_Line]) -> list[_Line]:
    """The lines of a group, those joined that were wrapped at a margin."""
    width = max(len(line.text) + line.indent for line in group)
    if not _NARROWEST <= width <= _WIDEST:
        return group
    lines = [group[0]]
    full = False
    for previous, line in pairwise(group):
        full = len(previous.text) + previous.indent >= _FULL_SHARE * width
        starts = (
            line.bullet or line.quote != previous.quote or LABEL.match(line.text) or line.indent > previous.indent + 1
        )
        if full and not starts:
            lines[-1] = replace(lines[-1], text=f"{lines[-1].text} {line.text}")
        else:
            lines.append(line)
    return lines


def _titled(parts: list[Part]) -> tuple[list[Part], str, str]:
    """Take title and subtitle from the head of the page, navigation left where it is."""
    at = next((index for index, part in enumerate(parts) if part.kind is not Kind.NAVIGATION), None)
    if at is None or parts[at].kind not in (Kind.HEADING, Kind.PARAGRAPH) or len(parts[at].text) > _LONGEST_TITLE:
        return parts, "", ""
    if REFERENCES.fullmatch(parts[at].text):
        return parts, "", ""
    title = parts[at].text
    rest = parts[:at] + parts[at + 1 :]
    if at + 1 < len(rest) and rest[at].kind is Kind.HEADING and rest[at].text[-1] != "?":
        following = rest[at + 1]
        if following.kind is Kind.HEADING or (
            following.kind is Kind.PARAGRAPH
            and not without_marks(following.text).endswith((".", "…"))
            and len(following.text) <= _LONGEST_TITLE
        ):
            return rest[:at] + rest[at + 1 :], title, rest[at].text
    return rest, title, ""


_LONGEST_TITLE = 200
