"""Text made comparable: markup and entities out; accents, case, dashes and quotation marks folded. Pure, idempotent."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from html import unescape

from kap_content.startup.regex import regex

_UNPREFIXED = (
    "i|b|em|strong|sub|sup|inf|sc|scp|small|u|tt|p|br|span|div|font|title|italic|bold|underline|emph|ovl|roman|monospace"
    "|sans-serif|overline|strike|named-content|styled-content|xref|ext-link|fn|inline-formula|alternatives"
    "|math|mrow|mi|mn|mo|ms|mtext|mspace|msub|msup|msubsup|mfrac|msqrt|mroot|mover|munder|munderover|mstyle|mfenced"
    "|mmultiscripts|mprescripts|none|semantics|annotation|mpadded|mphantom|merror|mtable|mtr|mtd"
)
_TAG = regex(
    rf"</?(?:(?:jats|mml|m):[A-Za-z][\w-]*|(?:{_UNPREFIXED}))(?:\s+[\w:-]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*\s*/?>",
    re.IGNORECASE,
)
_TEX_TWIN = regex(r"<(tex-math|annotation)\b[^>]*>.*?</\1>", re.IGNORECASE | re.DOTALL)
"""A TeX copy that stands beside the same formula in MathML."""
_TEX_COMMAND = regex(r"\\([A-Za-z]+)\s?")
_TEX_MARK = regex(r"[{}$]|\\[^A-Za-z]")

_ROUNDS = 8
"""Entities were seen escaped three times over; an end is put to texts made to go on for ever."""

_GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta", "θ": "theta",
    "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "ο": "omicron", "π": "pi", "ρ": "rho",
    "σ": "sigma", "τ": "tau", "υ": "upsilon", "φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega",
}  # fmt: skip
_GREEK_NAMES = frozenset(_GREEK.values())
_LETTERS = str.maketrans(
    {
        "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t", "ŋ": "n",
        "ə": "a", "ß": "ss", "ĸ": "k",
        **dict.fromkeys("‐‑‒–—―−﹘﹣－", "-"),
        **dict.fromkeys("‘’‚‛′ʹʻʼʽˈ`´＇", "'"),
        **dict.fromkeys("“”„‟«»″＂", '"'),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", ""),
        "&": " and ",
        **{letter: f" {name} " for letter, name in _GREEK.items()},
    }
)  # fmt: skip
_WORD = regex(r"[^\W_]+")
_JOINT = regex(r"(?<=\w)'(?=\w)|(?<=\b[a-z])\.(?=[a-z]\b)")


def plain(text: str) -> str:
    """`text` as a reader sees it: entities resolved (however often they were escaped), tags and TeX marks taken out.

    `<` and `>` that are no tag of JATS, HTML or MathML stay: a title may say `p < 0.05`.
    """
    if text.isascii() and not suspect(text):
        return " ".join(text.split())
    for _ in range(_ROUNDS):
        resolved = _without_tex(_TAG.sub("", _TEX_TWIN.sub("", unescape(text))))
        if resolved == text:
            break
        text = resolved
    return " ".join(text.split())


def _without_tex(text: str) -> str:
    if not any(mark in text for mark in "\\${}"):
        return text
    text = _TEX_COMMAND.sub(lambda match: match[1] + " " if match[1].lower() in _GREEK_NAMES else "", text)
    return _TEX_MARK.sub("", text).replace("\\", "")


def suspect(text: str) -> bool:
    """Whether `text` may hold markup, entities or TeX."""
    return any(mark in text for mark in "<&\\${}")


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """`text` in lower case without accents, with plain dashes and quotation marks, `&` as `and`, Greek letters named.

    White space is single and none stands at the ends.
    """
    if text.isascii():
        return " ".join(text.lower().replace("&", " and ").replace("`", "'").split())
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold()).casefold()
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    folded = unicodedata.normalize("NFKD", bare.translate(_LETTERS)).casefold()
    return " ".join("".join(letter for letter in folded if not unicodedata.combining(letter)).split())


def words(text: str) -> tuple[str, ...]:
    """The words of `text`, folded; an apostrophe in a word and the dots of `U.S.` join, every other mark parts."""
    return tuple(_WORD.findall(_JOINT.sub("", fold(text))))


def squashed(text: str) -> str:
    """The letters and digits of `text`, folded, without anything between them."""
    return "".join(_WORD.findall(fold(text)))


def script(text: str) -> str:
    """`latin`, `other` or the empty string: the writing of most letters of `text`. Greek letters count as latin."""
    if text.isascii():
        return "latin" if _WORD.search(text) and not text.isdecimal() else ""
    letters = [letter for letter in unicodedata.normalize("NFKC", text) if letter.isalpha()]
    if not letters:
        return ""
    foreign = sum(not unicodedata.name(letter, "").startswith(("LATIN", "GREEK", "MODIFIER")) for letter in letters)
    return "other" if foreign * 2 > len(letters) else "latin"


def word_set(*texts: str) -> frozenset[str]:
    """The words of a list written as text."""
    return frozenset(word for text in texts for word in text.split())


def edits(one: str, other: str, limit: int) -> int:
    """How many single-character edits (a swap of neighbours counts as one) lead from `one` to `other`.

    At most `limit + 1`: more is not counted.
    """
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        previous, row = row, [i]
        for j, right in enumerate(other, 1):
            cost = min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (left != right))
            if before and j > 1 and left == other[j - 2] and one[i - 2] == right:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
        before = previous
    return min(row[-1], limit + 1)
