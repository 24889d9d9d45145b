"""What a shell offers for the names of a project: ids of claims, keys of references, codes of rules.

Whatever is wrong with the project, nothing is offered then and nothing is said: somebody is in the middle of a line.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from kap_content.model.errors import KapError

if TYPE_CHECKING:
    from kap_content.model.settings import Settings

Offers = list[tuple[str, str]]
"""Names, each with a few words on it."""


def claims(context: typer.Context, incomplete: str) -> Offers:
    """The ids of the project's claims, with their wording."""
    found = _project(context)
    if found is None:
        return []
    from kap_content.load.project import read_claims

    return _beginning(incomplete, ((claim.id, claim.match_text) for claim in read_claims(*found)[0]))


def keys(context: typer.Context, incomplete: str) -> Offers:
    """The keys of the project's bibliography, with the titles."""
    found = _project(context)
    if found is None:
        return []
    from kap_content.load.project import read_references

    return _beginning(incomplete, ((entry.key, entry.get("title")) for entry in read_references(*found)[0]))


def claims_and_keys(context: typer.Context, incomplete: str) -> Offers:
    """Both."""
    return [*claims(context, incomplete), *keys(context, incomplete)]


def rules(incomplete: str) -> Offers:
    """The codes and names of the rules; of several parted by commas the last is completed."""
    from kap_content.rules._rule import all_rules

    before, comma, last = incomplete.rpartition(",")
    found = [(rule.code, rule.name) for rule in all_rules()] + [(rule.name, rule.code) for rule in all_rules()]
    return [(f"{before}{comma}{name}", about) for name, about in _beginning(last, found)]


def schemas() -> list[str]:
    """The names of the schemas."""
    from kap_content.load.schema import NAMES

    return [*NAMES, "report"]


def _project(context: typer.Context) -> tuple[Path, Settings] | None:
    from kap_content.load.inside import find_root
    from kap_content.load.settings import read_settings

    given = context.params.get("project") or (context.parent.params.get("project") if context.parent else None)
    try:
        root = find_root(Path(given) if given else Path.cwd())
        return root, read_settings(root)
    except (KapError, OSError):
        return None


def _beginning(incomplete: str, offers: Iterable[tuple[str, str]]) -> Offers:
    """Those that begin with what is typed, in either case."""
    wanted = incomplete.casefold()
    return [(name, " ".join(about.split())) for name, about in offers if name.casefold().startswith(wanted)]
