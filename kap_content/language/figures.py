"""Which figures and tables of a page show data, and so need a source."""

from __future__ import annotations

import re

from kap_content.language.measures import first_measure
from kap_content.language.vocabulary import phrase_pattern
from kap_content.model.lexicon import Lexicon
from kap_content.model.page import BlockKind, Figure, Page
from kap_content.startup.regex import regex

_DECORATIVE = frozenset({"decorative", "decoration", "layout", "logo", "icon", "presentation", "none"})
_DATA_FILE = regex(r"\.(?:csv|tsv|json|xlsx?)$", re.IGNORECASE)
_FILE_NAME = regex(r"\s*[\w%.,()+ -]+\.(?:jpe?g|png|gif|svg|webp|avif|tiff?|bmp)\s*", re.IGNORECASE)
_WORD_IN_NAME = regex(r"[A-Za-z]+")
_MONEY_OR_TIME = regex(
    r"(?:[$€£¥]\s?\d[\d.,]*(?:\s?[-–]\s?[$€£¥]?\s?\d[\d.,]*)?\+?|\d[\d.,]*\s?(?:USD|EUR|GBP|dollars?|euros?|pounds?)\b"
    r"|\b\d{1,2}(?:[:.]\d\d)?\s?[ap]\.?m\b\.?|\b\d{1,2}:\d\d\b|\(?\d{3}\)?[\s.-]\d{3}[\s.-]\d{4}"
    r"|\b\d+(?:\s?[-–]\s?\d+)?\s?(?:minutes?|min|hours?|hrs?)\b)",
    re.IGNORECASE,
)
_PORTRAIT = regex(
    r"\bage[ds]? \d{1,3}\b|\b\d{1,3}[- ]years?[- ]old\b|\b(?:team|staff|crew) of \w+"
    r"|\b\d+ (?:doctors?|physicians?|nurses?|clinicians?|therapists?|psychiatrists?|psychologists?|colleagues)\b",
    re.IGNORECASE,
)
"""Numbers that tell who is in a picture."""
_REFERENCE = regex(
    r"\b[A-ZÀ-Þ][\w’'-]+,?\s(?:[A-Z]\.?[\s,-]?){1,3}[^\n]{0,400}(?:\b(?:19|20)\d\d;\s?\d|\bdoi\b|\((?:19|20)\d\d\)\.)"
)
_LABEL = regex(
    r"\b(?:options?|steps?|figures?|fig\.?|parts?|views?|panels?|stages?|types?|phases?|examples?|images?"
    r"|photos?|slides?|screens?|HTTP) \d+\b",
    re.IGNORECASE,
)
"""Numbers that only tell one picture from the next."""
_DAY = regex(r"\b(?:mon|tue(?:s)?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?s?\b", re.IGNORECASE)


def is_decorative(figure: Figure) -> bool:
    """Whether the page says that the figure only adorns: class, role, or an alternative text empty on purpose."""
    said = {*figure.attributes.get("class", "").split(), figure.attributes.get("role", "")}
    return bool(said & _DECORATIVE) or figure.attributes.get("alt") == ""


def is_described(figure: Figure) -> bool:
    """Whether an image has an alternative text; a file's name is none."""
    return figure.alt is not None and _FILE_NAME.fullmatch(figure.alt) is None


def shows_data(page: Page, figure: Figure, lexicon: Lexicon) -> bool:
    """Whether a figure shows numbers or findings rather than a room, a person or a layout."""
    if figure.kind == "table":
        return _table_has_data(page, figure)
    if "kind" in figure.attributes or _DATA_FILE.search(figure.source):
        return True
    texts = [page.blocks[index].text for index in range(*figure.blocks)] if figure.kind == "figure" else []
    texts += [figure.alt or ""]
    if figure.caption >= 0:
        texts.append(page.blocks[figure.caption].text)
    texts = [text for text in texts if not _FILE_NAME.fullmatch(text)]
    names = [figure.source, *(other.source for other in page.figures if _is_inside(other, figure))]
    texts += [" ".join(_WORD_IN_NAME.findall(name.rpartition("/")[2].rpartition(".")[0])) for name in names]
    chart = phrase_pattern(lexicon.terms("data-figures"))
    counts = _measures if figure.kind == "figure" else _tells_a_measure
    return any(chart.search(text) or counts(text) for text in map(_without_reference, texts))


_UNIT = regex(
    r"\d\s?(?:%|mg|mcg|µg|ug|kg|mmhg|mmol|ng/|points?\b|years?\b|months?\b|weeks?\b|days?\b|patients?\b|people\b|adults?\b"
    r"|participants?\b|women\b|men\b|children\b)|\d\.\d|\b\d+ (?:of|in|out of|to) \d+\b"
    r"|\b(?:one|two|three|half|third) (?:of|in|out of)|\bn\s?=|\bp\s?[<=>]",
    re.IGNORECASE,
)


