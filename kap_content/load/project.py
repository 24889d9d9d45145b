"""A whole project from its folder: which files belong to it, and what they hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path

from kap_content.language.quotes import unvouched
from kap_content.load.approvals import parse_approvals
from kap_content.load.bib import parse_bib
from kap_content.load.bib.crossref import inherit
from kap_content.load.bib.problems import repeated_elsewhere
from kap_content.load.claims import parse_claims
from kap_content.load.doubts import chain_problems, with_doubts
from kap_content.load.figure.data import read_figure_data
from kap_content.load.full_text.sources import read_sources
from kap_content.load.inside import APPROVALS, BIB_MALFORMED, LOCK, MALFORMED, NOTHING_TYPED, Typed, files, read_inside
from kap_content.load.lexicon import read_lexicon
from kap_content.load.lock import parse_lock
from kap_content.load.page import parse_page
from kap_content.load.text import PAGE_LIMIT, Unreadable
from kap_content.model.approval import Approval
from kap_content.model.claim import Claim
from kap_content.model.finding import Problem
from kap_content.model.lock import FoundQuotes, Lock
from kap_content.model.page import FrontMatter, Page
from kap_content.model.place import Place
from kap_content.model.progress import Progress, heard, unheard
from kap_content.model.project import Project
from kap_content.model.record import Record
from kap_content.model.reference import Reference
from kap_content.model.settings import Settings
from kap_content.works.doi import normalise_doi
from kap_content.works.identifiers import asked_as, pmid_of


def load_project(
    root: Path,
    settings: Settings,
    *,
    abstracts: Mapping[str, str] | None = None,
    texts_in: Path | None = None,
    progress: Progress = unheard,
    typed: Typed = NOTHING_TYPED,
    parse: Callable[[str, str], Page] = parse_page,
) -> Project:
    """Read everything that the settings name. What is wrong inside a file is a problem of the project or the page.

    A file that the settings name and that is not there raises `ProjectError`. `abstracts` are cached ones, by key.
    `texts_in` is the folder whose local full texts count, where it is not `root`. `progress` hears of each page.
    `typed` stands in for what files hold; `parse` makes a page of its path and text.
    """
    problems: list[Problem] = []
    paths = files(root, settings, "pages", problems)
    pages = tuple(heard(map(partial(read_page, root, typed=typed, parse=parse), paths), len(paths), progress))
    claims, wrong = read_claims(root, settings, typed)
    problems.extend(wrong)
    references, wrong = read_references(root, settings, typed)
    problems.extend(wrong)
    lock, wrong = read_whole_lock(root, typed)
    problems.extend(wrong)
    quotes = found_quotes(references, lock.quotes)
    approvals, wrong = read_decisions(root, settings, pages)
    problems.extend(wrong)
    figure_data, wrong = read_figure_data(pages, lambda path: read_inside(root, path, limit=PAGE_LIMIT, typed=typed))
    problems.extend(wrong)
    return Project(
        settings=settings,
        lexicon=read_lexicon(settings, root),
        pages=pages,
        claims=claims,
        references=references,
        records=answering(references, lock.records),
        approvals=approvals,
        abstracts=abstracts or {},
        quotes=quotes,
        full_texts=read_sources(texts_in or root, unvouched(claims, quotes)),
        topics=lock.topics,
        problems=tuple(problems),
        figure_data=figure_data,
        root=root,
    )


def read_claims(
    root: Path, settings: Settings, typed: Typed = NOTHING_TYPED
) -> tuple[tuple[Claim, ...], tuple[Problem, ...]]:
    """The claims of all files, in file order, and what could not be read."""
    problems: list[Problem] = []
    claims: list[Claim] = []
    for path, text in _texts(root, settings, "claims", MALFORMED, problems, typed):
        found, wrong = parse_claims(path, text)
        claims.extend(found)
        problems.extend(wrong)
    return tuple(claims), tuple(problems)


def found_quotes(references: Iterable[Reference], quotes: Mapping[str, FoundQuotes]) -> dict[str, frozenset[str]]:
    """The hashes of the quotations that were found in a source while its entry had the identifier that it has now."""
    return {
        reference.key: frozenset(quote.sha256 for quote in quotes[reference.key].found)
        for reference in references
        if reference.key in quotes and quotes[reference.key].asked == asked_as(reference)
    }


def read_references(
    root: Path, settings: Settings, typed: Typed = NOTHING_TYPED
) -> tuple[tuple[Reference, ...], tuple[Problem, ...]]:
    """The entries of all bibliographies, in file order, and what could not be read.

    As in BibTeX a later file may use the `@string`s of an earlier one, and entries may cross-refer across files.
    """
    problems: list[Problem] = []
    references: list[Reference] = []
    macros: dict[str, str] = {}
    for path, text in _texts(root, settings, "bibliography", BIB_MALFORMED, problems, typed):
        entries, wrong = parse_bib(path, text, macros)
        references.extend(entries)
        problems.extend(wrong)
    problems.extend(repeated_elsewhere(references))
    return inherit(references), tuple(problems)


def read_page(
    root: Path, path: str, *, typed: Typed = NOTHING_TYPED, parse: Callable[[str, str], Page] = parse_page
) -> Page:
    """The page at `path`. One that cannot be read is an empty page with the problem, so that only it is held back."""
    text = read_inside(root, path, limit=PAGE_LIMIT, typed=typed)
    if isinstance(text, Unreadable):
        return Page(path, "", FrontMatter(Place(path)), problems=(text.problem,))
    return parse(path, text.text)


def read_lock(root: Path) -> tuple[dict[str, Record], tuple[Problem, ...]]:
    """All records of the lock, whether or not they answer the entries as they stand; none where there is no lock."""
    lock, problems = read_whole_lock(root)
    return dict(lock.records), problems


def read_whole_lock(root: Path, typed: Typed = NOTHING_TYPED) -> tuple[Lock, tuple[Problem, ...]]:
    """The lock with its quotations and topics; empty where there is none."""
    if not (root / LOCK).exists():
        return Lock(), ()
    text = read_inside(root, LOCK, typed=typed)
    return (Lock(), (text.problem,)) if isinstance(text, Unreadable) else parse_lock(LOCK, text.text)


def answering(references: Iterable[Reference], records: Mapping[str, Record]) -> dict[str, Record]:
    """The records that answer their entry as it stands: asked under its DOI, or its PMID where it has no DOI.

    A record without either (a transcribed web page) answers an entry without either.
    """
    found: dict[str, Record] = {}
    for reference in references:
        record = records.get(reference.key)
        if record is not None and reference.key not in found and _answers(record, reference):
            found[reference.key] = record
    return found


def _answers(record: Record, reference: Reference) -> bool:
    doi, pmid = normalise_doi(reference.get("doi")), pmid_of(reference)
    if doi:
        return normalise_doi(record.asked) == doi
    if pmid:
        return record.asked == pmid or (not record.asked and record.pmid == pmid)
    return not record.asked


def _texts(
    root: Path, settings: Settings, name: str, code: str, problems: list[Problem], typed: Typed
) -> Iterator[tuple[str, str]]:
    for path in files(root, settings, name, problems):
        text = read_inside(root, path, code=code, typed=typed)
        if isinstance(text, Unreadable):
            problems.append(text.problem)
        else:
            yield path, text.text


def read_decisions(
    root: Path, settings: Settings, pages: Iterable[Page]
) -> tuple[tuple[Approval, ...], tuple[Problem, ...]]:
    """The log of decisions, each with its doubt, and what is wrong with the log. `pages` name the authors of claims."""
    if not (root / APPROVALS).exists():
        return (), ()
    text = read_inside(root, APPROVALS)
    if isinstance(text, Unreadable):
        return (), (text.problem,)
    approvals, wrong = parse_approvals(APPROVALS, text.text)
    return with_doubts(approvals, root, settings.review, pages), (*wrong, *chain_problems(approvals))
