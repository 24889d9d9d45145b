"""Defects to plant in a generated site, each with the findings that a check must make of it, and no others."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sites import DAY, Claim, Page, Reference, Site

from kap_content.model.record import Notice, NoticeKind, Source, State

Found = tuple[str, str, str]
"""A finding: the rule's code, the file, and the claim or reference that it names."""
HELD = ("held back", "", "")
"""Stands for a finding that a comment on its page holds back."""
EVERY = 25
"""Pages; one in so many has a defect, and each kind is planted at least once."""


@dataclass(frozen=True)
class Place:
    """Where a defect is to be planted: a page, a claim and a reference of it, and a number for new names."""

    site: Site
    page: Page
    claim: Claim
    reference: Reference
    number: int

    def add(self, text: str) -> None:
        """Add a paragraph to the page."""
        self.page.body.append(text)

    def say(self, text: str) -> None:
        """Add a sentence with a source to the page."""
        self.add(f"{text} [@{self.reference.key}].")


def plant(site: Site) -> Counter[Found]:
    """Plant defects over the pages, and say what must be found."""
    count = max(len(KINDS), len(site.pages) // EVERY)
    references = {entry.key: entry for entry in site.references}
    expected: Counter[Found] = Counter()
    for number in range(count):
        page = site.pages[number * len(site.pages) // count]
        kind = KINDS[number % len(KINDS)]
        # The page's next claim and reference: two defects on one page of a small site do not meet.
        claim = page.claims.pop(0)
        expected.update(kind(Place(site, page, claim, references[claim.ref], number)))
    return expected


def found(report: Mapping[str, Any]) -> Counter[Found]:
    """What a JSON report says, in the same words."""
    counted = Counter(
        (item["code"], item["path"], item["claim"] or item["reference"] or "") for item in report["findings"]
    )
    counted.update({HELD: report["summary"]["suppressed"]})
    return +counted


def _drift(at: Place) -> list[Found]:
    at.page.body[:] = [part.replace(at.claim.text, at.claim.text.replace("adults", "people")) for part in at.page.body]
    return [("CLM002", at.page.path, at.claim.id)]


def _unknown_claim(at: Place) -> list[Found]:
    at.add(f"[{at.claim.text}]{{claim=NONE-{at.number}}}")
    return [("CLM007", at.page.path, f"NONE-{at.number}")]


def _unregistered(at: Place) -> list[Found]:
    at.add(f"Sleep was longer by 43 minutes with {at.page.topic.drug} than with placebo.")
    return [("CLM001", at.page.path, "")]


def _dangling(at: Place) -> list[Found]:
    at.add(f"The trial enrolled 97 adults at 4 clinics [@nobody{at.number}].")
    return [("REF002", at.page.path, f"nobody{at.number}")]


def _absolute(at: Place) -> list[Found]:
    at.say(f"{at.page.topic.drug.capitalize()} always works")
    return [("WRD001", at.page.path, "")]


def _held_back(at: Place) -> list[Found]:
    at.add('<!-- kap: ignore WRD001 reason="the protocol says so" -->')
    at.say(f"{at.page.topic.drug.capitalize()} always works")
    return [HELD]


def _idle_comment(at: Place) -> list[Found]:
    at.add('<!-- kap: ignore WRD001 reason="nothing here" -->')
    at.say("The dose was raised in 4 steps")
    return [("SUP003", at.page.path, "")]


def _unread_mark(at: Place) -> list[Found]:
    at.say(f"[The dose was raised in 4 steps]{{claim={at.claim.id}/2}}")
    return [("CLM009", at.page.path, "")]


def _nobody_reviewed(at: Place) -> list[Found]:
    del at.page.head["reviewer"]
    return [("DSC003", at.page.path, "")]


def _overdue_page(at: Place) -> list[Found]:
    at.page.head["next_review_due"] = "2026-10-01"
    return [("CUR001", at.page.path, "")]


def _overdue_claim(at: Place) -> list[Found]:
    at.claim.due = "2026-10-01"
    return [("CUR001", "claims.yaml", at.claim.id)]


def _draft(at: Place) -> list[Found]:
    at.claim.status = "draft"
    return [("CLM003", "claims.yaml", at.claim.id)]


def _unsupported(at: Place) -> list[Found]:
    at.claim.ref = ""
    return [("REF001", "claims.yaml", at.claim.id)]


def _other_number(at: Place) -> list[Found]:
    at.claim.finding = re.sub(r"\d+(?=% lower| of )", "61", at.claim.text)
    return [("EVD005", "claims.yaml", at.claim.id)]


def _weak_design(at: Place) -> list[Found]:
    at.claim.design = "case-report"
    return [("EVD002", "claims.yaml", at.claim.id)]


def _on_no_page(at: Place) -> list[Found]:
    at.site.claims.append(replace(at.claim, id=f"MORE-{at.number}", text=f"{at.claim.text[:-1]}, {at.number}."))
    return [("CLM006", "claims.yaml", f"MORE-{at.number}")]


def _orphan(at: Place) -> list[Found]:
    key = f"more{at.number}"
    number = len(at.site.references)
    title = f"{at.reference.title} and {at.number}"
    doi = f"10.5555/more.{at.number}"
    old = at.reference.record
    assert old is not None
    record = replace(old, key=key, asked=doi, answered=doi, title=title, authors=(), containers=())
    at.site.references.append(Reference(key, number, title, doi, record))
    return [("REF003", "references.bib", key)]


def _retracted(at: Place) -> list[Found]:
    _record(at, notices=(Notice(NoticeKind.RETRACTION, "crossref", f"10.5555/notice.{at.number}"),))
    return [("STS001", "references.bib", at.reference.key)]


def _stale(at: Place) -> list[Found]:
    _record(at, sources=(Source("crossref", DAY - timedelta(days=31)),))
    return [("DOI004", "references.bib", at.reference.key)]


def _never_asked(at: Place) -> list[Found]:
    at.reference.record = None
    return [("DOI004", "references.bib", at.reference.key)]


def _absent(at: Place) -> list[Found]:
    _record(at, state=State.ABSENT, title="", authors=(), containers=(), issued=None)
    return [("DOI002", "references.bib", at.reference.key)]


def _another_work(at: Place) -> list[Found]:
    _record(at, title="Rainfall and barley yields in upland farms", authors=())
    return [("DOI003", "references.bib", at.reference.key)]


def _record(at: Place, **fields: Any) -> None:
    assert at.reference.record is not None
    at.reference.record = replace(at.reference.record, **fields)


KINDS: tuple[Callable[[Place], list[Found]], ...] = (
    _drift,
    _overdue_claim,
    _unregistered,
    _retracted,
    _dangling,
    _draft,
    _absolute,
    _stale,
    _held_back,
    _unsupported,
    _idle_comment,
    _absent,
    _unread_mark,
    _other_number,
    _nobody_reviewed,
    _another_work,
    _overdue_page,
    _weak_design,
    _unknown_claim,
    _orphan,
    _never_asked,
    _on_no_page,
)
