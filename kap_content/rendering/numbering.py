"""Numbers of references in the order in which a page first cites them, and where each is cited."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import quote

from markupsafe import Markup, escape

from kap_content.model.reference import Reference

RUN = 3
"""So many consecutive numbers or more are set as a range: 1-3, but 1,2."""


def fragment(prefix: str, name: str) -> str:
    """The link target of an anchor such as `#ref-KEY`, its unusual characters encoded."""
    return f"#{prefix}-{_encoded(name)}"


@lru_cache(maxsize=65_536)
def _encoded(name: str) -> str:
    return quote(name, safe="")


@dataclass(slots=True)
class Numbering:
    """Grows while a page is rendered from top to bottom."""

    known: Container[str]
    keys: list[str] = field(default_factory=list)
    places: dict[str, list[str]] = field(default_factory=dict)
    _count: int = 0

    def number(self, key: str) -> int:
        """The number of `key`, the next one where it is cited for the first time."""
        if key not in self.places:
            self.keys.append(key)
            self.places[key] = []
        return self.keys.index(key) + 1

    def cite(self, keys: Iterable[str], claims: Sequence[str] = (), notes: Iterable[tuple[str, str]] = ()) -> Markup:
        """A superscript of the numbers of `keys`, each a link to its reference; unknown keys are named as such.

        `notes` are pages or sections by key: each stands in parentheses behind its own number, as AMA sets it.
        """
        unique = list(dict.fromkeys(keys))
        numbers = sorted(self.number(key) for key in unique if key in self.known)
        told = _by_key(notes)
        parts = [self._run(run) + _told(told, self.keys[run[-1] - 1]) for run in _runs(numbers, self._alone(told))]
        parts += [
            Markup('<span class="unknown">?{}</span>').format(key) + _told(told, key)
            for key in unique
            if key not in self.known
        ]
        if not parts:
            return Markup()
        cited = " ".join(_encoded(self.keys[number - 1]) for number in numbers)
        stated = f' data-claims="{escape(" ".join(claims))}"' if claims else ""
        html = f'<sup class="cite" data-refs="{escape(cited)}"{stated}>{",".join(parts)}</sup>'
        return Markup(html)  # noqa: S704 - each part is escaped

    def _alone(self, notes: Mapping[str, object]) -> frozenset[int]:
        """The numbers that stand in no range, since something is said behind each."""
        return frozenset(self.number(key) for key in notes if key in self.known)

    def _run(self, run: list[int]) -> Markup:
        if len(run) < RUN:
            return Markup(",").join(self._link(number, run) for number in run)
        first = self._link(run[0], run)
        for number in run[1:-1]:
            self.places[self.keys[number - 1]].append(f"cite-{self._count}")
        return Markup("-").join((first, self._link(run[-1], run)))

    def _link(self, number: int, run: list[int]) -> Markup:
        self._count += 1
        key = self.keys[number - 1]
        place = f"cite-{self._count}"
        self.places[key].append(place)
        label = f"Reference {number}"
        if len(run) >= RUN:
            label = f"References {run[0]} to {run[-1]}" if number == run[0] else f"Reference {number}, end of range"
        href = escape(fragment("ref", key))
        link = f'<a id="{place}" role="doc-biblioref" href="{href}" aria-label="{label}">{number}</a>'
        return Markup(link)  # noqa: S704 - numbers, and a key that is escaped


def _by_key(notes: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """What is said of each key, once."""
    told: dict[str, dict[str, None]] = {}
    for key, note in notes:
        told.setdefault(key, {})[note] = None
    return {key: list(lines) for key, lines in told.items()}


def _told(notes: Mapping[str, Sequence[str]], key: str) -> Markup:
    return Markup("({})").format("; ".join(notes[key])) if key in notes else Markup()


def _runs(numbers: Sequence[int], alone: Container[int]) -> list[list[int]]:
    """Consecutive numbers together, but for those `alone`; two in a row stay apart in print, but not here."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1 and number not in alone and runs[-1][-1] not in alone:
            runs[-1].append(number)
        else:
            runs.append([number])
    return runs


def author_words(reference: Reference) -> str:
    """How running text names the authors of `@key`: one, two, or the first et al."""
    names = [name.literal or " ".join(filter(None, (name.particle, name.family))) for name in reference.authors]
    names = [name for name in names if name] or [reference.get("organization", "institution", "title") or reference.key]
    if len(names) == 1 and not reference.and_others:
        return names[0]
    if len(names) == 2 and not reference.and_others:  # noqa: PLR2004 - two authors
        return f"{names[0]} and {names[1]}"
    return f"{names[0]} et al."
