"""DOIs as people write them, brought to one form."""

from __future__ import annotations

import html
import re
from urllib.parse import unquote

from kap_content.startup.regex import regex

_HOST = regex(
    r"(?:https?:/{1,2})?(?:www\.|dx\.)?doi\.org/(?=\S)|(?:info:|urn:)?doi(?:\.org)?[:/=]|doi(?=10\.)", re.IGNORECASE
)
_TAG = regex(r"</?(?:a|b|br|div|em|font|i|nobr|p|scp|span|strong|sub|sup|tt|u|wbr)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_ENTITY = regex(r"&(?:lt|gt|amp|quot|nbsp|#\d{1,5}|#x[0-9a-f]{1,4});", re.IGNORECASE)
_INVISIBLE = regex(r"[\s\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]+")
_TAIL = regex(r"/(?:full|pdf|abstract)$", re.IGNORECASE)
_PUNCTUATION = ".,;:!?/'\"‘’“”«»…"
_OPENING = "([{<"
_BRACKETS = {")": "(", "]": "[", "}": "{", ">": "<"}
_ARXIV_VERSION = regex(r"(10\.48550/arxiv\..+?)v\d+$", re.IGNORECASE)

_LONGEST = 2048
"""No DOI is longer; what is longer is left as it is."""

_DOI = regex(r"10\.\d{4,9}(?:\.\d+)*/[^\s\x00-\x1f\x7f]*[^\W_][^\s\x00-\x1f\x7f]*", re.IGNORECASE)
_TWO = regex(r"[,;|]+(?:https?:|doi:|10\.\d{4,9}/)", re.IGNORECASE)

_IN_URL = regex(r"10\.\d{4,9}(?:\.\d+)*(?:/|%2f)[^\s?#&\"]+", re.IGNORECASE)
_URL_TAIL = regex(
    r"(?:/(?:full|fulltext|full-text|pdf|epdf|pdfdirect|abstract|abs|html|meta|summary|references|figures|tables|tab-\w+|"
    r"suppl_file/.*|download|(?:full|e?pdf)/.*)|\.(?:full|pdf|html?|xml|abstract|short|long)(?:\.(?:pdf|text|html))?)/*$",
    re.IGNORECASE,
)
_PREPRINT_VERSION = regex(r"(10\.(?:1101|64898)/\d{4}\.\d\d\.\d\d\.\d+)v\d+$", re.IGNORECASE)


def normalise_doi(text: str) -> str:
    """Return the one form of a DOI: bare, lower-case, without what surrounds it. Doing it twice changes nothing.

    Resolver addresses, `doi:`, white space, HTML tags, `/full`, `/pdf` and `/abstract` tails, trailing punctuation and
    brackets without their partner are taken off (SICI DOIs keep theirs), percent signs decoded, and the version of an
    arXiv DOI dropped. Text that is no DOI comes back in the same manner; `is_doi` tells.
    """
    while len(text) <= _LONGEST and (cleaned := _cleaned(text)) != text:
        text = cleaned
    return text


def is_doi(text: str) -> bool:
    """Whether `text` is a bare DOI: a prefix of four to nine digits, a slash, and a suffix. Only one, no address."""
    return len(text) <= _LONGEST and _DOI.fullmatch(text) is not None and _TWO.search(text) is None


def doi_in_url(url: str) -> str:
    """Return the DOI that an address holds (at doi.org, or a publisher's or a proxy's page), or the empty string."""
    found = _IN_URL.search(url)
    if found is None:
        return ""
    doi = _decoded(found[0])
    while (shorter := _URL_TAIL.sub("", doi.rstrip("/"))) != doi:
        doi = shorter
    doi = normalise_doi(_PREPRINT_VERSION.sub(r"\1", doi))
    return doi if is_doi(doi) else ""


def _cleaned(text: str) -> str:
    """Take one layer off; every layer leaves the text shorter, or only in lower case."""
    text = _INVISIBLE.sub("", _TAG.sub("", _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)))
    text = text.lstrip(_PUNCTUATION + _OPENING)
    address = _HOST.match(text)
    if address:
        text = text[address.end() :]
        if address[0].lower().startswith("http"):
            text = re.split(r"[?#](?!$)", text, maxsplit=1)[0] if _DOI.match(text) else text
    text = _decoded(text)
    text = _TAIL.sub("", text.rstrip(_PUNCTUATION))
    closing = text[-1:]
    partner = _BRACKETS.get(closing, closing)
    if closing and (closing in _OPENING or text.count(closing) > text.count(partner)):
        text = text[:-1]
    return _ARXIV_VERSION.sub(r"\1", text).lower()


def _decoded(text: str) -> str:
    """Decode `%28` and the like, as often as it was encoded."""
    try:
        while (plain := unquote(text, errors="strict")) != text:
            text = plain
    except UnicodeDecodeError:
        return text
    return text
