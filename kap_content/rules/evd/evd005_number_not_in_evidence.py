"""EVD005: a number of a claim stands nowhere in its evidence."""

from __future__ import annotations

from collections.abc import Iterator

from kap_content.language.figure_numbers import unsupported
from kap_content.language.quantity import Difference, Doubt, Quantity, Unmatched, compare, read
from kap_content.language.sources import TITLE, EvidenceText, evidence_texts
from kap_content.model.claim import Category, Claim
from kap_content.model.figure_data import FigureData
from kap_content.model.finding import Related, Severity
from kap_content.model.page import Page
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, claim_rule
from kap_content.works.uses import entry_of, evidence_by_reference, figure_data_by_page

_LISTED = 6
_NONE = "none"
_WHY = {
    Difference.NUMBER: "",
    Difference.NONE: "",
    Difference.UNIT: ": the unit differs",
    Difference.COMPARATOR: ": one is a bound, or bounds the other way",
    Difference.DIRECTION: ": the direction differs",
    Difference.MEASURE: ": something else is counted or measured",
}


_BUT = {
    Doubt.REACH: "; it may follow from others there",
    Doubt.REST: "; it may be the rest of a whole there",
    Doubt.EASY: "; it may follow from others there, or round them",
    Doubt.NEAR: ", which it may round boldly",
    Doubt.TURNED: "; the numbers stand there, in a sentence that tells of the other direction",
    Doubt.ELSEWHERE: "; the number stands there, as something else",
    Doubt.WRITTEN: "; the number stands there, perhaps as something else",
    Doubt.READING: "; one of them may not have been read in full",
}


def _on_page(page: Page, context: Context) -> Iterator[Hit]:
    for data in context.index(figure_data_by_page).get(page.path, ()) if page.figures else ():
        yield from _of_figure(data, context)


def _of_figure(data: FigureData, context: Context) -> Iterator[Hit]:
    """The numbers of a figure that states claims, against their evidence and all that is noted of the same sources."""
    stated = [context.claims[name] for name in data.figure.claims if name in context.claims]
    keys = {*data.figure.keys, *(item.ref for claim in stated for item in claim.supporting)}
    noted = context.index(evidence_by_reference)
    noting = {claim.id: claim for key in sorted(keys) for claim, _ in noted.get(key, ())}
    texts = [text for claim in noting.values() for text in evidence_texts(claim, context) if text.item.ref in keys]
    worded = {text.item.ref for text in texts if text.part != TITLE}
    if not stated or keys - worded:
        return  # a source whose words are not at hand may hold them
    for row, column in unsupported(data.table, [text.text for text in texts]):
        name = row.text("label") or row.text("x")
        numbers = _numbers([text for text in texts if text.item.ref in worded])
        yield Hit(
            row.place,
            f"“{row.text(column)}” ({column}, {name}) in the data of a figure of claim {stated[0].id} is not in its "
            f"evidence; its numbers are {numbers}",
            help="Correct the number, or add the passage that states it to the evidence.",
            claim=stated[0].id,
            reference=min(keys),
            related=(
                Related(data.figure.place, "the figure"),
                *_stated(stated[0], context),
                *entry_of(min(keys), context),
            ),
            about=f"figure {name} {column} {row.text(column)}",
        )


