"""kap as a process: what shells, pipes, locales and terminals do to it."""

from __future__ import annotations

import json
import os
import pty
import re
import shlex
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from kap_content import __version__
from tests.cli.conftest import PAGE

ROOT = Path(__file__).resolve().parents[2]
KAP = (sys.executable, "-m", "kap_content")
AS_OF = ("--as-of", "2026-11-22")
NAME = "Überwiegend 日本"


@pytest.fixture
def broken(site: Path) -> Path:
    """The project with an error whose words are not ASCII."""
    (site / "pages" / "a.md").write_text(PAGE.replace("Anxiety ratings", NAME), "utf-8")
    return site


def environment(**more: str) -> dict[str, str]:
    gone = ("NO_COLOR", "COLUMNS", "LANG", "LC_ALL", "PYTHONUTF8", "PYTHONIOENCODING", "FORCE_COLOR")
    return {name: value for name, value in os.environ.items() if name not in gone} | {"PYTHONPATH": str(ROOT)} | more


def started(*arguments: str, **more: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*KAP, *arguments], env=environment(**more), capture_output=True, check=False)


def at_a_terminal(*arguments: str, **more: str) -> bytes:
    """What kap prints where standard output is a terminal."""
    master, slave = pty.openpty()
    with subprocess.Popen([*KAP, *arguments], env=environment(TERM="xterm", **more), stdout=slave) as process:
        os.close(slave)
        parts = []
        while True:
            try:
                part = os.read(master, 65_536)
            except OSError:  # the other end is closed
                break
            if not part:
                break
            parts.append(part)
        process.wait()
    os.close(master)
    return b"".join(parts)


def test_version() -> None:
    assert started("--version").stdout.decode() == f"kap-content {__version__}\n"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_can_be_shown_for(shell: str) -> None:
    done = started(_KAP_COMPLETE=f"source_{shell}")
    assert done.returncode == 0
    assert b"_KAP_COMPLETE" in done.stdout


COMPLETED = [
    ("kap ch", {"check"}),
    ("kap baseline ", {"write", "prune"}),
    ("kap check --sta", {"--statistics", "--staged"}),
    ("kap check --format sa", {"sarif"}),
    ("kap check --fail-on w", {"warning"}),
    ("kap check --select EVD001,EVD00", {f"EVD001,EVD00{number}" for number in range(1, 9)}),
    ("kap explain text", {"text-drift"}),
    ("kap where K", {"KET-1"}),
    ("kap where gl", {"glue2018"}),
    ("kap lock ", {"glue2018"}),
    ("kap schema set", {"settings"}),
]
SHELLS = [name for name in ("bash", "zsh", "fish") if shutil.which(name)]
ASK = {
    "bash": 'eval "$(_KAP_COMPLETE=source_bash {kap})"; COMP_WORDS=({words}); COMP_CWORD={number}; '
    '_kap_completion kap; printf "%s\\n" "${{COMPREPLY[@]}}"',
    # zsh gives names with their help to _arguments; here it only prints them.
    "zsh": "compdef() {{ :; }}; _arguments() {{ print -r -- $1; }}; _files() {{ :; }}; "
    'eval "$(_KAP_COMPLETE=source_zsh {kap})"; words=({words}); CURRENT={number}; _kap_completion',
    "fish": "_KAP_COMPLETE=source_fish {kap} | source; complete --do-complete '{line}'",
}


@pytest.mark.parametrize(("words", "expected"), COMPLETED)
@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_that_read_its_script_completes(broken: Path, shell: str, words: str, expected: set[str]) -> None:
    parts = words.split(" ")
    quoted = " ".join(f"'{part}'" for part in parts)
    number = len(parts) - (shell == "bash")
    script = ASK[shell].format(kap="kap", words=quoted, number=number, line=words)
    flags = {"bash": ["--norc", "--noprofile"], "zsh": ["-f"], "fish": ["--no-config"]}[shell]
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    done = subprocess.run(
        [shell, *flags, "-c", script], env=environment(PATH=path), capture_output=True, encoding="utf-8", check=False
    )
    assert done.stderr == ""
    if shell == "zsh":
        offered = set(re.findall(r'"([^":]+)(?:":"[^"]*)?"', done.stdout.replace("\\:", ""))) & expected
    else:
        offered = {line.split("\t")[0] for line in done.stdout.splitlines() if line}
    assert offered == expected, done.stdout


def test_outside_a_project_nothing_is_offered_and_nothing_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = started(_KAP_COMPLETE="complete_bash", COMP_WORDS="kap where K", COMP_CWORD="2")
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, b"", b"")


def test_a_terminal_gets_colours_unless_told_otherwise(broken: Path) -> None:
    assert b"\x1b[31;1m" in at_a_terminal("check", *AS_OF)
    assert b"\x1b" not in at_a_terminal("check", *AS_OF, NO_COLOR="1")
    assert b"\x1b" not in at_a_terminal("check", "--no-color", *AS_OF)
    assert b"\x1b[31;1m" in at_a_terminal("check", *AS_OF, NO_COLOR="")  # empty counts as not set
    assert b"\x1b" not in started("check", *AS_OF).stdout


