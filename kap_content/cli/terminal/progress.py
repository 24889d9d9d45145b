"""A progress bar on the terminal, for what takes longer than a second."""

from __future__ import annotations

import sys
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from rich.progress import Progress, TaskID

_PATIENCE = 1.0
"""Seconds that pass before anything is drawn: a bar that flashes by is noise."""


class Bar:
    """A bar on standard error that appears after a second, and never where no terminal is."""

    def __init__(self, label: str, *, quiet: bool = False) -> None:
        self._label = label
        self._wanted = not quiet and sys.stderr.isatty()
        self._started = monotonic()
        self._bar: tuple[Progress, TaskID] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            with suppress(OSError):
                self._bar[0].stop()

    def update(self, done: int, total: int) -> None:
        """Show that `done` of `total` are done."""
        if not self._wanted or monotonic() - self._started < _PATIENCE:
            return
        if self._bar is None:
            self._bar = self._draw(total)
        progress, task = self._bar
        progress.update(task, completed=done, total=total)

    def _draw(self, total: int) -> tuple[Progress, TaskID]:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        progress = Progress(*columns, console=Console(stderr=True), transient=True)
        progress.start()
        return progress, progress.add_task(self._label, total=total)
