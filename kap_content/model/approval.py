"""A signed decision on a claim: one line of `approvals.jsonl`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from kap_content.model.place import Place

TIME_ZONES = timedelta(days=1)
"""Reviewers live in different time zones: by so much a decision may bear a later day than where it is looked at, or
seem older than the one that it follows."""


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
        """Whether nothing speaks against it: its signature where one is required, the reviewer's role, its day."""
        return not self.doubt

    def is_ahead_of(self, today: date) -> bool:
        """Whether it bears a day that is yet to come, wherever it was decided."""
        return self.on - today > TIME_ZONES

    def as_of(self, today: date) -> Approval:
        """The decision as it counts on a day: one of a day to come does not yet."""
        if self.doubt or not self.is_ahead_of(today):
            return self
        return replace(self, doubt=f"it is dated {self.on}, and today is {today}")
