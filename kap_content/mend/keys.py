"""Citation keys: misspelled ones, and one key in place of another everywhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from kap_content.mend.change import Change, Mend, Suggestion
from kap_content.mend.view import View
from kap_content.model.page import Citation, Page
from kap_content.model.place import Place
from kap_content.startup.regex import regex
from kap_content.works.folding import edits

SHORTEST = 5
"""A name of fewer letters may be another person's after one edit (Chen and Chan, Li and Liu)."""

_TAIL = regex(r"(\d+)([A-Za-z]{0,2})$")


def mend_keys(view: View) -> Iterator[Mend | Suggestion]:
    """Correct each cited key that no entry has where exactly one entry's key is one slip away."""
    context = view.context
    meant: dict[str, tuple[str, ...]] = {}
    for page in context.project.pages:
        for citation in page.citations:
            if citation.key not in context.references:
                yield from _corrected(view, citation.key, citation.place, meant)
    for claim in context.project.claims:
        for item in claim.evidence:
            if item.ref and item.ref not in context.references:
                for found in _corrected(view, item.ref, item.where("ref"), meant):
                    yield _of_claim(found, claim.id)


def _of_claim(found: Mend | Suggestion, claim: str) -> Mend | Suggestion:
    if isinstance(found, Mend):
        return Mend(found.place, found.reason, found.changes, found.references, (claim,))
    return Suggestion(found.place, found.message, found.references, (claim,))


def _corrected(view: View, key: str, place: Place, meant: dict[str, tuple[str, ...]]) -> Iterator[Mend | Suggestion]:
    near = meant.get(key)
    if near is None:
        near = meant[key] = one_slip_away(key, view.context.references)
    if not near:
        return
    if len(near) == 1 and is_certain_slip(key, near[0]):
        change = replaced_key(view, place, key, near[0])
        if change is not None:
            yield Mend(place, f"“{key}” is a slip of “{near[0]}”", (change,), (key, near[0]))
            return
    yield Suggestion(place, f"no entry is called “{key}”; is {' or '.join(near)} meant?", (key, *near))


def one_slip_away(key: str, keys: Iterable[str]) -> tuple[str, ...]:
    """The keys that one edit makes of `key`; letters that differ in case only are no edit."""
    folded = key.casefold()
    same = tuple(other for other in keys if other.casefold() == folded)
    return same or tuple(other for other in keys if edits(folded, other.casefold(), 1) <= 1)


def is_certain_slip(key: str, other: str) -> bool:
    """Whether one edit between two keys cannot tell two works apart.

    It changes neither a year nor the letter behind it, and in a short name it only swaps neighbours or doubles one.
    """
    one, two = key.casefold(), other.casefold()
    if one == two:
        return True
    ours, theirs = _TAIL.search(one), _TAIL.search(two)
    if re.findall(r"\d+", one) != re.findall(r"\d+", two) or (ours and ours[0]) != (theirs and theirs[0]):
        return False
    if sorted(one) == sorted(two):
        return True
    letters = [re.sub(r"[\W\d_]", "", text) for text in (one, two)]
    return letters[0] == letters[1] or undoubled(one) == undoubled(two) or min(map(len, letters)) >= SHORTEST


def undoubled(text: str) -> str:
    """A text with every doubled character once."""
    return re.sub(r"(.)\1", r"\1", text)


def replaced_key(view: View, place: Place, key: str, new: str) -> Change | None:
    """Another key at the place of a citation (`@key`, `@{key}`) or of a `ref` in the claims file; None if unsure."""
    if place.path not in view.sources.texts:
        return None
    start, end = view.sources.span(place)
    written = view.sources.texts[place.path][start:end]
    for before, after in (("@", ""), ("@{", "}"), ("", ""), ('"', '"'), ("'", "'")):
        if written == f"{before}{key}{after}":
            return Change(place.path, start + len(before), end - len(after), new)
    return None


def replaced_everywhere(view: View, key: str, new: str) -> tuple[Change, ...] | str:
    """The changes that put the key `new` for `key` on every page and in every claim, or why they cannot be made."""
    changes: list[Change | None] = []
    for mention in view.context.mentions.get(key, ()):
        change = _cited_beside(view, mention.page, mention.citation, new)
        changes.append(change or replaced_key(view, mention.citation.place, key, new))
    for claim in view.context.project.claims:
        items = [item for item in claim.evidence if item.ref == key]
        if items and any(item.ref == new for item in claim.evidence):
            return f"claim {claim.id} rests on both"
        changes += [replaced_key(view, item.where("ref"), key, new) for item in items]
    for other in view.context.references.values():
        names = ",".join(other.raw.get(name, "") for name in ("crossref", "xref", "related", "xdata", "entryset"))
        if key.casefold() in [name.strip().casefold() for name in names.split(",")]:
            return f"the entry “{other.key}” refers to “{key}”"
    made = tuple(change for change in changes if change is not None)
    return made if len(made) == len(changes) else f"one citation of “{key}” is written in an unusual way"


def _cited_beside(view: View, page: Page, citation: Citation, new: str) -> Change | None:
    """Take `; @key` out where the citation before it in the same brackets is of `new` already."""
    if citation.prefix or citation.locator or citation.suppress_author:
        return None
    for other in page.citations:
        if other.key == new and other.group == citation.group and other.place < citation.place and not other.locator:
            start, end = view.sources.span(other.place)[1], view.sources.span(citation.place)[1]
            between = view.sources.texts[page.path][start : view.sources.span(citation.place)[0]]
            if re.fullmatch(r"\s*;\s*", between):
                return Change(page.path, start, end, "")
    return None
