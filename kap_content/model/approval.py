"""A signed decision on a claim: one line of `approvals.jsonl`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kap_content.model.place import Place


class Decision(StrEnum):
    """What a reviewer decided of a claim as it stood."""

    APPROVE = "approve"
    REJECT = "reject"
    REQUEST_CHANGES = "request_changes"


@dataclass(frozen=True, slots=True)
class Approval:
    """Who decided what on which fingerprint of a claim. `decision` is approve, reject or request_changes.

    `previous` chains the lines (see `kap_content.works.decisions`), `signature` is an armoured OpenSSH signature.
    `doubt` is no field of the line: it is why the decision does not count, found when it was read, in words that follow
    “it does not count: ”; empty where it counts.
    """

    claim: str
    fingerprint: str
    decision: str
    role: str
    reviewer: str
    on: date
    place: Place
    comment: str = ""
    previous: str = ""
    signature: str = ""
    doubt: str = ""

    @property
    def counts(self) -> bool:
        """Whether nothing speaks against it: its signature where one is required, the reviewer's role."""
        return not self.doubt
