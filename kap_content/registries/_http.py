"""The one way out: every request of every adapter, polite, guarded, capped, and never raising.

`Network.send` waits for a turn at the host, asks, follows redirects itself (each hop examined anew), tries
again after what may pass (429, 5xx, a broken connection, garbage) and ends in an answer or a `Failure`.
"""

from __future__ import annotations

import json
import os
import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.cookiejar import DefaultCookiePolicy
from time import monotonic
from typing import TypeVar
from urllib.parse import urlencode, urljoin, urlsplit

import requests
from urllib3.exceptions import HTTPError

from kap_content.registries._guard import Guard, GuardedAdapter, RefusedAddressError, TimeCap, endpoint, is_public
from kap_content.registries._throttle import Host, Policy
from kap_content.registries._trouble import Trouble, retry_after, trouble_of

T = TypeVar("T")

_TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_BLOCKED = frozenset({401, 403, 451})


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds, bytes and counts that one request may take.

    `connect` is for a connection, `read` between two bytes, `total` for a whole request; `attempts` counts the
    first (of a silent host two are the most); `pause` is the first back-off, doubled each time and drawn at random
    from its upper half.
    """

    connect: float = 3.0
    read: float = 10.0
    total: float = 120.0
    attempts: int = 4
    pause: float = 0.5
    longest_pause: float = 60.0
    most_bytes: int = 64 * 1024 * 1024
    redirects: int = 5
    tolerated: int = 1
    """So many requests in a row may fail for good before a host is left alone."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One request of a service (the name of a registry, which has its own policy, session and breaker).

    `lane` names the kind of query, for services that allow some kinds more often than others.
    """

    service: str
    url: str
    lane: str = ""
    params: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] | None = None
    """Given, the request is a POST of this form."""
    headers: Mapping[str, str] = field(default_factory=dict)
    attempts: int = 0
    """Other than the limits' own, where given."""
    is_telling: bool = True
    """Whether a failure tells of the service: not where the query itself may be too much for it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str

    @property
    def kind(self) -> str:
        """The media type without its parameters, in lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class Failure:
    """No answer that could be used; `reason` names the host and is fit for the user's eyes."""

    reason: str


class GarbageError(Exception):
    """Raised by readers: the answer is not what it says it is; asking again may help."""


def plain(answer: Answer) -> Answer:
    """A reader that takes any answer as it is."""
    return answer


def read_json(answer: Answer) -> object:
    """A reader for JSON, whatever the answer calls itself, except where it calls itself a page."""
    if answer.kind in ("text/html", "application/xhtml+xml"):
        raise GarbageError("a web page instead of data")
    if not answer.body.strip():
        raise GarbageError("an empty answer")
    try:
        value: object = json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise GarbageError("an answer that breaks off or is not JSON") from error
    return value


