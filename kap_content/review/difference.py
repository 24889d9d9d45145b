"""What differs between two states of a claim: its wording word by word, everything else field by field. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from kap_content.language.wording import normalise_wording
from kap_content.model.claim import Anchor, Claim, Evidence
from kap_content.review.pieces import Mark, Piece
from kap_content.startup.regex import regex

_WORDS = regex(r"\S+\s*")
NOTHING = "—"
"""What stands for an empty field."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that differs: `name` as people call it, both texts, and one text with the words marked."""

    name: str
    before: str
    after: str
    words: tuple[Piece, ...]


def word_pieces(before: str, after: str) -> tuple[Piece, ...]:
    """One text out of two: words that are gone, and words that were added, marked."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    left, right = ([normalise_wording(word) for word in words] for words in (old, new))
    pieces: list[Piece] = []
    for tag, low, high, start, end in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("".join(new[start:end])))
            continue
        if low < high:
            pieces.append(Piece("".join(old[low:high]), (Mark.GONE,)))
        if start < end:
            pieces.append(Piece("".join(new[start:end]), (Mark.ADDED,)))
    return tuple(piece for piece in pieces if piece.text)


def differences(before: Claim, after: Claim) -> tuple[FieldChange, ...]:
    """Every field in which two states of a claim differ, in the order in which a reviewer reads them."""
    old, new = dict(_fields(before)), dict(_fields(after))
    found = []
    for name in dict.fromkeys((*old, *new)):
        one, other = old.get(name, ""), new.get(name, "")
        if one != other:
            found.append(FieldChange(name, one or NOTHING, other or NOTHING, word_pieces(one, other)))
    return tuple(found)


def _fields(claim: Claim) -> Iterator[tuple[str, str]]:
    """What of a claim a decision rests on, as text by name."""
    pico = claim.pico
    yield "wording", claim.match_text
    yield "variations", " | ".join(sorted(claim.variations))
    yield "category", claim.category or ""
    yield "status", claim.status
    yield "certainty", (claim.certainty or "").replace("_", " ")
    for name in ("population", "intervention", "route", "comparator", "outcome", "timepoint"):
        yield name, getattr(pico, name)
    yield "jurisdiction", claim.jurisdiction
    yield "quantity", f"{claim.quantity.value} {claim.quantity.unit}".strip() if claim.quantity else ""
    yield "last year of the data", str(claim.data_end or "")
    yield "next review due", claim.next_review_due.isoformat() if claim.next_review_due else ""
    seen: dict[str, int] = {}
    for item in claim.evidence:
        seen[item.ref] = seen.get(item.ref, 0) + 1
        name = f"{item.ref} ({seen[item.ref]})" if seen[item.ref] > 1 else item.ref
        yield f"evidence {name}", "cited"
        for field, text in _evidence(item):
            yield f"{field} of {name}", text


def _evidence(item: Evidence) -> Iterator[tuple[str, str]]:
    pico = item.pico
    yield "finding", item.finding
    yield "quotation", item.anchor.exact
    yield "anchor", locator(item.anchor)
    yield "verdict", (item.verdict or "").replace("_", " ")
    yield "design", item.design or ""
    yield "direction", item.direction
    yield "relation", item.relation
    yield "reason to keep it", item.seminal
    for name in ("population", "intervention", "route", "comparator", "outcome", "timepoint"):
        yield name, getattr(pico, name)


def locator(anchor: Anchor) -> str:
    """`page 665, table 2`: where in the source, as a reader looks it up."""
    named = (("page", anchor.page), ("table", anchor.table), ("figure", anchor.figure), ("section", anchor.section))
    return ", ".join(f"{name} {text}" for name, text in named if text)
