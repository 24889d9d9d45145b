"""Attributes over which a claim and its evidence can be at odds: route, comparator, population, outcome."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from kap_content.language.vocabulary import words
from kap_content.startup.regex import regex

_ROUTES = {
    "intravenous": r"intravenous(?:ly)?|(?<![A-Za-z])IV(?![A-Za-z/-])|i\.v\.|infusions?|infused|into a vein|drip",
    "subcutaneous": r"subcutaneous(?:ly)?|(?<![A-Za-z])SC(?![A-Za-z])|s\.c\.|subcut|under the skin",
    "intramuscular": r"intramuscular(?:ly)?|(?<![A-Za-z])IM(?![A-Za-z])|i\.m\.|into a muscle|into the muscle",
    "intranasal": r"intranasal(?:ly)?|nasal(?:ly)?|nasal spray|nose spray|through the nose",
    "oral": r"oral(?:ly)?|by mouth|per os|p\.o\.|(?<![A-Za-z])PO(?![A-Za-z])|tablets?|capsules?|pills?|swallowed",
    "sublingual": r"sublingual(?:ly)?|lozenges?|troches?|under the tongue|buccal",
    "rectal": r"rectal(?:ly)?|suppositor(?:y|ies)",
    "inhaled": r"inhaled|inhalation|inhaler",
    "transdermal": r"transdermal(?:ly)?|patch(?:es)?(?![ -](?:tests?|testing|clamp))|topical(?:ly)?|gel|cream",
    "intrathecal": r"intrathecal(?:ly)?|epidural(?:ly)?",
}
_COMPARATORS = {
    "placebo": r"placebo|saline|salt water|sham|dummy",
    "active drug": r"midazolam|active (?:control|comparator|placebo)|head[- ]to[- ]head|diazepam|fentanyl|remifentanil",
    "waiting list": r"wait(?:ing)?[- ]?list|delayed treatment|no treatment|untreated",
    "usual care": r"usual care|treatment as usual|standard care|care as usual|TAU",
    "psychotherapy": r"psychotherapy|cognitive behaviou?ral therapy|CBT|counsell?ing",
    "antidepressant": r"antidepressants?|SSRIs?|SNRIs?|sertraline|escitalopram|venlafaxine",
    "none": r"none|nothing|no (?:comparison|comparator|control)(?: group)?|uncontrolled"
    r"|without (?:a )?(?:comparison|control)|single[- ]arm|open[- ]label",
}
_AGES = {
    "children": r"child(?:ren)?|p(?:a)?ediatric|infants?|school[- ]aged?|toddlers?|boys|girls|newborns?",
    "adolescents": r"adolescen(?:ts?|ce)|teen(?:ager)?s?|youths?|young people",
    "adults": r"adults?|middle[- ]aged?",
    "older adults": r"older (?:adults?|people|patients|persons)|elderly|geriatric|late[- ]life"
    r"|aged(?:, 80 and over)?(?= ?;|$)",
    "animals": r"mice|mouse|rats?|rodents?|murine|monkeys?|dogs?|pigs|rabbits|animals?",
}
_OUTCOMES = {
    "anxiety": r"anxi\w+|HAM-?A|HARS|GAD-?7|LSAS|Liebowitz|STAI|BAI|Fear Questionnaire|FQ|HADS-A"
    r"|worry|panic|phobi\w+|DASS-A",
    "depression": r"depress\w+|HAM-?D|HDRS|MADRS|BDI|PHQ-?9|QIDS|IDS|mood",
    "trauma symptoms": r"PTSD|CAPS(?:-5)?|PCL(?:-5)?|post-?traumatic|IES-?R",
    "obsessions": r"Y-?BOCS|obsess\w+|compuls\w+",
    "suicidality": r"suicid\w+|SSI|C-?SSRS",
    "sleep": r"sleep|insomnia|ISI|PSQI",
    "pain": r"pain|VAS pain|analges\w+",
    "blood pressure": r"blood pressure|systolic|diastolic|hypertens\w+",
    "weight": r"weight|BMI|body mass",
    "blood sugar": r"HbA1c|glucose|glyc(?:a)?emic|blood sugar",
    "quality of life": r"quality of life|QoL|WHOQOL|SF-36|EQ-5D|functioning|disability|SDS",
    "mortality": r"mortality|death|survival|died",
    "side effects": r"adverse|side effects?|toler\w+|safety|dissociat\w+|nausea|dizziness",
    "response": r"respon[ds]\w*",
    "remission": r"remission|remitt\w+",
    "relapse": r"relapse\w*|recurrence",
    "prevalence": r"prevalence|incidence",
    "length of stay": r"length of (?:hospital )?stay|hospital stay|days in hospital",
    "admission": r"(?:re)?admissions?|hospitali[sz]ations?|(?:re)?admitted",
    "heart attack": r"heart attacks?|myocardial infarctions?|coronary events?",
    "stroke": r"strokes?",
    "bleeding": r"bleed\w*|ha?emorrhag\w+",
    "fracture": r"fractures?",
    "falls": r"falls",
    "infection": r"infect\w+|sepsis|pneumonia",
    "cholesterol": r"cholesterol|LDL(?:-C)?|lipids?",
    "exacerbation": r"exacerbations?|asthma attacks?|flare-?ups?",
    "seizures": r"seizures?|fits",
    "memory": r"memory|cognit\w+|MMSE|MoCA",
    "fatigue": r"fatigue|tiredness",
    "birth weight": r"birth ?weight",
}
_SPECIFIC_OUTCOMES = frozenset(_OUTCOMES) - {"response", "remission", "side effects", "quality of life"}
_EVENTS = frozenset(
    {
        "length of stay", "admission", "heart attack", "stroke", "bleeding", "fracture", "falls", "infection",
        "exacerbation", "seizures", "memory", "fatigue",
    }
)  # fmt: skip
"""Outcomes that running text names as conditions, too."""
_COURSE = frozenset({"response", "remission", "relapse"})
_SEXES = {
    "women": r"wom[ae]n|females?|girls?|mothers?|pregnant|postmenopausal|perimenopausal|postpartum",
    "men": r"m[ae]n|males?|boys?|fathers?",
}
_COUNTRIES = {
    "US": r"United States|U\.S\.A?\.?|USA?|(?<!South )(?<!Latin )(?<!Central )(?<!North )Americans?",
    "UK": r"United Kingdom|U\.K\.|UK|Great Britain|Britain|British|Britons|England|English adults|Scotland|Scottish"
    r"|Wales|Welsh|Northern Ireland",
    "Ireland": r"(?<!Northern )Ireland|(?<!Northern )Irish",
    "Canada": r"Canada|Canadians?",
    "Australia": r"Australia|Australians?",
    "New Zealand": r"New Zealand(?:ers)?",
    "Germany": r"Germany|Germans?",
    "France": r"France|French",
    "Italy": r"Italy|Italians?",
    "Spain": r"Spain|Spanish|Spaniards",
    "Netherlands": r"Netherlands|Dutch",
    "Sweden": r"Sweden|Swedish|Swedes",
    "Norway": r"Norway|Norwegians?",
    "Denmark": r"Denmark|Danish|Danes",
    "Finland": r"Finland|Finnish|Finns",
    "Switzerland": r"Switzerland|Swiss",
    "Japan": r"Japan|Japanese",
    "China": r"China|Chinese",
    "Korea": r"Korea|Koreans?",
    "India": r"India|Indians?",
    "Brazil": r"Brazil|Brazilians?",
}
_WORD = regex(r"[^\W\d_]{3,}")
_STOP = words(
    "the and for with from was were who had has not any all than that this its their his her adults people patients "
    "participants persons score scores scale rating ratings total mean change rate level symptoms measure self "
    "reported clinician rated treatment therapy disorder disorders study trial group other more per day days week "
    "weeks month "
    "months year years hour hours after before within"
)


_GROUP = "|".join(_AGES.values())
_EXCLUDED = regex(
    rf"\b(?:excluding|except(?: for)?|but not(?: in)?|not in|other than) (?:[\w-]+ )?(?:{_GROUP})\b"
    rf"|\b(?:{_GROUP})(?: [\w-]+){{0,3}}? (?:was|were|had been)"
    r" (?:excluded|ineligible|not (?:included|enrolled|eligible|studied))\b",
    re.IGNORECASE,
)
"""Age groups that were left out: "children were excluded"."""


def without_excluded(text: str) -> str:
    """`text` less the age groups that it says were left out."""
    return _EXCLUDED.sub("", text)


def _compiled(table: Mapping[str, str], flags: re.RegexFlag = re.IGNORECASE) -> re.Pattern[str]:
    """One pattern for a table; the group that matched tells the row."""
    groups = "|".join(f"(?P<g{index}>{pattern})" for index, pattern in enumerate(table.values()))
    return regex(rf"(?<!\w)(?:{groups})(?!\w)", flags)


def _names(table: Mapping[str, str], pattern: re.Pattern[str], text: str) -> frozenset[str]:
    names = tuple(table)
    return frozenset(names[int((match.lastgroup or "g0")[1:])] for match in pattern.finditer(text))


_ROUTE_PATTERN = _compiled(_ROUTES, re.RegexFlag(0))
_SEX_PATTERN = _compiled(_SEXES)
_COUNTRY_PATTERN = _compiled(_COUNTRIES, re.RegexFlag(0))
_COMPARATOR_PATTERN, _AGE_PATTERN, _OUTCOME_PATTERN = _compiled(_COMPARATORS), _compiled(_AGES), _compiled(_OUTCOMES)


@lru_cache(maxsize=4096)
def routes(text: str) -> frozenset[str]:
    """The routes of administration that `text` names."""
    return _names(_ROUTES, _ROUTE_PATTERN, text) | _names(_ROUTES, _ROUTE_PATTERN, text.lower())


@lru_cache(maxsize=4096)
def comparators(text: str) -> frozenset[str]:
    """The kinds of comparison that `text` names."""
    return _names(_COMPARATORS, _COMPARATOR_PATTERN, text)


@lru_cache(maxsize=4096)
def age_groups(text: str) -> frozenset[str]:
    """The age groups (and animals) that `text` names; older adults are adults too."""
    groups = _names(_AGES, _AGE_PATTERN, text)
    return groups | {"adults"} if "older adults" in groups else groups


@lru_cache(maxsize=4096)
def outcomes(text: str) -> frozenset[str]:
    """The outcomes that `text` names, scales counted as what they measure."""
    return _names(_OUTCOMES, _OUTCOME_PATTERN, text)


def specific_outcomes(text: str) -> frozenset[str]:
    """The outcomes of `text` that exclude each other: not "response" or "side effects", which go with any."""
    return outcomes(text) & _SPECIFIC_OUTCOMES


def outcomes_beyond_doubt(text: str) -> frozenset[str]:
    """The specific outcomes of running text that can hardly be said of whom or what was treated."""
    return specific_outcomes(text) - _EVENTS


def courses(text: str) -> frozenset[str]:
    """Which courses of an illness `text` names: response, remission, relapse. None of them stands for another."""
    return outcomes(text) & _COURSE


@lru_cache(maxsize=4096)
def sexes(text: str) -> frozenset[str]:
    """The sexes that `text` names; empty where it does not say."""
    return _names(_SEXES, _SEX_PATTERN, text)


@lru_cache(maxsize=4096)
def countries(text: str) -> frozenset[str]:
    """The countries whose people `text` names; empty where it does not say."""
    return _names(_COUNTRIES, _COUNTRY_PATTERN, text)


def telling_words(text: str) -> frozenset[str]:
    """The words of `text` that tell something, cut to six letters so that endings do not matter."""
    return frozenset(word[:6] for word in _WORD.findall(text.lower()) if word not in _STOP)
