"""PubMed: abstracts, MeSH headings, publication types and what became of an article, by DOI or PMID.

ESearch turns up to 50 DOIs into PMIDs, EFetch up to 200 PMIDs into records. ESearch does not say which PMID
answers which DOI: that is read from each record's *own* list of identifiers, never from its reference list,
which holds strangers' DOIs. Errors may arrive inside HTTP 200.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from xml.etree.ElementTree import Element, ParseError, fromstring

from kap_content.model.dates import PartialDate
from kap_content.model.record import Notice, NoticeKind, Record, Relation, RelationKind, State
from kap_content.model.reference import Name
from kap_content.registries._answer import Found, Unchecked
from kap_content.registries._http import Answer, Ask, Failure, GarbageError, Network, read_json
from kap_content.registries._text import make_date, mapping, plain_text, strings, text_of, unique
from kap_content.startup.regex import regex

SEARCH_BATCH, FETCH_BATCH = 50, 200
SERVICE = "PubMed"

_OK = 200
_ENTITY = b"<!ENTITY"
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
_NOTICES = {
    "RetractionIn": NoticeKind.RETRACTION,
    "RetractedandRepublishedIn": NoticeKind.RETRACTION,
    "PartialRetractionIn": NoticeKind.PARTIAL_RETRACTION,
    "ExpressionOfConcernIn": NoticeKind.EXPRESSION_OF_CONCERN,
    "ErratumIn": NoticeKind.ERRATUM,
    "CorrectedandRepublishedIn": NoticeKind.REPUBLICATION,
}
_NOTICE_OF = {
    "RetractionOf": NoticeKind.RETRACTION,
    "PartialRetractionOf": NoticeKind.PARTIAL_RETRACTION,
    "ExpressionOfConcernFor": NoticeKind.EXPRESSION_OF_CONCERN,
    "ErratumFor": NoticeKind.ERRATUM,
}
_DOI_IN_TEXT = regex(r"\bdoi:?\s*(?:https?://(?:dx\.)?doi\.org/)?(10\.\d{4,9}/\S+)", re.IGNORECASE)
_DATE_IN_TEXT = regex(r"\b(1[89]\d\d|20\d\d)(?:\s+([A-Z][a-z]{2})[a-z]*(?:\s+(\d{1,2})\b)?)?")
_YEAR = regex(r"(\d{4})(?:\s+([A-Z][a-z]{2}))?")


@dataclass(frozen=True, slots=True)
class Pending:
    """A link that PubMed gives by PMID only: `kind` holds once the DOI of that record is known."""

    pmid: str
    kind: RelationKind
    label: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """One record of PubMed; `pending` are links whose DOI is not known yet, `entered` is when PubMed took it up."""

    found: Found
    pending: tuple[Pending, ...] = ()
    entered: date | None = None

    @property
    def pmid(self) -> str:
        """Its PMID."""
        return self.found.record.pmid

    @property
    def doi(self) -> str:
        """Its own DOI in lower case, or empty."""
        return self.found.record.answered


def parse(body: bytes) -> tuple[Article, ...]:
    """The records of an EFetch answer. Raises GarbageError where it is no such answer, or says that it failed."""
    if _ENTITY in body:
        raise GarbageError("a document that defines entities")
    try:
        root = fromstring(body)  # noqa: S314 - expat resolves no external entities; internal ones are refused above
    except ParseError as error:
        raise GarbageError("XML that breaks off") from error
    if root.tag not in ("PubmedArticleSet", "PubmedBookArticleSet"):
        message = "".join(root.itertext()).strip()[:120]
        raise GarbageError(f"an error instead of records: {message}" if message else "no set of records")
    articles = (_article(node) for node in root if node.tag in ("PubmedArticle", "PubmedBookArticle"))
    return tuple(article for article in articles if article is not None)


def parse_search(payload: object) -> tuple[str, ...]:
    """The PMIDs of an ESearch answer. Raises GarbageError where it says that it failed."""
    result = mapping(mapping(payload).get("esearchresult"))
    error = text_of(mapping(payload).get("error")) or text_of(result.get("ERROR"))
    if error:
        raise GarbageError(f"an error instead of results: {error[:120]}")
    ids = result.get("idlist")
    if not isinstance(ids, list):
        raise GarbageError("no list of results")
    return tuple(item for item in ids if isinstance(item, str) and item.isdecimal())


def _article(node: Element) -> Article | None:
    citation, data = node.find("MedlineCitation"), node.find("PubmedData")
    if citation is None:
        return _book(node)
    article = citation.find("Article")
    pmid = _text(citation.find("PMID"))
    if article is None or not pmid:
        return None
    types = _texts(article.findall("PublicationTypeList/PublicationType"))
    notices, relations, pending = _corrections(citation, types)
    journal = article.find("Journal")
    printed, online = _dates(article)
    title, vernacular = (_title(_text(article.find(name))) for name in ("ArticleTitle", "VernacularTitle"))
    record = Record(
        key="",
        state=State.FOUND,
        answered=_own_doi(data, article),
        agency="pubmed",
        pmid=pmid,
        title=title or vernacular,
        other_titles=strings(vernacular if title else ""),
        authors=tuple(_authors(article.findall("AuthorList/Author"))),
        containers=_texts(
            [
                *(journal.findall("Title") if journal is not None else ()),
                *(journal.findall("ISOAbbreviation") if journal is not None else ()),
                *citation.findall("MedlineJournalInfo/MedlineTA"),
            ]
        ),
        issn=_texts(
            [
                *(journal.findall("ISSN") if journal is not None else ()),
                *citation.findall("MedlineJournalInfo/ISSNLinking"),
            ]
        ),
        type="posted-content" if "Preprint" in types else "journal-article",
        issued=min((day for day in (printed, online) if day is not None), default=None),
        print=printed,
        online=online,
        volume=_text(article.find("Journal/JournalIssue/Volume")),
        issue=_text(article.find("Journal/JournalIssue/Issue")),
        pages=_text(article.find("Pagination/MedlinePgn")),
        publication_types=types,
        mesh=_texts(citation.findall("MeshHeadingList/MeshHeading/DescriptorName")),
        keywords=_texts(citation.findall("KeywordList/Keyword")),
        notices=notices,
        relations=relations,
    )
    return Article(Found(record, _abstract(article.findall("Abstract/AbstractText"))), pending, _entered(data))


def _book(node: Element) -> Article | None:
    document = node.find("BookDocument")
    pmid = _text(document.find("PMID")) if document is not None else ""
    if document is None or not pmid:
        return None
    book = document.find("Book")
    title = _title(_text(document.find("ArticleTitle")))
    container = _text(book.find("BookTitle")) if book is not None else ""
    year = _text(book.find("PubDate/Year")) if book is not None else ""
    doi = next(
        (_text(item).lower() for item in document.findall("ArticleIdList/ArticleId") if item.get("IdType") == "doi"), ""
    )
    record = Record(
        key="",
        state=State.FOUND,
        answered=doi,
        agency="pubmed",
        pmid=pmid,
        title=title or container,
        authors=tuple(_authors(document.findall("AuthorList/Author"))),
        containers=(container,) if title and container else (),
        type="book-chapter" if title and container else "book",
        issued=make_date(year),
        publication_types=_texts(document.findall("PublicationType")),
    )
    entered = _entered(node.find("PubmedBookData"))
    return Article(Found(record, _abstract(document.findall("Abstract/AbstractText"))), entered=entered)


def _entered(data: Element | None) -> date | None:
    """The day on which PubMed took the record up."""
    for status in ("entrez", "pubmed"):
        node = data.find(f"History/PubMedPubDate[@PubStatus='{status}']") if data is not None else None
        if node is not None:
            year, month, day = (_text(node.find(name)) for name in ("Year", "Month", "Day"))
            with suppress(ValueError):
                return date(int(year), int(month), int(day))
    return None


def _text(node: Element | None) -> str:
    return plain_text("".join(node.itertext())) if node is not None else ""


def _texts(nodes: Sequence[Element]) -> tuple[str, ...]:
    return unique(_text(node) for node in nodes)


def _title(text: str) -> str:
    """Without the full stop that PubMed ends titles with, and the brackets round a translated one."""
    text = text.removesuffix(".") if not text.endswith("..") else text
    return text[1:-1].removesuffix(".") if text.startswith("[") and text.endswith("]") else text


def _own_doi(data: Element | None, article: Element) -> str:
    """The record's own DOI: of its own list, a child of PubmedData, or of its electronic location."""
    if data is not None:
        for item in data.findall("ArticleIdList/ArticleId"):
            if item.get("IdType") == "doi" and _text(item):
                return _text(item).lower()
    for item in article.findall("ELocationID"):
        if item.get("EIdType") == "doi" and item.get("ValidYN", "Y") == "Y" and _text(item):
            return _text(item).lower()
    return ""


