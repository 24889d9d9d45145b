"""The project as the desk has it: read again when files change, judged in the background.

A large project takes seconds to read and longer to judge. So the claims alone come first, then everything, then the
findings; whoever asks is told how far it is. `Desk.now` never waits for more than it must, `Desk.settled` always sees
the files as they stand.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from math import inf
from pathlib import Path
from threading import Condition, Thread

from kap_content.checking.engine import check
from kap_content.checking.selection import refuse_unknown_rules
from kap_content.desk.memory import Memory
from kap_content.desk.views import doubted_signatures, views_of
from kap_content.load.page import parse_page
from kap_content.load.project import load_project, read_claims
from kap_content.load.settings import read_settings
from kap_content.load.watch import Files
from kap_content.load.whole import with_abstracts
from kap_content.model.approval import Approval
from kap_content.model.errors import KapError
from kap_content.model.finding import Finding, Problem
from kap_content.model.page import Page
from kap_content.model.project import Context, Project
from kap_content.model.settings import Settings
from kap_content.review.ground import Known, files_in
from kap_content.review.rows import PageRow, Row, page_rows, rows
from kap_content.review.view import Views

STILL = 0.25
"""Seconds for which the answer to whether a file changed holds, while the rules run."""
PATIENCE = 1.0
"""Seconds for which a reader waits for the present state, before being shown the last one."""
BREATH = 0.6
"""Seconds that reading leaves to the browser, so that it paints the claims of a large project."""
MANY = 2000
"""From so many claims on they are shown before the pages are read."""


class Stage(StrEnum):
    """How far the project is read."""

    CLAIMS = "claims"
    WHOLE = "whole"
    JUDGED = "judged"


@dataclass(frozen=True, slots=True)
class Seen:
    """A state of the project, and of its files before they were read.

    `error` is why it could not be read; then all else is of the last state that could. Until the stage is `judged`, the
    findings are those of the state before, or none.
    """

    version: str
    files: Files
    stage: Stage
    context: Context
    views: Views
    rows: tuple[Row, ...]
    findings: tuple[Finding, ...] = ()
    error: KapError | None = None

    @property
    def known(self) -> Known:
        """The project as it was read, for whoever writes into it."""
        return Known(self.context, self.files)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What could not be read of claims, bibliography, lock and decisions."""
        return self.context.project.problems

    @property
    def is_usable(self) -> bool:
        """Whether decisions can be made on it."""
        return self.error is None and self.stage is not Stage.CLAIMS

    def pages(self, role: str) -> tuple[PageRow, ...]:
        """The pages, with what waits for a role."""
        return page_rows(self.context, self.rows, role)


class _Changed(Exception):  # noqa: N818 - it ends a run that nobody wants any more
    """A file changed while the rules ran."""


