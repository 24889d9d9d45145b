"""Where prose says that a treatment does no harm, or that its harm is rare: "completely safe", "no side effects"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kap_content.language.advertising.rarity import THEN_TELLS, rarity, speaks_of_treatment
from kap_content.language.advertising.safe import calls_safe, is_any_means, is_pronoun, speaks_of_us
from kap_content.language.assertion import (
    is_reported,
    is_softened,
    is_sought,
    is_supposed,
    names_treatment,
    statement_start,
)
from kap_content.language.phrases import Found, find, is_joined, is_negated, is_quoted, is_refuted, list_pattern
from kap_content.language.subject import subjects_of
from kap_content.model.lexicon import Lexicon, SubjectKind
from kap_content.startup.regex import regex

LISTS = ("safety-absolutes", "harmless", "rarity", "harm-nouns")
"""The lists of which a page must hold a word, unless `may_deny_harm`."""

_SOFTENED = "makes little of harm, and gives no rate and no source"
_REPORTED = "tells what was found of harm, and gives no count and no source"


@dataclass(frozen=True, slots=True)
class Denial:
    """A statement that harm is absent or rare: where, the words, what is wrong, and what to do.

    `is_flat` tells that it is said outright; what is softened ("generally safe") or reported ("no side effects were
    seen") is less than that. `is_rarity` tells that a rate given beside it makes it complete.
    """

    start: int
    end: int
    text: str
    reason: str
    suggestion: str
    is_flat: bool
    is_rarity: bool


def may_deny_harm(text: str) -> bool:
    """Whether a text denies harm with verbs that are in no list ("will not hurt you")."""
    return _NO_HARM.search(text) is not None


def absence_of_harm(text: str, lexicon: Lexicon, *, on_treatment: bool) -> Denial | None:
    """Where a sentence says that a treatment's harm is absent or rare; of an illness it may say so.

    `on_treatment` tells that the page is about a treatment, so that harm named without one is that treatment's.
    """
    if is_refuted(text):
        return None
    for looked in (_safe, _harmless, _denial, rarity):
        for found in looked(text, lexicon, on_treatment):
            if is_quoted(text, found.start, found.end) or is_joined(text, found.start, found.end):
                continue
            if not _is_no_claim(text, found, lexicon):
                return _graded(text, found, lexicon)
    return None


def _is_no_claim(text: str, found: Found, lexicon: Lexicon) -> bool:
    """Whether the words are supposed, sought, asked about, or followed by the harm itself."""
    if (
        _ELIGIBLE.match(text)
        or _MISSION.search(text[: found.start])
        or _WANTED.search(text, found.end)
        or _HYPOTHESIS.match(text)
        or is_supposed(text, found.start, lexicon)
        or is_sought(text, found.start, lexicon)
    ):
        return True
    owned = list_pattern(lexicon.terms("cautions")).search(text, found.end)
    if owned is not None and (_TURN.search(text, found.end, owned.start()) or _CONCEDES.match(text)):
        return True
    return _TURN_BACK.match(text, found.end) is not None


_MISSION = regex(
    r"\b(?:mission|vision|goal|aim|purpose)\b[^.;]{0,40}\b(?:is|was|been|remains) to\b[^.;]*$", re.IGNORECASE
)
_WANTED = regex(r"\bunmet need|\b(?:is|are) (?:urgently |still |badly )?needed\b", re.IGNORECASE)
"""What is wanted is not there yet: "safe treatments remain an unmet need"."""
_ELIGIBLE = regex(
    r"\W*(?:(?:you|they|patients) )?(?:have |has |having |with )?no (?:known )?contraindications? (?:to|for)\b",
    re.IGNORECASE,
)
"""Who may be treated, not what treatment does: "Have no contraindications to the medicine"."""


def _graded(text: str, found: Found, lexicon: Lexicon) -> Denial:
    rare = found.term in lexicon.terms("rarity")
    softened = is_softened(text, found.start, found.end, lexicon)
    reported = is_reported(text, found.start, len(text) if found.term.phrase in _SAFE else found.end, lexicon)
    before = text[: found.start]
    reported = reported or found.text.startswith("been") or any(told.search(before) for told in (_WAS, _THEY_FELT))
    reason = _REPORTED if reported else _SOFTENED if softened and not rare else found.term.reason
    return Denial(
        start=found.start,
        end=found.end,
        text=found.text,
        reason=reason,
        suggestion=found.term.suggestion,
        is_flat=reason == found.term.reason,
        is_rarity=rare,
    )


_THEY_FELT = regex(
    r"\b(?:she|he|they|participants|patients|subjects)\b[^.;]*\b(?:experienced|tolerated|had|showed|took)\b[^.;]*$",
    re.IGNORECASE,
)
_HYPOTHESIS = regex(r"\W*(?:hypothes[ie]s|aims?|objectives?|purpose|rationale|question)\s*:", re.IGNORECASE)
_TURN = regex(r"\b(?:but|however|although|though|except|unless|while|whereas|it is|so)\b|[,;]", re.IGNORECASE)
"""What leads from safety to a caution about it."""
_CONCEDES = regex(r"(?:[\w ]{1,40}: )?\W*(?:while|although|though|even though|despite)\b", re.IGNORECASE)
_TURN_BACK = regex(r",?\s*(?:but|though|except)\b", re.IGNORECASE)
_WAS = regex(
    r"\b(?:was|were|(?:has|have) been)\s+(?:an? |only |relatively |\w+ly |very )*$|\bmade (?:[\w'’-]+ ){1,8}$",
    re.IGNORECASE,
)
"""What was safe is what was found: nobody says that it is."""


# --- safe ---


def _safe(text: str, lexicon: Lexicon, on_treatment: bool) -> Iterator[Found]:
    if _TITLE.match(text):
        return
    for found in find(text, lexicon.terms("safety-absolutes")):
        if _is_of_something_else(text, found, lexicon):
            continue
        if _DONE_TO.search(found.text) and not _is_done_to_treatment(text, found, lexicon, on_treatment=on_treatment):
            continue
        if found.term.phrase.endswith(_THE_SAME):
            harm = list_pattern(lexicon.terms("harm-nouns")).search(
                text, found.end, min(len(text), found.end + _BESIDE)
            )
            if harm is not None:
                yield Found(found.term, text[found.start : harm.end()], found.start, harm.end())
            continue
        bare = found.term.phrase in _SAFE
        if (
            calls_safe(text, found, lexicon, on_treatment=on_treatment)
            if bare
            else _is_on(text, found, lexicon, on_treatment=on_treatment)
        ):
            yield found


_THE_SAME = "with the same"
"""Behind it stands the harm that is denied: "does not come with the same side effects"."""


def _is_of_something_else(text: str, found: Found, lexicon: Lexicon) -> bool:
    """Whether it is said of people or money, negated, a name, or followed by the harm itself."""
    before, phrase = text[: found.start], found.term.phrase
    if (
        _ANIMALS.search(text)
        or any(of.search(before) for of in (_OF_PEOPLE, _WILL_BE, _FEEL))
        or is_negated(text, found.start)
    ):
        return True
    shouted = found.text.isupper() and not phrase.isupper()  # an acronym that spells a word
    named = found.text[0].isupper() and found.start > 0 and text[found.end + 1 : found.end + 2].isupper()  # a title
    if shouted or named:
        return True
    if "painless" in phrase and _says_sign(text, lexicon):
        return True
    if "risk" in phrase and _DEAL.search(text):
        return True
    owned = _NAMES_HARM.match(text, found.end) or _THEN_LISTS.match(text, found.end)
    return phrase.startswith("side effects are") and owned is not None


_ANIMALS = regex(r"\b(?:[Dd]ogs?|[Cc]ats?|[Pp]ets?|[Vv]eterinar\w+)\b")  # no PET or CAT scan
_DONE_TO = regex(r"\bbe(?:en)? (?:used |taken )?safely\b", re.IGNORECASE)


def _is_done_to_treatment(text: str, found: Found, lexicon: Lexicon, *, on_treatment: bool) -> bool:
    """Whether what "can be safely" done is done to a treatment: make-up can be safely worn, too."""
    before = text[: found.start]
    return names_treatment(text, lexicon, 0, found.start) or is_pronoun(before) or (on_treatment and not before.strip())


_DEAL = regex(
    r"\b(?:money[- ]back|refunds?|guarantee|purchas\w*|order|subscri\w+|choice|invest\w*|money|pay(?:ments?)?|financial"
    r"|trial offer|free trial|pilot|demos?|doping|violations?|commission|revenue|earn\w*|cancel\w*)\b",
    re.IGNORECASE,
)
"""What makes "risk-free" a matter of money: "a money-back guarantee, so try it risk-free"."""
_NAMES_HARM = regex(r"\s+(?!and\b|or\b|but\b|to\b|in\b|with\b|for\b|when\b|if\b|at\b)[a-z]")
"""A noun behind the adjective is the harm itself: "side effects are mild headaches"."""
_THEN_LISTS = regex(rf"[^.;]{{0,40}}[:(]|{THEN_TELLS.pattern}")
"""What is named behind is owned to: "side effects are mild: nausea, and a headache"."""
_WILL_BE = regex(r"\bwill (?:also )?be (?:[\w-]+ )?$", re.IGNORECASE)
"""What is foreseen is a hypothesis."""
_FEEL = regex(r"\bfe(?:els?|eling|lt) (?:[\w-]+ )?$", re.IGNORECASE)
"""What somebody feels is no treatment's: "so that you feel entirely safe"."""
_TITLE = regex(r"\W*(?:when|why|how|whether|what|where|who|is|are|can)\b[^.!]*$", re.IGNORECASE)
"""A title that asks without its mark: "When the drip is safe"."""
_OF_PEOPLE = regex(
    r"\b(?:subjects|patients|participants|people|persons|volunteers|infants|children|women|men|adults|those)\b"
    r"(?: (?:who|that|which))?(?: (?!and|or)[\w-]+)? "
    r"(?:are|were|is|was|has|have|had|with|presenting|without|showing|experiencing|reporting"
    r"|having|suffering)(?: [\w-]+)? $",
    re.IGNORECASE,
)
"""Of whom it is said, where it is not said of a treatment: "subjects who have no contraindications"."""
_SAFE = frozenset({"safe", "safe and effective", "gentle and safe"})


def _is_on(text: str, found: Found, lexicon: Lexicon, *, on_treatment: bool) -> bool:
    """Whether a denial of harm is one of a treatment's: named in the sentence, meant by it, or sold by the page."""
    if _FOOD.search(text[: found.start]):
        return False
    if _SIDE.search(found.text):
        return True
    if on_treatment or speaks_of_us(text) or names_treatment(text, lexicon, 0, min(len(text), found.end + _BESIDE)):
        return True
    return is_pronoun(text[: found.start])


_SIDE = regex(r"side[- ]effect|adverse", re.IGNORECASE)
"""What only a treatment has."""
_FOOD = regex(r"\b(?:breast ?milk|foods?|water|exercise)\b", re.IGNORECASE)
_BESIDE = 60
"""Characters behind a denial in which a treatment is what it is said of: "no risks associated with the injection"."""


# --- harmless ---

_NEAR = 3
"""Words before "is harmless" that are its subject."""
_NO_MATTER = regex(
    r"of (?:bias|publication)|factor|that\b|differen|ratio|group|score|model|reduction"
    r"|(?:in|to)\s+(?:(?!having|taking|using|undergoing|receiving|getting)\w+ing|work|read|try|check|ask|repeat|know|look)\b",
    re.IGNORECASE,
)
_ERRAND = regex(
    r"\b(?:ordering|orders|paying|payments?|booking|bookings|paperwork|billing|sign(?:ing)?[ -]up)\b[^.;,]*$",
    re.IGNORECASE,
)
"""What hurts nobody's body: "the ordering process is painless too"."""
_WHEN = regex(r"\W*when\b", re.IGNORECASE)
_HEDGED = regex(r"\b(?:most|many|some)\b[^.;]*$", re.IGNORECASE)
_ILLNESS = regex(r"\b\w{3,}(?:itis|osis|[ae]emia|oma|pathy)\b", re.IGNORECASE)
"""Illnesses by their endings, whether the tables have them or not."""


def _harmless(text: str, lexicon: Lexicon, on_treatment: bool) -> Iterator[Found]:
    for found in find(text, lexicon.terms("harmless")):
        before, after = text[: found.start], text[found.end :]
        if is_negated(text, found.start) or _NO_MATTER.match(after.lstrip()) or _WHEN.match(text):
            continue
        if _ERRAND.search(before):
            continue
        if _says_sign(" ".join(before.split()[-_NEAR:]), lexicon) or list_pattern(lexicon.terms("bodily-signs")).match(
            after.lstrip(" ),")
        ):
            continue
        if (
            speaks_of_treatment(before, lexicon)
            or _is_subject(before, lexicon)
            or _is_before_treatment(after, lexicon)
            or (on_treatment and not _is_of_illness(before, lexicon) and not _HEDGED.search(before))
        ):
            yield found


def _is_subject(before: str, lexicon: Lexicon) -> bool:
    """Whether a treatment by its noun is the subject of what follows: "Whitening is completely"."""
    start = statement_start(before, len(before))
    noun = list_pattern(lexicon.terms("treatments")).search(before, start)
    return noun is not None and not is_any_means(noun[0]) and _COPULA.fullmatch(before, noun.end()) is not None


def _is_before_treatment(after: str, lexicon: Lexicon) -> bool:
    """Whether a treatment by its noun follows: "a natural and harmless therapy"."""
    noun = list_pattern(lexicon.terms("treatments")).match(after, len(after) - len(after.lstrip()))
    return noun is not None and not is_any_means(noun[0])


_COPULA = regex(r"\s*(?:is|are|remains?)?(?:\s+\w+){0,2}\s*", re.IGNORECASE)


def _is_of_illness(text: str, lexicon: Lexicon) -> bool:
    named = subjects_of(lexicon).mentions(text, SubjectKind.CONDITION)
    return bool(named) or _ILLNESS.search(text) is not None or _says_sign(text, lexicon)


def _says_sign(text: str, lexicon: Lexicon) -> bool:
    return list_pattern(lexicon.terms("bodily-signs")).search(text) is not None


# --- no harm ---

_NONE = regex(
    r"\b(?:no|zero|nil|without|free (?:of|from)|absence of|never (?:any )?|neither"
    r"|(?:none|without any) of (?:the|its|their|those))\s+"
    r"(?:(?:any|known|real|serious|significant|harmful|other|nasty|unpleasant|lasting|long-term|major|additional|extra"
    r"|unwanted|negative|usual|typical|common|familiar)\s+){0,3}$",
    re.IGNORECASE,
)
"""What before a harm of the list says that it is absent."""
_NO_HARM = regex(
    r"\b(?:will not|won['’]t|cannot|can['’]t|can not|does not|doesn['’]t|do not|don['’]t|never)\s+(?:ever\s+)?"
    r"(?:harms?|(?<!can’t )(?<!can't )(?<!cannot )hurts?|damages?|cause (?:any )?harm|injures?"
    r"|(?:make|leave|get|turn) you (?:dependent|addicted|hooked|into an addict)|cause (?:addiction|dependence"
    r"|dependency))\b(?=\s*(?:$|[.,;!])|\s+(?:you|your|the (?:baby|body|embryos?|unborn|fetus|skin|liver|kidneys"
    r"|patient)"
    r"|patients?|people|children|healthy|or|and|even|if)\b)"
    r"|\byou (?:cannot|can['’]t|will not|won['’]t) (?:become|get|be) (?:dependent|addicted|hooked)\b"
    r"(?= (?:on|to)|[.,;!]|$)",
    re.IGNORECASE,
)
_IN_THE = regex(r"\bin (?:the )?$", re.IGNORECASE)
"""What makes an absence a condition: "in the absence of toxicity"."""
_ATTRIBUTE = regex(
    r" (?:data|profiles?|reports?|information|lists?|management|scores?|groups?|factors?|level)\b", re.IGNORECASE
)
"""A noun behind a harm in the singular, which belongs to it: "no side effect data"."""
_ANY_HARM = regex(r"dangers?|harm|hazards?", re.IGNORECASE)
"""Harms that are not yet those of a treatment."""
_IN_DOUBT = regex(
    r"\b(?:not|no|nobody|never|cannot|can['’]t|isn['’]t|aren['’]t|n['’]t|so that|to|some|people with|those with"
    r"|patients with|when|who (?:had|have)|found|reported|saw|caused|had|was)\b[^.;]*$",
    re.IGNORECASE,
)
"""Denials of denials, and of whom it is said."""


def _denial(text: str, lexicon: Lexicon, on_treatment: bool) -> Iterator[Found]:
    """Where a harm is denied in other words than the listed: "zero risks", "will not harm you"."""
    for found in find(text, lexicon.terms("harm-nouns")):
        before = _NONE.search(text[: found.start])
        start = before.start() if before else 0
        if (
            before is None
            or _IN_THE.search(text[:start])
            or _OF_PEOPLE.search(text[:start])
            or (not found.text.endswith("s") and _ATTRIBUTE.match(text, found.end))
            or _NO_MATTER.match(text[found.end :].strip())
            or _IN_DOUBT.search(text[:start])
        ):
            continue
        if not _is_on(text, found, lexicon, on_treatment=on_treatment):
            continue
        if "risk" in found.term.phrase and _DEAL.search(text):
            continue
        if _ANY_HARM.fullmatch(found.text) and (
            _HEDGED.search(text[:start]) or _says_sign(text[:start], lexicon) or not names_treatment(text, lexicon)
        ):
            continue
        yield Found(found.term, text[start : found.end], start, found.end)
    said = _NO_HARM.search(text)
    if said is None or _IN_DOUBT.search(text[: said.start()]):
        return
    before_it = text[: said.start()]
    if _HEDGED.search(before_it) or _is_of_illness(before_it, lexicon):
        return
    if (
        on_treatment
        or (said[0].lower().startswith("you ") and names_treatment(text, lexicon))
        or text[said.end() :].startswith(" you")
        or speaks_of_treatment(before_it, lexicon)
    ):
        yield Found(lexicon.terms("harm-nouns")[0], said[0], said.start(), said.end())
