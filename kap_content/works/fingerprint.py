"""What an approval was given for: a claim's wording, what it states, its evidence, and the status of what it cites.

A fingerprint is a line such as `form=2;wording=4be1…;category=efficacy;certainty=low;evidence:glue2018=91d0…;
verdict:glue2018=substantiated;status:glue2018=found`: each part on its own, so that a later change can be named. Short
texts are written out, longer ones stand as `~` and 32 hexadecimal digits of their SHA-256; a part that is not given is
left out.

Fingerprints of the first form have only `wording`, `evidence` (12 digits each) and `status`. They can still be
compared: what they do not cover is not said to have changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from kap_content.model.claim import Claim, Evidence, Pico
from kap_content.model.record import NoticeKind, Record, State
from kap_content.model.reference import Reference
from kap_content.works.doi import normalise_doi

FORM = "2"
_DIGITS = 12
_MORE_DIGITS = 32
_SHORT = 48
"""Characters of a text that is written out."""
_UNCHECKED, _CLEAR = "unchecked", "found"
_NO_MATTER = (NoticeKind.NEW_VERSION, NoticeKind.NEW_EDITION)
_PICO = ("population", "intervention", "route", "comparator", "outcome", "timepoint")


def claim_fingerprint(claim: Claim, references: Mapping[str, Reference], records: Mapping[str, Record]) -> str:
    """The fingerprint of a claim as it stands, with the bibliography's entries and the lock's records by key."""
    parts = {"form": FORM, "wording": _digest([_folded(claim.match_text), *sorted(map(_folded, claim.variations))])}
    parts |= {name: value for name, text in _stated(claim).items() if (value := _told(text))}
    items: dict[str, list[Evidence]] = {}
    for item in claim.evidence:
        items.setdefault(item.ref, []).append(item)
    for key in sorted(items):
        said = [text for item in items[key] for text in _evidence(item)]
        identity = _identity(references.get(key))
        named = _escaped(key)
        parts[f"evidence:{named}"] = _digest([*identity, *said])
        parts |= {f"{name}:{named}": value for name, text in _judged(items[key]).items() if (value := _told(text))}
        if work := _told(" ".join(identity).strip()):
            parts[f"work:{named}"] = work
        parts[f"status:{named}"] = _status(records.get(key))
    return ";".join(f"{name}={value}" for name, value in parts.items())


def fingerprint_changes(then: str, now: str) -> tuple[str, ...]:
    """What changed between two fingerprints of a claim, in words; nothing where only a first look-up came or went.

    >>> fingerprint_changes("wording=aa;status:x=found", "wording=ab;status:x=retraction")
    ('its wording', 'the status of x (found, now retraction)')
    """
    old, new = _parts(then), _parts(now)
    if "wording" not in old:
        return ("what the approval was given for, which cannot be read",)
    names = [name for name in dict.fromkeys((*old, *new)) if old.get(name, "") != new.get(name, "")]
    is_fine = old.get("form", "") == new.get("form", "") == FORM
    changes = (_change(name, old, new, is_fine=is_fine) for name in names)
    return tuple(change for change in changes if change)


def _change(name: str, old: Mapping[str, str], new: Mapping[str, str], *, is_fine: bool) -> str:
    """What this part's change is called; empty where it is none, or another part names it better."""
    before, after = old.get(name, ""), new.get(name, "")
    what, _, key = name.partition(":")
    if {before, after} == {_UNCHECKED, _CLEAR} or what == "form":
        return ""
    if what == "status":
        both = before and after
        return f"the status of {_unescaped(key)} ({_kinds(before)}, now {_kinds(after)})" if both else ""
    if what == "evidence" and not (before and after):
        return f"the evidence {_unescaped(key)}, which is {'gone' if before else 'new'}"
    if what in _COARSE:
        return "" if is_fine else _COARSE[what].replace("{}", _unescaped(key))
    has_evidence = not key or (f"evidence:{key}" in old and f"evidence:{key}" in new)
    if not is_fine or not has_evidence:
        return ""
    return _FINE.get(what, f"its {what}").replace("{}", _unescaped(key)) + _both(before, after)


_COARSE = {"wording": "its wording", "evidence": "the evidence {}"}
_FINE = {
    "text": "its wording",
    "work": "the work that {} stands for",
    "anchor": "the anchor of {}",
    "finding": "the finding of {}",
    "verdict": "the verdict on {}",
    "design": "the design of {}",
    "link": "how {} is used (relation, direction, population and so on)",
}


def _both(before: str, after: str) -> str:
    """Both values, where they are written out."""
    if before.startswith("~") or after.startswith("~"):
        return ""
    return f" ({_unescaped(before) or 'none'}, now {_unescaped(after) or 'none'})"


def _kinds(status: str) -> str:
    return status.partition("~")[0]


def _stated(claim: Claim) -> dict[str, str]:
    """What the claim states, by the names of its fields."""
    quantity = f"{claim.quantity.value} {claim.quantity.unit}".strip() if claim.quantity else ""
    return {
        "text": f"~{_digest([_folded(claim.match_text)], _MORE_DIGITS)}",
        "variations": _list([*sorted(map(_folded, claim.variations))]),
        "category": claim.category or "",
        **_pico(claim.pico),
        "jurisdiction": claim.jurisdiction,
        "quantity": quantity,
        "certainty": claim.certainty or "",
    }


def _judged(items: list[Evidence]) -> dict[str, str]:
    """What a person judged of the links to one reference, by the names of the fields."""
    anchors = [_list(_anchor(item)) for item in items]
    links = [
        _list([item.relation, item.direction, _folded(item.seminal), *_pico(item.pico).values()]) for item in items
    ]
    return {
        "anchor": _list(anchors),
        "finding": _list([_folded(item.finding) for item in items]),
        "verdict": _list([item.verdict or "" for item in items]),
        "design": _list([item.design or "" for item in items]),
        "link": f"~{_digest(links, _MORE_DIGITS)}",
    }


def _anchor(item: Evidence) -> list[str]:
    """The anchor's fields, named, so that page 3 is not table 3."""
    given = {name: _folded(getattr(item.anchor, name)) for name in ("exact", "page", "table", "figure", "section")}
    return [f"{name} {text}" for name, text in given.items() if text]


def _pico(pico: Pico) -> dict[str, str]:
    return {name: getattr(pico, name) for name in _PICO}


def _list(texts: list[str]) -> str:
    return " | ".join(texts) if any(texts) else ""


def _told(text: str) -> str:
    """A text as a part's value: written out where it is short, else its hash; a hash stays as it is."""
    text = _folded(text)
    if len(text) <= _SHORT and text.isprintable() and not text.startswith("~"):
        return _escaped(text)
    is_hash = text.startswith("~") and len(text) == _MORE_DIGITS + 1
    return text if is_hash else f"~{_digest([text], _MORE_DIGITS)}"


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


def _digest(texts: Iterable[str], digits: int = _DIGITS) -> str:
    return hashlib.sha256("\x1f".join(texts).encode("utf-8", "surrogatepass")).hexdigest()[:digits]


def _folded(text: str) -> str:
    return " ".join(text.split())


def _escaped(key: str) -> str:
    return key.replace("%", "%25").replace(";", "%3B").replace("=", "%3D")


def _unescaped(key: str) -> str:
    return key.replace("%3D", "=").replace("%3B", ";").replace("%25", "%")


def _parts(fingerprint: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in fingerprint.split(";") if part)
    return {name: value for name, _, value in pairs}
