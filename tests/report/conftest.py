"""Published schemas, where they are at hand."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def published(shared: Callable[[str], Path]) -> Callable[[str], Path]:
    """Give the path of a published schema: in the folder that KAP_SCHEMAS names, or with the recorded material.

    sarif-schema-2.1.0.json (OASIS), JUnit.xsd (Windy Road), junit-10.xsd (Jenkins xUnit plugin),
    rdjson-DiagnosticResult.json (reviewdog). They are not kept here: each has its own terms.
    """

    def find(name: str) -> Path:
        folder = os.environ.get("KAP_SCHEMAS")
        return Path(folder) / name if folder else shared(f"schemas/{name}")

    return find
