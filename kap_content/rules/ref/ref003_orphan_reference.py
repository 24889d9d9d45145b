"""REF003: an entry that nothing cites."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kap_content.model.finding import Severity
from kap_content.model.project import Context, ReferenceGroups
from kap_content.model.reference import Reference
from kap_content.rules._rule import Hit, reference_rule
from kap_content.works.uses import called, evidence_by_reference, figures_by_reference

_HELPERS = frozenset({"xdata", "set"})
_LINKS = ("crossref", "xref", "xdata", "entryset", "related")


@reference_rule("REF003", "orphan-reference", Severity.WARNING)
def orphan_reference(reference: Reference, context: Context) -> Iterator[Hit]:
    """An entry of the bibliography is cited by no claim and no page.

    An entry to which another one cross-refers is used by it. A key defined twice counts once.

    Why: a source that is listed and not used suggests support that the page does not claim, and nobody will notice when
    it is retracted.

    Fix: cite it where it carries a statement, or delete the entry.

    Example:
        `references.bib` holds `taylor2018`; no claim has `ref: taylor2018` and no page says `[@taylor2018]`.
    """
    key = reference.key
    if (
        key in context.mentions
        or key in context.index(evidence_by_reference)
        or key in context.index(figures_by_reference)
    ):
        return
    if key.casefold() in context.index(_linked) or reference.type in _HELPERS:
        return
    yield Hit(
        reference.place,
        f"{called(reference)} is in the bibliography, but no claim and no page cites it",
        help=f"Cite it ([@{key}] on a page, or ref: {key} in a claim's evidence), or delete the entry.",
        reference=key,
        about="orphan",
    )


@ReferenceGroups
def _linked(reference: Reference) -> Iterable[tuple[str, str]]:
    """By key, in lower case, the entries that cross-refer to it."""
    keys = (key for name in _LINKS for key in reference.raw.get(name, "").split(","))
    return ((key.strip().casefold(), reference.key) for key in keys)
