"""Versions of a work: preprints, newer versions, and Cochrane reviews, whose every version has a DOI of its own."""

from __future__ import annotations

import re

from kap_content.model.record import Notice, NoticeKind, Record, RelationKind
from kap_content.startup.regex import regex
from kap_content.works.folding import squashed
from kap_content.works.titles import says_retracted

COCHRANE = regex(r"10\.1002/14651858\.((?:cd|mr|ed)\d+)(?:\.pub(\d+))?", re.IGNORECASE)

_PREPRINT_DOI = regex(
    r"10\.1101/(?:\d{4}\.\d\d\.\d\d\.\d+|\d{6})(?:v\d+)?$"  # the prefix serves Cold Spring Harbor's journals too
    r"|10\.64898/|10\.48550/arxiv|10\.2139/ssrn|10\.21203/rs|10\.20944/preprints|10\.31234/|10\.31219/osf|10\.31235/osf"
    r"|10\.31222/|10\.31730/osf|10\.35542/osf|10\.26434/chemrxiv|10\.36227/techrxiv|10\.7287/peerj\.preprints"
    r"|10\.22541/(?:au|essoar)|10\.1002/essoar|10\.2196/preprints|10\.14293/.*\.sor-?\.?pp|10\.31223/|10\.51094/jxiv"
    r"|10\.1590/scielopreprints|10\.12074/|10\.33774/",
    re.IGNORECASE,
)
_NO_PREPRINT = regex(r"10\.59350/", re.IGNORECASE)
"""Posted content that never was to become an article: archived blog posts."""


def own_doi(record: Record) -> str:
    """The DOI of the work that was found: the answered one, which an alias differs from."""
    return record.answered or record.asked


def cochrane_version(doi: str) -> int:
    """The version that a Cochrane DOI names, 1 without a suffix; 0 for every other DOI."""
    match = COCHRANE.match(doi)
    return int(match[2] or 1) if match else 0


def is_cochrane_withdrawal(notice: Notice, record: Record) -> bool:
    """Whether a notice takes a Cochrane review out of the library because it is out of date.

    Cochrane publishes a withdrawal as one more version of the review (`.pub4`, titled `WITHDRAWN:`); registries file
    it as a withdrawal, and some as a retraction. A true retraction has a notice of its own, or says `RETRACTED:`.
    """
    own, other = COCHRANE.match(own_doi(record)), COCHRANE.match(notice.doi)
    if own is None or says_retracted(record.title, withdrawn=False):
        return False
    if other is not None and other[1].lower() == own[1].lower():
        return True
    return notice.kind is NoticeKind.WITHDRAWAL and not notice.doi


def is_preprint_record(record: Record) -> bool:
    """Whether the record is a preprint's: by type, publication type, DOI, or a link to what it was published as."""
    doi = own_doi(record)
    if _NO_PREPRINT.match(doi):
        return False
    types = {squashed(text) for text in (record.type, *record.publication_types)}
    return (
        bool(types & {"preprint", "postedcontent"})
        or _PREPRINT_DOI.match(doi) is not None
        or any(link.kind is RelationKind.IS_PREPRINT_OF for link in record.relations)
    )
