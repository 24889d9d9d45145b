from __future__ import annotations

from pathlib import Path

from kap_content.works.abstracts import FILE_NAME, abstract_sha256, keep_abstracts, read_abstracts


def test_what_is_kept_can_be_read(tmp_path: Path) -> None:
    kept = keep_abstracts(tmp_path / "cache", ["We measured rest.", "", "We measured more."])
    assert read_abstracts(tmp_path / "cache", kept) == kept
    assert sorted(kept.values()) == ["We measured more.", "We measured rest."]


def test_white_space_does_not_change_the_hash() -> None:
    assert abstract_sha256("We  measured\nrest. ") == abstract_sha256("We measured rest.")


def test_no_abstract_has_no_hash() -> None:
    assert abstract_sha256(" \n") == ""


def test_an_absent_cache_holds_nothing(tmp_path: Path) -> None:
    assert read_abstracts(tmp_path / "none", [abstract_sha256("x")]) == {}


def test_a_damaged_cache_holds_nothing(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"no database")
    assert read_abstracts(tmp_path, [abstract_sha256("x")]) == {}
