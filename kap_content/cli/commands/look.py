"""The commands that only tell: where, rules, explain, schema."""

from __future__ import annotations

from typing import Annotated

import typer

from kap_content.cli import completion
from kap_content.cli.options import Commands, given
from kap_content.report.formats import Format

commands = Commands()


@commands.command(
    epilog="Examples:  kap where KET-MAINT-01   |   kap where glue2018   |   kap where 10.1177/0269881118762073"
)
def where(
    context: typer.Context,
    name: Annotated[
        str,
        typer.Argument(
            metavar="ID", help="A claim's id, a reference's key or a DOI.", autocompletion=completion.claims_and_keys
        ),
    ],
) -> None:
    """Show where a claim, a reference or a DOI is used."""
    from kap_content.cli.actions.look_up import where as run

    raise typer.Exit(run(given(context), name))


@commands.command(epilog="Examples:  kap rules   |   kap rules EVD   |   kap rules --format json")
def rules(
    selector: Annotated[str, typer.Argument(help="A code, a prefix of codes, or ALL.")] = "ALL",
    *,
    format: Annotated[Format, typer.Option("--format", help="text or json.")] = Format.TEXT,  # noqa: A002 - the option's name
) -> None:
    """List the rules with their severity."""
    from kap_content.cli.actions.look_up import rules as run

    raise typer.Exit(run(selector, as_json=format is Format.JSON))


@commands.command(epilog="Examples:  kap explain CLM002   |   kap explain text-drift")
def explain(
    rule: Annotated[str, typer.Argument(help="A rule's code or name.", autocompletion=completion.rules)],
) -> None:
    """Say what a rule flags, why, and how to mend it."""
    from kap_content.cli.actions.look_up import explain as run

    raise typer.Exit(run(rule))


@commands.command(epilog="Examples:  kap schema claims   |   kap schema settings > .kap/settings.schema.json")
def schema(
    name: Annotated[
        str,
        typer.Argument(
            help="claims, page (a head), settings (kap.toml), report (of --format json).",
            autocompletion=completion.schemas,
        ),
    ],
) -> None:
    """Print the JSON Schema of a format, for editors and validators."""
    from kap_content.cli.actions.schema import schema as run

    raise typer.Exit(run(name))


@commands.command()
def lsp(
    *,
    _stdio: Annotated[bool, typer.Option("--stdio", help="What many editors add; there is no other way.")] = False,
) -> None:
    """Say in the editor what check says, while you write: a language server. Started by the editor."""
    from kap_content.cli.actions.language_server import serve_editor

    raise typer.Exit(serve_editor())
