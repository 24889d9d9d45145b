"""`kap build` (look up, check, render) and `kap render` (check, render)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from kap_content.checking.gate import Blocked, Checked, Concerns, gate
from kap_content.cli.actions.check import exit_code
from kap_content.cli.forms import Form
from kap_content.cli.given import Globals, RuleOptions
from kap_content.cli.session import (
    Run,
    open_project,
    report_of,
    run_rules,
    shown_finding,
    shown_path,
)
from kap_content.cli.terminal.progress import Bar
from kap_content.model.errors import UsageError
from kap_content.model.finding import Severity
from kap_content.report.model import Report, counted

UNREADABLE, INTERRUPTED = 2, 130


def build(
    options: Globals, rules: RuleOptions, paths: list[Path], show: Callable[[Report], None], *, offline: bool
) -> int:
    """The main job. Ends like `kap check`; look-ups without an answer are findings, not a failure of the build."""
    root, settings = open_project(options)
    if not offline:
        from kap_content.cli.actions.lock import run_lock

        locked = run_lock(options, root, settings, (), rules.as_of, refresh=False)
        if options.verbose or locked.code:
            for line in locked.lines:
                options.say(line)
        if locked.code == INTERRUPTED:
            return INTERRUPTED
    run = run_rules(options, rules, paths)
    show(report_of(run, rules))
    # --select and --ignore narrow what is shown; what may be published is judged by all rules of the settings.
    judged = run_rules(options, replace(rules, select=(), ignore=()), paths) if rules.select or rules.ignore else run
    held_back = exit_code(judged.findings, Severity.ERROR)
    return _render(options, judged) or held_back or exit_code(run.findings, rules.fail_on)


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
    if fragment and (draft or form is not Form.HTML):
        raise UsageError("--fragment goes with neither --draft nor --format docx", help="Run them one by one.")
    if prune and (draft or fragment or form is not Form.HTML):
        raise UsageError("--prune goes with rendering the site only", help="Run kap render --prune.")
    if form is Form.DOCX:
        from kap_content.rendering.docx import find_pandoc

        find_pandoc()  # said before the work
    run = run_rules(options, rules, paths)
    if draft:
        return _render_drafts(options, run, form)
    code = _render(options, run, fragment=fragment, form=form, prune=prune)
    return code or int(any(finding.severity is Severity.ERROR for finding in run.findings))


def _render(options: Globals, run: Run, *, fragment: bool = False, form: Form = Form.HTML, prune: bool = False) -> int:
    """Render the pages that pass and say which do not; 2 where one could not be written."""
    from kap_content.rendering.kept import open_kept
    from kap_content.rendering.making import NotWritten
    from kap_content.rendering.processes import workers
    from kap_content.rendering.site import (
        render_documents,
        render_fragments,
        render_overview,
        render_site,
        rendered_earlier,
    )

    concerns = Concerns(run.context, run.outcome.findings)
    gated = [gate(page, concerns) for page in run.pages]
    passed = [one for one in gated if isinstance(one, Checked)]
    whole = not fragment and form is Form.HTML
    kept, processes = open_kept(run.root), workers()
    if form is Form.DOCX:
        made = render_documents(passed, run.root)
    else:
        made = (render_fragments if fragment else render_site)(passed, run.root, kept=kept, processes=processes)
    code = 0
    with Bar("Rendering", quiet=options.quiet) as bar:
        for number, written in enumerate(made, start=1):
            bar.update(number, len(passed))
            if isinstance(written, NotWritten):
                code = UNREADABLE
                options.warn(written.error)
            else:
                word = "rendered " if written.changed else "unchanged"
                options.say(f"{word}  {shown_path(run.root, written.path.relative_to(run.root).as_posix())}")
    if run.pages and whole:
        index = render_overview(run.context, run.root)
        if index is not None:
            options.say(f"index      {shown_path(run.root, index.relative_to(run.root).as_posix())}")
    for one in gated:
        if isinstance(one, Blocked):
            _say_blocked(options, run, one, rendered_earlier(one.page, run.context, run.root) if whole else None)
    if whole:
        _say_left_over(options, run, prune=prune)
    if not run.pages:
        options.say("There is no page to render: no file matches `pages` in the settings.")
    return code


def _say_blocked(options: Globals, run: Run, blocked: Blocked, earlier: Path | None) -> None:
    options.say(f"held back  {shown_path(run.root, blocked.page.path)}: {counted(len(blocked.errors), 'error')}")
    for finding in blocked.errors[:3]:
        shown = shown_finding(run.root, finding)
        options.say(f"             {shown.place} {shown.code} {shown.name}")
    if len(blocked.errors) > 3:  # noqa: PLR2004 - the rest stands in the report
        options.say(f"             and {len(blocked.errors) - 3} more")
    if earlier is not None:
        options.say(f"             {shown_path(run.root, earlier.relative_to(run.root).as_posix())} is as it was")


def _say_left_over(options: Globals, run: Run, *, prune: bool) -> None:
    """Tell of rendered pages whose source is gone, and with `prune` delete them."""
    from kap_content.rendering.leftover import removed
    from kap_content.rendering.site import leftovers

    found = leftovers(run.context, run.root)
    output = run.root / run.context.settings.output
    for page in found:
        shown = shown_path(run.root, page.folder.relative_to(run.root).as_posix()) + "/"
        if not prune:
            options.say(f"left over  {shown}: there is no {shown_path(run.root, page.source)} any more")
        elif removed(page, output):
            options.say(f"deleted    {shown}")
        else:
            options.say(f"deleted    what kap wrote in {shown}; the rest is not kap's")
    if found and not prune:
        options.say("             Readers can still reach it; `kap render --prune` deletes it.")


def _render_drafts(options: Globals, run: Run, form: Form) -> int:
    from kap_content.rendering.kept import open_kept
    from kap_content.rendering.making import NotWritten
    from kap_content.rendering.processes import workers
    from kap_content.rendering.site import render_draft_documents, render_drafts

    concerns = Concerns(run.context, run.outcome.findings)
    drafts = [(page, concerns.of(page)) for page in run.pages]
    code = 0
    if form is Form.DOCX:
        made = render_draft_documents(drafts, run.context, run.root)
    else:
        made = render_drafts(drafts, run.context, run.root, kept=open_kept(run.root), processes=workers())
    for written in made:
        if isinstance(written, NotWritten):
            code = UNREADABLE
            options.warn(written.error)
        else:
            options.say(f"draft      {shown_path(run.root, written.path.relative_to(run.root).as_posix())}")
    return code
