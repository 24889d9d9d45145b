"""Prose made ready for reading numbers: one spelling for signs, and what only looks like a quantity blanked out.

Both steps keep the length of the text, so that offsets stay true.
"""

from __future__ import annotations

import re

from kap_content.startup.regex import regex

BLANK = "\x00"
"""Stands for every character of what is not a quantity: no letter, no digit, no space."""

_SIGNS = str.maketrans(
    {
        "−": "-", "‐": "-", "‑": "-", "﹣": "-", "－": "-", "‒": "–", "μ": "µ", "∼": "~", "～": "~", "≈": "~",
        "≃": "~", "⩽": "≤", "≦": "≤", "⩾": "≥", "≧": "≥", "＝": "=", "＜": "<", "＞": ">", "％": "%",
        "\u00a0": " ", "\u2009": " ", "\u202f": " ", "\u2007": " ", "\u200a": " ", "\u2002": " ", "\u2003": " ",
        "\t": " ", "\n": " ", "\r": " ", "’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "⁄": "/", "∕": "/",
    }
)  # fmt: skip
_RAISED_POINT = regex(r"(?<=\d)[·∙⋅•](?=\d)")
_DECIMAL_COMMA = regex(r"(?<=\b\d),(?=\d ?%)|(?<=\b\d\d),(?=\d ?%)")
"""The comma of "16,8 %"."""
_DOTTED = regex(
    r"\b(\d{1,3})\.(\d{3})(?= (?:people|patients|participants|persons|individuals|adults|children|women|men|cases"
    r"|deaths|births|studies|records)\b)"
)
"""Thousands parted by a point: there is no part of a person."""
_OR_EQUAL = regex(r"(?P<sign>[<>]) ?or ?=")
"""The sign of "> or = 65", as records of PubMed have it."""
_LOOSE_MINUS = regex(r"(?:(?<=[\[(])|(?<=[=,;\[(] ))- (?=\d)")
"""The sign of "[- 0.3, - 0.1]", as records of PubMed have it."""

_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.?"
)
_YEAR = r"(?:1[5-9]|20)\d\d"
_LATE_YEAR = r"(?:1[89]|20)\d\d"
"""A year that needs no "in" before it: 1600 alone is rather a number."""
_MONTH_DAY_YEAR = (
    rf"{_MONTH}(?: \d{{1,2}}(?:st|nd|rd|th)?(?: ?(?:[–-]|and|to) ?\d{{1,2}}(?:st|nd|rd|th)?)?)?"
    rf"[,']? ?(?:of |in )?'?{_YEAR}\b"
)
_ROMAN = r"[IVX]{1,5}"
_SHORTENED = r"(?:figs?|eqs?|vol|nos?|nrs?|apt|pp?)\."
_LABELLED = (
    r"type|phase|phases|stage|stages|grade|grades|class|group|groups|cohort|part|parts|step|steps|chapter|section|sections"
    r"|table|tables|fig|figs|figure|figures|appendix|box|equation|eq|study|experiment|case|visit|wave|model"
    r"|criterion|question|item|items|version|level|levels|cluster|factor|axis|title|example|objective|aim|hypothesis"
    r"|compound|compounds|chromosome|exon|intron|fraction|panel|arm|session|round|schedule|category|tier|priority"
    r"|supplement|suite|room|apt|unit|route|highway|windows|spss|stata|sas|covid|omega|vitamin|interleukin|complex"
    r"|form|rule|article|act|volume|vol|issue|no|nr|nos|number|pp?|page|pages|line|lines|point|lesson|module|grades"
    r"|time|trial|patient|subject|participant|algorithm|schedule|band|area|areas|layer|layers|region|cell|release|scenario"
)
_UNIT_AFTER = (
    r"(?:fold|x\b|×|years?|yrs?|months?|weeks?|wks?|days?|nights?|hours?|hrs?|h\b|d\b|y\b|min\b|mins?|minutes?|seconds?"
    r"|sec|s\b|ms\b|kg|g\b|mg|mcg|µg|ug|ng|ml|mL|cm|mm|km|m\b|IU|mmHg|Hz|percent|per|point|in-|out-|to-|and-|or-|pound|gram"
    r"|milligram|microgram|litre|liter|millilitre|kilogram|decade|mo\b|wk\b|yr\b|% |%)"
)

