"""WRD003: praise of oneself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kap_content.language.clinical import ClinicalSentence, Form
from kap_content.language.phrases import as_sentence, find, is_negated, is_quoted
from kap_content.language.prose import every_sentence, place_in, registered
from kap_content.model.finding import Severity
from kap_content.model.lexicon import Term
from kap_content.model.page import Page
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, page_rule
from kap_content.startup.regex import regex

_WHO = (
    r"(?:clinics?|providers?|cent(?:er|re)s?|hospitals?|practices?|teams?|surgeons?|doctors?|physicians?|specialists?"
    r"|consultants?|therapists?|psychiatrists?|psychologists?|dentists?|experts?|pharmac(?:y|ies)|compan(?:y|ies)"
    r"|brands?|services?|programmes?|programs?)"
)
_BETWEEN = (
    r"(?:(?!(?:of|to|for|in|on|and|or|with|cause|causes|reason|available|supportive|possible|medical|current"
    r"|standard|chances?|hope|results?|come|comes|from|is|are|initial|next|first|known|evidence|practice|way|time)\b)[\w-]+\s+)"
)
_OWNED = r"(?:a|an|the|our|your|among the|one of the|[\w.]+['’]s)\s+"
_PRAISE = regex(
    rf"(?<![\w'’])(?:{_OWNED}(?:leading|best|top|finest|foremost)\s+(?!practices?\b|\d){_BETWEEN}{{0,3}}{_WHO}\b"
    rf"|the best\s+(?!documented|studied|known|established|described|understood|tolerated|researched|validated"
    rf"|supported){_BETWEEN}{{1,3}}(?:treatments?|therap(?:y|ies)|cure|remedy|remedies)\b"
    rf"|one of the most (?!common|frequent|important|likely|visited)[\w-]+\s+{_BETWEEN}{{0,2}}{_WHO}\b"
    r"|(?:the|your|our) best\s+(?:[\w-]+\s+){0,4}?(?:on the market|money can buy"
    r"|in (?:the|our) (?:world|country|city|region))\b"
    r"|(?:nobody|no one|no-one|no other \w+)\b[^.;]{3,60}\bthan (?:we|us|our)\b"
    r"|(?:we|our [\w-]+(?: [\w-]+)?) (?:is|are) the best(?=\s*(?:[.!,;]|$))"
    r"|(?:is|are|remains?|as|offer|provide) the gold[- ]standard (?:treatment|therapy|care|(?:for|in|of) "
    r"(?!(?:the )?(?:[\w-]+ )?(?:diagnos|detect|measur|assess|test|confirm|imag|research|evaluat|evidence|trial|compar"
    r"|establish|identif|monitor|stud|causal|screen|differentiat|predict|determin|visuali|regard))))[\w-]*",
    re.IGNORECASE,
)
"""Praise with words between: "the leading menopause clinic", "the best back pain treatment"."""
_TREATMENT = regex(
    r"(?:is|are|remains?) (?:still )?the best\s+(?:[\w-]+\s+){0,2}?(?:treatments?|therap(?:y|ies)|medicines?"
    r"|medications?|drugs?|remed(?:y|ies)|cure|way (?:to|of) (?:treat|cur|beat|reliev|lose|stop|get rid)\w*)\b"
    r"(?!\s+for (?:you|your|each|him|her|them|their|his|people who|that|this|an? individual|a given|a particular))",
    re.IGNORECASE,
)
"""A treatment called the best, in a sentence without a source."""
_REGION = r"(?:(?:the )?(?:world|country|nation|region|area|city|state|industry|UK|US|USA|EU|[A-Z]\w+(?: [A-Z]\w+)?))"
_NO_STUDY = (
    r"(?!\s+(?:[\w-]+\s+){0,3}(?:stud(?:y|ies)|trials?|surveys?|cohorts?|registr\w+|causes?|killers?|cit(?:y|ies)"
    r"|reviews?|outbreaks?|problem|disease|cancer))"
)
_RANKED = regex(
    rf"\b(?:our|we)\b[^.;?]{{1,60}}\bthe (?:(?i:most [\w-]+|best|largest|finest|highest|fastest|newest|latest"
    rf"|lowest))\b[^.;?]{{1,40}}?\bin {_REGION}\b"
    rf"|\b(?!(?:It|That|What|There|Here|He|She|Let|Who|This)['’])[A-Z][\w.]+['’]s\s+(?:largest and |first and "
    rf"|)(?i:favou?rite|number[- ]one|no\.? ?1|best|top|finest"
    rf"|most (?!common|frequent|likely|recent|important|widely|populous|deprived|vulnerable)[\w-]+)\b{_NO_STUDY}"
    r"|\b(?i:voted|rated|named)\s+(?:the\s+|as\s+|as the\s+)?(?i:best|number one|no\.? ?1|top|first|finest"
    r"|favou?rite)\b"
    rf"|\b(?i:largest|most [\w-]+) and most (?i:experienced|trusted|advanced|respected|modern)\b"
)
"""A place at the top of a region: "Scotland's number-one specialists", "voted best chiropractor"."""
_CHOICE = regex(
    r"\b(?:what|which|whether|if|ask|discuss|decide|choose|find|know|agree|work out|advise\w*|about)\b", re.IGNORECASE
)
"""A treatment that is best for somebody is a choice, no praise: "decide which is the best pain treatment"."""
_SOUGHT = regex(
    r"\b(?:find(?:ing|s)?|choos\w*|select\w*|look(?:ing|s)? for|search\w*|seek\w*|becom(?:e|es|ing)|turn (?:it|you"
    r"|them)? ?into|try(?:ing)? to|tries to|want to|hop(?:e|es|ing)"
    r"|how to|stay|position\w*|whether|who is|which)\b[^.;:]*$|\bwas (?:a |the )?$",
    re.IGNORECASE,
)
"""What a reader looks for, or somebody wants to become: "how to find the best surgeon"."""
_INVITED = regex(r"\W*(?:meet|visit|come|trust|book)\b", re.IGNORECASE)
"""An invitation that praises is praise: "Meet the best surgeons in Vienna"."""
_STUDIED = regex(
    r"\b(?:odds ratio|confidence interval|associated with|as compared with|database|n = ?\d|adjusted"
    r"|understudied|cohort"
    r"|participants were|randomi[sz]ed)\b",
    re.IGNORECASE,
)
"""Whom a study compares, it does not praise: "top-ranked hospitals had higher rates of use"."""
_FOR_ME = regex(r"\s+for (?:me|him|her|my \w+)\b", re.IGNORECASE)
_NOBODY = regex(r"\W*(?:nobody|no one|no-one|no other|few (?:clinics|doctors|surgeons|teams))\b", re.IGNORECASE)
_REASON = "claims superiority"
_HELP = "Substantiate it with a source, or delete it."


@page_rule("WRD003", "superiority", Severity.ERROR)
def superiority(page: Page, context: Context) -> Iterator[Hit]:
    """The page claims superiority: leading, premier, best, one of the most experienced.

    The phrases are the list `superiority`. Headings, parts marked `{.nonclaim}`, and the head's title, subtitle and
    description are read too.

    Why: regulators treat praise of a medical service as a claim that must be substantiated, like any other.

    Fix: substantiate it with a source, or delete it.

    Example:
        # The leading ketamine clinic

        “leading ketamine” claims superiority
    """
    terms = context.lexicon.terms("superiority")
    for sentence in every_sentence(page):
        end = -1
        for start, stop, reason, advice in _praise(sentence, terms):
            if start < end or is_quoted(sentence.text, start, stop):
                continue
            words = sentence.text[start:stop]
            if (
                _STUDIED.search(sentence.text)
                or _SOUGHT.search(sentence.text[:start])
                or _FOR_ME.match(sentence.text, stop)
            ):
                continue
            said = words.lower().startswith(("no ", "nothing", "unlike")) or _NOBODY.match(sentence.text)
            if is_negated(sentence.text, start) and not said:
                continue
            end = stop
            yield Hit(
                place_in(page, sentence, start, stop),
                f"“{words}” {reason}",
                help=advice,
                claim=sentence.claims[0] if sentence.claims else "",
                related=registered(sentence, context),
                about=f"{words.lower()} in {sentence.text}",
            )


def _praise(sentence: ClinicalSentence, terms: tuple[Term, ...]) -> list[tuple[int, int, str, str]]:
    """The praise in a sentence, in order: start, end, why, and what to do; of the listed and the free, the listed."""
    text = sentence.text
    listed = [
        (found.start, found.end, found.term.reason, as_sentence(found.term.suggestion)) for found in find(text, terms)
    ]
    if sentence.form is Form.REQUEST and not _INVITED.match(text):
        return listed
    free = [
        (match.start(), match.end(), _REASON, _HELP)
        for pattern in (_PRAISE, _RANKED, *(() if sentence.is_covered else (_TREATMENT,)))
        for match in pattern.finditer(text)
        if not any(start < match.end() and match.start() < end for start, end, *_ in listed)
        and not _CHOICE.search(text[: match.start()])
    ]
    return sorted(listed + free)
