"""Text, HTML, Word and Markdown: what each part of a page is."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from kap_content.imports.document import Document, ImportRefusedError, Kind
from kap_content.imports.emit import expand
from kap_content.imports.plain import read_plain
from kap_content.imports.plan import Imported, Importer, slug
from kap_content.imports.reading import LARGEST_FILE, form_of
from kap_content.imports.web import read_web
from kap_content.imports.word import read_word
from kap_content.load.lexicon import read_lexicon
from kap_content.load.page import parse_page
from kap_content.model.settings import Settings

LIST = """
References

1. Smith AB, Ng K. Light in the evening. J Sleep Res. 2017;31(10):1302-1305.
2. Smith AB. Light in the morning. J Sleep Res. 2018;32(1):5-9.
3. Jones C, Lee D. Lamps. Sleep. 2019;3(2):10-12.
"""


def imported(text: str, name: str = "page.txt", folder: Path = Path(), *, partial: bool = False) -> Imported:
    return Importer(read_lexicon(Settings(), Path()), [], [], partial=partial).read(name, text.encode(), folder)


def kinds(document: Document) -> list[tuple[Kind, str]]:
    return [(part.kind, part.text) for part in document.parts]


def test_skip_links_go_and_title_and_subtitle_are_told_from_headings() -> None:
    document = read_plain(
        "Skip to main content\n\nSleep\n\nWhat light does\n\nIs this for you?\n\nLight delays sleep.\n"
    )
    assert document.dropped == ("Skip to main content",)
    assert (document.title, document.subtitle) == ("Sleep", "What light does")
    assert kinds(document) == [(Kind.HEADING, "Is this for you?"), (Kind.PARAGRAPH, "Light delays sleep.")]


def test_an_item_that_is_a_label_keeps_its_text_below_it() -> None:
    document = read_plain("T\n\nWhy us\n\n• Rooms:\n  Each has a bed.\n• Staff\n\n    All are kind. Ask them.\n")
    items = [part for part in document.parts if part.kind is Kind.ITEM]
    assert [item.runs[0].text for item in items] == ["Rooms:", "Staff"]
    assert [item.more[0][0].text for item in items] == ["Each has a bed.", "All are kind. Ask them."]


def test_lines_wrapped_at_a_margin_are_one_paragraph() -> None:
    text = "Title\n\n" + "\n".join(["A line that is as long as the margin allows it to be here,"] * 3) + "\nand ends.\n"
    assert len(read_plain(text).parts) == 1


def test_a_figure_caption_with_its_axis_is_a_figure_without_source() -> None:
    done = imported("T\n\nTrials\n\nLight works.\n\nFigure: Responders\n\nMean score\n\nRisks\n\nLight dazzles.\n")
    assert "::: {.figure}\nFigure: Responders\n\nMean score\n:::" in done.page
    assert done.unsourced == 1


def test_a_caption_that_names_a_listed_work_is_sourced_by_it() -> None:
    done = imported(f"T\n\nTrials\n\nLight works.[1,2,3]\n\nFigure: Delay, Smith and Ng, 2017\n{LIST}")
    assert "Figure: Delay, Smith and Ng, 2017 [@smith2017]" in done.page
    assert done.unsourced == 0


@pytest.mark.parametrize(
    ("sentence", "keys"),
    [
        ("Sleep fell by 18%.[1]", ("smith2017",)),
        ("Sleep fell by 18% [2, 3].", ("smith2018", "jones2019")),
        ("Sleep fell by 18%. [1-3]", ("smith2017", "smith2018", "jones2019")),
        ("Sleep fell by 18%.¹⁻³", ("smith2017", "smith2018", "jones2019")),
        ("Sleep fell by 18%.²,³", ("smith2018", "jones2019")),
        ("Sleep fell by 18% (Smith, 2018).", ("smith2018",)),
        ("Sleep fell by 18% (see Jones & Lee, 2019; Smith and Ng 2017).", ("jones2019", "smith2017")),
        ("Jones and Lee (2019) found that sleep fell by 18%.", ("jones2019",)),
        ("Sleep fell by 18%, said Smith et al (2017).", ("smith2017",)),
    ],
)
def test_every_way_to_cite_leads_to_the_evidence_of_a_claim(sentence: str, keys: tuple[str, ...]) -> None:
    done = imported(f"Light\n\nThe trials\n\n{sentence}\n{LIST}")
    assert [claim.refs for claim in done.claims] == [keys]


def test_a_mark_inside_a_sentence_stays_where_it_is() -> None:
    done = imported(f"Light\n\nTrials\n\nSleep fell by 18% [2], while mood did not change.[2]\n{LIST}")
    assert "[Sleep fell by 18% [@smith2018], while mood did not change.]{claim=LIGH-001}" in done.page


@pytest.mark.parametrize("text", ["The area was 12 m² wide.", "There are 10³ lamps.", "R² was 2."])
def test_powers_are_no_citations(text: str) -> None:
    done = imported(f"Light\n\nTrials\n\nSleep fell by 18%.[1]\n\n{text}\n{LIST}")
    assert text in done.page
    assert [claim.refs for claim in done.claims if text in claim.text] in ([], [()])


def test_digits_glued_to_a_stop_are_marks_where_superscripts_were_lost() -> None:
    done = imported(f"Light\n\nTrials\n\nSleep fell by 18%, and mood rose.1,2 Nobody knows about wicks.3\n{LIST}")
    assert [claim.refs for claim in done.claims] == [("smith2017", "smith2018"), ("jones2019",)]


def test_ranges_and_lists_of_numbers_are_counted_out() -> None:
    assert expand("[2, 4–6]") == (2, 4, 5, 6)
    assert expand("[6-4]") == ()


def test_text_behind_the_list_of_references_is_kept() -> None:
    done = imported(f"Light\n\nTrials\n\nSleep fell by 18%.[1]\n{LIST}\nBook a visit\n\nWe are open all day.\n")
    assert len(done.references) == 3
    assert "We are open all day." in done.page


def test_a_claim_without_source_is_a_draft_and_its_category_is_marked_as_guessed() -> None:
    claims = {
        claim.text: claim
        for claim in imported("Ketamine\n\nRisks\n\nNausea is a side effect in 20% of patients.\n").claims
    }
    claim = claims["Nausea is a side effect in 20% of patients."]
    assert claim.refs == ()
    assert claim.category == "safety"
    assert "category guessed" in claim.note


def test_no_service_is_guessed_and_no_person_or_day_made_up() -> None:
    done = imported("Our clinic\n\nRooms\n\nWe treat 20 patients a day in private rooms.\n")
    assert all(claim.category != "service" for claim in done.claims)
    meta = parse_page("p.md", done.page).meta
    assert not meta.authors
    assert not meta.reviewers
    assert meta.published is None


HTML = """<!doctype html><html lang="en"><head><title>Light | Clinic</title>
<meta name="description" content="On light.">
<style>p {color: red}</style></head><body><a class="skip" href="#main">Skip to content</a>
<nav><ul><li><a href="/">Home</a></li><li><a href="/b">Book</a></li></ul></nav>
<h1>Light</h1><p>Sleep <b>fell</b> by 18%.<sup><a href="#r1">1</a>,<a href="#r2">2</a></sup>
It is <em>new</em> &amp; good.</p>
<script>alert(1)</script><blockquote><p>A quoted thought.</p></blockquote>
<ul><li>One<ul><li>Inner</li></ul></li><li><strong>Rooms:</strong><p>Each has a bed.</p></li></ul>
<figure><img src="a.svg" alt="Bars of sleep"><figcaption>Delay by lamp</figcaption></figure>
<table><tr><th>Lamp</th><th>Delay</th></tr><tr><td>White</td><td>30 min</td></tr></table>
<h2>References</h2><ol><li id="r1">Smith AB, Ng K. Light in the evening. <i>J Sleep Res</i>. 2017;31(10):1302-1305.</li>
<li id="r2">Smith AB. Light in the morning. J Sleep Res. 2018;32(1):5-9.</li></ol></body></html>"""


def test_html_gives_structure_marks_and_references() -> None:
    done = imported(HTML, "page.html")
    assert done.claims[0].refs == ("smith2017", "smith2018")
    assert done.claims[0].text == "Sleep fell by 18%."
    assert "description: On light." in done.page
    assert "Home | Book" in done.page
    assert "> A quoted thought." in done.page
    assert "alert" not in done.page
    assert "  - Inner" in done.page
    assert "![Bars of sleep](<a.svg>)" in done.page
    assert "| White | 30 min |" in done.page
    assert done.dropped == ("Skip to content",)


def test_html_without_end_or_body_is_read_as_far_as_it_goes() -> None:
    assert read_web(b"<h1>Light<p>Sleep fell").title == "Light"


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def word_file(body: str, **others: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
        for name, text in others.items():
            archive.writestr(f"word/{name}.xml", text)
    return buffer.getvalue()


def paragraph(text: str, style: str = "", *, raised: str = "") -> str:
    named = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    mark = f'<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>{raised}</w:t></w:r>' if raised else ""
    return f"<w:p>{named}<w:r><w:t>{text}</w:t></w:r>{mark}</w:p>"


def test_word_styles_and_superscripts_are_read() -> None:
    body = (
        paragraph("Light", "Title")
        + paragraph("Trials", "heading 1")
        + paragraph("Sleep fell by 18%.", raised="1")
        + paragraph("References", "heading 1")
        + paragraph("1. Smith AB, Ng K. Light in the evening. J Sleep Res. 2017;31(10):1302-1305.")
    )
    importer = Importer(read_lexicon(Settings(), Path()), [], [])
    done = importer.read("page.docx", word_file(body), Path())
    assert (done.title, done.sections) == ("Light", 1)
    assert done.claims[0].refs == ("smith2017",)


def test_endnotes_of_word_are_the_list_of_references() -> None:
    body = (
        paragraph("Light", "Title")
        + '<w:p><w:r><w:t>Sleep fell by 18%.</w:t></w:r><w:r><w:endnoteReference w:id="2"/></w:r></w:p>'
    )
    note = "Smith AB, Ng K. Light in the evening. J Sleep Res. 2017;31(10):1302-1305."
    notes = f'<w:endnotes {W}><w:endnote w:id="2"><w:p><w:r><w:t>{note}</w:t></w:r></w:p></w:endnote></w:endnotes>'
    document = read_word(word_file(body, endnotes=notes))
    assert [one.text for one in document.references] == [note]
    assert document.parts[0].text.endswith("[1]")


def test_entities_of_a_hostile_word_file_are_not_expanded() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(
            "word/document.xml",
            f'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]><w:document {W}><w:body>{paragraph("a &x; b")}'
            "</w:body></w:document>",
        )
    hostname = Path("/etc/hostname")
    document = read_word(buffer.getvalue())
    shown = " ".join([document.title, *(part.text for part in document.parts)])
    assert shown.startswith("a")
    assert not hostname.exists() or hostname.read_text("utf-8").strip() not in shown


def test_markdown_keeps_its_text_and_takes_entries_from_its_bib(tmp_path: Path) -> None:
    (tmp_path / "book.bib").write_text(
        "@article{s17, title={Light}, author={Smith, A}, year={2017}}\n@book{other, title={O}}\n"
    )
    text = (
        "---\ntitle: Light\nbibliography: book.bib\noutput: !expr html()\n---\n\n# Trials {#trials}\n\n"
        "Sleep *fell* by 18% [@s17]. As @s17 said, lamps cause it [see @s17, p. 3]. See @fig-one and @gone.\n\n"
        "```{r}\nplot(1)\n```\n"
    )
    done = imported(text, "a.qmd", tmp_path)
    assert list(done.entries) == ["s17"]
    assert done.unknown == ("gone",)
    assert [claim.refs for claim in done.claims][:2] == [("s17",), ("s17",)]
    assert "[Sleep *fell* by 18%.]{claim=LIGH-001}" in done.page
    assert "[see @s17, p. 3]" in done.page
    assert "\\@fig-one" in done.page
    assert "```{r}\nplot(1)\n```" in done.page
    assert "output" in " ".join(done.remarks)


def test_a_rule_below_the_title_hides_nothing(tmp_path: Path) -> None:
    (tmp_path / "book.bib").write_text("@article{s17, title={Light}, author={Smith, A}, year={2017}}\n")
    done = imported("# Light\n\n---\n\nSleep fell by 18% [@s17].\n\n---\n\nMore.\n", "a.Rmd", tmp_path)
    assert list(done.entries) == ["s17"]
    assert [claim.refs for claim in done.claims] == [("s17",)]


def test_a_list_typed_out_in_markdown_is_read_too() -> None:
    done = imported(
        f"# Light\n\nSleep fell by 18%.^1,2^ Mood rose by 3 points.[3]\n{LIST.replace('References', '## References')}",
        "a.md",
    )
    assert [claim.refs for claim in done.claims] == [("smith2017", "smith2018"), ("jones2019",)]
    assert "References" not in done.page


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", b" \n\n", "empty"),
        ("a.txt", bytes(range(256)) * 8, "binary"),
        ("a.txt", "Ten of twelve people slept.".encode("utf-16"), "UTF-16, not UTF-8"),
        ("a.txt", b"%PDF-1.7 ...", "PDF"),
        ("a.docx", b"nothing", "no Word file"),
        ("a.docx", b"PK\x03\x04nothing", "damaged"),
        ("a.txt", b"a" * (LARGEST_FILE + 1), "MB"),
        ("a.txt", "Sleep – \xe9".encode("cp1252"), "windows-1252"),
        ("a.html", b"<html><body><script>x()</script></body></html>", "no text"),
        ("a.md", b"---\ntitle: x\n---\n", "no text"),
    ],
)
def test_what_is_no_page_is_refused_in_clear_words(name: str, data: bytes, words: str) -> None:
    with pytest.raises(ImportRefusedError, match=words) as error:
        Importer(read_lexicon(Settings(), Path()), [], []).read(name, data, Path())
    assert error.value.place is not None
    assert error.value.place.path == name


def test_a_page_in_another_language_is_refused() -> None:
    text = (
        "Licht und Schlaf\n\n"
        + "Das Licht am Abend ist für den Schlaf nicht gut, und die Studien sind sich einig. " * 8
    )
    with pytest.raises(ImportRefusedError, match="German"):
        imported(text)


@pytest.mark.parametrize("kept", [190, 150, 100, 60])
def test_a_list_cut_off_in_the_middle_is_refused_unless_wanted(kept: int) -> None:
    text = f"Light\n\nTrials\n\nSleep fell by 18%.[1] Mood rose by 3 points.[3]\n{LIST.rstrip()}"
    cut = text[: text.index("References") + kept]
    with pytest.raises(ImportRefusedError, match=r"breaks off|ends with|no list"):
        imported(cut)
    assert imported(cut, partial=True).page


def test_marks_that_no_reference_has_stay_for_the_check_to_find() -> None:
    done = imported(f"Light\n\nTrials\n\nSleep fell by 18%.[1] Mood rose by 3 points.[9]\n{LIST}", partial=True)
    assert list(done.missing) == [9]
    assert "[9]" in done.page


def test_ids_go_on_where_the_project_s_end() -> None:
    importer = Importer(read_lexicon(Settings(), Path()), [], [])
    text = "Light for Sleep\n\nTrials\n\nSleep fell by {} minutes in 3 trials.\n"
    first = importer.read("a.txt", text.format(18).encode(), Path())
    second = importer.read("b.txt", text.format(20).encode(), Path())
    assert [claim.id for one in (first, second) for claim in one.claims] == ["LFS-001", "LFS-002"]


def test_a_wording_that_is_registered_keeps_its_claim() -> None:
    importer = Importer(read_lexicon(Settings(), Path()), [], [])
    text = b"Light for Sleep\n\nTrials\n\nSleep fell by 18 minutes in 3 trials.\n"
    importer.read("a.txt", text, Path())
    again = importer.read("b.txt", text, Path())
    assert again.claims == ()
    assert again.marked.known == ("LFS-001",)


def test_html_by_content_is_html_whatever_its_name() -> None:
    assert form_of("page.txt", b"<!DOCTYPE html><html>") == "html"


def test_a_slug_is_plain_letters() -> None:
    assert slug("Ketamine für Anxiety: what’s known?") == "ketamine-fur-anxiety-whats-known"
