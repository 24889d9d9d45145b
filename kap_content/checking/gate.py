"""The gate: a page is rendered only when nothing that concerns it is an error."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Set
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


class Concerns:
    """Which findings concern which page, indexed once for all pages.

    A page is concerned by the findings on it, on the claims it uses, and on the references that those or the page
    cite. A finding on a shared file that names neither claim nor reference concerns every page, since nothing tells
    which it spares.
    """

    def __init__(self, context: Context, findings: Iterable[Finding], paths: Set[str] | None = None) -> None:
        """Index the findings. `paths` are those of all pages, where the context is without them."""
        self.context = context
        self.findings = tuple(findings)
        self._by_page: dict[str, set[int]] = defaultdict(set)
        self._by_claim: dict[str, set[int]] = defaultdict(set)
        self._by_reference: dict[str, set[int]] = defaultdict(set)
        self._of_all: set[int] = set()
        pages = {page.path for page in context.project.pages} if paths is None else paths
        for number, finding in enumerate(self.findings):
            for path in {finding.place.path, *(other.place.path for other in finding.related)} & pages:
                self._by_page[path].add(number)
            if finding.place.path in pages:
                continue
            if finding.claim:
                self._by_claim[finding.claim].add(number)
            elif finding.reference:
                self._by_reference[finding.reference].add(number)
            else:
                self._of_all.add(number)

    def of(self, page: Page) -> tuple[Finding, ...]:
        """The findings that concern `page`, in their order."""
        return self.about(page.path, *uses_of(page, self.context))

    def about(self, path: str, claims: Iterable[str], keys: Iterable[str]) -> tuple[Finding, ...]:
        """The findings that concern a page by its path and what `uses_of` says of it."""
        numbers = self._of_all | self._by_page.get(path, set())
        numbers = numbers.union(*(self._by_claim.get(claim, ()) for claim in claims))
        numbers = numbers.union(*(self._by_reference.get(key, ()) for key in keys))
        return tuple(self.findings[number] for number in sorted(numbers))


def gate(page: Page, concerns: Concerns) -> Checked | Blocked:
    """Let `page` pass unless a finding that concerns it is an error."""
    about = concerns.of(page)
    errors = tuple(finding for finding in about if finding.severity is Severity.ERROR)
    return Blocked(page, errors) if errors else Checked(page, concerns.context, about)


def uses_of(page: Page, context: Context) -> tuple[frozenset[str], frozenset[str]]:
    """The ids of the claims that `page` marks, and the keys that it or those claims cite."""
    claims = frozenset(mark.claim for mark in page.marks)
    keys = {citation.key for citation in page.citations}
    for name in claims:
        claim = context.claims.get(name)
        keys.update(item.ref for item in (claim.evidence if claim else ()))
    return claims, frozenset(keys)
