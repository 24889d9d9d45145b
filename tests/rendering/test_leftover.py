"""Rendered pages whose source is gone: told, kept out of index and sitemap, and deleted only when asked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kap_content.model.project import Context
from kap_content.model.settings import Settings
from kap_content.rendering.leftover import removed
from kap_content.rendering.site import Layout, leftovers, render_overview, render_site
from tests.rendering.forms import drafts
from tests.rendering.screen import Make

SETTINGS = Settings(base_url="https://example.org")


@pytest.fixture
def context(make: Make, tmp_path: Path) -> Context:
    """A project that had three pages, the second and the third of which were deleted."""
    names = ("pages/a.md", "pages/b.md", "pages/deep/c.md")
    (tmp_path / "pages/deep").mkdir(parents=True)
    (tmp_path / "pages/room.png").write_bytes(b"\x89PNG\r\n")
    made = [make("![A room](/room.png)\n", path=name, settings=SETTINGS) for name in names]
    made[1] = make("Text. ![A room](room.png)\n", path=names[1], settings=SETTINGS)
    whole = Context.of(replace(made[0].context.project, pages=tuple(one.page for one in made)), made[0].context.as_of)
    list(render_site([replace(one, context=whole) for one in made], tmp_path))
    drafts([(made[1].page, ())], whole, tmp_path)
    return Context.of(replace(whole.project, pages=(made[0].page,)), whole.as_of)


def test_a_page_whose_source_is_gone_is_told_with_its_source(context: Context, tmp_path: Path) -> None:
    found = [
        (page.folder.relative_to(tmp_path).as_posix(), page.source)
        for page in leftovers(Layout.whole(context, tmp_path))
    ]
    assert found == [
        ("site/b", "pages/b.md"),
        ("site/deep/c", "pages/deep/c.md"),
        ("site/drafts/b", "pages/b.md"),
    ]


def test_index_and_sitemap_leave_it_out(context: Context, tmp_path: Path) -> None:
    render_overview(Layout.whole(context, tmp_path))
    assert "/b/" not in (tmp_path / "site/sitemap.xml").read_text("utf-8")
    assert "/b/" not in (tmp_path / "site/pages.json").read_text("utf-8")
    assert not (tmp_path / "site/index.html").exists()


def test_pruning_deletes_it_with_its_pictures_and_empty_folders(context: Context, tmp_path: Path) -> None:
    assert all(removed(page, tmp_path / "site") for page in leftovers(Layout.whole(context, tmp_path)))
    assert [path.name for path in (tmp_path / "site").iterdir()] == ["a"]
    assert not leftovers(Layout.whole(context, tmp_path))


def test_pruning_leaves_what_somebody_else_put_there(context: Context, tmp_path: Path) -> None:
    (tmp_path / "site/b/notes.txt").write_text("mine", "utf-8")
    (tmp_path / "site/b/figures/other.png").write_bytes(b"mine")
    assert not removed(leftovers(Layout.whole(context, tmp_path))[0], tmp_path / "site")
    there = sorted(path.relative_to(tmp_path / "site/b").as_posix() for path in (tmp_path / "site/b").rglob("*"))
    assert there == ["figures", "figures/other.png", "notes.txt"]


def test_folders_of_somebody_else_are_not_looked_at(context: Context, tmp_path: Path) -> None:
    for name, record in (("blog", "{}"), ("shop", '{"page": {"path": "x"}, "tool": {"name": "other"}}')):
        (tmp_path / "site" / name).mkdir()
        for file in ("index.html", "style.css", "page.js"):
            (tmp_path / "site" / name / file).write_text("", "utf-8")
        (tmp_path / "site" / name / "evidence.json").write_text(record, "utf-8")
    assert not {"blog", "shop"} & {page.folder.name for page in leftovers(Layout.whole(context, tmp_path))}


def test_a_page_that_is_only_held_back_is_not_left_over(context: Context, tmp_path: Path) -> None:
    assert "a" not in {page.folder.name for page in leftovers(Layout.whole(context, tmp_path))}
