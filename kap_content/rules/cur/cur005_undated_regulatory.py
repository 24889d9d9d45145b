"""CUR005: a regulator's decision without its date, product or jurisdiction."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kap_content.language.clinical import ClinicalSentence
from kap_content.language.phrases import Found, find, is_dated, is_quoted
from kap_content.language.prose import place_in, stated
from kap_content.language.subject import subjects_of
from kap_content.language.vocabulary import words
from kap_content.model.finding import Severity
from kap_content.model.lexicon import SubjectKind
from kap_content.model.page import Page
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, page_rule
from kap_content.startup.regex import regex

_COUNTRY = regex(
    r"\b(?:United States|U\.S\.|US|USA|America|United Kingdom|UK|England|Scotland|Wales|Britain|Great Britain"
    r"|European Union|EU|Europe|Canada|Australia|New Zealand|Japan|China"
    r"|India|Brazil|Germany|France|Italy|Spain|Netherlands|Switzerland|Sweden|Norway|Denmark|Ireland|Israel|Mexico"
    r"|South Africa|American|British|European|Canadian|Australian|state of \w+)\b"
)
_NOT_REGULATORY = regex(
    (
        r"\b(?:ethic(?:s|al)|review board|IRB|institutional|committee|board-certified|insur(?:er|ers|ance)|medicare"
        r"|medicaid|your doctor|protocol was|informed consent|study was approved)\b"
    ),
    re.IGNORECASE,
)
_LICENSED_PERSON = regex(
    (
        r"\blicen[sc]ed (?:\w+ ){0,3}(?:therapist|physician|psychologist|psychiatrist|professional|provider|clinician"
        r"|nurse|counsell?or|social worker|practitioner|doctor|pharmac)"
    ),
    re.IGNORECASE,
)
_REACH = 8
"""Words that may stand between an agency and its verb."""
_BY = regex(r"[^.;]{0,60}\b(?:by|from|with|of) (?:the |US |U\.S\. |UK |European |United States )*", re.IGNORECASE)
_EXAMPLE = "“On 5 March 2019 the FDA approved esketamine (Spravato) in the United States”"
_NOUNS = frozenset({"approval", "clearance", "designation", "licensing"})
_HELD = regex(
    r"\b(?:has|have|had|receiv\w*|obtain\w*|gain\w*|grant\w*|got|won|with|without|given|lacks?|no|under|awaiting|earned)\s+(?:[\w-]+\s+){0,2}$",
    re.IGNORECASE,
)
_HELD_AFTER = regex(r"\s+(?:in|on|for|of|was|is|came)\b", re.IGNORECASE)
_STATUS = regex(
    r"\b(?:is|are|was|were|been)\s+(?:(?:not|also|only|now|currently|already)\s+){0,2}"
    r"(?:licen[sc]ed|approved|authori[sz]ed)\s+"
    r"(?:(?:in|within|across)\s+(?:the\s+)?[A-Z][\w.]*(?:\s+[A-Z][\w.]*){0,3}\s+)?(?:only\s+)?"
    r"(?:for\s+(?!publication|funding|payment|release)|to\s+(?:treat|lower|reduce|prevent|help|relieve|manage|control"
    r"|ease|slow|stop)\b)"
)
"""A status with words between: "is licensed in the UK for adults", "is not licensed for women"."""
_DUTY = regex(
    r"regulat\w+\b|(?:approves?|clears?|licenses?|authori[sz]es?|recalls?)\s+(?:(?:all|most|new|some)\s+)?(?:medicines|drugs|medications"
    r"|(?:medical )?devices|products|treatments|supplements|vaccines|foods?)\b",
    re.IGNORECASE,
)
"""What an agency is there for; no decision of it."""
_NO_DRUG = regex(
    r"\b(?:images?|pictures?|logos?|photos?|photographs?|software|music|fonts?|trademarks?)\b[^.;]{0,60}\blicen[sc]ed"
    r"|\b(?:policy|policies) requires?\b|\bapproved for (?:testing|use in (?:trials|studies))\b"
    r"|\b(?:must|has to|have to) (?:first )?(?:approve|be approved|clear|license)\b|\bbefore (?:it|they|a \w+) can be"
    r"|\b\w+(?:ists?|ians?|ers?|nurses?|doctors?) (?:are|is) licensed\b"
    r"|\b[A-Z]{2,5}['’]s recommended\b|\bwhat (?:[A-Z]{2,5} )?(?:approval|clearance) means\b"
)
"""Licences of pictures and programs, the rules of an office, and what a word means."""
_CLASS = regex(
    r"[- ](?:approved|cleared|licen[sc]ed|authori[sz]ed)\s+(?:[\w-]+\s+){0,2}?(?:drugs|medicines|medications|treatments"
    r"|therapies|products|devices|vaccines|tests|options)\b",
    re.IGNORECASE,
)
"""All that are approved, with a date beside it: no product is left out ("as of 2010, other FDA-approved drugs")."""
_ASKED = regex(r"^\W*(?:ask|check|find out|see|look up)\b[^.;]*\b(?:whether|if)\b", re.IGNORECASE)
_PRODUCT = regex(
    r"\b[A-Z][a-z]+(?:[A-Z]\w*)?®|\b\w+(?:mab|nib|pram|oxetine|azepam|azolam|iptyline|statins?|amfetamine|amphetamine|sterone|prazole|sartan|gliptin|tide|triptan|caine|ketamine|idone|apine|ephedra|barbital|setron)\b|\bscreening\b",
    re.IGNORECASE,
)


_NAME = regex(r"(?:(?<=[a-z,;:] )|(?<=\())[A-Z][\w-]*[a-z]\w*")
_SUBJECT = regex(r"^\W*([A-Z][\w-]{3,})\b(?:,? [\w%.-]+,?){0,5}? (?:is|was|has|are|were|have) ")
_NO_NAME = words(
    "january february march april may june july august september october november december monday tuesday wednesday "
    "thursday friday saturday sunday food drug administration agency commission health government congress president "
    "court federal national international medicines medicine devices drugs union states kingdom north south east west "
    "treatment treatments therapy therapies medication medications this that these those they both several there many "
    "most some each either neither other another none nothing only because although while however when since after "
    "before unlike like with without under such every recently currently today also still until version form doctors "
    "physicians clinics patients regulators our your their which what unfortunately importantly fortunately despite"
)
"""Words that begin with a capital and name no product."""


@dataclass(frozen=True, slots=True)
class _Statement:
    start: int
    end: int
    words: str
    jurisdiction: str


@page_rule("CUR005", "undated-regulatory", Severity.ERROR)
def undated_regulatory(page: Page, context: Context) -> Iterator[Hit]:
    """A clinical sentence states a regulator's decision and leaves out its date, the product or the jurisdiction.

    Agencies are the list `agencies` (an agency implies its territory), what they do the lists `approval-verbs` and
    `approval-alone`. Statements that a use is not approved count: such a status can change.

    Why: approvals are granted and withdrawn, for one product in one country.

    Fix: add what is missing: "On 5 March 2019 the FDA approved esketamine (Spravato) in the United States".

    Example:
        The FDA has approved a form of ketamine.

        the statement of a regulator’s decision (“FDA has approved”) gives no date
    """
    for sentence in stated(page):
        statement = _statement(sentence, context)
        if statement is None:
            continue
        missing = []
        if not is_dated(sentence.text):
            missing.append("date")
        if not _names_product(sentence, context) and not (_CLASS.search(sentence.text) and not missing):
            missing.append("product")
        if not (statement.jurisdiction or _COUNTRY.search(sentence.text)):
            missing.append("jurisdiction")
        if not missing:
            continue
        lacks = " and no ".join(missing)
        yield Hit(
            place_in(page, sentence, statement.start, statement.end),
            f"the statement of a regulator’s decision (“{statement.words}”) gives no {lacks}",
            help=f"Add the {' and the '.join(missing)}: {_EXAMPLE}.",
            claim=sentence.claims[0] if sentence.claims else "",
            about=f"regulatory {sentence.text}",
        )


def _statement(sentence: ClinicalSentence, context: Context) -> _Statement | None:
    text, lexicon = sentence.text, context.lexicon
    if _NOT_REGULATORY.search(text) or _ASKED.search(text) or _NO_DRUG.search(text):
        return None
    agency = next(find(text, lexicon.terms("agencies")), None)
    if agency is not None:
        verb = next(
            (found for found in find(text, lexicon.terms("approval-verbs")) if _is_said_of(agency, found, text)), None
        )
        if verb is None or is_quoted(text, verb.start, verb.end) or _DUTY.match(text, verb.start):
            return None
        start, end = min(agency.start, verb.start), max(agency.end, verb.end)
        words = text[start:end] if end - start <= 60 else f"{agency.text} … {verb.text}"  # noqa: PLR2004 - a readable length
        return _Statement(start, end, words, agency.term.suggestion)
    alone = next(find(text, lexicon.terms("approval-alone")), None)
    if alone is None:
        status = _STATUS.search(text)
        if status is None or is_quoted(text, status.start(), status.end()):
            return None
        words = status[0].strip()
        return _Statement(status.start(), status.start() + len(words), words, "")
    if is_quoted(text, alone.start, alone.end):
        return None
    implied = "United States" if alone.text.upper().startswith("FDA") else ""
    return _Statement(alone.start, alone.end, alone.text, implied)


def _is_said_of(agency: Found, verb: Found, text: str) -> bool:
    """Whether the verb is the agency's: "the FDA has approved", "approved by the FDA", "FDA-approved"."""
    if _LICENSED_PERSON.match(text, verb.start):
        return False
    if verb.text.lower() in _NOUNS and agency.end <= verb.start and len(text[agency.end : verb.start]) <= 1:
        return _HELD.search(text[: agency.start]) is not None or _HELD_AFTER.match(text, verb.end) is not None
    if agency.end <= verb.start:
        return len(text[agency.end : verb.start].split()) <= _REACH
    return _BY.fullmatch(text[verb.end : agency.start]) is not None


def _names_product(sentence: ClinicalSentence, context: Context) -> bool:
    """Whether a product is named: one of the tables, one by its ending, or a capital that is no agency and no place."""
    text = sentence.text
    if subjects_of(context.lexicon).named(text, SubjectKind.INTERVENTION) or _PRODUCT.search(text):
        return True
    known = [(found.start, found.end) for found in find(text, context.lexicon.terms("agencies"))]
    known += [match.span() for match in _COUNTRY.finditer(text)]
    subject = _SUBJECT.search(text)
    candidates = [(match[0], match.start()) for match in _NAME.finditer(text)]
    candidates += [(subject[1], subject.start(1))] if subject else []
    return any(
        word.lower() not in _NO_NAME and not any(low <= start < high for low, high in known)
        for word, start in candidates
    )
