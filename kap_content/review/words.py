"""What reviewers call things: labels and explanations of verdicts, certainty, decisions, categories and designs."""

from __future__ import annotations

from datetime import date

from kap_content.model.approval import Decision
from kap_content.model.claim import Certainty, Verdict

VERDICTS = {
    Verdict.SUBSTANTIATED: ("Substantiated", "the source carries the claim, as it is worded"),
    Verdict.OVERSIMPLIFIED: ("Oversimplified", "true, but a condition was left out"),
    Verdict.OVERGENERALIZED: ("Overgeneralized", "true of the people studied, stated of more"),
    Verdict.TRIVIAL: ("Trivial", "a slip that changes nothing for readers"),
    Verdict.INDIRECT_SOURCE: ("Indirect source", "the source only repeats another"),
    Verdict.NOT_SUBSTANTIATED: ("Not substantiated", "the source does not carry the claim"),
    Verdict.UNRELATED: ("Unrelated", "the source is about something else"),
    Verdict.CONTRADICTED: ("Contradicted", "the source says otherwise"),
}
VERDICT_GROUPS = (
    ("The source carries it", (Verdict.SUBSTANTIATED,)),
    (
        "Minor error",
        (Verdict.OVERSIMPLIFIED, Verdict.OVERGENERALIZED, Verdict.TRIVIAL, Verdict.INDIRECT_SOURCE),
    ),
    ("Major error", (Verdict.NOT_SUBSTANTIATED, Verdict.UNRELATED, Verdict.CONTRADICTED)),
)
CERTAINTIES = {
    Certainty.HIGH: ("High", "further research is very unlikely to change this"),
    Certainty.MODERATE: ("Moderate", "probably so; further research may change it"),
    Certainty.LOW: ("Low", "may be so; further research is likely to change it"),
    Certainty.VERY_LOW: ("Very low", "the evidence is very uncertain"),
}
QUOTES = {
    "abstract": "These words stand in the abstract.",
    "before": "These words were found in the source before.",
    "absent": "These words are not in the abstract; the full text is not at hand.",
    "unknown": "The source’s text is not at hand to look for these words.",
}
"""Whether a quotation was found."""
DECIDED = {
    Decision.APPROVE: "approved",
    Decision.REJECT: "rejected",
    Decision.REQUEST_CHANGES: "asked for changes",
}
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def in_words(day: date) -> str:
    """`22 November 2026`, whatever the machine's language."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def counted(number: int, one: str, many: str = "") -> str:
    """`1 claim`, `2 claims`, `10,000 claims`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def spaced(text: str) -> str:
    """`not_substantiated` as `not substantiated`."""
    return text.replace("_", " ")
