r"""LaTeX to Unicode, for the values of a bibliography.

pylatexenc translates; what it would spoil is put right before: `%`, `&` and `#` are text in BibTeX, a lone `$` is
money, `\href` is its text, `\noopsort` is nothing, digits set low or high stay so (`H$_2$O` is H₂O), and braces may
nest without end. Accents and plain braces, nearly all of what occurs, are translated without parsing the value.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache

from kap_content.startup.regex import regex
from kap_content.works.folding import word_set

_MARKED = regex(r"[\\{}$~`]|--|''")
_ARGUMENT = r"(?:\\[ij](?![A-Za-z])|[A-Za-z])"
_ATOM = regex(
    rf"""\{{\\["'`^~=.][ ]*(?:\{{{_ARGUMENT}\}}|{_ARGUMENT})\}}        # {{\"o}} {{\"{{o}}}} {{\'\i}}
      | \{{\\[Hcvukdbr](?:[ ]*\{{{_ARGUMENT}\}}|[ ]+{_ARGUMENT})\}}   # {{\v{{S}}}} {{\v S}}
      | \\["'`^~=.](?:\{{{_ARGUMENT}\}}|[A-Za-z])                      # \"o \"{{o}} \'{{\i}}
      | \\[Hcvukdbr]\{{{_ARGUMENT}\}}                                 # \v{{S}}
      | \{{\\(?:ss|ae|oe|aa|[olij]|AE|OE|AA|[OL])[ ]*\}}               # {{\ss}}
      | \\(?:ss|ae|oe|aa|[olij]|AE|OE|AA|[OL])\{{\}}                   # \ss{{}}
      | \\[%&\#_]                                                      # \&
    """,
    re.VERBOSE,
)
_ACCENTS = {
    '"': "\u0308", "'": "\u0301", "`": "\u0300", "^": "\u0302", "~": "\u0303", "=": "\u0304", ".": "\u0307",
    "H": "\u030b", "c": "\u0327", "v": "\u030c", "u": "\u0306", "k": "\u0328", "d": "\u0323", "b": "\u0331",
    "r": "\u030a",
}  # fmt: skip
"""Combining characters by LaTeX's accent commands."""
_LETTERS = {
    "ss": "ß", "ae": "æ", "oe": "œ", "aa": "å", "o": "ø", "l": "ł", "i": "ı", "j": "ȷ",
    "AE": "Æ", "OE": "Œ", "AA": "Å", "O": "Ø", "L": "Ł",
}  # fmt: skip
_LEFT = regex(r"[\\$]")
_LIGATURES = (("---", "—"), ("--", "–"), ("``", "“"), ("''", "”"), ("?`", "¿"), ("!`", "¡"))
_SINGLE_QUOTES = regex(r"(?<!\w)`([^`']+)'(?!\w)")

_LONGEST = 50_000
_DEEPEST = 30
_TEXT_SIGN = regex(r"(\\.)|([%&#])", re.DOTALL)
_DOLLAR = regex(
    r"""(\\.)                                                         # \$ and any other command
      | \$((?=[^$]*[\\^_<>=])(?:[^$\\]|\\.)+                        # $ \alpha $  $p < 0.05$
          | (?=\S)(?:[^$\\]|\\.)*?(?<=\S))\$(?![0-9])               # $n$, but not $5 and $10
      | (\$)                                                          # money
    """,
    re.VERBOSE | re.DOTALL,
)
_SET_OFF = regex(r"([_^])(?:\{([^{}]*)\}|([0-9+\-]))")
_SET_OFF_COMMAND = regex(r"\\text(sub|super)script[ ]*\{([^{}]*)\}")
_LINK = regex(r"\\href[ ]*\{[^{}]*\}[ ]*|\\(?:no(?:op)?sort|[hv]?phantom)[ ]*\{[^{}]*\}")
_ADDRESS = regex(r"\\(?:url|path|nolinkurl|doi)[ ]*\{([^{}]*)\}")
_LOW = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_HIGH = str.maketrans("0123456789+-=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾")
_SET_OFF_SIGNS = frozenset("0123456789+-=()")
_CITED = regex(r"\\[a-z]*cite[a-z]*\*?[ ]*(?:\[[^\[\]]*\][ ]*)*\{([^{}]*)\}")
_BARE_COMMAND = regex(r"\\(?:([A-Za-z]+)(?![A-Za-z]|[ ]*\{[^}])(?:[ ]*\{[ ]*\})?|.)", re.DOTALL)
_SILENT = word_set(
    "bf it em sl sc tt rm sf md up cal mit bfseries itshape ttfamily rmfamily sffamily mdseries slshape scshape "
    "upshape normalfont normalsize boldmath tiny scriptsize footnotesize small large Large LARGE huge Huge "
    "selectfont relax protect noindent unskip ignorespaces break nobreak allowbreak linebreak newline par "
    "newblock hfill hfil smallskip medskip bigskip displaystyle textstyle limits left right big Big bigl bigr "
    "null begingroup endgroup bgroup egroup leavevmode frenchspacing nonfrenchspacing sloppy raggedright "
    "centering url path phantom hphantom vphantom "
)
"""Commands that set nothing."""
_COMMAND = regex(r"\\(?:[A-Za-z]+\*?[ ]*|([^A-Za-z]?))", re.DOTALL)

_NAMES = {
    "textasciitilde": "~",
    "textunderscore": "_",
    "textless": "<",
    "textgreater": ">",
    "textbar": "|",
    "textendash": "-",
    "sim": "~",
    "lt": "<",
    "gt": ">",
}
_ESCAPE = regex(rf"\\({'|'.join(_NAMES)})(?![A-Za-z])(?:\{{\}}|[ ]+)?|\\(~)(?:\{{[ ]?\}})?|\\([^A-Za-z\s])")
_WRAPPER = regex(r"\\(?:url|path|nolinkurl|doi|texttt|detokenize)(?![A-Za-z])")

_DASHES = regex(r"\s*(?:[‐‑‒–—−]|-{1,3})\s*")


def decode(text: str) -> str:
    """Return the Unicode text that LaTeX would set for `text`: no braces, no commands, white space folded."""
    return text if _MARKED.search(text) is None else _decoded(text)


def decode_address(text: str) -> str:
    r"""Return a URL, DOI or other identifier without what LaTeX needs around its signs: `10.1/a{\_}b` is `10.1/a_b`."""
    if not ("\\" in text or "{" in text or "$" in text or "}" in text):
        return text
    text = _ESCAPE.sub(lambda found: _NAMES.get(found[1] or "", found[2] or found[3] or ""), _WRAPPER.sub("", text))
    return "".join(char for char in text if char not in "{}$").strip()


def decode_pages(text: str) -> str:
    """Return page numbers with every dash between them a hyphen: `617--627` and `617–627` are `617-627`."""
    return _DASHES.sub("-", decode(text))


@lru_cache(maxsize=1 << 16)
def _decoded(text: str) -> str:
    plain = _ATOM.sub(lambda atom: _letter(atom[0]), text)
    if _LEFT.search(plain) is None:
        plain = plain.replace("{", "").replace("}", "").replace("~", " ")
        for written, sign in _LIGATURES:
            plain = plain.replace(written, sign)
    elif len(text) > _LONGEST or _depth(text) > _DEEPEST:
        plain = _stripped(text)
    else:
        plain = _parsed(text)
    if "`" in plain:
        plain = _SINGLE_QUOTES.sub("‘\\1’", plain)
    return " ".join(unicodedata.normalize("NFC", plain).split())


@lru_cache(maxsize=1 << 12)
def _letter(atom: str) -> str:
    r"""Return the character of `{\"o}`, `\v{S}`, `\ss{}` or `\&`."""
    written: list[str] = re.findall(r"\\[A-Za-z]+|\\.|[A-Za-z]", atom)
    accent, *letter = written
    if not letter:
        return _LETTERS.get(accent[1:], accent[1:])
    base = letter[0].removeprefix("\\")
    return unicodedata.normalize("NFC", base + _ACCENTS[accent[1:]])


def _parsed(text: str) -> str:
    """Translate `text` through pylatexenc."""
    prepared = _SET_OFF_COMMAND.sub(lambda found: _set_off("_" if found[1] == "sub" else "^", found[2]), text)
    prepared = _ADDRESS.sub(lambda found: _guarded(found[1]), _LINK.sub("", _CITED.sub(r"\1", prepared)))
    prepared = _BARE_COMMAND.sub(_named, prepared)
    prepared = _TEXT_SIGN.sub(lambda found: found[1] or "\\" + found[2], prepared)
    prepared = _DOLLAR.sub(_maths, prepared)
    try:
        return _translator()(prepared)
    except (
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        RecursionError,
    ):  # malformed arguments defeat pylatexenc
        return _stripped(text)


def _maths(found: re.Match[str]) -> str:
    if found[1] is not None:
        return found[1]
    if found[3] is not None:
        return "\\$"
    return f"${_SET_OFF.sub(lambda sign: _set_off(sign[1], sign[2] or sign[3] or ''), found[2])}$"


def _named(found: re.Match[str]) -> str:
    r"""Return the name of a command that nobody knows and that has no argument: `\MTeX` sets something like MTeX."""
    name = found[1]
    return found[0] if name is None or name in _SILENT or name in _known_commands() else f"{{{name}}}"


def _set_off(sign: str, text: str) -> str:
    """Return `text` set low (`_`) or high (`^`) where Unicode has its characters so, or as it is."""
    if not _SET_OFF_SIGNS.issuperset(text):
        return text
    return text.translate(_LOW if sign == "_" else _HIGH)


def _guarded(address: str) -> str:
    """Return `address` so that LaTeX would set it as it stands."""
    plain = decode_address(address)
    return re.sub(r"[%&#_$]", lambda sign: "\\" + sign[0], plain).replace("~", "\\textasciitilde{}")


def _stripped(text: str) -> str:
    """Take commands, braces and dollars out of `text` without understanding them."""
    text = _COMMAND.sub(lambda found: found[1] or "", text)
    return text.translate({ord("{"): None, ord("}"): None, ord("$"): None, ord("~"): " "})


def _depth(text: str) -> int:
    depth = deepest = 0
    for brace in re.findall(r"[{}]", text):
        depth = depth + 1 if brace == "{" else max(0, depth - 1)
        deepest = max(deepest, depth)
    return deepest


_COMMANDS = {
    "LaTeXe": "LaTeX2e",
    "textasciitilde": "~",
    "Dash": "—",
    "emdash": "—",
    "endash": "–",
    "slash": "/",
    "pounds": "£",
    "thinspace": " ",
    "textdegree": "°",
}
"""What pylatexenc does not know, or sets as LaTeX does not."""


@cache
def _known_commands() -> frozenset[str]:
    from pylatexenc.latex2text import get_default_latex_context_db

    names = (spec.macroname for spec in get_default_latex_context_db().iter_macro_specs())
    return frozenset(names) | frozenset(_COMMANDS)


@cache
def _translator() -> Callable[[str], str]:
    """Return pylatexenc's translation, with the commands of bibliographies added."""
    import logging

    from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db

    # It logs what it cannot parse and goes on; there is nobody to read that log.
    logging.getLogger("pylatexenc").setLevel(logging.CRITICAL)
    known = get_default_latex_context_db()
    known.add_context_category(
        "bibliography", prepend=True, macros=[MacroTextSpec(name, text) for name, text in _COMMANDS.items()]
    )
    translator = LatexNodes2Text(latex_context=known, math_mode="text", strict_latex_spaces=False)

    def translate(text: str) -> str:
        set_text: str = translator.latex_to_text(text)
        return set_text

    return translate
