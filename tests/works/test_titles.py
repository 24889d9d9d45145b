from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kap_content.model.place import Place
from kap_content.model.record import Record, State
from kap_content.model.reference import Reference
from kap_content.works.agreement import Agreement
from kap_content.works.titles import bare_title, compare, compare_titles, says_notice, says_retracted, says_withdrawn

SAME, COMPATIBLE, DIFFERENT, UNKNOWN = Agreement.SAME, Agreement.COMPATIBLE, Agreement.DIFFERENT, Agreement.UNKNOWN
TEXT = st.text(max_size=60)
SOME = settings(max_examples=150, deadline=None)

PAIRS = {
    "case and the closing full stop": ("Ketamine In Panic Disorder.", "Ketamine in panic disorder", SAME),
    "dashes and quotation marks": ("A “quick–fix”?", "A 'quick-fix'?", SAME),
    "an apostrophe": ("Parkinson’s disease", "Parkinson's disease", SAME),
    "a Greek letter": ("The role of TNF-α in mood", "The role of TNF-alpha in mood", SAME),
    "markup": ("CO<sub>2</sub> challenge in <i>panic</i>", "CO2 challenge in panic", SAME),
    "doubly escaped markup": ("&amp;lt;i&amp;gt;Hypericum&amp;lt;/i&amp;gt; trial", "Hypericum trial", SAME),
    "the article's retraction": ("RETRACTED: Vitamin D and mood", "Vitamin D and mood", SAME),
    "a retraction in brackets at the end": ("Vitamin D and mood (Retracted article)", "Vitamin D and mood", SAME),
    "a bracketed retraction in front": ("[Retracted] Vitamin D and mood", "Vitamin D and mood", SAME),
    "the medium": ("Vitamin D and mood [Internet].", "Vitamin D and mood", SAME),
    "a translated title in brackets": ("[Fear of flying].", "Fear of flying", SAME),
    "British and American spelling": (
        "Randomised trial of behaviour therapy in generalised anxiety",
        "Randomized trial of behavior therapy in generalized anxiety",
        COMPATIBLE,
    ),
    "a misprint": (
        "Maintenance ketmaine treatment of anxiety",
        "Maintenance ketamine treatment of anxiety",
        COMPATIBLE,
    ),
    "the subtitle dropped": ("Fear", "Fear: a study of its outward signs", COMPATIBLE),
    "the subtitle after a dash": ("Fear itself", "Fear itself — a review", COMPATIBLE),
    "the subtitle after a question": ("Who panics?", "Who panics? A survey of 2,000 adults", COMPATIBLE),
    "words in brackets dropped": ("The two cultures", "The two cultures (with discussion)", COMPATIBLE),
    "a heading in front": ("Localized urticaria pigmentosa", "Proceedings: Localized urticaria pigmentosa", COMPATIBLE),
    "another part": ("Rating of panic: part 1", "Rating of panic: part 2", DIFFERENT),
    "another Roman part": ("Sample size for trials: Part I", "Sample size for trials: Part II", DIFFERENT),
    "another quiz": ("Pathology quiz case 1", "Pathology quiz case 3", DIFFERENT),
    "one word in another's place": (
        "Efficacy of psilocybin in generalised anxiety disorder: a randomised trial",
        "Efficacy of pregabalin in generalised anxiety disorder: a randomised trial",
        DIFFERENT,
    ),
    "esketamine and ketamine": (
        "Esketamine in generalised anxiety disorder",
        "Ketamine in generalised anxiety disorder",
        DIFFERENT,
    ),
    "an acronym": (
        "Microbes in the gut seen by ribosomal RNA sequences in adults",
        "Microbes in the gut seen by rRNA sequences in adults",
        COMPATIBLE,
    ),
    "another ending": ("Data collected from adults with panic", "Data collection from adults with panic", COMPATIBLE),
    "upper and lower": (
        "Rating of the upper extremity in adults",
        "Rating of the lower extremity in adults",
        DIFFERENT,
    ),
    "a word parted": ("Greyscale images in mental health care", "Grey scale images in mental healthcare", SAME),
    "a number in letters": ("Twelve month follow-up of panic", "12-month follow up of panic disorder", COMPATIBLE),
    "versus shortened": ("Ketamine versus midazolam in anxiety", "Ketamine vs. midazolam for anxiety", COMPATIBLE),
    "another subject": ("Ketamine in social anxiety disorder", "Quetiapine in generalised anxiety disorder", DIFFERENT),
    "a short title inside another": ("Introduction", "An introduction to ketamine", DIFFERENT),
    "another script": ("Fear of flying", "Боязнь полётов", UNKNOWN),
    "no letters": ("—", "Fear of flying", UNKNOWN),
}


@pytest.mark.parametrize("name", PAIRS)
def test_two_titles_agree_as_a_reader_would_say(name: str) -> None:
    one, other, verdict = PAIRS[name]
    assert compare(bare_title(one), bare_title(other)) is verdict


