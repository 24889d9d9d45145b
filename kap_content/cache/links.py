"""What leads from a thing that has become another to all that was judged by it.

Not every look needs a link. Whatever bears the name of a claim or entry is judged again with it, a page with what it
shows and cites, and what stands alone in a group with the group. What cannot become another unless everything is read
(records, full texts) leads nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from kap_content.cache.facts import ALL, INDEX, Note, index_kind, index_of
from kap_content.cache.snapshot import PAGE, Item, Snapshot
from kap_content.model.page import Page
from kap_content.model.project import ClaimGroups, ClaimSearch, Context, Groups
from kap_content.rules._rule import Scope
from kap_content.works.uses import figure_data_by_page, figures_by_claim, figures_by_reference

USE, MENTION, CLAIM, REFERENCE = "use", "mention", "claim", "reference"
FIGURES = {index_kind(figures_by_claim): "claims", index_kind(figures_by_reference): "keys"}
OF_PAGES = frozenset({*FIGURES, index_kind(figure_data_by_page)})
"""The kinds of what stands in indexes of pages, as far as it is known what a change of pages does to them."""
_BESIDE = {CLAIM: USE, REFERENCE: MENTION}
"""What a page shows or cites, it looks up: one link is enough for both."""
_LEADING = frozenset({USE, MENTION, CLAIM, REFERENCE, PAGE, *OF_PAGES})

Link = tuple[Note, Item]


def shown_on(page: Page) -> dict[Note, list[Any]]:
    """What a page shows, cites and draws, as rules look it up, with the marks, citations and figures that do."""
    shown: dict[Note, list[Any]] = {}
    for mark in page.marks:
        shown.setdefault((USE, mark.claim), []).append(mark)
    for citation in page.citations:
        shown.setdefault((MENTION, citation.key), []).append(citation)
    for kind, names in FIGURES.items():
        for figure in page.figures:
            for name in getattr(figure, names):
                shown.setdefault((kind, name), []).append(figure)
    return shown


def links_of(item: Item, notes: Iterable[Note], context: Context) -> Iterator[Link]:
    """The links to a claim or entry that was judged by what is noted."""
    leading = (note for note in _leading(notes) if note[1] != item[1])
    return ((note, item) for note in leading if not _is_alone(note, item, context))


def links_of_page(page: Page, notes: Iterable[Note]) -> Iterator[Link]:
    """The links to a page that was judged by what is noted."""
    shown = shown_on(page)
    yield from ((note, (PAGE, page.path)) for note in shown)
    for kind, name in _leading(notes):
        if (_BESIDE.get(kind, kind), name) not in shown:
            yield (kind, name), (PAGE, page.path)


def led_to(note: Note, scope: str, snapshot: Snapshot) -> Iterator[str]:
    """The names of the pages, claims or entries that were judged by what is noted."""
    kind, name = note
    yield from snapshot.linked(note, scope)
    yield from snapshot.linked((kind, ALL), scope)
    if scope != PAGE:
        yield name
    elif kind in _BESIDE:
        yield from snapshot.linked((_BESIDE[kind], name), scope)


def _leading(notes: Iterable[Note]) -> Iterator[Note]:
    for kind, name in notes:
        if kind in _LEADING:
            yield kind, name
        elif kind.startswith(INDEX):
            index = index_of(kind)
            if isinstance(index, ClaimSearch):
                yield from ((index_kind(index.within), word) for word in index.names(name))
            elif isinstance(index, Groups):
                yield kind, name


def _is_alone(note: Note, item: Item, context: Context) -> bool:
    """Whether nothing but the item gives what stands in the group that is noted."""
    (kind, name), (scope, own) = note, item
    index = None if kind in _LEADING else index_of(kind)
    if not isinstance(index, Groups) or scope != scope_of(index) or len(context.index(index).get(name, ())) != 1:
        return False
    thing = context.claims[own] if scope == CLAIM else context.references[own]
    return any(under == name for under, _ in index.given(thing))


def scope_of(index: Groups[Any]) -> Scope:
    """Whether claims or entries give what stands in an index."""
    return Scope.CLAIM if isinstance(index, ClaimGroups) else Scope.REFERENCE
