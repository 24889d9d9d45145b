"""Running rules over a context: findings, sorted, with severities, ignores and suppressions applied. Pure."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from kap_content.checking.suppressions import BLANKET_PROOF, Suppressions
from kap_content.model.finding import Finding, Problem, Severity
from kap_content.model.page import BLANKET, Page
from kap_content.model.place import Place
from kap_content.model.progress import Progress, heard, unheard
from kap_content.model.project import Context
from kap_content.model.settings import RuleSettings
from kap_content.rules._rule import Hit, PageCheck, Rule, Scope, all_rules


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A finding that a suppression comment holds back, and the comment's reason."""

    finding: Finding
    reason: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run of the rules gave: findings in the order of path, line, column and code."""

    findings: tuple[Finding, ...]
    suppressed: tuple[Suppressed, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule found on the page, claim or entry of this name (its path, id or key), or of problems in the file."""

    scope: Scope
    name: str
    rule: Rule
    hit: Hit


Hear = Callable[[Found], object]


def unheard_of(_found: Found) -> None:
    """Nobody listens."""


@dataclass(frozen=True, slots=True)
class Part:
    """What was found over some of the pages: the whole of a project is the `joined` parts of it.

    `idle` is what would be said of the suppressions on these pages that held back nothing in this part; those of other
    pages that held back something are at the places `used`. `idle` findings bear the text of their fingerprint, since
    equal ones are told apart only among those that are left in the end.
    """

    findings: tuple[Finding, ...]
    suppressed: tuple[Suppressed, ...] = ()
    idle: tuple[Finding, ...] = ()
    used: frozenset[Place] = frozenset()


def check(
    context: Context,
    rules: Iterable[Rule] | None = None,
    progress: Progress = unheard,
    pages: tuple[Page, ...] | None = None,
    *,
    hear: Hear = unheard_of,
) -> Outcome:
    """Run the rules that the settings select (or `rules`, all of them) and apply the settings to what they find.

    `progress` hears of each page that was checked, `hear` of all that is found, settings aside. With `pages` the rules
    about single pages run over those only: what is found on other pages is then not all there is.
    """
    return joined([check_part(context, rules, progress, pages, hear=hear)])


def check_part(
    context: Context,
    rules: Iterable[Rule] | None = None,
    progress: Progress = unheard,
    pages: tuple[Page, ...] | None = None,
    *,
    whole: bool = True,
    hear: Hear = unheard_of,
) -> Part:
    """Run the rules about single pages over `pages` (all, where none are given).

    Only with `whole` do the rules about claims, entries and problems run; they want a context of all pages.
    The others look at nothing but their page, claims, references and records: the context may lack all other pages.
    """
    chosen = tuple(rules) if rules is not None else selected(all_rules(), context.settings.rules)
    pages = context.project.pages if pages is None else pages
    found = _found(context, chosen, heard(pages, len(pages), progress), whole=whole)
    own = frozenset(page.path for page in pages)
    return part_of(_told(found, hear), chosen, context, Suppressions.of(context), own)


def part_of(
    found: Iterable[Found], rules: tuple[Rule, ...], context: Context, suppressions: Suppressions, own: frozenset[str]
) -> Part:
    """What becomes of all that `rules` found over the pages `own` under the settings and the suppressions."""
    kept: list[Finding] = []
    held: list[Suppressed] = []
    for finding in fingerprinted(_settled(item.rule, item.hit, context) for item in found):
        reason = suppressions.reason(finding)
        if reason is None:
            kept.append(finding)
        else:
            held.append(Suppressed(finding, reason))
    unused = tuple(
        item for item in suppressions.unused(frozenset(rule.code for rule in rules)) if item.place.path in own
    )
    idle = [
        _settled(rule, hit, context)
        for rule in rules
        if rule.scope is Scope.SUPPRESSIONS
        for hit in rule.check(unused, context)
    ]
    if context.settings.rules.per_file:
        kept, idle = (
            [finding for finding in either if not _ignored_in_file(finding, context.settings.rules)]
            for either in (kept, idle)
        )
    used = frozenset(item.place for item in suppressions.used() if item.place.path not in own)
    return Part(tuple(kept), tuple(held), tuple(idle), used)


def _told(found: Iterable[Found], hear: Hear) -> Iterator[Found]:
    for item in found:
        hear(item)
        yield item


def joined(parts: Iterable[Part]) -> Outcome:
    """What the parts found together, as if all pages had been checked at once."""
    parts = tuple(parts)
    used = frozenset[Place]().union(*(part.used for part in parts))
    idle = (finding for part in parts for finding in part.idle if finding.place not in used)
    kept = [*(finding for part in parts for finding in part.findings), *fingerprinted(idle)]
    held = [item for part in parts for item in part.suppressed]
    return Outcome(tuple(sorted(kept, key=order)), tuple(sorted(held, key=lambda item: order(item.finding))))


