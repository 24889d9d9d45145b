"""Looking at the whole log of decisions: the chain, the signatures, the roles, and what git remembers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kap_content.load.allowed_signers import allowed_keys
from kap_content.load.approvals import parse_approvals
from kap_content.load.git import Repository
from kap_content.load.inside import APPROVALS
from kap_content.load.signatures import Keys, read_keys, reasons_against
from kap_content.model.approval import Approval, Decision
from kap_content.model.errors import KapError
from kap_content.model.finding import Problem
from kap_content.model.place import Place
from kap_content.model.project import Context
from kap_content.review.authors import git_authors
from kap_content.works.decisions import START, Fault, canonical, doubtful, heads, standing


@dataclass(frozen=True, slots=True)
class Audit:
    """What was found. `verified` counts the signatures that hold; `notes` say what cannot be known, in sentences."""

    decisions: int
    verified: int
    unsigned: int
    faults: tuple[Fault, ...]
    notes: tuple[str, ...]


def audit(context: Context, root: Path) -> Audit:
    """Verify the project's log. Signatures are verified wherever there are any, required or not."""
    project, review = context.project, context.settings.review
    approvals = project.approvals
    signed = [approval for approval in approvals if approval.signature]
    keys = read_keys(root, review)
    against = reasons_against(signed, keys)
    faults = [*map(_of_problem, _problems(context)), *_of_lines(context, root, against)]
    gone, remembered = _gone(root, approvals)
    faults.extend(gone)
    return Audit(
        decisions=len(approvals),
        verified=len(signed) - len(against),
        unsigned=len(approvals) - len(signed),
        faults=tuple(sorted(faults, key=lambda fault: fault.place)),
        notes=(*_notes(context, keys), *(() if faults else _of_chain(approvals)), *remembered),
    )


def _problems(context: Context) -> Iterator[Problem]:
    return (problem for problem in context.project.problems if problem.place.path == APPROVALS)


def _of_problem(problem: Problem) -> Fault:
    return Fault(problem.place, problem.message, problem.help, problem.claim)


def _of_lines(context: Context, root: Path, against: dict[Approval, str]) -> Iterator[Fault]:
    """The decisions whose signature does not hold, and those that should count and do not.

    What a later decision that counts has followed is let alone: it was settled since.
    """
    approvals = context.project.approvals
    unsettled = {approval for last in doubtful(approvals).values() for approval in last}
    own = _own_claims(context, root) if context.settings.review.author_may_not_approve else frozenset()
    for approval in approvals:
        who = f"the decision of {approval.reviewer} ({approval.role}) on {approval.claim}"
        reason = against.get(approval) or (approval.doubt if approval in unsettled else "")
        if reason:
            is_early = approval not in against and approval.is_ahead_of(context.as_of)
            help_text = _EARLY if is_early else _WRONG
            yield Fault(approval.place, f"{who} does not count: {reason}", help_text, approval.claim)
        elif approval in own:
            message = f"{who}: {approval.reviewer} wrote lines of the claim (git blame), and may not approve it"
            yield Fault(approval.place, message, "Have somebody else approve it.", approval.claim)


_WRONG = "Have it decided again by who may, signed; or restore the line as it was signed."
_EARLY = "It counts from that day on. If a clock was wrong: take the line out before another follows, and decide again."


def _own_claims(context: Context, root: Path) -> frozenset[Approval]:
    """The approvals that stand and were given by somebody who, as git knows, wrote lines of the claim."""
    review = context.settings.review
    held = (one for roles in standing(context.project.approvals).values() for last in roles.values() for one in last)
    approved = [one for one in held if one.decision == Decision.APPROVE and one.claim in context.claims]
    writers = git_authors(root, [context.claims[name] for name in dict.fromkeys(one.claim for one in approved)])
    nobody: frozenset[str] = frozenset()
    return frozenset(one for one in approved if writers.get(one.claim, nobody) & review.names_of(one.reviewer))


def _gone(root: Path, approvals: tuple[Approval, ...]) -> tuple[list[Fault], list[str]]:
    """The decisions that git remembers and the log lacks, and what is to be known of git, in words."""
    here = {canonical(approval) for approval in approvals}
    found: dict[str, Fault] = {}
    try:
        repository = Repository(root)
        remembered = [("the last commit", line) for line in repository.text("HEAD", APPROVALS).split("\n")]
        remembered += [(f"commit {commit}", line) for commit, line in repository.removed_lines(APPROVALS)]
        notes = [text for text, holds in _OF_GIT if holds(repository)]
    except KapError:
        return [], ["there is no git history to compare with: a last line that was deleted would not be noticed"]
    for where, line in remembered:
        for approval in parse_approvals(APPROVALS, line)[0]:
            text = canonical(approval)
            if text in here or text in found:
                continue
            what = "has" if where == "the last commit" else "took out"
            message = (
                f"{where} {what} a decision that the log lacks: {approval.decision} of {approval.reviewer} "
                f"({approval.role}) on {approval.claim}, {approval.on}"
            )
            found[text] = Fault(
                Place(APPROVALS), message, "Bring the line back; decisions are never deleted.", approval.claim
            )
    return list(found.values()), notes


_OF_GIT = (
    ("the clone is shallow: older history was not compared (git fetch --unshallow)", Repository.is_shallow),
    (
        f"git would not merge {APPROVALS} of two branches by itself: put “{APPROVALS} merge=union” into .gitattributes",
        lambda repository: not repository.merges_lines_of_both(APPROVALS),
    ),
)


def _of_chain(approvals: tuple[Approval, ...]) -> Iterator[str]:
    """What is to be known of a chain that is whole."""
    loose = sum(not approval.previous for approval in approvals)
    if loose:
        lines = f"{loose} lines have" if loose > 1 else "1 line has"
        yield f"{lines} no “previous”: nothing shows whether they were edited before the first chained line"
    starts = Counter(approval.previous for approval in approvals)[START]
    if starts > 1:
        yield f"the log begins {starts} times, as where branches each made their first decision"
    ends = len(heads(approvals))
    if ends > 1 and ends > loose:
        yield f"the chain has {ends} ends: branches were merged; the next decision joins them"


def _notes(context: Context, keys: Keys) -> Iterator[str]:
    approvals = context.project.approvals
    yield from _of_keys(context.settings.review.allowed_signers, keys)
    if keys.trouble and any(not approval.signature for approval in approvals):
        yield f"{keys.trouble}; unsigned decisions are only as sure as the repository"
    unknown = sorted({approval.claim for approval in approvals} - set(context.claims))
    if unknown:
        yield f"decisions on claims that are registered no longer: {', '.join(unknown)}"


def _of_keys(path: str, keys: Keys) -> Iterator[str]:
    """Keys of which it is not plain whose they are."""
    holders: dict[str, dict[str, None]] = {}
    for key in allowed_keys(keys.allowed):
        if key.patterns and not key.is_authority:
            yield f"{path}:{key.line} names signers by a pattern ({', '.join(key.patterns)}), which counts for nobody"
        if not key.is_authority:
            holders.setdefault(key.key, {}).update(dict.fromkeys(key.names))
    for names in holders.values():
        if len(names) > 1:
            yield f"one key of {path} is that of {' and '.join(names)}: who holds it signs as each of them"
