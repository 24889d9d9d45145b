"""Claims and citations inside a line of text: what they cite, and where their numbers are set."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TypeAlias

from markupsafe import Markup, escape

from kap_content.model.claim import Certainty, Claim


@dataclass(frozen=True, slots=True)
class Cite:
    """A citation on its way: whether it sits behind punctuation is settled when its neighbours are known.

    `notes` gives the page or section of a key that is cited with one.
    """

    keys: tuple[str, ...]
    claims: tuple[str, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    certainty: Certainty | None = None


@dataclass(frozen=True, slots=True)
class Later:
    """HTML that holds citations of its own: made when its turn comes, so that they are counted in reading order."""

    make: Callable[[], Markup]


Piece: TypeAlias = Markup | Cite | Later
"""A part of a line: HTML, or a citation between."""


def settle(pieces: Sequence[Piece], cited: Callable[[Cite], Markup]) -> Markup:
    """Join pieces: neighbouring citations become one, which goes behind a full stop or comma, as AMA sets it."""
    out: list[Markup] = []
    rest = deque(pieces)
    while rest:
        piece = rest.popleft()
        if not isinstance(piece, Cite):
            out.append(piece.make() if isinstance(piece, Later) else piece)
            continue
        piece = _with_neighbours(piece, rest)
        _strip_end(out)
        if rest and isinstance(after := rest[0], Markup) and after.startswith((".", ",")):
            if not (after[0] == "." and _last_seen(out) == "."):
                out.append(after[:1])
            rest[0] = after[1:]
            piece = _with_neighbours(piece, rest)
        out.append(cited(piece))
    return Markup("".join(out))  # noqa: S704 - each part is escaped where it is made


def _with_neighbours(cite: Cite, rest: deque[Piece]) -> Cite:
    """Merge into `cite` the citations at the head of `rest` that only white space parts from it."""
    while True:
        blank = 0
        for piece in rest:
            if not isinstance(piece, Markup) or not _is_blank(piece):
                break
            blank += 1
        if blank == len(rest) or not isinstance(other := rest[blank], Cite):
            return cite
        cite = _merged(cite, other)
        for _ in range(blank + 1):
            rest.popleft()


def _strip_end(out: list[Markup]) -> None:
    """Take the blank before a citation away: a superscript stands close to its word."""
    while out and _is_blank(out[-1]):
        out.pop()
    if out and not out[-1].endswith(">\n"):
        out[-1] = out[-1].rstrip()


def _is_blank(piece: Markup) -> bool:
    """Whether nothing of it is seen; `strip` would make a piece anew each time."""
    return not piece or piece.isspace()


def _last_seen(out: Sequence[Markup]) -> str:
    """The last character that a reader sees."""
    return re.sub(r"<[^>]*>", "", "".join(out[-4:]))[-1:]


def _merged(one: Cite, other: Cite) -> Cite:
    return Cite(
        tuple(dict.fromkeys((*one.keys, *other.keys))),
        (*one.claims, *other.claims),
        (*one.notes, *other.notes),
        _lowest([value for value in (one.certainty, other.certainty) if value]),
    )


def of_claims(claims: Sequence[Claim]) -> Cite:
    """The citation of what supports these claims."""
    keys = dict.fromkeys(item.ref for claim in claims for item in claim.supporting)
    return Cite(tuple(keys), tuple(claim.id for claim in claims), certainty=weakest(claims))


def weakest(claims: Sequence[Claim]) -> Certainty | None:
    """The lowest certainty that a person gave any of these claims."""
    return _lowest([claim.certainty for claim in claims if claim.certainty])


def _lowest(given: Sequence[Certainty]) -> Certainty | None:
    return max(given, key=list(Certainty).index) if given else None


def data_attributes(claims: Sequence[Claim]) -> Markup:
    """What the HTML tells programs about the claims that an element states."""
    if not claims:
        return Markup()
    certainty = weakest(claims)
    told = f' data-certainty="{certainty.value}"' if certainty else ""
    ids, versions = escape(" ".join(claim.id for claim in claims)), " ".join(version(claim) for claim in claims)
    status = claims[0].status.value
    return Markup(f' data-claim="{ids}" data-status="{status}" data-version="{versions}"{told}')  # noqa: S704 - escaped


def version(claim: Claim) -> str:
    """A short mark that changes when the claim's wording or evidence does."""
    parts = [claim.id, claim.match_text, *(f"{item.ref} {item.finding}" for item in claim.evidence)]
    return sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:12]
