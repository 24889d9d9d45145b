"""The Retraction Watch file, as Crossref publishes it: imported into a local store, then asked without a network.

The rows are the user's download and never ship with the product. A paper may have several rows; a
`Reinstatement` is the only record anywhere that a retraction was taken back.
"""

from __future__ import annotations

import csv
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from kap_content.model.dates import PartialDate
from kap_content.model.errors import ProjectError, UsageError
from kap_content.model.record import Notice, NoticeKind
from kap_content.registries._text import make_date
from kap_content.startup.regex import regex

FILE_NAME = "retraction-watch.db"

_CHUNK = 400
_KINDS = {
    "retraction": NoticeKind.RETRACTION,
    "expression of concern": NoticeKind.EXPRESSION_OF_CONCERN,
    "correction": NoticeKind.CORRECTION,
    "reinstatement": NoticeKind.REINSTATEMENT,
}
_NEEDED = (
    "Record ID",
    "RetractionDate",
    "RetractionDOI",
    "OriginalPaperDOI",
    "OriginalPaperPubMedID",
    "RetractionNature",
)
_DATE = regex(r"\s*(\d{1,2})/(\d{1,2})/(\d{4})\b")
_DOI = regex(r"10\.\d{4,9}/\S+")
_SCHEMA = """
    CREATE TABLE notices (record_id TEXT, doi TEXT, pmid TEXT, kind TEXT, label TEXT, date TEXT, notice_doi TEXT);
"""
_INDEXES = "CREATE INDEX by_doi ON notices (doi); CREATE INDEX by_pmid ON notices (pmid);"

Row = tuple[str, str, str, str, str, str, str]


def parse_row(row: dict[str, str]) -> Iterator[Row]:
    """One row of the file as rows of the store: one for each DOI or PMID of the paper."""
    nature = (row.get("RetractionNature") or "").strip()
    kind = _KINDS.get(nature.lower(), NoticeKind.UNKNOWN)
    day = _us_date(row.get("RetractionDate") or "")
    notice_doi = next(iter(_dois(row.get("RetractionDOI") or "")), "")
    dois = _dois(row.get("OriginalPaperDOI") or "")
    pmids = [part.strip() for part in (row.get("OriginalPaperPubMedID") or "").split(";")]
    pmids = [pmid for pmid in pmids if pmid.isdecimal() and int(pmid) > 0]
    label = "" if kind is not NoticeKind.UNKNOWN else nature or "no nature given"
    record_id = (row.get("Record ID") or "").strip()
    for number in range(max(len(dois), len(pmids))):
        doi = dois[number] if number < len(dois) else ""
        pmid = pmids[number] if number < len(pmids) else ""
        yield record_id, doi, pmid, kind.value, label, str(day or ""), notice_doi


def import_csv(path: Path, cache: Path, *, name: str = FILE_NAME) -> int:
    """Read the file into the folder `cache`, replacing an earlier import; the number of rows read.

    Streamed, and put in place only when whole. Raises UsageError where the file is no such file, ProjectError
    where the folder cannot be written to.
    """
    target = cache / name
    draft = cache / f"{name}.{os.getpid()}.part"
    count = 0

    def rows() -> Iterator[Row]:
        nonlocal count
        for row in _read(path):
            count += 1
            yield from parse_row(row)

    try:
        cache.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(draft)) as store, store:
            store.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _SCHEMA)
            store.executemany("INSERT INTO notices VALUES (?, ?, ?, ?, ?, ?, ?)", rows())
            store.executescript(_INDEXES)
        draft.replace(target)
    except (sqlite3.OperationalError, OSError) as error:
        raise ProjectError(f"{target} cannot be written: {error}", help="Check the permissions.") from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
    return count


