"""What every mend looks at: the context, what the rules found in it, and the texts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from kap_content.mend.entry import EntryText, entry_text
from kap_content.mend.sources import Sources
from kap_content.model.finding import Finding
from kap_content.model.project import Context
from kap_content.model.reference import Reference


@dataclass(frozen=True, slots=True)
class View:
    """A project that was checked, with its texts. `findings` are those that no suppression or setting holds back."""

    context: Context
    sources: Sources
    findings: tuple[Finding, ...]
    _entries: dict[str, EntryText | None] = field(default_factory=dict, compare=False, repr=False)

    def entry(self, reference: Reference) -> EntryText | None:
        """The entry's text, or None where it is not changed here."""
        if reference.key not in self._entries:
            self._entries[reference.key] = entry_text(self.sources, reference)
        return self._entries[reference.key]

    def sound(self) -> Iterator[Reference]:
        """The entries that were read whole, each key's first."""
        broken = {problem.reference.casefold() for problem in self.context.project.problems if problem.code == "REF011"}
        for key, reference in self.context.references.items():
            if key.casefold() not in broken:
                yield reference

    def found(self, code: str) -> Iterator[Finding]:
        """The findings of one rule."""
        return (finding for finding in self.findings if finding.code == code)
