"""`kap review`: opens the desk, writes the dossier, reads decisions back from a sheet."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from kap_content.cli.given import Globals, RuleOptions
from kap_content.cli.session import Run, open_project, run_rules
from kap_content.cli.terminal.streams import put
from kap_content.load.files import write_atomically
from kap_content.model.approval import Approval
from kap_content.model.errors import KapError, ProjectError, UsageError
from kap_content.model.place import Place
from kap_content.model.settings import ReviewSettings
from kap_content.report.model import counted
from kap_content.report.text import visible
from kap_content.review.signatures import Signer, signed

if TYPE_CHECKING:
    from kap_content.review.sheet_import import Proposal

_Made = TypeVar("_Made")
INTERRUPTED = 130
FORMS = (".html", ".csv", ".xlsx")


@dataclass(frozen=True, slots=True)
class Sitting:
    """Who decides, as the options say."""

    principal: str = ""
    role: str = ""
    key: Path | None = None

    def signer(self) -> Signer | None:
        """The key that signs. It is never asked for its passphrase: nobody looks at the terminal while at the desk."""
        if self.key is None:
            return None
        if not self.principal:
            raise UsageError("--key needs --as", help="Name whose key it is, as allowed_signers does.")
        # A shell that passes `--key=~/…` leaves the ~.
        return Signer(self.principal, Path(os.path.expanduser(self.key)))  # noqa: PTH111 - Path.expanduser raises


def desk(options: Globals, sitting: Sitting, day: date | None, *, port: int, release: bool, browser: bool) -> int:
    """Serve the desk until Ctrl-C, which ends with 130."""
    from kap_content.desk.server import DeskServer
    from kap_content.desk.who import Who

    root, settings = open_project(options)
    review = settings.review
    if sitting.role and sitting.role not in review.roles:
        raise UsageError(f"“{sitting.role}” is no role", help=f"The roles are {', '.join(review.roles)}.")
    signer = sitting.signer()
    if signer is not None:
        _try_key(options, root, review, signer)
    who = Who(sitting.principal, sitting.role, signer)

    with DeskServer(root, who, _clock(day), port=port, release=release) as server:
        put(
            f"The desk is open at\n\n  {server.link}\n\n"
            "The link works once, in one browser on this machine. Ctrl-C closes the desk.\n"
        )
        if browser:
            server.open_browser()
        server.run()
    return INTERRUPTED


def _clock(day: date | None) -> Callable[[], date]:
    """Today, or the day that stands in for it."""
    return lambda: day or datetime.now().astimezone().date()


def _try_key(options: Globals, root: Path, review: ReviewSettings, signer: Signer) -> None:
    """Sign something of no meaning: what is wrong with a key is better said before a claim has been read."""
    from kap_content.load.signatures import read_keys, reasons_against

    today = datetime.now().astimezone().date()
    trial = signed(Approval("", "", "", "", signer.principal, today, Place("")), signer)
    reason = reasons_against([trial], read_keys(root, review)).get(trial, "")
    if reason:
        error = KapError(f"what this key signs will not count: {reason}", help="Decisions may be refused.")
        options.warn(error)


def export(options: Globals, rules: RuleOptions, pages: list[Path], files: list[Path], sitting: Sitting) -> int:
    """Write the dossier of the claims on these pages (all, where none is named) into each file."""
    from kap_content.desk.views import doubted_signatures, views_of
    from kap_content.review.dossier import dossier_html
    from kap_content.review.sheet import as_csv, as_xlsx, sheet_rows

    wrong = next((file for file in files if file.suffix.lower() not in FORMS), None)
    if wrong is not None:
        raise UsageError(f"{wrong}: not a form of the dossier", help=f"Its name ends in {', '.join(FORMS)}.")
    run = run_rules(options, rules, pages)
    context = run.context
    against = doubted_signatures(run.root, context)
    views = views_of(run.root, context, run.outcome.findings, against=against)
    used = {mark.claim for page in run.pages for mark in page.marks}
    claims = [claim for claim in context.claims.values() if not pages or claim.id in used]
    roles = (sitting.role,) if sitting.role else context.settings.review.roles
    for file in files:
        match file.suffix.lower():
            case ".html":
                write_atomically(file, dossier_html(views, claims, _title(run)))
            case ".csv":
                write_atomically(file, as_csv(sheet_rows(views, claims)))
            case _:
                write_atomically(file, _with_openpyxl(lambda: as_xlsx(sheet_rows(views, claims), roles)))
        options.say(f"{file}: {counted(len(claims), 'claim')}")
    return 0


def _title(run: Run) -> str:
    """What the dossier is called: the one page that it is about, else the project."""
    titles = {page.meta.title for page in run.pages if page.meta.title}
    return titles.pop() if len(titles) == 1 else run.root.name


def _with_openpyxl(work: Callable[[], _Made]) -> _Made:
    """Do what needs openpyxl; a `UsageError` says how to get it."""
    try:
        return work()
    except ModuleNotFoundError as error:
        message = f"Excel files need {error.name}, which is not installed"
        raise UsageError(message, help="pip install 'kap-content[review]'; or use .csv.") from error


def take_in(options: Globals, rules: RuleOptions, source: Path, sitting: Sitting, *, write: bool) -> int:
    """Show what the sheet `source` would change, and with `write` change it. Exit code 1 where a row was refused."""
    from kap_content.load.project import load_project
    from kap_content.model.project import Context
    from kap_content.review.ground import Known, files_in
    from kap_content.review.judgement import record, rehearse
    from kap_content.review.sheet import read_sheet
    from kap_content.review.sheet_import import proposals

    if not sitting.principal:
        raise UsageError("--import needs --as: whose decisions are they?", help="kap review --import FILE --as NAME")
    root, settings = open_project(options)
    try:
        content = source.read_bytes()
    except OSError as error:
        raise ProjectError(f"{source} cannot be read: {error.strerror}") from error
    signer = sitting.signer()
    files = files_in(root, settings)
    context = Context.of(load_project(root, settings), rules.as_of)
    known: Known | None = Known(context, files)
    rows = _with_openpyxl(lambda: read_sheet(str(source), content))
    found = proposals(rows, context, sitting.principal, sitting.role, rules.as_of)
    refused = done = 0
    for proposal in found:
        trouble = proposal.refusal
        if not trouble and proposal.judgement is not None:
            try:
                if write:
                    known = record(root, known, proposal.judgement, sitting.principal, signer, rules.as_of).known
                else:
                    rehearse(root, context, proposal.judgement, sitting.principal, signer, rules.as_of)
                done += 1
            except KapError as error:
                trouble = f"{error.message}. {error.help}".strip()
        refused += bool(trouble)
        put("".join(f"{visible(line)}\n" for line in _told(replace(proposal, refusal=trouble))))
    if not found:
        options.say("The sheet asks for nothing that is not so already.")
    elif write:
        options.say(f"{counted(done, 'claim')} written, {refused} refused.")
    else:
        then = " --write writes it." if done else ""
        options.say(f"{counted(done, 'claim')} would change, {refused} refused; nothing was written.{then}")
    return int(refused > 0)


def _told(proposal: Proposal) -> Iterator[str]:
    """What one claim's rows ask for, as a diff."""
    rows = "row" if len(proposal.lines) == 1 else "rows"
    yield f"{proposal.claim or '(no claim)'}  ({rows} {', '.join(map(str, proposal.lines))})"
    if proposal.refusal:
        yield f"  refused  {proposal.refusal}"
        return
    for edit in proposal.edits:
        where = edit.name if edit.item is None else f"{edit.name} of link {edit.item + 1}"
        yield f"  - {where}: {edit.before or '—'}"
        yield f"  + {where}: {edit.after}"
    judgement = proposal.judgement
    if judgement is not None and judgement.decision:
        comment = f": {' '.join(judgement.comment.split())}" if judgement.comment else ""
        yield f"  + {judgement.decision.replace('_', ' ')} as {judgement.role or '(no role)'}{comment}"
        if judgement.next_review_due is not None:
            yield f"  + next_review_due: {judgement.next_review_due}"
