"""With what is kept of pages, and without, `kap check` says the same, whatever is edited or happens to the file."""

from __future__ import annotations

import json
import os
import random
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kap_content.cache import check as cache_check
from kap_content.cache import judge, store
from kap_content.cli import run

DAYS = ("2026-11-22", "2026-12-25", "2027-01-01", "2031-06-30")
WORDINGS = (
    "Anxiety ratings fell by about half within an hour of a dose.",
    "Ten of the 12 people responded to ketamine.",
    "Blood pressure rises by 20 mmHg for about an hour.",
    "Ketamine lowers worry in 40% of adults.",
    "Nausea was reported by 1 in 5 people.",
)
SENTENCES = (
    "Ketamine always works.",
    "Recently the FDA has approved a form of ketamine.",
    "Many people sleep better after treatment with ketamine.",
    "Glue et al. (2017) treated people for three months.",
    "Book a consultation with our team. Results may vary.",
    "Ten of twelve people responded.[3]",
    "Anxiety fell by 30% in the trial.",
    "Ketamine lowers worry in 45% of adults.",
    "Is it safe?",
)
SUPPRESSIONS = (
    '<!-- kap: ignore WRD001 until=2026-12-24 reason="quotes a survey question" -->',
    '<!-- kap: ignore ALL reason="draft" -->',
    "<!-- kap: ignore CLM001 -->",
    '<!-- kap: ignore REF005 reason="known" -->',
)

Said = tuple[int, str, str]


@pytest.fixture(autouse=True)
def everything_is_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """A handful of pages is kept as ten thousand are; nothing is answered from the last run."""
    monkeypatch.setattr(cache_check, "FEW", 0)
    monkeypatch.setenv(judge.WORKERS, "1")
    monkeypatch.setattr("kap_content.cli.quick.unchanged.answer", lambda _question: None)


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Said]:
    """Check the project with what is kept of it; `plainly` without."""

    def typed(*arguments: str, plainly: bool = False) -> Said:
        with monkeypatch.context() as patch:
            if plainly:
                patch.setenv("KAP_NO_CACHE", "1")
            code = run(["check", *arguments])
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err
        return code, captured.out, captured.err

    return typed


