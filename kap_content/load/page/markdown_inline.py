"""Inline rules of a page: positions of every token, marked spans, citations, notes, attributes."""

from __future__ import annotations

import re
from typing import Literal, cast

from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline import StateInline, autolink, backtick, emphasis, image, link
from markdown_it.token import Token
from markdown_it.utils import EnvType

from kap_content.load.page.attributes import UnreadableAttributesError, read_attributes
from kap_content.load.page.citations import IN_TEXT, LOCATOR_AFTER, read_group
from kap_content.startup.regex import regex

DEEPEST_BRACKETS = 24
"""Brackets around more than so many others are plain text: nobody writes them, and each level costs a pass."""

LONGEST_GROUP = 2000
"""A citation group longer than this (in characters) is plain text."""


class PositionedState(StateInline):
    """The inline state that notes on every token where it begins: `meta["at"]`, an offset into the source text."""

    def __init__(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> None:
        super().__init__(src, md, env, tokens)
        self._pending_at = -1
        self._pairs: dict[int, int] | None = None

    def append_pending(self, text: str) -> None:
        """Keep plain text for later, and where it begins."""
        if self._pending_at < 0:
            self._pending_at = self.pos
        super().append_pending(text)

    def pushPending(self) -> Token:  # noqa: N802 - the library's name
        """Make a token of the plain text kept."""
        token = super().pushPending()
        token.meta["at"] = self._pending_at
        self._pending_at = -1
        return token

    def push(self, ttype: str, tag: str, nesting: Literal[-1, 0, 1]) -> Token:
        """Make a token that begins here."""
        token = super().push(ttype, tag, nesting)
        token.meta["at"] = self.pos
        self._pending_at = -1
        return token

    @property
    def pairs(self) -> dict[int, int]:
        """For each `[` that is closed, the offset of its `]`; escapes, code and tags are skipped."""
        if self._pairs is None:
            self._pairs = bracket_pairs(self.src) if "[" in self.src else {}
        return self._pairs

    def part(self, start: int, end: int, tokens: list[Token]) -> PositionedState:
        """A state over a part of the same source, one level deeper."""
        inner = PositionedState(self.src, self.md, self.env, tokens)
        inner.pos, inner.posMax = start, end
        inner.level = self.level + 1
        inner._pairs = self._pairs
        return inner


class PositionedInline(ParserInline):
    """The inline parser that works on `PositionedState`."""

    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        """Parse the content of an inline token."""
        return self.finish(PositionedState(src, md, env, tokens))

    def finish(self, state: PositionedState) -> list[Token]:
        """Tokenise what is left of `state` and settle its emphasis."""
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens


_BRACKETS = regex(r"\\.|`+|<[A-Za-z/!?][^<>]*>|[\[\]]", re.DOTALL)


def bracket_pairs(text: str) -> dict[int, int]:
    """For each `[` of `text` that is closed and not around too many others, the offset of its `]`."""
    last_run = {len(run[0]): run.start() for run in re.finditer("`+", text)}
    pairs: dict[int, int] = {}
    open_at: list[int] = []
    heights: list[int] = []
    position = 0
    while match := _BRACKETS.search(text, position):
        position = match.end()
        found = match[0]
        if found == "[":
            open_at.append(match.start())
            heights.append(0)
        elif found == "]":
            if open_at:
                start, height = open_at.pop(), heights.pop()
                if height <= DEEPEST_BRACKETS:
                    pairs[start] = match.start()
                if heights:
                    heights[-1] = max(heights[-1], height + 1)
        elif found[0] == "`" and last_run[len(found)] > match.start():
            closing = re.compile(f"(?<!`){found}(?!`)").search(text, position)
            if closing:
                position = closing.end()
    return pairs


def _state(state: StateInline) -> PositionedState:
    return cast("PositionedState", state)


def emphasis_rule(state: StateInline, silent: bool) -> bool:
    """The library's rule, with the offset of each marker."""
    start = state.pos
    if not emphasis.tokenize(state, silent):
        return False
    for offset in range(start, state.pos):
        state.tokens[offset - state.pos].meta["at"] = offset
    return True


def link_rule(state: StateInline, silent: bool) -> bool:
    """The library's rule, asked only where a closed bracket could be a link."""
    if state.src[state.pos] != "[":
        return False
    close = _state(state).pairs.get(state.pos)
    if close is None or close >= state.posMax:
        return False
    if state.src[close + 1 : close + 2] not in {"(", "["} and "references" not in state.env:
        return False
    start, before = state.pos, len(state.tokens)
    if not link(state, silent):
        return False
    if not silent:
        opening = next(token for token in state.tokens[before:] if token.type == "link_open")
        opening.meta["at"] = start
    return True


def image_rule(state: StateInline, silent: bool) -> bool:
    """The library's rule, asked only where a closed bracket could be an image."""
    if not state.src.startswith("![", state.pos):
        return False
    close = _state(state).pairs.get(state.pos + 1)
    if close is None or close >= state.posMax:
        return False
    if not image(state, silent):
        return False
    if not silent:
        state.tokens[-1].meta["end"] = state.pos
    return True


def autolink_rule(state: StateInline, silent: bool) -> bool:
    """The library's rule; the address is shown as written."""
    start = state.pos
    if not autolink(state, silent):
        return False
    if not silent:
        text = state.tokens[-2]
        text.content = state.src[start + 1 : state.pos - 1]
        text.meta["at"] = start + 1
    return True


def code_rule(state: StateInline, silent: bool) -> bool:
    """The library's rule; `meta["stripped"]` is 1 where it took a space off each side of the code."""
    start = state.pos
    if not backtick(state, silent):
        return False
    if not silent and state.tokens and state.tokens[-1].type == "code_inline" and state.tokens[-1].meta["at"] == start:
        token = state.tokens[-1]
        written = state.pos - start - 2 * len(token.markup)
        token.meta["stripped"] = (written - len(token.content)) // 2
    return True


def span_rule(state: StateInline, silent: bool) -> bool:
    """`[wording]{attributes}` gives span_open and span_close; attributes that cannot be read leave plain text."""
    start = state.pos
    if state.src[start] != "[":
        return False
    close = _state(state).pairs.get(start)
    if close is None or close + 1 >= state.posMax or state.src[close + 1] != "{":
        return False
    try:
        attributes, end = read_attributes(state.src, close + 1)
    except UnreadableAttributesError:
        return False
    if end > state.posMax:
        return False
    if not silent:
        outer = state.posMax
        token = state.push("span_open", "span", 1)
        token.meta.update(at=start, end=end, attributes=attributes)
        if attributes.classes:
            token.attrs["class"] = " ".join(attributes.classes)
        if attributes.id:
            token.attrs["id"] = attributes.id
        state.pos, state.posMax = start + 1, close
        state.md.inline.tokenize(state)
        state.pos = close
        state.push("span_close", "span", -1).meta["attributes"] = attributes
        state.posMax = outer
    state.pos = end
    return True


def attributes_rule(state: StateInline, silent: bool) -> bool:
    """`{attributes}` directly behind an image, a link or code are the element's."""
    if state.src[state.pos] != "{" or state.pending or not state.tokens:
        return False
    last = state.tokens[-1]
    if last.type not in {"image", "link_close", "code_inline"} or (last.type == "link_close" and last.info == "auto"):
        return False
    try:
        attributes, end = read_attributes(state.src, state.pos)
    except UnreadableAttributesError:
        return False
    if end > state.posMax:
        return False
    if not silent:
        target = _opening(state.tokens)
        target.meta.update(attributes=attributes, attributes_at=state.pos, end=end)
        if attributes.classes:
            target.attrs["class"] = " ".join(attributes.classes)
        if attributes.id:
            target.attrs["id"] = attributes.id
    state.pos = end
    return True


def _opening(tokens: list[Token]) -> Token:
    """The token that the last one closes, or the last itself where it closes nothing."""
    level = 0
    for token in reversed(tokens):
        level += token.nesting
        if level == 0:
            return token
    return tokens[-1]


def group_rule(state: StateInline, silent: bool) -> bool:
    """`[@a]`, `[see @a, p. 3; -@b]` give one citation token."""
    start = state.pos
    if state.src[start] != "[" or "@" not in state.src:
        return False
    close = _state(state).pairs.get(start)
    if close is None or close >= state.posMax or close - start > LONGEST_GROUP:
        return False
    if state.src[close + 1 : close + 2] in {"(", "{"}:
        return False
    items = read_group(state.src, start + 1, close)
    if not items:
        return False
    if not silent:
        token = state.push("citation", "", 0)
        token.content = state.src[start : close + 1]
        token.meta.update(items=items, in_text=False, end=close + 1)
    state.pos = close + 1
    return True


def in_text_rule(state: StateInline, silent: bool) -> bool:
    """`@a` and `-@a` in running text, with a locator in brackets behind it where one follows."""
    start = state.pos
    if state.src[start] not in "@-":
        return False
    before = state.src[start - 1] if start else " "
    if before.isalnum() or before in "_/@\\":
        return False
    match = IN_TEXT.match(state.src, start, state.posMax)
    if match is None:
        return False
    locator = LOCATOR_AFTER.match(state.src, match.end(), state.posMax)
    end = locator.end() if locator else match.end()
    if not silent:
        token = state.push("citation", "", 0)
        token.content = match[0]
        items = read_group(state.src, start, match.end(), locator=locator[1] if locator else "")
        token.meta.update(items=items, in_text=True, end=end)
    state.pos = end
    return True


def note_rule(state: StateInline, silent: bool) -> bool:
    """`^[a note]` in the text: as the footnote plugin does it, with positions kept."""
    start = state.pos
    if not state.src.startswith("^[", start):
        return False
    close = _state(state).pairs.get(start + 1)
    if close is None or close >= state.posMax:
        return False
    if not silent:
        notes = state.env.setdefault("footnotes", {}).setdefault("list", {})
        state.env["footnotes"].setdefault("refs", {})
        tokens: list[Token] = []
        number = len(notes)
        notes[number] = {"content": state.src[start + 2 : close], "tokens": tokens}
        inner = _state(state).part(start + 2, close, tokens)
        cast("PositionedInline", state.md.inline).finish(inner)
        token = state.push("footnote_ref", "", 0)
        token.meta.update(id=number, tokens=tokens)
    state.pos = close + 1
    return True


def settle_rule(state: StateInline) -> None:
    """Give the levels after emphasis, and make escapes and entities plain text that keeps its position.

    Stands for the library's joining of text tokens, which would lose where each began.
    """
    level = 0
    kept: list[Token] = []
    for token in state.tokens:
        if token.nesting < 0:
            level -= 1
        token.level = level
        if token.nesting > 0:
            level += 1
        if token.type == "text_special":
            token.type = "text"
        if token.type != "text" or token.content:
            kept.append(token)
    state.tokens[:] = kept
