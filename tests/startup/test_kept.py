"""What is kept for the next start is what would be made anew, and is never needed."""

from __future__ import annotations

import os
import pkgutil
import re
import string
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kap_content
from kap_content.startup import kept
from kap_content.startup.regex import _Lazy, regex


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "_memory", kept._Memory())


def written() -> bytes:
    data = kept.dump()
    assert data is not None
    return data


def restart(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(kept, "_memory", kept._Memory())
    kept.believe(data)


def lazy_patterns() -> Iterator[_Lazy]:
    for module in pkgutil.walk_packages(kap_content.__path__, "kap_content."):
        if not module.name.endswith("__main__"):
            for value in vars(import_module(module.name)).values():
                if isinstance(value, _Lazy):
                    yield value


def test_every_pattern_of_the_package_comes_back_as_python_compiles_it(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = {(lazy.pattern, lazy._given) for lazy in lazy_patterns()}
    assert len(asked) > 300
    first = {key: kept.compiled(*key) for key in asked}
    restart(monkeypatch, written())
    for source, flags in asked:
        plain = re.compile(source, flags)
        again = kept.compiled(source, flags)
        assert first[source, flags] == plain == again  # equal flags, source and code
        assert (again.groups, again.groupindex) == (plain.groups, plain.groupindex)
    assert kept.dump() is None  # nothing was made anew


@given(
    st.from_regex(
        r"(?:[a-zß]|\\[dwsb]|\[\^?[a-z–é-]{1,3}\]|\((?:\?P<n>|\?:|\?=)?[a-z]{1,2}\)[*+?]?){0,6}",
        fullmatch=True,
        alphabet=f"{string.printable}ßé–",  # of all characters the first draw takes a second and more
    )
)
def test_a_pattern_finds_the_same_kept_or_not(source: str) -> None:
    try:
        plain = re.compile(source, re.IGNORECASE)
    except (re.error, FutureWarning):  # `[a--]` will mean something else one day
        return
    kept.compiled(source, re.IGNORECASE)
    data = kept.dump()
    if data is not None:
        kept._memory.patterns.clear()
        kept.believe(data)
    assert kept.compiled(source, re.IGNORECASE) == plain


def test_a_pattern_is_compiled_when_it_is_first_used(monkeypatch: pytest.MonkeyPatch) -> None:
    pattern = regex(r"(?P<day>\d+)", re.IGNORECASE)
    assert not kept._memory.patterns
    assert pattern.pattern == r"(?P<day>\d+)"
    assert not kept._memory.patterns
    match = pattern.search("on day 12")
    assert match is not None
    assert match["day"] == "12"
    assert pattern.flags & re.IGNORECASE
    assert pattern.sub("x", "1 2") == "x x"
    assert len(kept._memory.patterns) == 1


def test_a_faulty_pattern_is_an_error_as_ever() -> None:
    with pytest.raises(re.error):
        regex("(").search("")


def test_a_value_is_made_once_and_then_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    assert kept.kept("list", lambda: ["a", 1]) == ["a", 1]
    restart(monkeypatch, written())
    assert kept.kept("list", lambda: pytest.fail("made anew")) == ["a", 1]
    assert kept.dump() is None


def test_another_edition_of_the_module_makes_its_values_anew(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(kept, "_memory", kept._Memory())
    module = tmp_path / "reader.py"

    def read(row: str) -> object:
        names: dict[str, Any] = {}
        module.write_text(f"def make():\n    return {row}\n", "utf-8")
        exec(compile(module.read_text("utf-8"), str(module), "exec"), names)
        return kept.kept("words", names["make"])

    assert read("['a', 'why']") == ["a", "why"]
    assert read("['a', 'why', 'instead']") == ["a", "why", "instead"]


@pytest.mark.parametrize("at", [0, 5, 60, 200, -1])
def test_a_damaged_file_is_not_believed(monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    kept.compiled("a+(b)", 0)
    kept.kept("list", lambda: ["words"])
    data = bytearray(written())
    data[at] ^= 1
    restart(monkeypatch, bytes(data))
    assert not kept._memory.patterns
    assert not kept._memory.values


def test_a_file_from_another_installation_is_not_believed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    kept.kept("list", lambda: ["words"])
    data = written()
    other = tmp_path / "kept.py"
    other.write_bytes(Path(kept.__file__).read_bytes())
    monkeypatch.setattr(kept, "__file__", str(other))
    restart(monkeypatch, data)
    assert not kept._memory.values


def test_code_that_python_refuses_is_made_anew() -> None:
    kept._memory.patterns["0 a+"] = (32, 0, {}, [None], b"\xff" * 16)
    assert kept.compiled("a+", 0).findall("caat") == ["aa"]


def test_a_python_without_the_last_step_compiles_as_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "_sre", object)
    assert kept.compiled("a+", 0) == re.compile("a+")
    assert not kept._memory.patterns


def test_a_file_that_grew_too_large_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    kept.kept("list", lambda: "x" * kept._LARGEST)
    assert kept.dump() == b""
    restart(monkeypatch, b"")
    assert not kept._memory.values


def test_a_run_keeps_what_it_found_out_and_says_the_same_with_it_and_without(tmp_path: Path) -> None:
    (tmp_path / "kap.toml").touch()
    (tmp_path / "claims.yaml").write_text("version: 1\nclaims: []\n")
    (tmp_path / "references.bib").touch()
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "a.md").write_text("---\ntitle: A\n---\nKetamine always works in 9 of 10 patients.\n")

    def check(**environment: str) -> str:
        clean = {name: value for name, value in os.environ.items() if name != "KAP_NO_CACHE"}
        command = [sys.executable, "-m", "kap_content", "check", "--select", "WRD,EVD,CLM"]
        done = subprocess.run(
            command, cwd=tmp_path, env=clean | environment, capture_output=True, text=True, check=False
        )
        assert done.stderr == ""
        return done.stdout

    file = tmp_path / ".kap_cache" / "start"
    without = check(KAP_NO_CACHE="1")
    assert not file.exists()
    first = check()
    data = file.read_bytes()
    assert check() == first == without
    assert file.read_bytes() == data
    file.write_bytes(data[:-7])
    assert check() == without
    assert file.read_bytes() != data[:-7]
