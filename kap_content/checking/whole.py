"""Judging a project as a whole, for the Python interface."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from kap_content.checking.engine import Outcome
from kap_content.checking.engine import check as run
from kap_content.checking.selection import with_rules
from kap_content.model.project import Context, Project


def check_project(
    project: Project,
    *,
    as_of: date | None = None,
    release: bool = False,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
) -> Outcome:
    """Run the rules over `project` as of a day, today where none is given; uses no network.

    `release` is stricter, as `kap check --release` is. `select` replaces the settings' selection of rules (codes,
    names, prefixes), `ignore` is added to theirs. `Outcome.findings` are sorted by path, line, column and code;
    `Outcome.suppressed` is what comments on the pages hold back. Raises `SettingsError` where no rule is called so.
    """
    chosen = replace(project, settings=with_rules(project.settings, select, ignore))
    return run(Context.of(chosen, as_of or today(), release=release))


def today() -> date:
    """The day it is where the program runs."""
    return datetime.now().astimezone().date()
