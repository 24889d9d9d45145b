"""A bibliography entry held against the registry's record, field by field. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from kap_content.model.record import Record
from kap_content.model.reference import Reference
from kap_content.works.agreement import Agreement, Comparison, Field
from kap_content.works.folding import plain, words
from kap_content.works.journals import compare_journals
from kap_content.works.names import compare_authors
from kap_content.works.pages import compare_issues, compare_pages, compare_volumes
from kap_content.works.titles import bare_title, compare_titles, likeness
from kap_content.works.years import compare_years

TELLING = frozenset(Field) - {Field.ISSUE}
"""The fields whose difference is worth a finding by itself.

Issue numbers are left out: supplements, parts and double issues are numbered at will, and the pages say the same.
"""


@dataclass(frozen=True, slots=True)
class Match:
    """The comparisons of one entry with one record, in the order of `Field`."""

    comparisons: tuple[Comparison, ...]

    def __getitem__(self, field: Field) -> Comparison:
        """The comparison of `field`."""
        return next(comparison for comparison in self.comparisons if comparison.field is field)

    @property
    def differing(self) -> tuple[Comparison, ...]:
        """The comparisons that say different and are worth telling; the author list only where the first one agrees."""
        first = self[Field.FIRST_AUTHOR].agreement is Agreement.DIFFERENT
        return tuple(
            comparison
            for comparison in self.comparisons
            if comparison.agreement is Agreement.DIFFERENT
            and comparison.field in TELLING
            and not (first and comparison.field is Field.AUTHORS)
        )

    @property
    def is_other_work(self) -> bool:
        """Whether the record is of another work: title and first author both differ.

        Either alone happens to right entries too: a translated title, a renamed or corporate author, a registry that
        files the first author last. Both together do not (see `benchmarks/matching.py`).
        """
        return all(self[field].agreement is Agreement.DIFFERENT for field in (Field.TITLE, Field.FIRST_AUTHOR))


def match(reference: Reference, record: Record) -> Match:
    """Compare every field of `reference` with `record`, each by its own rule."""
    return Match(
        (
            compare_titles(reference, record),
            *compare_authors(reference, record),
            compare_years(reference, record),
            compare_journals(reference, record),
            compare_volumes(reference, record),
            compare_issues(reference, record),
            compare_pages(reference, record),
        )
    )


_WEIGHTS = {Field.TITLE: 0.5, Field.FIRST_AUTHOR: 0.2, Field.YEAR: 0.1, Field.JOURNAL: 0.1, Field.PAGES: 0.1}
_WORTH = {Agreement.SAME: 1.0, Agreement.COMPATIBLE: 0.9, Agreement.UNKNOWN: 0.5, Agreement.DIFFERENT: 0.0}

_SUBSTANCE = 4
"""A word of so many letters counts where titles are held against each other."""
_LEAST_SHARED = 0.5
"""Titles that differ and share less than half of these words are not of one work."""


def score(reference: Reference, record: Record) -> float:
    """How likely `record` is the work of `reference`, 0 to 1: for ranking the results of a search, never for a finding.

    The title weighs half, the first author a fifth, year, journal and pages a tenth each; a silent side counts half.
    Without a likeness of the titles nothing else counts: an author has many works, a journal more in one year.
    """
    found = match(reference, record)
    ours, theirs = reference.get("title"), record.title
    if found[Field.TITLE].agreement is Agreement.DIFFERENT and _shared_words(ours, theirs) < _LEAST_SHARED:
        return 0.0
    total = sum(weight * _WORTH[found[field].agreement] for field, weight in _WEIGHTS.items())
    if found[Field.TITLE].agreement is Agreement.DIFFERENT:
        total += _WEIGHTS[Field.TITLE] * 0.5 * likeness(bare_title(ours), bare_title(theirs))
    return round(total, 3)


def _shared_words(one: str, other: str) -> float:
    """The share of the shorter title's words of substance that the other has too, 0 to 1."""
    left, right = (
        {word for word in words(plain(bare_title(title))) if len(word) >= _SUBSTANCE} for title in (one, other)
    )
    return len(left & right) / (min(len(left), len(right)) or 1)
