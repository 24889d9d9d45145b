"""A project's settings: `kap.toml`, or `[tool.kap]` of pyproject.toml, with the defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

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
    required_roles: tuple[str, ...] = ()
    base_url: str = ""
    template: str = ""
    word_files: Mapping[str, str] = field(default_factory=dict)
    words_replaced: tuple[str, ...] = ()
    places: Mapping[str, Place] = field(default_factory=dict)