@claim_rule("EVD005", "number-not-in-evidence", Severity.ERROR, on_pages=_on_page)
def number_not_in_evidence(claim: Claim, context: Context) -> Iterator[Hit]:
    """A number of a claim is in none of its evidence, nor follows from it.

    The claim's quantities are compared with those of the quotes, findings, titles and abstracts of the supporting
    evidence, as quantities: "1 in 5" meets 19.1 %, "10 of 12" meets 83 %, "one week" meets 7 days; 20 mg does not meet
    20 g, nor p = 0.04 meet p < 0.04. What follows by simple reckoning counts: the rest of a whole, a sum, a difference,
    twelve sessions of "twice a week for 6 weeks"; so does whatever the numbers of one sentence make up, where a slipped
    figure would not have come out as well.

    It is an error where the evidence contradicts the number (the same thing with another number, unit, bound or
    direction) or states no number at all. It is a warning where the number is rather wrong than right, but only a
    reader can tell: two numbers of a sentence make it up, but would have made up others too; it is approximate, and
    within a quarter of what the evidence has; the same number stands there, as something else or with a bound that only
    one side has; no number of its kind stands there. It is a note where nothing can be told: no number of its kind
    stands there, but some in which the same may be said, or it is in loose words ("a third", "two days"); it is what is
    left of a whole there, and the claim may say the opposite in other words; it is a time or a small count that others
    there make up or come near to, which they do by chance; a unit or a time may not have been read in full; it is small
    and does not say what it counts.

    The data file of a figure that states a claim is held against the same, and against what is noted of the same
    sources elsewhere. Nothing is said where the evidence holds no text but a title (REF009 says that).

    Why: a slipped figure is the error that readers act on.

    Fix: correct the number, or add the passage that states it to the evidence (`finding`, or `anchor: exact`).

    Example:
        match_text: Anxiety ratings fell by 70 % within an hour.
        evidence:
          - ref: glue2018
            finding: ratings about 50 % lower one hour after dosing

        “70 %” of claim KET-MAINT-01 is not in its evidence; the nearest there is “about 50 %” (glue2018, finding)
    """
    if claim.category is Category.SERVICE or not claim.supporting or context.is_retired(claim):
        return
    if not any(character.isalnum() for character in claim.match_text) or not read(claim.match_text):
        return
    texts = list(evidence_texts(claim, context))
    if not any(text.part != TITLE for text in texts):
        return
    silent = {item.ref for item in claim.supporting} - {text.item.ref for text in texts if text.part != TITLE}
    for unmatched in compare(claim.match_text, [text.text for text in texts]):
        if silent and unmatched.nearest is None:
            continue  # a source whose words are not at hand may hold it
        yield _hit(claim, unmatched, texts, context)


def _stated(claim: Claim, context: Context) -> Iterator[Related]:
    for item in claim.supporting:
        said = item.finding or item.anchor.exact
        reference = context.references.get(item.ref)
        if said or reference is None:
            yield Related(item.where("finding"), f"{item.ref}: {said or 'no finding is noted'}")
        else:
            yield Related(reference.place, f"{item.ref}, of which the abstract was read: “{reference.get('title')}”")


def _hit(claim: Claim, unmatched: Unmatched, texts: list[EvidenceText], context: Context) -> Hit:
    quantity, nearest = unmatched.quantity, unmatched.nearest
    unclear = unmatched.doubt is not Doubt.NONE
    if nearest is not None:
        source = texts[unmatched.source]
        rest = f"; the nearest there is “{nearest.text}” ({source.item.ref}, {source.part}){_WHY[unmatched.difference]}"
    else:
        source = texts[0]
        listed = _numbers(texts)
        rest = f"; its numbers are {listed}" if listed != _NONE else ", which states no number"
    rest += _BUT.get(unmatched.doubt, "")
    stated = tuple(_stated(claim, context))
    places = {one.place for one in stated}
    return Hit(
        claim.where("match_text"),
        f"“{quantity.text}” of claim {claim.id} is not in its evidence{rest}",
        help="If it follows from numbers of the evidence, say how in the evidence (`finding`); otherwise correct it."
        if unclear
        else "Correct the number, or add the passage that states it to the evidence (`finding`, or `anchor: exact`).",
        claim=claim.id,
        reference=source.item.ref,
        related=(
            *stated,
            *(entry for entry in entry_of(source.item.ref, context) if entry.place not in places),
            *context.shows(claim.id),
        ),
        severity=_severity(unmatched.doubt),
        about=f"number {quantity.text}",
    )


def _severity(doubt: Doubt) -> Severity | None:
    """None for the rule's own."""
    if doubt is Doubt.NONE:
        return None
    return Severity.WARNING if doubt.is_likely_wrong else Severity.NOTE


def _numbers(texts: list[EvidenceText]) -> str:
    found = dict.fromkeys(_shown(quantity) for text in texts if text.part != TITLE for quantity in read(text.text))
    if not found:
        return _NONE
    shown = [f"“{text}”" for text in list(found)[:_LISTED]]
    return ", ".join(shown) + (" and others" if len(found) > _LISTED else "")


def _shown(quantity: Quantity) -> str:
    return quantity.text.strip()
