"""`kap build` (look up, check, render) and `kap render` (check, render)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from kap_content.checking.gate import Blocked, Concerns
from kap_content.cli.actions.again import Judged, judged
from kap_content.cli.actions.check import exit_code
from kap_content.cli.forms import Form
from kap_content.cli.given import Globals, RuleOptions
from kap_content.cli.quick.ground import Ground
from kap_content.cli.session import open_project, report_of, run_rules, shown_finding, shown_path
from kap_content.cli.terminal.progress import Bar
from kap_content.load.inside import files
from kap_content.model.errors import KapError, UsageError
from kap_content.model.finding import Severity
from kap_content.report.model import Report, counted

if TYPE_CHECKING:
    from kap_content.rendering.inputs import Looks
    from kap_content.rendering.making import Kind, NotWritten, Site, Written
    from kap_content.rendering.overview import Entry
    from kap_content.rendering.site import Layout, Planned

UNREADABLE, INTERRUPTED = 2, 130


@dataclass(frozen=True, slots=True)
class _Ready:
    """What is to be rendered, with all of the project that this takes. `has_errors` tells of what was checked."""

    layout: Layout
    site: Site
    planned: Planned
    form: Form
    has_errors: bool


def build(
    options: Globals,
    rules: RuleOptions,
    paths: list[Path],
    show: Callable[[Report], None],
    *,
    offline: bool,
    dated: bool = True,
) -> int:
    """The main job. Ends like `kap check`; look-ups without an answer are findings, not a failure of the build.

    Only where the report is `dated` does it tell when anything falls due.
    """
    from kap_content.rendering.making import Kind

    if not offline:
        from kap_content.cli.actions.lock import run_lock

        root, settings = open_project(options)
        locked = run_lock(options, root, settings, (), rules.as_of, refresh=False)
        if options.verbose or locked.code:
            for line in locked.lines:
                options.say(line)
        if locked.code == INTERRUPTED:
            return INTERRUPTED
    if rules.select or rules.ignore:
        # They narrow what is shown; what may be published is judged by all rules of the settings.
        run = run_rules(options, rules, paths)
        show(report_of(run, rules))
        ready, _ = _read(options, replace(rules, select=(), ignore=()), paths, Kind.PAGE)
        findings = run.findings
    else:
        ready, report = _read(options, rules, paths, Kind.PAGE, dated=dated)
        told = report()
        show(told)
        findings = told.findings
    return _rendered(options, ready) or exit_code(findings, rules.fail_on)


def render(
    options: Globals,
    rules: RuleOptions,
    paths: list[Path],
    *,
    draft: bool,
    fragment: bool = False,
    form: Form = Form.HTML,
    prune: bool = False,
) -> int:
    """Render what passes, or drafts of everything; 1 where a page was held back."""
    from kap_content.rendering.making import Kind

    if fragment and (draft or form is not Form.HTML):
        raise UsageError("--fragment goes with neither --draft nor --format docx", help="Run them one by one.")
    if prune and (draft or fragment or form is not Form.HTML):
        raise UsageError("--prune goes with rendering the site only", help="Run kap render --prune.")
    if form is Form.DOCX:
        from kap_content.rendering.docx import find_pandoc

        find_pandoc()  # said before the work
        kind = Kind.DRAFT_FRAGMENT if draft else Kind.FRAGMENT
    else:
        kind = Kind.DRAFT if draft else Kind.FRAGMENT if fragment else Kind.PAGE
    ready, _ = _read(options, rules, paths, kind, form)
    return _rendered(options, ready, prune=prune)


def _read(
    options: Globals,
    rules: RuleOptions,
    paths: list[Path],
    kind: Kind,
    form: Form = Form.HTML,
    *,
    dated: bool = False,
) -> tuple[_Ready | KapError, Callable[[], Report]]:
    """Run the rules and see what is to be rendered, or why nothing can be; and the report of the check."""
    ground = options.ground = Ground()

    def seen(found: Judged) -> tuple[_Ready | KapError, Callable[[], Report]]:
        try:
            return _ready(found, ground, kind, form), found.report
        except KapError as error:  # said after the report
            return error, found.report

    result, keep = judged(options, ground, rules, paths, seen, dated=dated)
    if ground.holds():
        keep()
    return result


def _ready(found: Judged, ground: Ground, kind: Kind, form: Form) -> _Ready:
    """See what is to be rendered: only that is read, and put through the gate."""
    from kap_content.rendering.kept import open_kept
    from kap_content.rendering.site import Layout, planned

    layout = Layout.of(found.paths, found.context.settings, found.root)
    with ground.unwatched():  # the citation style and the templates are none of the check's
        kept = open_kept(found.root) if form is Form.HTML else None
        site = layout.site(kind, kept, _looks(found, ground))
    concerns = Concerns(found.context, found.outcome.findings, frozenset(found.paths))
    plan = planned(site, found.asked, found.page, concerns)
    has_errors = any(finding.severity is Severity.ERROR for finding in found.findings)
    return _Ready(layout, site, plan, form, has_errors)


def _looks(found: Judged, ground: Ground) -> Looks:
    """How the files looked that the check rests on."""
    from kap_content.rendering.inputs import UNSEEN, Looks

    if ground.state is None:
        return UNSEEN
    settings, root = found.context.settings, str(found.root)
    data = [path for kind in ("claims", "bibliography") for path in files(found.root, settings, kind, [])]
    seen, rest = ground.state.apart(root, [*found.paths, *data])
    before = found.before.apart(root, data)[0] if found.before is not None else {}
    return Looks(
        sha256(f"{ground.basis}{rest}".encode("utf-8", "surrogatepass")).hexdigest(),
        {path: seen[path] for path in found.paths if path in seen},
        repr([(path, seen.get(path)) for path in data]),
        repr([(path, before.get(path)) for path in data]),
        frozenset(name for _, name in found.edited),
        ground.is_settled,
    )


def _rendered(options: Globals, ready: _Ready | KapError, *, prune: bool = False) -> int:
    """Render what is to be rendered, and say which pages are held back.

    2 where one could not be written, 1 where the check found errors; drafts are for looking at those.
    """
    from kap_content.rendering.making import Kind
    from kap_content.rendering.site import render_overview

    if isinstance(ready, KapError):
        raise ready
    code, entries = _written(options, ready)
    if ready.site.kind.is_draft:
        return code
    is_site = ready.site.kind is Kind.PAGE
    has_pages = bool(ready.planned.parts or ready.planned.blocked)
    if is_site and has_pages:
        index = render_overview(ready.layout, entries)
        if index is not None:
            options.say(f"index      {_shown(ready, index)}")
    for blocked in ready.planned.blocked:
        _say_blocked(options, ready, blocked, is_site=is_site)
    if is_site:
        _say_left_over(options, ready, prune=prune)
    if not has_pages:
        options.say("There is no page to render: no file matches `pages` in the settings.")
    return code or int(ready.has_errors)


def _written(options: Globals, ready: _Ready) -> tuple[int, list[Entry]]:
    """Render the pages that pass; 2 where one could not be written, and how they show in the index."""
    from kap_content.rendering.making import NotWritten

    code = 0
    entries: list[Entry] = []
    with Bar("Rendering", quiet=options.quiet) as bar:
        for number, made in enumerate(_made(ready), start=1):
            bar.update(number, len(ready.planned.parts))
            if isinstance(made, NotWritten):
                code = UNREADABLE
                options.warn(made.error)
                continue
            word = "draft    " if ready.site.kind.is_draft else "rendered " if made.changed else "unchanged"
            options.say(f"{word}  {_shown(ready, made.path)}")
            if made.entry is not None:
                entries.append(made.entry)
    return code, entries


def _made(ready: _Ready) -> Iterator[Written | NotWritten]:
    from kap_content.rendering.making import Task
    from kap_content.rendering.processes import workers
    from kap_content.rendering.site import DOCUMENTS, render_documents

    parts = ready.planned.parts
    if ready.form is Form.DOCX:
        tasks = (part for part in parts if isinstance(part, Task))  # without what is kept all are
        return render_documents(ready.site, tasks, ready.layout.folder / DOCUMENTS)
    return ready.site.make(parts, workers())


def _shown(ready: _Ready, path: Path) -> str:
    """A path of the output as seen from the working directory."""
    return shown_path(ready.layout.root, path.relative_to(ready.layout.root).as_posix())


def _say_blocked(options: Globals, ready: _Ready, blocked: Blocked, *, is_site: bool) -> None:
    root = ready.layout.root
    options.say(f"held back  {shown_path(root, blocked.page.path)}: {counted(len(blocked.errors), 'error')}")
    for finding in blocked.errors[:3]:
        shown = shown_finding(root, finding)
        options.say(f"             {shown.place} {shown.code} {shown.name}")
    if len(blocked.errors) > 3:  # noqa: PLR2004 - the rest stands in the report
        options.say(f"             and {len(blocked.errors) - 3} more")
    earlier = ready.layout.rendered_earlier(blocked.page.path) if is_site else None
    if earlier is not None:
        options.say(f"             {_shown(ready, earlier)} is as it was")


def _say_left_over(options: Globals, ready: _Ready, *, prune: bool) -> None:
    """Tell of rendered pages whose source is gone, and with `prune` delete them."""
    from kap_content.rendering.leftover import removed
    from kap_content.rendering.site import leftovers

    found = leftovers(ready.layout)
    for page in found:
        shown = _shown(ready, page.folder) + "/"
        if not prune:
            options.say(f"left over  {shown}: there is no {shown_path(ready.layout.root, page.source)} any more")
        elif removed(page, ready.layout.folder):
            options.say(f"deleted    {shown}")
        else:
            options.say(f"deleted    what kap wrote in {shown}; the rest is not kap's")
    if found and not prune:
        options.say("             Readers can still reach it; `kap render --prune` deletes it.")
