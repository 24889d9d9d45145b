"""Pages that are known, and those that have to be judged."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace

from kap_content.cache.asked import Asked
from kap_content.cache.facts import FIGURE_DATA, Facts
from kap_content.cache.found import hits_of
from kap_content.cache.judge import Judged, Task, judged
from kap_content.cache.known import content_hash, known_page
from kap_content.cache.plain import Codecs
from kap_content.cache.store import Row, Store
from kap_content.checking.engine import page_check
from kap_content.load.figure.data import read_figure_data
from kap_content.load.inside import read_inside
from kap_content.load.looks import is_recent, look
from kap_content.load.text import PAGE_LIMIT, Unreadable
from kap_content.model.page import Page
from kap_content.model.progress import Progress
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, Rule, Scope

PAGE = "page"
_FIGURES = f'"{FIGURE_DATA}"'
_SAVED_AT_ONCE = 1000
"""Pages; a run that is killed has lost no more."""


class PagesMemory:
    """What was found on known pages, read page by page: the rules come to a page one after the other."""

    def __init__(self, known: Mapping[str, Row], codecs: Codecs) -> None:
        self._known = known
        self._codecs = codecs
        self._path = ""
        self._hits: dict[str, list[Hit]] | None = None

    def remembering(self, rule: Rule) -> Rule:
        """The rule, answering for known pages with what it found before."""
        check = page_check(rule)
        if check is None:
            return rule

        def remembered(page: Page, context: Context) -> Iterator[Hit]:
            hits = self._of(page.path)
            return check(page, context) if hits is None else iter(hits.get(rule.code, ()))

        return replace(rule, check=remembered) if rule.scope is Scope.PAGE else replace(rule, on_pages=remembered)

    def _of(self, path: str) -> dict[str, list[Hit]] | None:
        """What was found on the page; None where that is not known."""
        if path != self._path:
            row = self._known.get(path)
            self._path, self._hits = path, None
            if row is not None:
                with suppress(KeyError):
                    self._hits = hits_of(row.hits, self._codecs)
        return self._hits


class Pages:
    """What is known of a project's pages, and what has to be found out."""

    def __init__(self, task: Task, store: Store | None, began: int, asked: Asked) -> None:
        self._asked = asked
        self._task = task
        self._store = store
        self._began = began
        self.facts = Facts(task.context, task.texts, self._figure_data)
        hashes = (sorted(task.texts.hashes.items()), asked.release)
        self._ground = hashlib.sha256(repr(hashes).encode()).hexdigest()
        self._day = asked.as_of.isoformat()
        self._straight: dict[str, bool] = {}
        self._kept: dict[str, Row] = {}

    def all(self, paths: list[str], progress: Progress, opened: Callable[[str], None]) -> dict[str, Row]:
        """What is known of the pages in the end, by path; of those that are not here nothing is.

        Pages of other shards are not judged; of those the first shard has the outlines.
        """
        shard = self._asked.shard
        own = [path for path in paths if shard.owns(path)]
        theirs = [path for path in paths if not shard.owns(path)] if shard.is_first else []
        kept = self._kept = self._store.rows(PAGE) if self._store is not None else {}
        found: dict[str, Row] = {}
        changed: list[Row] = []
        for path in (*own, *theirs):
            row = self._holding(kept[path]) if path in kept else None
            if row is not None:
                found[path] = row
                if row is not kept[path]:
                    changed.append(row)
        missing = [path for path in own if path not in found]
        stamps = {path: self._stamp(path) for path in missing}
        for number, result in enumerate(judged(missing, self._task, progress, opened), 1):
            if result is not None:
                row = found[result.path] = self._row(result, stamps[result.path])
                changed.append(row)
            if number % _SAVED_AT_ONCE == 0:
                self._save(changed)
                changed = []
        gone = set(kept) - set(paths) if self._asked.source is None else ()
        if changed or gone:
            self._save(changed, gone)
        unknown = [path for path in theirs if path not in found]
        for result in judged(unknown, replace(self._task, codes=()), opened=opened):
            if result is not None:
                found[result.path] = self._row(result, "")
        return found

    def _save(self, rows: list[Row], gone: Iterable[str] = ()) -> None:
        if self._store is not None:
            self._store.save(rows, ((PAGE, path) for path in gone))

    def _figure_data(self, path: str) -> object:
        """The data of a known page's figures as they are now."""
        page = known_page(path, json.loads(self._kept[path].outline), "", lambda _path: "")
        return read_figure_data([page], lambda name: read_inside(self._asked.folder, name, limit=PAGE_LIMIT))

    def _holding(self, row: Row) -> Row | None:
        """The row, brought up to date, if it holds still."""
        if not row.since <= self._day <= row.until:
            return None
        stamp = self._stamp(row.name)
        if not stamp or stamp != row.stamp:
            text = read_inside(self._asked.folder, row.name, limit=PAGE_LIMIT)
            if isinstance(text, Unreadable) or content_hash(text.text) != row.content:
                return None
        drawn = _FIGURES in row.noted
        if (row.ground != self._ground or drawn) and not self.facts.holds(row.noted, row.digest):
            return None
        if self._asked.source is not None:
            return row  # the row of the project's own page stays as it is
        now = row._replace(stamp=self._settled(stamp), ground=self._ground)
        return row if now == row else now

    def _row(self, found: Judged, stamp: str) -> Row:
        return Row(
            PAGE,
            found.path,
            ground=self._ground,
            noted=found.noted,
            digest=found.digest,
            since=found.since,
            until=found.until,
            hits=found.hits,
            stamp=self._settled(stamp),
            content=found.content,
            outline=found.outline,
        )

    def _stamp(self, path: str) -> str:
        """What the file at `path` looks like; empty where it is reached by a link, or is not the project's own."""
        if self._asked.source is not None:
            return ""
        folder = path.rpartition("/")[0]
        if folder not in self._straight:
            full = os.path.join(self._asked.root, folder)  # noqa: PTH118 - of ten thousand pages
            self._straight[folder] = os.path.realpath(full) == os.path.abspath(full)  # noqa: PTH100 - of ten thousand pages
        if not self._straight[folder]:
            return ""
        return look(f"{self._asked.root}/{path}")

    def _settled(self, stamp: str) -> str:
        """The stamp, unless the file changed so shortly before it was read that one more change might not show."""
        return "" if is_recent(stamp, self._began) else stamp
