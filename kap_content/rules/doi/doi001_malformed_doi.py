"""DOI001: a DOI that is none."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kap_content.model.finding import Severity
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, project_rule
from kap_content.works.doi import doi_in_url, is_doi, normalise_doi

_SLIPS = (
    (re.compile(r"^(?=\d{4,9}/\S)"), "10."),  # the directory code was left off
    (re.compile(r"^(?:[il]0|1o|io|lo)\.(?=\d)", re.IGNORECASE), "10."),  # letters for digits
    (re.compile(r"^10[,;: ]\s*(?=\d{4})"), "10."),
    (re.compile(r"^10(?=\d{4}/)"), "10."),
    (re.compile(r"^(10\.\d{4,9})(?:\\|%2f|∕|⁄|\.(?=[a-z]))"), r"\1/"),
)
_OTHER_NUMBERS = (
    (re.compile(r"(?:PMID:?\s*)?(\d{5,8})", re.IGNORECASE), "it is a PubMed number", "pmid = {{{}}}"),
    (re.compile(r"(?:PMCID:?\s*)?(PMC\d{5,9})", re.IGNORECASE), "it is a PubMed Central number", "pmcid = {{{}}}"),
    (
        re.compile(r"(?:https?://arxiv\.org/abs/|arXiv:\s*)(\d{4}\.\d{4,5})(?:v\d+)?", re.IGNORECASE),
        "it is an arXiv number",
        "doi = {{10.48550/arxiv.{}}}",
    ),
)
_PREFIX = re.compile(r"10\.\d{4,9}(?:\.\d+)*/")
_SHAPES = (
    (re.compile(r"https?:|www\."), "it is an address; that belongs in the field url"),
    (re.compile(r"10\.\d{4,9}$"), "nothing follows its prefix"),
    (re.compile(r"10\.\d{4,9}[^/]"), "no slash follows its prefix"),
    (re.compile(r"10\.\d{1,3}/"), "its prefix is too short, four digits or more follow “10.”"),
    (re.compile(""), "a DOI is “10.”, four digits or more, a slash and a suffix"),
)


@project_rule("DOI001", "malformed-doi", Severity.ERROR)
def malformed_doi(context: Context) -> Iterator[Hit]:
    """The field `doi` holds what is no DOI, however one reads it.

    `https://doi.org/`, `doi:`, blanks, HTML tags, tails like `/full` and trailing punctuation are taken off first; what
    is left must be `10.`, four to nine digits, a slash and a suffix. Where only one repair is possible, it is named.

    Why: a DOI that cannot be resolved sends the reader nowhere, and the registries cannot be asked about the work.

    Fix: copy the DOI from the article's first page or from https://search.crossref.org.

    Example:
        doi = {1177/0269881117718527}

        “1177/0269881117718527” is no DOI; the fix: 10.1177/0269881117718527
    """
    for key, reference in context.references.items():
        written = reference.get("doi")
        if not written or is_doi(normalise_doi(written)):
            continue
        fault, fix = _fault(written)
        yield Hit(
            reference.where("doi"),
            f"“{written}” is no DOI: {fault}",
            help=f"Write {fix}."
            if fix
            else "Copy the DOI from the article, or look it up at https://search.crossref.org.",
            reference=key,
            about=written,
        )


def _fault(written: str) -> tuple[str, str]:
    """Say what is wrong, and what to write where that is certain."""
    for pattern, fault, fix in _OTHER_NUMBERS:
        number = pattern.fullmatch(written.strip())
        if number:
            return fault, fix.format(number[1])
    text = normalise_doi(written)
    if len(_PREFIX.findall(text)) > 1:
        return "it holds two; give the one of the work cited", ""
    for slip, repair in _SLIPS:
        mended = normalise_doi(slip.sub(repair, text))
        if mended != text and is_doi(mended):
            return "its prefix is mistyped", f"doi = {{{mended}}}"
    inside = doi_in_url(written)
    if inside:
        return "it is a publisher's address that holds one", f"doi = {{{inside}}}"
    return next(fault for shape, fault in _SHAPES if shape.match(text)), ""
