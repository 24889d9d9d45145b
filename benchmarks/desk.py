"""How long the reviewer's desk takes to open with 10,000 claims, and whether its list scrolls smoothly.

The project is generated from a fixed seed (334 pages, 10,000 claims, 5,000 references). Measured is from the start of
the process `kap review` to its link, to the first list as bytes, to the findings; from sending a claim's form (a
verdict; a verdict and an approval) to the page of the claim as it then stands; then in Chromium, where there is one,
from opening the link to a painted list, and the gaps between frames while the list is scrolled from top to bottom.
"""

from __future__ import annotations

import argparse
import html
import http.client
import json
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlencode

from sites import Size, write_project

START = [sys.executable, "-m", "kap_content", "review", "--no-browser", "--as-of", "2026-11-22", "--as", "Dr Lee"]
SCROLL = """
const done = arguments[0], gaps = []; let last = performance.now(), y = 0;
const end = document.documentElement.scrollHeight;
const step = now => { gaps.push(now - last); last = now; y += 60; scrollTo(0, y);
  if (y < end) requestAnimationFrame(step); else done(gaps); };
requestAnimationFrame(step);
"""


class Desk:
    """A running desk, asked over HTTP."""

    def __init__(self, project: Path) -> None:
        self.started = time.perf_counter()
        self.process = subprocess.Popen([*START, "--project", str(project)], stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.link = next(line.strip() for line in iter(self.process.stdout.readline, "") if "http://" in line)
        self.to_link = self.since()
        self.cookie = ""

    def since(self) -> float:
        """Seconds since the process was started."""
        return time.perf_counter() - self.started

    def get(self, path: str) -> str:
        """A page of the desk."""
        return self._ask("GET", path)[1]

    def decide(self, claim: str, **fields: str) -> float:
        """Seconds from sending a claim's form to the page of the claim as it then stands."""
        page = self.get(f"/claim?id={claim}")
        hidden = {name: re.search(rf'name="{name}" value="([^"]*)"', page) for name in ("csrf", "claim", "seen")}
        form = {name: html.unescape(found[1]) for name, found in hidden.items() if found}
        begun = time.perf_counter()
        code, _ = self._ask("POST", "/decide", urlencode(form | {"verdict-0": "substantiated"} | fields))
        assert code == http.HTTPStatus.SEE_OTHER, code
        assert "substantiated" in self.get(f"/claim?id={claim}")
        return time.perf_counter() - begun

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        host = self.link.split("/")[2]
        connection = http.client.HTTPConnection(host, timeout=120)
        headers = {"Cookie": self.cookie} if self.cookie else {}
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://{host}"}
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        self.cookie = self.cookie or (answer.getheader("Set-Cookie") or "").partition(";")[0]
        connection.close()
        return answer.status, text

    def end(self) -> None:
        """Ctrl-C."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait()


def over_http(project: Path) -> dict[str, float]:
    """Seconds to link, list, findings; and of a filtered list meanwhile and afterwards."""
    desk = Desk(project)
    desk.get("/" + desk.link.split("/", 3)[3])
    desk.get("/")
    found = {"link": desk.to_link, "list": desk.since()}
    meanwhile: list[float] = []
    while True:
        begun = time.perf_counter()
        text = desk.get("/?words=ketamine&at=3")
        meanwhile.append(time.perf_counter() - begun)
        if 'data-stage="judged"' in text:
            break
        time.sleep(0.3)
    found |= {"findings": desk.since(), "filter while the rules run, median": statistics.median(meanwhile)}
    found["filter while the rules run, worst"] = max(meanwhile)
    begun = time.perf_counter()
    text = desk.get("/?words=ketamine&at=3")
    found["filter afterwards"] = time.perf_counter() - begun
    claim = re.search(r'href="(/claim\?[^"]+)"', text)
    assert claim is not None
    begun = time.perf_counter()
    desk.get(claim[1].replace("&amp;", "&"))
    found["a claim"] = time.perf_counter() - begun
    found["a verdict"] = desk.decide("C-7", decision="")
    found["an approval, right after it"] = desk.decide("C-8", decision="approve", role="medical")
    more = [desk.decide(f"C-{number}", decision="approve", role="medical") for number in range(9, 19)]
    found |= {"ten more, median": statistics.median(more), "ten more, worst": max(more)}
    desk.end()
    return found


def in_chromium(project: Path) -> dict[str, float]:
    """Seconds from opening the link to a painted list, and milliseconds between frames while it is scrolled."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    for flag in ("--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1280,900"):
        options.add_argument(flag)
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    driver.get("about:blank")
    desk = Desk(project)
    driver.get(desk.link)
    while not driver.find_elements("css selector", "a.row"):
        time.sleep(0.01)
    driver.execute_async_script("requestAnimationFrame(() => requestAnimationFrame(arguments[0]))")
    found = {"painted in Chromium": desk.since()}
    gaps = sorted(driver.execute_async_script(SCROLL)[1:])
    found |= {"frame, median (ms)": statistics.median(gaps), "frame, 95th of 100 (ms)": gaps[int(len(gaps) * 0.95)]}
    driver.quit()
    desk.end()
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, default=10_000)
    parser.add_argument("--json", type=Path, help="write the figures to a file")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        size = Size(pages=max(1, options.claims // 30), claims=options.claims, references=options.claims // 2)
        project = write_project(Path(folder) / "site", size)
        found = over_http(project)
        if shutil.which("chromium") and shutil.which("chromedriver"):
            found |= in_chromium(project)
    for name, value in found.items():
        print(f"{name:<40} {value:>9.3f}")
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
