"""`kap check --shard` and `kap report merge`: many machines say what one says, byte for byte."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kap_content.cli import run
from kap_content.model.shard import Shard, parse_shard, shard_of
from kap_content.report.formats import Format
from tests.cli.conftest import Kap, Typed

DAY = ("--as-of", "2026-11-22")
WORDINGS = (
    "Anxiety ratings fell by about half within an hour of a dose.",
    "Ten of the 12 people responded to ketamine.",
    "Nausea was reported by 1 in 5 people.",
)
PARTS = (
    *(f"[{wording}]{{claim=C-{number}}}" for number, wording in enumerate(WORDINGS)),
    "[Anxiety ratings fell by a third.]{claim=C-0}",
    "[Nobody knows this one.]{claim=C-9}",
    "Ketamine always works.",
    "Ketamine always works.\nRecently the FDA has approved it [@ref1; @gone].",
    "Glue et al. (2017) treated people for three months [@ref0].",
    "Is it safe?",
    "[unread]{claim=a/b}",
    '<!-- kap: ignore WRD001 reason="quotes a survey question" -->',
    '<!-- kap: ignore WRD001 reason="quotes a survey question" -->',
    '<!-- kap: ignore CLM003,EVD005,REF001 reason="known of the claim below" -->',
    '<!-- kap: ignore DOI004 until=2026-12-24 reason="known of the reference below" -->',
    '<!-- kap: ignore ALL reason="a draft" -->',
    "<!-- kap: ignore CLM001 -->",
)
STATES = ("approved", "draft", "withdrawn")


@dataclass(frozen=True)
class Plan:
    """A small site: the parts of its pages by name, and its claims as (state, reference, has a due review)."""

    pages: dict[str, list[str]]
    claims: list[tuple[str, str, bool]]
    references: int
    head: str

    def write(self, root: Path) -> None:
        (root / "kap.toml").write_text(self.head, "utf-8")
        for name, parts in self.pages.items():
            path = root / "pages" / f"{name}.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            head = f"---\ntitle: Ketamine {name}\nauthor: M\nnext_review_due: 2026-12-{len(parts) + 10}\n---\n"
            path.write_text("\n\n".join((head, "## Ketamine", *parts)) + "\n", "utf-8")
        (root / "claims.yaml").write_text(
            "version: 1\nclaims:"
            + ("" if self.claims else " []\n")
            + "".join(
                f"\n  - id: C-{number}\n    match_text: {WORDINGS[number % 3]}\n    category: efficacy\n"
                f"    status: {state}\n    intervention: ketamine\n"
                + ("    next_review_due: 2026-11-01\n" if overdue else "")
                + f"    evidence:\n      - ref: {ref}\n        design: rct\n"
                for number, (state, ref, overdue) in enumerate(self.claims)
            ),
            "utf-8",
        )
        (root / "references.bib").write_text(
            "".join(
                f"@article{{ref{number},\n  author = {{Glue, Paul}},\n  title = {{Sleep and anxiety {number}}},\n"
                f"  journal = {{J}},\n  year = {{{2015 + number}}},\n  doi = {{10.5555/ref{number // 2}}}\n}}\n"
                for number in range(self.references)
            ),
            "utf-8",
        )


PLANS = st.builds(
    Plan,
    pages=st.dictionaries(
        st.sampled_from(("a", "b", "c", "z", "inner/c", "inner/ä b")),
        st.lists(st.sampled_from(PARTS), max_size=5),
        max_size=5,
    ),
    claims=st.lists(
        st.tuples(st.sampled_from(STATES), st.sampled_from(("ref0", "ref1", "ref7")), st.booleans()), max_size=4
    ),
    references=st.integers(0, 4),
    head=st.sampled_from(
        (
            "",
            "[rules.per-file]\n'pages/a.md' = ['SUP003', 'WRD001']\n",
            "[rules]\nignore = ['CLM001']\n",
            "pages = ['pages/inner/*.md', 'pages/**/*.md']\n",
        )
    ),
)


def everything(folder: Path) -> list[str]:
    """Each format into a file, the text to standard output."""
    rest = [form for form in Format if form is not Format.TEXT]
    return ["--format", "text", "--statistics", *(f"--output={form}={folder / form}" for form in rest)]


def written(folder: Path) -> dict[str, bytes]:
    """What each file of the folder holds."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def sharded(kap: Callable[..., Typed], of: int, folder: Path, *options: str) -> list[str]:
    """Run all shards; the files of their reports, the last shard first."""
    files = []
    for number in range(of, 0, -1):
        files.append(str(folder / f"{number}.json"))
        typed = kap("check", *options, "--shard", f"{number}/{of}", "--quiet", "--output", f"json={files[-1]}")
        assert typed.code in (0, 1), typed.err
    return files


