"""What a form of the desk says, read into values; and the other way round, what was typed into one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from kap_content.model.claim import Certainty, Claim, Verdict
from kap_content.review.judgement import Judgement

LONGEST = 20_000
"""Characters of a comment."""
DECISIONS = ("approve", "request_changes", "reject", "")
_VERDICT = "verdict-"


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the fields of a claim's form, as text, and what is wrong with it by field."""

    verdicts: Mapping[int, str] = field(default_factory=dict)
    certainty: str = ""
    next_review_due: str = ""
    comment: str = ""
    role: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


def as_registered(claim: Claim, role: str) -> Typed:
    """The form of a claim that nobody has filled in yet."""
    return Typed(
        {number: item.verdict or "" for number, item in enumerate(claim.evidence)},
        claim.certainty or "",
        claim.next_review_due.isoformat() if claim.next_review_due else "",
        "",
        role,
    )


def typed_in(form: Mapping[str, str], *, errors: Mapping[str, str] | None = None) -> Typed:
    """What a request's form holds, as it was typed."""
    verdicts = {
        int(name.removeprefix(_VERDICT)): text
        for name, text in form.items()
        if name.startswith(_VERDICT) and name.removeprefix(_VERDICT).isdecimal() and len(name) < len(_VERDICT) + 6
    }
    return Typed(
        verdicts,
        form.get("certainty", ""),
        form.get("next_review_due", "").strip(),
        form.get("comment", "").replace("\r\n", "\n"),
        form.get("role", ""),
        errors or {},
    )


def carried_over(typed: Typed, shown: Claim, now: Claim) -> Typed:
    """What was typed over one state of a claim, for the form of another: fields that nobody touched say what is now."""
    old, new = as_registered(shown, typed.role), as_registered(now, typed.role)
    same_links = [item.ref for item in shown.evidence] == [item.ref for item in now.evidence]
    verdicts = {
        number: typed.verdicts[number] if same_links and _is_touched(number, typed, old) else text
        for number, text in new.verdicts.items()
    }
    return replace(
        typed,
        verdicts=verdicts,
        certainty=typed.certainty if typed.certainty != old.certainty else new.certainty,
        next_review_due=typed.next_review_due if typed.next_review_due != old.next_review_due else new.next_review_due,
    )


def _is_touched(number: int, typed: Typed, old: Typed) -> bool:
    return number in typed.verdicts and typed.verdicts[number] != old.verdicts.get(number, "")


def judgement_of(form: Mapping[str, str], shown: Claim | None) -> tuple[Judgement, dict[str, str]]:
    """The judgement that a form states, and what is wrong by field.

    `shown` is the claim as the form showed it: a field that still says the same was not touched by the reviewer, and is
    left alone, so that what a colleague registered meanwhile stays.
    """
    typed, errors = typed_in(form), dict[str, str]()
    verdicts: dict[int, Verdict] = {}
    for number, text in typed.verdicts.items():
        if not text or (shown and number < len(shown.evidence) and text == (shown.evidence[number].verdict or "")):
            continue
        if text in list(Verdict):
            verdicts[number] = Verdict(text)
        else:
            errors[f"{_VERDICT}{number}"] = "Choose one of the verdicts."
    certainty = None
    if typed.certainty and not (shown and typed.certainty == (shown.certainty or "")):
        if typed.certainty in list(Certainty):
            certainty = Certainty(typed.certainty)
        else:
            errors["certainty"] = "Choose one of the grades."
    due = None
    registered = shown.next_review_due.isoformat() if shown and shown.next_review_due else ""
    if typed.next_review_due and typed.next_review_due != registered:
        try:
            due = date.fromisoformat(typed.next_review_due)
        except ValueError:
            errors["next_review_due"] = "Write the day as 2028-11-22."
    if len(typed.comment) > LONGEST:
        errors["comment"] = f"Write no more than {LONGEST:,} characters; these are {len(typed.comment):,}."
    decision = form.get("decision", "")
    if decision not in DECISIONS:
        errors["decision"] = "Press Approve, Request changes, Reject, or Save without deciding."
    return (
        Judgement(
            claim=form.get("claim", ""),
            seen=form.get("seen", ""),
            verdicts=verdicts,
            certainty=certainty,
            next_review_due=due,
            decision=decision if decision in DECISIONS else "",
            role=typed.role,
            comment=typed.comment,
        ),
        errors,
    )
