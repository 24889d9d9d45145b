from __future__ import annotations

from pathlib import Path

import pytest

from kap_content.load.full_text import sources
from kap_content.load.full_text.pdf import without_running_heads
from kap_content.load.full_text.plain_words import decoded, html_words, markdown_words
from kap_content.load.full_text.sources import CACHE, read_sources


def pdf(*pages: list[str], picture: bool = False, trailer: str = "") -> bytes:
    """A PDF with these lines on its pages; `picture` puts an image on pages without lines."""
    count = len(pages)
    kids = " ".join(f"{4 + 2 * index} 0 R" for index in range(count))
    bodies = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    image = 4 + 2 * count
    for index, lines in enumerate(pages):
        shown = "".join(f"1 0 0 1 72 {720 - 16 * row} Tm ({line}) Tj\n" for row, line in enumerate(lines))
        stream = f"BT /F1 11 Tf\n{shown}ET" if lines else "q 600 0 0 800 0 0 cm /Im1 Do Q" if picture else ""
        extra = f"/XObject << /Im1 {image} 0 R >>" if picture and not lines else ""
        bodies.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {5 + 2 * index} 0 R"
            f" /Resources << /Font << /F1 3 0 R >> {extra} >> >>"
        )
        bodies.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    head = (
        "<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 1 >>"
    )
    bodies.append(f"{head}\nstream\n0\nendstream")
    text, places = "%PDF-1.4\n", []
    for number, body in enumerate(bodies, start=1):
        places.append(len(text))
        text += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(bodies) + 1
    text += f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R {trailer}>>\n"
    return f"{text}startxref\n{text.rindex('xref')}\n%%EOF\n".encode("latin-1")


LOCKED = (
    f"/Encrypt << /Filter /Standard /V 1 /R 2 /O <{'41' * 32}> /U <{'42' * 32}> /P -4 >> "
    f"/ID [<{'43' * 16}> <{'43' * 16}>] "
)


def put(root: Path, name: str, data: bytes | str) -> None:
    (root / "sources").mkdir(exist_ok=True)
    (root / "sources" / name).write_bytes(data if isinstance(data, bytes) else data.encode())


def test_a_pdf_gives_its_words_and_is_taken_apart_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "glue2018.pdf", pdf(["Anxiety ratings fell by about", "half within an hour."], ["A second page."]))
    read = read_sources(tmp_path, ["glue2018", "other"])
    assert set(read) == {"glue2018"}
    text = read["glue2018"]
    assert (text.path, text.trouble) == ("sources/glue2018.pdf", "")
    assert " ".join(text.text.split()) == "Anxiety ratings fell by about half within an hour. A second page."
    assert "\f" in text.text
    monkeypatch.setattr("kap_content.load.full_text.pdf.pdf_text", None)
    assert read_sources(tmp_path, ["glue2018"]) == read


def test_a_cache_that_is_damaged_or_cannot_be_written_costs_time_only(tmp_path: Path) -> None:
    put(tmp_path, "a.pdf", pdf(["Words."]))
    read = read_sources(tmp_path, ["a"])
    for file in (tmp_path / CACHE).iterdir():
        file.write_text("{", "utf-8")
    assert read_sources(tmp_path, ["a"]) == read
    for file in (tmp_path / CACHE).iterdir():
        file.unlink()
    (tmp_path / CACHE).rmdir()
    (tmp_path / CACHE).write_text("in the way", "utf-8")
    assert read_sources(tmp_path, ["a"]) == read


@pytest.mark.parametrize(
    ("data", "trouble"),
    [
        (pdf(["Words."], trailer=LOCKED), "is encrypted"),
        (pdf([], picture=True), "holds no text, only pictures of pages"),
        (pdf([]), "holds no text"),
        (pdf(["Words."], [], [], picture=True), "holds no text on pages 2, 3"),
        (b"", "is no PDF that can be read"),
        (b"<html>Sign in</html>", "is no PDF that can be read"),
        (b"%PDF-1.7\n" + bytes(range(256)) * 40, "is no PDF that can be read"),
    ],
)
def test_a_pdf_without_its_words_says_why_and_what_to_do(tmp_path: Path, data: bytes, trouble: str) -> None:
    put(tmp_path, "a.pdf", data)
    text = read_sources(tmp_path, ["a"])["a"]
    assert text.trouble == trouble
    assert text.remedy


