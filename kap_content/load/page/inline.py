"""Reading the inline tokens of a block into its text and its marks."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

from markdown_it.token import Token

from kap_content.load.page.attributes import Attributes
from kap_content.load.page.citations import CitedKey
from kap_content.load.page.draft import Draft
from kap_content.load.page.markdown import html_gaps
from kap_content.load.page.problems import check_span, check_tag, check_target
from kap_content.load.page.text import Located, Stretch, TextBuilder
from kap_content.model.page import Citation, ClaimMark, NonclaimMark
from kap_content.model.place import Place
from kap_content.startup.regex import regex

_BREAK_TAG = regex(r"</?(?:br|p|div|li|td|th|hr)\b", re.IGNORECASE)
_KAP_COMMENT = regex(r"<!--\s*kap\b", re.IGNORECASE)
_ENTITY = regex(r"&(?:#\w{1,8}|\w{1,32});")


@dataclass(slots=True)
class ImageFound:
    """An image of a block, its alternative text still to be read."""

    token: Token
    place: Place
    located: Located


@dataclass(slots=True)
class NoteFound:
    """A note written in the text, its own tokens still to be read. `label` is what its mark names."""

    label: str
    tokens: list[Token]
    located: Located


@dataclass(slots=True)
class InlineReader:
    """Reads the tokens of one block, which may have several inline tokens (a table row)."""

    draft: Draft
    builder: TextBuilder = field(default_factory=TextBuilder)
    images: list[ImageFound] = field(default_factory=list)
    notes: list[NoteFound] = field(default_factory=list)
    has_marks: bool = False
    _links: int = 0
    _linked: int = 0
    _plain: int = 0
    _open: list[tuple[Token, Stretch]] = field(default_factory=list)
    _spans: list[tuple[Attributes, Place, Stretch]] = field(default_factory=list)

    def read(self, tokens: list[Token], located: Located, base: int = 0) -> None:
        """Read `tokens`, whose offsets count from content offset `base`."""
        for token in tokens:
            at = base + token.meta.get("at", 0)
            match token.type:
                case "text" | "code_inline":
                    self._visible(token, located, at)
                case "softbreak" | "hardbreak":
                    self.builder.space()
                case "citation":
                    self._citation(token, located, base)
                case "span_open" | "span_close":
                    self._span(token, located, base)
                case _:
                    self._other(token, located, base)

    def _other(self, token: Token, located: Located, base: int) -> None:
        at = base + token.meta.get("at", 0)
        match token.type:
            case "image":
                self.images.append(ImageFound(token, self._place(located, at, base + token.meta["end"]), located))
            case "html_inline":
                self._html(token, located, at)
            case "link_close":
                self._links -= 1
            case "link_open":
                self._links += 1
                check_target(self.draft, token, self.draft.at(*located.at(at), 1))
            case "footnote_ref":
                self._note(token, located)

    def _note(self, token: Token, located: Located) -> None:
        label = token.meta.get("label") or f"^{token.meta['id']}"
        self.draft.note_marks.append((self.draft.next_block, self.builder.length, label))
        if "tokens" in token.meta:
            self.notes.append(NoteFound(label, token.meta["tokens"], located))

    @property
    def is_link(self) -> bool:
        """Whether links make up all of the text read so far."""
        return self._linked > 0 and not self._plain

    def _visible(self, token: Token, located: Located, at: int) -> None:
        if any(character.isalnum() for character in token.content):
            if self._links:
                self._linked += 1
            else:
                self._plain += 1
        if token.type == "code_inline":
            self.builder.add(token.content, located, at + len(token.markup) + token.meta["stripped"], opaque=True)
        elif token.info == "entity":
            self.builder.add(token.content, located, at, opaque=True)
        elif token.info == "escape":
            self.builder.add(token.content, located, at + 2 - len(token.content), opaque=True)
        else:
            self.builder.add(token.content, located, at)

    def _citation(self, token: Token, located: Located, base: int) -> None:
        in_text = token.meta["in_text"]
        items: tuple[CitedKey, ...] = token.meta["items"]
        if in_text:
            offset = self.builder.open()
            self.builder.add(token.content, located, base + token.meta["at"], opaque=True)
        else:
            self.builder.citation()
            offset = self.builder.length
        self.draft.groups += 1
        self._plain += 1
        self.has_marks = True
        for item in items:
            self.draft.citations.append(
                Citation(
                    key=item.key,
                    place=self._place(located, base + item.at, base + item.end),
                    block=self.draft.next_block,
                    offset=offset,
                    group=self.draft.groups,
                    prefix=item.prefix,
                    locator=item.locator,
                    suppress_author=item.suppress_author,
                    in_text=in_text,
                )
            )

    def _span(self, token: Token, located: Located, base: int) -> None:
        if token.type == "span_open":
            self._open.append((token, self.builder.here()))
            return
        token, stretch = self._open.pop()
        self.builder.close(stretch)
        attributes: Attributes = token.meta["attributes"]
        place = self._place(located, base + token.meta["at"], base + token.meta["end"])
        check_span(self.draft, attributes, place)
        self._spans.append((attributes, place, stretch))
        self.has_marks = True

    def close_marks(self, text: str) -> None:
        """Hand over the marks of the block that was just closed with `text`."""
        block = self.draft.next_block - 1
        for attributes, place, stretch in self._spans:
            start, end = stretch.start, stretch.end
            for claim in attributes.claims:
                self.draft.marks.append(ClaimMark(claim, text[start:end], place, block, start, end))
            if attributes.nonclaim is not None:
                self.draft.nonclaims.append(NonclaimMark(attributes.nonclaim, place, block, start, end))

    def _html(self, token: Token, located: Located, at: int) -> None:
        place = self.draft.at(*located.at(at), 1)
        if _KAP_COMMENT.match(token.content):
            self.draft.problem(
                place,
                "a kap comment stands inside a paragraph, where it covers nothing",
                "Put it on a line of its own before the paragraph that it is meant for.",
            )
        elif _BREAK_TAG.match(token.content):
            self.builder.space()
        else:
            check_tag(self.draft, token.content, place)

    def _place(self, located: Located, start: int, end: int) -> Place:
        line, column = located.at(start)
        end_line, end_column = located.at(max(start, end - 1))
        return Place(self.draft.path, line, column, end_line, end_column + 1)


def read_html(draft: Draft, token: Token, lines: list[str]) -> TextBuilder:
    """The visible text of an HTML block."""
    assert token.map is not None
    builder = TextBuilder()
    first, last = token.map
    text = "\n".join(lines[first:last])
    segments, offset = [], 0
    for index, line in enumerate(lines[first:last]):
        segments.append((offset, first + index + 1, 1))
        offset += len(line) + 1
    located = Located(tuple(segments))
    for start, end in html_gaps(text):
        builder.space()
        position = start
        for match in _ENTITY.finditer(text, start, end):
            _add_lines(builder, text[position : match.start()], located, position)
            builder.add(html.unescape(match[0]), located, match.start(), opaque=True)
            position = match.end()
        _add_lines(builder, text[position:end], located, position)
    for tag in re.finditer(r"<[A-Za-z][^>]*>?", text):
        check_tag(draft, tag[0], draft.at(*located.at(tag.start()), 1))
    return builder


def _add_lines(builder: TextBuilder, text: str, located: Located, at: int) -> None:
    for index, line in enumerate(text.split("\n")):
        if index:
            builder.space()
        builder.add(line, located, at)
        at += len(line) + 1
