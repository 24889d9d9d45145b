"""Findings beside the text of a draft: which of them stand at which lines of the page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from kap_content.model.finding import Finding
from kap_content.model.page import Page
from kap_content.model.place import Place
from kap_content.model.project import Context

SHOWN = 4
"""So many findings of a block are seen at once; the others unfold."""


@dataclass(slots=True)
class Beside:
    """Findings that wait for the block they stand beside; each is set once, beside the first that covers its line."""

    waiting: list[tuple[int, Finding]] = field(default_factory=list)

    def taken(self, lines: Sequence[int] | None) -> Markup:
        """The findings of these lines (the first, and the one after the last, from 0), which are then set."""
        if not self.waiting or lines is None:
            return Markup()
        first, end = lines[0] + 1, lines[1] + 1
        here = [(line, finding) for line, finding in self.waiting if first <= line < end]
        if not here:
            return Markup()
        self.waiting = [item for item in self.waiting if item not in here]
        here.sort(key=lambda item: item[1].severity.rank)
        items = [_item(finding) for _, finding in here]
        shown = Markup("<ul>{}</ul>").format(Markup("").join(items[:SHOWN]))
        if items[SHOWN:]:
            rest = Markup("<details><summary>{} more</summary><ul>{}</ul></details>")
            shown += rest.format(len(items) - SHOWN, Markup("").join(items[SHOWN:]))
        note = Markup('<div class="beside {}" role="note" aria-label="Findings on line {}">{}</div>\n')
        return note.format(here[0][1].severity.value, min(line for line, _ in here), shown)


def _item(finding: Finding) -> Markup:
    told = Markup(' <span class="help">{}</span>').format(finding.help) if finding.help else Markup()
    item = Markup('<li class="{0}"><strong>{0}</strong> <code>{1}</code> {2}{3}</li>')
    return item.format(finding.severity.value, finding.code, finding.message, told)


def beside(page: Page, findings: Iterable[Finding], context: Context) -> Beside:
    """Where each finding stands on the page; one on a claim or a reference stands where the page first uses it."""
    waiting = []
    for finding in findings:
        line = _line(page, finding, context)
        if line:
            waiting.append((line, finding))
    return Beside(sorted(waiting, key=lambda item: (item[0], item[1].severity.rank)))


def _line(page: Page, finding: Finding, context: Context) -> int:
    places: list[Place] = [finding.place, *(other.place for other in finding.related)]
    if finding.claim:
        places += [mark.place for mark in page.marks if mark.claim == finding.claim]
    if finding.reference:
        places += [citation.place for citation in page.citations if citation.key == finding.reference]
        citing = {
            claim.id
            for claim in context.claims.values()
            if any(item.ref == finding.reference for item in claim.evidence)
        }
        places += [mark.place for mark in page.marks if mark.claim in citing]
    return next((place.line for place in places if place.path == page.path), 0)
