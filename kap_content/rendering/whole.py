"""Rendering what passes of a project, for the Python interface."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from os import PathLike
from pathlib import Path

from kap_content.checking.engine import check
from kap_content.checking.gate import Blocked, Checked, Concerns, gate
from kap_content.checking.selection import refuse_unknown_rules
from kap_content.checking.whole import today
from kap_content.model.errors import KapError
from kap_content.model.finding import Finding
from kap_content.model.page import Page
from kap_content.model.project import Context, Project
from kap_content.rendering.kept import open_kept
from kap_content.rendering.making import Written
from kap_content.rendering.overview import Entry
from kap_content.rendering.site import Layout, render_overview, render_site


@dataclass(frozen=True, slots=True)
class PageResult:
    """What became of a page.

    `file` is the HTML file that was written, or None: then `errors` say why the page was held back, or `trouble` why it
    could not be rendered. `changed` is false where the file held the same already.
    """

    page: Page
    file: Path | None = None
    changed: bool = False
    errors: tuple[Finding, ...] = ()
    trouble: KapError | None = None


def render_project(
    project: Project, *, as_of: date | None = None, release: bool = False, output: str | PathLike[str] | None = None
) -> tuple[PageResult, ...]:
    """Check `project` as of a day (default: today) and render the pages that pass, with their index; a result a page.

    There is no way round the check: a page that an error concerns is held back, and what was rendered of it earlier
    stays as it was. `output` is the folder to write to, else the settings' one in the project. Uses no network.
    Raises `KapError` where nothing can be rendered: templates, style, or two pages that want one folder.
    """
    refuse_unknown_rules(project.settings)
    context = Context.of(project, as_of or today(), release=release)
    concerns = Concerns(context, check(context).findings)
    gated = [gate(page, concerns) for page in project.pages]
    folder = Path(output) if output is not None else None
    passed = [one for one in gated if isinstance(one, Checked)]
    results = {one.page.path: PageResult(one.page, errors=one.errors) for one in gated if isinstance(one, Blocked)}
    pages = {page.path: page for page in project.pages}
    entries: list[Entry] = []
    for made in render_site(passed, project.root, folder, kept=open_kept(project.root)):
        page = pages[made.source]
        if isinstance(made, Written):
            results[made.source] = PageResult(page, made.path, made.changed)
            entries += [made.entry] if made.entry else []
        else:
            results[made.source] = PageResult(page, trouble=made.error)
    if project.pages:
        render_overview(Layout.whole(context, project.root, folder), entries)
    return tuple(results[page.path] for page in project.pages)
