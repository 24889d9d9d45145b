"""In a real Chromium: what words of others, other sites and used links can do, which is nothing."""

from __future__ import annotations

import http.server
import json
import threading
from pathlib import Path
from typing import Any

from tests.browser import needs_browser
from tests.desk.conftest import ATTACK, LEE, log
from tests.desk.window import Shown, open_claim, wait_for

pytestmark = needs_browser


def test_nothing_is_asked_of_other_hosts_and_the_console_stays_silent(desk: Shown, driver: Any) -> None:
    link, _ = desk()
    home = link.partition("/enter")[0]
    for name in ("KET-1", "KET-3", "RET-1"):
        open_claim(driver, link, name)
    assert driver.get_log("browser") == []
    events = (json.loads(entry["message"])["message"] for entry in driver.get_log("performance"))
    asked = {event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"}
    assert all(address.startswith((home, "data:")) for address in asked)


def test_hostile_words_are_shown_and_never_run(desk: Shown, driver: Any) -> None:
    link, _ = desk()
    assert ATTACK in driver.find_element("id", "results").text
    for name in ("KET-3", "RET-1"):
        open_claim(driver, link, name)
        assert "onerror" in driver.find_element("tag name", "main").text
        assert driver.find_elements("css selector", "img, iframe, [onerror], [onload], a[href^=javascript]") == []
        assert "attacked" not in driver.title


class Evil(http.server.BaseHTTPRequestHandler):
    """A page of another site on this machine that sends a form to the desk."""

    target = ""

    def do_GET(self) -> None:
        page = (
            f"<!doctype html><title>evil</title><form method=post action='{self.target}/decide'>"
            "<input name=claim value=KET-1><input name=decision value=approve><input name=role value=medical>"
            f"</form><iframe src='{self.target}/'></iframe>"
            "<script>document.forms[0].submit()</script>"
        ).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_: object) -> None:
        pass


def test_a_page_of_another_site_can_neither_decide_nor_read(desk: Shown, driver: Any, project: Path) -> None:
    link, _ = desk("--as", LEE, "--role", "medical")
    Evil.target = link.partition("/enter")[0]
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Evil)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        # The same machine under another name is another site, as any page of the web is.
        driver.get(f"http://localhost:{server.server_address[1]}/")
        wait_for(driver, lambda: driver.current_url.endswith("/decide"))
        assert "closed to you" in driver.find_element("tag name", "body").text
        assert log(project) == []
    finally:
        server.shutdown()
        server.server_close()


def test_a_wrong_or_used_link_opens_nothing(desk: Shown, driver: Any) -> None:
    link, _ = desk()
    driver.delete_all_cookies()
    for address in (link, f"{link}x", link.partition("/enter")[0]):
        driver.get(address)
        assert "closed to you" in driver.find_element("tag name", "h1").text