class Site:
    """A small project that is edited at random; the same seed gives the same edits."""

    def __init__(self, root: Path, seed: int) -> None:
        self.root = root
        self.dice = random.Random(seed)
        self.day = DAYS[0]
        self.pages: dict[str, list[str]] = {}
        self.claims: list[tuple[str, str, str, str]] = []
        self.references: list[tuple[str, str]] = []
        self.above = 0
        self.journal = "J"
        self.points = 10
        (root / "kap.toml").write_text("", "utf-8")
        for number in range(4):
            self.claims.append(self._claim(number))
            self.references.append((f"ref{number}", str(2015 + number)))
        for name in ("a", "b", "inner/c"):
            self.pages[name] = [self._part() for _ in range(4)]
        self.write()

    def _claim(self, number: int) -> tuple[str, str, str, str]:
        dice = self.dice
        return (
            f"C-{number}",
            dice.choice(WORDINGS),
            dice.choice(("approved", "approved", "draft", "withdrawn")),
            f"ref{dice.randrange(6)}",
        )

    def _part(self) -> str:
        dice = self.dice
        kind = dice.randrange(7)
        if kind == 0:
            return dice.choice(SUPPRESSIONS)
        if kind == 6:
            return (
                f'::: {{.figure kind=bars src="points.csv" claim=C-{dice.randrange(6)} title="Ratings"}}\nRatings\n:::'
            )
        if kind <= 2:
            return f"[{dice.choice(WORDINGS)}]{{claim=C-{dice.randrange(6)}}}"
        cited = f" [@ref{dice.randrange(7)}]" if kind == 3 else ""
        return dice.choice(SENTENCES) + cited

    def write(self) -> None:
        """Write all files as they should be now; those that are the same are left alone."""
        wanted = {f"pages/{name}.md": self._page(name, parts) for name, parts in self.pages.items()}
        wanted["pages/points.csv"] = f"label,value\nhigh,{self.points}\nlow,3\n"
        wanted["claims.yaml"] = (
            "version: 1\n"
            + "# above\n" * self.above
            + "claims:\n"
            + "".join(
                (
                    f"  - id: {name}\n    match_text: {text}\n"
                    if len(text) % 2
                    else f"  - match_text: {text}\n    id: {name}\n"
                )
                + f"    category: efficacy\n    status: {status}\n"
                f"    next_review_due: 2026-12-24\n    intervention: ketamine\n    evidence:\n      - ref: {ref}\n"
                f"        design: rct\n        finding: {text}\n"
                for name, text, status, ref in self.claims
            )
        )
        wanted["references.bib"] = f"@string{{j = {{{self.journal}}}}}\n" + "".join(
            f"@article{{{key},\n  author = {{Glue, Paul}},\n  title = {{Ketamine and anxiety in {year}}},\n"
            + (f"  crossref = {{ref{int(year) % 5}}},\n" if int(year) % 3 == 0 else "  journal = j,\n  volume = {3},\n")
            + f"  year = {{{year}}},\n  pages = {{1--9}},\n  doi = {{10.5555/{key}}}\n}}\n"
            for key, year in self.references
        )
        for path in sorted(self.root.glob("pages/**/*.md")):
            if path.relative_to(self.root).as_posix() not in wanted:
                path.unlink()
        for name, text in wanted.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.exists() or path.read_text("utf-8") != text:
                path.write_text(text, "utf-8")

    @staticmethod
    def _page(name: str, parts: list[str]) -> str:
        head = (
            f"---\ntitle: Ketamine {name}\ndescription: A page.\nauthor: M\nreviewer: M\npublished: 2026-11-22\n"
            "last_reviewed: 2026-11-22\nnext_review_due: 2026-12-26\n---\n\n## Ketamine for anxiety\n\n"
        )
        return head + "\n\n".join(parts) + "\n"

    def edit(self) -> str:  # noqa: C901, PLR0912 - one branch for each kind of edit
        """Change something, and say what."""
        dice = self.dice
        change = dice.choice(
            (
                "page",
                "page",
                "page",
                "new",
                "gone",
                "renamed",
                "claim",
                "claim",
                "unclaim",
                "entry",
                "unentry",
                "lock",
                "lines above",
                "journal",
                "figure",
                "decision",
                "settings",
                "day",
                "claims broken",
            )
        )
        names = sorted(self.pages)
        match change:
            case "page" if names:
                parts = self.pages[dice.choice(names)]
                parts[dice.randrange(len(parts))] = self._part()
                if dice.random() < 0.3:
                    parts.insert(0, self._part())
            case "new":
                self.pages[f"new{dice.randrange(3)}"] = [self._part() for _ in range(3)]
            case "gone" if names:
                del self.pages[dice.choice(names)]
            case "renamed" if names:
                name = dice.choice(names)
                self.pages[f"moved/{dice.randrange(3)}"] = self.pages.pop(name)
            case "claim":
                self.claims.insert(dice.randrange(len(self.claims) + 1), self._claim(dice.randrange(8)))
            case "unclaim" if self.claims:
                del self.claims[dice.randrange(len(self.claims))]
            case "entry":
                where = dice.randrange(len(self.references) + 1)
                self.references.insert(where, (f"ref{dice.randrange(8)}", str(dice.randrange(2012, 2026))))
            case "unentry" if self.references:
                del self.references[dice.randrange(len(self.references))]
            case "lock":
                self._lock()
            case "lines above":
                self.above = dice.randrange(4)
            case "journal":
                self.journal = dice.choice(("J", "", "Another journal"))
            case "figure":
                self.points = dice.randrange(9, 12)
            case "decision":
                self._decide()
            case "settings":
                text = dice.choice(
                    (
                        "",
                        "[rules]\nignore = ['CLM001']\n",
                        "source_max_age_years = 8\n",
                        "[words]\nabsolutes = ['half']\n",
                        "[review]\nrequired_roles = ['medical']\n",
                    )
                )
                (self.root / "kap.toml").write_text(text, "utf-8")
            case "day":
                self.day = dice.choice(DAYS)
            case "claims broken":
                self.write()
                path = self.root / "claims.yaml"
                lines = path.read_text("utf-8").split("\n")
                lines[dice.randrange(len(lines))] += dice.choice((":", " '", "\tx"))
                path.write_text("\n".join(lines), "utf-8")
                return change
        self.write()
        return change

    def _decide(self) -> None:
        decision = {"claim": f"C-{self.dice.randrange(5)}", "fingerprint": "a", "on": DAYS[0], "reviewer": "M"}
        decision |= {"role": "medical", "decision": self.dice.choice(("approve", "reject"))}
        with (self.root / "approvals.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps(decision) + "\n")

    def _lock(self) -> None:
        from datetime import date

        from kap_content.load.lock import dump_lock
        from kap_content.model.dates import PartialDate
        from kap_content.model.record import Notice, NoticeKind, Record, Source, State

        dice = self.dice
        records = {
            key: Record(
                key=key,
                state=State.FOUND,
                sources=(Source("crossref", date(2026, 11, dice.randrange(1, 23))),),
                asked=f"10.5555/{key}",
                answered=f"10.5555/{key}",
                title=f"Ketamine and anxiety in {year}",
                issued=PartialDate(dice.choice((int(year), 2017))),
                notices=(Notice(NoticeKind.RETRACTION, "crossref", "10.5555/n"),) if dice.random() < 0.2 else (),
            )
            for key, year in self.references
        }
        (self.root / "references.lock").write_text(dump_lock(records), "utf-8")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "site"
    root.mkdir()
    for name in [name for name in os.environ if name.startswith("KAP_") and name not in (judge.WORKERS, "KAP_SHARED")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(root)
    return root


@pytest.mark.parametrize("few", [0, cache_check.FEW], ids=["pages are known", "pages are read"])
@pytest.mark.parametrize("seed", range(3))
def test_after_any_edits_what_is_kept_says_what_a_plain_run_says(
    project: Path, check: Callable[..., Said], monkeypatch: pytest.MonkeyPatch, seed: int, few: int
) -> None:
    monkeypatch.setattr(cache_check, "FEW", few)
    site = Site(project, seed)
    done = []
    for _ in range(25):
        for form in ("text", "json"):
            command = ("--as-of", site.day, "--format", form)
            assert check(*command) == check(*command, plainly=True), done
        done.append(site.edit())


def test_the_same_is_said_of_named_pages_of_changes_and_of_what_is_staged(
    project: Path, check: Callable[..., Said]
) -> None:
    site = Site(project, 7)
    for command in (["init", "-q"], ["add", "."], ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "x"]):
        subprocess.run(["git", *command], cwd=project, check=True)
    for _ in range(6):
        site.edit()
        subprocess.run(["git", "add", "-A", "."], cwd=project, check=True)
        if site.dice.random() < 0.5:
            site.edit()
        for options in (("pages/a.md",), ("--staged",), ("--since", "HEAD"), ("--release", "--select", "CLM,REF")):
            if options[0] != "pages/a.md" or (project / options[0]).exists():
                command = (*options, "--as-of", site.day, "--format", "json")
                assert check(*command) == check(*command, plainly=True), options


def test_only_the_page_that_changed_is_judged(project: Path, check: Callable[..., Said]) -> None:
    site = Site(project, 1)
    check()
    assert judged_by(check, project) == []
    site.pages["a"].append("Ketamine always works.")
    site.write()
    assert judged_by(check, project) == ["pages/a.md"]


def test_only_the_pages_that_use_a_claim_or_an_entry_are_judged_when_it_changes(
    project: Path, check: Callable[..., Said]
) -> None:
    site = Site(project, 1)
    site.pages = {
        "a": [f"[{WORDINGS[0]}]{{claim=C-1}}"],
        "b": [f"[{WORDINGS[1]}]{{claim=C-2}}"],
        "c": ["See [@ref2]."],
    }
    site.claims = [("C-1", WORDINGS[0], "approved", "ref1"), ("C-2", WORDINGS[1], "approved", "ref3")]
    site.write()
    check()
    site.claims[1] = ("C-2", WORDINGS[2], "approved", "ref3")
    site.write()
    assert judged_by(check, project) == ["pages/b.md"]
    site.references[1] = ("ref1", "1999")
    site.write()
    assert judged_by(check, project) == ["pages/a.md"]


def judged_by(check: Callable[..., Said], project: Path) -> list[str]:
    """The pages that a check judges."""
    seen: list[str] = []
    page = judge.Judge.page

    def watched(self: judge.Judge, path: str) -> judge.Judged | None:
        seen.append(path)
        return page(self, path)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(judge.Judge, "page", watched)
        check()
    return seen


def test_a_damaged_file_another_version_and_an_empty_one_are_ignored_and_mended(
    project: Path, check: Callable[..., Said]
) -> None:
    Site(project, 2)
    expected = check(plainly=True)
    assert check() == expected
    file = project / ".kap_cache" / store.FILE
    whole = file.read_bytes()
    dice = random.Random(1)
    flipped = bytearray(whole)
    for _ in range(200):
        flipped[dice.randrange(100, len(flipped))] ^= 1 << dice.randrange(8)
    for data in (b"", b"nonsense" * 100, whole[: len(whole) // 2], whole[:100], bytes(flipped)):
        file.write_bytes(data)
        assert check() == expected
        assert check() == expected
    with sqlite3.connect(file) as base:
        base.execute("PRAGMA user_version = 999")
    base.close()
    assert check() == expected
    assert judged_by(check, project) == []


def test_rows_that_somebody_changed_are_ignored(project: Path, check: Callable[..., Said]) -> None:
    Site(project, 2)
    expected = check()
    with sqlite3.connect(project / ".kap_cache" / store.FILE) as base:
        base.execute("UPDATE rows SET hits = '[]'")
    base.close()
    assert check() == expected


def test_a_folder_or_file_that_cannot_be_used_costs_nothing_but_time(project: Path, check: Callable[..., Said]) -> None:
    Site(project, 2)
    expected = check(plainly=True)
    (project / ".kap_cache").write_text("in the way", "utf-8")
    assert check() == expected
    (project / ".kap_cache").unlink()
    (project / ".kap_cache" / store.FILE).mkdir(parents=True)
    assert check() == expected


def test_a_file_that_another_run_holds_is_gone_without(
    project: Path, check: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    site = Site(project, 2)
    check()
    monkeypatch.setattr(store, "_PATIENCE", 0.05)
    base = sqlite3.connect(project / ".kap_cache" / store.FILE, isolation_level=None)
    base.execute("BEGIN EXCLUSIVE")
    site.pages["a"].append("Ketamine always works.")
    site.write()
    assert check() == check(plainly=True)
    base.execute("ROLLBACK")
    base.close()
    assert check() == check(plainly=True)


def test_a_clock_that_goes_back_and_an_old_time_put_back_are_noticed(project: Path, check: Callable[..., Said]) -> None:
    Site(project, 3)
    page = project / "pages/a.md"
    before = page.stat()
    check()
    text = page.read_text("utf-8")
    page.write_text(text.replace("Ketamine a", "Ketamine z"), "utf-8")
    os.utime(page, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert check() == check(plainly=True)
    page.write_text(text, "utf-8")
    os.utime(page, (0, 0))
    assert check() == check(plainly=True)


def test_several_processes_find_what_one_finds(
    project: Path, check: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    site = Site(project, 5)
    for number in range(12):
        site.pages[f"more{number}"] = [site._part() for _ in range(5)]
    site.write()
    (project / "pages/broken.md").write_bytes(b"\xff\xfe\x00")
    expected = check("--format", "json", plainly=True)
    monkeypatch.setenv(judge.WORKERS, "2")
    monkeypatch.setattr(judge, "LEAST", 2)
    assert check("--format", "json", plainly=True) == expected
    assert check("--format", "json") == expected
    assert check("--format", "json") == expected


def test_two_at_once_and_killed_ones_leave_right_answers(project: Path, check: Callable[..., Said]) -> None:
    site = Site(project, 6)
    for number in range(20):
        site.pages[f"more{number}"] = [site._part() for _ in range(5)]
    site.write()
    command = [sys.executable, "-m", "kap_content", "check", "--as-of", DAYS[0], "--format", "json"]
    expected = check("--as-of", DAYS[0], "--format", "json", plainly=True)
    dice = random.Random(1)
    for _ in range(4):
        victims = [subprocess.Popen(command, stdout=subprocess.PIPE, cwd=project) for _ in range(2)]
        for victim in victims:
            try:
                victim.communicate(timeout=dice.uniform(0.1, 0.9))  # whenever it strikes, what follows must be right
            except subprocess.TimeoutExpired:
                victim.kill()
                victim.communicate()
    together = [subprocess.Popen(command, stdout=subprocess.PIPE, cwd=project, text=True) for _ in range(2)]
    for process in together:
        out, _ = process.communicate()
        assert (process.returncode, out) == expected[:2]
    assert check("--as-of", DAYS[0], "--format", "json") == expected


def test_rules_about_one_page_look_only_at_what_is_noted(project: Path, check: Callable[..., Said]) -> None:
    """A rule that looks further is right but slow: each page would be judged anew each time."""
    site = Site(project, 8)
    site.pages["all"] = [
        *SENTENCES,
        *SUPPRESSIONS[:2],
        *(f"[{text}]{{claim=C-{n}}}" for n, text in enumerate(WORDINGS)),
    ]
    site.write()
    check()
    with sqlite3.connect(project / ".kap_cache" / store.FILE) as base:
        paths = {bytes(path).decode() for (path,) in base.execute("SELECT name FROM rows WHERE kind = 'page'")}
    base.close()
    assert paths == {f"pages/{name}.md" for name in site.pages}


def test_rules_about_a_claim_or_an_entry_look_only_at_what_is_noted(project: Path, check: Callable[..., Said]) -> None:
    site = Site(project, 8)
    site.claims = [(f"C-{n}", text, "approved", f"ref{n % 4}") for n, text in enumerate(WORDINGS)]
    site.write()
    site._lock()
    site._decide()
    check()
    with sqlite3.connect(project / ".kap_cache" / store.FILE) as base:
        found = {(kind, bytes(name).decode()) for kind, name in base.execute("SELECT kind, name FROM rows")}
    base.close()
    assert {name for kind, name in found if kind == "claim"} == {name for name, *_ in site.claims}
    assert {name for kind, name in found if kind == "reference"} == {key for key, _ in site.references}


def test_the_file_is_bounded(project: Path, check: Callable[..., Said]) -> None:
    Site(project, 8)
    for number in range(store.VARIANTS + 3):
        (project / "kap.toml").write_text(f"max_age_days = {number + 1}\n", "utf-8")
        check()
    with sqlite3.connect(project / ".kap_cache" / store.FILE) as base:
        assert base.execute("SELECT count(*) FROM variants").fetchone() == (store.VARIANTS,)
        assert base.execute("SELECT count(DISTINCT variant) FROM rows").fetchone() == (store.VARIANTS,)
    base.close()


def test_no_kept_value_is_run(project: Path) -> None:
    """What lies in a project is hostile: only JSON is read of it."""
    for module in Path(cache_check.__file__).parent.glob("*.py"):
        assert not re.search(r"\b(?:pickle|marshal|eval|exec|shelve)\b", module.read_text("utf-8")), module


def test_without_the_cache_nothing_is_read_from_it_or_written(project: Path, check: Callable[..., Said]) -> None:
    Site(project, 2)
    check("--no-cache")
    assert not (project / ".kap_cache" / store.FILE).exists()
