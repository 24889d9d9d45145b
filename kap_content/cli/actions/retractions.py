"""`kap retractions import`: the user's download of the Retraction Watch data."""

from __future__ import annotations

from pathlib import Path

from kap_content.cli.given import Globals
from kap_content.cli.session import open_project
from kap_content.load.inside import CACHE
from kap_content.registries.retraction_watch import import_csv


def import_file(options: Globals, file: Path) -> int:
    """Read the file into the project's cache; a `UsageError` where it is no such file."""
    root, _ = open_project(options)
    count = import_csv(file, root / CACHE)
    options.say(f"{count:,} rows of Retraction Watch are in {CACHE}; kap lock brings them into references.lock.")
    return 0
