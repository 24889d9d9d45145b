"""Asking `kap check` again, and whether the answer is kept."""

from __future__ import annotations

import time
from collections.abc import Callable

from kap_content.cli.quick import unchanged

DAY = "2026-11-22"
Said = tuple[int, str, str]
"""Exit code, standard output, standard error."""
Kap = Callable[..., Said]


def settle() -> None:
    """Let the clock of the file system go on: an answer about a file of this moment is not kept."""
    time.sleep(0.03)


def is_kept(*arguments: str) -> bool:
    question = unchanged.asked(list(arguments))
    return question is not None and unchanged.answer(question) is not None
