"""A stand-in registry, and a way to ask it that loses no time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from kap_content.model.place import Place
from kap_content.model.record import Record
from kap_content.model.reference import Reference
from kap_content.model.settings import Settings
from kap_content.registries import _services
from kap_content.registries._http import Limits
from kap_content.registries._throttle import Policy, Rate
from kap_content.registries.crossref import LISTS, SINGLES
from kap_content.registries.gather import Gathered, gather
from tests.registry.server import Registry

TODAY = date(2026, 11, 22)
PATIENT = Limits(connect=10.0, read=30.0, total=60.0, attempts=3, pause=0.02, longest_pause=2.0)
"""Short pauses, and no silence short enough for a busy machine to run into."""
IMPATIENT = replace(PATIENT, connect=3.0, read=1.0, total=3.0)
"""For registries that fall silent."""

Ask = Callable[..., Gathered]


@pytest.fixture
def registry() -> Iterator[Registry]:
    """The stand-in, empty, quick, and without rate limits: tests that want those say so."""
    with Registry(limited=False) as server:
        yield server


def entry(key: str, doi: str = "", **fields: str) -> Reference:
    """A bibliography entry."""
    given = {"doi": doi, **fields} if doi else fields
    return Reference(key, "article", Place("references.bib"), given)


@pytest.fixture
def ask(registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Gather records from the stand-in; where it has no limits, we keep none either."""
    if not registry.limited:
        haste = Policy({"": Rate(1000), LISTS: Rate(1000), SINGLES: Rate(1000)}, concurrency=3)
        services = tuple(_services.policies("", ""))
        monkeypatch.setattr(_services, "policies", lambda *_: dict.fromkeys(services, haste))

    def run(
        *references: Reference,
        previous: Mapping[str, Record] | None = None,
        settings: Settings | None = None,
        **options: object,
    ) -> Gathered:
        limits = IMPATIENT if registry.is_silent_somewhere else PATIENT
        options = {"today": TODAY, "root": tmp_path, "limits": limits} | options
        return gather(references, previous or {}, settings or registry.settings(), **options)

    return run


HEADER = (
    "Record ID,Title,Subject,Institution,Journal,Publisher,Country,Author,URLS,ArticleType,RetractionDate,"
    "RetractionDOI,RetractionPubMedID,OriginalPaperDate,OriginalPaperDOI,OriginalPaperPubMedID,RetractionNature,Reason,Paywalled,Notes,\n"
)
"""The first line of Retraction Watch's file."""


def rw_row(
    number: int, doi: str, nature: str, day: str = "8/16/2023 0:00", pmid: str = "0", notice: str = "unavailable"
) -> str:
    """A line of that file."""
    return f"{number},A title,,,,,,,,,{day},{notice},0,1/1/2020 0:00,{doi},{pmid},{nature},Reason;,No,,\n"
