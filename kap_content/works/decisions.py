"""The log of decisions as a chain: what a line's hash covers, which decisions stand, and what was done to the log.

`previous` holds the SHA-256 (64 hexadecimal digits) of the line before. Two branches that both append make the chain
fork; the first line after their merge names the ends of both, parted by a space, so that forks join again. The first
line of a log says `start`. Lines written before there were chains have no `previous`; the first chained line names all
of them.

Hashes and signatures are made of a line's canonical form: its fields as JSON, names sorted, nothing between, empty
optional fields left out. White space, line ends and the order of fields can therefore change without harm.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kap_content.model.approval import TIME_ZONES, Approval, Decision
from kap_content.model.place import Place
from kap_content.model.project import Context, Index
from kap_content.works.fingerprint import fingerprint_changes

START = "start"
"""What `previous` holds in the first line of a log."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with the log at one line: a message, and what to do. `claim` is empty where none is known."""

    place: Place
    message: str
    help: str
    claim: str = ""


_encoded = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False).encode


def canonical(approval: Approval, *, signed: bool = False) -> str:
    """The line as JSON in one fixed form; with `signed`, the text that is signed: the same without the signature."""
    fields = {
        "claim": approval.claim,
        "fingerprint": approval.fingerprint,
        "decision": approval.decision,
        "role": approval.role,
        "reviewer": approval.reviewer,
        "on": approval.on.isoformat(),
        "comment": approval.comment,
        "previous": approval.previous,
        "signature": "" if signed else approval.signature,
    }
    return _encoded({name: text for name, text in fields.items() if text})


def digest(approval: Approval) -> str:
    """The SHA-256 of the whole line in its canonical form."""
    return hashlib.sha256(canonical(approval).encode("utf-8", "surrogatepass")).hexdigest()


def heads(approvals: Iterable[Approval]) -> tuple[str, ...]:
    """The hashes of the lines that no line follows yet, in file order: what the next line's `previous` names."""
    ends: dict[str, None] = {}
    for approval in approvals:
        for name in _followed(approval):
            ends.pop(name, None)
        ends[digest(approval)] = None
    return tuple(ends)


def previous_of(approvals: Sequence[Approval]) -> str:
    """What `previous` holds in the line that is appended next."""
    return " ".join(heads(approvals)) or START


def verify_log(approvals: Sequence[Approval]) -> tuple[Fault, ...]:
    """What was done to the log that must not be: lines taken out, moved, edited or repeated, dates going back.

    A last line that was taken out leaves no trace in the log itself; only git, or a later line elsewhere, shows it.
    """
    digests = [digest(approval) for approval in approvals]
    first = {name: number for number, name in reversed(list(enumerate(digests)))}
    faults: list[Fault] = []
    chained: Approval | None = None
    for number, approval in enumerate(approvals):
        if first[digests[number]] < number:
            faults.append(_repeated(approval, approvals[first[digests[number]]]))
            continue
        if approval.previous:
            chained = chained or approval
        elif chained is not None:
            faults.append(_unchained(approval, chained))
        for name in _followed(approval):
            before = first.get(name)
            if before is None:
                faults.append(_missing(approval, name))
            elif before >= number:
                faults.append(_moved(approval, approvals[before]))
            elif approvals[before].on - approval.on > TIME_ZONES:
                faults.append(_backdated(approval, approvals[before]))
    return tuple(faults)


def standing(approvals: Sequence[Approval]) -> Mapping[str, Mapping[str, tuple[Approval, ...]]]:
    """By claim and role, the decisions that count and that no later one followed.

    Mostly one. Where two branches decided without knowing of each other there are several, until somebody decides
    again; whoever reads them takes the gravest (`gravest`).
    """
    return _unfollowed([approval for approval in approvals if approval.counts], approvals)


def doubtful(approvals: Sequence[Approval]) -> Mapping[str, tuple[Approval, ...]]:
    """By claim, the decisions that do not count and that no decision which counts has followed in the same role."""
    if all(approval.counts for approval in approvals):
        return {}
    found: dict[str, list[Approval]] = {}
    for claim, roles in _unfollowed(approvals, approvals).items():
        for last in roles.values():
            found.setdefault(claim, []).extend(approval for approval in last if not approval.counts)
    return {claim: tuple(last) for claim, last in found.items() if last}


@dataclass(frozen=True, slots=True)
class Standing:
    """Of one claim: by role the decisions that stand, and those that do not count and nothing has followed."""

    roles: Mapping[str, tuple[Approval, ...]] = field(default_factory=dict)
    doubtful: tuple[Approval, ...] = ()


UNDECIDED = Standing()


@Index
def standing_by_claim(context: Context) -> Mapping[str, Standing]:
    """How the decisions on each claim stand that somebody has decided on."""
    roles, doubted = standing(context.project.approvals), doubtful(context.project.approvals)
    return {claim: Standing(roles.get(claim, {}), doubted.get(claim, ())) for claim in {**roles, **doubted}}


