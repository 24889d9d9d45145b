"""CLM001: a clinical sentence that nothing stands for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from kap_content.language.clinical import ClinicalSentence, Form, clinical_sentences, is_signpost
from kap_content.language.code_spans import without_code
from kap_content.language.nearest_claim import nearest_claim
from kap_content.language.phrases import holds
from kap_content.language.prose import is_medical
from kap_content.language.worthiness import Worthiness
from kap_content.model.claim import Claim
from kap_content.model.finding import Related, Severity
from kap_content.model.page import Page
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, page_rule
from kap_content.startup.regex import regex


@page_rule("CLM001", "unregistered-claim", Severity.WARNING, release=Severity.ERROR)
def unregistered_claim(page: Page, context: Context) -> Iterator[Hit]:
    """A clinical sentence has no claim, no citation and no nonclaim mark.

    A sentence that gives numbers, speaks of benefit, harm, comparison, mechanism or cause, or says what a regulator
    decided, is a warning. Any other statement in a section about illness or treatment is a note. Headings, questions,
    requests, stems before a list, the reader's own words in quotation marks, code, opening hours, addresses, standing
    disclaimers and what a page says of itself are no claims; nor is what it says of appointments, payment, the house or
    its people (the list `service-topics`), unless something medical is said beside it. A citation covers its own
    sentence; a table row counts as one, and a source in the table's head or caption covers all rows.

    Why: a statement that is not registered is one that nobody checked and nobody will check again.

    Fix: register the sentence as a claim and mark it, cite the source directly behind it, or mark it
    `{.nonclaim reason="..."}` and say why it needs no source.

    Example:
        Anxiety ratings fell by about half within an hour.

        is reported; `[Anxiety ratings fell by about half within an hour.]{claim=KET-MAINT-01}` is not.
    """
    sentences = clinical_sentences(page)
    open_ones = [sentence for sentence in sentences if not sentence.is_covered]
    if not open_ones:
        return
    worthiness = Worthiness.of(context.lexicon)
    sections = _clinical_sections(page, sentences, worthiness)
    alternatives = _alternative_texts(page)
    medical = is_medical(page, context.lexicon)
    for sentence in open_ones:
        if sentence.form in {Form.STEM, Form.REQUEST} or sentence.block in alternatives:
            continue
        if any(sentence.place.holds(problem.place) for problem in page.problems):
            continue  # it is marked, and CLM009 says that the mark cannot be read
        prose = without_code(page, page.blocks[sentence.block], sentence.start, sentence.end)
        if not _LETTER.search(prose) or worthiness.is_of_service(prose):
            continue
        on_topic = page.blocks[sentence.block].headings in sections
        reason = worthiness.reason(prose, on_topic=on_topic or medical)
        if reason is None and (sentence.form is not Form.STATEMENT or not on_topic or _claims_nothing(prose, context)):
            continue
        near = nearest_claim(sentence.text, context) if reason else None
        yield Hit(
            sentence.place,
            _message(sentence, reason),
            help=_help(near),
            claim=near.id if near else "",
            related=(Related(near.where("match_text"), f"claim {near.id} says “{near.match_text}”"),) if near else (),
            severity=None if reason else Severity.NOTE,
            about=sentence.text,
        )


def _claims_nothing(text: str, context: Context) -> bool:
    """Whether a sentence speaks of the page itself, or is a standing disclaimer (DSC005 says what that is worth)."""
    return is_signpost(text) or holds(text, context.lexicon.terms("boilerplate"))


_LETTER = regex(r"[^\W\d_]")
LONGEST_SHOWN = 120


def _message(sentence: ClinicalSentence, reason: str | None) -> str:
    text = sentence.text
    if len(text) > LONGEST_SHOWN:
        text = text[:LONGEST_SHOWN].rsplit(" ", 1)[0] + " …"
    if reason is None:
        return f"“{text}” stands in a clinical section without claim or citation"
    return f"“{text}” {reason}, without claim or citation"


def _help(near: Claim | None) -> str:
    if near is not None:
        return f"Claim {near.id} is close: if it is meant, mark its wording [...]{{claim={near.id}}}."
    return 'Register it as a claim, cite its source with [@key], or mark it [...]{.nonclaim reason="..."}.'


def _clinical_sections(
    page: Page, sentences: tuple[ClinicalSentence, ...], worthiness: Worthiness
) -> set[tuple[str, ...]]:
    """The sections (by their headings) where a claim or citation stands, or whose topic is medicine."""
    found = set()
    counts: Counter[tuple[str, ...]] = Counter()
    on_topic: Counter[tuple[str, ...]] = Counter()
    for sentence in sentences:
        headings = page.blocks[sentence.block].headings
        if headings in found:
            continue
        counts[headings] += 1
        on_topic[headings] += worthiness.is_on_topic(sentence.text)
        if sentence.is_covered:
            found.add(headings)
    return found | {headings for headings, count in counts.items() if on_topic[headings] * LEAST_SHARE >= count}


LEAST_SHARE = 4
"""One sentence in so many must speak of medicine to make a section clinical."""


def _alternative_texts(page: Page) -> set[int]:
    """The blocks that hold an image's alternative text: DSC006 asks for the figure's source."""
    return {
        index
        for figure in page.figures
        if figure.kind == "image" and figure.alt
        for index in range(*figure.blocks)
        if page.blocks[index].text == figure.alt
    }
