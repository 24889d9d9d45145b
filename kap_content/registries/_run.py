"""The run through the registries for a set of identifiers: who is asked when, until when, and what comes of it.

The agencies describe each DOI (`_agencies`), and PubMed is asked at the same time (`_articles`); then, of those
described, Europe PMC for abstracts and bioRxiv for the published version. Whatever gives no answer on the way leaves
the identifier unchecked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from time import monotonic

from kap_content.model.record import Relation, RelationKind
from kap_content.registries import biorxiv, crossref, europepmc
from kap_content.registries._agencies import Agencies
from kap_content.registries._answer import Elsewhere, Found, Unchecked
from kap_content.registries._articles import Articles
from kap_content.registries._item import Item, batches
from kap_content.registries._jobs import Jobs
from kap_content.registries._services import Services

OFFLINE_AFTER = 4.0
"""Seconds without any connection to anybody after which the machine is taken to be offline."""
_TICK = 0.25
_OUT_OF_TIME = "no answer in the time allowed"
_OFFLINE = "no registry can be reached (offline?)"


class Run:
    """One run over `items`; `settled` is told how many of them are done."""

    def __init__(self, items: Sequence[Item], services: Services, settled: Callable[[int], None]) -> None:
        self.items = items
        self.interrupted = False
        self._services = services
        self._settled = settled
        self._jobs = Jobs(services.threads)
        self._agencies = Agencies(self._jobs, services, self._described)
        self._articles = Articles(self._jobs, services.pubmed)
        self._told = 0.0
        self._bare: list[Item] = []
        self._asked_abstracts: set[str] = set()

    def go(self) -> None:
        """Ask until all is answered, time is up, nobody can be reached, or the user has had enough."""
        started = monotonic()
        try:
            self._start()
            while self._jobs.is_open():
                if self._jobs.step(_TICK):
                    self._flush()
                elif self._is_over(started):
                    break
                self._tell()
        except KeyboardInterrupt:
            self.interrupted = True
            self._services.network.stop("interrupted")
        self._jobs.close()
        self._services.network.close()
        self._finish()

    def _tell(self) -> None:
        if monotonic() - self._told >= _TICK:
            self._told = monotonic()
            self._settled(sum(item.is_settled for item in self.items))

    def _is_over(self, started: float) -> bool:
        network = self._services.network
        if monotonic() >= network.deadline:
            network.stop(_OUT_OF_TIME)
        elif monotonic() - started >= OFFLINE_AFTER and not network.guard.connected.is_set():
            network.stop(_OFFLINE)
            for item in self.items:
                item.failure = item.failure or ("" if item.primary else _OFFLINE)
        else:
            return False
        return True

    # Stages

    def _start(self) -> None:
        for item in self.items:
            if item.kept is not None:
                item.primary = Found(item.kept)
        self._agencies.ask({item.doi: item for item in self.items if item.doi and not item.primary})
        known = {item.doi for item in self.items}
        asked = (item.doi for item in self.items if not item.kept)
        self._agencies.probe_versions(
            dict.fromkeys(later for doi in asked for later in crossref.later_versions(doi) if later not in known)
        )
        self._articles.search({item.doi: item for item in self.items if item.doi})
        self._articles.want(item.pmid for item in self.items if not item.doi)
        self._flush()

    def _flush(self) -> None:
        """Start what has enough company, or nobody left to wait for."""
        self._agencies.flush()
        self._articles.flush()
        self._ripen()
        if not self._jobs.is_open():
            self._quiet()

    def _quiet(self) -> None:
        """All is answered: ask for what the answers themselves raise."""
        self._articles.join(self.items)
        found = {
            item.primary.record.answered: item
            for item in self.items
            if isinstance(item.primary, Found) and item.primary.record.answered not in ("", item.doi)
        }
        # Known by PMID: Crossref may know of notices that PubMed does not. Known by an alias: PubMed has the prime DOI.
        found = {doi: item for doi, item in found.items() if not self._articles.is_asked(doi)}
        by_pmid = {doi: item for doi, item in found.items() if not item.doi}
        self._agencies.ask(by_pmid)
        self._articles.gave(by_pmid)
        self._articles.search({doi: item for doi, item in found.items() if item.doi})
        self._articles.flush()
        if not self._jobs.is_open():
            self._ask_abstracts([item for item in self.items if self._lacks_abstract(item)])

    # What is asked of the described

    def _described(self, item: Item, found: Found) -> None:
        item.primary = found
        linked = any(link.kind is RelationKind.IS_PREPRINT_OF for link in found.record.relations)
        doi = found.record.answered
        if linked or not biorxiv.is_preprint(doi) or found.record.type not in ("posted-content", ""):
            return

        def then(links: tuple[Relation, ...] | Unchecked) -> None:
            if not isinstance(links, Unchecked):
                item.relations += links
                item.asked_biorxiv = True

        self._jobs.submit(biorxiv.SERVICE, "biorxiv", partial(self._services.biorxiv.published, doi), then)

    def _ripen(self) -> None:
        """Ask Europe PMC as soon as there is a batch of works of which it is known that PubMed has none of them."""
        self._bare += [item for item in self._articles.ripe() if self._lacks_abstract(item)]
        while len(self._bare) >= europepmc.BATCH:
            self._ask_abstracts(self._bare[: europepmc.BATCH])
            self._bare = self._bare[europepmc.BATCH :]

    def _lacks_abstract(self, item: Item) -> bool:
        return (
            isinstance(item.primary, Found)
            and item.pubmed == ()
            and not item.primary.abstract
            and not item.primary.record.abstract_sha256
            and self._articles.is_asked(item.primary.record.answered)
            and item.primary.record.answered not in self._asked_abstracts
        )

    def _ask_abstracts(self, wanted: Sequence[Item]) -> None:
        """Europe PMC, for described works of which neither Crossref nor PubMed gave an abstract or a record."""
        for batch in batches(wanted, europepmc.BATCH):
            dois = {item.primary.record.answered: item for item in batch if isinstance(item.primary, Found)}
            self._asked_abstracts.update(dois)

            def then(abstracts: dict[str, str] | Unchecked, dois: dict[str, Item] = dois) -> None:
                if not isinstance(abstracts, Unchecked):
                    for doi, item in dois.items():
                        item.abstract = abstracts.get(doi, "")

            ask = partial(self._services.europepmc.abstracts, tuple(dois))
            self._jobs.submit(europepmc.SERVICE, "abstracts", ask, then)

    # The end

    def _finish(self) -> None:
        self._articles.join(self.items)
        by_doi = {item.doi: item.primary for item in self.items if item.doi and isinstance(item.primary, Found)}
        for item in self.items:
            if not item.doi and isinstance(item.primary, Found):
                item.primary = by_doi.get(item.primary.record.answered, item.primary)
            if isinstance(item.primary, Elsewhere) and item.pubmed:
                # Its agency does not describe it to us, but PubMed does.
                record = replace(item.pubmed[0].record, agency=item.primary.agency)
                item.primary = replace(item.pubmed[0], record=record)
            if not item.is_settled:
                item.failure = "interrupted" if self.interrupted else _OUT_OF_TIME
            if isinstance(item.primary, Found) and item.pubmed is None and not item.gap:
                item.gap = "interrupted" if self.interrupted else _OUT_OF_TIME
            item.relations += tuple(self._articles.relations_of(item))
            newest = self._newest(item.doi)
            if newest is not None:
                label = "withdrawal" if newest.record.title.casefold().startswith("withdrawn") else ""
                item.relations += (Relation(RelationKind.NEW_VERSION, newest.record.answered, "crossref", label),)

    def _newest(self, doi: str) -> Found | None:
        later = {item.doi: item.primary for item in self.items if isinstance(item.primary, Found)}
        later |= self._agencies.versions
        return next((later[other] for other in reversed(crossref.later_versions(doi)) if other in later), None)
