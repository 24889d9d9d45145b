"""What the stand-in knows: works of every registry, in the registries' own shapes, and builders for tiny ones."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

Json = dict[str, object]


@dataclass
class World:
    """`crossref` and `datacite` hold works by DOI in lower case; `aliases` lead to a prime DOI of Crossref's.

    `agencies` names the agency of further DOIs, `csl` what these answer to content negotiation; `handles` are
    DOIs that exist without any agency knowing them. `pubmed` holds PubmedArticle XML by PMID; `reviews` the PMIDs
    of systematic reviews by words that a query in titles has to hold.
    """

    crossref: dict[str, Json] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    datacite: dict[str, Json] = field(default_factory=dict)
    agencies: dict[str, str] = field(default_factory=dict)
    csl: dict[str, Json] = field(default_factory=dict)
    handles: set[str] = field(default_factory=set)
    pubmed: dict[str, str] = field(default_factory=dict)
    pmids: dict[str, str] = field(default_factory=dict)
    abstracts: dict[str, str] = field(default_factory=dict)
    published: dict[str, str] = field(default_factory=dict)
    slow_handles: set[str] = field(default_factory=set)
    reviews: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def agency(self, doi: str) -> str:
        if doi in self.crossref or doi in self.aliases:
            return "Crossref"
        return "DataCite" if doi in self.datacite else self.agencies.get(doi, "")

    def exists(self, doi: str) -> bool:
        return bool(self.agency(doi)) or doi in self.handles or doi in self.pmids

    def newer(self, term: str) -> list[str]:
        """The systematic reviews that a query finds which PubMed took up on its first day or later."""
        since = re.search(r'"(\d{4}/\d{2}/\d{2})"\[edat\]', term)
        if since is None or "systematic[sb]" not in term:
            return []
        named = [pmid for word, pmids in self.reviews.items() if f'"{word}"[ti]' in term for pmid in pmids]
        return [pmid for pmid in named if self._entered(pmid) >= since[1]]

    def _entered(self, pmid: str) -> str:
        day = re.search(
            r'PubStatus="entrez"><Year>(\d+)</Year><Month>(\d+)</Month><Day>(\d+)</Day>', self.pubmed.get(pmid, "")
        )
        return f"{int(day[1]):04}/{int(day[2]):02}/{int(day[3]):02}" if day else ""

    def add_crossref(self, *works: Json) -> None:
        for work in works:
            self.crossref[str(work["DOI"]).lower()] = work

    def add_pubmed(self, *articles: str) -> None:
        for xml in articles:
            pmid = re.search(r"<PMID[^>]*>(\d+)</PMID>", xml)
            assert pmid
            self.pubmed[pmid[1]] = xml
            own = xml.partition("<ReferenceList>")[0]
            doi = re.search(r'<ArticleId IdType="doi">([^<]+)</ArticleId>', own)
            doi = doi or re.search(r'<ELocationID EIdType="doi"[^>]*>([^<]+)</ELocationID>', own)
            if doi:
                self.pmids[doi[1].strip().lower()] = pmid[1]


def work(doi: str, title: str = "A trial of rest", **fields: object) -> Json:
    """A Crossref work, as small as they come."""
    return {
        "DOI": doi,
        "type": "journal-article",
        "title": [title],
        "author": [{"given": "Anna B.", "family": "Muster", "sequence": "first", "affiliation": []}],
        "container-title": ["Journal of Examples"],
        "short-container-title": ["J Ex"],
        "ISSN": ["1234-5679"],
        "issued": {"date-parts": [[2019, 3, 1]]},
        "published-online": {"date-parts": [[2019, 3, 1]]},
        "published-print": {"date-parts": [[2019, 6]]},
        "volume": "12",
        "issue": "3",
        "page": "101-110",
        **fields,
    }


def update(doi: str, kind: str = "retraction", source: str = "publisher", **fields: object) -> Json:
    """One element of `updated-by` or `update-to`."""
    updated = {"date-parts": [[2021, 5, 4]]}
    return {"DOI": doi, "type": kind, "label": kind.capitalize(), "source": source, "updated": updated, **fields}


def article(
    pmid: str,
    doi: str = "",
    *,
    title: str = "A trial of rest.",
    abstract: str = "",
    types: Iterable[str] = ("Journal Article",),
    mesh: Iterable[str] = (),
    corrections: str = "",
    references: str = "",
    entered: date | None = None,
) -> str:
    """A PubmedArticle. `corrections` and `references` are XML put in as they are."""
    own = f'<ArticleId IdType="doi">{escape(doi)}</ArticleId>' if doi else ""
    body = f"<Abstract><AbstractText>{escape(abstract)}</AbstractText></Abstract>" if abstract else ""
    taken = f"<Year>{entered.year}</Year><Month>{entered.month}</Month><Day>{entered.day}</Day>" if entered else ""
    history = f'<History><PubMedPubDate PubStatus="entrez">{taken}</PubMedPubDate></History>' if entered else ""
    headings = "".join(f"<MeshHeading><DescriptorName>{name}</DescriptorName></MeshHeading>" for name in mesh)
    kinds = "".join(f"<PublicationType>{name}</PublicationType>" for name in types)
    return f"""<PubmedArticle><MedlineCitation Status="MEDLINE"><PMID Version="1">{pmid}</PMID>
    <Article PubModel="Print"><Journal><ISSN IssnType="Print">1234-5679</ISSN>
    <JournalIssue CitedMedium="Print"><Volume>12</Volume><Issue>3</Issue>
    <PubDate><Year>2019</Year><Month>Jun</Month></PubDate></JournalIssue><Title>Journal of Examples</Title>
    <ISOAbbreviation>J Ex</ISOAbbreviation></Journal><ArticleTitle>{escape(title)}</ArticleTitle>
    <Pagination><MedlinePgn>101-10</MedlinePgn></Pagination>{body}
    <AuthorList><Author ValidYN="Y"><LastName>Muster</LastName><ForeName>Anna B</ForeName></Author></AuthorList>
    <PublicationTypeList>{kinds}</PublicationTypeList></Article>
    <CommentsCorrectionsList>{corrections}</CommentsCorrectionsList><MeshHeadingList>{headings}</MeshHeadingList>
    </MedlineCitation><PubmedData>{history}
    <ArticleIdList><ArticleId IdType="pubmed">{pmid}</ArticleId>{own}</ArticleIdList>
    <ReferenceList>{references}</ReferenceList></PubmedData></PubmedArticle>"""


def correction(kind: str, source: str, pmid: str = "") -> str:
    """One element of CommentsCorrectionsList."""
    number = f'<PMID Version="1">{pmid}</PMID>' if pmid else ""
    return (
        f'<CommentsCorrections RefType="{kind}"><RefSource>{escape(source)}</RefSource>{number}</CommentsCorrections>'
    )


def cited(doi: str) -> str:
    """One element of ReferenceList: a stranger's DOI."""
    identifier = f'<ArticleId IdType="doi">{escape(doi)}</ArticleId>'
    return f"<Reference><Citation>Another paper</Citation><ArticleIdList>{identifier}</ArticleIdList></Reference>"


