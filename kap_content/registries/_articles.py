"""What PubMed has of the items of a run: searches by DOI, records by PMID, and which record is whose.

A search of 50 DOIs gives PMIDs, a fetch of 200 PMIDs records; only those say which PMID answers which DOI. So the two
are joined once the records are there: `Item.pubmed` is None while it is not known, and empty where PubMed has none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from kap_content.model.record import Relation
from kap_content.registries import pubmed
from kap_content.registries._answer import Found, Unchecked
from kap_content.registries._item import Item, batches
from kap_content.registries._jobs import Jobs


@dataclass(frozen=True, slots=True)
class _Search:
    """The items whose DOIs were searched for together, and the PMIDs that were found."""

    items: tuple[Item, ...]
    pmids: tuple[str, ...]


class Articles:
    """PubMed's records, and to which items they belong."""

    def __init__(self, jobs: Jobs, service: pubmed.PubMed) -> None:
        self._jobs = jobs
        self._service = service
        self._known_dois: set[str] = set()
        self._searches: list[_Search] = []
        self._unripe: list[_Search] = []
        self._searches_since_fetch = 0
        self._asked: set[str] = set()
        self._wanted: dict[str, None] = {}
        self._fetched: set[str] = set()
        self._lost: dict[str, str] = {}
        self._by_pmid: dict[str, pubmed.Article] = {}
        self._by_doi: dict[str, pubmed.Article] = {}
        self._joined: set[str] = set()

    def is_asked(self, doi: str) -> bool:
        """Whether PubMed was searched for a DOI, or gave it itself."""
        return doi in self._known_dois

    def gave(self, dois: Iterable[str]) -> None:
        """Note DOIs that PubMed's own records gave: it need not be searched for them."""
        self._known_dois.update(dois)

    def search(self, by_doi: Mapping[str, Item]) -> None:
        """Search for DOIs; the records that are found will be wanted."""
        self._known_dois.update(by_doi)
        for part in batches(list(by_doi.items()), pubmed.SEARCH_BATCH):
            batch = dict(part)

            def then(pmids: tuple[str, ...] | Unchecked, batch: Mapping[str, Item] = batch) -> None:
                if isinstance(pmids, Unchecked):
                    for item in batch.values():
                        item.gap = pmids.reason
                        item.pubmed = item.pubmed or None
                else:
                    search = _Search(tuple(batch.values()), pmids)
                    self._searches.append(search)
                    self._unripe.append(search)
                    self._searches_since_fetch += 1
                    self.want(pmids)

            self._jobs.submit(pubmed.SERVICE, "search", partial(self._service.search, tuple(batch)), then)

    def want(self, pmids: Iterable[str]) -> None:
        """Have records fetched, each once; empty PMIDs are none."""
        for pmid in pmids:
            if pmid and pmid not in self._asked:
                self._asked.add(pmid)
                self._wanted[pmid] = None

    def flush(self) -> None:
        """Fetch what has enough company, or nobody left to wait for."""
        open_ = self._jobs.is_open("search")
        # As many searches as could fill a fetch: waiting longer would only keep others waiting.
        due = self._searches_since_fetch * pubmed.SEARCH_BATCH >= pubmed.FETCH_BATCH or not open_
        while len(self._wanted) >= pubmed.FETCH_BATCH or (self._wanted and due):
            self._searches_since_fetch = 0
            pmids = list(self._wanted)[: pubmed.FETCH_BATCH]
            for pmid in pmids:
                del self._wanted[pmid]
            self._fetch(pmids)

    def _fetch(self, pmids: list[str]) -> None:
        def then(articles: tuple[pubmed.Article, ...] | Unchecked) -> None:
            if isinstance(articles, Unchecked):
                self._lost |= dict.fromkeys(pmids, articles.reason)
                return
            self._fetched.update(pmids)
            for article in articles:
                self._by_pmid[article.pmid] = article
                if article.doi:
                    self._by_doi.setdefault(article.doi, article)

        self._jobs.submit(pubmed.SERVICE, "fetch", partial(self._service.fetch, pmids), then)

    def ripe(self) -> Iterator[Item]:
        """The items, each once, of searches of which all is known, joined with their records."""
        unripe = []
        for search in self._unripe:
            if self._fetched.issuperset(search.pmids) and all(item.is_settled for item in search.items):
                self._join_search(search)
                yield from search.items
            else:
                unripe.append(search)
        self._unripe = unripe

    def join(self, items: Sequence[Item]) -> None:
        """Give each item the record that PubMed has of it, as far as records are there."""
        for search in self._searches:
            self._join_search(search)
        for item in items:
            if not item.doi and not item.is_settled:
                self._join_by_pmid(item)

    def _join_search(self, search: _Search) -> None:
        lost = next((self._lost[pmid] for pmid in search.pmids if pmid in self._lost), "")
        is_fetched = self._fetched.issuperset(search.pmids)
        for item in search.items:
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
            self.want(link.pmid for link in article.pending)

    def _join_by_pmid(self, item: Item) -> None:
        article = self._by_pmid.get(item.pmid)
        if article is not None:
            self._join(item, article)
            item.primary = article.found
        elif item.pmid in self._lost:
            item.fail(self._lost[item.pmid])
        elif item.pmid in self._fetched:
            item.fail(f"PubMed has no record with the PMID {item.pmid}")

    def relations_of(self, item: Item) -> Iterator[Relation]:
        """PubMed's links by PMID, for which the DOI was found."""
        article = self._by_pmid.get(item.pubmed[0].record.pmid) if item.pubmed else None
        for link in article.pending if article is not None else ():
            other = self._by_pmid.get(link.pmid)
            if other is not None and other.doi:
                yield Relation(link.kind, other.doi, "pubmed", link.label)
