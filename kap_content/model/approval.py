"""A signed decision on a claim: one line of `approvals.jsonl`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kap_content.model.place import Place


@dataclass(frozen=True, slots=True)
class Approval:
    """Who decided what on which fingerprint of a claim. `decision` is approve, reject or request_changes."""

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
