"""One identifier on its way through the registries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from kap_content.model.record import Record, Relation
from kap_content.registries._answer import Absent, Elsewhere, Found

T = TypeVar("T")


@dataclass(slots=True, eq=False)
class Item:
    """One identifier, a DOI or else a PMID, and what was learned of it so far.

    `kept` is an earlier record that still holds and only lacks PubMed's word. `failure` says why the agency
    gave no answer, `gap` why PubMed gave none.
    """

    doi: str
    pmid: str = ""
    keys: list[str] = field(default_factory=list)
    kept: Record | None = None
    primary: Found | Absent | Elsewhere | None = None
    pubmed: tuple[Found, ...] | None = None
    relations: tuple[Relation, ...] = ()
    asked_biorxiv: bool = False
    abstract: str = ""
    failure: str = ""
    gap: str = ""

    @property
    def is_settled(self) -> bool:
        """Whether the agency has answered, or will not."""
        return self.primary is not None or bool(self.failure)

    def fail(self, reason: str) -> None:
        """The agency gave no answer; where the work is known all the same, it is a gap."""
        if self.primary is None:
            self.failure = reason
        else:
            self.gap = self.gap or reason


def batches(values: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """`values` in order, by as many as may be asked about at once."""
    return (values[start : start + size] for start in range(0, len(values), size))
