"""What each registry answers when nothing goes wrong, out of a `World`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import unquote

from tests.registry.world import Json, World

SELECTABLE = frozenset(
    [
        *(
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
        ),
        *(
            "published-print",
            "published-online",
            "created",
            "indexed",
            "container-title",
            "short-container-title",
            "ISSN",
        ),
        *("volume", "issue", "page", "article-number", "publisher", "updated-by", "update-to", "relation", "abstract"),
    ]
)
CSL_JSON = "application/vnd.citationstyles.csl+json"


@dataclass
class Reply:
    status: int
    body: bytes
    kind: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)


def as_json(value: object, status: int = 200, **headers: str) -> Reply:
    return Reply(status, json.dumps(value).encode(), "application/json", headers)


def _crossref(world: World, path: str, query: dict[str, str], _: dict[str, str]) -> Reply:
    if path.startswith("works/"):
        doi = unquote(path.removeprefix("works/")).lower()
        found = world.crossref.get(world.aliases.get(doi, doi))
        if found is None:
            return Reply(404, b"Resource not found.", "text/plain")
        return as_json({"status": "ok", "message-type": "work", "message": found})
    select = [name for name in query.get("select", "").split(",") if name]
    unknown = [name for name in select if name not in SELECTABLE]
    wanted = []
    for term in filter(None, query.get("filter", "").split(",")):
        name, colon, value = term.partition(":")
        if not colon or name != "doi":
            unknown.append(term)
        wanted.append(value.lower())
    if unknown or len(query.get("filter", "")) > 8000:
        problem = [{"type": "filter-not-available", "value": str(unknown), "message": "there is no such filter"}]
        return as_json({"status": "failed", "message-type": "validation-failure", "message": problem}, 400)
    if "query.bibliographic" in query:
        items = _search(world, query["query.bibliographic"])
    else:
        items = [world.crossref[doi] for doi in wanted if doi in world.crossref]
    shown = [
        {k: v for k, v in item.items() if not select or k in select} for item in items[: int(query.get("rows", 20))]
    ]
    message = {"facets": {}, "total-results": len(items), "items": shown, "items-per-page": int(query.get("rows", 20))}
    return as_json({"status": "ok", "message-type": "work-list", "message-version": "1.0.0", "message": message})


def _search(world: World, text: str) -> list[Json]:
    asked = set(re.findall(r"\w+", text.lower()))
    scored = []
    for item in world.crossref.values():
        words = set(re.findall(r"\w+", " ".join(item.get("title") or ()).lower()))
        score = len(words & asked) / (len(words) or 1)
        if score:
            scored.append((score, str(item["DOI"]), item))
    return [item for *_, item in sorted(scored, key=lambda row: (-row[0], row[1]))]


def _datacite(world: World, path: str, query: dict[str, str], _: dict[str, str]) -> Reply:
    if path != "dois":
        return Reply(404, b"{}")
    dois = query.get("ids", "").split(",")
    data = [world.datacite[doi] for doi in dois if doi in world.datacite]
    return as_json({"data": data[: int(query.get("page[size]", 25))], "meta": {"total": len(data)}})


def _doi(world: World, path: str, _: dict[str, str], headers: dict[str, str]) -> Reply:
    if path.startswith("doiRA/"):
        dois = [unquote(part) for part in path.removeprefix("doiRA/").split(",")]
        if any(doi in world.slow_handles for doi in dois):
            return Reply(504, b"<html>504 Gateway Time-out</html>", "text/html")
        known = [(doi, world.agency(doi.lower())) for doi in dois]
        status = "DOI does not exist"
        return as_json(
            [{"DOI": doi, "RA": agency} if agency else {"DOI": doi, "status": status} for doi, agency in known]
        )
    if path.startswith("api/handles/"):
        doi = unquote(path.removeprefix("api/handles/")).lower()
        if world.exists(doi):
            return as_json({"responseCode": 1, "handle": doi, "values": []})
        return as_json({"responseCode": 100, "handle": doi}, 404)
    doi = unquote(path).lower()
    if headers.get("Accept") == CSL_JSON and doi in world.csl:
        body = json.dumps(world.csl[doi]).encode()
        return Reply(200, body, CSL_JSON)
    return Reply(406 if world.exists(doi) else 404, b"<html>no such representation</html>", "text/html")


def _pubmed(world: World, path: str, query: dict[str, str], _: dict[str, str]) -> Reply:
    if path == "esearch.fcgi":
        dois = re.findall(r'"([^"]+)"\[aid\]', query.get("term", ""))
        ids = [world.pmids[doi.lower()] for doi in dois if doi.lower() in world.pmids]
        ids += world.newer(query.get("term", ""))
        found = sorted(set(ids))[: int(query.get("retmax", 20))]
        return as_json({"header": {}, "esearchresult": {"count": str(len(found)), "idlist": found}})
    if path == "efetch.fcgi":
        articles = [world.pubmed[pmid] for pmid in query.get("id", "").split(",") if pmid in world.pubmed]
        text = '<?xml version="1.0" ?>\n<PubmedArticleSet>' + "".join(articles) + "</PubmedArticleSet>"
        return Reply(200, text.encode(), "text/xml")
    return Reply(404, b"", "text/plain")


def _europepmc(world: World, path: str, query: dict[str, str], _: dict[str, str]) -> Reply:
    if path != "searchPOST":
        return Reply(404, b"", "text/plain")
    dois = [doi.lower() for doi in re.findall(r'DOI:"([^"]+)"', query.get("query", ""))]
    result = [{"doi": doi, "abstractText": world.abstracts[doi]} for doi in dois if doi in world.abstracts]
    return as_json({"version": "6.9", "hitCount": len(result), "resultList": {"result": result}})


def _biorxiv(world: World, path: str, _: dict[str, str], __: dict[str, str]) -> Reply:
    parts = path.split("/")
    doi = "/".join(unquote(part) for part in parts[2:-2]).lower()
    published = world.published.get(f"{parts[1]} {doi}", "")
    found = [{"preprint_doi": doi, "published_doi": published}] if published else []
    return as_json({"messages": [{"status": "ok" if found else "no posts found"}], "collection": found})


SERVICES: dict[str, Callable[[World, str, dict[str, str], dict[str, str]], Reply]] = {
    "crossref": _crossref,
    "datacite": _datacite,
    "doi": _doi,
    "pubmed": _pubmed,
    "europepmc": _europepmc,
    "biorxiv": _biorxiv,
}
"""By the first part of the path: the answer to a path, its query or form, and its headers."""
