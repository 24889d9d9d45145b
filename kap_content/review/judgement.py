"""What a reviewer filled in about one claim, written into the project: verdicts, certainty, next review, a decision.

Everything is checked, and the decision signed, before anything is written. Verdicts and certainty are part of what is
decided on, so they are written first, then the line of the log, then the claim's status.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from kap_content.load.files import write_atomically
from kap_content.load.inside import APPROVALS
from kap_content.model.approval import Approval
from kap_content.model.claim import Certainty, Claim, Verdict
from kap_content.model.errors import KapError
from kap_content.model.project import Context
from kap_content.review.decide import Decided, DecisionRequest, Prepared, prepared, record_line, set_status
from kap_content.review.edits import Edited, FieldEdit, with_fields
from kap_content.review.ground import Known, files_in, read_ground, stored_text, with_claim, with_decision
from kap_content.review.log_file import locked_log
from kap_content.review.signatures import Signer
from kap_content.works.fingerprint import claim_fingerprint, fingerprint_changes


class ChangedMeanwhile(KapError):  # noqa: N818 - it says what happened, as a reviewer would
    """The claim is no longer what the reviewer saw. `changes` says what changed, in words."""

    def __init__(self, claim: str, changes: tuple[str, ...]) -> None:
        super().__init__(
            f"claim {claim} changed while you looked at it: {'; '.join(changes)}",
            help="Nothing was written. Look at it as it stands now, and decide again.",
        )
        self.changes = changes


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was filled in. `seen` is the fingerprint of the claim as it was shown.

    `verdicts` are by the number of the link in the file, from 0; what is not given stays. `decision` is approve,
    reject, request_changes, or empty to decide nothing yet; then a comment has no place to be kept.
    """

    claim: str
    seen: str
    verdicts: Mapping[int, Verdict] = field(default_factory=dict)
    certainty: Certainty | None = None
    next_review_due: date | None = None
    decision: str = ""
    role: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """What was written: the fields that changed, and the decision where there was one.

    `known` is the project as it is now; None where its files were not as they were known, and have to be read again.
    """

    edits: tuple[FieldEdit, ...]
    decided: Decided | None
    known: Known | None


def edits_of(claim: Claim, judgement: Judgement, reviewer: str, on: date) -> tuple[FieldEdit, ...]:
    """The fields that a judgement changes. A verdict given anew brings the reviewer's name and the day."""
    edits: list[FieldEdit] = []
    for number, verdict in sorted(judgement.verdicts.items()):
        if not 0 <= number < len(claim.evidence):
            raise KapError(f"claim {claim.id} has no piece of evidence number {number + 1}")
        item = claim.evidence[number]
        if item.verdict is verdict:
            continue
        edits.append(FieldEdit(number, "verdict", item.verdict or "", verdict))
        edits.append(FieldEdit(number, "checked_by", item.checked_by, reviewer))
        day = item.checked_on.isoformat() if item.checked_on else ""
        edits.append(FieldEdit(number, "checked_on", day, on.isoformat()))
    if judgement.certainty is not None and judgement.certainty is not claim.certainty:
        edits.append(FieldEdit(None, "certainty", claim.certainty or "", judgement.certainty))
    due = judgement.next_review_due
    if due is not None and due != claim.next_review_due and not judgement.decision:
        before = claim.next_review_due.isoformat() if claim.next_review_due else ""
        edits.append(FieldEdit(None, "next_review_due", before, due.isoformat()))
    return tuple(edit for edit in edits if edit.before != edit.after)


