"""Claims as they were: what this desk has shown, and what git keeps. A fingerprint alone tells no old wording."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path
from threading import Lock

from kap_content.load.claims import parse_claims
from kap_content.load.git import Repository
from kap_content.model.claim import Claim
from kap_content.model.errors import KapError
from kap_content.model.project import Context
from kap_content.review.view import Earlier
from kap_content.works.fingerprint import claim_fingerprint, fingerprint_changes

KEPT = 5000
"""So many states of claims are remembered of those that were shown."""
REVISIONS = 60
"""So many earlier states of a claims file are looked at."""
BYTES = 16 * 1024 * 1024
"""So much of them is read at most: a file of 10,000 claims takes a second."""


class Memory:
    """What claims were. Safe to use from several threads."""

    def __init__(self, root: Path) -> None:
        self._repository = Repository(root)
        self._lock = Lock()
        self._shown: OrderedDict[tuple[str, str], Claim] = OrderedDict()
        self._files: dict[tuple[str, str], dict[str, Claim]] = {}
        self._found: dict[tuple[str, str], Earlier | None] = {}

    def keep(self, claim: Claim, fingerprint: str) -> None:
        """Remember a claim that is shown under this fingerprint."""
        with self._lock:
            self._shown[claim.id, fingerprint] = claim
            if len(self._shown) > KEPT:
                self._shown.popitem(last=False)

    def shown(self, claim: str, fingerprint: str) -> Claim | None:
        """The claim of this id as it was shown under this fingerprint."""
        with self._lock:
            return self._shown.get((claim, fingerprint))

    def earlier(self, claim: Claim, fingerprint: str, context: Context) -> Earlier | None:
        """The claim as it was under this fingerprint, or at least with the wording of then; None where nobody knows."""
        with self._lock:
            shown = self._shown.get((claim.id, fingerprint))
            if shown is not None:
                return Earlier(shown, "what this desk has shown before")
            if (claim.id, fingerprint) not in self._found:
                self._found[claim.id, fingerprint] = self._in_git(claim, fingerprint, context)
            return self._found[claim.id, fingerprint]

    def _in_git(self, claim: Claim, fingerprint: str, context: Context) -> Earlier | None:
        worded = None
        for revision, old in self._past(claim):
            then = claim_fingerprint(old, context.references, context.project.records)
            changes = [text for text in fingerprint_changes(fingerprint, then) if not text.startswith("the status of")]
            if not changes:
                return Earlier(old, f"git {revision[:10]}")
            if worded is None and not any("wording" in text for text in changes):
                worded = Earlier(old, f"git {revision[:10]}, of which the wording is that of then")
        return worded

    def _past(self, claim: Claim) -> Iterator[tuple[str, Claim]]:
        """The claim in the revisions of its file, the newest first."""
        try:
            read = 0
            path = claim.place.path
            for revision in self._repository.revisions(path, REVISIONS):
                if (revision, path) not in self._files:
                    text = self._repository.text(revision, path)
                    read += len(text)
                    if read > BYTES:
                        return
                    claims, _ = parse_claims(path, text)
                    self._files[revision, path] = {item.id: item for item in reversed(claims)}
                if claim.id in self._files[revision, path]:
                    yield revision, self._files[revision, path][claim.id]
        except KapError:
            return  # no git here, or no repository: then only what was shown is known
