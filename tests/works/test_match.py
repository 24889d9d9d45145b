from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kap_content.model.dates import PartialDate
from kap_content.model.place import Place
from kap_content.model.project import Context, Project
from kap_content.model.record import Record, State
from kap_content.model.reference import Name, Reference
from kap_content.model.settings import Settings
from kap_content.works.agreement import Agreement, Comparison, Field, shown
from kap_content.works.match import match, score
from kap_content.works.slips import likely_slip

ENTRY = Reference(
    "glue2018",
    "article",
    Place("references.bib", 1, 10),
    {
        "title": "Safety and efficacy of maintenance ketamine treatment",
        "journal": "J Psychopharmacol",
        "year": "2018",
        "volume": "32",
        "number": "6",
        "pages": "663-667",
        "doi": "10.1177/0269881118762073",
    },
    authors=(Name("Glue", "Paul"), Name("Neehoff", "Shona")),
)
RECORD = Record(
    "glue2018",
    State.FOUND,
    asked="10.1177/0269881118762073",
    answered="10.1177/0269881118762073",
    title="Safety and Efficacy of Maintenance Ketamine Treatment",
    authors=(Name("Glue", "Paul"), Name("Neehoff", "Shona M")),
    containers=("Journal of Psychopharmacology",),
    type="journal-article",
    issued=PartialDate(2018, 3, 22),
    print=PartialDate(2018, 6),
    volume="32",
    issue="6",
    pages="663-667",
)


def with_fields(**fields: str) -> Reference:
    return replace(ENTRY, fields={**ENTRY.fields, **fields})


def test_a_title_with_nothing_in_common_is_no_candidate_whatever_else_agrees() -> None:
    assert score(ENTRY, replace(RECORD, title="Burden of anxiety disorders in general practice")) == 0.0
    assert score(ENTRY, replace(RECORD, title="Efficacy of maintenance treatment with ketamine in adults")) > 0.5


def test_a_right_entry_differs_in_nothing() -> None:
    assert match(ENTRY, RECORD).differing == ()


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        (Field.YEAR, with_fields(year="2015")),
        (Field.JOURNAL, with_fields(journal="JAMA")),
        (Field.VOLUME, with_fields(volume="23")),
        (Field.PAGES, with_fields(pages="101-110")),
        (Field.TITLE, with_fields(title="Quetiapine in adolescents at school")),
        (Field.FIRST_AUTHOR, replace(ENTRY, authors=(Name("Feifel", "David"),))),
    ],
)
def test_a_wrong_field_is_the_one_that_differs(field: Field, changed: Reference) -> None:
    found = match(changed, RECORD)
    assert [comparison.field for comparison in found.differing] == [field]
    assert not found.is_other_work


def test_an_issue_alone_is_not_worth_telling() -> None:
    found = match(with_fields(number="5"), RECORD)
    assert found[Field.ISSUE].agreement is Agreement.DIFFERENT
    assert found.differing == ()


def test_another_work_has_another_title_and_another_first_author() -> None:
    other = replace(RECORD, title="Mindfulness lessons at school", authors=(Name("Okafor", "Ngozi"),))
    assert match(ENTRY, other).is_other_work


def test_an_unknown_author_never_makes_another_work() -> None:
    assert not match(ENTRY, replace(RECORD, title="Mindfulness lessons at school", authors=())).is_other_work


def test_a_silent_record_differs_in_nothing() -> None:
    assert match(ENTRY, Record("glue2018", State.FOUND)).differing == ()


def test_both_values_are_told() -> None:
    told = str(Comparison(Field.VOLUME, Agreement.DIFFERENT, "23", "32"))
    assert told == "volume “23” in the entry, “32” in the registry"


def test_a_long_value_is_cut_at_a_word() -> None:
    assert shown("ketamine " * 30, 20) == "ketamine ketamine …"


def test_the_right_record_scores_above_a_like_one() -> None:
    like = replace(RECORD, title="Safety and efficacy of ketamine in adolescents", pages="1-9", volume="12")
    assert score(ENTRY, RECORD) > score(ENTRY, like) > 0
    assert score(ENTRY, RECORD) <= 1


def absent(doi: str) -> Record:
    return Record("glue2018", State.ABSENT, asked=doi)


def context(*references: Reference, **records: Record) -> Context:
    return Context.of(Project(Settings(), references=references, records=records), date(2026, 11, 22))


def test_a_slip_is_found_by_the_title_of_another_entry() -> None:
    wrong = with_fields(doi="10.1177/0269881118762037")
    other = replace(ENTRY, key="glue2018b")
    slip = likely_slip(wrong, context(wrong, other, glue2018=absent("10.1177/0269881118762037")))
    assert slip is not None
    assert slip.doi == "10.1177/0269881118762073"


def test_a_slip_is_found_in_the_entry_s_own_address() -> None:
    wrong = with_fields(doi="10.1177/026988111876207", url="https://doi.org/10.1177/0269881118762073")
    slip = likely_slip(wrong, context(wrong))
    assert slip is not None
    assert slip.doi == "10.1177/0269881118762073"


def test_the_next_article_of_a_journal_is_not_suggested() -> None:
    wrong = with_fields(doi="10.1177/0269881118762074")
    other = replace(with_fields(title="Quetiapine in adolescents at school"), key="other")
    assert likely_slip(wrong, context(wrong, other)) is None


def test_one_character_off_is_suggested_where_no_title_speaks_against_it() -> None:
    wrong = replace(ENTRY, fields={"doi": "10.1177/0269881118762074"})
    slip = likely_slip(wrong, context(wrong, other=replace(RECORD, key="other")))
    assert slip is not None
    assert "one character" in slip.why


def test_a_doi_that_does_not_exist_either_is_never_suggested() -> None:
    wrong = with_fields(doi="10.1177/1")
    twin = replace(with_fields(doi="10.1177/2"), key="twin")
    assert likely_slip(wrong, context(wrong, twin, twin=replace(absent("10.1177/2"), key="twin"))) is None


@given(
    st.dictionaries(
        st.sampled_from(["title", "journal", "year", "volume", "number", "pages", "doi"]), st.text(max_size=25)
    )
)
@settings(max_examples=100, deadline=None)
def test_no_entry_breaks_the_comparison(fields: dict[str, str]) -> None:
    reference = replace(ENTRY, fields=fields)
    match(reference, RECORD)
    assert 0 <= score(reference, RECORD) <= 1
