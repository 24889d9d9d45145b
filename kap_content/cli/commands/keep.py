"""The commands about what other runs left: baselines, the cache, and the reports of shards."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kap_content.cli.options import (
    AsOf,
    Commands,
    FailOn,
    Output,
    OutputFormat,
    Statistics,
    given,
    printer,
    rule_options,
)
from kap_content.model.finding import Severity

commands = Commands()


baseline = Commands(help="Adopt kap on an old site: only new findings fail.")
commands.add_typer(baseline, name="baseline")
cache = Commands(help="What kap keeps in .kap_cache to be quick.")
commands.add_typer(cache, name="cache")
report = Commands(help="Work with reports of kap check.")
commands.add_typer(report, name="report")

BaselineFile = Annotated[Path | None, typer.Argument(help="The baseline.  [default: kap-baseline.json]")]


@baseline.command("write", epilog="Then:  kap check --baseline kap-baseline.json")
def baseline_write(
    context: typer.Context,
    file: BaselineFile = None,
    *,
    as_of: AsOf = None,
) -> None:
    """Write what is found now into a file that `kap check --baseline` hides. STS001 and DOI002 are never hidden."""
    from kap_content.cli.actions.baseline import write as run

    options = given(context)
    raise typer.Exit(run(options, rule_options(as_of), file))


@baseline.command("prune", epilog="Examples:  kap baseline prune")
def baseline_prune(
    context: typer.Context,
    file: BaselineFile = None,
    *,
    as_of: AsOf = None,
) -> None:
    """Take out what is mended, so that it fails when it comes back. Adds nothing."""
    from kap_content.cli.actions.baseline import prune as run

    options = given(context)
    raise typer.Exit(run(options, rule_options(as_of), file))


@cache.command("info", epilog="Examples:  kap cache info")
def cache_info(
    context: typer.Context,
) -> None:
    """Show what the cache holds."""
    from kap_content.cli.actions.cache import info as run

    raise typer.Exit(run(given(context)))


@cache.command("clear", epilog="Examples:  kap cache clear   |   kap cache clear --all")
def cache_clear(
    context: typer.Context,
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="Also what registries said and texts of PDFs, which cost time to get again.")
    ] = False,
) -> None:
    """Forget the answers of earlier runs."""
    from kap_content.cli.actions.cache import clear as run

    options = given(context)
    raise typer.Exit(run(options, everything=everything))


@report.command(
    "merge",
    epilog="Examples:  kap check --shard 1/2 -o json=1.json   |   kap report merge 1.json 2.json --format sarif",
)
def report_merge(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(help="The JSON reports of all shards.")],
    *,
    format: OutputFormat = None,  # noqa: A002 - the option's name
    output: Output = None,
    fail_on: FailOn = Severity.ERROR,
    statistics: Statistics = False,
) -> None:
    """Make one report of the JSON reports of all shards: the same as one machine would have given."""
    from kap_content.cli.actions.merge import merge as run

    options = given(context)
    raise typer.Exit(run(files, printer(format, output, options), fail_on, statistics=statistics))
