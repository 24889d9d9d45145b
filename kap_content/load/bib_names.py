"""Names of authors and editors, split as BibTeX splits them and then decoded.

Most names hold neither braces nor commands; those are split here, by the same steps as pybtex's `Person` (a test
holds the two together). The others are split by pybtex.
"""

from __future__ import annotations

import re
from functools import lru_cache

from kap_content.load.latex import decode
from kap_content.model.reference import Name

_ET_AL = re.compile(r"(?:^|[\s,;~])et\.?[\s~]+al\b\.?[\s,;]*$", re.IGNORECASE)
_AND = re.compile(r" and ", re.IGNORECASE)
_MOST_PARTS = 3


def split_names(text: str) -> list[str]:
    """Split a list of names (white space folded) at each `and` outside braces."""
    if "{" not in text:
        return [name.strip() for name in _AND.split(text)] if text else []
    from pybtex.bibtex.utils import split_name_list

    names: list[str] = split_name_list(text)
    return names


def read_names(text: str) -> tuple[tuple[Name, ...], bool, tuple[str, ...]]:
    """Read a field of names: the names, whether it ends in `and others`, and the names with too many commas.

    `et al.` at the end counts as `and others`, so that it is taken for nobody's name.
    """
    names: list[Name] = []
    crowded: list[str] = []
    and_others = False
    for written in split_names(text):
        name = _ET_AL.sub("", written)
        if name != written or name == "others":
            and_others = True
        if name in {"", "others"}:
            continue
        if name.count(",") >= _MOST_PARTS and len(_parts(name)) > _MOST_PARTS:
            crowded.append(name)
        names.append(read_name(name))
    return tuple(names), and_others, tuple(crowded)


def _parts(name: str) -> list[str]:
    if "{" not in name:
        return name.split(",")
    from pybtex.bibtex.utils import split_tex_string

    parts: list[str] = split_tex_string(name, ",")
    return parts


@lru_cache(maxsize=1 << 17)
def read_name(name: str) -> Name:
    """Read one name. A name that stands in braces as a whole is a group's."""
    group = _group(name)
    if group is not None:
        return Name(literal=decode(group))
    if "{" in name or "\\" in name or "}" in name:
        first, particle, last, suffix = _by_pybtex(name)
        return Name(decode(last), decode(first), decode(particle), decode(suffix))
    return split_plain_name(name)


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


def _by_pybtex(name: str) -> tuple[str, str, str, str]:
    """Split a name into given names, particle, family name and suffix, each still LaTeX."""
    from pybtex import errors
    from pybtex.database import Person
    from pybtex.exceptions import PybtexError

    try:
        with errors.capture():
            person = Person(name)
    except (PybtexError, RecursionError):
        return "", "", name, ""
    return (
        " ".join(person.first_names + person.middle_names),
        " ".join(person.prelast_names),
        " ".join(person.last_names),
        " ".join(person.lineage_names),
    )


def split_plain_name(name: str) -> Name:
    """Split a name without braces and commands: `First von Last`, `von Last, First` or `von Last, Jr, First`."""
    parts = [part.replace("~", " ").split() for part in name.split(",")]
    if len(parts) > _MOST_PARTS:
        parts = [*parts[:2], [word for part in parts[2:] for word in part]]
    if len(parts) > 1:
        particle, family = _particle(parts[0])
        suffix = parts[1] if len(parts) == _MOST_PARTS else []
        given = parts[-1]
    else:
        words = parts[0]
        start = next((index for index, word in enumerate(words) if _is_particle(word)), max(len(words) - 1, 0))
        given, suffix = words[:start], []
        particle, family = _particle(words[start:])
    return Name(*(decode(" ".join(words)) for words in (family, given, particle, suffix)))


def _particle(words: list[str]) -> tuple[list[str], list[str]]:
    """Split `van der Berg` behind its last particle; the last word is never one."""
    last = next((index for index in range(len(words) - 2, -1, -1) if _is_particle(words[index])), -1)
    return words[: last + 1], words[last + 1 :]


def _is_particle(word: str) -> bool:
    if word[0].isupper():
        return False
    letter = next((char for char in word if char.isalpha()), "")
    return word[0].islower() or letter.islower()
