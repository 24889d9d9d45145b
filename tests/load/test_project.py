from __future__ import annotations

import errno
import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from kap_content.load.globs import matches
from kap_content.load.inside import find_root
from kap_content.load.lock import dump_lock
from kap_content.load.project import answering, load_project
from kap_content.load.settings import read_settings
from kap_content.model.errors import ProjectError
from kap_content.model.place import Place
from kap_content.model.project import Project
from kap_content.model.record import Record, Source, State
from kap_content.model.reference import Reference
from kap_content.model.settings import Settings

CLAIMS = "version: 1\nclaims:\n- {id: A, match_text: Nausea was common., evidence: glue2018}\n"
PAGE = "# Ketamine\n\nKetamine is an anaesthetic.\n"
BIB = "@misc{glue2018,\n  title = {Ketamine},\n  doi = {10.1000/A.1}\n}\n"


def write(root: Path, **files: str) -> None:
    """Write files whose names are given with `__` for a slash and `_` for the last dot."""
    for name, text in files.items():
        path = root / ".".join(name.replace("__", "/").rsplit("_", 1))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def load(root: Path) -> Project:
    return load_project(root, read_settings(root, {}))


def said(project: Project) -> list[tuple[str, str]]:
    return [(item.place.path, item.message) for item in project.problems]


def test_the_nearest_folder_with_settings_is_the_root(tmp_path: Path) -> None:
    write(tmp_path, kap_toml="", inner__pyproject_toml="[tool.kap]\n", inner__deep__page_md=PAGE)
    assert find_root(tmp_path / "inner" / "deep") == (tmp_path / "inner").resolve()
    assert find_root(tmp_path) == tmp_path.resolve()


def test_a_pyproject_of_something_else_is_passed_over(tmp_path: Path) -> None:
    write(tmp_path, kap_toml="", inner__pyproject_toml='[project]\nname = "kap"\n')
    assert find_root(tmp_path / "inner") == tmp_path.resolve()


def test_a_broken_pyproject_that_names_us_is_ours(tmp_path: Path) -> None:
    write(tmp_path, kap_toml="", inner__pyproject_toml="[tool.kap]\npages = \n")
    assert find_root(tmp_path / "inner") == (tmp_path / "inner").resolve()


def test_without_settings_anywhere_the_next_step_is_told(tmp_path: Path) -> None:
    with pytest.raises(ProjectError) as caught:
        find_root(tmp_path)
    assert "kap init" in caught.value.help


def test_an_empty_project_is_a_project(tmp_path: Path) -> None:
    project = load(tmp_path)
    assert (project.pages, project.claims, project.references, project.problems) == ((), (), (), ())


def test_the_default_files_are_found(tmp_path: Path) -> None:
    write(tmp_path, pages__b_md=PAGE, pages__a__c_md=PAGE, claims_yaml=CLAIMS, references_bib=BIB)
    write(tmp_path, claims__more_yaml=CLAIMS.replace("A", "B"))
    project = load(tmp_path)
    assert [page.path for page in project.pages] == ["pages/a/c.md", "pages/b.md"]
    assert [(claim.id, claim.place.path) for claim in project.claims] == [
        ("A", "claims.yaml"),
        ("B", "claims/more.yaml"),
    ]
    assert [reference.key for reference in project.references] == ["glue2018"]


def test_a_file_named_twice_is_read_once(tmp_path: Path) -> None:
    write(tmp_path, kap_toml='claims = ["claims.yaml", "./claims.yaml", "*.yaml"]\n', claims_yaml=CLAIMS)
    assert len(load(tmp_path).claims) == 1


def test_a_file_that_the_settings_name_must_be_there(tmp_path: Path) -> None:
    write(tmp_path, kap_toml='style = "nlm"\nclaims = [\n  "a.yaml",\n  "b.yaml",\n]\n', a_yaml=CLAIMS)
    with pytest.raises(ProjectError) as caught:
        load(tmp_path)
    assert caught.value.place == Place("kap.toml", 4, 3, 4, 11)
    assert caught.value.message == "“claims” names a file that is not there: “b.yaml”"


