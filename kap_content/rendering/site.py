"""The edge of rendering: reads what pages show, renders, and writes one self-contained folder a page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from kap_content.checking.gate import Checked
from kap_content.load.addresses import resolve
from kap_content.model.errors import KapError
from kap_content.model.finding import Finding
from kap_content.model.page import Page
from kap_content.model.place import Place
from kap_content.model.project import Context
from kap_content.model.settings import Settings
from kap_content.rendering.docx import find_pandoc, write_document
from kap_content.rendering.html import Rendered, render_draft, render_fragment, render_page
from kap_content.rendering.overview import FILES as ABOVE
from kap_content.rendering.overview import entry_of, overview, write_overview
from kap_content.rendering.style import STYLESHEET, Style, load_style
from kap_content.rendering.write import INDEX, SIGNS, write_folder

DRAFTS, FRAGMENTS, DOCUMENTS = "drafts", "fragments", "docx"
FRAGMENT = "fragment.html"
RESERVED = frozenset({DRAFTS, FRAGMENTS, DOCUMENTS, *ABOVE})
"""Names in the output folder that no page may take."""
LARGEST = 25_000_000
"""No picture or data file of a page may be larger than this, in bytes."""

_ACTIVE = re.compile(rb"<script|<foreignobject|<iframe|\son[a-z]+\s*=|javascript:|<!entity", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Written:
    """A page's folder. `changed` is false where it held the same already and was left alone."""

    page: Page
    path: Path
    changed: bool


@dataclass(frozen=True, slots=True)
class NotWritten:
    """A page that passed the gate but could not be rendered or written; what was there is as it was."""

    page: Page
    error: KapError


def render_site(
    checked: Iterable[Checked], root: Path, output: Path | None = None, progress: Callable[[Page], None] | None = None
) -> Iterator[Written | NotWritten]:
    """Render pages that passed and write each to its folder `output/SLUG/`.

    `root` is the project's folder; `output` defaults to the settings' folder under it. Yields after each page.
    Raises SettingsError where style or templates cannot be used, KapError where two pages want one folder.
    """
    for one, style, pages, base in _styled(checked, root, output):
        yield _made(one.page, root, base, pages, _checked(one, style, pages))
        if progress:
            progress(one.page)


def render_drafts(
    drafts: Iterable[tuple[Page, Sequence[Finding]]], context: Context, root: Path, output: Path | None = None
) -> Iterator[Written | NotWritten]:
    """Render any pages as drafts, to `output/drafts/SLUG/`, so that no published page is touched."""
    style = load_style(context.settings, root)
    pages = slugs(context.project.pages, context.settings)
    folder = (output or root / context.settings.output) / DRAFTS
    for page, findings in drafts:

        def render(files: Mapping[str, bytes], page: Page = page, findings: Sequence[Finding] = findings) -> Rendered:
            return render_draft(page, context, findings, style, files, pages)

        yield _made(page, root, folder, pages, render)


def render_fragments(
    checked: Iterable[Checked], root: Path, output: Path | None = None
) -> Iterator[Written | NotWritten]:
    """Render the articles of pages that passed, each to `output/fragments/SLUG/fragment.html`, for a CMS."""
    for one, style, pages, base in _styled(checked, root, output):

        def render(
            files: Mapping[str, bytes], one: Checked = one, style: Style = style, pages: Mapping[str, str] = pages
        ) -> Rendered:
            return render_fragment(one, style, files, pages)

        yield _made(one.page, root, base / FRAGMENTS, pages, render, FRAGMENT)


def render_documents(
    checked: Iterable[Checked], root: Path, output: Path | None = None
) -> Iterator[Written | NotWritten]:
    """Convert pages that passed to Word files, each `output/docx/SLUG.docx`. A KapError where pandoc is missing."""
    tool = find_pandoc()
    for one, style, pages, base in _styled(checked, root, output):
        page = one.page
        target = base / DOCUMENTS / f"{pages[page.path]}.docx"
        try:
            rendered = render_fragment(one, style, data_files(page, root), pages)
            pictures = {name: _picture(page, root, source) for name, source in rendered.copies.items()}
            changed = write_document(tool, page.meta, rendered.html, pictures, target, _shown(target, root).rstrip("/"))
        except KapError as error:
            yield NotWritten(page, error)
        else:
            yield Written(page, target, changed)


