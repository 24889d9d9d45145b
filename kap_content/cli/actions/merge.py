"""`kap report merge`: one report of the reports of all shards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from kap_content import __version__
from kap_content.cli.actions.check import exit_code
from kap_content.cli.paths import seen_from
from kap_content.load.text import Unreadable, read_text
from kap_content.model.errors import ProjectError
from kap_content.model.finding import Severity
from kap_content.report.merge import merged
from kap_content.report.model import Report
from kap_content.report.shard_report import ShardReport, read_report


def merge(paths: list[Path], show: Callable[[Report], None], fail_on: Severity, *, statistics: bool) -> int:
    """Print the report that one machine would have given; 1 where a finding reaches `fail_on`, else 0."""
    report = merged([_read(path) for path in paths], tool_version=__version__)
    show(replace(report, fail_on=fail_on, statistics=statistics))
    return exit_code(report.findings, fail_on)


def _read(path: Path) -> ShardReport:
    shown = seen_from(Path.cwd(), path.absolute())
    text = read_text(path, shown)
    if isinstance(text, Unreadable):
        raise ProjectError(text.problem.message, text.problem.place, text.problem.help)
    return read_report(shown, text.text)
