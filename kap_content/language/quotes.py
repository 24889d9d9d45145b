"""Quotations and the texts that they are said to be from: normalised, found, and the nearest passage where they are not."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

_SAME = str.maketrans(
    {
        "‘": "'", "’": "'", "‚": "'", "′": "'", "`": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "″": '"',
        "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-", "·": ".", "…": "...",
        "\u00ad": None, "\u200b": None, "\u200c": None, "\u200d": None, "\u2060": None, "\ufeff": None,
    }
)  # fmt: skip
_BROKEN_WORD = re.compile(r"(?<=[a-z])-\s*\n\s*(?=[a-z])")
_SPACE = re.compile(r"\s+")
_AROUND_SIGNS = re.compile(r"\s*([=<>≤≥±%/()\[\]])\s*")
_DASH_SPACE = re.compile(r"\s*-\s*")
_GAP = re.compile(r"\s*(?:\[\s*\.\.\.\s*\]|\(\s*\.\.\.\s*\)|\.\.\.)\s*")
_NEAR = 0.55
_ENDS = re.compile(r"(?<=[.!?;:])\s+")


def normalise_quote(text: str) -> str:
    """`text` without what typesetting changes: ligatures, hyphenation, dashes, quotation marks, white space, case."""
    text = _BROKEN_WORD.sub("", unicodedata.normalize("NFKC", text)).translate(_SAME)
    text = _DASH_SPACE.sub("-", _AROUND_SIGNS.sub(r"\1", text))
    return _SPACE.sub(" ", text).strip().strip("\"'").strip().casefold()


def quote_hash(text: str) -> str:
    """The sha256 of the normalised quotation: what an anchor keeps once it was found."""
    return hashlib.sha256(normalise_quote(text).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Passage:
    """The passage of a source that comes nearest to a quotation; `likeness` is 1 for equal wording."""

    text: str
    likeness: float


def contains(source: str, quote: str) -> bool:
    """Whether `source` holds the quotation; an ellipsis in it stands for words left out, in order."""
    whole = normalise_quote(source)
    position = 0
    for part in _GAP.split(normalise_quote(quote)):
        wanted = part.strip(" .,;:")
        position = whole.find(wanted, position)
        if position < 0:
            return False
        position += len(wanted)
    return True


def nearest_passage(source: str, quote: str) -> Passage | None:
    """The sentence or two of `source` most like the quotation, or None where nothing is like it."""
    wanted = normalise_quote(quote)
    sentences = [sentence for sentence in _ENDS.split(" ".join(source.split())) if sentence]
    candidates = [*sentences, *(f"{one} {two}" for one, two in pairwise(sentences))]
    best: Passage | None = None
    matcher = SequenceMatcher(None, b=wanted, autojunk=False)
    for candidate in candidates:
        matcher.set_seq1(normalise_quote(candidate))
        floor = best.likeness if best else _NEAR
        if matcher.real_quick_ratio() <= floor or matcher.quick_ratio() <= floor:
            continue
        likeness = matcher.ratio()
        if likeness > floor:
            best = Passage(candidate, likeness)
    return best
