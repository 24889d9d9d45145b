"""The options that several commands share, and what becomes of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kap_content.cli import completion
from kap_content.cli.given import Globals, RuleOptions
from kap_content.model.errors import UsageError
from kap_content.model.finding import Severity
from kap_content.report.formats import Format

if TYPE_CHECKING:
    from kap_content.report.model import Report

Project = Annotated[
    Path | None, typer.Option("--project", help="The project's folder.  [default: the nearest with kap.toml]")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Only findings and errors.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Say what is done.")]
NoColor = Annotated[bool, typer.Option("--no-color", help="No colours (also: NO_COLOR).")]
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


def merged(context: typer.Context, project: Path | None, *, quiet: bool, verbose: bool, no_color: bool) -> Globals:
    """The options before the command with those after it on top."""
    before: Globals = context.obj
    return Globals(
        project if project is not None else before.project,
        quiet or before.quiet,
        verbose or before.verbose,
        no_color or before.no_color,
    )


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


def printer(formats: list[str] | None, outputs: list[str] | None, options: Globals) -> Callable[[Report], None]:
    """Where the report goes, in which formats."""
    from kap_content.cli.terminal.printing import Printer, targets

    return Printer(targets(formats or [], outputs or []), options)