_CLOCK = r"o'clock|(?:in the (?:early )?(?:morning|evening|afternoon)|at (?:night|noon))\b"
_HOURS = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"

_DIGIT_LED = (
    # Identifiers, karyotypes, telephone numbers.
    r"\b\d{9,}\b(?! ?(?:people|patients|persons|%))",
    r"\b4\d,X[XYO]*\b",
    r"\b10\.\d{4,9}/\S+",
    r"\b(?:1[ .-])?\d{3}[.-]\d{3}[.-]\d{4}\b",
    # List numbers.
    r"(?:^|(?<=[.!?:;] )|(?<=\n))\d{1,2}[.)](?= +[A-Za-z(])(?! ?\d)|(?<=[,;:] )\d\)(?= [A-Za-z])",
    # The ends of a rating scale, a level of significance.
    (
        r"(?<![\w.])\d+(?: ?[–-] ?| to )\d+(?: ?(?:mm|cm|point))?[ -]"
        r"(?:(?:visual|numeric\w*|analog\w*|verbal|rating|pain) )*(?:scales?|NRS|VAS|Likert)\b"
    ),
    (
        r"\b(?:\d+(?:\.\d+)? ?(?:%|per ?cent) significance|(?:0?\.\d+|1|5|10) ?(?:%|per ?cent)) levels?\b"
        r"(?! of)"
    ),
    # Powers of ten: of "1.5 × 10^9" the 1.5 is left.
    r"\b10(?:\^ ?-?\d+|\(-?\d+\)|⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)(?![\d.])",
    # Dates, years, times of day.
    rf"\b{_YEAR}[-/]\d\d[-/]\d\d\b|\b\d{{1,2}}(?P<dot>[/.-])\d{{1,2}}(?P=dot)\d{{2,4}}\b",
    rf"\b\d{{1,2}}(?:st|nd|rd|th)?(?: ?[–-] ?\d{{1,2}})? (?:of )?{_MONTH_DAY_YEAR}",
    rf"\b\d{{1,2}}(?:st|nd|rd|th)?(?: (?:to|and) \d{{1,2}}(?:st|nd|rd|th)?| ?[–-] ?\d{{1,2}})? (?:of )?{_MONTH}\b",
    rf"\b{_YEAR} and {_YEAR}\b(?= )(?! ?%)",
    rf"\b{_YEAR}(?:'?s\b)|\b\d0'?s\b|\b{_YEAR} ?[–/-] ?(?:{_YEAR}|\d\d)\b(?! ?%|\.\d)",
    rf"\b\d{{1,2}}:\d\d(?::\d\d)?(?: ?[ap]\.?m\.?)?|\b\d{{1,2}} ?(?:a\.m\.|p\.m\.|am\b|pm\b|{_CLOCK})",
    r"\b24/7\b|\b\d{1,4}(?:st|nd|rd|th)\b(?! ?(?:percentile))",
    # Journal references: volume(issue):pages; statutes.
    r"\b\d{1,4} ?\(\d{1,3}\) ?: ?[es]?\d+(?:[–-]\d+)?|\b\d+ CFR(?: part)? ?[\d.]*",
    # Names with a digit: 5-HT2A, 3,4-methylene..., 7-point scale.
    rf"(?<![\w.,])\d+(?:,\d+)*'?-(?!{_UNIT_AFTER})\(?[A-Za-zα-ω][\w()-]*",
    r"(?<![\w.,])\d+-?HT\w*|\b\d+D\b",
    (
        r"(?<![\w.])\d+(?:\.\d+)?-(?:point|item|question|statement|step|factor|lead|channel|digit|gauge)s?"
        r"(?: (?:numeric\w*|likert\w*|scale|rating|version))*"
    ),
    r"\b\d+(?:\.\d+)?[ -]?(?:[Tt]esla|T(?= (?:MRI|MR|scanner|magnet)))\b",
    r"\b\d+ [A-Z][a-z]+ (?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Drive)\b",
)
_WORD_LED = (
    r"https?://\S+|www\.\S+|(?:doi|DOI|PMID|PMCID|pmid)[: ]+\S*\d\S*",
    r"(?:NCT|ISRCTN|ACTRN|CRD|PMC|ChiCTR\S*|UMIN|EudraCT)[- ]?\d[\d-]*",
    r"(?:call|dial|text|phone|tel\.?:?) (?:us (?:at|on) |to )?\d{3}(?:[ .-]\d{3,4}){0,2}\b",
    r"(?:scales?|rated|scored|NRS|VAS) (?:\(?(?:from|of|ranging from|running from) )(?:\d+|zero) ?(?:to|[–-]) ?\d+",
    r"(?i:corona ?virus disease) (?:20)?19\b",
    rf"{_MONTH_DAY_YEAR}|mid-?\d0s\b",
    (
        rf"{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?: ?(?:[–-]|to|and) ?(?:{_MONTH} )?\d{{1,2}}(?:st|nd|rd|th)?)?"
        r"\b(?![.,]?\d| ?%)"
    ),
    r"pp?\. ?\d{2,}(?:[–-]\d+)?",
    # A word that carries a number: type 2 diabetes, phase 2/3, Table 4, stages 1 and 2, vitamin B12.
    (
        rf"(?!(?i:groups?|arms?) \d{{3}})(?i:{_SHORTENED}|(?:{_LABELLED})\b)[ -]?(?:{_ROMAN}\b"
        r"|\d+(?:\.\d+)*[a-zA-Z]?(?:(?: ?[/,–-] ?| (?:and|or|to|vs\.?|versus) )\d+[a-z]?\b(?! ?%))*)"
        r"(?![\w%]| ?%|,\d{3}|\.\d| (?:mg|mcg|g|kg|ml|years?|weeks?|months?|days?|hours?|minutes?|of \d)\b"
        r"| ?(?:[–-]|to|or|and) ?\d+ (?:mg|mcg|g|kg|ml|years?|weeks?|months?|days?|hours?|minutes?)\b)"
    ),
    # Test statistics' degrees of freedom; powers.
    r"[tFzZ] ?\(\s*\d[\d., ]*\)|R2\b|I2\b",
    # A formula's constant: mL/min/1.73 m2.
    r"per 1\.73 ?m(?:2|²|\^2)",
    # Names with a digit: COVID-19, PHQ-9, C57BL/6, CYP2D6, DSM-5-TR, SF-36, SARS-CoV-2.
    (
        r"(?<![.-])(?!(?:kg|g|ml|l|L|dl|min|h|d|day|m|sec|s)-1|(?:[\wµ]{1,5}/)?m2\b)"
        r"(?!(?:[kmµun]?g|mcg|IU)/ ?\d|[\w/]*/ ?1\.73|(?i:day|week|month|year|hour)-\d{1,3}\b)"
        r"[A-Za-zα-ωΑ-Ω][\w'./]*?(?:-[A-Z]\w*)*-?(?<![=<>≤≥~])\d[\w-]*(?:/\d+)?(?!\.\d)"
    ),
)
_SIGN_LED = (
    r"/ ?1\.73 ?m(?:2|²|\^2)",
    r"(?<![\w.])(?:\+\d{1,3}[ .-]?)?\(\d{3}\)[ .-]?\d{3}[ .-]\d{4}\b|\+\d{1,3}(?:[ .-]\d{2,4}){2,5}\b",
    r"\[\s*\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*\s*\](?!\d)",
    r"(?:^|(?<=[ :;,]))\((?:\d|i{1,3}|iv|v|[a-h])\)(?= [A-Za-z])",
    r";\d+(?:\(\d+\))?:[es]?\d+(?:[–-]\d+)?|§+ ?[\d.]+",
    r"\[\d+[A-Z][a-z]?\]\S*",
)
_NOISE = regex(
    rf"(?=\d)(?:{'|'.join(_DIGIT_LED)})|(?<!\w)(?=[^\W\d_])(?:{'|'.join(_WORD_LED)})|(?=[^\w\s])(?:{'|'.join(_SIGN_LED)})"
    r"|[χτ]2(?: ?\(\d+(?:, ?\w+ ?= ?\d+)?\))?"
)
"""What has digits and is no quantity. Each part is tried only where its first character fits: texts are many."""