def _tells_a_measure(text: str) -> bool:
    """Whether a picture's words count something; a mere number is a name's as a rule: "delta 8 vape"."""
    return _measures(text) and _UNIT.search(text) is not None


def _is_inside(other: Figure, figure: Figure) -> bool:
    return other is not figure and figure.blocks[0] <= other.blocks[0] and other.blocks[1] <= figure.blocks[1]


def _without_reference(text: str) -> str:
    """A caption up to the reference that it gives in full: the numbers of volumes and pages are no data."""
    full = _REFERENCE.search(text)
    return text if full is None else text[: full.start()]


def _measures(text: str) -> bool:
    return first_measure(_LABEL.sub(" ", _PORTRAIT.sub(" ", _MONEY_OR_TIME.sub(" ", text)))) is not None


_LABEL_COLUMN = regex(
    r"(?:.*[\W_])?(?:ids?|no|nr|number|code|date|year|version|phone|prices?|costs?|fees?|step|row|item|page|expires|expiry"
    r"|validity|discounts?|offers?|sessions?|sessions? length|appointment length)\W*|#",
    re.IGNORECASE,
)
_IDENTIFIER = regex(r"(?<![\d.,])\d{5,}(?![\d.,%])|\b\d{4}-\d{2}-\d{2}\b")


_NAMES_PARTS = regex(
    r"\W*(?:parameters?|settings?|choices?|options?|columns?|fields?|variables?|arguments?|terms?|key)(?: names?)?\W*",
    re.IGNORECASE,
)
_EXPLAINS = regex(
    r"\W*(?:values?|answers?|explanations?|descriptions?|definitions?|meanings?|typical values?|defaults?)\W*",
    re.IGNORECASE,
)


def _is_key(head: list[str]) -> bool:
    """Whether a table explains names, as a glossary or a list of settings does; its numbers are no findings."""
    return len(head) > 1 and bool(_NAMES_PARTS.fullmatch(head[0])) and all(map(_EXPLAINS.fullmatch, head[1:]))


def _table_has_data(page: Page, figure: Figure) -> bool:
    """Whether a table shows findings: a column of measurements, or a statistic anywhere.

    Identifiers, dates, row numbers, prices, hours and settings are none, nor are numbers in running text, which is read
    as any sentence is.
    """
    rows = [page.blocks[index] for index in range(*figure.blocks)]
    body = [block.text for block in rows if block.kind is BlockKind.TABLE_ROW]
    if sum(_DAY.search(text) is not None for text in body) * 2 >= len(body) > 0:
        return False
    head = next((block.text.split(" | ") for block in rows if block.kind is BlockKind.TABLE_HEAD), [])
    if _is_key(head):
        return False
    labels = {index for index, title in enumerate(head) if _LABEL_COLUMN.fullmatch(title.strip())}
    priced = any(_PRICES.search(title) for title in head)
    columns: dict[int, list[str]] = {}
    for cells in (text.split(" | ") for text in body):
        for index, cell in enumerate(cells):
            named = index > 0 and _LABEL_COLUMN.fullmatch(cells[0].strip())
            if cell.strip() and index not in labels and not named and not (index == 0 and _ROW_NUMBER.fullmatch(cell)):
                columns.setdefault(index, []).append(_IDENTIFIER.sub(" ", cell))
    return any(_has_statistic(cells) or (not priced and _is_measured(cells)) for cells in columns.values())


_PRICES = regex(r"\b(?:costs?|prices?|fees?|copay)\b(?! (?:effect|per QALY|benefit))", re.IGNORECASE)
"""A head that makes a table a list of prices, whatever else is counted there."""
_ROW_NUMBER = regex(r"\W*\d+\W*")
_WORDY = 8
"""A cell of more words is running text."""
_STATISTIC = regex(
    r"\d\s?%(?!\s+(?:off|discount|money|satisf|safe|natural|organic|pure|free))|\bp\s?[<=>]"
    r"|\bn\s?=\s?\d|\b95\s?% ?CI\b|±"
    r"|\b\d+\s(?:of|in|out of)\s\d+\b",
    re.IGNORECASE,
)
"""What tells of a finding in running text too."""


def _has_statistic(cells: list[str]) -> bool:
    return any(_STATISTIC.search(_MONEY_OR_TIME.sub(" ", cell)) for cell in cells)


def _is_measured(cells: list[str]) -> bool:
    measured = sum(1 for cell in cells if len(cell.split()) <= _WORDY and _measures(cell))
    return measured * 2 >= len(cells) > 0
