"""Drugs taken for each other: "Spravato is the brand name of ketamine"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from kap_content.language.phrases import Found, is_negated
from kap_content.language.same import Same
from kap_content.language.vocabulary import PhrasePattern, phrase_pattern
from kap_content.model.lexicon import Lexicon, Term
from kap_content.startup.regex import regex

LIST = "drug-aliases"
"""The word list of pairs: `phrase` is "name | name = what it is not", `reason` says what it is."""
BRANDS = "brands"
"""The word list of trade names: "brand = substance"."""

_KIND = (
    r"(?:version|form|brand(?:[- ]name)?|brand of|trade name|name|type|kind|variant|variety|formulation|preparation"
    r"|generic(?: name| version| form)?|nasal spray(?: form| version)?|synonym|equivalent)"
)
_ADJECTIVES = (
    r"(?:(?!(?:compared|with|than|not|like|unlike|different|from|to|versus|as|in|for|better|worse|given|after|before"
    r"|and|or|if|when|where|while|but|because|which|that|who|by|on|over|instead|of|related|similar|derived|called"
    r"|contain\w*|enantiomer|metabolite|derivative|analogue|alternative)\b)"
    r"[\w-]+ ){0,4}?"
)


def aliases(lexicon: Lexicon) -> tuple[Term, ...]:
    """All names of the pairs, one a term."""
    return _aliases(Same(lexicon.terms(LIST)), Same(lexicon.terms(BRANDS)))


@lru_cache(maxsize=8)
def _aliases(*lists: Same[tuple[Term, ...]]) -> tuple[Term, ...]:
    phrases = [term.phrase for terms in lists for term in terms.value]
    return tuple(Term(name) for phrase in phrases for name in re.split(r"[|=]", phrase) if name.strip())


@dataclass(frozen=True, slots=True)
class _Pair:
    """A drug and what it is not."""

    term: Term
    names: frozenset[str]
    others: frozenset[str]


def mistaken_identities(text: str, lexicon: Lexicon) -> Iterator[Found]:
    """Where `text` names a drug as a form of another that it is not, denials left out."""
    found = [*_mistaken_pairs(text, lexicon)]
    yield from found or _wrong_substances(text, lexicon)


def _mistaken_pairs(text: str, lexicon: Lexicon) -> Iterator[Found]:
    known, pairs = _pairs(Same(lexicon.terms(LIST)))
    present = {match[0].lower() for match in known.finditer(text)}
    if not present:
        return
    for pair in pairs:
        if present.isdisjoint(pair.others) or (present.isdisjoint(pair.names) and not _FORM_OF.search(text)):
            continue
        for match in _pattern(pair.term.phrase).finditer(text):
            if not is_negated(text, match.start()) and not _DENIED.search(match[0]):
                yield Found(pair.term, match[0], match.start(), match.end())


@lru_cache(maxsize=8)
def _brands(terms: Same[tuple[Term, ...]]) -> tuple[dict[str, tuple[str, str, Term]], PhrasePattern, PhrasePattern]:
    """Brands in small letters with their spelling and substance, and patterns for the brands and the substances."""
    parted = [(term, *_halves(term.phrase)) for term in terms.value]
    known = {brand.lower(): (brand, substance, term) for term, brand, substance in parted}
    return (
        known,
        phrase_pattern(Term(brand) for brand, _, _ in known.values()),
        phrase_pattern(Term(substance) for substance in sorted({substance for _, substance, _ in known.values()})),
    )


def _halves(phrase: str) -> tuple[str, str]:
    brand, _, substance = phrase.partition("=")
    return brand.strip(), substance.strip()


def _wrong_substances(text: str, lexicon: Lexicon) -> Iterator[Found]:
    """Brands that are said to be, or to contain, what they do not: "Concerta is a brand of amphetamine"."""
    known, brands, substances = _brands(Same(lexicon.terms(BRANDS)))
    for found in brands.finditer(text):
        brand, own, listed = known[found[0].lower()]
        for other in {match[0].lower() for match in substances.finditer(text)} - {own.lower()}:
            match = _pattern(f"{brand} = {other}").search(text)
            if match is None or is_negated(text, match.start()) or _DENIED.search(match[0]):
                continue
            term = Term(
                listed.phrase,
                f"{brand} is {own}, not {other}",
                f"write “{brand} ({own})”, or name the drug that is meant",
            )
            yield Found(term, match[0], match.start(), match.end())
            return


_NO_FORM = (
    r"(?![\s-](?:molecule|enantiomer|mixture|receptor|derivative|metabolite|analogue|alternative|substitute"
    r"|replacement)s?\b)"
)
_PACK = (
    r"(?: (?:nasal sprays?|tablets?|injections?|pens?|capsules?|patch(?:es)?|gels?|creams?|infusions?|therapy"
    r"|treatment))?"
)
_PLAIN = r"(?:(?:synthetic|natural|oral|nasal|new|newer|modern|branded|generic|man-made|pure|stronger|purified) )*"
_DENIED = regex(r"\b(?:not|no|isn['’]t|never|n['’]t)\b")
_FORM_OF = regex(rf"\b{_KIND} of\b", re.IGNORECASE)


@lru_cache(maxsize=8)
def _pairs(terms: Same[tuple[Term, ...]]) -> tuple[PhrasePattern, tuple[_Pair, ...]]:
    """A pattern for any of the names, and the pairs."""
    pairs = []
    for term in terms.value:
        mine, equals, others = term.phrase.partition("=")
        if equals:
            pairs.append(_Pair(term, _set(mine), _set(others)))
    names = frozenset().union(*(pair.names | pair.others for pair in pairs))
    return phrase_pattern(Term(name) for name in sorted(names)), tuple(pairs)


def _set(names: str) -> frozenset[str]:
    return frozenset(name.strip().lower() for name in names.split("|") if name.strip())


@lru_cache(maxsize=512)  # compiled when a text first names both: it takes milliseconds, and few texts do
def _pattern(phrase: str) -> re.Pattern[str]:
    """What takes the drug of a pair for what it is not."""
    mine, _, others = phrase.partition("=")
    one, other = _names(mine), _names(others)
    return regex(
        "|".join(
            (
                (
                    rf"{one}{_PACK},? (?:is|was|are|as|being) (?:(?:just|simply|basically|essentially"
                    rf"|really|actually|only|merely|nothing but) )*(?:(?:a|an|the|one|another|just another)"
                    rf" {_ADJECTIVES}(?:{_KIND} (?:of|for) )?|{_ADJECTIVES}{_KIND} (?:of|for) |{_PLAIN})"
                    rf"{other}{_NO_FORM}"
                ),
                # "Made from" tells where a substance comes from: T3 is made from T4.
                rf"{one}{_PACK} (?:contains?|is made of|consists of) (?:\w+ )?{other}{_NO_FORM}",
                rf"{one}{_PACK} \((?:a |the |an )?(?:{_ADJECTIVES}{_KIND} (?:of|for) )?{other}{_PACK}\)",
                (
                    rf"{other}{_PACK} \((?:a |the |an )?(?:(?:brand|trade) name:? |sold as |marketed as |also (?:known"
                    rf"|called) (?:as )?|e\.g\.,? |known as )?{one}\)"
                ),
                rf"{one}, (?:a|an|the) {_PLAIN}{other}{_NO_FORM}",
                rf"{one}, (?:a|an|the) {_ADJECTIVES}{_KIND} (?:of|for) {other}",
                (
                    rf"{other},? (?:which )?(?:is |was )?(?:also )?(?:known|sold|marketed|branded|available|called)"
                    rf" (?:as|under the (?:brand |trade )?name|under the name of) {one}"
                ),
                rf"{one},? (?:also|or) (?:known as|called) {other}",
                (
                    rf"(?:{one} (?:and|or) {other}|{other} (?:and|or) {one}) are (?:just |really |basically |both )*"
                    r"(?:(?:one and )?the same|identical|names for the same)"
                ),
                rf"(?:approved|cleared|licensed|authori[sz]ed|FDA-approved) (?:a |an )?{_ADJECTIVES}{_KIND} of {other}"
                if "esketamine" in one
                else r"(?!)",
                rf"(?:the|a) (?:new|newer) {_KIND} of {other}" if "esketamine" in one else r"(?!)",
            )
        ),
        re.IGNORECASE,
    )


def _names(text: str) -> str:
    names = sorted((re.escape(name.strip()) for name in text.split("|") if name.strip()), key=len, reverse=True)
    return rf"(?<![\w-])(?:{'|'.join(names)})(?![\w-])[®™]?"
