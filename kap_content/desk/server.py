"""Serving the desk on this machine alone, until Ctrl-C."""

from __future__ import annotations

import os
import sys
import webbrowser
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Self

from kap_content.desk.guard import LOOPBACK, Guard
from kap_content.desk.reading import PATIENCE, Desk
from kap_content.desk.who import Who
from kap_content.model.errors import UsageError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment
    from werkzeug.serving import BaseWSGIServer

_INSTALL = "pip install 'kap-content[review]'"


class DeskServer:
    """A desk that listens as soon as it is made; `link` lets the one browser in.

    Raises a `UsageError` where the extra `kap-content[review]` is not installed or the port cannot be had, another
    `KapError` where the project's settings cannot be used. Port 0 is any free one. A page waits `patience` seconds for
    the findings of what just changed.
    """

    def __init__(
        self,
        root: Path,
        who: Who,
        today: Callable[[], date],
        *,
        port: int = 0,
        release: bool = False,
        patience: float = PATIENCE,
    ) -> None:
        try:
            from kap_content.desk.app import create_app
        except ModuleNotFoundError as error:
            raise UsageError(f"the desk needs {error.name}, which is not installed", help=_INSTALL) from error
        self._server = _listening(port)
        guard = Guard(self._server.port)
        self.link = f"http://{LOOPBACK}:{self._server.port}/enter?token={guard.token}"
        try:
            self._desk = Desk(root, today, release=release, patience=patience)
        except BaseException:
            self._server.server_close()
            raise
        # The port decides which Host and cookie count, so the application is made after the socket.
        self._server.app = create_app(self._desk, guard, who, today)

    def open_browser(self) -> None:
        """Open the link in the reviewer's browser, where this machine has one with windows."""
        if _has_screen():
            webbrowser.open(self.link)

    def run(self) -> None:
        """Answer until Ctrl-C, or until another thread calls `stop`."""
        self._server.serve_forever(poll_interval=0.1)

    def stop(self) -> None:
        """End `run`."""
        self._server.shutdown()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.server_close()
        self._desk.close()


def _listening(port: int) -> BaseWSGIServer:
    """A server on loopback that has no application yet."""
    import socket

    from werkzeug.serving import WSGIRequestHandler, make_server

    class Handler(WSGIRequestHandler):
        """Says nothing of requests, nor what serves them: a reviewer's terminal is no log."""

        timeout = 120

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            pass

        def version_string(self) -> str:
            return "kap"

    def not_yet(_environ: WSGIEnvironment, _start: StartResponse) -> list[bytes]:
        return []

    try:
        # Bound here, since werkzeug ends the process where a port is taken.
        listener = socket.create_server((LOOPBACK, port))
    except OSError as error:
        reason = (error.strerror or str(error)).partition(" (while ")[0]  # Python adds what it was doing
        raise UsageError(f"port {port} cannot be used: {reason}", help="Give another --port, or none.") from error
    with listener:
        return make_server(
            LOOPBACK,
            listener.getsockname()[1],
            not_yet,
            threaded=True,
            request_handler=Handler,
            fd=listener.fileno(),  # which it duplicates
        )


_WITH_WINDOWS = frozenset({"win32", "darwin"})


def _has_screen() -> bool:
    """Whether a browser with windows can be opened: one of the terminal would take the terminal away."""
    if sys.platform in _WITH_WINDOWS:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
