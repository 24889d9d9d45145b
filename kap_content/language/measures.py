"""Numbers that measure something, as against years, dates and the numbers of figures and sections."""

from __future__ import annotations

import re

from kap_content.startup.regex import regex

_PLACES = regex(
    r"""\b(?:figs?|figures?|tables?|sections?|chapters?|parts?|steps?|versions?|pages?|appendix|equations?|box(?:es)?|
        item|question|notes?|exercise|example|type|phase|level|stage|grade|rule|part|day|week|visit|session)\b
        \.?\s*[A-Z]?\d+(?:\.\d+)*(?:\s?(?:,|and|to|-|–)\s?\d+(?:\.\d+)*)*
    |@\S+|https?://\S+|www\.\S+
    |\b[A-Za-z]+-?\d+[A-Za-z]*\b|\b\d+-?[A-Z]{2,}\w*\b|\b24/7\b
    |\b(?:in|since|from|of|by|until|during|between|after|before|to|and|early|late|mid|the)[\s-](?:1[5-9]|20)\d\d(?:s|’s|'s)?\b
    |[(,;]\s?(?:1[5-9]|20)\d\d[a-z]?(?=[),;])
    |\b\d{1,2}(?:st|nd|rd|th)?\s(?:of\s)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*(?:\s\d{4})?
    |\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s\d{1,2}(?:,?\s\d{4})?\b
    |\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\s\d{4}\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_MEASURE = regex(
    r"""(?:[<>≤≥~≈±=]\s?)?[−-]?\d+(?:[.,·]\d+)*(?:\s?(?:%|‰|per\s?cent|percent))?
        (?:\s(?:of|in|out\sof)\s(?:every\s|the\s)?\d+(?:[.,]\d+)*)?
    |\b(?:half|a\sthird|a\squarter|(?:two|three)[-\s](?:thirds|quarters|fifths))\b
    |\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty)\s(?:in|of|out\sof)\s(?:the\s|every\s)?
        (?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|\d+)\b
    |\b(?:doubled|tripled|halved|twice|\w+fold)\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_BARE = regex(r"[−-]?[01]|(?:1[5-9]|20)\d\d")
"""Nought and one say nothing by themselves; four figures are a year until a unit tells otherwise."""

_ENUMERATOR = regex(r"^\s*\(?\d{1,2}[.)]\s")


def first_measure(text: str) -> tuple[int, int] | None:
    """Where the first measured number of a sentence stands, or None."""
    hidden = _PLACES.sub(lambda match: " " * len(match[0]), text)
    hidden = _ENUMERATOR.sub(lambda match: " " * len(match[0]), hidden)
    return next((match.span() for match in _MEASURE.finditer(hidden) if not _BARE.fullmatch(match[0])), None)
