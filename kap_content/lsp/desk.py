"""What an editor asks about a project, as values. Columns of lines count from 0, in characters. No server here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from kap_content.checking.engine import Outcome, check
from kap_content.checking.selection import refuse_unknown_rules
from kap_content.load.page import parse_page
from kap_content.load.project import load_project
from kap_content.load.settings import read_settings
from kap_content.load.whole import with_abstracts
from kap_content.model.finding import Finding
from kap_content.model.page import Page
from kap_content.model.project import Context

MANY = 200
"""Pages. Of a larger project only those that are open are judged while somebody types; saving judges all."""


@dataclass(frozen=True, slots=True)
class View:
    """A project as the editor has it, judged. `texts` are what the editor had open of it then, by project path."""

    root: Path
    context: Context
    outcome: Outcome
    texts: Mapping[str, str] = field(default_factory=dict)


def look(root: Path, texts: Mapping[str, str], as_of: date, last: View | None = None, *, whole: bool = True) -> View:
    """Read the project at `root` and run the rules.

    `texts`, by project path, stand in for what the files hold: pages, claims, bibliography, settings. Pages that are
    the same in `last` are not read again. Without `whole`, in a project of many pages, what the rules about single
    pages find on the others is kept from `last`. Raises `KapError`.
    """
    settings = read_settings(root, typed=texts)
    refuse_unknown_rules(settings)
    known = {page.path: page for page in last.context.project.pages} if last else {}

    def parse(path: str, text: str) -> Page:
        page = known.get(path)
        return page if page is not None and page.source == text else parse_page(path, text)

    project = with_abstracts(load_project(root, settings, typed=texts, parse=parse), root)
    context = Context.of(project, as_of)
    if whole or last is None or len(project.pages) <= MANY:
        return View(root, context, check(context), dict(texts))
    opened = tuple(page for page in project.pages if page.path in texts)
    return View(root, context, _joined(check(context, pages=opened), last.outcome, context, opened), dict(texts))


def _joined(now: Outcome, before: Outcome, context: Context, judged: tuple[Page, ...]) -> Outcome:
    """What is found now, but on the pages that were not judged what was found before."""
    others = {page.path for page in context.project.pages} - {page.path for page in judged}
    findings: list[Finding] = [item for item in now.findings if item.place.path not in others]
    findings += (item for item in before.findings if item.place.path in others)
    return replace(now, findings=tuple(findings))
