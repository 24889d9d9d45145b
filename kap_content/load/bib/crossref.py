"""What an entry takes over from the entry that its `crossref` field names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from kap_content.model.reference import Reference

_OWN = frozenset(
    {
        *(
            "crossref",
            "xref",
            "xdata",
            "entryset",
            "ids",
            "key",
            "sortkey",
            "shorttitle",
            "label",
            "execute",
            "options",
        ),
        *("doi", "url", "urldate", "pmid", "pmcid", "eprint", "eprinttype", "archiveprefix", "file"),
        *("abstract", "annote", "annotation", "note", "pages", "related"),
    }
)
"""What describes one work only. BibTeX would hand some of these on as well, but a book's DOI is not its chapter's."""

_PARTS = frozenset({"inproceedings", "conference", "incollection", "inbook", "inreference", "suppbook"})


def inherit(references: Iterable[Reference]) -> tuple[Reference, ...]:
    """Fill in what entries leave to the entry they cross-refer to; doing it twice changes nothing.

    As in BibTeX, a missing field is the parent's field of that name, keys in any case. As in biblatex, a part's
    `booktitle` may be the parent's title, and what identifies the parent alone (DOI, URL, pages ...) is not handed
    on.
    """
    known = tuple(references)
    if not any("crossref" in reference.raw for reference in known):
        return known
    parents: dict[str, Reference] = {}
    for reference in known:
        parents.setdefault(reference.key.lower(), reference)
    return tuple(_filled(reference, parents) for reference in known)


def _filled(reference: Reference, parents: Mapping[str, Reference]) -> Reference:
    seen = {reference.key.lower()}
    child = reference
    parent = parents.get(reference.raw.get("crossref", "").lower())
    while parent is not None and parent.key.lower() not in seen:
        seen.add(parent.key.lower())
        child = _child(child, parent)
        parent = parents.get(parent.raw.get("crossref", "").lower())
    return child


def _child(child: Reference, parent: Reference) -> Reference:
    raw = {name: value for name, value in parent.raw.items() if name not in _OWN and name not in child.raw}
    fields = {name: parent.fields[name] for name in raw}
    if child.type in _PARTS and "booktitle" not in child.raw and "booktitle" not in raw and "title" in parent.raw:
        raw["booktitle"], fields["booktitle"] = parent.raw["title"], parent.fields["title"]
    if child.type in _PARTS and "booktitle" in raw and "title" in raw:
        # The parent's title has become the book's; the part itself still lacks one.
        del raw["title"], fields["title"]
    return replace(
        child,
        raw={**child.raw, **raw},
        fields={**child.fields, **fields},
        authors=parent.authors if "author" in raw else child.authors,
        editors=parent.editors if "editor" in raw else child.editors,
        and_others=parent.and_others if "author" in raw else child.and_others,
    )
