"""What the documents link to exists, none of them is lost, and the site is built of them without a warning."""

from __future__ import annotations

import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.content.blocks import FENCE, PAGES, ROOT

SITE_ONLY = {"index.md", "tour.md", "contributing.md", "changes.md"}
"""Documents made of others for the site."""


def prose(page: Path) -> str:
    return re.sub(r"`[^`\n]*`", "", FENCE.sub("", page.read_text("utf-8")))


def slug(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


@cache
def anchors(page: Path) -> frozenset[str]:
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", page.read_text("utf-8")), re.MULTILINE)
    return frozenset(slug(heading) for heading in headings)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_relative_links_lead_to_files_and_headings_that_exist(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        assert file.exists(), target
        assert not anchor or anchor in anchors(file), target


def test_the_documents_link_to_each_other_so_that_none_is_lost() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    documents = [page.name for page in PAGES if page.parent.name == "docs" and page.name not in SITE_ONLY]
    assert [name for name in documents if f"docs/{name}" not in readme] == []


def test_the_site_is_built_without_a_warning_and_asks_nothing_of_another_host(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-d", tmp_path / "trees"]
    built = subprocess.run(
        [*command, ROOT / "docs", tmp_path / "site"], capture_output=True, encoding="utf-8", check=False
    )
    assert (built.returncode, built.stderr) == (0, "")
    pages = list((tmp_path / "site").glob("*.html"))
    assert {"tour.html", "rules.html", "reference.html", "reviewers.html"} <= {page.name for page in pages}
    loaded = r"""<(?:script|img|iframe|source)\b[^>]*\bsrc="(?:https?:)?//|<link\b[^>]*\bhref="(?:https?:)?//"""
    assert [page.name for page in pages if re.search(loaded, page.read_text("utf-8"))] == []
    styles = "".join(sheet.read_text("utf-8") for sheet in (tmp_path / "site").rglob("*.css"))
    assert not re.search(r"""@import|url\(["']?(?:https?:)?//""", styles)
    reference = (tmp_path / "site" / "reference.html").read_text("utf-8")
    assert "Read the project that the folder" in reference
