"""What a rule is: a code, a name, a severity, and one generator of hits whose docstring is its documentation.

A rule module holds one function under `@page_rule`, `@claim_rule`, `@reference_rule`, `@record_rule` or
`@problem_rule`: it is run on each page, claim, entry, or thing that could not be read. Its docstring begins with what
the rule flags and goes on with the paragraphs `Why:`, `Fix:` and `Example:` (an indented block); `kap explain`, the
rules page and SARIF help are made of it. The function yields `Hit`s; code, name and severity are added here, so that a
rule cannot mistype them. Adding a rule is adding its module and its folder of cases.
"""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, wraps
from importlib import import_module

from kap_content.language.tongue import is_english
from kap_content.model.claim import Claim
from kap_content.model.finding import Problem, Related, Severity
from kap_content.model.page import Page, Suppression
from kap_content.model.place import Place
from kap_content.model.project import Context
from kap_content.model.record import Record
from kap_content.model.reference import Reference
from kap_content.startup.regex import regex


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing a rule found. `severity` departs from the rule's own only where its docs say so.

    `about` is the text that the fingerprint is made from; give it where the message holds what may change
    though the fault is the same (a date, a count); without it the message counts.
    """

    place: Place
    message: str
    help: str = ""
    claim: str = ""
    reference: str = ""
    related: tuple[Related, ...] = ()
    severity: Severity | None = None
    about: str = ""


class Scope(StrEnum):
    """What a rule is run on."""

    PAGE = "page"
    CLAIM = "claim"
    REFERENCE = "reference"
    PROBLEM = "problem"
    SUPPRESSIONS = "suppressions"


PageCheck = Callable[[Page, Context], Iterator[Hit]]
ClaimCheck = Callable[[Claim, Context], Iterator[Hit]]
ReferenceCheck = Callable[[Reference, Context], Iterator[Hit]]
RecordCheck = Callable[[Reference, Record, Context], Iterator[Hit]]
ProblemCheck = Callable[[Problem, Context], Iterator[Hit]]
SuppressionCheck = Callable[[tuple[Suppression, ...], Context], Iterator[Hit]]


@dataclass(frozen=True, slots=True)
class Documentation:
    """A rule's docstring, taken apart. Texts are Markdown."""

    summary: str
    why: str
    fix: str
    example: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `release` is the severity that release mode raises it to; `opt_in` rules run only when selected.

    `on_pages` is what a rule about claims finds on pages themselves. `english` rules judge English words: they are
    silent on pages in another language, of which CLM010 tells.
    """

    code: str
    name: str
    severity: Severity
    scope: Scope
    check: Callable[..., Iterator[Hit]]
    release: Severity | None
    opt_in: bool
    on_pages: PageCheck | None = None
    english: bool = False

    @property
    def documentation(self) -> Documentation:
        """The docstring of the check, taken apart."""
        import inspect

        return _documentation(inspect.getdoc(self.check) or "")

    @property
    def family(self) -> str:
        """The letters of the code."""
        return self.code[:_FAMILY]

    def answers_to(self, selector: str) -> bool:
        """Whether `selector` names this rule: its code, its name, a prefix of its code, or ALL."""
        return selector.upper() == "ALL" or selector.lower() == self.name or is_prefix(selector, self.code)


_FAMILY = 3
"""Letters of a family; fewer name nothing."""


def is_prefix(selector: str, code: str) -> bool:
    """Whether `selector` is the code or a family or decade of it (`EVD`, `EVD00`)."""
    return len(selector) >= _FAMILY and code.startswith(selector.upper())


def page_rule(
    code: str,
    name: str,
    severity: Severity,
    *,
    release: Severity | None = None,
    opt_in: bool = False,
    english: bool = False,
) -> Callable[[PageCheck], Rule]:
    """Make a rule of a generator that looks at one page at a time; with `english` only at pages in English."""

    def rule(check: PageCheck) -> Rule:
        chosen = _of_english_pages(check) if english else check
        return Rule(code, name, severity, Scope.PAGE, chosen, release, opt_in, english=english)

    return rule


def _of_english_pages(check: PageCheck) -> PageCheck:
    @wraps(check)
    def where_english(page: Page, context: Context) -> Iterator[Hit]:
        if is_english(page):
            yield from check(page, context)

    return where_english


def claim_rule(
    code: str,
    name: str,
    severity: Severity,
    *,
    release: Severity | None = None,
    opt_in: bool = False,
    on_pages: PageCheck | None = None,
) -> Callable[[ClaimCheck], Rule]:
    """Make a rule of a generator that looks at one claim at a time; of claims with the same id at each."""
    return lambda check: Rule(code, name, severity, Scope.CLAIM, check, release, opt_in, on_pages)


def reference_rule(
    code: str, name: str, severity: Severity, *, release: Severity | None = None
) -> Callable[[ReferenceCheck], Rule]:
    """Make a rule of a generator that looks at one entry at a time; of a repeated key at the first."""
    return lambda check: Rule(code, name, severity, Scope.REFERENCE, check, release, opt_in=False)


def record_rule(code: str, name: str, severity: Severity) -> Callable[[RecordCheck], Rule]:
    """Make a rule of a generator that looks at one entry and the registries' record of it; without one it is silent."""

    def rule(check: RecordCheck) -> Rule:
        @wraps(check)
        def with_record(reference: Reference, context: Context) -> Iterator[Hit]:
            record = context.record(reference.key)
            if record is not None:
                yield from check(reference, record, context)

        return Rule(code, name, severity, Scope.REFERENCE, with_record, None, opt_in=False)

    return rule


