"""What regulators decided, as prose states it: "the FDA has approved", "is licensed for", "the CDC recommends"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kap_content.language.assertion import is_supposed, names_treatment
from kap_content.language.phrases import Found, find, is_quoted
from kap_content.language.product_names import names_product
from kap_content.language.subject import subjects_of
from kap_content.model.lexicon import Lexicon
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
    found = _of_agency(text, lexicon) or _alone(text, lexicon)
    if found is None or is_quoted(text, found.start, found.end) or _RELATIVE.search(text[: found.start]):
        return None
    if _NOT_REGULATORY.search(text) or _ASKED.search(text) or _NO_DRUG.search(text):
        return None
    if _NO_PRODUCT.search(text[: found.start]) and not names_treatment(text[: found.start], lexicon):
        return None
    if not found.is_advice and is_supposed(_ONLY.sub("    ", text), found.start, lexicon):
        return None
    return found


_RELATIVE = regex(
    r"\b(?:pending|submi\w+|seek\w*|expect\w*|on the (?:cusp|verge) of|close to)\b[^.;]*$|\b(?:for which"
    r"|from what|than what|than"
    r"|whether)\b[^.,;]{0,40}$|\bthat (?:is|are) (?:not )?$"
    r"|\b(?:which|what) (?:[\w-]+ ){1,3}(?:is|are) (?:not )?$"
    r"|\b(?:populations?|groups?|patients|people|conditions?|uses?|indications?) (?:that |which )?(?:it|they) $",
    re.IGNORECASE,
)
"""What tells which products are meant, and decides nothing: "for which it is not approved"."""
_NO_PRODUCT = regex(
    r"\b(?:data|trials?|stud(?:y|ies)|protocols?|plans?|meetings?|sites?|registers?|registr(?:y|ies)|bod(?:y|ies)|clinics?|providers?|practitioners?|cent(?:er|re)s?|facilit(?:y|ies)|laborator(?:y|ies)|curriculum"
    r"|courses?|manufacturers?|budget|bill|law)\b(?:\s+[\w-]+){0,6}?\s+(?:(?:is|are|was|were|has|have|had)\b[^.;,]{0,20})?$",
    re.IGNORECASE,
)
"""What is approved as well, and is no product: data, a site, a plan."""
_ONLY = regex(r"\bonly\b", re.IGNORECASE)
"""Elsewhere it tells a condition; here it says for what alone a thing is approved."""
_NOT_REGULATORY = regex(
    (
        r"\b(?:ethic(?:s|al)|review board|IRB|HREC|institutional|committee|board-certified|insur(?:er|ers|ance)"
        r"|medicare"
        r"|medicaid|your doctor|protocol was|informed consent|study was approved|CE credits?|CME"
        r"|continuing education)\b"
    ),
    re.IGNORECASE,
)
_ASKED = regex(
    r"^\W*risks?:|^\W*(?:never|do not|don['’]t|avoid)\b"
    r"|^\W*(?:ask|check|confirm|verify|find out|see|look up|look for|make sure|choose|buy|visit)\b"
    r"|\b(?:make|be"
    r"|making) (?:it )?sure\b|\bcheck\s?(?:to|that|if|whether)"
    r"|\b(?:use|choose|buy) (?:a|an|only) [\w ]{1,20}\b(?:that|which)\b|\blisted (?:below|above|here)\b|\b(?:below"
    r"|above) have been\b",
    re.IGNORECASE,
)
"""What the reader is to look up, and what a list that follows tells."""
_NO_DRUG = regex(
    r"\b(?:images?|pictures?|logos?|photos?|photographs?|software|music|fonts?|trademarks?)\b[^.;]{0,60}\blicen[sc]ed"
    r"|\b(?:is|are) (?i:not) the FDA[- ]approved\b|\bpress release\b"
    r"|\b(?:policy|policies) requires?\b|\bapproved for (?:testing|use in (?:trials|studies))\b"
    r"|\b(?:must|has to|have to) (?:first )?(?:approve|be approved|clear|license)\b|\bbefore (?:it|they|a \w+) can be"
    r"|\b\w+(?:ists?|ians?|ers?|nurses?|doctors?) (?:are|is) licensed\b"
    r"|\bno (?:assurance|guarantee|certainty)\b|\b[Gg]rant\w*\s+(?:a\s+)?(?:[\w-]+\s+){0,3}(?:[Mm]eeting"
    r"|[Ww]aiver|[Ee]xtension)\b"
    r"|\b[A-Z]{2,5}['’]s recommended\b|\bwhat (?:[A-Z]{2,5} )?(?:approval|clearance) means\b"
    r"|\b[Cc]ompounded\b[^.;]*\bnot (?:been |themselves |individually )?(?:an? )?(?:FDA|approved|reviewed|evaluated)"
    r"|\b[Ss]upplements?\b[^.;]*\b(?:are|is|been)\b (?:not )?(?:[\w-]+[- ])?(?:approved|evaluated|reviewed)(?<=d)\b"
    r"|\bnot (?:[\w-]+[- ])?(?:approved|cleared|licensed) for (?:every|all|most)\b"
    r"|\b[Nn]ot all of (?:its|their|our|the)\b"
    r"|\b(?:[Nn]ot all|[Ss]ome|[Mm]any|[Mm]ost|[Ff]ew(?:er)?|[Mm]ore|[Ss]everal) "
    r"(?:\w+ )?(?:treatments|drugs|medicines|medications|products"
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
_NOUNS = frozenset({"approval", "clearance", "designation", "licensing", "authorization", "authorisation"})
_LICENSED_PERSON = regex(
    (
        r"\blicen[sc]ed (?:\w+ ){0,3}(?:therapist|physician|psychologist|psychiatrist|professional|provider|clinician"
        r"|nurse|counsell?or|social worker|practitioner|doctor|pharmac)"
    ),
    re.IGNORECASE,
)
_DUTY = regex(
    r"grants?\s+(?:[\w()-]+\s+){0,6}to (?:drugs?|medicines|therapies|medical devices|products|treatments"
    r"|biologics)\b|regulat\w+\b"
    r"|requires?\s+(?:(?:all|that|the|therapeutic|such|any)\s+)*(?:makers|sellers|goods|products|medicines|sponsors|manufacturers|companies|clinics"
    r"|providers|pharmacies|supplements|labels?|drugs|devices|foods?|cosmetics)\b"
    r"|(?:approves?|clears?|licenses?|authori[sz]es?)\s+an?\s+(?:new\s+)?(?:drug|device|medicine|product|treatment|vaccine)\b"
    r"(?!\s+(?:called|named|for|to)\b)"
    r"|(?:approves?|clears?|licenses?|authori[sz]es?|recalls?)\s+(?:(?:all|most|new|some)\s+)?(?:medicines|drugs"
    r"|medications"
    r"|(?:medical )?devices|products|treatments|supplements|vaccines|foods?|cosmetics)\b"
    r"|(?:approve|clear|license|authori[sz]e)\s+(?:[\w-]+\s+){0,2}[a-z]+s\b",
    re.IGNORECASE,
)
"""What an agency is there for; no decision of it."""
_ADVICE = regex(
    r"recommend\w*|not recommend|advis\w+(?: against)?|endors\w*|warn\w*|restrict\w*|requir\w*", re.IGNORECASE
)
_WARNING = regex(r"(?:(?:black[- ])?box(?:ed)?[- ])?warnings?", re.IGNORECASE)
_ISSUED = regex(r"\b(?:issue[sd]?|published|added|placed|gave|sent|released)\b[^.;,]{0,40}$", re.IGNORECASE)
"""A warning that an agency issues is told; one that is only named ("the FDA warning period") is not."""
_LONG = 60


def _of_agency(text: str, lexicon: Lexicon) -> Decision | None:
    agency = next(find(text, lexicon.terms("agencies")), None)
    if agency is None:
        return None
    verbs = (
        found for found in find(text, lexicon.terms("approval-verbs")) if _is_said_of(agency, found, text, lexicon)
    )
    verb = next(verbs, None)
    if verb is None or _DUTY.match(text, verb.start):
        return None
    if _SUBJECT.search(text[: agency.start]) and not text[verb.end :].strip(" .:…"):
        return None  # cut off before it says what
    if _WARNING.fullmatch(verb.text) and _ISSUED.search(text[: verb.start]) is None:
        return None
    start, end = min(agency.start, verb.start), max(agency.end, verb.end)
    if text[agency.end : verb.start] == "-" and verb.text.lower() == "recommended":
        return None
    is_subject = agency.start < verb.start and not _is_attribute(agency, verb, text) and verb.text.lower() not in _NOUNS
    return Decision(
        start,
        end,
        text[start:end] if end - start <= _LONG else f"{agency.text} … {verb.text}",
        agency.term.suggestion,
        _ADVICE.fullmatch(verb.text) is not None,
        names_product(text, lexicon, start, end, after=is_subject),
    )


_HYPHEN = regex(r"(?:\s*\([A-Za-z.-]+\))?[- ]")
_ATTRIBUTES = frozenset({"approved", "unapproved", "cleared", "licensed", "authorised", "authorized"})


def _is_attribute(agency: Found, verb: Found, text: str) -> bool:
    """Whether agency and verb are one word: "FDA-approved"."""
    return verb.text.lower() in _ATTRIBUTES and _HYPHEN.fullmatch(text, agency.end, verb.start) is not None


def _is_said_of(agency: Found, verb: Found, text: str, lexicon: Lexicon) -> bool:
    """Whether the verb is the agency's and finite: "the FDA has approved", "is approved by the FDA", "FDA-approved"."""
    if verb.text.lower() == "unapproved" and not _is_attribute(agency, verb, text):
        return False
    if _LICENSED_PERSON.match(text, verb.start) or text[: agency.start].endswith("-"):
        return False
    prefixed = text[verb.start - 1 : verb.start] == "-" and verb.start - 1 != agency.end
    if prefixed or text[agency.end : agency.end + 4] == ".gov":
        return False
    if agency.end > verb.start:
        return (
            _BY.fullmatch(text[verb.end : agency.start]) is not None and _FINITE.search(text[: verb.start]) is not None
        )
    between = text[agency.end : verb.start]
    if verb.text.lower() in _NOUNS:
        by_itself = _NAMED_SO.fullmatch(between) is not None and is_held(text, agency.start, verb.end)
        return by_itself or (
            _GRANTS.search(between) is not None and len(between.split()) <= _REACH and _ABOUT.search(between) is None
        )
    if _is_attribute(agency, verb, text) and (between == "-" or _SUBJECT.search(text[: agency.start]) is None):
        return is_stated_attribute(text, agency.start, verb.end, lexicon)
    return len(between.split()) <= _REACH and _ABOUT.search(between) is None and _PASSIVE.search(between) is None


