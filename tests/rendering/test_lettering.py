"""Title case, quotation marks and mark-up inside titles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kap_content.model.place import Place
from kap_content.model.reference import Name, Reference
from kap_content.rendering.bibliography import format_reference
from kap_content.rendering.csl_styles import bundled_style
from kap_content.rendering.lettering import END_QUOTE, END_TITLE, PRIVATE, QUOTE, TITLE, Quotes, clean, lettered


def title(text: str) -> str:
    return lettered(f"{TITLE}{clean(text)}{END_TITLE}", Quotes(), title_case=True)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("facilitating work-based learning", "Facilitating Work-Based Learning"),
        ("a first note: a second note", "A First Note: A Second Note"),
        ("what works? an answer", "What Works? An Answer"),
        ("the use of mRNA in p53 research", "The Use of mRNA in p53 Research"),
        ("saline solution of β-carotene", "Saline Solution of β-Carotene"),
        ("patients’ views on d'Arcy's method", "Patients’ Views on d’Arcy’s Method"),
        ("a “new career” (and more)", "A “New Career” (And More)"),
        ("what we live for", "What We Live For"),
        ("ketamine vs midazolam", "Ketamine vs Midazolam"),
        ("adults in the United States, 2019 and 2022", "Adults in the United States, 2019 and 2022"),
    ],
)
def test_title_case_follows_the_csl_specification(text: str, wanted: str) -> None:
    assert title(text) == wanted


@pytest.mark.parametrize(
    ("text", "outer", "wanted"),
    [
        ("Howard E. 'Rocky' Stone", "“”", "Howard E. “Rocky” Stone"),
        ('Comment on "A trial"', "‘’", "Comment on ‘A trial’"),
        ("Comment on “A trial”", "‘’", "Comment on “A trial”"),
        ("The patients' view of Crohn's disease", "“”", "The patients' view of Crohn’s disease"),
        (f"{QUOTE}The “new” one{END_QUOTE}", "“”", "“The ‘new’ one”"),
        ("the 5' and 3' ends", "“”", "the 5' and 3' ends"),
    ],
)
def test_quotation_marks_pair_and_alternate(text: str, outer: str, wanted: str) -> None:
    inner = "‘’" if outer == "“”" else "“”"
    assert lettered(text, Quotes((outer[0], outer[1]), (inner[0], inner[1])), title_case=False) == wanted


@given(st.text(alphabet="ab \"'“”‘’<>i/.,:-" + QUOTE + END_QUOTE + TITLE))
def test_no_input_keeps_a_private_character_or_loses_a_letter(text: str) -> None:
    made = lettered(clean(text), Quotes(), title_case=True)
    plain = PRIVATE.sub("", made)
    assert [letter for letter in plain.casefold() if letter in "ab"] == [
        letter for letter in text.casefold() if letter in "ab"
    ] or "<" in text


def entry(style: str, kind: str = "article", authors: tuple[Name, ...] = (Name("Doe", "Jane"),), **fields: str) -> str:
    reference = Reference("k", kind, Place("references.bib"), fields, fields, authors)
    return format_reference(reference, bundled_style(style) or "").html


def test_simple_markup_in_a_title_is_kept_and_all_else_is_text() -> None:
    html = entry("bmj", title="<i>Salmonella</i> and H<sub>2</sub>O <b onclick=x>not</b> <i>open <script>x</script>")
    assert "<i>Salmonella</i> and H<sub>2</sub>O" in html
    assert "&lt;b onclick=x&gt;" in html
    assert "<script>" not in html
    assert "&lt;i&gt;open" in html


def test_a_web_page_named_like_its_host_keeps_its_address() -> None:
    html = entry("bmj", "online", (), title="Google", url="https://www.google.com/")
    assert "https://www.google.com/" in html
    assert html.count("Google.") == 1


def test_an_anonymous_work_names_its_edition_once() -> None:
    html = entry("apa", "book", (), title="A handbook", year="2019", publisher="X", edition="2")
    assert html.count("2nd ed.") == 1


def test_editors_who_lead_are_named_once_with_a_capital_label() -> None:
    fields = {"title": "A handbook", "year": "2019", "publisher": "X"}
    editors = (Name("Roe", "Ann"),)
    reference = Reference("k", "book", Place("references.bib"), fields, fields, (), editors)
    html = format_reference(reference, bundled_style("apa") or "").html
    assert html.startswith("Roe, A. (Ed.). (2019).")
    assert html.count("Roe") == 1


def test_a_hyphenated_given_name_gives_its_first_initial() -> None:
    names = (Name("Chen", "Guo-ping"), Name("Martin", "Jean-Paul"))
    assert "Chen G, Martin JP." in entry("american-medical-association", authors=names, title="A")


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        (Name("Aswānī", "ʿAlāʾ"), "Aswānī, A., &amp;"),
        (Name("hooks", "bell"), "hooks, B., &amp;"),
        (Name("Silva", "Maria da"), "Silva, M. da, &amp;"),
        (Name("王", "小明"), "王小明, &amp;"),
        (Name("كريم", "محمد"), "كريم محمد, &amp;"),
    ],
)
def test_a_given_name_without_a_capital_leaves_no_lone_full_stop(name: Name, wanted: str) -> None:
    assert entry("apa", authors=(name, Name("Roe", "Ann")), title="A").startswith(wanted)


WHOLE_NAMES = """<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0" initialize-with=". ">
<info><author><name>N</name></author></info>
<citation><layout><text variable="title"/></layout></citation>
<bibliography><layout>
<group delimiter=". "><names variable="author"><name initialize="false" and="text"/></names>
<text variable="title" quotes="true"/><names variable="editor"/></group><text value="."/>
</layout></bibliography></style>"""


def test_a_style_that_wants_whole_given_names_gets_them() -> None:
    fields = {"title": "A comment on ‘The trial’", "booktitle": "B"}
    names, editors = (Name("Chen", "Guo-ping"),), (Name("Roe", "Ann"),)
    reference = Reference("k", "incollection", Place("references.bib"), fields, fields, names, editors)
    assert format_reference(reference, WHOLE_NAMES).text == "Guo-ping Chen. “A comment on ‘The trial.’” A. Roe."


@pytest.mark.parametrize(
    ("style", "wanted"), [("nlm-citation-sequence", "12(3–4)"), ("american-medical-association", "12(3-4)")]
)
def test_a_double_issue_has_the_dash_of_the_style(style: str, wanted: str) -> None:
    assert wanted in entry(style, title="A", journal="J", year="2019", volume="12", number="3-4")


@pytest.mark.parametrize(
    ("language", "wanted"), [("french", "<i>Le soin des autres</i>"), ("british", "<i>Le Soin Des Autres</i>")]
)
def test_a_title_in_another_language_keeps_its_case(language: str, wanted: str) -> None:
    assert wanted in entry("american-medical-association", "book", title="Le soin des autres", langid=language)


def test_a_thesis_without_a_number_has_no_word_for_one() -> None:
    html = entry("apa", "phdthesis", title="A thesis", school="MIT", year="2019")
    assert html == "Doe, J. (2019). <i>A thesis</i> [PhD dissertation]. MIT."


def test_laws_and_judgements_are_what_they_are() -> None:
    law = entry("apa", "legislation", (), title="Controlled Substances Act", number="9", date="1970-10-27")
    assert law == "Controlled Substances Act, Pub. L. No. 9 (1970)."
    case = entry("apa", "jurisdiction", (), title="Roe v. Wade", institution="Supreme Court", date="1973")
    assert case == "Roe v. Wade (Supreme Court 1973)."
