"""Pages for the renderer and the desk, mostly questions: rules take little of the time. `sites.py` has prose."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kap_content.load.lock import dump_lock
from kap_content.model.dates import PartialDate
from kap_content.model.record import Record, Source, State

SEED = 20261122
WORDS = (
    "anxiety",
    "ketamine",
    "dose",
    "trial",
    "placebo",
    "ratings",
    "week",
    "therapy",
    "infusion",
    "patients",
    "symptoms",
    "response",
    "sleep",
    "worry",
    "panic",
    "clinic",
    "physician",
    "nurse",
    "blood",
    "pressure",
    "nausea",
    "follow-up",
    "treatment",
    "outcome",
    "evidence",
    "review",
    "sample",
    "group",
    "effect",
)


@dataclass(frozen=True)
class Size:
    """How many pages, claims and references the site has."""

    pages: int
    claims: int
    references: int


def write_project(folder: Path, size: Size) -> Path:
    """Write a site below `folder` and return it; the same size gives the same bytes."""
    dice = random.Random(SEED)
    (folder / "pages").mkdir(parents=True)
    (folder / "kap.toml").write_text('output = "site"\n', encoding="utf-8")
    (folder / "references.bib").write_text("".join(_entry(number) for number in range(size.references)), "utf-8")
    (folder / "references.lock").write_text(_lock(size.references), "utf-8")
    claims = [
        f"Ketamine lowered the {_words(dice, 7)} in {number + 2} of {number + 9} adults."
        for number in range(size.claims)
    ]
    (folder / "claims.yaml").write_text("version: 1\nclaims:\n" + "".join(_claims(claims, size.references)), "utf-8")
    for number in range(size.pages):
        (folder / "pages" / f"page-{number:05}.md").write_text(_page(number, claims, dice), "utf-8")
    return folder


def _words(dice: random.Random, count: int) -> str:
    return " ".join(dice.choices(WORDS, k=count))


def _entry(number: int) -> str:
    return (
        f'@article{{ref{number},\n  author = {{Glue, Paul and Neehoff, Shona and M{{\\"u}}ller{number}, Anna}},\n'
        f"  title = {{Ketamine and anxiety in sample {number}}},\n  journal = {{J Psychopharmacol}},\n"
        f"  year = {{2023}},\n  volume = {{{number % 90 + 1}}},\n  number = {{{number % 12 + 1}}},\n"
        f"  pages = {{{number + 1}--{number + 9}}},\n  doi = {{10.5555/kap.{number}}}\n}}\n\n"
    )


def _lock(references: int) -> str:
    source = Source("crossref", date(2026, 11, 22))
    pubmed = Source("pubmed", date(2026, 11, 22))
    return dump_lock(
        {
            f"ref{number}": Record(
                key=f"ref{number}",
                state=State.FOUND,
                sources=(source, pubmed),
                asked=f"10.5555/kap.{number}",
                answered=f"10.5555/kap.{number}",
                title=f"Ketamine and anxiety in sample {number}",
                issued=PartialDate(2023),
            )
            for number in range(references)
        }
    )


def _claims(texts: list[str], references: int) -> Iterator[str]:
    for number, text in enumerate(texts):
        yield (
            f"  - id: C-{number}\n    match_text: {text}\n    category: efficacy\n    status: approved\n"
            f"    next_review_due: 2028-11-22\n    intervention: ketamine\n"
            f"    evidence:\n      - ref: ref{number % references}\n"
            f"        design: rct\n        finding: {text}\n        anchor: {{page: {number % 9 + 1}}}\n"
        )


def _page(number: int, claims: list[str], dice: random.Random) -> str:
    head = (
        f"---\ntitle: Page {number}\ndescription: A page to measure on.\n"
        "author: The maintainers\nreviewer: The maintainers\npublished: 2026-11-22\nlast_reviewed: 2026-11-22\n"
        "next_review_due: 2028-11-22\n---\n\n"
    )
    parts = [head]
    size = len(head)
    while size < 10_000:
        chosen = dice.randrange(len(claims))
        sentences = " ".join(f"Is the {_words(dice, 9)} what you need?" for _ in range(5))
        marked = f"[{claims[chosen]}]{{claim=C-{chosen}}}"
        part = f"## About {_words(dice, 3)}\n\n{sentences} {marked}\n\n- {_words(dice, 8)}\n\n"
        parts.append(part)
        size += len(part)
    return "".join(parts)
