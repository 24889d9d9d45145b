"""Sites of any size to measure on: pages of about 10 kB with marked claims, a registry, a bibliography and a lock.

A site is clean but for the defects that are planted in it (`defects.py`), so that a check can be held to what it should
find. The same size gives the same bytes.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from prose import AROUND, EFFICACY, HEADINGS, QUESTIONS, SAFETY, SOURCED, TOPICS, Topic

from kap_content.load.lock import dump_lock
from kap_content.model.dates import PartialDate
from kap_content.model.record import Record, Source, State
from kap_content.model.reference import Name

SEED = 20261122
DAY = date(2026, 11, 22)
JOURNALS = ("BMJ Open", "J Psychopharmacol", "Trials", "PLoS Med", "BMC Med")
FAMILIES = ("Miller", "Okafor", "Lindqvist", "Tanaka", "Moreau", "Silva", "Novak", "Haddad", "Kowalski", "Brennan")


@dataclass(frozen=True)
class Size:
    """How many pages, claims and references the site has, and how large its pages are at least."""

    pages: int
    claims: int
    references: int
    page_bytes: int = 10_000


@dataclass
class Claim:
    """A claim on its way into claims.yaml; `extra` are further lines of it."""

    id: str
    text: str
    category: str
    ref: str
    status: str = "approved"
    due: str = "2028-11-22"
    design: str = "rct"
    finding: str = ""
    extra: str = ""

    def yaml(self) -> str:
        """The claim as an item of claims.yaml."""
        evidence = (
            f"    evidence:\n      - ref: {self.ref}\n        design: {self.design}\n"
            f"        finding: {self.finding or self.text}\n        anchor: {{page: 3}}\n"
        )
        return (
            f"  - id: {self.id}\n    match_text: {self.text}\n    category: {self.category}\n"
            f"    status: {self.status}\n    next_review_due: {self.due}\n{self.extra}{evidence if self.ref else ''}"
        )


@dataclass
class Reference:
    """An entry on its way into references.bib, and the registry's record of it."""

    key: str
    number: int
    title: str
    doi: str
    record: Record | None = None

    def bibtex(self) -> str:
        """The entry as it stands in references.bib."""
        number = self.number
        return (
            f'@article{{{self.key},\n  author = {{{_family(number)}, Anna and M{{\\"u}}ller, Jan}},\n'
            f"  title = {{{self.title}}},\n  journal = {{{JOURNALS[number % len(JOURNALS)]}}},\n  year = {{2024}},\n"
            f"  volume = {{{number % 90 + 1}}},\n  number = {{{number % 12 + 1}}},\n"
            f"  pages = {{{number + 1}--{number + 9}}},\n  doi = {{{self.doi}}}\n}}\n\n"
        )


@dataclass
class Page:
    """A page on its way into a file."""

    path: str
    topic: Topic
    head: dict[str, str]
    claims: list[Claim]
    refs: list[str]
    body: list[str] = field(default_factory=list)

    def markdown(self) -> str:
        """The page as its file holds it."""
        head = "".join(f"{name}: {value}\n" for name, value in self.head.items())
        return f"---\n{head}---\n\n" + "\n\n".join(self.body) + "\n"


@dataclass
class Site:
    """A site before it is written."""

    pages: list[Page]
    claims: list[Claim]
    references: list[Reference]

    def write(self, folder: Path) -> None:
        """Write all files below `folder`."""
        (folder / "pages").mkdir(parents=True)
        (folder / "kap.toml").write_text('output = "site"\n', encoding="utf-8")
        (folder / "references.bib").write_text("".join(entry.bibtex() for entry in self.references), "utf-8")
        records = {entry.key: entry.record for entry in self.references if entry.record is not None}
        (folder / "references.lock").write_text(dump_lock(records), "utf-8")
        claims = "".join(claim.yaml() for claim in self.claims)
        (folder / "claims.yaml").write_text(f"version: 1\nclaims:\n{claims}", "utf-8")
        for page in self.pages:
            (folder / page.path).write_text(page.markdown(), "utf-8")


def write_project(folder: Path, size: Size) -> Path:
    """Write a clean site below `folder` and return it."""
    make_site(size).write(folder)
    return folder


