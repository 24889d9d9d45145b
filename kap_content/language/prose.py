"""Sentences for the wording rules: a page's clinical ones, and for some rules its headings and unclaimed parts too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import islice

from kap_content.language.clinical import ClinicalSentence, Form, clinical_sentences
from kap_content.language.phrases import list_pattern, may_hold, words_of
from kap_content.language.same import Same
from kap_content.language.sentences import sentence_spans
from kap_content.language.subject import subjects_of
from kap_content.model.claim import Claim
from kap_content.model.finding import Related
from kap_content.model.lexicon import Lexicon, SubjectKind, Term
from kap_content.model.page import Block, BlockKind, Page, Sentence
from kap_content.model.place import Place
from kap_content.model.project import Context
from kap_content.startup.regex import regex

_UNREAD = frozenset({BlockKind.CODE, BlockKind.HTML})


def may_say(page: Page, *lists: tuple[Term, ...]) -> bool:
    """Whether the page's text can hold a term of any of the lists: most hold none and need no close reading."""
    words = _words(Same(page))
    return any(may_hold(words, terms) for terms in lists)


def running_text(page: Page) -> str:
    """All text of the page in one line: no phrase is broken where a line of the source ends."""
    return _running_text(Same(page))


@lru_cache(maxsize=64)
def _running_text(page: Same[Page]) -> str:
    return " ".join(" ".join(block.text for block in page.value.blocks).split())


@lru_cache(maxsize=64)
def _words(page: Same[Page]) -> frozenset[str]:
    return words_of(running_text(page.value))


def stated(page: Page) -> tuple[ClinicalSentence, ...]:
    """The page's clinical sentences."""
    return clinical_sentences(page)


_TOPICS = ("check-topic", "check-efficacy", "check-safety")
_NAMED = 5
"""On a medical page, at least one sentence in so many names an illness or a treatment."""
_LEAST = 3
"""And at least so many sentences do."""


def on_health(page: Page, lexicon: Lexicon) -> tuple[ClinicalSentence, ...]:
    """The clinical sentences that speak of health: all of a medical page, of others those that show it.

    A page of another kind (methods, software, law) may say "always" and "recently", and harms nobody.
    """
    return _on_health(Same(page), Same(lexicon))


@lru_cache(maxsize=64)
def _on_health(page: Same[Page], held: Same[Lexicon]) -> tuple[ClinicalSentence, ...]:
    lexicon = held.value
    if is_medical(page.value, lexicon):
        return stated(page.value)
    patterns = [list_pattern(lexicon.terms(name)) for name in _TOPICS]
    subjects = subjects_of(lexicon)
    return tuple(
        sentence
        for sentence in stated(page.value)
        if any(pattern.search(sentence.text) for pattern in patterns) or subjects.mentions(sentence.text)
    )


def is_medical(page: Page, lexicon: Lexicon) -> bool:
    """Whether a page is about illness or treatment.

    It says so in its front matter, shows registered claims, names an illness, a treatment or a word of the list
    `page-topics` in its title, or names illnesses and treatments throughout.
    """
    if page.meta.condition or page.meta.intervention or page.marks:
        return True
    subjects, topics = subjects_of(lexicon), list_pattern(lexicon.terms("page-topics"))
    heading = next((block.text for block in page.blocks if block.kind is BlockKind.HEADING), "")
    title = f"{page.meta.title}\n{heading}"
    if topics.search(title) or subjects.mentions(title):
        return True
    sentences = stated(page)
    named = sum(1 for sentence in sentences if subjects.mentions(sentence.text))
    return named >= _LEAST and named * _NAMED >= len(sentences)


def is_on_treatment(page: Page, lexicon: Lexicon) -> bool:
    """Whether a page is about a treatment: its front matter or its title names one."""
    heading = next((block.text for block in page.blocks if block.kind is BlockKind.HEADING), "")
    title = f"{page.meta.title}\n{heading}"
    return bool(page.meta.intervention or subjects_of(lexicon).mentions(title, SubjectKind.INTERVENTION))