_SUBJECT = regex(
    r"(?:^|[.;:,]\s|\b(?:that|when|as|since|after|and|but))\s*(?:the|US|U\.S\.)\s+(?:\w+\s+)?$", re.IGNORECASE
)
"""The agency with its article is who acts: "the FDA approved", where "an FDA approved drug" is a drug's attribute."""
_NAMED_SO = regex(r"\s?(?:[\w()-]+\s){0,7}")
"""What sort of approval it is: "FDA Breakthrough Device Designation"."""
_PASSIVE = regex(r"\w\s+(?:is|are|was|were|be)\s+(?:\w+\s+)?$", re.IGNORECASE)
"""Something else is the subject: "FDA review is required"."""
_GRANTS = regex(r"\b(?:grant\w*|gave|issued|awarded|announced|withdrew)\b", re.IGNORECASE)
_ABOUT = regex(
    r"['’]s\b|\s[—–|-]\s"
    r"|\b(?:listing|website|information|latest|guide|list|page|labels?|labell?ing|package insert|approval"
    r"|clearance|registration|pathway|status|approved)\b|[,;|]"
    r"|^\s*(?:to|can|may|might|will|would|could|must|should|shall)\b",
    re.IGNORECASE,
)


# --- an approval that is held ---

_HELD = regex(
    r"(?<!to )(?<!will )(?<!would )(?<!should )\b(?:has|have|had|received|receives|obtained|gained|won|earned|got"
    r"|secured|holds?|held|carries|carry|lacks|lacked|granted|given|awarded|denied|helped (?:to )?(?:obtain"
    r"|gain|win))\s+(?:[\w’'-]+\s+){0,4}$",
    re.IGNORECASE,
)
"""Who has it: "received FDA approval", "has no CE mark"; "obtaining", "to receive" and "awaiting" only speak of it."""
_CAME = regex(r"\s+(?:was|came|has been)\b", re.IGNORECASE)


