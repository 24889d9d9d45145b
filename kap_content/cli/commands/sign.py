"""The commands of a review: approve, reject, request-changes, judge, approvals, impact."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from kap_content.cli import completion
from kap_content.cli.forms import Shown
from kap_content.cli.options import AsOf, Commands, Key, Principal, Role, day_of, given
from kap_content.model.claim import Certainty
from kap_content.model.errors import UsageError

commands = Commands()
approvals = Commands(help="The log of decisions: who approved what, and whether the log is whole.")
commands.add_typer(approvals, name="approvals")

Claims = Annotated[
    list[str], typer.Argument(metavar="ID...", help="Claims.", show_default=False, autocompletion=completion.claims)
]
Comment = Annotated[str, typer.Option("--comment", help="What others should know; it is kept with the decision.")]
Form = Annotated[Shown, typer.Option("--format", help="How to print it.")]
_NEXT = typer.Option("--next-review", metavar="DATE", help="The day by which it must be reviewed again: 2027-11-22.")


@commands.command(
    epilog="Examples:  kap approve KET-MAINT-01 --role medical --as lee@example.org --key ~/.ssh/id_ed25519   |   "
    "kap approve KET-01 KET-02 --role legal --as roe@example.org --next-review 2027-11-22"
)
def approve(
    context: typer.Context,
    claims: Claims,
    *,
    role: Role,
    principal: Principal,
    key: Key = None,
    comment: Comment = "",
    next_review: Annotated[str | None, _NEXT] = None,
    as_of: AsOf = None,
) -> None:
    """Approve claims as they stand: a line of approvals.jsonl for each, signed where a key is given."""
    from kap_content.cli.actions.decide import Wish
    from kap_content.cli.actions.decide import decide as run

    options = given(context)
    due = _day("--next-review", next_review) if next_review else None
    raise typer.Exit(run(options, claims, Wish("approve", role, principal, key, comment, due), day_of(as_of)))


@commands.command(
    epilog='Examples:  kap reject KET-MAINT-01 --role medical --as lee@example.org --comment "no control group"'
)
def reject(
    context: typer.Context,
    claims: Claims,
    *,
    role: Role,
    principal: Principal,
    key: Key = None,
    comment: Comment = "",
    as_of: AsOf = None,
) -> None:
    """Reject claims: an approved one goes back into review."""
    from kap_content.cli.actions.decide import Wish
    from kap_content.cli.actions.decide import decide as run

    options = given(context)
    raise typer.Exit(run(options, claims, Wish("reject", role, principal, key, comment), day_of(as_of)))


@commands.command(
    "request-changes",
    epilog='Examples:  kap request-changes KET-01 --role legal --as roe@example.org --comment "name the dose"',
)
def request_changes(
    context: typer.Context,
    claims: Claims,
    *,
    role: Role,
    principal: Principal,
    key: Key = None,
    comment: Comment = "",
    as_of: AsOf = None,
) -> None:
    """Ask for changes of claims: an approved one goes back into review."""
    from kap_content.cli.actions.decide import Wish
    from kap_content.cli.actions.decide import decide as run

    options = given(context)
    raise typer.Exit(run(options, claims, Wish("request_changes", role, principal, key, comment), day_of(as_of)))


@commands.command(
    epilog="Examples:  kap judge KET-MAINT-01 --verdict glue2018=substantiated --certainty low --as lee@example.org"
)
def judge(
    context: typer.Context,
    claim: Annotated[str, typer.Argument(metavar="ID", help="A claim.")],
    *,
    principal: Principal,
    verdict: Annotated[
        list[str] | None,
        typer.Option(
            "--verdict", metavar="KEY=VERDICT", help="On the link to a reference (or link number 1, 2 …); repeatable."
        ),
    ] = None,
    certainty: Annotated[
        Certainty | None, typer.Option("--certainty", help="GRADE certainty of the whole of the evidence.")
    ] = None,
    next_review: Annotated[str | None, _NEXT] = None,
    as_of: AsOf = None,
) -> None:
    """Write your verdicts on a claim's evidence, its certainty, its next review into the claims file."""
    from kap_content.cli.actions.decide import judge as run

    options = given(context)
    due = _day("--next-review", next_review) if next_review else None
    if not verdict and certainty is None and due is None:
        raise UsageError("there is nothing to write", help="Give --verdict KEY=VERDICT, --certainty or --next-review.")
    raise typer.Exit(run(options, claim, principal, day_of(as_of), verdict or [], certainty, due))


