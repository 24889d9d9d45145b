"""What decisions rest on: read for one claim, or known already and still what the files say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from kap_content.load.inside import files, read_inside
from kap_content.load.page import parse_page
from kap_content.load.project import answering, read_claims, read_decisions, read_references, read_whole_lock
from kap_content.load.settings import read_settings
from kap_content.load.text import PAGE_LIMIT, Unreadable
from kap_content.load.tree.nodes import Places
from kap_content.load.watch import Files, files_of
from kap_content.model.approval import Approval
from kap_content.model.claim import Claim
from kap_content.model.errors import ProjectError
from kap_content.model.page import Page
from kap_content.model.place import Place
from kap_content.model.project import Context, Project
from kap_content.model.settings import Settings


@dataclass(frozen=True, slots=True)
class Known:
    """A project as it was read, and the state that its files had before they were read."""

    context: Context
    files: Files

    def still_holds(self, root: Path) -> bool:
        """Whether no file has changed since."""
        return files_in(root, self.context.settings) == self.files


def files_in(root: Path, settings: Settings) -> Files:
    """The state of all files of a project, those included that say whose keys count."""
    keys = (settings.review.allowed_signers, settings.review.revoked_keys)
    return files_of(root, root / settings.output, filter(None, keys))


def with_claim(context: Context, claim: Claim, growth: int = 0) -> Context:
    """The context in which a claim reads like this, its file having grown by so many lines where it stands."""

    def as_now(other: Claim) -> Claim:
        if other.id == claim.id:
            return claim
        is_below = other.place.path == claim.place.path and other.place.line > claim.place.line
        return _moved(other, growth) if growth and is_below else other

    project = replace(context.project, claims=tuple(map(as_now, context.project.claims)))
    return Context.of(project, context.as_of, release=context.release)


def with_decision(context: Context, approval: Approval) -> Context:
    """The context with one more decision, the last of the log."""
    project = replace(context.project, approvals=(*context.project.approvals, approval))
    return replace(context, project=project)


def _moved(claim: Claim, lines: int) -> Claim:
    def moved(place: Place) -> Place:
        return replace(place, line=place.line + lines, end_line=place.end_line + lines)

    def all_moved(places: Mapping[str, Place]) -> Mapping[str, Place]:
        return places.moved(lines) if isinstance(places, Places) else {name: moved(one) for name, one in places.items()}

    return replace(
        claim,
        place=moved(claim.place),
        places=all_moved(claim.places),
        evidence=tuple(
            replace(item, place=moved(item.place), places=all_moved(item.places)) for item in claim.evidence
        ),
        first_line=claim.first_line + lines,
    )


def stored_text(root: Path, path: str) -> str:
    """A file as stored, line ends and byte order mark included."""
    try:
        return (root / path).read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ProjectError(f"{path} cannot be read: {error}") from error


def read_ground(root: Path, today: date, claim: str = "") -> Context:
    """Claims, references, lock and log of the project at `root`, as they are now.

    Of the pages only those are read that may name an author who must not approve: the ones that hold the id `claim`, or
    all of them where none is given; none where settings do not ask for authors.
    """
    settings = read_settings(root)
    claims, wrong = read_claims(root, settings)
    problems = list(wrong)
    references, wrong = read_references(root, settings)
    problems.extend(wrong)
    lock, wrong = read_whole_lock(root)
    problems.extend(wrong)
    pages = tuple(_pages(root, settings, claim)) if settings.review.author_may_not_approve else ()
    approvals, wrong = read_decisions(root, settings, pages)
    problems.extend(wrong)
    project = Project(
        settings=settings,
        pages=pages,
        claims=claims,
        references=references,
        records=answering(references, lock.records),
        approvals=approvals,
        problems=tuple(problems),
        root=root,
    )
    return Context.of(project, today)


def _pages(root: Path, settings: Settings, claim: str) -> Iterator[Page]:
    for path in files(root, settings, "pages", []):
        text = read_inside(root, path, limit=PAGE_LIMIT)
        if not isinstance(text, Unreadable) and claim in text.text:
            yield parse_page(path, text.text)
