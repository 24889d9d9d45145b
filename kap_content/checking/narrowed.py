"""Which rules were kept from a page, by settings or by its language: what was not looked for is not clean."""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import cache

from kap_content.checking.engine import selected
from kap_content.language.tongue import is_english
from kap_content.model.page import Page
from kap_content.model.project import Context
from kap_content.model.settings import RuleSettings
from kap_content.rules._rule import Rule, all_rules


def rules_not_run(page: Page, context: Context) -> tuple[str, ...]:
    """The rules (`DSC002 no-risk-balance`) that usually run, and that the settings leave out, everywhere or here."""
    settings = context.settings.rules
    here = tuple(
        name for pattern, names in settings.per_file.items() if fnmatchcase(page.path, pattern) for name in names
    )
    return _left_out(settings.select, (*settings.ignore, *here))


def rules_in_english_only(page: Page, context: Context) -> tuple[str, ...]:
    """The rules (`WRD001 absolute`) that the settings leave in, and that do not read the language of this page."""
    if is_english(page):
        return ()
    left_out = rules_not_run(page, context)
    return tuple(name for rule in _usual() if rule.english and (name := _named(rule)) not in left_out)


def _named(rule: Rule) -> str:
    return f"{rule.code} {rule.name}"


def rule_count() -> int:
    """How many rules run where the settings say nothing."""
    return len(_usual())


@cache
def _usual() -> tuple[Rule, ...]:
    return selected(all_rules(), RuleSettings())


@cache
def _left_out(select: tuple[str, ...], ignore: tuple[str, ...]) -> tuple[str, ...]:
    run = {rule.code for rule in selected(all_rules(), RuleSettings(select, ignore))}
    return tuple(_named(rule) for rule in _usual() if rule.code not in run)