def selected(rules: Iterable[Rule], settings: RuleSettings) -> tuple[Rule, ...]:
    """The rules that run under these settings. An opt-in rule must be selected by more than `ALL`."""
    return tuple(
        rule for rule in rules if _is_selected(rule, settings.select) and not _is_ignored(rule, settings.ignore)
    )


def _is_selected(rule: Rule, select: tuple[str, ...]) -> bool:
    named = [selector for selector in select if rule.answers_to(selector)]
    if rule.opt_in:
        return any(selector.upper() != BLANKET for selector in named)
    return bool(named) or not select


def _is_ignored(rule: Rule, ignore: Iterable[str]) -> bool:
    protected = rule.code.startswith(BLANKET_PROOF)
    return any(rule.answers_to(selector) and not (protected and selector.upper() == BLANKET) for selector in ignore)


def _ignored_in_file(finding: Finding, settings: RuleSettings) -> bool:
    rule = next(rule for rule in all_rules() if rule.code == finding.code)
    return any(
        fnmatchcase(finding.place.path, pattern) and _is_ignored(rule, names)
        for pattern, names in settings.per_file.items()
    )


def found_by(rule: Rule, context: Context) -> Iterator[Hit]:
    """What one rule finds in a whole project."""
    return (found.hit for found in _found(context, (rule,), context.project.pages, whole=True))


def page_check(rule: Rule) -> PageCheck | None:
    """What the rule does on each page; None where it looks at none."""
    return rule.check if rule.scope is Scope.PAGE else rule.on_pages


def _found(context: Context, rules: tuple[Rule, ...], pages: Iterable[Page], *, whole: bool) -> Iterator[Found]:
    of_pages = [(rule, check) for rule in rules if (check := page_check(rule)) is not None]
    of_claims, of_references, of_problems = (
        [rule for rule in rules if whole and rule.scope is scope]
        for scope in (Scope.CLAIM, Scope.REFERENCE, Scope.PROBLEM)
    )
    # What is looked at outside, its rules inside, so that what rules share of a page is made once.
    for page in pages if of_pages else ():
        for rule, check in of_pages:
            yield from (Found(Scope.PAGE, page.path, rule, hit) for hit in check(page, context))
    for claim in context.project.claims if of_claims else ():
        for rule in of_claims:
            yield from (Found(Scope.CLAIM, claim.id, rule, hit) for hit in rule.check(claim, context))
    for reference in context.references.values() if of_references else ():
        for rule in of_references:
            yield from (Found(Scope.REFERENCE, reference.key, rule, hit) for hit in rule.check(reference, context))
    for problem in _problems(context) if of_problems else ():
        for rule in of_problems:
            yield from (Found(Scope.PROBLEM, problem.place.path, rule, hit) for hit in rule.check(problem, context))


def _problems(context: Context) -> Iterator[Problem]:
    """What could not be read, of the data and of pages."""
    yield from context.project.problems
    yield from (problem for page in context.project.pages for problem in page.problems)


def _settled(rule: Rule, hit: Hit, context: Context) -> Finding:
    return Finding(
        code=rule.code,
        name=rule.name,
        severity=_severity(rule, hit, context),
        place=hit.place,
        message=hit.message,
        help=hit.help,
        claim=hit.claim,
        reference=hit.reference,
        related=hit.related,
        fingerprint=hit.about or hit.message,
    )


def _severity(rule: Rule, hit: Hit, context: Context) -> Severity:
    severity = hit.severity or rule.severity
    overrides = context.settings.rules.severity
    chosen = overrides.get(rule.code) or overrides.get(rule.name)
    if chosen is not None:
        return chosen
    if context.release and rule.release is not None and severity is rule.severity:
        return rule.release
    return severity


def fingerprinted(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Replace what a fingerprint is made from by the fingerprint; equal ones are told apart by their order."""
    seen: Counter[str] = Counter()
    for finding in findings:
        parts = (finding.code, finding.place.path, finding.claim, finding.reference, finding.fingerprint)
        base = "\x1f".join(parts)
        seen[base] += 1
        digest = hashlib.sha256(f"{base}\x1f{seen[base]}".encode("utf-8", "surrogatepass")).hexdigest()[:16]
        yield replace(finding, fingerprint=digest)


def order(finding: Finding) -> tuple[str, int, int, str, str]:
    """What findings are sorted by."""
    return (finding.place.path, finding.place.line, finding.place.column, finding.code, finding.message)
