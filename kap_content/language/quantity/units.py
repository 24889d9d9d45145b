"""Units as medical prose writes them, and what they are in a canonical unit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from kap_content.startup.regex import regex

_MASS: dict[str, int | Fraction] = {
    "kg": 10**6, "Kg": 10**6, "KG": 10**6, "kilogram": 10**6, "kilograms": 10**6, "kilo": 10**6, "kilos": 10**6,
    "g": 10**3, "gm": 10**3, "gram": 10**3, "grams": 10**3, "gramme": 10**3, "grammes": 10**3,
    "mg": 1, "milligram": 1, "milligrams": 1, "mgs": 1, "milligramme": 1, "milligrammes": 1,
    "µg": Fraction(1, 10**3), "ug": Fraction(1, 10**3), "mcg": Fraction(1, 10**3), "mug": Fraction(1, 10**3),
    "microg": Fraction(1, 10**3),
    "microgram": Fraction(1, 10**3), "micrograms": Fraction(1, 10**3),
    "ng": Fraction(1, 10**6), "nanogram": Fraction(1, 10**6), "nanograms": Fraction(1, 10**6),
    "pg": Fraction(1, 10**9), "picograms": Fraction(1, 10**9),
    "lb": Fraction(45359237, 100), "lbs": Fraction(45359237, 100),
    "pound": Fraction(45359237, 100), "pounds": Fraction(45359237, 100),
}  # fmt: skip
_VOLUME: dict[str, int | Fraction] = {
    "l": 10**3, "L": 10**3, "litre": 10**3, "litres": 10**3, "liter": 10**3, "liters": 10**3,
    "dl": 10**2, "dL": 10**2, "decilitre": 10**2, "deciliter": 10**2,
    "ml": 1, "mL": 1, "cc": 1, "millilitre": 1, "millilitres": 1,
    "milliliter": 1, "milliliters": 1, "µl": Fraction(1, 10**3), "µL": Fraction(1, 10**3),
    "ul": Fraction(1, 10**3), "uL": Fraction(1, 10**3), "microl": Fraction(1, 10**3), "microL": Fraction(1, 10**3),
}  # fmt: skip
_LENGTH: dict[str, int | Fraction] = {
    "ft": Fraction(3048, 10), "feet": Fraction(3048, 10), "foot": Fraction(3048, 10), "inches": Fraction(254, 10),
    "inch": Fraction(254, 10), "miles": 1609344, "mile": 1609344,
    "km": 10**6, "kilometres": 10**6, "kilometers": 10**6, "m": 10**3, "metre": 10**3, "metres": 10**3,
    "meters": 10**3, "cm": 10, "centimetres": 10, "centimeters": 10, "centimetre": 10, "centimeter": 10,
    "mm": 1, "millimetres": 1, "millimeters": 1, "millimetre": 1, "millimeter": 1, "meter": 10**3, "kilometre": 10**6,
    "µm": Fraction(1, 10**3), "um": Fraction(1, 10**3), "micrometres": Fraction(1, 10**3),
    "micrometers": Fraction(1, 10**3), "microns": Fraction(1, 10**3), "micron": Fraction(1, 10**3),
    "microm": Fraction(1, 10**3), "nm": Fraction(1, 10**6),
}  # fmt: skip
_AMOUNT: dict[str, int | Fraction] = {
    "mol": 10**3, "mmol": 1, "µmol": Fraction(1, 10**3), "umol": Fraction(1, 10**3), "nmol": Fraction(1, 10**6),
    "pmol": Fraction(1, 10**9), "mumol": Fraction(1, 10**3), "micromol": Fraction(1, 10**3),
    "micromoles": Fraction(1, 10**3), "millimoles": 1, "nanomol": Fraction(1, 10**6),
}  # fmt: skip
_MOLAR: dict[str, int | Fraction] = {
    "M": 10**3,
    "mM": 1,
    "millimolar": 1,
    "micromolar": Fraction(1, 10**3),
    "nanomolar": Fraction(1, 10**6),
    "µM": Fraction(1, 10**3),
    "uM": Fraction(1, 10**3),
    "microM": Fraction(1, 10**3),
    "nM": Fraction(1, 10**6),
}
_TIME: dict[str, int | Fraction] = {
    "s": Fraction(1, 86400), "sec": Fraction(1, 86400), "secs": Fraction(1, 86400), "second": Fraction(1, 86400),
    "seconds": Fraction(1, 86400), "ms": Fraction(1, 86400000), "msec": Fraction(1, 86400000),
    "milliseconds": Fraction(1, 86400000),
    "min": Fraction(1, 1440), "mins": Fraction(1, 1440), "minute": Fraction(1, 1440), "minutes": Fraction(1, 1440),
    "h": Fraction(1, 24), "hr": Fraction(1, 24), "hrs": Fraction(1, 24), "hour": Fraction(1, 24),
    "hours": Fraction(1, 24),
    "d": 1, "day": 1, "days": 1, "night": 1, "nights": 1,
    "wk": 7, "wks": 7, "week": 7, "weeks": 7, "fortnight": 14,
    "mo": Fraction(487, 16), "mos": Fraction(487, 16), "month": Fraction(487, 16), "months": Fraction(487, 16),
    "mth": Fraction(487, 16), "mths": Fraction(487, 16),
    "y": Fraction(1461, 4), "yr": Fraction(1461, 4), "yrs": Fraction(1461, 4), "year": Fraction(1461, 4),
    "years": Fraction(1461, 4), "decade": Fraction(7305, 2), "decades": Fraction(7305, 2),
}  # fmt: skip
_FORTNIGHT = 14
CALENDAR = frozenset(name for name, days in _TIME.items() if days > _FORTNIGHT)
"""Units of time that hold no whole number of weeks: conversions between them and days are approximate."""

YEAR = Fraction(1461, 4)

_OTHER: dict[str, tuple[str, int | Fraction]] = {
    "mmHg": ("mmHg", 1), "mm Hg": ("mmHg", 1), "millimetres of mercury": ("mmHg", 1),
    "millimeters of mercury": ("mmHg", 1), "kPa": ("kPa", 1),
    "IU": ("IU", 1), "U": ("IU", 1), "units": ("IU", 1), "international units": ("IU", 1),
    "mIU": ("IU", Fraction(1, 1000)),
    "kcal": ("kcal", 1), "kilocalories": ("kcal", 1), "calories": ("kcal", 1), "kJ": ("kJ", 1),
    "bpm": ("/min", 1), "beats per minute": ("/min", 1), "beats/min": ("/min", 1), "beats a minute": ("/min", 1),
    "Hz": ("Hz", 1), "kHz": ("Hz", 1000), "MHz": ("Hz", 10**6), "hertz": ("Hz", 1),
    "°C": ("°C", 1), "° C": ("°C", 1), "degrees": ("degree", 1), "°": ("degree", 1),
    "mg%": ("mg/l", 10), "mg %": ("mg/l", 10),
    "mEq": ("mEq", 1), "Gy": ("Gy", 1), "gray": ("Gy", 1), "grays": ("Gy", 1), "mGy": ("Gy", Fraction(1, 1000)),
    "milligray": ("Gy", Fraction(1, 1000)), "mA": ("mA", 1), "mV": ("mV", 1), "dB": ("dB", 1), "kDa": ("kDa", 1),

    "°F": ("°F", 1), "° F": ("°F", 1), "degrees C": ("°C", 1), "degrees F": ("°F", 1), "deg C": ("°C", 1),
    "degrees Celsius": ("°C", 1), "degrees centigrade": ("°C", 1), "degrees Fahrenheit": ("°F", 1),
    "stone": ("mg", Fraction(45359237 * 14, 100)),
    "US dollars": ("$", 1), "dollars": ("$", 1), "euros": ("€", 1), "euro": ("€", 1), "pounds sterling": ("£", 1),
    "W": ("W", 1), "MET": ("MET", 1), "METs": ("MET", 1),
    "points": ("point", 1), "point": ("point", 1), "pts": ("point", 1),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit read from text: its canonical name, what one of it is in that, and where it ends."""

    name: str
    factor: Fraction
    end: int
    word: str


