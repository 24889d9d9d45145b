"""Which language a text is in, as far as its commonest words and its script tell."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from kap_content.language.vocabulary import words

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
_LAST_LATIN = "\u02ff"
_SAMPLE = 60_000
_LEAD = 2.0
_LEAST_SHARE = 0.15
"""Of prose, a quarter to a third are such words; of code and tables far fewer."""


def other_language(text: str) -> str:
    """The language's name where the text is clearly not English; empty for English, and for what is too short."""
    text = text[:_SAMPLE]
    letters = [letter for letter in text if letter.isalpha()]
    if len(letters) < _LEAST_WORDS:
        return ""
    scripts = Counter(unicodedata.name(letter, "").partition(" ")[0] for letter in letters if letter > _LAST_LATIN)
    script, count = scripts.most_common(1)[0] if scripts else ("", 0)
    if count * 2 > len(letters):
        return _SCRIPTS.get(script, "another language")
    found = re.findall(r"[^\W\d_]+", text.lower())
    if len(found) < _LEAST_WORDS:
        return ""
    shares = {name: sum(word in common for word in found) / len(found) for name, common in _COMMON.items()}
    best = max(shares, key=lambda name: shares[name])
    clear = shares[best] > _LEAST_SHARE and shares[best] > _LEAD * shares["English"]
    return best if best != "English" and clear else ""
