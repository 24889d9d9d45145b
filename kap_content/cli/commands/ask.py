"""The commands that ask the registries, or read what they give."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kap_content.cli import completion
from kap_content.cli.options import AsOf, Commands, day_of, given
from kap_content.model.errors import UsageError

commands = Commands()


retractions = Commands(help="Retraction Watch: use your download of its data.")
commands.add_typer(retractions, name="retractions")


@commands.command(epilog="Examples:  kap lock   |   kap lock glue2018   |   kap lock --newer   |   kap lock --suggest")
def lock(
    context: typer.Context,
    keys: Annotated[
        list[str] | None,
        typer.Argument(help="Keys of the bibliography.  [default: all]", autocompletion=completion.keys),
    ] = None,
    *,
    refresh: Annotated[bool, typer.Option("--refresh", help="Ask again, fresh or not.")] = False,
    newer: Annotated[
        bool, typer.Option("--newer", help="Ask PubMed for systematic reviews newer than the claims' last reviews.")
    ] = False,
    suggest: Annotated[
        bool, typer.Option("--suggest", help="Search for the entries without DOI or PMID; write nothing.")
    ] = False,
    accept: Annotated[bool, typer.Option("--accept", help="With --suggest: write the DOIs that are certain.")] = False,
    as_of: AsOf = None,
) -> None:
    """Ask the registries what is missing or stale and write references.lock. Exit 3: some gave no answer."""
    from kap_content.cli.actions.add import suggest as run_suggest
    from kap_content.cli.actions.lock import lock as run

    options = given(context)
    if accept and not suggest:
        raise UsageError("--accept goes with --suggest")
    if suggest:
        raise typer.Exit(run_suggest(options, day_of(as_of), accept=accept))
    raise typer.Exit(run(options, keys or [], day_of(as_of), refresh=refresh, newer=newer))


@commands.command(
    epilog='Examples:  kap add 10.1177/0269881118762073   |   kap add 29561204   |   kap add "Ketamine for anxiety"'
)
def add(
    context: typer.Context,
    works: Annotated[list[str], typer.Argument(help="DOIs, doi.org addresses, PMIDs, or a title to search.")],
    *,
    as_of: AsOf = None,
) -> None:
    """Look works up and append clean entries to the bibliography."""
    from kap_content.cli.actions.add import add as run

    options = given(context)
    raise typer.Exit(run(options, works, day_of(as_of)))


@retractions.callback()
def _retractions() -> None:
    pass


@retractions.command("import", epilog="Examples:  kap retractions import retraction_watch.csv")
def retractions_import(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="CSV", help="The file as downloaded from Crossref.")],
) -> None:
    """Read the Retraction Watch file into .kap_cache, where `kap lock` asks it. Never asks the network."""
    from kap_content.cli.actions.retractions import import_file as run

    raise typer.Exit(run(given(context), file))
