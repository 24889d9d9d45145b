"""How asking the registries ended, and how that is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

UNCHECKED, INTERRUPTED = 3, 130
"""The exit codes of a run that left something unanswered, and of one that was stopped."""


@dataclass(frozen=True, slots=True)
class Locked:
    """How a run of the look-ups ended. `lines` tell it; `code` is the exit code of `kap lock`."""

    lines: tuple[str, ...]
    code: int


def by_reason(word: str, reasons: Mapping[str, str]) -> list[str]:
    """A line for each reason with the keys that it holds for: one outage is told once."""
    keys: dict[str, list[str]] = {}
    for key, reason in sorted(reasons.items()):
        keys.setdefault(reason, []).append(key)
    return [f"  {word}  {reason}: {', '.join(named)}" for reason, named in keys.items()]
