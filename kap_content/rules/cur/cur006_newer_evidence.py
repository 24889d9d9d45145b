"""CUR006: a systematic review on the claim's topic has appeared since the claim was last looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from kap_content.language.topics import Topic, last_review, topic_of
from kap_content.model.claim import Claim
from kap_content.model.finding import Related, Severity
from kap_content.model.lock import Review
from kap_content.model.project import Context, Index
from kap_content.rules._rule import Hit, claim_rule
from kap_content.works.doi import normalise_doi
from kap_content.works.identifiers import pmid_of

_SHOWN = 3
_LISTED = 6


@claim_rule("CUR006", "newer-evidence", Severity.NOTE, opt_in=True)
def newer_evidence(claim: Claim, context: Context) -> Iterator[Hit]:
    """A systematic review on a claim's topic has appeared since the claim was last reviewed.

    Runs only where it is selected (`--select CUR006`, or `select` in the settings), and reads what `kap lock --newer`
    asked PubMed: one query a topic, a topic being the claim's intervention in its condition, as far as the tables of
    subjects know them. The last review is the latest of `checked_on` of its evidence, `last_reviewed` of the pages that
    show it, and its decisions in approvals.jsonl; without any of them, or where PubMed was never asked, nothing is
    said. Reviews that the bibliography already has are left out.

    Each topic is told once a page, at the claim whose last review is the longest ago; the page's other claims that wait
    for the same reviews are named with it.

    Why: a newer review may weaken or strengthen what the page says. The search is broad, so it is only a note.

    Fix: read the review. Add it to the evidence, or record that the claims still stand by reviewing them again.

    Example:
        [Anxiety fell after ketamine.]{claim=KET-1}     # last_reviewed: 2024-05-01

        since the last review of claim KET-1 (2024-05-01) PubMed has 1 systematic review of ketamine in
        anxiety disorders: PMID 40000001, “Ketamine for anxiety: a meta-analysis” (2025)
    """
    topic = topic_of(claim, context)
    day = last_review(claim, context) if topic is not None else None
    if topic is None or day is None or context.claims.get(claim.id) is not claim:
        return
    others = context.index(_told_at).get(claim.id)
    if others is None:
        return
    newer = _newer(topic, day, context)
    count = f"{len(newer)} systematic reviews" if len(newer) > 1 else "1 systematic review"
    shown = "; ".join(_named(review) for review in newer[:_SHOWN])
    more = f"; and {len(newer) - _SHOWN} more" if len(newer) > _SHOWN else ""
    waiting = f"; {_listed(others)} {'waits' if len(others) == 1 else 'wait'} for the same" if others else ""
    yield Hit(
        claim.place,
        f"since the last review of claim {claim.id} ({day}) PubMed has {count} of {topic.name}: {shown}{more}{waiting}",
        help=f"Read it (https://pubmed.ncbi.nlm.nih.gov/{newer[0].pmid}/), then cite it or review the "
        f"{'claims' if others else 'claim'} again.",
        claim=claim.id,
        related=(
            Related(claim.where("match_text"), "the claim"),
            *context.shows(claim.id),
            *(
                Related(context.claims[name].where("match_text"), f"claim {name}, last reviewed {since}")
                for name, since in others
            ),
        ),
        about=f"newer {topic.name} {newer[0].pmid}",
    )


def _listed(others: tuple[tuple[str, date], ...]) -> str:
    names = [name for name, _ in others]
    if len(names) > _LISTED:
        return f"claims {', '.join(names[:_LISTED])} and {len(names) - _LISTED} more"
    listed = " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
    return f"claim {listed}" if len(names) == 1 else f"claims {listed}"


def _named(review: Review) -> str:
    year = review.year or f"{review.entered.year}"
    return f"PMID {review.pmid}, “{review.title}” ({year})" if review.title else f"PMID {review.pmid} ({year})"


def _newer(topic: Topic, day: date, context: Context) -> list[Review]:
    """The reviews of a topic that PubMed took up after `day` and the bibliography does not have."""
    answer = context.project.topics.get(topic.name)
    registered = context.index(_registered)
    return [
        review
        for review in (answer.reviews if answer is not None else ())
        if day < review.entered <= context.as_of and review.pmid not in registered and review.doi not in registered
    ]


@Index
def _told_at(context: Context) -> Mapping[str, tuple[tuple[str, date], ...]]:
    """By claim at which a topic is told: the other claims of its pages that wait for the same, with their last reviews.

    Claims that stand on no page are taken together as if they stood on one.
    """
    waiting: dict[tuple[str, str], list[tuple[date, str]]] = {}
    for claim in context.claims.values():
        topic, day = topic_of(claim, context), last_review(claim, context)
        if topic is not None and day is not None and _newer(topic, day, context):
            for page in {use.page.path for use in context.uses.get(claim.id, ())} or {""}:
                waiting.setdefault((page, topic.name), []).append((day, claim.id))
    told: dict[str, dict[str, date]] = {}
    for found in waiting.values():
        first = min(found, key=lambda item: item[0])  # of equals the first in the file
        told.setdefault(first[1], {}).update({name: day for day, name in found if name != first[1]})
    return {name: tuple(others.items()) for name, others in told.items()}


@Index
def _registered(context: Context) -> Mapping[str, bool]:
    """The PMIDs and DOIs of all entries and their records."""
    found = {pmid_of(reference) for reference in context.project.references}
    found |= {normalise_doi(reference.get("doi")) for reference in context.project.references}
    for record in context.project.records.values():
        found |= {record.pmid, normalise_doi(record.asked), normalise_doi(record.answered)}
    return dict.fromkeys(found - {""}, True)
