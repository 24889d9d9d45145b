"""How much work hostile input may make: not how long it takes, which depends on what else the machine does."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import process_time

_ENOUGH = 30.0
"""Seconds of processor time: far more than any sound way needs, far less than one that grows out of hand."""


@contextmanager
def little_work() -> Iterator[None]:
    """Fail where the block needs more processor time than reading of this size can ever need."""
    started = process_time()
    yield
    assert process_time() - started < _ENOUGH
