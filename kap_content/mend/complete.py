"""What the lock's record says and the entry lacks."""

from __future__ import annotations

from collections.abc import Iterator

from kap_content.mend.change import Change, Mend, Suggestion
from kap_content.mend.view import View
from kap_content.model.record import Record, State
from kap_content.model.reference import Reference
from kap_content.works.agreement import Agreement, Field
from kap_content.works.bibtex import entry_type, record_fields
from kap_content.works.journals import is_preprint_server
from kap_content.works.match import Match, match
from kap_content.works.status import publication_status
from kap_content.works.uses import with_records

_SAID = {
    "author": ("author", "editor", "organization", "institution", "collaboration"),
    "title": ("title",),
    "journal": ("journal", "journaltitle", "shortjournal"),
    "booktitle": ("booktitle", "maintitle"),
    "year": ("year", "date", "pubstate"),
    "volume": ("volume",),
    "number": ("number", "issue"),
    "pages": ("pages", "page", "eid", "article-number", "articleno", "article_number", "articlenumber", "artnum"),
    "eid": ("pages", "page", "eid", "article-number", "articleno", "article_number", "articlenumber", "artnum"),
    "publisher": ("publisher", "organization", "institution", "school", "howpublished"),
}
"""What a reference list prints, with the fields any of which says it."""

_ALIKE = (Agreement.SAME, Agreement.COMPATIBLE)
_PLACE = ("journal", "year", "volume", "number", "pages", "eid")


def mend_incomplete(view: View) -> Iterator[Mend | Suggestion]:
    """Add what the record says and the entry does not, where nothing else differs between them."""
    sound = {reference.key for reference in view.sound()}
    for reference, record in with_records(view.context):
        if reference.key not in sound or record.state is not State.FOUND or entry_type(record) != reference.type:
            continue
        found = match(reference, record)
        if not _is_same_work(found):
            continue
        if _is_moved(reference, record, found):
            yield from _moved(view, reference, record)
            continue
        missing = {name: value for name, value in _values(record, reference).items() if not reference.get(*_SAID[name])}
        if not missing or found.differing:
            continue
        told = ", ".join(f"{name} = {{{value}}}" for name, value in missing.items())
        entry = view.entry(reference)
        if record.is_transcribed or entry is None or not entry.fields:
            message = f"“{reference.key}” lacks {told}, says its record; no registry has confirmed it"
            if not record.is_transcribed:
                message = f"“{reference.key}” lacks {told}, says its record; add it by hand"
            yield Suggestion(reference.place, message, (reference.key,))
        else:
            reason = f"“{reference.key}” lacked what its record says: {', '.join(missing)}"
            yield Mend(reference.place, reason, entry.with_new(missing), (reference.key,))


def _values(record: Record, reference: Reference) -> dict[str, str]:
    return {name: value for name, value in record_fields(record, reference.type).items() if name in _SAID}


def _is_same_work(found: Match) -> bool:
    """Whether title or first author is the record's and the other is not another's."""
    title, author = found[Field.TITLE].agreement, found[Field.FIRST_AUTHOR].agreement
    return Agreement.DIFFERENT not in (title, author) and (title in _ALIKE or author in _ALIKE)


def _is_moved(reference: Reference, record: Record, found: Match) -> bool:
    """Whether the entry still names the preprint's server while its DOI is the published article's."""
    return (
        is_preprint_server(reference.get("journal", "journaltitle"))
        and record.type == "journal-article"
        and not publication_status(record).is_preprint
        and not record.is_transcribed
        and found[Field.TITLE].agreement in _ALIKE
        and found[Field.FIRST_AUTHOR].agreement in _ALIKE
    )


def _moved(view: View, reference: Reference, record: Record) -> Iterator[Mend]:
    entry = view.entry(reference)
    values = {name: value for name, value in _values(record, reference).items() if name in _PLACE}
    if entry is None or "journal" not in values or entry.field("journal") is None:
        return
    changes: list[Change] = []
    for name in [name for name in values if entry.any_field(name)]:
        value = values.pop(name)
        change = entry.with_value(name, value)
        if change is None:
            return
        if entry.inner(name) != value:
            changes.append(change)
    values = {name: value for name, value in values.items() if not reference.get(*_SAID[name])}
    changes += entry.with_new(values)
    reason = f"“{reference.key}” named a preprint server; the record of its DOI says where the article was published"
    yield Mend(reference.place, reason, tuple(changes), (reference.key,))
