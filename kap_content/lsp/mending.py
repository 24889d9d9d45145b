"""What can be changed at a place: the certain mends of `kap fix`, and what a misspelt id or key may have meant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from kap_content.language.wording import nearest_few
from kap_content.load.text import unify_line_ends
from kap_content.lsp.desk import View
from kap_content.mend.change import Change, Mend, Suggestion
from kap_content.mend.fix import fix, found, is_certain
from kap_content.mend.sources import Sources
from kap_content.mend.stored import read_sources
from kap_content.mend.view import View as MendView
from kap_content.model.finding import Finding
from kap_content.model.place import Place
from kap_content.model.project import Context

MISSPELT = {"CLM007", "REF002"}
"""The rules on ids and keys that nothing has; what was meant may be near."""


@dataclass(frozen=True, slots=True)
class Action:
    """Changes that a person may choose, all of them together."""

    title: str
    changes: tuple[Change, ...]
    is_preferred: bool = False


@dataclass
class Mending:
    """The mends of one view: found when they are first asked for, and each tried once."""

    view: View
    _tried: dict[Mend, bool] = field(default_factory=dict)

    @cached_property
    def sources(self) -> Sources:
        """The texts that the changes are made on."""
        return read_sources(self.view.root, self.view.context.settings, typed=self.view.texts)

    @cached_property
    def _view(self) -> MendView:
        return MendView(self.view.context, self.sources, self.view.outcome.findings)

    @cached_property
    def _mends(self) -> tuple[Mend, ...]:
        return found(self._view)

    def at(self, path: str, first: int, last: int) -> tuple[Action, ...]:
        """The actions for the lines `first` to `last` (from 1) of a file: certain mends, then near names."""
        mends = [mend for mend in self._mends if self._touches(mend, path, first, last) and self._is_certain(mend)]
        actions = [Action(f"Mend: {mend.reason}", mend.changes, is_preferred=True) for mend in mends]
        done = {change for mend in mends for change in mend.changes}
        for finding in self.view.outcome.findings:
            place = finding.place
            if place.path == path and place.line <= last and first <= place.end_line and path in self.sources.texts:
                actions += (item for item in self._near(finding) if not done.issuperset(item.changes))
        return tuple(actions)

    def whole(self, path: str) -> str | None:
        """A file's text with everything mended that is certain and changes no other file; None where nothing is."""

        def wanted(item: Mend | Suggestion, _context: Context) -> bool:
            return isinstance(item, Mend) and item.paths == {path}

        if path not in self.sources.texts:
            return None
        text = fix(self.view.context, self.sources, wanted).sources.texts[path]
        return text if text != self.sources.texts[path] else None

    def _is_certain(self, mend: Mend) -> bool:
        if mend not in self._tried:
            self._tried[mend] = is_certain(self._view, mend)
        return self._tried[mend]

    def _touches(self, mend: Mend, path: str, first: int, last: int) -> bool:
        """Whether a mend is about these lines: it is told of there, or changes something there."""
        place = mend.place
        if place.path == path and place.line <= last and first <= place.end_line:
            return True
        if path not in mend.paths:
            return False
        lines = self.sources.lines(path)
        return any(
            lines.line_of(change.start) <= last and first <= lines.line_of(change.end)
            for change in mend.changes
            if change.path == path
        )

    def _near(self, finding: Finding) -> Iterator[Action]:
        lines = unify_line_ends(self.sources.texts[finding.place.path]).split("\n")
        for number, (place, name) in enumerate(meant(finding, lines, self.view.context)):
            start, end = self.sources.span(place)
            yield Action(f"Change to {name}", (Change(place.path, start, end, name),), is_preferred=number == 0)


def meant(finding: Finding, lines: Sequence[str], context: Context) -> tuple[tuple[Place, str], ...]:
    """Where a misspelt id or key stands, and what may have been meant, the likeliest first."""
    wrong = finding.claim if finding.code == "CLM007" else finding.reference
    if finding.code not in MISSPELT or not wrong:
        return ()
    known = context.claims if finding.code == "CLM007" else context.references
    for number in range(finding.place.line, min(finding.place.end_line, len(lines)) + 1):
        start = finding.place.column - 1 if number == finding.place.line else 0
        column = lines[number - 1].find(wrong, start) + 1
        if column:
            place = Place(finding.place.path, number, column, number, column + len(wrong))
            return tuple((place, name) for name in nearest_few(wrong, known))
    return ()