def gravest(decisions: Sequence[Approval]) -> Approval:
    """Of decisions that stand beside each other the one that holds: a refusal before an approval, then the last."""
    refusals = [decision for decision in decisions if decision.decision != Decision.APPROVE]
    return (refusals or list(decisions))[-1]


def agreed(roles: Mapping[str, Sequence[Approval]], required: Sequence[str], now: str) -> bool:
    """Whether the decisions that stand (by role) approve a claim of this fingerprint: each required role, none against.

    With no role required somebody must have approved.
    """
    held = {role: gravest(decisions) for role, decisions in roles.items() if decisions}
    if not held or any(decision.decision != Decision.APPROVE for decision in held.values()):
        return False
    fresh = {role for role, decision in held.items() if not fingerprint_changes(decision.fingerprint, now)}
    return fresh >= set(required) if required else bool(fresh)


def _unfollowed(
    chosen: Iterable[Approval], approvals: Sequence[Approval]
) -> dict[str, dict[str, tuple[Approval, ...]]]:
    """By claim and role, the chosen decisions that no other chosen one of the same claim and role follows."""
    seen = _Seen(approvals)
    found: dict[str, dict[str, tuple[Approval, ...]]] = {}
    for approval in chosen:
        roles = found.setdefault(approval.claim, {})
        beside = tuple(other for other in roles.get(approval.role, ()) if not seen.follows(approval, other))
        roles[approval.role] = (*beside, approval)
    return found


class _Seen:
    """Which lines a line follows, directly or through others.

    Of each line it is kept how many lines from the top it follows without a gap, and which beyond those. In a log
    without forks there are none beyond; after a join there are none again.
    """

    def __init__(self, approvals: Sequence[Approval]) -> None:
        self._numbers: dict[int, int] = {}
        self._before: list[tuple[int, frozenset[int]]] = []
        digests: dict[str, int] = {}
        for number, approval in enumerate(approvals):
            self._numbers.setdefault(approval.place.line, number)
            direct = [digests[name] for name in _followed(approval) if name in digests]
            # A line without `previous`, or one whose `previous` is gone, follows what stands above it.
            is_lonely = not approval.previous or (not direct and approval.previous != START)
            self._before.append((number, frozenset()) if is_lonely else self._joined(direct))
            digests.setdefault(digest(approval), number)

    def _joined(self, direct: list[int]) -> tuple[int, frozenset[int]]:
        count = max((self._before[other][0] for other in direct), default=0)
        beyond = set(direct).union(*(self._before[other][1] for other in direct))
        while count in beyond:
            count += 1
        return count, frozenset(other for other in beyond if other > count)

    def follows(self, later: Approval, earlier: Approval) -> bool:
        """Whether whoever decided `later` had `earlier` in the log."""
        count, beyond = self._before[self._numbers[later.place.line]]
        number = self._numbers[earlier.place.line]
        return number < count or number in beyond


def _followed(approval: Approval) -> tuple[str, ...]:
    return tuple(name for name in approval.previous.replace(",", " ").split() if name != START)


_RESTORE = "Bring the log back from the repository’s history (git log -p approvals.jsonl)."


def _repeated(approval: Approval, first: Approval) -> Fault:
    message = f"this decision on {approval.claim} is a copy of line {first.place.line}"
    return Fault(approval.place, message, "Delete this line; a decision stands once.", approval.claim)


def _unchained(approval: Approval, chained: Approval) -> Fault:
    message = (
        f"this decision on {approval.claim} has no “previous”, though the lines are chained from line "
        f"{chained.place.line} on: it was not written by kap, or the field was taken out"
    )
    return Fault(approval.place, message, f"Decide again with kap, and delete the line. {_RESTORE}", approval.claim)


def _missing(approval: Approval, name: str) -> Fault:
    message = (
        f"the decision on {approval.claim} by {approval.reviewer} follows a line ({name[:12]}…) that is not in the "
        "log: a line above was deleted or edited, or this one"
    )
    return Fault(approval.place, message, _RESTORE)


def _moved(approval: Approval, other: Approval) -> Fault:
    message = (
        f"the decision on {approval.claim} by {approval.reviewer} follows line {other.place.line}, which stands below "
        "it: lines were put in another order"
    )
    return Fault(approval.place, message, _RESTORE)


def _backdated(approval: Approval, other: Approval) -> Fault:
    message = (
        f"the decision on {approval.claim} by {approval.reviewer} is dated {approval.on} but follows line "
        f"{other.place.line} of {other.on}: it is dated back"
    )
    return Fault(approval.place, message, "Have it decided again, with the day on which it is decided.", approval.claim)