def _styled(
    checked: Iterable[Checked], root: Path, output: Path | None
) -> Iterator[tuple[Checked, Style, Mapping[str, str], Path]]:
    """Each page with the style, the slugs of all pages and the output folder, read once."""
    style: Style | None = None
    pages: Mapping[str, str] = {}
    for one in checked:
        settings = one.context.settings
        if style is None:
            style, pages = load_style(settings, root), slugs(one.context.project.pages, settings)
        yield one, style, pages, output or root / settings.output


def render_overview(context: Context, root: Path, output: Path | None = None) -> Path | None:
    """Write what stands above the pages that are in the site by now; the index page where there is one, else None.

    Raises KapError where a file of somebody else stands in the place of one, and SettingsError for its template.
    """
    folder = output or root / context.settings.output
    found = [entry_of(folder / slug, slug) for slug in slugs(context.project.pages, context.settings).values()]
    files = overview([entry for entry in found if entry], load_style(context.settings, root))
    if files or folder.is_dir():
        write_overview(folder, files, _shown(folder, root))
    return folder / INDEX if INDEX in files else None


def preview(page: Page, context: Context, findings: Sequence[Finding], root: Path, live: str) -> dict[str, bytes]:
    """The files of a draft by name, not written: for `kap serve`. A KapError where it cannot be rendered."""
    style = load_style(context.settings, root)
    pages = slugs(context.project.pages, context.settings)
    return _content(page, root, lambda files: render_draft(page, context, findings, style, files, pages, live))


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


def _checked(one: Checked, style: Style, pages: Mapping[str, str]) -> Callable[[Mapping[str, bytes]], Rendered]:
    return lambda files: render_page(one, style, files, pages)


def _made(
    page: Page,
    root: Path,
    output: Path,
    pages: Mapping[str, str],
    render: Callable[[Mapping[str, bytes]], Rendered],
    name: str = INDEX,
) -> Written | NotWritten:
    folder = output / pages[page.path]
    try:
        content = _content(page, root, render, name)
        signs = SIGNS if name == INDEX else {name, STYLESHEET}
        changed = write_folder(folder, content, _shown(folder, root), _below(pages[page.path], pages), signs)
    except KapError as error:
        return NotWritten(page, error)
    return Written(page, folder / name, changed)


def _content(
    page: Page, root: Path, render: Callable[[Mapping[str, bytes]], Rendered], name: str = INDEX
) -> dict[str, bytes]:
    """Everything that the page's folder holds, by name."""
    rendered = render(data_files(page, root))
    content = {name: rendered.html.encode("utf-8", "replace")}
    content |= {file: text.encode("utf-8", "replace") for file, text in rendered.files.items()}
    return content | {target: _picture(page, root, source) for target, source in rendered.copies.items()}


def _below(slug: str, pages: Mapping[str, str]) -> frozenset[str]:
    """The subfolders of a page's folder that other pages live in."""
    start = slug + "/"
    return frozenset(other[len(start) :].partition("/")[0] for other in pages.values() if other.startswith(start))


def data_files(page: Page, root: Path) -> dict[str, bytes]:
    """The contents of the data files that the page's figures name, by project path; absent ones are left out."""
    found: dict[str, bytes] = {}
    for figure in page.figures:
        source = figure.attributes.get("src", "")
        path = resolve(page.path, source) if source else None
        if path is not None and path not in found and _inside(root, path).is_file():
            found[path] = _read(root, path, figure.place)
    return found


def _picture(page: Page, root: Path, path: str) -> bytes:
    place = next((figure.place for figure in page.figures if resolve(page.path, figure.source) == path), page.place)
    if not _inside(root, path).is_file():
        raise KapError(f"The image {path} does not exist", place)
    data = _read(root, path, place)
    if path.lower().endswith(".svg") and _ACTIVE.search(data):
        raise KapError(
            f"The image {path} holds a script or other active content",
            place,
            help="Export it as a plain SVG, or as PNG.",
        )
    return data


def _read(root: Path, path: str, place: Place) -> bytes:
    file = _inside(root, path)
    if not file.resolve().is_relative_to(root.resolve()):
        raise KapError(f"{path} leads out of the project", place)
    try:
        if file.stat().st_size > LARGEST:
            raise KapError(f"{path} is larger than {LARGEST // 1_000_000} MB", place)
        return file.read_bytes()
    except OSError as error:
        raise KapError(f"Cannot read {path}: {error.strerror or error}", place) from error


def _inside(root: Path, path: str) -> Path:
    return root.joinpath(*PurePosixPath(path).parts)


def _shown(folder: Path, root: Path) -> str:
    return folder.relative_to(root).as_posix() + "/" if folder.is_relative_to(root) else str(folder)
