"""The command `kap review`: the desk, the dossier, and decisions out of a sheet."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kap_content.cli.options import AsOf, Commands, Key, Paths, Port, Principal, Release, Role, given, rule_options
from kap_content.model.errors import UsageError

commands = Commands()


@commands.command(
    epilog="Examples:  kap review   |   kap review --as lee@example.org --key ~/.ssh/id_ed25519   |   "
    "kap review --export dossier.html   |   kap review --export claims.xlsx pages/a.md   |   "
    "kap review --import claims.xlsx --as lee@example.org --role medical --write"
)
def review(
    context: typer.Context,
    paths: Paths = None,
    *,
    principal: Principal = "",
    role: Role = "",
    key: Key = None,
    export: Annotated[
        list[Path] | None,
        typer.Option("--export", metavar="FILE", help="Write the dossier: .html, .csv or .xlsx; may be repeated."),
    ] = None,
    source: Annotated[
        Path | None,
        typer.Option("--import", metavar="FILE", help="Show what the decisions in a .csv or .xlsx would change."),
    ] = None,
    write: Annotated[bool, typer.Option("--write", help="With --import: write them.")] = False,
    port: Port = 0,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Only print the link.")] = False,
    as_of: AsOf = None,
    release: Release = False,
) -> None:
    """Open the reviewer's desk in the browser: claims beside their evidence, to judge, approve and reject."""
    from kap_content.cli.actions import review as action

    options = given(context)
    rules = rule_options(as_of, release=release)
    who = action.Sitting(principal, role, key)
    if export and source:
        raise UsageError("--export and --import exclude each other")
    if write and not source:
        raise UsageError("--write belongs to --import")
    if export:
        raise typer.Exit(action.export(options, rules, paths or [], export, who))
    if paths:
        raise UsageError("pages belong to --export", help="The desk shows all pages and filters them.")
    if source:
        raise typer.Exit(action.take_in(options, rules, source, who, write=write))
    day = rules.as_of if as_of else None
    raise typer.Exit(action.desk(options, who, day, port=port, release=release, browser=not no_browser))
