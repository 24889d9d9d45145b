"""What a finding points to besides its own place."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kap_content.checking.engine import check
from kap_content.load.project import load_project
from kap_content.load.settings import read_settings
from kap_content.model.project import Context

WORDINGS = {
    "WRD001": "Slow breathing always calms people with panic.",
    "WRD003": "We are the leading clinic for panic in the country.",
    "WRD006": "Many patients with panic breathe more slowly.",
    "WRD007": "You will sleep through the night without panic.",
    "WRD009": "Slow breathing is a treatment without any side effects.",
    "CUR004": "Slow breathing has recently been studied in panic.",
    "CUR005": "The FDA has approved a device for panic.",
}


@pytest.mark.parametrize("code", WORDINGS)
def test_a_finding_on_the_wording_of_a_claim_points_to_the_claim(code: str, tmp_path: Path) -> None:
    wording = WORDINGS[code]
    (tmp_path / "kap.toml").write_text("", "utf-8")
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "panic.md").write_text(
        f"---\ntitle: Slow breathing for panic\n---\n\n[{wording}]{{claim=P-1}}\n", "utf-8"
    )
    (tmp_path / "claims.yaml").write_text(
        f"version: 1\nclaims:\n  - id: P-1\n    match_text: {wording}\n    category: efficacy\n    status: approved\n",
        "utf-8",
    )
    context = Context.of(load_project(tmp_path, read_settings(tmp_path)), date(2026, 11, 22))
    found = [finding for finding in check(context).findings if finding.code == code]
    assert found
    assert ("claims.yaml:4:17", "claim P-1, under which it stands") in {
        (str(related.place), related.message) for related in found[0].related
    }