def _authors(nodes: Sequence[Element]) -> Iterator[Name]:
    for node in nodes:
        if node.get("ValidYN", "Y") != "Y":
            continue
        family, group = _text(node.find("LastName")), _text(node.find("CollectiveName"))
        if family:
            given = _text(node.find("ForeName")) or _text(node.find("Initials"))
            yield Name(family=family, given=given, suffix=_text(node.find("Suffix")))
        elif group:
            yield Name(literal=group.removesuffix("."))


def _dates(article: Element) -> tuple[PartialDate | None, PartialDate | None]:
    """In print and online; an online-only journal has no date in print."""
    issue = article.find("Journal/JournalIssue/PubDate")
    cover = _date(issue) if issue is not None else None
    electronic = next((_date(node) for node in article.findall("ArticleDate")), None)
    if article.get("PubModel", "").startswith("Electronic") and "Print" not in article.get("PubModel", ""):
        return None, electronic or cover
    return cover, electronic


def _date(node: Element) -> PartialDate | None:
    year = _text(node.find("Year"))
    if year:
        return make_date(year, _month(_text(node.find("Month"))), _text(node.find("Day")))
    match = _YEAR.search(_text(node.find("MedlineDate")))
    return make_date(match[1], _month(match[2] or "")) if match else None


def _month(text: str) -> int:
    return int(text) if text.isdecimal() else _MONTHS.get(text[:3].lower(), 0)


