"""Comparing wordings: what counts as the same text, what differs, and which name was probably meant."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher, get_close_matches

from kap_content.startup.regex import regex

_SAME = str.maketrans(
    {
        "‘": "'", "’": "'", "‚": "'", "‛": "'", "′": "'", "`": "'", "´": "'",
        "“": '"', "”": '"', "„": '"', "‟": '"', "«": '"', "»": '"', "″": '"',
        "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-",
        "…": "...",
        "\u00ad": None, "\u200b": None, "\u200c": None, "\u200d": None, "\u2060": None, "\ufeff": None,
    }
)  # fmt: skip
_SPACE = regex(r"\s+")
_LOOSE = regex(r" (?=%)|(?<=\S) (-) (?=\S)")
"""White space before a percent sign, or on both sides of a dash; before a minus (`by -5`) it stays."""
_WORD = regex(r"\S+")

CONTEXT = 3
"""Words shown on each side of a difference."""


def normalise_wording(text: str) -> str:
    """The wording without what typography changes: quotation marks, dashes, white space, soft hyphens. Case stays.

    White space before a percent sign or around a dash does not count: `30 – 40 %` is `30-40%`.
    """
    return _LOOSE.sub(lambda match: match[1] or "", _folded(text))


def _folded(text: str) -> str:
    return _SPACE.sub(" ", unicodedata.normalize("NFC", text).translate(_SAME)).strip()


def comparable_wording(text: str) -> str:
    """The normalised wording without its final full stop: what is equal here says the same."""
    return normalise_wording(text).removesuffix(".").rstrip()


def word_difference(old: str, new: str) -> str:
    """What differs between two wordings, word by word: `... fell by about [half → a third] within an hour ...`.

    `[→ word]` was added, `[word →]` left out. Words alike on both sides are cut down to a few around each change.
    Empty where the wordings are equal, a final full stop aside; one that only one side has is not shown.
    """
    one, other = normalise_wording(old), normalise_wording(new)
    stop = one.endswith(".") != other.endswith(".") or comparable_wording(old) == comparable_wording(new)
    if stop:
        one, other = comparable_wording(old), comparable_wording(new)
    before, after, changes = _compared(one, other)
    if all(tag == "equal" for tag, *_ in changes):
        return ""
    # With the blanks as they were written it reads better, where these do not differ themselves.
    spaced = [_folded(text).removesuffix("." if stop else "\n").rstrip() for text in (old, new)]
    written = _compared(*spaced)
    if _count(written[2]) <= _count(changes):
        before, after, changes = written
    parts = []
    for index, (tag, low, high, start, end) in enumerate(changes):
        if tag == "equal":
            parts.append(_shared(before[low:high], first=index == 0, last=index == len(changes) - 1))
        else:
            parts.append("[" + " ".join(filter(None, (*before[low:high], "→", *after[start:end]))) + "]")
    return " ".join(parts)


_Changes = Sequence[tuple[str, int, int, int, int]]


def _compared(one: str, other: str) -> tuple[list[str], list[str], _Changes]:
    before, after = _WORD.findall(one), _WORD.findall(other)
    changes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return before, after, changes


def _count(changes: _Changes) -> int:
    return sum(1 for tag, *_ in changes if tag != "equal")


def _shared(words: list[str], *, first: bool, last: bool) -> str:
    left = [] if first else words[:CONTEXT]
    right = [] if last else words[-CONTEXT:]
    if len(left) + len(right) >= len(words):
        return " ".join(words)
    return " ".join([*left, "...", *right])


MANY = 2000
"""Above so many candidates, only those that begin or end like the word are compared."""


def nearest(word: str, candidates: Iterable[str], *, cutoff: float = 0.6) -> str | None:
    """The candidate that `word` is probably a slip of, or None; case alone never keeps two apart."""
    found = nearest_few(word, candidates, count=1, cutoff=cutoff)
    return found[0] if found else None


def nearest_few(word: str, candidates: Iterable[str], *, count: int = 3, cutoff: float = 0.6) -> tuple[str, ...]:
    """The candidates that `word` may be a slip of, the likeliest first."""
    names: dict[str, str] = {}
    for candidate in candidates:
        names.setdefault(candidate.casefold(), candidate)
    folded = word.casefold()
    if folded in names:
        return (names[folded],)
    pool = list(names)
    if len(pool) > MANY:
        pool = [name for name in pool if name[:3] == folded[:3] or name[-3:] == folded[-3:]]
    return tuple(names[name] for name in get_close_matches(folded, pool, n=count, cutoff=cutoff))