def every_sentence(page: Page) -> tuple[ClinicalSentence, ...]:
    """Every sentence of the page but questions and code: headings, invitations and `{.nonclaim}` parts as well.

    The title, subtitle and description of the head come first, as of the block `HEAD`.
    """
    return _every(Same(page))


@lru_cache(maxsize=64)
def _every(page: Same[Page]) -> tuple[ClinicalSentence, ...]:
    return (*_head(page.value), *_sentences(page.value))


def names_health(text: str, lexicon: Lexicon) -> bool:
    """Whether a text names an illness, a treatment, or who treats."""
    effects = list_pattern(lexicon.terms("check-efficacy"), lexicon.terms("check-safety"))
    return names_care(text, lexicon) or effects.search(text) is not None


def names_care(text: str, lexicon: Lexicon) -> bool:
    """As `names_health`, but words of effect and harm are not enough: paint transforms a house, too."""
    topics = list_pattern(lexicon.terms("check-topic"), lexicon.terms("page-topics"))
    if topics.search(text) is not None or _WHO_TREATS.search(text) is not None:
        return True
    return bool(subjects_of(lexicon).mentions(text))


_WHO_TREATS = regex(
    r"\b(?:hospital(?!it)|doctor|physician|surgeon|clinic|dermatolog|nurs|care\b|health|hearing|medic|skin|wellness|pharm|cannabi"
    r"|(?:ur|cardi|neur|onc|gyna?ec|ophthalm|radi|endocrin|enter|audi|immun|rheumat|ha?emat|nephr)olog|\w+iatr(?:y|ic|ist)"
    r"|tele(?:health|med)|hemp|cbd|massage|gumm(?:y|ies))",
    re.IGNORECASE,
)


def every_on_health(page: Page, lexicon: Lexicon) -> tuple[ClinicalSentence, ...]:
    """As `every_sentence`, but of a page that hardly speaks of health only the sentences that do.

    A page that praises a clinic names few illnesses, so that it takes less to be read whole than for `on_health`.
    """
    return _every_on_health(Same(page), Same(lexicon))


def is_on_care(page: Page, lexicon: Lexicon) -> bool:
    """Whether a page is medical, or a good part of its sentences names care, as those of a clinic's site do."""
    return _is_on_care(Same(page), Same(lexicon))


_OF_CARE = 4
"""On a page about care, at least one sentence in so many names some; on one of another trade, not half as many do."""

_OF_TRADES = 2 / 3
"""And fewer than so many for each of these name another trade: a law firm's page on nursing homes has more."""


@lru_cache(maxsize=64)
def _is_on_care(page: Same[Page], held: Same[Lexicon]) -> bool:
    if is_medical(page.value, held.value):
        return True
    lexicon, texts = held.value, [sentence.text for sentence in every_sentence(page.value)]
    trades = list_pattern(lexicon.terms("other-trades"))
    of_care = sum(names_care(text, lexicon) for text in texts)
    of_trades = sum(trades.search(text) is not None for text in texts)
    return of_care * _OF_CARE >= len(texts) and of_trades < of_care * _OF_TRADES


def addresses_reader(page: Page) -> bool:
    """Whether a page is somebody's own: it says what it is about, or speaks to "you" or of "us" throughout.

    News of others does so in quotations at most.
    """
    return _addresses_reader(Same(page))


_ADDRESSED = 5
"""Of an owner's page at least one sentence in so many says "you" or "we"; of press releases, hardly any has so many."""
_YOU_OR_WE = regex(r"\b(?:you|your|yours|we|our|us)\b", re.IGNORECASE)
_SPEECH = regex(r"[“\"][^”\"]*[”\"]")


@lru_cache(maxsize=64)
def _addresses_reader(page: Same[Page]) -> bool:
    meta = page.value.meta
    if meta.condition or meta.intervention or page.value.marks:
        return True
    texts = [_SPEECH.sub(" ", sentence.text) for sentence in every_sentence(page.value)]
    return sum(_YOU_OR_WE.search(text) is not None for text in texts) * _ADDRESSED >= len(texts)


