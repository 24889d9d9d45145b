from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kap_content.load.text import Text, Unreadable, decode, read_text
from kap_content.model.finding import Problem
from kap_content.model.place import Place


def text_of(data: bytes) -> str:
    result = decode(data, "page.md")
    assert isinstance(result, Text)
    return result.text


def problem_of(result: Text | Unreadable) -> Problem:
    assert isinstance(result, Unreadable)
    return result.problem


def test_a_byte_order_mark_is_dropped() -> None:
    assert text_of(b"\xef\xbb\xbf# Title\n") == "# Title\n"


def test_every_line_end_becomes_a_line_feed() -> None:
    assert text_of(b"a\r\nb\rc\nd") == "a\nb\nc\nd"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_named(encoding: str) -> None:
    problem = problem_of(decode("# Ketamine for anxiety\n".encode(encoding), "page.md"))
    assert problem.message == "the file is UTF-16, not UTF-8"


def test_utf_32_is_named() -> None:
    assert "UTF-32" in problem_of(decode("# Ketamine\n".encode("utf-32"), "page.md")).message


def test_windows_1252_is_named_with_its_byte_letter_and_place() -> None:
    problem = problem_of(decode("Sehr gut.\r\nDosis für alle – täglich".encode("cp1252"), "page.md"))
    assert (problem.place.line, problem.place.column) == (2, 8)
    assert "byte 0xfc (number 19 of the file) looks like windows-1252, where it is “ü”" in problem.message


def test_a_byte_that_windows_1252_lacks_is_said_to_be_none() -> None:
    assert "is no part of a letter" in problem_of(decode(b"abc \x81", "page.md")).message


def test_a_nul_byte_is_placed() -> None:
    problem = problem_of(decode(b"one\ntwo\0three", "page.md"))
    assert problem.place == Place("page.md", 2, 4)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    assert "folder" in problem_of(read_text(tmp_path, "claims.yaml")).message


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    assert "no such file" in problem_of(read_text(tmp_path / "claims.yaml", "claims.yaml")).message


def test_a_file_over_the_limit_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_bytes(b"x" * (3 << 20))
    problem = problem_of(read_text(tmp_path / "page.md", "page.md", limit=2 << 20))
    assert problem.message == "the file is larger than 2 MB, too large to be meant"


def test_a_file_at_the_limit_is_read(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_bytes(b"x" * 1024)
    assert isinstance(read_text(tmp_path / "page.md", "page.md", limit=1024), Text)


def test_a_file_that_may_not_be_read_is_a_problem(tmp_path: Path) -> None:
    # A link to itself stands in for a file without permission, which a superuser could read.
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert "cannot be read" in problem_of(read_text(tmp_path / "loop", "loop")).message


def test_the_problem_carries_the_code_it_was_asked_for() -> None:
    assert problem_of(decode(b"\xff\xfea\0", "references.bib", code="REF011")).code == "REF011"


@given(st.binary(max_size=200))
def test_whatever_the_bytes_there_is_text_or_a_problem_inside_the_file(data: bytes) -> None:
    result = decode(data, "page.md")
    if isinstance(result, Text):
        assert "\r" not in result.text
        assert "\0" not in result.text
    else:
        assert 1 <= result.problem.place.line <= data.count(b"\n") + data.count(b"\r") + 1


@given(st.text(max_size=200))
def test_utf_8_survives(text: str) -> None:
    result = decode(text.encode(), "page.md")
    if isinstance(result, Text):
        assert result.text == text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


@given(data=st.binary(max_size=200))
def test_problems_lie_inside_the_text(data: bytes, inside: Callable[[Place, str], bool]) -> None:
    result = decode(data, "page.md")
    if isinstance(result, Unreadable):
        shown = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", errors="replace")
        assert inside(result.problem.place, shown.replace("\r\n", "\n").replace("\r", "\n"))
