"""Numbers as prose writes them: digits with separators, words, fractions. Each becomes an `Atom` with its place."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction

from kap_content.language.quantity.value import Form
from kap_content.startup.regex import regex

_ONES = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}
_PARTS_OF = {
    "a quarter": Fraction(1, 4), "three quarters": Fraction(3, 4), "a third": Fraction(1, 3),
    "two thirds": Fraction(2, 3),
}  # fmt: skip
_MONEY = regex(r" ?(m|mn|bn|b|k)\b", re.IGNORECASE)
_MONEY_SCALES = {"k": "thousand", "m": "million", "mn": "million", "b": "billion", "bn": "billion"}
_CURRENCIES = ("$", "£", "€")
_PARTS = {
    "half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fourth": 4, "fourths": 4, "fifth": 5,
    "fifths": 5, "sixth": 6, "sixths": 6, "seventh": 7, "sevenths": 7, "eighth": 8, "eighths": 8, "ninth": 9,
    "ninths": 9, "tenth": 10, "tenths": 10,
}  # fmt: skip
_GLYPHS = {
    "½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5), "⅖": (2, 5), "⅗": (3, 5),
    "⅘": (4, 5), "⅙": (1, 6), "⅛": (1, 8), "⅜": (3, 8), "⅝": (5, 8), "⅞": (7, 8),
}  # fmt: skip

_UNIT_WORD = "|".join(sorted(_ONES, key=len, reverse=True))
_TEN_WORD = "|".join(_TENS)
_BELOW_100 = rf"(?:(?:{_TEN_WORD})(?:[- ](?:one|two|three|four|five|six|seven|eight|nine)\b)?|{_UNIT_WORD})"
_BELOW_1000 = rf"(?:(?:an?|{_BELOW_100})[- ]hundred(?:(?:,? and |[ -]){_BELOW_100}\b)?|{_BELOW_100})"
_WORDS = (
    rf"(?:(?:half a|an?|one|two|three) dozen|(?:an?|{_BELOW_1000})[- ](?:million|thousand)(?:(?:,? and |,? "
    rf"|-){_BELOW_1000}\b)?"
    rf"|{_BELOW_1000})"
)
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d{1,3}(?: \d{3})+(?![\d.]|,\d)|\d+)(?:\.\d+)?|\.\d+"
_PART_OF = (
    r"(?= of\b| (?:a|per|each|every) (?:day|night|week|month|year)\b| (?:to|or|and) (?:an?|one|half)\b| the \w"
    r"| (?:within|after|by|over|with|when|as|in) | [a-z]+er\b"
    r"| were\b| had\b| (?:lower|higher|less|fewer|more|reduction|smaller|larger|greater)\b|[.,;:)]|$)"
)
_PART_WORD = "|".join(sorted((word for word in _PARTS if word not in {"half", "halves"}), key=len, reverse=True))

_GLYPH = f"[{''.join(_GLYPHS)}]"
_AND_A_PART = r"(?:and )?(?:a half|a quarter|three quarters|½|¼|¾|1/2|1/4|3/4)\b"
_DIGIT_LED = (
    rf"(?P<mixed>(?<![\w.])\d+ {_AND_A_PART})"
    rf"|(?P<glued>(?<![\w.])\d+[½¼¾⅓⅔])"
    rf"|(?P<glyph>{_GLYPH})"
    r"|(?P<digits>(?<![\w.])(?:(?<![a-zA-Zα-ω]\))|(?=\d\.\d))(?<!\d,)"
    r"(?P<sign>(?<![\w)%\x00./-])[-+](?=[\d.])|(?:(?<=[ (\[=])|^)–(?=[\d.]))?"
    rf"(?:{_DIGITS})(?: ?(?P<scale>million|billion|thousand|hundred)\b)?)"
)
_WORD_LED = (
    r"(?P<article>(?:half )?an? (?=(?:hour|minute|day|week|fortnight|month|year|decade)s?\b)"
    r"|half an? (?=(?:litre|liter|gram|gramme|kilo|kilogram|metre|meter|pound|point|millimole)\b))"
    rf"|(?P<scaled>(?:half an? |(?:a quarter|three[ -]quarters|a third|two[ -]thirds) of a "
    rf"|{_BELOW_100} {_AND_A_PART} )(?:thousand|million|billion)\b)"
    rf"|(?P<mixed_words>{_BELOW_100} {_AND_A_PART})"
    rf"|(?P<fraction>(?:one|two|three|four|five|six|seven|eight|nine)[ -](?:{_PART_WORD})s?\b(?! (?:time|dose|day"
    rf"|trial))"
    rf"|a (?:third|quarter|fifth|tenth|sixth|eighth){_PART_OF}"
    r"|(?:one[- ])?half\b(?! (?:hour|an? (?!standard dev|SD\b|per ?cent)|a dozen)))"
    r"|(?P<bare_scale>(?:(?<=per )|(?<=every )|(?<=in a ))(?:hundred thousand|thousand|hundred|million)\b)"
    rf"|(?P<words>{_WORDS}(?:[ -](?:hundred|thousand|million|billion))?(?!(?!fold\b)\w)(?!-(?:sided|tailed|way)))"
)
ATOM = regex(rf"(?=[-+–\d.½⅓⅔¼¾⅕⅖⅗⅘⅙⅛⅜⅝⅞])(?:{_DIGIT_LED})|(?<![\w-])(?=[zotfsenhatm])(?:{_WORD_LED})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Atom:
    """A number: its value, half a unit of its last place, how it is written, where it stands."""

    value: Fraction
    precision: Fraction
    form: Form
    start: int
    end: int

    @property
    def is_integer(self) -> bool:
        """Whether it has no fractional part."""
        return self.value.denominator == 1


def atoms(text: str) -> list[Atom]:
    """The numbers of masked `text`, in order."""
    found: list[Atom] = []
    for match in ATOM.finditer(text):
        atom = _atom(match)
        if atom is not None:
            if found:
                found[-1] = _scaled_like(text, found[-1], atom)
            found.append(atom)
    return found


_SCALE_WORD = regex(r"(million|billion|thousand)$")
_RUNS_TO = regex(r" ?(?:[–—-]|to|and) ?$")


def _scaled_like(text: str, first: Atom, second: Atom) -> Atom:
    """The first of "171 to 279 million", in millions."""
    scale = _SCALE_WORD.search(text, second.start, second.end)
    if scale is None or first.form is not Form.NUMERAL or not _RUNS_TO.match(text, first.end, second.start):
        return first
    times = _SCALES[scale[1]]
    if first.value >= _SCALES["thousand"] or first.value * times >= second.value:
        return first
    return replace(first, value=first.value * times, precision=first.precision * times)


def _atom(match: re.Match[str]) -> Atom | None:
    kind, written = match.lastgroup or "", match[0]
    start, end = match.span()
    if match["digits"] is not None:
        value, precision = _digits(match)
        is_money = match.string[max(0, start - 2) : start].rstrip().endswith(_CURRENCIES)
        money = _MONEY.match(match.string, end) if is_money else None
        if money is not None:
            times = _SCALES[_MONEY_SCALES[money[1].lower()]]
            return Atom(value * times, precision * times, Form.NUMERAL, start, money.end())
        return Atom(value, precision, Form.NUMERAL, start, end)
    if kind in {"words", "bare_scale"}:
        value_of_words = words_to_number(written)
        if value_of_words is None:
            return None
        return Atom(Fraction(value_of_words), Fraction(1, 2), Form.WORD, start, end)
    if kind == "article":
        return Atom(Fraction(1, 2 if "alf" in written else 1), Fraction(0), Form.WORD, start, end - 1)
    if kind == "glyph":
        return Atom(Fraction(*_GLYPHS[written]), Fraction(0), Form.FRACTION, start, end)
    if kind == "glued":
        value = Fraction(int(written[:-1])) + Fraction(*_GLYPHS[written[-1]])
        return Atom(value, Fraction(0), Form.NUMERAL, start, end)
    if kind == "scaled":
        number, _, scale = written.lower().rpartition(" ")
        part = _PARTS_OF.get(number.removesuffix(" of a").replace("-", " "))
        factor = part or (Fraction(1, 2) if number.startswith("half") else _mixed(number))
        return Atom(factor * _SCALES[scale], Fraction(0), Form.WORD, start, end)
    if kind in {"mixed", "mixed_words"}:
        value = _mixed(written.lower())
        return Atom(value, Fraction(1, 2 * value.denominator), Form.WORD, start, end)
    return Atom(_fraction(written.lower()), Fraction(0), Form.FRACTION, start, end)


def _digits(match: re.Match[str]) -> tuple[Fraction, Fraction]:
    number = match["digits"].replace(",", "").replace("–", "-")
    scale = 1
    if match["scale"]:
        number = number[: -len(match["scale"])]
        scale = _SCALES[match["scale"].lower()]
    number = number.replace(" ", "")
    decimals = len(number.partition(".")[2])
    return Fraction(number) * scale, Fraction(scale, 2 * 10**decimals)


def _fraction(written: str) -> Fraction:
    top, _, bottom = written.replace("-", " ").rpartition(" ")
    return Fraction(_ONES.get(top, 1), _PARTS[bottom])


def _mixed(written: str) -> Fraction:
    whole, _, rest = written.replace(" and ", " ").partition(" ")
    if whole in _TENS or whole in _ONES or whole.isdigit():
        base = Fraction(int(whole)) if whole.isdigit() else Fraction(words_to_number(whole) or 0)
    else:
        base = Fraction(words_to_number(whole) or 0)
    parts = {"a half": (1, 2), "½": (1, 2), "1/2": (1, 2), "a quarter": (1, 4), "¼": (1, 4), "1/4": (1, 4)}
    return base + Fraction(*parts.get(rest, (3, 4)))


def words_to_number(written: str) -> int | None:
    """The whole number that English `written` says ("two hundred and thirty-five"), or None."""
    if written.lower().startswith("half a dozen"):
        return 6
    total = group = 0
    for word in re.split(r"[\s,-]+", written.lower()):
        if word in {"and", "a", "an"}:
            group = group or (1 if word != "and" else 0)
        elif word in _ONES:
            group = (group if group >= _TENS["twenty"] else 0) + _ONES[word]
        elif word in _TENS:
            group = (group if group >= _SCALES["hundred"] else 0) + _TENS[word]
        elif word == "dozen":
            group = max(group, 1) * 12
        elif word == "hundred":
            group = max(group, 1) * 100
        elif word in _SCALES:
            total += max(group, 1) * _SCALES[word]
            group = 0
        else:
            return None
    return total + group
