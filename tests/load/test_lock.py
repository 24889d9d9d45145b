from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from kap_content.load.lock import dump_lock, parse_lock
from kap_content.model.dates import PartialDate
from kap_content.model.finding import Problem
from kap_content.model.lock import FoundIn, FoundQuote, FoundQuotes, Lock, Review, TopicAnswer
from kap_content.model.place import Place
from kap_content.model.record import Notice, NoticeKind, Record, Relation, RelationKind, Source, State
from kap_content.model.reference import Name

RECORDS = {
    "glue2018": Record(
        "glue2018",
        State.FOUND,
        (Source("crossref", date(2026, 11, 22)), Source("pubmed", date(2026, 11, 22))),
        asked="10.1177/0269881118762073",
        answered="10.1177/0269881118762073",
        agency="Crossref",
        pmid="29561204",
        title="Safety and efficacy of maintenance ketamine treatment",
        authors=(Name("Glue", "Paul"), Name(literal="The Group")),
        containers=("Journal of Psychopharmacology", "J Psychopharmacol"),
        issued=PartialDate(2018, 3, 22),
        print=PartialDate(2018, 6),
        notices=(Notice(NoticeKind.CORRECTION, "crossref", "10.1000/c.1", PartialDate(2019)),),
        relations=(Relation(RelationKind.HAS_PREPRINT, "10.1101/x", "crossref"),),
    ),
    "agency": Record("agency", State.FOUND, (Source("transcribed", date(2026, 11, 22)),), title="Anxiety in numbers"),
    "gone": Record("gone", State.ABSENT, (Source("doi.org", date(2026, 11, 22)),), asked="10.1000/none"),
}


def records_of(text: str) -> tuple[Mapping[str, Record], tuple[Problem, ...]]:
    """The records of a lock, and what could not be read."""
    lock, problems = parse_lock("references.lock", text)
    return lock.records, problems


def test_what_is_written_is_read() -> None:
    assert records_of(dump_lock(RECORDS)) == (RECORDS, ())


def test_the_order_of_records_changes_nothing() -> None:
    backwards = dict(reversed(list(RECORDS.items())))
    assert dump_lock(backwards) == dump_lock(RECORDS)


def test_it_is_json_with_sorted_keys_and_a_version() -> None:
    text = dump_lock(RECORDS)
    value = json.loads(text)
    assert value["version"] == 1
    assert list(value["records"]) == sorted(RECORDS)
    assert json.dumps(value) == json.dumps(value, sort_keys=True)
    assert text.endswith("}\n")


def test_no_records_make_a_lock_too() -> None:
    assert records_of(dump_lock({})) == ({}, ())


def test_a_changed_field_changes_one_line() -> None:
    before = dump_lock(RECORDS).split("\n")
    after = dump_lock(RECORDS | {"glue2018": replace(RECORDS["glue2018"], pages="663-667")}).split("\n")
    assert [line for line in after if line not in before] == ['   "pages": "663-667",']


def test_a_new_record_takes_no_line_from_the_others() -> None:
    before = dump_lock(RECORDS).split("\n")
    after = dump_lock(RECORDS | {"h": Record("h", State.ABSENT)}).split("\n")
    assert [line for line in before if line not in after] == []


def problems(text: str) -> tuple[Problem, ...]:
    return records_of(text)[1]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"state": "absent"', '"state": "gone"', "“state”: “gone” is none of found, absent, elsewhere, unchecked"),
        ('"state": "absent"', '"state": "unchecked"', "its state is “unchecked”, which is never stored"),
        ('"state": "absent"', '"stat": "absent"', "“stat” is no field of it"),
        ('"state": "absent"', '"volume": 3, "state": "absent"', "“volume”: text in double quotes is wanted"),
        ('"state": "absent"', '"issued": "2018-13", "state": "absent"', "“issued”: “2018-13” is no date"),
        ('"name": "doi.org"', '"nam": "doi.org"', "“sources”: “nam” is no field of it"),
        (
            '{"checked_on": "2026-11-22", "name": "doi.org"}',
            '{"name": "doi.org"}',
            "“sources”: “checked_on” is missing",
        ),
    ],
)
def test_a_malformed_record_is_named_and_the_others_are_read(old: str, new: str, message: str) -> None:
    text = dump_lock(RECORDS)
    assert old in text
    records, (problem,) = records_of(text.replace(old, new))
    assert set(records) == {"glue2018", "agency"}
    assert problem.message == f"the record of “gone” cannot be read: {message}"
    assert (problem.code, problem.reference) == ("CLM009", "gone")
    assert text.split("\n")[problem.place.line - 1].strip() == '"gone": {'


