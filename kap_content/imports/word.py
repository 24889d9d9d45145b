"""Word files into a document: paragraphs with their styles, lists, tables, notes; read from the file's own XML."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

from kap_content.imports.document import Document, ImportRefusedError, Kind, ListedReference, Part, Run
from kap_content.imports.structure import CAPTION, REFERENCES, SKIP_LINK, with_references
from kap_content.startup.regex import regex

if TYPE_CHECKING:
    from lxml.etree import _Element

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_LARGEST = 60_000_000
"""Bytes of one part, unpacked: a text of ten thousand pages."""
_UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError),  # a damaged archive
    NotImplementedError,  # packed in a way that zipfile does not know
    RuntimeError,  # protected by a password
)
"""All that zipfile raises over an archive; to the user it is one thing."""
_HEADING = regex(r"(?:heading|überschrift|titre)\s*(\d)", re.IGNORECASE)


def read_word(data: bytes) -> Document:
    """Read a .docx file."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            body = _xml(archive, "word/document.xml")
            if body is None:
                raise ImportRefusedError(
                    "this is no Word document: it holds no word/document.xml", help="Save it as .docx."
                )
            styles, numbering = _styles(archive), _numbering(archive)
            links = _links(archive)
            notes = {kind: _notes(archive, f"word/{kind}s.xml") for kind in ("endnote", "footnote")}
    except _UNREADABLE as error:
        raise ImportRefusedError(
            f"this Word file is damaged or locked: {error}", help="Open it in Word and save it again as .docx."
        ) from error
    order: dict[tuple[str, str], int] = {}
    reader = _Reader(styles, numbering, links, order)
    parts = [part for element in _blocks(body) for part in reader.read(element)]
    document = _titled(parts)
    references = tuple(
        ListedReference(number, text) for (kind, name), number in order.items() if (text := notes[kind].get(name, ""))
    )
    if references:
        return replace(document, references=references, numbered=True)
    return with_references(document)


def _xml(archive: zipfile.ZipFile, name: str) -> _Element | None:
    from lxml import etree

    try:
        info = archive.getinfo(name)
    except KeyError:
        return None
    if info.file_size > _LARGEST:
        raise ImportRefusedError(f"{name} in this file unpacks to more than {_LARGEST // 1_000_000} MB")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(archive.read(name), parser)
    except (etree.XMLSyntaxError, zipfile.BadZipFile) as error:
        raise ImportRefusedError(f"{name} in this Word file is damaged: {error}") from error


def _blocks(root: _Element) -> Iterator[_Element]:
    """Paragraphs and tables in order, content controls looked through."""
    body = root.find(f"{_W}body")
    stack = list(reversed(list(body if body is not None else root)))
    while stack:
        element = stack.pop()
        if element.tag in (f"{_W}p", f"{_W}tbl"):
            yield element
        elif element.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml"):
            stack.extend(reversed(list(element)))


def _styles(archive: zipfile.ZipFile) -> dict[str, str]:
    """The names of the paragraph styles, by id."""
    root = _xml(archive, "word/styles.xml")
    if root is None:
        return {}
    return {
        style.get(f"{_W}styleId", ""): (
            name.get(f"{_W}val", "") if (name := style.find(f"{_W}name")) is not None else ""
        )
        for style in root.iter(f"{_W}style")
    }


def _numbering(archive: zipfile.ZipFile) -> dict[tuple[str, str], str]:
    """The format (`bullet`, `decimal`) of each list and level."""
    root = _xml(archive, "word/numbering.xml")
    if root is None:
        return {}
    kinds: dict[tuple[str, str], str] = {}
    for abstract in root.iter(f"{_W}abstractNum"):
        for level in abstract.iter(f"{_W}lvl"):
            form = level.find(f"{_W}numFmt")
            kinds[abstract.get(f"{_W}abstractNumId", ""), level.get(f"{_W}ilvl", "0")] = (
                form.get(f"{_W}val", "") if form is not None else ""
            )
    found: dict[tuple[str, str], str] = {}
    for number in root.iter(f"{_W}num"):
        abstract_id = number.find(f"{_W}abstractNumId")
        if abstract_id is not None:
            for (name, level_name), form_name in kinds.items():
                if name == abstract_id.get(f"{_W}val"):
                    found[number.get(f"{_W}numId", ""), level_name] = form_name
    return found


def _links(archive: zipfile.ZipFile) -> dict[str, str]:
    root = _xml(archive, "word/_rels/document.xml.rels")
    if root is None:
        return {}
    return {item.get("Id", ""): item.get("Target", "") for item in root if item.get("TargetMode") == "External"}


def _notes(archive: zipfile.ZipFile, name: str) -> dict[str, str]:
    root = _xml(archive, name)
    if root is None:
        return {}
    return {
        note.get(f"{_W}id", ""): " ".join("".join(piece.text or "" for piece in note.iter(f"{_W}t")).split())
        for note in root
        if note.get(f"{_W}type") in (None, "normal")
    }


