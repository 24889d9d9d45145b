"""A small site in a window of Chromium: the page that its tests look at, and what they do with it."""

from __future__ import annotations

import functools
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from kap_content.checking.gate import Checked
from kap_content.model.finding import Finding, Severity
from kap_content.model.place import Place
from kap_content.model.project import Context
from kap_content.rendering.making import Written
from kap_content.rendering.site import Layout, render_overview, render_site
from tests.browser import chromium
from tests.rendering.forms import drafts, fragments

Make = Callable[..., Checked]
PHONE, DESKTOP = 360, 1280
BODY = """
## What was found

[Ten of 12 people responded.]{claim=A-1} A sentence cites directly [@glue2017].

[]{claim=A-2}

::: {.figure kind=waffle src="small.csv" claim=A-1}
Ten of 12 people responded [@glue2017].
:::

::: {.figure kind=forest src="forest.csv" claim=A-2 measure="Standardised mean difference" left="favours ketamine"}
A long caption for a forest plot [@hartland2023].
:::

| A column that is wide | Another column that is wide | A third one | A fourth one |
|---|---|---|---|
| Averylongwordthatcannotbebroken | Averylongwordthatcannotbebroken | Averylongwordthatcannotbebroken | x |

A footnote.[^why]

[^why]: Since a page may have some.

::: {.nonclaim .warning reason="for emergencies"}
Call for help.
:::

A long address: <https://example.org/averylongaddressthatgoesonandonwithoutanyplacetobreakitanywhere/and/more>
and `code_that_is_very_long_and_does_not_break_at_all_even_on_a_narrow_phone_screen_of_360_pixels()`.

<script>document.title = "attacked"</script>
"""
FINDINGS = tuple(
    Finding("CLM002", "text-drift", severity, Place("pages/small.md", line), f"a {severity}", help="Mend it.")
    for severity, line in ((Severity.ERROR, 17), (Severity.WARNING, 17), (Severity.NOTE, 21))
)


@dataclass
class Browser:
    """A Chromium with the rendered page's address."""

    driver: Any
    address: str

    def open(self, width: int = DESKTOP, *, dark: bool = False, script: bool = True, touch: bool = False) -> Any:
        """Load the page afresh at this width, in the light or the dark, with or without JavaScript."""
        metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
        self.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not script})
        self.driver.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": touch})
        for kind in ("browser", "performance"):
            self.driver.get_log(kind)
        self.driver.get(self.address)
        return self.driver

    def tap(self, element: Any) -> None:
        """Touch the middle of an element with a finger."""
        script = (
            "arguments[0].scrollIntoView({block: 'center', behavior: 'instant'});"
            "const r = arguments[0].getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]"
        )
        x, y = self.driver.execute_script(script, element)
        for kind, points in (("touchStart", [{"x": x, "y": y}]), ("touchEnd", [])):
            self.driver.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def messages(self) -> list[str]:
        """What the console said since the page was opened."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def requests(self) -> list[str]:
        """The addresses that the page asked for."""
        events = (json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance"))
        return [event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"]


class Silent(SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, *_args: object) -> None:
        pass


@contextmanager
def showing(make: Make, folder: Callable[[str], Path]) -> Iterator[Browser]:
    """A Chromium that shows the small site, over HTTP."""
    root = folder("project")
    (root / "pages").mkdir()
    (root / "pages/small.csv").write_text("label,count\nResponded,10\nDid not respond,2\n", "utf-8")
    (root / "pages/forest.csv").write_text("label,estimate,low,high\nUnder 12 h,-1.17,-1.89,-0.44\n", "utf-8")
    made, other = make(BODY), make("Another page.\n", path="pages/other.md")
    context = Context.of(replace(made.context.project, pages=(made.page, other.page)), made.context.as_of)
    passed = [Checked(page, context, ()) for page in context.project.pages]
    for written in (*render_site(passed, root), *drafts([(made.page, FINDINGS)], context, root)):
        assert isinstance(written, Written)
    render_overview(Layout.whole(context, root))
    (fragment, *_) = fragments(passed, root)
    assert isinstance(fragment, Written)
    (root / "site/cms.html").write_text(
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A CMS</title><link rel="icon" href="data:,">'
        '<link rel="stylesheet" href="fragments/small/style.css"></head>'
        f"<body><main><h1>A page of a CMS</h1>{fragment.path.read_text('utf-8')}</main></body></html>",
        "utf-8",
    )
    handler = functools.partial(Silent, directory=str(root / "site"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with chromium(folder("profile")) as driver:
        yield Browser(driver, f"http://127.0.0.1:{server.server_address[1]}/small/")
    server.shutdown()
    server.server_close()
