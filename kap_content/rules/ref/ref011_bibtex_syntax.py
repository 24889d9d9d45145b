"""REF011: a bibliography that cannot be read as it stands."""

from __future__ import annotations

from collections.abc import Iterator

from kap_content.model.finding import Related, Severity
from kap_content.model.project import Context
from kap_content.model.reference import Reference
from kap_content.rules._rule import Hit, project_rule
from kap_content.startup.regex import regex

_NUMBER = regex(r"\b(line|number) \d+")
"""What changes in a message when lines move."""


@project_rule("REF011", "bibtex-syntax", Severity.ERROR)
def bibtex_syntax(context: Context) -> Iterator[Hit]:
    """An entry cannot be read as BibTeX, or a key is defined twice.

    An unclosed brace or quotation mark, a missing comma, a field without a value, an abbreviation that no `@string`
    defines, an entry without a key, names joined by commas instead of `and`, a field given twice with two values. Keys
    that differ only in upper and lower case are one key to BibTeX. The other entries, and what could be read of this
    one, are checked all the same.

    Why: BibTeX drops what it cannot read, often together with the entries behind it, and says so where nobody looks.

    Fix: mend the entry where the message points.

    Example:
        @article{glue2017,
          title = {Ketamine's dose-related effects,
          year = {2017}
        }

        the entry “glue2017” is not closed, probably in the field “title”
    """
    for problem in context.project.problems:
        if problem.code == "REF011":
            yield Hit(
                problem.place,
                problem.message,
                help=problem.help,
                reference=problem.reference,
                claim=problem.claim,
                related=problem.related,
                about=_NUMBER.sub(r"\1", problem.message),
            )
    yield from _repeated_in_another_file(context)


def _repeated_in_another_file(context: Context) -> Iterator[Hit]:
    """Tell keys defined in two files apart from those which the loader, seeing one file, reports."""
    first: dict[str, Reference] = {}
    for reference in context.project.references:
        other = first.setdefault(reference.key.casefold(), reference)
        if other.place.path != reference.place.path:
            yield Hit(
                reference.place,
                f"the key “{reference.key}” is defined in two files, first at {other.place}",
                help="Delete or rename one of the two entries; the first counts.",
                reference=reference.key,
                related=(Related(other.place, f"the first “{other.key}”"),),
                about=f"twice {reference.key}",
            )