def problem_rule(code: str, name: str, severity: Severity) -> Callable[[ProblemCheck], Rule]:
    """Make a rule of a generator that looks at one thing that could not be read: those whose problem bears its code."""

    def rule(check: ProblemCheck) -> Rule:
        @wraps(check)
        def of_its_code(problem: Problem, context: Context) -> Iterator[Hit]:
            if problem.code == code:
                yield from check(problem, context)

        return Rule(code, name, severity, Scope.PROBLEM, of_its_code, None, opt_in=False)

    return rule


_NUMBER = regex(r"\b(line|number) \d+")
"""Lines and bytes that a message names: they move while the fault stays."""


def hit_of(problem: Problem) -> Hit:
    """What a loader could not read, as something found."""
    return Hit(
        problem.place,
        problem.message,
        help=problem.help,
        claim=problem.claim,
        reference=problem.reference,
        related=problem.related,
        about=_NUMBER.sub(r"\1", problem.message),
    )


def suppression_rule(code: str, name: str, severity: Severity) -> Callable[[SuppressionCheck], Rule]:
    """Make a rule of a generator that is given the suppressions which suppressed nothing."""
    return lambda check: Rule(code, name, severity, Scope.SUPPRESSIONS, check, None, opt_in=False)


_SECTION = regex(r"^(Why|Fix|Example):[ \t]*", re.MULTILINE)


def _documentation(text: str) -> Documentation:
    import inspect

    summary, *rest = _SECTION.split(text)
    sections = dict(zip(rest[::2], rest[1::2], strict=True))
    return Documentation(
        summary=summary.strip(),
        why=sections.get("Why", "").strip(),
        fix=sections.get("Fix", "").strip(),
        example=inspect.cleandoc(sections.get("Example", "")).strip("\n"),
    )


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule of the package, found by listing its modules, sorted by code."""
    import kap_content.rules as package

    found = [
        value
        for module in pkgutil.walk_packages(package.__path__, package.__name__ + ".")
        if not module.ispkg and not module.name.rpartition(".")[2].startswith("_")
        for value in vars(import_module(module.name)).values()
        if isinstance(value, Rule)
    ]
    return tuple(sorted(found, key=lambda rule: rule.code))
