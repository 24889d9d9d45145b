"""Europe PMC: abstracts that neither Crossref nor PubMed gave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kap_content.registries._answer import Unchecked
from kap_content.registries._http import Answer, Ask, Failure, GarbageError, Network, read_json
from kap_content.registries._text import mapping, mappings, plain_text, text_of

BATCH = 50
SERVICE = "Europe PMC"

_OK = 200


def parse(payload: object) -> dict[str, str]:
    """Abstracts as plain text by DOI (lower case); works without one are left out."""
    found: dict[str, str] = {}
    for item in mappings(mapping(mapping(payload).get("resultList")).get("result")):
        doi, abstract = text_of(item.get("doi")).lower(), plain_text(item.get("abstractText"))
        if doi and abstract:
            found.setdefault(doi, abstract)
    return found


@dataclass(frozen=True, slots=True)
class EuropePmc:
    """The Europe PMC web service at `base_url`."""

    network: Network
    base_url: str

    def abstracts(self, dois: Sequence[str]) -> dict[str, str] | Unchecked:
        """The abstracts of up to 50 DOIs."""
        terms = ['DOI:"{}"'.format(doi.replace("\\", "").replace('"', "")) for doi in dois]
        form = {
            "query": " OR ".join(terms),
            "resultType": "core",
            "format": "json",
            # One DOI can stand in several of its sources.
            "pageSize": str(min(len(dois) * 3, 1000)),
        }
        answer = self.network.send(Ask(SERVICE, f"{self.base_url.rstrip('/')}/searchPOST", form=form), _read)
        return Unchecked(answer.reason) if isinstance(answer, Failure) else answer


def _read(answer: Answer) -> dict[str, str]:
    payload = read_json(answer)
    if answer.status != _OK or not isinstance(mapping(mapping(payload).get("resultList")).get("result"), list):
        raise GarbageError(f"no list of results (HTTP {answer.status})")
    return parse(payload)
