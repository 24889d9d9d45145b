"""The gate: a page is rendered only when nothing that concerns it is an error."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kap_content.model.finding import Finding, Severity
from kap_content.model.page import Page
from kap_content.model.project import Context


@dataclass(frozen=True, slots=True)
class Checked:
    """A page that passed, with the findings (none an error) that concern it. Only `gate` makes one."""

    page: Page
    context: Context
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Blocked:
    """A page that may not be rendered, and the errors that say why."""

    page: Page
    errors: tuple[Finding, ...]


def gate(page: Page, context: Context, findings: Iterable[Finding]) -> Checked | Blocked:
    """Let `page` pass unless a finding that concerns it is an error."""
    about = concerning(page, context, findings)
    errors = tuple(finding for finding in about if finding.severity is Severity.ERROR)
    return Blocked(page, errors) if errors else Checked(page, context, about)


def concerning(page: Page, context: Context, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings on `page`, on the claims it uses, on the references those or the page cite, and on shared files.

    A finding on a shared file that names neither claim nor reference concerns every page, since nothing tells
    which it spares.
    """
    claims, keys = uses_of(page, context)
    pages = {other.path for other in context.project.pages}

    def concerns(finding: Finding) -> bool:
        if finding.place.path == page.path or any(other.place.path == page.path for other in finding.related):
            return True
        if finding.place.path in pages:
            return False
        if finding.claim:
            return finding.claim in claims
        if finding.reference:
            return finding.reference in keys
        return True

    return tuple(finding for finding in findings if concerns(finding))


def uses_of(page: Page, context: Context) -> tuple[frozenset[str], frozenset[str]]:
    """The ids of the claims that `page` marks, and the keys that it or those claims cite."""
    claims = frozenset(mark.claim for mark in page.marks)
    keys = {citation.key for citation in page.citations}
    keys.update(item.ref for claim in context.project.claims if claim.id in claims for item in claim.evidence)
    return claims, frozenset(keys)
