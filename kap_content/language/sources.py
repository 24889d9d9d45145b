"""What is known of a source's own words: its titles, its index terms, its abstract."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kap_content.model.claim import Claim, Evidence
from kap_content.model.project import Context

_WEB = frozenset(
    {
        "online",
        "misc",
        "techreport",
        "report",
        "manual",
        "book",
        "booklet",
        "inbook",
        "incollection",
        "www",
        "electronic",
    }
)


@dataclass(frozen=True, slots=True)
class SourceText:
    """The words of one source. `is_article` is false for web pages, reports and books, whose titles say little."""

    key: str
    title: str
    index: str
    abstract: str
    is_article: bool

    @property
    def text(self) -> str:
        """All of it, parts on lines of their own."""
        return "\n".join(filter(None, (self.title, self.index, self.abstract)))


def source_text(key: str, context: Context) -> SourceText:
    """What registry, bibliography and cache say of the reference `key`; empty where nothing is known."""
    record, reference = context.record(key), context.references.get(key)
    titles = [record.title, record.subtitle, *record.other_titles] if record is not None else []
    index = [*record.mesh, *record.keywords] if record is not None else []
    abstract = context.project.abstracts.get(key, "")
    if reference is not None:
        titles += [reference.get("title"), reference.get("subtitle", "titleaddon")]
        index.append(reference.get("keywords"))
        abstract = abstract or reference.get("abstract")
    return SourceText(
        key=key,
        title=". ".join(dict.fromkeys(filter(None, titles))),
        index="; ".join(filter(None, index)),
        abstract=abstract,
        is_article=reference is not None and reference.type not in _WEB,
    )


TITLE = "title"
"""The part of a source that alone is no text to look for a number in."""


@dataclass(frozen=True, slots=True)
class EvidenceText:
    """A text in which a claim's numbers may stand: `part` is finding, quote, abstract, fields or title."""

    text: str
    item: Evidence
    part: str


def evidence_texts(claim: Claim, context: Context) -> Iterator[EvidenceText]:
    """What is at hand of the supporting evidence of a claim, in the order of the file; nothing empty."""
    for item in claim.supporting:
        source = source_text(item.ref, context)
        pico = item.pico
        fields = "; ".join(filter(None, (pico.population, pico.comparator, pico.outcome, pico.timepoint)))
        for part, text in (
            ("finding", item.finding),
            ("quote", item.anchor.exact),
            ("abstract", source.abstract),
            ("fields", fields),
            (TITLE, source.title),
        ):
            if text:
                yield EvidenceText(text, item, part)
