"""Serving the desk on this machine alone, until Ctrl-C."""

from __future__ import annotations

import os
import sys
import webbrowser
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kap_content.desk.guard import LOOPBACK, Guard
from kap_content.desk.reading import Desk
from kap_content.desk.who import Who
from kap_content.model.errors import UsageError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


def serve(
    root: Path,
    who: Who,
    today: Callable[[], date],
    say: Callable[[str], None],
    *,
    port: int = 0,
    release: bool = False,
    browser: bool = True,
) -> None:
    """Serve the project at `root` until Ctrl-C. `say` is told the one-time link. Port 0 is any free one.

    A `UsageError` where the extra `kap-content[review]` is not installed or the port cannot be had, another `KapError`
    where the project's settings cannot be used.
    """
    try:
        from werkzeug.serving import WSGIRequestHandler, make_server

        from kap_content.desk.app import create_app
    except ModuleNotFoundError as error:
        raise UsageError(
            f"the desk needs {error.name}, which is not installed", help="pip install 'kap-content[review]'"
        ) from error

    class Handler(WSGIRequestHandler):
        """Says nothing of requests, nor what serves them."""

        timeout = 120

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            """Nothing: a reviewer's terminal is no log."""

        def version_string(self) -> str:
            return "kap"

    def not_yet(_environ: WSGIEnvironment, _start: StartResponse) -> list[bytes]:
        return []

    try:
        # The port decides which Host and cookie count, so the application is made after the socket.
        server = make_server(LOOPBACK, port, not_yet, threaded=True, request_handler=Handler)
    except (OSError, OverflowError, SystemExit) as error:
        raise UsageError(f"port {port} cannot be used", help="Give another --port, or none.") from error
    guard = Guard(server.server_port)
    desk = Desk(root, today, release=release)
    try:
        server.app = create_app(desk, guard, who, today)
        link = f"http://{LOOPBACK}:{server.server_port}/enter?token={guard.token}"
        say(link)
        if browser and _has_screen():
            webbrowser.open(link)
        server.serve_forever(poll_interval=0.1)
    finally:
        server.server_close()
        desk.close()


def _has_screen() -> bool:
    """Whether a browser with windows can be opened: one of the terminal would take the terminal away."""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
