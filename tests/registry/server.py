"""The server: one port, a path for each registry, rate limits with headers, and faults on demand."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import parse_qs, urlsplit

from kap_content.model.settings import RegistrySettings, Settings
from tests.registry.answers import SERVICES, Reply, as_json
from tests.registry.world import World


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
        registries = RegistrySettings(**{f"{name}_url": f"{self.url}/{name}" for name in SERVICES})
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
        if service not in SERVICES:
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
                reply = SERVICES[service](registry.world, path, query, dict(self.headers))
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
        reply = SERVICES[service](registry.world, path, query, dict(self.headers))
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
