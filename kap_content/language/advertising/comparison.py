"""Comparisons of treatments that name no other side: "works faster", "twice as effective", "better results"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kap_content.language.assertion import is_sought, is_supposed, names_treatment, statement_start
from kap_content.language.phrases import Found, find, list_pattern
from kap_content.language.subject import subjects_of
from kap_content.model.lexicon import Lexicon, SubjectKind
from kap_content.startup.regex import regex


def may_compare(text: str) -> bool:
    """Whether a text compares in words that are in no list ("double the power")."""
    return _TIMES.search(text) is not None


def open_comparisons(text: str, lexicon: Lexicon, *, on_treatment: bool) -> Iterator[Found]:
    """The comparisons that `text` asserts of a treatment and that name no other side.

    `on_treatment` tells that the page is about a treatment, so that "it" may mean that one.
    """
    listed = lexicon.terms("comparatives")
    multiples = (Found(listed[0], match[0], match.start(), match.end()) for match in _TIMES.finditer(text))
    compared = (*find(text, listed), *_merits(text, lexicon), *multiples)
    if not compared or list_pattern(lexicon.terms("other-sides")).search(text) is not None:
        return
    if _names_two(text, compared[0].end, lexicon):
        return
    if _STUDY.search(text) or _SHARE.search(text):
        return
    for found in compared:
        if is_supposed(text, found.start, lexicon) or is_sought(text, found.start, lexicon):
            continue
        if text[found.end : found.end + 1] == "-":
            continue
        if _is_of_treatment(text, found, lexicon, on_treatment=on_treatment) and not _is_with_itself(text, found):
            yield found


def _names_two(text: str, at: int, lexicon: Lexicon) -> bool:
    """Whether another treatment is named behind the comparison than before it, which is the other side."""
    named = subjects_of(lexicon).mentions(text, SubjectKind.INTERVENTION)
    before = {one.name for one in named if one.start < at}
    return bool(before) and any(one.start >= at and one.name not in before for one in named)


_SHARE = regex(r"\d ?(?:%|per ?cent\b)|\b\d+ (?:in|of|out of) \d+\b")
"""A share tells how many fare better than before."""
_STUDY = regex(
    r"\b(?:trials?|stud(?:y|ies)|review|participants|randomi[sz]ed|is thought|are thought|unclear|unknown"
    r"|uncertain|not known|groups?|research|evidence base|goal|mission|needed|should|in the future|insufficient"
    r"|no evidence"
    r"|not enough)\b"
    r"|\bas \w+ as\b|^\W*[Ff]or (?:faster"
    r"|better|quicker)\b"
    r"|^\W*(?:take|apply|stop|use|avoid|drink|eat|wear|prioriti[sz]e|schedule|choose|keep|follow)\b(?!.*\b(?:our|us)\b)",
    re.IGNORECASE,
)
"""What a study compared, it compared with something; what is not known and what the reader is to do claims nothing."""


# --- what compares ---

_GIVES = regex(
    r"\b(?:gives?|gave|offers?|provides?|brings?|delivers?|achieves?|has|have|leads? to|leading to|means"
    r"|ensures?|ensuring|guarantees?"
    r"|yields?|produces?|gets?|enjoys?|expects?|sees?|experiences?|feels?|notices?|allows?|with|and|creates?)\s+"
    r"(?:(?:you|your|a|an|the|our|patients|much|far|even|significantly|considerably)\s+){0,3}$",
    re.IGNORECASE,
)
_IS_SO = regex(
    r"\b(?:sounds?|works?|acts?|heals?|lasts?|tastes?|absorbs?|performs?|recovers?"
    r"|responds?|sleeps?)\s+"
    r"(?:(?:much|far|even|so much|significantly)\s+)?$",
    re.IGNORECASE,
)
_ENDS = regex(r"\s*(?:[.,;!]|$|and\b|with\b|for\b)")
_TIMES = regex(
    r"\b(?:twice|double|(?:two|three|four|five|ten|\d+) times|\d+x) "
    r"(?:as (?:effective|fast|powerful|strong|potent|likely to (?:succeed|work|conceive|recover|quit))\b(?! as\b)"
    r"|(?:faster|better|stronger|longer|quicker)\b(?! than\b| relief| results?| effect)"
    r"|(?:the|more|better|stronger|faster) (?:relief|results?|power|effect\w*|powerful|success)\b)",
    re.IGNORECASE,
)
"""How many times better, without than what: "twice as effective"."""


_LESS = regex(r"(?:less|fewer) effects?", re.IGNORECASE)


def _merits(text: str, lexicon: Lexicon) -> Iterator[Found]:
    """Comparatives of merit: of an outcome ("gives sharper vision"), or at the end of what a thing does."""
    nouns = list_pattern(lexicon.terms("better-nouns"))
    for found in find(text, lexicon.terms("better-words")):
        before = text[: found.start]
        noun = nouns.match(text, found.end + 1)
        if noun is not None and _GIVES.search(before) and not _LESS.fullmatch(text, found.start, noun.end()):
            yield Found(found.term, text[found.start : noun.end()], found.start, noun.end())
        elif _IS_SO.search(before) and _ENDS.match(text, found.end):
            yield found


# --- of what ---

_OURS = regex(r"\b(?:our|ours)\b", re.IGNORECASE)
_WE = regex(r"\bwe\b", re.IGNORECASE)
_PRONOUN = regex(r"\b(?:it|they|this|these)(?:['’](?:s|re))?\s+(?:[\w’'-]+\s+){0,4}$", re.IGNORECASE)
_OPENS = regex(
    r"\W*(?:(?:an?|the|and|even|far|much|natural|gentle|safe|new)[\s,]+)*(?:[\w-]+er,?\s+(?:and\s+)?)*", re.IGNORECASE
)
"""A line that begins with it: "A gentler way to lose weight"."""
_NO_VERB = regex(r"(?!.*\b(?:is|are|was|were|has|have|had|can|will|do|does|did)\b)[^!?]{1,90}", re.IGNORECASE)
"""A line without a verb, as lists of merits are made of."""
_NOUN_NEAR = regex(
    r"(?:[\s,-]+(?:and\s+)?(?!(?:is|are|was|were|of|for|to|with|in|when|on|at|from|if|by)\b)[\w-]+){0,3}?[\s-]+",
    re.IGNORECASE,
)
_ANY_MEANS = regex(
    r"(?:way|option|solution|method|approach|technique|program|programme|product)s?|approaches|results|care",
    re.IGNORECASE,
)
_TO_HEAL = regex(
    r"\s+(?:to|of|for)\s+(?:[\w-]+ly\s+)?(?:treat|cur|heal|reliev|eas|calm|reduc|lower|lose|losing|beat|stop|end"
    r"|overcom|manag|prevent|revers|avoid|get rid|quit"
    r"|remov|restor|control|fight|pain|anxiety|depress|weight|imag|everyone|you\b|patients|people)\w*",
    re.IGNORECASE,
)
"""What makes any means one of medicine: "the safest way to lose weight", not "to get to the hospital"."""
_ATTRIBUTE = regex(
    r"[\s,]+(?!(?:and|or|for|in|with|at|on|to|when|if|by|of|as|during|even|because|while|after|from)\b)[\w-]+",
    re.IGNORECASE,
)
_ADJECTIVES = regex(
    r"(?:safe|health|gentl|strong|sharp|smooth)(?:er|ier)|(?:safe|fast)st|long(?:er|est)[- ]lasting"
    r"|better tolerated|(?:more|most|less) (?:effective"
    r"|powerful|potent|successful"
    r"|reliable|advanced|promising|studied|toxic|addictive|painful|accurate|traumatic)",
    re.IGNORECASE,
)
"""Words that are said of the noun behind them, if there is one: "healthier tissue"."""


def _is_of_treatment(text: str, found: Found, lexicon: Lexicon, *, on_treatment: bool) -> bool:
    """Whether what is compared is a treatment, or something that the page's owner does; no illness, organ or person."""
    start = statement_start(text, found.start)
    noun = list_pattern(lexicon.terms("treatments")).search(text, found.end)
    has_noun = noun is not None and _NOUN_NEAR.fullmatch(text, found.end, noun.start()) is not None
    if _ADJECTIVES.fullmatch(found.text) and not has_noun and _ATTRIBUTE.match(text, found.end):
        return False
    if _OURS.search(text) or _WE.search(text, start, found.start):
        return True
    if (
        has_noun
        and noun is not None
        and _ANY_MEANS.fullmatch(noun[0])
        and not _is_a_remedy(text, lexicon, start, found, noun.end())
    ):
        has_noun = False
    opens = (
        not text[:1].islower()
        and _OPENS.fullmatch(text, start, found.start) is not None
        and _NO_VERB.fullmatch(text) is not None
    )
    if has_noun or (opens and _ADJECTIVES.fullmatch(found.text) is None):
        return True
    if not names_treatment(text, lexicon, start, found.start):
        before = text[start : found.start]
        return on_treatment and _PRONOUN.search(before) is not None and not _is_of_the_ill(before, lexicon)
    return not _is_of_the_ill(text[start : found.start], lexicon)


