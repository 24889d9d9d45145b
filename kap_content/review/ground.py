"""What decisions rest on, without the pages where they do not matter: a site may have ten thousand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from kap_content.load.page import parse_page
from kap_content.load.project import (
    answering,
    files,
    read_claims,
    read_decisions,
    read_inside,
    read_references,
    read_whole_lock,
)
from kap_content.load.settings import read_settings
from kap_content.load.text import PAGE_LIMIT, Unreadable
from kap_content.model.page import Page
from kap_content.model.project import Context, Project
from kap_content.model.settings import Settings


def read_ground(root: Path, today: date, claim: str = "") -> Context:
    """Claims, references, lock and log of the project at `root`, as they are now.

    Of the pages only those are read that may name an author who must not approve: the ones that hold the id `claim`, or
    all of them where none is given; none where settings do not ask for authors.
    """
    settings = read_settings(root)
    claims, wrong = read_claims(root, settings)
    problems = list(wrong)
    references, wrong = read_references(root, settings)
    problems.extend(wrong)
    lock, wrong = read_whole_lock(root)
    problems.extend(wrong)
    pages = tuple(_pages(root, settings, claim)) if settings.review.author_may_not_approve else ()
    approvals, wrong = read_decisions(root, settings, pages)
    problems.extend(wrong)
    project = Project(
        settings=settings,
        pages=pages,
        claims=claims,
        references=references,
        records=answering(references, lock.records),
        approvals=approvals,
        problems=tuple(problems),
        root=root,
    )
    return Context.of(project, today)


def _pages(root: Path, settings: Settings, claim: str) -> Iterator[Page]:
    for path in files(root, settings, "pages", []):
        text = read_inside(root, path, limit=PAGE_LIMIT)
        if not isinstance(text, Unreadable) and claim in text.text:
            yield parse_page(path, text.text)
