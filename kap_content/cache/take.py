"""Taking a snapshot of a project that was checked as a whole, for `resume`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, cast

from kap_content.cache.asked import Kept
from kap_content.cache.edits import depends_on_others
from kap_content.cache.facts import BY_NAME, INHERITING, Anchors, index_kind, read_notes
from kap_content.cache.found import codecs_by, written_hits
from kap_content.cache.groups import written_groups
from kap_content.cache.known import written_outline
from kap_content.cache.lazy import index_type, value_type
from kap_content.cache.links import CLAIM, OF_PAGES, REFERENCE, Link, links_of, links_of_page
from kap_content.cache.places import written_places
from kap_content.cache.plain import Codec, dumped
from kap_content.cache.resume import OF_ITEMS
from kap_content.cache.snapshot import NEVER, PAGE, PROBLEM, Contents, Entry, Head, Item
from kap_content.cache.watch import DATA, PAGES_AND_DAY, LooksFurther, Without
from kap_content.checking.engine import Found
from kap_content.model.claim import Claim
from kap_content.model.finding import Problem
from kap_content.model.project import ClaimSearch, Context, Groups, Index, Project
from kap_content.model.reference import Reference
from kap_content.rules._rule import Scope


def is_fit(context: Context, kept: Kept) -> bool:
    """Whether a snapshot would hold all that a check after a change of pages, or on a later day, needs.

    It does not where ids or keys repeat, where a claim or entry was judged by more than what is noted, where pages
    decide whose approvals count, some of these count from a later day on, or pages or the day decide anything else.
    """
    project = context.project
    if any(approval.is_ahead_of(context.as_of) for approval in kept.project.approvals):
        return False
    if project.approvals and project.settings.review.author_may_not_approve:
        return False
    if len(project.claims) != len(context.claims) or len(project.references) != len(context.references):
        return False
    notes = kept.notes()
    judged = {scope: {name for of, name in notes if of == scope} for scope in OF_ITEMS}
    scopes = {rule.scope for rule in kept.rules}
    return all(
        scope not in scopes or judged[scope] == names.keys() for scope, names in _named(context).items()
    ) and all(_can_be_made(index, context, PAGES_AND_DAY) for index in _plain_indexes(context))


def _named(context: Context) -> dict[Scope, Mapping[str, object]]:
    """Claims and entries by their names."""
    return dict(zip(OF_ITEMS, (context.claims, context.references), strict=True))


def taken(context: Context, kept: Kept, found: Iterable[Found], head: Head, last: Head | None) -> Contents:
    """The snapshot of a project that is fit for it. Nothing but pages has changed since the `last`, if there is one."""
    codecs = codecs_by(Anchors(context))
    by_item: dict[Item, list[Found]] = {}
    for item in found:
        by_item.setdefault((item.scope, item.name), []).append(item)
    return Contents(
        None if last is None else last.state,
        head if last is None else replace(head, indexes=last.indexes, sizes=last.sizes),
        _things(context, kept) if last is None else (),
        ((page.path, kept.outlines.get(page.path) or dumped(written_outline(page))) for page in context.project.pages),
        _links(context, kept),
        ((item, written_hits(((each.rule.code, each.hit) for each in hits), codecs)) for item, hits in by_item.items()),
        ((last, item) for item, last in _days(context, kept)),
    )


def head_of(
    context: Context, kept: Kept, *, basis: str, places: list[str], seen: str, unchecked: int, due: list[str | None]
) -> Head:
    """The head of a snapshot; the fields are those of `Head`."""
    pages, noted = context.project.pages, kept.notes()
    return Head(
        basis,
        context.as_of.isoformat(),
        min((last for _, last in _days(context, kept)), default=NEVER),
        places,
        seen,
        claims=len(context.project.claims),
        references=len(context.project.references),
        unchecked=unchecked,
        pages=[page.path for page in pages],
        suppressing=[page.path for page in pages if page.suppressions],
        unnoted=[page.path for page in pages if (PAGE, page.path) not in noted],
        editable=_editable(context, kept),
        indexes=[index_kind(index) for index in _whole_indexes(context)],
        due=due,
        sizes={},
    )


def _indexes(context: Context) -> list[Index[object]]:
    """The indexes that were made."""
    return [index for index in context.indexes if isinstance(index, Index)]


def _plain_indexes(context: Context) -> Iterator[Index[object]]:
    """The indexes that were made of which it is not known what they are made of."""
    return (
        index
        for index in _indexes(context)
        if not isinstance(index, Groups | ClaimSearch) and index_kind(index) not in OF_PAGES
    )


def _can_be_made(index: Index[object], context: Context, without: frozenset[str]) -> bool:
    """Whether an index is made without a look at certain things.

    If it has not looked at them with these data, it will not as long as the rest is the same.
    """
    try:
        index.make(Without.of(context, without))
    except LooksFurther:
        return False
    return True


def _whole_indexes(context: Context) -> list[Index[object]]:
    """All groups, and of the other indexes of data those that were made, and can be written as they are."""
    made = (index for index in _plain_indexes(context) if isinstance(context.indexes[index], dict))
    return [*cast("list[Index[object]]", Groups.every), *made]


def _editable(context: Context, kept: Kept) -> list[str]:
    """The data files of which an edited part may be read without the rest (`edits`)."""
    if kept.texts is None or not all(_can_be_made(index, context, DATA) for index in _plain_indexes(context)):
        return []
    project = context.project
    faulty = {problem.place.path for problem in project.problems}
    claims = {claim.place.path for claim in project.claims} - faulty
    entries = {reference.place.path for reference in project.references}
    if (
        entries & faulty
        or any(INHERITING & reference.raw.keys() for reference in project.references)
        or any(depends_on_others(kept.texts.texts[path]) for path in kept.texts.bibliographies)
    ):
        entries = set()
    return sorted(claims ^ entries)  # one file that were both would be neither


def _things(context: Context, kept: Kept) -> Iterator[tuple[str, int, Iterable[Entry]]]:
    """All that rules look up by name, and what could not be read of the data, by kind, with their number."""
    anchors = Anchors(context)
    codecs = codecs_by(anchors)
    named: list[tuple[str, Mapping[str, object], type]] = [
        (CLAIM, context.claims, Claim),
        (REFERENCE, context.references, Reference),
    ]
    named += ((kind, getattr(context.project, name), value_type(Project, name)) for name, kind in BY_NAME.items())
    pages = {page.path for page in context.project.pages}
    of_data = [problem for problem in context.project.problems if problem.place.path not in pages]
    named.append((PROBLEM, {str(number): problem for number, problem in enumerate(of_data)}, Problem))
    for kind, things, type_ in named:
        yield kind, len(things), _written(things, codecs.of(type_))
    for index in _whole_indexes(context):
        if isinstance(index, Groups):
            for kind, groups in written_groups(index, context).items():
                yield kind, len(groups), groups
        else:
            entries = context.index(index)
            yield index_kind(index), len(entries), _written(entries, codecs.of(index_type(index)))
    if kept.texts is not None:
        project = context.project
        paths = {claim.place.path for claim in project.claims} | {entry.place.path for entry in project.references}
        for kind, places in written_places(anchors, sorted(paths), kept.texts.texts.__getitem__).items():
            yield kind, len(places), places


def _written(things: Mapping[str, object], codec: Codec[Any]) -> Iterator[Entry]:
    return ((name, dumped(codec.write(value))) for name, value in things.items())


def _days(context: Context, kept: Kept) -> Iterator[tuple[Item, str]]:
    """All pages, claims and entries, each with the last day on which the same is found; where unknown, it is today."""
    known, day = kept.until(), context.as_of.isoformat()
    items: list[Item] = [(PAGE, page.path) for page in context.project.pages]
    items += ((scope, name) for scope in OF_ITEMS for name in _named(context)[scope])
    return ((item, known.get(item, day)) for item in items)


def _links(context: Context, kept: Kept) -> Iterator[Link]:
    notes = kept.notes()
    for page in context.project.pages:
        yield from links_of_page(page, read_notes(notes.get((PAGE, page.path), "[]")))
    for item, noted in notes.items():
        if item[0] != PAGE:
            yield from links_of(item, read_notes(noted), context)