def _is_a_remedy(text: str, lexicon: Lexicon, start: int, found: Found, end: int) -> bool:
    """Whether "way", "option" and the like mean one that heals, and a treatment is named for it or the line is one."""
    if _TO_HEAL.match(text, end) is None:
        return False
    return names_treatment(text, lexicon, start, found.start) or _OPENS.fullmatch(text, start, found.start) is not None


def _is_of_the_ill(before: str, lexicon: Lexicon) -> bool:
    """Whether an illness or people stand nearer to the comparison than a treatment does."""
    ill = [found.start() for found in list_pattern(lexicon.terms("who-is-ill")).finditer(before)]
    ill += [found.start for found in subjects_of(lexicon).mentions(before, SubjectKind.CONDITION)]
    treated = [found.end() for found in list_pattern(lexicon.terms("treatments")).finditer(before)]
    treated += [found.end for found in subjects_of(lexicon).mentions(before, SubjectKind.INTERVENTION)]
    return bool(ill) and max(ill) >= max(treated, default=0)


# --- with itself ---

_MADE = regex(
    r"\b(?:mak(?:e|es|ing)|made|keep(?:s|ing)?|help(?:s|ed|ing)?|lets?|allows?|enabl\w+|stimulat\w+|train\w*|switch\w*)\s+"
    r"(?:[\w’'-]+\s+){0,6}$",
    re.IGNORECASE,
)
"""How another thing comes to be better says what a treatment does, and compares none."""
_DOUBT = regex(
    r"\b(?:when|other|early|prompt|timely|being the|sometimes|consistent|regular|repeated|over time|shapes?"
    r"|progressively|(?:high|low"
    r"|large)(?:er)? (?:\w+ )?doses?|reputation as|known as|touted as|marketed as|with[- ]food|on an empty stomach)\b"
    r"[^.;]*$"
    r"|\b(?:was|were|to|have helped) (?:the )?(?:\w+ly )?$|\bto (?:work|heal|recover|respond|sleep|perform) $"
    r"|\bbecom(?:e|es|ing) (?:the |an? )?$|\b(?:using|needs?|needing|prefer\w*) (?:an? )?$|\bto (?:create|build"
    r"|offer|provide|find|give) (?:\w+ ){0,2}$|\bof $|^\W*(?:after"
    r"|over) [^.;]*$"
    r"|^\W*some\b[^.;]*$|\b(?:tends? to|depends?)\b[^.;]*$|\b(?:believ\w+|regarded?|perceived?|considered|rated"
    r"|preferred)\b[^.;:]*$|\balternatives? (?:that|which) $",
    re.IGNORECASE,
)
_CHOSEN = regex(
    r"\b(?:identif(?:y|ies|ied|ying)|find(?:s|ing)?|choos(?:es?|ing)|determin(?:es?|ed|ing)|select(?:s|ed|ing)?"
    r"|plan(?:s|ned|ning)?|recommend(?:s|ed|ing)?|start(?:s|ed|ing)?)\s+(?:(?!(?:as|is|are)\b)[\w’'-]+\s+){0,3}$",
    re.IGNORECASE,
)
_FOREMOST = regex(r"(?:the )?(?:most|least) .*|.*est", re.IGNORECASE)
"""What one chooses among one's means: "we recommend the most effective option for you"."""
_AND_MORE = regex(r"\s*:|\s*(?:risk factor|cause|predictor|marker|condition|sign|able)s?\b", re.IGNORECASE)
_OF_NO_CARE = regex(
    r"(?:[\s,]+(?:and\s+)?(?:more\s+)?[\w-]+){0,3}?\s+(?:environments?|world|places?|spaces?|communit(?:y|ies)|society|future|marketplace"
    r"|workplaces?|homes?|schools?|roads?|growth|leaders?|business\w*|teams?|users?|communication)\b",
    re.IGNORECASE,
)
"""What no treatment is: "a safer and more responsible environment"."""
_OF_A_RANGE = regex(r"(?:['’]s|\bits|\btheir|\bhis|\bher)\s+$", re.IGNORECASE)
"""The foremost of one's own: "Candel’s most advanced candidate"."""
_WHEN_OR_IN_WHOM = regex(
    r"[^.;]{0,80}?\b(?:when|if|in (?:\w+ ){0,2}?(?:people|patients|men|women|children|adults|those|younger|older"
    r"|cases)|in \w+ing|during|after|before|within|who|where|as part of|alongside|combined|at night"
    r"|in the morning|early|by (?:\w+ing)"
    r"|for (?:specific|certain|some|these)"
    r"|based on your|based on the)\b",
    re.IGNORECASE,
)
"""What follows a treatment compared with itself: "most effective when taken early"."""
_FOR_WHOM = regex(
    r"\s+(?:for|in|on)\s+(?:[\w-]+\s+){0,4}(?:skin|tones?|types?|hair|patients|people|women|men|children|adults|those|cases)\b",
    re.IGNORECASE,
)
_GRADED = regex(
    r"(?:more|most) (?:effective|successful|reliable|accurate|useful|helpful)(?:ly)?"
    r"|(?:work|heal)s? (?:better|faster|more quickly)"
    r"|greater benefit|safe(?:r|st)"
    r"|(?:is|are) better|better \w+",
    re.IGNORECASE,
)