def _table() -> dict[str, tuple[str, Fraction]]:
    table: dict[str, tuple[str, Fraction]] = {}
    for name, units in (
        ("mg", _MASS), ("ml", _VOLUME), ("mm", _LENGTH), ("mmol", _AMOUNT), ("mmol/l", _MOLAR), ("d", _TIME),
    ):  # fmt: skip
        table.update({word: (name, Fraction(factor)) for word, factor in units.items()})
    table.update({word: (name, Fraction(factor)) for word, (name, factor) in _OTHER.items()})
    return table


_UNITS = _table()
_WHOLE = frozenset({"$", "€", "£"})
"""Units of which "a year" says no other quantity."""
_NUMERAL_ONLY = frozenset({"s", "d", "m", "M", "U", "W", "y", "h", "l", "L", "g", "second", "°", "mo", "min"})
_FILLER = (
    r"(?:(?:consecutive|full|additional|more|further|successive|whole|straight|extra|entire|calendar|postoperative|long|random|typical|single"
    r"|randomly (?:chosen|selected))"
    r"[ -])?"
)


def _alternatives(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_WORD = regex(rf"[ -]?{_FILLER}({_alternatives(list(_UNITS))})(?![\w°]|\.[A-Z]\b)(?!-?\d)")
_ABBREVIATED = 3
"""Letters up to which a unit may be an abbreviation, whose case counts."""
_FULL = frozenset(word.lower() for word in _UNITS if len(word) > _ABBREVIATED)
_CAPITAL = regex(r"[ -]?([A-Z][a-z]{3,})\b")

_PER_UNITS: dict[str, tuple[str, Fraction]] = {
    **{word: ("kg", Fraction(factor) / 10**6) for word, factor in _MASS.items()},
    **{word: ("l", Fraction(factor) / 10**3) for word, factor in _VOLUME.items()},
    **{word: ("d", Fraction(days)) for word, days in _TIME.items()},
    **{word: ("m2", Fraction(1)) for word in ("m2", "m²", "square metre", "square meter", "metre squared")},
}
_PER = regex(
    rf"(?: ?/ ?|[ -]per[ -]|[ ]an?[ ]|[ ](?:for )?each[ ]"
    rf"|[ ](?:for )?every[ ]|[ ]of (?:(?:the|this) )?[a-z]+ (?:per|for each|each|an?) "
    rf"|[ ](?!(?:and|or|in|to|for|with|of|at|on)[ ])[a-z]+(?:[ ]H[cC][lL])?(?:/|[ ]per[ ]))"
    rf"({_alternatives(list(_PER_UNITS))})\b(?!-?\d)"
    r"|(?: ?/ ?| per )100 ?(?P<hundred>ml|mL)\b"
    r"|(?: of (?:the )?[a-z]+)? (?:in|per|over|every|within) (?:any |a )?24[ -](?P<day>hours?|h\b)(?: period)?"
    rf"|[ .·]?({_alternatives(['kg', 'ml', 'l', 'L', 'dl', 'min', 'h', 'd', 'day', 'm'])})(?:-1|⁻¹|\(-1\))(?!\d)"
)
_AND_PER = regex(r" and (?:per )?(minute|min|hour|h|day|d)\b")
_ADVERB = regex(r" (?:once )?(daily|weekly|hourly|monthly|nightly)\b")
_ADVERBS = {
    "daily": Fraction(1), "nightly": Fraction(1), "weekly": Fraction(7), "hourly": Fraction(1, 24),
    "monthly": Fraction(487, 16),
}  # fmt: skip


def unit_at(text: str, start: int, *, numeral: bool = True) -> Unit | None:
    """The unit that begins at `start` (after an optional blank or hyphen), or None.

    `numeral` tells whether the number before it is in digits: one-letter units follow digits only.
    """
    match = _WORD.match(text, start)
    if match is None:
        capital = _CAPITAL.match(text, start)
        if capital is None or capital[1].lower() not in _FULL:
            return None
        match, word = capital, capital[1].lower()
    else:
        word = match[1]
    if word in _NUMERAL_ONLY and not numeral:
        return None
    name, factor = _UNITS[word]
    if name in _WHOLE:
        return Unit(name, factor, match.end(), word)
    if name == "d":
        return Unit("d", factor, match.end(), word)
    return _with_denominators(text, Unit(name, factor, match.end(), word))


def _with_denominators(text: str, unit: Unit) -> Unit:
    name, factor, end = unit.name, unit.factor, unit.end
    for _ in range(2):
        match = _PER.match(text, end) or (_AND_PER.match(text, end) if "/" in name else None)
        if match is None:
            break
        word = "day" if match.lastgroup == "day" else match[match.lastindex or 0]
        word = "dl" if match.lastgroup == "hundred" else word
        if name == "point" or (name == "mm" and word not in {"d", "day"} and "/" not in match[0]):
            break
        part, divisor = _PER_UNITS["mm" if word == "mm" else word] if word in _PER_UNITS else ("", Fraction(1))
        name, factor, end = f"{name}/{part}", factor / divisor, match.end()
    adverb = _ADVERB.match(text, end)
    if adverb is not None and name not in {"point", "mm"} and not name.endswith("/d"):
        name, factor, end = f"{name}/d", factor / _ADVERBS[adverb[1]], adverb.end()
    return Unit(name, factor, end, text[unit.end - len(unit.word) : end])


TIME_WORDS = _alternatives([word for word in _TIME if len(word) >= _ABBREVIATED])


def time_unit(word: str) -> Fraction:
    """How many days one `word` (hour, week, month ...) is. KeyError for other words."""
    return Fraction(_TIME[word])