def test_a_record_that_is_no_json_takes_no_other_with_it() -> None:
    text = dump_lock(RECORDS).replace('"state": "absent"', '"state": absent')
    records, (problem,) = records_of(text)
    assert set(records) == {"glue2018", "agency"}
    assert problem.reference == "gone"
    assert text.split("\n")[problem.place.line - 1].strip() == '"state": absent'


def test_a_missing_comma_between_records_is_named() -> None:
    text = dump_lock(RECORDS)
    broken = text.replace('  },\n  "glue2018"', '  }\n  "glue2018"')
    assert broken != text
    records, found = records_of(broken)
    assert records == RECORDS
    assert [(item.message, item.reference) for item in found] == [("this is no JSON: “,” is wanted", "agency")]


def test_two_records_of_one_key_count_for_nothing() -> None:
    text = dump_lock(RECORDS).replace('"gone": {', '"agency": {')
    records, (problem,) = records_of(text)
    assert set(records) == {"glue2018"}
    assert problem.message == "“agency” has two records; neither counts"


CONFLICT = """{
 "records": {
  "agency": {
   "state": "absent"
  },
<<<<<<< HEAD
  "gone": {
   "state": "absent"
  },
=======
  "gone": {
   "state": "found"
  },
>>>>>>> theirs
  "glue2018": {
<<<<<<< HEAD
   "asked": "10.1000/a",
=======
   "asked": "10.1000/b",
>>>>>>> theirs
   "state": "found"
  },
  "short2018": {
   "state": "found"
  }
 },
 "version": 1
}
"""


def test_merge_conflicts_are_named_with_their_lines() -> None:
    assert [(item.place.line, item.message) for item in problems(CONFLICT)] == [
        (6, "a merge conflict from here to line 14 was never resolved"),
        (16, "a merge conflict from here to line 20 was never resolved"),
    ]


def test_records_in_conflict_are_left_out_and_the_others_read() -> None:
    records, _ = records_of(CONFLICT)
    assert set(records) == {"agency", "short2018"}


def test_another_version_is_refused() -> None:
    text = dump_lock(RECORDS).replace('"version": 1', '"version": 2')
    records, (problem,) = records_of(text)
    assert records == {}
    assert problem.message == "the lock is of version 2; version 1 is read"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the lock is empty"),
        ("[]", "the lock is no JSON here: “{” is wanted"),
        ('{"version": 1}', "the lock holds no “records”"),
        ('{"records": {}, "extra": 3, "version": 1}', "“extra” is no part of a lock"),
        ('{"records": {"a": {"state": "found"}', "this is no JSON: “,” is wanted"),
        ('{"records": {}, "version": 1} {}', "text stands behind the end of the lock"),
        ('{"records": {"a": ' + "[" * 100_000, "this is no JSON: brackets stand too deep in each other"),
    ],
)
def test_what_is_no_lock_is_a_problem(text: str, message: str) -> None:
    assert problems(text)[0].message.startswith(message)


TEXT = st.text(st.characters(exclude_characters="\r"), max_size=12)
DATES = st.builds(PartialDate, st.integers(1, 9999)) | st.dates(date(1000, 1, 1)).map(
    lambda day: PartialDate(day.year, day.month, day.day)
)
NAMES = st.builds(Name, TEXT, TEXT, TEXT, TEXT, TEXT)
SOURCES = st.builds(Source, TEXT.filter(bool), st.dates())
TEXTS = st.lists(TEXT, max_size=2).map(tuple)


