"""Crossref: works by DOI in lists and one by one, and bibliographic search, through habanero.

A list query sees prime DOIs only, and a comma in a DOI splits it; `/works/{doi}` follows an alias and answers
with another DOI. Neither's silence proves that a DOI does not exist.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from kap_content.model.record import Notice, NoticeKind, Record, Relation, RelationKind, State
from kap_content.model.reference import Name
from kap_content.registries._answer import Found, Listed, Listing, Lookup, Refused, Unchecked
from kap_content.registries._habanero import Reply, ask_through_habanero
from kap_content.registries._http import Network
from kap_content.registries._text import (
    date_of_parts,
    mapping,
    mappings,
    plain_text,
    strings,
    text_of,
    unique,
)
from kap_content.startup.regex import regex

SERVICE = "Crossref"
LISTS, SINGLES = "lists", "singles"
BATCH, QUERY_BYTES = 50, 3500
SELECT = (
    "DOI",
    "type",
    "title",
    "subtitle",
    "short-title",
    "original-title",
    "author",
    "editor",
    "issued",
    "published",
    "published-print",
    "published-online",
    "container-title",
    "short-container-title",
    "ISSN",
    "volume",
    "issue",
    "page",
    "article-number",
    "publisher",
    "updated-by",
    "update-to",
    "relation",
    "abstract",
)

_KINDS = {
    "retraction": NoticeKind.RETRACTION,
    "partial_retraction": NoticeKind.PARTIAL_RETRACTION,
    "withdrawal": NoticeKind.WITHDRAWAL,
    "removal": NoticeKind.REMOVAL,
    "expression_of_concern": NoticeKind.EXPRESSION_OF_CONCERN,
    "correction": NoticeKind.CORRECTION,
    "corrigendum": NoticeKind.CORRIGENDUM,
    "erratum": NoticeKind.ERRATUM,
    "addendum": NoticeKind.ADDENDUM,
    "clarification": NoticeKind.CLARIFICATION,
    "new_version": NoticeKind.NEW_VERSION,
    "new_edition": NoticeKind.NEW_EDITION,
}
_OK, _BAD_REQUEST, _NOT_FOUND, _GONE = 200, 400, 404, 410
_VERSIONS = (NoticeKind.NEW_VERSION, NoticeKind.NEW_EDITION)
_RELATIONS = {
    "is-preprint-of": RelationKind.IS_PREPRINT_OF,
    "has-preprint": RelationKind.HAS_PREPRINT,
}
_COCHRANE = regex(r"10\.1002/14651858\.(?:cd|mr)\d+(?:\.pub(\d+))?")
_PROBED = 3


def parse(work: Mapping[str, object], asked: str = "") -> Found:
    """A work (a `message`, or an item of a list) as a record. `asked` is the DOI that was asked for."""
    answered = text_of(work.get("DOI")).lower()
    notices, relations = _updates(work, answered)
    record = Record(
        key="",
        state=State.FOUND,
        asked=asked or answered,
        answered=answered,
        agency="crossref",
        title=next(iter(strings(work.get("title"))), ""),
        subtitle=next(iter(strings(work.get("subtitle"))), ""),
        other_titles=_other_titles(work),
        authors=tuple(_names(work.get("author"))),
        editors=tuple(_names(work.get("editor"))),
        containers=unique([*strings(work.get("container-title")), *strings(work.get("short-container-title"))]),
        issn=strings(work.get("ISSN")),
        publisher=text_of(work.get("publisher")),
        type=text_of(work.get("type")),
        issued=date_of_parts(work.get("issued")) or date_of_parts(work.get("published")),
        print=date_of_parts(work.get("published-print")),
        online=date_of_parts(work.get("published-online")),
        volume=text_of(work.get("volume")),
        issue=text_of(work.get("issue")),
        pages=text_of(work.get("page")),
        article_number=text_of(work.get("article-number")),
        notices=notices,
        relations=(*relations, *_related(work)),
    )
    return Found(record, plain_text(work.get("abstract")))


def parse_list(payload: object, asked: Sequence[str]) -> dict[str, Found]:
    """The works of a list answer by the DOI asked for. What was not asked for is passed over."""
    wanted = {doi.lower(): doi for doi in asked}
    found: dict[str, Found] = {}
    for item in mappings(mapping(mapping(payload).get("message")).get("items")):
        doi = wanted.get(text_of(item.get("DOI")).lower())
        if doi is not None:
            found[doi] = parse(item, doi)
    return found


def is_work_list(payload: object) -> bool:
    """Whether it is a list answer at all: only then does silence on a DOI mean "not listed"."""
    return isinstance(mapping(mapping(payload).get("message")).get("items"), list)


def notice_kind(word: str) -> NoticeKind:
    """Crossref's update type as a kind; dirt ("err", "68818") is unknown."""
    return _KINDS.get(word.strip().lower().replace("-", "_").replace(" ", "_"), NoticeKind.UNKNOWN)


def later_versions(doi: str) -> tuple[str, ...]:
    """The DOIs under which the next versions of a Cochrane review would stand; none for any other DOI."""
    match = _COCHRANE.fullmatch(doi.lower())
    if match is None:
        return ()
    stem = doi.lower().partition(".pub")[0]
    version = int(match[1] or 1)
    return tuple(f"{stem}.pub{version + step}" for step in range(1, _PROBED + 1))


