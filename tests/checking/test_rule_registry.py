from __future__ import annotations

import re

import pytest

from kap_content.rules._rule import Rule, all_rules

FAMILIES = {"CLM", "REF", "DOI", "STS", "EVD", "CUR", "WRD", "DSC", "SUP"}


def test_codes_and_names_are_unique() -> None:
    for values in ([rule.code for rule in all_rules()], [rule.name for rule in all_rules()]):
        assert len(values) == len(set(values))


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
def test_a_rule_stands_in_the_module_named_after_it(rule: Rule) -> None:
    expected = f"kap_content.rules.{rule.family.lower()}.{rule.code.lower()}_{rule.name.replace('-', '_')}"
    assert rule.check.__module__ == expected
    assert rule.family in FAMILIES
    assert re.fullmatch(r"[A-Z]{3}\d{3}", rule.code)
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.name)


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
def test_a_rules_docstring_says_what_why_how_to_mend_and_an_example(rule: Rule) -> None:
    documentation = rule.documentation
    assert documentation.summary
    assert documentation.why
    assert documentation.fix
    assert documentation.example
