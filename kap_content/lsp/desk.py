"""What an editor asks about a project, as values. Columns of lines count from 0, in characters. No server here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from kap_content.checking.engine import Outcome, check
from kap_content.checking.selection import refuse_unknown_rules
from kap_content.language.wording import nearest_few
from kap_content.load.page import parse_page
from kap_content.load.text import unify_line_ends
from kap_content.load.whole import open_project
from kap_content.model.claim import Claim
from kap_content.model.finding import Finding
from kap_content.model.place import Place
from kap_content.model.project import Context
from kap_content.model.reference import Reference

_NAME = re.compile(r"[^\s\[\](){}\"',;@=]+")
_CLAIM_BEFORE = re.compile(r"\bclaim=\"?(?P<name>[^\s\"}]*)$")
_KEY_BEFORE = re.compile(r"(?:(?<![\w.])@|^\s*(?:-\s+)?ref:\s+)(?P<name>[^\s\]};,@]*)$")
MISSPELT = {"CLM007", "REF002"}
"""The rules on ids and keys that nothing has; what was meant may be near."""


@dataclass(frozen=True, slots=True)
class View:
    """A project as the editor has it, judged."""

    root: Path
    context: Context
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Offer:
    """A name to complete with: what is typed of it begins in column `start`."""

    name: str
    start: int
    about: str


def look(root: Path, texts: Mapping[str, str], as_of: date) -> View:
    """Read the project, with the pages in `texts` (by project path) as they stand in the editor, and run the rules.

    Other files count as they are on disk. Raises `KapError`.
    """
    project = open_project(root)
    refuse_unknown_rules(project.settings)
    pages = tuple(
        parse_page(page.path, unify_line_ends(texts[page.path])) if page.path in texts else page
        for page in project.pages
    )
    context = Context.of(replace(project, pages=pages), as_of)
    return View(project.root, context, check(context))


def named_at(line: str, column: int, context: Context) -> Claim | Reference | None:
    """The claim or reference whose id or key stands at a column of a line."""
    for match in _NAME.finditer(line):
        if match.start() <= column <= match.end():
            for name in (match[0], match[0].rstrip(".:")):
                found = context.claims.get(name) or context.references.get(name)
                if found:
                    return found
    return None


def told(found: Claim | Reference, context: Context) -> str:
    """What is known of a claim or a reference, as Markdown."""
    return _claim(found) if isinstance(found, Claim) else _reference(found, context)


def _claim(claim: Claim) -> str:
    due = f", next review {claim.next_review_due}" if claim.next_review_due else ""
    lines = [f"**{claim.id}**: {claim.status}{due}", "", claim.match_text]
    if claim.evidence:
        lines += ["", *(f"- {item.ref}: {item.finding or 'no finding given'}" for item in claim.evidence)]
    return "\n".join(lines)


def _reference(reference: Reference, context: Context) -> str:
    names = [author.family or author.literal for author in reference.authors]
    by = f"{names[0]} et al." if len(names) > 2 else " and ".join(names)  # noqa: PLR2004 - as citations do
    lines = [f"**{reference.key}**: {by} ({reference.get('year', 'date') or 'no year'})", "", reference.get("title")]
    where = ", ".join(filter(None, (reference.get("journal", "journaltitle"), reference.get("doi"))))
    lines += ["", where] if where else []
    return "\n".join([*lines, "", _registries(reference.key, context)])


def _registries(key: str, context: Context) -> str:
    """What the lock holds of a reference: its state, and notices such as a retraction."""
    record = context.record(key)
    if record is None:
        return "registries: not asked; run `kap lock`"
    notices = (f"{notice.kind} ({notice.date or 'no date'})" for notice in record.notices)
    return "registries: " + "; ".join([str(record.state), *notices])


def offers(line: str, column: int, context: Context) -> tuple[Offer, ...]:
    """The ids or keys that may be written at a column of a line."""
    before = line[:column]
    if match := _CLAIM_BEFORE.search(before):
        return tuple(Offer(claim.id, match.start("name"), claim.match_text) for claim in context.claims.values())
    if match := _KEY_BEFORE.search(before):
        start = match.start("name")
        return tuple(Offer(item.key, start, item.get("title")) for item in context.references.values())
    return ()


def meant(finding: Finding, lines: list[str], context: Context) -> tuple[tuple[Place, str], ...]:
    """Where a misspelt id or key stands, and what may have been meant, the likeliest first."""
    wrong = finding.claim if finding.code == "CLM007" else finding.reference
    if finding.code not in MISSPELT or not wrong:
        return ()
    known = context.claims if finding.code == "CLM007" else context.references
    for number in range(finding.place.line, min(finding.place.end_line, len(lines)) + 1):
        start = finding.place.column - 1 if number == finding.place.line else 0
        column = lines[number - 1].find(wrong, start) + 1
        if column:
            place = Place(finding.place.path, number, column, number, column + len(wrong))
            return tuple((place, name) for name in nearest_few(wrong, known))
    return ()
