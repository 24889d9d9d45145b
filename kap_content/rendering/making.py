"""Making the folders of pages: reading what they show, rendering, and writing what changed.

A page whose inputs, pictures and links are those of an earlier run, and whose folder still holds what that run wrote,
is left alone. The others are rendered here, or in several processes where there are many of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from pathlib import Path, PurePosixPath

from kap_content.checking.gate import Checked, uses_of
from kap_content.load.addresses import resolve
from kap_content.model.errors import KapError
from kap_content.model.finding import Finding
from kap_content.model.page import Page
from kap_content.model.place import Place
from kap_content.model.project import Context, Project
from kap_content.model.reference import Reference
from kap_content.rendering.html import Rendered, render_draft, render_draft_fragment, render_fragment, render_page
from kap_content.rendering.inputs import Inputs
from kap_content.rendering.kept import Kept, Made, tool
from kap_content.rendering.processes import in_processes
from kap_content.rendering.style import STYLESHEET, Style
from kap_content.rendering.write import INDEX, SIGNS, hash_of, holds, write_folder
from kap_content.startup.regex import regex

FRAGMENT = "fragment.html"
LARGEST = 25_000_000
"""No picture or data file of a page may be larger than this, in bytes."""
BATCH = 16
"""So many pages go to a process at a time."""
PER_PAGE = 8
"""A page is about as much work as so many references."""
WORTH = 48
"""From so many pages on a further process saves more than its start costs."""

_ACTIVE = regex(rb"<script|<foreignobject|<iframe|\son[a-z]+\s*=|javascript:|<!entity", re.IGNORECASE)


class Kind(StrEnum):
    """What is made of pages."""

    PAGE = "page"
    DRAFT = "draft"
    FRAGMENT = "fragment"
    DRAFT_FRAGMENT = "draft-fragment"


@dataclass(frozen=True, slots=True)
class Task:
    """A page to make. `checked` is what passed the gate; a draft needs none."""

    page: Page
    context: Context
    findings: Sequence[Finding]
    checked: Checked | None = None

    @classmethod
    def of(cls, checked: Checked) -> Task:
        """The task to make a page that passed."""
        return cls(checked.page, checked.context, checked.findings, checked)

    def narrowed(self) -> Task:
        """With what the page is rendered from and nothing else: little to hand to another process."""
        claims, keys = uses_of(self.page, self.context)
        context, page = self.context, self.page
        narrow = Context(
            Project(context.settings, records={key: record for key in keys if (record := context.record(key))}),
            context.as_of,
            context.release,
            {name: context.claims[name] for name in claims if name in context.claims},
            {key: context.references[key] for key in keys if key in context.references},
            {},
            {},
        )
        page = Page(
            page.path,
            page.source,
            page.meta,
            marks=page.marks,
            citations=page.citations,
            figures=page.figures,
            suppressions=page.suppressions,
        )
        checked = replace(self.checked, page=page, context=narrow) if self.checked else None
        return Task(page, narrow, self.findings, checked)


@dataclass(frozen=True, slots=True)
class Output:
    """A page rendered, and the contents of its pictures by project path."""

    rendered: Rendered
    pictures: Mapping[str, bytes]


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


@dataclass(frozen=True, slots=True)
class Site:
    """Where pages go and how they look. `slugs` gives each page's folder below `folder`."""

    kind: Kind
    root: Path
    folder: Path
    style: Style
    slugs: Mapping[str, str]
    below: Mapping[str, frozenset[str]]
    kept: Kept

    @classmethod
    def of(cls, kind: Kind, root: Path, folder: Path, style: Style, slugs: Mapping[str, str], kept: Kept) -> Site:
        """A site; `below` holds the subfolders of a page's folder that other pages live in, by slug."""
        below: dict[str, set[str]] = {}
        for slug in slugs.values():
            parts = slug.split("/")
            for end in range(1, len(parts)):
                below.setdefault("/".join(parts[:end]), set()).add(parts[end])
        return cls(kind, root, folder, style, slugs, {slug: frozenset(names) for slug, names in below.items()}, kept)

    @property
    def name(self) -> str:
        """The file that a reader opens."""
        return FRAGMENT if self.kind is Kind.FRAGMENT else INDEX

    def make(self, tasks: Sequence[Task], processes: int = 1) -> Iterator[Written | NotWritten]:
        """Make the folders of these pages, one after the other; what was found out is kept at the end."""
        inputs = Inputs(self.style, tool(), self.kind)
        changed: list[Task] = []
        hashes: dict[str, str] = {}
        for task in tasks:
            found = self._inputs(task, inputs)
            hashes[task.page.path] = found
            if not (found and self._stands(task, found)):
                changed.append(task)
        outputs = self._outputs(changed, processes)
        waiting = {task.page.path for task in changed}
        try:
            for task in tasks:
                folder = self.folder / self.slugs[task.page.path]
                if task.page.path in waiting:
                    yield self._written(task, folder, next(outputs), hashes[task.page.path])
                else:
                    yield Written(task.page, folder / self.name, changed=False)
        finally:
            self.kept.save()

    def render(self, task: Task) -> Output | KapError:
        """One page, with the pictures that it shows."""
        page = task.page
        try:
            files = data_files(page, self.root)
            if self.kind is Kind.DRAFT_FRAGMENT:
                rendered = render_draft_fragment(page, task.context, task.findings, self.style, files, self.slugs)
            elif self.kind is Kind.DRAFT or task.checked is None:
                rendered = render_draft(page, task.context, task.findings, self.style, files, self.slugs)
            elif self.kind is Kind.PAGE:
                rendered = render_page(task.checked, self.style, files, self.slugs)
            else:
                rendered = render_fragment(task.checked, self.style, files, self.slugs)
            sources = rendered.copies.values()
            return Output(rendered, {source: picture(page, self.root, source) for source in sources})
        except KapError as error:
            return error

    def _inputs(self, task: Task, inputs: Inputs) -> str:
        """The hash of what the page is made from; empty where that cannot be read."""
        try:
            files = data_files(task.page, self.root)
            return inputs.of(task.page, task.context, task.findings, self.slugs[task.page.path], files)
        except KapError:  # said when it is rendered
            return ""

    def _stands(self, task: Task, inputs: str) -> bool:
        """Whether the page's folder is what these inputs make."""
        page = task.page
        made = self.kept.page(self._place(page))
        if made is None or made.inputs != inputs:
            return False
        if any(self.slugs.get(path, "") != slug for path, slug in made.links.items()):
            return False
        try:
            alike = all(hash_of(picture(page, self.root, path)) == known for path, known in made.copies.items())
            return alike and holds(self.folder / self.slugs[page.path], made.files, self._below(page))
        except (KapError, OSError):
            return False

    def _outputs(self, tasks: Sequence[Task], processes: int) -> Iterator[Output | KapError]:
        """What the pages become, in their order."""
        workers = min(processes, len(tasks) // WORTH)
        if workers <= 1:
            yield from map(self.render, tasks)
            return
        self._format(tasks, workers)
        for outputs in in_processes(workers, partial(_renderer, self), tasks, Task.narrowed, BATCH):
            yield from outputs

    def _format(self, tasks: Sequence[Task], processes: int) -> None:
        """Format the references that no run formatted yet, each once however many pages cite it."""
        entries = self.style.entries
        cited = {
            key: reference
            for task in tasks
            for key in uses_of(task.page, task.context)[1]
            if (reference := task.context.references.get(key))
        }
        missing = [reference for reference in cited.values() if not entries.is_kept(reference)]
        self.kept.close()  # a connection is not taken along to another process
        if min(processes, len(missing) // (WORTH * PER_PAGE)) <= 1:
            self.kept.update(map(entries.formatted, missing))
            return
        for formatted in in_processes(processes, partial(_formatter, self.style), missing, _as_it_is, BATCH * PER_PAGE):
            self.kept.update(formatted)

    def _written(self, task: Task, folder: Path, output: Output | KapError, inputs: str) -> Written | NotWritten:
        page = task.page
        if isinstance(output, KapError):
            return NotWritten(page, output)
        files = contents(output, self.name)
        signs = SIGNS if self.name == INDEX else {self.name, STYLESHEET}
        try:
            changed = write_folder(folder, files, shown(folder, self.root), self._below(page), signs)
        except KapError as error:
            return NotWritten(page, error)
        copies = {path: hash_of(content) for path, content in output.pictures.items()}
        made = Made(inputs, {name: hash_of(content) for name, content in files.items()}, copies, output.rendered.links)
        self.kept.keep(self._place(page), made)
        return Written(page, folder / self.name, changed)

    def _place(self, page: Page) -> str:
        """The name of the page's folder among what is kept."""
        return f"{shown(self.folder / self.slugs[page.path], self.root)}{self.name}"

    def _below(self, page: Page) -> frozenset[str]:
        return self.below.get(self.slugs[page.path], frozenset())


def _formatter(style: Style) -> Callable[[Sequence[Reference]], dict[str, str]]:
    """What formats batches of references in a process of its own."""
    return lambda references: dict(map(style.entries.formatted, references))


def _renderer(site: Site) -> Callable[[Sequence[Task]], list[Output | KapError]]:
    """What renders batches of pages in a process of its own."""
    site.kept.open()
    return lambda tasks: [site.render(task) for task in tasks]


def _as_it_is(reference: Reference) -> Reference:
    return reference


def contents(output: Output, name: str = INDEX) -> dict[str, bytes]:
    """Everything that the page's folder holds, by name."""
    rendered = output.rendered
    files = {name: rendered.html.encode("utf-8", "replace")}
    files |= {file: text.encode("utf-8", "replace") for file, text in rendered.files.items()}
    return files | {target: output.pictures[source] for target, source in rendered.copies.items()}


def data_files(page: Page, root: Path) -> dict[str, bytes]:
    """The contents of the data files that the page's figures name, by project path; absent ones are left out."""
    found: dict[str, bytes] = {}
    for figure in page.figures:
        source = figure.attributes.get("src", "")
        path = resolve(page.path, source) if source else None
        if path is not None and path not in found and _inside(root, path).is_file():
            found[path] = _read(root, path, figure.place)
    return found


def picture(page: Page, root: Path, path: str) -> bytes:
    """The image at the project path `path`; one that is not there or holds a script is a KapError."""
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


def shown(folder: Path, root: Path) -> str:
    """How messages name a folder."""
    return folder.relative_to(root).as_posix() + "/" if folder.is_relative_to(root) else str(folder)


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