_NOISY_WORDS = regex(
    r"(?<!\w)(?=[a-zA-Z])(?:"
    r"(?:first|second|third|fourth|latter|former|other|better)[ -](?:half|halves|quarters?)\b"
    r"|half-(?!hour|day|year|an\b)\w+"
    r"|halfway\b|[Cc][Oo][Vv][Ii][Dd][ -]nineteen\b|\w+-point (?:likert |rating |numeric\w* |pain )*scales?\b"
    rf"|{_HOURS} (?:{_CLOCK})"
    r"|(?:one|two) (?:another|way or (?:the other|another))\b"
    r"|(?:[Nn]o|[Aa]ny|[Ee]very|[Ss]ome|[Ee]ach|this|that|which|the)[ -]one\b"
    r"|one (?:of the(?! \d)|of our|of these|of those|of its|of their|of several|of many|can|may|might|could|should"
    r"|would|must|needs)"
    r"|one-(?:sided|tailed|way|time|off|to-one)\b|two-(?:sided|tailed|way|fold(?=: ))\b|three-(?:way|dimensional)\b"
    r"|double-?(?:blind|dummy|edged)\w*|triple-blind\w*|single-(?:blind|dose)\w*)"
)
_ANY_NOISY_WORD = regex(rf"half|one\b|two|three|double|triple|single|quarter|nineteen|-point|{_CLOCK}")
_ANY_DIGIT = regex(r"\d")
_ANY_YEAR = regex(_YEAR)
_COUNTS = (
    r"(?! per\b)"
    r"(?! (?:[a-z]+ ){0,3}(?:patients|participants|adults|people|persons|individuals|women|men|children|subjects"
    r"|adolescents"
    r"|respondents|students|cases|controls|deaths|records|articles|studies|m|km|cm|mm|mg|ml|mcg|g|kg|kcal|IU|steps|points|responses"
    r"|births|households|families|veterans|workers|nurses|physicians|infants|girls|boys|youths|citations|publications"
    r"|abstracts|titles|hours|days|users|volunteers|pregnancies|twins|pairs)\b)"
)
"""What does not follow a year: "in 1973 patients" counts."""
_LONE_YEAR = regex(rf"(?<![\w.,$£€=<>≤≥/-])(?<![=<>≤≥] ){_LATE_YEAR}(?![\w%]|,\d{{3}}|\.\d| ?%){_COUNTS}")
_AFTER_IN = regex(
    rf"(?:(?<=\b[Ii]n )|(?<=\b[Ss]ince )|(?<=\bduring )|(?<=\buntil ))(?:early |late |mid-?)?{_YEAR}(?:/{_YEAR})?"
    rf"(?![\w%]|,\d{{3}}|\.\d| ?%){_COUNTS}"
)


def plain(text: str) -> str:
    """`text` with one spelling for minus, space, micro, tilde and decimal point; as long as before."""
    text = _LOOSE_MINUS.sub(" -", _DECIMAL_COMMA.sub(".", _RAISED_POINT.sub(".", text.translate(_SIGNS))))
    return _OR_EQUAL.sub(_one_sign, _DOTTED.sub(r"\1,\2", text))


def _one_sign(match: re.Match[str]) -> str:
    return ("≤" if match["sign"] == "<" else "≥").ljust(len(match[0]))


def masked(text: str) -> str:
    """Plain `text` with all that only looks like a quantity replaced by blanks; as long as before."""
    if _ANY_DIGIT.search(text):
        has_year = _ANY_YEAR.search(text) is not None
        if has_year:
            text = _AFTER_IN.sub(_blank, text)
        text = _NOISE.sub(_blank, text)
        if has_year:
            text = _LONE_YEAR.sub(_blank, text)
    if _ANY_NOISY_WORD.search(text):
        text = _NOISY_WORDS.sub(_blank, text)
    return text


def _blank(match: re.Match[str]) -> str:
    return BLANK * len(match[0])
