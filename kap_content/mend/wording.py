"""Marked passages that differ from the approved wording by a slip of the keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

from kap_content.language.wording import normalise_wording, word_difference
from kap_content.mend.change import Change, Mend, Suggestion
from kap_content.mend.view import View
from kap_content.model.claim import Claim
from kap_content.model.page import ClaimMark, Page
from kap_content.startup.regex import regex
from kap_content.works.folding import edits

_WORD = regex(r"\S+")
_MARKUP = regex(r"[*_\[\]{}<>`@\\&~^|$#!]")
_DIGIT = regex(r"\d")
MOST_SLIPS = 2
"""So many words of a passage may hold a slip; more is another wording."""
LIKE = 0.8
"""From this likeness (of words) on, a wording that is not restored is at least suggested."""


def mend_wording(view: View) -> Iterator[Mend | Suggestion]:
    """Restore the approved wording where a marked passage differs from it by a letter, its case or its punctuation."""
    drifted = {(finding.place, finding.claim) for finding in view.found("CLM002")}
    for page in view.context.project.pages:
        for mark in page.marks:
            claim = view.context.claims.get(mark.claim)
            if claim is not None and (mark.place, mark.claim) in drifted:
                yield from _restored(view, page, mark, claim)


def _restored(view: View, page: Page, mark: ClaimMark, claim: Claim) -> Iterator[Mend | Suggestion]:
    wordings = [wording for wording in (claim.match_text, *claim.variations) if wording]
    slips = [found for wording in wordings if (found := slips_between(mark.text, wording)) is not None]
    if len(slips) == 1:
        changes = _changes(view, page, mark, slips[0])
        if changes is not None:
            told = "; ".join(f"“{mark.text[start:end]}” is “{new}”" for start, end, new in slips[0])
            reason = f"the approved wording of {claim.id} is restored: {told}"
            yield Mend(mark.place, reason, changes, claims=(claim.id,))
            return
    near = max(wordings, key=lambda wording: _likeness(wording, mark.text))
    if slips or _likeness(near, mark.text) >= LIKE:
        difference = word_difference(near, mark.text)
        message = (
            f"restore the approved wording of {claim.id} (approved → page), or have this one approved: {difference}"
        )
        yield Suggestion(mark.place, message, claims=(claim.id,))


def slips_between(written: str, approved: str) -> list[tuple[int, int, str]] | None:
    """The words of `written` that are slips of the approved ones, as (start, end, approved word); None if it is more.

    A slip is one edit within a word (a swap of neighbours counts as one), another case, or other punctuation; never a
    digit. Words missing, added or moved are another wording.
    """
    ours, theirs = list(_WORD.finditer(written)), _WORD.findall(approved)
    if len(ours) != len(theirs):
        return None
    found = []
    for ours_word, word in zip(ours, theirs, strict=True):
        left, right = normalise_wording(ours_word[0]), normalise_wording(word)
        if left == right:
            continue
        if _DIGIT.findall(left) != _DIGIT.findall(right) or _is_other_word(left, right):
            return None
        found.append((*ours_word.span(), word))
    if found and found[-1][1] == len(written) and written.endswith(".") != approved.endswith("."):
        start, end, word = found[-1]
        # A final full stop counts on neither side: the page's is kept as it is.
        word = f"{word}." if written.endswith(".") else word.removesuffix(".")
        if normalise_wording(word) == normalise_wording(written[start:end]):
            found.pop()
        else:
            found[-1] = (start, end, word)
    return found if 0 < len(found) <= MOST_SLIPS else None


_OPPOSITE = frozenset({"not", "no", "nor", "non", "un", "in", "without", "with", "now", "none", "never", "ever"})
_BARE = regex(r"^\W+|\W+$")


def _is_other_word(left: str, right: str) -> bool:
    """Whether two words differ by more than a slip."""
    one, other = _BARE.sub("", left).casefold(), _BARE.sub("", right).casefold()
    if one == other:
        return False
    if {one, other} & _OPPOSITE or min(len(one), len(other)) < _SHORT:
        return True
    return edits(one, other, 1) > 1


_SHORT = 3
"""In a word of fewer letters one edit makes another word."""


def _likeness(wording: str, written: str) -> float:
    left, right = normalise_wording(wording).split(), normalise_wording(written).split()
    return SequenceMatcher(None, left, right, autojunk=False).ratio()


def _changes(view: View, page: Page, mark: ClaimMark, slips: list[tuple[int, int, str]]) -> tuple[Change, ...] | None:
    """The slips as changes of the page; None where markup stands inside one of the words."""
    block = page.blocks[mark.block]
    changes = []
    for start, end, word in slips:
        low, high = view.sources.span(block.at(mark.start + start, mark.start + end))
        if view.sources.texts[page.path][low:high] != mark.text[start:end] or _MARKUP.search(word):
            return None
        changes.append(Change(page.path, low, high, word))
    return tuple(changes)