def make_site(size: Size) -> Site:
    """A clean site: each claim stands on one page, and one in five, at least one a page, is on safety."""
    dice = random.Random(SEED)
    topics: list[Topic | None] = [None] * size.references
    pages, claims = [], []
    for number in range(size.pages):
        refs = _block(number, size.pages, size.references)
        topic = topics[refs[0]] or TOPICS[number % len(TOPICS)]
        for ref in refs:
            topics[ref] = topics[ref] or topic
        block = _block(number, size.pages, size.claims, least=0)
        few = min(5, len(block))
        own = [
            _claim(claim, topic, f"ref{refs[place % len(refs)]}", dice, is_safety=place % few == few - 1)
            for place, claim in enumerate(block)
        ]
        claims += own
        pages.append(_page(number, topic, own, [f"ref{ref}" for ref in refs], dice, size.page_bytes))
    references = [_reference(number, topic or TOPICS[0]) for number, topic in enumerate(topics)]
    return Site(pages, claims, references)


def _block(number: int, of: int, things: int, least: int = 1) -> Sequence[int]:
    """The things of the page `number`: a part of them, or at least so many, which pages then share."""
    start, end = number * things // of, (number + 1) * things // of
    return range(start, max(end, start + least))


def _claim(number: int, topic: Topic, ref: str, dice: random.Random, *, is_safety: bool) -> Claim:
    people = number + 40  # no two claims are worded alike
    part = dice.randrange(5, 35)
    text = (SAFETY if is_safety else EFFICACY).format(
        n=people, a=part, drug=topic.drug, condition=topic.condition, outcome=topic.outcome, harm=topic.harm
    )
    extra = f"    intervention: {topic.drug}\n"
    return Claim(f"C-{number}", text, "safety" if is_safety else "efficacy", ref, extra=extra)


def _reference(number: int, topic: Topic) -> Reference:
    title = f"{topic.drug.capitalize()} for {topic.condition}: a randomized trial in sample {number + 1}"
    doi = f"10.5555/kap.{number}"
    record = Record(
        key=f"ref{number}",
        state=State.FOUND,
        sources=(Source("crossref", DAY), Source("pubmed", DAY)),
        asked=doi,
        answered=doi,
        title=title,
        authors=(Name(family=_family(number), given="Anna"), Name(family="Müller", given="Jan")),
        containers=(JOURNALS[number % len(JOURNALS)],),
        issued=PartialDate(2024),
    )
    return Reference(f"ref{number}", number, title, doi, record)


def _family(number: int) -> str:
    return FAMILIES[number % len(FAMILIES)]


def _page(
    number: int, topic: Topic, claims: list[Claim], refs: list[str], dice: random.Random, page_bytes: int
) -> Page:
    title = f"{topic.drug.capitalize()} for {topic.condition}, part {number + 1}"
    head = {
        "title": title,
        "description": f"What trials of {topic.drug} measured.",
        "author": "{name: Anna Miller}",
        "reviewer": "{name: Jan Novak, role: medical}",
        "published": "2026-11-22",
        "last_reviewed": "2026-11-22",
        "next_review_due": "2028-11-22",
    }
    page = Page(f"pages/page-{number:05}.md", topic, head, claims, refs)
    waiting = list(claims)
    size = 0
    while size < page_bytes or waiting:
        section = _section(topic, waiting[:2], refs, dice)
        del waiting[:2]
        page.body += section
        size += sum(len(part) + 2 for part in section)
    return page


def _section(topic: Topic, claims: list[Claim], refs: list[str], dice: random.Random) -> list[str]:
    def filled(sentence: str) -> str:
        people = dice.randrange(80, 900)
        return sentence.format(
            n=people,
            a=dice.randrange(20, 79),
            w=dice.randrange(12, 52),
            k=dice.randrange(3, 12),
            t=dice.randrange(7, 10),
            ref=dice.choice(refs),
            drug=topic.drug,
            condition=topic.condition,
            harm=topic.harm[0].lower() + topic.harm[1:],
        ).replace("  ", " ")

    def sentences(some: Sequence[str], count: int) -> str:
        chosen = [filled(sentence) for sentence in dice.sample(some, count)]
        return " ".join(sentence[0].upper() + sentence[1:] for sentence in chosen)

    parts = ["## " + filled(dice.choice(HEADINGS)), sentences(SOURCED, 4)]
    parts += [f"[{claim.text}]{{claim={claim.id}}} {sentences(SOURCED, 2)}" for claim in claims]
    parts.append(" ".join(filled(question) for question in dice.sample(QUESTIONS, 2)))
    parts.append(f'::: {{.nonclaim reason="about the clinic"}}\n{sentences(AROUND, 1)}\n:::')
    return parts
