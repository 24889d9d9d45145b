"""REF011: a bibliography that cannot be read as it stands."""

from __future__ import annotations

from collections.abc import Iterator

from kap_content.model.finding import Problem, Severity
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, hit_of, problem_rule


@problem_rule("REF011", "bibtex-syntax", Severity.ERROR)
def bibtex_syntax(problem: Problem, _context: Context) -> Iterator[Hit]:
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
    yield hit_of(problem)
