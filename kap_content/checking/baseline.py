"""Which findings a baseline knows, and which of its entries are gone. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass

from kap_content.checking.engine import Outcome
from kap_content.load.baseline import NEVER
from kap_content.model.finding import Finding
from kap_content.model.known import Known


@dataclass(frozen=True, slots=True)
class Compared:
    """Findings against a baseline: those it does not know, those it knows, and its entries that nothing answers."""

    new: tuple[Finding, ...]
    known: tuple[Finding, ...]
    gone: tuple[Known, ...]


def known_of(findings: Iterable[Finding]) -> tuple[Known, ...]:
    """The findings as a baseline keeps them, those that none may hide left out."""
    return tuple(remembered(finding) for finding in findings if finding.code not in NEVER)


def remembered(finding: Finding) -> Known:
    """The finding as a baseline keeps it."""
    return Known(finding.place.path, finding.code, finding.fingerprint, " ".join(finding.message.split()))


def compare(findings: Iterable[Finding], entries: Iterable[Known], outcome: Outcome, ran: Set[str]) -> Compared:
    """Split `findings` by the baseline `entries`.

    `outcome` is that of the whole project and `ran` are the codes of the rules that ran: an entry is gone only where
    its rule ran and found it nowhere.
    """
    entries = tuple(entries)
    fingerprints = {entry.fingerprint for entry in entries}
    new: list[Finding] = []
    known: list[Finding] = []
    for finding in findings:
        hidden = finding.fingerprint in fingerprints and finding.code not in NEVER
        (known if hidden else new).append(finding)
    return Compared(tuple(new), tuple(known), gone(entries, outcome, ran))


def gone(entries: Iterable[Known], outcome: Outcome, ran: Set[str]) -> tuple[Known, ...]:
    """The entries that no finding of the whole project answers any more."""
    present = {finding.fingerprint for finding in outcome.findings}
    return tuple(entry for entry in entries if entry.fingerprint not in present and entry.code in ran)
