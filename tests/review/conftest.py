"""A small project that asks for signatures, and reviewers with real OpenSSH keys."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest

from kap_content.load.project import load_project
from kap_content.load.settings import read_settings
from kap_content.model.approval import Approval
from kap_content.model.project import Context
from kap_content.review.decide import Decided, DecisionRequest, decide
from kap_content.review.signatures import Signer
from tests.cli.conftest import BIB, PAGE

TODAY = date(2026, 11, 22)
LEE, ROE = "lee@example.org", "roe@example.org"
SETTINGS = f"""[review]
required_roles = ["medical", "legal"]
require_signatures = true

[review.reviewers]
"{LEE}" = {{roles = ["medical"], name = "Dr A. Lee", emails = ["a.lee@example.org"]}}
"{ROE}" = ["legal"]
"""
CLAIMS = """# The claims of the page.
version: 1
claims:
  - id: KET-1   # the first
    match_text: Anxiety ratings fell by about half within an hour of a dose.
    category: statistic
    status: draft  # set by review
    evidence:
      - ref: glue2018
        design: open-label
        finding: ratings about 50 % lower one hour after dosing, n = 20
        seminal: the only study of maintenance treatment
        anchor: {page: 665}
  - id: KET-2
    match_text: Some feel better.
    category: service
"""


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of private keys: lee, roe, stranger (ed25519) and old (RSA), each with its public half."""
    if shutil.which("ssh-keygen") is None:
        pytest.fail("ssh-keygen is not installed: signatures cannot be tested (apt-get install openssh-client)")
    folder = tmp_path_factory.mktemp("keys")
    for name, kind in (("lee", "ed25519"), ("roe", "ed25519"), ("stranger", "ed25519"), ("old", "rsa")):
        subprocess.run(
            ["ssh-keygen", "-q", "-t", kind, "-N", "", "-C", name, "-f", str(folder / name)],
            check=True,
            capture_output=True,
        )
    return folder


def public(keys: Path, name: str) -> str:
    """A public key without its comment, as allowed_signers wants it."""
    return " ".join((keys / f"{name}.pub").read_text("utf-8").split()[:2])


@dataclass
class Desk:
    """A project, and reviewers who decide in it."""

    root: Path
    keys: Path

    def decide(
        self,
        decision: str = "approve",
        role: str = "medical",
        who: str = LEE,
        *,
        key: str | None = "lee",
        claim: str = "KET-1",
        on: date = TODAY,
        expected: str = "",
        **more: object,
    ) -> Decided:
        signer = Signer(who, self.keys / key) if key else None
        request = DecisionRequest(claim, decision, role, who, on, expected_fingerprint=expected, **more)  # type: ignore[arg-type] # comment, next_review_due
        return decide(self.root, request, signer)

    def context(self) -> Context:
        return Context.of(load_project(self.root, read_settings(self.root)), TODAY)

    def approvals(self) -> tuple[Approval, ...]:
        return self.context().project.approvals

    def allow(self, *lines: str) -> None:
        self.write("allowed_signers", "".join(f"{line}\n" for line in lines))

    def set_up(self, setting: str) -> None:
        """Add a line to the `[review]` table of the settings."""
        self.write("kap.toml", self.read("kap.toml").replace("[review]", f"[review]\n{setting}", 1))

    def change(self, name: str, old: str, new: str) -> None:
        """Put other words into a file, which holds the old ones."""
        before = self.read(name)
        assert old in before
        self.write(name, before.replace(old, new))

    def read(self, name: str) -> str:
        return (self.root / name).read_bytes().decode("utf-8")

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8"))

    def lines(self) -> list[str]:
        return self.read("approvals.jsonl").splitlines()

    def put_lines(self, lines: list[str]) -> None:
        self.write("approvals.jsonl", "".join(f"{line}\n" for line in lines))

    def days(self, count: int, claim: str = "KET-2") -> None:
        """Decisions of so many days, on and on: approvals of another claim."""
        for number in range(count):
            self.decide(claim=claim, on=TODAY + timedelta(days=number))


@pytest.fixture
def desk(tmp_path: Path, keys: Path) -> Desk:
    found = Desk(tmp_path / "site", keys)
    found.write("kap.toml", SETTINGS)
    found.write("claims.yaml", CLAIMS)
    found.write("references.bib", BIB)
    found.write("pages/a.md", PAGE)
    found.allow(f"{LEE} {public(keys, 'lee')}", f"{ROE} {public(keys, 'roe')}")
    return found


@dataclass
class Git:
    """A repository that is the desk's project."""

    root: Path

    def __call__(self, *arguments: str) -> str:
        """Run git; gives back what it printed."""
        done = subprocess.run(["git", *arguments], cwd=self.root, capture_output=True, encoding="utf-8", check=False)
        assert done.returncode == 0, f"git {' '.join(arguments)}\n{done.stdout}{done.stderr}"
        return done.stdout

    def commit(self, message: str = "A change", *, email: str = "editor@example.org") -> None:
        """Commit everything, as the author of this address."""
        self("add", "-A")
        self("-c", f"user.email={email}", "commit", "-qm", message)

    def fork(self, theirs: Callable[[], object], ours: Callable[[], object]) -> None:
        """Commit what is done on the branch `other`, and what is done beside it on `main`, which stays checked out."""
        self("checkout", "-qb", "other")
        theirs()
        self.commit("On the other branch")
        self("checkout", "-q", "main")
        ours()
        self.commit("On the main branch")


@pytest.fixture
def git(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Git:
    """The desk's project as a repository with everything committed."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "gitconfig").write_text("[user]\n name = An editor\n email = editor@example.org\n", "utf-8")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(home / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)

    run = Git(desk.root)
    run("init", "-q", "-b", "main")
    desk.write(".gitattributes", "approvals.jsonl merge=union\n")
    run.commit("A page and its claims")
    return run
