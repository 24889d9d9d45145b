"""OpenSSH's `allowed_signers`: whose key is whose. Pure; what a signature is worth says ssh-keygen.

OpenSSH lets a line name its principals by a pattern: with `*@example.org` one key signs in the name of everybody there,
and each role of each of them is its holder's. A key therefore counts for those only whom its line names in full.
Patterns of a certificate authority stay: its certificates name their holder.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kap_content.startup.regex import regex

_LINE = regex(r'\s*(?P<principals>"[^"]*"|[^\s"#]\S*)\s+(?P<rest>(?P<options>(?:[^\s"]|"[^"]*")+)\s+.*)')
_KEY = regex(r"(?:^|\s)[A-Za-z0-9@.-]+\s+(?P<key>AAAA[A-Za-z0-9+/=]+)")  # all keys begin so: with a length below 65,536
_PATTERN = frozenset("*?!")


@dataclass(frozen=True, slots=True)
class AllowedKey:
    """One line: whom it names in full, by which patterns, and the key."""

    line: int
    names: tuple[str, ...]
    patterns: tuple[str, ...]
    key: str
    is_authority: bool
    rest: str


def allowed_keys(content: bytes) -> Iterator[AllowedKey]:
    """The lines that can be read. Others are no key of anybody's for OpenSSH either."""
    for number, line in enumerate(content.decode("utf-8", "surrogateescape").split("\n"), 1):
        found = _LINE.match(line)
        key = _KEY.search(found["rest"]) if found else None
        if found is None or key is None:
            continue
        principals = [name for name in found["principals"].strip('"').split(",") if name]
        patterns = tuple(name for name in principals if _PATTERN & set(name))
        names = tuple(name for name in principals if name not in patterns)
        is_authority = "cert-authority" in found["options"].lower().split(",")
        yield AllowedKey(number, names, patterns, key["key"], is_authority, found["rest"].rstrip("\r"))


def named_in_full(content: bytes) -> bytes:
    """The same file without the patterns, but for those of certificate authorities."""
    lines = (
        f'"{",".join((*key.names, *key.patterns) if key.is_authority else key.names)}" {key.rest}\n'
        for key in allowed_keys(content)
        if key.names or key.is_authority
    )
    return "".join(lines).encode("utf-8", "surrogateescape")
