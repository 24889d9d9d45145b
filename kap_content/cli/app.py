"""The commands and their options. Each hands over at once to the module that does the work."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from kap_content import __version__
from kap_content.cli.forms import Form
from kap_content.cli.session import Globals, RuleOptions
from kap_content.model.errors import UsageError
from kap_content.model.finding import Severity
from kap_content.report.formats import Format
from kap_content.report.model import Report

app = typer.Typer(
    name="kap",
    help="Check the claims and references of medical pages, and render only the pages that pass.",
    epilog="Start: kap build.  One page: kap check pages/NAME.md.  A rule: kap explain CLM002.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


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
    list[str] | None, typer.Option("--select", help="Run only these rules: codes, names, prefixes, ALL.")
]
Ignore = Annotated[list[str] | None, typer.Option("--ignore", help="Do not run these rules.")]
FailOn = Annotated[Severity, typer.Option("--fail-on", help="Exit with 1 from this severity on.")]
Release = Annotated[bool, typer.Option("--release", help="Raise what must not go live to errors.")]
Statistics = Annotated[bool, typer.Option("--statistics", help="Add the number of findings of each rule.")]


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"kap-content {__version__}")
        raise typer.Exit


@app.callback()
def _globals(
    context: typer.Context,
    *,
    project: Project = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
    no_color: NoColor = False,
    _version: Annotated[
        bool, typer.Option("--version", help="Print the version and stop.", is_eager=True, callback=_print_version)
    ] = False,
) -> None:
    context.obj = Globals(project, quiet, verbose, no_color)


@app.command(
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
    project: Project = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
    no_color: NoColor = False,
) -> None:
    """Look up what is missing or stale, check, and render the pages that pass: the main job."""
    from kap_content.cli.build import build as run

    options = _merged(context, project, quiet=quiet, verbose=verbose, no_color=no_color)
    rules = _rules(as_of, select, ignore, fail_on, release=release, statistics=statistics)
    raise typer.Exit(run(options, rules, paths or [], _printer(format, output, options), offline=offline))


@app.command(
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
    _verify: Annotated[
        bool, typer.Option("--verify", help="See by their contents whether files changed, not by their times.")
    ] = False,
    _no_cache: Annotated[
        bool, typer.Option("--no-cache", help="Do not answer from the last run (also: KAP_NO_CACHE).")
    ] = False,
    project: Project = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
    no_color: NoColor = False,
) -> None:
    """Run the rules over pages, claims, references and references.lock. Never asks the network."""
    from kap_content.cli.check import Limits
    from kap_content.cli.check import check as run

    options = _merged(context, project, quiet=quiet, verbose=verbose, no_color=no_color)
    rules = _rules(as_of, select, ignore, fail_on, release=release, statistics=statistics, upcoming=upcoming)
    limits = Limits(staged, since, baseline)
    raise typer.Exit(run(options, rules, paths or [], _printer(format, output, options), limits))


@app.command(epilog="Examples:  kap render   |   kap render --draft pages/a.md   |   kap render --format docx")
def render(
    context: typer.Context,
    paths: Paths = None,
    *,
    draft: Annotated[bool, typer.Option("--draft", help="Render any page, with a watermark and its findings.")] = False,
    fragment: Annotated[bool, typer.Option("--fragment", help="Only the article, without scripts, for a CMS.")] = False,
    format: Annotated[Form, typer.Option("--format", help="docx needs pandoc.")] = Form.HTML,  # noqa: A002 - its name
    as_of: AsOf = None,
    release: Release = False,
    project: Project = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
    no_color: NoColor = False,
) -> None:
    """Render the pages that pass the checks. Never asks the network."""
    from kap_content.cli.build import render as run

    options = _merged(context, project, quiet=quiet, verbose=verbose, no_color=no_color)
    rules = _rules(as_of, release=release)
    raise typer.Exit(run(options, rules, paths or [], draft=draft, fragment=fragment, form=format))


@app.command(epilog="Examples:  kap serve   |   kap serve --port 8000")
def serve(
    context: typer.Context,
    *,
    port: Annotated[int, typer.Option("--port", help="Port on this machine; 0 is any free one.", min=0, max=65535)] = 0,
    as_of: AsOf = None,
    release: Release = False,
    project: Project = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
    no_color: NoColor = False,
) -> None:
    """Show drafts in the browser, findings beside the text, loaded again on every save. Ctrl-C ends."""
    from kap_content.cli.serve import serve as run

    options = _merged(context, project, quiet=quiet, verbose=verbose, no_color=no_color)
    raise typer.Exit(run(options, _rules(as_of, release=release), port))


@app.command(epilog="Examples:  kap lock   |   kap lock glue2018   |   kap lock --newer   |   kap lock --suggest")
def lock(
    context: typer.Context,
    keys: Annotated[list[str] | None, typer.Argument(help="Keys of the bibliography.  [default: all]")] = None,
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
    project: Project = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
    no_color: NoColor = False,
) -> None:
    """Ask the registries what is missing or stale and write references.lock. Exit 3: some gave no answer."""
    from kap_content.cli.add import suggest as run_suggest
    from kap_content.cli.lock import lock as run

    options = _merged(context, project, quiet=quiet, verbose=verbose, no_color=no_color)
    if accept and not suggest:
        raise UsageError("--accept goes with --suggest")
    if suggest:
        raise typer.Exit(run_suggest(options, _day(as_of), accept=accept))
    raise typer.Exit(run(options, keys or [], _day(as_of), refresh=refresh, newer=newer))


@app.command(
    epilog='Examples:  kap add 10.1177/0269881118762073   |   kap add 29561204   |   kap add "Ketamine for anxiety"'
)
def add(
    context: typer.Context,
    works: Annotated[list[str], typer.Argument(help="DOIs, doi.org addresses, PMIDs, or a title to search.")],
    *,
    as_of: AsOf = None,
    project: Project = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
    no_color: NoColor = False,
) -> None:
    """Look works up and append clean entries to the bibliography."""
    from kap_content.cli.add import add as run

    options = _merged(context, project, quiet=quiet, verbose=verbose, no_color=no_color)
    raise typer.Exit(run(options, works, _day(as_of)))


@app.command(epilog="Examples:  kap fix   |   kap fix --write   |   kap fix pages/ketamine-for-anxiety.md")
def fix(
    context: typer.Context,
    paths: Paths = None,
    *,
    write: Annotated[bool, typer.Option("--write", help="Make the changes instead of showing them.")] = False,
    as_of: AsOf = None,
    project: Project = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
    no_color: NoColor = False,
) -> None:
    """Mend what is certain: DOIs, pages, missing fields, duplicates, slips. Shows a diff. Never asks the network."""
    from kap_content.cli.fix import fix as run

    options = _merged(context, project, quiet=quiet, verbose=verbose, no_color=no_color)
    raise typer.Exit(run(options, paths or [], _day(as_of), write=write))


@app.command(epilog="Examples:  kap link   |   kap link --write   |   kap link pages/ketamine-for-anxiety.md")
def link(
    context: typer.Context,
    paths: Paths = None,
    *,
    write: Annotated[bool, typer.Option("--write", help="Make the marks instead of showing them.")] = False,
    project: Project = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
    no_color: NoColor = False,
) -> None:
    """Find the wording of registered claims on pages and mark it. Shows a diff. Never asks the network."""
    from kap_content.cli.link import link as run

    options = _merged(context, project, quiet=quiet, verbose=verbose, no_color=no_color)
    raise typer.Exit(run(options, paths or [], write=write))


@app.command(epilog="Examples:  kap init   |   kap init my-site")
def init(
    context: typer.Context,
    folder: Annotated[Path | None, typer.Argument(metavar="DIR", help="Where.  [default: here]")] = None,
    *,
    as_of: AsOf = None,
    project: Project = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
    no_color: NoColor = False,
) -> None:
    """Make a project that works at once: settings, a page, claims, references, hooks. Overwrites nothing."""
    from kap_content.cli.init import init as run

    options = _merged(context, project, quiet=quiet, verbose=verbose, no_color=no_color)
    raise typer.Exit(run(options, folder, _day(as_of)))


@app.command(
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
    project: Project = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
    no_color: NoColor = False,
) -> None:
    """Make page, claims and references of a live page. Asks no network unless told to."""
    from kap_content.cli.import_page import import_files as run

    options = _merged(context, project, quiet=quiet, verbose=verbose, no_color=no_color)
    raise typer.Exit(run(options, files, _day(as_of), name=name, dry_run=dry_run, online=online, partial=partial))


baseline_commands = typer.Typer(
    help="Adopt kap on an old site: only new findings fail.", no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(baseline_commands, name="baseline")
BaselineFile = Annotated[Path | None, typer.Argument(help="The baseline.  [default: kap-baseline.json]")]


@baseline_commands.command("write", epilog="Then:  kap check --baseline kap-baseline.json")
def baseline_write(
    context: typer.Context,
    file: BaselineFile = None,
    *,
    as_of: AsOf = None,
    project: Project = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
    no_color: NoColor = False,
) -> None:
    """Write what is found now into a file that `kap check --baseline` hides. STS001 and DOI002 are never hidden."""
    from kap_content.cli.baseline import write as run

    options = _merged(context, project, quiet=quiet, verbose=verbose, no_color=no_color)
    raise typer.Exit(run(options, _rules(as_of), file))


@baseline_commands.command("prune", epilog="Examples:  kap baseline prune")
def baseline_prune(
    context: typer.Context,
    file: BaselineFile = None,
    *,
    as_of: AsOf = None,
    project: Project = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
    no_color: NoColor = False,
) -> None:
    """Take out what is mended, so that it fails when it comes back. Adds nothing."""
    from kap_content.cli.baseline import prune as run

    options = _merged(context, project, quiet=quiet, verbose=verbose, no_color=no_color)
    raise typer.Exit(run(options, _rules(as_of), file))


retractions = typer.Typer(
    help="Retraction Watch: use your download of its data.", no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(retractions, name="retractions")

cache = typer.Typer(help="What kap keeps in .kap_cache to be quick.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(cache, name="cache")


@retractions.callback()
def _retractions() -> None:
    pass


@retractions.command("import", epilog="Examples:  kap retractions import retraction_watch.csv")
def retractions_import(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="CSV", help="The file as downloaded from Crossref.")],
    *,
    project: Project = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
    no_color: NoColor = False,
) -> None:
    """Read the Retraction Watch file into .kap_cache, where `kap lock` asks it. Never asks the network."""
    from kap_content.cli.retractions import import_file as run

    raise typer.Exit(run(_merged(context, project, quiet=quiet, verbose=verbose, no_color=no_color), file))


@cache.command("info", epilog="Examples:  kap cache info")
def cache_info(
    context: typer.Context,
    *,
    project: Project = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
    no_color: NoColor = False,
) -> None:
    """Show what the cache holds."""
    from kap_content.cli.cached import info as run

    raise typer.Exit(run(_merged(context, project, quiet=quiet, verbose=verbose, no_color=no_color)))


@cache.command("clear", epilog="Examples:  kap cache clear   |   kap cache clear --all")
def cache_clear(
    context: typer.Context,
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="Also what registries said and texts of PDFs, which cost time to get again.")
    ] = False,
    project: Project = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
    no_color: NoColor = False,
) -> None:
    """Forget the answers of earlier runs."""
    from kap_content.cli.cached import clear as run

    options = _merged(context, project, quiet=quiet, verbose=verbose, no_color=no_color)
    raise typer.Exit(run(options, everything=everything))


@app.command(
    epilog="Examples:  kap where KET-MAINT-01   |   kap where glue2018   |   kap where 10.1177/0269881118762073"
)
def where(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="ID", help="A claim's id, a reference's key or a DOI.")],
    *,
    project: Project = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
    no_color: NoColor = False,
) -> None:
    """Show where a claim, a reference or a DOI is used."""
    from kap_content.cli.look_up import where as run

    raise typer.Exit(run(_merged(context, project, quiet=quiet, verbose=verbose, no_color=no_color), name))


@app.command(epilog="Examples:  kap rules   |   kap rules EVD   |   kap rules --format json")
def rules(
    selector: Annotated[str, typer.Argument(help="A code, a prefix of codes, or ALL.")] = "ALL",
    *,
    format: Annotated[Format, typer.Option("--format", help="text or json.")] = Format.TEXT,  # noqa: A002 - the option's name
) -> None:
    """List the rules with their severity."""
    from kap_content.cli.look_up import rules as run

    raise typer.Exit(run(selector, as_json=format is Format.JSON))


@app.command(epilog="Examples:  kap explain CLM002   |   kap explain text-drift")
def explain(
    rule: Annotated[str, typer.Argument(help="A rule's code or name.")],
) -> None:
    """Say what a rule flags, why, and how to mend it."""
    from kap_content.cli.look_up import explain as run

    raise typer.Exit(run(rule))


@app.command(epilog="Examples:  kap schema claims   |   kap schema settings > .kap/settings.schema.json")
def schema(
    name: Annotated[str, typer.Argument(help="claims, page (a head), settings (kap.toml), report (of --format json).")],
) -> None:
    """Print the JSON Schema of a format, for editors and validators."""
    from kap_content.cli.schema import schema as run

    raise typer.Exit(run(name))


def _merged(context: typer.Context, project: Path | None, *, quiet: bool, verbose: bool, no_color: bool) -> Globals:
    before: Globals = context.obj
    return Globals(
        project if project is not None else before.project,
        quiet or before.quiet,
        verbose or before.verbose,
        no_color or before.no_color,
    )


def _rules(
    as_of: str | None,
    select: list[str] | None = None,
    ignore: list[str] | None = None,
    fail_on: Severity = Severity.ERROR,
    *,
    release: bool = False,
    statistics: bool = False,
    upcoming: str | None = None,
) -> RuleOptions:
    day = _day(as_of)
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
    from kap_content.check.due import after

    last = after(day, span.strip())
    if last is None:
        raise UsageError(f"--upcoming {span}: not a span of time", help="Write it as 90d, 12w, 3m or 1y.")
    return last


def _split(values: list[str] | None) -> tuple[str, ...]:
    """`--select A,B --select C` as (A, B, C)."""
    return tuple(part.strip() for value in values or () for part in value.split(",") if part.strip())


def _day(text: str | None) -> date:
    if text is None:
        return datetime.now().astimezone().date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--as-of {text}: not a date", help="Write it as 2026-11-22.") from None


def _printer(formats: list[str] | None, outputs: list[str] | None, options: Globals) -> Callable[[Report], None]:
    from kap_content.cli.printing import Printer, targets

    return Printer(targets(formats or [], outputs or []), options)
