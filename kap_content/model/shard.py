"""One part of a check that several machines share."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

MOST = 4096
"""Shards; more of them would read the claims and references more often than any pages."""


@dataclass(frozen=True, slots=True, order=True)
class Shard:
    """The part `number` of `of`, counted from 1.

    Each page belongs to one shard, by its path alone: no machine need know of another, and a page that comes or goes
    moves no other page. Whatever is not about a single page (rules over the whole project, claims, references, what
    falls due) belongs to the first.
    """

    number: int
    of: int

    def owns(self, path: str) -> bool:
        """Whether the page at `path`, relative to the project, is checked in this shard."""
        return shard_of(path, self.of) == self.number

    @property
    def is_first(self) -> bool:
        """Whether the whole project is looked at in this shard, beside its own pages."""
        return self.number == 1

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"


WHOLE = Shard(1, 1)
"""All of a project."""


def shard_of(path: str, of: int) -> int:
    """The number of the shard that the page at `path` belongs to; the same on every machine, for ever."""
    digest = hashlib.sha256(path.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big") % of + 1


def parse_shard(text: str) -> Shard | None:
    """`3/16` as a shard; None for what is none."""
    number, slash, of = (part.strip() for part in text.partition("/"))
    if not slash or not all(
        part.isascii() and part.isdecimal() and len(part) <= len(str(MOST)) for part in (number, of)
    ):
        return None
    shard = Shard(int(number), int(of))
    return shard if 1 <= shard.number <= shard.of <= MOST else None
