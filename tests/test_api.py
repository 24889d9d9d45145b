"""The Python interface: the three functions, and that they cost nothing until they are used."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from datetime import date
from importlib import import_module
from pathlib import Path

import pytest

from kap_content import api

DAY = date(2026, 11, 22)
CLAIM = """version: 1
claims:
  - id: ROOM-1
    match_text: We have four rooms.
    category: service
    status: approved
    next_review_due: 2028-01-01
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "kap.toml").write_text('[rules]\nselect = ["CLM"]\n', "utf-8")
    (tmp_path / "claims.yaml").write_text(CLAIM, "utf-8")
    (tmp_path / "references.bib").write_text("", "utf-8")
    (tmp_path / "pages" / "below").mkdir(parents=True)
    for name, words in (("good", "four"), ("drifted", "five")):
        text = f"---\ntitle: Rooms\n---\n\n[We have {words} rooms.]{{claim=ROOM-1}}\n"
        (tmp_path / "pages" / f"{name}.md").write_text(text, "utf-8")
    return tmp_path


def test_a_project_is_found_from_any_folder_in_it(folder: Path) -> None:
    project = api.load_project(folder / "pages" / "below")
    assert project.root == folder.resolve()
    assert [page.path for page in project.pages] == ["pages/drifted.md", "pages/good.md"]
    assert project.settings.rules.select == ("CLM",)


def test_checking_gives_the_findings_in_order(folder: Path) -> None:
    (finding,) = api.check(api.load_project(folder), as_of=DAY).findings
    assert (finding.code, str(finding.place)) == ("CLM002", "pages/drifted.md:5:1")


def test_the_command_finds_the_same(tmp_path: Path) -> None:
    site = tmp_path / "before"
    shutil.copytree(Path(__file__).parents[1] / "examples" / "before", site)
    command = [sys.executable, "-m", "kap_content", "check", "--format", "json", "--as-of", str(DAY), "--project", site]
    report = json.loads(subprocess.run(command, capture_output=True, encoding="utf-8", check=False).stdout)
    found = api.check(api.load_project(site), as_of=DAY).findings
    assert len(found) > 50
    assert [item["fingerprint"] for item in report["findings"]] == [finding.fingerprint for finding in found]


def test_a_selection_replaces_the_settings_one_and_ignored_rules_are_added(folder: Path) -> None:
    project = api.load_project(folder)
    assert api.check(project, as_of=DAY, ignore=["CLM002"]).findings == ()
    found = api.check(project, as_of=DAY, select=["DSC"]).findings
    assert {finding.code[:3] for finding in found} == {"DSC"}


def test_a_rule_that_there_is_not_is_refused_with_the_nearest(folder: Path) -> None:
    with pytest.raises(api.SettingsError) as raised:
        api.check(api.load_project(folder), as_of=DAY, select=["CLM0002"])
    assert "CLM002" in raised.value.help


def test_today_counts_where_no_day_is_given(folder: Path) -> None:
    project = api.load_project(folder)
    assert api.check(project).findings == api.check(project, as_of=DAY).findings


def test_a_page_that_passes_is_rendered_and_one_that_does_not_is_held_back(folder: Path) -> None:
    drifted, good = api.render(api.load_project(folder), as_of=DAY, output=folder / "public")
    assert drifted.file is None
    assert [finding.code for finding in drifted.errors] == ["CLM002"]
    assert good.file == folder / "public" / "good" / "index.html"
    assert good.changed
    assert "We have four rooms." in good.file.read_text("utf-8")
    assert not (folder / "public" / "drifted").exists()


def test_rendering_again_says_that_nothing_changed(folder: Path) -> None:
    project = api.load_project(folder)
    api.render(project, as_of=DAY)
    assert [result.changed for result in api.render(project, as_of=DAY)] == [False, False]


def test_a_path_that_is_no_folder_is_refused(folder: Path) -> None:
    with pytest.raises(api.ProjectError, match="is no folder"):
        api.load_project(folder / "kap.toml")


def test_the_names_of_the_package_work_though_folders_are_called_so_too(folder: Path) -> None:
    for name in ("kap_content.checking.engine", "kap_content.rendering.site"):
        import_module(name)
    from kap_content import check, load_project, render

    project = load_project(str(folder))
    assert check(project, as_of=DAY) == api.check(project, as_of=DAY)
    assert [result.page.path for result in render(project, as_of=DAY)] == ["pages/drifted.md", "pages/good.md"]


def test_what_the_package_does_not_have_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'chekc'"):
        getattr(import_module("kap_content"), "chekc")  # noqa: B009 - as the type checker refuses the plain form


def test_importing_the_package_loads_nothing_else() -> None:
    code = "import sys; before = set(sys.modules); import kap_content; print(sorted(set(sys.modules) - before))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert run.stdout == "['kap_content']\n"


def test_the_functions_are_there_in_a_fresh_process() -> None:
    code = "from kap_content import load_project, check, render; print(callable(check), callable(render))"
    run = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, encoding="utf-8", check=True)
    assert (run.stdout, run.stderr) == ("True True\n", "")
