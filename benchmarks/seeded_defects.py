"""Entries of real works with one defect each, and the records a registry would give for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from random import Random

from written_entries import Work, bibtex, entry_type, fields_of, journal, persons, texts, years

from kap_content.model.record import Record, Source, State
from kap_content.registries.crossref import parse
from kap_content.works.agreement import Agreement
from kap_content.works.doi import normalise_doi
from kap_content.works.journals import compare
from kap_content.works.names import same_family
from kap_content.works.pages import read_pages
from kap_content.works.years import accepted_years

AS_OF = date(2026, 11, 22)

Fields = dict[str, str]
Update = Callable[[dict[str, object], Work], bool]


@dataclass(frozen=True)
class Case:
    """One entry as BibTeX text, its key, and the record of its DOI."""

    text: str
    key: str
    record: Record


def record_of(work: Work, asked: str = "") -> Record:
    """The record as the adapter reads it, dated today."""
    found = parse(work, normalise_doi(asked) if asked else "")
    return replace(found.record, sources=(Source("crossref", AS_OF),))


def absent(doi: str) -> Record:
    """What the lock holds of a DOI that does not exist."""
    return Record("", State.ABSENT, (Source("doi", AS_OF),), asked=normalise_doi(doi))


class Bench:
    """The works, and the entries made of them. One source of chance, so that a run can be repeated."""

    def __init__(self, works: list[Work], seed: int = 20261122) -> None:
        self.works = works
        self.by_doi = {normalise_doi(str(work["DOI"])): work for work in works}
        self.chance = Random(seed)
        self._places = {id(work): place for place, work in enumerate(works)}

    def clean(self, copies: int) -> Iterator[Case]:
        """Entries without defect, `copies` of each work, each in other habits."""
        for number, work in enumerate(self.works * copies):
            fields = fields_of(work, self.chance)
            yield self._case(number, work, fields, self.answer(fields["doi"]))

    def made(self, change: Callable[[Work, Fields], bool]) -> Iterator[Case]:
        """One case of every work that `change` applies to: the entry is wrong, the registry right."""
        for number, work in enumerate(self.works):
            fields = fields_of(work, self.chance)
            if change(work, fields):
                yield self._case(number, work, fields, self.answer(fields["doi"]))

    def told(self, update: Update) -> Iterator[Case]:
        """One case of every work whose metadata `update` changes: the entry is right, the work's status is not."""
        for number, work in enumerate(self.works):
            changed = dict(work)
            if update(changed, self.chance.choice(self.works)):
                yield self._case(number, work, fields_of(work, self.chance), record_of(changed))

    def answer(self, doi: str) -> Record:
        """What the registry says of a DOI: one of the works, or that it does not exist."""
        work = self.by_doi.get(normalise_doi(doi))
        return record_of(work, doi) if work is not None else absent(doi)

    def _case(self, number: int, work: Work, fields: Mapping[str, str], record: Record) -> Case:
        key = f"entry{number}"
        return Case(bibtex(entry_type(work), key, fields, latex=self.chance.random() < 0.5), key, record)

    # ------------------------------------------------------- each seeds one defect, and says whether it applies

    def another_doi(self, work: Work, fields: Fields) -> bool:
        """The DOI of a work chosen at random; both have a title and an author."""
        return self._borrowed_doi(work, fields, self.chance.choice(self.works))

    def neighbour_doi(self, work: Work, fields: Fields) -> bool:
        """The DOI of another work in the same journal."""
        place, name = self._places[id(work)], texts(work, "container-title")
        near = self.works[max(0, place - 20) : place + 20]
        others = [other for other in near if other is not work and texts(other, "container-title") == name]
        return bool(others) and self._borrowed_doi(work, fields, self.chance.choice(others))

    @staticmethod
    def _borrowed_doi(work: Work, fields: Fields, other: Work) -> bool:
        fields["doi"] = str(other["DOI"])
        ours, theirs = persons(work), persons(other)
        named = bool(fields["author"]) and not fields["author"].startswith("{") and any(given for _, given in theirs)
        titled = bool(texts(work, "title") and texts(other, "title"))
        apart = not any(same_family(one, two) for one, _ in ours[:1] for two, _ in theirs)
        return other is not work and named and titled and apart

    def same_author_doi(self, work: Work, fields: Fields) -> bool:
        """The DOI of another work by the same first author: the title alone can tell."""
        ours = persons(work)
        place = self._places[id(work)]
        near = self.works[max(0, place - 300) : place + 300]
        others = [
            other for other in near if other is not work and persons(other)[:1] == ours[:1] and texts(other, "title")
        ]
        others = [other for other in others if texts(other, "title") != texts(work, "title")]
        if not ours or not others or not texts(work, "title"):
            return False
        fields["doi"] = str(self.chance.choice(others)["DOI"])
        return True

    def wrong_digit(self, _: Work, fields: Fields) -> bool:
        """One digit of the DOI's suffix replaced, so that no such DOI exists."""
        doi = fields["doi"]
        places = [place for place in range(doi.rindex("/"), len(doi)) if doi[place].isdigit()]
        if not places:
            return False
        place = self.chance.choice(places)
        digit = self.chance.choice([digit for digit in "0123456789" if digit != doi[place]])
        fields["doi"] = doi[:place] + digit + doi[place + 1 :]
        return normalise_doi(fields["doi"]) not in self.by_doi

    def wrong_year(self, by: int) -> Callable[[Work, Fields], bool]:
        """A year `by` years off the one chosen, where that is not another accepted year."""

        def change(work: Work, fields: Fields) -> bool:
            if not years(work) or not fields["year"]:
                return False
            year = int(fields["year"]) + self.chance.choice((-by, by))
            fields["year"] = str(year)
            return year not in accepted_years(record_of(work))

        return change

    def wrong_author(self, work: Work, fields: Fields) -> bool:
        """The first author of another work in place of the first; the others stay."""
        ours, theirs = persons(work), persons(self.chance.choice(self.works))
        if not ours or not theirs or not ours[0][1] or not theirs[0][1] or not fields["author"]:
            return False
        fields["author"] = " and ".join(f"{family}, {given}".rstrip(", ") for family, given in (theirs[0], *ours[1:]))
        return not any(same_family(theirs[0][0], family) for family, _ in ours)

    def invented_authors(self, work: Work, fields: Fields) -> bool:
        """The true first author with three co-authors of other works."""
        ours = persons(work)
        strangers = [persons(self.chance.choice(self.works))[:1] for _ in range(3)]
        names = [name for found in strangers for name in found if name[1]]
        if len(ours) < 4 or len(names) < 3 or not ours[0][1]:
            return False
        fields["author"] = " and ".join(f"{family}, {given}" for family, given in (ours[0], *names))
        return not any(same_family(one, two) for one, _ in names for two, _ in ours)

    def wrong_journal(self, work: Work, fields: Fields) -> bool:
        """The journal of another work."""
        other = self.chance.choice(self.works)
        names = texts(work, "container-title")
        if work.get("type") != "journal-article" or other.get("type") != "journal-article" or not names:
            return False
        fields["journal"] = journal(other, self.chance)
        known = [*names, *texts(work, "short-container-title")]
        apart = (compare(one, two) is Agreement.DIFFERENT for one in texts(other, "container-title") for two in known)
        return bool(fields["journal"]) and all(apart)

    def swapped(self, work: Work, fields: Fields) -> bool:
        """Volume and pages the wrong way round."""
        volume, pages = fields["volume"], fields["pages"]
        fields["volume"], fields["pages"] = pages, volume
        first = read_pages(str(work.get("page") or ""))
        return bool(volume and pages) and first is not None and volume not in (first.first, pages)


