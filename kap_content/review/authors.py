"""Who wrote a claim, as git knows: the authors of its lines in the claims file."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from kap_content.load.git import Repository
from kap_content.model.claim import Claim
from kap_content.model.errors import KapError
from kap_content.model.settings import folded_name
from kap_content.review.edits import authored_lines


def git_authors(root: Path, claims: Collection[Claim]) -> dict[str, frozenset[str]]:
    """The names and addresses (folded) of who wrote the lines of these claims; none where git does not know.

    Lines that hold only what a review writes (status, verdicts, dates of review) do not make an author. Lines that are
    not committed yet count as written by the user of this machine.
    """
    found: dict[str, frozenset[str]] = {}
    for path in dict.fromkeys(claim.place.path for claim in claims):
        try:
            text = _text(root / path)
            lines = {claim.id: authored_lines(text, claim) for claim in claims if claim.place.path == path}
            first = min(min(own) for own in lines.values())
            last = max(max(own) for own in lines.values())
            people = Repository(root).authors_of_lines(path, first, last)
        except (KapError, OSError, ValueError):  # no git, no history of this file, or no text: nobody is known
            continue
        for name, own in lines.items():
            written = (people[line] for line in own if line in people)
            found[name] = frozenset(folded_name(word) for person in written for word in person if word)
    return found


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8")
