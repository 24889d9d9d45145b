"""Claims and entries of the bibliography, judged one by one and remembered, as pages are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace

from kap_content.cache.facts import Facts, Texts
from kap_content.cache.found import codecs_by, hits_of, written_hits
from kap_content.cache.plain import dumped
from kap_content.cache.store import Row, Store
from kap_content.cache.watch import Watch
from kap_content.model.claim import Claim
from kap_content.model.project import Context
from kap_content.model.reference import Reference
from kap_content.rules._rule import Hit, Rule, Scope

Item = Claim | Reference
Found = dict[str, list[Hit]]

_SAVED_AT_ONCE = 10_000
"""Claims and entries; they are held no longer than that."""
_KINDS = {Scope.CLAIM: "claim", Scope.REFERENCE: "reference"}


class Items:
    """What the rules find on each claim and entry of one project: from memory where it holds, else by judging it."""

    def __init__(self, rules: tuple[Rule, ...], store: Store | None, texts: Texts, outlines: Mapping[str, str]) -> None:
        self._outlines = outlines
        self._rules = {scope: tuple(rule for rule in rules if rule.scope is scope) for scope in _KINDS}
        self._store = store
        self._texts = texts
        self._memory: _Memory | None = None
        self._notes: Mapping[tuple[str, str], str] = {}
        self._until: Mapping[tuple[str, str], str] = {}

    def remembering(self, rule: Rule) -> Rule:
        """The rule, answering from memory; rules about anything else as they are."""
        store = self._store
        if rule.scope not in _KINDS or store is None:
            return rule

        def remembered(item: Item, context: Context) -> Iterator[Hit]:
            if self._memory is None:
                self._memory = _Memory(context, self._texts, store, self._outlines)
                self._notes, self._until = self._memory.notes, self._memory.until
            found = self._memory.found(rule.scope, item, self._rules[rule.scope])
            return rule.check(item, context) if found is None else iter(found.get(rule.code, ()))

        return replace(rule, check=remembered)

    def save(self) -> None:
        """Keep what was found anew, and forget what is no longer there; the memory that it took is free then."""
        if self._memory is not None:
            self._memory.save()
            self._memory = None

    def notes(self) -> Mapping[tuple[str, str], str]:
        """What was looked at to judge each claim and entry, as JSON; those are missing of which it is not known."""
        return self._notes

    def until(self) -> Mapping[tuple[str, str], str]:
        """The last day on which the same is found on each claim and entry, as far as that is known."""
        return self._until


class _Memory:
    """What is known of a context's claims and entries. The rules come to one of them after the other."""

    def __init__(self, context: Context, texts: Texts, store: Store, outlines: Mapping[str, str]) -> None:
        self._context = context
        self._facts = Facts(context, texts, outlines=outlines)
        self._codecs = codecs_by(self._facts.anchors)
        self._watch = Watch(context, whole=True)
        self._store = store
        self._day = context.as_of.isoformat()
        self._known = {kind: store.rows(kind) for kind in _KINDS.values()}
        self._new: list[Row] = []
        self.notes: dict[tuple[str, str], str] = {}
        self.until: dict[tuple[str, str], str] = {}
        self._last: tuple[Item, Found | None] | None = None

    def found(self, scope: Scope, item: Item, rules: tuple[Rule, ...]) -> Found | None:
        """What the rules find on the item; None where that cannot be known without looking further."""
        if self._last is None or self._last[0] is not item:
            self._last = item, self._judged(scope, item, rules)
        return self._last[1]

    def _judged(self, scope: Scope, item: Item, rules: tuple[Rule, ...]) -> Found | None:
        kind = _KINDS[scope]
        name, first = self._named(item)
        if first is not item:  # a second one of the same name
            return None
        row = self._known[kind].get(name)
        if row is not None and row.since <= self._day <= row.until:
            with suppress(KeyError):  # where a claim or entry that a finding points to is gone
                if self._facts.holds(row.noted, row.digest):
                    hits = hits_of(row.hits, self._codecs) if row.hits != _NOTHING else {}
                    self.notes[kind, name], self.until[kind, name] = row.noted, row.until
                    return hits
        noted = self._watch.noted
        noted.begin()
        noted.names.add((kind, name))  # which the rules are given, and need not look up
        try:
            found = [(rule.code, hit) for rule in rules for hit in rule.check(item, self._watch.context)]
        except Exception:  # noqa: BLE001 - LooksFurther, or a fault that shows where the item is judged again
            return None
        notes = noted.notes
        self.notes[kind, name], self.until[kind, name] = dumped(notes), noted.until.isoformat()
        self._new.append(
            Row(
                kind,
                name,
                ground="",
                noted=self.notes[kind, name],
                digest=self._facts.digest(notes),
                since=noted.since.isoformat(),
                until=self.until[kind, name],
                hits=written_hits(found, self._codecs),
            )
        )
        if len(self._new) >= _SAVED_AT_ONCE:
            self._store.save(self._new)
            self._new = []
        by_code: Found = {}
        for code, hit in found:
            by_code.setdefault(code, []).append(hit)
        return by_code

    def _named(self, item: Item) -> tuple[str, Item]:
        if isinstance(item, Claim):
            return item.id, self._context.claims[item.id]
        return item.key, self._context.references[item.key]

    def save(self) -> None:
        """Keep what was judged; forget what the project no longer has."""
        names = {"claim": self._context.claims.keys(), "reference": self._context.references.keys()}
        gone = [(kind, name) for kind, rows in self._known.items() for name in rows.keys() - names[kind]]
        if self._new or gone:
            self._store.save(self._new, gone)


_NOTHING = dumped([])
