"""The commands from draft to page: check, look up, render, preview."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kap_content.cli.forms import Form
from kap_content.cli.options import (
    AsOf,
    Commands,
    FailOn,
    Ignore,
    Output,
    OutputFormat,
    Paths,
    Port,
    Release,
    Select,
    Statistics,
    given,
    printer,
    rule_options,
    shard_of,
)
from kap_content.model.finding import Severity

commands = Commands()


@commands.command(
    epilog="Examples:  kap build   |   kap build --offline   |   kap build pages/ketamine-for-anxiety.md --release"
)
def build(
    context: typer.Context,
    paths: Paths = None,
    *,
    offline: Annotated[bool, typer.Option("--offline", help="Ask no registry; use references.lock.")] = False,
    as_of: AsOf = None,
    format: OutputFormat = None,  # noqa: A002 - the option's name
    output: Output = None,
    select: Select = None,
    ignore: Ignore = None,
    fail_on: FailOn = Severity.ERROR,
    release: Release = False,
    statistics: Statistics = False,
) -> None:
    """Look up what is missing or stale, check, and render the pages that pass: the main job."""
    from kap_content.cli.actions.build import build as run

    options = given(context)
    rules = rule_options(as_of, select, ignore, fail_on, release=release, statistics=statistics)
    show = printer(format, output, options)
    raise typer.Exit(run(options, rules, paths or [], show, offline=offline, dated=show.is_dated))


@commands.command(
    epilog="Examples:  kap check   |   kap check pages --fail-on warning   |   kap check --format json -o report.json"
)
def check(
    context: typer.Context,
    paths: Paths = None,
    *,
    as_of: AsOf = None,
    format: OutputFormat = None,  # noqa: A002 - the option's name
    output: Output = None,
    select: Select = None,
    ignore: Ignore = None,
    fail_on: FailOn = Severity.ERROR,
    release: Release = False,
    statistics: Statistics = False,
    staged: Annotated[
        bool, typer.Option("--staged", help="What a commit would hold now, and what it breaks elsewhere.")
    ] = False,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="REV", help="What changed since a git revision, and what that breaks."),
    ] = None,
    baseline: Annotated[
        Path | None, typer.Option("--baseline", metavar="FILE", help="Hide the findings that this file knows.")
    ] = None,
    upcoming: Annotated[
        str | None, typer.Option("--upcoming", metavar="SPAN", help="List what falls due: within 90d, 12w, 3m, 1y.")
    ] = None,
    shard: Annotated[
        str | None,
        typer.Option("--shard", metavar="K/N", help="Part K of N of the pages; kap report merge joins the reports."),
    ] = None,
    verify: Annotated[
        bool, typer.Option("--verify", help="See by their contents whether files changed, not by their times.")
    ] = False,
    no_cache: Annotated[
        bool, typer.Option("--no-cache", help="Use nothing that former runs kept (also: KAP_NO_CACHE).")
    ] = False,
) -> None:
    """Run the rules over pages, claims, references and references.lock. Never asks the network."""
    from kap_content.cli.actions.check import Limits
    from kap_content.cli.actions.check import check as run

    options = given(context)
    options.no_cache = no_cache
    rules = rule_options(as_of, select, ignore, fail_on, release=release, statistics=statistics, upcoming=upcoming)
    show = printer(format, output, options)
    limits = Limits(staged, since, baseline, shard_of(shard), dated=show.is_dated, verify=verify)
    raise typer.Exit(run(options, rules, paths or [], show, limits))


@commands.command(epilog="Examples:  kap render   |   kap render --draft pages/a.md   |   kap render --format docx")
def render(
    context: typer.Context,
    paths: Paths = None,
    *,
    draft: Annotated[bool, typer.Option("--draft", help="Render any page, with a watermark and its findings.")] = False,
    fragment: Annotated[bool, typer.Option("--fragment", help="Only the article, without scripts, for a CMS.")] = False,
    format: Annotated[Form, typer.Option("--format", help="docx needs pandoc.")] = Form.HTML,  # noqa: A002 - its name
    prune: Annotated[bool, typer.Option("--prune", help="Delete rendered pages whose source is gone.")] = False,
    as_of: AsOf = None,
    release: Release = False,
) -> None:
    """Render the pages that pass the checks. Never asks the network."""
    from kap_content.cli.actions.build import render as run

    options = given(context)
    rules = rule_options(as_of, release=release)
    raise typer.Exit(run(options, rules, paths or [], draft=draft, fragment=fragment, form=format, prune=prune))


@commands.command(epilog="Examples:  kap serve   |   kap serve --port 8000")
def serve(
    context: typer.Context,
    *,
    port: Port = 0,
    as_of: AsOf = None,
    release: Release = False,
) -> None:
    """Show drafts in the browser, findings beside the text, loaded again on every save. Ctrl-C ends."""
    from kap_content.cli.actions.serve import serve as run

    options = given(context)
    raise typer.Exit(run(options, rule_options(as_of, release=release), port))
