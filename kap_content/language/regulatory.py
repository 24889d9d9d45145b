"""What regulators decided, as prose states it: "the FDA has approved", "is licensed for", "the CDC recommends"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kap_content.language.assertion import is_supposed
from kap_content.language.phrases import Found, find, is_quoted, list_pattern
from kap_content.language.subject import subjects_of
from kap_content.language.vocabulary import words
from kap_content.model.lexicon import Lexicon, SubjectKind
from kap_content.startup.regex import regex


@dataclass(frozen=True, slots=True)
class Decision:
    """A regulator's decision in a sentence: where, its words, and the jurisdiction, "" where none is told.

    `is_advice` tells that an authority recommends something rather than decides on a product. `names_product` tells
    whether the sentence says which product, by its name or as one named before ("this drug").
    """

    start: int
    end: int
    words: str
    jurisdiction: str
    is_advice: bool
    names_product: bool


def decision(text: str, lexicon: Lexicon) -> Decision | None:
    """The decision or advice of an authority that `text` states outright, or None."""
    if _NOT_REGULATORY.search(text) or _ASKED.search(text) or _NO_DRUG.search(text):
        return None
    found = _of_agency(text, lexicon) or _alone(text, lexicon)
    if found is None or is_quoted(text, found.start, found.end) or _RELATIVE.search(text[: found.start]):
        return None
    if not found.is_advice and (is_supposed(text, found.start, lexicon) and not _ONLY.search(text[: found.start])):
        return None
    return found


_RELATIVE = regex(
    r"\b(?:pending|submi\w+|seek\w*|expect\w*)\b[^.;]*$|\b(?:for which|from what|than what|than"
    r"|whether)\b[^.,;]{0,40}$|\bthat (?:is|are) (?:not )?$",
    re.IGNORECASE,
)
"""What tells which products are meant, and decides nothing: "for which it is not approved"."""
_ONLY = regex(r"\bonly\b[^.;]*$", re.IGNORECASE)
_NOT_REGULATORY = regex(
    (
        r"\b(?:ethic(?:s|al)|review board|IRB|institutional|committee|board-certified|insur(?:er|ers|ance)|medicare"
        r"|medicaid|your doctor|protocol was|informed consent|study was approved)\b"
    ),
    re.IGNORECASE,
)
_ASKED = regex(
    r"^\W*(?:ask|check|find out|see|look up|look for|make sure|choose|buy|visit)\b|\b(?:make|be"
    r"|making) (?:it )?sure\b|\bcheck\s?(?:to|that|if|whether)"
    r"|\b(?:use|choose|buy) (?:a|an|only) [\w ]{1,20}\b(?:that|which)\b|\blisted (?:below|above)\b|\b(?:below"
    r"|above) have been\b",
    re.IGNORECASE,
)
"""What the reader is to look up, and what a list that follows tells."""
_NO_DRUG = regex(
    r"\b(?:images?|pictures?|logos?|photos?|photographs?|software|music|fonts?|trademarks?)\b[^.;]{0,60}\blicen[sc]ed"
    r"|\b(?:policy|policies) requires?\b|\bapproved for (?:testing|use in (?:trials|studies))\b"
    r"|\b(?:must|has to|have to) (?:first )?(?:approve|be approved|clear|license)\b|\bbefore (?:it|they|a \w+) can be"
    r"|\b\w+(?:ists?|ians?|ers?|nurses?|doctors?) (?:are|is) licensed\b"
    r"|\b[A-Z]{2,5}['’]s recommended\b|\bwhat (?:[A-Z]{2,5} )?(?:approval|clearance) means\b"
    r"|\b(?:[Nn]ot all|[Ss]ome|[Mm]any|[Mm]ost) (?:\w+ )?(?:treatments|drugs|medicines|medications|products"
    r"|devices|of them|of these)\b"
    r"|\b(?:approved|cleared),?\s(?:[\w,-]+\s){0,4}(?:trials?|stud(?:y|ies)|laborator\w+)\b|:\s*$"
    r"|\b[Tt]he following (?:drugs|medications|medicines)|\bcombination of|\bCMS (?:like|such as|platform"
    r"|software)|\bcriteria\b"
)
"""Licences of pictures and programs, the rules of an office, what a word means, and what is said of some only."""


# --- with an agency ---

_REACH = 8
"""Words that may stand between an agency and its verb."""
_BY = regex(r"[^.;,]{0,60}\b(?:by|from|with) (?:the |US |U\.S\. |UK |European |United States )*", re.IGNORECASE)
_FINITE = regex(
    r"(?:\b(?:is|are|was|were|been|be|being|not|also|first|fully|recently|newly|now|currently|already|both|has|have|had)\s+$|^\W*$|[,:–—]\s*$)",
    re.IGNORECASE,
)
"""What makes "approved by the FDA" a statement: "is approved by", or the line's beginning; not "drugs approved by"."""
_NOUNS = frozenset({"approval", "clearance", "designation", "licensing"})
_HELD = regex(
    r"\b(?:has|have|had|receiv\w*|obtain\w*|gain\w*|grant\w*|got|won|with|without|given|awarded|lacks?|no|under|awaiting|earned)\s+(?:[\w-]+\s+){0,2}$",
    re.IGNORECASE,
)
_HELD_AFTER = regex(r"\s+(?:in|on|of|was|is|came)\b", re.IGNORECASE)
_LICENSED_PERSON = regex(
    (
        r"\blicen[sc]ed (?:\w+ ){0,3}(?:therapist|physician|psychologist|psychiatrist|professional|provider|clinician"
        r"|nurse|counsell?or|social worker|practitioner|doctor|pharmac)"
    ),
    re.IGNORECASE,
)
_DUTY = regex(
    r"grants?\s+(?:[\w()-]+\s+){0,6}to (?:drugs?|medical devices|products|treatments|biologics)\b|regulat\w+\b"
    r"|(?:approves?|clears?|licenses?|authori[sz]es?|recalls?)\s+(?:(?:all|most|new|some)\s+)?(?:medicines|drugs"
    r"|medications"
    r"|(?:medical )?devices|products|treatments|supplements|vaccines|foods?)\b",
    re.IGNORECASE,
)
"""What an agency is there for; no decision of it."""
_ADVICE = regex(
    r"recommend\w*|not recommend|advis\w+(?: against)?|endors\w*|warn\w*|restrict\w*|requir\w*", re.IGNORECASE
)
_WARNING = regex(r"warnings?", re.IGNORECASE)
_ISSUED = regex(r"\b(?:issue[sd]?|published|added|placed|gave|sent|released)\b[^.;]*$", re.IGNORECASE)
"""A warning that an agency issues is told; one that is only named ("the FDA warning period") is not."""
_LONG = 60


