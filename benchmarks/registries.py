"""Requests and seconds of a run through the registries, against the stand-in with its rate limits and 100 ms latency.

`python benchmarks/registries.py [--sizes 30 1000 10000] [--data FOLDER] [--faults]`. The works are made from a fixed
seed, of the kinds a medical bibliography holds; --data takes recorded ones instead.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from kap_content.model.place import Place
from kap_content.model.reference import Reference
from kap_content.model.settings import RegistrySettings, Settings
from kap_content.registries.gather import Gathered, gather
from tests.registry.server import Registry
from tests.registry.world import World, article, dataset, load_recorded, work

TODAY = date(2026, 11, 22)
FAULTS = [
    *("429", "429-wait:2", "403", "500", "503", "504", "html", "empty", "truncated", "wrong-type", "other-shape"),
    *("reset", "hang"),
]


def invented(count: int) -> tuple[World, list[str]]:
    """A world of `count` works and their DOIs.

    Per hundred: 95 of Crossref's (75 of them PubMed's too), 1 alias, 2 of DataCite's, 1 of another agency, 1 that does
    not exist.
    """
    random.seed(count)
    world = World()
    dois = []
    for number in range(count):
        journal = random.choice(("psych", "anx", "pain"))
        doi = f"10.{random.randint(1000, 9999)}/j.{journal}.{2000 + number % 26}.{number:06d}"
        kind = number % 100
        dois.append(doi)
        if kind < 95:
            world.add_crossref(work(doi, f"A trial of treatment {number}"))
            if kind < 75:
                world.add_pubmed(article(str(number + 1), doi, abstract=f"We studied {number}.", mesh=("Humans",)))
        elif kind == 95:
            world.add_crossref(work(f"{doi}.prime", f"A trial of treatment {number}"))
            world.aliases[doi] = f"{doi}.prime"
        elif kind < 98:
            world.datacite[doi] = dataset(doi)
        elif kind == 98:
            world.agencies[doi] = "mEDRA"
            world.csl[doi] = {
                "DOI": doi,
                "type": "article-journal",
                "title": "Un caso",
                "author": [{"family": "Rossi"}],
            }
    random.shuffle(dois)
    return world, dois


def recorded(folder: Path, count: int) -> tuple[World, list[str]]:
    """The recorded works; as many of their DOIs as there are."""
    world = load_recorded(folder)
    dois = sorted({*world.crossref, *world.pmids} & world.crossref.keys()) + sorted(world.datacite)
    random.Random(1).shuffle(dois)
    return world, dois[:count]


def entries(dois: Sequence[str]) -> list[Reference]:
    """An entry for each DOI."""
    return [Reference(f"r{n}", "article", Place("references.bib"), {"doi": doi}) for n, doi in enumerate(dois)]


def timed(
    references: Sequence[Reference], settings: Settings, root: Path, previous: Gathered | None = None
) -> tuple[float, Gathered]:
    """Gather, and say how long it took."""
    start = time.perf_counter()
    gathered = gather(references, previous.records if previous else {}, settings, today=TODAY, root=root)
    return time.perf_counter() - start, gathered


def sizes(counts: Sequence[int], data: Path | None) -> None:
    """The table of sizes: cold, and again at once."""
    titles = ("references", "requests", "Crossref lists", "seconds", "floor", "429", "found/absent/unchecked", "again")
    print(f"| {' | '.join(titles)} |")
    print("|" + "---|" * len(titles))
    for count in counts:
        world, dois = recorded(data, count) if data else invented(count)
        with Registry(world, latency=0.1) as registry, tempfile.TemporaryDirectory() as folder:
            seconds, cold = timed(entries(dois), registry.settings(), Path(folder))
            again, warm = timed(entries(dois), registry.settings(), Path(folder), cold)
            asked = Counter(logged.service for logged in registry.log)
            lists = len(registry.asked("crossref", "lists"))
            floor = max(lists - 1, asked["pubmed"] - 1, asked["europepmc"] - 1) // 3
            refused = sum(logged.status == 429 for logged in registry.log)
            states = Counter(record.state.value for record in cold.records.values())
            ends = f"{states['found']}/{states['absent']}/{len(cold.unchecked)}"
            print(
                f"| {len(dois)} | {cold.requests_made} | {lists} | {seconds:.1f} | {floor} | {refused} | {ends} |"
                f" {warm.requests_made} requests, {again:.2f} s |",
                flush=True,
            )


def offline() -> None:
    """A machine without a network, with 1,000 references."""
    world, dois = invented(1000)
    del world
    names = ("crossref", "datacite", "doi", "pubmed", "europepmc", "biorxiv")
    nobody = Settings(registries=RegistrySettings(**{f"{name}_url": f"http://127.0.0.1:1/{name}" for name in names}))
    with tempfile.TemporaryDirectory() as folder:
        seconds, gathered = timed(entries(dois), nobody, Path(folder))
    print(f"offline: {seconds:.1f} s, {gathered.requests_made} requests, {len(gathered.unchecked)} unchecked")


def faults() -> None:
    """Each fault of Crossref, for good, and only once."""
    world, dois = invented(100)
    print("| fault of Crossref | for good: records, unchecked, seconds | reason given | once: the same |")
    print("|---|---|---|---|")
    for fault in FAULTS:
        cells = []
        reason = ""
        for times in (None, 1):
            with Registry(world) as registry, tempfile.TemporaryDirectory() as folder:
                registry.fail("crossref", fault, times)
                seconds, gathered = timed(entries(dois), registry.settings(), Path(folder))
            reason = reason or next(iter(gathered.unchecked.values()), "")
            cells.append(f"{len(gathered.records)}, {len(gathered.unchecked)}, {seconds:.1f}")
        print(f"| {fault} | {cells[0]} | {reason} | {cells[1]} |", flush=True)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[30, 1000])
    parser.add_argument("--data", type=Path, help="folder with recorded crossref/, datacite/ and pubmed/")
    parser.add_argument("--faults", action="store_true", help="each fault of Crossref as well (some minutes)")
    options = parser.parse_args()
    sizes(options.sizes, options.data)
    offline()
    if options.faults:
        faults()


if __name__ == "__main__":
    main()
