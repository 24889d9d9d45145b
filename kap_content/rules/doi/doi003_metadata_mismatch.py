"""DOI003: the entry and the record of its DOI describe different things."""

from __future__ import annotations

from collections.abc import Iterator

from kap_content.model.finding import Severity
from kap_content.model.project import Context
from kap_content.model.record import Record, State
from kap_content.model.reference import Reference
from kap_content.rules._rule import Hit, record_rule
from kap_content.works.agreement import Agreement, Comparison, Field
from kap_content.works.match import Match, match

_WRITTEN = {
    Field.TITLE: ("title",),
    Field.FIRST_AUTHOR: ("author", "editor"),
    Field.AUTHORS: ("author", "editor"),
    Field.YEAR: ("year", "date"),
    Field.JOURNAL: ("journal", "journaltitle", "shortjournal"),
    Field.VOLUME: ("volume",),
    Field.ISSUE: ("number", "issue"),
    Field.PAGES: ("pages", "eid", "article-number", "articleno"),
}


@record_rule("DOI003", "metadata-mismatch", Severity.ERROR)
def metadata_mismatch(reference: Reference, record: Record, context: Context) -> Iterator[Hit]:
    """An entry does not agree with the registry's record of its DOI.

    An error when title and first author both differ: the DOI is of another work. A warning when something else
    differs: the title or an author alone, the year beyond the dates issued, printed and online, the journal, the
    volume, the pages. Abbreviated journals, initials, dropped subtitles, `et al`, the first page only and other
    accepted ways of writing the same thing are no difference; a field that one side lacks is never held against it.

    Why: a wrong DOI sends the reader to another study, and the checks of retraction and evidence look at that one too.

    Fix: if it is another work, find the DOI of the one you read. If one field differs, correct the entry from the
    article itself.

    Example:
        author = {Glue, Paul}, title = {Ketamine's dose-related effects}, year = {2015}, doi =
        {10.1177/0269881117718527}

        year “2015” in the entry, “2017” in the registry (print 2017-10, online 2017-07-14)
    """
    if record.state is State.ABSENT:
        return
    found = match(reference, record)
    if found.differing:
        yield _hit(reference, record, found)


def _hit(reference: Reference, record: Record, found: Match) -> Hit:
    doi = record.answered or record.asked
    if found.is_other_work:
        told = (found[Field.TITLE], found[Field.FIRST_AUTHOR])
        return Hit(
            reference.where("doi", "url"),
            f"DOI {doi} is another work: {_sides(told)}",
            help="Find the DOI of the work you mean (https://search.crossref.org), or describe the one this DOI names.",
            reference=reference.key,
            about=f"other work {doi}",
        )
    differing = found.differing
    issue = found[Field.ISSUE]
    extra = (issue,) if issue.agreement is Agreement.DIFFERENT and len(differing) > 1 else ()
    names = _WRITTEN[differing[0].field] if len(differing) == 1 else ("doi", "url")
    return Hit(
        reference.where(*names),
        f"the entry and the record of DOI {doi} differ: {_sides((*differing, *extra))}" if doi else _sides(differing),
        help="Compare with the article itself and correct the entry, or the DOI if it is another article's.",
        reference=reference.key,
        severity=Severity.WARNING,
        about=f"{doi} {', '.join(comparison.field for comparison in differing)}",
    )


def _sides(comparisons: tuple[Comparison, ...]) -> str:
    return "; ".join(map(str, comparisons))
