"""What is said of a bibliography that cannot be read as it stands: problems of the code REF011."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kap_content.load.bib.entry import Entry, Reading, Slip, Trouble
from kap_content.model.finding import Problem, Related
from kap_content.model.place import Place
from kap_content.model.reference import Reference
from kap_content.works.folding import word_set

CODE = "REF011"

_CITED = word_set(
    "author editor title booktitle journal journaltitle year date volume number pages eid doi pmid pmcid eprint url "
    "urldate edition publisher institution"
)
"""Fields that make a citation. Any other given twice (keywords, notes) does no harm."""


_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Spots:
    """The places a problem may be told at: the entry's key (or its head), the field, and the error itself."""

    entry: Place
    field: Place
    error: Place


def is_harmless(trouble: Trouble, entry: Entry | None) -> bool:
    """Whether the error costs nothing: a field given twice that says the same, or makes no part of a citation."""
    if trouble.slip is not Slip.FIELD_TWICE:
        return False
    return trouble.field not in _CITED or entry is None or entry.fields.get(trouble.field) == trouble.words


def describe(trouble: Trouble, reading: Reading, spots: Spots, rest: str) -> Problem:
    """Say what is wrong in the words of somebody who edits the file. `rest` is the text at the error."""
    entry = reading.entry
    key = entry.key if entry else ""
    subject = f"the entry “{key}”" if key else f"this @{reading.kind}" if reading.kind else "this entry"
    field = trouble.field
    place = spots.entry
    related: tuple[Related, ...] = ()
    match trouble.slip:
        case Slip.NO_BRACKET:
            message, step = f"{subject} has no opening brace", "Write it as @article{key, ...}."
        case Slip.NO_KEY:
            message, step = (
                f"{subject} has no key, so that nothing can cite it",
                "Give it a key: @article{smith2020, ...}.",
            )
        case Slip.UNCLOSED:
            message = f"{subject} is not closed: a closing brace or quotation mark is missing"
            step = "Close it; the entries after it were read all the same."
            if field and entry:
                message += f", probably in the field “{field}” (line {spots.field.line}) or behind it"
                related = (Related(spots.field, f"the last field that could be read is “{field}”"),)
        case Slip.MACRO:
            place = spots.error
            message = f"{subject} uses “{trouble.words}”, which no @string defines"
            step = f"Define it with @string{{{trouble.words} = ...}} above the entry, or put the text in braces."
        case Slip.FIELD_TWICE:
            first = entry.fields[field] if entry else ""
            place = spots.error
            message = f"{subject} gives “{field}” twice: “{first}” and “{trouble.words}”"
            step = "Keep one of them; the first was used."
            related = (Related(spots.field, f"the first “{field}”"),)
        case Slip.SYNTAX:
            place = spots.field
            message, step = _syntax(trouble, subject, rest)
    return Problem(CODE, place, message, step, reference=key, related=related)


def _syntax(trouble: Trouble, subject: str, rest: str) -> tuple[str, str]:
    """Return the message and the next step for an error of pybtex's grammar."""
    field, words = trouble.field, trouble.words
    if words == "comma":
        return f"in {subject} a comma is missing after the field “{field}”", "Put a comma before the next field."
    if words == "comma or end":
        where = f"behind the field “{field}”" if field else "behind the key"
        return f"in {subject} “{rest}” cannot be read {where}", "Put a comma or the closing brace there."
    if words == "'=' expected":
        return f"in {subject} “{field}” has no “=” behind it", "Write a field as name = {value}."
    if words == "field value expected":
        return f"in {subject} the field “{field}” has no value that can be read: “{rest}”", "Put the value in braces."
    if words == "unbalanced braces":
        return (
            f"in {subject} the field “{field}” has an unclosed quotation mark or a brace too many",
            "Close or balance it.",
        )
    if words == "too many nested braces":
        return f"in {subject} the field “{field}” nests more than 100 braces", "Take out the braces that mean nothing."
    return f"{subject} cannot be read at “{rest}” ({words})", "Mend the syntax there."


def repeated_key(reference: Reference, first: Reference) -> Problem:
    """Say that a key was defined before."""
    there = f"on line {first.place.line}"
    if first.place.path != reference.place.path:
        there += f" of {first.place.path}"
    if reference.key == first.key:
        message = f"the key “{reference.key}” is defined twice, first {there}"
    else:
        message = (
            f"the key “{reference.key}” differs from “{first.key}” {there} only in upper and lower case; BibTeX holds "
            "them for one"
        )
    return Problem(
        CODE,
        reference.place,
        message,
        "Rename one of them, or delete it; the first counts.",
        reference=reference.key,
        related=(Related(first.place, f"the first “{first.key}”"),),
    )


def repeated_elsewhere(references: Iterable[Reference]) -> Iterator[Problem]:
    """Say which keys were defined before in another file. Those of one file are told where it is read."""
    first: dict[str, Reference] = {}
    for reference in references:
        before = first.setdefault(reference.key.casefold(), reference)
        if before.place.path != reference.place.path:
            yield repeated_key(reference, before)


def names_run_together(reference: Reference, field: str, name: str) -> Problem:
    """Say that names are joined by commas."""
    shown = name if len(name) <= _SHOWN else name[: _SHOWN - 3] + "..."
    return Problem(
        CODE,
        reference.where(field),
        f"the {field} field of “{reference.key}” has names run together with commas: “{shown}”",
        "Separate the names with “and”: Glue, Paul and Medlicott, Natalie.",
        reference=reference.key,
    )