class Desk:
    """Reads and judges a project in a thread of its own. `today` gives the day it is judged on."""

    def __init__(
        self, root: Path, today: Callable[[], date], *, release: bool = False, patience: float = PATIENCE
    ) -> None:
        self.root = root
        self._today, self._release, self._patience = today, release, patience
        self._settings = read_settings(root)
        refuse_unknown_rules(self._settings)
        self.memory = Memory(root)
        self._news = Condition()
        self._seen: Seen | None = None
        self._wanted, self._wanted_since = "", time.monotonic()
        self._is_closed = False
        self._looked = (0.0, Files({}), "")
        self._writes = self._attended = 0
        self._pages: dict[str, Page] = {}
        self._worker = Thread(target=self._work, name="kap-desk", daemon=True)
        self._worker.start()

    def close(self) -> None:
        """End the thread."""
        with self._news:
            self._is_closed = True
            self._news.notify_all()
        self._worker.join(timeout=1)  # it only reads, and ends with the process at the latest

    def version(self, *, exactly: bool = False) -> str:
        """A mark of the files as they are, or as they were a moment ago."""
        return self._look(exactly=exactly)[1]

    def _look(self, *, exactly: bool) -> tuple[Files, str]:
        """The state of the files, and its mark."""
        now = time.monotonic()
        if exactly or now - self._looked[0] > STILL:
            files = files_in(self.root, self._settings)
            self._looked = (now, files, self._marked(files))
        return self._looked[1:]

    def _marked(self, files: Files) -> str:
        return files.mark + self._today().isoformat()

    @contextmanager
    def undisturbed(self) -> Iterator[None]:
        """Let the rules wait while a reader is answered: threads share one processor."""
        with self._news:
            self._attended += 1
        try:
            yield
        finally:
            with self._news:
                self._attended -= 1
                self._news.notify_all()

    def wrote(self, claim: str, known: Known | None) -> None:
        """Take over what was just written of a claim, so that nobody waits for it to be read; None: it has to be."""
        before = self._seen
        if known is None or before is None:
            return
        version = self._marked(known.files)
        views = views_of(self.root, known.context, before.findings, self.memory)
        own = rows(known.context, views.standings, views.findings, [claim])
        every = tuple(own[0] if row.id == claim else row for row in before.rows)
        seen = Seen(version, known.files, Stage.WHOLE, known.context, views, every, before.findings)
        with self._news:
            self._writes += 1
            self._seen, self._wanted = seen, version
            # The rules take seconds over a large project, and a reviewer who goes on does not wait for them.
            self._wanted_since = -inf if len(seen.rows) >= MANY else time.monotonic()
            self._news.notify_all()

    def now(self) -> Seen:
        """The project as it stands; where reading takes longer than the desk's patience, as it stood before."""
        return self._get(self.version(exactly=True), self._patience, Stage.JUDGED)

    def at_once(self) -> Seen:
        """The last state that was read, without waiting for a newer one."""
        return self._get(self.version(exactly=True), 0, Stage.JUDGED)

    def settled(self) -> Seen:
        """The project as its files stand at this moment, read whole; findings may still be of before."""
        return self._get(self.version(exactly=True), None, Stage.WHOLE)

    def _get(self, version: str, patience: float | None, stage: Stage) -> Seen:
        order = list(Stage)

        def is_there() -> bool:
            seen = self._seen
            if seen is None or seen.version != version:
                return False
            return seen.error is not None or order.index(seen.stage) >= order.index(stage)

        with self._news:
            if self._wanted != version:
                self._wanted, self._wanted_since = version, time.monotonic()
            self._news.notify_all()
            # Patience counts from when the state was first asked for: of a large project only the first reader waits.
            until = None if patience is None else self._wanted_since + patience
            while not is_there():
                left = None if until is None else until - time.monotonic()
                if self._seen is not None and left is not None and left <= 0:
                    break
                if self._is_closed:
                    raise KapError("the desk is closed")
                self._news.wait(left if self._seen is not None else None)
            assert self._seen is not None
            return self._seen

    def _work(self) -> None:
        while True:
            with self._news:
                while not self._is_closed and self._seen is not None and self._is_done():
                    self._news.wait()
                if self._is_closed:
                    return
            self._read(*self._look(exactly=True))

    def _is_done(self) -> bool:
        seen = self._seen
        if seen is None or seen.version != self._wanted:
            return False
        return seen.error is not None or seen.stage is Stage.JUDGED

    def _publish(self, seen: Seen, writes: int | None = None) -> None:
        """Let everybody see a state, unless the desk wrote since: `writes` is how often it had when reading began."""
        with self._news:
            if writes not in (None, self._writes):
                raise _Changed
            self._seen = seen
            if self._wanted == "":
                self._wanted = seen.version
            self._news.notify_all()

    def _read(self, files: Files, version: str) -> None:
        before, writes = self._seen, self._writes
        try:
            settings = read_settings(self.root)
            refuse_unknown_rules(settings)
            self._settings = settings
            if before is None:
                self._glance(version, files, settings)
            if before is not None and before.version == version and before.is_usable:
                context = before.context
                self._breathe(context)
            else:
                context = self._whole(settings)
                found = before.findings if before else ()
                self._publish(self._made(version, files, Stage.WHOLE, context, found), writes)
            findings = check(context, progress=lambda _done, _of: self._go_on(version)).findings
            against = doubted_signatures(self.root, context)
            self._publish(self._made(version, files, Stage.JUDGED, context, findings, against), writes)
        except _Changed:
            return
        except KapError as error:
            self._publish_trouble(version, error)
        except Exception as error:  # noqa: BLE001 - the thread must live on, and the reader be told
            message = f"a fault in kap itself: {type(error).__name__}: {error}"
            self._publish_trouble(version, KapError(message, help="Please report it."))

    def _publish_trouble(self, version: str, error: KapError) -> None:
        """Why the project cannot be read now, with the last state that could be."""
        nothing = Context.of(Project(self._settings), self._today())
        last = self._seen or self._made(version, Files({}), Stage.CLAIMS, nothing, ())
        self._publish(replace(last, version=version, error=error))

    def _go_on(self, version: str) -> None:
        with self._news:
            self._news.wait_for(lambda: self._is_closed or not self._attended, PATIENCE)
        if self._is_closed or self.version() != version:
            raise _Changed

    def _glance(self, version: str, files: Files, settings: Settings) -> None:
        """Show the claims of a large project before its pages are read."""
        claims, problems = read_claims(self.root, settings)
        if len(claims) >= MANY:
            context = Context.of(Project(settings, claims=claims, problems=problems, root=self.root), self._today())
            self._publish(self._made(version, files, Stage.CLAIMS, context, ()))
            self._breathe(context)

    def _breathe(self, context: Context) -> None:
        """Leave a large project's reader a moment before the rules take the processor."""
        if len(context.claims) >= MANY:
            with self._news:
                self._news.wait_for(lambda: self._is_closed, BREATH)

    def _whole(self, settings: Settings) -> Context:
        """The whole project; pages that did not change are not parsed again."""
        known, self._pages = self._pages, {}

        def parse(path: str, text: str) -> Page:
            page = known.get(path)
            page = page if page is not None and page.source == text else parse_page(path, text)
            self._pages[path] = page
            return page

        project = with_abstracts(load_project(self.root, settings, parse=parse), self.root)
        return Context.of(project, self._today(), release=self._release)

    def _made(
        self,
        version: str,
        files: Files,
        stage: Stage,
        context: Context,
        findings: tuple[Finding, ...],
        against: Mapping[Approval, str] | None = None,
    ) -> Seen:
        views = views_of(self.root, context, findings, self.memory, against)
        found = rows(context, views.standings, views.findings)
        return Seen(version, files, stage, context, views, found, findings)
