"""Making the folders of pages: reading what they show, rendering, and writing what changed.

A page that stands as an earlier run made it is left alone (`rendering.kept` tells how that is seen). The others are
rendered here, or in several processes where there are many of them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from pathlib import Path

from kap_content.checking.gate import Checked, Concerns, uses_of
from kap_content.load.looks import is_recent, look
from kap_content.model.errors import KapError
from kap_content.model.finding import Finding
from kap_content.model.page import Page
from kap_content.model.project import Context, Project
from kap_content.model.reference import Reference
from kap_content.rendering.html import Rendered, render_draft, render_draft_fragment, render_fragment, render_page
from kap_content.rendering.inputs import UNSEEN, Inputs, Looks
from kap_content.rendering.kept import Kept, Made, tool
from kap_content.rendering.overview import Entry, entry_in, told_above
from kap_content.rendering.processes import in_processes
from kap_content.rendering.sources import data_files, data_named, picture
from kap_content.rendering.style import RECORD, STYLESHEET, Style
from kap_content.rendering.write import INDEX, SIGNS, hash_of, holds, looks_of, write_folder

FRAGMENT = "fragment.html"
BATCH = 16
"""So many pages go to a process at a time."""
PER_PAGE = 8
"""A page is about as much work as so many references."""
WORTH = 48
"""From so many pages on a further process saves more than its start costs."""


class Kind(StrEnum):
    """What is made of pages."""

    PAGE = "page"
    DRAFT = "draft"
    FRAGMENT = "fragment"
    DRAFT_FRAGMENT = "draft-fragment"

    @property
    def is_draft(self) -> bool:
        """Whether pages with errors are made too."""
        return self in (Kind.DRAFT, Kind.DRAFT_FRAGMENT)


@dataclass(frozen=True, slots=True)
class Task:
    """A page to make, with what it is rendered from and nothing else: little to hand to another process.

    `checked` is what passed the gate; a draft needs none. `claims` and `keys` are what the page states and cites.
    """

    page: Page
    context: Context
    findings: Sequence[Finding]
    claims: frozenset[str]
    keys: frozenset[str]
    checked: Checked | None = None

    @classmethod
    def of(cls, checked: Checked) -> Task:
        """The task to make a page that passed."""
        task = cls.draft(checked.page, checked.context, checked.findings)
        return replace(task, checked=replace(checked, page=task.page, context=task.context))

    @classmethod
    def draft(cls, page: Page, context: Context, findings: Sequence[Finding]) -> Task:
        """The task to make a draft of any page."""
        claims, keys = uses_of(page, context)
        narrow = Context(
            Project(context.settings, records={key: record for key in keys if (record := context.record(key))}),
            context.as_of,
            context.release,
            {name: context.claims[name] for name in claims if name in context.claims},
            {key: context.references[key] for key in keys if key in context.references},
            {},
            {},
        )
        rendered = Page(
            page.path,
            page.source,
            page.meta,
            marks=page.marks,
            citations=page.citations,
            figures=page.figures,
            suppressions=page.suppressions,
        )
        return cls(rendered, narrow, findings, claims, keys)


@dataclass(frozen=True, slots=True)
class Standing:
    """A page whose folder is as an earlier run made it, as looks tell. `fresh` is what is to be kept of it now."""

    path: str
    about: str
    fresh: Made | None = None


@dataclass(frozen=True, slots=True)
class Output:
    """A page rendered, and the contents of its pictures by project path."""

    rendered: Rendered
    pictures: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Written:
    """The folder of the page at `source`. `changed` is false where it held the same already and was left alone.

    `entry` is how the page stands in the index, where it is one of the site.
    """

    source: str
    path: Path
    changed: bool
    entry: Entry | None = None


@dataclass(frozen=True, slots=True)
class NotWritten:
    """A page that passed the gate but could not be rendered or written; what was there is as it was."""

    source: str
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
    inputs: Inputs
    looks: Looks

    @classmethod
    def of(
        cls,
        kind: Kind,
        root: Path,
        folder: Path,
        style: Style,
        slugs: Mapping[str, str],
        kept: Kept,
        looks: Looks = UNSEEN,
    ) -> Site:
        """A site; `below` holds the subfolders of a page's folder that other pages live in, by slug."""
        below: dict[str, set[str]] = {}
        for slug in slugs.values():
            parts = slug.split("/")
            for end in range(1, len(parts)):
                below.setdefault("/".join(parts[:end]), set()).add(parts[end])
        others = {slug: frozenset(names) for slug, names in below.items()}
        return cls(kind, root, folder, style, slugs, others, kept, Inputs(style, tool(), kind), looks)

    @property
    def name(self) -> str:
        """The file that a reader opens."""
        return FRAGMENT if self.kind is Kind.FRAGMENT else INDEX

    def standing(self, path: str, concerns: Concerns) -> Standing | None:
        """The page at `path`, if looks tell that it is as it was made. Then it passed the gate, and passes it again."""
        made = self.kept.page(self._place(path))
        if made is None or not made.rests or not self._leads_as(made.links):
            return None
        context, findings = concerns.context, concerns.about(path, made.claims, made.keys)
        rests = self._rests(path, context, findings)
        if made.rests != rests and not self._is_spared(path, made, context, findings):
            return None
        is_alike = all(look(f"{self.root}/{source}") == known for source, known in made.sources.items())
        there = looks_of(self.folder / self.slugs[path], self._below(path)) if is_alike else None
        if there is None or there != made.looks:
            return None
        is_known = made.rests == rests or not self.looks.settled
        return Standing(path, made.about, None if is_known else replace(made, rests=rests))

    def _is_spared(self, path: str, made: Made, context: Context, findings: Sequence[Finding]) -> bool:
        """Whether nothing of the page is another since it was made but data that it does not show."""
        looks = self.looks
        before = self.inputs.rests(path, self.slugs[path], context, findings, replace(looks, data=looks.before))
        return before == made.rests and looks.edited.isdisjoint((*made.claims, *made.keys))

    def make(self, parts: Sequence[Task | Standing], processes: int = 1) -> Iterator[Written | NotWritten]:
        """Make the folders of these pages, one after the other; what was found out is kept at the end."""
        began = time.time_ns()
        tasks = [part for part in parts if isinstance(part, Task)]
        hashes = {task.page.path: self._inputs(task) for task in tasks}
        made = {task.page.path: known for task in tasks if (known := self._unchanged(task, hashes[task.page.path]))}
        outputs = self._outputs([task for task in tasks if task.page.path not in made], processes)
        try:
            for part in parts:
                if isinstance(part, Standing):
                    yield self._left(part.path, part.about)
                elif part.page.path in made:
                    yield self._left(part.page.path, made[part.page.path].about)
                elif isinstance(written := self._written(part, next(outputs), hashes[part.page.path]), NotWritten):
                    yield written
                else:
                    made[part.page.path] = written[1]
                    yield written[0]
        finally:
            for part in parts:
                if isinstance(part, Task):
                    self._keep(part, made.get(part.page.path), began)
                elif part.fresh is not None:
                    self.kept.keep(self._place(part.path), part.fresh)
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

    def _rests(self, path: str, context: Context, findings: Sequence[Finding]) -> str:
        return self.inputs.rests(path, self.slugs[path], context, findings, self.looks)

    def _leads_as(self, links: Mapping[str, str]) -> bool:
        """Whether links to other pages lead where they did."""
        return all(self.slugs.get(path, "") == slug for path, slug in links.items())

    def _inputs(self, task: Task) -> str:
        """The hash of what the page is made from; empty where that cannot be read."""
        try:
            files = data_files(task.page, self.root)
            return self.inputs.of(task.page, task.context, task.findings, self.slugs[task.page.path], files)
        except KapError:  # said when it is rendered
            return ""

    def _unchanged(self, task: Task, inputs: str) -> Made | None:
        """What was made of the page, if these inputs make the same and its folder holds that still."""
        page = task.page
        made = self.kept.page(self._place(page.path))
        if not inputs or made is None or made.inputs != inputs or not self._leads_as(made.links):
            return None
        try:
            alike = all(hash_of(picture(page, self.root, path)) == known for path, known in made.copies.items())
            folder = self.folder / self.slugs[page.path]
            return made if alike and holds(folder, made.files, self._below(page.path)) else None
        except (KapError, OSError):
            return None

    def _outputs(self, tasks: Sequence[Task], processes: int) -> Iterator[Output | KapError]:
        """What the pages become, in their order."""
        workers = min(processes, len(tasks) // WORTH)
        if workers <= 1:
            yield from map(self.render, tasks)
            return
        self._format(tasks, workers)
        bare = replace(self, inputs=Inputs(self.style, tool(), self.kind), looks=UNSEEN)  # less to hand on
        for outputs in in_processes(workers, partial(_renderer, bare), tasks, BATCH):
            yield from outputs

    def _format(self, tasks: Sequence[Task], processes: int) -> None:
        """Format the references that no run formatted yet, each once however many pages cite it."""
        entries = self.style.entries
        cited = {key: reference for task in tasks for key, reference in task.context.references.items()}
        missing = [reference for reference in cited.values() if not entries.is_kept(reference)]
        self.kept.close()  # a connection is not taken along to another process
        if min(processes, len(missing) // (WORTH * PER_PAGE)) <= 1:
            self.kept.update(map(entries.formatted, missing))
            return
        for formatted in in_processes(processes, partial(_formatter, self.style), missing, BATCH * PER_PAGE):
            self.kept.update(formatted)

    def _left(self, path: str, about: str) -> Written:
        """A page that was left alone."""
        slug = self.slugs[path]
        return Written(path, self.folder / slug / self.name, changed=False, entry=entry_in(about, slug))

    def _written(self, task: Task, output: Output | KapError, inputs: str) -> tuple[Written, Made] | NotWritten:
        path = task.page.path
        if isinstance(output, KapError):
            return NotWritten(path, output)
        slug = self.slugs[path]
        folder, files = self.folder / slug, contents(output, self.name)
        signs = SIGNS if self.name == INDEX else {self.name, STYLESHEET}
        try:
            changed = write_folder(folder, files, shown(folder, self.root), self._below(path), signs)
        except KapError as error:
            return NotWritten(path, error)
        copies = {path: hash_of(content) for path, content in output.pictures.items()}
        told = told_above(files[RECORD].decode()) if self.kind is Kind.PAGE else ""
        hashes = {name: hash_of(content) for name, content in files.items()}
        made = Made(inputs, hashes, copies, output.rendered.links, told)
        return Written(path, folder / self.name, changed, entry_in(told, slug)), made

    def _keep(self, task: Task, made: Made | None, began: int) -> None:
        """Note what the page was made from, if it was, and how that looks if it will show when any of it changes.

        What was read since `began` must have been older than that, and what was written is read once more.
        """
        if made is None:
            return
        page = task.page
        folder, below = self.folder / self.slugs[page.path], self._below(page.path)
        rests = self._rests(page.path, task.context, task.findings) if self.looks.settled else ""
        now = time.time_ns()
        looks = looks_of(folder, below) if rests else None
        sources = {path: look(f"{self.root}/{path}") for path in (*data_named(page), *made.copies)}
        is_settled = not any(not stamp or is_recent(stamp, began) for stamp in sources.values())
        if looks and is_settled and not any(is_recent(stamp, now) for stamp in looks.values()):
            if not holds(folder, made.files, below):
                return
            claims, keys = sorted(task.claims), sorted(task.keys)
            made = replace(made, rests=rests, claims=claims, keys=keys, sources=sources, looks=looks)
        self.kept.keep(self._place(page.path), made)

    def _place(self, path: str) -> str:
        """The name of the page's folder among what is kept."""
        return f"{shown(self.folder / self.slugs[path], self.root)}{self.name}"

    def _below(self, path: str) -> frozenset[str]:
        return self.below.get(self.slugs[path], frozenset())


def _formatter(style: Style) -> Callable[[Sequence[Reference]], dict[str, str]]:
    """What formats batches of references in a process of its own."""
    return lambda references: dict(map(style.entries.formatted, references))


def _renderer(site: Site) -> Callable[[Sequence[Task]], list[Output | KapError]]:
    """What renders batches of pages in a process of its own."""
    site.kept.open()
    return lambda tasks: [site.render(task) for task in tasks]


def contents(output: Output, name: str = INDEX) -> dict[str, bytes]:
    """Everything that the page's folder holds, by name."""
    rendered = output.rendered
    files = {name: rendered.html.encode("utf-8", "replace")}
    files |= {file: text.encode("utf-8", "replace") for file, text in rendered.files.items()}
    return files | {target: output.pictures[source] for target, source in rendered.copies.items()}


def shown(folder: Path, root: Path) -> str:
    """How messages name a folder."""
    return folder.relative_to(root).as_posix() + "/" if folder.is_relative_to(root) else str(folder)
