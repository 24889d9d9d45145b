"""The patterns by which two numbers make one quantity, and by which a number is an age, a share, a rate."""

from __future__ import annotations

import re

from kap_content.language.quantity.noise import BLANK
from kap_content.startup.regex import regex

ANY_NUMBER = regex(
    r"\d|[½⅓⅔¼¾]|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w+ty|hundred|dozen|half|third"
    r"|thirds|quarters?|fifths?|tenth|\w*fold|doubl\w+|tripl\w+|trebl\w+|quadrupl\w+|halv\w+|twice|thrice|once"
    r"|an? (?:hour|day"
    r"|week|month|year|fortnight)|none|(?:twent|thirt|fort|fift|sixt|sevent|eight|ninet)ies|fortnightly|quarterly|bid|tid|qid)\b"
    r"|\b[btq]\.i\.d",
    re.IGNORECASE,
)
CI = regex(
    r"(?:(?P<before>\d{2}(?:\.\d+)?) ?%[ -]?)?(?:\b(?:CIs?|CrIs?|CL)(?![a-zA-Z])|(?:confidence|credible"
    r"|credibility) (?:intervals?|limits?))"
    r"(?: ?[\[(](?:CIs?|CrI|95% CI)[\])])?(?:[ ,:-]*(?(before)(?!)|(?P<after>\d{2}) ?%))?"
    r"(?:[ ,:=]|\b(?:of|was|were|from|between"
    r"|ranging|ranged|ran|is|are)\b)*(?:[\[(] ?)?(?=(?P<bound>[-–+]?[\d.])?)",
)
TO = regex(r" ?(?:[–—~-]|--) ?$| (?:to|through) $|-to-$|–to–$")
AND = regex(r" and $")
COMMA = regex(r"[,;] *$")
INTERVAL_OPENS = regex(r" [\[(](?:[^\d()\[\]]|\[CI\]){0,40}")
A_RISK = regex(r"\b(?:risks?|odds|hazards?)\b[^.;]{0,90}$")
AGAINST = regex(r",? (?:versus|vs\.?|v\.?|and|against|or|to|compared (?:with|to)) (?:about |only |just )?$")
LINKED = regex(r"^[^.;]*(?:\b(?:and|or|against|versus|vs|to|but|then)\b|,)[^.;]*$")
OPENED = regex(r"[\d%] ?[\[(] ?$")
CI_BETWEEN = regex(r" ?[–—-] ?$| (?:to|and|through) $| ?[,;/] *(?:and )?$")
LIST = regex(
    r"-?(?= |,|/|[–—-]|$) ?(?:[,;] ?)?"
    r"(?:/|--?|[–—]|and|or|to|versus|vs\.?|v\.?|through|&|compared (?:with|to)|against|-to-|and/or|then"
    r"|followed by|instead of|rather than)?"
    r" ?(?:(?:about|nearly|around|approximately|up to|over|only|just) )?$"
)
OF = regex(
    r" (?:patients? |participants? |adults? |people |women |men |subjects? |individuals? |cases? |studies |trials )?"
    r"(?:\([^()]{1,30}\) |, \d+%, )?\(?(?:were |responded )?(?:out )?of (?:the |these |those |our |all |all the "
    r"|a total of |its |every |his |her |their )*(?:[a-z]+ )?$"
)
IN = regex(r" (?:in|out of)(?: every| each)? $|-in-$| in about $")
IN_WITH_NOUN = regex(
    r" (?:patients?|participants?|adults?|people|persons?|wom[ae]n|m[ae]n|child|children|Americans?|individuals?|girls"
    r"|boys|teens|students?|cases?|births|deaths)"
    r" (?:in|out of)(?: every| each)? $"
)
PER_NUMBER = regex(r" ?/ ?$| (?:[\w-]+ ){0,3}?(?:per|for every|in every|in|in each) $")
RATE_OF = regex(
    r"[ -]?(?:(?P<who>person|patient|woman|women|child|participant|subject|life)s?'?[ -]?(?P<time>year|month|day)s?"
    r"|(?P<short>py|PY|p-?y)s?)\b"
)
SD = regex(r" ?(?:±|\+/?-|,? give or take|,? plus or minus|,? plus/minus) ?$")
TIMES = regex(rf"(?: ?-?x| ?×|-?[ ]?fold|-times| times)(?![\w\d])(?! ?[\d{BLANK}])")
MULTIPLIED = regex(
    r" times(?: (?:as|more|less|higher|lower|greater|the|likelier|larger|fewer|worse|better|stronger|that)\b|-)"
    r"|-times[- ]"
)
PERCENT = regex(r"[ -]?(?:%|per ?cent\b|pct\b)")
PART_OF_PERCENT = regex(r"(?: of)? (?:an? |one )?(?:per ?cent(?:age)?|%)(?P<points> points?)?(?!\w)")
POINTS = regex(r"[ -]?(?:%|percentage|per ?cent)[ -]points?\b| ?pp\b| ?ppts?\b")
OLD = regex(r"[ -](?:olds?|of[- ]age)\b|-old-")
AGE_BEFORE = regex(
    r"(?<!years of )\b(?:aged?|ages|[Mm][_ ]?age|(?:mean|median|average) ages?(?:(?!\d\))[\w\s(),]){0,40}?)\b"
    r"(?! ?of onset)"
    r"(?:[\s:,=(]|\b(?:was|is|were|mean|median|average"
    r"|from|of|range|ranged|ranging|between"
    r"|to|and|over|under|above|below|at|least|older|younger|than|about|or|less|more|SD|in|years?)\b|[<>≤≥~–±-]|\d[\d.]*)*$",
    re.IGNORECASE,
)
PERSON_BEFORE = regex(
    r"\b(?:man|woman|boy|girl|child|patient|men|women|boys|girls) of $"
    r"|\b(?:people|persons|adults|those|anyone|patients) of $"
    r"|\b(?:children|adolescents|adults|people|those|anyone|youths?|patients|everyone|women|men|persons) (?:who are "
    r"|aged )?"
    r"(?:under|over|above|below|younger than|older than) (?:the age of )?$",
    re.IGNORECASE,
)
THINGS_AFTER = regex(r" (?!(?:years|was|is|has|as|does|yrs)\b)(?:\w+ )?[a-z]+s\b")
"""What is counted, where "patients of three wards" are not three years old."""
AGE_WORDS = regex(r"^(?:older|younger) than|\b(?:older|younger|(?:years|yrs) and (?:over|above|under))$")
CURRENCY = regex(r"(?:US|CA|AU|A|C)?([$£€]) ?$")
A_UNIT_BEFORE = regex(
    r"(?:\b(?:within|during|for|after|in|lasting|lasts?|lasted|at|than|until|nearly|about|over|under|to|almost|roughly|around|only|just|by|least|most))\s$",
    re.IGNORECASE,
)
CHANGE_FROM = regex(r"\bfrom (?:a |an )?(?:mean |median |average |baseline |score )*(?:of )?$")
FROM_HERE = regex(r"(?:^|[.;:,(] )[Ff]rom $")
UNTIL = regex(r"[^.,;]*\b(?:to|until|till|through|onto|down|up)\b| ?[–—-]")
CHANGED = regex(
    r"(?:\b(?:went|rose|ris(?:es?|en|ing)|f[ae]ll\w*|dropp?\w*|increas\w+|decreas\w+|declin\w+|reduc\w+|chang\w+"
    rf"|shift\w+|mov\w+|improv\w+|worsen\w+|progress\w+)|{BLANK})[\w ]*\bfrom "
)
OUT_OF = regex(
    r"(?:^|[.;,:(] ?|\x00 ?|\b(?:and|that) )(?:[Oo]f|[Oo]ut of|[Aa]mong(?:st)?) "
    r"(?:a total of |every |each |the |these |those |all |all the |our )*$"
)
OF_WHICH = regex(r"(?: (?!(?:and|who|were)\b)[\w'-]+){0,5}(?:, (?:only )?| (?:only )?)$")
VERSUS = regex(r"\b(?:versus|vs\.?|v\.?|compared (?:with|to)|against|than)\b")
DEVIATIONS = regex(r"(?: of)?(?: an?| one)? (?:standard deviations?|SDs?)\b(?! of)")
AND_A_HALF = regex(r" [a-z]+ and (?:a |one )?(?:half|quarter)\b")
OF_A_NUMBER = regex(r" (?:out )?of (?:the )?\d")
"""After the 33 of "in one half in 33 of 36 patients"."""
ONE_IN_PLACES = regex(
    r" (?:[a-z-]+ )?(?:countr|cent(?:re|er)s|sites|hospitals|trials|studies|clinics|schools|cities"
    r"|groups|arms|weeks|days)"
)
IN_A_YEAR = regex(r"\b(?:[Ii]n|[Ss]ince|during|until) $")
"""Before "2019 patients": a year and who, or how many."""
YEAR = regex(r"(?:1[5-9]|20)\d\d")
ABOUT_MONEY = regex(
    r"\b(?:costs?|prices?|spen[dt]|sav(?:ed|es|ings?)|fund|budget|paid|pays?|QALYs?|quality-adjusted|sterling)\b|£"
)
BY = regex(r"\bby (?:(?:about|nearly|almost|up to|more than|only|some|just|over|at least|a|an) ){0,2}$")
AND_BY = regex(
    r",? (?:and|or|but|against) (?:[a-zA-Z'-]+ ){0,6}?by (?:(?:about|nearly|almost|only|some|just|a|an) ){0,2}"
)
GROWN = regex(
    r"(?:increas|rais|ris|rose|grew|grow|multipli|went up|higher)\w* (?:by )?"
    r"(?:about |nearly |almost |up to |more than )?$"
)
ABSOLUTE = regex(r"\babsolute (?:\w+ ){0,4}(?:by |of )?(?:(?:about|nearly|only) )?$|\bARR (?:of |was |= ?)?$")
FEWER = regex(r" (?:fewer|more|extra|additional|less)\b")
ONE_IN = regex(
    r" (?:(?!(?:and|or|in|of|to|was|were|had|with|for|is|are|at|by|from)\b)[a-zA-Z][\w'-]* ){1,4}(?:in|out of)"
    r"(?: every| each)? $"
)
FEW_IN = regex(r" (?!(?:and|or|in|of|to|were|had|with|for|more|fewer)\b)[a-z]+ (?:in|out of)(?: every| each)? $")
IN_ONE_AND = regex(
    r"[^.;\d]{0,60}(?:\b(?:and|to|against|versus|vs\.?|but|compared with|rather than|instead of|down from|up from)"
    r"|[,;] (?:those|that|the others?|the rest|controls?|women|men)\b[^.;\d]{0,30})"
    r"(?: (?:only|just|about|nearly|around))? $"
)
SPREAD = regex(
    r" ?[(\[](?:(?:SD|S\.D\.|SE|SEM|IQR|range|interquartile range|±|\+/-)[ =:,]*)?"
    r"[\d.,± ;–-]*(?:to )?[\d.]*[)\]](?= ?[a-zA-Zµ%°])"
)
SPREAD_BEGINS = regex(r"[\[(](?:SD|S\.D\.|SE|SEM|±|\+/-)[ =:,]*$")
SPREAD_OPENS = regex(r" ?[\[(](?:(?:range|IQR|interquartile range)[ :=,]*(?:of |from )?)?")
IN_THE_OTHER = regex(r"\s*(?:[,.;)]|$| without\b| (?:in|with|for|on|among|after|at|by|before|under) )")
PER_PERIOD = regex(
    r"(?: of (?:[\w-]+ ){1,4}?| )?(?:(?:an?|per|each|every) (?P<period>day|night|week|month|year)"
    r"|/(?P<slash>day|night|week|month|year)"
    r"|(?P<adverb>daily|nightly|weekly|monthly|yearly|annually))\b"
)


_UNIT = regex(r"\d ?([^\W\d_]+)")


def unit_in(text: str) -> str:
    """The unit as it is written at once behind a number of `text`, or empty."""
    match = _UNIT.search(text)
    return match[1] if match is not None else ""


def exposure_of(match: re.Match[str] | None) -> str:
    """The unit of exposure that `RATE_OF` found ("person-year"); empty where it found none."""
    if match is None:
        return ""
    return f"person-{match['time'] or 'year'}"


def period_of(match: re.Match[str]) -> str:
    """The period that `PER_PERIOD` found: day, week, month or year."""
    word = match["period"] or match["slash"] or match["adverb"].removesuffix("ly")
    return {"dai": "day", "night": "day", "annual": "year"}.get(word, word)