def test_a_folder_that_the_settings_name_is_refused(tmp_path: Path) -> None:
    write(tmp_path, kap_toml='pages = "pages"\n', pages__a_md=PAGE)
    with pytest.raises(ProjectError, match="“pages” names a folder") as caught:
        load(tmp_path)
    assert caught.value.help == "Name files: “pages/**/*.md”."


def test_a_folder_in_place_of_the_registry_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "claims.yaml").mkdir()
    assert said(load(tmp_path)) == [("claims.yaml", "this is a folder; a file is meant")]


def test_a_page_that_cannot_be_read_hides_no_other(tmp_path: Path) -> None:
    write(tmp_path, pages__a_md=PAGE, pages__c_md=PAGE)
    (tmp_path / "pages" / "b.md").write_bytes("# Dosis für alle\n".encode("cp1252"))
    project = load(tmp_path)
    assert [(page.path, len(page.problems)) for page in project.pages] == [
        ("pages/a.md", 0),
        ("pages/b.md", 1),
        ("pages/c.md", 0),
    ]
    assert project.problems == ()


def test_a_page_of_fifty_megabytes_is_refused_at_once(tmp_path: Path) -> None:
    write(tmp_path, pages__a_md="x" * (50 << 20))
    (page,) = load(tmp_path).pages
    assert [item.message for item in page.problems] == ["the file is larger than 8 MB, too large to be meant"]


def test_a_bibliography_that_cannot_be_read_is_reported_as_such(tmp_path: Path) -> None:
    (tmp_path / "references.bib").write_bytes(BIB.encode("utf-16"))
    (problem,) = load(tmp_path).problems
    assert (problem.code, problem.place.path) == ("REF011", "references.bib")


def test_a_linked_page_that_leads_out_is_not_followed(tmp_path: Path) -> None:
    write(tmp_path, secret_md=PAGE, project__kap_toml="", project__pages__a_md=PAGE)
    (tmp_path / "project" / "pages" / "b.md").symlink_to(tmp_path / "secret.md")
    project = load(tmp_path / "project")
    assert [(page.path, page.source == "") for page in project.pages] == [("pages/a.md", False), ("pages/b.md", True)]
    assert [item.message for item in project.pages[1].problems] == [
        "this link leads out of the project; it is not followed"
    ]


def test_a_linked_folder_that_leads_out_is_not_entered(tmp_path: Path) -> None:
    write(tmp_path, elsewhere__a_md=PAGE, project__kap_toml="")
    (tmp_path / "project" / "pages").symlink_to(tmp_path / "elsewhere")
    project = load(tmp_path / "project")
    assert project.pages == ()
    assert said(project) == [("pages", "this link leads out of the project; it is not followed")]


def test_a_linked_registry_that_leads_out_is_not_read(tmp_path: Path) -> None:
    write(tmp_path, secret_yaml=CLAIMS, project__kap_toml="")
    (tmp_path / "project" / "claims.yaml").symlink_to(tmp_path / "secret.yaml")
    project = load(tmp_path / "project")
    assert project.claims == ()
    assert said(project) == [("claims.yaml", "this link leads out of the project; it is not followed")]


def test_a_link_inside_the_project_is_followed_and_a_loop_ends(tmp_path: Path) -> None:
    write(tmp_path, shared__a_md=PAGE, pages__b_md=PAGE)
    (tmp_path / "pages" / "shared").symlink_to(tmp_path / "shared")
    (tmp_path / "pages" / "loop").symlink_to(tmp_path / "pages" / "loop")
    (tmp_path / "shared" / "up").symlink_to(tmp_path / "pages")
    paths = [page.path for page in load(tmp_path).pages]
    assert paths[:2] == ["pages/b.md", "pages/shared/a.md"]
    assert len(paths) < 6


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names")
@pytest.mark.parametrize("name", ["pages/a.md", "claims.yaml", "references.bib", "references.lock", "approvals.jsonl"])
def test_a_pipe_in_the_place_of_a_file_is_told_and_not_waited_for(tmp_path: Path, name: str) -> None:
    write(tmp_path, pages__b_md=PAGE)
    os.mkfifo(tmp_path / name)
    project = load(tmp_path)
    problems = [*project.problems, *(problem for page in project.pages for problem in page.problems)]
    assert (name, "this is a pipe, a socket or a device, no file") in [
        (problem.place.path, problem.message) for problem in problems
    ]