def both(kap: Callable[..., Typed], of: int, *options: str) -> tuple[Typed, Typed]:
    """What one machine says and what so many say, and that all files are equal."""
    with TemporaryDirectory() as temporary:
        one, many, parts = (Path(temporary) / name for name in ("one", "many", "parts"))
        for folder in (one, many, parts):
            folder.mkdir()
        whole = kap("check", *options, *everything(one))
        merged = kap("report", "merge", *sharded(kap, of, parts, *options), *everything(many))
        assert written(many) == written(one)
        return whole, merged


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    plan=PLANS,
    of=st.integers(1, 5),
    options=st.sampled_from(((), ("--release",), ("--select", "SUP,CLM,WRD"), ("--upcoming", "90d"))),
    known=st.sampled_from((None, "all", "idle")),
    folder=st.sampled_from((".", "pages", "..")),
)
def test_any_number_of_shards_say_what_one_machine_says(
    kap: Kap, plan: Plan, of: int, options: Sequence[str], known: str | None, folder: str
) -> None:
    here = Path.cwd()
    with TemporaryDirectory() as temporary:
        root = Path(temporary) / "site"
        (root / "pages").mkdir(parents=True)
        plan.write(root)
        os.chdir(root / folder)
        try:
            chosen = ["--no-cache", "--project", str(root), *DAY, *options]
            if known is not None:
                baseline = root / "known.json"
                assert kap("baseline", "write", str(baseline), "--project", str(root), *DAY, "--quiet").code == 0
                if known == "idle":
                    keep_idle(baseline)
                chosen += ["--baseline", str(baseline)]
            whole, merged = both(kap, of, *chosen)
            assert (merged.code, merged.out) == (whole.code, whole.out)
        finally:
            os.chdir(here)


def keep_idle(baseline: Path) -> None:
    """Leave in a baseline only what is found when all shards are together."""
    data = json.loads(baseline.read_text("utf-8"))
    data["findings"] = [item for item in data["findings"] if item["code"] == "SUP003"]
    baseline.write_text(json.dumps(data), "utf-8")


def test_a_suppression_counts_as_used_where_only_the_first_shard_finds_what_it_holds_back(site: Path, kap: Kap) -> None:
    """The page belongs to the second shard, what is found on its claim to the first."""
    page = site / "pages" / "a.md"
    comment = '<!-- kap: ignore REF009 reason="the source has no pages" -->'
    page.write_text(page.read_text("utf-8").replace("[Anxiety", f"{comment}\n[Anxiety"), "utf-8")
    claims = site / "claims.yaml"
    claims.write_text(claims.read_text("utf-8").replace("        anchor: {page: 665}\n", ""), "utf-8")
    sharded(kap, 3, site, *DAY)
    assert [item["code"] for item in json.loads(Path("2.json").read_text("utf-8"))["shard"]["idle"]] == ["SUP003"]
    assert "SUP003" not in kap("report", "merge", "1.json", "2.json", "3.json").out
    page.write_text(page.read_text("utf-8").replace("REF009", "REF010"), "utf-8")
    sharded(kap, 3, site, *DAY)
    assert "SUP003" in kap("report", "merge", "1.json", "2.json", "3.json").out


@pytest.fixture
def parts(site: Path, kap: Kap) -> list[str]:
    """The reports of three shards of the small site."""
    (site / "parts").mkdir()
    return sharded(kap, 3, site / "parts", *DAY)


