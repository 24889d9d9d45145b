"""bioRxiv and medRxiv: under which DOI a preprint was published."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from kap_content.model.record import Relation, RelationKind
from kap_content.registries._answer import Unchecked
from kap_content.registries._http import Answer, Ask, Failure, GarbageError, Network, read_json
from kap_content.registries._text import mapping, mappings, text_of
from kap_content.startup.regex import regex

SERVICE = "bioRxiv"

_OK = 200
_PREPRINT = regex(r"10\.(?:1101|64898)/(?:\d{4}\.\d{2}\.\d{2}\.)?(\d{6,8})(?:v\d+)?")
_MEDRXIV_DIGITS = 8


def is_preprint(doi: str) -> bool:
    """Whether the DOI is of the form that bioRxiv and medRxiv give out (the prefix alone is shared with journals)."""
    return _PREPRINT.fullmatch(doi.lower()) is not None


def servers(doi: str) -> tuple[str, ...]:
    """Both servers, the likelier first: medRxiv's numbers have eight digits, bioRxiv's six."""
    match = _PREPRINT.fullmatch(doi.lower())
    likely_medical = match is not None and len(match[1]) == _MEDRXIV_DIGITS
    return ("medrxiv", "biorxiv") if likely_medical else ("biorxiv", "medrxiv")


def parse(payload: object) -> tuple[Relation, ...]:
    """The published versions that the answer names."""
    return tuple(dict.fromkeys(_published(payload)))


def _published(payload: object) -> Iterator[Relation]:
    for item in mappings(mapping(payload).get("collection")):
        doi = text_of(item.get("published_doi")).lower()
        if doi.startswith("10."):
            yield Relation(RelationKind.IS_PREPRINT_OF, doi, "biorxiv")


@dataclass(frozen=True, slots=True)
class BioRxiv:
    """The API of both servers at `base_url`."""

    network: Network
    base_url: str

    def published(self, doi: str) -> tuple[Relation, ...] | Unchecked:
        """The link from a preprint to the article, empty where neither server knows one."""
        for server in servers(doi):
            url = f"{self.base_url.rstrip('/')}/pubs/{server}/{quote(doi, safe='/')}/na/json"
            answer = self.network.send(Ask(SERVICE, url), _read)
            if isinstance(answer, Failure):
                return Unchecked(answer.reason)
            if answer:
                return answer
        return ()


def _read(answer: Answer) -> tuple[Relation, ...]:
    payload = read_json(answer)
    if answer.status != _OK or not isinstance(mapping(payload).get("collection"), list):
        raise GarbageError(f"no collection (HTTP {answer.status})")
    return parse(payload)