def dataset(doi: str, title: str = "A data set", **attributes: object) -> Json:
    """An element of DataCite's `data`."""
    return {
        "id": doi,
        "type": "dois",
        "attributes": {
            "doi": doi,
            "titles": [{"title": title}],
            "creators": [{"name": "Muster, Anna", "nameType": "Personal", "givenName": "Anna", "familyName": "Muster"}],
            "publisher": "Zenodo",
            "publicationYear": 2020,
            "dates": [{"date": "2020-02-03", "dateType": "Issued"}],
            "types": {"resourceTypeGeneral": "Dataset"},
            "relatedIdentifiers": [],
            "descriptions": [],
            **attributes,
        },
    }


def load_recorded(data: Path) -> World:
    """The real works of a folder of recorded material (crossref/, datacite/, pubmed/)."""
    world = World()
    with gzip.open(data / "crossref" / "works.jsonl.gz", "rt", encoding="utf-8") as lines:
        world.add_crossref(*(json.loads(line) for line in lines))
    with gzip.open(data / "datacite" / "works.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            item = json.loads(line)
            if item["id"].lower() not in world.crossref:
                world.datacite[item["id"].lower()] = item
    for path in sorted((data / "pubmed").glob("*.xml.gz")):
        text = gzip.decompress(path.read_bytes()).decode()
        world.add_pubmed(*re.findall(r"<PubmedArticle>.*?</PubmedArticle>", text, re.DOTALL))
    return world
