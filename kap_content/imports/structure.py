"""What lines of a page are by their words: skip links, navigation, captions, headings, lists of references."""

from __future__ import annotations

import re

from kap_content.imports.document import Document, Kind, ListedReference, Part
from kap_content.imports.references.parsed import YEAR
from kap_content.imports.references.read import LABEL
from kap_content.startup.regex import regex

SKIP_LINK = regex(
    r"(?:skip|jump|go)(?:\s+(?:directly|straight))?\s+(?:to|past)\s+(?:the\s+)?(?:main\s+|primary\s+|page\s+)?"
    r"(?:content|navigation|menu|search|footer|header|sidebar|text)|skip (?:navigation|nav|links?)|back to top",
    re.IGNORECASE,
)
REFERENCES = regex(
    r"(?:\d+\.?\s*)?(?:(?:list of\s+)?references?(?:\s+(?:and|&)\s+(?:notes|further reading|sources))?|"
    r"bibliography|"
    r"(?:our\s+)?sources?|notes|(?:article\s+)?citations?|works cited|cited works|literature(?:\s+cited)?|"
    r"endnotes|footnotes)\s*:?",
    re.IGNORECASE,
)
_SURE = regex(r"references?|bibliography|works cited|literature", re.IGNORECASE)
CAPTION = regex(r"(?:figure|fig|table|chart|graph|image|photo)\b\.?\s*[\w.]{0,5}\s*[:.]\s?\S", re.IGNORECASE)
AXIS = regex(
    r"\b(?:scores?|scale|ratings?|mean|median|weeks?|days?|months?|hours?|baseline|placebo|percent|points?|"
    r"axis|legend)\b|%|\bn\s?=",
    re.IGNORECASE,
)
_NAVIGATION = regex(r"\S.*?(?:\s+[|›»·•/>]\s+\S.*?){2,}")
_BYLINE = regex(
    r"(?:(?:medically |clinically |fact[- ])?(?:written|reviewed|updated|published|posted|edited|checked|authored)\b|"
    r"by\s+[A-Z]|"
    r"last (?:updated|reviewed)|share\b|tags?:|category:)",
    re.IGNORECASE,
)
_LOOKS_LISTED = regex(
    rf"\b{YEAR}\b|https?://|\bwww\.|\bdoi\b|\b10\.\d{{4,9}}/|\bet al\b|\bn\.\s?d\.|in press", re.IGNORECASE
)
_MARKS_AT_END = regex(r"(?:\s*\[\d[\d,;\s–-]*\]|[¹²³⁰⁴-⁹][¹²³⁰⁴-⁹⁻,]*+|(?<=[.!?])\d[\d,–-]*+)++$")
_SENTENCE_INSIDE = regex(r"(?:\S+\s+){3,}\S*(?:[^\W\d_]{4}|[)\]])[.!?]\s+[A-ZÀ-Þ]")
"""A sentence of some words that ends before the line does: `It may be safe (Short, 2018). Does it work?`"""

LONGEST_HEADING = 100
MOST_WORDS = 15
MOST_AXIS_WORDS = 6


def is_navigation(text: str) -> bool:
    """Whether a line is a menu: `Home | Treatments | About us`, with no sentence in it."""
    return _NAVIGATION.fullmatch(text) is not None and text[-1:] not in ".!?"


def is_heading(text: str) -> bool:
    """Whether a line alone could be a heading: short, no sentence, no byline."""
    if len(text) > 2 * LONGEST_HEADING:
        return False
    text = without_marks(text)
    if not text or len(text) > LONGEST_HEADING or len(text.split()) > MOST_WORDS or not re.search(r"[^\W\d_]", text):
        return False
    if text[-1] in ".,;…" or text.endswith("...") or (text[-1] == ":" and not REFERENCES.fullmatch(text)):
        return False
    if _SENTENCE_INSIDE.match(text):
        return False
    return not (_BYLINE.match(text) or CAPTION.match(text) or is_navigation(text) or text[0].islower())


def without_marks(text: str) -> str:
    """A line without the citations at its end."""
    return _MARKS_AT_END.sub("", text).strip()


def looks_listed(text: str) -> bool:
    """Whether a line has what references have: a year, an address, a DOI, “et al”."""
    return _LOOKS_LISTED.search(text) is not None


def with_references(document: Document) -> Document:
    """Move the list of references, where the page has one, out of the parts."""
    at = _list_start(document.parts)
    if at is None:
        return document
    found = _listed(document.parts[at + 1 :])
    if found is None:
        return document
    references, numbered, used = found
    return Document(
        document.title,
        document.subtitle,
        document.description,
        (*document.parts[:at], *document.parts[at + 1 + used :]),
        references,
        numbered,
        document.dropped,
        document.remarks,
    )


def _list_start(parts: tuple[Part, ...]) -> int | None:
    """The part that heads the list: the last one whose words say so and behind which references stand."""
    for index in range(len(parts) - 1, -1, -1):
        part = parts[index]
        if part.kind not in (Kind.HEADING, Kind.PARAGRAPH) or not REFERENCES.fullmatch(part.text):
            continue
        following = parts[index + 1 : index + 3]
        if following and (_SURE.search(part.text) or any(looks_listed(other.text) for other in following)):
            return index
    return None


def _listed(parts: tuple[Part, ...]) -> tuple[tuple[ListedReference, ...], bool, int] | None:
    """The references that `parts` begin with, whether they are numbered, and how many parts they take."""
    if not parts:
        return None
    label = LABEL.match(parts[0].text)
    numbered = bool(parts[0].ordered or (label and (label["number"] or label["square"] or label["bare"])))
    found: list[ListedReference] = []
    used = 0
    for part in parts:
        if not _belongs(part, numbered=numbered, count=len(found)):
            break
        used += 1
        text = part.text
        label = LABEL.match(text)
        written = label and (label["number"] or label["square"] or (label["bare"] and plain_digits(label["bare"])))
        if numbered and not part.ordered and not written and found:
            # The reference of the line above goes on.
            found[-1] = ListedReference(found[-1].number, f"{found[-1].text} {text}", found[-1].line)
            continue
        number = int(written) if numbered and written and not part.ordered else len(found) + 1
        found.append(ListedReference(number, text, part.line))
    return (tuple(found), numbered, used) if found else None


def _belongs(part: Part, *, numbered: bool, count: int) -> bool:
    if part.kind not in (Kind.PARAGRAPH, Kind.ITEM, Kind.HEADING):
        return False
    label = LABEL.match(part.text)
    if numbered:
        if part.ordered or (label and (label["number"] or label["square"] or label["bare"])):
            return True
        return bool(count) and part.kind is Kind.PARAGRAPH and looks_listed(part.text) and not is_heading(part.text)
    if part.kind is Kind.HEADING:
        return False
    return looks_listed(part.text) or (not count and part.kind is Kind.ITEM) or part.kind is Kind.ITEM


def plain_digits(text: str) -> str:
    """Superscript digits as plain ones."""
    return text.translate(_RAISED)


_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_RAISING = str.maketrans("0123456789-+", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺")


def raised(text: str) -> str:
    """Plain digits and signs as superscript ones; anything else as it is."""
    return text.translate(_RAISING) if re.fullmatch(r"[\d+-]+", text) else text
