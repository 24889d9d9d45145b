"""Writing rendered pages: one folder each, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kap_content.checking.gate import Checked
from kap_content.model.errors import KapError, SettingsError
from kap_content.model.project import Context
from kap_content.model.settings import Settings
from kap_content.rendering.making import NotWritten, Written
from kap_content.rendering.site import Layout, render_site, slugs
from kap_content.rendering.write import write_folder
from tests.rendering.forms import drafts
from tests.rendering.screen import Make

FIGURE = '::: {.figure kind=waffle src="data.csv" claim=A-1}\nTen of 12.\n:::\n\n![A room](pictures/room.png)\n'
PAGE = {"index.html": b"before", "style.css": b"", "page.js": b""}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "pages/pictures").mkdir(parents=True)
    (tmp_path / "pages/data.csv").write_text("label,count\nResponded,10\nDid not,2\n", "utf-8")
    (tmp_path / "pages/pictures/room.png").write_bytes(b"\x89PNG\r\n")
    return tmp_path


def one(results: Iterator[Written | NotWritten]) -> Written | NotWritten:
    (result,) = results
    return result


def test_a_page_is_written_with_everything_it_shows(make: Make, root: Path) -> None:
    result = one(render_site([make(FIGURE)], root))
    assert isinstance(result, Written)
    folder = root / "site/small"
    assert result.path == folder / "index.html"
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert names == {"index.html", "style.css", "page.js", "evidence.json", "figures/room.png"}
    assert sorted(path.name for path in (root / "site").iterdir()) == ["small"]


def test_a_page_that_did_not_change_is_left_alone(make: Make, root: Path) -> None:
    one(render_site([make(FIGURE)], root))
    before = (root / "site/small/index.html").stat().st_mtime_ns
    result = one(render_site([make(FIGURE)], root))
    assert isinstance(result, Written)
    assert not result.changed
    assert (root / "site/small/index.html").stat().st_mtime_ns == before


def test_what_the_page_no_longer_shows_is_gone(make: Make, root: Path) -> None:
    one(render_site([make(FIGURE)], root))
    one(render_site([make("Text.\n")], root))
    assert not (root / "site/small/figures").exists()


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda root: (root / "pages/data.csv").unlink(), "data.csv does not exist"),
        (lambda root: (root / "pages/data.csv").write_text("label,count\nx,ten\n"), "data.csv:2:1"),
        (lambda root: (root / "pages/pictures/room.png").unlink(), "room.png does not exist"),
    ],
)
def test_a_page_that_cannot_be_rendered_leaves_the_earlier_one(
    make: Make, root: Path, spoil: Callable[[Path], object], words: str
) -> None:
    one(render_site([make("Before.\n")], root))
    before = (root / "site/small/index.html").read_bytes()
    spoil(root)
    result = one(render_site([make(FIGURE)], root))
    assert isinstance(result, NotWritten)
    assert words in str(result.error)
    assert (root / "site/small/index.html").read_bytes() == before


def test_a_folder_of_somebody_else_is_never_replaced(make: Make, root: Path) -> None:
    (root / "site/small").mkdir(parents=True)
    (root / "site/small/thesis.txt").write_text("years of work", "utf-8")
    result = one(render_site([make("Text.\n")], root))
    assert isinstance(result, NotWritten)
    assert "was not rendered by kap" in result.error.message
    assert (root / "site/small/thesis.txt").read_text("utf-8") == "years of work"


def test_a_file_or_a_link_in_the_folders_place_is_left_alone(make: Make, root: Path) -> None:
    (root / "site").mkdir()
    (root / "elsewhere").mkdir()
    (root / "site/small").symlink_to(root / "elsewhere")
    assert isinstance(one(render_site([make("Text.\n")], root)), NotWritten)
    (root / "site/small").unlink()
    (root / "site/small").write_text("x", "utf-8")
    assert isinstance(one(render_site([make("Text.\n")], root)), NotWritten)


def test_an_output_that_is_a_file_is_one_clear_error(make: Make, root: Path) -> None:
    (root / "site").write_text("x", "utf-8")
    result = one(render_site([make("Text.\n")], root))
    assert isinstance(result, NotWritten)
    assert "Cannot write site/small/" in result.error.message


def test_a_disk_that_refuses_leaves_nothing_half_written(
    make: Make, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one(render_site([make("Before.\n")], root))
    before = (root / "site/small/index.html").read_bytes()

    def refuse(self: Path, content: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", refuse)
    result = one(render_site([make("After.\n")], root))
    assert isinstance(result, NotWritten)
    assert "No space left on device" in result.error.message
    assert (root / "site/small/index.html").read_bytes() == before
    assert sorted(path.name for path in (root / "site").iterdir()) == ["small"]


def test_a_move_that_fails_puts_the_earlier_page_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "page"
    write_folder(folder, PAGE, "page/")
    moves: list[Path] = []
    real = Path.replace

    def second_fails(self: Path, target: Path) -> Path:
        moves.append(self)
        if len(moves) == 2:
            raise OSError(13, "Permission denied")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", second_fails)
    with pytest.raises(KapError, match="Permission denied"):
        write_folder(folder, PAGE | {"index.html": b"after"}, "page/")
    assert (folder / "index.html").read_bytes() == b"before"


def test_a_read_only_output_is_one_clear_error(make: Make, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_where: object) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.mkdtemp", refuse)
    result = one(render_site([make("Text.\n")], root))
    assert isinstance(result, NotWritten)
    assert result.error.message == "Cannot write site/small/: Permission denied; what was there is unchanged"


def test_a_picture_that_leads_out_of_the_project_is_refused(
    make: Make, root: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    secret = tmp_path_factory.mktemp("outside") / "secret.png"
    secret.write_bytes(b"secret")
    (root / "pages/pictures/room.png").unlink()
    (root / "pages/pictures/room.png").symlink_to(secret)
    result = one(render_site([make(FIGURE)], root))
    assert isinstance(result, NotWritten)
    assert "leads out of the project" in result.error.message


@pytest.mark.parametrize("active", ["<script>x</script>", '<g onload="x"/>', '<a href="javascript:x"/>'])
def test_an_svg_with_active_content_is_refused(make: Make, root: Path, active: str) -> None:
    (root / "pages/a.svg").write_text(f'<svg xmlns="http://www.w3.org/2000/svg">{active}</svg>', "utf-8")
    result = one(render_site([make("![A](a.svg)\n")], root))
    assert isinstance(result, NotWritten)
    assert "active content" in result.error.message


def test_a_draft_goes_to_its_own_folder(make: Make, root: Path) -> None:
    checked = make("Text.\n")
    one(render_site([checked], root))
    published = (root / "site/small/index.html").read_bytes()
    result = one(iter(drafts([(checked.page, ())], checked.context, root)))
    assert isinstance(result, Written)
    assert result.path == root / "site/drafts/small/index.html"
    assert (root / "site/small/index.html").read_bytes() == published


def test_an_earlier_rendering_is_found(make: Make, root: Path) -> None:
    checked = make("Text.\n")
    layout = Layout.whole(checked.context, root)
    assert layout.rendered_earlier("pages/small.md") is None
    one(render_site([checked], root))
    assert layout.rendered_earlier("pages/small.md") == root / "site/small/index.html"


@pytest.mark.parametrize("gone", ["index.html", "style.css", "page.js", "evidence.json"])
def test_a_file_of_the_page_that_was_deleted_is_written_again(make: Make, root: Path, gone: str) -> None:
    one(render_site([make("Text.\n")], root))
    before = (root / "site/small" / gone).read_bytes()
    (root / "site/small" / gone).unlink()
    assert isinstance(one(render_site([make("Text.\n")], root)), Written)
    assert (root / "site/small" / gone).read_bytes() == before


def test_a_page_is_found_under_its_path_below_the_glob() -> None:
    paths = ["pages/a.md", "pages/drugs/b c.md", "pages/drugs/index.md", "pages/ü.md"]
    assert list(slugs(paths, Settings()).values()) == ["a", "drugs/b-c", "drugs", "ü"]
    assert slugs(["a.md"], Settings(pages=("*.md",))) == {"a.md": "a"}


def test_a_page_above_others_leaves_them_in_place(make: Make, root: Path) -> None:
    above, below = (make("Text.\n", path=path) for path in ("pages/drugs.md", "pages/drugs/ketamine.md"))
    context = Context.of(replace(above.context.project, pages=(above.page, below.page)), above.context.as_of)
    both = [Checked(page, context, ()) for page in (above.page, below.page)]
    assert [isinstance(result, Written) and result.changed for result in render_site(both, root)] == [True, True]
    assert [isinstance(result, Written) and result.changed for result in render_site(both, root)] == [False, False]
    other = make("Other text.\n", path="pages/drugs.md")
    assert isinstance(one(render_site([Checked(other.page, context, ())], root)), Written)
    assert "Other text." in (root / "site/drugs/index.html").read_text("utf-8")
    assert (root / "site/drugs/ketamine/index.html").exists()


def test_a_page_with_a_template_of_its_own_is_replaced_like_any_other(make: Make, root: Path) -> None:
    (root / "own.html").write_text("<!doctype html><title>x</title>{{ article.html }}", "utf-8")
    settings = Settings(template="own.html")
    for words in ("One.", "Two."):
        assert isinstance(one(render_site([make(f"{words}\n", settings=settings)], root)), Written)
    assert "Two." in (root / "site/small/index.html").read_text("utf-8")


def test_two_pages_for_one_folder_are_an_error() -> None:
    with pytest.raises(KapError, match="both be rendered to a-b/"):
        slugs(("pages/a b.md", "pages/a-b.md"), Settings())


def test_a_project_brings_its_own_stylesheet_and_templates(make: Make, root: Path) -> None:
    (root / "look").mkdir()
    (root / "look/style.css").write_text("body { color: red }", "utf-8")
    (root / "look/checked.html").write_text("<p>Checked by us.</p>", "utf-8")
    one(render_site([make("Text.\n", settings=Settings(template="look"))], root))
    assert (root / "site/small/style.css").read_text("utf-8") == "body { color: red }"
    assert "<p>Checked by us.</p>" in (root / "site/small/index.html").read_text("utf-8")


def test_a_template_that_is_not_there_is_a_settings_error(make: Make, root: Path) -> None:
    with pytest.raises(SettingsError, match=r"Cannot read the template none\.html"):
        one(render_site([make("Text.\n", settings=Settings(template="none.html"))], root))


def test_a_hundred_pages_share_one_style(make: Make, root: Path) -> None:
    checked = make("Text [@glue2017].\n")
    pages = tuple(replace(checked.page, path=f"pages/p{number}.md") for number in range(100))
    context = Context.of(replace(checked.context.project, pages=pages), checked.context.as_of)
    results = list(render_site([Checked(page, context, ()) for page in pages], root))
    assert sum(isinstance(result, Written) and result.changed for result in results) == 100
