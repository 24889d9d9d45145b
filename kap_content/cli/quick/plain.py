"""A plain `kap check` and the hook's `kap check --staged`, without loading the library that reads command lines.

They do what the command in `kap_content.cli.commands.publish` does for the few options that `unchanged` knows, and for
the hook's one; tests compare the two for each of them.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from kap_content.checking.whole import today
from kap_content.cli.actions.check import Limits
from kap_content.cli.actions.check import check as run
from kap_content.cli.given import Globals, RuleOptions
from kap_content.cli.quick.remember import Memory
from kap_content.cli.quick.unchanged import Question
from kap_content.cli.terminal.printing import Printer, Target
from kap_content.model.finding import Severity
from kap_content.report.formats import Format


def check(question: Question, memory: Memory) -> int:
    """Run the rules, print the report and return the exit code."""
    given = question.options
    options = Globals(
        project=Path(given["--project"]) if "--project" in given else None,
        quiet="--quiet" in given or "-q" in given,
        no_color="--no-color" in given,
        ground=memory.ground,
        memory=memory,
    )
    rules = RuleOptions(date.fromisoformat(question.as_of), fail_on=Severity(given.get("--fail-on", "error")))
    return run(options, rules, [], Printer((Target(Format(given.get("--format", "text")), None),), options))


def check_staged() -> int:
    """Check what is staged, print the report as text and return the exit code."""
    options = Globals()
    rules = RuleOptions(today())
    return run(options, rules, [], Printer((Target(Format.TEXT, None),), options), Limits(staged=True))
