"""Reading a project by the folder that it is in, as the Python interface and the command line do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from os import PathLike
from pathlib import Path

from kap_content.load.inside import CACHE, find_root
from kap_content.load.project import load_project
from kap_content.load.settings import read_settings
from kap_content.model.errors import ProjectError
from kap_content.model.project import Project
from kap_content.model.record import Record


def open_project(path: str | PathLike[str] = ".") -> Project:
    """Read the project that the folder `path` is in: settings, pages, claims, references and `references.lock`.

    The folder or one above it holds kap.toml (or pyproject.toml with [tool.kap]). No network is used and no file
    written. What is wrong inside a file becomes a finding of `check`. Raises `ProjectError` where there is no project
    or a file that the settings name is missing, `SettingsError` where the settings cannot be used; both are `KapError`.
    """
    start = Path(path)
    if not start.is_dir():
        raise ProjectError(f"{start} is no folder", help="Give the folder that holds kap.toml.")
    root = find_root(start)
    return with_abstracts(load_project(root, read_settings(root)), root)


def with_abstracts(project: Project, root: Path) -> Project:
    """The project with the abstracts that the cache holds for its records."""
    return replace(project, abstracts=cached_abstracts(project.records, root))


def cached_abstracts(records: Mapping[str, Record], root: Path) -> dict[str, str]:
    """The abstracts that the cache holds for these records, by key."""
    if not (root / CACHE).is_dir():
        return {}
    from kap_content.works.abstracts import read_abstracts

    hashes = {key: record.abstract_sha256 for key, record in records.items() if record.abstract_sha256}
    texts = read_abstracts(root / CACHE, hashes.values())
    return {key: texts[value] for key, value in hashes.items() if value in texts}
