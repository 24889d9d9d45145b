"""Running rules over a context: findings, sorted, with severities, ignores and suppressions applied. Pure."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from kap_content.checking.suppressions import BLANKET_PROOF, Suppressions
from kap_content.model.finding import Finding, Severity
from kap_content.model.page import BLANKET, Page
from kap_content.model.progress import Progress, heard, unheard
from kap_content.model.project import Context
from kap_content.model.settings import RuleSettings
from kap_content.rules._rule import Hit, Rule, Scope, all_rules


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


def check(
    context: Context,
    rules: Iterable[Rule] | None = None,
    progress: Progress = unheard,
    pages: tuple[Page, ...] | None = None,
) -> Outcome:
    """Run the rules that the settings select (or `rules`, all of them) and apply the settings to what they find.

    `progress` hears of each page that was checked. With `pages` the rules about single pages run over those only:
    what is found on other pages is then not all there is.
    """
    chosen = tuple(rules) if rules is not None else selected(all_rules(), context.settings.rules)
    suppressions = Suppressions(context)
    kept: list[Finding] = []
    held: list[Suppressed] = []
    for finding in _fingerprinted(_findings(context, chosen, progress, pages)):
        reason = suppressions.reason(finding)
        if reason is None:
            kept.append(finding)
        else:
            held.append(Suppressed(finding, reason))
    ran = frozenset(rule.code for rule in chosen)
    closing = (rule for rule in chosen if rule.scope is Scope.SUPPRESSIONS)
    for rule in closing:
        hits = rule.check(suppressions.unused(ran), context)
        kept.extend(_fingerprinted(_settled(rule, hit, context) for hit in hits))
    if context.settings.rules.per_file:
        kept = [finding for finding in kept if not _ignored_in_file(finding, context.settings.rules)]
    return Outcome(tuple(sorted(kept, key=_order)), tuple(sorted(held, key=lambda item: _order(item.finding))))


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


def _findings(
    context: Context, rules: tuple[Rule, ...], progress: Progress, pages: tuple[Page, ...] | None
) -> Iterator[Finding]:
    of_pages = [rule for rule in rules if rule.scope is Scope.PAGE]
    pages = context.project.pages if pages is None else pages
    for page in heard(pages, len(pages), progress):  # pages outside, so that what rules share of a page is made once
        for rule in of_pages:
            for hit in rule.check(page, context):
                yield _settled(rule, hit, context)
    for rule in rules:
        if rule.scope is Scope.PROJECT:
            for hit in rule.check(context):
                yield _settled(rule, hit, context)


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


def _fingerprinted(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Replace what a fingerprint is made from by the fingerprint; equal ones are told apart by their order."""
    seen: Counter[str] = Counter()
    for finding in findings:
        parts = (finding.code, finding.place.path, finding.claim, finding.reference, finding.fingerprint)
        base = "\x1f".join(parts)
        seen[base] += 1
        digest = hashlib.sha256(f"{base}\x1f{seen[base]}".encode("utf-8", "surrogatepass")).hexdigest()[:16]
        yield replace(finding, fingerprint=digest)


def _order(finding: Finding) -> tuple[str, int, int, str, str]:
    return (finding.place.path, finding.place.line, finding.place.column, finding.code, finding.message)
