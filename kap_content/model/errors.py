"""What can stop a run. Everything else that is wrong with a project is a finding.

KapError            a message for the user, with the place at fault where there is one; exit code 2
├── SettingsError   kap.toml or [tool.kap] cannot be used
├── ProjectError    no project here, or a file of it cannot be read at all
└── UsageError      the command line asks for what does not exist
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kap_content.model.place import Place


class KapError(Exception):
    """The base of all errors that end a run with one clear line."""

    def __init__(self, message: str, place: Place | None = None, help: str = "") -> None:  # noqa: A002 - as in Finding
        super().__init__(message)
        self.message = message
        self.place = place
        self.help = help

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


class SettingsError(KapError):
    """The settings cannot be used."""


class ProjectError(KapError):
    """There is no project, or a file of it cannot be read at all."""


class UsageError(KapError):
    """The command line asks for something that does not exist."""