_APPROVALS_OWN = regex(
    r"[\s-]+(?:timelines?|indications?|process\w*|pathways?|dates?|letters?|status|decisions?)\b", re.IGNORECASE
)
"""What belongs to an approval and is none: "has announced an approval timeline"."""


def is_held(text: str, start: int, end: int) -> bool:
    """Whether the approval between these offsets, a noun, is one that something has, had, or was given."""
    if _APPROVALS_OWN.match(text, end):
        return False
    return _HELD.search(text[:start]) is not None or _CAME.match(text, end) is not None


# --- an approval as an attribute ---

_AIMED = regex(
    r"\b(?:to|towards?)\s+(?:(?!the\b|our\b|your\b|an?\b|this\b|one\b|two\b|three\b|is\b|are\b|was\b|were\b|has\b|have\b|been\b)"
    r"[\w’'-]+\s+)(?:(?!is\b|are\b|was\b|were\b|has\b|have\b|been\b)[\w’'-]+\s+){0,6}$"
    r"|\b(?:develops?|developing|development of|launch(?:es|ing)?|creat(?:e|es|ing)|await\w*|pursu\w+|becoming|plans?"
    r"|planning|hop(?:e|es|ing))\s+(?:[\w’'-]+\s+){0,5}$",
    re.IGNORECASE,
)
"""What is only wanted: "to develop the first FDA-approved cannabis"."""
_PREDICATE = regex(
    r"(?:\b(?:is|are|was|were|be|been|being|became|remains?|as|both|it['’]s|they['’]re)|\w['’](?:s|re))\s+"
    r"(?:[^.;:]{0,60}(?:,|\band\b|\bbut\b|\byet\b|\bor\b)\s*)?(?:(?:not|n['’]t|also|now|only|all|an?|the|one|of|our"
    r"|currently|already|still|fully|first|new|both)\s+|\w+ly\s+)*(?:(?<=\ba )(?:[\w-]+\s+){1,3}"
    r"|(?<=\ban )(?:[\w-]+\s+){1,3})?$"
    r"|,\s+(?:an?|the|our)\s+(?:\w+\s+)?$",
    re.IGNORECASE,
)
"""What it is said of: "is (not) FDA-approved", "is an FDA-approved", and the like behind a comma."""
_BEHIND = regex(
    r",?\s+(?:(?:specifically|only|both)\s+)?(?:for|to (?:treat|help|reduce|relieve|improve|manage|prevent)"
    r"|in (?:the|\d)|as an?)\b",
    re.IGNORECASE,
)
"""Behind a noun it says for what: "an agonist FDA-approved for weight loss"."""
_ONE = regex(
    r"\b(?:this|these|the only|first|sole|one|two|three|our|its|their)\s+(?:[\w-]+\s+){0,2}$"
    r"|(?:^\W*|,\s+|\b(?:is|are|was|were|has|have|had|with|currently)\s+)no\s+(?:[\w-]+\s+){0,2}$",
    re.IGNORECASE,
)
_THE = regex(r"\bthe\s+$", re.IGNORECASE)
_NAME = regex(r"\s+(?:[a-z-]+\s+)?[A-Z][\w®™]+")
_OURS = regex(
    r"\b(?:our(?:\s+[\w’'-]+){0,6}|we (?:only |also )?(?:use|offer|prescribe|provide|have|carry|sell|stock"
    r"|perform|give)"
    r"(?:\s+[\w’'-]+){0,4})\s+$",
    re.IGNORECASE,
)
_OPENS = regex(r"\W*(?:(?:an?|the|new|safe|effective|and|non-\w+)[\s,]+)*", re.IGNORECASE)
_CLASS = regex(
    r"\s+(?:[\w-]+\s+){0,3}?(?:drugs|medicines|medications|treatments|therapies|products|devices|vaccines|tests|options"
    r"|formulations|versions|lasers|kits)\b",
    re.IGNORECASE,
)
_NO_THING = regex(
    r"\s+(?:(?!(?:for|to|in|of|with|and|is|are|that|which)\b)[\w/’'-]+\s+){0,4}?"
    r"(?:indications?|uses?|labels?|labell?ing|dos(?:e|es|age|ages|ing)|purposes?|process\w*|pathways?|trials?"
    r"|stud(?:y|ies)|protocols?|schedules?|ladders?|documents?|instructions?|language|registers?|registr(?:y|ies)"
    r"|bod(?:y|ies)|clinics?|providers?|practitioners?|cent(?:er|re)s?|facilit(?:y|ies)|laborator(?:y|ies)|labs?"
    r"|suppliers?|manufactur\w+|ingredients?|materials?|sites?|companies|pharmac(?:y|ies))\b",
    re.IGNORECASE,
)
"""What is approved of a product and is none."""
_NOUN_PHRASE = regex(r"(?:\s+(?!(?:for|to|in|of|with|by|is|are|that)\b)[\w’'®-]+){1,6}", re.IGNORECASE)