@approvals.command(
    "list", epilog="Examples:  kap approvals list   |   kap approvals list --waiting   |   … --format json"
)
def approvals_list(
    context: typer.Context,
    *,
    waiting: Annotated[bool, typer.Option("--waiting", help="Only claims that somebody must look at.")] = False,
    format: Form = Shown.TEXT,  # noqa: A002 - the option's name
    as_of: AsOf = None,
) -> None:
    """Show for each claim who decided what, what changed since, and whose decision is missing."""
    from kap_content.cli.actions.approvals import show_all as run

    options = given(context)
    raise typer.Exit(run(options, day_of(as_of), format, waiting=waiting))


@approvals.command("verify", epilog="Examples:  kap approvals verify   |   kap approvals verify --format json")
def approvals_verify(
    context: typer.Context,
    *,
    format: Form = Shown.TEXT,  # noqa: A002 - the option's name
    as_of: AsOf = None,
) -> None:
    """Verify the log: its chain, every signature, roles, and against git what was deleted. Exit 1: it is not whole."""
    from kap_content.cli.actions.approvals import verify as run

    options = given(context)
    raise typer.Exit(run(options, day_of(as_of), format))


@approvals.command("settle", epilog="After a merge:  kap approvals settle")
def approvals_settle(
    context: typer.Context,
    *,
    as_of: AsOf = None,
) -> None:
    """Set the status of claims that everybody has approved, on branches that knew nothing of each other."""
    from kap_content.cli.actions.decide import settle as run

    options = given(context)
    raise typer.Exit(run(options, day_of(as_of)))


@approvals.command("log", epilog="Examples:  kap approvals log KET-MAINT-01")
def approvals_log(
    context: typer.Context,
    claim: Annotated[str, typer.Argument(metavar="ID", help="A claim.")],
    *,
    format: Form = Shown.TEXT,  # noqa: A002 - the option's name
    as_of: AsOf = None,
) -> None:
    """Show the history of a claim's decisions, and what changed from each to the next."""
    from kap_content.cli.actions.approvals import show_log as run

    options = given(context)
    raise typer.Exit(run(options, day_of(as_of), format, claim))


@commands.command(
    epilog="Examples:  kap impact glue2018   |   kap impact 10.1177/0269881118762073   |   "
    "kap impact --since HEAD --format markdown"
)
def impact(
    context: typer.Context,
    work: Annotated[
        str | None,
        typer.Argument(
            metavar="DOI|KEY",
            help="A work, by key or DOI; or a notice, by its DOI.",
            autocompletion=completion.keys,
        ),
    ] = None,
    *,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="REV", help="All works whose record in references.lock changed since."),
    ] = None,
    format: Form = Shown.TEXT,  # noqa: A002 - the option's name
    as_of: AsOf = None,
) -> None:
    """Show what a notice about a work hits: claims, pages, and approvals that no longer hold, with who gave them."""
    from kap_content.cli.actions.impact import impact as run

    options = given(context)
    if (work is None) == (since is None):
        raise UsageError("name a work, or --since a revision", help="kap impact glue2018, or kap impact --since HEAD")
    raise typer.Exit(run(options, day_of(as_of), format, work=work or "", since=since or ""))


def _day(option: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{option} {text}: not a date", help="Write it as 2027-11-22.") from None
