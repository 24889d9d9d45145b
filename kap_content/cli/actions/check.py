"""`kap check`: the rules over a project, offline."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kap_content.cli.given import Globals, RuleOptions
from kap_content.cli.session import Run, report_of, run_rules
from kap_content.model.errors import UsageError
from kap_content.model.finding import Finding, Severity
from kap_content.model.shard import Shard
from kap_content.report.model import Report, Summary


@dataclass(frozen=True, slots=True)
class Limits:
    """Which findings `kap check` shows: of what is staged, of the changes since a revision, new ones, of a shard.

    The report tells when anything falls due where it is `dated`. With `verify` files are compared by what they hold.
    """

    staged: bool = False
    since: str | None = None
    baseline: Path | None = None
    shard: Shard | None = None
    dated: bool = False
    verify: bool = False


def check(
    options: Globals,
    rules: RuleOptions,
    paths: list[Path],
    show: Callable[[Report], None],
    limits: Limits = Limits(),
) -> int:
    """Run the rules and print the report; 1 where a finding reaches the threshold, else 0."""
    if options.memory is not None:
        from kap_content.cli.actions.again import check_again

        return exit_code(check_again(options, options.memory, rules, show), rules.fail_on)
    if _is_plain(options, rules, limits):
        from kap_content.cli.actions.again import judged
        from kap_content.cli.quick.ground import Ground

        ground = options.ground = Ground(verifies=limits.verify)
        report, keep = judged(options, ground, rules, paths, lambda found: found.report(), dated=limits.dated)
        show(report)
        if ground.holds():
            keep()
        return exit_code(report.findings, rules.fail_on)
    with _scoped(options, rules, paths, limits) as run:
        if run is None:
            show(Report(rules.as_of, Summary(0, 0, 0, 0, 0, 0, 0, 0), (), upcoming=rules.upcoming))
            return 0
        if isinstance(run, Report):
            show(run)
            return exit_code(run.findings, rules.fail_on)
        if limits.baseline is not None:
            from kap_content.cli.actions.baseline import without_known

            run = without_known(run, limits.baseline)  # noqa: PLW2901 - the same run, less what is known
        show(report_of(run, rules))
    return exit_code(run.findings, rules.fail_on)


def _is_plain(options: Globals, rules: RuleOptions, limits: Limits) -> bool:
    """Whether the project is checked as it stands, by all its rules: that may begin from where the last check ended."""
    narrowed = limits.staged or rules.select or rules.ignore or options.no_cache
    return not narrowed and {limits.since, limits.baseline, limits.shard, rules.upcoming} == {None}


@contextmanager
def _scoped(options: Globals, rules: RuleOptions, paths: list[Path], limits: Limits) -> Iterator[Run | Report | None]:
    if limits.staged and limits.since is not None:
        raise UsageError("--staged and --since exclude each other")
    if limits.shard is not None:
        if paths or limits.staged or limits.since is not None:
            help_ = "Each shard is checked whole; `kap report merge` makes one report of them."
            raise UsageError("--shard goes with neither paths nor --staged nor --since", help=help_)
        from kap_content.cli.actions.shard import run_shard

        yield run_shard(options, rules, limits.shard, limits.baseline)
        return
    if not limits.staged and limits.since is None:
        yield run_rules(options, rules, paths)
        return
    from kap_content.cli.actions import scope

    if limits.since is not None:
        with scope.since(options, rules, paths, limits.since) as run:
            yield run
    else:
        whole = limits.dated or limits.baseline is not None
        with scope.staged(options, rules, paths, whole=whole) as run:
            yield run


def exit_code(findings: tuple[Finding, ...], fail_on: Severity) -> int:
    """1 where a finding reaches `fail_on`, else 0."""
    return int(any(finding.severity.reaches(fail_on) for finding in findings))
