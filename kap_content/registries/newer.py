"""Newer systematic reviews: one query of PubMed's for each topic, and the records of what it found.

A topic without an answer keeps the one it had: silence is never stored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from time import monotonic

from kap_content.model.lock import Review, TopicAnswer
from kap_content.model.settings import Settings
from kap_content.registries import pubmed
from kap_content.registries._answer import Unchecked
from kap_content.registries._http import Limits
from kap_content.registries._jobs import Jobs
from kap_content.registries._services import Services

MOST = 20
"""Reviews that are kept of one topic, the newest."""

_SECONDS, _SECONDS_EACH = 30.0, 3.0
_TICK = 0.25
_LATE, _INTERRUPTED = "no answer in the time allowed", "interrupted"


@dataclass(frozen=True, slots=True)
class Newer:
    """The answers by topic, new and still fresh ones; those `asked` now; why the rest has no fresh answer."""

    topics: Mapping[str, TopicAnswer] = field(default_factory=dict)
    asked: tuple[str, ...] = ()
    unchecked: Mapping[str, str] = field(default_factory=dict)
    requests_made: int = 0
    interrupted: bool = False


def gather_newer(
    queries: Mapping[str, str],
    previous: Mapping[str, TopicAnswer],
    settings: Settings,
    *,
    today: date,
    refresh: bool = False,
    progress: Callable[[int, int], None] | None = None,
    limits: Limits | None = None,
) -> Newer:
    """Ask PubMed about the topics in `queries` whose answer in `previous` is to another query, or stale."""
    oldest = today - timedelta(days=settings.max_age_days)
    wanted = {
        name: query
        for name, query in queries.items()
        if refresh or name not in previous or previous[name].query != query or previous[name].checked_on < oldest
    }
    topics = {name: previous[name] for name in queries if name in previous}
    if not wanted:
        return Newer(topics)
    asking = _Asking(wanted, settings, limits, progress)
    asking.go()
    topics |= {name: TopicAnswer(wanted[name], today, reviews) for name, reviews in asking.answers().items()}
    late = _INTERRUPTED if asking.interrupted else _LATE
    unchecked = {name: asking.failed.get(name, late) for name in wanted if name not in asking.answers()}
    return Newer(topics, tuple(wanted), unchecked, asking.services.network.requests_made, asking.interrupted)


class _Asking:
    """One run over the topics: a search each, then the records of all that was found, by hundreds."""

    def __init__(
        self,
        queries: Mapping[str, str],
        settings: Settings,
        limits: Limits | None,
        progress: Callable[[int, int], None] | None,
    ) -> None:
        self.queries = queries
        self.failed: dict[str, str] = {}
        self.interrupted = False
        self._deadline = monotonic() + _SECONDS + _SECONDS_EACH * len(queries)
        self.services = Services.of(settings, deadline=self._deadline, limits=limits)
        self._progress = progress
        self._found: dict[str, tuple[str, ...]] = {}
        self._reviews: dict[str, Review | None] = {}
        self._lost: dict[str, str] = {}
        self._jobs = Jobs(self.services.threads)

    def go(self) -> None:
        """Ask until all is answered, time is up, or the user has had enough."""
        try:
            for name in self.queries:
                self._search(name)
            self._wait()
            wanted = sorted({pmid for pmids in self._found.values() for pmid in pmids})
            for start in range(0, len(wanted), pubmed.FETCH_BATCH):
                self._fetch(wanted[start : start + pubmed.FETCH_BATCH])
            self._wait()
        except KeyboardInterrupt:
            self.interrupted = True
            self.services.network.stop(_INTERRUPTED)
        self._jobs.close()
        self.services.network.close()
        for name, pmids in self._found.items():
            lost = next((self._lost[pmid] for pmid in pmids if pmid in self._lost), "")
            if lost:
                self.failed[name] = lost

    def answers(self) -> dict[str, tuple[Review, ...]]:
        """The reviews by topic, the newest first, of the topics of which all was answered."""
        return {
            name: _sorted(self._reviews[pmid] for pmid in pmids)
            for name, pmids in self._found.items()
            if all(pmid in self._reviews for pmid in pmids)
        }

    def _wait(self) -> None:
        while self._jobs.is_open() and monotonic() < self._deadline:
            self._jobs.step(_TICK)

    def _search(self, name: str) -> None:
        def then(pmids: tuple[str, ...] | Unchecked) -> None:
            if isinstance(pmids, Unchecked):
                self.failed[name] = pmids.reason
            else:
                self._found[name] = pmids
            if self._progress is not None:
                self._progress(len(self._found) + len(self.failed), len(self.queries))

        ask = partial(self.services.pubmed.newest, self.queries[name], MOST)
        self._jobs.submit(pubmed.SERVICE, "search", ask, then)

    def _fetch(self, pmids: list[str]) -> None:
        def then(articles: tuple[pubmed.Article, ...] | Unchecked) -> None:
            if isinstance(articles, Unchecked):
                self._lost |= dict.fromkeys(pmids, articles.reason)
                return
            # What PubMed found and then does not give (a record withdrawn since) is no review.
            self._reviews |= dict.fromkeys(pmids)
            self._reviews |= {article.pmid: _review(article) for article in articles}

        self._jobs.submit(pubmed.SERVICE, "fetch", partial(self.services.pubmed.fetch, pmids), then)


def _review(article: pubmed.Article) -> Review | None:
    record = article.found.record
    if article.entered is None or not record.pmid:
        return None
    year = str(max(record.years)) if record.years else ""
    return Review(record.pmid, article.entered, record.title, record.answered, year)


def _sorted(reviews: Iterable[Review | None]) -> tuple[Review, ...]:
    """The newest first; those of one day by number, so that the same answer is always the same."""
    known = [review for review in reviews if review is not None]
    return tuple(sorted(known, key=lambda review: (review.entered, int(review.pmid)), reverse=True))
