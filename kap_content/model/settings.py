"""A project's settings: `kap.toml`, or `[tool.kap]` of pyproject.toml, with the defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kap_content.model.claim import Category
from kap_content.model.finding import Severity
from kap_content.model.place import Place


@dataclass(frozen=True, slots=True)
class RuleSettings:
    """Which rules run and how grave they are. Rules are named by code, name, code prefix or `ALL`.

    `per_file` maps a glob of page or data paths to the rules that are silent there.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, Severity] = field(default_factory=dict)
    per_file: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RegistrySettings:
    """Where the registries are asked. `retraction_watch` is a CSV file relative to the project, or empty."""

    crossref_url: str = "https://api.crossref.org"
    datacite_url: str = "https://api.datacite.org"
    doi_url: str = "https://doi.org"
    pubmed_url: str = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils"
    europepmc_url: str = "https://www.ebi.ac.uk/europepmc/webservices/rest"
    biorxiv_url: str = "https://api.biorxiv.org"
    retraction_watch: str = ""


def folded_name(name: str) -> str:
    """A person's name or address for comparing: case, white space and titles before it do not count."""
    words = name.casefold().replace(",", " ").split()
    while len(words) > 1 and words[0].rstrip(".") in _TITLES:
        del words[0]
    return " ".join(words)


_TITLES = frozenset({"dr", "prof", "professor", "mr", "mrs", "ms"})

KNOWN_ROLES = ("medical", "legal", "regulatory")
"""The roles of medical, legal and regulatory review; settings may name others."""


@dataclass(frozen=True, slots=True)
class Reviewer:
    """What settings say of a reviewer: the roles to decide in, and the name and addresses that git and pages know."""

    roles: tuple[str, ...] = ()
    name: str = ""
    emails: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReviewSettings:
    """Who must sign a claim, and who may.

    `required` are the roles that must approve every claim, `required_of` those of a category in their place.
    `reviewers` are keyed by the name that signs (the principal); with none, everybody may decide in every role.
    `allowed_signers` and `revoked_keys` are files relative to the project's root; no revoked keys where it is empty.
    """

    required: tuple[str, ...] = ()
    required_of: Mapping[Category, tuple[str, ...]] = field(default_factory=dict)
    require_signatures: bool = False
    allowed_signers: str = "allowed_signers"
    revoked_keys: str = ""
    author_may_not_approve: bool = False
    reviewers: Mapping[str, Reviewer] = field(default_factory=dict)

    def roles_for(self, category: Category | None) -> tuple[str, ...]:
        """The roles that must approve a claim of this category; without a category all that any claim needs."""
        if category is not None:
            return self.required_of.get(category, self.required)
        return tuple(dict.fromkeys((*self.required, *(role for roles in self.required_of.values() for role in roles))))

    @property
    def roles(self) -> tuple[str, ...]:
        """All roles that a decision may be made in."""
        named = (role for reviewer in self.reviewers.values() for role in reviewer.roles)
        return tuple(dict.fromkeys((*KNOWN_ROLES, *self.roles_for(None), *named)))

    def names_of(self, reviewer: str) -> frozenset[str]:
        """The names and addresses that pages and git may know a reviewer by, folded by `folded_name`."""
        known = self.reviewers.get(reviewer, Reviewer())
        return frozenset(folded_name(name) for name in (reviewer, known.name, *known.emails) if name.strip())

    def reason_against(self, reviewer: str, role: str) -> str:
        """Why this reviewer may not decide in this role, in words; empty where that is allowed."""
        if not self.reviewers:
            return ""
        known = self.reviewers.get(reviewer)
        if known is None:
            return f"{reviewer} is not among the reviewers of the settings"
        if role not in known.roles:
            return f"{reviewer} may decide as {' or '.join(known.roles) or 'nobody'}, not as {role}"
        return ""


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings. Globs and paths are relative to the project's root.

    `words` are additions to the word lists, `word_files` files of such additions by list, `words_replaced` the lists
    that they replace. `places` holds where each setting that was given stands, by its dotted name (`rules.select`), the
    items of a list by number (`rules.select.0`).
    """

    pages: tuple[str, ...] = ("pages/**/*.md",)
    claims: tuple[str, ...] = ("claims.yaml", "claims/**/*.yaml")
    bibliography: tuple[str, ...] = ("references.bib",)
    output: str = "site"
    style: str = "american-medical-association"
    mailto: str = ""
    max_age_days: int = 30
    source_max_age_years: int = 5
    data_max_age_years: int = 10
    rules: RuleSettings = RuleSettings()
    registries: RegistrySettings = RegistrySettings()
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    review: ReviewSettings = ReviewSettings()
    base_url: str = ""
    template: str = ""
    word_files: Mapping[str, str] = field(default_factory=dict)
    words_replaced: tuple[str, ...] = ()
    places: Mapping[str, Place] = field(default_factory=dict)
