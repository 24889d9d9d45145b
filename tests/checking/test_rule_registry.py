from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from kap_content.checking.engine import found_by
from kap_content.load.lexicon import read_lexicon
from kap_content.load.page.reader import parse_page
from kap_content.model.project import Context, Project
from kap_content.model.settings import Settings
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


def found_on(source: str, rule: Rule) -> list[str]:
    """What a rule says of a page that stands alone."""
    project = Project(Settings(), read_lexicon(Settings(), Path()), (parse_page("pages/a.md", source),))
    return [hit.message for hit in found_by(rule, Context.of(project, date(2026, 11, 22)))]


def test_rules_that_read_english_are_silent_on_other_pages_and_named_by_the_one_that_tells_of_them() -> None:
    german = "---\nlanguage: de\n---\n\nThe leading clinic. Ketamine always cures anxiety, and you will sleep.\n"
    rules = [rule for rule in all_rules() if rule.english]
    assert any(found_on(german.replace("language: de", "language: en"), rule) for rule in rules)
    assert not any(found_on(german, rule) for rule in rules)
    (teller,) = (rule for rule in all_rules() if rule.code == "CLM010")
    (told,) = found_on(german, teller)
    assert told.endswith("read English only, and did not judge it")
    assert named_in(told) == [rule.code for rule in rules]


def named_in(message: str) -> list[str]:
    """The codes that a message names, ranges ("WRD001 to WRD003") written out."""
    codes = [rule.code for rule in all_rules() if rule.english]
    found = []
    for first, last in re.findall(r"\b([A-Z]{3}\d{3})(?: to ([A-Z]{3}\d{3}))?", message):
        found += codes[codes.index(first) : codes.index(last or first) + 1]
    return found
