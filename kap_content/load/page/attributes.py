"""Attributes in braces, as pandoc writes them: `{#id .class key=value key="any text"}`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kap_content.startup.regex import regex


@dataclass(frozen=True, slots=True)
class Attributes:
    """What stood in the braces. `pairs` keeps order and repeats: `claim=` may stand more than once."""

    id: str = ""
    classes: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()

    def get(self, name: str) -> str | None:
        """The first value of `name`, or None."""
        return next((value for key, value in self.pairs if key == name), None)

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of `name`, in order."""
        return tuple(value for key, value in self.pairs if key == name)

    @property
    def claims(self) -> tuple[str, ...]:
        """The ids of the claims that the marked text states."""
        return self.all("claim")

    @property
    def nonclaim(self) -> str | None:
        """The reason of a `.nonclaim` mark, empty where none is given; None without the mark."""
        return (self.get("reason") or "") if "nonclaim" in self.classes else None


class UnreadableAttributesError(ValueError):
    """The braces do not hold attributes. `offset` is where in the text reading stopped."""

    def __init__(self, message: str, fix: str, offset: int) -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix
        self.offset = offset


_SPACE = regex(r"\s+")
_CLASS = regex(r"\.([^\W\d][\w-]*)(?=[\s}])")
_ID = regex(r"#([\w][\w:.-]*)(?=[\s}])")
_PAIR = regex(
    r"""([A-Za-z_:][\w:.-]*)=(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([A-Za-z0-9_:-]+))(?=[\s}])""", re.DOTALL
)
_KEY = regex(r"([A-Za-z_:][\w:.-]*)")
_WRITTEN = regex(r"[^\s}]*")
_ESCAPED = regex(r"\\(.)", re.DOTALL)
_CURLY = "“”„‟«»‘’"


def read_attributes(text: str, start: int) -> tuple[Attributes, int]:
    """Read the attributes whose `{` stands at `start`.

    Returns them and the offset behind the `}`. Raises UnreadableAttributesError.
    """
    identifier = ""
    classes: list[str] = []
    pairs: list[tuple[str, str]] = []
    position, length = start + 1, len(text)
    while position < length:
        if space := _SPACE.match(text, position):
            position = space.end()
        elif text[position] == "}":
            return Attributes(identifier, tuple(classes), tuple(pairs)), position + 1
        elif match := _CLASS.match(text, position):
            classes.append(match[1])
            position = match.end()
        elif match := _ID.match(text, position):
            identifier = match[1]
            position = match.end()
        elif match := _PAIR.match(text, position):
            pairs.append((match[1], _value(match)))
            position = match.end()
        elif text[position] == "-" and text[position + 1 : position + 2] in {"}", " "}:
            classes.append("unnumbered")
            position += 1
        else:
            raise _unreadable(text, position)
    raise UnreadableAttributesError("the brace { is never closed", "Close the braces with }.", start)


def _value(match: re.Match[str]) -> str:
    quoted = match[2] if match[2] is not None else match[3]
    if quoted is None:
        return match[4]
    return _SPACE.sub(" ", _ESCAPED.sub(r"\1", quoted)).strip()


def _unreadable(text: str, position: int) -> UnreadableAttributesError:
    rest = text[position : position + 200]
    written = _WRITTEN.match(rest)
    shown = written[0] if written else rest[:1]
    key = _KEY.match(rest)
    if key is None:
        if rest[0] in ".#":
            return UnreadableAttributesError(
                f"“{shown}” is no class or id", "A class is a dot and a word: .nonclaim.", position
            )
        return UnreadableAttributesError(
            f"“{shown}” is no attribute", 'Attributes are written .class, #id or key="value".', position
        )
    after = rest[key.end() :]
    if after.lstrip()[:1] == "=" and after[:1] != "=":
        return UnreadableAttributesError("there is a space before =", f'Write {key[1]}="..." without spaces.', position)
    if not after.startswith("="):
        return _bare_word(key[1], shown, position)
    value = after[1:]
    if value[:1].isspace() or not value:
        return UnreadableAttributesError("there is a space after =", f'Write {key[1]}="..." without spaces.', position)
    if value[0] in _CURLY:
        return UnreadableAttributesError(
            "the value stands in typographic quotation marks", f'Use straight ones: {key[1]}="...".', position
        )
    if value[0] in "\"'":
        if value.find(value[0], 1) < 0:
            return UnreadableAttributesError(
                "a quotation mark is never closed", f'Write {key[1]}="..." with both marks.', position
            )
        return UnreadableAttributesError(
            f"a space is missing after the value of “{key[1]}”", "Part attributes by spaces.", position
        )
    plain = shown.partition("=")[2]
    if not plain:
        return UnreadableAttributesError(f"“{key[1]}” has no value", f'Write {key[1]}="...".', position)
    return UnreadableAttributesError(
        f"the value “{plain}” needs quotation marks", f'Write {key[1]}="{plain}".', position
    )


def _bare_word(word: str, shown: str, position: int) -> UnreadableAttributesError:
    if word.lower() == "nonclaim":
        fix = 'Write {.nonclaim reason="..."} with a dot before nonclaim.'
    elif word.lower() == "claim":
        fix = "Write {claim=ID}."
    else:
        fix = f'Write .{word} for a class, or {word}="..." for a value.'
    return UnreadableAttributesError(f"“{shown}” has no value", fix, position)