_OTHER_CLAUSE = regex(
    r"\w+(?:\W+\w+){2,}?(?:\s?[;–—]|, (?:so|but|therefore)\b|,?\s+while\b)\s?"
    r"(?!(?:and|it|they|with|for|giving|making|plus|even|that|which|a|an|our|we|the most|the safest)\b|the\s$)"
    r"(?:[\w-]+\s){2,8}$",
    re.IGNORECASE,
)
"""A clause that names another thing before the one that is better: "liquids burn the throat, so capsules are safer"."""


def _is_with_itself(text: str, found: Found) -> bool:
    """Whether a treatment is compared with itself, or another thing is said to come out better by it."""
    before = text[: found.start]
    if _OURS.search(text) is None and _OTHER_CLAUSE.search(before):
        return True
    if _FOREMOST.fullmatch(found.text) and _CHOSEN.search(before):
        return True
    if _AND_MORE.match(text, found.end) or _DOUBT.search(before) or _OF_NO_CARE.match(text, found.end):
        return True
    if found.text.lower().startswith("most ") and _OF_A_RANGE.search(before):
        return True
    if _MADE.search(before) is not None and _OURS.search(text) is None:
        return True
    if _GRADED.fullmatch(found.text) is not None and _FOR_WHOM.match(text, found.end):
        return True
    return _GRADED.fullmatch(found.text) is not None and _WHEN_OR_IN_WHOM.match(text, found.end) is not None
