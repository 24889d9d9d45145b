"""HTML into a document: the page's own text, without scripts, menus' mark-up and forms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from kap_content.imports.document import Document, ImportRefusedError, Kind, Part, Run
from kap_content.imports.structure import REFERENCES, SKIP_LINK, is_navigation, with_references
from kap_content.startup.regex import regex

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_DROPPED = {
    "script",
    "style",
    "noscript",
    "template",
    "svg",
    "iframe",
    "object",
    "form",
    "button",
    "select",
    "input",
    "head",
    "canvas",
    "video",
    "audio",
    "math",
}
_INLINE = {
    *(
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "label",
        "mark",
        "q",
    ),
    *(
        "s",
        "samp",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
        "br",
        "big",
        "nobr",
        "acronym",
    ),
}
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_HIDDEN = regex(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_DEEPEST = 200


@dataclass(slots=True)
class _Reader:
    parts: list[Part] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    subtitle: str = ""
    depth: int = -1
    ordered: list[bool] = field(default_factory=list)
    quoting: bool = False
    figure: bool = False
    nav: bool = False
    waiting: list[Run] = field(default_factory=list)
    item: bool = False
    """Whether the next paragraph begins a list item."""
    inside: int = -1
    """The part that is the open list item, -1 outside."""

    def read(self, element: HtmlElement, level: int = 0) -> None:
        """Read the children of a block, in order."""
        if level > _DEEPEST:
            raise ImportRefusedError(
                f"elements are nested more than {_DEEPEST} deep in this HTML", help="Copy the page as text instead."
            )
        self._text(element.text)
        for child in element:
            tag = child.tag if isinstance(child.tag, str) else ""
            if not tag or tag in _DROPPED or _is_hidden(child):
                pass
            elif tag in _INLINE and not _holds_blocks(child):
                if tag == "br":
                    self._text(" ")
                else:
                    self.waiting.extend(_runs(child, Run("")))
            else:
                self._block(child, tag, level)
            self._text(child.tail)
        if level == 0:
            self.flush()

    def _text(self, text: str | None) -> None:
        if text:
            self.waiting.append(Run(text))

    def _block(self, element: HtmlElement, tag: str, level: int) -> None:
        self.flush()
        if tag in _HEADINGS:
            self._add(Kind.HEADING, _all_runs(element), level=_HEADINGS[tag])
        elif tag in ("ul", "ol", "menu", "dl"):
            self._list(element, level, ordered=tag == "ol")
        elif "subtitle" in (element.get("class") or "").lower().split() and not self.subtitle:
            self.subtitle = " ".join(element.text_content().split())
        elif tag in ("li", "dt", "dd"):
            self.item = True
            self.read(element, level + 1)
            self.flush()
            self.item = False
        elif tag == "table":
            self._table(element)
        elif tag == "img":
            self._image(element)
        elif tag == "pre":
            self.parts.append(Part(Kind.CODE, (Run(element.text_content()),)))
        elif tag in ("figcaption", "caption"):
            self._add(Kind.CAPTION, _all_runs(element))
        else:
            outer = self.quoting, self.figure, self.nav
            self.quoting |= tag == "blockquote"
            self.figure |= tag == "figure"
            self.nav |= tag == "nav"
            self.read(element, level + 1)
            self.flush()
            self.quoting, self.figure, self.nav = outer

    def _list(self, element: HtmlElement, level: int, *, ordered: bool) -> None:
        if self.nav:
            texts = [" ".join(child.text_content().split()) for child in element if isinstance(child.tag, str)]
            self._add(Kind.NAVIGATION, [Run(" | ".join(text for text in texts if text))])
            return
        outer = self.inside, self.item
        self.depth += 1
        self.ordered.append(ordered)
        self.inside = -1
        self.read(element, level + 1)
        self.flush()
        self.ordered.pop()
        self.depth -= 1
        self.inside, self.item = outer

    def _table(self, element: HtmlElement) -> None:
        rows = []
        for caption in element.iter("caption"):
            self._add(Kind.CAPTION, _all_runs(caption))
        for row in element.iter("tr"):
            cells = tuple(tuple(_all_runs(cell)) for cell in row if cell.tag in ("td", "th"))
            if any("".join(run.text for run in cell).strip() for cell in cells):
                rows.append(cells)
        if len(rows) == 1 or (rows and all(len(row) == 1 for row in rows)):
            # A table that only lays the page out.
            for row in rows:
                for cell in row:
                    self._add(Kind.PARAGRAPH, list(cell))
        elif rows:
            self.parts.append(Part(Kind.TABLE, rows=tuple(rows)))

    def _image(self, element: HtmlElement) -> None:
        source = element.get("src") or ""
        alt = " ".join((element.get("alt") or "").split())
        if source.startswith("data:") or re.search(r"[\s<>]", source) or not source:
            source = "image"
        if alt or self.figure:
            self.parts.append(Part(Kind.IMAGE, (Run(alt),), source=source))

    def flush(self) -> None:
        """Make a part of the inline text that was gathered."""
        runs, self.waiting = self.waiting, []
        if "".join(run.text for run in runs).strip():
            self._add(Kind.QUOTE if self.quoting else Kind.PARAGRAPH, runs)

    def _add(self, kind: Kind, runs: list[Run], level: int = 0) -> None:
        text = " ".join("".join(run.text for run in runs).split())
        if not text:
            return
        if SKIP_LINK.fullmatch(text.strip(" .»›>|")):
            self.dropped.append(text)
        elif kind is Kind.PARAGRAPH and self.depth >= 0 and self.item:
            self.parts.append(Part(Kind.ITEM, tuple(runs), level=self.depth, ordered=self.ordered[-1]))
            self.item, self.inside = False, len(self.parts) - 1
        elif kind is Kind.PARAGRAPH and self.depth >= 0 and self.inside == len(self.parts) - 1 >= 0:
            last = self.parts[-1]
            self.parts[-1] = replace(last, more=(*last.more, tuple(runs)))
        elif kind is Kind.PARAGRAPH and (self.nav or is_navigation(text)):
            self.parts.append(Part(Kind.NAVIGATION, tuple(runs)))
        else:
            self.parts.append(Part(kind, tuple(runs), level=level))


def _is_hidden(element: HtmlElement) -> bool:
    return element.get("hidden") is not None or _HIDDEN.search(element.get("style") or "") is not None


def _holds_blocks(element: HtmlElement) -> bool:
    return any(
        isinstance(child.tag, str) and child.tag not in _INLINE and child.tag not in _DROPPED
        for child in element.iter()
    )


def _all_runs(element: HtmlElement) -> list[Run]:
    return list(_runs(element, Run("")))


def _runs(element: HtmlElement, style: Run, level: int = 0) -> Iterator[Run]:
    style = _styled(element, style)
    if element.text:
        yield replace(style, text=element.text)
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _DROPPED and not _is_hidden(child):
            if child.tag == "br":
                yield replace(style, text=" ")
            else:
                deeper = _runs(child, style, level + 1) if level < _DEEPEST else [Run(child.text_content())]
                yield from deeper
                if child.tag not in _INLINE:
                    yield replace(style, text=" ")
        if child.tail:
            yield replace(style, text=child.tail)


def _styled(element: HtmlElement, style: Run) -> Run:
    tag = element.tag
    if tag == "sup":
        return replace(style, raised=True)
    if tag in ("strong", "b"):
        return replace(style, strong=True)
    if tag in ("em", "i", "cite"):
        return replace(style, emphasised=True)
    href = element.get("href") or "" if tag == "a" else ""
    return replace(style, href=href) if href.startswith(("http://", "https://", "mailto:", "tel:")) else style


def read_web(data: bytes) -> Document:
    """Read an HTML page. The heading of level 1, or else the title element, names it."""
    from lxml import etree, html

    try:
        parser = html.HTMLParser(encoding=_encoding(data), no_network=True, huge_tree=False, remove_comments=True)
        root = html.document_fromstring(data, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise ImportRefusedError(
            f"this is no HTML that can be read: {error}", help="Copy the page as text instead."
        ) from error
    bodies = list(root.iter("body")) or [root]
    reader = _Reader()
    for body in bodies:
        reader.read(body)
    parts, title = _titled(reader.parts, root)
    described = [
        meta.get("content") or "" for meta in root.iter("meta") if (meta.get("name") or "").lower() == "description"
    ]
    description = " ".join(described[0].split()) if described else ""
    return with_references(
        Document(
            title=title,
            subtitle=reader.subtitle,
            description=description,
            parts=tuple(parts),
            dropped=tuple(reader.dropped),
        )
    )


def _encoding(data: bytes) -> str | None:
    """UTF-8 where the bytes are; else what the page says of itself, which the parser reads."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return "utf-8"


def _titled(parts: list[Part], root: HtmlElement) -> tuple[list[Part], str]:
    for index, part in enumerate(parts):
        if part.kind is Kind.HEADING and part.level == 1 and not REFERENCES.fullmatch(part.text):
            return parts[:index] + parts[index + 1 :], " ".join(part.text.split())
    named = next((" ".join((element.text or "").split()) for element in root.iter("title")), "")
    return parts, named
