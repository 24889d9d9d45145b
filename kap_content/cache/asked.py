"""What a check is asked for, and what it then runs over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kap_content.model.project import Project
from kap_content.model.settings import Settings
from kap_content.model.shard import WHOLE, Shard
from kap_content.rules._rule import Rule

if TYPE_CHECKING:
    from kap_content.cache.facts import Texts  # it loads the parser of pages: not where nothing is staged


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be checked, and how.

    `tool` changes with the tool's own files; without it nothing is kept. `source` is the folder that is read, where it
    is not `root`, whose cache and local full texts are used (staged content is unpacked elsewhere). With a `shard` only
    its pages are judged; of the others the first shard has the outlines, the rest nothing.
    """

    root: Path
    settings: Settings
    as_of: date
    release: bool = False
    tool: str = ""
    source: Path | None = None
    shard: Shard = WHOLE

    @property
    def folder(self) -> Path:
        """The folder that is read."""
        return self.source or self.root


@dataclass(frozen=True, slots=True)
class Kept:
    """A project, and the rules that run over it, which answer from memory where they can.

    `save` keeps what they found anew. By scope and name `notes` tells (as JSON) what they looked at to judge each page,
    claim and entry, and `until` the last day (ISO) on which the same is found, both as far as that is known. All three
    are called when they have run. `outlines` (JSON) are those of known pages, `texts` the data files.
    """

    project: Project
    rules: tuple[Rule, ...]
    save: Callable[[], None] = lambda: None
    notes: Callable[[], Mapping[tuple[str, str], str]] = dict
    until: Callable[[], Mapping[tuple[str, str], str]] = dict
    outlines: Mapping[str, str] = field(default_factory=dict)
    texts: Texts | None = None