WHOLE = pdf(["Anxiety ratings fell by about half."], ["A second page."])


@pytest.mark.parametrize("cut", range(0, len(WHOLE), 97))
def test_wherever_a_pdf_breaks_off_nothing_is_raised(tmp_path: Path, cut: int) -> None:
    put(tmp_path, "a.pdf", WHOLE[:cut])
    text = read_sources(tmp_path, ["a"])["a"]
    assert text.text or text.trouble


def test_running_heads_and_page_numbers_are_dropped() -> None:
    pages = [f"J Example 2023; 1: {number}\nText {word}.\nMore of it here.\nStill more.\n{number}" for number, word in
             ((661, "one"), (662, "two"), (663, "three"), (664, "four"))]  # fmt: skip
    text = without_running_heads(pages)
    assert "J Example" not in text
    assert "661" not in text
    assert text.split("\f")[1].split("\n")[0] == "Text two."


def test_lines_that_stand_on_one_page_only_stay() -> None:
    assert (
        without_running_heads(["A heading\nWords.", "Another\nWords again."])
        == "A heading\nWords.\fAnother\nWords again."
    )


def test_html_without_scripts_navigation_and_entities() -> None:
    head = "<head><title>T</title></head><nav>Skip</nav>"
    page = f"{head}<p>Fell in&nbsp;<i>ten</i> of&#32;12 &mdash; so<br>they say.<script>x<y</script>"
    assert html_words(page).split() == ["Fell", "in", "ten", "of", "12", "—", "so", "they", "say."]


def test_markdown_without_its_marks() -> None:
    text = "## Results\n\n> *Fell* by **half** in [ten](https://x.org) of `12` [patients]{claim=a}; snake_case stays."
    assert markdown_words(text) == "Results\n\nFell by half in ten of 12 patients; snake_case stays."


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("naïve".encode(), "naïve"),
        ("naïve".encode("cp1252"), "naïve"),
        ("naïve".encode("utf-16"), "naïve"),
        (b"\xef\xbb\xbfna", "na"),
        (b'<meta charset="iso-8859-2">\xb1', '<meta charset="iso-8859-2">ą'),
        (b'<meta charset="klingon">a', '<meta charset="klingon">a'),
        (b"PK\x00\x01", None),
    ],
)
def test_files_of_others_need_not_be_utf_8(data: bytes, text: str | None) -> None:
    assert decoded(data) == text


def test_the_files_of_one_source_are_one_text_and_trouble_with_one_is_none(tmp_path: Path) -> None:
    put(tmp_path, "a.html", "<p>From the page.</p>")
    put(tmp_path, "a.pdf", b"broken")
    put(tmp_path, "a.TXT", "From the file.")
    text = read_sources(tmp_path, ["a"])["a"]
    assert (text.path, text.trouble) == ("sources/a.TXT", "")
    assert "From the page." in text.text
    assert "From the file." in text.text


def test_a_key_that_is_no_file_name_has_underscores(tmp_path: Path) -> None:
    put(tmp_path, "DBLP_conf_x.txt", "Words.")
    assert read_sources(tmp_path, ["DBLP:conf/x"])["DBLP:conf/x"].text == "Words."


def test_what_cannot_be_read_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "empty.txt", " \n")
    put(tmp_path, "binary.txt", b"\0\1\2")
    put(tmp_path, "large.txt", "x" * 20)
    (tmp_path / "sources" / "folder.txt").mkdir()
    (tmp_path.parent / "outside.txt").write_text("Secret.", "utf-8")
    (tmp_path / "sources" / "link.txt").symlink_to(tmp_path.parent / "outside.txt")
    monkeypatch.setattr(sources, "LIMIT", 10)
    read = read_sources(tmp_path, ["empty", "binary", "large", "folder", "link"])
    assert all(not text.text and text.remedy for text in read.values())
    assert {key: text.trouble.split()[1] for key, text in read.items()} == {
        "empty": "empty",
        "binary": "no",
        "large": "larger",
        "folder": "be",
        "link": "a",
    }


def test_without_the_folder_or_a_wish_nothing_is_read(tmp_path: Path) -> None:
    assert read_sources(tmp_path, ["a"]) == {}
    put(tmp_path, "a.txt", "Words.")
    assert read_sources(tmp_path, []) == {}
