"""Which quotations of the claims stand in their sources: what `kap lock` keeps, so that `kap check` needs no source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from kap_content.language.quotes import contains, quote_hash
from kap_content.load.full_text.sources import read_sources
from kap_content.load.project import answering, read_claims
from kap_content.load.whole import cached_abstracts
from kap_content.model.claim import Claim
from kap_content.model.errors import ProjectError
from kap_content.model.lock import FoundIn, FoundQuote, FoundQuotes
from kap_content.model.project import FullText
from kap_content.model.record import Record
from kap_content.model.reference import Reference
from kap_content.model.settings import Settings
from kap_content.works.identifiers import asked_as


def verified_quotes(
    root: Path,
    settings: Settings,
    references: Sequence[Reference],
    records: Mapping[str, Record],
    previous: Mapping[str, FoundQuotes],
    *,
    refresh: bool,
) -> dict[str, FoundQuotes]:
    """The quotations that were found, now or before, by key. With `refresh` those found before are looked for again.

    One whose source is not at hand any more stays found. One that no claim has any more is dropped, unless a file
    of claims could not be read.
    """
    try:
        claims, problems = read_claims(root, settings)
    except ProjectError:  # `kap check` tells of it; what the registries answered is to be written nonetheless
        return dict(previous)
    quoted = _quoted(claims)
    by_key: dict[str, Reference] = {}
    for reference in references:
        by_key.setdefault(reference.key, reference)
    before = {key: set(item.found) for key, item in previous.items() if _still(item, by_key.get(key))}
    known = {key: {quote.sha256 for quote in found} for key, found in before.items()}
    sought = {
        key: {digest: text for digest, text in texts.items() if refresh or digest not in known.get(key, set())}
        for key, texts in quoted.items()
        if key in by_key
    }
    abstracts = cached_abstracts(answering(references, records), root)
    full_texts = read_sources(root, [key for key, texts in sought.items() if texts])
    kept: dict[str, FoundQuotes] = {}
    for key, reference in by_key.items():
        full, abstract = full_texts.get(key, FullText("")), abstracts.get(key) or reference.get("abstract")
        wanted = sought.get(key, {})
        found = set(_found(wanted, abstract, full))
        at_hand = {FoundIn.ABSTRACT: bool(abstract), FoundIn.FULL_TEXT: bool(full.text) and not full.trouble}
        new = {quote.sha256 for quote in found}
        for quote in before.get(key, ()):
            is_quoted = quote.sha256 in quoted.get(key, {}) or bool(problems)
            is_refuted = quote.sha256 in wanted and at_hand[quote.found_in]
            if is_quoted and not is_refuted and quote.sha256 not in new:
                found.add(quote)
        if found:
            kept[key] = FoundQuotes(asked_as(reference), tuple(sorted(found)))
    return kept


def _still(item: FoundQuotes, reference: Reference | None) -> bool:
    """Whether the entry is still about the work in which the quotations were found."""
    return reference is not None and asked_as(reference) == item.asked


def _quoted(claims: Sequence[Claim]) -> dict[str, dict[str, str]]:
    """The quotations by reference and hash."""
    quoted: dict[str, dict[str, str]] = {}
    for claim in claims:
        for item in claim.evidence:
            if item.anchor.exact:
                quoted.setdefault(item.ref, {})[quote_hash(item.anchor.exact)] = item.anchor.exact
    return quoted


def _found(wanted: Mapping[str, str], abstract: str, full: FullText) -> Iterator[FoundQuote]:
    for digest, text in wanted.items():
        if abstract and contains(abstract, text):
            yield FoundQuote(digest, FoundIn.ABSTRACT)
        elif full.text and contains(full.text, text):
            yield FoundQuote(digest, FoundIn.FULL_TEXT)
