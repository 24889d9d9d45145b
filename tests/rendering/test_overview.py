"""What stands above the pages: the index, pages.json and the sitemap."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import html5lib
import pytest
from lxml import etree

from kap_content.checking.gate import Checked
from kap_content.model.errors import KapError
from kap_content.model.project import Context
from kap_content.model.settings import Settings
from kap_content.rendering.site import Layout, render_overview, render_site, slugs
from tests.rendering.forms import drafts
from tests.rendering.screen import Make

SECOND = (
    "---\ntitle: <b>Bold</b> & other\ndescription: About <i>it</i>\nlast_reviewed: 2026-10-01\n---\nText [@glue2017].\n"
)


def site(make: Make, root: Path, *sources: str, settings: Settings | None = None) -> Context:
    """Render these pages and what stands above them."""
    made = [
        make(source, path=f"pages/p{number}.md", settings=settings or Settings())
        for number, source in enumerate(sources)
    ]
    project = replace(made[0].context.project, pages=tuple(one.page for one in made))
    context = Context.of(project, made[0].context.as_of)
    list(render_site([Checked(one.page, context, ()) for one in made], root))
    render_overview(Layout.whole(context, root))
    return context


def test_several_pages_have_an_index_with_what_they_say_of_themselves(make: Make, tmp_path: Path) -> None:
    site(make, tmp_path, "Text.\n", SECOND)
    html = (tmp_path / "site/index.html").read_text("utf-8")
    html5lib.HTMLParser(strict=True).parse(html)
    assert '<a href="p0/">A small page</a>' in html
    assert '<a href="p1/">&lt;b&gt;Bold&lt;/b&gt; &amp; other</a>' in html
    assert '<time datetime="2026-10-01">1 October 2026</time>' in html
    assert "What it is about." in html
    assert (tmp_path / "site/style.css").is_file()
    listed = json.loads((tmp_path / "site/pages.json").read_text("utf-8"))["pages"]
    assert [page["href"] for page in listed] == ["p1/", "p0/"]
    assert all((tmp_path / "site" / page["evidence"]).is_file() for page in listed)


def test_a_single_page_without_an_address_has_nothing_above_it(make: Make, tmp_path: Path) -> None:
    site(make, tmp_path, "Text.\n")
    assert [path.name for path in (tmp_path / "site").iterdir()] == ["p0"]


def test_the_sitemap_names_each_page_and_the_day_of_its_last_review(make: Make, tmp_path: Path) -> None:
    site(make, tmp_path, "Text.\n", SECOND, settings=Settings(base_url="https://example.org/a&b/"))
    tree = etree.fromstring((tmp_path / "site/sitemap.xml").read_bytes())
    name = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    found = {url.findtext(f"{name}loc"): url.findtext(f"{name}lastmod") for url in tree}
    assert found == {"https://example.org/a&b/p0/": "2026-11-22", "https://example.org/a&b/p1/": "2026-10-01"}


def test_a_page_that_was_rendered_earlier_stays_in_the_index(make: Make, tmp_path: Path) -> None:
    context = site(make, tmp_path, "Text.\n", SECOND)
    list(render_site([Checked(context.project.pages[0], context, ())], tmp_path))
    index = render_overview(Layout.whole(context, tmp_path))
    assert index == tmp_path / "site/index.html"
    assert "p1/" in index.read_text("utf-8")


def test_the_index_goes_when_one_page_is_left(make: Make, tmp_path: Path) -> None:
    site(make, tmp_path, "Text.\n", SECOND)
    site(make, tmp_path, "Text.\n")
    assert not (tmp_path / "site/index.html").exists()
    assert not (tmp_path / "site/pages.json").exists()


def test_drafts_are_not_listed(make: Make, tmp_path: Path) -> None:
    pages = [make("Text.\n", path=f"pages/{name}.md").page for name in "ab"]
    context = Context.of(replace(make("x\n").context.project, pages=tuple(pages)), make("x\n").context.as_of)
    drafts([(page, ()) for page in pages], context, tmp_path)
    assert render_overview(Layout.whole(context, tmp_path)) is None
    assert not (tmp_path / "site/index.html").exists()


def test_an_index_of_somebody_else_is_never_replaced(make: Make, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site/index.html").write_text("mine", "utf-8")
    with pytest.raises(KapError, match=r"site/index\.html exists and was not rendered by kap"):
        site(make, tmp_path, "Text.\n", SECOND)
    assert (tmp_path / "site/index.html").read_text("utf-8") == "mine"


def test_nothing_is_written_again_when_nothing_changed(make: Make, tmp_path: Path) -> None:
    context = site(make, tmp_path, "Text.\n", SECOND)
    before = (tmp_path / "site/index.html").stat().st_mtime_ns
    render_overview(Layout.whole(context, tmp_path))
    assert (tmp_path / "site/index.html").stat().st_mtime_ns == before


def test_a_project_brings_its_own_index(make: Make, tmp_path: Path) -> None:
    (tmp_path / "look").mkdir()
    (tmp_path / "look/index.html").write_text("{% for page in pages %}{{ page.title }};{% endfor %}", "utf-8")
    site(make, tmp_path, "Text.\n", SECOND, settings=Settings(template="look"))
    assert (tmp_path / "site/index.html").read_text("utf-8") == "&lt;b&gt;Bold&lt;/b&gt; &amp; other;A small page;"


def test_a_page_never_takes_a_name_that_is_used_above_it() -> None:
    paths = ["pages/drafts.md", "pages/drafts/a.md", "pages/index.html.md", "pages/docx/b.md", "pages/fragments.md"]
    found = slugs(paths, Settings())
    assert list(found.values()) == [
        "drafts-pages",
        "drafts-pages/a",
        "index.html-pages",
        "docx-pages/b",
        "fragments-pages",
    ]
