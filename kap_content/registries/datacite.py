"""DataCite: data sets, preprint servers, theses. Works by DOI, in lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kap_content.model.dates import PartialDate
from kap_content.model.record import Record, Relation, RelationKind, State
from kap_content.model.reference import Name
from kap_content.registries._answer import Found, Listed, Listing, Refused, Unchecked
from kap_content.registries._http import Answer, Ask, Failure, GarbageError, Network, read_json
from kap_content.registries._text import date_of_text, make_date, mapping, mappings, plain_text, strings, text_of

BATCH = 25
SERVICE = "DataCite"

_OK, _BAD_REQUEST = 200, 400
_ARXIV = "10.48550/arxiv."
_TYPES = {
    "journalarticle": "journal-article",
    "preprint": "posted-content",
    "dataset": "dataset",
    "dissertation": "dissertation",
    "book": "book",
    "bookchapter": "book-chapter",
    "conferencepaper": "proceedings-article",
    "report": "report",
    "software": "software",
    "peerreview": "peer-review",
    "standard": "standard",
}
_RELATIONS = {
    "isnewversionof": RelationKind.PREVIOUS_VERSION,
    "obsoletes": RelationKind.PREVIOUS_VERSION,
    "ispreviousversionof": RelationKind.NEW_VERSION,
    "isobsoletedby": RelationKind.NEW_VERSION,
}


def parse(item: Mapping[str, object], asked: str = "") -> Found:
    """One element of `data` as a record."""
    work = mapping(item.get("attributes"))
    doi = (text_of(work.get("doi")) or text_of(item.get("id"))).lower()
    titles = mappings(work.get("titles"))
    main = [plain_text(title.get("title")) for title in titles if not title.get("titleType")]
    subtitles = [plain_text(title.get("title")) for title in titles if title.get("titleType") == "Subtitle"]
    every = strings([title.get("title") for title in titles])
    title = next(iter(main), "") or next((text for text in every if text not in subtitles), "")
    subtitle = next(iter(subtitles), "")
    container = mapping(work.get("container"))
    issued, online = _dates(work)
    record = Record(
        key="",
        state=State.FOUND,
        asked=asked or doi,
        answered=doi,
        agency="datacite",
        title=title,
        subtitle=subtitle,
        other_titles=tuple(text for text in every if text not in (title, subtitle)),
        authors=tuple(_authors(work.get("creators"))),
        containers=strings(container.get("title")),
        issn=strings(container.get("identifier")) if container.get("identifierType") == "ISSN" else (),
        publisher=text_of(work.get("publisher")) or text_of(mapping(work.get("publisher")).get("name")),
        type=_type(work, doi),
        issued=issued,
        online=online,
        volume=text_of(container.get("volume")),
        issue=text_of(container.get("issue")),
        pages="-".join(
            text for text in (text_of(container.get("firstPage")), text_of(container.get("lastPage"))) if text
        ),
        keywords=strings([subject.get("subject") for subject in mappings(work.get("subjects"))]),
        relations=tuple(dict.fromkeys(_relations(work, doi))),
    )
    return Found(record, _abstract(work))


def parse_list(payload: object, asked: Sequence[str]) -> dict[str, Found]:
    """The works of a list answer by the DOI asked for."""
    wanted = {doi.lower(): doi for doi in asked}
    found: dict[str, Found] = {}
    for item in mappings(mapping(payload).get("data")):
        doi = wanted.get((text_of(mapping(item.get("attributes")).get("doi")) or text_of(item.get("id"))).lower())
        if doi is not None:
            found[doi] = parse(item, doi)
    return found


def _type(work: Mapping[str, object], doi: str) -> str:
    if doi.startswith(_ARXIV):
        return "posted-content"
    types = mapping(work.get("types"))
    for name in ("resourceTypeGeneral", "resourceType"):
        kind = _TYPES.get(text_of(types.get(name)).replace(" ", "").lower())
        if kind:
            return kind
    return {"article-journal": "journal-article"}.get(text_of(types.get("citeproc")), "other")


def _authors(value: object) -> Iterator[Name]:
    for creator in mappings(value):
        family, given = text_of(creator.get("familyName")), text_of(creator.get("givenName"))
        name = text_of(creator.get("name"))
        if creator.get("nameType") != "Organizational":
            if family:
                yield Name(family=family, given=given)
                continue
            before, comma, after = name.partition(",")
            if comma and before.strip():
                yield Name(family=before.strip(), given=after.strip())
                continue
        if name:
            yield Name(literal=name)


def _dates(work: Mapping[str, object]) -> tuple[PartialDate | None, PartialDate | None]:
    """Issued and online. The year of publication counts too where the dates do not hold it."""
    by_type = {text_of(item.get("dateType")): date_of_text(item.get("date")) for item in mappings(work.get("dates"))}
    year = make_date(work.get("publicationYear"))
    issued = by_type.get("Issued") or year
    online = by_type.get("Available")
    if year is not None and issued is not None and year.year != issued.year and online is None:
        online = year
    return issued, online


def _relations(work: Mapping[str, object], own: str) -> Iterator[Relation]:
    for related in mappings(work.get("relatedIdentifiers")):
        if text_of(related.get("relatedIdentifierType")).upper() != "DOI":
            continue
        name = text_of(related.get("relationType")).lower()
        doi = text_of(related.get("relatedIdentifier")).lower().removeprefix("https://doi.org/").removeprefix("doi:")
        kind = _RELATIONS.get(name)
        # arXiv says of its preprints that they are a version of the published article.
        if name == "isversionof" and own.startswith(_ARXIV) and not doi.startswith(_ARXIV):
            kind = RelationKind.IS_PREPRINT_OF
        if kind is not None and doi.startswith("10.") and doi != own:
            yield Relation(kind, doi, "datacite", "obsolete" if name == "isobsoletedby" else "")


def _abstract(work: Mapping[str, object]) -> str:
    for description in mappings(work.get("descriptions")):
        if description.get("descriptionType") == "Abstract":
            return plain_text(description.get("description"))
    return ""


@dataclass(frozen=True, slots=True)
class DataCite:
    """The DataCite REST API at `base_url`."""

    network: Network
    base_url: str

    def works(self, dois: Sequence[str]) -> Listing:
        """Up to 25 DOIs, none with a comma, in one request."""
        params = {"ids": ",".join(doi.lower() for doi in dois), "page[size]": str(len(dois))}
        answer = self.network.send(Ask(SERVICE, f"{self.base_url.rstrip('/')}/dois", params=params), _read)
        if isinstance(answer, Failure):
            return Unchecked(answer.reason)
        if isinstance(answer, Refused):
            return answer
        return Listed(parse_list(answer, dois))


def _read(answer: Answer) -> object | Refused:
    if answer.status == _BAD_REQUEST:
        return Refused("DataCite refused the query (HTTP 400)")
    payload = read_json(answer)
    if answer.status != _OK or not isinstance(mapping(payload).get("data"), list):
        raise GarbageError(f"no list of works (HTTP {answer.status})")
    return payload
