"""The server: one port, a path for each registry, rate limits with headers, and faults on demand."""

from __future__ import annotations

import json
import re
import socket
import struct
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import parse_qs, unquote, urlsplit

from kap_content.model.settings import RegistrySettings, Settings
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


@dataclass(frozen=True)
class Logged:
    """One request as the server saw it; `active` counts those of its service at that moment, itself included."""

    at: float
    service: str
    lane: str
    path: str
    query: dict[str, str]
    status: int
    agent: str
    active: int


@dataclass
class Fault:
    """What goes wrong, how often (None: for ever), and for which requests (those whose path and query hold `match`)."""

    kind: str
    times: int | None = None
    match: str = ""


@dataclass
class Reply:
    status: int
    body: bytes
    kind: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)


def as_json(value: object, status: int = 200, **headers: str) -> Reply:
    return Reply(status, json.dumps(value).encode(), "application/json", headers)


class Window:
    """How many requests in the last second (or other interval): more than `limit` are refused."""

    def __init__(self, limit: int, interval: float = 1.0) -> None:
        self.limit, self.interval = limit, interval
        self.times: deque[float] = deque()

    def admits(self, now: float) -> bool:
        while self.times and now - self.times[0] >= self.interval:
            self.times.popleft()
        self.times.append(now)
        return len(self.times) <= self.limit


class Registry:
    """The stand-in. `url` is its root; `settings()` points a project's settings at it; `log` is what was asked."""

    def __init__(self, world: World | None = None, *, latency: float = 0.0, limited: bool = True) -> None:
        self.world = world or World()
        self.latency = latency
        self.limited = limited
        self.log: list[Logged] = []
        self.faults: dict[str, list[Fault]] = {}
        self.limits: dict[str, int] = {}
        self._windows: dict[tuple[str, str], Window] = {}
        self._active: dict[str, int] = {}
        self._lock = threading.Lock()
        self._released = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.registry = self
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def settings(self, mailto: str = "editor@example.org", **more: object) -> Settings:
        """Settings of a project that asks here."""
        names = {"crossref": "", "datacite": "", "doi": "", "pubmed": "", "europepmc": "", "biorxiv": ""}
        registries = RegistrySettings(**{f"{name}_url": f"{self.url}/{name}" for name in names})
        return Settings(mailto=mailto, registries=registries, **more)

    def fail(self, service: str, kind: str, times: int | None = None, match: str = "") -> None:
        """Let requests to a service go wrong."""
        self.faults.setdefault(service, []).append(Fault(kind, times, match))

    @property
    def is_silent_somewhere(self) -> bool:
        """Whether some request will wait in vain for an answer, or for its end."""
        kinds = [fault.kind for faults in self.faults.values() for fault in faults]
        return bool(self.world.slow_handles) or any(kind.startswith(("hang", "drip")) for kind in kinds)

    def asked(self, service: str, lane: str | None = None) -> list[Logged]:
        """What a service was asked, in order."""
        return [entry for entry in self.log if entry.service == service and lane in (None, entry.lane)]

    # What the handler calls

    def fault_for(self, service: str, target: str) -> str:
        with self._lock:
            for fault in self.faults.get(service, ()):
                if fault.match in target and fault.times != 0:
                    fault.times = None if fault.times is None else fault.times - 1
                    return fault.kind
        return ""

    def enter(self, service: str) -> int:
        with self._lock:
            self._active[service] = self._active.get(service, 0) + 1
            return self._active[service]

    def leave(self, service: str) -> None:
        with self._lock:
            self._active[service] -= 1

    def admits(self, service: str, lane: str, *, polite: bool, active: int) -> tuple[bool, dict[str, str]]:
        """Whether the limits allow this request, and the headers that tell of them."""
        limit, at_once = _LIMITS[service](lane, polite)
        limit = self.limits.get(f"{service} {lane}".strip(), limit)
        with self._lock:
            window = self._windows.setdefault((service, lane), Window(limit))
            window.limit = limit
            fits = window.admits(time.monotonic())
        headers = {}
        if service == "crossref" and self.limited:
            headers = {
                "x-rate-limit-limit": str(limit),
                "x-rate-limit-interval": "1s",
                "x-concurrency-limit": str(at_once),
            }
        return (fits and active <= at_once) or not self.limited, headers

    def wait(self, seconds: float) -> None:
        self._released.wait(seconds)

    def note(self, entry: Logged) -> None:
        with self._lock:
            self.log.append(entry)


