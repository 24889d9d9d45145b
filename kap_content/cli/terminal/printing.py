"""Reports to standard output or a file."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kap_content import __version__
from kap_content.cli.given import Globals
from kap_content.cli.terminal.streams import put
from kap_content.load.files import write_atomically
from kap_content.model.errors import UsageError
from kap_content.report.formats import Format, render
from kap_content.report.model import Report


@dataclass(frozen=True, slots=True)
class Target:
    """One format and where it goes: a file, or standard output (None)."""

    form: Format
    output: Path | None


@dataclass(frozen=True, slots=True)
class Printer:
    """Prints a report in one or several formats, to standard output or into files."""

    targets: tuple[Target, ...]
    options: Globals

    @property
    def is_dated(self) -> bool:
        """Whether any of the formats tells when something falls due."""
        return any(target.form is Format.JSON for target in self.targets)

    def __call__(self, report: Report) -> None:
        """Print `report`."""
        for target in self.targets:
            colour = target.output is None and self.options.colour()
            columns = _columns() if target.output is None else 0
            text = render(report, target.form, colour=colour, columns=columns, tool_version=__version__)
            if target.output is None:
                put(text)
                if self.options.memory is not None:
                    self.options.memory.said(text)
            else:
                write_atomically(target.output, text)


def targets(formats: Sequence[str], outputs: Sequence[str]) -> tuple[Target, ...]:
    """What `--format` and `--output` ask for.

    `--format sarif:out.sarif` and `--output sarif=out.sarif` are one format into a file. A bare `--output FILE` takes
    the next `--format` that has no file; what has none goes to standard output, and only one format can. Without any
    format, text is printed.
    """
    bare: list[Format] = []
    found: list[Target] = []
    for text in formats:
        name, colon, path = text.partition(":")
        if colon and not path:
            raise UsageError(f"--format {text}: a file name is missing after the colon")
        form = _format(name)
        if colon:
            found.append(Target(form, Path(path)))
        else:
            bare.append(form)
    files: list[str] = []
    for text in outputs:
        name, equals, path = text.partition("=")
        if equals and path and name in _NAMES:
            found.append(Target(Format(name), Path(path)))
        else:
            files.append(text)
    if not bare and (files or not formats):
        bare.append(Format.TEXT)
    if len(files) > len(bare):
        help_ = "Name the format of each file: --output sarif=out.sarif --output json=out.json."
        raise UsageError(f"--output {files[len(bare)]}: there is no --format for it", help=help_)
    found = [*(Target(form, Path(file)) for form, file in zip(bare, files, strict=False)), *found]
    rest = list(dict.fromkeys(bare[len(files) :]))
    if len(rest) > 1:
        raise UsageError(
            f"--format {rest[0]} and --format {rest[1]} cannot share the standard output",
            help=f"Send one to a file: --format {rest[1]}:report.{rest[1]}.",
        )
    return (*found, *(Target(form, None) for form in rest))


_NAMES = tuple(str(form) for form in Format)


def _format(name: str) -> Format:
    try:
        return Format(name.lower())
    except ValueError:
        raise UsageError(f"--format {name}: no such format", help=f"The formats are {', '.join(_NAMES)}.") from None


def _columns() -> int:
    """How wide text is wrapped: to the terminal (or COLUMNS); not at all for a pipe, so that lines can be searched."""
    if not (sys.stdout.isatty() or os.environ.get("COLUMNS")):
        return 0
    import shutil

    return shutil.get_terminal_size().columns
