"""From a page's text to blocks of prose and marks, each with its place. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from markdown_it.token import Token

from kap_content.load.front_matter import parse_front_matter
from kap_content.load.page.attributes import Attributes
from kap_content.load.page.comments import is_ours, read_comments
from kap_content.load.page.draft import Draft, FigureDraft, Surroundings, is_caption, settled
from kap_content.load.page.inline import ImageFound, InlineReader, read_html
from kap_content.load.page.markdown import DEEPEST_BLOCKS, markdown, without_head
from kap_content.load.page.problems import check_division, check_image, scan_html, scan_text
from kap_content.load.page.text import (
    Located,
    TextBuilder,
    locate_cell,
    locate_heading,
    locate_lines,
    table_cells,
)
from kap_content.model.finding import Problem
from kap_content.model.page import BlockKind, ClaimMark, FrontMatter, Page
from kap_content.model.place import Place

LARGEST_PAGE = 2_000_000
"""Characters. A page is read in full by people; one larger than this was not meant as a page."""

_UNPRINTABLE = str.maketrans({"\0": "\ufffd"})
"""What the parser replaces, replaced first so that lines are the same on both sides."""


def parse_page(path: str, source: str) -> Page:
    """Read a page. `path` is what places will show; what cannot be read is among the page's `problems`."""
    if "\r" in source:
        source = source.replace("\r\n", "\n").replace("\r", "\n")
    source = source.removeprefix("\ufeff")
    if len(source) > LARGEST_PAGE:
        size = LARGEST_PAGE // 1_000_000
        problem = Problem(
            "CLM009",
            Place(path),
            f"this page is larger than {size} MB and was not read",
            "Split it into several pages.",
        )
        return Page(path, source, FrontMatter(Place(path)), problems=(problem,))
    body, head = without_head(source)
    meta = FrontMatter(Place(path))
    problems: tuple[Problem, ...] = ()
    if head is not None:
        meta, problems = parse_front_matter(path, head, 2)
    elif source.startswith("---\n") and ":" in source.split("\n", 2)[1]:
        problems = (Problem("CLM009", Place(path), "the front matter is never closed", "Close it with --- on a line."),)
    body = body.translate(_UNPRINTABLE)
    reader = PageReader(Draft(path), body.split("\n"))
    reader.read(markdown(notes_at_end=False).parse(body, {}))
    draft = reader.draft
    return Page(
        path=path,
        source=source,
        meta=meta,
        blocks=tuple(draft.blocks),
        marks=tuple(sorted(draft.marks, key=lambda mark: (mark.place.line, mark.place.column))),
        nonclaims=tuple(draft.nonclaims),
        citations=tuple(draft.citations),
        numbers=tuple(draft.numbers),
        notes=draft.notes,
        figures=settled(draft),
        suppressions=tuple(draft.suppressions),
        problems=(*problems, *sorted(draft.problems, key=lambda problem: problem.place)),
    )


@dataclass(slots=True)
class _Division:
    """An open division and what its figure will need."""

    attributes: Attributes
    first_block: int
    line: int


