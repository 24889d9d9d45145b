"""Study designs by title and publication type, and causal statements."""

from __future__ import annotations

from pathlib import Path

import pytest

from kap_content.language.causation import causal_verbs, forms
from kap_content.language.design import design_in_title, design_of, level
from kap_content.load.lexicon import read_lexicon
from kap_content.model.claim import Category, Design, Evidence
from kap_content.model.place import Place
from kap_content.model.record import Record, State
from kap_content.model.settings import Settings

LEXICON = read_lexicon(Settings(), Path())


@pytest.mark.parametrize(
    ("title", "design"),
    [
        ("Ketamine for anxiety: a systematic review and meta-analysis", Design.META_ANALYSIS),
        (
            "Ketamine for social anxiety disorder: a randomized, placebo-controlled crossover trial",
            Design.CROSSOVER_RCT,
        ),
        ("A randomised controlled trial of talking therapy", Design.RCT),
        ("Ketamine in anxiety: an open-label pilot", Design.OPEN_LABEL),
        ("Ketamine-induced cystitis: a case report", Design.CASE_REPORT),
        ("Ketamine and extinction of fear in mice", Design.ANIMAL),
        ("Protocol for a randomised controlled trial of ketamine", None),
        ("Ketamine in the treatment of anxiety", None),
        ("Effects of ketamine in patients with anxiety disorders", None),
    ],
)
def test_only_unmistakable_title_words_tell_the_design(title: str, design: Design | None) -> None:
    assert design_in_title(title) is design


def test_the_registered_design_outweighs_the_publication_type() -> None:
    record = Record("k", State.FOUND, publication_types=("Randomized Controlled Trial",))
    item = Evidence("k", Place("claims.yaml"), design=Design.OPEN_LABEL)
    assert design_of(item, record) is Design.OPEN_LABEL


def test_the_publication_type_outweighs_the_title() -> None:
    record = Record("k", State.FOUND, title="A case of bladder pain", publication_types=("Meta-Analysis",))
    assert design_of(Evidence("k", Place("claims.yaml")), record) is Design.META_ANALYSIS


def test_the_levels_follow_the_table_for_benefits() -> None:
    graded = [Design.SYSTEMATIC_REVIEW, Design.RCT, Design.COHORT, Design.CASE_SERIES, Design.MECHANISM]
    assert [level(design, Category.EFFICACY) for design in graded] == [1, 2, 3, 4, 5]


def test_a_mechanism_has_no_level() -> None:
    assert level(Design.IN_VITRO, Category.MECHANISM) is None


@pytest.mark.parametrize(
    "text",
    [
        "Weekly doses produced a 50% reduction in anxiety.",
        "Ketamine relieves panic.",
        "The infusions led to calm.",
        "Anxiety was reduced by ketamine.",
        "Ketamine can prevent relapse.",
    ],
)
def test_a_statement_of_cause_is_one(text: str) -> None:
    assert causal_verbs(text, LEXICON)


@pytest.mark.parametrize(
    "text",
    [
        "Ketamine may reduce anxiety.",
        "Ketamine did not reduce anxiety.",
        "Ratings fell by half after the dose.",
        "Anxiety was reduced by 50%.",
        "People with reduced appetite took part.",
        "Patients increased their dose.",
        "Sleep improved in the second week.",
        "The trial was designed to prevent relapse.",
        "The dose was lowered.",
        "There was no evidence that ketamine reduced anxiety.",
        "It is too early to say that ketamine prevents relapse.",
        "Delayed treatment achieved lower rates of relapse.",
        "Patients fared better compared to controls.",
        "Sleep improved markedly.",
        "Does ketamine reduce anxiety?",
    ],
)
def test_what_is_hedged_denied_or_only_seen_states_no_cause(text: str) -> None:
    assert not causal_verbs(text, LEXICON)


@pytest.mark.parametrize(
    ("lemma", "expected"),
    [("reduce", "reduced"), ("remedy", "remedies"), ("cut", "cut"), ("bring", "brought"), ("bypass", "bypasses")],
)
def test_verbs_are_bent_as_english_bends_them(lemma: str, expected: str) -> None:
    assert expected in forms(lemma)