def tuples(of: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(of, max_size=2).map(tuple)


ANY_RECORD = st.builds(
    Record,
    key=TEXT,
    state=st.sampled_from([State.FOUND, State.ABSENT, State.ELSEWHERE]),
    sources=tuples(SOURCES),
    asked=TEXT,
    answered=TEXT,
    pmid=TEXT,
    title=TEXT,
    other_titles=TEXTS,
    authors=tuples(NAMES),
    containers=TEXTS,
    issued=st.none() | DATES,
    print=st.none() | DATES,
    pages=TEXT,
    mesh=TEXTS,
    notices=tuples(
        st.builds(Notice, st.sampled_from(NoticeKind), TEXT.filter(bool), TEXT, st.none() | DATES, TEXT, TEXT)
    ),
    relations=tuples(st.builds(Relation, st.sampled_from(RelationKind), TEXT.filter(bool), TEXT, TEXT)),
    abstract_sha256=TEXT,
)


@given(st.lists(ANY_RECORD, max_size=3))
@limits(max_examples=80, deadline=None)
def test_whatever_the_records_they_are_read_as_written(records: list[Record]) -> None:
    written = {record.key: record for record in records}
    text = dump_lock(written)
    assert records_of(text) == (written, ())
    assert dump_lock(records_of(text)[0]) == text


QUOTES = {"glue2018": FoundQuotes("10.1177/0269881118762073", (FoundQuote("ab12", FoundIn.FULL_TEXT),))}
TOPICS = {"ketamine in pain": TopicAnswer("q", date(2026, 11, 22), (Review("1", date(2026, 3, 2), "A review"),))}
WHOLE = dump_lock(RECORDS, QUOTES, TOPICS)


def whole(text: str) -> Lock:
    return parse_lock("references.lock", text)[0]


def test_quotations_and_topics_stand_beside_the_records() -> None:
    assert parse_lock("references.lock", WHOLE) == (Lock(RECORDS, QUOTES, TOPICS), ())
    assert records_of(WHOLE) == (RECORDS, ())
    assert list(json.loads(WHOLE)) == ["quotes", "records", "topics", "version"]
    assert dump_lock(RECORDS, {}, {}) == dump_lock(RECORDS)


FOUND_QUOTES = st.builds(
    FoundQuotes,
    TEXT,
    st.sets(st.builds(FoundQuote, TEXT.filter(bool), st.sampled_from(FoundIn)), max_size=2).map(
        lambda found: tuple(sorted(found))
    ),
)
ANSWERS = st.builds(
    TopicAnswer, TEXT, st.dates(), tuples(st.builds(Review, TEXT.filter(bool), st.dates(), TEXT, TEXT, TEXT))
)


@given(st.dictionaries(TEXT, FOUND_QUOTES, max_size=3), st.dictionaries(TEXT, ANSWERS, max_size=3))
@limits(max_examples=80, deadline=None)
def test_whatever_the_quotations_and_topics_they_are_read_as_written(
    quotes: dict[str, FoundQuotes], topics: dict[str, TopicAnswer]
) -> None:
    text = dump_lock(RECORDS, quotes, topics)
    assert parse_lock("references.lock", text) == (Lock(RECORDS, quotes, topics), ())
    assert dump_lock(RECORDS, dict(reversed(quotes.items())), dict(reversed(topics.items()))) == text


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            '"full text"',
            '"hearsay"',
            "the list of quotations of “glue2018” cannot be read: “found”: “found_in”: “hearsay”",
        ),
        ('"pmid": "1"', '"pmid": 1', "the answer of “ketamine in pain” cannot be read: “reviews”: “pmid”: text"),
        ('"query": "q"', '"query": q', "this is no JSON"),
        (
            '"checked_on": "2026-11-22",\n   "query"',
            '"query"',
            "the answer of “ketamine in pain” cannot be read: “checked_on” is",
        ),
    ],
)
def test_a_damaged_section_takes_no_record_with_it(old: str, new: str, message: str) -> None:
    assert old in WHOLE
    records, (problem,) = records_of(WHOLE.replace(old, new))
    assert records == RECORDS
    assert problem.message.startswith(message)


def test_a_section_damaged_beyond_its_entries_is_left_for_the_next() -> None:
    lock = whole(WHOLE.replace('"quotes": {\n  "glue2018": {', '"quotes": {\n  "glue2018" {'))
    assert lock == Lock(RECORDS, {}, TOPICS)
    assert whole(WHOLE.replace('"found": [', '"found": [[[')) == Lock(RECORDS, {}, TOPICS)


SAMPLE = WHOLE
CUTS = st.tuples(
    st.integers(0, len(SAMPLE)),
    st.integers(0, 40),
    st.sampled_from(["", "<<<<<<< a\n", ">>>>>>> b\n", "\n=======\n", "{", '"', "}"]),
)


@given(cuts=st.lists(CUTS, min_size=1, max_size=3))
@limits(max_examples=150, deadline=None)
def test_a_damaged_lock_is_read_as_far_as_it_goes(
    cuts: list[tuple[int, int, str]], inside: Callable[[Place, str], bool]
) -> None:
    text = SAMPLE
    for start, length, put in cuts:
        text = text[:start] + put + text[start + length :]
    records, found = records_of(text)
    assert all(inside(item.place, text) for item in found)
    assert all(record.key == key for key, record in records.items())


@given(text=st.text(max_size=60))
@limits(max_examples=150, deadline=None)
def test_whatever_the_text_problems_lie_inside_it(text: str, inside: Callable[[Place, str], bool]) -> None:
    shown = text.removeprefix("\ufeff")
    assert all(inside(item.place, shown) for item in problems(text))