@dataclass(slots=True)
class PageReader:
    """Walks the block tokens of one page. `lines` are the lines of its source, the front matter's left empty."""

    draft: Draft
    lines: list[str]
    headings: list[tuple[int, str]] = field(default_factory=list)
    divisions: list[_Division] = field(default_factory=list)
    containers: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def read(self, tokens: list[Token]) -> None:
        """Read all tokens."""
        index = 0
        while index < len(tokens):
            token = tokens[index]
            match token.type:
                case "paragraph_open":
                    self._paragraph(tokens[index + 1])
                    index += 2
                case "heading_open":
                    self._heading(token, tokens[index + 1])
                    index += 2
                case "table_open":
                    index = self._table(tokens, index)
                case "html_block":
                    self._html(tokens, index)
                case "fence" | "code_block":
                    self._code(token)
                case _:
                    self._container(token)
            index += 1

    def _container(self, token: Token) -> None:
        match token.type:
            case "footnote_reference_open":
                label = token.meta["label"]
                self.draft.note_blocks[label] = (self.draft.next_block, self.draft.next_block)
                self.notes.append(label)
            case "footnote_reference_close":
                label = self.notes.pop()
                self.draft.note_blocks[label] = (self.draft.note_blocks[label][0], self.draft.next_block)
            case "blockquote_open" | "list_item_open":
                self.containers.append(token.type)
                self._check_depth(token)
            case "blockquote_close" | "list_item_close":
                self.containers.pop()
            case "div_open":
                self._open_division(token)
            case "div_close":
                self._close_division()
            case "div_stray":
                self._report(token)

    def _around(self) -> Surroundings:
        nonclaim = None
        claims: list[str] = []
        for division in self.divisions:
            if division.attributes.nonclaim is not None:
                nonclaim = division.attributes.nonclaim
            claims.extend(division.attributes.claims)
        return Surroundings(tuple(title for _, title in self.headings), nonclaim, tuple(claims))

    def _in_figure(self) -> bool:
        return any("figure" in division.attributes.classes for division in self.divisions)

    def _kind(self, text: str) -> BlockKind:
        if "blockquote_open" in self.containers:
            return BlockKind.QUOTATION
        if self._in_figure() or is_caption(text):
            return BlockKind.CAPTION
        if "list_item_open" in self.containers:
            return BlockKind.LIST_ITEM
        return BlockKind.PARAGRAPH

    def _paragraph(self, inline: Token) -> None:
        assert inline.map is not None
        located = locate_lines(self.lines, inline.map, inline.content)
        reader = InlineReader(self.draft)
        reader.read(inline.children or [], located)
        self._finish(reader, self._kind(reader.builder.text), located.at(0))

    def _finish(self, reader: InlineReader, kind: BlockKind, at: tuple[int, int]) -> None:
        """Close the block that `reader` read, then those of its images and notes."""
        if reader.builder.length or reader.has_marks or not reader.images:
            self._close(reader, kind, at)
        closed = bool(reader.builder.length or reader.has_marks)
        index = self.draft.next_block - 1
        for image in reader.images:
            self._image(image, index if closed else None)
        for note in reader.notes:
            first = self.draft.next_block
            inner = InlineReader(self.draft)
            inner.read(note.tokens, note.located)
            self._finish(inner, BlockKind.PARAGRAPH, at)
            self.draft.note_blocks[note.label] = (first, self.draft.next_block)

    def _close(self, reader: InlineReader, kind: BlockKind, at: tuple[int, int]) -> None:
        block = self.draft.close_block(kind, reader.builder, at, self._around(), is_link=reader.is_link)
        reader.close_marks(block.text)
        scan_text(self.draft, block, reader.builder.opaque)

    def _image(self, image: ImageFound, paragraph: int | None) -> None:
        """Read an image; `paragraph` is the block it stands in, None where it stands alone."""
        attributes = image.token.meta.get("attributes", Attributes())
        check_image(self.draft, attributes, image.place)
        around = self._around()
        if attributes.nonclaim is not None:
            around = replace(around, nonclaim=attributes.nonclaim)
        for claim in attributes.claims:
            self.draft.marks.append(ClaimMark(claim, "", image.place))
        reader = InlineReader(self.draft)
        reader.read(image.token.children or [], image.located, image.token.meta["at"] + 2)
        alt = reader.builder.text.strip()
        first = self.draft.next_block if paragraph is None else paragraph
        if alt:
            around = replace(around, claims=(*around.claims, *attributes.claims))
            block = self.draft.close_block(
                BlockKind.CAPTION, reader.builder, (image.place.line, image.place.column), around
            )
            reader.close_marks(block.text)
        self.draft.figures.append(
            FigureDraft(
                kind="image",
                place=image.place,
                first=first,
                last=self.draft.next_block - 1 if alt or paragraph is None else first,
                around=around,
                source=str(image.token.attrs.get("src", "")),
                alt=alt or attributes.get("alt") or None,
                attributes=_plain(attributes),
                claims=attributes.claims,
            )
        )

    def _heading(self, opening: Token, inline: Token) -> None:
        assert opening.map is not None
        level = int(opening.tag[1:])
        written = inline.meta.get("written", inline.content)
        if opening.markup.startswith("#"):
            located = locate_heading(self.lines, opening.map[0], written, level)
        else:
            located = locate_lines(self.lines, inline.map or opening.map, written)
        while self.headings and self.headings[-1][0] >= level:
            self.headings.pop()
        reader = InlineReader(self.draft)
        reader.read(inline.children or [], located)
        self._finish(reader, BlockKind.HEADING, located.at(0))
        self.headings.append((level, reader.builder.text))

    def _table(self, tokens: list[Token], index: int) -> int:
        opening = tokens[index]
        assert opening.map is not None
        first = self.draft.next_block
        while tokens[index].type != "table_close":
            if tokens[index].type == "tr_open":
                index = self._row(tokens, index)
            index += 1
        line = opening.map[0]
        last = self.draft.next_block - 1
        place = replace(self._lines_place(line, opening.map[1]), column=self.draft.blocks[first].place.column)
        self.draft.figures.append(FigureDraft("table", place, first, last, self._around()))
        return index

    def _row(self, tokens: list[Token], index: int) -> int:
        row = tokens[index]
        assert row.map is not None
        line = row.map[0]
        source = self.lines[line]
        cells = table_cells(source, tokens[index + 2].content)
        reader = InlineReader(self.draft)
        kind = BlockKind.TABLE_ROW
        column = 0
        while tokens[index].type != "tr_close":
            token = tokens[index]
            if token.type == "th_open":
                kind = BlockKind.TABLE_HEAD
            if token.type == "inline":
                if column < len(cells):
                    cell = cells[column]
                    if column:
                        reader.builder.bar(line + 1, cell.pipe + 1)
                    reader.read(token.children or [], locate_cell(source, line, cell))
                column += 1
            index += 1
        at = (line + 1, cells[0].start + 1 if cells else 1)
        reader.has_marks = True
        self._finish(reader, kind, at)
        return index

    def _open_division(self, token: Token) -> None:
        assert token.map is not None
        self._report(token)
        attributes: Attributes = token.meta["attributes"]
        line = token.map[0]
        place = self._fence_place(line)
        check_division(self.draft, attributes, place)
        for claim in attributes.claims:
            self.draft.marks.append(ClaimMark(claim, "", place))
        self.divisions.append(_Division(attributes, self.draft.next_block, line))

    def _close_division(self) -> None:
        division = self.divisions[-1]
        if "figure" in division.attributes.classes:
            around = self._around()
            self.draft.figures.append(
                FigureDraft(
                    kind="figure",
                    place=self._fence_place(division.line),
                    first=division.first_block,
                    last=self.draft.next_block - 1,
                    around=around,
                    source=division.attributes.get("src") or "",
                    attributes=_plain(division.attributes),
                )
            )
        self.divisions.pop()

    def _html(self, tokens: list[Token], index: int) -> None:
        token = tokens[index]
        assert token.map is not None
        if "<!--" in token.content:
            read_comments(self.draft, token, self._covered(tokens, index), self.lines)
        builder = read_html(self.draft, token, self.lines)
        if builder.length:
            block = self.draft.close_block(BlockKind.HTML, builder, (token.map[0] + 1, 1), self._around())
            scan_html(self.draft, block)

    def _covered(self, tokens: list[Token], index: int) -> Place | None:
        """The block after a comment, other comments between them passed over."""
        for token in tokens[index + 1 :]:
            if token.nesting < 0:
                return None
            if token.type == "html_block" and is_ours(token.content):
                continue
            if token.map is not None:
                return self._lines_place(*token.map)
        return None

    def _code(self, token: Token) -> None:
        assert token.map is not None
        first, last = token.map
        place = self._lines_place(first, last)
        builder = TextBuilder()
        inner = range(first + 1, first + 1 + token.content.count("\n")) if token.type == "fence" else range(first, last)
        for index in inner:
            if index < len(self.lines):
                builder.add(self.lines[index], Located(((0, index + 1, 1),)), 0)
                builder.space()
        self.draft.close_block(BlockKind.CODE, builder, (place.line, place.column), self._around())

    def _report(self, token: Token) -> None:
        if "problem" in token.meta and token.map is not None:
            self.draft.problem(self._fence_place(token.map[0]), *token.meta["problem"])

    def _check_depth(self, token: Token) -> None:
        if token.level >= DEEPEST_BLOCKS - 2 and token.map is not None:
            self.draft.problem(
                self._lines_place(*token.map),
                f"quotations or lists are nested more than {DEEPEST_BLOCKS - 2} deep, and what they hold was not read",
                "Take levels away.",
            )

    def _fence_place(self, line: int) -> Place:
        text = self.lines[line]
        column = max(0, text.find(":::"))
        return Place(self.draft.path, line + 1, column + 1, line + 1, len(text.rstrip()) + 1)

    def _lines_place(self, first: int, last: int) -> Place:
        end = max(first + 1, min(last, len(self.lines)))
        while end > first + 1 and not self.lines[end - 1].strip():
            end -= 1
        return Place(self.draft.path, first + 1, 1, end, len(self.lines[end - 1]) + 1)


def _plain(attributes: Attributes) -> dict[str, str]:
    """Attributes as a figure keeps them: without the claim, classes joined under `class`."""
    plain = {name: value for name, value in attributes.pairs if name not in {"claim", "reason"}}
    if attributes.id:
        plain["id"] = attributes.id
    if attributes.classes:
        plain["class"] = " ".join(attributes.classes)
    return plain