def user_agent(mailto: str) -> str:
    """Product, version and, where one is set, the address to write to."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        release = version("kap-content")
    except PackageNotFoundError:
        release = "0"
    return f"kap-content/{release} (mailto:{mailto})" if mailto else f"kap-content/{release}"


class Network:
    """All hosts of one run. Thread-safe; `requests_made` counts every request sent, repeats and redirects too."""

    def __init__(
        self,
        *,
        mailto: str = "",
        named: frozenset[tuple[str, int]] = frozenset(),
        policies: Mapping[str, Policy] | None = None,
        limits: Limits | None = None,
        deadline: float = float("inf"),
    ) -> None:
        self.limits = limits or Limits()
        self.agent = user_agent(mailto)
        self.deadline = deadline
        self.guard = Guard(named)
        self._policies = dict(policies or {})
        self._hosts: dict[str, tuple[Host, requests.Session]] = {}
        self._lock = threading.Lock()

    @property
    def requests_made(self) -> int:
        """How many requests were sent in all."""
        with self._lock:
            return sum(host.requests for host, _ in self._hosts.values())

    def close(self) -> None:
        """Give the connections back."""
        with self._lock:
            for _, session in self._hosts.values():
                session.close()

    def stop(self, reason: str) -> None:
        """Ask nobody any more."""
        self.deadline = 0.0
        with self._lock:
            for host, _ in self._hosts.values():
                host.close(reason)

    def send(self, ask: Ask, read: Callable[[Answer], T]) -> T | Failure:
        """Ask until `read` can make something of the answer, or until there is no more point in it."""
        try:
            endpoint(ask.url)
        except ValueError as error:
            return Failure(f"{ask.service}: {error}")
        host, _ = self._host(ask.service)
        attempts = ask.attempts or self.limits.attempts
        for attempt in range(attempts):
            outcome = self._once(ask, read)
            if not isinstance(outcome, Trouble):
                host.succeeded()
                return outcome
            reason = outcome.reason if outcome.reason.startswith(f"{host.name}: ") else f"{host.name}: {outcome.reason}"
            if outcome.fatal:
                return Failure(host.closed or reason)
            if outcome.unreachable:
                host.failed(reason, tolerated=1)
            if outcome.silent and attempt:
                if ask.is_telling:
                    host.failed(reason, tolerated=0)
                break  # each try costs the whole time-out: two are enough, and others need not wait as long
            if attempt + 1 < attempts and not host.closed:
                self._back_off(host, attempt, outcome)
        if ask.is_telling and not host.closed:
            host.failed(reason, tolerated=self.limits.tolerated)
        return Failure(host.closed or reason)

    def _back_off(self, host: Host, attempt: int, trouble: Trouble) -> None:
        longest = min(self.limits.pause * 2**attempt, self.limits.longest_pause)
        seconds = longest * random.uniform(0.5, 1.0)  # noqa: S311 - jitter, not a secret
        if trouble.wait is not None:
            seconds = max(seconds, trouble.wait)
        host.pause(seconds, slower=trouble.overload)

    def _host(self, name: str) -> tuple[Host, requests.Session]:
        with self._lock:
            if name not in self._hosts:
                policy = self._policies.get(name, Policy())
                self._hosts[name] = (Host(name, policy), self._session(policy))
            return self._hosts[name]

    def _session(self, policy: Policy) -> requests.Session:
        session = requests.Session()
        session.trust_env = False  # no .netrc: credentials are never sent; proxies are looked up below
        session.cookies.set_policy(_NoCookies())
        session.headers.update({"User-Agent": self.agent, "Accept-Encoding": "gzip, deflate"})
        adapter = GuardedAdapter(self.guard, self.limits.connect, max(policy.concurrency, 1))
        session.mount("http://", adapter)
        session.mount("https://", adapter)
        return session

    def _once(self, ask: Ask, read: Callable[[Answer], T]) -> T | Trouble:
        """One attempt, redirects included."""
        url, form = ask.url, ask.form
        if ask.params:
            url += ("&" if "?" in url else "?") + urlencode(ask.params)
        for _ in range(self.limits.redirects + 1):
            answer = self._hop(url, form, ask)
            if isinstance(answer, Trouble):
                return answer
            if answer.status not in _REDIRECTS or "location" not in answer.headers:
                return self._read(answer, read)
            target = urljoin(url, answer.headers["location"])
            if form is not None:
                return Trouble("a form was redirected", fatal=True)
            if urlsplit(url).scheme == "https" and urlsplit(target).scheme != "https":
                return Trouble("a redirect away from https", fatal=True)
            url = target
        return Trouble(f"more than {self.limits.redirects} redirects", fatal=True)

    def _read(self, answer: Answer, read: Callable[[Answer], T]) -> T | Trouble:
        try:
            return read(answer)
        except GarbageError as error:
            return Trouble(str(error))

    def _hop(self, url: str, form: Mapping[str, str] | None, ask: Ask) -> Answer | Trouble:
        try:
            place = endpoint(url)
        except ValueError as error:
            return Trouble(f"{error} (redirected)", fatal=True)
        # A redirect to another machine is asked at that machine's own pace.
        at_home = place == endpoint(ask.url)
        host, session = self._host(ask.service if at_home else place[0])
        lane = ask.lane if at_home else ""
        refusal = "" if monotonic() < self.deadline else f"{host.name}: no turn in the time allowed"
        refusal = refusal or host.enter(lane, self.deadline)
        if refusal:
            return Trouble(refusal, fatal=True)
        answer: Answer | Trouble = Trouble("interrupted", fatal=True)
        try:
            answer = self._exchange(session, url, form, ask)
        finally:
            host.leave(lane, answer.headers if isinstance(answer, Answer) else None)
        return self._judge(host, answer)

    def _judge(self, host: Host, answer: Answer | Trouble) -> Answer | Trouble:
        """Sort out the answers that say "not now" and "not you"."""
        if isinstance(answer, Trouble):
            return answer
        if answer.status in _BLOCKED:
            host.close(f"{host.name}: access refused (HTTP {answer.status}); not asked again in this run")
            return Trouble(f"access refused (HTTP {answer.status})", fatal=True)
        if answer.status not in _TRANSIENT:
            return answer
        wait = retry_after(answer.headers.get("retry-after", ""), datetime.now(UTC))
        if wait is not None and wait > self.limits.longest_pause:
            host.close(f"{host.name}: asks to be left alone for {wait:.0f} s (HTTP {answer.status})")
            return Trouble(f"asks to be left alone for {wait:.0f} s", fatal=True)
        word = "too many requests" if answer.status == requests.codes.too_many_requests else "server trouble"
        overload = answer.status == requests.codes.too_many_requests
        return Trouble(f"{word} (HTTP {answer.status})", wait=wait, overload=overload)

    def _exchange(
        self, session: requests.Session, url: str, form: Mapping[str, str] | None, ask: Ask
    ) -> Answer | Trouble:
        limits = self.limits
        left = self.deadline - monotonic()
        cap = min(limits.total, max(left, 0.1))
        timer = TimeCap(self.guard, cap)
        try:
            with (
                timer,
                session.request(
                    "GET" if form is None else "POST",
                    url,
                    data=dict(form) if form is not None else None,
                    headers=dict(ask.headers),
                    timeout=(limits.connect, limits.read),
                    allow_redirects=False,
                    stream=True,
                    proxies=self._proxies(url),
                    verify=os.environ.get("REQUESTS_CA_BUNDLE") or True,
                ) as response,
            ):
                self.guard.connected.set()
                body = bytearray()
                for piece in response.raw.stream(65536, decode_content=True):
                    body += piece
                    if len(body) > limits.most_bytes:
                        return Trouble(f"an answer of more than {limits.most_bytes} bytes", fatal=True)
                headers = {name.lower(): value for name, value in response.headers.items()}
                return Answer(response.status_code, headers, bytes(body), url)
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            if timer.expired:
                late = "the time allowed" if left < limits.total else f"{cap:g} s"
                return Trouble(f"no whole answer in {late}", silent=True)
            return trouble_of(error, connect=limits.connect, read=limits.read)

    def _proxies(self, url: str) -> dict[str, str]:
        """The proxy that the environment names for this address, if any.

        Behind a proxy it is the proxy that resolves the name: an address that is written out, or that resolves
        here to a private one, is refused all the same.
        """
        host, port = endpoint(url)
        if (host, port) in self.guard.named:
            return {}
        proxies = requests.utils.get_environ_proxies(url)
        if proxies.get(urlsplit(url).scheme) or proxies.get("all"):
            self.guard.connected.set()  # it is the proxy that would know
            if host.replace(".", "").isdecimal() or ":" in host or host == "localhost":
                if not is_public(host):
                    raise RefusedAddressError(f"{host} is not on the public internet")
            else:
                self._resolve_if_possible(host, port)
        return proxies

    def _resolve_if_possible(self, host: str, port: int) -> None:
        try:
            self.guard.addresses(host, port)
        except OSError:
            return  # only the proxy knows the name


class _NoCookies(DefaultCookiePolicy):
    """Registries need no cookies, and they get none."""

    def set_ok(self, *_: object) -> bool:
        """Keep none."""
        return False

    def return_ok(self, *_: object) -> bool:
        """Send none."""
        return False
