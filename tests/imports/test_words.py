"""Nothing of a page's text is lost or reworded: what a reader of the imported page sees are the original's words."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from kap_content.imports.document import Document, ImportRefusedError, Kind, Part, Run
from kap_content.imports.emit import as_markdown
from kap_content.imports.plain import read_plain
from kap_content.imports.plan import Importer
from kap_content.load.lexicon import read_lexicon
from kap_content.load.page import parse_page
from kap_content.model.settings import Settings

LEXICON = read_lexicon(Settings(), Path())
ODD = "\\`*_{}[]()<>#+-.!|&@~^$:;,'\"=/%…“”’éß²½–0123456789 abcXYZ\t"
words = st.text(ODD, min_size=1, max_size=12)
lines = st.lists(words, min_size=1, max_size=8).map(" ".join)
sentences = st.sampled_from(
    [
        "Ratings fell by 18% within a week.[1]",
        "Nausea was reported by 3 of 20 patients [2].",
        "It works, and it may be safe (Short et al., 2018).",
        "Glue et al (2017) found that 10 of 12 responded.[1,2]",
        "The FDA has not approved it. [1-2] Ask us.",
        "Does it work?",
        "We are open from 9 to 5.",
    ]
)
REFERENCES = """
References:

1. Glue P, Medlicott NJ, Harland S, et al. Ketamine's dose-related effects. J Psychopharmacol. 2017;31(10):1302-1305.
2. Short B, Fong J. Side-effects associated with ketamine use: a review. Lancet Psychiatry. 2018;5(1):65-78.
"""
BULLETS = re.compile(r"(?m)^[ \t]*(?:(?:[•◦▪▫‣⁃·●○■–*+-])(?:[ \t]+(?=\S)|(?<=[•◦▪▫‣●○■])(?=\S))|>[ \t]?(?=[^\n]*\S))")
MARKS = re.compile(r"\s*(?:\[[12](?:[,-] ?2)?\]|\((?:Short et al\., 2018)\))")


def imported_words(text: str) -> list[str]:
    importer = Importer(LEXICON, [], [], partial=True)
    done = importer.read("page.txt", text.encode(), Path())
    page = parse_page("page.md", done.page)
    return " ".join([page.meta.title, page.meta.subtitle, *(block.text for block in page.blocks)]).split()


@settings(deadline=None, max_examples=150)
@given(st.lists(lines, min_size=1, max_size=6))
@example(["[1]: http://example.org"])
@example(["1. one", "# two", "::: three", "+ four", "a\\", "&amp; &copy;"])
@example(["x [1](y) {.nonclaim}", "@key and a@b", "~~~", "---", "===", "| a | b |", "<b>x</b> <!-- y -->"])
def test_markdown_of_any_paragraphs_shows_just_their_words(texts: list[str]) -> None:
    parts = tuple(Part(Kind.PARAGRAPH, (Run(text),)) for text in texts)
    page = parse_page("page.md", as_markdown(Document(parts=parts)))
    assert " ".join(block.text for block in page.blocks).split() == " ".join(texts).split()


@settings(deadline=None, max_examples=100)
@given(st.lists(st.tuples(lines, st.booleans(), st.booleans()), min_size=1, max_size=5), st.sampled_from(list(Kind)))
def test_styles_and_kinds_of_parts_keep_the_words(runs: list[tuple[str, bool, bool]], kind: Kind) -> None:
    styled = tuple(Run(f"{text} ", strong=strong, emphasised=emphasised) for text, strong, emphasised in runs)
    text = "".join(run.text for run in styled)
    if kind is Kind.IMAGE:
        part = Part(kind, styled, source="a.png")
    elif kind is Kind.TABLE:
        part = Part(kind, rows=((styled, styled), (styled, ())))
        text = f"{text} | {text} {text} |"
    else:
        part = Part(kind, styled, level=2)
    page = parse_page("page.md", as_markdown(Document(parts=(part,))))
    shown = " ".join(block.text for block in page.blocks)
    assert re.sub(r"[\s|]+", " ", shown).split() == re.sub(r"[\s|]+", " ", text).split()


@settings(deadline=None, max_examples=60)
@given(st.lists(st.one_of(lines, sentences, st.just(""), lines.map("• {}".format)), min_size=1, max_size=12))
def test_any_copied_text_keeps_its_words(texts: list[str]) -> None:
    text = "\n".join(texts)
    document = read_plain(text)
    bullets = BULLETS.sub("", text.expandtabs(4))
    if document.references or document.dropped:
        return
    try:
        shown = imported_words(text)
    except ImportRefusedError:
        return
    if not document.title:
        shown = shown[1:]  # the file's name stands for the title
    assert shown == bullets.split()


@settings(deadline=None, max_examples=40)
@example([["It works, and it may be safe (Short et al., 2018).", "Does it work?"]])
@given(st.lists(st.lists(sentences, min_size=1, max_size=5), min_size=1, max_size=5))
def test_claims_and_citations_take_nothing_but_the_marks_away(paragraphs: list[list[str]]) -> None:
    body = "\n\n".join(" ".join(paragraph) for paragraph in paragraphs)
    shown = imported_words(f"Ketamine\n\nThe trials\n\n{body}\n{REFERENCES}")
    expected = MARKS.sub("", f"Ketamine The trials {body}")
    assert shown == expected.split()
