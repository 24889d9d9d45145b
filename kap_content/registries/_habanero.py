"""habanero as the voice to Crossref: it builds and validates the query and reads the answer; `_http` sends.

habanero sends with `httpx2.get`, a new connection each time, and has no place for a client of ours, nor does
it show the answer's headers (2.9.2, 2026-11). Crossref's rate headers must be obeyed and addresses guarded,
so the name `httpx2` in its two sending modules is bound to a stand-in that differs from httpx2 in `get`
alone, and there only inside a look-up of ours: anybody else's habanero in the same process is untouched.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from types import ModuleType
from typing import Protocol

from kap_content.registries._answer import Unchecked
from kap_content.registries._http import Answer, Ask, Failure, GarbageError, Network, read_json

_OK = 200
_SENDING_MODULES = ("habanero.request", "habanero.request_class")
_DROPPED_HEADERS = frozenset({"content-encoding", "content-length", "transfer-encoding"})


@dataclass(frozen=True, slots=True)
class Reply:
    """The status that Crossref answered, and what habanero made of the answer (None unless the status is 200)."""

    status: int
    value: object


class _UnansweredError(Exception):
    """Carries a failure of ours through habanero's code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class _Sender:
    """Sends one look-up's request; keeps the answer, for its status."""

    def __init__(self, network: Network, service: str, lane: str, is_complete: Callable[[object], bool]) -> None:
        self.answer: Answer | None = None
        self._network = network
        self._service = service
        self._lane = lane
        self._is_complete = is_complete

    def get(self, url: str, params: Mapping[str, str], headers: Mapping[str, str]) -> Answer:
        """As `httpx2.get`, bar the type of what it gives. Raises _UnansweredError."""
        answer = self._network.send(
            Ask(self._service, url, self._lane, dict(params), headers=dict(headers)), self._read
        )
        if isinstance(answer, Failure):
            raise _UnansweredError(answer.reason)
        self.answer = answer
        return answer

    def _read(self, answer: Answer) -> Answer:
        """An answer with status 200 must be whole: half a list would make works look unlisted."""
        if answer.status == _OK and not self._is_complete(read_json(answer)):
            raise GarbageError("an answer in another shape than documented")
        return answer


_sender: ContextVar[_Sender | None] = ContextVar("_sender", default=None)


class _Httpx2(ModuleType):
    """All that httpx2 is, except that `get` asks the current sender, where there is one."""

    def __init__(self, real: ModuleType) -> None:
        super().__init__(real.__name__, real.__doc__)
        self._real = real

    def __getattr__(self, name: str) -> object:
        return getattr(self._real, name)

    def get(self, url: str, **options: object) -> object:
        """`httpx2.get`, or our own way out."""
        sender = _sender.get()
        if sender is None:
            return self._real.get(url, **options)
        params, headers = options.get("params"), options.get("headers")
        answer = sender.get(
            url, params if isinstance(params, dict) else {}, headers if isinstance(headers, dict) else {}
        )
        # The body is already unpacked; json is what it is, whatever it is called.
        kept = {name: value for name, value in answer.headers.items() if name not in _DROPPED_HEADERS}
        if answer.status == _OK:
            kept["content-type"] = "application/json"
        return self._real.Response(
            answer.status, headers=kept, content=answer.body, request=self._real.Request("GET", answer.url)
        )


class _Client(Protocol):
    def works(self, **query: object) -> object: ...


@contextmanager
def _sending_through(sender: _Sender) -> Iterator[None]:
    for name in _SENDING_MODULES:
        module = importlib.import_module(name)
        if not isinstance(module.httpx2, _Httpx2):
            module.httpx2 = _Httpx2(module.httpx2)  # type: ignore[attr-defined]  # the seam told of above
    token = _sender.set(sender)
    try:
        yield
    finally:
        _sender.reset(token)


def ask_through_habanero(
    network: Network,
    base_url: str,
    mailto: str,
    *,
    service: str,
    lane: str,
    is_complete: Callable[[object], bool],
    query: Mapping[str, object],
) -> Reply | Unchecked:
    """`habanero.Crossref.works(**query)`. Whatever happens becomes a value."""
    sender = _Sender(network, service, lane, is_complete)
    try:
        from habanero import Crossref

        client: _Client = Crossref(base_url=base_url.rstrip("/"), mailto=mailto or None, ua_string=network.agent)
        with _sending_through(sender):
            value = client.works(**query)
    except _UnansweredError as error:
        return Unchecked(error.reason)
    except Exception as error:  # noqa: BLE001 - a library's surprise must not end the run
        # habanero raises for every status that is not 200: then the status is what is wanted.
        if sender.answer is not None and sender.answer.status != _OK:
            return Reply(sender.answer.status, None)
        return Unchecked(f"Crossref: an answer that cannot be read ({type(error).__name__})")
    if sender.answer is None:
        return Unchecked("Crossref: this version of habanero is not supported")
    return Reply(sender.answer.status, value)
