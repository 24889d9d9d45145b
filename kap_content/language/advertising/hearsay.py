"""Sources that nobody can look up: "studies show", "scientists have found", "according to experts"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kap_content.language.phrases import find, list_pattern
from kap_content.model.lexicon import Lexicon
from kap_content.startup.regex import regex

_BETWEEN = regex(
    r"(?:\s+at (?:top|leading|major|many|several|the world['’]s) [\w ]{3,30}?(?= (?:have|has|had|now|say|show|found))"
    r"|\s+(?:from|in|of) (?:all over the world|all kinds|around the world|many countries|several countries|the past)"
    r"|\s+(?:worldwide|everywhere|alike))?\s+(?:(?:has|have|had|now|also|all|both|again|since|already|repeatedly"
    r"|consistently|clearly|widely|generally"
    r"|long|largely|increasingly|often|always|even|further|strongly|so far|recently|in (?:recent|the past)[\w ]{3,20}"
    r"|to date)\s+)*",
    re.IGNORECASE,
)
"""What may stand between a source and what it is said to have found."""
_SPECIALISTS = regex(r"\b[A-Za-z]+(?:ologists|iatrists|icians|geons|therapists)\b", re.IGNORECASE)
_IT_IS = regex(
    r"\bit (?:is|was|has been|has long been|has now been)\s+(?:(?:well|long|now|also|widely|scientifically|medically"
    r"|clinically|generally|commonly|fully|firmly|universally|already|beyond doubt)[\s-]+)*(?:known|established|proven"
    r"|proved|recogni[sz]ed|accepted"
    r"|agreed|documented|understood|acknowledged)\s+(?:that|how)\b",
    re.IGNORECASE,
)
_STUDY = r"(?:stud(?:y|ies)|trials?|reviews?|surveys?|experiments?)"
_BODY_OF_WORK = regex(
    r"\b(?:years|decades|centuries|generations|mountains|volumes|a wealth|plenty|a mass)\s+of\s+(?:[\w-]+\s+){0,3}?"
    r"(?:research|studies|science|evidence|trials|data|literature)\b"
    r"|\bit (?:has|had) (?:now |long |also )?been (?:[a-z]+ly )?"
    r"(?:demonstrated|shown|proven|proved|established|confirmed|found) that\b"
    rf"|\b(?:a|(?<!this )(?<!that )one|another) (?:(?!this|that)[\w-]+ ){{0,4}}?{_STUDY}"
    r" (?:(?:has|have|just|also|recently) )*"
    r"(?:found|shows?|showed|shown|revealed|proved|proves|proven|demonstrated|confirmed|concluded)\b"
    r"|\b(?:backed|supported|proven|proved|shown|confirmed|validated) (?:by|in) (?:[\w-]+ ){0,3}?"
    r"(?:stud(?:y|ies)|trials|research|science|papers)\b"
    r"(?! (?:programm?e?s?|grants?|fund\w*|nurses?|staff|teams?|councils?|cent(?:re|er)s?|charit\w+)\b)"
    r"|\ban? (?:growing|large|huge|great|increasing) (?:number|body) of (?:[\w-]+ )?(?:stud(?:y|ies)|trials|papers)"
    r" (?:shows?|suggests?|points?|indicates?|supports?|confirms?|finds?)\b"
    r"|\baccording to (?:(?:many|numerous|several|various|countless|recent|new|modern|leading|top|the latest|some|most"
    r"|clinical|scientific|medical|international|independent|published) )+"
    r"(?:stud(?:y|ies)|research|trials?|surveys?|science|experts?|doctors|scientists|researchers|specialists)\b",
    re.IGNORECASE,
)
"""Whole bodies of work, or one study, that are called upon and not named."""
_NOT_LEANT_ON = regex(
    r"\b(?:what|how|when|after|if|until|unless|whether|once|results? of (?:[\w-]+ ){0,6}?|(?-i:[A-Z]{2,}) and other"
    r"|(?-i:[A-Z]{4,}(?:-?\d+)?) (?:clinical |phase \w+ )?|[Ww]ebsites? claims?"
    r"|a look into|hotspot analysis of [\w -]{3,40})\s*(?:the |these |further |more |some )?(?:trial |clinical )?$",
    re.IGNORECASE,
)
"""What before the words makes them no appeal to a source: conditions, and results that are the writer's own."""
_NAMED = regex(
    r"(?:\b(?:these|those|this|the|that|our|his|her|their|your|both|such|each|two|three|four|five|six|seven|eight"
    r"|nine|ten|\d+|\w+['’]s)"
    r"\s+(?:[\w-]+\s+){0,2}"
    r"|\b(?:of|and|or|by|for|with|to|in|on|from|no|not|any|if|what|how|whether|which|vivo|vitro|molecular|toxicological|laboratory|imaging"
    r"|genetic|present|included|previous|kinetic|network"
    r"|collective|local|ask|tell)\s+)$",
    re.IGNORECASE,
)
"""What stands before the word where a certain source is meant, or where it is no subject."""


_PEOPLE = regex(r"(?:doctors|physicians|clinicians|experts|specialists|surgeons|ists)$", re.IGNORECASE)
_SUGGESTED = regex(r"\s+(?!that\b)", re.IGNORECASE)
"""What somebody's doctor suggested ("doctors suggested an operation") appeals to nobody."""


def may_lean(text: str) -> bool:
    """Whether a text may lean on a source in words that are in no list ("a landmark trial revealed")."""
    return any(pattern.search(text) for pattern in (_SPECIALISTS, _IT_IS, _BODY_OF_WORK))


def unnamed_sources(text: str, lexicon: Lexicon) -> Iterator[tuple[int, int, str, str]]:
    """Where `text` leans on a source that it does not name: start, end, what is wrong, and what to do."""
    taken: list[tuple[int, int]] = []
    for found in find(text, lexicon.terms("weasel-sources")):
        if _NOT_LEANT_ON.search(text[: found.start]):
            continue
        taken.append((found.start, found.end))
        yield found.start, found.end, found.term.reason, found.term.suggestion
    for known in (match for pattern in (_IT_IS, _BODY_OF_WORK) if (match := pattern.search(text))):
        is_taken = any(start < known.end() and known.start() < end for start, end in taken)
        if not is_taken and not _NOT_LEANT_ON.search(text[: known.start()]):
            taken.append(known.span())
            yield known.start(), known.end(), *_of_list(lexicon)
    verbs = list_pattern(lexicon.terms("weasel-verbs"))
    for start, end in _speakers(text, lexicon):
        between = _BETWEEN.match(text, end)
        said = verbs.match(text, between.end()) if between else None
        if said is None or any(low < said.end() and start < high for low, high in taken):
            continue
        if (
            said[0].lower().startswith("suggest")
            and _SUGGESTED.match(text, said.end())
            and _PEOPLE.search(text[start:end])
        ):
            continue
        if not _NAMED.search(text[:start]) and not _NOT_LEANT_ON.search(text[:start]):
            yield start, said.end(), *_of_list(lexicon)


def _speakers(text: str, lexicon: Lexicon) -> list[tuple[int, int]]:
    """Where those stand who are leant on: the list `weasel-who`, and specialists of any kind."""
    listed = [(found.start, found.end) for found in find(text, lexicon.terms("weasel-who"))]
    free = [match.span() for match in _SPECIALISTS.finditer(text)]
    return sorted({*listed, *(span for span in free if span not in listed)})


def _of_list(lexicon: Lexicon) -> tuple[str, str]:
    term = lexicon.terms("weasel-who")[0]
    return term.reason, term.suggestion
