"""How often and how many at once: per host, obeying what the host's own answers say, with a breaker."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from time import monotonic

from kap_content.startup.regex import regex

_INTERVAL = regex(r"\s*(\d+(?:\.\d+)?)\s*(ms|s|m|h)?\s*")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, None: 1.0}
_MARGIN = 0.03
"""Seconds by which a window is kept longer than asked: requests do not all travel equally fast."""
_RECOVERY = 10
"""After so many answers in a row a host that asked us to slow down is trusted at twice the speed again."""


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `limit` requests begin in any `interval` seconds."""

    limit: int
    interval: float = 1.0


@dataclass(frozen=True, slots=True)
class Policy:
    """How a host wants to be asked, by lane (a kind of query); `concurrency` is for all lanes together."""

    lanes: Mapping[str, Rate] = field(default_factory=lambda: {"": Rate(3)})
    concurrency: int = 2
    obeys_headers: bool = True


class _Lane:
    """A sliding log of the last `limit` starts: exact for any window, and free to burst within it."""

    def __init__(self, rate: Rate) -> None:
        self.rate = rate
        self.starts: deque[float] = deque()

    def wait(self, now: float, slowness: float) -> float:
        """Seconds until one more may start."""
        window = self.rate.interval * slowness + _MARGIN
        while self.starts and now - self.starts[0] >= window:
            self.starts.popleft()
        if len(self.starts) < self.rate.limit:
            return 0.0
        return window - (now - self.starts[len(self.starts) - self.rate.limit])


class Host:
    """The gate before one host. Threads pass `enter` and `leave`; all state is behind one lock."""

    def __init__(self, name: str, policy: Policy, clock: Callable[[], float] = monotonic) -> None:
        self.name = name
        self.policy = policy
        self.requests = 0
        self._clock = clock
        self._changed = threading.Condition()
        self._lanes = {lane: _Lane(rate) for lane, rate in policy.lanes.items()}
        self._concurrency = policy.concurrency
        self._active = 0
        self._answers = 0
        self._paused_until = 0.0
        self._slowness = 1.0
        self._calm = 0
        self._failures = 0
        self._closed = ""

    @property
    def closed(self) -> str:
        """Why this host is not asked any more; empty while it is."""
        return self._closed

    def enter(self, lane: str, deadline: float) -> str:
        """Wait for a turn. Empty once it is given; else why there will be none."""
        with self._changed:
            while True:
                if self._closed:
                    return self._closed
                now = self._clock()
                wait = max(self._paused_until - now, self._lane(lane).wait(now, self._slowness))
                if wait <= 0 and self._active < self._concurrency:
                    self._active += 1
                    self.requests += 1
                    self._lane(lane).starts.append(now)
                    return ""
                if now >= deadline:
                    return f"{self.name}: no turn in the time allowed"
                self._changed.wait(min(deadline - now, wait if wait > 0 else 60.0))

    def leave(self, lane: str, headers: Mapping[str, str] | None) -> None:
        """Give the turn back; `headers` are the answer's, None where there was none."""
        with self._changed:
            self._active -= 1
            if headers is not None:
                self._answers += 1
                if self._answers <= self._concurrency:
                    # The first requests also open the connections, which takes time that the host does not
                    # see: to it they arrived later than they were sent. Count them from now.
                    starts = self._lane(lane).starts
                    if starts:
                        starts.popleft()
                        starts.append(self._clock())
                self._obey(lane, headers)
            self._changed.notify_all()

    def succeeded(self) -> None:
        """An answer that can be used: forget earlier failures, and after a calm spell earlier haste."""
        with self._changed:
            self._failures = 0
            self._calm += 1
            if self._calm >= _RECOVERY and self._slowness > 1.0:
                self._slowness /= 2
                self._calm = 0
            self._changed.notify_all()

    def failed(self, reason: str, *, tolerated: int) -> None:
        """One more failure in a row; beyond `tolerated` the host is not asked any more."""
        with self._changed:
            self._failures += 1
            if self._failures > tolerated:
                self._close(reason)

    def close(self, reason: str) -> None:
        """Do not ask this host any more."""
        with self._changed:
            self._close(reason)

    def pause(self, seconds: float, *, slower: bool) -> None:
        """Nobody asks for so long; `slower` also halves the rate and takes one from the requests at once."""
        with self._changed:
            self._paused_until = max(self._paused_until, self._clock() + seconds)
            if slower:
                self._slowness = min(self._slowness * 2, 16.0)
                self._concurrency = max(1, self._concurrency - 1)
                self._calm = 0
            self._changed.notify_all()

    def _lane(self, name: str) -> _Lane:
        return self._lanes.setdefault(name, _Lane(Rate(1)))

    def _close(self, reason: str) -> None:
        self._closed = self._closed or reason
        self._changed.notify_all()

    def _obey(self, lane: str, headers: Mapping[str, str]) -> None:
        """Take over the limits that the answer names; nonsense in them is ignored."""
        if not self.policy.obeys_headers:
            return
        limit, interval = headers.get("x-rate-limit-limit", ""), headers.get("x-rate-limit-interval", "")
        span = _INTERVAL.fullmatch(interval)
        if limit.strip().isdecimal() and int(limit) > 0 and span is not None and float(span[1]) > 0:
            self._lane(lane).rate = Rate(int(limit), float(span[1]) * _SECONDS[span[2]])
        at_once = headers.get("x-concurrency-limit", "").strip()
        if at_once.isdecimal() and int(at_once) > 0 and self._slowness <= 1.0:
            self._concurrency = int(at_once)
