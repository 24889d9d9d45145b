"""Praise of oneself: "the leading clinic", "the best surgeons in Vienna", "Scotland's number one specialists".

What is praised with a listed phrase is in `superiority`, what calls anything new or grand in `hype`; here is praise
with words between, of those whom `providers` lists. Let alone is what a reader looks for, what somebody wants to
become, what a study compares, and what is best for one patient.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kap_content.language.advertising.praised import INVITES, OURS, is_of_nobody, is_own, is_slogan
from kap_content.language.clinical import ClinicalSentence, Form
from kap_content.language.phrases import (
    as_sentence,
    find,
    holds,
    is_joined,
    is_negated,
    is_quoted,
    is_refuted,
    list_pattern,
)
from kap_content.language.vocabulary import words
from kap_content.model.lexicon import Lexicon, Term
from kap_content.startup.regex import regex


@dataclass(frozen=True, slots=True)
class Praise:
    """Praise in a sentence: where, why it is wrong, what to do, and whether it is of the page's owner or offer."""

    start: int
    end: int
    reason: str
    suggestion: str
    is_own: bool


def praise(sentence: ClinicalSentence, lexicon: Lexicon) -> Iterator[Praise]:
    """The praise in a sentence, in order, none overlapping another; of the listed and the free, the listed."""
    text = sentence.text
    if is_refuted(text) or _TOLD.search(text) or (holds(text, lexicon.terms("study-words")) and not OURS.search(text)):
        return
    end = -1
    for found in sorted(_candidates(sentence, lexicon), key=lambda found: found.start):
        if found.start < end or is_quoted(text, found.start, found.end) or _FOR_ONE.match(text, found.end):
            continue
        if is_joined(text, found.start, found.end) or is_of_nobody(text, found.start, found.end):
            continue
        if _is_wished(text, found, lexicon):
            continue
        if not (_is_denied(text, found) or _is_of_other_things(text, found, lexicon.terms("providers"))):
            end = found.end
            yield found


_TOLD = regex(
    r"\b(?:marketed|touted|billed|hyped|advertised|promoted) as\b|\b(?:so-called|supposedly|allegedly|self-styled)\b",
    re.IGNORECASE,
)
"""What others say in praise, of which the page says that they say it."""


def _candidates(sentence: ClinicalSentence, lexicon: Lexicon) -> list[Praise]:
    text = sentence.text
    listed = [*_listed(sentence, lexicon, "superiority"), *_listed(sentence, lexicon, "hype")]
    if sentence.form is Form.REQUEST and not INVITES.match(text):
        return listed
    term = lexicon.terms("superiority")[0]
    ours = OURS.search(text) is not None
    free = [
        (start, end, is_own(sentence, start, end, lexicon))
        for start, end in (*_of_providers(text, lexicon), *_of_ranks(text, lexicon))
    ]
    free += [(start, end, ours) for start, end in _of_treatments(sentence)]
    return listed + [
        Praise(start, end, term.reason, as_sentence(term.suggestion), own)
        for start, end, own in free
        if not any(other.start < end and start < other.end for other in listed) and not _CHOICE.search(text[:start])
    ]


def _listed(sentence: ClinicalSentence, lexicon: Lexicon, name: str) -> Iterator[Praise]:
    text, providers = sentence.text, list_pattern(lexicon.terms("providers"))
    for found in find(text, lexicon.terms(name)):
        if found.text.isupper() and _OF_ACRONYM.match(text, found.end):
            continue
        own = is_own(sentence, found.start, found.end, lexicon)
        if name == "hype" and own and not OURS.search(text):
            own = providers.search(text, found.start, min(len(text), found.end + _BESIDE)) is not None
        yield Praise(found.start, found.end, found.term.reason, as_sentence(found.term.suggestion), own)


_OF_ACRONYM = regex(r"\s?[:(–—-]")
"""Behind capitals, what spells out an acronym: "PREMIER: Lifestyle Interventions"."""
_BESIDE = 25
"""Characters behind a grand word in which a provider is what it calls so: "a one-of-a-kind pain centre"."""


# --- praise with words between ---

