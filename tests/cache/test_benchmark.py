"""The benchmark measures right answers: a smoke run at a small size. No times here; machines differ."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
MODULES = ("defects", "measuring", "prose", "run", "sites", "smoke")


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The benchmark's modules."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    for name in ("KAP_NO_CACHE", "COLUMNS", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name in MODULES:  # their names are common ones: nobody else shall see them
        monkeypatch.delitem(sys.modules, name, raising=False)
    modules = {name: importlib.import_module(name) for name in MODULES}
    for name, module in modules.items():
        monkeypatch.setitem(sys.modules, name, module)
    return SimpleNamespace(**modules)


def test_planted_defects_are_found_and_nothing_else_cached_uncached_and_sharded(
    bench: SimpleNamespace, tmp_path: Path
) -> None:
    assert bench.smoke.smoke(tmp_path) == []


def test_a_defect_that_is_not_found_and_a_finding_without_a_defect_are_told(
    bench: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The smoke run can fail: one kind of defect is planted without being announced, another announced only."""
    kinds = (lambda at: bench.defects._absolute(at) and [], lambda at: [("CLM002", at.page.path, at.claim.id)])
    monkeypatch.setattr(bench.defects, "KINDS", kinds)
    size = bench.sites.Size(pages=2, claims=6, references=4, page_bytes=1000)
    site = bench.sites.make_site(size)
    expected = bench.defects.plant(site)
    site.write(tmp_path / "site")
    assert bench.smoke._compared("it", expected, tmp_path / "site") == [
        "it: not found: ('CLM002', 'pages/page-00001.md', 'C-3') (1)",
        "it: found without need: ('WRD001', 'pages/page-00000.md', '') (1)",
    ]


def test_every_measured_command_does_its_work(bench: SimpleNamespace, tmp_path: Path) -> None:
    rows = [*bench.run.small_figures(tmp_path, runs=1), *bench.run.large_figures(tmp_path, 3, runs=1)]
    codes = {row.name: row.exit_code for row in rows}
    assert {name: code for name, code in codes.items() if code not in (0, 1)} == {}
    assert bench.measuring.table(rows).count("\n") == len(rows)
    assert "one entry changed" in bench.measuring.table(rows)


def test_the_same_size_gives_the_same_site(bench: SimpleNamespace, tmp_path: Path) -> None:
    size = bench.sites.Size(pages=2, claims=4, references=3)
    one, other = (bench.sites.write_project(tmp_path / name, size) for name in ("one", "other"))
    for path in sorted(path for path in one.rglob("*") if path.is_file()):
        assert path.read_bytes() == (other / path.relative_to(one)).read_bytes()
