"""The edge of rendering: pages to folders of a site, fragments and Word files, and what stands above the pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from kap_content.checking.gate import Blocked, Checked, Concerns, gate
from kap_content.model.errors import KapError
from kap_content.model.finding import Finding
from kap_content.model.page import Page
from kap_content.model.place import Place
from kap_content.model.project import Context
from kap_content.model.settings import Settings
from kap_content.rendering.docx import find_pandoc, write_document
from kap_content.rendering.html import render_draft
from kap_content.rendering.inputs import UNSEEN, Looks
from kap_content.rendering.kept import Kept, tool
from kap_content.rendering.leftover import LeftOver, left_over
from kap_content.rendering.making import Kind, NotWritten, Output, Site, Standing, Task, Written, contents, shown
from kap_content.rendering.overview import FILES as ABOVE
from kap_content.rendering.overview import Entry, entry_of, overview, write_overview
from kap_content.rendering.sources import data_files, picture
from kap_content.rendering.style import load_style
from kap_content.rendering.write import INDEX

DRAFTS, FRAGMENTS, DOCUMENTS = "drafts", "fragments", "docx"
RESERVED = frozenset({DRAFTS, FRAGMENTS, DOCUMENTS, *ABOVE})
"""Names in the output folder that no page may take."""
_FOLDERS = {Kind.PAGE: "", Kind.DRAFT: DRAFTS, Kind.FRAGMENT: FRAGMENTS, Kind.DRAFT_FRAGMENT: FRAGMENTS}


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the pages of a project go: `slugs` gives by its path the folder of each below `folder`.

    Raises KapError where two pages want one folder.
    """

    root: Path
    folder: Path
    settings: Settings
    slugs: Mapping[str, str]

    @classmethod
    def of(cls, paths: Iterable[str], settings: Settings, root: Path, output: Path | None = None) -> Layout:
        """The layout of the pages at `paths`; `output` defaults to the settings' folder under the project's `root`."""
        return cls(root, output or root / settings.output, settings, slugs(paths, settings))

    @classmethod
    def whole(cls, context: Context, root: Path, output: Path | None = None) -> Layout:
        """The layout of a project whose pages were all read."""
        return cls.of((page.path for page in context.project.pages), context.settings, root, output)

    def site(self, kind: Kind, kept: Kept | None = None, looks: Looks = UNSEEN) -> Site:
        """What makes pages of a kind. Raises SettingsError where style or templates cannot be used."""
        kept = Kept() if kept is None else kept
        style = load_style(self.settings, self.root, kept, tool())
        return Site.of(kind, self.root, self.folder / _FOLDERS[kind], style, self.slugs, kept, looks)

    def rendered_earlier(self, path: str) -> Path | None:
        """The file that an earlier run rendered the page at `path` to, if it is there: it was left as it was."""
        place = self.folder / self.slugs[path] / INDEX if path in self.slugs else None
        return place if place and place.is_file() else None


@dataclass(frozen=True, slots=True)
class Planned:
    """What is to be rendered of the pages asked for, in their order, and which of them the gate holds back."""

    parts: tuple[Task | Standing, ...]
    blocked: tuple[Blocked, ...]


def planned(site: Site, paths: Iterable[str], page: Callable[[str], Page], concerns: Concerns) -> Planned:
    """See which pages stand as they are, and put the others through the gate. Only those does `page` have to give."""
    parts: list[Task | Standing] = []
    blocked: list[Blocked] = []
    for path in paths:
        standing = site.standing(path, concerns)
        if standing is not None:
            parts.append(standing)
        elif site.kind.is_draft:
            draft = page(path)
            parts.append(Task.draft(draft, concerns.context, concerns.of(draft)))
        elif isinstance(gated := gate(page(path), concerns), Checked):
            parts.append(Task.of(gated))
        else:
            blocked.append(gated)
    return Planned(tuple(parts), tuple(blocked))


