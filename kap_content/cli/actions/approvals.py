"""`kap approvals list`, `verify` and `log`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

from kap_content.cli.forms import Shown
from kap_content.cli.given import Globals
from kap_content.cli.session import open_project, shown_path, shown_place
from kap_content.cli.terminal.streams import put
from kap_content.load.project import load_project
from kap_content.model.approval import Approval
from kap_content.model.claim import Claim
from kap_content.model.errors import UsageError
from kap_content.model.project import Context
from kap_content.report.markdown import code_span, escaped
from kap_content.report.model import counted
from kap_content.report.text import visible
from kap_content.review.audit import Audit, audit
from kap_content.review.ground import read_ground
from kap_content.review.standing import RoleStanding, Standing, Standings
from kap_content.works.decisions import Fault, doubtful
from kap_content.works.fingerprint import fingerprint_changes

_SAID = {"approve": "approved", "reject": "rejected", "request_changes": "asked for changes"}


@dataclass(frozen=True, slots=True)
class _Row:
    """A claim with its fingerprint, where its decisions stand, and those that do not count."""

    claim: Claim
    fingerprint: str
    standing: Standing
    doubted: tuple[Approval, ...]


def show_all(options: Globals, today: date, form: Shown, *, waiting: bool) -> int:
    """Print a paragraph (a row, an object) for each claim that was decided on or waits for somebody."""
    root, settings = open_project(options)
    context = Context.of(load_project(root, settings), today)  # with the pages: a retired claim waits for nobody
    standings, doubted = Standings(context), doubtful(context.project.approvals)
    rows = [
        _Row(claim, standings.fingerprint(claim), standings.of(claim), doubted.get(claim.id, ()))
        for claim in context.claims.values()
    ]
    told = [row for row in rows if row.standing.waiting or (not waiting and (row.standing.roles or row.doubted))]
    if form is Shown.JSON:
        _put_json({"version": 1, "as_of": today.isoformat(), "claims": [_as_object(row, root) for row in told]})
    elif form is Shown.MARKDOWN:
        _put_lines(_as_table(told))
    else:
        _put_lines(visible(line) for row in told for line in _as_text(row, root))
        waits = sum(bool(row.standing.waiting) for row in told)
        options.say(f"{counted(len(context.project.approvals), 'decision')}; {counted(waits, 'claim')} to look at.")
    return 0


def _as_text(row: _Row, root: Path) -> Iterator[str]:
    yield f"{row.claim.id}  {shown_place(root, row.claim.place)}  ({row.claim.status})"
    for held in row.standing.roles:
        yield f"  {held.role:<11} {_held(held)}  {shown_place(root, held.decision.place)}"
    for approval in row.doubted:
        yield f"  {approval.role:<11} {_line(approval)}: it does not count, {approval.doubt}"
    for role, reason in row.standing.waiting.items():
        yield f"  waits for   {role or 'a reviewer'}: {reason}"


def _held(held: RoleStanding) -> str:
    changed = f"; changed since: {'; '.join(held.changes)}" if held.changes else ""
    return f"{_line(held.decision)}{changed}"


def _line(approval: Approval) -> str:
    # On one line: a comment shall not look like a line of the list.
    comment = f": “{' '.join(approval.comment.split())}”" if approval.comment else ""
    return f"{_SAID[approval.decision]} by {approval.reviewer} on {approval.on}{comment}"


def _as_object(row: _Row, root: Path) -> dict[str, object]:
    return {
        "claim": row.claim.id,
        "path": shown_path(root, row.claim.place.path),
        "line": row.claim.place.line,
        "status": str(row.claim.status),
        "fingerprint": row.fingerprint,
        "required_roles": list(row.standing.required),
        "decisions": [
            {**_decision(held.decision, root), "changed_since": list(held.changes)} for held in row.standing.roles
        ],
        "not_counting": [_decision(approval, root) for approval in row.doubted],
        "waits_for": [{"role": role, "reason": reason} for role, reason in row.standing.waiting.items()],
    }


def _decision(approval: Approval, root: Path) -> dict[str, object]:
    return {
        "decision": approval.decision,
        "role": approval.role,
        "reviewer": approval.reviewer,
        "on": approval.on.isoformat(),
        "comment": approval.comment,
        "signed": bool(approval.signature),
        "does_not_count": approval.doubt,
        "path": shown_path(root, approval.place.path),
        "line": approval.place.line,
        "fingerprint": approval.fingerprint,
    }


def _as_table(rows: Iterable[_Row]) -> Iterator[str]:
    yield from ("| claim | status | decisions | waits for |", "|---|---|---|---|")
    for row in rows:
        held = [f"{escaped(held.role)}: {escaped(_held(held))}" for held in row.standing.roles]
        held += [f"{escaped(item.role)}: {escaped(_line(item))}, does not count" for item in row.doubted]
        waits = [f"{escaped(role or 'a reviewer')}: {escaped(why)}" for role, why in row.standing.waiting.items()]
        cells = (code_span(row.claim.id), escaped(str(row.claim.status)), "<br>".join(held), "<br>".join(waits))
        yield f"| {' | '.join(cells)} |"


def show_log(options: Globals, today: date, form: Shown, name: str) -> int:
    """Print the decisions on a claim, the oldest first, each with what changed until the next or until now."""
    context, root = _context(options, today)
    lines = [approval for approval in context.project.approvals if approval.claim == name]
    claim = context.claims.get(name)
    if claim is None and not lines:
        raise UsageError(f"there is no claim {name}, and no decision on one", help="`kap where ID` finds claims.")
    now = Standings(context).fingerprint(claim) if claim is not None else ""
    prints = [*(approval.fingerprint for approval in lines), *([now] if now else [])]
    changes = [fingerprint_changes(before, after) for before, after in pairwise(prints)]
    told = list(zip(lines, [*changes, ()][: len(lines)], strict=True))
    if form is Shown.JSON:
        decisions = [_decision(approval, root) | {"then_changed": list(changed)} for approval, changed in told]
        _put_json({"version": 1, "claim": name, "fingerprint": now, "decisions": decisions})
    elif form is Shown.MARKDOWN:
        _put_lines(_log_table(told))
    else:
        _put_lines(visible(line) for approval, changed in told for line in _log_text(approval, changed, root))
        if not lines:
            options.say(f"Nobody has decided on {name} yet.")
    return 0


def _log_text(approval: Approval, changed: tuple[str, ...], root: Path) -> Iterator[str]:
    how = "signed" if approval.signature else "not signed"
    yield f"{approval.role:<11} {_line(approval)} ({how})  {shown_place(root, approval.place)}"
    if approval.doubt:
        yield f"            it does not count: {approval.doubt}"
    for change in changed:
        yield f"            then changed: {change}"


def _log_table(told: Iterable[tuple[Approval, tuple[str, ...]]]) -> Iterator[str]:
    yield from ("| day | role | decision | signed | then changed |", "|---|---|---|---|---|")
    for approval, changed in told:
        signed = f"no: {approval.doubt}" if approval.doubt else "yes" if approval.signature else "no"
        cells = (
            str(approval.on),
            escaped(approval.role),
            escaped(_line(approval)),
            signed,
            escaped("; ".join(changed)),
        )
        yield f"| {' | '.join(cells)} |"


def verify(options: Globals, today: date, form: Shown) -> int:
    """Print what is wrong with the log, and what cannot be known. Exit code 1 where anything is wrong."""
    context, root = _context(options, today)
    found = audit(context, root)
    if form is Shown.JSON:
        _put_json(_audit_object(found, root))
    elif form is Shown.MARKDOWN:
        _put_lines(_audit_markdown(found, root))
    else:
        _put_lines(visible(line) for line in _audit_text(found, root))
    return 1 if found.faults else 0


def _audit_text(found: Audit, root: Path) -> Iterator[str]:
    for fault in found.faults:
        yield f"{_where(fault, root)}  {fault.message}"
        yield f"  do   {fault.help}"
    for note in found.notes:
        yield f"note: {note}"
    yield _sum(found)


def _where(fault: Fault, root: Path) -> str:
    return str(shown_place(root, fault.place))


def _sum(found: Audit) -> str:
    whole = (
        f"{counted(len(found.faults), 'fault')}: the log is not to be trusted." if found.faults else "The log is whole."
    )
    counts = f"{counted(found.decisions, 'decision')}, {found.verified:,} with a verified signature"
    return f"{counts}, {found.unsigned:,} unsigned. {whole}"


def _audit_object(found: Audit, root: Path) -> dict[str, object]:
    return {
        "version": 1,
        "whole": not found.faults,
        "decisions": found.decisions,
        "verified": found.verified,
        "unsigned": found.unsigned,
        "faults": [
            {
                "path": shown_path(root, fault.place.path),
                "line": fault.place.line,
                "claim": fault.claim,
                "message": fault.message,
                "help": fault.help,
            }
            for fault in found.faults
        ],
        "notes": list(found.notes),
    }


def _audit_markdown(found: Audit, root: Path) -> Iterator[str]:
    yield from ("### The log of decisions", "", escaped(_sum(found)), "")
    for fault in found.faults:
        yield f"- {code_span(_where(fault, root))} {escaped(fault.message)} *{escaped(fault.help)}*"
    for note in found.notes:
        yield f"- note: {escaped(note)}"


def _context(options: Globals, today: date) -> tuple[Context, Path]:
    root, _ = open_project(options)
    return read_ground(root, today), root


def _put_lines(lines: Iterable[str]) -> None:
    put("".join(f"{line}\n" for line in lines))


def _put_json(value: object) -> None:
    put(json.dumps(value, ensure_ascii=False, indent=2) + "\n")
