"""Files that a page shows: where they are in the project, and under what name they go beside the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from kap_content.load.addresses import resolve
from kap_content.model.errors import KapError
from kap_content.model.page import Page
from kap_content.model.place import Place

IMAGES = frozenset({".avif", ".gif", ".jpeg", ".jpg", ".png", ".svg", ".webp"})


@dataclass(slots=True)
class Assets:
    """The files of one page. `files` holds the contents of those that were read for it, by project path."""

    page: Page
    files: Mapping[str, bytes]
    copied: dict[str, str] = field(default_factory=dict)
    """Project path of each image that is shown, to its path in the page's folder."""
    links: dict[str, str] = field(default_factory=dict)
    """Project path of each file that is linked to, to the slug of the page that it is the source of, or to nothing."""

    def resolve(self, address: str) -> str | None:
        """The project path that a page's relative address names; None where it leads out of the project."""
        return resolve(self.page.path, address)

    def slug_of(self, address: str, pages: Mapping[str, str]) -> str:
        """The slug of the page whose source the relative `address` names; empty where there is none."""
        path = self.resolve(address)
        if path is None:
            return ""
        self.links[path] = pages.get(path, "")
        return self.links[path]

    def data(self, address: str, place: Place) -> tuple[str, bytes]:
        """The project path and the contents of a data file."""
        path = self.resolve(address)
        if path is None:
            raise KapError(f"The figure's data “{address}” lies outside the project", place)
        if path not in self.files:
            raise KapError(f"The figure's data file {path} does not exist", place, help="It stands beside the page.")
        return path, self.files[path]

    def image(self, address: str) -> str | None:
        """The address under which the page shows an image of the project; None where it may not be shown."""
        path = self.resolve(address)
        if path is None or PurePosixPath(path).suffix.lower() not in IMAGES:
            return None
        if path not in self.copied:
            self.copied[path] = self._free_name(PurePosixPath(path).name)
        return self.copied[path]

    def _free_name(self, name: str) -> str:
        stem, suffix = PurePosixPath(name).stem, PurePosixPath(name).suffix
        wanted, count = f"figures/{name}", 1
        while wanted in self.copied.values():
            count += 1
            wanted = f"figures/{stem}-{count}{suffix}"
        return wanted