def _of_agency(text: str, lexicon: Lexicon) -> Decision | None:
    agency = next(find(text, lexicon.terms("agencies")), None)
    if agency is None:
        return None
    verbs = (found for found in find(text, lexicon.terms("approval-verbs")) if _is_said_of(agency, found, text))
    verb = next(verbs, None)
    if verb is None or _DUTY.match(text, verb.start):
        return None
    if _WARNING.fullmatch(verb.text) and _ISSUED.search(text[: verb.start]) is None:
        return None
    start, end = min(agency.start, verb.start), max(agency.end, verb.end)
    if text[agency.end : verb.start] == "-" and verb.text.lower() == "recommended":
        return None
    hyphened = _HYPHEN.fullmatch(text, agency.end, verb.start) is not None and verb.text.lower() in _ATTRIBUTES
    if hyphened and _is_class(text, start, end):
        return None
    return Decision(
        start,
        end,
        text[start:end] if end - start <= _LONG else f"{agency.text} … {verb.text}",
        agency.term.suggestion,
        _ADVICE.fullmatch(verb.text) is not None,
        _names_product(
            text,
            lexicon,
            start,
            end,
            after=agency.start < verb.start and not hyphened and verb.text.lower() not in _NOUNS,
        ),
    )


_HYPHEN = regex(r"(?:\s*\([A-Za-z.-]+\))?[- ]")
_ATTRIBUTES = frozenset({"approved", "cleared", "licensed", "authorised", "authorized"})


def _is_said_of(agency: Found, verb: Found, text: str) -> bool:
    """Whether the verb is the agency's and finite: "the FDA has approved", "is approved by the FDA", "FDA-approved"."""
    if _LICENSED_PERSON.match(text, verb.start):
        return False
    if verb.text.lower() in _NOUNS and agency.end <= verb.start and len(text[agency.end : verb.start]) <= 1:
        return _HELD.search(text[: agency.start]) is not None or _HELD_AFTER.match(text, verb.end) is not None
    if agency.end <= verb.start:
        between = text[agency.end : verb.start]
        if verb.text.lower() in _NOUNS and _GRANTS.search(between) is None:
            return False
        return len(between.split()) <= _REACH and _ABOUT.search(between) is None
    return _BY.fullmatch(text[verb.end : agency.start]) is not None and _FINITE.search(text[: verb.start]) is not None


_GRANTS = regex(r"\b(?:grant\w*|gave|issued|awarded|announced|withdrew)\b", re.IGNORECASE)
_ABOUT = regex(r"['’]s\b|\b(?:website|information|latest|guide|list|page)\b|[,;]", re.IGNORECASE)


# --- without one ---

_STATUS = regex(
    r"\b(?:is|are|was|were|been)\s+(?:(?:not|also|only|now|currently|already)\s+){0,2}"
    r"(?:licen[sc]ed|approved|authori[sz]ed)\s+"
    r"(?:(?:in|within|across)\s+(?:the\s+)?[A-Z][\w.]*(?:\s+[A-Z][\w.]*){0,3}\s+)?(?:only\s+)?"
    r"(?:for\s+(?!publication|funding|payment|release)|to\s+(?:treat|lower|reduce|prevent|help|relieve|manage|control"
    r"|ease|slow|stop)\b)"
)
"""A status with words between: "is licensed in the UK for adults", "is not licensed for women"."""


