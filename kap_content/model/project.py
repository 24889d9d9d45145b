"""A whole project as it was read, and the context that rules look at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar, cast

from kap_content.model.approval import Approval
from kap_content.model.claim import Claim, Status
from kap_content.model.figure_data import FigureData
from kap_content.model.finding import Problem, Related
from kap_content.model.lexicon import Lexicon
from kap_content.model.lock import TopicAnswer
from kap_content.model.page import Citation, ClaimMark, Page
from kap_content.model.record import Record
from kap_content.model.reference import Reference
from kap_content.model.settings import Settings

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class FullText:
    """A source's full text at hand, or why it (or a part of it) could not be read, in words that follow its path.

    `remedy` says what to do about it. Form feeds part its pages.
    """

    path: str
    text: str = ""
    trouble: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Project:
    """Everything that was read.

    `claims` and `references` are in file order and keep repeated ids and keys. `records` holds, by
    bibliography key, the lock's records that answer the entry as it stands now (a record asked under another
    DOI is left out: it says nothing of this entry). `abstracts` holds cached abstracts by key, `quotes` the
    hashes of the quotations that were found in a source, `full_texts` the sources at hand in which a quotation without
    such a hash is to be looked for; `topics` what PubMed answered on newer reviews, by topic. `problems` are those
    of the claims, bibliography and lock files; each page keeps its own. `root` is the folder that was read.
    """

    settings: Settings
    lexicon: Lexicon = field(default_factory=Lexicon)
    pages: tuple[Page, ...] = ()
    claims: tuple[Claim, ...] = ()
    references: tuple[Reference, ...] = ()
    records: Mapping[str, Record] = field(default_factory=dict)
    approvals: tuple[Approval, ...] = ()
    abstracts: Mapping[str, str] = field(default_factory=dict)
    quotes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    full_texts: Mapping[str, FullText] = field(default_factory=dict)
    topics: Mapping[str, TopicAnswer] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    figure_data: tuple[FigureData, ...] = ()
    root: Path = field(default=Path(), compare=False)


@dataclass(frozen=True, slots=True)
class Use:
    """A claim's mark on a page."""

    page: Page
    mark: ClaimMark


@dataclass(frozen=True, slots=True)
class Mention:
    """A citation of a key on a page."""

    page: Page
    citation: Citation


class Index(Generic[V]):
    """What rules look up by name in all of a project. `of`, which it decorates, is a function of a module."""

    __slots__ = ("of",)

    def __init__(self, of: Callable[[Context], Mapping[str, V]]) -> None:
        self.of: Callable[..., object] = of

    @property
    def name(self) -> str:
        """By which it is found again: `kap_content.works.decisions:standing_by_claim`."""
        return f"{self.of.__module__}:{self.of.__qualname__}"

    def make(self, context: Context) -> Mapping[str, V]:
        """The index over a context."""
        return cast("Mapping[str, V]", self.of(context))


class Groups(Index[tuple[V, ...]]):
    """An index put together of what `of` gives for each claim, or for each entry: names, with what stands there.

    All that stands under one name is in the order of the files; repeated ids and keys count. What becomes of the index
    when one claim or entry changes is known without a look at the others. `every` has all that there are.
    """

    __slots__ = ()
    every: ClassVar[list[Groups[Any]]] = []

    def __init__(self, of: Callable[..., Iterable[tuple[str, V]]]) -> None:
        self.of = of
        self.every.append(self)

    def things(self, project: Project) -> Iterable[Claim] | Iterable[Reference]:
        """All that it is put together of."""
        raise NotImplementedError

    def make(self, context: Context) -> Mapping[str, tuple[V, ...]]:
        """The index over a context."""
        found: dict[str, list[V]] = {}
        for thing in self.things(context.project):
            for name, value in self.given(thing):
                found.setdefault(name, []).append(value)
        return {name: tuple(values) for name, values in found.items()}

    def given(self, thing: Claim | Reference) -> Iterable[tuple[str, V]]:
        """The names under which one claim or entry stands, with what stands there."""
        return cast("Iterable[tuple[str, V]]", self.of(thing))


