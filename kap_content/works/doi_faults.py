"""What is wrong with a text that should be a DOI and is none, and the one repair where there is only one."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kap_content.startup.regex import regex
from kap_content.works.doi import doi_in_url, is_doi, normalise_doi

_SLIPS = (
    (regex(r"^(?=\d{4,9}/\S)"), "10."),  # the directory code was left off
    (regex(r"^(?:[il]0|1o|io|lo)\.(?=\d)", re.IGNORECASE), "10."),  # letters for digits
    (regex(r"^10[,;: ]\s*(?=\d{4})"), "10."),
    (regex(r"^10(?=\d{4}/)"), "10."),
    (regex(r"^(10\.\d{4,9})(?:\\|%2f|∕|⁄|\.(?=[a-z]))"), r"\1/"),
)
_OTHER_NUMBERS = (
    (regex(r"(?:PMID:?\s*)?(\d{5,8})", re.IGNORECASE), "it is a PubMed number", "pmid", "{}"),
    (regex(r"(?:PMCID:?\s*)?(PMC\d{5,9})", re.IGNORECASE), "it is a PubMed Central number", "pmcid", "{}"),
    (
        regex(r"(?:https?://arxiv\.org/abs/|arXiv:\s*)(\d{4}\.\d{4,5})(?:v\d+)?", re.IGNORECASE),
        "it is an arXiv number",
        "doi",
        "10.48550/arxiv.{}",
    ),
)
_PREFIX = regex(r"10\.\d{4,9}(?:\.\d+)*/")
_SHAPES = (
    (regex(r"https?:|www\."), "it is an address; that belongs in the field url"),
    (regex(r"10\.\d{4,9}$"), "nothing follows its prefix"),
    (regex(r"10\.\d{4,9}[^/]"), "no slash follows its prefix"),
    (regex(r"10\.\d{1,3}/"), "its prefix is too short, four digits or more follow “10.”"),
    (regex(""), "a DOI is “10.”, four digits or more, a slash and a suffix"),
)


@dataclass(frozen=True, slots=True)
class DoiFault:
    """What is wrong, in words; the field and the value to write instead, empty where several are possible."""

    what: str
    field: str = ""
    value: str = ""


def doi_fault(written: str) -> DoiFault:
    """What is wrong with `written`, which is no DOI."""
    for pattern, what, field, value in _OTHER_NUMBERS:
        number = pattern.fullmatch(written.strip())
        if number:
            return DoiFault(what, field, value.format(number[1]))
    text = normalise_doi(written)
    if len(_PREFIX.findall(text)) > 1:
        return DoiFault("it holds two; give the one of the work cited")
    for slip, repair in _SLIPS:
        mended = normalise_doi(slip.sub(repair, text))
        if mended != text and is_doi(mended):
            return DoiFault("its prefix is mistyped", "doi", mended)
    inside = doi_in_url(written)
    if inside:
        return DoiFault("it is a publisher's address that holds one", "doi", inside)
    return DoiFault(next(fault for shape, fault in _SHAPES if shape.match(text)))
