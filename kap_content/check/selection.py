"""Which rules a run was asked for, by code, name or prefix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kap_content.model.errors import SettingsError
from kap_content.model.settings import RuleSettings, Settings
from kap_content.rules._rule import all_rules


def with_rules(settings: Settings, select: Sequence[str] = (), ignore: Sequence[str] = ()) -> Settings:
    """The settings with a selection on top: `select` replaces theirs, `ignore` is added.

    Raises `SettingsError` where no rule answers to a name, with the nearest ones as help.
    """
    rules = settings.rules
    if select:
        rules = replace(rules, select=tuple(select))
    if ignore:
        rules = replace(rules, ignore=rules.ignore + tuple(ignore))
    refuse_unknown_rules(rules)
    return replace(settings, rules=rules)


def refuse_unknown_rules(rules: RuleSettings) -> None:
    """Raise `SettingsError` where the settings name a rule that there is not."""
    named = [
        *rules.select,
        *rules.ignore,
        *rules.severity,
        *(name for names in rules.per_file.values() for name in names),
    ]
    for selector in named:
        if not any(rule.answers_to(selector) for rule in all_rules()):
            raise SettingsError(f"no rule is called “{selector}”", help=nearest_rules(selector))


def nearest_rules(name: str) -> str:
    """What to say to somebody who named a rule that there is not."""
    from difflib import get_close_matches

    names = {rule.code.lower(): rule.code for rule in all_rules()} | {rule.name: rule.name for rule in all_rules()}
    near = [names[match] for match in get_close_matches(name.lower(), names, n=3)]
    return f"Did you mean {' or '.join(near)}?" if near else "kap rules lists them all."
