"""Who may speak to the desk: one browser, which brought the one-time link, from the desk's own pages.

What is kept out: other people on the network (the desk listens on loopback only), other programs and users of this
machine (the link), web pages that the browser has open beside it (Host, Origin, SameSite cookie, form token), and a
page that points its own name at this machine (Host).
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock

LOOPBACK = "127.0.0.1"
SAFE = frozenset({"GET", "HEAD"})
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    # Not no-referrer: with it browsers send `Origin: null` with forms, and Origin could not be checked.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""What every answer carries."""


@dataclass(slots=True)
class Session:
    """The one browser that was let in. `csrf` stands in each of its forms; `told` is shown once on its next page."""

    key: str
    csrf: str
    reviewer: str = ""
    role: str = ""
    told: list[str] = field(default_factory=list)


class Guard:
    """Lets one browser in by the one-time token, and refuses what does not come from its pages."""

    def __init__(self, port: int) -> None:
        self.hosts = frozenset({f"{LOOPBACK}:{port}", f"localhost:{port}"})
        self.cookie = f"kap-desk-{port}"
        """Cookies are shared by all ports of a host: two desks must not take each other's."""
        self.token = secrets.token_urlsafe(32)
        self.session: Session | None = None
        self._lock = Lock()

    def enter(self, token: str) -> Session | None:
        """The session for the token, the first time that it is brought; None ever after, and for any other."""
        with self._lock:
            if self.session is not None or not _same(token, self.token):
                return None
            self.session = Session(secrets.token_urlsafe(32), secrets.token_urlsafe(32))
            return self.session

    def known(self, cookie: str) -> Session | None:
        """The session of a cookie."""
        session = self.session
        return session if session is not None and _same(cookie, session.key) else None

    def reason_against(self, method: str, headers: Mapping[str, str]) -> str:
        """Why a request may not be answered, whoever sends it; empty where nothing speaks against it."""
        if headers.get("Host", "").lower() not in self.hosts:
            return "This desk answers to 127.0.0.1 and localhost only."
        origin, fetched_by = headers.get("Origin", ""), headers.get("Sec-Fetch-Site", "")
        if origin and origin.lower() not in {f"http://{host}" for host in self.hosts}:
            return "This request comes from another site."
        if method in SAFE:
            return ""
        if fetched_by not in {"", "same-origin"} or not origin:
            return "This request does not come from a page of the desk."
        return ""


def is_own_form(session: Session, token: str) -> bool:
    """Whether a form was made for this session."""
    return _same(token, session.csrf)


def _same(given: str, kept: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), kept.encode("utf-8"))
