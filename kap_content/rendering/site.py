"""The edge of rendering: pages to folders of a site, fragments and Word files, and what stands above the pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath

from kap_content.checking.gate import Checked
from kap_content.model.errors import KapError
from kap_content.model.finding import Finding
from kap_content.model.page import Page
from kap_content.model.place import Place
from kap_content.model.project import Context
from kap_content.model.settings import Settings
from kap_content.rendering.docx import find_pandoc, write_document
from kap_content.rendering.html import render_draft
from kap_content.rendering.kept import Kept, tool
from kap_content.rendering.leftover import LeftOver, left_over
from kap_content.rendering.making import (
    Kind,
    NotWritten,
    Output,
    Site,
    Task,
    Written,
    contents,
    data_files,
    picture,
    shown,
)
from kap_content.rendering.overview import FILES as ABOVE
from kap_content.rendering.overview import entry_of, overview, write_overview
from kap_content.rendering.style import load_style
from kap_content.rendering.write import INDEX

DRAFTS, FRAGMENTS, DOCUMENTS = "drafts", "fragments", "docx"
RESERVED = frozenset({DRAFTS, FRAGMENTS, DOCUMENTS, *ABOVE})
"""Names in the output folder that no page may take."""


def render_site(
    checked: Iterable[Checked], root: Path, output: Path | None = None, *, kept: Kept | None = None, processes: int = 1
) -> Iterator[Written | NotWritten]:
    """Render pages that passed and write each to its folder `output/SLUG/`.

    `root` is the project's folder; `output` defaults to the settings' folder under it. Yields after each page. `kept`
    is what earlier runs rendered: what did not change is left alone. Many pages are rendered in up to `processes`
    processes, which a script may ask for only below `if __name__ == "__main__"`.
    Raises SettingsError where style or templates cannot be used, KapError where two pages want one folder.
    """
    yield from _made(Kind.PAGE, [Task.of(one) for one in checked], root, output, "", kept, processes)


def render_drafts(
    drafts: Iterable[tuple[Page, Sequence[Finding]]],
    context: Context,
    root: Path,
    output: Path | None = None,
    *,
    kept: Kept | None = None,
    processes: int = 1,
) -> Iterator[Written | NotWritten]:
    """Render any pages as drafts, to `output/drafts/SLUG/`, so that no published page is touched."""
    tasks = [Task(page, context, findings) for page, findings in drafts]
    yield from _made(Kind.DRAFT, tasks, root, output, DRAFTS, kept, processes)


def render_fragments(
    checked: Iterable[Checked], root: Path, output: Path | None = None, *, kept: Kept | None = None, processes: int = 1
) -> Iterator[Written | NotWritten]:
    """Render the articles of pages that passed, each to `output/fragments/SLUG/fragment.html`, for a CMS."""
    yield from _made(Kind.FRAGMENT, [Task.of(one) for one in checked], root, output, FRAGMENTS, kept, processes)


def _made(
    kind: Kind,
    tasks: Sequence[Task],
    root: Path,
    output: Path | None,
    folder: str,
    kept: Kept | None,
    processes: int,
) -> Iterator[Written | NotWritten]:
    if tasks:
        context, kept = tasks[0].context, kept if kept is not None else Kept()
        style = load_style(context.settings, root, kept, tool())
        pages = slugs(context.project.pages, context.settings)
        place = (output or root / context.settings.output) / folder
        yield from Site.of(kind, root, place, style, pages, kept).make(tasks, processes)


def render_documents(
    checked: Iterable[Checked], root: Path, output: Path | None = None
) -> Iterator[Written | NotWritten]:
    """Convert pages that passed to Word files, each `output/docx/SLUG.docx`. A KapError where pandoc is missing."""
    yield from _documents([Task.of(one) for one in checked], root, output, Kind.FRAGMENT, DOCUMENTS)


def render_draft_documents(
    drafts: Iterable[tuple[Page, Sequence[Finding]]], context: Context, root: Path, output: Path | None = None
) -> Iterator[Written | NotWritten]:
    """Convert any pages to Word files with a watermark and their findings, each `output/docx/drafts/SLUG.docx`."""
    tasks = [Task(page, context, findings) for page, findings in drafts]
    yield from _documents(tasks, root, output, Kind.DRAFT_FRAGMENT, f"{DOCUMENTS}/{DRAFTS}")


def _documents(
    tasks: Sequence[Task], root: Path, output: Path | None, kind: Kind, below: str
) -> Iterator[Written | NotWritten]:
    command = find_pandoc()
    if not tasks:
        return
    settings = tasks[0].context.settings
    pages = slugs(tasks[0].context.project.pages, settings)
    site = Site.of(kind, root, output or root / settings.output, load_style(settings, root), pages, Kept())
    for task in tasks:
        target = site.folder / below / f"{pages[task.page.path]}.docx"
        made = site.render(task)
        try:
            if isinstance(made, KapError):
                raise made
            pictures = {name: made.pictures[source] for name, source in made.rendered.copies.items()}
            name = shown(target, root).rstrip("/")
            is_draft = kind is Kind.DRAFT_FRAGMENT
            html = made.rendered.html
            changed = write_document(command, task.page.meta, html, pictures, target, name, is_draft=is_draft)
        except KapError as error:
            yield NotWritten(task.page, error)
        else:
            yield Written(task.page, target, changed)


def render_overview(context: Context, root: Path, output: Path | None = None) -> Path | None:
    """Write what stands above the pages that are in the site by now; the index page where there is one, else None.

    Raises KapError where a file of somebody else stands in the place of one, and SettingsError for its template.
    """
    folder = output or root / context.settings.output
    found = [entry_of(folder / slug, slug) for slug in slugs(context.project.pages, context.settings).values()]
    files = overview([entry for entry in found if entry], load_style(context.settings, root))
    if files or folder.is_dir():
        write_overview(folder, files, shown(folder, root))
    return folder / INDEX if INDEX in files else None


def leftovers(context: Context, root: Path, output: Path | None = None) -> list[LeftOver]:
    """The rendered pages, and drafts of pages, whose source is gone."""
    folder = output or root / context.settings.output
    known = set(slugs(context.project.pages, context.settings).values())
    return left_over(folder, known, RESERVED) + left_over(folder / DRAFTS, known)


def preview(page: Page, context: Context, findings: Sequence[Finding], root: Path, live: str) -> dict[str, bytes]:
    """The files of a draft by name, not written: for `kap serve`. A KapError where it cannot be rendered."""
    style = load_style(context.settings, root)
    pages = slugs(context.project.pages, context.settings)
    rendered = render_draft(page, context, findings, style, data_files(page, root), pages, live)
    return contents(Output(rendered, {source: picture(page, root, source) for source in rendered.copies.values()}))


def rendered_earlier(page: Page, context: Context, root: Path, output: Path | None = None) -> Path | None:
    """The file that an earlier run rendered `page` to, if it is there: for saying that it was left as it was."""
    slug = slugs(context.project.pages, context.settings).get(page.path)
    place = (output or root / context.settings.output) / slug / INDEX if slug else None
    return place if place and place.is_file() else None


def slugs(pages: Iterable[Page], settings: Settings) -> dict[str, str]:
    """Each page's folder under the output: its path below the fixed part of the settings' glob, without `.md`.

    A path that begins with a name that is taken in the output folder gets `-pages` behind it.
    """
    starts = sorted({_fixed_part(pattern) for pattern in settings.pages}, key=len, reverse=True)
    taken: dict[str, str] = {}
    result: dict[str, str] = {}
    for page in pages:
        start = next((start for start in starts if page.path.startswith(start)), "")
        path = PurePosixPath(page.path[len(start) :]).with_suffix("")
        parts = [re.sub(r"[^\w.-]+", "-", part).strip(".-") or "page" for part in path.parts]
        if len(parts) > 1 and parts[-1] == "index":
            parts.pop()
        if parts[0].casefold() in RESERVED:
            parts[0] += "-pages"
        slug = "/".join(parts)
        if slug.casefold() in taken:
            raise KapError(
                f"This page and {taken[slug.casefold()]} would both be rendered to {slug}/",
                Place(page.path),
                help="Rename one of them.",
            )
        taken[slug.casefold()] = page.path
        result[page.path] = slug
    return result


def _fixed_part(pattern: str) -> str:
    fixed = re.split(r"[*?\[]", pattern, maxsplit=1)[0]
    return fixed[: fixed.rfind("/") + 1]
