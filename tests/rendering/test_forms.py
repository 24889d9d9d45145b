"""Pages as fragments for a CMS and as Word files."""

from __future__ import annotations

import shutil
import stat
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import html5lib
import pytest
from lxml import etree

from kap_content.checking.gate import Checked
from kap_content.model.errors import KapError, SettingsError
from kap_content.model.finding import Finding, Severity
from kap_content.model.place import Place
from kap_content.model.settings import Settings
from kap_content.rendering.html import render_fragment, render_page, scoped
from kap_content.rendering.making import NotWritten, Task, Written
from kap_content.rendering.style import Style, packaged
from tests.rendering.forms import documents, fragments
from tests.rendering.screen import Make

BODY = (
    "## Found\n\n[Ten of 12 people responded.]{claim=A-1} Direct [@fda2023].\n\n"
    '::: {.figure kind=waffle src="small.csv" claim=A-1}\nTen of 12.\n:::\n\n![A room](room.png)\n'
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages/small.csv").write_text("label,count\nResponded,10\nDid not,2\n", "utf-8")
    (tmp_path / "pages/room.png").write_bytes(
        bytes.fromhex("89504e470d0a1a0a0000000d494844520000000100000001080000000037 6ef9240000000a49444154789c63600000"
                      "000200015e8ac95b0000000049454e44ae426082".replace(" ", ""))
    )  # fmt: skip
    return tmp_path


@pytest.fixture
def pandoc(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stand-in for pandoc that puts what it is given into the file it is asked for."""
    folder = tmp_path_factory.mktemp("bin")
    tool = folder / "pandoc"
    tool.write_text(
        f"#!{sys.executable}\nimport sys\n"
        "given = sys.stdin.buffer.read()\n"
        "if b'refuse' in given:\n    sys.exit('Error at line 3')\n"
        "name = next(word for word in sys.argv if word.startswith('--output=')).partition('=')[2]\n"
        "open(name, 'wb').write(given)\n",
        "utf-8",
    )
    tool.chmod(tool.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(folder))
    return tool


def one(results: object) -> Written | NotWritten:
    (result,) = results  # type: ignore[misc]  # an iterator of one
    return result  # type: ignore[no-any-return]  # what it yields


def documented(checked: Checked, root: Path) -> Iterator[Written | NotWritten]:
    return documents([Task.of(checked)], checked.context, root)


def test_a_fragment_is_the_article_with_panel_and_references_and_no_script(make: Make, root: Path) -> None:
    result = one(fragments([make(BODY)], root))
    assert isinstance(result, Written)
    assert result.path == root / "site/fragments/small/fragment.html"
    html = result.path.read_text("utf-8")
    assert html.startswith('<div class="kap"')
    for unwanted in ("<script", "<html", "<head", "<h1", "page.js", "<link"):
        assert unwanted not in html
    for wanted in ("<article>", 'id="ref-glue2017"', 'id="claim-A-1"', 'id="checked"', "<svg"):
        assert wanted in html
    names = {path.relative_to(result.path.parent).as_posix() for path in result.path.parent.rglob("*.*")}
    assert names == {"fragment.html", "style.css", "figures/room.png"}


def test_a_fragment_is_valid_inside_a_page(make: Make, root: Path, style: Style) -> None:
    files = {"pages/small.csv": (root / "pages/small.csv").read_bytes()}
    html = render_fragment(make(BODY), style, files).html
    html5lib.HTMLParser(strict=True).parse(f"<!doctype html><html><head><title>x</title></head><body>{html}</body>")


def test_a_fragment_and_a_page_have_the_same_article(make: Make, root: Path, style: Style) -> None:
    files = {"pages/small.csv": (root / "pages/small.csv").read_bytes()}
    whole, part = (render(make(BODY), style, files).html for render in (render_page, render_fragment))
    start, end = part.index("<article>"), part.index("</article>")
    assert part[start:end] in whole


def test_a_fragments_stylesheet_reaches_nothing_around_it() -> None:
    css = scoped(packaged("style.css"))
    assert css.startswith("@scope (.kap) {")
    assert ":root" not in css
    assert "\nbody {" not in css
    assert css.count("{") == css.count("}")


def test_a_second_run_leaves_a_fragment_alone(make: Make, root: Path) -> None:
    one(fragments([make(BODY)], root))
    result = one(fragments([make(BODY)], root))
    assert isinstance(result, Written)
    assert not result.changed


def test_a_project_brings_its_own_fragment(make: Make, root: Path) -> None:
    (root / "look").mkdir()
    (root / "look/fragment.html").write_text("<section>{{ article.html }}</section>", "utf-8")
    result = one(fragments([make("Text.\n", settings=Settings(template="look"))], root))
    assert isinstance(result, Written)
    assert result.path.read_text("utf-8") == "<section><p>Text.</p>\n</section>"


def test_a_replaced_template_reaches_the_packaged_one(make: Make, root: Path) -> None:
    (root / "look").mkdir()
    (root / "look/header.html").write_text('<p>Our clinic</p>{% include "kap/header.html" %}', "utf-8")
    made = make("Text.\n", settings=Settings(template="look"))
    look = Style(csl="", templates={"header.html": (root / "look/header.html").read_text("utf-8")})
    html = render_page(made, look).html
    assert "<p>Our clinic</p><header" in html


@pytest.mark.parametrize("wrong", ["{{ meta.nothing }}", "{% if %}", "{{ unknown }}", '{% include "none.html" %}'])
def test_a_template_that_cannot_be_used_is_told_with_its_name(make: Make, style: Style, wrong: str) -> None:
    with pytest.raises(SettingsError, match=r"template cannot be used for pages/small\.md"):
        render_page(make("Text.\n"), replace(style, templates={"header.html": f"<p>\n{wrong}</p>"}))


def test_an_own_template_escapes_what_it_is_given(make: Make, style: Style) -> None:
    made = make("---\ntitle: <script>x</script>\n---\nText.\n")
    html = render_page(made, replace(style, templates={"page.html": "{{ meta.title }}"})).html
    assert html == "&lt;script&gt;x&lt;/script&gt;"


def test_a_word_file_is_made_of_title_people_article_and_references(make: Make, root: Path, pandoc: Path) -> None:
    result = one(documented(make(BODY), root))
    assert isinstance(result, Written)
    assert result.path == root / "site/docx/small.docx"
    given = result.path.read_text("utf-8")
    assert "<h1>A small page</h1>" in given
    assert "Reviewed by: Ray Reviewer, MD" in given
    assert "Glue P, Medlicott NJ" in given
    assert "<svg" not in given
    assert "A pictogram of 12 persons." in given
    assert "↩" not in given


def test_what_pandoc_says_of_a_failure_is_told(make: Make, root: Path, pandoc: Path) -> None:
    result = one(documented(make("We refuse.\n"), root))
    assert isinstance(result, NotWritten)
    assert result.error.message == "pandoc could not make site/docx/small.docx: Error at line 3"
    assert not (root / "site/docx/small.docx").exists()


@pytest.mark.skipif(
    shutil.which("pandoc") is None, reason="NO PANDOC HERE: drafts as Word files were tested with a stand-in only"
)
def test_a_draft_as_a_word_file_has_a_watermark_and_its_findings(make: Make, root: Path) -> None:
    draft = make(BODY)
    finding = Finding("WRD001", "absolute", Severity.WARNING, Place("pages/small.md", 18), "“best” is absolute")
    result = one(documents([Task.draft(draft.page, draft.context, (finding,))], draft.context, root))
    assert isinstance(result, Written)
    assert result.path == root / "site/docx/drafts/small.docx"
    with zipfile.ZipFile(result.path) as word:
        parts = {name: word.read(name) for name in word.namelist() if name.endswith((".xml", ".rels"))}
    for part in parts.values():
        etree.fromstring(part)
    assert b'string="DRAFT"' in parts["word/kapDraft.xml"]
    assert b'<w:headerReference w:type="default" r:id="kapDraft"/>' in parts["word/document.xml"]
    assert parts["word/document.xml"].count("“best” is absolute".encode()) == 2


def test_without_pandoc_the_message_says_how_to_get_it(make: Make, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(root))
    with pytest.raises(KapError, match="needs pandoc, which is not installed") as caught:
        one(documented(make(BODY), root))
    assert "apt install pandoc" in caught.value.help


@pytest.mark.skipif(
    shutil.which("pandoc") is None, reason="NO PANDOC HERE: Word files were tested with a stand-in only"
)
def test_the_real_pandoc_makes_a_word_file_with_the_references(make: Make, root: Path) -> None:
    result = one(documented(make(BODY), root))
    assert isinstance(result, Written)
    names = zipfile.ZipFile(result.path).namelist()
    assert "word/document.xml" in names
    assert any(name.startswith("word/media/") for name in names)
    command = ["pandoc", "--to=plain", "--wrap=none", str(result.path)]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "Ten of 12 people responded." in text
    assert "10.1177/0269881117705089" in text