def test_a_missing_shard_is_told_by_its_number(parts: list[str], kap: Kap) -> None:
    typed = kap("report", "merge", *parts[1:])
    assert (typed.code, typed.out) == (2, "")
    assert "of 3 shards 1 is missing: 3/3" in typed.err
    assert "unknown, not clean" in typed.err


def test_a_shard_given_twice_is_told_with_both_files(parts: list[str], kap: Kap) -> None:
    copied = shutil.copy(parts[0], f"{parts[0]}.again")
    typed = kap("report", "merge", *parts, str(copied))
    assert typed.code == 2
    assert "shard 3/3 is there twice" in typed.err
    assert "parts/3.json and parts/3.json.again" in typed.err


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--as-of", "2026-11-23"), "judges another day"),
        ((*DAY, "--release"), "other settings, word lists or options"),
        ((*DAY, "--select", "CLM"), "other settings, word lists or options"),
        ((*DAY, "--upcoming", "5d"), "other settings, word lists or options"),
    ],
)
def test_shards_of_another_run_are_refused(parts: list[str], kap: Kap, options: tuple[str, ...], told: str) -> None:
    kap("check", *options, "--shard", "2/3", "--output", f"json={parts[1]}")
    typed = kap("report", "merge", *parts)
    assert typed.code == 2
    assert told in typed.err
    assert "parts/2.json (shard 2/3)" in typed.err


@pytest.mark.parametrize(
    ("file", "told"),
    [
        ("kap.toml", "other settings"),
        ("claims.yaml", "other claims, references or lock"),
        ("references.bib", "other claims, references or lock"),
        ("references.lock", "other claims, references or lock"),
        ("pages/a.md", "other pages"),
        ("pages/new.md", "other pages"),
    ],
)
def test_shards_of_another_commit_are_refused(parts: list[str], site: Path, kap: Kap, file: str, told: str) -> None:
    path = site / file
    before = path.read_text("utf-8") if path.exists() else ""
    path.write_text(before + ("max_age_days = 3\n" if file == "kap.toml" else "\n"), "utf-8")
    kap("check", *DAY, "--shard", "2/3", "--output", f"json={parts[1]}")  # which these pages belong to
    typed = kap("report", "merge", *parts)
    assert typed.code == 2
    assert told in typed.err


def test_another_number_of_shards_another_version_and_another_folder_are_refused(
    parts: list[str], site: Path, kap: Kap, monkeypatch: pytest.MonkeyPatch
) -> None:
    kap("check", *DAY, "--shard", "2/4", "--output", "json=other.json")
    assert "another number of shards" in kap("report", "merge", parts[0], "other.json", parts[2]).err
    report = json.loads(Path(parts[1]).read_text("utf-8"))
    report["tool"]["version"] = "0.0.1"
    Path("old.json").write_text(json.dumps(report), "utf-8")
    assert "was written by kap 0.0.1" in kap("report", "merge", parts[0], "old.json", parts[2]).err
    monkeypatch.chdir(site / "pages")
    other = str(site / "elsewhere.json")
    kap("check", *DAY, "--shard", "2/3", "--output", f"json={other}")
    assert "different folders" in kap("report", "merge", parts[0], other, parts[2]).err


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no JSON"),
        ("{", "no JSON"),
        ("[" * 100_000, "brackets stand too deep"),
        ('{"version": ' + "9" * 5000 + "}", "no report"),
        ("[]", "no report"),
        ('{"version": 1}', "no report"),
        ('{"version": 1, "findings": []}', "whole project, not of a shard"),
        ('{"version": 1, "findings": [], "shard": {}}', "“number” is missing"),
        ('{"version": 1, "findings": [], "shard": {"number": 4, "of": 3}}', "no shard 4/3"),
        ('{"version": 1, "findings": [], "shard": []}', "“shard” is missing or of another type"),
    ],
)
def test_what_is_no_report_of_a_shard_is_named(site: Path, kap: Kap, text: str, told: str) -> None:
    Path("x.json").write_text(text, "utf-8")
    typed = kap("report", "merge", "x.json")
    assert (typed.code, typed.out) == (2, "")
    assert told in typed.err
    assert "x.json" in typed.err


