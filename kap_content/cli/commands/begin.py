"""The commands that make and mend a project: init, import, fix, link."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kap_content.cli.options import AsOf, Commands, Paths, day_of, given

commands = Commands()


@commands.command(epilog="Examples:  kap init   |   kap init my-site")
def init(
    context: typer.Context,
    folder: Annotated[Path | None, typer.Argument(metavar="DIR", help="Where.  [default: here]")] = None,
    *,
    as_of: AsOf = None,
) -> None:
    """Make a project that works at once: settings, a page, claims, references, hooks. Overwrites nothing."""
    from kap_content.cli.actions.init import init as run

    options = given(context)
    raise typer.Exit(run(options, folder, day_of(as_of)))


@commands.command(
    "import",
    epilog="Examples:  kap import examples/live-page.txt   |   kap import page.html --dry-run   |   kap import *.Rmd",
)
def import_(
    context: typer.Context,
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE", help="Copied text, HTML, Markdown, .Rmd, .qmd, .docx.")
    ],
    *,
    name: Annotated[str, typer.Option("--name", help="The page's file name.  [default: from its title]")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the summary; write nothing.")] = False,
    online: Annotated[bool, typer.Option("--online", help="Search DOIs for the references; never written.")] = False,
    partial: Annotated[bool, typer.Option("--partial", help="Import though references are cut off.")] = False,
    as_of: AsOf = None,
) -> None:
    """Make page, claims and references of a live page. Asks no network unless told to."""
    from kap_content.cli.actions.import_page import import_files as run

    options = given(context)
    raise typer.Exit(run(options, files, day_of(as_of), name=name, dry_run=dry_run, online=online, partial=partial))


@commands.command(epilog="Examples:  kap fix   |   kap fix --write   |   kap fix pages/ketamine-for-anxiety.md")
def fix(
    context: typer.Context,
    paths: Paths = None,
    *,
    write: Annotated[bool, typer.Option("--write", help="Make the changes instead of showing them.")] = False,
    as_of: AsOf = None,
) -> None:
    """Mend what is certain: DOIs, pages, missing fields, duplicates, slips. Shows a diff. Never asks the network."""
    from kap_content.cli.actions.fix import fix as run

    options = given(context)
    raise typer.Exit(run(options, paths or [], day_of(as_of), write=write))


@commands.command(epilog="Examples:  kap link   |   kap link --write   |   kap link pages/ketamine-for-anxiety.md")
def link(
    context: typer.Context,
    paths: Paths = None,
    *,
    write: Annotated[bool, typer.Option("--write", help="Make the marks instead of showing them.")] = False,
) -> None:
    """Find the wording of registered claims on pages and mark it. Shows a diff. Never asks the network."""
    from kap_content.cli.actions.link import link as run

    options = given(context)
    raise typer.Exit(run(options, paths or [], write=write))
