"""CLM009: something that cannot be read."""

from __future__ import annotations

from collections.abc import Iterator

from kap_content.model.finding import Problem, Severity
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, hit_of, problem_rule


@problem_rule("CLM009", "malformed-input", Severity.ERROR)
def malformed_input(problem: Problem, _context: Context) -> Iterator[Hit]:
    """A claims file, a page's head, a mark, a division, the lock or the log of decisions is not as the formats say.

    Why: what is not understood is not checked. An unknown field, a wrong type, a name given twice, an alias, a mark
    that does not parse: each may hold what somebody relied on. So with `approvals.jsonl`, whose lines name the lines
    that they follow: where one was deleted, moved, repeated or edited, no decision in it is certain, and pages wait.

    Fix: mend the place that the finding points at. The rest of the file has been read and checked all the same. Bring
    the log of decisions back from the repository's history; `kap approvals verify` looks at all of it.

    Example:
        status: aproved

        “status” wants one of draft, in_review, approved, expired, withdrawn; here is “aproved”
    """
    yield hit_of(problem)
