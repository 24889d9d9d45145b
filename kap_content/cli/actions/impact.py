"""`kap impact`: what a notice about a work hits."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from kap_content.cli.forms import Shown
from kap_content.cli.given import Globals
from kap_content.cli.session import open_project, shown_path, shown_place
from kap_content.cli.terminal.streams import put
from kap_content.load.git import Repository
from kap_content.load.inside import LOCK
from kap_content.load.lock import parse_lock
from kap_content.load.project import answering, load_project
from kap_content.model.errors import UsageError
from kap_content.model.place import Place
from kap_content.model.project import Context
from kap_content.model.record import Notice
from kap_content.report.markdown import code_span, escaped
from kap_content.report.model import counted
from kap_content.report.text import visible
from kap_content.review.impact import HitApproval, HitClaim, Impact, impact_of, impact_since

UNASKED = "not asked yet (kap lock): whether there is a notice is unknown"


def impact(options: Globals, today: date, form: Shown, *, work: str, since: str) -> int:
    """Print what rests on a work, or on all works of which the lock says something else than at a git revision."""
    root, settings = open_project(options)
    context = Context.of(load_project(root, settings), today)
    if since:
        repository = Repository(root)
        repository.tree(since)  # says where there is no such revision
        before, _ = parse_lock(LOCK, repository.text(since, LOCK) or "{}")
        found = impact_since(context, answering(context.project.references, before.records))
    else:
        found = impact_of(context, work)
        if not found:
            raise UsageError(f"nothing here cites “{work}”", help=_nearest(work, context))
    if form is Shown.JSON:
        put(json.dumps(_as_object(found, root), ensure_ascii=False, indent=2) + "\n")
    elif form is Shown.MARKDOWN:
        put("".join(f"{line}\n" for line in _as_markdown(found, root, since)))
    else:
        put("".join(f"{visible(line)}\n" for line in _as_text(found, root, since)))
    return 0


def _nearest(name: str, context: Context) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, context.references, n=3)
    return f"Did you mean {' or '.join(near)}?" if near else "Give a reference's key, its DOI, or a notice's DOI."


def _as_text(found: tuple[Impact, ...], root: Path, since: str) -> Iterator[str]:
    for hit in found:
        doi = hit.reference.get("doi")
        yield f"{hit.reference.key}  {hit.reference.get('title')}" + (f"  doi:{doi}" if doi else "")
        yield from (f"  {line}" for line in _registry(hit))
        for claim in hit.claims:
            yield f"  claim   {claim.claim.id}  {shown_place(root, claim.claim.place)}  ({claim.claim.status})"
            yield f"    “{claim.claim.match_text}”"
            for place in claim.shown:
                yield f"    page    {shown_place(root, place)}"
            for approval in claim.approvals:
                yield f"    {_approval(approval, root)}"
        for place in hit.cited:
            yield f"  cited   {shown_place(root, place)}"
    yield _sum(found, since)


def _registry(hit: Impact) -> Iterator[str]:
    if hit.record is None:
        yield f"registry: {UNASKED}"
        return
    told = [f"notice: {_notice(notice)}" for notice in hit.record.notices]
    yield from told or [f"registry: {hit.record.state}, no notice"]


def _notice(notice: Notice) -> str:
    when = f", {notice.date}" if notice.date else ""
    return f"{str(notice.kind).replace('_', ' ')} {notice.doi}".strip() + f" ({notice.source}{when})"


def _approval(hit: HitApproval, root: Path) -> str:
    approval = hit.approval
    how = "signed" if approval.signature else "not signed"
    state = f"stale   {'; '.join(hit.changes)}:" if hit.changes else "holds  "
    who = f"{approval.role} approval of {approval.reviewer}, {approval.on} ({how})"
    return f"{state} {who}  {shown_place(root, approval.place)}"


def _sum(found: tuple[Impact, ...], since: str) -> str:
    if not found:
        return f"No notice has changed since {since}."
    claims = {claim.claim.id for hit in found for claim in hit.claims}
    pages = {page for hit in found for page in hit.pages}
    stale = _stale(found)
    who = f", given by {', '.join(sorted({item.approval.reviewer for item in stale}))}" if stale else ""
    return (
        f"{counted(len(found), 'reference')}, {counted(len(claims), 'claim')}, {counted(len(pages), 'page')}, "
        f"{counted(len(stale), 'approval')} no longer {'holds' if len(stale) == 1 else 'hold'}{who}."
    )


def _stale(found: Iterable[Impact]) -> list[HitApproval]:
    """The approvals that no longer hold, each once."""
    hits = (approval for hit in found for claim in hit.claims for approval in claim.approvals if approval.is_stale)
    return list({hit.approval.place: hit for hit in hits}.values())


def _as_markdown(found: tuple[Impact, ...], root: Path, since: str) -> Iterator[str]:
    yield from ("## What new notices hit" if since else "## What rests on this work", "", escaped(_sum(found, since)))
    for hit in found:
        yield from ("", f"### {code_span(hit.reference.key)} {escaped(hit.reference.get('title'))}", "")
        yield from (f"- {escaped(line)}" for line in _registry(hit))
        for claim in hit.claims:
            yield from _claim_markdown(claim, root)
        if hit.cited:
            yield f"- cited outside claims: {_spans(hit.cited, root)}"


def _claim_markdown(hit: HitClaim, root: Path) -> Iterator[str]:
    yield f"- **{escaped(hit.claim.id)}** ({_spans((hit.claim.place,), root)}): “{escaped(hit.claim.match_text)}”"
    yield f"  - pages: {_spans(hit.shown, root) or 'none'}"
    for approval in hit.approvals:
        yield f"  - {escaped(_approval(approval, root))}"


def _spans(places: Iterable[Place], root: Path) -> str:
    return ", ".join(dict.fromkeys(code_span(str(shown_place(root, place))) for place in places))


def _as_object(found: tuple[Impact, ...], root: Path) -> dict[str, object]:
    return {
        "version": 1,
        "references": [
            {
                "reference": hit.reference.key,
                "doi": hit.reference.get("doi"),
                "state": str(hit.record.state) if hit.record is not None else "unchecked",
                "notices": [_notice_object(notice) for notice in (hit.record.notices if hit.record else ())],
                "claims": [_claim_object(claim, root) for claim in hit.claims],
                "cited": [_place(place, root) for place in hit.cited],
                "pages": [shown_path(root, page) for page in hit.pages],
            }
            for hit in found
        ],
        "stale_approvals": len(_stale(found)),
    }


def _notice_object(notice: Notice) -> dict[str, object]:
    return {
        "kind": str(notice.kind),
        "doi": notice.doi,
        "source": notice.source,
        "date": str(notice.date or ""),
    }


def _claim_object(hit: HitClaim, root: Path) -> dict[str, object]:
    return {
        "claim": hit.claim.id,
        **_place(hit.claim.place, root),
        "status": str(hit.claim.status),
        "shown": [_place(place, root) for place in hit.shown],
        "approvals": [
            {
                "role": item.approval.role,
                "reviewer": item.approval.reviewer,
                "on": item.approval.on.isoformat(),
                "signed": bool(item.approval.signature),
                "stale": item.is_stale,
                "changes": list(item.changes),
                **_place(item.approval.place, root),
            }
            for item in hit.approvals
        ],
    }


def _place(place: Place, root: Path) -> dict[str, object]:
    return {"path": shown_path(root, place.path), "line": place.line, "column": place.column}
