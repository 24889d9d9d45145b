"""The registries as the settings name them, and how each wants to be asked."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields

from kap_content.model.settings import RegistrySettings, Settings
from kap_content.registries import biorxiv, crossref, datacite, doi_org, europepmc, pubmed
from kap_content.registries._guard import endpoint
from kap_content.registries._http import Limits, Network
from kap_content.registries._throttle import Policy, Rate

KEY_VARIABLE = "NCBI_API_KEY"


def policies(mailto: str, key: str) -> dict[str, Policy]:
    """The rates that the registries publish; what their answers say replaces them."""
    if mailto:
        crossref_policy = Policy({crossref.LISTS: Rate(3), crossref.SINGLES: Rate(10)}, concurrency=3)
    else:
        crossref_policy = Policy({crossref.LISTS: Rate(1), crossref.SINGLES: Rate(5)}, concurrency=1)
    return {
        crossref.SERVICE: crossref_policy,
        datacite.SERVICE: Policy({"": Rate(1000 if mailto else 500, 300.0)}, concurrency=2),
        doi_org.SERVICE: Policy({"": Rate(5)}, concurrency=2),
        pubmed.SERVICE: Policy({"": Rate(10 if key else 3)}, concurrency=3),
        europepmc.SERVICE: Policy({"": Rate(3)}, concurrency=2),
        biorxiv.SERVICE: Policy({"": Rate(2)}, concurrency=1),
    }


@dataclass(frozen=True, slots=True)
class Services:
    """One run's network and the adapters that use it."""

    network: Network
    crossref: crossref.Crossref
    doi_org: doi_org.DoiOrg
    datacite: datacite.DataCite
    pubmed: pubmed.PubMed
    europepmc: europepmc.EuropePmc
    biorxiv: biorxiv.BioRxiv
    threads: Mapping[str, int]

    @classmethod
    def of(cls, settings: Settings, *, deadline: float, limits: Limits | None = None) -> Services:
        """The services of a project; `deadline` is a moment of `time.monotonic`."""
        registries, mailto = settings.registries, settings.mailto
        key = os.environ.get(KEY_VARIABLE, "")
        rules = policies(mailto, key)
        network = Network(mailto=mailto, named=named(registries), policies=rules, limits=limits, deadline=deadline)
        return cls(
            network,
            crossref.Crossref(network, registries.crossref_url, mailto),
            doi_org.DoiOrg(network, registries.doi_url),
            datacite.DataCite(network, registries.datacite_url),
            pubmed.PubMed(network, registries.pubmed_url, mailto, key),
            europepmc.EuropePmc(network, registries.europepmc_url),
            biorxiv.BioRxiv(network, registries.biorxiv_url),
            # A registry may allow more at once than it publishes; its answers tell.
            {name: max(policy.concurrency, 3) for name, policy in rules.items()},
        )


def named(registries: RegistrySettings) -> frozenset[tuple[str, int]]:
    """The hosts and ports that the settings name: only these may be on a loopback or private address."""
    default = RegistrySettings()
    chosen = {
        getattr(registries, item.name)
        for item in fields(RegistrySettings)
        if item.name.endswith("_url") and getattr(registries, item.name) != getattr(default, item.name)
    }
    found = set()
    for url in chosen:
        try:
            found.add(endpoint(url))
        except ValueError:
            continue  # the first request says so, by name
    return frozenset(found)
