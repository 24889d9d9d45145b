"""Checking a project again after some pages, claims or entries were changed, or on a later day, from a snapshot.

Nothing but what was changed is read: pages, and the blocks of data files that are not as they were (`edits`). What
rules look up by name comes from the snapshot; what they found elsewhere is taken from it. Whatever was judged by
something that has become another is judged again, and all of which the same is not found any more on the later day.
Where a rule looks at more than the snapshot has, nothing comes out here, and the whole check follows.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sized
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from kap_content.cache.asked import Asked
from kap_content.cache.database import Damaged
from kap_content.cache.facts import Note, index_kind
from kap_content.cache.found import written_hits
from kap_content.cache.known import written_outline
from kap_content.cache.lazy import DataOfChanged, Lazy, LazyPages
from kap_content.cache.links import (
    CLAIM,
    OF_PAGES,
    REFERENCE,
    Link,
    led_to,
    links_of,
    links_of_page,
    scope_of,
    shown_on,
)
from kap_content.cache.plain import dumped
from kap_content.cache.snapshot import PAGE, Change, Changed, Head, Item, Snapshot
from kap_content.cache.watch import LooksFurther, Watch
from kap_content.checking.due import UNCHECKED
from kap_content.checking.engine import Found, Outcome, joined, page_check, part_of, selected
from kap_content.checking.suppressions import Suppressions
from kap_content.load.figure.data import read_figure_data
from kap_content.load.inside import read_inside
from kap_content.load.page import parse_page
from kap_content.load.text import PAGE_LIMIT, Unreadable
from kap_content.model.figure_data import FigureData
from kap_content.model.finding import Problem
from kap_content.model.page import Page, Suppression
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, Scope, all_rules
from kap_content.works.uses import figure_data_by_page

MOST = 8
"""So many changed pages are checked this way; with more of them the whole check is as quick."""
MOST_JUDGED, SHARE_JUDGED = 64, 10
"""So many things are judged again beside them, or one in so many of a large project; with more of them the whole check
is as quick."""

if TYPE_CHECKING:
    from kap_content.cache.edits import Edit

OF_ITEMS = (Scope.CLAIM, Scope.REFERENCE)
"""The scopes of rules whose findings may rest on what pages show."""
_ALL = (Scope.PAGE, *OF_ITEMS)
_KINDS = {Scope.CLAIM: CLAIM, Scope.REFERENCE: REFERENCE}
_Written = list[tuple[str, object]]
"""What was found as it was read back: codes of rules, and hits as JSON."""
_TURNS = [Scope.PAGE, Scope.CLAIM, Scope.REFERENCE, Scope.PROBLEM]


@dataclass(frozen=True, slots=True)
class Resumed:
    """What a whole check would have found, and the head that a snapshot would then have had.

    `change` brings the snapshot up to date. `edited` are the claims and entries that have become others since it was
    taken. `ran` are the codes of the rules. `context` and `page` (by its path) are what they looked at, and can be read
    as long as the snapshot can.
    """

    outcome: Outcome
    head: Head
    change: Change
    edited: frozenset[Item]
    ran: frozenset[str]
    context: Context
    page: Callable[[str], Page]


def resumed(
    snapshot: Snapshot,
    asked: Asked,
    changed: Iterable[str],
    seen: str,
    bring: Callable[[list[str]], None] = lambda _paths: None,
) -> Resumed | None:
    """The check after the files at `changed` were changed, and nothing but the day; None where it takes a whole check.

    `seen` is what all that the check rests on looked like before it began. `bring` is told of the files that will be
    read, where they may not lie in their folder yet.
    """
    names = sorted(changed)
    if len(names) > MOST or not {*snapshot.head.pages, *snapshot.head.editable}.issuperset(names):
        return None
    if asked.as_of.isoformat() < snapshot.head.day:
        return None
    try:
        return _Resumption(snapshot, asked, seen).over(names, bring)
    except (sqlite3.Error, Damaged):
        raise
    except Exception:  # noqa: BLE001 - LooksFurther, or a fault that shows in the whole check
        return None


@dataclass(frozen=True, slots=True)
class _Changed:
    """A page before and after; the data of its figures, and what is wrong with that."""

    old: Page
    new: Page
    data: tuple[FigureData, ...]
    wrong: tuple[Problem, ...]


class _Resumption:
    def __init__(self, snapshot: Snapshot, asked: Asked, seen: str) -> None:
        self._snapshot = snapshot
        self._asked = asked
        self._seen = seen
        self._rules = selected(all_rules(), asked.settings.rules)
        self._pages = LazyPages(snapshot, asked)
        self._lazy = Lazy(snapshot, asked, self._pages)
        self._context = self._lazy.context
        self._watch = Watch(self._context, whole=True)
        self._edited_items: list[Item] = []
        self._links: list[Link] = []
        self._days: list[tuple[str, Item]] = []

    def over(self, changed: list[str], bring: Callable[[list[str]], None]) -> Resumed:
        again, until = self._snapshot.ended_by(self._asked.as_of.isoformat())
        data = [path for path in changed if path in self._snapshot.head.editable]
        bring(data)
        notes = list(self._edited(data))
        again = {item for item in again if self._is_there(*item)} | self._led_to(notes)
        if notes:
            again |= {(PAGE, path) for path in self._snapshot.head.unnoted}
        self._require_few(again)
        paths = sorted({*changed, *(name for scope, name in again if scope == PAGE)}.difference(data))
        bring(paths)
        changes = [self._change(path) for path in paths]
        self._context.indexes[figure_data_by_page] = DataOfChanged({change.new.path: change.data for change in changes})
        found: dict[Item, list[Found]] = {}
        for change in changes:
            found[PAGE, change.new.path] = self._on_page(change.new)
            found[Scope.PROBLEM, change.new.path] = self._on_problems(change)
        again |= self._led_to(note for change in changes for note in _differing(change))
        for scope, name in sorted(item for item in again if item[0] != PAGE):
            found[scope, name] = self._on_item(Scope(scope), name)
        found.update({item: [] for item in self._edited_items if not self._is_there(*item)})
        head = self._head(changes, found, until, has_edits=bool(data))
        return Resumed(
            self._outcome(found, head),
            head,
            Change(
                self._snapshot.head.state,
                head,
                [
                    *(Changed(PAGE, change.new.path, dumped(written_outline(change.new))) for change in changes),
                    *self._lazy.changes(),
                ],
                self._links,
                [
                    (item, written_hits(((each.rule.code, each.hit) for each in kept), self._lazy.codecs))
                    for item, kept in found.items()
                ],
                self._days,
            ),
            frozenset(self._edited_items),
            frozenset(rule.code for rule in self._rules),
            self._context,
            self._pages.__getitem__,
        )

    def _edited(self, paths: Iterable[str]) -> Iterator[Note]:
        """What has become another by the edits of data files."""
        for edit in (edit for path in paths for edit in self._edits(path)):
            self._edited_items.append((edit.scope, edit.name))
            yield _KINDS[edit.scope], edit.name
            for group in self._lazy.groups:
                if scope_of(group.index) is not edit.scope:
                    continue
                for name in group.edit(edit.name, edit.before, edit.now):
                    yield index_kind(group.index), name
                    yield from ((_KINDS[edit.scope], only) for only in group.only_other(edit.name, name))

    def _edits(self, path: str) -> list[Edit]:
        from kap_content.cache.edits import edits

        text = read_inside(self._asked.folder, path)
        if isinstance(text, Unreadable):
            raise LooksFurther(path)
        return edits(path, text.text, self._snapshot, self._lazy)

    def _led_to(self, notes: Iterable[Note]) -> set[Item]:
        """The pages, claims and entries that were judged by what is noted."""
        return {
            (scope, name)
            for note in notes
            for scope in _ALL
            for name in led_to(note, scope, self._snapshot)
            if self._is_there(scope, name)
        }

    def _is_there(self, scope: str, name: str) -> bool:
        """Whether a page, claim or entry has this name; not everything has that leads to one."""
        return scope == PAGE or name in self._lazy.things(Scope(scope))

    def _require_few(self, judged: Sized) -> None:
        last = self._snapshot.head
        if len(judged) > max(MOST_JUDGED, (len(last.pages) + last.claims + last.references) // SHARE_JUDGED):
            raise LooksFurther("all")

    def _change(self, path: str) -> _Changed:
        text = read_inside(self._asked.folder, path, limit=PAGE_LIMIT)
        if isinstance(text, Unreadable):
            raise LooksFurther(path)
        old, new = self._pages[path], parse_page(path, text.text)
        self._pages.changed[path] = new
        data, wrong = read_figure_data([new], lambda name: read_inside(self._asked.folder, name, limit=PAGE_LIMIT))
        return _Changed(old, new, data, wrong)

    def _on_page(self, page: Page) -> list[Found]:
        item = (PAGE, page.path)
        checks = [(rule, check) for rule in self._rules if (check := page_check(rule)) is not None]
        noted = self._watch.noted
        noted.begin()
        found = [
            Found(Scope.PAGE, page.path, rule, hit)
            for rule, check in checks
            for hit in check(page, self._watch.context)
        ]
        self._links += links_of_page(page, noted.names)
        self._days.append((noted.until.isoformat(), item))
        return found

    def _on_problems(self, change: _Changed) -> list[Found]:
        return [
            Found(Scope.PROBLEM, change.new.path, rule, hit)
            for problem in (*change.wrong, *change.new.problems)
            for rule in self._rules
            if rule.scope is Scope.PROBLEM
            for hit in rule.check(problem, self._watch.context)
        ]

    def _on_item(self, scope: Scope, name: str) -> list[Found]:
        """What the rules find on a claim or entry as it is shown now."""
        item = self._context.claims[name] if scope is Scope.CLAIM else self._context.references[name]
        noted = self._watch.noted
        noted.begin()
        rules = [rule for rule in self._rules if rule.scope is scope]
        found = [Found(scope, name, rule, hit) for rule in rules for hit in rule.check(item, self._watch.context)]
        self._links += links_of((scope, name), noted.names, self._context)
        self._days.append((noted.until.isoformat(), (scope, name)))
        return found

    def _outcome(self, found: Mapping[Item, list[Found]], head: Head) -> Outcome:
        rules = {rule.code: rule for rule in self._rules}
        everything = dict(found)
        read = self._lazy.codecs.of(Hit).read
        for (scope, name), written in self._snapshot.hits():
            if (scope, name) not in found:
                everything[scope, name] = [
                    Found(Scope(scope), name, rules[code], read(hit)) for code, hit in cast("_Written", written)
                ]
        paths = frozenset(head.pages)
        suppressions = Suppressions(self._suppressions(head), paths, self._context)
        in_turn = (each for item in sorted(everything, key=_turn) for each in everything[item])
        return joined([part_of(in_turn, self._rules, self._context, suppressions, paths)])

    def _suppressions(self, head: Head) -> Iterator[Suppression]:
        return (suppression for path in head.suppressing for suppression in self._pages[path].suppressions)

    def _head(self, changes: list[_Changed], found: Mapping[Item, list[Found]], until: str, *, has_edits: bool) -> Head:
        head, day = self._snapshot.head, self._asked.as_of.isoformat()
        paths = {change.new.path for change in changes}
        suppressing = [path for path in head.suppressing if path not in paths]
        suppressing += [change.new.path for change in changes if change.new.suppressions]
        is_due = not has_edits and all(_due(change.old) == _due(change.new) for change in changes)
        due = head.due if is_due else []
        if due and due[0] is not None and due[0] < day:
            due = []
        until = min([until, *(last for last, _ in self._days)])
        unchecked = head.unchecked + self._more_unchecked(found)
        return replace(
            head,
            claims=len(self._lazy.claims),
            seen=self._seen,
            day=day,
            until=until,
            suppressing=suppressing,
            due=due,
            unchecked=unchecked,
        )

    def _more_unchecked(self, found: Mapping[Item, list[Found]]) -> int:
        """By how much more references are not confirmed by a registry, of those that were judged again."""
        judged = [name for scope, name in found if scope == Scope.REFERENCE]
        if judged and all(rule.code != UNCHECKED for rule in self._rules):
            raise LooksFurther(UNCHECKED)
        now = sum(any(each.rule.code == UNCHECKED for each in found[Scope.REFERENCE, name]) for name in judged)
        before = (self._snapshot.found(Scope.REFERENCE, name) for name in judged)
        return now - sum(any(code == UNCHECKED for code, _ in cast("_Written", written)) for written in before)


def _turn(item: Item) -> tuple[int, str]:
    """When the rules come to an item. Which of one scope comes first makes no difference to what is told."""
    return _TURNS.index(Scope(item[0])), item[1]


def _differing(change: _Changed) -> Iterator[Note]:
    """What claims and entries may have looked at and what is another now, as they note it."""
    yield "page", change.new.path
    before, now = shown_on(change.old), shown_on(change.new)
    for note in before.keys() | now.keys():
        if before.get(note) != now.get(note):
            yield note
    if change.old.figures != change.new.figures:
        yield from ((kind, change.new.path) for kind in OF_PAGES)


def _due(page: Page) -> object:
    """What decides on which day anything of a page, or of what it shows, falls due."""
    return page.meta.next_review_due, page.suppressions, frozenset(shown_on(page))