class _Reader:
    """Paragraphs and tables to parts. `order` numbers the notes as they are met."""

    def __init__(
        self,
        styles: Mapping[str, str],
        numbering: Mapping[tuple[str, str], str],
        links: Mapping[str, str],
        order: dict[tuple[str, str], int],
    ) -> None:
        self.styles = styles
        self.numbering = numbering
        self.links = links
        self.order = order

    def read(self, element: _Element) -> Iterator[Part]:
        """The parts of one paragraph or table."""
        if element.tag == f"{_W}tbl":
            rows = tuple(
                tuple(tuple(self._cell(cell)) for cell in row.findall(f"{_W}tc")) for row in element.findall(f"{_W}tr")
            )
            if rows:
                yield Part(Kind.TABLE, rows=rows)
            return
        runs = tuple(self._runs(element, Run("")))
        text = "".join(run.text for run in runs).strip()
        properties = element.find(f"{_W}pPr")
        style = self._style(properties)
        for name in self._pictures(element):
            yield Part(Kind.IMAGE, (Run(name),), source="image")
        if not text or SKIP_LINK.fullmatch(text):
            return
        yield self._part(runs, text, style, properties)

    def _part(self, runs: tuple[Run, ...], text: str, style: str, properties: _Element | None) -> Part:
        heading = _HEADING.match(style)
        if heading:
            return Part(Kind.HEADING, runs, level=int(heading[1]))
        if style.lower() in ("title", "subtitle"):
            return Part(Kind.HEADING, runs, level=1, source=style.lower())
        if "caption" in style.lower() or (CAPTION.match(text) and len(text) < _LONGEST_CAPTION):
            return Part(Kind.CAPTION, runs)
        if "quot" in style.lower() or style.lower() == "block text":
            return Part(Kind.QUOTE, runs)
        number = properties.find(f"{_W}numPr") if properties is not None else None
        if number is not None or style.lower().startswith("list "):
            level, name = _val(number, "ilvl") or "0", _val(number, "numId")
            form = self.numbering.get((name, level), "decimal" if "number" in style.lower() else "bullet")
            return Part(
                Kind.ITEM, runs, level=int(level) if level.isdecimal() else 0, ordered=form not in ("bullet", "none")
            )
        return Part(Kind.PARAGRAPH, runs)

    def _style(self, properties: _Element | None) -> str:
        name = _val(properties, "pStyle")
        return self.styles.get(name, name)

    def _cell(self, cell: _Element) -> Iterator[Run]:
        for index, paragraph in enumerate(cell.iter(f"{_W}p")):
            if index:
                yield Run(" ")
            yield from self._runs(paragraph, Run(""))

    def _runs(self, element: _Element, style: Run) -> Iterator[Run]:
        for child in element:
            if child.tag == f"{_W}r":
                yield from self._run(child, style)
            elif child.tag == f"{_W}hyperlink":
                target = self.links.get(child.get(f"{_R}id", ""), "")
                yield from self._runs(child, replace(style, href=target))
            elif child.tag in (
                f"{_W}ins",
                f"{_W}smartTag",
                f"{_W}sdt",
                f"{_W}sdtContent",
                f"{_W}fldSimple",
                f"{_W}customXml",
            ):
                yield from self._runs(child, style)

    def _run(self, run: _Element, style: Run) -> Iterator[Run]:
        properties = run.find(f"{_W}rPr")
        style = replace(
            style,
            raised=_val(properties, "vertAlign") == "superscript",
            strong=_is_on(properties, "b"),
            emphasised=_is_on(properties, "i"),
        )
        for child in run:
            if child.tag == f"{_W}t":
                yield replace(style, text=child.text or "")
            elif child.tag in (f"{_W}tab", f"{_W}br", f"{_W}cr"):
                yield replace(style, text=" ")
            elif child.tag == f"{_W}noBreakHyphen":
                yield replace(style, text="\u2011")
            elif child.tag in (f"{_W}endnoteReference", f"{_W}footnoteReference"):
                kind = "endnote" if "endnote" in child.tag else "footnote"
                number = self.order.setdefault((kind, child.get(f"{_W}id", "")), len(self.order) + 1)
                yield Run(f"[{number}]")

    @staticmethod
    def _pictures(element: _Element) -> Iterator[str]:
        for found in element.iter("{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"):
            yield " ".join((found.get("descr") or "").split())


_LONGEST_CAPTION = 400


def _val(element: _Element | None, name: str) -> str:
    child = element.find(f"{_W}{name}") if element is not None else None
    return child.get(f"{_W}val", "") if child is not None else ""


def _is_on(properties: _Element | None, name: str) -> bool:
    child = properties.find(f"{_W}{name}") if properties is not None else None
    return child is not None and child.get(f"{_W}val", "true") not in ("false", "0", "off")


def _titled(parts: list[Part]) -> Document:
    """The title by its style, or else the first heading where it alone is of its level, or a short first line."""
    title = subtitle = ""
    rest: list[Part] = []
    for part in parts:
        if part.source == "title" and not title:
            title = part.text
        elif part.source == "subtitle" and not subtitle:
            subtitle = part.text
        else:
            rest.append(replace(part, source="") if part.kind is Kind.HEADING else part)
    if (not title and rest and rest[0].kind is Kind.HEADING and not REFERENCES.fullmatch(rest[0].text)) or (
        not title
        and rest
        and rest[0].kind is Kind.PARAGRAPH
        and len(rest[0].text) <= _LONGEST_TITLE
        and rest[0].text[-1] not in ".:"
    ):
        title, rest = rest[0].text, rest[1:]
    return Document(title=title, subtitle=subtitle, parts=tuple(rest))


_LONGEST_TITLE = 120
