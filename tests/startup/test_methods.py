"""The methods of data classes that were kept are those that Python would compile, and are never needed."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kap_content.startup import methods
from kap_content.startup.methods import Compiled


def a_class() -> type:
    return dataclasses.make_dataclass(
        "Dose",
        [("amount", float), ("unit", str, dataclasses.field(default="mg"))],
        frozen=True,
        slots=True,
        order=True,
        namespace={"__module__": "kap_content.example"},
    )


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setitem(sys.modules, "kap_content.example", type(sys)("kap_content.example"))
    sys.modules["kap_content.example"].__dict__["__name__"] = "kap_content.example"
    return tmp_path / "methods.kept"


def made_with(compiled: Compiled, monkeypatch: pytest.MonkeyPatch) -> type:
    with monkeypatch.context() as patched:
        patched.setattr(dataclasses, "exec", compiled.execute, raising=False)
        return a_class()


def compile_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("compiled again")

    monkeypatch.setattr(methods, "compile", refuse, raising=False)


def test_a_class_made_of_kept_methods_is_as_any(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = Compiled(str(file))
    made_with(first, monkeypatch)
    first.keep()
    compile_is_refused(monkeypatch)
    kept = made_with(Compiled(str(file)), monkeypatch)
    monkeypatch.setattr(dataclasses, "exec", exec, raising=False)
    plain = a_class()
    assert repr(kept(5.0)) == repr(plain(5.0)) == "Dose(amount=5.0, unit='mg')"
    assert kept(5.0) == kept(5.0, "mg") < kept(6.0)
    assert hash(kept(5.0)) == hash(plain(5.0))
    with pytest.raises(dataclasses.FrozenInstanceError):
        kept(5.0).amount = 6.0
    for name, method in vars(plain).items():
        if hasattr(method, "__code__"):
            assert getattr(kept, name).__code__.co_code == method.__code__.co_code, name


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:-1],
        lambda data: data[:40],
        lambda data: data[:-9] + bytes([data[-9] ^ 1]) + data[-8:],
        lambda data: data.replace(b"kap methods 1 ", b"kap methods 0 "),
        lambda _data: b"",
    ],
)
def test_a_damaged_file_or_one_of_another_edition_is_passed_over(
    damage: Callable[[bytes], bytes], file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Compiled(str(file))
    made_with(first, monkeypatch)
    first.keep()
    file.write_bytes(damage(file.read_bytes()))
    second = Compiled(str(file))
    assert repr(made_with(second, monkeypatch)(1.0)) == "Dose(amount=1.0, unit='mg')"
    second.keep()
    compile_is_refused(monkeypatch)
    made_with(Compiled(str(file)), monkeypatch)


def test_classes_of_other_libraries_are_not_kept(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sys.modules["kap_content.example"].__dict__["__name__"] = "elsewhere"
    compiled = Compiled(str(file))
    made_with(compiled, monkeypatch)
    compiled.keep()
    assert not file.exists()


def run(*arguments: str, compiled_in: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        env={**environment, "PYTHONPYCACHEPREFIX": str(compiled_in), **settings},
        capture_output=True,
        text=True,
        check=False,
    )


def kept_in(folder: Path) -> list[Path]:
    return list(folder.rglob("*.kept"))


def test_a_run_keeps_them_beside_the_compiled_modules(tmp_path: Path) -> None:
    assert run("kap_content", "rules", compiled_in=tmp_path).returncode == 0
    (file,) = kept_in(tmp_path)
    assert list(file.parent.glob("methods.*.pyc"))
    before = file.stat()
    assert run("kap_content", "rules", compiled_in=tmp_path).returncode == 0
    assert file.stat().st_ino == before.st_ino  # nothing was new


def test_a_run_that_may_write_no_bytecode_keeps_none(tmp_path: Path) -> None:
    assert run("kap_content", "rules", compiled_in=tmp_path, PYTHONDONTWRITEBYTECODE="1").returncode == 0
    assert kept_in(tmp_path) == []


def test_all_of_the_package_is_compiled_on_request(tmp_path: Path) -> None:
    done = run("kap_content.startup", compiled_in=tmp_path, PYTHONDONTWRITEBYTECODE="1")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert len(kept_in(tmp_path)) == 1
