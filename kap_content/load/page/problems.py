"""What looks like a mark on a page but is none, and what a page cannot carry."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

from markdown_it.token import Token

from kap_content.language.vocabulary import words
from kap_content.load.page.attributes import Attributes, UnreadableAttributesError, read_attributes
from kap_content.load.page.draft import Draft
from kap_content.model.page import Block
from kap_content.model.place import Place
from kap_content.startup.regex import regex

_MARK_NAMES = ("claim", "reason")
_COMMON = frozenset({"claim", "reason", "lang", "dir", "title", "role"})
_IMAGE = _COMMON | {"width", "height", "alt", "loading"}
_LINK = frozenset({"lang", "hreflang", "title", "target", "rel", "download"})
_ROOTS = ("nonclaim", "figure")


def check_span(draft: Draft, attributes: Attributes, place: Place) -> None:
    """Report what is wrong with the attributes of a span."""
    _check_mark(draft, attributes, place)
    _check_names(draft, attributes, place, _COMMON)
    if len(attributes.claims) > 1:
        draft.problem(
            place,
            f"one passage is marked with {len(attributes.claims)} claims",
            "Mark each claim's wording on its own: a passage can match one claim only.",
        )


def check_division(draft: Draft, attributes: Attributes, place: Place) -> None:
    """Report what is wrong with the attributes of a division. A figure's options are the renderer's to judge."""
    _check_mark(draft, attributes, place)
    if "figure" in attributes.classes:
        for name, _ in attributes.pairs:
            near = get_close_matches(name.lower(), _MARK_NAMES, n=1, cutoff=0.75)
            if near and name != near[0]:
                draft.problem(place, f"“{name}” is no attribute of a figure", f"Did you mean {near[0]}=?")
    else:
        _check_names(draft, attributes, place, _COMMON)


def check_image(draft: Draft, attributes: Attributes, place: Place) -> None:
    """Report what is wrong with the attributes behind an image."""
    _check_mark(draft, attributes, place)
    _check_names(draft, attributes, place, _IMAGE)


def _check_mark(draft: Draft, attributes: Attributes, place: Place) -> None:
    if any(not claim.strip() for claim in attributes.claims):
        draft.problem(place, "this mark names no claim", "Write {claim=ID} with the id of a claim in the registry.")
    for name in attributes.classes:
        near = get_close_matches(name.lower().replace("_", "-"), _ROOTS, n=1, cutoff=0.8)
        if near and name != near[0]:
            draft.problem(place, f"“.{name}” means nothing here", f"Did you mean .{near[0]}?")
    reason, is_nonclaim = attributes.get("reason"), attributes.nonclaim is not None
    if is_nonclaim and attributes.claims:
        draft.problem(
            place,
            "this mark says both that the passage is a claim and that it is none",
            "Keep either claim= or .nonclaim.",
        )
    elif is_nonclaim and not (reason or "").strip():
        draft.problem(
            place,
            "this .nonclaim mark gives no reason",
            'Write {.nonclaim reason="..."}: a reviewer wants to know why the passage needs no source.',
        )
    elif reason is not None and not is_nonclaim:
        draft.problem(place, "a reason is given, but for nothing", 'Write {.nonclaim reason="..."}.')
    names = [name for name, _ in attributes.pairs]
    for name in dict.fromkeys(names):
        if name != "claim" and names.count(name) > 1:
            draft.problem(place, f"“{name}” is given twice", "Keep one of them.")


def _check_names(draft: Draft, attributes: Attributes, place: Place, known: Iterable[str]) -> None:
    for name in dict.fromkeys(name for name, _ in attributes.pairs):
        if name not in known and not name.startswith(("data-", "aria-")):
            near = get_close_matches(name.lower(), _MARK_NAMES, n=1, cutoff=0.6)
            fix = f"Did you mean {near[0]}=?" if near else f"A mark knows {', '.join(sorted(known))}."
            draft.problem(place, f"“{name}” is no attribute of a mark", fix)


_CLAIM_TARGET = regex(r"(?:\{|%7B)?(?:claim|reason)(?:=|%3D)|(?:\{|%7B)?\.nonclaim", re.IGNORECASE)


def check_target(draft: Draft, token: Token, place: Place) -> None:
    """Report a link that was meant as a mark, and attributes of a link that it cannot have."""
    target = str(token.attrs.get("href", ""))
    if _CLAIM_TARGET.match(target):
        draft.problem(
            place,
            f"this is a link to “{target}”, not a mark",
            "Put the mark in braces: [wording]{claim=ID}.",
        )
    attributes = token.meta.get("attributes")
    if isinstance(attributes, Attributes):
        if attributes.claims or attributes.nonclaim is not None:
            draft.problem(
                place,
                "the mark stands behind a link and not behind [wording]",
                "Put brackets around the whole wording: [[link text](target)]{claim=ID}.",
            )
        else:
            _check_names(draft, attributes, place, _LINK)


_LOST = words(
    "img picture video audio iframe object embed svg canvas table form input button script style link meta math"
)
_TAG_NAME = regex(r"<([A-Za-z][\w-]*)")


def check_tag(draft: Draft, tag: str, place: Place) -> None:
    """Report an HTML tag whose content would be lost, since pages are shown without HTML."""
    match = _TAG_NAME.match(tag)
    name = match[1].lower() if match else ""
    if name not in _LOST:
        return
    if name in {"img", "picture", "svg"}:
        fix = "Write ![what it shows](file.svg)."
    elif name == "table":
        fix = "Write a Markdown table: | a | b |."
    else:
        fix = "Remove it: a page is Markdown, and HTML in it is never carried out."
    draft.problem(place, f"<{name}> is HTML, which a page does not show", fix)


_LOST_LINK = regex(r"\]\((?:https?:|mailto:|#|[\w./-]+\.md\b)[^\s()]*\)")
_LONGEST_MARK = 300
_SUSPECT = regex(r"\{\s*(?:[.#]?\s*(?:non-?claims?|claims?|reason)\b)", re.IGNORECASE)
_ATTACHED = regex(r"\]\{\s*(?:[.#][A-Za-z]|[A-Za-z][\w-]*\s*=\s*[\"'“\w])")


def scan_text(draft: Draft, block: Block, opaque: list[tuple[int, int]]) -> None:
    """Report every brace and every target of a link in a block's visible text: the parser could not read it."""
    text = block.text
    for link in _LOST_LINK.finditer(text) if "](" in text else ():
        if not any(low <= link.start() < high for low, high in opaque):
            draft.problem(
                block.at(link.start() + 1, link.end()),
                f"{link[0][1:]} is shown as text: the words before it make no link",
                "A link holds no citation and no other link: write [words](target) [@key].",
            )
    if "{" not in text:
        return
    starts = {match.start() for match in _SUSPECT.finditer(text)}
    starts.update(match.start() + 1 for match in _ATTACHED.finditer(text))
    for start in sorted(starts):
        if not any(low <= start < high for low, high in opaque):
            message, fix = _why(text, start)
            end = text.find("}", start)
            end = min(len(text), start + 40) if end < 0 or end - start > _LONGEST_MARK else end + 1
            draft.problem(block.at(start, end), message, fix)


