"""`kap add`: entries for works that a registry knows; `kap lock --suggest`: candidates for entries without a DOI."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from kap_content.cli.actions.asked import UNCHECKED
from kap_content.cli.given import Globals
from kap_content.cli.session import open_project, shown_path, shown_place
from kap_content.cli.terminal.streams import put
from kap_content.load.bib import parse_bib
from kap_content.load.files import write_atomically
from kap_content.load.globs import is_glob
from kap_content.load.inside import LOCK
from kap_content.load.lock import dump_lock
from kap_content.load.project import read_references, read_whole_lock
from kap_content.mend.stored import stored
from kap_content.model.errors import ProjectError
from kap_content.model.place import Place
from kap_content.model.record import Record
from kap_content.model.reference import Reference
from kap_content.model.settings import Settings
from kap_content.registries.suggest import Candidate, fetch_for_add
from kap_content.registries.suggest import suggest as search
from kap_content.report.text import visible
from kap_content.works.agreement import Agreement, Field
from kap_content.works.bib_edit import with_entry, with_field
from kap_content.works.bibtex import bibtex_entry, bibtex_key
from kap_content.works.doi import normalise_doi
from kap_content.works.identifiers import identifiers
from kap_content.works.kinds import has_identifier
from kap_content.works.match import match
from kap_content.works.status import publication_status

CERTAIN = 0.9
"""A suggestion is taken by --accept from this score on, and only where the next one is well behind."""
_LEAD = 0.1
_WEB = ("online", "electronic", "www", "webpage", "software", "misc")
"""Entries that as a rule have no DOI to be found."""
_SIGNED = ("journal-article", "posted-content", "article-journal", "proceedings-article", "paper-conference")
"""Types that have authors; a book, a report or a dataset may be its publisher's."""


def add(options: Globals, texts: Sequence[str], today: date) -> int:
    """Append an entry for each work; 1 where one is refused or unknown, 3 where a registry gave no answer.

    An entry that is the work already and lacks its DOI gets it.
    """
    root, settings = open_project(options)
    path = _bibliography(settings)
    references = list(read_references(root, settings)[0])
    whole = read_whole_lock(root)[0]
    records = dict(whole.records)
    code = 0
    for fetched in fetch_for_add(texts, settings, today=today, root=root):
        if fetched.record is not None:
            if lacking := _lacking(fetched.record):
                options.say(
                    f"{fetched.identifier}: the registry’s record has {lacking}; nothing was added. "
                    "Write the entry by hand from the work itself."
                )
                code = max(code, 1)
                continue
            twin = _twin(fetched.record, references)
            unnamed = None if twin is not None else _unnamed_twin(fetched.record, references)
            if unnamed is not None and _write_doi(options, root, unnamed, fetched.record.answered):
                records[unnamed.key] = _keyed(fetched.record, unnamed.key)
                references = list(read_references(root, settings)[0])
                continue
            if twin := twin or unnamed:
                options.say(f"{fetched.identifier} is there already: {twin.key}, {shown_place(root, twin.place)}")
                code = max(code, 1)
                continue
            added = _append(options, root, path, fetched.record, references)
            references.append(added)
            records[added.key] = _keyed(fetched.record, added.key)
        elif fetched.candidates:
            put(f"{visible(fetched.identifier)} may be one of these; add it by its DOI:\n")
            put("".join(f"  {line}\n" for line in _listed(fetched.candidates)))
            code = max(code, 1)
        else:
            options.say(f"{fetched.identifier}: {fetched.reason}")
            code = max(code, UNCHECKED if fetched.is_unchecked else 1)
    write_atomically(root / LOCK, dump_lock(records, whole.quotes, whole.topics))
    return code


