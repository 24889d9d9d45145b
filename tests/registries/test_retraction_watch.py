from __future__ import annotations

from pathlib import Path

import pytest

from kap_content.model.dates import PartialDate
from kap_content.model.errors import ProjectError, UsageError
from kap_content.model.record import Notice, NoticeKind
from kap_content.registries.retraction_watch import RetractionWatch, import_csv, open_retraction_watch
from tests.registries.conftest import HEADER, rw_row


def imported(tmp_path: Path, *rows: str) -> RetractionWatch:
    path = tmp_path / "retraction_watch.csv"
    path.write_text(HEADER + "".join(rows), encoding="utf-8")
    import_csv(path, tmp_path / "cache")
    return open_retraction_watch(tmp_path, tmp_path / "cache")


def test_a_row_is_found_by_doi_in_whatever_case(tmp_path: Path) -> None:
    library = imported(tmp_path, rw_row(3, "10.1000/ABC", "Retraction", notice="10.1000/N"))
    by_doi, _ = library.notices(["10.1000/abc"], [])
    expected = Notice(NoticeKind.RETRACTION, "retraction-watch", "10.1000/n", PartialDate(2023, 8, 16), "3")
    assert by_doi == {"10.1000/abc": (expected,)}


def test_a_row_without_a_doi_is_found_by_pmid(tmp_path: Path) -> None:
    library = imported(tmp_path, rw_row(3, "unavailable", "Correction", pmid="123"))
    by_doi, by_pmid = library.notices(["unavailable", ""], ["123", "0", ""])
    assert by_doi == {}
    assert [notice.kind for notice in by_pmid["123"]] == [NoticeKind.CORRECTION]


def test_a_list_of_dois_in_one_row_is_taken_apart(tmp_path: Path) -> None:
    by_doi, _ = imported(tmp_path, rw_row(3, "10.1000/a;10.1000/b", "Retraction")).notices(
        ["10.1000/a", "10.1000/b"], []
    )
    assert set(by_doi) == {"10.1000/a", "10.1000/b"}


def test_a_blank_nature_is_unknown(tmp_path: Path) -> None:
    by_doi, _ = imported(tmp_path, rw_row(3, "10.1000/a", "")).notices(["10.1000/a"], [])
    assert [(notice.kind, notice.label) for notice in by_doi["10.1000/a"]] == [(NoticeKind.UNKNOWN, "no nature given")]


def test_all_rows_of_a_paper_come_in_the_order_of_their_dates(tmp_path: Path) -> None:
    rows = (
        rw_row(9, "10.1000/a", "Reinstatement", "12/1/2023 0:00"),
        rw_row(3, "10.1000/a", "Retraction", "2/3/2021 0:00"),
    )
    by_doi, _ = imported(tmp_path, *rows).notices(["10.1000/a"], [])
    assert [notice.kind.value for notice in by_doi["10.1000/a"]] == ["retraction", "reinstatement"]


def test_an_import_replaces_the_one_before(tmp_path: Path) -> None:
    imported(tmp_path, rw_row(3, "10.1000/a", "Retraction"))
    assert imported(tmp_path, rw_row(4, "10.1000/b", "Retraction")).notices(["10.1000/a"], []) == ({}, {})


def test_another_file_is_refused_and_the_last_import_stays(tmp_path: Path) -> None:
    library = imported(tmp_path, rw_row(3, "10.1000/a", "Retraction"))
    other = tmp_path / "other.csv"
    other.write_text("doi,retractionwatch\n10.1000/a,Retraction\n")
    with pytest.raises(UsageError, match="it has no column"):
        import_csv(other, tmp_path / "cache")
    assert library.notices(["10.1000/a"], [])[0]
    assert not list((tmp_path / "cache").glob("*.part"))


def test_a_file_that_the_settings_name_in_vain_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not there"):
        open_retraction_watch(tmp_path, tmp_path / "cache", "none.csv")


def test_seventy_thousand_rows_are_read(tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    path.write_text(HEADER + "".join(rw_row(n, f"10.1000/{n}", "Retraction", pmid=str(n)) for n in range(1, 70_001)))
    assert import_csv(path, tmp_path / "cache") == 70_000


def test_the_true_layout_is_read(tmp_path: Path, shared: object) -> None:
    path = shared("data/retractions/retractguard-rw_mini.csv")  # type: ignore[operator] # the fixture is a function
    assert import_csv(path, tmp_path / "cache") >= 2
    by_doi, _ = open_retraction_watch(tmp_path, tmp_path / "cache").notices(["10.9999/paper.1", "10.9999/paper.2"], [])
    assert [by_doi[doi][0].kind.value for doi in sorted(by_doi)] == ["retraction", "correction"]


def test_a_cache_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("in the way", "utf-8")
    file = tmp_path / "retraction_watch.csv"
    file.write_text(HEADER, encoding="utf-8")
    with pytest.raises(ProjectError, match="cannot be written"):
        import_csv(file, tmp_path / "cache")
