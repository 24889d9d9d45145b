"""The texts of a project as stored, and the project that they make once they are changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from kap_content.load.bib import parse_bib
from kap_content.load.bib.crossref import inherit
from kap_content.load.claims import parse_claims
from kap_content.load.page import parse_page
from kap_content.load.project import answering
from kap_content.load.text import unify_line_ends
from kap_content.mend.change import Lines
from kap_content.model.claim import Claim
from kap_content.model.finding import Problem
from kap_content.model.place import Place
from kap_content.model.project import Project
from kap_content.model.record import Record
from kap_content.model.reference import Reference


@dataclass(frozen=True, slots=True)
class Sources:
    """The texts by path, as stored. `claims` and `bibliography` name theirs in the order in which they are read.

    `records` are all of the lock, whether or not they answer the entries as they stand.
    """

    texts: Mapping[str, str]
    claims: tuple[str, ...] = ()
    bibliography: tuple[str, ...] = ()
    records: Mapping[str, Record] = field(default_factory=dict)
    _lines: dict[str, Lines] = field(default_factory=dict, compare=False, repr=False)

    def lines(self, path: str) -> Lines:
        """The lines of a file."""
        if path not in self._lines:
            self._lines[path] = Lines(self.texts[path])
        return self._lines[path]

    def span(self, place: Place) -> tuple[int, int]:
        """The offsets of a place in the text of its file."""
        return self.lines(place.path).span(place)

    def at(self, place: Place) -> str:
        """The characters at a place, as stored."""
        start, end = self.span(place)
        return self.texts[place.path][start:end]

    def changed(self, texts: Mapping[str, str]) -> Sources:
        """The same with other texts."""
        same = {path: lines for path, lines in self._lines.items() if texts[path] == self.texts[path]}
        return replace(self, texts=texts, _lines=same)


def reread(project: Project, before: Sources, after: Sources) -> Project:
    """The project that the texts of `after` make; what did not change is kept as it was read from `before`."""
    changed = {path for path, text in after.texts.items() if before.texts.get(path) != text}
    if not changed:
        return project
    pages = tuple(
        parse_page(page.path, unify_line_ends(after.texts[page.path])) if page.path in changed else page
        for page in project.pages
    )
    claims, problems = project.claims, list(project.problems)
    references = project.references
    if changed & set(after.claims):
        claims, problems = _claims(after, problems)
    if changed & set(after.bibliography):
        references, problems = _references(after, problems)
    return replace(
        project,
        pages=pages,
        claims=claims,
        references=references,
        records=answering(references, after.records),
        problems=tuple(problems),
    )


def _claims(sources: Sources, problems: list[Problem]) -> tuple[tuple[Claim, ...], list[Problem]]:
    kept = [problem for problem in problems if problem.place.path not in sources.claims]
    claims: list[Claim] = []
    for path in sources.claims:
        found, wrong = parse_claims(path, unify_line_ends(sources.texts[path]))
        claims += found
        kept += wrong
    return tuple(claims), kept


def _references(sources: Sources, problems: list[Problem]) -> tuple[tuple[Reference, ...], list[Problem]]:
    kept = [problem for problem in problems if problem.place.path not in sources.bibliography]
    references: list[Reference] = []
    macros: dict[str, str] = {}
    for path in sources.bibliography:
        found, wrong = parse_bib(path, unify_line_ends(sources.texts[path]), macros)
        references += found
        kept += wrong
    return inherit(references), kept
