"""Regular expressions that cost nothing until they are used.

The package has some 500, and compiling one takes Python 0.1 to 7 ms; a run uses less than half of them.
"""

from __future__ import annotations

import re
from typing import AnyStr, cast

from kap_content.startup.kept import compiled


def regex(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """As `re.compile`, for the constants of a module: compiled when first used, or taken from the last run."""
    if isinstance(source, bytes):
        return re.compile(source, flags)
    return cast("re.Pattern[AnyStr]", _Lazy(source, int(flags)))


class _Lazy:
    """Stands for a pattern. What was asked of it once is an attribute from then on, as quick as the pattern's own."""

    def __init__(self, source: str, flags: int) -> None:
        self.pattern = source
        self._given = flags
        self._compiled: re.Pattern[str] | None = None

    def __getattr__(self, name: str) -> object:
        if self._compiled is None:
            self._compiled = compiled(self.pattern, self._given)
        value = getattr(self._compiled, name)
        setattr(self, name, value)
        return value

    def __repr__(self) -> str:
        return f"regex({self.pattern!r}, {self._given})"
