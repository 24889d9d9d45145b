"""Recording a decision on a claim: a line of `approvals.jsonl`, and the status and next review in the claims file.

What becomes of `status`: an approval makes it `approved` once every role that the claim's category requires (with none
required: any) has approved the claim as it stands and nobody's refusal stands; until then a draft or an expired claim
becomes `in_review`, and an approved one stays. A refusal takes an approved claim back to `in_review`; all else stays.

Whoever decides at the same moment waits for the other. The line is written first: if the claims file cannot be changed
after that, the decision stands, the claim is not yet approved, and deciding again sets its status.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from kap_content.load.approvals import DECISIONS
from kap_content.load.doubts import authors_by_claim, reason_against
from kap_content.load.files import write_atomically
from kap_content.load.inside import APPROVALS
from kap_content.load.signatures import read_keys, reasons_against
from kap_content.model.approval import Approval, Decision
from kap_content.model.claim import Claim, Status
from kap_content.model.errors import KapError, ProjectError
from kap_content.model.place import Place
from kap_content.model.project import Context
from kap_content.model.settings import ReviewSettings
from kap_content.review.authors import git_authors
from kap_content.review.edits import FieldEdit, with_fields
from kap_content.review.ground import read_ground, stored_text
from kap_content.review.log_file import append_line, locked_log
from kap_content.review.signatures import Signer, signed
from kap_content.works.decisions import agreed, canonical, gravest, previous_of, standing
from kap_content.works.fingerprint import claim_fingerprint, fingerprint_changes


class Refused(KapError):  # noqa: N818 - it says what happened, as a reviewer would
    """The decision was not recorded: why, and what to do."""


@dataclass(frozen=True, slots=True)
class DecisionRequest:
    """What somebody wants to decide. `decision` is approve, reject or request_changes.

    `expected_fingerprint` is that of the claim as it was shown: where the claim changed since, nothing is recorded.
    `on` is today.
    """

    claim: str
    decision: str
    role: str
    reviewer: str
    on: date
    comment: str = ""
    expected_fingerprint: str = ""
    next_review_due: date | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """What was recorded: the line (it has a place), the claim's status now, the places written.

    `missing` are the roles that have yet to approve. `is_new` is false where the same was recorded before today.
    """

    approval: Approval
    status: Status
    written: tuple[Place, ...]
    missing: tuple[str, ...]
    is_new: bool = True


def decide(root: Path, request: DecisionRequest, signer: Signer | None = None) -> Decided:
    """Record a decision in the project at `root`; a `Refused`, or another `KapError`, where it cannot be."""
    with locked_log(root) as handle:
        ready = prepared(root, read_ground(root, request.on, request.claim), request, signer)
        text = stored_text(root, ready.claim.place.path)
        after = with_fields(text, ready.claim, ready.edits).text
        return set_status(root, ready, record_line(handle, ready), text, after)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A decision that may be recorded, and nothing of it written yet.

    `claim` is as it stands with what was judged of it, `edits` what becomes of its status and next review. With
    `is_new` false the log holds the decision already.
    """

    claim: Claim
    approval: Approval
    status: Status
    missing: tuple[str, ...]
    edits: tuple[FieldEdit, ...]
    is_new: bool


def prepared(
    root: Path, context: Context, request: DecisionRequest, signer: Signer | None, judged: Claim | None = None
) -> Prepared:
    """The decision, checked and signed; a `Refused`, or another `KapError`, where it may not be.

    `context` is as the files are; `judged` the claim with verdicts and certainty that are written beside the decision.
    """
    stored = _claim(context, request)
    claim = judged or stored
    now = claim_fingerprint(claim, context.references, context.project.records)
    _check(root, context, stored, request, now)
    approval = _approval(context, request, now)
    recorded = _recorded(context, approval)
    if recorded is None:
        approval = _signed(root, context, approval, signer)
    status, missing = status_after(context, claim, recorded or approval, now)
    edits = []
    if status is not claim.status:
        edits.append(FieldEdit(None, "status", claim.status, status))
    due = request.next_review_due
    if due is not None and due != claim.next_review_due:
        before = claim.next_review_due.isoformat() if claim.next_review_due else ""
        edits.append(FieldEdit(None, "next_review_due", before, due.isoformat()))
    return Prepared(claim, recorded or approval, status, missing, tuple(edits), recorded is None)


def record_line(handle: int, ready: Prepared) -> Approval:
    """Append a decision to the log that is held open, unless it stands there already; gives it with its place."""
    if not ready.is_new:
        return ready.approval
    line = told_line(ready.approval)
    number = append_line(handle, line)
    return replace(ready.approval, place=Place(APPROVALS, number, 1, number, len(line) + 1))


