"""The options that several commands share, and what becomes of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from typer.core import TyperCommand

from kap_content.cli import completion
from kap_content.cli.given import Globals, RuleOptions
from kap_content.model.errors import UsageError
from kap_content.model.finding import Severity
from kap_content.model.shard import MOST, Shard, parse_shard
from kap_content.report.formats import Format

if TYPE_CHECKING:
    from typer._click.core import Context, Parameter  # typer's own names for them hold less

    from kap_content.cli.terminal.printing import Printer  # not every command prints a report


_SHARED = ("project", "quiet", "verbose", "no_color")
Function = TypeVar("Function", bound=Callable[..., None])

Role = Annotated[str, typer.Option("--role", help="The role you decide in: medical, legal, regulatory.")]
Principal = Annotated[str, typer.Option("--as", metavar="PRINCIPAL", help="Who decides, as allowed_signers names you.")]
Key = Annotated[
    Path | None,
    typer.Option("--key", metavar="FILE", help="Your OpenSSH key; or the public half of one that ssh-agent holds."),
]
Port = Annotated[int, typer.Option("--port", help="Port on this machine; 0 is any free one.", min=0, max=65535)]
Paths = Annotated[list[Path] | None, typer.Argument(help="Pages or folders of pages.  [default: all]")]
AsOf = Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="Stands in for today: 2026-11-22.")]
OutputFormat = Annotated[
    list[str] | None,
    typer.Option(
        "--format",
        metavar="[text|json|sarif|junit|github|rdjson|markdown][:FILE]",
        help="How to print the findings; may be repeated, each into its file.  [default: text]",
        autocompletion=lambda: [str(form) for form in Format],
    ),
]
Output = Annotated[
    list[str] | None,
    typer.Option("--output", "-o", metavar="[FORMAT=]FILE", help="Write the report to a file; may be repeated."),
]
Select = Annotated[
    list[str] | None,
    typer.Option(
        "--select", help="Run only these rules: codes, names, prefixes, ALL.", autocompletion=completion.rules
    ),
]
Ignore = Annotated[
    list[str] | None, typer.Option("--ignore", help="Do not run these rules.", autocompletion=completion.rules)
]
FailOn = Annotated[Severity, typer.Option("--fail-on", help="Exit with 1 from this severity on.")]
Release = Annotated[bool, typer.Option("--release", help="Raise what must not go live to errors.")]
Statistics = Annotated[bool, typer.Option("--statistics", help="Add the number of findings of each rule.")]


class Command(TyperCommand):
    """A command that takes the options of `kap` itself after its name too."""

    def get_params(self, ctx: Context) -> list[Parameter]:
        """The command's own parameters, those of `kap`, and `--help`."""
        *own, last = super().get_params(ctx)
        return [*own, *(option for option in ctx.find_root().command.params if option.name in _SHARED), last]

    def invoke(self, ctx: Context) -> object:
        """Run the command with what stood before its name and what stands after it."""
        ctx.obj = given(ctx).and_then(**{name: ctx.params.pop(name) for name in _SHARED})
        return super().invoke(ctx)


class Commands(typer.Typer):
    """A part of the commands of `kap`; with a name, a group of them."""

    def __init__(self, **more: Any) -> None:
        super().__init__(no_args_is_help=True, rich_markup_mode=None, **more)

    def command(self, name: str | None = None, **more: Any) -> Callable[[Function], Function]:
        """Register a function as a command."""
        return super().command(name, cls=Command, **more)


def given(context: Context) -> Globals:
    """The options of `kap` itself that stand before or after a command."""
    found: Globals = context.obj
    return found


def rule_options(
    as_of: str | None,
    select: list[str] | None = None,
    ignore: list[str] | None = None,
    fail_on: Severity = Severity.ERROR,
    *,
    release: bool = False,
    statistics: bool = False,
    upcoming: str | None = None,
) -> RuleOptions:
    """What the options say of the rules."""
    day = day_of(as_of)
    return RuleOptions(
        day,
        _split(select),
        _split(ignore),
        fail_on,
        release,
        statistics,
        _last_day(upcoming, day) if upcoming else None,
    )


def _last_day(span: str, day: date) -> date:
    from kap_content.checking.due import after

    last = after(day, span.strip())
    if last is None:
        raise UsageError(f"--upcoming {span}: not a span of time", help="Write it as 90d, 12w, 3m or 1y.")
    return last


def _split(values: list[str] | None) -> tuple[str, ...]:
    """`--select A,B --select C` as (A, B, C)."""
    return tuple(part.strip() for value in values or () for part in value.split(",") if part.strip())


def day_of(text: str | None) -> date:
    """The day that stands in for today, or today; a `UsageError` for what is no date."""
    if text is None:
        return datetime.now().astimezone().date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--as-of {text}: not a date", help="Write it as 2026-11-22.") from None


def shard_of(text: str | None) -> Shard | None:
    """`3/16` as a shard; a `UsageError` for what is none."""
    if text is None:
        return None
    shard = parse_shard(text)
    if shard is None:
        help_ = f"Write the part and the number of parts, counted from 1: 3/16. There can be {MOST} at most."
        raise UsageError(f"--shard {text}: not a part of a whole", help=help_)
    return shard


def printer(formats: list[str] | None, outputs: list[str] | None, options: Globals) -> Printer:
    """Where the report goes, in which formats."""
    from kap_content.cli.terminal.printing import Printer, targets

    return Printer(targets(formats or [], outputs or []), options)
