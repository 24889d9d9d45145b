"""What a notice about a work hits: claims that rest on it, pages that show them, approvals that no longer hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kap_content.model.approval import Approval, Decision
from kap_content.model.claim import Claim
from kap_content.model.place import Place
from kap_content.model.project import Context
from kap_content.model.record import NoticeKind, Record
from kap_content.model.reference import Reference
from kap_content.works.decisions import standing
from kap_content.works.doi import normalise_doi
from kap_content.works.fingerprint import claim_fingerprint, fingerprint_changes

_NO_MATTER = (NoticeKind.NEW_VERSION, NoticeKind.NEW_EDITION)


@dataclass(frozen=True, slots=True)
class HitApproval:
    """An approval of a claim that rests on the work. `changes` says what it was not given for; empty: it holds."""

    approval: Approval
    changes: tuple[str, ...]

    @property
    def is_stale(self) -> bool:
        """Whether it no longer holds."""
        return bool(self.changes)


@dataclass(frozen=True, slots=True)
class HitClaim:
    """A claim that rests on the work, where pages show it, and the approvals that were given for it."""

    claim: Claim
    shown: tuple[Place, ...]
    approvals: tuple[HitApproval, ...]


@dataclass(frozen=True, slots=True)
class Impact:
    """All that rests on one work. `record` is None where no registry was asked: nothing is known of it then.

    `cited` are the citations of pages themselves, outside claims.
    """

    reference: Reference
    record: Record | None
    claims: tuple[HitClaim, ...]
    cited: tuple[Place, ...]

    @property
    def pages(self) -> tuple[str, ...]:
        """The pages that show any of it, sorted."""
        shown = (place.path for claim in self.claims for place in claim.shown)
        return tuple(sorted({*shown, *(place.path for place in self.cited)}))

    @property
    def stale(self) -> tuple[Approval, ...]:
        """The approvals that no longer hold."""
        return tuple(hit.approval for claim in self.claims for hit in claim.approvals if hit.is_stale)


def impact_of(context: Context, name: str) -> tuple[Impact, ...]:
    """What rests on the works that `name` means, by key: a key, a DOI, a PMID, or the DOI of a notice about a work."""
    return _impacts(context, {key for key in context.references if _is_meant(context, key, name)})


def impact_since(context: Context, before: Mapping[str, Record]) -> tuple[Impact, ...]:
    """What rests on the works of which the registries say something else than the records `before` did.

    A work that was looked up for the first time counts where there is a notice about it, or no such work.
    """
    then = {key: _said(before.get(key)) for key in context.references}
    now = {key: _said(context.record(key)) for key in context.references}
    return _impacts(context, {key for key in now if now[key] != then[key]})


def _said(record: Record | None) -> tuple[str, ...]:
    """What of a record matters: a first look-up without news says nothing."""
    if record is None:
        return ()
    notices = {
        f"{notice.kind} {normalise_doi(notice.doi)}" for notice in record.notices if notice.kind not in _NO_MATTER
    }
    return (*(() if record.state == "found" else (str(record.state),)), *sorted(notices))


def _is_meant(context: Context, key: str, name: str) -> bool:
    if key == name:
        return True
    doi = normalise_doi(name)
    record = context.record(key)
    entry = context.references[key]
    known = {normalise_doi(entry.get("doi"))}
    if record is not None:
        said = (record.asked, record.answered, *(notice.doi for notice in record.notices))
        known |= {normalise_doi(text) for text in said}
    return (bool(doi) and doi in known) or (
        name.isdecimal() and name in (entry.get("pmid"), record.pmid if record else "")
    )


def _impacts(context: Context, keys: set[str]) -> tuple[Impact, ...]:
    decided = standing(context.project.approvals) if keys else {}
    resting: dict[str, list[HitClaim]] = {key: [] for key in keys}
    for claim in context.claims.values():
        hit = keys.intersection(item.ref for item in claim.evidence)
        if hit:
            shown = tuple(use.mark.place for use in context.uses.get(claim.id, ()))
            found = HitClaim(claim, shown, tuple(_approvals(context, claim, decided.get(claim.id, {}))))
            for key in hit:
                resting[key].append(found)
    return tuple(
        Impact(context.references[key], context.record(key), tuple(resting[key]), _cited(context, key))
        for key in sorted(keys)
    )


def _approvals(context: Context, claim: Claim, roles: Mapping[str, tuple[Approval, ...]]) -> Iterator[HitApproval]:
    now = claim_fingerprint(claim, context.references, context.project.records) if roles else ""
    for decisions in roles.values():
        for approval in decisions:
            if approval.decision == Decision.APPROVE:
                yield HitApproval(approval, fingerprint_changes(approval.fingerprint, now))


def _cited(context: Context, key: str) -> tuple[Place, ...]:
    return tuple(mention.citation.place for mention in context.mentions.get(key, ()))