def test_a_report_that_was_tampered_with_ends_in_a_clear_word(parts: list[str], kap: Kap) -> None:
    whole = json.loads(Path(parts[2]).read_text("utf-8"))
    assert whole["findings"]

    def spoiled(value: object) -> list[object]:
        """The value with one part of it after the other replaced by nonsense."""
        if isinstance(value, dict):
            return [{**value, key: other} for key in value for other in (None, "x", {}, *spoiled(value[key])[:4])]
        if isinstance(value, list) and value:
            return [[other, *value[1:]] for other in (None, 7, *spoiled(value[0]))]
        return []

    for spoilt in spoiled(whole):
        Path(parts[2]).write_text(json.dumps(spoilt), "utf-8")
        typed = kap("report", "merge", *parts)
        assert typed.code in (0, 1, 2)
        assert "a fault in kap itself" not in typed.err, spoilt


def test_a_file_that_is_not_there_is_named(site: Path, kap: Kap) -> None:
    typed = kap("report", "merge", "nowhere.json")
    assert typed.code == 2
    assert "nowhere.json:1:1: there is no such file" in typed.err


@pytest.mark.parametrize("options", [("pages/a.md",), ("--staged",), ("--since", "HEAD")])
def test_a_shard_is_checked_whole(site: Path, kap: Kap, options: tuple[str, ...]) -> None:
    typed = kap("check", "--shard", "1/2", *options)
    assert typed.code == 2
    assert "--shard goes with neither paths nor --staged nor --since" in typed.err


@pytest.mark.parametrize(
    "text", ["0/3", "4/3", "1", "1/", "/3", "-1/3", "1/0", "a/b", "1/5000", "1/3/5", "١/٣", "1.5/3"]
)
def test_what_is_no_shard_is_refused(site: Path, kap: Kap, text: str) -> None:
    typed = kap("check", "--shard", text)
    assert typed.code == 2
    assert "3/16" in typed.err


@given(st.integers(1, 50), st.text())
def test_each_page_belongs_to_one_shard(of: int, path: str) -> None:
    owners = [number for number in range(1, of + 1) if Shard(number, of).owns(path)]
    assert owners == [shard_of(path, of)]
    assert parse_shard(f"{owners[0]}/{of}") == Shard(owners[0], of)


def test_pages_keep_their_shard_for_ever_and_are_spread_evenly() -> None:
    """A page that changed its shard between two versions would be checked by none, or twice."""
    assert [shard_of(f"pages/{number}.md", 4) for number in range(8)] == [2, 1, 3, 4, 3, 3, 3, 1]
    counts = [0] * 16
    for number in range(8000):
        counts[shard_of(f"pages/page-{number}.md", 16) - 1] += 1
    assert min(counts) > 400


@pytest.mark.skipif(os.name == "nt", reason="file names are bytes only there")
def test_a_name_that_is_not_utf_8_comes_through(site: Path, kap: Kap) -> None:
    name = os.fsdecode(b"pages/caf\xe9.md")
    try:
        Path(name).write_text("## Ketamine\n\nKetamine always works.\n", "utf-8")
    except OSError:
        pytest.skip("this file system takes UTF-8 only")
    whole, merged = both(kap, 2, "--no-cache", *DAY)
    assert (merged.code, merged.out) == (whole.code, whole.out)


def test_what_is_kept_of_pages_serves_shards_too(site: Path, kap: Kap, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(12):
        (site / "pages" / f"{number}.md").write_text(f"## Ketamine\n\n{PARTS[number % len(PARTS)]}\n", "utf-8")
    plain = kap("check", "--no-cache", "--format", "json", *DAY)
    for _ in range(2):
        (site / "parts").mkdir(exist_ok=True)
        typed = kap("report", "merge", *sharded(kap, 3, site / "parts", *DAY), "--format", "json")
        assert (typed.code, typed.out) == (plain.code, plain.out)
    monkeypatch.setattr("kap_content.cache.judge.Judge.page", None)  # nothing is left to be judged
    typed = kap("report", "merge", *sharded(kap, 3, site / "parts", *DAY), "--format", "json")
    assert (typed.code, typed.out) == (plain.code, plain.out)
    assert run(["check", *DAY, "--quiet"]) == plain.code
