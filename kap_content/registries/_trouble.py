"""What can go wrong with one attempt, in plain words, and whether trying again can help."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import requests
from urllib3.exceptions import MaxRetryError, NameResolutionError, NewConnectionError, ProxyError

from kap_content.registries._guard import RefusedAddressError

_DEEPEST = 8
"""Causes of causes looked at in an exception."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """One attempt that brought nothing. `fatal` ones are not tried again."""

    reason: str
    wait: float | None = None
    fatal: bool = False
    overload: bool = False
    unreachable: bool = False
    silent: bool = False


def trouble_of(error: Exception, *, connect: float, read: float) -> Trouble:
    """What an exception of requests, urllib3 or the system means; `connect` and `read` are the time-outs in seconds."""
    cause = _root(error)
    if isinstance(cause, RefusedAddressError):
        return Trouble(f"refused: {cause}", fatal=True)
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return Trouble(f"no connection in {connect:g} s", unreachable=True)
    if isinstance(cause, NameResolutionError):
        return Trouble("the name cannot be resolved (offline?)", unreachable=True)
    if isinstance(cause, NewConnectionError | ProxyError):
        return Trouble("no connection (offline?)", unreachable=True)
    if isinstance(error, requests.exceptions.SSLError):
        return Trouble("its certificate is not accepted", fatal=True)
    if isinstance(error, requests.Timeout) or "timed out" in str(error).lower():
        return Trouble(f"silent for {read:g} s", silent=True)
    if isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.MissingSchema | UnicodeError):
        return Trouble("an address that cannot be asked", fatal=True)
    return Trouble("the connection broke off")


def _root(error: BaseException) -> BaseException:
    """The innermost reason that requests and urllib3 wrapped."""
    for _ in range(_DEEPEST):
        inner = error.reason if isinstance(error, MaxRetryError) else (error.args[0] if error.args else None)
        if not isinstance(inner, BaseException):
            break
        error = inner
    return error


def retry_after(text: str, now: datetime) -> float | None:
    """Seconds to wait, from a `Retry-After` header in either form; None where it says nothing."""
    text = text.strip()
    if text.isdecimal():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max((moment - now).total_seconds(), 0.0)
