"""The files that keep what `kap check` said: when one is written, believed, bounded and deleted."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kap_content.cli.quick import ground, remember, unchanged
from tests.cache.answers import DAY, Kap, is_kept
from tests.cache.changes import edit
from tests.cli.conftest import PAGE


def test_a_damaged_answer_is_ignored(site: Path, kap: Kap, full: Kap) -> None:
    expected = full("check", "--as-of", DAY)
    kap("check", "--as-of", DAY)
    (file,) = (site / unchanged.FOLDER).iterdir()
    whole = file.read_bytes()
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 1
    other_version = whole.replace(b"kap check 1", b"kap check 0")
    for data in (b"", b"nonsense", whole[:-1], whole[: len(whole) // 2], whole + b"x", bytes(flipped), other_version):
        file.write_bytes(data)
        assert not is_kept("check", "--as-of", DAY)
        assert kap("check", "--as-of", DAY) == expected
        assert is_kept("check", "--as-of", DAY)


def test_the_answer_to_another_question_is_ignored(site: Path, kap: Kap) -> None:
    kap("check", "--as-of", DAY)
    (file,) = (site / unchanged.FOLDER).iterdir()
    question = unchanged.asked(["check", "--as-of", "2031-01-01"])
    assert question is not None
    file.rename(question.file)
    assert unchanged.answer(question) is None


def test_a_folder_that_cannot_be_written_costs_nothing_but_time(site: Path, kap: Kap, full: Kap) -> None:
    (site / ".kap_cache").write_text("in the way", "utf-8")
    for _ in range(2):
        assert kap("check", "--as-of", DAY) == full("check", "--as-of", DAY)


def test_a_run_during_which_a_file_changed_is_not_kept(site: Path, kap: Kap, monkeypatch: pytest.MonkeyPatch) -> None:
    put = remember.Memory.said

    def saved_meanwhile(memory: remember.Memory, text: str) -> None:
        put(memory, text)
        edit("pages/a.md", "by about half", "by two thirds")(site)

    monkeypatch.setattr(remember.Memory, "said", saved_meanwhile)
    kap("check", "--as-of", DAY)
    assert not (site / unchanged.FOLDER).exists()


def test_a_file_of_this_very_moment_is_not_trusted(site: Path, kap: Kap, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ground.time, "time_ns", lambda: (site / "pages/a.md").stat().st_ctime_ns + 1)
    kap("check", "--as-of", DAY)
    assert not (site / unchanged.FOLDER).exists()


def test_a_run_that_reads_more_than_was_looked_at_is_not_kept(
    site: Path, kap: Kap, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new kind of input that nobody told the cache of must not make it stale."""
    all_places = ground.places
    monkeypatch.setattr(
        ground, "places", lambda settings: [place for place in all_places(settings) if "claims.yaml" not in place]
    )
    kap("check", "--as-of", DAY)
    assert not (site / unchanged.FOLDER).exists()


def test_the_folder_is_bounded_and_ignored_by_git(site: Path, kap: Kap) -> None:
    for day in range(1, remember.KEPT + 5):
        kap("check", "--as-of", f"2026-11-{day:02}")
    assert len(list((site / unchanged.FOLDER).iterdir())) == remember.KEPT
    assert (site / ".kap_cache/.gitignore").read_text("utf-8") == "*\n"


def test_half_written_files_are_ignored_and_swept(site: Path, kap: Kap, full: Kap) -> None:
    half = site / unchanged.FOLDER / ".half-1-00000000"
    half.parent.mkdir(parents=True)
    half.write_bytes(b"kap ch")
    os.utime(half, (0, 0))
    assert kap("check", "--as-of", DAY) == full("check", "--as-of", DAY)
    assert not half.exists()


def test_a_change_of_the_tool_is_noticed(site: Path, kap: Kap, tmp_path: Path) -> None:
    """The tool's files are among what an answer rests on."""
    kap("check", "--as-of", DAY)
    question = unchanged.asked(["check", "--as-of", DAY])
    assert question is not None
    kept = unchanged.answer(question)
    assert kept is not None
    package = Path(unchanged.__file__).parents[2]
    assert unchanged.TOOL_PLACE in kept.places
    names = kept.seen.decode().split("\0")
    for file in ("checking/engine.py", "data/words/absolutes.toml", "rules/clm/clm002_text_drift.py"):
        folder = names.index(str((package / file).parent))
        assert any(name.startswith(f"{(package / file).name}//") for name in names[folder:])


def test_two_at_once_and_killed_ones_leave_right_answers(site: Path, kap: Kap, full: Kap) -> None:
    command = [sys.executable, "-m", "kap_content", "check", "--as-of", DAY]
    expected = full("check", "--as-of", DAY)
    # The environment as Python sees it: a library in C may have put the terminal's size into that which is inherited.
    environment = dict(os.environ)
    for seconds in (0.05, 0.2, 0.35):
        victims = [subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment) for _ in range(2)]
        time.sleep(seconds)
        for victim in victims:
            victim.kill()
            victim.wait()
    together = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8", env=environment)
        for _ in range(3)
    ]
    for process in together:
        out, _ = process.communicate()
        assert (process.returncode, out) == expected[:2]
    assert kap("check", "--as-of", DAY) == expected


def test_the_cache_can_be_looked_at_and_cleared(site: Path, kap: Kap) -> None:
    kap("check", "--as-of", DAY)
    (site / ".kap_cache/other.db").write_bytes(b"x" * 2048)
    assert "1 file, " in kap("cache", "info")[1]
    assert kap("cache", "clear")[0] == 0
    assert not is_kept("check", "--as-of", DAY)
    assert (site / ".kap_cache/other.db").exists()
    assert kap("cache", "clear", "--all")[0] == 0
    assert not (site / ".kap_cache").exists()
    assert "0 files" in kap("cache", "info")[1]


def test_a_cache_that_cannot_be_looked_into_costs_nothing_but_time(
    site: Path, kap: Kap, full: Kap, monkeypatch: pytest.MonkeyPatch
) -> None:
    kap("check", "--as-of", DAY)
    (site / "pages/a.md").write_text(PAGE.replace("half", "two thirds"), "utf-8")
    stat = os.stat

    def refusing(path: str | Path, **more: bool) -> os.stat_result:
        if f".kap_cache{os.sep}" in str(path):
            raise PermissionError(13, "Permission denied", str(path))
        return stat(path, **more)

    expected = full("check", "--as-of", DAY)
    monkeypatch.setattr(os, "stat", refusing)  # the superuser may look everywhere
    assert kap("check", "--as-of", DAY) == expected


def test_what_cannot_be_deleted_is_told(site: Path, kap: Kap, monkeypatch: pytest.MonkeyPatch) -> None:
    kap("check", "--as-of", DAY)

    def refusing(path: Path, **_more: bool) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "unlink", refusing)
    code, _, told = kap("cache", "clear")
    assert code == 2
    assert "cannot be deleted" in told
    assert "Check the permissions." in told
