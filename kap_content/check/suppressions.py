"""Suppression comments: which finding each holds back, and which held back nothing."""

from __future__ import annotations

from collections.abc import Iterable, Set
from datetime import date

from kap_content.model.finding import Finding
from kap_content.model.page import Page, Suppression
from kap_content.model.place import Place


class Suppressions:
    """The suppressions of some pages on a day, remembering which were used.

    One without a reason or past its date holds back nothing (SUP001 and SUP002 say so). A comment must name
    codes: a blanket `all` holds back nothing, and the page loader reports it as malformed.
    """

    def __init__(self, pages: Iterable[Page], as_of: date) -> None:
        self._active = [
            suppression
            for page in pages
            for suppression in page.suppressions
            if suppression.reason and suppression.covers and (suppression.until is None or as_of <= suppression.until)
        ]
        self._pages = frozenset(page.path for page in pages)
        self._used: set[int] = set()

    def reason(self, finding: Finding) -> str | None:
        """Why `finding` is held back, or None.

        A finding on a page is held back by a comment over its block. One on a claim or a reference is held back
        where a comment covers every place on a page that it is related to.
        """
        if not self._active:
            return None
        if finding.place.path in self._pages:
            return self._over([finding.place], finding)
        return self._over([other.place for other in finding.related if other.place.path in self._pages], finding)

    def _over(self, places: list[Place], finding: Finding) -> str | None:
        names = {finding.code, finding.name}
        covering = []
        for place in places:
            match = next(
                (
                    suppression
                    for suppression in self._active
                    if names.intersection(suppression.codes) and suppression.covers and suppression.covers.holds(place)
                ),
                None,
            )
            if match is None:
                return None
            covering.append(match)
        self._used.update(id(suppression) for suppression in covering)
        return covering[0].reason if covering else None

    def unused(self, ran: Set[str]) -> tuple[Suppression, ...]:
        """The active suppressions that held back nothing, those that name a rule which did not run left out."""
        return tuple(
            suppression
            for suppression in self._active
            if id(suppression) not in self._used and all(_ran(code, ran) for code in suppression.codes)
        )


def _ran(code: str, ran: Set[str]) -> bool:
    from kap_content.rules._rule import all_rules

    known = {name: rule.code for rule in all_rules() for name in (rule.code, rule.name)}
    return code not in known or known[code] in ran
