"""What was understood of one reference, and the pieces that the readers share."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from kap_content.model.place import Place
from kap_content.model.reference import Name, Reference
from kap_content.startup.regex import regex


@dataclass(frozen=True, slots=True)
class Parsed:
    """One reference. `original` is the text as it stood, without its number; `fields` are Unicode text.

    `others` is true where the list of authors ended in “et al”.
    """

    original: str
    type: str = "misc"
    authors: tuple[Name, ...] = ()
    others: bool = False
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_readable(self) -> bool:
        """Whether a person could find the work by what was understood: a title, and who, when or where."""
        placed = self.authors or any(self.fields.get(name) for name in ("year", "doi", "url", "journal"))
        return bool(self.fields.get("title") and placed)

    def as_reference(self, key: str = "") -> Reference:
        """The entry as the loaders would give it."""
        return Reference(key, self.type, Place(""), fields=self.fields, authors=self.authors, and_others=self.others)


@dataclass(slots=True)
class Draft:
    """A reference while it is read: `rest` is what no reader has taken yet."""

    rest: str
    fields: dict[str, str] = field(default_factory=dict)
    authors: tuple[Name, ...] = ()
    others: bool = False
    notes: list[str] = field(default_factory=list)

    def take(self, match: re.Match[str], *, leave: str = " ") -> None:
        """Cut a match out of what is left."""
        self.rest = tidy(self.rest[: match.start()] + leave + self.rest[match.end() :])

    def set(self, name: str, value: str | None) -> None:
        """Give a field its value where it has none yet."""
        if value and value.strip() and not self.fields.get(name):
            self.fields[name] = value.strip()


_BLANK_STOP = regex(r"\s+([.,;:])")
_STOPS = regex(r"([.,;:])(?:\s+[.,;]|(?<=[,;])[,;])+(?=\s|$)")


def tidy(text: str) -> str:
    """Fold white space, and take away the punctuation that a cut has left twice. An ellipsis stays."""
    text = " ".join(text.split())
    text = _STOPS.sub(r"\1", text)
    return _BLANK_STOP.sub(r"\1", text).strip()


YEAR = r"(?:1[5-9]|20)\d\d"
MONTHS = {
    name: number
    for number, names in enumerate(
        [
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ],
        start=1,
    )
    for name in names.split()
}
MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|"
    r"Nov(?:ember)?|Dec(?:ember)?)\b\.?"
)
DATE = (
    rf"(?:{MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+{YEAR}|\d{{1,2}}(?:st|nd|rd|th)?\s+{MONTH},?\s+{YEAR}|"
    rf"{YEAR}\s+{MONTH}(?:\s+\d{{1,2}})?|{MONTH},?\s+{YEAR}|{YEAR}-\d\d-\d\d|{YEAR},\s+{MONTH}(?:\s+\d{{1,2}})?|{YEAR})"
)
_LARGEST_DAY = 31


def iso_date(text: str) -> str:
    """`October 10, 2023` as `2023-10-10`; with as much precision as is given; empty where no year is in it."""
    if re.fullmatch(rf"{YEAR}-\d\d-\d\d", text.strip()):
        return text.strip()
    year = re.search(rf"(?<!\d){YEAR}(?!\d)", text)
    if year is None:
        return ""
    month = next((MONTHS[word] for word in re.findall(r"[a-z]+", text.lower()) if word in MONTHS), None)
    days = [number for number in map(int, re.findall(r"(?<!\d)\d{1,2}(?!\d)", text)) if 0 < number <= _LARGEST_DAY]
    if month is None:
        return year[0]
    return f"{year[0]}-{month:02}-{days[0]:02}" if days else f"{year[0]}-{month:02}"
