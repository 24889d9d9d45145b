"""The benchmark measures right answers: a smoke run at a small size. No times here; machines differ."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    for name in ("KAP_NO_CACHE", "COLUMNS", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    spec = importlib.util.spec_from_file_location("kap_bench_run", BENCHMARKS / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
    return module


def test_every_measured_command_does_its_work(bench: ModuleType, tmp_path: Path) -> None:
    rows = bench.figures(tmp_path, runs=1, pages=3)
    codes = {row.name: row.exit_code for row in rows}
    assert codes.pop("kap --help") == codes.pop("python -c pass") == codes.pop("3 pages, read and hashed only") == 0
    assert all(code in (0, 1) for code in codes.values()), codes
    assert len({codes[name] for name in codes if name.startswith("3 pages")}) == 1
    assert bench.table(rows).count("\n") == len(rows)


def test_the_same_size_gives_the_same_site_and_the_cache_says_what_a_full_run_says(
    bench: ModuleType, tmp_path: Path
) -> None:
    size = bench.Size(pages=2, claims=4, references=3)
    one, other = (bench.write_project(tmp_path / name, size) for name in ("one", "other"))
    for path in sorted(path for path in one.rglob("*") if path.is_file()):
        assert path.read_bytes() == (other / path.relative_to(one)).read_bytes()
    assert bench.differences(one) == []
