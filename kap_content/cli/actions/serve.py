"""`kap serve`: the pages as drafts on this machine, their findings beside the text, loaded again on every save."""

from __future__ import annotations

import mimetypes
import sys
import time
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock
from urllib.parse import quote, unquote, urlsplit

from markupsafe import Markup

from kap_content.checking.gate import Concerns
from kap_content.cli.given import Globals, RuleOptions, told
from kap_content.cli.session import Run, open_project, run_rules
from kap_content.load.watch import mark_of
from kap_content.model.errors import KapError, UsageError
from kap_content.model.finding import Finding, Severity
from kap_content.model.page import Page
from kap_content.report.model import count, counted

LOOPBACK = "127.0.0.1"
HOSTS = frozenset({LOOPBACK, "localhost"})
"""What a browser on this machine calls it; under any other name some web page is asking."""
OWN = "/-/"
INTERRUPTED = 130
STILL = 0.25
"""Seconds for which the answer to whether a file changed holds."""


def serve(options: Globals, rules: RuleOptions, port: int) -> int:
    """Serve until Ctrl-C, which ends with 130. Port 0 is any free one."""
    preview = Preview(options, rules)
    try:
        server = Server((LOOPBACK, port), Handler)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(f"port {port} cannot be used: {reason}", help="Give another --port, or none.") from error
    server.preview = preview
    print(f"Serving drafts at http://{LOOPBACK}:{server.server_address[1]}/ (Ctrl-C ends)", flush=True)
    try:
        server.serve_forever(poll_interval=0.1)
    except KeyboardInterrupt:
        return INTERRUPTED
    finally:
        server.server_close()
    return 0


@dataclass(frozen=True, slots=True)
class State:
    """The project as it stood at `version`: judged, or the error that kept it from being read."""

    version: str
    run: Run | None
    concerns: Concerns | None
    slugs: dict[str, Page]
    error: KapError | None = None


class Preview:
    """What is served. The project is read again when a file of it changed and somebody asks."""

    def __init__(self, options: Globals, rules: RuleOptions) -> None:
        self._options, self._rules = options, rules
        self.is_verbose = options.verbose
        self.root, settings = open_project(options)
        self._output = settings.output
        self._lock = Lock()
        self._state: State | None = None
        self._rendered: dict[str, dict[str, bytes]] = {}
        self._looked = (0.0, "")

    def version(self) -> str:
        """A mark of all files of the project: names, sizes and times of change."""
        now = time.monotonic()
        if now - self._looked[0] > STILL:
            self._looked = (now, mark_of(self.root, self.root / self._output))
        return self._looked[1]

    def state(self) -> State:
        """The project as it stands now."""
        with self._lock:
            version = self.version()
            if self._state is None or self._state.version != version:
                self._state, self._rendered = self._read(version), {}
            return self._state

    def files(self, slug: str) -> dict[str, bytes]:
        """The files of the draft of a page; a KeyError where there is no such page, a KapError where it fails."""
        from kap_content.rendering.site import preview

        state = self.state()
        with self._lock:
            page = state.slugs[slug]
            if slug not in self._rendered and state.run is not None:
                live = f"{OWN}live.js?made={state.version}"
                self._rendered[slug] = preview(page, state.run.context, self.findings(state, page), self.root, live)
            return self._rendered[slug]

    @staticmethod
    def findings(state: State, page: Page) -> tuple[Finding, ...]:
        """What was found on a page."""
        return state.concerns.of(page) if state.concerns else ()

    def _read(self, version: str) -> State:
        from kap_content.rendering.site import slugs

        try:
            run = run_rules(self._options, self._rules, [])
            pages = {page.path: page for page in run.pages}
            found = {
                slug: pages[path]
                for path, slug in slugs((page.path for page in run.pages), run.context.settings).items()
            }
        except KapError as error:
            return State(version, None, None, {}, error)
        return State(version, run, Concerns(run.context, run.outcome.findings), found)


class Server(ThreadingHTTPServer):
    """Knows what it serves."""

    daemon_threads = True
    preview: Preview


class Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD of a browser on this machine."""

    server: Server
    protocol_version = "HTTP/1.1"
    server_version = "kap"
    sys_version = ""

    def do_GET(self) -> None:
        """Answer, with a page that says so where that fails."""
        if (self.headers.get("Host") or "").partition(":")[0].lower() not in HOSTS:
            self._answer(HTTPStatus.FORBIDDEN, b"This preview answers to 127.0.0.1 and localhost only.\n", "text/plain")
            return
        path = unquote(urlsplit(self.path).path)
        try:
            self._route(path)
        except KapError as error:
            self._page(
                HTTPStatus.INTERNAL_SERVER_ERROR, "This cannot be shown", Markup("<pre>{}</pre>").format(told(error))
            )
        except KeyError:
            self._page(HTTPStatus.NOT_FOUND, "Not found", Markup('<p><a href="/">All pages</a></p>'))
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    do_HEAD = do_GET  # noqa: N815 - the name that the library calls

    def _route(self, path: str) -> None:
        preview = self.server.preview
        if path == "/":
            self._index()
        elif path == f"{OWN}version":
            self._answer(HTTPStatus.OK, preview.version().encode(), "text/plain")
        elif path in (f"{OWN}live.js", f"{OWN}style.css"):
            from kap_content.rendering.style import packaged

            name = path.removeprefix(OWN)
            self._answer(HTTPStatus.OK, packaged(name).encode(), _type(name))
        else:
            self._file(path.lstrip("/"))

    def _file(self, path: str) -> None:
        """A file of a page's folder; the longest slug wins, since one page may lie below another."""
        preview = self.server.preview
        state = preview.state()
        if state.error is not None:
            raise state.error
        parts = path.split("/")
        for end in range(len(parts), 0, -1):
            slug, name = "/".join(parts[:end]), "/".join(parts[end:])
            if slug in state.slugs:
                if end == len(parts):
                    self._redirect(f"/{quote(slug)}/")
                else:
                    content = preview.files(slug)[name or "index.html"]
                    self._answer(HTTPStatus.OK, content, _type(name or "index.html"))
                return
        raise KeyError(path)

    def _index(self) -> None:
        preview = self.server.preview
        state = preview.state()
        if state.error is not None:
            raise state.error
        items = Markup("").join(
            Markup('<li><h2><a href="/{}/">{}</a></h2><p>{}</p><p class="reviewed">{}</p></li>').format(
                quote(slug), page.meta.title or page.path, page.path, _told_counts(preview.findings(state, page))
            )
            for slug, page in state.slugs.items()
        )
        body = Markup('<ul class="pages">{}</ul>').format(items) if items else Markup("<p>There is no page yet.</p>")
        self._page(HTTPStatus.OK, "Drafts", body)

    def _page(self, status: HTTPStatus, title: str, body: Markup) -> None:
        version = self.server.preview.version()
        html = Markup(
            '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{}</title>'
            '<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">'
            '<link rel="stylesheet" href="{}style.css"><script src="{}live.js?made={}" defer></script></head>'
            '<body><main class="layout index"><h1>{}</h1>{}</main></body></html>\n'
        ).format(title, OWN, OWN, version, title, body)
        self._answer(status, html.encode("utf-8", "replace"), "text/html")

    def _redirect(self, target: str) -> None:
        self._answer(HTTPStatus.MOVED_PERMANENTLY, b"", "text/plain", {"Location": target})

    def _answer(self, status: HTTPStatus, content: bytes, kind: str, more: dict[str, str] | None = None) -> None:
        self.send_response(status)
        text = kind.startswith("text/") or kind in ("application/json", "image/svg+xml")
        self.send_header("Content-Type", f"{kind}; charset=utf-8" if text else kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Content-Security-Policy", "frame-ancestors 'none'")
        for name, value in (more or {}).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - theirs
        """Say nothing of what went well; the browser shows the rest."""
        if self.server.preview.is_verbose:
            print(format % args, file=sys.stderr)


def _told_counts(findings: tuple[Finding, ...]) -> str:
    if not findings:
        return "nothing found"
    return ", ".join(counted(number, severity.value) for severity in Severity if (number := count(findings, severity)))


def _type(name: str) -> str:
    known = {
        ".js": "text/javascript",
        ".css": "text/css",
        ".html": "text/html",
        ".webp": "image/webp",
        ".avif": "image/avif",
    }
    return known.get(Path(name).suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