def batches(dois: Sequence[str]) -> list[tuple[str, ...]]:
    """Lists of at most 50 DOIs whose query stays under 3.5 kB; each DOI without a comma."""
    fixed = len(urlencode({"select": ",".join(SELECT), "rows": str(BATCH), "filter": ""}))
    made: list[tuple[str, ...]] = []
    batch: list[str] = []
    size = fixed
    for doi in dois:
        more = len(quote(f"doi:{doi},", safe=""))
        if batch and (len(batch) == BATCH or size + more > QUERY_BYTES):
            made.append(tuple(batch))
            batch, size = [], fixed
        batch.append(doi)
        size += more
    return [*made, tuple(batch)] if batch else made


def _other_titles(work: Mapping[str, object]) -> tuple[str, ...]:
    titles = strings(work.get("title"))
    subtitles = strings(work.get("subtitle"))
    rest = (*titles[1:], *subtitles[1:], *strings(work.get("short-title")), *strings(work.get("original-title")))
    return tuple(title for title in unique(rest) if title != next(iter(titles), ""))


def _names(value: object) -> Iterator[Name]:
    for author in mappings(value):
        family, given = text_of(author.get("family")), text_of(author.get("given"))
        group = text_of(author.get("name"))
        if family:
            yield Name(family=family, given=given, suffix=text_of(author.get("suffix")))
        elif group or given:
            yield Name(literal=group or given)


def _updates(work: Mapping[str, object], own: str) -> tuple[tuple[Notice, ...], tuple[Relation, ...]]:
    """What `updated-by` and `update-to` say: notices about this work, and what this work is itself."""
    notices: list[Notice] = []
    relations: list[Relation] = []
    for update in mappings(work.get("updated-by")):
        notice = _notice(update)
        notices.append(notice)
        if notice.kind in _VERSIONS and notice.doi and notice.doi != own:
            relations.append(Relation(RelationKind.NEW_VERSION, notice.doi, "crossref", notice.kind.value))
    for update in mappings(work.get("update-to")):
        notice = _notice(update)
        if notice.doi == own:
            notices.append(notice)
        elif notice.doi and notice.kind in _VERSIONS:
            relations.append(Relation(RelationKind.PREVIOUS_VERSION, notice.doi, "crossref", notice.kind.value))
        elif notice.doi:
            label = notice.kind.value if notice.kind is not NoticeKind.UNKNOWN else notice.label
            relations.append(Relation(RelationKind.IS_NOTICE_OF, notice.doi, "crossref", label))
    return tuple(dict.fromkeys(notices)), tuple(dict.fromkeys(relations))


def _notice(update: Mapping[str, object]) -> Notice:
    word = text_of(update.get("type"))
    kind = notice_kind(word)
    source = text_of(update.get("source"))
    return Notice(
        kind=kind,
        source="retraction-watch" if source == "retraction-watch" else "crossref",
        doi=text_of(update.get("DOI")).lower(),
        date=date_of_parts(update.get("updated")),
        record_id=text_of(update.get("record-id")),
        label=(text_of(update.get("label")) or word) if kind is NoticeKind.UNKNOWN else "",
    )


def _related(work: Mapping[str, object]) -> Iterator[Relation]:
    for name, targets in mapping(work.get("relation")).items():
        kind = _RELATIONS.get(name)
        if kind is None:
            continue
        for target in mappings(targets):
            doi = text_of(target.get("id")).lower().removeprefix("https://doi.org/")
            if text_of(target.get("id-type")).lower() in ("", "doi") and doi.startswith("10."):
                yield Relation(kind, doi, "crossref")


@dataclass(frozen=True, slots=True)
class Crossref:
    """The Crossref REST API at `base_url`."""

    network: Network
    base_url: str
    mailto: str = ""

    def works(self, dois: Sequence[str]) -> Listing:
        """Many DOIs in one request; none of them may hold a comma."""
        call = self._call(
            LISTS,
            is_work_list,
            {"filter": {"doi": list(dois)}, "select": list(SELECT), "limit": len(dois)},
        )
        if isinstance(call, Unchecked):
            return call
        if call.status == _BAD_REQUEST:
            return Refused("Crossref refused the query (HTTP 400)")
        if call.status != _OK:
            return Unchecked(f"Crossref answered HTTP {call.status}")
        return Listed(parse_list(call.value, dois))

    def work(self, doi: str) -> Lookup | None:
        """One DOI, aliases followed. None where Crossref does not hold it, which proves nothing yet."""
        call = self._call(SINGLES, _is_work, {"ids": quote(doi, safe="")})
        if isinstance(call, Unchecked):
            return call
        if call.status in (_NOT_FOUND, _GONE):
            return None
        if call.status != _OK:
            return Unchecked(f"Crossref answered HTTP {call.status}")
        return parse(mapping(mapping(call.value).get("message")), doi)

    def search(self, text: str, rows: int = 5) -> tuple[Found, ...] | Unchecked:
        """The works that a written-out reference may mean, the likeliest first."""
        call = self._call(
            LISTS,
            is_work_list,
            {"query_bibliographic": text[:600], "select": list(SELECT), "limit": rows},
        )
        if isinstance(call, Unchecked):
            return call
        if call.status != _OK:
            return Unchecked(f"Crossref answered HTTP {call.status}")
        items = mappings(mapping(mapping(call.value).get("message")).get("items"))
        return tuple(parse(item) for item in items if text_of(item.get("DOI")))

    def _call(self, lane: str, is_complete: Callable[[object], bool], query: Mapping[str, object]) -> Reply | Unchecked:
        return ask_through_habanero(
            self.network, self.base_url, self.mailto, service=SERVICE, lane=lane, is_complete=is_complete, query=query
        )


def _is_work(payload: object) -> bool:
    return bool(text_of(mapping(mapping(payload).get("message")).get("DOI")))
