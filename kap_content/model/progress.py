"""Telling how far long work is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")

Progress = Callable[[int, int], None]
"""Is told how many of how many are done."""


def unheard(done: int, total: int) -> None:
    """The progress that nobody listens to."""


def heard(items: Iterable[T], total: int, progress: Progress) -> Iterator[T]:
    """The items, each told of once it has been dealt with."""
    for number, item in enumerate(items, start=1):
        yield item
        progress(number, total)
