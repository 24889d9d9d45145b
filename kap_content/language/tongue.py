"""Which language a text or a page is in, as far as its commonest words and its script tell."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from itertools import groupby

from kap_content.language.same import Same
from kap_content.language.vocabulary import words
from kap_content.model.page import Block, BlockKind, Page
from kap_content.startup.regex import regex

_ENGLISH = "English"

_COMMON = {
    "English": words(
        "the of and to in is that for with are was on as by this from have be or an it not were which can"
    ),
    "German": words(
        "der die das und ist nicht mit von zu den ein eine auch sich auf für werden dem des bei oder wird sind"
    ),
    "French": words("le la les des et est une du dans que qui pour pas sur avec plus sont par au ce cette ou aux chez"),
    "Spanish": words("el la los las de que y en un una es por con para no se del al su son como más pero puede este"),
    "Italian": words("il lo gli di che e un una per non con del della sono è nel alla dei anche più come questo può"),
    "Portuguese": words("o os as de que e um uma para não com do da em por dos das são mais como ao pode este também"),
    "Dutch": words("de het een en van is dat niet met voor op zijn te worden bij ook aan er naar deze door wordt om"),
    "Swedish": words("och att det som en är på för av med den till inte om har ett kan vid eller från"),
    "Polish": words("i w na z do się nie że jest to od dla przez oraz jak lub po są ale może"),
}
_SCRIPTS = {
    "CYRILLIC": "a language in Cyrillic letters",
    "CJK": "Chinese or Japanese",
    "HIRAGANA": "Japanese",
    "KATAKANA": "Japanese",
    "HANGUL": "Korean",
    "ARABIC": "Arabic or a language in its letters",
    "HEBREW": "Hebrew",
    "GREEK": "Greek",
    "DEVANAGARI": "a language in Devanagari letters",
    "THAI": "Thai",
}
_LEAST_WORDS = 40
_LEAST_LETTERS = 60
_LEAST_DIFFERENT = 6
"""Of the commonest words a text has many; lists of names have few, over and over (de, da, la)."""
_SAMPLE = 60_000
_LEAD = 2.0
_LEAST_SHARE = 0.15
"""Of prose, a quarter to a third are such words; of code and tables far fewer."""
_SURE = 0.2
"""No text in another language has so many of the English ones."""
_UNTOLD = frozenset({BlockKind.CODE, BlockKind.HTML, BlockKind.TABLE_HEAD, BlockKind.TABLE_ROW})
_FRONT = regex(r"\A---\n.*?^(?:---|\.\.\.)[ \t]*$", re.MULTILINE | re.DOTALL)
"""A page's head: its fields are English words."""
_WORD = regex(r"[^\W\d_]+")
_OTHER_LETTERS = regex("[^\x00-\u02ff\u2000-\u2bff]+")
"""What is neither Latin letters nor typographic signs."""


def language_of(text: str) -> str:
    """The language's name where the text is clearly in it; empty for what is too short or has too few of its words."""
    text = text[:_SAMPLE]
    if script := _script(text):
        return script
    apart = text.lower().split()
    if len(apart) < _LEAST_WORDS:
        return ""
    if sum(map(_COMMON[_ENGLISH].__contains__, apart)) > _SURE * len(apart):
        return _ENGLISH
    found = _WORD.findall(text.lower())
    counted = Counter(found)
    shares = {name: _share(counted, common) for name, common in _COMMON.items()}
    best = max(shares, key=lambda name: shares[name])
    rival = max(share for name, share in shares.items() if name != best) if best == _ENGLISH else shares[_ENGLISH]
    is_clear = shares[best] > _LEAST_SHARE and shares[best] > _LEAD * rival
    return best if is_clear and len(_COMMON[best].intersection(counted)) >= _LEAST_DIFFERENT else ""


def _share(counted: Counter[str], common: frozenset[str]) -> float:
    return sum(count for word, count in counted.items() if word in common) / max(1, counted.total())


def _script(text: str) -> str:
    """The language or script that most letters are of, where that is not the Latin one."""
    other = "" if text.isascii() else "".join(_OTHER_LETTERS.findall(text))
    if len(other) < _LEAST_LETTERS:
        return ""
    letters = sum(letter.isalpha() for letter in text)
    scripts: Counter[str] = Counter()
    for letter, count in Counter(filter(str.isalpha, other)).items():
        scripts[unicodedata.name(letter, "").partition(" ")[0]] += count
    script, count = scripts.most_common(1)[0] if scripts else ("", 0)
    return _SCRIPTS.get(script, "another language") if count >= _LEAST_LETTERS and count * 2 > letters else ""


def other_language(text: str) -> str:
    """The language's name where the text is clearly not English; empty for English, and for what is too short."""
    name = language_of(text)
    return "" if name == _ENGLISH else name


def is_english(page: Page) -> bool:
    """Whether a page's prose is in English: as it reads; where that is not clear, as its head says."""
    read = page_language(page)
    return read == _ENGLISH if read else page.meta.language.lower().partition("-")[0] in {"en", "eng"}


def page_language(page: Page) -> str:
    """The name of the language that a page's text, as stored, is clearly in; empty where that is not clear."""
    return _page_language(Same(page))


@lru_cache(maxsize=64)
def _page_language(page: Same[Page]) -> str:
    return language_of(_FRONT.sub("", page.value.source, count=1))


def _joined(blocks: Iterable[Block]) -> str:
    return " ".join(block.text for block in blocks)


def parts_in_other_languages(page: Page) -> tuple[tuple[int, str], ...]:
    """Sections of a page, or else long paragraphs, that are clearly not in English: their first block, their language.

    Tables are left out: what stands in them is names and numbers more than prose.
    """
    prose = [(index, block) for index, block in enumerate(page.blocks) if block.kind not in _UNTOLD]
    found = []
    for _, blocks in groupby(prose, key=lambda item: item[1].headings):
        section = list(blocks)
        whole = other_language(_joined(block for _, block in section))
        parts = [(section[0][0], whole)] if whole else [(index, other_language(block.text)) for index, block in section]
        found += [part for part in parts if part[1]]
    return tuple(found)
