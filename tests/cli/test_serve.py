"""`kap serve` as a browser meets it: its own process, a free port, real requests."""

from __future__ import annotations

import functools
import http.client
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.conftest import PAGE, Kap


@dataclass
class Served:
    """A running preview."""

    process: subprocess.Popen[str]
    port: int

    def get(self, path: str, host: str = "", method: str = "GET") -> tuple[int, str, dict[str, str]]:
        """Status, text and headers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            connection.request(method, path, headers={"Host": host or f"127.0.0.1:{self.port}"})
            answer = connection.getresponse()
            return answer.status, answer.read().decode(), dict(answer.getheaders())
        finally:
            connection.close()


def wait_for(wanted: Callable[[], bool]) -> bool:
    """Whether it comes true within a minute."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if wanted():
            return True
        time.sleep(0.1)
    return False


def started(command: list[str], **options: object) -> subprocess.Popen[str]:
    """A process that minds Ctrl-C, also where this one was started in the background and does not."""
    heed = functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, preexec_fn=heed, **options)  # noqa: PLW1509 - no thread of ours runs yet


@pytest.fixture
def served(site: Path) -> Iterator[Served]:
    command = [sys.executable, "-m", "kap_content", "serve", "--as-of", "2026-11-22"]
    process = started(command, cwd=site)
    assert process.stdout is not None
    line = process.stdout.readline()
    found = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
    assert found, line
    yield Served(process, int(found[1]))
    process.send_signal(signal.SIGINT)
    process.wait(timeout=120)
    process.stdout.close()


def test_the_list_of_pages_leads_to_drafts(served: Served) -> None:
    status, text, headers = served.get("/")
    assert status == 200
    assert '<a href="/a/">A page</a>' in text
    assert headers["Cache-Control"] == "no-store"
    status, text, _ = served.get("/a/")
    assert status == 200
    assert "about half within an hour" in text
    assert 'class="draft"' in text
    assert [served.get(f"/a/{name}")[0] for name in ("style.css", "page.js", "evidence.json")] == [200, 200, 200]


def test_a_draft_asks_only_this_machine(served: Served) -> None:
    text = served.get("/a/")[1]
    assert "connect-src 'self'" in text
    assert re.findall(r'<script src="([^"?]*)', text) == ["page.js", "/-/live.js"]
    assert served.get("/-/live.js")[0] == 200


def test_findings_stand_beside_the_text_they_are_on(served: Served, site: Path) -> None:
    (site / "pages/a.md").write_text(PAGE.replace("about half", "by two thirds"), "utf-8")
    assert wait_for(lambda: "CLM002" in served.get("/a/")[1])
    text = served.get("/a/")[1]
    place = text.index('<div class="beside error" role="note" aria-label="Findings on line 13">')
    assert place < text.index('<p><span class="claim"')
    assert "CLM002" in text[place : place + 400]
    assert "1 error" in served.get("/")[1]


def test_the_version_changes_with_every_save_and_not_without(served: Served, site: Path) -> None:
    before = served.get("/-/version")[1]
    time.sleep(0.4)
    assert served.get("/-/version")[1] == before
    (site / "claims.yaml").write_text((site / "claims.yaml").read_text("utf-8") + "\n", "utf-8")
    assert wait_for(lambda: served.get("/-/version")[1] != before)
    assert f"made={served.get('/-/version')[1]}" in served.get("/a/")[1]


def test_a_file_that_is_broken_is_told_and_mended(served: Served, site: Path) -> None:
    (site / "kap.toml").write_text("style = 3\n", "utf-8")
    assert wait_for(lambda: served.get("/a/")[0] == 500)
    text = served.get("/a/")[1]
    assert "kap.toml" in text
    assert "/-/live.js" in text
    (site / "kap.toml").write_text("", "utf-8")
    assert wait_for(lambda: served.get("/a/")[0] == 200)


def test_another_hosts_name_is_refused(served: Served) -> None:
    for host in ("evil.example", "127.0.0.1.evil.example", "evil.example:80", "[::1]", "0.0.0.0"):
        status, text, _ = served.get("/a/", host)
        assert status == 403, host
        assert "about half" not in text


def test_localhost_is_another_name_of_this_machine(served: Served) -> None:
    assert served.get("/a/", f"localhost:{served.port}")[0] == 200


def test_nothing_but_pages_and_what_they_show_is_served(served: Served) -> None:
    inside = ("/b/", "/a/nothing.css", "/-/x", "/%00")
    outside = ("/a/../../kap.toml", "/a/%2e%2e/%2e%2e/kap.toml", "/../kap.toml", "//kap.toml", "/a//etc/passwd")
    for path in (*inside, *outside):
        status, text, _ = served.get(path)
        assert status == 404, path
        assert "KET-1" not in text


def test_a_page_without_its_slash_is_led_to_it(served: Served) -> None:
    status, _, headers = served.get("/a")
    assert (status, headers["Location"]) == (301, "/a/")


def test_nothing_is_written(served: Served, site: Path) -> None:
    served.get("/a/")
    assert not (site / "site").exists()


def test_other_methods_are_refused_and_head_has_no_body(served: Served) -> None:
    assert served.get("/a/", method="POST")[0] == 501
    status, text, headers = served.get("/a/", method="HEAD")
    assert (status, text) == (200, "")
    assert int(headers["Content-Length"]) > 1000


def test_ctrl_c_ends_with_130(site: Path) -> None:
    command = [sys.executable, "-m", "kap_content", "serve"]
    process = started(command, cwd=site, stderr=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "Traceback" not in errors


def test_a_port_in_use_is_one_clear_error(served: Served, kap: Kap) -> None:
    typed = kap("serve", "--port", str(served.port))
    assert typed.code == 2
    assert f"port {served.port} cannot be used: " in typed.err
    assert "Errno" not in typed.err


def test_without_a_project_there_is_nothing_to_serve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kap: Kap) -> None:
    monkeypatch.chdir(tmp_path)
    assert kap("serve").code == 2
