"""The letters of an entry: mark-up inside titles, title case, quotation marks, dashes and apostrophes.

citeproc-py knows neither mark-up in fields nor quotation marks inside others, and capitalises the first half of
`work-based` only. So the style is asked to put marks around what it wants in title case or in quotation marks, and
this module does it. Marks are private-use characters, which are taken out of all input first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kap_content.startup.regex import regex

TAGS = {"i": 0xE100, "b": 0xE102, "sup": 0xE104, "sub": 0xE106, "u": 0xE108, "small": 0xE10A}
"""The character that opens each kind of lettering; the one that closes it is the next."""
OPENING = "".join(chr(code) for code in TAGS.values())
CLOSING = "".join(chr(code + 1) for code in TAGS.values())
DASH = "\ue0ff"
"""A dash that the library must not see."""
TITLE, END_TITLE = "\ue110", "\ue111"
FIRST, END_FIRST = "\ue112", "\ue113"
QUOTE, END_QUOTE = "\ue114", "\ue115"
AS_IT_IS, END_AS_IT_IS = "\ue116", "\ue117"
PRIVATE = regex("[\ue000-\uf8ff]")

_CONTROL = regex(r"[\x00-\x1f\x7f-\x9f]+")
_SOFT_HYPHEN = "\u00ad"
_MARKUP = regex(
    r"<(?:(?P<plain>i|b|u|sup|sub|sc)"
    r"|span (?P<span>class=[\"']no(?:case|decor)[\"']|style=[\"']font-variant:\s?small-caps;[\"']))\s*>"
    r"|</(?P<end>i|b|u|sup|sub|sc|span)>",
    re.IGNORECASE,
)
_SMALL_WORDS = frozenset(
    {"a", "an", "and", "as", "at", "but", "by", "down", "for", "from", "in", "into", "nor", "of", "on", "onto", "or"}
    | {"over", "so", "the", "till", "to", "up", "via", "with", "yet", "vs", "de", "van", "von"}
)
"""What stays small in a title: the list of the CSL specification, `vs`, and particles of names."""


def clean(text: str) -> str:
    """Text without control and private-use characters, white space folded, simple mark-up as marks."""
    plain = PRIVATE.sub("", _CONTROL.sub(" ", text)).replace(_SOFT_HYPHEN, "")
    return _marked(re.sub(r"\s{2,}", " ", plain).strip())


def _marked(text: str) -> str:
    """Mark-up of CSL's rich text (<i>, <sub>, ...) as marks, where each element ends; all else stays text."""
    found: list[tuple[int, int, str, str]] = []
    waiting: list[tuple[str, int, int, str, str]] = []
    for tag in _MARKUP.finditer(text):
        name = (tag["end"] or tag["plain"] or "span").lower()
        if not tag["end"]:
            opened, closed = _signs(name, tag["span"] or "")
            waiting.append((name, tag.start(), tag.end(), opened, closed))
        elif waiting and waiting[-1][0] == name:
            _, start, end, opened, closed = waiting.pop()
            found += [(start, end, opened, ""), (tag.start(), tag.end(), closed, "")]
    for start, end, sign, _ in sorted(found, reverse=True):
        text = text[:start] + sign + text[end:]
    return text


def _signs(name: str, span: str) -> tuple[str, str]:
    if span.startswith("class"):
        return (AS_IT_IS, END_AS_IT_IS) if "nocase" in span else ("", "")
    code = TAGS["small" if name in {"sc", "span"} else name]
    return chr(code), chr(code + 1)


@dataclass(frozen=True, slots=True)
class Quotes:
    """The quotation marks of a language: outer ones, and those inside others."""

    outer: tuple[str, str] = ("“", "”")
    inner: tuple[str, str] = ("‘", "’")