def is_stated_attribute(text: str, start: int, end: int, lexicon: Lexicon) -> bool:
    """Whether "FDA-approved" between these offsets states that something is, not only which of a class are meant.

    It does as a predicate ("is FDA-approved"), of one product ("the only FDA-cleared app", "the FDA-cleared Sparrow"),
    of what the page's owner has ("our FDA-approved lasers"), and where a line begins with it.
    """
    before = text[:start]
    if before.endswith("-") or text[end : end + 1] in ("-", "/"):
        return False  # part of an address or of a longer compound
    if _AIMED.search(before) or _NO_THING.match(text, end):
        return False
    pointed = _ONE.search(before) is not None or _OURS.search(before) is not None
    if _PREDICATE.search(before) or _BEHIND.match(text, end) or pointed:
        return _CLASS.match(text, end) is None or pointed or _ARE.search(before) is not None
    if _CLASS.match(text, end):
        return False
    noun = _NOUN_PHRASE.match(text, end)
    if noun is None:
        return False
    if _THE.search(before):
        return _NAME.match(text, end) is not None or bool(subjects_of(lexicon).mentions(noun[0]))
    return _OPENS.fullmatch(before) is not None and names_treatment(noun[0], lexicon)


_ARE = regex(r"\b(?:is|are|was|were)\s+(?:(?:not|all|both|the|an?)\s+)*$", re.IGNORECASE)