def set_status(root: Path, ready: Prepared, approval: Approval, before: str, after: str) -> Decided:
    """Write what a recorded decision makes of the claims file, which is `before`."""
    written = [approval.place] if ready.is_new else []
    if after != before:
        _write(root, ready.claim.place.path, before, after)
        written.append(ready.claim.where("status"))
    return Decided(approval, ready.status, tuple(written), ready.missing, is_new=ready.is_new)


def told_line(approval: Approval) -> str:
    """The decision as its line of the log, fields in the order in which people read them.

    What nobody can see, or what turns the direction of a line, is written as an escape.
    """
    fields = json.loads(canonical(approval))
    line = json.dumps({name: fields[name] for name in _ORDER if name in fields}, ensure_ascii=False)
    return line if line.isprintable() else "".join(one if one.isprintable() else json.dumps(one)[1:-1] for one in line)


_ORDER = ("claim", "fingerprint", "decision", "role", "reviewer", "on", "comment", "previous", "signature")


def status_after(context: Context, claim: Claim, approval: Approval, now: str) -> tuple[Status, tuple[str, ...]]:
    """The claim's status once this decision is in the log, and the roles that have yet to approve it as it stands."""
    held = {role: (gravest(decisions),) for role, decisions in _standing(context, claim).items()}
    held[approval.role] = (approval,)
    required = context.settings.review.roles_for(claim.category)
    missing = tuple(role for role in required if not agreed({role: held.get(role, ())}, (role,), now))
    if approval.decision != Decision.APPROVE:
        return (Status.IN_REVIEW if claim.status is Status.APPROVED else claim.status), missing
    if agreed(held, required, now):
        return Status.APPROVED, missing
    return (claim.status if claim.status is Status.APPROVED else Status.IN_REVIEW), missing


def _standing(context: Context, claim: Claim) -> Mapping[str, tuple[Approval, ...]]:
    return standing(context.project.approvals).get(claim.id, {})


def _claim(context: Context, request: DecisionRequest) -> Claim:
    from difflib import get_close_matches

    _whole(context)
    claim = context.claims.get(request.claim)
    if claim is None:
        near = get_close_matches(request.claim, context.claims, n=3)
        help_text = f"Did you mean {' or '.join(near)}?" if near else "`kap where ID` finds claims."
        raise Refused(f"there is no claim {request.claim}", help=help_text)
    if sum(other.id == claim.id for other in context.project.claims) > 1:
        raise Refused(f"claim {claim.id} is registered twice", claim.place, "Delete one of the two first.")
    for problem in context.project.problems:
        if problem.claim == claim.id:
            raise Refused(f"claim {claim.id} cannot be read whole: {problem.message}", problem.place, problem.help)
    return claim


def _check(root: Path, context: Context, claim: Claim, request: DecisionRequest, now: str) -> None:
    """Refuse what may not be recorded."""
    _check_words(request, context.settings.review)
    if request.expected_fingerprint:
        changes = fingerprint_changes(request.expected_fingerprint, now)
        if changes:
            message = f"claim {claim.id} changed while you looked at it: {'; '.join(changes)}"
            raise Refused(message, claim.place, "Look at it as it stands now, and decide again. Nothing was recorded.")
    latest = max(context.project.approvals, key=lambda approval: approval.on, default=None)
    if latest is not None and latest.is_ahead_of(request.on):
        message = f"the log has a decision of {latest.on}; one of {request.on} cannot follow it"
        help_text = "Decisions bear the day on which they are made. Which clock is wrong, this machine’s or that one’s?"
        raise Refused(message, latest.place, help_text)
    if request.decision == Decision.APPROVE:
        _check_approval(root, context, claim, request)
    reason = context.settings.review.reason_against(request.reviewer, request.role)
    if reason:
        raise Refused(reason, help="The roles of each reviewer stand in the settings, under [review.reviewers].")


def _check_words(request: DecisionRequest, review: ReviewSettings) -> None:
    """Refuse what makes no decision, whatever the project holds."""
    name = request.reviewer
    if request.decision not in DECISIONS:
        raise Refused(f"“{request.decision}” is no decision", help=f"Decide {', '.join(DECISIONS)}.")
    if request.role not in review.roles:
        raise Refused(f"“{request.role}” is no role", help=f"The roles are {', '.join(review.roles)}.")
    if not name.strip() or not name.isprintable() or name != name.strip():
        raise Refused("a decision needs the name of who decides", help="Give the name that signs, such as an address.")
    if any("\ud800" <= character <= "\udfff" for character in request.comment):
        raise Refused("the comment is no valid Unicode", help="Write it again.")
    if request.next_review_due is not None and request.next_review_due <= request.on:
        raise Refused(
            f"the next review, {request.next_review_due}, is not after {request.on}", help="Give a later day."
        )


