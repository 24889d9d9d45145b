"""What was given to a command: the options that stand before or after it, and those of the commands that run rules."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kap_content import __version__
from kap_content.model.errors import KapError
from kap_content.model.finding import Severity

if TYPE_CHECKING:
    from kap_content.cli.quick.ground import Ground  # they load much, and not every command needs them
    from kap_content.cli.quick.remember import Memory


@dataclass(slots=True)
class Globals:
    """The options that may stand before or after a command.

    `ground` notes what a check rests on, where that is to be known, `memory` the answer of one.
    """

    project: Path | None = None
    quiet: bool = False
    verbose: bool = False
    no_color: bool = False
    ground: Ground | None = None
    memory: Memory | None = None
    no_cache: bool = False

    def and_then(self, *, project: str | None, quiet: bool, verbose: bool, no_color: bool) -> Globals:
        """These and those that stand after the command; of two projects the later one counts."""
        return Globals(
            Path(project) if project else self.project,
            quiet or self.quiet,
            verbose or self.verbose,
            no_color or self.no_color,
        )

    def tool(self, root: Path) -> str:
        """What the tool itself looks like, for what is kept of a check; empty where nothing is to be kept."""
        if self.no_cache or os.environ.get("KAP_NO_CACHE"):
            return ""
        from kap_content.cli.quick.unchanged import TOOL_PLACE, Aside, look

        try:
            return f"{__version__}\0{sys.version}\0{look(str(root), [TOOL_PLACE])!r}"
        except (Aside, OSError):
            return ""

    def opened(self, path: str) -> None:
        """Hear of a file that another process of the run opened."""
        if self.ground is not None:
            self.ground.opened(path)

    def colour(self) -> bool:
        """Whether standard output is a terminal that wants colours (https://no-color.org)."""
        return not self.no_color and not os.environ.get("NO_COLOR") and sys.stdout.isatty()

    def say(self, text: str) -> None:
        """Tell the user how things go; on standard error, so that reports stay clean."""
        if not self.quiet:
            self._complain(text)

    def warn(self, error: KapError) -> None:
        """Print an error that did not end the run."""
        self._complain(told(error))

    def _complain(self, text: str) -> None:
        if self.memory is not None:
            self.memory.spoil()
        print(text, file=sys.stderr)


def told(error: KapError) -> str:
    """An error as the user sees it."""
    return f"kap: {error}" + (f"\n     {error.help}" if error.help else "")


@dataclass(frozen=True, slots=True)
class RuleOptions:
    """The options of the commands that run rules."""

    as_of: date
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: Severity = Severity.ERROR
    release: bool = False
    statistics: bool = False
    upcoming: date | None = None
    """The last day of what falls due that the report lists; None lists nothing."""
