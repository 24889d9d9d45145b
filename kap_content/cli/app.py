"""The command `kap`: its global options, and the commands of `kap_content.cli.commands`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kap_content import __version__
from kap_content.cli.commands import ask, begin, desk, keep, look, publish, sign
from kap_content.cli.given import Globals
from kap_content.cli.terminal.streams import put

app = typer.Typer(
    name="kap",
    help="Check the claims and references of medical pages, and render only the pages that pass.",
    epilog="Start: kap build.  One page: kap check pages/NAME.md.  A rule: kap explain CLM002.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for part in (publish, ask, begin, keep, look, sign, desk):
    app.add_typer(part.commands)


def _print_version(wanted: bool) -> None:
    if wanted:
        put(f"kap-content {__version__}\n")
        raise typer.Exit


@app.callback()
def _globals(
    context: typer.Context,
    *,
    project: Annotated[
        Path | None, typer.Option("--project", help="The project's folder.  [default: the nearest with kap.toml]")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only findings and errors.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Say what is done.")] = False,
    no_color: Annotated[bool, typer.Option("--no-color", help="No colours (also: NO_COLOR).")] = False,
    _version: Annotated[
        bool, typer.Option("--version", help="Print the version and stop.", is_eager=True, callback=_print_version)
    ] = False,
) -> None:
    context.obj = Globals(project, quiet, verbose, no_color)
