"""A page of which only the outline is at hand: its head, marks, citations, figures and suppressions.

That is what the rules about the whole project look at. The text and its blocks are read when somebody asks for them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, fields
from sys import intern
from typing import cast

from kap_content.cache.plain import Codec, Codecs, Plain, codec
from kap_content.load.page import parse_page
from kap_content.model.errors import KapError
from kap_content.model.finding import Problem
from kap_content.model.page import Citation, ClaimMark, Figure, FrontMatter, NumberMark, Page, Suppression
from kap_content.model.place import Place


class PageChangedError(KapError):
    """A page was written while the project was checked: what is known of it is no longer true."""


@dataclass(frozen=True, slots=True)
class Outline:
    """What is kept of a page; the names are those of `Page`."""

    meta: FrontMatter
    marks: tuple[ClaimMark, ...]
    citations: tuple[Citation, ...]
    numbers: tuple[NumberMark, ...]
    figures: tuple[Figure, ...]
    suppressions: tuple[Suppression, ...]
    problems: tuple[Problem, ...]


def _place(plain: Plain) -> Place:
    path, *numbers = cast("tuple[str, int, int, int, int]", plain)
    return Place(intern(path), *numbers)  # a page has some hundred places: they share its path


_CODECS = Codecs({Place: Codec(codec(Place).write, _place)})
_NAMES = tuple(field.name for field in fields(Outline))
_REST = frozenset(field.name for field in fields(Page)) - {"path", *_NAMES}


def written_outline(page: Page) -> Plain:
    """The outline of a page as JSON can hold it."""
    return _CODECS.of(Outline).write(Outline(*(getattr(page, name) for name in _NAMES)))


class KnownPage(Page):
    """A page by its outline; all else is read on demand, by `_text`, and must be what the outline was made of."""

    __slots__ = ("_text",)
    _text: Callable[[], str]

    def __getattr__(self, name: str) -> object:
        if name not in _REST:
            raise AttributeError(name)
        text = self._text()
        if name == "source":
            object.__setattr__(self, "source", text)
            return text
        whole = parse_page(self.path, text)
        for missing in _REST:
            object.__setattr__(self, missing, getattr(whole, missing))
        return object.__getattribute__(self, name)


def known_page(path: str, outline: Plain, content: str | None, read: Callable[[str], str]) -> Page:
    """The page at `path` by its outline. `content` is the hash of its text, `read` gives the text by the path.

    Without `content` somebody else sees to it that the text is still the same.
    """

    def text() -> str:
        found = read(path)
        if content is not None and content_hash(found) != content:
            raise PageChangedError(f"{path} was changed while it was checked", help="Run it again.")
        return found

    page = object.__new__(KnownPage)
    object.__setattr__(page, "path", path)
    object.__setattr__(page, "_text", text)
    known = _CODECS.of(Outline).read(outline)
    for name in _NAMES:
        object.__setattr__(page, name, getattr(known, name))
    return page


def content_hash(text: str) -> str:
    """The hash of a page's text, by which it is known again."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
