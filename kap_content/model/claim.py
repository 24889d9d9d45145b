"""Claims and their evidence, as `claims.yaml` registers them. Terms follow the field (see docs/vocabulary)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from kap_content.model.place import Place


class Category(StrEnum):
    """What kind of statement a claim is."""

    STATISTIC = "statistic"
    EFFICACY = "efficacy"
    MECHANISM = "mechanism"
    SAFETY = "safety"
    COMPARATIVE = "comparative"
    REGULATORY = "regulatory"
    HISTORICAL = "historical"
    OUTCOME = "outcome"
    SUPERIORITY = "superiority"
    SERVICE = "service"

    @property
    def is_clinical(self) -> bool:
        """Whether a claim of this category needs evidence; only a service description does not."""
        return self is not Category.SERVICE


class Status(StrEnum):
    """Where a claim stands in review."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class Certainty(StrEnum):
    """GRADE certainty of the evidence; entered by a person, never computed."""

    HIGH = "high"
    MODERATE = "moderate"
    LOW = "low"
    VERY_LOW = "very_low"


class CitationRelation(StrEnum):
    """How the claim uses the reference (CiTO)."""

    CITES_AS_EVIDENCE = "citesAsEvidence"
    CITES_AS_DATA_SOURCE = "citesAsDataSource"
    CITES_AS_AUTHORITY = "citesAsAuthority"
    OBTAINS_SUPPORT_FROM = "obtainsSupportFrom"
    OBTAINS_BACKGROUND_FROM = "obtainsBackgroundFrom"
    QUALIFIES = "qualifies"
    DISPUTES = "disputes"
    CRITIQUES = "critiques"
    INCLUDES_QUOTATION_FROM = "includesQuotationFrom"


class Direction(StrEnum):
    """Whether the evidence supports the claim."""

    SUPPORTS = "supports"
    DISPUTES = "disputes"
    NEUTRAL = "neutral"


class Design(StrEnum):
    """Study design of a piece of evidence."""

    SYSTEMATIC_REVIEW = "systematic-review"
    META_ANALYSIS = "meta-analysis"
    RCT = "rct"
    CROSSOVER_RCT = "crossover-rct"
    CONTROLLED_TRIAL = "controlled-trial"
    COHORT = "cohort"
    CASE_CONTROL = "case-control"
    CROSS_SECTIONAL = "cross-sectional"
    SURVEY = "survey"
    CASE_SERIES = "case-series"
    CASE_REPORT = "case-report"
    OPEN_LABEL = "open-label"
    QUALITATIVE = "qualitative"
    MECHANISM = "mechanism"
    ANIMAL = "animal"
    IN_VITRO = "in-vitro"
    NARRATIVE_REVIEW = "narrative-review"
    GUIDELINE = "guideline"
    LABEL = "label"


class Verdict(StrEnum):
    """A person's judgement of one claim-reference link (Mogull 2017)."""

    SUBSTANTIATED = "substantiated"
    NOT_SUBSTANTIATED = "not_substantiated"
    UNRELATED = "unrelated"
    CONTRADICTED = "contradicted"
    OVERSIMPLIFIED = "oversimplified"
    OVERGENERALIZED = "overgeneralized"
    TRIVIAL = "trivial"
    INDIRECT_SOURCE = "indirect_source"

    @property
    def is_major_error(self) -> bool:
        """Whether the link must not stand."""
        return self in (Verdict.NOT_SUBSTANTIATED, Verdict.UNRELATED, Verdict.CONTRADICTED)


@dataclass(frozen=True, slots=True)
class Anchor:
    """The passage of a source that carries a claim: a W3C TextQuoteSelector and locators, all optional.

    `sha256` is the hash of the normalised quote once it was found in the source.
    """

    exact: str = ""
    prefix: str = ""
    suffix: str = ""
    page: str = ""
    table: str = ""
    figure: str = ""
    section: str = ""
    sha256: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether it names neither a quote nor a locator."""
        return not (self.exact or self.page or self.table or self.figure or self.section)


@dataclass(frozen=True, slots=True)
class Quantity:
    """The number a claim states, for comparing claims with each other. `value` is as written."""

    value: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Pico:
    """Population, intervention, comparator and outcome, with route and time; empty where not stated."""

    population: str = ""
    intervention: str = ""
    route: str = ""
    comparator: str = ""
    outcome: str = ""
    timepoint: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One link from a claim to a reference."""

    ref: str
    place: Place
    relation: CitationRelation = CitationRelation.CITES_AS_EVIDENCE
    direction: Direction = Direction.SUPPORTS
    design: Design | None = None
    finding: str = ""
    anchor: Anchor = Anchor()
    verdict: Verdict | None = None
    checked_by: str = ""
    checked_on: date | None = None
    seminal: str = ""
    pico: Pico = Pico()
    places: Mapping[str, Place] = field(default_factory=dict)

    @property
    def is_supporting(self) -> bool:
        """Whether it is offered in support: its direction supports, and its relation does not oppose."""
        return self.direction is Direction.SUPPORTS and self.relation not in (
            CitationRelation.DISPUTES,
            CitationRelation.CRITIQUES,
        )

    def where(self, name: str) -> Place:
        """The place of the field `name`, or the item's own where it is absent."""
        return self.places.get(name, self.place)


@dataclass(frozen=True, slots=True)
class Claim:
    """One registered statement. `place` is its id; `places` holds the place of each field given.

    `category` is None where the file gives none. `first_line` is the line of the file on which the claim begins, which
    is not that of its id where another field stands first; 0 in a claim that comes from no file.
    """

    id: str
    place: Place
    match_text: str = ""
    variations: tuple[str, ...] = ()
    category: Category | None = None
    status: Status = Status.DRAFT
    next_review_due: date | None = None
    certainty: Certainty | None = None
    pico: Pico = Pico()
    jurisdiction: str = ""
    quantity: Quantity | None = None
    data_end: int | None = None
    note: str = ""
    evidence: tuple[Evidence, ...] = ()
    places: Mapping[str, Place] = field(default_factory=dict)
    first_line: int = 0

    @property
    def is_clinical(self) -> bool:
        """Whether the claim needs evidence. Without a category it does: unknown is never clean."""
        return self.category is None or self.category.is_clinical

    @property
    def supporting(self) -> tuple[Evidence, ...]:
        """The evidence offered in support, in the order of the file."""
        return tuple(item for item in self.evidence if item.is_supporting)

    def where(self, name: str) -> Place:
        """The place of the field `name`, or the claim's own where it is absent."""
        return self.places.get(name, self.place)
