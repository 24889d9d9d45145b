"""Which rules a run was asked for, by code, name or prefix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kap_content.model.errors import SettingsError
from kap_content.model.settings import Settings
from kap_content.rules._rule import all_rules


def with_rules(settings: Settings, select: Sequence[str] = (), ignore: Sequence[str] = ()) -> Settings:
    """The settings with a selection on top: `select` replaces theirs, `ignore` is added.

    Raises `SettingsError` where no rule answers to a name, with the nearest ones as help.
    """
    for selector in (*select, *ignore):
        if not _is_known(selector):
            raise SettingsError(f"no rule is called “{selector}”", help=nearest_rules(selector))
    rules = settings.rules
    if select:
        rules = replace(rules, select=tuple(select))
    if ignore:
        rules = replace(rules, ignore=rules.ignore + tuple(ignore))
    return replace(settings, rules=rules)


def refuse_unknown_rules(settings: Settings) -> None:
    """Raise `SettingsError` at the place in the settings that names a rule which there is not."""
    rules = settings.rules
    named = {
        **{f"rules.select.{index}": name for index, name in enumerate(rules.select)},
        **{f"rules.ignore.{index}": name for index, name in enumerate(rules.ignore)},
        **{f"rules.severity.{name}": name for name in rules.severity},
        **{
            f"rules.per-file.{pattern}.{index}": name
            for pattern, names in rules.per_file.items()
            for index, name in enumerate(names)
        },
    }
    for where, selector in named.items():
        if not _is_known(selector):
            # A setting given as one string instead of a list has a place of its own only.
            place = settings.places.get(where) or settings.places.get(where.rpartition(".")[0])
            raise SettingsError(f"no rule is called “{selector}”", place, nearest_rules(selector))


def _is_known(selector: str) -> bool:
    return any(rule.answers_to(selector) for rule in all_rules())


def nearest_rules(name: str) -> str:
    """What to say to somebody who named a rule that there is not."""
    from difflib import get_close_matches

    names = {rule.code.lower(): rule.code for rule in all_rules()} | {rule.name: rule.name for rule in all_rules()}
    near = [names[match] for match in get_close_matches(name.lower(), names, n=3)]
    return f"Did you mean {' or '.join(near)}?" if near else "kap rules lists them all."
