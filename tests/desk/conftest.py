"""A small project for the desk: four claims, one of them hostile, one with a wrong number, one retracted source."""

from __future__ import annotations

import http.client
import json
import re
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from kap_content.desk.server import DeskServer
from kap_content.desk.who import Who
from kap_content.load.inside import CACHE
from kap_content.load.lock import dump_lock
from kap_content.model.dates import PartialDate
from kap_content.model.record import Notice, NoticeKind, Record, Source, State
from kap_content.review.signatures import Signer
from kap_content.works.abstracts import abstract_sha256, keep_abstracts
from tests.browser import chromium
from tests.desk.window import Shown, judged, look, reviewing, wait_for

TODAY = date(2026, 11, 22)
LEE, ROE = "lee@example.org", "roe@example.org"
ATTACK = "<img src=x onerror=\"document.title='attacked'\"><script>document.title='attacked'</script>"
HEAD = """---
title: Ketamine and anxiety
description: What one study found.
author: {name: The maintainers}
reviewer: {name: The maintainers, role: editorial}
published: 2026-11-22
last_reviewed: 2026-11-22
next_review_due: 2028-11-22
interest: None.
---

"""
PAGE = f"""{HEAD}## What was found

Before it, a sentence. [Anxiety ratings fell by about half within an hour of a dose.]{{claim=KET-1}} After it, another.

[Ratings were 70% lower after an hour.]{{claim=KET-2}}

[]{{claim=KET-3}}
"""
CLAIMS = f"""# The claims of the page, in its order.
version: 1
claims:

  - id: KET-1   # the first
    match_text: Anxiety ratings fell by about half within an hour of a dose.
    category: statistic
    status: in_review
    population: adults with treatment-refractory GAD or SAD
    timepoint: 1 h
    evidence:
      - ref: glue2018
        design: open-label
        finding: ratings about 50 % lower one hour after dosing, n = 20
        seminal: the only study of maintenance treatment
        anchor: {{page: 665, exact: "ratings were 50 % lower one hour after dosing"}}
  - id: KET-2
    match_text: Ratings were 70% lower after an hour.
    category: statistic
    status: in_review
    next_review_due: 2027-01-15
    evidence:
      - ref: glue2018
        finding: ratings about 50 % lower one hour after dosing
        seminal: the only study of maintenance treatment
        anchor: {{page: 665}}
  - id: KET-3
    match_text: 'The {ATTACK.replace("'", "''")} text.'
    category: service
    status: approved
  - id: RET-1
    match_text: A treatment worked.
    category: efficacy
    status: draft
    evidence: [{{ref: gone2001, direction: supports}}, {{ref: glue2018, direction: disputes}}]
"""
BIB = f"""@article{{glue2018,
  author = {{Glue, Paul and Neehoff, Shona M}},
  title = {{Safety and efficacy of maintenance ketamine treatment}},
  journal = {{J Psychopharmacol}},
  year = {{2018}},
  volume = {{32}},
  number = {{6}},
  pages = {{663--667}},
  doi = {{10.1177/0269881118762073}}
}}
@article{{gone2001,
  author = {{Gone, A}},
  title = {{A study {ATTACK}}},
  journal = {{J Bad}},
  year = {{2001}},
  volume = {{1}},
  pages = {{1--2}},
  doi = {{10.1000/gone}}
}}
"""
ABSTRACT = (
    "Twenty responders were treated. Anxiety ratings were 50 % lower one hour after dosing, and 40 % a day later."
)
SETTINGS = """[review]
required_roles = ["medical"]
"""


def write_project(folder: Path, settings: str = SETTINGS) -> Path:
    """Write the project below `folder`."""
    (folder / "pages").mkdir(parents=True)
    (folder / "pages" / "a.md").write_text(PAGE, "utf-8")
    (folder / "claims.yaml").write_text(CLAIMS, "utf-8")
    (folder / "references.bib").write_text(BIB, "utf-8")
    (folder / "kap.toml").write_text(settings, "utf-8")
    source = (Source("crossref", TODAY),)
    records = [
        Record(
            "glue2018",
            State.FOUND,
            source,
            asked="10.1177/0269881118762073",
            answered="10.1177/0269881118762073",
            title="Safety and efficacy of maintenance ketamine treatment",
            containers=("J Psychopharmacol",),
            issued=PartialDate(2018),
            volume="32",
            issue="6",
            pages="663-667",
            abstract_sha256=abstract_sha256(ABSTRACT),
        ),
        Record(
            "gone2001",
            State.FOUND,
            source,
            asked="10.1000/gone",
            answered="10.1000/gone",
            title="A study",
            notices=(Notice(NoticeKind.RETRACTION, "crossref", "10.1000/notice", PartialDate(2019, 3, 1)),),
        ),
    ]
    (folder / "references.lock").write_text(dump_lock({record.key: record for record in records}), "utf-8")
    keep_abstracts(folder / CACHE, [ABSTRACT])
    return folder