@pytest.mark.parametrize("name", PAIRS)
def test_the_order_of_two_titles_does_not_matter(name: str) -> None:
    one, other, verdict = PAIRS[name]
    assert compare(bare_title(other), bare_title(one)) is verdict


def agreement(record: Record, **fields: str) -> Agreement:
    return compare_titles(Reference("a", "article", Place("a.bib"), fields), record).agreement


def test_the_registry_s_subtitle_belongs_to_its_title() -> None:
    record = Record("a", State.FOUND, title="The body keeps the score", subtitle="Memory and trauma")
    assert agreement(record, title="The body keeps the score: memory and trauma") is SAME
    assert agreement(record, title="The Body Keeps the Score") is SAME


def test_any_registered_title_will_do() -> None:
    record = Record("a", State.FOUND, title="Fear of flying", other_titles=("Flugangst bei Erwachsenen",))
    assert agreement(record, title="{F}lugangst bei Erwachsenen".replace("{F}", "F")) is SAME


def test_a_chapter_may_stand_for_its_book() -> None:
    record = Record("a", State.FOUND, title="Panic", containers=("Handbook of anxiety disorders",), type="book-chapter")
    assert agreement(record, title="Handbook of Anxiety Disorders") is COMPATIBLE


def test_a_notice_is_compatible_with_the_article_it_is_about() -> None:
    record = Record("a", State.FOUND, title="Correction to: Fear of flying in adults")
    assert agreement(record, title="Fear of flying in adults") is SAME


def test_a_silent_side_is_unknown() -> None:
    assert agreement(Record("a", State.FOUND), title="Fear of flying") is UNKNOWN
    assert agreement(Record("a", State.FOUND, title="Fear of flying")) is UNKNOWN


@pytest.mark.parametrize(
    "title",
    [
        "RETRACTED: Vitamin D and mood",
        "Retracted Article: Vitamin D and mood",
        "RETRACTED ARTICLE. Vitamin D and mood",
        "WITHDRAWN: Vitamin D and mood",
        "Temporary Removal: Vitamin D and mood",
        "[Retracted] Vitamin D and mood",
        "Vitamin D and mood [RETRACTED]",
        "Vitamin D and mood (Retracted article. See vol. 10)",
        "<b>RETRACTED</b>: Vitamin D and mood",
    ],
)
def test_a_retracted_title_is_known(title: str) -> None:
    assert says_retracted(title)


@pytest.mark.parametrize(
    "title",
    [
        "Retracted eardrums in children",
        "Withdrawn adolescents and their families",
        "Retraction of the lower lid",
        "Removed teeth - a burial custom".replace(" - ", " "),
        "Citations of retracted articles",
        "Articles (retracted or not) in psychiatry",
        "Retraction: Vitamin D and mood",
    ],
)
def test_other_titles_are_not_taken_for_retracted(title: str) -> None:
    assert not says_retracted(title)


def test_withdrawn_is_told_from_retracted() -> None:
    assert says_withdrawn("WITHDRAWN: Cannabis and schizophrenia")
    assert not says_withdrawn("RETRACTED: Cannabis and schizophrenia")


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Erratum", "erratum"),
        ("Corrigendum to “Visual outcomes”", "corrigendum"),
        ("Correction: Attention in space", "correction"),
        ("Author Correction: Attention in space", "correction"),
        ("Correction to: Attention in space", "correction"),
        ("Correction to Enhanced Gas Uptake during Ozonolysis", "correction"),
        ("Retraction Note: Attention in space", "retraction"),
        ("Retraction: Attention in space", "retraction"),
        ("Expression of Concern: Attention in space", "expression of concern"),
        ("Notice of Retraction and Replacement. Lee et al.", "retraction"),
        ("Correction of a split nail deformity", ""),
        ("Corrections in prisons: a review", ""),
        ("Withdrawal: what to expect", ""),
        ("Retraction of anterior teeth", ""),
        ("Three corrections to Cordaro", ""),
    ],
)
def test_a_notice_is_known_by_its_title(title: str, kind: str) -> None:
    assert says_notice(title) == kind


def test_an_article_of_many_pages_is_no_notice() -> None:
    assert says_notice("Correction to Reynolds Number in Narrow Pipes", "101-118") == ""


@given(TEXT, TEXT)
@SOME
def test_titles_compare_the_same_both_ways(one: str, other: str) -> None:
    assert compare(one, other) is compare(other, one)


@given(TEXT)
@SOME
def test_a_title_agrees_with_itself(title: str) -> None:
    assert compare(bare_title(title), bare_title(title)) in (SAME, UNKNOWN)


@given(TEXT)
@SOME
def test_no_text_breaks_the_questions(title: str) -> None:
    says_retracted(title)
    says_notice(title, title)