# ------------------------------------------------------------------ each changes what the registry says of a work


def notice(kind: str) -> Update:
    """A notice of `kind` was published, as Crossref gives it; retractions and concerns by Retraction Watch as well."""

    def update(work: dict[str, object], other: Work) -> bool:
        said = {"DOI": other["DOI"], "type": kind, "label": kind.title(), "source": "publisher", "record-id": ""}
        told = {**said, "updated": {"date-parts": [[2024, 5, 6]]}}
        twin = {**said, "updated": {"date-parts": [[2024, 5, 1]]}, "source": "retraction-watch", "record-id": "12"}
        work["updated-by"] = [told, twin] if kind in ("retraction", "expression_of_concern") else [told]
        return True

    return update


def titled(work: dict[str, object], _: Work) -> bool:
    """Only the registered title says that the work was retracted. Notices among the works are left out."""
    titles = texts(work, "title")
    work["title"] = [f"RETRACTED: {titles[0]}"] if titles else []
    return bool(titles) and "update-to" not in work and not titles[0].startswith("Retracted")


def preprint(work: dict[str, object], other: Work) -> bool:
    """The work is posted content with a link to the published article. Blog posts are left out."""
    link = {"id-type": "doi", "id": other["DOI"], "asserted-by": "subject"}
    blog = work["type"] == "posted-content" and work.get("subtype") != "preprint"
    work.update({"type": "posted-content", "subtype": "preprint", "relation": {"is-preprint-of": [link]}})
    return not blog


def is_notice(work: dict[str, object], other: Work) -> bool:
    """The work is a correction of another."""
    updated = {"date-parts": [[2024]]}
    work["update-to"] = [{"DOI": other["DOI"], "type": "correction", "label": "Correction", "updated": updated}]
    return other["DOI"] != work["DOI"]
