"""Who wrote a claim, as git knows: the authors of its lines in the claims file."""

from __future__ import annotations

from pathlib import Path

from kap_content.load.git import Repository
from kap_content.model.errors import KapError
from kap_content.model.settings import folded_name
from kap_content.review.edits import EditRefused, authored_lines


def git_authors(root: Path, path: str, source: str, claim: str) -> frozenset[str]:
    """The names and addresses (folded) of who wrote the lines of a claim; empty where git does not know.

    Lines that hold only what a review writes (status, verdicts, dates of review) do not make an author. Lines that are
    not committed yet count as written by the user of this machine.
    """
    try:
        lines = authored_lines(source, claim)
        written = Repository(root).authors_of_lines(path, min(lines), max(lines))
    except (EditRefused, KapError):
        return frozenset()
    people = [written[line] for line in lines if line in written]
    return frozenset(folded_name(name) for person in people for name in person if name)
