"""Our reading and pybtex's are one: the scanner entry by entry, the names name by name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pybtex import errors
from pybtex.bibtex.utils import split_name_list
from pybtex.database import Person
from pybtex.database.input.bibtex import Parser

from kap_content.load.bib import parse_bib
from kap_content.load.bib.commands import read_commands
from kap_content.load.bib.entry import Entry
from kap_content.load.bib.names import split_name, split_names


def by_pybtex(source: str) -> tuple[dict[str, dict[str, str]], int]:
    with errors.capture() as captured:
        data = Parser(person_fields=()).parse_string(source)
    return {
        key: {"": entry.type} | {name.lower(): value for name, value in entry.fields.items()}
        for key, entry in data.entries.items()
    }, len(captured)


def person(name: str) -> tuple[str, str, str, str]:
    with errors.capture():
        found = Person(name)
    parts = (found.last_names, found.first_names + found.middle_names, found.prelast_names, found.lineage_names)
    return tuple(" ".join(words) for words in parts)  # type: ignore[return-value] # four parts, each a text


PIECES = st.sampled_from(
    [
        *(
            "@article{a, ",
            "@Book{b, ",
            "@misc(c, ",
            "@string{s = {x}}",
            "title = ",
            "year=",
            "{",
            "}",
            "}}",
            '"',
            ", ",
            " # ",
        ),
        *(
            "s",
            "oct",
            "2017",
            "Foo",
            "{{Bar}}",
            "{B {a} z}",
            '"x {"} y"',
            "\n",
            "\t",
            "=",
            ")",
            "@comment{",
            "% ",
            "Título",
            "q.r:",
        ),
    ]
)


@given(st.lists(PIECES, max_size=30).map("".join))
@settings(deadline=None, max_examples=1500)
def test_a_file_without_errors_gives_the_entries_that_pybtex_gives(source: str) -> None:
    theirs, count = by_pybtex(source)
    assume(count == 0)
    references, problems = parse_bib("references.bib", source)
    assert problems == ()
    assert {
        reference.key: {"": reference.type} | {name: reference.raw[name] for name in reference.places}
        for reference in references
    } == theirs


@given(st.lists(PIECES, max_size=30).map("".join))
@settings(deadline=None, max_examples=500)
def test_what_the_scanner_reads_pybtex_reads_alike(source: str) -> None:
    for found in read_commands(source):
        if isinstance(found, Entry):
            head = source.rindex("@", 0, found.start)
            macros = "@string{s = {x}}"
            theirs, count = by_pybtex(macros + source[head : found.end])
            assert count == 0
            assert theirs == {found.key: {"": found.type} | found.fields}


NAME_PIECES = st.sampled_from(
    [
        *(
            "van",
            "de la",
            "Berg",
            "Jr",
            "{",
            "}",
            "\\'",
            "\\",
            "e",
            "E",
            " ",
            " ",
            ",",
            ", ",
            "~",
            "\\ ",
            "{\\o}",
            "{\\'E}",
        ),
        *("{World Health}", "{d'}", " and ", "-", "1", "é", "Ö", "字", "ǅ"),
    ]
)


@given(st.lists(NAME_PIECES, min_size=1, max_size=10).map(lambda parts: " ".join("".join(parts).split())))
@settings(deadline=None, max_examples=1500)
def test_names_are_split_as_pybtex_splits_them(text: str) -> None:
    depth = 0
    for char in text:
        depth += {"{": 1, "}": -1}.get(char, 0)
        assume(depth >= 0)
    assume(depth == 0 and text)
    assert split_names(text) == split_name_list(text)
    for name in split_names(text):
        assert split_name(name) == person(name)


def test_every_real_entry_is_read_as_pybtex_reads_it(shared: Callable[[str], Path]) -> None:
    for path in sorted(shared("data/bib").rglob("*.bib")):
        source = path.read_text("utf-8", errors="replace")
        theirs, _ = by_pybtex(source)
        references, _ = parse_bib(path.name, source)
        ours = {
            reference.key: {"": reference.type} | {name: reference.raw[name] for name in reference.places}
            for reference in references
        }
        assert ours == theirs, path.name


def test_every_real_name_is_split_as_pybtex_splits_it(shared: Callable[[str], Path]) -> None:
    names: set[str] = set()
    for path in sorted(shared("data/bib").rglob("*.bib")):
        for reference in parse_bib(path.name, path.read_text("utf-8", errors="replace"))[0]:
            for field in ("author", "editor"):
                names.update(split_names(reference.raw.get(field, "")))
    assert [name for name in names if name and split_name(name) != person(name)] == []
