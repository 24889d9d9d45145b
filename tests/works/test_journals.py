from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kap_content.model.place import Place
from kap_content.model.record import Record, State
from kap_content.model.reference import Reference
from kap_content.works.agreement import Agreement
from kap_content.works.journals import compare, compare_journals, is_preprint_server

SAME, COMPATIBLE, DIFFERENT, UNKNOWN = Agreement.SAME, Agreement.COMPATIBLE, Agreement.DIFFERENT, Agreement.UNKNOWN
WORDS = st.text(alphabet="abcdeJ. &-:,()ofthe", max_size=40)
SOME = settings(max_examples=200, deadline=None)

ONE_JOURNAL = [
    ("Arch Gen Psychiatry", "Archives of General Psychiatry"),
    ("Arch. Gen. Psychiat.", "Archives of General Psychiatry"),
    ("J Clin Psychopharmacol", "Journal of Clinical Psychopharmacology"),
    ("N Engl J Med", "The New England Journal of Medicine"),
    ("NEJM", "New England Journal of Medicine"),
    ("Proc Natl Acad Sci U S A", "Proceedings of the National Academy of Sciences"),
    ("PNAS", "Proceedings of the National Academy of Sciences of the United States of America"),
    ("JAMA", "JAMA: The Journal of the American Medical Association"),
    ("J Am Med Assoc", "JAMA: The Journal of the American Medical Association"),
    ("BMJ", "British Medical Journal"),
    ("BMJ (Clinical research ed.)", "BMJ"),
    ("The Lancet", "Lancet (London, England)"),
    ("Br J Psychiatry", "The British Journal of Psychiatry"),
    ("J Natl Cancer Inst", "Journal of the National Cancer Institute"),
    ("Jpn J Pharmacol", "The Japanese Journal of Pharmacology"),
    ("Geburtshilfe Frauenheilkd", "Geburtshilfe und Frauenheilkunde"),
    ("Med Clin North Am", "The Medical Clinics of North America"),
    ("Acta Otolaryngol", "Acta oto-laryngologica"),
    ("Nutr Metab", "Nutrition & Metabolism"),
    ("Can J Psychiatry", "Canadian journal of psychiatry. Revue canadienne de psychiatrie"),
    ("Phys. Rev. B", "Physical review. B, Condensed matter"),
    ("Communications of the ACM", "Communications of the Association for Computing Machinery"),
    ("Archives of Internal Medicine", "JAMA Internal Medicine"),
    ("PLoS ONE", "PLOS ONE"),
]
TWO_JOURNALS = [
    ("JAMA", "JAMA Psychiatry"),
    ("BMJ", "BMJ Open"),
    ("The Lancet", "The Lancet Psychiatry"),
    ("Nature", "Nature Medicine"),
    ("J Physiol", "Journal of Physiological Sciences and Medicine"),
    ("CA: a cancer journal for clinicians", "Cancer"),
    ("Pain", "Prostaglandins"),
    ("J Neurol", "Journal of Neuroinflammation"),
    ("Brain", "Brain and Behavior"),
    ("Biochem. Pharmacol.", "Biochemistry"),
]


@pytest.mark.parametrize(("one", "other"), ONE_JOURNAL)
def test_one_journal_under_two_names(one: str, other: str) -> None:
    assert compare(one, other) in (SAME, COMPATIBLE)
    assert compare(other, one) is compare(one, other)


@pytest.mark.parametrize(("one", "other"), TWO_JOURNALS)
def test_two_journals_stay_two(one: str, other: str) -> None:
    assert compare(one, other) is DIFFERENT
    assert compare(other, one) is DIFFERENT


def agreement(record: Record, **fields: str) -> Agreement:
    return compare_journals(Reference("a", "article", Place("a.bib"), fields), record).agreement


def test_an_equal_issn_settles_it() -> None:
    record = Record("a", State.FOUND, containers=("Psychopharmakologie",), issn=("0269-8811",))
    assert agreement(record, journal="J Psychopharmacol", issn="02698811") is SAME


def test_any_registered_name_will_do() -> None:
    record = Record("a", State.FOUND, containers=("Zhonghua Jingshenke Zazhi", "Chin J Psychiatry"))
    assert agreement(record, journal="Chinese Journal of Psychiatry") is COMPATIBLE


def test_a_preprint_server_is_no_claim_to_a_journal() -> None:
    assert is_preprint_server("bioRxiv")
    assert is_preprint_server("SSRN Electronic Journal")
    assert agreement(Record("a", State.FOUND, containers=("Engineering",)), journal="medRxiv") is UNKNOWN


def test_a_book_s_title_is_held_against_nobody() -> None:
    record = Record("a", State.FOUND, containers=("Lecture Notes in Computer Science",), type="book-chapter")
    assert agreement(record, booktitle="Proceedings of the 5th workshop on moods") is UNKNOWN


def test_a_silent_side_is_unknown() -> None:
    assert agreement(Record("a", State.FOUND), journal="BMJ") is UNKNOWN
    assert agreement(Record("a", State.FOUND, containers=("BMJ",))) is UNKNOWN


@given(WORDS, WORDS)
@SOME
def test_journals_compare_the_same_both_ways(one: str, other: str) -> None:
    assert compare(one, other) is compare(other, one)


@given(st.text(max_size=40))
@SOME
def test_a_journal_agrees_with_itself(name: str) -> None:
    assert compare(name, name) in (SAME, UNKNOWN)
