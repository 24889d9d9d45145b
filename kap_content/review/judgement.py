"""What a reviewer filled in about one claim, written into the project: verdicts, certainty, next review, a decision.

Verdicts and certainty are part of what is decided on, so they are written first, and the decision is made on the claim
as it then stands. Where the decision is refused, the claims file gets its text back: all is written, or nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from kap_content.load.approvals import APPROVALS
from kap_content.load.claims import parse_claims
from kap_content.load.files import write_atomically
from kap_content.model.claim import Certainty, Claim, Verdict
from kap_content.model.errors import KapError, ProjectError
from kap_content.model.project import Context
from kap_content.review.decide import Decided, DecisionRequest, decide
from kap_content.review.edits import with_claim_field, with_evidence_field
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
class FieldEdit:
    """A field of claims.yaml that is to change: of the link `item`, or of the claim itself where that is None."""

    item: int | None
    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Judged:
    """What was written: the fields that changed, and the decision where there was one."""

    edits: tuple[FieldEdit, ...]
    decided: Decided | None


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
    root: Path, context: Context, judgement: Judgement, reviewer: str, signer: Signer | None, on: date
) -> Judged:
    """Write a judgement into the project, whose files are as `context` has them.

    `ChangedMeanwhile` where the claim is not what the reviewer saw; another `KapError` where it cannot or may not be
    written. In both cases nothing was.
    """
    claim = context.claims.get(judgement.claim)
    if claim is None:
        raise KapError(f"there is no claim {judgement.claim} any more", help="Somebody took it out, or renamed it.")
    now = claim_fingerprint(claim, context.references, context.project.records)
    changes = fingerprint_changes(judgement.seen, now)
    if changes:
        raise ChangedMeanwhile(claim.id, changes)
    _check(judgement, on)
    edits = edits_of(claim, judgement, reviewer, on)
    before, log = _stored(root, claim.place.path), _log(root)
    after = edited(before, claim.id, edits)
    if after != before:
        now = _fingerprint(claim, after, context)
        if _stored(root, claim.place.path) != before:
            raise KapError(
                f"{claim.place.path} was changed by somebody else just now", help="Nothing was written; try again."
            )
        write_atomically(root / claim.place.path, after)
    if not judgement.decision:
        return Judged(edits, None)
    try:
        decided = decide(
            root,
            DecisionRequest(
                claim=claim.id,
                decision=judgement.decision,
                role=judgement.role,
                reviewer=reviewer,
                on=on,
                comment=judgement.comment,
                expected_fingerprint=now,
                next_review_due=judgement.next_review_due,
            ),
            signer,
        )
    except KapError:
        if after != before and _log(root) == log and _stored(root, claim.place.path) == after:
            write_atomically(root / claim.place.path, before)
        raise
    return Judged(edits, decided)


def edited(source: str, claim: str, edits: tuple[FieldEdit, ...]) -> str:
    """The text of a claims file with these fields of a claim changed, all else as it was."""
    for edit in edits:
        if edit.item is None:
            source = with_claim_field(source, claim, edit.name, edit.after)
        else:
            source = with_evidence_field(source, claim, edit.item, edit.name, edit.after)
    return source


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


def _fingerprint(claim: Claim, source: str, context: Context) -> str:
    """The claim's fingerprint in the changed text."""
    claims, _ = parse_claims(claim.place.path, source.replace("\r\n", "\n").removeprefix("\ufeff"))
    changed = next(item for item in claims if item.id == claim.id)
    return claim_fingerprint(changed, context.references, context.project.records)


def _stored(root: Path, path: str) -> str:
    """A file as stored, line ends and byte order mark included."""
    try:
        return (root / path).read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ProjectError(f"{path} cannot be read: {error}") from error


def _log(root: Path) -> int:
    """How long the log of decisions is: it only ever grows."""
    try:
        return (root / APPROVALS).stat().st_size
    except OSError:
        return 0