def record(
    root: Path, known: Known | None, judgement: Judgement, reviewer: str, signer: Signer | None, on: date
) -> Judged:
    """Write a judgement into the project. Its files are read first, where they are not `known` as they are.

    `ChangedMeanwhile` where the claim is not what the reviewer saw; another `KapError` where it cannot or may not be
    written. In both cases nothing was.
    """
    with locked_log(root) as handle:
        is_known = known is not None and known.still_holds(root)
        context = known.context if known is not None and is_known else read_ground(root, on, judgement.claim)
        weighed = _weighed(root, context, judgement, reviewer, signer, on)
        claim, done, decided = weighed.claim, weighed.judged, None
        _write(root, claim, weighed.before, weighed.judged.text)
        context = with_claim(context, done.claim, done.growth)
        if weighed.ready is not None:
            ready = weighed.ready
            done = with_fields(weighed.judged.text, weighed.judged.claim, ready.edits)
            approval = _recorded(root, handle, ready, weighed.judged.text, weighed.before)
            decided = set_status(root, ready, approval, weighed.judged.text, done.text)
            context = with_claim(context, done.claim, done.growth)
            context = with_decision(context, approval) if ready.is_new else context
        if known is None or not is_known:
            return Judged(weighed.edits, decided, None)
        return Judged(weighed.edits, decided, _known(root, known, context, claim.place.path, done.text))


def rehearse(
    root: Path, context: Context, judgement: Judgement, reviewer: str, signer: Signer | None, on: date
) -> None:
    """Say by a `KapError` what `record` would say, and write nothing."""
    _weighed(root, context, judgement, reviewer, signer, on)


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A judgement that may be written: the claim's file `before`, and with what was judged; then the decision."""

    claim: Claim
    edits: tuple[FieldEdit, ...]
    before: str
    judged: Edited
    ready: Prepared | None


def _weighed(
    root: Path, context: Context, judgement: Judgement, reviewer: str, signer: Signer | None, on: date
) -> _Weighed:
    """The judgement, checked; its decision is signed. Nothing is written."""
    claim = context.claims.get(judgement.claim)
    if claim is None:
        raise KapError(f"there is no claim {judgement.claim} any more", help="Somebody took it out, or renamed it.")
    now = claim_fingerprint(claim, context.references, context.project.records)
    changes = fingerprint_changes(judgement.seen, now)
    if changes:
        raise ChangedMeanwhile(claim.id, changes)
    _check(judgement, on)
    edits = edits_of(claim, judgement, reviewer, on)
    before = stored_text(root, claim.place.path)
    judged = with_fields(before, claim, edits)
    if not judgement.decision:
        return _Weighed(claim, edits, before, judged, None)
    ready = prepared(root, context, _request(judgement, reviewer, on), signer, judged.claim)
    return _Weighed(claim, edits, before, judged, ready)


def _known(root: Path, before: Known, context: Context, path: str, text: str) -> Known | None:
    """The project as it was just written; None where somebody wrote into it at the same moment."""
    now = Known(context, files_in(root, context.settings))
    is_ours = now.files.unlike(before.files) <= {path, APPROVALS} and stored_text(root, path) == text
    return now if is_ours else None


def _request(judgement: Judgement, reviewer: str, on: date) -> DecisionRequest:
    return DecisionRequest(
        claim=judgement.claim,
        decision=judgement.decision,
        role=judgement.role,
        reviewer=reviewer,
        on=on,
        comment=judgement.comment,
        next_review_due=judgement.next_review_due,
    )


def _recorded(root: Path, handle: int, ready: Prepared, judged: str, before: str) -> Approval:
    """Record a decision; where that fails, the claims file gets back its text from before it was judged."""
    try:
        return record_line(handle, ready)
    except KapError:
        _write(root, ready.claim, judged, before)
        raise


def _write(root: Path, claim: Claim, before: str, after: str) -> None:
    """Write the claims file, unless somebody changed it this very moment."""
    path = claim.place.path
    if after == before:
        return
    if stored_text(root, path) != before:
        raise KapError(f"{path} was changed by somebody else just now", help="Nothing was written; try again.")
    write_atomically(root / path, after)


def _check(judgement: Judgement, on: date) -> None:
    if judgement.decision in ("reject", "request_changes") and not judgement.comment.strip():
        raise KapError(
            "say what is wrong, in the comment", help="Whoever mends the claim has only your words to go by."
        )
    if judgement.comment.strip() and not judgement.decision:
        raise KapError(
            "a comment is kept with a decision, and none was made",
            help="Ask for changes with it, or approve with it; or take the comment out to keep only the verdicts.",
        )
    if judgement.next_review_due is not None and judgement.next_review_due <= on:
        raise KapError(f"the next review, {judgement.next_review_due}, is not after today", help="Give a later day.")
