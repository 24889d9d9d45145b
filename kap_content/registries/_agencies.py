"""Who describes a DOI: Crossref in lists, and for what it does not list doi.org, DataCite and content negotiation.

    Crossref lists of 50 ──listed──────────────────────────────┐
       └─not listed─> doi.org: which agency, 6 at a time        │
            ├─Crossref─> Crossref single (aliases) ─────────────┤
            ├─DataCite─> DataCite, 25 at a time ────────────────┼─> described
            ├─another──> content negotiation ───────────────────┤
            └─none─────> handle system ──exists──> content neg. ┘
                             └─100/404─> absent: the only proof

Whatever gives no answer on the way leaves the identifier unchecked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial

from kap_content.registries import crossref, datacite, doi_org
from kap_content.registries._answer import Absent, Elsewhere, Found, Listed, Listing, Lookup, Refused, Unchecked
from kap_content.registries._item import Item
from kap_content.registries._jobs import Jobs
from kap_content.registries._services import Services


class Agencies:
    """Finds the description of each DOI and hands it to `described`; what else comes of it is noted on the item."""

    def __init__(self, jobs: Jobs, services: Services, described: Callable[[Item, Found], None]) -> None:
        self.versions: dict[str, Found] = {}
        self._jobs = jobs
        self._services = services
        self._described = described
        self._unlisted: list[Item] = []
        self._datacite: list[Item] = []

    def ask(self, by_doi: Mapping[str, Item]) -> None:
        """Ask after each DOI, in lists first; a list cannot hold a DOI with a comma."""
        plain = [doi for doi in by_doi if "," not in doi]
        for batch in crossref.batches(plain):
            self._list({doi: by_doi[doi] for doi in batch})
        for doi, item in by_doi.items():
            if "," in doi:
                self._single(doi, item)

    def probe_versions(self, dois: Iterable[str]) -> None:
        """Which of `dois`, under which newer versions of Cochrane reviews would stand, exist: `versions` has them."""

        def then(listing: Listing) -> None:
            if isinstance(listing, Listed):
                self.versions |= listing.found

        for batch in crossref.batches(list(dois)):
            self._jobs.submit(crossref.SERVICE, "versions", partial(self._services.crossref.works, batch), then)

    def flush(self) -> None:
        """Start what has enough company, or nobody left to wait for."""
        open_ = self._jobs.is_open
        while len(self._unlisted) >= doi_org.BATCH or (self._unlisted and not open_("lists")):
            batch, self._unlisted = self._unlisted[: doi_org.BATCH], self._unlisted[doi_org.BATCH :]
            self._agencies(batch)
        coming = self._unlisted or open_("lists", "agencies")
        while len(self._datacite) >= datacite.BATCH or (self._datacite and not coming):
            batch, self._datacite = self._datacite[: datacite.BATCH], self._datacite[datacite.BATCH :]
            self._list_datacite(batch)

    def _list(self, batch: Mapping[str, Item]) -> None:
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
            self._single(*batch[0])
            return
        middle = len(batch) // 2
        self._list(dict(batch[:middle]))
        self._list(dict(batch[middle:]))

    def _single(self, doi: str, item: Item) -> None:
        def then(lookup: Lookup | None) -> None:
            match lookup:
                case None if item.primary is None:
                    self._handle(item, "crossref")
                case Unchecked(reason):
                    item.fail(reason)
                case Found():
                    self._described(item, lookup)
                case None | Absent() | Elsewhere():
                    pass  # known by its PMID, and not Crossref's

        self._jobs.submit(crossref.SERVICE, "singles", partial(self._services.crossref.work, doi), then)

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
            self._single(item.doi, item)
        elif agency == "datacite" and "," not in item.doi:
            self._datacite.append(item)
        elif agency:
            self._describe(item, agency)
        else:
            # doi.org may say "does not exist" while a handle server is merely down.
            self._handle(item, "")

    def _list_datacite(self, batch: list[Item]) -> None:
        def then(listing: Listing) -> None:
            for item in batch:
                match listing:
                    case Listed(found) if item.doi in found:
                        self._described(item, found[item.doi])
                    case Listed():
                        self._handle(item, "datacite")
                    case Refused():
                        self._describe(item, "datacite")
                    case Unchecked(reason):
                        item.fail(reason)

        dois = [item.doi for item in batch]
        self._jobs.submit(datacite.SERVICE, "datacite", partial(self._services.datacite.works, dois), then)

    def _handle(self, item: Item, agency: str) -> None:
        def then(exists: bool | Unchecked) -> None:
            if isinstance(exists, Unchecked):
                item.fail(exists.reason)
            elif exists:
                self._describe(item, agency)
            else:
                item.primary = Absent("doi.org")

        self._jobs.submit(doi_org.SERVICE, "handles", partial(self._services.doi_org.exists, item.doi), then)

    def _describe(self, item: Item, agency: str) -> None:
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