@dataclass(frozen=True, slots=True)
class RetractionWatch:
    """The imported stores that are asked, all of them."""

    stores: tuple[Path, ...]

    def __bool__(self) -> bool:
        """Whether there is anything to ask."""
        return bool(self.stores)

    def notices(self, dois: Iterable[str], pmids: Iterable[str]) -> tuple[dict[str, tuple[Notice, ...]], ...]:
        """What the file says: by DOI, and by PMID."""
        by_doi: dict[str, tuple[Notice, ...]] = {}
        by_pmid: dict[str, tuple[Notice, ...]] = {}
        for store in self.stores:
            with closing(sqlite3.connect(f"file:{store.as_posix()}?mode=ro", uri=True)) as connection:
                by_doi = _united(by_doi, _select(connection, "doi", dois))
                by_pmid = _united(by_pmid, _select(connection, "pmid", pmids))
        return by_doi, by_pmid


def open_retraction_watch(root: Path, cache: Path, csv_file: str = "") -> RetractionWatch:
    """The store of `import_csv`, and one for the file that the settings name (read again when it has changed)."""
    stores = [cache / FILE_NAME] if (cache / FILE_NAME).is_file() else []
    if csv_file:
        path = root / csv_file
        if not path.is_file():
            raise UsageError(
                f"the Retraction Watch file {csv_file} is not there", help="Mend `retraction_watch` in the settings."
            )
        stamp = path.stat()
        name = f"retraction-watch-{stamp.st_size:x}-{stamp.st_mtime_ns:x}.db"
        if not (cache / name).is_file():
            import_csv(path, cache, name=name)
            for old in cache.glob("retraction-watch-*.db"):
                if old.name != name:
                    old.unlink(missing_ok=True)
        stores.append(cache / name)
    return RetractionWatch(tuple(stores))


def _read(path: Path) -> Iterator[dict[str, str]]:
    csv.field_size_limit(16 * 1024 * 1024)
    try:
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
            reader = csv.DictReader(file)
            missing = [name for name in _NEEDED if name not in (reader.fieldnames or ())]
            if missing:
                raise UsageError(
                    f"{path.name} is not the Retraction Watch file: it has no column {', '.join(missing)}",
                    help="Download retraction_watch.csv from Crossref and import it as it is.",
                )
            yield from reader
    except OSError as error:
        raise UsageError(f"{path.name} cannot be read: {error.strerror or error}") from error
    except csv.Error as error:
        raise UsageError(f"{path.name} is not a CSV file: {error}") from error


def _dois(text: str) -> list[str]:
    return [match.rstrip(".,;").lower() for part in text.split(";") for match in _DOI.findall(part.strip())]


def _us_date(text: str) -> PartialDate | None:
    match = _DATE.match(text)
    return make_date(match[3], match[1], match[2]) if match else None


def _select(connection: sqlite3.Connection, column: str, values: Iterable[str]) -> dict[str, tuple[Notice, ...]]:
    wanted = sorted({value for value in values if value})
    found: dict[str, list[Notice]] = {}
    for start in range(0, len(wanted), _CHUNK):
        part = wanted[start : start + _CHUNK]
        marks = ",".join("?" * len(part))
        query = (
            f"SELECT {column}, kind, label, date, notice_doi, record_id FROM notices"  # noqa: S608 - a column of ours
            f" WHERE {column} IN ({marks}) ORDER BY date, CAST(record_id AS INTEGER)"
        )
        for value, kind, label, day, doi, record_id in connection.execute(query, part):
            notice = Notice(NoticeKind(kind), "retraction-watch", doi, PartialDate.parse(day), record_id, label)
            found.setdefault(value, []).append(notice)
    return {value: tuple(dict.fromkeys(notices)) for value, notices in found.items()}


def _united(one: dict[str, tuple[Notice, ...]], two: dict[str, tuple[Notice, ...]]) -> dict[str, tuple[Notice, ...]]:
    return {key: tuple(dict.fromkeys((*one.get(key, ()), *two.get(key, ())))) for key in one | two}
