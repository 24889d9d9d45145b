"""Checking a project again after some of its pages were changed, or on a later day, from the last check's snapshot.

Nothing but the changed pages is read. What rules look up by name comes from the snapshot; what they found elsewhere is
taken from it. A claim or entry is judged again where it was judged by how a changed page shows or cites it, and all of
which the same is not found any more on the later day. Where a rule looks at more than the snapshot has, nothing comes
out here, and the whole check follows.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar, cast

from kap_content.cache.asked import Asked
from kap_content.cache.database import Damaged
from kap_content.cache.facts import Note
from kap_content.cache.known import written_outline
from kap_content.cache.lazy import OF_PAGES, DataOfChanged, LazyPages, lazy_context, links_of, shown_on
from kap_content.cache.plain import codec, dumped
from kap_content.cache.snapshot import PAGE, Change, Head, Item, Snapshot
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
MOST_ENDED, SHARE_ENDED = 64, 10
"""So many things are judged again because of the day, or one in so many of a large project; with more of them the whole
check is as quick."""

V = TypeVar("V")

OF_ITEMS = (Scope.CLAIM, Scope.REFERENCE)
"""The scopes of rules whose findings may rest on what pages show."""
_TURNS = [Scope.PAGE, Scope.CLAIM, Scope.REFERENCE, Scope.PROBLEM]


@dataclass(frozen=True, slots=True)
class Resumed:
    """What a whole check would have found, and the head that a snapshot would then have had.

    `change` brings the snapshot up to date. `ran` are the codes of the rules. `context` and `page` (by its path) are
    what they looked at, and can be read as long as the snapshot can.
    """

    outcome: Outcome
    head: Head
    change: Change
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
    """The check after the pages at `changed` were changed, and nothing but the day; None where it takes a whole check.

    `seen` is what all that the check rests on looked like before it began. `bring` is told of the pages that will be
    read, where they may not lie in their folder yet.
    """
    names = sorted(changed)
    if len(names) > MOST or not set(snapshot.head.pages).issuperset(names):
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
        self._context = lazy_context(snapshot, asked, self._pages)
        self._watch = Watch(self._context, whole=True)
        self._links: list[tuple[Note, Item]] = []
        self._days: list[tuple[str, Item]] = []

    def over(self, changed: list[str], bring: Callable[[list[str]], None]) -> Resumed:
        ended, until = self._snapshot.ended_by(self._asked.as_of.isoformat())
        last = self._snapshot.head
        if len(ended) > max(MOST_ENDED, (len(last.pages) + last.claims + last.references) // SHARE_ENDED):
            raise LooksFurther("day")
        paths = sorted({*changed, *(name for scope, name in ended if scope == PAGE)})
        bring(paths)
        changes = [self._change(path) for path in paths]
        data = {change.new.path: change.data for change in changes}
        self._context.indexes[figure_data_by_page] = DataOfChanged(data)
        found: dict[Item, list[Found]] = {}
        for change in changes:
            found[PAGE, change.new.path] = self._on_page(change.new)
            found[Scope.PROBLEM, change.new.path] = self._on_problems(change)
        for scope, name in sorted({*self._affected(changes), *(item for item in ended if item[0] != PAGE)}):
            found[scope, name] = self._on_item(Scope(scope), name)
        head = self._head(changes, found, until)
        return Resumed(
            self._outcome(found, head),
            head,
            Change(
                self._snapshot.head.state,
                head,
                [(change.new.path, dumped(written_outline(change.new))) for change in changes],
                self._links,
                [(item, written_hits((each.rule.code, each.hit) for each in kept)) for item, kept in found.items()],
                self._days,
            ),
            frozenset(rule.code for rule in self._rules),
            self._context,
            self._pages.__getitem__,
        )

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
        self._links += ((note, item) for note in shown_on(page))
        checks = [(rule, check) for rule in self._rules if (check := page_check(rule)) is not None]
        noted = self._watch.noted
        noted.begin()
        found = [
            Found(Scope.PAGE, page.path, rule, hit)
            for rule, check in checks
            for hit in check(page, self._watch.context)
        ]
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
        self._links += links_of((scope, name), noted.names)
        self._days.append((noted.until.isoformat(), (scope, name)))
        return found

    def _affected(self, changes: Iterable[_Changed]) -> set[Item]:
        """The claims and entries that were judged by what is another now."""
        notes = {note for change in changes for note in _differing(change)}
        return {(scope, name) for note in notes for scope in OF_ITEMS for name in self._snapshot.linked(note, scope)}

    def _outcome(self, found: Mapping[Item, list[Found]], head: Head) -> Outcome:
        rules = {rule.code: rule for rule in self._rules}
        everything = dict(found)
        for (scope, name), written in self._snapshot.hits():
            if (scope, name) not in found:
                everything[scope, name] = [
                    Found(Scope(scope), name, rules[code], hit) for code, hit in read_hits(written)
                ]
        paths = frozenset(head.pages)
        suppressions = Suppressions(self._suppressions(head), paths, self._context)
        in_turn = (each for item in sorted(everything, key=_turn) for each in everything[item])
        return joined([part_of(in_turn, self._rules, self._context, suppressions, paths)])

    def _suppressions(self, head: Head) -> Iterator[Suppression]:
        return (suppression for path in head.suppressing for suppression in self._pages[path].suppressions)

    def _head(self, changes: list[_Changed], found: Mapping[Item, list[Found]], until: str) -> Head:
        head, day = self._snapshot.head, self._asked.as_of.isoformat()
        paths = {change.new.path for change in changes}
        suppressing = [path for path in head.suppressing if path not in paths]
        suppressing += [change.new.path for change in changes if change.new.suppressions]
        due = head.due if all(_due(change.old) == _due(change.new) for change in changes) else []
        if due and due[0] is not None and due[0] < day:
            due = []
        until = min([until, *(last for last, _ in self._days)])
        unchecked = head.unchecked + self._more_unchecked(found)
        return replace(
            head, seen=self._seen, day=day, until=until, suppressing=suppressing, due=due, unchecked=unchecked
        )

    def _more_unchecked(self, found: Mapping[Item, list[Found]]) -> int:
        """By how much more references are not confirmed by a registry, of those that were judged again."""
        judged = [name for scope, name in found if scope == Scope.REFERENCE]
        if judged and all(rule.code != UNCHECKED for rule in self._rules):
            raise LooksFurther(UNCHECKED)
        now = sum(any(each.rule.code == UNCHECKED for each in found[Scope.REFERENCE, name]) for name in judged)
        before = (self._snapshot.found(Scope.REFERENCE, name) for name in judged)
        return now - sum(any(code == UNCHECKED for code, _ in read_hits(written)) for written in before)


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


def written_hits(found: Iterable[tuple[str, Hit]]) -> str:
    """What was found, each with its rule's code. Places are as they are: no file that they are in has changed."""
    write = codec(Hit).write
    return dumped([[code, write(hit)] for code, hit in found])


def read_hits(written: object) -> Iterator[tuple[str, Hit]]:
    """What `written_hits` wrote, as it was read back."""
    read = codec(Hit).read
    return ((code, read(plain)) for code, plain in cast("list[tuple[str, object]]", written))