def log(project: Path) -> list[dict[str, str]]:
    """The lines of the project's log; none where there is no log."""
    path = project / "approvals.jsonl"
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


def replace_in(path: Path, old: str, new: str, count: int = -1) -> None:
    """Put other words into a file, which holds the old ones."""
    before = path.read_text("utf-8")
    assert old in before
    path.write_text(before.replace(old, new, count), "utf-8")


def change_wording(project: Path, now: str = "by a third") -> None:
    """Word KET-1 otherwise than its page has it."""
    replace_in(project / "claims.yaml", "about half within", f"{now} within")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The project, in which medical review is required."""
    return write_project(tmp_path / "project")


@pytest.fixture
def key(tmp_path: Path, project: Path) -> Path:
    """The key of LEE, which the project's allowed_signers names."""
    path = tmp_path / "id_lee"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", LEE, "-f", str(path)], check=True)
    (project / "allowed_signers").write_text(f"{LEE} {path.with_suffix('.pub').read_text('utf-8')}", "utf-8")
    return path


@dataclass
class Answer:
    """What the desk answered."""

    status: int
    text: str
    headers: Mapping[str, str]

    def hidden(self, name: str) -> str:
        """The value of a hidden field."""
        found = re.search(rf'name="{name}" value="([^"]*)"', self.text)
        assert found, name
        return found[1].replace("&#34;", '"').replace("&amp;", "&")


@dataclass
class Visitor:
    """Somebody who sends requests to a desk, as a browser or as an attacker."""

    link: str
    cookie: str = ""
    jar: dict[str, str] = field(default_factory=dict)

    @property
    def host(self) -> str:
        """The desk's host and port."""
        return self.link.split("/")[2]

    def ask(self, path: str, method: str = "GET", body: str = "", **headers: str) -> Answer:
        """Send a request; header names have underscores for hyphens."""
        connection = http.client.HTTPConnection(*self.host.split(":"), timeout=30)
        sent = {"Cookie": self.cookie} if self.cookie else {}
        if method == "POST":
            sent |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://{self.host}"}
        sent |= {name.replace("_", "-"): text for name, text in headers.items()}
        try:
            connection.request(method, path, body or None, {name: text for name, text in sent.items() if text})
            answer = connection.getresponse()
            return Answer(answer.status, answer.read().decode(), dict(answer.getheaders()))
        finally:
            connection.close()

    def enter(self) -> Answer:
        """Bring the link, and keep the cookie."""
        answer = self.ask("/" + self.link.split("/", 3)[3])
        self.cookie = answer.headers.get("Set-Cookie", "").partition(";")[0]
        return answer

    def claim(self, name: str) -> Answer:
        """Open a claim."""
        return self.ask(f"/claim?id={quote(name, safe='')}")

    def decide(self, name: str, opened: Answer | None = None, **fields: str) -> Answer:
        """Send a claim's form as it was opened, with these fields filled in; underscores for hyphens in verdict_0."""
        page = opened or self.claim(name)
        form = {field: page.hidden(field) for field in ("csrf", "claim", "seen")} | {"role": "medical"}
        form |= {field.replace("verdict_", "verdict-"): text for field, text in fields.items()}
        return self.ask("/decide", "POST", urlencode(form))


Open = Callable[..., Visitor]


@pytest.fixture
def open_desk(project: Path) -> Iterator[Open]:
    """Open the desk of the project; gives somebody who was let in, unless `enter=False`."""
    opened = ExitStack()

    def start(who: Who | None = None, *, enter: bool = True, root: Path = project) -> Visitor:
        server = opened.enter_context(DeskServer(root, who or Who("Dr Lee", "medical"), lambda: TODAY, patience=60))
        thread = threading.Thread(target=server.run)
        thread.start()
        opened.callback(thread.join)
        opened.callback(server.stop)
        visitor = Visitor(server.link)
        if enter:
            assert visitor.enter().status == 200
        return visitor

    with opened:
        yield start


@pytest.fixture
def signing(key: Path) -> Who:
    """LEE with the own key."""
    return Who(LEE, "medical", Signer(LEE, key))


@pytest.fixture(scope="package")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """One Chromium for all tests of the desk."""
    with chromium(tmp_path_factory.mktemp("profile")) as driver:
        yield driver


@pytest.fixture
def desk(project: Path, driver: Any) -> Iterator[Shown]:
    """Start `kap review` with these options and open its link."""
    with ExitStack() as running:

        def start(*arguments: str, open_link: bool = True) -> tuple[str, subprocess.Popen[str]]:
            link, process = running.enter_context(reviewing(project, *arguments))
            if open_link:
                look(driver)
                driver.get(link)
                wait_for(driver, lambda: driver.find_elements("id", "results"))
                judged(driver)
            return link, process

        yield start
        driver.get("about:blank")
