"""Reports to standard output or a file."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from kap_content import __version__
from kap_content.cli.files import write_atomically
from kap_content.cli.session import Globals
from kap_content.report.formats import Format, render
from kap_content.report.model import Report


@dataclass(frozen=True, slots=True)
class Printer:
    """Prints a report in one format, to standard output or into `output`."""

    form: Format
    output: Path | None
    options: Globals

    def __call__(self, report: Report) -> None:
        """Print `report`."""
        colour = self.output is None and self.options.colour()
        columns = _columns() if self.output is None else 0
        text = render(report, self.form, colour=colour, columns=columns, tool_version=__version__)
        if self.output is None:
            put(text)
        else:
            write_atomically(self.output, text)


def _columns() -> int:
    """How wide text is wrapped: to the terminal (or COLUMNS); not at all for a pipe, so that lines can be searched."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() or os.environ.get("COLUMNS") else 0


def put(text: str) -> None:
    """Print `text` to standard output; a reader that has seen enough (`| head`) is no error."""
    try:
        print(text, end="")
        sys.stdout.flush()
    except BrokenPipeError:
        # What Python would flush at its end has nowhere to go either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
