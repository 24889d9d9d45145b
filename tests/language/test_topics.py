from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kap_content.language.topics import last_review, queries, topic_of
from kap_content.load.tables import Subjects
from kap_content.model.approval import Approval
from kap_content.model.claim import Category, Claim, Evidence, Pico
from kap_content.model.lexicon import Lexicon
from kap_content.model.page import ClaimMark, FrontMatter, Page
from kap_content.model.place import Place
from kap_content.model.project import Context, Project
from kap_content.model.settings import Settings

AT = Place("claims.yaml")
TODAY = date(2026, 11, 22)
CLAIM = Claim("A", AT, "Ketamine eased anxiety.", category=Category.EFFICACY)


def page(reviewed: date | None = None, **about: str) -> Page:
    meta = FrontMatter(Place("a.md"), last_reviewed=reviewed, **about)
    return Page("a.md", "", meta, marks=(ClaimMark("A", Place("a.md"), ""),))


def context(*claims: Claim, pages: tuple[Page, ...] = (), approvals: tuple[Approval, ...] = ()) -> Context:
    lexicon = Lexicon(subjects=Subjects())
    return Context.of(Project(Settings(), lexicon, pages, claims, approvals=approvals), TODAY)


def named(claim: Claim, *pages: Page) -> str:
    topic = topic_of(claim, context(claim, pages=pages))
    return topic.name if topic is not None else ""


@pytest.mark.parametrize(
    ("claim", "name"),
    [
        (CLAIM, "ketamine in anxiety disorders"),
        (replace(CLAIM, pico=Pico(population="adults with PTSD")), "ketamine in post-traumatic stress disorder"),
        (replace(CLAIM, pico=Pico(intervention="Spravato")), "esketamine in anxiety disorders"),
        (
            replace(CLAIM, match_text="Ketamine eased anxiety, also social anxiety."),
            "ketamine in social anxiety disorder",
        ),
        (replace(CLAIM, match_text="Ketamine worsened hypertension."), "ketamine in hypertension"),
        (
            replace(CLAIM, match_text="Ketamine worsened hypertension.", category=Category.SAFETY),
            "ketamine in depression",
        ),
        (replace(CLAIM, match_text="It eased symptoms."), "ketamine in depression"),
        (replace(CLAIM, category=Category.REGULATORY), ""),
    ],
)
def test_a_claim_is_about_a_treatment_in_a_condition(claim: Claim, name: str) -> None:
    assert named(claim, page(condition="depression", intervention="ketamine")) == name


def test_without_a_condition_or_a_treatment_there_is_no_topic() -> None:
    assert named(replace(CLAIM, match_text="Ketamine was given.")) == ""
    assert named(replace(CLAIM, match_text="Anxiety is common.")) == ""


def test_the_last_review_is_the_latest_look_of_a_person() -> None:
    claim = replace(CLAIM, evidence=(Evidence("x", AT, checked_on=date(2025, 1, 1)),))
    signed = Approval("A", "", "approve", "medical", "a person", date(2025, 3, 1), AT)
    assert last_review(CLAIM, context(CLAIM)) is None
    assert last_review(claim, context(claim)) == date(2025, 1, 1)
    assert last_review(claim, context(claim, pages=(page(date(2025, 2, 1)),))) == date(2025, 2, 1)
    assert last_review(claim, context(claim, approvals=(signed,))) == date(2025, 3, 1)
    assert last_review(claim, context(claim, pages=(page(date(2027, 1, 1)),))) == date(2025, 1, 1)


def test_a_query_reaches_back_to_the_earliest_review_of_its_topic() -> None:
    checked = [
        replace(CLAIM, id=name, evidence=(Evidence("x", AT, checked_on=day),))
        for name, day in (("A", date(2025, 1, 1)), ("B", date(2024, 5, 1)))
    ]
    asked = queries(context(*checked, CLAIM))
    assert set(asked) == {"ketamine in anxiety disorders"}
    query = asked["ketamine in anxiety disorders"]
    assert '("2024/05/01"[edat] : "3000"[edat])' in query
    assert query.startswith('("Ketamine"[majr] OR "ketamine"[ti] OR ')
    assert '"Anxiety Disorders"[mh] OR "Anxiety"[mh] OR "anxiety disorders"[tiab]' in query
    assert "systematic[sb]" in query
    assert query.count("(") == query.count(")")


def test_acronyms_and_marks_that_pubmed_reads_otherwise_stay_out() -> None:
    claim = replace(CLAIM, pico=Pico(population="SAD"), evidence=(Evidence("x", AT, checked_on=TODAY),))
    (query,) = queries(context(claim)).values()
    assert '"SAD"' not in query
    assert "(R,S)" not in query
