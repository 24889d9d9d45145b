"""Keeping the answer of a full `kap check` for `kap_content.cli.quick.unchanged` to give again.

An answer is kept only where it is certain what it rests on (`ground`), and where nothing was said beside it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from kap_content.cli.quick.ground import Ground
from kap_content.cli.quick.unchanged import Answer, Aside, Question, contents, dump

KEPT = 16
"""How many answers are kept of a project; the oldest go."""

_LEFT_OVER = 3600  # seconds after which a half-written file belongs to nobody


class Memory:
    """What is to be known of a run so that its answer can be kept. `ground` is what it rests on."""

    def __init__(self, question: Question) -> None:
        self.ground = Ground(verifies=question.verify, seen=question.seen)
        self._question = question
        self._printed: list[str] = []
        self._is_alone = True
        self._also: Callable[[], None] = lambda: None

    @property
    def is_json(self) -> bool:
        """Whether the answer is JSON, which tells when anything falls due."""
        return self._question.options.get("--format") == "json"

    def also(self, keep: Callable[[], None]) -> None:
        """Keep something more where the answer is kept."""
        self._also = keep

    def said(self, text: str) -> None:
        """Note what was printed to standard output."""
        self._printed.append(text)

    def spoil(self) -> None:
        """Note that something was said that is not in the report: the answer is not kept."""
        self._is_alone = False

    def keep(self, code: int) -> None:
        """Keep what was printed as the answer to the question. What hinders that is no fault of the run's."""
        question, ground = self._question, self.ground
        state = ground.state
        if state is None or ground.root != question.root:
            return
        if not self._is_alone or code not in (0, 1) or len(self._printed) != 1:
            return
        with suppress(Aside, OSError):
            hashes = contents(question.root, state.places) if question.verify else ""
            if not ground.holds():
                return
            text = self._printed[0].encode("utf-8", "backslashreplace")  # as standard output is set to do
            answer = Answer(text, code, state.places, state.seen.encode("utf-8", "surrogatepass"), hashes)
            _write(Path(question.file), dump(question, answer))
            self._also()


def _write(target: Path, data: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    ignore = target.parent.parent / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", "utf-8")
    half = target.with_name(f".half-{os.getpid()}-{target.name}")
    try:
        half.write_bytes(data)
        half.replace(target)
    except OSError:
        half.unlink(missing_ok=True)
        raise
    _prune(target.parent)


def _prune(folder: Path) -> None:
    """Bound the folder: the newest answers stay, and no half-written file for long."""
    aged = []
    with os.scandir(folder) as scan:
        for entry in scan:
            with suppress(OSError):
                aged.append((entry.stat().st_mtime, entry.path, entry.name.startswith(".")))
    aged.sort(reverse=True)
    answers = [path for _, path, is_half in aged if not is_half]
    halves = [path for changed, path, is_half in aged if is_half and changed < time.time() - _LEFT_OVER]
    for path in (*answers[KEPT:], *halves):
        with suppress(OSError):
            Path(path).unlink()
