"""What every command begins with: the project, its settings with the command line's on top, and where to print."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path

from kap_content.cache.asked import Asked, Kept
from kap_content.checking.baseline import Compared
from kap_content.checking.changes import Since
from kap_content.checking.due import falling_due, next_due
from kap_content.checking.engine import Hear, Outcome, Suppressed, check, found_by, selected, unheard_of
from kap_content.checking.gate import Concerns
from kap_content.checking.selection import nearest_rules, refuse_unknown_rules, with_rules
from kap_content.cli.given import Globals, RuleOptions
from kap_content.cli.lines import Lines
from kap_content.cli.paths import below, seen_from
from kap_content.cli.quick.start import begin
from kap_content.cli.terminal.progress import Bar
from kap_content.model.errors import UsageError
from kap_content.model.finding import Finding, Related, Severity
from kap_content.model.known import Known
from kap_content.model.page import Page
from kap_content.model.place import Place
from kap_content.model.progress import Progress, unheard
from kap_content.model.project import Context
from kap_content.model.settings import Settings
from kap_content.report.model import Report, Share, Summary, count
from kap_content.rules._rule import Rule, all_rules


@dataclass(frozen=True, slots=True)
class Run:
    """A project that was checked, and the pages that the command is about.

    `source` is the folder that was read where it is not the project's own (staged content is unpacked elsewhere).
    """

    root: Path
    context: Context
    outcome: Outcome
    pages: tuple[Page, ...]
    findings: tuple[Finding, ...]
    suppressed: tuple[Suppressed, ...]
    source: Path | None = None
    since: Since | None = None
    baseline: Compared | None = None
    share: Share | None = None

    @property
    def is_whole(self) -> bool:
        """Whether claims, references and what falls due are counted in this run: not in a shard but the first."""
        return self.share is None or self.share.shard.is_first


def open_project(options: Globals) -> tuple[Path, Settings]:
    """The project's root and settings; a `KapError` where there is none or they cannot be used."""
    from kap_content.load.inside import find_root
    from kap_content.load.settings import read_settings

    start = options.project if options.project is not None else Path.cwd()
    if options.project is not None and not start.is_dir():
        raise UsageError(f"{start} is no folder", help="Give --project the folder that holds kap.toml.")
    if options.ground is not None:
        options.ground.begin()
    root = find_root(start)
    begin(root, keep=not options.no_cache)
    settings = read_settings(root)
    refuse_unknown_rules(settings)
    return root, settings


def run_rules(options: Globals, rule_options: RuleOptions, paths: list[Path]) -> Run:
    """Load the project, run the rules, and keep what concerns `paths` (all, where none is given)."""
    root, settings = open_project(options)
    run, _ = run_over(options, rule_options, paths, root, settings)
    return run


def run_over(
    options: Globals,
    rule_options: RuleOptions,
    paths: list[Path],
    root: Path,
    settings: Settings,
    source: Path | None = None,
    hear: Hear = unheard_of,
) -> tuple[Run, Kept]:
    """Run the rules over the project at `root`, read from `source` where that is another folder.

    `hear` hears of all that is found, settings aside.
    """
    context, kept = opened(options, rule_options, root, settings, source)
    with Bar("Checking", quiet=options.quiet) as bar:
        run = judge(root, context, paths, bar.update, kept.rules, hear)
    kept.save()
    return replace(run, source=source), kept


def opened(
    options: Globals, rule_options: RuleOptions, root: Path, settings: Settings, source: Path | None = None
) -> tuple[Context, Kept]:
    """What the rules look at, and the rules: they answer from the cache what it knows."""
    from kap_content.cache.check import open_kept
    from kap_content.load.whole import with_abstracts

    chosen = with_rules(settings, rule_options.select, rule_options.ignore)
    asked = Asked(root, chosen, rule_options.as_of, rule_options.release, options.tool(root), source)
    with Bar("Reading", quiet=options.quiet) as bar:
        kept = open_kept(asked, bar.update, options.opened)
    project = with_abstracts(kept.project, root)
    return Context.of(project, rule_options.as_of, release=rule_options.release), kept


