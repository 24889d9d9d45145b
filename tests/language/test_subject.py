"""What texts are about, by the shipped tables."""

from __future__ import annotations

import pytest

from kap_content.language.subject import Subjects
from kap_content.load.tables import Drugs
from kap_content.load.tables import Subjects as Table
from kap_content.model.lexicon import SubjectKind

SUBJECTS = Subjects(Table())


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ketamine’s effects on anxiety", {"ketamine", "anxiety disorders"}),
        ("Spravato nasal spray", {"esketamine"}),
        ("(S)-ketamine against (R,S)-ketamine", {"esketamine", "ketamine"}),
        ("esketamine", {"esketamine"}),
        ("I feel sad", set()),
        ("patients with SAD", {"social anxiety disorder"}),
        ("post-traumatic stress disorder", {"post-traumatic stress disorder"}),
        ("general anaesthesia, general anesthesia", {"general anaesthesia"}),
        ("ketamine-assisted psychotherapy", {"ketamine-assisted psychotherapy"}),
        ("type 2 diabetes mellitus", {"type 2 diabetes"}),
        ("the ketamines’ cousin, arketamine", {"ketamine", "arketamine"}),
    ],
)
def test_subjects_are_found_by_whole_words_and_the_longest_name(text: str, names: set[str]) -> None:
    assert SUBJECTS.named(text) == names


def test_a_narrower_and_a_wider_subject_are_related() -> None:
    assert SUBJECTS.related("social anxiety disorder", "anxiety disorders")
    assert SUBJECTS.related("antidepressants", "sertraline")


def test_mesh_headings_name_their_subjects() -> None:
    assert SUBJECTS.named("Humans; Sildenafil Citrate; Breast Neoplasms") == {"sildenafil", "breast cancer"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Lipitor", "HMG-CoA reductase inhibitors"),
        ("paracetamol", "acetaminophen"),
        ("lisdexamfetamine", "Dextroamphetamine"),
        ("physiotherapy", "Physical Therapy Modalities"),
        ("PSA screening", "prostate-specific antigen"),
        ("exercise", "physical training"),
        ("COVID-19 vaccination", "BNT162b2"),
    ],
)
def test_everyday_names_and_technical_names_meet(one: str, other: str) -> None:
    assert SUBJECTS.meet(SUBJECTS.named(one), SUBJECTS.named(other))


def test_one_vaccine_is_not_another_though_both_are_called_vaccines() -> None:
    said = SUBJECTS.without_wide(SUBJECTS.named("rotavirus vaccine, a vaccine for infants"), ["vaccination"])
    assert not SUBJECTS.meet(SUBJECTS.named("the flu jab"), said)


def test_ketamine_and_esketamine_are_not_related() -> None:
    assert not SUBJECTS.related("ketamine", "esketamine")


def test_every_wider_subject_is_in_the_tables() -> None:
    table = Table()
    assert {name for subject in table.values() for name in subject.broader} <= set(table)


def test_every_drug_is_an_intervention_of_the_tables() -> None:
    table = Table()
    assert all(table[name].kind is SubjectKind.INTERVENTION for name in Drugs())


def test_every_drug_has_a_date_and_a_source() -> None:
    assert all(drug.as_of and drug.source for drug in Drugs().values())


@pytest.mark.parametrize(
    "name",
    [
        "ketamine", "esketamine", "psilocybin", "MDMA", "quetiapine", "gabapentin", "pregabalin", "propranolol",
        "clonidine", "prazosin", "trazodone", "topiramate", "naltrexone", "semaglutide", "metformin", "testosterone",
    ],
)  # fmt: skip
def test_the_commonest_off_label_drugs_are_known(name: str) -> None:
    assert name in Drugs()


def test_a_generic_name_that_no_table_lists_belongs_to_the_class_that_its_ending_tells() -> None:
    named = SUBJECTS.named_or_built("Bisoprolol or placebo")
    assert named == {"bisoprolol", "placebo"}
    assert SUBJECTS.meet({"bisoprolol"}, {"beta blockers"})
    assert SUBJECTS.meet({"bisoprolol"}, {"antihypertensives"})
    assert not SUBJECTS.meet({"bisoprolol"}, {"metoprolol"})


def test_words_that_only_end_like_a_drug_are_none() -> None:
    assert SUBJECTS.named_or_built("In April cholesterol, somatostatin and cystatin were measured.") == frozenset()
