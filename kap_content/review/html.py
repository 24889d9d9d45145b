"""Templates for the views of claims, which the desk and the dossier share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from kap_content.rendering.references import DESIGNS
from kap_content.review.words import CERTAINTIES, DECIDED, QUOTES, VERDICTS, counted, in_words, spaced

if TYPE_CHECKING:
    from jinja2 import BaseLoader, Environment

FILTERS: Mapping[str, Callable[..., str]] = {"in_words": in_words, "counted": counted, "spaced": spaced}
GLOBALS: Mapping[str, object] = {
    "certainties": CERTAINTIES,
    "decided": DECIDED,
    "designs": DESIGNS,
    "quotes": QUOTES,
    "verdicts": VERDICTS,
}
"""What the templates know besides the values they are given."""


def loader() -> BaseLoader:
    """The shared templates."""
    from jinja2 import PackageLoader

    return PackageLoader("kap_content.review", "templates")


def equip(environment: Environment) -> None:
    """Give an environment what the shared templates use, and the same strictness."""
    from jinja2 import StrictUndefined

    environment.undefined = StrictUndefined
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.filters.update(FILTERS)
    environment.globals.update(GLOBALS)


@cache
def environment() -> Environment:
    """The environment of the dossier."""
    from jinja2 import Environment

    made = Environment(loader=loader(), autoescape=True)
    equip(made)
    return made


@cache
def static(name: str) -> str:
    """The text of one of the shared static files."""
    return (files("kap_content.review") / "static" / name).read_text("utf-8")
