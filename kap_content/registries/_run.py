"""Who is asked after whom: the run through the registries for a set of identifiers.

    Crossref lists of 50 ──listed──────────────────────────────┐
       └─not listed─> doi.org: which agency, 6 at a time        │
            ├─Crossref─> Crossref single (aliases) ─────────────┤
            ├─DataCite─> DataCite, 25 at a time ────────────────┼─> described
            ├─another──> content negotiation ───────────────────┤
            └─none─────> handle system ──exists──> content neg. ┘
                             └─100/404─> absent: the only proof
    PubMed, at the same time: ESearch 50 ─> EFetch 200
    then, of those described: Europe PMC for abstracts, bioRxiv for the published version

Whatever gives no answer on the way leaves the identifier unchecked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from time import monotonic
from typing import TypeVar

from kap_content.model.record import Relation, RelationKind
from kap_content.registries import biorxiv, crossref, datacite, doi_org, europepmc, pubmed
from kap_content.registries._answer import Absent, Elsewhere, Found, Listed, Listing, Lookup, Refused, Unchecked
from kap_content.registries._item import Item
from kap_content.registries._jobs import Jobs
from kap_content.registries._services import Services

T = TypeVar("T")

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
        self._unlisted: list[Item] = []
        self._datacite: list[Item] = []
        self._wanted_pmids: dict[str, None] = {}
        self._asked_pmids: set[str] = set()
        self._articles: dict[str, pubmed.Article] = {}
        self._by_doi: dict[str, pubmed.Article] = {}
        self._fetched_pmids: set[str] = set()
        self._lost_pmids: dict[str, str] = {}
        self._searches: list[tuple[tuple[Item, ...], tuple[str, ...]]] = []
        self._ripening: list[tuple[tuple[Item, ...], tuple[str, ...]]] = []
        self._searches_since_fetch = 0
        self._bare: list[Item] = []
        self._searched: set[str] = set()
        self._told = 0.0
        self._joined: set[str] = set()
        self._versions: dict[str, Found] = {}
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
        self._list({item.doi: item for item in self.items if item.doi and not item.primary})
        self._probe_versions()
        self._search({item.doi: item for item in self.items if item.doi})
        self._want(item.pmid for item in self.items if not item.doi)
        self._flush()

    def _flush(self) -> None:
        """Start what has enough company, or nobody left to wait for."""
        open_ = self._jobs.is_open
        while len(self._unlisted) >= doi_org.BATCH or (self._unlisted and not open_("lists")):
            batch, self._unlisted = self._unlisted[: doi_org.BATCH], self._unlisted[doi_org.BATCH :]
            self._agencies(batch)
        coming = self._unlisted or open_("lists", "agencies")
        while len(self._datacite) >= datacite.BATCH or (self._datacite and not coming):
            batch, self._datacite = self._datacite[: datacite.BATCH], self._datacite[datacite.BATCH :]
            self._list_datacite(batch)
        self._flush_pmids()
        self._ripen()
        if not open_():
            self._quiet()

    def _flush_pmids(self) -> None:
        open_ = self._jobs.is_open("search")
        # As many searches as could fill a fetch: waiting longer would only keep others waiting.
        due = self._searches_since_fetch * pubmed.SEARCH_BATCH >= pubmed.FETCH_BATCH or not open_
        while len(self._wanted_pmids) >= pubmed.FETCH_BATCH or (self._wanted_pmids and due):
            self._searches_since_fetch = 0
            pmids = list(self._wanted_pmids)[: pubmed.FETCH_BATCH]
            for pmid in pmids:
                del self._wanted_pmids[pmid]
            self._fetch(pmids)

    # Crossref

    def _list(self, by_doi: Mapping[str, Item]) -> None:
        plain = [doi for doi in by_doi if "," not in doi]
        for batch in crossref.batches(plain):
            self._submit_list({doi: by_doi[doi] for doi in batch})
        for doi, item in by_doi.items():
            if "," in doi:
                self._submit_single(doi, item)

    def _submit_list(self, batch: Mapping[str, Item]) -> None:
        def then(listing: Listing) -> None:
            match listing:
                case Listed(found):
                    for doi, item in batch.items():
                        self._listed(item, found.get(doi))
                case Refused():
                    self._split(list(batch.items()))
                case Unchecked(reason):
                    for item in batch.values():
                        item.fail(reason)

        self._jobs.submit(crossref.SERVICE, "lists", partial(self._services.crossref.works, tuple(batch)), then)

    def _listed(self, item: Item, found: Found | None) -> None:
        if found is not None:
            self._described(item, found)
        elif item.primary is None:
            self._unlisted.append(item)

    def _split(self, batch: list[tuple[str, Item]]) -> None:
        """One DOI of the batch cannot be asked for in a list: find it."""
        if len(batch) == 1:
            self._submit_single(*batch[0])
            return
        middle = len(batch) // 2
        self._submit_list(dict(batch[:middle]))
        self._submit_list(dict(batch[middle:]))

    def _submit_single(self, doi: str, item: Item) -> None:
        def then(lookup: Lookup | None) -> None:
            match lookup:
                case None if item.primary is None:
                    self._submit_handle(item, "crossref")
                case Unchecked(reason):
                    item.fail(reason)
                case Found():
                    self._described(item, lookup)
                case None | Absent() | Elsewhere():
                    pass  # known by its PMID, and not Crossref's

        self._jobs.submit(crossref.SERVICE, "singles", partial(self._services.crossref.work, doi), then)

    def _probe_versions(self) -> None:
        """The DOIs under which newer versions of Cochrane reviews would stand: those that exist tell."""
        known = {item.doi for item in self.items}
        later = dict.fromkeys(
            doi for item in self.items if not item.kept for doi in crossref.later_versions(item.doi) if doi not in known
        )

        def then(listing: Listing) -> None:
            if isinstance(listing, Listed):
                self._versions |= listing.found

        for batch in crossref.batches(list(later)):
            self._jobs.submit(crossref.SERVICE, "versions", partial(self._services.crossref.works, batch), then)

    # doi.org and DataCite

    def _agencies(self, batch: list[Item]) -> None:
        def then(answer: dict[str, str] | Unchecked) -> None:
            for item in batch:
                if isinstance(answer, Unchecked):
                    item.fail(answer.reason)
                else:
                    self._route(item, answer.get(item.doi, ""))

        dois = [item.doi for item in batch]
        self._jobs.submit(doi_org.SERVICE, "agencies", partial(self._services.doi_org.agencies, dois), then)

    def _route(self, item: Item, agency: str) -> None:
        if agency == "crossref":
            self._submit_single(item.doi, item)
        elif agency == "datacite" and "," not in item.doi:
            self._datacite.append(item)
        elif agency:
            self._submit_description(item, agency)
        else:
            # doi.org may say "does not exist" while a handle server is merely down.
            self._submit_handle(item, "")

    def _list_datacite(self, batch: list[Item]) -> None:
        def then(listing: Listing) -> None:
            for item in batch:
                match listing:
                    case Listed(found) if item.doi in found:
                        self._described(item, found[item.doi])
                    case Listed():
                        self._submit_handle(item, "datacite")
                    case Refused():
                        self._submit_description(item, "datacite")
                    case Unchecked(reason):
                        item.fail(reason)

        dois = [item.doi for item in batch]
        self._jobs.submit(datacite.SERVICE, "datacite", partial(self._services.datacite.works, dois), then)

    def _submit_handle(self, item: Item, agency: str) -> None:
        def then(exists: bool | Unchecked) -> None:
            if isinstance(exists, Unchecked):
                item.fail(exists.reason)
            elif exists:
                self._submit_description(item, agency)
            else:
                item.primary = Absent("doi.org")

        self._jobs.submit(doi_org.SERVICE, "handles", partial(self._services.doi_org.exists, item.doi), then)

    def _submit_description(self, item: Item, agency: str) -> None:
        def then(lookup: Lookup) -> None:
            match lookup:
                case Found():
                    self._described(item, lookup)
                case Unchecked(reason):
                    item.fail(reason)
                case Elsewhere() if agency in ("crossref", "datacite"):
                    item.fail(f"doi.org knows this DOI, but {agency.title()} gives no record of it")
                case Elsewhere() | Absent():
                    item.primary = lookup

        describe = partial(self._services.doi_org.describe, item.doi, agency)
        self._jobs.submit(doi_org.SERVICE, "describe", describe, then)

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
        waiting = []
        for batch, pmids in self._ripening:
            if self._fetched_pmids.issuperset(pmids) and all(item.is_settled for item in batch):
                self._join_batch(batch, pmids)
                self._bare += [item for item in batch if self._lacks_abstract(item)]
            else:
                waiting.append((batch, pmids))
        self._ripening = waiting
        while len(self._bare) >= europepmc.BATCH:
            self._ask_abstracts(self._bare[: europepmc.BATCH])
            self._bare = self._bare[europepmc.BATCH :]

    def _lacks_abstract(self, item: Item) -> bool:
        return (
            isinstance(item.primary, Found)
            and item.pubmed == ()
            and not item.primary.abstract
            and not item.primary.record.abstract_sha256
            and item.primary.record.answered in self._searched
            and item.primary.record.answered not in self._asked_abstracts
        )

    def _ask_abstracts(self, wanted: Sequence[Item]) -> None:
        """Europe PMC, for described works of which neither Crossref nor PubMed gave an abstract or a record."""
        for batch in _batches(wanted, europepmc.BATCH):
            dois = {item.primary.record.answered: item for item in batch if isinstance(item.primary, Found)}
            self._asked_abstracts.update(dois)

            def then(abstracts: dict[str, str] | Unchecked, dois: dict[str, Item] = dois) -> None:
                if not isinstance(abstracts, Unchecked):
                    for doi, item in dois.items():
                        item.abstract = abstracts.get(doi, "")

            ask = partial(self._services.europepmc.abstracts, tuple(dois))
            self._jobs.submit(europepmc.SERVICE, "abstracts", ask, then)

    # PubMed

    def _search(self, by_doi: Mapping[str, Item]) -> None:
        self._searched.update(by_doi)
        for part in _batches(list(by_doi.items()), pubmed.SEARCH_BATCH):
            batch = dict(part)

            def then(pmids: tuple[str, ...] | Unchecked, batch: Mapping[str, Item] = batch) -> None:
                if isinstance(pmids, Unchecked):
                    for item in batch.values():
                        item.gap = pmids.reason
                        item.pubmed = item.pubmed or None
                else:
                    self._searches.append((tuple(batch.values()), pmids))
                    self._ripening.append((tuple(batch.values()), pmids))
                    self._searches_since_fetch += 1
                    self._want(pmids)

            self._jobs.submit(pubmed.SERVICE, "search", partial(self._services.pubmed.search, tuple(batch)), then)

    def _want(self, pmids: Iterable[str]) -> None:
        for pmid in pmids:
            if pmid and pmid not in self._asked_pmids:
                self._asked_pmids.add(pmid)
                self._wanted_pmids[pmid] = None

    def _fetch(self, pmids: list[str]) -> None:
        def then(articles: tuple[pubmed.Article, ...] | Unchecked) -> None:
            if isinstance(articles, Unchecked):
                self._lost_pmids |= dict.fromkeys(pmids, articles.reason)
                return
            self._fetched_pmids.update(pmids)
            for article in articles:
                self._articles[article.pmid] = article
                if article.doi:
                    self._by_doi.setdefault(article.doi, article)

        self._jobs.submit(pubmed.SERVICE, "fetch", partial(self._services.pubmed.fetch, pmids), then)

    def _join_pubmed(self) -> None:
        """Give each item the record that PubMed has of it."""
        for batch, pmids in self._searches:
            self._join_batch(batch, pmids)
        for item in self.items:
            if not item.doi and not item.is_settled:
                self._join_by_pmid(item)

    def _join_batch(self, batch: Sequence[Item], pmids: Sequence[str]) -> None:
        """One search: which PMID answers which DOI is known once all its records are."""
        lost = next((self._lost_pmids[pmid] for pmid in pmids if pmid in self._lost_pmids), "")
        is_fetched = self._fetched_pmids.issuperset(pmids)
        for item in batch:
            article = self._article_of(item)
            if article is not None:
                self._join(item, article)
            elif lost:
                item.gap = lost
            elif item.pubmed is None and not item.gap and is_fetched:
                item.pubmed = ()

    def _article_of(self, item: Item) -> pubmed.Article | None:
        answered = item.primary.record.answered if isinstance(item.primary, Found) else ""
        return self._by_doi.get(item.doi) or self._by_doi.get(answered)

    def _join(self, item: Item, article: pubmed.Article) -> None:
        item.pubmed = (article.found,)
        item.gap = ""
        if article.pmid not in self._joined:
            self._joined.add(article.pmid)
            self._want(link.pmid for link in article.pending)

    def _join_by_pmid(self, item: Item) -> None:
        article = self._articles.get(item.pmid)
        if article is not None:
            self._join(item, article)
            item.primary = article.found
        elif item.pmid in self._lost_pmids:
            item.fail(self._lost_pmids[item.pmid])
        elif item.pmid in self._fetched_pmids:
            item.fail(f"PubMed has no record with the PMID {item.pmid}")

    def _quiet(self) -> None:
        """All is answered: ask for what the answers themselves raise."""
        self._join_pubmed()
        found = {
            item.primary.record.answered: item
            for item in self.items
            if isinstance(item.primary, Found) and item.primary.record.answered not in ("", item.doi)
        }
        # Known by PMID: Crossref may know of notices that PubMed does not. Known by an alias: PubMed has the prime DOI.
        self._list({doi: item for doi, item in found.items() if not item.doi and doi not in self._searched})
        self._searched.update(doi for doi, item in found.items() if not item.doi)
        self._search({doi: item for doi, item in found.items() if doi not in self._searched})
        self._flush_pmids()
        if not self._jobs.is_open():
            self._ask_abstracts([item for item in self.items if self._lacks_abstract(item)])

    def _finish(self) -> None:
        self._join_pubmed()
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
            item.relations += tuple(self._resolved(item))
            newest = self._newest(item.doi)
            if newest is not None:
                label = "withdrawal" if newest.record.title.casefold().startswith("withdrawn") else ""
                item.relations += (Relation(RelationKind.NEW_VERSION, newest.record.answered, "crossref", label),)

    def _resolved(self, item: Item) -> Iterable[Relation]:
        """PubMed's links by PMID, for which the DOI was found."""
        article = self._articles.get(item.pubmed[0].record.pmid) if item.pubmed else None
        for link in article.pending if article is not None else ():
            other = self._articles.get(link.pmid)
            if other is not None and other.doi:
                yield Relation(link.kind, other.doi, "pubmed", link.label)

    def _newest(self, doi: str) -> Found | None:
        later = {item.doi: item.primary for item in self.items if isinstance(item.primary, Found)} | self._versions
        return next((later[other] for other in reversed(crossref.later_versions(doi)) if other in later), None)


def _batches(values: Sequence[T], size: int) -> Iterable[Sequence[T]]:
    return (values[start : start + size] for start in range(0, len(values), size))
