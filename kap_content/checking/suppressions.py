"""Suppression comments: which finding each holds back, and which held back nothing."""

from __future__ import annotations

from collections.abc import Iterable, Set
from datetime import date

from kap_content.model.finding import Finding
from kap_content.model.page import BLANKET, Suppression
from kap_content.model.place import Place
from kap_content.model.project import Context
from kap_content.rules._rule import all_rules
from kap_content.works.uses import evidence_by_reference

BLANKET_PROOF = ("DOI", "STS", "REF011")
"""What no blanket `ALL` may silence, on a page or in the settings; each must be named."""


class Suppressions:
    """The suppressions of a project's pages (which have these paths) on a day, remembering which were used.

    One without a reason or past its date holds back nothing (SUP001 and SUP002 say so).
    """

    def __init__(self, suppressions: Iterable[Suppression], pages: Set[str], context: Context) -> None:
        self._context = context
        self._pages = pages
        self._active = [
            suppression
            for suppression in suppressions
            if suppression.reason and suppression.covers and not _is_past(suppression, context.as_of)
        ]
        self._used: set[int] = set()

    @classmethod
    def of(cls, context: Context) -> Suppressions:
        """Those of all pages of the context."""
        pages = context.project.pages
        found = (suppression for page in pages for suppression in page.suppressions)
        return cls(found, frozenset(page.path for page in pages), context)

    def reason(self, finding: Finding) -> str | None:
        """Why `finding` is held back, or None.

        A finding on a page is held back by a comment over its block. One on a claim or a reference is held back
        where comments cover every place on a page that shows the claim or rests on the reference.
        """
        if not self._active:
            return None
        if finding.place.path in self._pages:
            return self._over([finding.place], finding)
        return self._over(self._shown(finding), finding)

    def _shown(self, finding: Finding) -> list[Place]:
        related = [other.place for other in finding.related if other.place.path in self._pages]
        if related:
            return related
        context = self._context
        places = [use.mark.place for use in context.uses.get(finding.claim, ())]
        places += [mention.citation.place for mention in context.mentions.get(finding.reference, ())]
        evidence = context.index(evidence_by_reference).get(finding.reference, ()) if finding.reference else ()
        for name in dict.fromkeys(claim.id for claim, _ in evidence):
            places += [use.mark.place for use in context.uses.get(name, ())]
        return places

    def _over(self, places: list[Place], finding: Finding) -> str | None:
        covering = []
        for place in places:
            match = next((one for one in self._active if _means(one, finding) and _covers(one, place)), None)
            if match is None:
                return None
            covering.append(match)
        self._used.update(id(suppression) for suppression in covering)
        return covering[0].reason if covering else None

    def used(self) -> tuple[Suppression, ...]:
        """The suppressions that held back something."""
        return tuple(suppression for suppression in self._active if id(suppression) in self._used)

    def unused(self, ran: Set[str]) -> tuple[Suppression, ...]:
        """The active suppressions that held back nothing, those that name a rule which did not run left out."""
        codes = {name: rule.code for rule in all_rules() for name in (rule.code, rule.name)}
        return tuple(
            suppression
            for suppression in self._active
            if id(suppression) not in self._used
            and all(code == BLANKET or codes.get(code, code) in ran or code not in codes for code in suppression.codes)
        )


def _is_past(suppression: Suppression, day: date) -> bool:
    return suppression.until is not None and suppression.until < day


def _means(suppression: Suppression, finding: Finding) -> bool:
    """Whether the comment names the finding's rule, or is a blanket that reaches it."""
    if {finding.code, finding.name}.intersection(suppression.codes):
        return True
    return BLANKET in suppression.codes and not finding.code.startswith(BLANKET_PROOF)


def _covers(suppression: Suppression, place: Place) -> bool:
    return suppression.covers is not None and suppression.covers.holds(place)