def judge(
    root: Path,
    context: Context,
    paths: list[Path],
    progress: Progress = unheard,
    rules: tuple[Rule, ...] | None = None,
    hear: Hear = unheard_of,
) -> Run:
    """Run the rules (by default those of the settings) over a context and keep what concerns `paths`."""
    outcome = check(context, rules, progress, hear=hear)
    pages = {page.path: page for page in context.project.pages}
    asked, shown = limited(root, paths, list(pages), pages.__getitem__, context, outcome)
    return Run(root, context, outcome, tuple(pages[path] for path in asked), shown.findings, shown.suppressed)


def limited(
    root: Path,
    paths: list[Path],
    every: Sequence[str],
    page: Callable[[str], Page],
    context: Context,
    outcome: Outcome,
) -> tuple[Sequence[str], Outcome]:
    """Which of all pages are meant by `paths` (all, where none is given), and what of the outcome concerns them."""
    named = tuple(named_path(root, path) for path in paths)
    if not named:
        return every, outcome
    asked = [path for path in every if is_under(path, named)]
    # A data file named on the command line (a hook passes them) stands for the findings in it.
    others = {name for name in named if not any(is_under(path, (name,)) for path in asked)}
    for name in others:
        if not (root / name).exists():
            raise UsageError(f"no such page or file: {name}", help="Paths are relative to where you stand.")
    pages, site = [page(path) for path in asked], frozenset(every)
    wanted = _concerning(pages, Concerns(context, outcome.findings, site))
    held = _concerning(pages, Concerns(context, (item.finding for item in outcome.suppressed), site))
    findings = tuple(item for item in outcome.findings if id(item) in wanted or item.place.path in others)
    return asked, Outcome(findings, tuple(item for item in outcome.suppressed if id(item.finding) in held))


def _concerning(pages: Iterable[Page], concerns: Concerns) -> set[int]:
    """The identities of the findings that concern any of these pages."""
    return {id(finding) for page in pages for finding in concerns.of(page)}


@dataclass(frozen=True, slots=True)
class Counts:
    """What a report counts beside its findings: `unchecked` of the references no registry has confirmed."""

    claims: int = 0
    references: int = 0
    unchecked: int = 0


def report_of(run: Run, options: RuleOptions) -> Report:
    """The run as the formats want it: paths as seen from the working directory, with source lines."""
    whole = run.is_whole
    upcoming = options.upcoming if whole else None
    pages = None if run.share is not None or run.pages == run.context.project.pages else run.pages
    due = falling_due(run.context, upcoming, pages) if upcoming is not None else ()
    project = run.context.project
    counts = Counts(len(project.claims), len(project.references), unchecked(run.context)) if whole else Counts()
    report = told(
        run.root,
        options,
        run.context.settings,
        Outcome(run.findings, run.suppressed),
        counts,
        [page.path for page in run.pages],
        Lines(run.source or run.root, run.pages, _placed(run)),
    )
    return replace(
        report,
        since=run.since and shown_since(run.root, run.since),
        baseline=_shown_baseline(run),
        upcoming=upcoming,
        due=tuple(replace(item, place=shown_place(run.root, item.place)) for item in due),
        next_due=cache(lambda: next_due(run.context, pages) if whole else None),
        share=run.share and _shown_share(run, run.share),
    )


def told(
    root: Path,
    options: RuleOptions,
    settings: Settings,
    outcome: Outcome,
    counts: Counts,
    pages: list[str],
    lines: Lines,
) -> Report:
    """What was found over the pages with these paths, as the formats want it."""
    findings = outcome.findings
    return Report(
        as_of=options.as_of,
        summary=Summary(
            errors=count(findings, Severity.ERROR),
            warnings=count(findings, Severity.WARNING),
            notes=count(findings, Severity.NOTE),
            suppressed=len(outcome.suppressed),
            pages=len(pages),
            claims=counts.claims,
            references=counts.references,
            unchecked=counts.unchecked,
        ),
        findings=tuple(shown_finding(root, finding) for finding in findings),
        suppressed=tuple(replace(item, finding=shown_finding(root, item.finding)) for item in outcome.suppressed),
        lines=lines,
        statistics=options.statistics,
        fail_on=options.fail_on,
        rules=selected(all_rules(), settings.rules),
        pages=tuple(shown_path(root, path) for path in pages),
    )


