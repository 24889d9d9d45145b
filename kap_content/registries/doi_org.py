"""doi.org: which agency registered a DOI, whether it exists at all, and its description by content negotiation.

Only the handle system proves that a DOI does not exist: response code 100 with HTTP 404.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from kap_content.model.record import Record, State
from kap_content.model.reference import Name
from kap_content.registries._answer import Elsewhere, Found, Lookup, Unchecked
from kap_content.registries._http import Answer, Ask, Failure, GarbageError, Network, read_json
from kap_content.registries._text import date_of_parts, mapping, mappings, plain_text, strings, text_of

BATCH = 6
"""DOIs asked for their agency at once; how many doi.org takes is disputed. Halved when it times out."""
CSL_JSON = "application/vnd.citationstyles.csl+json"
SERVICE = "doi.org"

_OK, _BAD_REQUEST, _NOT_FOUND = 200, 400, 404
_EXISTS, _ABSENT, _NO_SUCH_VALUES = 1, 100, 200


def parse_agencies(payload: object) -> dict[str, str]:
    """Agency by DOI (lower case), in lower case; an empty agency where doi.org knows none."""
    return {
        text_of(item.get("DOI")).lower(): text_of(item.get("RA")).lower()
        for item in mappings(payload)
        if text_of(item.get("DOI"))
    }


def parse_handle(status: int, payload: object) -> bool | None:
    """Whether the handle system has the DOI; None where the answer settles nothing."""
    code = mapping(payload).get("responseCode")
    if status == _NOT_FOUND and code == _ABSENT:
        return False
    if status == _OK and code in (_EXISTS, _NO_SUCH_VALUES):
        return True
    return None


def parse_csl(item: Mapping[str, object], asked: str, agency: str) -> Found:
    """A CSL-JSON item as a record."""
    issn = item.get("ISSN")
    record = Record(
        key="",
        state=State.FOUND,
        asked=asked,
        answered=text_of(item.get("DOI")).lower() or asked,
        agency=agency,
        title=_first(item.get("title")),
        subtitle=_first(item.get("subtitle")),
        authors=tuple(_authors(item.get("author"))),
        containers=strings([_first(item.get("container-title")), _first(item.get("container-title-short"))]),
        issn=strings(issn.split(",") if isinstance(issn, str) else issn),
        publisher=_first(item.get("publisher")),
        type=text_of(item.get("type")),
        issued=date_of_parts(item.get("issued")),
        volume=text_of(item.get("volume")),
        issue=text_of(item.get("issue")),
        pages=text_of(item.get("page")),
    )
    return Found(record, plain_text(item.get("abstract")))


def _first(value: object) -> str:
    return next(iter(strings(value)), "")


def _authors(value: object) -> Iterator[Name]:
    for author in mappings(value):
        family, given = text_of(author.get("family")), text_of(author.get("given"))
        group = text_of(author.get("literal")) or text_of(author.get("name"))
        if family:
            particle = text_of(author.get("non-dropping-particle")) or text_of(author.get("dropping-particle"))
            yield Name(family=family, given=given, particle=particle, suffix=text_of(author.get("suffix")))
        elif group or given:
            yield Name(literal=group or given)


@dataclass(frozen=True, slots=True)
class DoiOrg:
    """doi.org at `base_url`."""

    network: Network
    base_url: str

    def agencies(self, dois: Sequence[str]) -> dict[str, str] | Unchecked:
        """The agency of each DOI, in lower case and empty where doi.org knows none. Halves what times out."""
        asked = [doi.lower() for doi in dois]
        path = ",".join(quote(doi, safe="/") for doi in asked)
        # A long list is what makes it time out: do not insist on it.
        several = len(asked) > 1
        ask = Ask(SERVICE, self._url(f"doiRA/{path}"), attempts=2 if several else 0, is_telling=not several)
        answer = self.network.send(ask, self._read_agencies)
        if isinstance(answer, Failure):
            if len(asked) == 1:
                return Unchecked(answer.reason)
            middle = len(asked) // 2
            return self._both(asked[:middle], asked[middle:], answer)
        return {doi: answer[doi] for doi in asked if doi in answer}

    def exists(self, doi: str) -> bool | Unchecked:
        """Whether the handle system has this DOI."""
        url = self._url(f"api/handles/{quote(doi, safe='/')}")
        answer = self.network.send(Ask(SERVICE, url), _read_handle)
        if isinstance(answer, Failure):
            return Unchecked(answer.reason)
        if answer is None:
            return Unchecked("doi.org: the handle system gave no clear answer on this DOI")
        return answer

    def describe(self, doi: str, agency: str) -> Lookup:
        """The description that the agency itself gives, by content negotiation."""
        ask = Ask(SERVICE, self._url(quote(doi, safe="/")), headers={"Accept": CSL_JSON})
        answer = self.network.send(ask, _read_csl)
        if isinstance(answer, Failure):
            return Unchecked(answer.reason)
        item = mapping(answer)
        if not _first(item.get("title")) and not item.get("author"):
            return Elsewhere(agency)
        return parse_csl(item, doi, agency)

    def _both(self, left: Sequence[str], right: Sequence[str], failure: Failure) -> dict[str, str] | Unchecked:
        known: dict[str, str] = {}
        answers = [self.agencies(left), self.agencies(right)]
        for answer in answers:
            if not isinstance(answer, Unchecked):
                known |= answer
        return known or Unchecked(failure.reason)

    def _read_agencies(self, answer: Answer) -> dict[str, str]:
        payload = read_json(answer)
        if answer.status != _OK or not isinstance(payload, list):
            raise GarbageError(f"no list of agencies (HTTP {answer.status})")
        return parse_agencies(payload)

    def _url(self, path: str) -> str:
        return f"{self.base_url.rstrip('/')}/{path}"


def _read_handle(answer: Answer) -> bool | None:
    if answer.status not in (_OK, _BAD_REQUEST, _NOT_FOUND):
        raise GarbageError(f"HTTP {answer.status}")
    payload = read_json(answer)
    if "responseCode" not in mapping(payload):
        raise GarbageError("no response code of the handle system")
    return parse_handle(answer.status, payload)


def _read_csl(answer: Answer) -> object:
    """The item, or None where the agency answers with a web page or not at all (406, 404): it has none for us."""
    if answer.status != _OK or "json" not in answer.kind:
        return None
    return read_json(answer)
