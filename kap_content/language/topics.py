"""The topics of a project's claims: what newer systematic reviews are asked after, and since when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from kap_content.language.subject import Subjects, subjects_of
from kap_content.model.claim import Category, Claim
from kap_content.model.lexicon import Subject, SubjectKind
from kap_content.model.project import Context

_NOT_ASKED = frozenset({Category.SERVICE, Category.SUPERIORITY, Category.REGULATORY, Category.HISTORICAL})
_ASIDE = frozenset({Category.SAFETY, Category.MECHANISM})
_PLACEBO = "placebo"
_MOST_NAMES = 12
"""Names of one subject that a query holds: more make it no better, and too long."""
_ACRONYM = 6
_NO_REVIEW = (
    'NOT (protocol[ti] OR "retracted publication"[pt] OR "retraction of publication"[pt] OR "published erratum"[pt])'
)


@dataclass(frozen=True, slots=True)
class Topic:
    """What some claims are about: interventions in conditions, by their names in the tables, sorted."""

    interventions: tuple[str, ...]
    conditions: tuple[str, ...]

    @property
    def name(self) -> str:
        """Its name in the lock: `ketamine in anxiety disorders`."""
        return f"{' or '.join(self.interventions)} in {' or '.join(self.conditions)}"


def topic_of(claim: Claim, context: Context) -> Topic | None:
    """The claim's topic; None where the tables know either no intervention or no condition of it.

    Each is looked for in the claim's own field, then in its wording, then in what the pages that show it are about.
    What the wording of a statement on harm or mechanism names is as a rule not the condition treated: there the page
    goes before the wording.
    """
    if claim.category in _NOT_ASKED or context.is_retired(claim):
        return None
    subjects = subjects_of(context.lexicon)
    about = [use.page.meta for use in context.uses.get(claim.id, ())]
    treated_pages = [meta.condition for meta in about]
    wording = [claim.match_text]
    conditions = _first_named(
        (claim.pico.population, *(treated_pages + wording if claim.category in _ASIDE else wording + treated_pages)),
        SubjectKind.CONDITION,
        subjects,
    )
    interventions = _first_named(
        (claim.pico.intervention, *wording, *(meta.intervention for meta in about)), SubjectKind.INTERVENTION, subjects
    )
    return Topic(interventions, conditions) if interventions and conditions else None


def _first_named(texts: Iterable[str], kind: SubjectKind, subjects: Subjects) -> tuple[str, ...]:
    """The subjects that the first text to name any names; where it names a wider one besides, only the narrower."""
    for text in texts:
        names = subjects.named(text, kind) - {_PLACEBO}
        if names:
            wider = frozenset().union(*map(subjects.above, names))
            return tuple(sorted(names - wider))
    return ()


def last_review(claim: Claim, context: Context) -> date | None:
    """The last day on which a person looked at the claim: at its evidence, at a page with it, or to approve it."""
    days = [item.checked_on for item in claim.evidence]
    days += [use.page.meta.last_reviewed for use in context.uses.get(claim.id, ())]
    days += [decision.on for decision in context.project.approvals if decision.claim == claim.id]
    return max((day for day in days if day is not None and day <= context.as_of), default=None)


def queries(context: Context) -> dict[str, str]:
    """PubMed's query for each topic by its name: systematic reviews since the earliest of its claims' last reviews."""
    since: dict[Topic, date] = {}
    for claim in context.project.claims:
        topic, day = topic_of(claim, context), last_review(claim, context)
        if topic is not None and day is not None:
            since[topic] = min(day, since.get(topic, day))
    named = sorted(since.items(), key=lambda item: item[0].name)
    return {topic.name: query(topic, day, context.lexicon.subjects) for topic, day in named}


def query(topic: Topic, since: date, subjects: Mapping[str, Subject]) -> str:
    """PubMed's query for the systematic reviews of a topic that were taken up on `since` or later."""
    interventions = [subjects[name] for name in topic.interventions]
    conditions = [subjects[name] for name in topic.conditions]
    # A review of a treatment has it in the title, or among its main headings; the condition may be one of several.
    treated = " OR ".join(_terms(interventions, heading="majr", field="ti"))
    ill = " OR ".join(_terms(conditions, heading="mh", field="tiab"))
    taken_up = f'("{since:%Y/%m/%d}"[edat] : "3000"[edat])'
    return f"({treated}) AND ({ill}) AND systematic[sb] AND {taken_up} {_NO_REVIEW}"


def _terms(subjects: Iterable[Subject], *, heading: str, field: str) -> list[str]:
    terms: dict[str, None] = {}
    for subject in subjects:
        terms |= dict.fromkeys(f'"{name}"[{heading}]' for name in subject.mesh)
        names = [name for name in (subject.name, *subject.terms) if _is_searchable(name)]
        terms |= dict.fromkeys(f'"{name}"[{field}]' for name in names[:_MOST_NAMES])
    return list(terms)


def _is_searchable(name: str) -> bool:
    """PubMed knows no case: an acronym that is a word (SAD) would find that word. Its marks are letters and hyphens."""
    is_acronym = name.isupper() and len(name) <= _ACRONYM
    return not is_acronym and all(character.isalnum() or character in " -'" for character in name)
