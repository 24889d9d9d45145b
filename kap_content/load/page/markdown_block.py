"""Block rules of a page: fenced divisions and the attributes of headings."""

from __future__ import annotations

from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from kap_content.load.page.attributes import Attributes, UnreadableAttributesError, read_attributes
from kap_content.startup.regex import regex

_FENCE = regex(r"(:{3,})[ \t]*(.*?)(?:[ \t]+:+)?[ \t]*")
_WORD = regex(r"[^\W\d][\w-]*")
_HEADING_TAIL = regex(r"[ \t]*(\{[^{}]*\})[ \t]*$")


def division_rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: ARG001 - the library's signature
    """A line of three colons or more opens a division where attributes follow, and closes the innermost otherwise."""
    if state.is_code_block(start):
        return False
    begin = state.bMarks[start] + state.tShift[start]
    if not state.src.startswith(":::", begin):
        return False
    if silent:
        return True
    line = state.src[begin : state.eMarks[start]]
    match = _FENCE.fullmatch(line)
    rest = match[2] if match else ""
    if rest:
        token = state.push("div_open", "div", 0)
        _read_opening(token, rest)
    else:
        token = state.push("div_close", "div", 0)
    token.markup = match[1] if match else ":::"
    token.content = line.rstrip()
    token.map = [start, start + 1]
    state.line = start + 1
    return True


def _read_opening(token: Token, rest: str) -> None:
    attributes = Attributes()
    if rest.startswith("{"):
        try:
            attributes, end = read_attributes(rest, 0)
        except UnreadableAttributesError as error:
            token.meta["problem"] = (f"this division's attributes cannot be read: {error.message}", error.fix)
        else:
            if rest[end:].strip():
                token.meta["problem"] = (
                    f"“{rest[end:].strip()}” stands behind the division's attributes",
                    "Begin the division's text on the next line.",
                )
    elif _WORD.fullmatch(rest):
        attributes = Attributes(classes=(rest,))
    else:
        token.meta["problem"] = (
            f"this division's opening cannot be read: “{rest}”",
            "Write ::: {.class key=value} on a line of its own, and ::: to close it.",
        )
    token.meta["attributes"] = attributes
    if attributes.classes:
        token.attrs["class"] = " ".join(attributes.classes)
    if attributes.id:
        token.attrs["id"] = attributes.id


def balance_divisions(state: StateCore) -> None:
    """Pair the lines that open and close divisions inside each container; say of the others what is wrong."""
    if not any(token.type in {"div_open", "div_close"} for token in state.tokens):
        return
    result: list[Token] = []
    frames: list[list[Token]] = [[]]
    for token in state.tokens:
        if token.type == "div_open":
            token.nesting = 1
            frames[-1].append(token)
        elif token.type == "div_close":
            if not frames[-1]:
                token.type, token.hidden = "div_stray", True
                token.meta["problem"] = (
                    "this ::: closes no division",
                    "Remove it, or open the division before it with ::: {.class}.",
                )
            else:
                opening = frames[-1].pop()
                _close(opening, token)
        elif token.nesting > 0:
            frames.append([])
        elif token.nesting < 0 and len(frames) > 1:
            result.extend(_missing(frames.pop(), token.map))
        result.append(token)
    while frames:
        result.extend(_missing(frames.pop(), None))
    state.tokens = result


def _close(opening: Token, closing: Token) -> None:
    closing.nesting = -1
    closing.meta["attributes"] = opening.meta["attributes"]
    if opening.map and closing.map:
        opening.map = [opening.map[0], closing.map[1]]


def _missing(unclosed: list[Token], lines: list[int] | None) -> list[Token]:
    closings = []
    for opening in reversed(unclosed):
        opening.meta.setdefault("problem", ("this division is never closed", "Close it with ::: on a line of its own."))
        closing = Token("div_close", "div", -1, block=True, map=lines)
        closing.meta["attributes"] = opening.meta["attributes"]
        closings.append(closing)
    return closings


def heading_attributes(state: StateCore) -> None:
    """`## Title {#id .class}`: take the attributes off the title before it is read."""
    tokens = state.tokens
    for index, token in enumerate(tokens):
        if token.type != "heading_open":
            continue
        inline = tokens[index + 1]
        match = _HEADING_TAIL.search(inline.content)
        if match is None or inline.content[match.start(1) - 1 : match.start(1)] == "]":
            continue
        try:
            attributes, _ = read_attributes(match[1], 0)
        except UnreadableAttributesError:
            continue
        if attributes.claims or attributes.nonclaim is not None:
            continue
        inline.meta["written"] = inline.content
        inline.content = inline.content[: match.start()].rstrip()
        token.meta["attributes"] = attributes
        if attributes.classes:
            token.attrs["class"] = " ".join(attributes.classes)
        if attributes.id:
            token.attrs["id"] = attributes.id
