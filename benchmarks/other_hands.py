"""Descriptions of one work by two hands, neither ours: the surest measure of false alarms.

Publishers deposit the reference lists that authors wrote, so two articles that cite one DOI describe it twice;
bibliographies overlap; PubMed gives each journal's name and its abbreviation. One side is read as the entry and
the other as the record. What differs is shown, for a reader to judge: most of it is a true error on one side.
"""

from __future__ import annotations

import gzip
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from html import unescape
from itertools import combinations
from pathlib import Path

from written_entries import Work

from kap_content.load.bib import parse_bib
from kap_content.model.dates import PartialDate
from kap_content.model.place import Place
from kap_content.model.record import Record, State
from kap_content.model.reference import Name, Reference
from kap_content.works.agreement import Agreement
from kap_content.works.doi import normalise_doi
from kap_content.works.journals import compare
from kap_content.works.match import match
from kap_content.works.years import entry_years

_DEPOSITED = {
    "title": "article-title",
    "journal": "journal-title",
    "year": "year",
    "volume": "volume",
    "number": "issue",
    "pages": "first-page",
}


def reference_lists(works: Iterable[Work], show: int) -> Iterator[str]:
    """Pairs of deposited references to one DOI."""
    by_doi: dict[str, list[Reference]] = defaultdict(list)
    for work in works:
        cited = work.get("reference")
        for item in cited if isinstance(cited, list) else ():
            doi = str(item.get("DOI") or "").lower()
            if doi and (item.get("article-title") or item.get("author")):
                by_doi[doi].append(_deposited(doi, item))
    yield from _report("Two articles' reference lists on one DOI", by_doi, show)


def _deposited(doi: str, item: Work) -> Reference:
    fields = {name: str(item.get(theirs) or "") for name, theirs in _DEPOSITED.items()}
    given, _, family = str(item.get("author") or "").strip().rpartition(" ")
    authors = (Name(family, given),) if family else ()
    return Reference(doi, "article", Place("list"), {**fields, "doi": doi}, authors=authors, and_others=True)


def real_bibliographies(folder: Path, known: Collection[str], show: int) -> Iterator[str]:
    """Pairs of entries of real bibliographies with one DOI, and how many of the DOIs are among the works."""
    by_doi: dict[str, list[Reference]] = defaultdict(list)
    for path in sorted(folder.rglob("*.bib")):
        references, _ = parse_bib(path.name, path.read_bytes().decode("utf-8", "replace"))
        for reference in references:
            doi = normalise_doi(reference.get("doi"))
            if doi:
                by_doi[doi].append(reference)
    shared = sum(doi in known for doi in by_doi)
    yield f"\n{len(by_doi)} DOIs in the real bibliographies, {shared} of them among the works."
    yield from _report("Two entries of real bibliographies with one DOI", by_doi, show)


def _record(reference: Reference) -> Record:
    years = entry_years(reference)
    container = reference.get("journal", "journaltitle", "booktitle")
    return Record(
        reference.key,
        State.FOUND,
        answered=normalise_doi(reference.get("doi")),
        type="journal-article" if reference.type == "article" else "",
        title=reference.get("title"),
        authors=reference.authors or reference.editors,
        containers=(container,) if container else (),
        issued=PartialDate(years[0]) if years else None,
        volume=reference.get("volume"),
        issue=reference.get("number"),
        pages=reference.get("pages"),
    )


def _report(title: str, groups: dict[str, list[Reference]], show: int) -> Iterator[str]:
    pairs = [(doi, *pair) for doi, found in sorted(groups.items()) for pair in combinations(found, 2)]
    other, differing = [], []
    fields: Counter[str] = Counter()
    for doi, one, two in pairs:
        found = match(one, _record(two))
        if found.is_other_work:
            other.append(f"- {doi}: another work: {found.differing[0]}")
        elif found.differing:
            differing.append(f"- {doi}: {'; '.join(map(str, found.differing))}")
        fields.update(comparison.field for comparison in found.differing)
    yield f"\n## {title}\n"
    yield f"{len(pairs)} pairs: {len(other)} told as another work, {len(differing)} with a difference."
    yield f"By field: {', '.join(f'{name} {count}' for name, count in fields.most_common())}.\n"
    yield from [*other, *differing][:show]


def journal_names(folder: Path, show: int) -> Iterator[str]:
    """Names and ISO abbreviations of PubMed's journals: each with its own, and each with all others."""
    names: set[tuple[str, str]] = set()
    for path in sorted(folder.glob("*.xml.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            text = file.read()
        for journal in re.findall(r"<Journal>.*?</Journal>", text, re.DOTALL):
            full, short = (
                re.search(rf"<{tag}>(.*?)</{tag}>", journal, re.DOTALL) for tag in ("Title", "ISOAbbreviation")
            )
            if full and short:
                names.add((unescape(full[1]), unescape(short[1])))
    pairs = sorted(names)
    missed = [f"- not known for one: {full} | {short}" for full, short in pairs if _differ(full, short)]
    strangers = [
        f"- taken for one: {full} | {short}"
        for full, _ in pairs
        for _, short in pairs
        if (full, short) not in names and not _differ(full, short)
    ]
    yield "\n## Journal names and abbreviations in PubMed\n"
    yield f"{len(pairs)} journals: {len(pairs) - len(missed)} known by their abbreviation;"
    yield f"of {len(pairs) * (len(pairs) - 1)} pairs of strangers {len(strangers)} taken for one.\n"
    yield from [*strangers[:show], *missed[:show]]


def _differ(one: str, other: str) -> bool:
    return compare.__wrapped__(one, other) is Agreement.DIFFERENT
