"""`kap approve`, `kap reject`, `kap request-changes`, `kap judge`, `kap approvals settle`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kap_content.cli.given import Globals
from kap_content.cli.session import open_project, shown_place
from kap_content.cli.terminal.streams import put
from kap_content.model.claim import Certainty, Claim, Verdict
from kap_content.model.errors import KapError, UsageError
from kap_content.report.text import visible
from kap_content.review.decide import Decided, DecisionRequest
from kap_content.review.decide import decide as record
from kap_content.review.decide import settle as set_statuses
from kap_content.review.ground import Known, files_in, read_ground
from kap_content.review.judgement import Judgement
from kap_content.review.judgement import record as write_judgement
from kap_content.review.signatures import Signer
from kap_content.works.fingerprint import claim_fingerprint


@dataclass(frozen=True, slots=True)
class Wish:
    """What the command line asks to be decided of each claim."""

    decision: str
    role: str
    principal: str
    key: Path | None = None
    comment: str = ""
    next_review_due: date | None = None


def decide(options: Globals, claims: list[str], wish: Wish, today: date) -> int:
    """Record the decision for each claim. Exit code 2 where one was refused; the others are recorded all the same."""
    root, _ = open_project(options)
    signer = None
    if wish.key is not None:
        key = Path(os.path.expanduser(wish.key))  # noqa: PTH111 - a shell that passes `--key=~/…` leaves the ~
        signer = Signer(wish.principal, key, asks=sys.stdin is not None and sys.stdin.isatty())
    code = 0
    for claim in dict.fromkeys(claims):
        request = DecisionRequest(
            claim,
            wish.decision,
            wish.role,
            wish.principal,
            today,
            wish.comment,
            next_review_due=wish.next_review_due,
        )
        try:
            done = record(root, request, signer)
        except KapError as error:
            if len(claims) == 1:
                raise
            options.warn(error)
            code = 2
            continue
        put("".join(f"{visible(line)}\n" for line in _told(done, root)))
    return code


def judge(
    options: Globals,
    claim: str,
    reviewer: str,
    today: date,
    verdicts: list[str],
    certainty: Certainty | None,
    next_review_due: date | None,
) -> int:
    """Write what a reviewer judged of a claim into its file, without deciding on it."""
    root, settings = open_project(options)
    files = files_in(root, settings)
    context = read_ground(root, today, claim)
    found = context.claims.get(claim)
    if found is None:
        raise UsageError(f"there is no claim {claim}", help="`kap where ID` finds claims.")
    seen = claim_fingerprint(found, context.references, context.project.records)
    given = dict(_verdict(found, text) for text in verdicts)
    judgement = Judgement(claim, seen, given, certainty, next_review_due)
    edits = write_judgement(root, Known(context, files), judgement, reviewer, None, today).edits
    for edit in edits:
        of = f" ({found.evidence[edit.item].ref})" if edit.item is not None else ""
        put(visible(f"wrote  {claim} {edit.name}{of}: {edit.before or 'none'}, now {edit.after}") + "\n")
    if not edits:
        options.say("Nothing changed: the file says so already.")
    return 0


def _verdict(claim: Claim, text: str) -> tuple[int, Verdict]:
    """`glue2018=substantiated`, or `2=substantiated` for the second link: its index from 0, and the verdict."""
    key, equals, name = text.rpartition("=")
    if not equals:
        raise UsageError(f"--verdict {text}: it is KEY=VERDICT", help=f"The verdicts are {', '.join(Verdict)}.")
    if name not in tuple(Verdict):
        raise UsageError(f"--verdict {text}: “{name}” is no verdict", help=f"The verdicts are {', '.join(Verdict)}.")
    refs = [item.ref for item in claim.evidence]
    if refs.count(key) == 1:
        return refs.index(key), Verdict(name)
    if key.isascii() and key.isdecimal() and 0 < int(key) <= len(refs):
        return int(key) - 1, Verdict(name)
    why = (
        "cites it more than once: name the link by its number"
        if key in refs
        else f"cites {', '.join(refs) or 'nothing'}"
    )
    raise UsageError(f"--verdict {text}: claim {claim.id} {why}")


def settle(options: Globals, today: date) -> int:
    """Set the status of claims whose decisions are all there."""
    root, _ = open_project(options)
    settled = set_statuses(root, today)
    put("".join(visible(f"approved  {claim.id}  {shown_place(root, claim.place)}") + "\n" for claim in settled))
    if not settled:
        options.say("Nothing to settle: each status says what the decisions say.")
    return 0


_DONE = {"approve": "approved", "reject": "rejected", "request_changes": "changes asked for"}


def _told(done: Decided, root: Path) -> Iterator[str]:
    approval = done.approval
    how = "signed" if approval.signature else "not signed"
    if not done.is_new:
        how = f"recorded before, in line {approval.place.line}"
    yield f"{_DONE[approval.decision]}  {approval.claim} as {approval.role} by {approval.reviewer} ({how})"
    yield f"  status   {done.status}"
    if done.missing:
        yield f"  waits for {' and '.join(done.missing)} review"
    for place in done.written:
        yield f"  wrote    {shown_place(root, place)}"
