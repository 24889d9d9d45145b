"""What a page is rendered from, as one hash: equal hashes mean equal pages, byte for byte.

Places in the files of claims and references are left out, since no page shows them: an entry that moved is the same
entry. Pictures and links to other pages are not here either: which a page has is known once it was rendered, and
`rendering.kept` holds them beside this hash.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from operator import attrgetter
from types import NoneType

from kap_content.checking.gate import uses_of
from kap_content.model.finding import Finding
from kap_content.model.page import Page
from kap_content.model.project import Context
from kap_content.rendering.style import Style


@dataclass(frozen=True, slots=True)
class Looks:
    """How the files looked that a check rests on: `pages` by path, those of claims and entries as `data`, and `rest`.

    Nothing is known of them where `rest` is empty. When the data looked as `before`, no claims and references were
    others than those `edited`. They are `settled` where no file changed so shortly before that one more change might
    not show: only then may anybody rely on them later.
    """

    rest: str = ""
    pages: Mapping[str, str] = field(default_factory=dict)
    data: str = ""
    before: str = ""
    edited: frozenset[str] = frozenset()
    settled: bool = False


UNSEEN = Looks()
"""Where nobody looked."""
PLACES = frozenset({"place", "places"})
"""Fields that say where in a file something stands."""


class Inputs:
    """Hashes of the inputs of pages that share a style and the slugs of the site; each claim is hashed once."""

    def __init__(self, style: Style, tool: str, kind: str) -> None:
        looks = (style.csl, sorted(style.templates.items()), style.stylesheet, style.script, style.base_url)
        self._shared = sha256(repr((tool, kind, looks)).encode("utf-8", "surrogatepass")).hexdigest()
        self._told: dict[tuple[str, str], str] = {}
        self._findings: dict[int, tuple[Finding, str]] = {}

    def rests(self, path: str, slug: str, context: Context, findings: Sequence[Finding], looks: Looks) -> str:
        """The hash of how all looks that the page at `path` is made from; empty where that is not known.

        Equal hashes mean that its text, claims, references, records and settings are the same, unread.
        """
        if not looks.rest or path not in looks.pages:
            return ""
        shared = repr((self._shared, context.as_of, context.release, looks.rest, looks.data))
        return _digest([shared, path, slug, looks.pages[path], *(self._of_finding(finding) for finding in findings)])

    def of(
        self, page: Page, context: Context, findings: Sequence[Finding], slug: str, files: Mapping[str, bytes]
    ) -> str:
        """The hash for one page; `files` are the contents of its figures' data."""
        claims, keys = uses_of(page, context)
        settings = context.settings.rules
        parts = [
            self._shared,
            slug,
            page.path,
            page.source,
            repr((context.as_of, context.release, settings.select, settings.ignore, told(settings.per_file))),
            *(self._of("claim", name, context.claims.get(name)) for name in sorted(claims)),
            *(self._of("reference", key, context.references.get(key)) for key in sorted(keys)),
            *(self._of("record", key, context.record(key)) for key in sorted(keys)),
            *(self._of_finding(finding) for finding in findings),
            *(f"{path} {sha256(content).hexdigest()}" for path, content in sorted(files.items())),
        ]
        return _digest(parts)

    def _of_finding(self, finding: Finding) -> str:
        known = self._findings.get(id(finding))
        if known is None or known[0] is not finding:
            self._findings[id(finding)] = known = (finding, repr(finding))
        return known[1]

    def _of(self, kind: str, name: str, value: object) -> str:
        known = self._told.get((kind, name))
        if known is None:
            known = f"{kind} {name} {told(value)!r}"
            self._told[(kind, name)] = known
        return known


def _digest(parts: Iterable[str]) -> str:
    digest = sha256()
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(b"%d:" % len(encoded))
        digest.update(encoded)
    return digest.hexdigest()


def told(value: object) -> object:
    """A value of the model as plain lists, with every field but its places: equal for equal content."""
    if isinstance(value, tuple):
        return [part if type(part) in _PLAIN else told(part) for part in value]
    if isinstance(value, Mapping):
        return [(key, part if type(part) in _PLAIN else told(part)) for key, part in value.items()]
    if is_dataclass(value) and not isinstance(value, type):
        return told(_getter(type(value))(value))
    return value


_PLAIN = frozenset({str, int, bool, NoneType, date})


@cache
def _getter(kind: type) -> Callable[[object], tuple[object, ...]]:
    """What gives the fields of a dataclass, at least two, without its places."""
    names = [field.name for field in fields(kind) if field.name not in PLACES]
    return attrgetter(*names, names[0])
