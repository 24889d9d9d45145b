"""Decisions out of a sheet: what would be written, claim by claim, and what cannot be and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from kap_content.model.approval import Decision
from kap_content.model.claim import Certainty, Claim, Verdict
from kap_content.model.errors import KapError
from kap_content.model.project import Context
from kap_content.review.edits import FieldEdit
from kap_content.review.judgement import Judgement, edits_of
from kap_content.review.sheet import SheetRow
from kap_content.works.fingerprint import claim_fingerprint, fingerprint_changes

_OF_CLAIM = ("certainty", "next_review_due", "decision", "role", "comment")


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the rows of one claim ask for. `refusal` says why it cannot be done; then nothing of it is.

    `lines` are the rows of the sheet; `edits` the fields that would change, the decision aside.
    """

    claim: str
    lines: tuple[int, ...]
    judgement: Judgement | None = None
    edits: tuple[FieldEdit, ...] = ()
    refusal: str = ""

    @property
    def asks(self) -> bool:
        """Whether there is anything to write, or to say."""
        return bool(self.refusal or self.edits or (self.judgement and self.judgement.decision))


def proposals(rows: Iterable[SheetRow], context: Context, reviewer: str, role: str, on: date) -> tuple[Proposal, ...]:
    """What a sheet asks for, in its order; claims for which it asks nothing are left out.

    `role` is the reviewer's where the sheet gives none. Rows whose claim changed since the sheet was written are
    refused.
    """
    held: dict[str, list[SheetRow]] = {}
    for row in rows:
        held.setdefault(row.get("claim"), []).append(row)
    found = (_proposal(claim, tuple(own), context, reviewer, role, on) for claim, own in held.items())
    return tuple(proposal for proposal in found if proposal.asks)


class _Wrong(Exception):  # noqa: N818 - it becomes a refusal
    """Why the rows of a claim cannot be used."""


def _proposal(name: str, rows: tuple[SheetRow, ...], context: Context, reviewer: str, role: str, on: date) -> Proposal:
    lines = tuple(row.line for row in rows)
    claim = context.claims.get(name)
    if claim is None:
        return Proposal(name, lines, refusal="no such claim is registered any more" if name else "it names no claim")
    try:
        judgement = _judgement(claim, rows, role)
        asks = bool(judgement.decision or edits_of(claim, judgement, reviewer, on))
        if asks:
            _check_unchanged(claim, judgement.seen, context)
        return Proposal(name, lines, judgement, edits_of(claim, judgement, reviewer, on))
    except _Wrong as error:
        return Proposal(name, lines, refusal=str(error))
    except KapError as error:
        return Proposal(name, lines, refusal=error.message)


def _check_unchanged(claim: Claim, seen: str, context: Context) -> None:
    changes = fingerprint_changes(seen, claim_fingerprint(claim, context.references, context.project.records))
    if changes:
        raise _Wrong(f"the claim changed since the sheet was written: {'; '.join(changes)}")


def _judgement(claim: Claim, rows: Sequence[SheetRow], role: str) -> Judgement:
    """What the rows of one claim say. What stands once for the claim may be filled in on any of its rows."""
    given = {column: _one(rows, column, claim) for column in _OF_CLAIM}
    decision = given["decision"].lower().replace(" ", "_")
    if decision and decision not in list(Decision):
        raise _Wrong(f"“{given['decision']}” is no decision: write {', '.join(Decision)}")
    comment = given["comment"]
    if comment and not decision:
        raise _Wrong("a comment is kept with a decision, and the row gives none")
    if decision in (Decision.REJECT, Decision.REQUEST_CHANGES) and not comment:
        raise _Wrong("say in the comment what is wrong")
    due = _day(given["next_review_due"])
    return Judgement(
        claim=claim.id,
        seen=_one(rows, "seen", claim),
        verdicts=dict(_verdict(row, claim) for row in rows if row.get("verdict") and row.get("link")),
        certainty=_certainty(given["certainty"]),
        next_review_due=due if due != claim.next_review_due else None,
        decision=decision,
        role=given["role"] or role,
        comment=comment,
    )


def _one(rows: Sequence[SheetRow], column: str, claim: Claim) -> str:
    """The one text that the rows of a claim have in this column.

    A sheet is written with what is registered on each row: a single other text is what somebody filled in.
    """
    texts = list(dict.fromkeys(row.get(column) for row in rows if row.get(column)))
    if len(texts) > 1:
        registered = {
            "certainty": claim.certainty or "",
            "next_review_due": claim.next_review_due.isoformat() if claim.next_review_due else "",
        }.get(column, "")
        texts = [text for text in texts if text != registered]
    if len(texts) > 1:
        raise _Wrong(f"its rows say different things under {column}: “{texts[0]}” and “{texts[1]}”")
    return texts[0] if texts else ""


def _verdict(row: SheetRow, claim: Claim) -> tuple[int, Verdict]:
    text = row.get("verdict").lower().replace(" ", "_")
    if text not in list(Verdict):
        raise _Wrong(f"“{row.get('verdict')}” is no verdict (row {row.line}): write {', '.join(Verdict)}")
    link = row.get("link")
    number = int(link) - 1 if link.isascii() and link.isdecimal() and len(link) < 6 else -1  # noqa: PLR2004 - digits
    if not 0 <= number < len(claim.evidence):
        raise _Wrong(f"the claim has no link number “{link}” (row {row.line})")
    if row.get("reference") and row.get("reference") != claim.evidence[number].ref:
        raise _Wrong(
            f"link {link} is to {claim.evidence[number].ref} now, not to {row.get('reference')} (row {row.line})"
        )
    return number, Verdict(text)


def _certainty(text: str) -> Certainty | None:
    name = text.lower().replace(" ", "_")
    if name and name not in list(Certainty):
        raise _Wrong(f"“{text}” is no certainty: write {', '.join(Certainty)}")
    return Certainty(name) if name else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise _Wrong(f"“{text}” is no day: write it as 2028-11-22") from None
