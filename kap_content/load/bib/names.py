r"""Names of authors and editors, split as BibTeX splits them and then decoded.

The steps are those of pybtex's `Person` (tests hold the two together on real and on random names), written anew because
loading pybtex takes longer than reading a bibliography: `First von Last`, `von Last, First` and `von Last, Jr, First`;
what stands in braces is never split, and a particle is a word whose first letter outside braces, or in a special
character like `{\'e}`, is small.
"""

from __future__ import annotations

import re
from functools import lru_cache

from kap_content.load.bib.latex import decode
from kap_content.model.reference import Name
from kap_content.startup.regex import regex

_AND = regex(r"[{}]| and ", re.IGNORECASE)
_COMMA = regex(r"[{},]")
_SPACE = regex(r"[{}]|(?:\\ |\s|(?<!\\)~)+")
_ET_AL = regex(r"(?:^|[\s,;~])et\.?[\s~]+al\b\.?[\s,;]*$", re.IGNORECASE)
_VANCOUVER = regex(r"[^\W\d_][\w'’-]+(?: [^\W\d_][\w'’-]+)* (?!(?:II|III|IV|JR|SR)$)[A-Z]{1,3}")
_MOST_PARTS = 3


def read_names(text: str) -> tuple[tuple[Name, ...], bool, tuple[str, ...]]:
    """Read a field of names (white space folded): the names, whether it ends in `and others`, and those run together.

    `et al.` at the end counts as `and others`, so that it is taken for nobody's name. Names run together have more
    commas than a name can, or are joined as in `Glue P, Medlicott NJ`.
    """
    names: list[Name] = []
    run_together: list[str] = []
    and_others = False
    for written in split_names(text):
        name = _ET_AL.sub("", written)
        if name != written or name == "others":
            and_others = True
        if name in {"", "others"}:
            continue
        if _is_run_together(name):
            run_together.append(name)
        names.append(read_name(name))
    return tuple(names), and_others, tuple(run_together)


def _is_run_together(name: str) -> bool:
    if "," not in name:
        return False
    parts = [part.strip(" .") for part in split_outside(name, _COMMA)]
    return len(parts) > _MOST_PARTS or all(_VANCOUVER.fullmatch(part) for part in parts)


def split_names(text: str) -> list[str]:
    """Split a list of names at each `and` outside braces."""
    return [name.strip() for name in split_outside(text, _AND)] if text else []


def split_outside(text: str, pattern: re.Pattern[str]) -> list[str]:
    """Split `text` where `pattern` matches outside braces. The pattern must match a single brace as well."""
    parts: list[str] = []
    start = depth = 0
    for found in pattern.finditer(text):
        if found[0] == "{":
            depth += 1
        elif found[0] == "}":
            depth = max(0, depth - 1)
        elif depth == 0:
            parts.append(text[start : found.start()])
            start = found.end()
    return [*parts, text[start:]]


@lru_cache(maxsize=1 << 17)
def read_name(name: str) -> Name:
    """Read one name. A name that stands in braces as a whole is a group's."""
    group = _group(name)
    if group is not None:
        return Name(literal=decode(group))
    return Name(*(decode(part) for part in split_name(name)))


def _group(name: str) -> str | None:
    r"""Return what the braces around a whole name hold, or None; `{\'E}` and the like are letters, not groups."""
    if not (name.startswith("{") and name.endswith("}")) or name.startswith("{\\"):
        return None
    depth = 0
    for index, char in enumerate(name):
        if char == "{":
            depth += 1
        elif char == "}":
            depth -= 1
            if depth == 0 and index < len(name) - 1:
                return None
    return name[1:-1] if depth == 0 else None


def split_name(name: str) -> tuple[str, str, str, str]:
    """Split one name into family name, given names, particle and suffix, each still LaTeX."""
    written = [part.strip() for part in split_outside(name.strip(), _COMMA)]
    if len(written) > _MOST_PARTS:
        written = [*written[:2], " ".join(written[2:])]
    parts = [_words(part) for part in written]
    suffix: list[str] = []
    if len(parts) > 1:
        particle, family = _particle(parts[0])
        suffix = parts[1] if len(parts) == _MOST_PARTS else []
        given = parts[-1]
    else:
        words = parts[0]
        start = next((index for index, word in enumerate(words) if _is_particle(word)), max(len(words) - 1, 0))
        given = words[:start]
        particle, family = _particle(words[start:])
    return " ".join(family), " ".join(given), " ".join(particle), " ".join(suffix)


def _words(text: str) -> list[str]:
    stripped = (word.strip() for word in split_outside(text, _SPACE))
    return [word for word in stripped if word]


def _particle(words: list[str]) -> tuple[list[str], list[str]]:
    """Split `van der Berg` behind its last particle; the last word is never one."""
    last = next((index for index in range(len(words) - 2, -1, -1) if _is_particle(words[index])), -1)
    return words[: last + 1], words[last + 1 :]


def _is_particle(word: str) -> bool:
    if word[0].isupper():
        return False
    if word[0].islower():
        return True
    depth = 0
    for index, char in enumerate(word):
        if char == "{":
            depth += 1
        elif char == "}":
            depth = max(0, depth - 1)
        elif depth == 0 and char.isalpha():
            return char.islower()
        elif depth == 1 and char == "\\":
            return word[index - 1] == "{" and _is_small(word[index + 1 :])
    return False


def _is_small(special: str) -> bool:
    """Whether the letter of a special character is small; `special` begins behind the backslash."""
    is_command = True
    depth = 1
    for char in special:
        depth += {"{": 1, "}": -1}.get(char, 0)
        if depth == 0:
            return False
        if is_command:
            is_command = char.isalpha()
        elif char.isalpha():
            return char.islower()
    return False
