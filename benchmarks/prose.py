"""Sober medical prose for generated sites: topics, sentences with sources, questions, and what is no claim.

Rules find nothing in it. Curly names are filled in: `n` people enrolled, `a` fewer of them, `w` weeks, `k` a small
number, `t` a time of day's hour.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Topic:
    """A drug, what it is approved for, what trials measured, and a harm that they counted."""

    drug: str
    condition: str
    outcome: str
    harm: str


TOPICS = (
    Topic("metformin", "type 2 diabetes", "HbA1c", "Diarrhea"),
    Topic("semaglutide", "obesity", "body weight", "Nausea"),
    Topic("topiramate", "migraine", "the number of monthly migraine days", "Tingling of the fingers"),
    Topic("naltrexone", "alcohol use disorder", "the number of heavy drinking days", "Headache"),
    Topic("pregabalin", "neuropathic pain", "the pain rating", "Dizziness"),
)

EFFICACY = (
    "In a randomized trial of {n} adults with {condition}, {outcome} was {a}% lower with {drug} than with placebo."
)
SAFETY = "{harm} was reported by {a} of {n} adults who took {drug} in a randomized trial."

SOURCED = (
    "The trial enrolled {n} adults at {k} clinics [@{ref}].",
    "Treatment lasted {w} weeks, and visits took place every {k} weeks [@{ref}].",
    "{a} of {n} adults left the study before week {w} [@{ref}].",
    "People with severe kidney disease were not enrolled [@{ref}].",
    "Adults were assigned at random to {drug} or to placebo [@{ref}].",
    "The median age of those enrolled was {w} years [@{ref}].",
    "Neither the adults nor the investigators knew who took {drug} [@{ref}].",
    "The dose was raised in {k} steps over the first {w} weeks [@{ref}].",
    "Blood tests were taken before treatment and after {w} weeks [@{ref}].",
    "The main outcome was measured at week {w} by staff who did not know the assignment [@{ref}].",
    "{harm} led {k} of {n} adults to stop treatment [@{ref}].",
    "Of {n} adults assigned to placebo, {a} completed all visits [@{ref}].",
)
QUESTIONS = (
    "What would you like to ask your doctor about {drug}?",
    "Which other medicines do you take, and since when?",
    "Has a relative of yours been treated for {condition}?",
    "Do you have a list of the medicines that you take?",
    "Would you like to read about {condition} in another language?",
    "How would you notice {harm} while you take {drug}?",
    "Who could come with you to a visit?",
)
HEADINGS = (
    "What trials of {drug} measured",
    "Who took part",
    "How {drug} was taken",
    "What was reported during treatment",
    "How {condition} was assessed",
    "Questions for your visit",
)
AROUND = (
    "The reception desk is open from {t} on weekdays. Please bring your insurance card and a list of your medicines.",
    "Parking is behind the building, and the tram stops {k} minutes away. Entrance {k} has a ramp.",
    "Letters can be sent to the address below. Calls are answered from {t} on weekdays.",
    "This page can be printed. Its large-print edition has {w} pages.",
)
