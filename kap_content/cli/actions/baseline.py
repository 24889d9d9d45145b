"""`kap baseline write` and `prune`, and what `kap check --baseline` hides."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from kap_content.checking.baseline import compare, gone, known_of
from kap_content.checking.engine import selected
from kap_content.cli.given import Globals, RuleOptions
from kap_content.cli.paths import seen_from
from kap_content.cli.session import Run, open_project, run_rules
from kap_content.load.baseline import NEVER, dump_baseline, parse_baseline
from kap_content.load.files import write_atomically
from kap_content.load.text import Unreadable, read_text
from kap_content.model.errors import ProjectError
from kap_content.model.known import Known
from kap_content.report.model import counted
from kap_content.rules._rule import all_rules

NAME = "kap-baseline.json"


def write(options: Globals, rules: RuleOptions, file: Path | None) -> int:
    """Write what is found now into the baseline. What it held before is kept as it was written, where still found."""
    run = run_rules(options, rules, [])
    target = file or run.root / NAME
    before = {entry.fingerprint: entry for entry in _read(target)} if target.exists() else {}
    # A message may hold a number of days: the entry as first written keeps the difference small.
    entries = [before.get(entry.fingerprint, entry) for entry in known_of(run.findings)]
    changed = write_atomically(target, dump_baseline(entries))
    options.say(f"{_shown(target)}: {counted(len(entries), 'finding')}" + ("" if changed else ", unchanged"))
    kept_out = [finding for finding in run.findings if finding.code in NEVER]
    if kept_out:
        codes = " and ".join(sorted({finding.code for finding in kept_out}))
        options.say(f"Not in it: {counted(len(kept_out), 'finding')} of {codes}, which no baseline hides.")
    return 0


def prune(options: Globals, rules: RuleOptions, file: Path | None) -> int:
    """Take the entries out of the baseline that nothing answers any more. Adds none."""
    root, _ = open_project(options)
    target = file or root / NAME
    entries = _read(target)
    run = run_rules(options, rules, [])
    fixed = set(gone(entries, run.outcome, _ran(run)))
    left = [entry for entry in entries if entry not in fixed]
    write_atomically(target, dump_baseline(left))
    options.say(f"{_shown(target)}: {counted(len(fixed), 'finding')} taken out, {len(left)} left")
    return 0


def without_known(run: Run, file: Path) -> Run:
    """The run without the findings that the baseline knows."""
    compared = compare(run.findings, _read(file), run.outcome, _ran(run))
    return replace(run, findings=compared.new, baseline=compared)


def _read(path: Path) -> tuple[Known, ...]:
    text = read_text(path, _shown(path))
    if isinstance(text, Unreadable):
        raise ProjectError(text.problem.message, text.problem.place, "Write one with `kap baseline write`.")
    return parse_baseline(_shown(path), text.text)


def _ran(run: Run) -> frozenset[str]:
    return frozenset(rule.code for rule in selected(all_rules(), run.context.settings.rules))


def _shown(path: Path) -> str:
    return seen_from(Path.cwd(), path.absolute())