def _alone(text: str, lexicon: Lexicon) -> Decision | None:
    alone = next(find(text, lexicon.terms("approval-alone")), None)
    if alone is None:
        status = _STATUS.search(text)
        if status is None:
            return None
        said = status[0].strip()
        start, end = status.start(), status.start() + len(said)
        return Decision(start, end, said, "", is_advice=False, names_product=_names_product(text, lexicon, start, end))
    if "designation" in alone.text.lower() and _HELD.search(text[: alone.start]) is None:
        return None
    if _LATELY.fullmatch(alone.text) and _FINITE.search(text[: alone.start]) is None:
        return None
    of_fda = alone.text.upper().startswith("FDA")
    if alone.text[-8:].lower() in ("approved", "-cleared", " cleared") and _is_class(text, alone.start, alone.end):
        return None
    if (
        of_fda
        and alone.text.lower().endswith("approval")
        and _HELD.search(text[: alone.start]) is None
        and _HELD_AFTER.match(text, alone.end) is None
    ):
        return None
    named = _names_product(text, lexicon, alone.start, alone.end)
    return Decision(
        alone.start, alone.end, alone.text, "United States" if of_fda else "", is_advice=False, names_product=named
    )


_LATELY = regex(r"(?:newly|recently|first) approved", re.IGNORECASE)
_CLASS = regex(
    r"\s+(?:[\w-]+\s+){0,3}?(?:drugs|medicines|medications|treatments|therapies|products|devices|vaccines|tests|options|lasers|kits)\b",
    re.IGNORECASE,
)
_OF_THEM = regex(
    r"\b(?:is|are|was|were)\s+(?:not |all |both |the |an? )*$|\b(?:no|only|first|sole|one|two|three|our|we"
    r"|us)\s+(?:[\w-]+\s+){0,2}$|\b(?:our|we|us)\b",
    re.IGNORECASE,
)


def _is_class(text: str, start: int, end: int) -> bool:
    """Whether "FDA-approved" only tells which of a class are meant ("FDA-approved drugs"): no decision is stated."""
    return _CLASS.match(text, end) is not None and _OF_THEM.search(text[:start]) is None


# --- the product ---

_PRODUCT = regex(
    r"\b[A-Z][a-z]+(?:[A-Z]\w*)?®|\b\w+(?:mab|nib|pram|oxetine|azepam|azolam|iptyline|statins?|amfetamine|amphetamine|sterone|prazole|sartan|gliptin|tide|triptan|caine|ketamine|idone|apine|ephedra|barbital|setron)\b|\bscreening\b",
    re.IGNORECASE,
)
_BEFORE = regex(r"(?:[\w’'%®(),.-]+\s+){0,12}$")
_AFTER = regex(r"(?:\s+(?!(?:for|to|in|as|that|on|by|when|because|after|and)\b)[\w’'%®-]+){1,9}", re.IGNORECASE)
_NAMED_BEFORE = regex(r"\b(?:it|they|these|those|this|which|who|no|any|none)\b", re.IGNORECASE)
"""A product named before, or none at all: "no drug has been approved"."""
_THIS_PRODUCT = regex(
    r"\b(?:this|these) (?:drug|medicine|medication|treatment|device|product|test|vaccine|compound)s?\b", re.IGNORECASE
)
_WORD = regex(r"[\w’'®-]+")
_NO_NAME = words(
    "a an the of and or for to in on by with at from as that its their his her our your my no not never also "
    "only now currently recently already "
    "both still yet been be is are was were has have had being newly fully even so far by since although while "
    "however but because at this time "
    "today there fda ema mhra food drug administration agency commission health government american european "
    "states united kingdom us uk "
    "unfortunately importantly fortunately despite until form doctors physicians clinics patients regulators "
    "what children adults people women men "
    "january february march april may june july august september october november december called known"
)
"""Words that name no product."""


def _names_product(text: str, lexicon: Lexicon, start: int, end: int, *, after: bool = False) -> bool:
    """Whether a product is named beside the decision: one of the tables, one by its ending, or any word of its own."""
    if subjects_of(lexicon).named(text, SubjectKind.INTERVENTION) or _PRODUCT.search(text):
        return True
    before = _BEFORE.search(text[:start])
    region = _AFTER.match(text, end) if after else before
    said = region[0] if region is not None else ""
    if not after:
        following = _AFTER.match(text, end)
        said += (
            f" {following[0]}"
            if following is not None and text[end - 8 : end].lower().endswith(("proved", "eared"))
            else ""
        )
    if not said.strip() or _NAMED_BEFORE.search(said) or _THIS_PRODUCT.search(text):
        return True
    kinds = list_pattern(lexicon.terms("product-classes"))
    return any(
        word.lower() not in _NO_NAME and not word.isdigit() and kinds.fullmatch(word) is None
        for word in _WORD.findall(said)
    )