def _abstract(nodes: Sequence[Element]) -> str:
    """The parts of a structured abstract, each with its label, on lines of their own."""
    parts = []
    for node in nodes:
        label, text = plain_text(node.get("Label", "")), _text(node)
        if text:
            parts.append(f"{label}: {text}" if label and label != "UNLABELLED" else text)
    return "\n".join(parts)


def _corrections(
    citation: Element, types: tuple[str, ...]
) -> tuple[tuple[Notice, ...], tuple[Relation, ...], tuple[Pending, ...]]:
    """Notices about the article, and how it stands to other works."""
    notices: list[Notice] = []
    relations: list[Relation] = []
    pending: list[Pending] = []
    newer = RelationKind.IS_PREPRINT_OF if "Preprint" in types else RelationKind.NEW_VERSION
    for node in citation.findall("CommentsCorrectionsList/CommentsCorrections"):
        name, source, pmid = node.get("RefType", ""), _text(node.find("RefSource")), _text(node.find("PMID"))
        doi = _doi_in(source)
        if name in _NOTICES:
            record_id = f"PMID {pmid}" if pmid else ""
            notices.append(Notice(_NOTICES[name], "pubmed", doi, _date_in(source), record_id))
            if name == "RetractedandRepublishedIn":
                notices.append(Notice(NoticeKind.REPUBLICATION, "pubmed", doi, _date_in(source), record_id))
            continue
        label = _NOTICE_OF[name].value if name in _NOTICE_OF else ""
        kind = (
            RelationKind.IS_NOTICE_OF
            if label
            else {"UpdateIn": newer, "UpdateOf": RelationKind.PREVIOUS_VERSION}.get(name)
        )
        if kind is None:
            continue
        if doi:
            relations.append(Relation(kind, doi, "pubmed", label))
        elif pmid:
            pending.append(Pending(pmid, kind, label))
    if "Retracted Publication" in types and not any(notice.kind is NoticeKind.RETRACTION for notice in notices):
        notices.append(Notice(NoticeKind.RETRACTION, "pubmed"))
    return tuple(dict.fromkeys(notices)), tuple(dict.fromkeys(relations)), tuple(dict.fromkeys(pending))


def _doi_in(text: str) -> str:
    match = _DOI_IN_TEXT.search(text)
    return match[1].rstrip(".,;)").lower() if match else ""


def _date_in(text: str) -> PartialDate | None:
    match = _DATE_IN_TEXT.search(text)
    return make_date(match[1], _month(match[2] or ""), match[3] or 0) if match else None


@dataclass(frozen=True, slots=True)
class PubMed:
    """The E-utilities at `base_url`; `key` is NCBI's API key or empty."""

    network: Network
    base_url: str
    mailto: str = ""
    key: str = ""

    def search(self, dois: Sequence[str]) -> tuple[str, ...] | Unchecked:
        """The PMIDs of up to 50 DOIs, in no particular order."""
        terms = ['"{}"[aid]'.format(doi.replace('"', "")) for doi in dois]
        form = {"db": "pubmed", "retmode": "json", "retmax": str(len(dois) * 4), "term": " OR ".join(terms)}
        answer = self.network.send(self._ask("esearch.fcgi", form), _read_search)
        return Unchecked(answer.reason) if isinstance(answer, Failure) else answer

    def newest(self, query: str, most: int) -> tuple[str, ...] | Unchecked:
        """The PMIDs that answer a query, the latest published first, up to `most`."""
        form = {"db": "pubmed", "retmode": "json", "retmax": str(most), "sort": "pub_date", "term": query}
        answer = self.network.send(self._ask("esearch.fcgi", form), _read_search)
        return Unchecked(answer.reason) if isinstance(answer, Failure) else answer

    def fetch(self, pmids: Sequence[str]) -> tuple[Article, ...] | Unchecked:
        """The records of up to 200 PMIDs; those that PubMed does not have are left out."""
        form = {"db": "pubmed", "retmode": "xml", "id": ",".join(pmids)}
        answer = self.network.send(self._ask("efetch.fcgi", form), _read_fetch)
        return Unchecked(answer.reason) if isinstance(answer, Failure) else answer

    def _ask(self, program: str, form: dict[str, str]) -> Ask:
        form |= {"tool": "kap-content"}
        if self.mailto:
            form["email"] = self.mailto
        if self.key:
            form["api_key"] = self.key
        return Ask(SERVICE, f"{self.base_url.rstrip('/')}/{program}", form=form)


def _read_search(answer: Answer) -> tuple[str, ...]:
    if answer.status != _OK:
        raise GarbageError(f"HTTP {answer.status}")
    return parse_search(read_json(answer))


def _read_fetch(answer: Answer) -> tuple[Article, ...]:
    if answer.status != _OK:
        raise GarbageError(f"HTTP {answer.status}")
    if not answer.body.strip():
        raise GarbageError("an empty answer")
    return parse(answer.body)