class ClaimGroups(Groups[V]):
    """What claims give."""

    __slots__ = ()

    def __init__(self, of: Callable[[Claim], Iterable[tuple[str, V]]]) -> None:
        super().__init__(of)

    def things(self, project: Project) -> tuple[Claim, ...]:
        """The claims."""
        return project.claims


class ReferenceGroups(Groups[V]):
    """What entries of the bibliography give."""

    __slots__ = ()

    def __init__(self, of: Callable[[Reference], Iterable[tuple[str, V]]]) -> None:
        super().__init__(of)

    def things(self, project: Project) -> tuple[Reference, ...]:
        """The entries."""
        return project.references


class ClaimSearch(Index[Claim]):
    """An index that finds a claim by a text: among what stands in `within` under the `names` of the text."""

    __slots__ = ("names", "within")

    def __init__(
        self, of: Callable[[Context], Mapping[str, Claim]], within: Groups[V], names: Callable[[str], Iterable[str]]
    ) -> None:
        super().__init__(of)
        self.within: Groups[Any] = within
        self.names = names


@dataclass(frozen=True, slots=True)
class Context:
    """A project, the day it is judged on, and indexes over it. Where an id or key repeats, the first counts.

    What else a rule looks up in all claims or references it asks for by `index`, so that it is made once, and so that
    what was found holds for as long as the entries that were looked at stay as they are.
    """

    project: Project
    as_of: date
    release: bool
    claims: Mapping[str, Claim]
    references: Mapping[str, Reference]
    uses: Mapping[str, tuple[Use, ...]]
    mentions: Mapping[str, tuple[Mention, ...]]
    indexes: dict[object, object] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, project: Project, as_of: date, *, release: bool = False) -> Context:
        """Index `project` as of a day. Decisions of days to come do not count."""
        if any(approval.is_ahead_of(as_of) for approval in project.approvals):
            project = replace(project, approvals=tuple(approval.as_of(as_of) for approval in project.approvals))
        claims: dict[str, Claim] = {}
        for claim in project.claims:
            claims.setdefault(claim.id, claim)
        references: dict[str, Reference] = {}
        for reference in project.references:
            references.setdefault(reference.key, reference)
        uses: dict[str, list[Use]] = {}
        mentions: dict[str, list[Mention]] = {}
        for page in project.pages:
            for mark in page.marks:
                uses.setdefault(mark.claim, []).append(Use(page, mark))
            for citation in page.citations:
                mentions.setdefault(citation.key, []).append(Mention(page, citation))
        return cls(
            project,
            as_of,
            release,
            claims,
            references,
            {key: tuple(value) for key, value in uses.items()},
            {key: tuple(value) for key, value in mentions.items()},
        )

    @property
    def settings(self) -> Settings:
        """The project's settings."""
        return self.project.settings

    @property
    def lexicon(self) -> Lexicon:
        """The project's word lists."""
        return self.project.lexicon

    def index(self, index: Index[V]) -> Mapping[str, V]:
        """The index over this context: made when it is first asked for, then the same."""
        if index not in self.indexes:
            self.indexes[index] = index.make(self)
        return cast("Mapping[str, V]", self.indexes[index])

    def record(self, key: str) -> Record | None:
        """What the registries said of the reference `key`, or None where they were not asked."""
        return self.project.records.get(key)

    def shows(self, claim: str) -> tuple[Related, ...]:
        """Where pages show the claim, as the other side of a finding on it."""
        return tuple(Related(use.mark.place, f"shows claim {claim}") for use in self.uses.get(claim, ()))

    def is_retired(self, claim: Claim) -> bool:
        """Whether the claim was withdrawn or has expired and stands on no page: nothing is to be done about it."""
        return claim.status in (Status.WITHDRAWN, Status.EXPIRED) and claim.id not in self.uses
