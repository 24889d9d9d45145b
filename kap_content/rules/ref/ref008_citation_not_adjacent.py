"""REF008: a number without a source beside sentences that have one."""

from __future__ import annotations

from collections.abc import Iterator

from kap_content.language.clinical import ClinicalSentence, Form, clinical_sentences
from kap_content.language.measures import first_measure
from kap_content.model.finding import Related, Severity
from kap_content.model.page import BlockKind, Page
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, page_rule

_PARAGRAPHS = frozenset({BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.QUOTATION, BlockKind.HTML})


@page_rule("REF008", "citation-not-adjacent", Severity.NOTE)
def citation_not_adjacent(page: Page, context: Context) -> Iterator[Hit]:
    """A sentence gives a number without a source, while a sibling sentence of its paragraph has one.

    Years alone, and the numbers of figures, tables and sections, are no measurements.

    Why: a reader cannot tell whether the source given for the neighbour carries this number too.

    Fix: repeat the citation behind the sentence with the number, or give it its own.

    Example:
        Ketamine was tried in a small study [@glue2017]. Ten of 12 participants responded.
    """
    blocks: dict[int, list[ClinicalSentence]] = {}
    for sentence in clinical_sentences(page):
        if page.blocks[sentence.block].kind in _PARAGRAPHS:
            blocks.setdefault(sentence.block, []).append(sentence)
    for index, sentences in blocks.items():
        cited = [(sentence, source) for sentence in sentences if (source := _source(sentence, context))]
        if not cited:
            continue
        for sentence in sentences:
            measure = first_measure(sentence.text)
            if sentence.is_covered or measure is None or sentence.form in {Form.STEM, Form.REQUEST}:
                continue
            nearest, key = min(cited, key=lambda other: abs(other[0].start - sentence.start))
            start, end = measure
            place = page.blocks[index].at(sentence.start + start, sentence.start + end)
            yield Hit(
                place,
                f"“{sentence.text[start:end]}” has no source, while a sentence beside it cites {key}",
                help=f"If {key} carries it, repeat [@{key}] behind this sentence; otherwise cite its own source.",
                reference=key,
                related=(Related(nearest.place, f"cites {key}"),),
                about=sentence.text,
            )


def _source(sentence: ClinicalSentence, context: Context) -> str:
    """The key of the first source of a sentence, by citation or by its claim; empty for none."""
    claims = (context.claims[identifier] for identifier in sentence.claims if identifier in context.claims)
    keys = (*sentence.keys, *(item.ref for claim in claims for item in claim.evidence))
    return keys[0] if keys else ""
