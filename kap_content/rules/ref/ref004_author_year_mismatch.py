"""REF004: prose that names a work which the page does not cite."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from kap_content.language.author_year import Form, NamedWork, named_works
from kap_content.language.clinical import listing_blocks
from kap_content.language.code_spans import is_code
from kap_content.language.vocabulary import PhrasePattern, phrase_pattern
from kap_content.model.finding import Related, Severity
from kap_content.model.page import Block, BlockKind, Page
from kap_content.model.place import Place
from kap_content.model.project import Context
from kap_content.model.reference import Name, Reference
from kap_content.rules._rule import Hit, page_rule
from kap_content.startup.regex import regex
from kap_content.works.folding import words
from kap_content.works.names import entry_authors, family_words
from kap_content.works.uses import called
from kap_content.works.years import accepted_years, entry_years


@page_rule("REF004", "author-year-mismatch", Severity.ERROR, english=True)
def author_year_mismatch(page: Page, context: Context) -> Iterator[Hit]:
    """Prose or a caption names a work by author and year that is not among the works cited here.

    Read are `Glue et al. (2017)`, `Glue and colleagues, 2018`, `a 2018 study by Glue et al`, `Baethge and Jergas,
    2025`, and one author with a year in brackets where that author is cited. They are held against the works that the
    page or the evidence of its claims cites: by first author (or group), and by any year that the work may be dated by.

    Why: a reader who looks for the study named finds another one, or none; often the year or the study was mixed up.

    Fix: name the work that is cited, or cite the work that is named.

    Example:
        Glue et al. (2017) treated people for three months [@glue2018].
    """
    cited = _cited(page, context)
    text = " ".join(block.text for block in page.blocks)
    ordinary = phrase_pattern(context.lexicon.terms("not-authors"))
    listings = listing_blocks(page)
    for index, block in enumerate(page.blocks):
        if block.kind is BlockKind.CODE or index in listings:
            continue
        for work in named_works(block.text):
            if is_code(page, block, work.start) or _SPECIMEN.search(block.text[: work.start]):
                continue
            names = tuple(name for name in work.names if not _is_ordinary(name, text, ordinary))
            if work.form is Form.FIRST or names == work.names:
                yield from _judge(replace(work, names=names or work.names), block, cited, context)


_SPECIMEN = regex(r"\b(?:identifiers?|labels?|format|style|notation)\W{1,3}(?:e\. ?g\.|for example|such as),?\s*$")
"""What shows how names are written: "contains the study identifier (e.g. Lee et al, 2019)"."""


@dataclass(frozen=True, slots=True)
class _Cited:
    """A work with what it may be called by."""

    reference: Reference
    authors: tuple[Name, ...]
    has_more: bool
    years: frozenset[int]

    def is_by(self, work: NamedWork) -> bool:
        """Whether the work named may be this one as far as its authors go."""
        if work.form is Form.ALL:
            return self._begins_with(work.names)
        # A list before `et al.` may begin with a word that is no name (`In Germany, Glue et al.`).
        return any(_is_named(self.authors[0], name) for name in work.names)

    def _begins_with(self, names: tuple[str, ...]) -> bool:
        first, *others = names
        if not _is_named(self.authors[0], first):
            # The first name may be a place or a date before the authors (`In Germany, Baethge and Jergas`).
            return bool(others[1:]) and self._begins_with(names[1:])
        return self.has_more or all(any(_is_named(author, name) for author in self.authors) for name in others)

    def is_of(self, year: int) -> bool:
        """Whether the work may be dated by this year; an entry without a year may be by any."""
        return not self.years or year in self.years


def _cited(page: Page, context: Context) -> tuple[_Cited, ...]:
    claims = [context.claims[mark.claim] for mark in page.marks if mark.claim in context.claims]
    keys = [citation.key for citation in page.citations] + [item.ref for claim in claims for item in claim.evidence]
    return tuple(_known(keys, context))


def _known(keys: Iterable[str], context: Context) -> Iterator[_Cited]:
    for key in dict.fromkeys(keys):
        reference = context.references.get(key)
        if reference is None:
            continue
        record = context.record(key)
        authors, more = entry_authors(reference)
        authors = authors or (record.authors if record else ()) or _groups(reference)
        years = set(entry_years(reference))
        if record is not None:
            years |= accepted_years(record)
        if authors:
            yield _Cited(reference, authors, more, frozenset(years))


def _groups(reference: Reference) -> tuple[Name, ...]:
    """What a work without authors is known by."""
    name = reference.get("organization", "institution", "publisher", "title")
    return (Name(literal=name),) if name else ()


def _is_named(author: Name, written: str) -> bool:
    if author.is_group:
        tokens = words(author.literal)
        acronym = "".join(token[0] for token in tokens if token not in {"the", "of", "for", "and", "on", "in"})
        return set(words(written)) <= set(tokens) or "".join(words(written)) == acronym
    ours, theirs = family_words(written), family_words(author.family)
    if not ours or not theirs:
        return False
    shorter, longer = sorted((set(ours), set(theirs)), key=len)
    # One part of a compound name is enough; a letter more or less is another person.
    return "".join(ours) == "".join(theirs) or (shorter < longer and any(len(word) >= _PART for word in shorter))


_PART = 3


def _is_ordinary(name: str, text: str, ordinary: PhrasePattern) -> bool:
    """Whether a capitalised word is no name: it is listed so, or the page has it in small letters elsewhere."""
    return bool(ordinary.fullmatch(name) or re.search(rf"(?<!\w){re.escape(name.lower())}(?!\w)", text))


def _judge(work: NamedWork, block: Block, cited: tuple[_Cited, ...], context: Context) -> Iterator[Hit]:
    named = [candidate for candidate in cited if candidate.is_by(work)]
    is_company = work.form is Form.ALL and len(set(work.names)) < len(work.names)  # Johnson and Johnson
    if not named and (work.form is Form.SINGLE or is_company):
        return
    wrong = [year for year in work.years if not any(candidate.is_of(year) for candidate in named)]
    if not wrong:
        return
    place = block.at(work.start, work.end)
    written = block.text[work.start : work.end].strip(" ,;([")
    written += ")" if written.count("(") > written.count(")") else ""
    if named:
        yield _other_year(place, written, wrong, named, context, work)
    else:
        yield _other_author(place, written, work, cited, context)


def _other_year(
    place: Place, written: str, wrong: list[int], named: list[_Cited], context: Context, work: NamedWork
) -> Hit:
    nearest = min(named, key=lambda candidate: min(abs(year - wrong[0]) for year in candidate.years))
    theirs = " or ".join(str(year) for year in sorted(nearest.years))
    registered = _registered(work, wrong[0], context)
    name = next((name for name in work.names if _is_named(nearest.authors[0], name)), work.names[0])
    return Hit(
        place,
        f"“{written}” is named here, but the work by {name} that is cited is of {theirs}",
        help=_fix(registered, f"Write {theirs}, or cite the work of {wrong[0]}."),
        reference=nearest.reference.key,
        related=(Related(nearest.reference.place, f"cited here: {called(nearest.reference)}"), *_shown(registered)),
        about=written,
    )


def _other_author(place: Place, written: str, work: NamedWork, cited: tuple[_Cited, ...], context: Context) -> Hit:
    registered = _registered(work, work.years[0], context)
    same_year = next((candidate for candidate in cited if candidate.is_of(work.years[0]) and candidate.years), None)
    fix = "Cite the work that is named, or name one that is cited."
    if same_year is not None:
        fix = f"Cited here of {work.years[0]}: {called(same_year.reference)}. Is that the work meant?"
    return Hit(
        place,
        f"“{written}” is named here, but no work cited here is by {work.names[0]}",
        help=_fix(registered, fix),
        related=_shown(registered),
        about=written,
    )


def _registered(work: NamedWork, year: int, context: Context) -> Reference | None:
    """The entry of the bibliography that the words may mean, cited here or not."""
    return next(
        (
            candidate.reference
            for candidate in _known(context.references, context)
            if year in candidate.years and candidate.is_by(work)
        ),
        None,
    )


def _fix(registered: Reference | None, otherwise: str) -> str:
    if registered is None:
        return otherwise
    return f"The bibliography has {called(registered)}: cite it with [@{registered.key}], or name the work cited."


def _shown(registered: Reference | None) -> tuple[Related, ...]:
    return () if registered is None else (Related(registered.place, f"in the bibliography: {called(registered)}"),)
