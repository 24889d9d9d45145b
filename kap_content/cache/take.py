"""Taking a snapshot of a project that was checked as a whole, for `resume`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from kap_content.cache.asked import Kept
from kap_content.cache.facts import BY_NAME, Note, index_kind, read_notes
from kap_content.cache.known import written_outline
from kap_content.cache.lazy import OF_PAGES, index_type, links_of, naming, shown_on, value_type
from kap_content.cache.plain import Codec, codec, dumped
from kap_content.cache.resume import OF_ITEMS, written_hits
from kap_content.cache.snapshot import NEVER, PAGE, PROBLEM, Contents, Entry, Head, Item
from kap_content.cache.watch import LooksFurther, Pageless
from kap_content.checking.engine import Found
from kap_content.model.claim import Claim
from kap_content.model.finding import Problem
from kap_content.model.project import Context, Index, Project
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
    ) and all(_is_of_data(index, context) for index in _indexes(context) if index_kind(index) not in OF_PAGES)


def _named(context: Context) -> dict[Scope, Mapping[str, object]]:
    """Claims and entries by their names."""
    return dict(zip(OF_ITEMS, (context.claims, context.references), strict=True))


def taken(context: Context, kept: Kept, found: Iterable[Found], head: Head, last: Head | None) -> Contents:
    """The snapshot of a project that is fit for it. Nothing but pages has changed since the `last`, if there is one."""
    by_item: dict[Item, list[Found]] = {}
    for item in found:
        by_item.setdefault((item.scope, item.name), []).append(item)
    return Contents(
        None if last is None else last.state,
        head if last is None else replace(head, indexes=last.indexes, sizes=last.sizes),
        _things(context) if last is None else (),
        ((page.path, kept.outlines.get(page.path) or dumped(written_outline(page))) for page in context.project.pages),
        _links(context, kept),
        ((item, written_hits((each.rule.code, each.hit) for each in hits)) for item, hits in by_item.items()),
        ((last, item) for item, last in _days(context, kept)),
    )


def head_of(
    context: Context, kept: Kept, *, basis: str, places: list[str], seen: str, unchecked: int, due: list[str | None]
) -> Head:
    """The head of a snapshot; the fields are those of `Head`."""
    pages = context.project.pages
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
        indexes=[index_kind(index) for index in _whole_indexes(context)],
        due=due,
        sizes={},
    )


def _indexes(context: Context) -> list[Index[object]]:
    """The indexes that were made."""
    return [index for index in context.indexes if isinstance(index, Index)]


def _is_of_data(index: Index[object], context: Context) -> bool:
    """Whether an index is made of the data alone.

    If it has not looked for pages or the day with these data, it will not as long as they are the same.
    """
    try:
        index.make(Pageless.of(context))
    except LooksFurther:
        return False
    return True


def _whole_indexes(context: Context) -> list[Index[object]]:
    """The indexes of data that were made, and can be written as they are."""
    indexes = ((index, context.indexes[index]) for index in _indexes(context) if index_kind(index) not in OF_PAGES)
    return [index for index, entries in indexes if isinstance(entries, dict)]


def _things(context: Context) -> Iterator[tuple[str, int, Iterator[Entry]]]:
    """All that rules look up by name, and what could not be read of the data, by kind, with their number."""
    named: list[tuple[str, Mapping[str, object], type]] = [
        ("claim", context.claims, Claim),
        ("reference", context.references, Reference),
    ]
    named += ((kind, getattr(context.project, name), value_type(Project, name)) for name, kind in BY_NAME.items())
    pages = {page.path for page in context.project.pages}
    of_data = [problem for problem in context.project.problems if problem.place.path not in pages]
    named.append((PROBLEM, {str(number): problem for number, problem in enumerate(of_data)}, Problem))
    for kind, things, type_ in named:
        yield kind, len(things), _written(things, codec(type_))
    codecs = naming(context)
    for index in _whole_indexes(context):
        entries = context.index(index)
        yield index_kind(index), len(entries), _written(entries, codecs.of(index_type(index)))


def _written(things: Mapping[str, object], codec: Codec[Any]) -> Iterator[Entry]:
    return ((name, dumped(codec.write(value))) for name, value in things.items())


def _days(context: Context, kept: Kept) -> Iterator[tuple[Item, str]]:
    """All pages, claims and entries, each with the last day on which the same is found; where unknown, it is today."""
    known, day = kept.until(), context.as_of.isoformat()
    items: list[Item] = [(PAGE, page.path) for page in context.project.pages]
    items += ((scope, name) for scope in OF_ITEMS for name in _named(context)[scope])
    return ((item, known.get(item, day)) for item in items)


def _links(context: Context, kept: Kept) -> Iterator[tuple[Note, Item]]:
    for page in context.project.pages:
        yield from ((note, (PAGE, page.path)) for note in shown_on(page))
    for item, notes in kept.notes().items():
        yield from links_of(item, read_notes(notes))