def _placed(run: Run) -> dict[str, str]:
    """The paths of the files that findings stand in, by how they are shown."""
    if run.share is None:
        return placed(run.root, run.findings)
    # Another shard may find something in the files of the other sides.
    return {shown_path(run.root, path): path for path in dict.fromkeys(_paths((*run.findings, *run.share.idle)))}


def placed(root: Path, findings: Iterable[Finding]) -> dict[str, str]:
    """The paths of the files that findings stand in, by how they are shown."""
    return {shown_path(root, path): path for path in dict.fromkeys(finding.place.path for finding in findings)}


def shown_since(root: Path, since: Since) -> Since:
    """How findings stand to an earlier state, with paths as seen from the working directory."""
    return replace(since, gone=_shown_known(root, since.gone))


def _shown_share(run: Run, share: Share) -> Share:
    known = run.baseline.known if run.baseline is not None else ()
    held = tuple(item.finding for item in run.suppressed)
    paths = {*_paths((*run.findings, *known, *held, *share.idle)), *(place.path for place in share.used)}
    paths.update(page.path for page in run.pages)
    return replace(
        share,
        idle=tuple(shown_finding(run.root, finding) for finding in share.idle),
        used=frozenset(shown_place(run.root, place) for place in share.used),
        names={shown: path for path in paths if (shown := shown_path(run.root, path)) != path},
    )


def _paths(findings: Iterable[Finding]) -> Iterator[str]:
    for finding in findings:
        yield finding.place.path
        yield from (other.place.path for other in finding.related)


def _shown_baseline(run: Run) -> Compared | None:
    if run.baseline is None:
        return None
    known = tuple(shown_finding(run.root, finding) for finding in run.baseline.known)
    return replace(run.baseline, known=known, gone=_shown_known(run.root, run.baseline.gone))


def _shown_known(root: Path, entries: tuple[Known, ...]) -> tuple[Known, ...]:
    return tuple(replace(entry, path=shown_path(root, entry.path)) for entry in entries)


def shown_finding(root: Path, finding: Finding) -> Finding:
    """The finding with every path as seen from the working directory."""
    if not shows_otherwise(root):
        return finding
    related = tuple(Related(shown_place(root, other.place), other.message) for other in finding.related)
    return replace(finding, place=shown_place(root, finding.place), related=related)


def shown_place(root: Path, place: Place) -> Place:
    """The place with its path as seen from the working directory."""
    return replace(place, path=shown_path(root, place.path))


def shown_path(root: Path, path: str) -> str:
    """A project path as seen from the working directory, with forward slashes."""
    return _shown(Path.cwd(), root, path) if shows_otherwise(root) else path


def shows_otherwise(root: Path) -> bool:
    """Whether paths of the project read otherwise from where one stands."""
    return Path.cwd() != root


@lru_cache(maxsize=1024)
def _shown(here: Path, root: Path, path: str) -> str:
    return seen_from(here, root / path)


def named_path(root: Path, path: Path) -> str:
    """A path of the command line as the project names it; a `UsageError` outside the project."""
    absolute = Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow links out of the project
    for base, name in ((root, absolute), (root.resolve(), absolute.resolve())):
        if (found := below(base, name)) is not None:
            return found
    raise UsageError(f"{path} is outside the project {root}")


def find_rule(name: str) -> Rule:
    """The rule with this code or name; a `UsageError` that suggests the nearest otherwise."""
    wanted = name.strip().lower()
    for rule in all_rules():
        if wanted in (rule.code.lower(), rule.name):
            return rule
    raise UsageError(f"no rule is called “{name}”", help=nearest_rules(name))


def is_under(path: str, names: tuple[str, ...]) -> bool:
    """Whether a path of the project is one of these, or lies in one of these folders."""
    return any(name in (".", path) or path.startswith(f"{name}/") for name in names)


def unchecked(context: Context) -> int:
    """How many references no registry has confirmed."""
    rule = next((rule for rule in all_rules() if rule.code == "DOI004"), None)
    if rule is None:
        return 0
    return len({hit.reference for hit in found_by(rule, context)})
