"""All mends of a project: found, made on the texts, and kept only where the rules find nothing new afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from kap_content.checking.engine import check
from kap_content.checking.gate import uses_of
from kap_content.mend.change import Mend, Suggestion, apply_all, compatible
from kap_content.mend.complete import mend_incomplete
from kap_content.mend.duplicates import mend_duplicates, mend_preprints
from kap_content.mend.fields import mend_fields
from kap_content.mend.keys import mend_keys
from kap_content.mend.sources import Sources, reread
from kap_content.mend.view import View
from kap_content.mend.wording import mend_wording
from kap_content.model.finding import Finding
from kap_content.model.project import Context

MENDERS: tuple[Callable[[View], Iterator[Mend | Suggestion]], ...] = (
    mend_duplicates,
    mend_preprints,
    mend_fields,
    mend_incomplete,
    mend_keys,
    mend_wording,
)
"""In the order of precedence: of two mends of the same characters the first one's counts."""

ROUNDS = 8
"""A mend may make room for another; each round finds what the last one left."""

EXPECTED = frozenset({"DOI004"})
"""A DOI that is new to the lock was never looked up: that is so, and `kap lock` ends it."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """The texts with everything that is certain mended, and what is left to a person."""

    sources: Sources
    mends: tuple[Mend, ...]
    suggestions: tuple[Suggestion, ...]
    unlocked: int
    """How many references have a DOI that references.lock does not know, and had none before."""


def fix(context: Context, sources: Sources, wanted: Callable[[Mend | Suggestion, Context], bool]) -> Fixed:
    """Mend a project. Of the mends those are made that are `wanted` and bring no finding that was not there."""
    start = View(context, sources, check(context).findings)
    view = start
    made: list[Mend] = []
    refused: dict[tuple[str, str], Suggestion] = {}
    for _ in range(ROUNDS):
        items = [item for mender in MENDERS for item in mender(view) if wanted(item, view.context)]
        mends = [item for item in items if isinstance(item, Mend) and (item.place.path, item.reason) not in refused]
        chosen, following = _tried(view, compatible(mends), refused)
        made += chosen
        view = following
        if not chosen and not _refused_now(mends, refused):
            break
    suggestions = [item for mender in MENDERS for item in mender(view) if isinstance(item, Suggestion)]
    kept = [*(item for item in suggestions if wanted(item, view.context)), *refused.values()]
    unlocked = _count(view.findings)["DOI004"] - _count(start.findings)["DOI004"]
    ordered = tuple(sorted(dict.fromkeys(kept), key=lambda item: item.place))
    return Fixed(view.sources, tuple(made), ordered, max(0, unlocked))


def found(view: View) -> tuple[Mend, ...]:
    """The mends of a project as it stands, before any is tried; of two of the same characters the first counts."""
    return compatible(item for mender in MENDERS for item in mender(view) if isinstance(item, Mend))


def is_certain(view: View, mend: Mend) -> bool:
    """Whether a mend, made by itself, brings no finding that was not there."""
    return not _new(view.findings, _after(view, (mend,)).findings)


def _refused_now(mends: Iterable[Mend], refused: dict[tuple[str, str], Suggestion]) -> bool:
    """Whether some of these mends were refused, so that what they stood in the way of is tried next."""
    return any((mend.place.path, mend.reason) in refused for mend in mends)


def concerning(paths: frozenset[str]) -> Callable[[Mend | Suggestion, Context], bool]:
    """What concerns some files: it stands in one of them, or is about a claim or reference that they use."""

    def wanted(item: Mend | Suggestion, context: Context) -> bool:
        if item.place.path in paths or (isinstance(item, Mend) and item.paths & paths):
            return True
        if any(page.path == item.place.path for page in context.project.pages):
            return False
        for page in context.project.pages:
            if page.path in paths:
                claims, keys = uses_of(page, context)
                if not claims.isdisjoint(item.claims) or not keys.isdisjoint(item.references):
                    return True
        return False

    return wanted


def _tried(
    view: View, mends: tuple[Mend, ...], refused: dict[tuple[str, str], Suggestion]
) -> tuple[tuple[Mend, ...], View]:
    """Make the mends, and leave out those that bring new findings: they become suggestions."""
    while mends:
        following = _after(view, mends)
        new = _new(view.findings, following.findings)
        if not new:
            return mends, following
        guilty = [mend for mend in mends if any(_is_about(mend, finding) for finding in new)] or list(mends)
        if len(guilty) == len(mends) > 1:
            guilty = [mend for mend in mends if _new(view.findings, _after(view, (mend,)).findings)] or list(mends)
        for mend in guilty:
            told = "; ".join(dict.fromkeys(f"{finding.code} {finding.name}" for finding in new))
            message = f"{mend.reason}. Not done by itself, for it would bring {told}"
            refused[mend.place.path, mend.reason] = Suggestion(mend.place, message, mend.references, mend.claims)
        mends = tuple(mend for mend in mends if mend not in guilty)
    return (), view


def _after(view: View, mends: Iterable[Mend]) -> View:
    texts = apply_all(view.sources.texts, mends)
    sources = view.sources.changed(texts)
    project = reread(view.context.project, view.sources, sources)
    context = Context.of(project, view.context.as_of, release=view.context.release)
    return View(context, sources, check(context).findings)


def _new(before: Iterable[Finding], after: Iterable[Finding]) -> list[Finding]:
    """The findings of rules that find more than before, those alone that were not among the earlier ones."""
    counts, later = _count(before), _count(after)
    worse = {code for code, number in later.items() if number > counts[code]} - EXPECTED
    known = {finding.fingerprint for finding in before}
    return [finding for finding in after if finding.code in worse and finding.fingerprint not in known]


def _count(findings: Iterable[Finding]) -> Counter[str]:
    return Counter(finding.code for finding in findings)


def _is_about(mend: Mend, finding: Finding) -> bool:
    if finding.reference and finding.reference in mend.references:
        return True
    if finding.claim and finding.claim in mend.claims:
        return True
    return finding.place.path == mend.place.path and finding.place.line == mend.place.line
