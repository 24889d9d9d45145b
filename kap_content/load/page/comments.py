"""Suppression comments: `<!-- kap: ignore CODE[,CODE] until=DATE reason="..." -->`."""

from __future__ import annotations

import re
from datetime import date

from markdown_it.token import Token

from kap_content.load.page.draft import Draft
from kap_content.model.dates import PartialDate
from kap_content.model.page import BLANKET, Suppression
from kap_content.model.place import Place
from kap_content.startup.regex import regex

_COMMENT = regex(r"<!--(?P<body>.*?)(?P<end>-->|\Z)", re.DOTALL)
_KAP = regex(r"\s*kap\b\s*:?\s*(?P<verb>[A-Za-z-]+)?(?P<rest>.*)", re.DOTALL)
_OURS = regex(r"\s*kap\s*(?::|[-_ ]\s*(?:ignore|disable|suppress|noqa|skip)\b)", re.IGNORECASE)
_CODES = regex(r"\s*(?::\s*)?((?:[A-Za-z][\w-]*)(?:\s*,\s*[A-Za-z][\w-]*)*)(?=\s|$)(?!=)")
_CODE = regex(r"[A-Z]{3}\d{3}|[a-z]+(?:-[a-z]+)+|[a-z]{4,}")
_FIELD = regex(r"\s*(\w+)=(?:\"((?:[^\"\\]|\\.)*)\"|'([^']*)'|([^\s\"'“”]+))(?=\s|$)", re.DOTALL)
_SHAPE = 'Write <!-- kap: ignore WRD001 reason="..." --> with the rules it is meant for.'


def is_ours(html: str) -> bool:
    """Whether a piece of HTML begins with a comment for this tool."""
    match = _COMMENT.match(html)
    return match is not None and _OURS.match(match["body"]) is not None


def read_comments(draft: Draft, token: Token, covers: Place | None, lines: list[str]) -> None:
    """Read the comments of an HTML block; those for this tool become suppressions or problems."""
    assert token.map is not None
    first, last = token.map
    text = "\n".join(lines[first:last])
    for match in _COMMENT.finditer(text):
        if _OURS.match(match["body"]):
            place = _place(draft.path, text, first, match.start(), match.end())
            if match["end"]:
                _read(draft, match["body"], place, covers)
            else:
                draft.problem(place, "this comment is never closed, so the rest of the page is lost", "Close it: -->.")


def _place(path: str, text: str, first: int, start: int, end: int) -> Place:
    line = text.count("\n", 0, start)
    column = start - (text.rfind("\n", 0, start) + 1)
    end_line = text.count("\n", 0, end)
    end_column = end - (text.rfind("\n", 0, end) + 1)
    return Place(path, first + line + 1, column + 1, first + end_line + 1, end_column + 1)


def _read(draft: Draft, body: str, place: Place, covers: Place | None) -> None:
    head = _KAP.match(body)
    verb = (head["verb"] or "") if head else ""
    rest = head["rest"] if head else ""
    if verb != "ignore":
        draft.problem(place, f"“{verb or body.strip()}” is no instruction of a kap comment", _SHAPE)
        return
    codes, position, fault = _read_codes(rest)
    if fault:
        draft.problem(place, *fault)
        return
    fields, fault = _read_fields(rest, position)
    if fault:
        draft.problem(place, *fault)
        return
    until = None
    if "until" in fields:
        day = PartialDate.parse(fields["until"])
        until = date(day.year, day.month, day.day) if day and day.day else None
        if until is None:
            draft.problem(place, f"“{fields['until']}” is no date", "Write until=YYYY-MM-DD, the last day it counts.")
            return
    if covers is None:
        draft.problem(
            place, "nothing follows this comment, so it covers nothing", "Put it before the block it is meant for."
        )
        return
    draft.suppressions.append(Suppression(codes, place, covers, fields.get("reason", "").strip(), until))


Fault = tuple[str, str]


def _read_codes(text: str) -> tuple[tuple[str, ...], int, Fault | None]:
    match = _CODES.match(text)
    if match is None:
        return (), 0, ("this kap comment names no rule", _SHAPE)
    written = (code.strip() for code in match[1].split(","))
    codes = tuple(BLANKET if code.upper() == BLANKET else code for code in written)
    for code in codes:
        if code.upper() == BLANKET:
            continue
        if not _CODE.fullmatch(code):
            shown = f"Did you mean {code.upper()}?" if _CODE.fullmatch(code.upper()) else _SHAPE
            return (), 0, (f"“{code}” is no rule's code or name", shown)
    return codes, match.end(), None


def _read_fields(text: str, position: int) -> tuple[dict[str, str], Fault | None]:
    fields: dict[str, str] = {}
    while text[position:].strip():
        match = _FIELD.match(text, position)
        if match is None:
            shown = text[position:].split(maxsplit=1)[0]
            return {}, (f"“{shown}” in this kap comment cannot be read", _SHAPE)
        name = match[1]
        if name not in {"until", "reason"}:
            return {}, (f"“{name}” is nothing a kap comment knows", 'It knows until=YYYY-MM-DD and reason="...".')
        if name in fields:
            return {}, (f"“{name}” is given twice", "Keep one of them.")
        fields[name] = next(value for value in match.groups()[1:] if value is not None)
        position = match.end()
    return fields, None