_LIMITS: dict[str, Callable[[str, bool], tuple[int, int]]] = {
    "crossref": lambda lane, polite: (
        (3 if polite else 1) if lane == "lists" else (10 if polite else 5),
        3 if polite else 1,
    ),
    "datacite": lambda *_: (100, 10),
    "doi": lambda *_: (20, 10),
    "pubmed": lambda *_: (3, 10),
    "europepmc": lambda *_: (3, 10),
    "biorxiv": lambda *_: (5, 5),
}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    registry: Registry

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that hang up are part of the play."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def log_message(self, *_: object) -> None:
        """Quiet: the log is the registry's."""

    def do_GET(self) -> None:
        self._handle({})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
        self._handle({name: values[-1] for name, values in parse_qs(body).items()})

    def _handle(self, form: dict[str, str]) -> None:
        registry = self.server.registry
        parts = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()} | form
        service, _, path = parts.path.lstrip("/").partition("/")
        if service not in _SERVICES:
            self._send(Reply(404, b"no such registry", "text/plain"))
            return
        lane = ("singles" if path.startswith("works/") else "lists") if service == "crossref" else ""
        active = registry.enter(service)
        arrived = time.monotonic()
        status = 0
        try:
            polite = "mailto" in query or "mailto:" in self.headers.get("user-agent", "")
            fault = registry.fault_for(service, f"{path}?{parts.query}&{form}")
            admitted, headers = registry.admits(service, lane, polite=polite, active=active)
            if registry.latency:
                registry.wait(registry.latency)
            if fault.startswith(("hang", "reset", "drip")):
                status = -1
                self._misbehave(fault)
                return
            if fault:
                reply = self._faulty(fault, registry, service, path, query)
            elif not admitted:
                reply = Reply(429, b"")
            else:
                reply = _SERVICES[service](registry.world, path, query, dict(self.headers))
                reply.headers = headers | reply.headers
            status = reply.status
            self._send(reply, cut=fault == "truncated")
        finally:
            registry.leave(service)
            agent = self.headers.get("user-agent", "")
            registry.note(Logged(arrived, service, lane, path, query, status, agent, active))

    def _faulty(self, fault: str, registry: Registry, service: str, path: str, query: dict[str, str]) -> Reply:
        page = b"<html><head><title>503 Service Unavailable</title></head><body>Back soon.</body></html>"
        kind, _, detail = fault.partition(":")
        if kind == "redirect":
            return Reply(302, b"", "text/html", {"location": detail})
        simple = {
            "400": as_json({"status": "failed", "message": [{"type": "filter-not-available", "message": "no"}]}, 400),
            "429": Reply(429, b""),
            "429-wait": Reply(429, b"slow down", "text/plain", {"retry-after": detail or "1"}),
            "403": Reply(403, b"blocked", "text/plain"),
            "500": Reply(500, b'{"status":"error","message":"exception"}'),
            "503": Reply(503, page, "text/html"),
            "504": Reply(504, b"<html><body><h1>504 Gateway Time-out</h1></body></html>", "text/html"),
            "empty": Reply(200, b""),
            "html": Reply(
                200, b"<!DOCTYPE html><html><body>Please prove that you are human.</body></html>", "text/html"
            ),
            "other-shape": Reply(200, b'{"status":"ok","message":{}}'),
            "null": Reply(200, b"null"),
            "search-error": as_json({"header": {}, "esearchresult": {"ERROR": "Search Backend failed: timed out"}}),
            "fetch-error": Reply(200, b"<eFetchResult><ERROR>Cannot retrieve</ERROR></eFetchResult>", "text/xml"),
        }
        if kind in simple:
            return simple[kind]
        reply = _SERVICES[service](registry.world, path, query, dict(self.headers))
        if kind == "truncated":
            reply.body = reply.body[: len(reply.body) // 2]
        elif kind == "wrong-type":
            reply.kind = "text/plain"
        return reply

    def _misbehave(self, fault: str) -> None:
        self.close_connection = True
        if fault == "hang":
            self.server.registry.wait(60)
        elif fault == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
        elif fault == "drip":
            for byte in b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-long: " + b"y" * 600:
                try:
                    self.wfile.write(bytes([byte]))
                except OSError:
                    return
                self.server.registry.wait(0.1)

    def _send(self, reply: Reply, *, cut: bool = False) -> None:
        head = [
            f"HTTP/1.1 {reply.status} X",
            f"content-type: {reply.kind}",
            f"content-length: {len(reply.body) * (1 + cut)}",
        ]
        head += [f"{name}: {value}" for name, value in reply.headers.items()]
        if cut:
            self.close_connection = True
            head.append("connection: close")
        try:
            self.wfile.write("\r\n".join([*head, "", ""]).encode() + reply.body)
        except OSError:
            self.close_connection = True


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


_SERVICES: dict[str, Callable[[World, str, dict[str, str], dict[str, str]], Reply]] = {
    "crossref": _crossref,
    "datacite": _datacite,
    "doi": _doi,
    "pubmed": _pubmed,
    "europepmc": _europepmc,
    "biorxiv": _biorxiv,
}