def test_a_folder_that_cannot_be_looked_into_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, pages__a_md=PAGE, pages__closed__b_md=PAGE)
    scandir = os.scandir

    def refusing(path: str) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(errno.EACCES, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)  # the superuser may look everywhere
    assert said(load(tmp_path)) == [
        ("pages/closed", "this folder cannot be looked into, so that nobody knows what it holds")
    ]


def test_problems_of_the_lock_and_the_approvals_are_the_projects(tmp_path: Path) -> None:
    write(tmp_path, references_lock="[]", approvals_jsonl="no\n")
    assert [path for path, _ in said(load(tmp_path))] == ["references.lock", "approvals.jsonl"]


def test_only_records_that_answer_the_entry_count(tmp_path: Path) -> None:
    record = Record("glue2018", State.FOUND, (Source("crossref", date(2026, 11, 22)),), asked="10.1000/a.1")
    write(tmp_path, references_bib=BIB, references_lock=dump_lock({"glue2018": record}))
    assert load(tmp_path).records == {"glue2018": record}
    write(tmp_path, references_bib=BIB.replace("A.1", "A.2"))
    assert load(tmp_path).records == {}


@pytest.mark.parametrize(
    ("fields", "record", "counts"),
    [
        ({"doi": "https://doi.org/10.1000/X"}, {"asked": "10.1000/x"}, True),
        ({"doi": "10.1000/x"}, {"asked": "10.1000/y"}, False),
        ({"doi": "10.1000/x"}, {}, False),
        ({"pmid": "123"}, {"asked": "123"}, True),
        ({"pmid": "123"}, {"pmid": "123"}, True),
        ({"pmid": "123"}, {"asked": "124"}, False),
        ({"doi": "10.1000/x", "pmid": "123"}, {"asked": "123"}, False),
        ({"url": "https://example.org"}, {}, True),
        ({"url": "https://example.org"}, {"asked": "10.1000/x"}, False),
    ],
)
def test_a_record_answers_the_identifier_it_was_asked_for(
    fields: dict[str, str], record: dict[str, str], counts: bool
) -> None:
    reference = Reference("a", "misc", Place("references.bib"), fields=fields)
    found = answering([reference], {"a": Record("a", State.FOUND, **record)})
    assert bool(found) is counts


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("pages/**/*.md", ["pages/a.md", "pages/x/b.md", "pages/x/y/c.md"]),
        ("pages/*.md", ["pages/a.md"]),
        ("**/b.md", ["pages/x/b.md"]),
        ("./pages/x/**", ["pages/x/b.md", "pages/x/y/c.md", "pages/x/z.txt"]),
        ("pages/?/[bc].md", ["pages/x/b.md"]),
        ("pages/x/[!z].md", ["pages/x/b.md"]),
        ("*.md", []),
        ("pages/[z-a].md", []),
    ],
)
def test_globs_find_what_they_say(tmp_path: Path, pattern: str, found: list[str]) -> None:
    write(tmp_path, pages__a_md="", pages__x__b_md="", pages__x__y__c_md="", pages__x__z_txt="")
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden" / "b.md").touch()
    assert matches(tmp_path, pattern).files == found


def test_abstracts_are_passed_on(tmp_path: Path) -> None:
    project = load_project(tmp_path, replace(Settings(), pages=()), abstracts={"a": "We gave ketamine."})
    assert project.abstracts == {"a": "We gave ketamine."}
