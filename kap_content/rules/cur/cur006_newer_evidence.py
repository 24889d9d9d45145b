"""CUR006: a systematic review on the claim's topic has appeared since the claim was last looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kap_content.language.topics import last_review, topic_of
from kap_content.model.claim import Claim
from kap_content.model.finding import Related, Severity
from kap_content.model.lock import Review
from kap_content.model.project import Context, Index
from kap_content.rules._rule import Hit, claim_rule
from kap_content.works.doi import normalise_doi
from kap_content.works.identifiers import pmid_of

_SHOWN = 3


@claim_rule("CUR006", "newer-evidence", Severity.NOTE, opt_in=True)
def newer_evidence(claim: Claim, context: Context) -> Iterator[Hit]:
    """A systematic review on a claim's topic has appeared since the claim was last reviewed.

    Runs only where it is selected (`--select CUR006`, or `select` in the settings), and reads what `kap lock --newer`
    asked PubMed: one query a topic, a topic being the claim's intervention in its condition, as far as the tables of
    subjects know them. The last review is the latest of `checked_on` of its evidence, `last_reviewed` of the pages that
    show it, and its decisions in approvals.jsonl; without any of them, or where PubMed was never asked, nothing is
    said. Reviews that the bibliography already has are left out.

    Why: a newer review may weaken or strengthen what the page says. The search is broad, so it is only a note.

    Fix: read the review. Add it to the evidence, or record that the claim still stands by reviewing it again.

    Example:
        [Anxiety fell after ketamine.]{claim=KET-1}     # last_reviewed: 2024-05-01

        since the last review of claim KET-1 (2024-05-01) PubMed has 1 systematic review of ketamine in
        anxiety disorders: PMID 40000001, “Ketamine for anxiety: a meta-analysis” (2025)
    """
    topic, day = topic_of(claim, context), last_review(claim, context)
    answer = context.project.topics.get(topic.name) if topic is not None else None
    if topic is None or day is None or answer is None:
        return
    registered = context.index(_registered)
    newer = [
        review
        for review in answer.reviews
        if day < review.entered <= context.as_of and review.pmid not in registered and review.doi not in registered
    ]
    if newer:
        yield _hit(claim, topic.name, f"{day}", newer, context)


def _hit(claim: Claim, topic: str, day: str, newer: list[Review], context: Context) -> Hit:
    count = f"{len(newer)} systematic reviews" if len(newer) > 1 else "1 systematic review"
    shown = "; ".join(_named(review) for review in newer[:_SHOWN])
    more = f"; and {len(newer) - _SHOWN} more" if len(newer) > _SHOWN else ""
    return Hit(
        claim.place,
        f"since the last review of claim {claim.id} ({day}) PubMed has {count} of {topic}: {shown}{more}",
        help=f"Read it (https://pubmed.ncbi.nlm.nih.gov/{newer[0].pmid}/), then cite it or review the claim again.",
        claim=claim.id,
        related=(Related(claim.where("match_text"), "the claim"), *context.shows(claim.id)),
        about=f"newer {topic} {newer[0].pmid}",
    )


def _named(review: Review) -> str:
    year = review.year or f"{review.entered.year}"
    return f"PMID {review.pmid}, “{review.title}” ({year})" if review.title else f"PMID {review.pmid} ({year})"


@Index
def _registered(context: Context) -> Mapping[str, bool]:
    """The PMIDs and DOIs of all entries and their records."""
    found = {pmid_of(reference) for reference in context.project.references}
    found |= {normalise_doi(reference.get("doi")) for reference in context.project.references}
    for record in context.project.records.values():
        found |= {record.pmid, normalise_doi(record.asked), normalise_doi(record.answered)}
    return dict.fromkeys(found - {""}, True)
