"""`kap where`, `kap rules`, `kap explain`: looking things up."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from kap_content.cli.given import Globals
from kap_content.cli.session import find_rule, open_project, shown_place
from kap_content.cli.terminal.streams import put
from kap_content.model.claim import Claim
from kap_content.model.errors import UsageError
from kap_content.model.project import Context
from kap_content.model.reference import Reference
from kap_content.report.text import visible
from kap_content.rules._rule import Rule, all_rules
from kap_content.works.decisions import standing


def where(options: Globals, name: str) -> int:
    """Print where a claim (by id), a reference (by key) or a DOI is registered and used."""
    from kap_content.checking.whole import today
    from kap_content.load.project import load_project
    from kap_content.works.doi import normalise_doi

    root, settings = open_project(options)
    context = Context.of(load_project(root, settings), today())
    doi = normalise_doi(name)
    found = [line for claim in context.project.claims if claim.id == name for line in _claim(claim, context, root)]
    for reference in context.project.references:
        if reference.key == name or (doi and normalise_doi(reference.get("doi")) == doi):
            found.extend(_reference(reference, context, root))
    if not found:
        raise UsageError(f"nothing here is called “{name}”", help=_nearest(name, context))
    put("".join(f"{visible(line)}\n" for line in found))
    return 0


def rules(selector: str, *, as_json: bool) -> int:
    """Print the rules that `selector` names, a line each."""
    chosen = [rule for rule in all_rules() if rule.answers_to(selector)]
    if not chosen:
        find_rule(selector)  # says what is near
    if as_json:
        put(json.dumps([_as_json(rule) for rule in chosen], ensure_ascii=False, indent=2) + "\n")
        return 0
    for rule in chosen:
        grave = f"{rule.severity}" + (f" ({rule.release} with --release)" if rule.release else "")
        put(f"{rule.code}  {rule.name:<28} {grave:<32} {_first_line(rule)}\n")
    return 0


def explain(name: str) -> int:
    """Print a rule's documentation."""
    rule = find_rule(name)
    documentation = rule.documentation
    raised = f", {rule.release} with --release" if rule.release else ""
    opt_in = ", only when selected" if rule.opt_in else ""
    english = ", on pages in English" if rule.english else ""
    put(f"{rule.code} {rule.name} ({rule.severity}{raised}{opt_in}{english})\n\n{documentation.summary}\n")
    put(f"\nWhy: {documentation.why}\n\nFix: {documentation.fix}\n")
    if documentation.example:
        put("\nExample:\n\n" + "".join(f"    {line}\n" for line in documentation.example.splitlines()))
    if rule.code.startswith(("DOI", "STS", "REF011")):
        put("\nIt can be suppressed on a page by its own code or name, never by a blanket ALL.\n")
    return 0


def _as_json(rule: Rule) -> dict[str, object]:
    return {
        "code": rule.code,
        "name": rule.name,
        "severity": str(rule.severity),
        "release": str(rule.release) if rule.release else None,
        "opt_in": rule.opt_in,
        "english": rule.english,
        "summary": rule.documentation.summary,
        "why": rule.documentation.why,
        "fix": rule.documentation.fix,
        "example": rule.documentation.example,
    }


def _first_line(rule: Rule) -> str:
    return rule.documentation.summary.partition("\n")[0]


def _claim(claim: Claim, context: Context, root: Path) -> Iterator[str]:
    status = f"{claim.status}, {claim.category or 'no category'}"
    yield f"claim {claim.id}  {shown_place(root, claim.place)}  ({status})"
    yield f"  “{claim.match_text}”"
    for use in context.uses.get(claim.id, ()):
        yield f"  on     {shown_place(root, use.mark.place)}"
    for decisions in standing(context.project.approvals).get(claim.id, {}).values():
        for decision in decisions:
            told = f"{decision.decision}  {decision.reviewer}, {decision.role}, {decision.on}"
            yield f"  {told}  {shown_place(root, decision.place)}"
    for item in claim.evidence:
        yield f"  cites  {item.ref}  {shown_place(root, item.place)}  ({item.relation}, {item.direction})"


def _reference(reference: Reference, context: Context, root: Path) -> Iterator[str]:
    yield f"reference {reference.key}  {shown_place(root, reference.place)}  {reference.get('title')}"
    record = context.record(reference.key)
    if record is None:
        yield "  registry: not asked yet (kap lock)"
    else:
        sources = ", ".join(f"{source.name} on {source.checked_on}" for source in record.sources)
        yield f"  registry: {record.state} ({sources})"
        for notice in record.notices:
            yield f"  notice: {notice.kind} {notice.doi} ({notice.source})"
    for claim in context.project.claims:
        if any(item.ref == reference.key for item in claim.evidence):
            yield f"  claim  {claim.id}  {shown_place(root, claim.place)}"
            for use in context.uses.get(claim.id, ()):
                yield f"    on     {shown_place(root, use.mark.place)}"
    for mention in context.mentions.get(reference.key, ()):
        yield f"  cited  {shown_place(root, mention.citation.place)}"


def _nearest(name: str, context: Context) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, [*context.claims, *context.references], n=3)
    return f"Did you mean {' or '.join(near)}?" if near else "Give a claim's id, a reference's key or a DOI."