def render_site(
    checked: Iterable[Checked], root: Path, output: Path | None = None, *, kept: Kept | None = None, processes: int = 1
) -> Iterator[Written | NotWritten]:
    """Render pages that passed and write each to its folder `output/SLUG/`.

    `root` is the project's folder; `output` defaults to the settings' folder under it. Yields after each page. `kept`
    is what earlier runs rendered: what did not change is left alone. Many pages are rendered in up to `processes`
    processes, which a script may ask for only below `if __name__ == "__main__"`.
    Raises SettingsError where style or templates cannot be used, KapError where two pages want one folder.
    """
    passed = list(checked)
    if passed:
        site = Layout.whole(passed[0].context, root, output).site(Kind.PAGE, kept)
        yield from site.make([Task.of(one) for one in passed], processes)


def render_documents(site: Site, tasks: Iterable[Task], folder: Path) -> Iterator[Written | NotWritten]:
    """Convert pages to Word files below `folder`, each `SLUG.docx`. A KapError where pandoc is missing.

    `site` makes fragments; drafts get a watermark and their findings, and a folder of their own.
    """
    command = find_pandoc()
    is_draft = site.kind.is_draft
    below = folder / DRAFTS if is_draft else folder
    for task in tasks:
        path = task.page.path
        target = below / f"{site.slugs[path]}.docx"
        made = site.render(task)
        try:
            if isinstance(made, KapError):
                raise made
            pictures = {name: made.pictures[source] for name, source in made.rendered.copies.items()}
            name = shown(target, site.root).rstrip("/")
            html = made.rendered.html
            changed = write_document(command, task.page.meta, html, pictures, target, name, is_draft=is_draft)
        except KapError as error:
            yield NotWritten(path, error)
        else:
            yield Written(path, target, changed)


def render_overview(layout: Layout, known: Iterable[Entry] = ()) -> Path | None:
    """Write what stands above the pages that are in the site by now; the index page where there is one, else None.

    `known` are entries of pages that were just seen there; what others say of themselves is read.
    Raises KapError where a file of somebody else stands in the place of one, and SettingsError for its template.
    """
    folder = layout.folder
    entries = {entry.slug: entry for entry in known}
    found = [entries.get(slug) or entry_of(folder / slug, slug) for slug in layout.slugs.values()]
    files = overview([entry for entry in found if entry], load_style(layout.settings, layout.root))
    if files or folder.is_dir():
        write_overview(folder, files, shown(folder, layout.root))
    return folder / INDEX if INDEX in files else None


def leftovers(layout: Layout) -> list[LeftOver]:
    """The rendered pages, and drafts of pages, whose source is gone."""
    known = set(layout.slugs.values())
    return left_over(layout.folder, known, RESERVED) + left_over(layout.folder / DRAFTS, known)


def preview(page: Page, context: Context, findings: Sequence[Finding], root: Path, live: str) -> dict[str, bytes]:
    """The files of a draft by name, not written: for `kap serve`. A KapError where it cannot be rendered."""
    style = load_style(context.settings, root)
    pages = Layout.whole(context, root).slugs
    rendered = render_draft(page, context, findings, style, data_files(page, root), pages, live)
    return contents(Output(rendered, {source: picture(page, root, source) for source in rendered.copies.values()}))


def slugs(paths: Iterable[str], settings: Settings) -> dict[str, str]:
    """Each page's folder under the output: its path below the fixed part of the settings' glob, without `.md`.

    A path that begins with a name that is taken in the output folder gets `-pages` behind it.
    """
    starts = sorted({_fixed_part(pattern) for pattern in settings.pages}, key=len, reverse=True)
    taken: dict[str, str] = {}
    result: dict[str, str] = {}
    for path in paths:
        start = next((start for start in starts if path.startswith(start)), "")
        name = PurePosixPath(path[len(start) :]).with_suffix("")
        parts = [re.sub(r"[^\w.-]+", "-", part).strip(".-") or "page" for part in name.parts]
        if len(parts) > 1 and parts[-1] == "index":
            parts.pop()
        if parts[0].casefold() in RESERVED:
            parts[0] += "-pages"
        slug = "/".join(parts)
        if slug.casefold() in taken:
            raise KapError(
                f"This page and {taken[slug.casefold()]} would both be rendered to {slug}/",
                Place(path),
                help="Rename one of them.",
            )
        taken[slug.casefold()] = path
        result[path] = slug
    return result


def _fixed_part(pattern: str) -> str:
    fixed = re.split(r"[*?\[]", pattern, maxsplit=1)[0]
    return fixed[: fixed.rfind("/") + 1]