_TOP = regex(
    r"(?<![\w'’])(?:(?:an?|the|our|your|(?:among|some of|one of) the|[\w.]+['’]s)\s+(?:very )?"
    r"(?:leading|best|top|finest|foremost|number[- ]one|go[- ]to|one[- ]of[- ]a[- ]kind)"
    r"|one of the most (?!critical|crucial|essential|vital|common"
    r"|frequent|important|likely|visited|(?:\w+ly[ -])?(?:marketed|studied|researched|used"
    r"|prescribed|requested|performed|searched))[\w-]+"
    r"|no (?:better|finer)|than any other)\s+(?!practices?\b|services?\b|listed\b|\d)",
    re.IGNORECASE,
)
"""What sets above all others the provider that it is said of."""
_FEW = 4
"""Words to a provider, that word included."""
_PLAIN = regex(r"[\w\s'’&-]*")
_BREAKS = words(
    "of to for in on and or with cause causes reason available supportive possible medical current standard chance"
    " chances hope result results come comes from is are was were initial next first known evidence practice way time"
    " that who why reasons a an thing things during after before between while"
)
"""Words over which no praise reaches the provider behind them: "the best way to find a clinic"."""


def _of_providers(text: str, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """Praise of a provider with words between: "the leading menopause clinic", "one of the most advanced centres"."""
    providers = list_pattern(lexicon.terms("providers"))
    for top in _TOP.finditer(text):
        who = providers.search(text, top.end())
        between = text[top.end() : who.start()].lower() if who is not None else ""
        if who is None or len(between.split()) >= _FEW or _PLAIN.fullmatch(between) is None:
            continue
        if _BREAKS.isdisjoint(between.replace("-", " ").split()):
            yield top.start(), who.end()


_THINGS = r"(?:treatments?|therap(?:y|ies)|cure|remedy|remedies|medicines?|medications?|drugs?)"
_PLACE = r"(?:(?:the )?(?:world|country|nation|region|area|city|state|industry|UK|US|USA|EU|[A-Z]\w+(?: [A-Z]\w+)?))"
_NO_STUDY = (
    r"(?!\s+(?:[\w-]+\s+){0,3}(?:stud(?:y|ies)|trials?|surveys?|cohorts?|registr\w+|causes?|killers?|cit(?:y|ies)"
    r"|reviews?|outbreaks?|problem|disease|cancer|costs?|prices?|candidates?))"
)
_BEST_THING = regex(
    r"(?<![\w'’])the best\s+(?!documented|studied|known|established|described|understood|tolerated|researched|validated"
    rf"|supported|available|medical|current|standard)(?:(?!(?:of|to|for|in|and|or|is|are|from|with|during|after|before|while|possible|supportive|initial)\b)[\w-]+\s+){{1,3}}{_THINGS}\b"
    rf"|\bthe (?:best|safest|most (?:effective|powerful|advanced))\s+(?:[\w-]+\s+){{0,3}}?{_THINGS}\s+"
    r"(?:available|on the market|in the world|there is|anywhere|that money can buy)\b"
    r"|(?:the|your|our) (?:strongest|purest|highest[- ]quality|most [\w-]+)\s+"
    r"(?:and (?:most )?[\w-]+\s+)?(?:[\w-]+\s+){0,5}?"
    r"on the market\b"
    r"|(?:the|your|our) best\s+(?:[\w-]+\s+){0,4}?(?:on the market|money can buy|in (?:the|our) (?:world|country|city"
    r"|region))\b"
    r"|\bthe (?:most \w+|best|finest) of its kind\b",
    re.IGNORECASE,
)
"""A treatment or a thing above all others: "the best back pain treatment", "the most effective cure available"."""
_GOLD = regex(
    r"\b(?:is|are|remains?|as|offer|provide) the gold[- ]standard (?:treatment|therapy|care|(?:for|in|of) "
    r"(?!(?:the )?(?:[\w-]+ ){0,3}?(?:diagnos|stag|detect|measur|assess|test|confirm|imag|research|evaluat|evidence"
    r"|trial|compar|establish|identif|monitor|stud|causal|screen|differentiat|predict|determin|visuali|regard|mapping|planning|track)))[\w-]*"
    r"|\bwe set the gold[- ]standard\b",
    re.IGNORECASE,
)
"""A gold standard that is no test's."""
_ABOVE_OTHERS = regex(
    r"(?:nobody|no one|no-one|no other \w+)\b[^.;]{3,60}\bthan (?:we|us|our)\b"
    r"|\byou(?: will not| won['’]t|['’]ll never| will never) find (?:an? |any )?(?:more|better|finer)\b"
    r"|\bno other (?:[\w-]+ ){1,5}?(?:match(?:es)?|equals?|rivals?|compares?|comes close|beats?|delivers?|offers?)\b"
    r"|(?:we|our [\w-]+(?: [\w-]+)?) (?:is|are) the best(?=\s*(?:[.!,;]|$))",
    re.IGNORECASE,
)
_OURS_IN_REGION = regex(
    rf"\b(?:our|we)\b[^.;?]{{1,60}}\b(?P<top>the (?:(?i:most [\w-]+|best|largest|finest|highest|fastest|newest|latest"
    rf"|lowest)){_NO_STUDY})\b[^.;?]{{1,40}}?\bin {_PLACE}\b"
)
"""A place of ours at the top of a region: "we have the largest laser suite in Leeds"."""
_OF_REGION = regex(
    r"(?:\b(?!(?:It|That|What|There|Here|He|She|Let|Who|This)['’])[A-Z][\w.]+"
    r"|\b(?:country|county|region|state|city|nation|island|area|continent|province))['’]s\s+"
    r"(?:largest and |first and |)(?i:favou?rite|number[- ]one|no\.? ?1|best|top|finest|foremost"
    r"|go[- ]to|most (?!common|frequent|likely|recent|important|widely|populous|deprived|vulnerable)[\w-]+)\b"
    rf"{_NO_STUDY}(?!\s+practices?\b)"
)
"""A region's first, of those that are beside: "Scotland's number-one specialists"."""
_VOTED = regex(
    r"\b(?i:voted|rated|named)\s+(?:the\s+|as\s+|as the\s+)?(?i:best|number one|no\.? ?1|top|first|finest|favou?rite)\b"
    r"|\b(?i:largest|most [\w-]+) and most (?i:experienced|trusted|advanced|respected|modern)\b"
)
_TREATMENT = regex(
    rf"\b(?:is|are|remains?) (?:still )?the best\s+(?:[\w-]+\s+){{0,2}}?(?:{_THINGS}"
    r"|way (?:to|of) (?:treat|cur|beat|reliev|lose|stop|get rid)\w*)\b"
    r"(?!\s+for (?:you|your|each|him|her|them|their|his|people who|that|this|an? individual|a given|a particular))",
    re.IGNORECASE,
)
"""A treatment called the best, in a sentence without a source."""


def _of_ranks(text: str, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    for pattern in (_ABOVE_OTHERS, _VOTED):
        yield from (found.span() for found in pattern.finditer(text))
    yield from (found.span("top") for found in _OURS_IN_REGION.finditer(text))
    providers = list_pattern(lexicon.terms("providers"))
    who = list_pattern(lexicon.terms("providers"), lexicon.terms("treatments"))
    for found in _OF_REGION.finditer(text):
        first = _NUMBER_ONE.search(found[0]) is not None
        if found[0].lower().endswith(_SOUGHT) and providers.search(text, found.end(), found.end() + _NEAR) is None:
            continue
        if first or who.search(text, found.end(), min(len(text), found.end() + _NEAR)) is not None:
            yield found.span()


_NUMBER_ONE = regex(r"number|no\.?\s?1", re.IGNORECASE)
_NEAR = 45
"""Characters behind a region's superlative in which a provider is whom it praises."""


def _of_treatments(sentence: ClinicalSentence) -> Iterator[tuple[int, int]]:
    for pattern in (_BEST_THING, _GOLD, *(() if sentence.is_covered else (_TREATMENT,))):
        for found in pattern.finditer(sentence.text):
            yield found.span()


# --- whether it praises at all ---

_CHOICE = regex(
    r"\b(?:what|which|whether|if|ask|discuss|decide|choose|(?<!you will )find|know|agree|work out|advise\w*|about"
    r"|determin\w*|identif\w+|tailor\w*|decision)\b",
    re.IGNORECASE,
)
"""A treatment that is best for somebody is a choice, no praise: "decide which is the best pain treatment"."""
_PUT = regex(r"\b(?:plac|put|keep|bring)\w*\b[^.;]*\bat$|\b(?:plac|put|keep|bring)\w*\b[^.;,]{0,40}$", re.IGNORECASE)
"""What is put somewhere, "at the forefront" too, leads nobody."""
_WE_RANK = regex(
    r"\bwe\b(?! (?:are|were|have been)\b)[^.;]{0,40}\b(?:ranked?|scored?|rated?|compared?|reviewed|tested) (?:the )?$",
    re.IGNORECASE,
)
"""What one ranks is not oneself: "We compared the top programmes"."""
_EVEN = regex(r"\beven (?:the |with the |in the )?$", re.IGNORECASE)
"""What is said of others' best: "poor sleep undoes even the best treatments"."""
_WAS = regex(r"\bwas (?:a |the )?$", re.IGNORECASE)
_SENTENCE_PART = regex(r"[.;:]")
_VISION = regex(r"\W*to [a-z]+\b", re.IGNORECASE)
"""A sentence that is only a wish: "To be the leader in sports medicine"."""
_SHOULD = regex(r"\s+(?:[\w-]+\s+)?(?:should|must|ought to)\b", re.IGNORECASE)
"""What all should have: "exceptional care should be within reach"."""
_SIMPLE_AIM = regex(r"\b(?:mission|vision|goal|aim)\b[^.;]{0,30}:\s*to\b[^.;]*$", re.IGNORECASE)
_TO_BE = regex(r"\W*to (?:be|become)\b", re.IGNORECASE)
_CHECKED = regex(r"\W*(?:ensure|make sure|check|verify|confirm|prefer|opt|go|sort|sorted|filter)\b", re.IGNORECASE)
_COMMITTED = regex(
    r"\b(?:commit\w*|dedicat\w*|devot\w*|endeavou?r\w*|work hard|(?:help|allow|enable)s? us)\b[^.;:]*$", re.IGNORECASE
)
_MAKING = regex(r"\bmaking\b[^.;,]{1,40}$", re.IGNORECASE)
_ASKS = regex(r"\W*(?:what|how|why|when)\b[^,.;:!]*$", re.IGNORECASE)
"""A heading that asks without its mark: "What the best clinic should feel like"."""
_BEST = regex(r"best|highest|finest|exceptional", re.IGNORECASE)
"""What one is committed to give is no claim that one gives it: "committed to the highest standard of care"."""
_POSSIBLE = regex(r"\bbest (?:possible|clinical)\b", re.IGNORECASE)
"""What compares with nobody else: the best that can be had for this patient."""
_WE_GIVE = regex(
    r"\b(?:we|our [\w-]+(?: [\w-]+)?)\s+(?:always |also |only )?(?:give|offer|provide|deliver|get|achieve|guarantee"
    r"|ensure)s?\s+(?:(?!to\b)[\w'’-]+\s+){0,6}$",
    re.IGNORECASE,
)


def _is_wished(text: str, found: Praise, lexicon: Lexicon) -> bool:
    """Whether it is looked for, wished, or the best that can be had: "how to find the best surgeon"."""
    before = text[: found.start]
    if holds(_SENTENCE_PART.split(before)[-1], lexicon.terms("sought-praise")) or _WAS.search(before):
        return True
    if _WE_RANK.search(before) or _PUT.search(before) or _EVEN.search(before):
        return True
    if _SHOULD.match(text, found.end) or _SIMPLE_AIM.search(before):
        return True
    if _TO_BE.match(text) or (_VISION.match(text) and not OURS.search(text)):
        return True
    if _CHECKED.match(text) and not OURS.search(text):
        return True
    if _COMMITTED.search(before) and (_BEST.search(text, found.start, found.end) or _MAKING.search(before)):
        return True
    if _ASKS.match(text) and not OURS.search(text):
        return True
    return _POSSIBLE.match(text, found.start) is not None and _WE_GIVE.search(before) is None


_DENIES_OTHERS = regex(r"no |you |nothing|unlike|nobody|no one|no-one|than any other", re.IGNORECASE)
_NOBODY = regex(r"\W*(?:nobody|no one|no-one|no other|few (?:clinics|doctors|surgeons|teams))\b", re.IGNORECASE)


def _is_denied(text: str, found: Praise) -> bool:
    """Whether it is negated; "no other clinic" and "nobody does it better" are praise because they are."""
    said = _DENIES_OTHERS.match(text, found.start) or _NOBODY.match(text)
    return not said and is_negated(text, found.start)


_OF_PLACE = regex(
    r"\s+(?:(?!(?:in|of|for|at|on|to|from|with|by|around)\b)[\w-]+\s+){0,3}?"
    r"(?:(?:shopping|wine|tourist|travel|holiday|dining|culinary) destinations?"
    r"|(?:gated|residential|retirement|planned|coastal|lakeside|beach) communit(?:y|ies)|neighbou?rhoods?"
    r"|cities|towns?|suburbs?|markets?|beach(?:es)?|restaurants?|shops|malls?|museums?|parks)"
    r"(?=\s*[.,;:!?)]|\s*$|\s+(?:with|in|to|and|of|on|that|where|for|from|along|near)\b)",
    re.IGNORECASE,
)
"""Places that a page tells its readers of: "Riverton's premier shopping destination"."""
_PLACES = regex(r"\b(?:best|most \w+|top|finest) (?:cities|towns|neighbou?rhoods|communities|suburbs|markets)\b")
_COMPARED = regex(r"\s+(?:to|than|over|compared|versus)\s+(?!all|any|other|our|the competition)", re.IGNORECASE)
"""What compares treatments, not providers: "gives superior results to either alone"."""
_RANKINGS = regex(
    r"\s*(?:(?:rankings?|lists?|reasons|questions|topics|searches)|(?:[\w.-]+ ){0,4}(?:causes?|killers?)"
    r"|(?:[\w-]+ ){0,3}?standards)\b",
    re.IGNORECASE,
)
_REFUND = regex(
    r"\s+(?:[\w%-]+\s+){0,2}(?:guarantees?|warrant(?:y|ies)|prices?|pricing|discounts?|refunds?|deals?)\b",
    re.IGNORECASE,
)
"""What is praised of a purchase: "an industry-leading money-back guarantee"."""
_THIN = regex(r"\s+(?:[\w-]+\s+)?(?:needles?|lines?|hairs?|threads?|particles?|powders?|filters?)\b", re.IGNORECASE)
_MOST_OF = regex(r"(?:^\W*|[,:]\s+|\b(?:and|but|that|as|because|at|by)\s+)$", re.IGNORECASE)
_MOST = regex(r"most (?!trusted by)[\w-]+(?: [\w-]+)?", re.IGNORECASE)
_PLURAL = regex(r"\s*(?:[\w-]+\s+)?[\w-]{2,}[^s\W]s\b")


_SOUGHT = ("popular", "requested", "sought after", "sought-after")
"""What sells most is a fact, of whatever is sold; of who sells it, it is praise."""


def _is_of_other_things(text: str, found: Praise, providers: tuple[Term, ...]) -> bool:
    """Whether it is of places, rankings, thin needles, a comparison of treatments, or of most of many."""
    words_of = text[found.start : found.end].lower()
    if _RANKINGS.match(text, found.end) or _OF_PLACE.match(text, found.end) or _PLACES.search(words_of):
        return True
    if words_of.endswith(_SOUGHT) and not list_pattern(providers).search(
        text, found.end, min(len(text), found.end + _NEAR)
    ):
        return True
    if _REFUND.match(text, found.end):
        return True
    if words_of.endswith("finest") and _THIN.match(text, found.end):
        return True
    if words_of.startswith("superior") and _COMPARED.match(text, found.end):
        return True
    is_most = (
        not is_slogan(text) and _MOST.fullmatch(words_of) is not None and _PLURAL.match(text, found.end) is not None
    )
    return is_most and _MOST_OF.search(text[: found.start]) is not None


_FOR_ONE = regex(r"\s+for (?:me|him|her|my \w+)\b|[\w\s]{0,20}\b(?:we|they|I) can\b", re.IGNORECASE)
"""What is best for one, or the best that one can do."""
