"""Why a decision does not count: its reviewer's role, its signature, an author who approves the own claim."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from kap_content.model.approval import Approval, Decision
from kap_content.model.finding import Problem
from kap_content.model.page import Page
from kap_content.model.settings import ReviewSettings, folded_name
from kap_content.works.decisions import verify_log


def with_doubts(
    approvals: tuple[Approval, ...], root: Path, review: ReviewSettings, pages: Iterable[Page]
) -> tuple[Approval, ...]:
    """The decisions, each with the reason for which it does not count, where there is one.

    Signatures are verified only where settings require them. Who wrote a claim is taken from the heads of the pages
    that show it; what git knows is asked when somebody decides.
    """
    if not (approvals and (review.reviewers or review.author_may_not_approve or review.require_signatures)):
        return approvals
    from kap_content.load.signatures import read_keys, reasons_against

    unsigned = reasons_against(approvals, read_keys(root, review)) if review.require_signatures else {}
    authors = authors_by_claim(pages) if review.author_may_not_approve else {}
    return tuple(
        replace(approval, doubt=doubt)
        if (doubt := unsigned.get(approval) or reason_against(approval, review, authors))
        else approval
        for approval in approvals
    )


def reason_against(approval: Approval, review: ReviewSettings, authors: Mapping[str, frozenset[str]]) -> str:
    """Why this decision does not count whether or not it is signed, in words; empty where it does."""
    if approval.decision == Decision.APPROVE and review.names_of(approval.reviewer) & authors.get(
        approval.claim, frozenset()
    ):
        return f"{approval.reviewer} is the author of a page that shows the claim"
    return review.reason_against(approval.reviewer, approval.role)


def authors_by_claim(pages: Iterable[Page]) -> dict[str, frozenset[str]]:
    """The authors (folded) that the heads of the pages name, by the claims that the pages show."""
    found: dict[str, frozenset[str]] = {}
    for page in pages:
        names = frozenset(folded_name(person.name) for person in page.meta.authors)
        for mark in page.marks if names else ():
            found[mark.claim] = found.get(mark.claim, frozenset()) | names
    return found


def chain_problems(approvals: tuple[Approval, ...]) -> tuple[Problem, ...]:
    """What was done to the log that must not be, as problems of its lines."""
    return tuple(
        Problem("CLM009", fault.place, f"the log of decisions is broken: {fault.message}", fault.help, fault.claim)
        for fault in verify_log(approvals)
    )