def lettered(text: str, quotes: Quotes, *, title_case: bool) -> str:
    """An entry as its style wants it written: title case, first capitals and quotation marks, their marks gone.

    Titles in another language than that of the style keep their case (`title_case` false).
    """
    text = re.sub(f"{TITLE}([^{END_TITLE}]*){END_TITLE}", lambda part: _title(part[1]) if title_case else part[1], text)
    text = re.sub(f"{FIRST}([^{END_FIRST}]*){END_FIRST}", lambda part: _first(part[1]), text)
    return re.sub(f"[{AS_IT_IS}{END_AS_IT_IS}{TITLE}{END_TITLE}{FIRST}{END_FIRST}]", "", _quoted(text, quotes))


_WORD = regex(
    f"(?P<kept>{AS_IT_IS}[^{END_AS_IT_IS}]*{END_AS_IT_IS}|[{chr(TAGS['sup'])}{chr(TAGS['sub'])}][^{CLOSING}]*[{CLOSING}])"
    r"|(?P<word>[^\W\d_](?:[\w]|['’.](?=\w))*)"
)


def _title(text: str) -> str:
    """Title case as the CSL specification has it: capitals for words in small letters, but for the small words."""
    end = max((found.end() for found in re.finditer(r"[^\W_]", text)), default=0)

    def capital(found: re.Match[str]) -> str:
        word, before = found["word"], text[: found.start()]
        if word is None or not word.islower() or before[-1:].isalnum() or "." in word or re.match(r"[dl]['’]\w", word):
            return found[0]
        if before[-1:] in set("`ʿʾ") or any(letter.isdigit() for letter in word):
            return word
        bare = before.rstrip(f"{OPENING}{QUOTE}“‘\"'([")
        begins = bare != before.rstrip(OPENING) or not bare or bare.rstrip(f" {CLOSING}”’\"'")[-1:] in set(":?!.")
        is_small = word in _SMALL_WORDS or len(word) == 1
        if is_small and not begins and (found.end() != end or len(word) == 1):
            return word
        return word[0].upper() + word[1:]

    return _WORD.sub(capital, text)


def _first(text: str) -> str:
    """With a capital at the head."""
    return re.sub(r"[^\W\d_]", lambda letter: letter[0].upper(), text, count=1)


_OPENS = regex(rf"(?<![\w.,;:!?)\]”’{CLOSING}])[“‘\"'](?=[^\s])")
_MARKS = regex(f"[{QUOTE}{END_QUOTE}“”‘’\"']")


def _quoted(text: str, quotes: Quotes) -> str:
    """Quotation marks outer and inner by turns; those that pair with none stay, and apostrophes are curved."""
    pairs: list[tuple[int, int]] = []
    waiting: list[tuple[int, str]] = []
    for found in _MARKS.finditer(text):
        sign, at = found[0], found.start()
        if sign == END_QUOTE:
            while waiting and text[waiting[-1][0]] != QUOTE:
                waiting.pop()
            if waiting:
                pairs.append((waiting.pop()[0], at))
        elif sign in f"{QUOTE}“" or (sign in "‘\"'" and _OPENS.match(text, at)):
            waiting.append((at, sign))
        elif sign != "‘" and not text[at + 1 : at + 2].isalnum():
            kind = '“"' if sign in '”"' else "‘'"
            place = next(
                (n for n in range(len(waiting) - 1, -1, -1) if waiting[n][1] in kind or waiting[n][1] == QUOTE), -1
            )
            if place >= 0 and waiting[place][1] != QUOTE:
                pairs.append((waiting[place][0], at))
                del waiting[place:]
    signs = dict(enumerate(text))
    for start, end in pairs:
        depth = sum(other < start and end < last for other, last in pairs)
        if text[start] == "“" and not depth:
            continue  # as the entry has them
        signs[start], signs[end] = quotes.inner if depth % 2 else quotes.outer
    plain = "".join(signs.values()).replace(QUOTE, quotes.outer[0]).replace(END_QUOTE, quotes.outer[1])
    return re.sub(r"(?<=[^\W\d_])'(?=[^\W\d_])", "’", plain)