# --- without an agency ---

_STATUS = regex(
    r"\b(?:is|are|was|were|been)\s+(?:(?:not|also|only|now|currently|already)\s+){0,2}"
    r"(?:licen[sc]ed|approved|authori[sz]ed)\s+"
    r"(?:(?:in|within|across)\s+(?:the\s+)?[A-Z][\w.]*(?:\s+[A-Z][\w.]*){0,3}\s+)?(?:only\s+)?"
    r"(?:for\s+(?!publication|funding|payment|release)|to\s+(?:treat|lower|reduce|prevent|help|relieve|manage|control"
    r"|ease|slow|stop)\b)"
)
"""A status with words between: "is licensed in the UK for adults", "is not licensed for women"."""
_LATELY = regex(r"(?:newly|recently|first) approved", re.IGNORECASE)
_COMPOUND = regex(r"(?:\w+-|(?:FDA|CE) )(?:approved|cleared|licensed|mark(?:ed)?)", re.IGNORECASE)
_HAD = regex(r"(?:FDA|\w+) approval|.*designation|CE mark", re.IGNORECASE)


def _alone(text: str, lexicon: Lexicon) -> Decision | None:
    alone = next(find(text, lexicon.terms("approval-alone")), None)
    if alone is None:
        status = _STATUS.search(text)
        if status is None or not _is_on_care(text, lexicon):
            return None
        said = status[0].strip()
        start, end = status.start(), status.start() + len(said)
        return Decision(start, end, said, "", is_advice=False, names_product=names_product(text, lexicon, start, end))
    if alone.text.lower().endswith((" for", " by", " approval")) and not _is_on_care(text, lexicon):
        return None
    if _LATELY.fullmatch(alone.text) and _FINITE.search(text[: alone.start]) is None:
        return None
    if _HAD.fullmatch(alone.text) and not (" " in alone.text and alone.text.split()[0].lower() in _TAKEN):
        if not is_held(text, alone.start, alone.end):
            return None
    elif _COMPOUND.fullmatch(alone.text) and not is_stated_attribute(text, alone.start, alone.end, lexicon):
        return None
    named = names_product(text, lexicon, alone.start, alone.end)
    territory = "United States" if alone.text.upper().startswith("FDA") else ""
    return Decision(alone.start, alone.end, alone.text, territory, is_advice=False, names_product=named)


def _is_on_care(text: str, lexicon: Lexicon) -> bool:
    """Whether what is "approved for" something, by nobody that is named, is care: it or its use is named."""
    return names_treatment(text, lexicon) or _USE.search(text) is not None or bool(subjects_of(lexicon).mentions(text))


_USE = regex(
    r"\bfor (?:use|(?:the )?(?:treat\w+|management|prevention|relief|reduction|control|diagnosis)"
    r"|(?:[\w-]+ )?(?:adults|children|patients|people|women|men|infants|smokers"
    r"|anyone))\b"
    r"|\bto (?:treat|relieve|reduce|lower|prevent)\b|\b(?:drug|medicine|vaccine|shot|test|spray)s?\b",
    re.IGNORECASE,
)
_TAKEN = frozenset({"received", "gained", "won", "has", "without", "no"})
"""First words of listed phrases that hold their own verb: "received approval"."""
