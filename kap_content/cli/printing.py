"""Reports to standard output or a file."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from kap_content.cli.files import write_atomically
from kap_content.cli.session import Globals
from kap_content.report.model import Report


@dataclass(frozen=True, slots=True)
class Printer:
    """Prints a report in one format, to standard output or into `output`."""

    form: str
    output: Path | None
    options: Globals

    def __call__(self, report: Report) -> None:
        """Print `report`."""
        text = self._text(report)
        if self.output is None:
            put(text)
        else:
            write_atomically(self.output, text)

    def _text(self, report: Report) -> str:
        if self.form == "json":
            from kap_content.report.json_report import render_json

            return render_json(report, tool_version=tool_version())
        from kap_content.report.text import render_text

        return render_text(report, colour=self.output is None and self.options.colour())


def put(text: str) -> None:
    """Print `text` to standard output; a reader that has seen enough (`| head`) is no error."""
    try:
        print(text, end="")
        sys.stdout.flush()
    except BrokenPipeError:
        # What Python would flush at its end has nowhere to go either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def tool_version() -> str:
    """The version of the installed distribution."""
    from importlib.metadata import version

    return version("kap-content")