def test_columns_wrap_the_text_of_findings(broken: Path) -> None:
    wide = started("check", *AS_OF).stdout.decode()
    narrow = started("check", *AS_OF, COLUMNS="60").stdout.decode()
    assert any(len(line) > 100 for line in wide.splitlines())
    prose = [line for line in narrow.splitlines() if " | " not in line and not line.startswith("  pages")]
    assert all(len(line) <= 60 or " " not in line.strip() for line in prose if line.startswith("    ")), narrow


@pytest.mark.parametrize(
    "locale",
    [
        {"LC_ALL": "C"},
        {"LC_ALL": "POSIX", "PYTHONUTF8": "0"},
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "cp1252"},
    ],
)
@pytest.mark.parametrize("form", ["text", "json", "markdown", "junit"])
def test_every_locale_prints_utf_8(broken: Path, locale: dict[str, str], form: str) -> None:
    done = started("check", "--format", form, *AS_OF, **locale)
    assert done.returncode == 1
    assert not done.stderr
    assert NAME in done.stdout.decode("utf-8")


def test_a_file_name_that_is_not_utf_8_is_shown_and_does_not_stop_the_run(broken: Path) -> None:
    name = os.fsencode(broken / "pages") + b"/\xff.md"
    Path(os.fsdecode(name)).write_bytes(PAGE.replace("KET-1", "KET-9").encode())
    for form in ("text", "json", "sarif", "junit", "github", "rdjson", "markdown"):
        done = started("check", "--format", form, *AS_OF)
        assert done.returncode == 1, done.stderr
        assert b"CLM007" in done.stdout
        done.stdout.decode("utf-8")


@pytest.mark.parametrize("form", ["text", "json", "sarif"])
def test_a_reader_that_has_seen_enough_is_no_error(broken: Path, form: str) -> None:
    for number in range(60):
        (broken / "pages" / f"p{number}.md").write_text(PAGE.replace("KET-1", "KET-9") * 3, "utf-8")
    with subprocess.Popen(
        [*KAP, "check", "--format", form, *AS_OF], env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 1


def test_a_file_with_windows_line_ends_and_a_byte_order_mark_has_the_same_report(broken: Path) -> None:
    def report() -> object:
        found = json.loads(started("check", "--format", "json", *AS_OF).stdout)["findings"]
        return [(item["code"], item["line"], item["column"], item["end_column"], item["fingerprint"]) for item in found]

    before = report()
    text = started("check", *AS_OF).stdout
    for name in ("pages/a.md", "claims.yaml", "references.bib"):
        path = broken / name
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert report() == before
    assert started("check", *AS_OF).stdout == text
    assert b"\r" not in text


def test_a_report_written_to_a_file_is_utf_8_with_plain_line_ends(broken: Path) -> None:
    done = started("check", "-o", "report.txt", *AS_OF, LC_ALL="C")
    assert done.returncode == 1
    assert done.stdout == b""
    data = (broken / "report.txt").read_bytes()
    assert NAME in data.decode("utf-8")
    assert b"\r" not in data


def test_a_report_that_cannot_be_written_ends_with_2(broken: Path) -> None:
    done = started("check", "-o", "nowhere/report.txt", *AS_OF)
    assert done.returncode == 2
    assert b"cannot be written" in done.stderr
    assert b"Make the folder nowhere first." in done.stderr


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
def test_a_report_goes_into_a_pipe_and_the_pipe_stays(broken: Path) -> None:
    pipe = broken / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen([*KAP, "check", "-o", "json=pipe", *AS_OF], env=environment()) as process:
        report = json.loads(pipe.read_text("utf-8"))
    assert process.returncode == 1
    assert report["version"] == 1
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@pytest.mark.skipif(not Path("/dev/stdout").exists(), reason="standard output has no name")
def test_a_report_may_name_standard_output(broken: Path) -> None:
    done = started("check", "-q", "-o", "json=/dev/stdout", *AS_OF)
    report, end = json.JSONDecoder().raw_decode(done.stdout.decode())
    assert report["version"] == 1
    assert "CLM002" in done.stdout.decode()[end:]  # the text, which goes there too


@pytest.mark.skipif(os.name == "nt", reason="a shell that closes streams")
@pytest.mark.parametrize("again", [False, True])
def test_closed_streams_leave_the_exit_code(broken: Path, *, again: bool) -> None:
    if again:
        started("check", *AS_OF)
    command = shlex.join([*KAP, "check", *AS_OF])
    done = subprocess.run(["sh", "-c", f"{command} >&-"], env=environment(), stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == (1, b"")
    assert subprocess.run(["sh", "-c", f"{command} >&- 2>&-"], env=environment(), check=False).returncode == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no disk that is always full")
@pytest.mark.parametrize("again", [False, True])
def test_a_full_disk_is_told_of(broken: Path, *, again: bool) -> None:
    command = ["check", *AS_OF] if again else ["check", "--no-cache", *AS_OF]
    started(*command)  # the answer is kept, and given again from there
    with open("/dev/full", "wb") as full:  # noqa: PTH123 - no file of a folder
        done = subprocess.run([*KAP, *command], env=environment(), stdout=full, stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == (
        2,
        b"kap: the standard output cannot be written: No space left on device\n",
    )
