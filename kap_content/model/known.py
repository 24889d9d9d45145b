"""A finding as a baseline file remembers it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Known:
    """A finding that was there when the baseline was written.

    `path` is relative to the project's root. The fingerprint decides; code, path and message are for the person who
    reads the file.
    """

    path: str
    code: str
    fingerprint: str
    message: str = ""