_HARDLY = 20
"""Of a page that speaks of health, at least one sentence in so many does; of a shorter one, at least one."""


@lru_cache(maxsize=64)
def _every_on_health(page: Same[Page], held: Same[Lexicon]) -> tuple[ClinicalSentence, ...]:
    lexicon, sentences = held.value, every_sentence(page.value)
    if is_medical(page.value, lexicon):
        return sentences
    if not any(names_care(sentence.text, lexicon) for sentence in sentences):
        return ()
    providers = list_pattern(lexicon.terms("providers"))
    on_health = (
        sentence
        for sentence in sentences
        if names_health(sentence.text, lexicon) or providers.search(sentence.text) is not None
    )
    enough = -(-len(sentences) // _HARDLY)
    found = tuple(islice(on_health, enough))  # with so many the page is read whole, however many more there are
    return sentences if len(found) == enough else found


def reports_study(page: Page, lexicon: Lexicon) -> bool:
    """Whether a page tells of a study (the list `study-words`), sells nothing and says "you" to nobody."""
    text = running_text(page)
    speaks = _READER.search(text) or list_pattern(lexicon.terms("selling")).search(text)
    return not speaks and list_pattern(lexicon.terms("study-words")).search(text) is not None


_READER = regex(r"\b(?:you|your|yours)\b", re.IGNORECASE)
HEAD = -1
"""The block of sentences that stand in the front matter."""


def _head(page: Page) -> Iterator[ClinicalSentence]:
    """What the head shows to readers and search engines, but a title that the body's own heading repeats."""
    headings = {block.text for block in page.blocks if block.kind is BlockKind.HEADING}
    for name in ("title", "subtitle", "description"):
        shown: str = getattr(page.meta, name)
        if name == "title" and shown in headings:
            continue
        for start, end in sentence_spans(shown):
            if not shown[start:end].endswith("?"):
                yield ClinicalSentence(HEAD, start, end, shown[start:end], page.meta.where(name))


def _sentences(page: Page) -> Iterator[ClinicalSentence]:
    clinical = {(sentence.block, sentence.start): sentence for sentence in stated(page)}
    for index, block in enumerate(page.blocks):
        if block.kind in _UNREAD:
            continue
        for sentence in block.sentences or (Sentence(0, len(block.text)),):
            known = clinical.get((index, sentence.start))
            text = block.text[sentence.start : sentence.end]
            if known is not None:
                yield known
            elif text.strip() and not text.rstrip("\"'”’»)").endswith("?"):
                place = block.at(sentence.start, sentence.end)
                yield ClinicalSentence(index, sentence.start, sentence.end, text, place)


_OWNERS = regex(r"\b(?:[Oo]ur|[Ww]e|[Uu]s)\b")


def is_advice(sentence: ClinicalSentence) -> bool:
    """Whether a sentence tells the reader what to do, other than to take what the page's owner offers."""
    return sentence.form is Form.REQUEST and _OWNERS.search(sentence.text) is None


def registered(sentence: ClinicalSentence, context: Context) -> tuple[Related, ...]:
    """Where the registry has the first claim that a sentence stands under: its wording must change there too."""
    claim = context.claims.get(sentence.claims[0]) if sentence.claims else None
    return (
        (Related(claim.where("match_text"), f"claim {claim.id}, under which it stands"),) if claim is not None else ()
    )


def has_source(sentence: ClinicalSentence, claims: Mapping[str, Claim]) -> bool:
    """Whether a citation, or a claim with evidence, stands for a sentence; a claim without any names no source."""
    if sentence.keys or sentence.numbers:
        return True
    return any(name not in claims or claims[name].evidence for name in sentence.claims)


def place_in(page: Page, sentence: ClinicalSentence, start: int, end: int) -> Place:
    """The place of the characters `start` to `end` of a sentence; in the head, that of the field."""
    if sentence.block == HEAD:
        return sentence.place
    block: Block = page.blocks[sentence.block]
    return block.at(sentence.start + start, sentence.start + end)
