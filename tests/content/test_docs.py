"""What the documents show works, and what they link to exists."""

from __future__ import annotations

import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCE = re.compile(r"^(`{3,}|:{3,})(\w*)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)


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
    assert [page.name for page in PAGES if page.parent.name == "docs" and f"docs/{page.name}" not in readme] == []


def test_the_blocks_of_the_python_page_run_one_after_another_in_a_new_project(tmp_path: Path) -> None:
    blocks = [code for _, language, code in FENCE.findall((ROOT / "docs/api.md").read_text("utf-8")) if language]
    assert len(blocks) >= 5
    init = [sys.executable, "-m", "kap_content", "init", "--as-of", "2026-11-22", str(tmp_path)]
    subprocess.run(init, check=True, capture_output=True, cwd=tmp_path)
    script = tmp_path / "blocks.py"
    script.write_text("\n".join(blocks), "utf-8")
    run = subprocess.run(
        [sys.executable, "-W", "error", script], capture_output=True, cwd=tmp_path, encoding="utf-8", check=False
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert "rendered public" in run.stdout
    assert "there is no project here" in run.stdout
