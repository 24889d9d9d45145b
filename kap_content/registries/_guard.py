"""Which machines may be spoken to: only global addresses, unless the settings name the very host and port.

A name is resolved once, at the moment of connecting, and the connection goes to an address that was just
examined; there is no second look-up in which the name could come to mean another machine.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import Self
from urllib.parse import urlsplit

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NameResolutionError, NewConnectionError

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_PORTS = {"http": 80, "https": 443}

SocketAddress = tuple[socket.AddressFamily, tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes]]


class RefusedAddressError(HTTPError):
    """The name leads to an address that is not for us. The message says which."""


def is_public(address: str) -> bool:
    """Whether an IP address is a global unicast one; addresses that wrap an IPv4 address are judged by it."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            ip = inner
    return ip.is_global and not ip.is_multicast


def endpoint(url: str) -> tuple[str, int]:
    """Host and port of an http(s) URL; raises ValueError for any other."""
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ValueError("not an http(s) address")
    return parts.hostname.lower(), parts.port or _PORTS[parts.scheme]


@dataclass(slots=True)
class Guard:
    """`named` are the endpoints that the settings name: they may be loopback or private.

    `connected` is set once any connection was made; `current` holds each thread's connection, for `TimeCap`.
    """

    named: frozenset[tuple[str, int]] = frozenset()
    connected: threading.Event = field(default_factory=threading.Event)
    current: threading.local = field(default_factory=threading.local)

    def addresses(self, host: str, port: int) -> Sequence[SocketAddress]:
        """Resolve once. Raises RefusedAddressError where no address may be used, OSError where there is none."""
        found: list[SocketAddress] = [
            (family, address) for family, _, _, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        ]
        if (host.lower(), port) in self.named:
            return found
        public: list[SocketAddress] = [(family, address) for family, address in found if is_public(str(address[0]))]
        if not public:
            raise RefusedAddressError(f"{host} is not on the public internet ({', '.join(_shown(found))})")
        return public

    def connect(self, host: str, port: int, timeout: float) -> socket.socket:
        """Connect to one of the examined addresses; `timeout` is for all of them together, in seconds."""
        deadline = monotonic() + timeout
        addresses = self.addresses(host, port)
        last: OSError = OSError("no address")
        for position, (family, address) in enumerate(addresses):
            share = (deadline - monotonic()) / (len(addresses) - position)
            if share <= 0:
                raise TimeoutError
            conn = socket.socket(family, socket.SOCK_STREAM)
            try:
                conn.settimeout(share)
                conn.connect(address)
                conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            except OSError as error:
                conn.close()
                last = error
            else:
                self.connected.set()
                return conn
        raise last


def _shown(found: Iterable[SocketAddress]) -> list[str]:
    return sorted({str(address[0]) for _, address in found})


def _open(connection: HTTPConnection, guard: Guard, name: str, timeout: float) -> socket.socket:
    """Connect as urllib3's connections do, with its own exceptions."""
    try:
        return guard.connect(name, connection.port, timeout)
    except socket.gaierror as error:
        raise NameResolutionError(connection.host, connection, error) from error
    except TimeoutError as error:
        raise ConnectTimeoutError(connection, f"no connection to {connection.host} in {timeout:g} s") from error
    except OSError as error:
        raise NewConnectionError(connection, f"no connection to {connection.host}: {error}") from error


class GuardedAdapter(HTTPAdapter):
    """A requests adapter whose connections pass a `Guard`. `timeout` is for connecting, in seconds."""

    def __init__(self, guard: Guard, timeout: float, connections: int) -> None:
        self._guard = guard
        self._timeout = timeout
        super().__init__(pool_connections=4, pool_maxsize=connections, max_retries=0)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **options: object) -> None:
        """As requests makes it, with guarded connections for both schemes."""
        super().init_poolmanager(connections, maxsize, block, **options)
        guard, timeout = self._guard, self._timeout

        class Plain(HTTPConnection):
            def _new_conn(self) -> socket.socket:
                return _open(self, guard, self._dns_host, timeout)

            def request(self, *args: object, **kwargs: object) -> None:
                guard.current.connection = self
                super().request(*args, **kwargs)  # type: ignore[arg-type] # handed on as they came

        class Secure(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                return _open(self, guard, self._dns_host, timeout)

            def request(self, *args: object, **kwargs: object) -> None:
                guard.current.connection = self
                super().request(*args, **kwargs)  # type: ignore[arg-type] # handed on as they came

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class SecurePool(HTTPSConnectionPool):
            ConnectionCls = Secure

        self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}


class TimeCap:
    """Cuts the calling thread's connection when a request has taken `seconds` in all, slow drips included."""

    def __init__(self, guard: Guard, seconds: float) -> None:
        self.expired = False
        guard.current.connection = None
        self._values = guard.current.__dict__  # this thread's own, so that the timer's thread can look into it
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def _cut(self) -> None:
        self.expired = True
        connection = self._values.get("connection")
        sock = connection.sock if isinstance(connection, HTTPConnection) else None
        if sock is not None:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