def _check_approval(root: Path, context: Context, claim: Claim, request: DecisionRequest) -> None:
    if claim.status is Status.WITHDRAWN:
        help_text = "Set its status to draft first, if it is to come back."
        raise Refused(f"claim {claim.id} was withdrawn", claim.where("status"), help_text)
    review = context.settings.review
    if not review.author_may_not_approve:
        return
    names = review.names_of(request.reviewer)
    by_pages = authors_by_claim(context.project.pages).get(claim.id, frozenset())
    by_git = git_authors(root, [claim]).get(claim.id, frozenset())
    if names & by_pages:
        raise Refused(
            f"{request.reviewer} is the author of a page that shows claim {claim.id}, and may not approve it",
            help="Somebody else has to approve it.",
        )
    if names & by_git:
        raise Refused(
            f"{request.reviewer} wrote lines of claim {claim.id} (git blame), and may not approve it",
            claim.place,
            "Somebody else has to approve it.",
        )
    if not (by_pages or by_git):
        raise Refused(
            f"who wrote claim {claim.id} is not known: no page that shows it names an author, and git knows none",
            claim.place,
            "Name the author in the page’s head, or commit the claim.",
        )


def _approval(context: Context, request: DecisionRequest, now: str) -> Approval:
    return Approval(
        claim=request.claim,
        fingerprint=now,
        decision=request.decision,
        role=request.role,
        reviewer=request.reviewer,
        on=request.on,
        place=Place(APPROVALS),
        comment=request.comment.strip(),
        previous=previous_of(context.project.approvals),
    )


def _recorded(context: Context, approval: Approval) -> Approval | None:
    """The same decision of the same day, where it still stands: pressing a button twice decides once."""
    decisions = _standing(context, context.claims[approval.claim]).get(approval.role, ())
    if len(decisions) != 1:
        return None
    mine = replace(approval, place=decisions[0].place, previous=decisions[0].previous, signature=decisions[0].signature)
    return decisions[0] if mine == decisions[0] else None


def _signed(root: Path, context: Context, approval: Approval, signer: Signer | None) -> Approval:
    """The decision as it goes into the log: signed, and the signature verified, where it is or has to be."""
    review: ReviewSettings = context.settings.review
    if signer is None:
        if review.require_signatures:
            raise Refused(
                "decisions must be signed here, and no key was given",
                help="Name your OpenSSH key: --key ~/.ssh/id_ed25519. `require_signatures` is set.",
            )
        return approval
    if signer.principal != approval.reviewer:
        raise Refused(
            f"the key is of {signer.principal}, the decision of {approval.reviewer}", help="Sign as yourself."
        )
    approval = signed(approval, signer)
    if review.require_signatures or (root / review.allowed_signers).exists():
        reason = reasons_against([approval], read_keys(root, review)).get(approval, "")
        if reason:
            raise Refused(
                f"the signature does not count: {reason}",
                help=f"{review.allowed_signers} says who may sign, with which key.",
            )
    doubt = reason_against(approval, review, _NO_AUTHORS)
    if doubt:
        raise Refused(doubt)
    return approval


_NO_AUTHORS: Mapping[str, frozenset[str]] = {}


def settle(root: Path, today: date) -> tuple[Claim, ...]:
    """Set `status: approved` where all decisions are there but the status is not; those claims, as they were.

    Two branches that each add one role's approval leave a claim in review when they are merged: neither knew of the
    other. Only drafts and claims in review are touched.
    """
    with locked_log(root):
        context = read_ground(root, today)
        _whole(context)
        decided = standing(context.project.approvals)
        texts: dict[str, tuple[str, str]] = {}
        settled = []
        # From the last to the first, so that a line that is added moves none that is still to be changed.
        for claim in sorted(context.claims.values(), key=lambda claim: claim.place, reverse=True):
            if claim.status not in (Status.DRAFT, Status.IN_REVIEW) or claim.id not in decided:
                continue
            now = claim_fingerprint(claim, context.references, context.project.records)
            if agreed(decided[claim.id], context.settings.review.roles_for(claim.category), now):
                path = claim.place.path
                before, after = texts.get(path) or (stored_text(root, path),) * 2
                approved = FieldEdit(None, "status", claim.status, Status.APPROVED)
                texts[path] = before, with_fields(after, claim, [approved]).text
                settled.append(claim)
        for path, (before, after) in texts.items():
            _write(root, path, before, after)
        return tuple(reversed(settled))


def _whole(context: Context) -> None:
    """Refuse to go on from a log that is broken."""
    broken = [problem for problem in context.project.problems if problem.place.path == APPROVALS]
    if broken:
        raise Refused(
            f"nothing can be recorded while the log is broken: {broken[0].message}", broken[0].place, broken[0].help
        )


def _write(root: Path, path: str, before: str, after: str) -> None:
    """Write the claims file, unless somebody changed it this very moment."""
    recorded = f"The decision stands in {APPROVALS}; decide again to set the claim’s status."
    if stored_text(root, path) != before:
        raise ProjectError(f"{path} was changed by somebody else just now, and was left alone", help=recorded)
    try:
        write_atomically(root / path, after)
    except ProjectError as error:
        raise ProjectError(error.message, error.place, recorded) from error