def scan_html(draft: Draft, block: Block) -> None:
    """Report marks inside an HTML block, where Markdown is not read."""
    for match in _SUSPECT.finditer(block.text):
        draft.problem(
            block.at(match.start(), match.end()),
            "this mark stands inside HTML, where no mark is read",
            "Take the HTML tags away, or use ::: {.class} for a part of the page.",
        )


def _why(text: str, start: int) -> tuple[str, str]:
    try:
        _, end = read_attributes(text, start)
    except UnreadableAttributesError as error:
        closing = text.find("}", start)
        if closing < 0 or any(text.find(bracket, start + 1, closing) >= 0 for bracket in "[{"):
            return "this mark cannot be read: its brace { is never closed", "Close the braces with }."
        return f"this mark cannot be read: {error.message}", error.fix
    mark = text[start:end]
    before = text[:start]
    if before.endswith("]"):
        return (
            f"the mark {mark} belongs to no [wording]: its opening bracket is missing or does not pair",
            "Put one pair of brackets directly around the wording; write other brackets as \\[ and \\].",
        )
    if before.rstrip().endswith("]"):
        return "a space stands between [wording] and its mark", f"Write [wording]{mark} without the space."
    if "[" in before:
        return f"the bracket before {mark} is never closed", f"Write [wording]{mark}."
    return f"the mark {mark} has no [wording] before it", f"Put the wording in brackets: [wording]{mark}."