def suggest(options: Globals, today: date, *, accept: bool) -> int:
    """Search for the entries that have neither DOI nor PMID; with `accept`, write the DOIs that are certain."""
    root, settings = open_project(options)
    references, _ = read_references(root, settings)
    wanting = [
        one
        for one in references
        if one.type not in _WEB and one.get("title") and not one.get("doi") and not any(identifiers(one))
    ]
    if not wanting:
        options.say("Every entry has a DOI or a PMID.")
        return 0
    found = search(wanting, settings, today=today)
    for reference in wanting:
        candidates = found.candidates.get(reference.key, ())
        reason = found.unchecked.get(reference.key, "" if candidates else "nothing alike was found")
        put(f"{reference.key}  {shown_place(root, reference.place)}  {visible(reference.get('title'))}\n")
        put("".join(f"  {line}\n" for line in (_listed(candidates) if candidates else [reason])))
    if accept:
        chosen = [(one, doi) for one in wanting if (doi := _certain(found.candidates.get(one.key, ())))]
        for reference, doi in reversed(chosen):
            _write_doi(options, root, reference, doi)
    elif any(found.candidates.values()):
        options.say("Nothing was written. --accept writes the DOIs that are certain.")
    return UNCHECKED if found.unchecked else 0


def _certain(candidates: Sequence[Candidate]) -> str:
    if not candidates or candidates[0].score < CERTAIN:
        return ""
    if len(candidates) > 1 and candidates[0].score - candidates[1].score < _LEAD:
        return ""
    return candidates[0].record.answered


def _listed(candidates: Sequence[Candidate]) -> Iterator[str]:
    for candidate in candidates:
        record = candidate.record
        author = str(record.authors[0]) if record.authors else "no author"
        years = "/".join(str(year) for year in record.years) or "no year"
        mark = "RETRACTED  " if publication_status(record).retracted else ""
        yield visible(f"{candidate.score:.2f}  {mark}{record.answered}  {author}, {years}: {record.title}")


def _write_doi(options: Globals, root: Path, reference: Reference, doi: str) -> bool:
    """Give an entry its DOI; False, and told, where its text does not allow it."""
    text = stored(root, reference.place.path)
    changed = with_field(text, reference.place, "doi", doi) if text is not None else None
    if changed is None:
        options.say(f"{reference.key}: no comma follows its key; write doi = {{{doi}}} by hand")
        return False
    write_atomically(root / reference.place.path, changed)
    options.say(f"{reference.key}: doi = {{{doi}}} written to {shown_path(root, reference.place.path)}")
    return True


def _bibliography(settings: Settings) -> str:
    named = [path for path in settings.bibliography if not is_glob(path)]
    if not named:
        raise ProjectError("no bibliography to add to: the settings name only globs", help="Name one file first.")
    return named[0]


def _lacking(record: Record) -> str:
    """What a record lacks without which no entry can be made of it."""
    signed = record.authors or record.editors or (record.publisher and record.type not in _SIGNED)
    missing = [word for word, given in (("title", record.title), ("author", signed)) if not given]
    return f"no {' and no '.join(missing)}" if missing else ""


def _twin(record: Record, references: Sequence[Reference]) -> Reference | None:
    dois = {doi for doi in (record.asked, record.answered) if doi}
    for reference in references:
        pmid = reference.get("pmid").strip()
        if normalise_doi(reference.get("doi")) in dois or (pmid and pmid == record.pmid):
            return reference
    return None


def _unnamed_twin(record: Record, references: Sequence[Reference]) -> Reference | None:
    """The entry that is this work, and gives no identifier by which a registry could be asked."""
    for reference in references:
        if has_identifier(reference):
            continue
        found = match(reference, record)
        alike = found[Field.TITLE].agreement is Agreement.SAME
        if alike and found[Field.FIRST_AUTHOR].agreement in _ALIKE and not found.differing:
            return reference
    return None


_ALIKE = (Agreement.SAME, Agreement.COMPATIBLE)


def _append(options: Globals, root: Path, path: str, record: Record, references: Sequence[Reference]) -> Reference:
    key = bibtex_key(record, [reference.key for reference in references])
    text = stored(root, path) if (root / path).exists() else ""
    if text is None:
        raise ProjectError(f"{path} cannot be read as text", Place(path), "kap check says why.")
    source = with_entry(text, bibtex_entry(record, key))
    write_atomically(root / path, source)
    options.say(f"added {key} to {shown_path(root, path)}: {visible(record.title)}")
    status = publication_status(record)
    for event, word in (
        (status.retracted, "RETRACTED"),
        (status.concern, "of concern"),
        (status.corrected, "corrected"),
    ):
        if event is not None:
            options.say(f"  mind: it is {word}: {event}")
    return next(reference for reference in parse_bib(path, source)[0] if reference.key == key)


def _keyed(record: Record, key: str) -> Record:
    return replace(record, key=key)
