"""What an approval was given for: a claim's wording, its evidence, and the status of what it cites.

A fingerprint is a line such as `wording=4be1c0d2a7f3;evidence:glue2018=91d0…;status:glue2018=found`: each part on its
own, so that a later change can be named. Hashes have 12 hexadecimal digits; a status is written out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from kap_content.model.claim import Claim, Evidence
from kap_content.model.record import NoticeKind, Record, State
from kap_content.model.reference import Reference
from kap_content.works.doi import normalise_doi

_DIGITS = 12
_UNCHECKED, _CLEAR = "unchecked", "found"
_NO_MATTER = (NoticeKind.NEW_VERSION, NoticeKind.NEW_EDITION)


def claim_fingerprint(claim: Claim, references: Mapping[str, Reference], records: Mapping[str, Record]) -> str:
    """The fingerprint of a claim as it stands, with the bibliography's entries and the lock's records by key."""
    parts = {"wording": _digest([_folded(claim.match_text), *sorted(map(_folded, claim.variations))])}
    items: dict[str, list[Evidence]] = {}
    for item in claim.evidence:
        items.setdefault(item.ref, []).append(item)
    for key in sorted(items):
        said = [text for item in items[key] for text in _evidence(item)]
        parts[f"evidence:{_escaped(key)}"] = _digest([*_identity(references.get(key)), *said])
        parts[f"status:{_escaped(key)}"] = _status(records.get(key))
    return ";".join(f"{name}={value}" for name, value in parts.items())


def fingerprint_changes(then: str, now: str) -> tuple[str, ...]:
    """What changed between two fingerprints of a claim, in words; nothing where only a first look-up came or went.

    >>> fingerprint_changes("wording=aa;status:x=found", "wording=ab;status:x=retraction")
    ('its wording', 'the status of x (found, now retraction)')
    """
    old, new = _parts(then), _parts(now)
    if "wording" not in old:
        return ("what the approval was given for, which cannot be read",)
    changes = []
    for name in dict.fromkeys((*old, *new)):
        before, after = old.get(name, ""), new.get(name, "")
        if before == after or {before, after} == {_UNCHECKED, _CLEAR}:
            continue
        what, _, key = name.partition(":")
        key = _unescaped(key)
        if what == "wording":
            changes.append("its wording")
        elif what == "evidence" and not before:
            changes.append(f"the evidence {key}, which is new")
        elif what == "evidence" and not after:
            changes.append(f"the evidence {key}, which is gone")
        elif what == "evidence":
            changes.append(f"the evidence {key}")
        elif before and after:
            changes.append(f"the status of {key} ({before.partition('~')[0]}, now {after.partition('~')[0]})")
    return tuple(changes)


def _evidence(item: Evidence) -> Iterable[str]:
    """What a person judged of one link. Who looked, and when, is not part of it."""
    anchor, pico = item.anchor, item.pico
    return (
        item.relation,
        item.direction,
        item.design or "",
        _folded(item.finding),
        *(_folded(text) for text in (anchor.exact, anchor.page, anchor.table, anchor.figure, anchor.section)),
        item.verdict or "",
        item.seminal,
        *(pico.population, pico.intervention, pico.route, pico.comparator, pico.outcome, pico.timepoint),
    )


def _identity(reference: Reference | None) -> tuple[str, str]:
    """Which work a key stands for: its DOI, else its PMID, else its address and title."""
    if reference is None:
        return ("", "")
    doi = normalise_doi(reference.get("doi"))
    if doi:
        return ("doi", doi)
    pmid = reference.get("pmid")
    return ("pmid", pmid) if pmid else ("title", _folded(f"{reference.get('title')} {reference.get('url')}"))


def _status(record: Record | None) -> str:
    """`unchecked`, `absent`, `elsewhere`, `found`, or the kinds of notices, with a hash of the notices' DOIs."""
    if record is None:
        return _UNCHECKED
    notices = [notice for notice in record.notices if notice.kind not in _NO_MATTER]
    if record.state is not State.FOUND or not notices:
        return str(record.state)
    kinds = sorted({str(notice.kind) for notice in notices})
    dois = sorted({normalise_doi(notice.doi) for notice in notices if notice.doi})
    return "+".join(kinds) + (f"~{_digest(dois)}" if dois else "")


def _digest(texts: Iterable[str]) -> str:
    return hashlib.sha256("\x1f".join(texts).encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


def _folded(text: str) -> str:
    return " ".join(text.split())


def _escaped(key: str) -> str:
    return key.replace("%", "%25").replace(";", "%3B").replace("=", "%3D")


def _unescaped(key: str) -> str:
    return key.replace("%3D", "=").replace("%3B", ";").replace("%25", "%")


def _parts(fingerprint: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in fingerprint.split(";") if part)
    return {name: value for name, _, value in pairs}
