"""What the number rule (EVD005) says of claims in an editor's own words: precision and recall.

    python benchmarks/quantities.py [DATA] [--show]

Two tables: `tests/language/editors_pairs.tsv`, claim and evidence in sentences, and `quantities_pubmed.tsv`, claims
held against whole abstracts of the recorded PubMed files in DATA. A claim that differs and is flagged is found; one
that agrees and is flagged is a false alarm. Each pair counts by the gravest of its findings: precision is given for
errors, warnings and notes, and recall for errors and warnings, and with notes. `--show` prints what is wrongly flagged,
and what is missed.
"""

from __future__ import annotations

import argparse
import gzip
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

from kap_content.language.quantity import Unmatched, compare

HERE = Path(__file__).resolve().parent
PAIRS = HERE.parent / "tests" / "language" / "editors_pairs.tsv"
PUBMED = HERE / "quantities_pubmed.tsv"
GRADES = ("error", "warning", "note")


def rows(path: Path) -> Iterator[tuple[str, str, str]]:
    """Verdict, claim and evidence (or PMID) of each row of a table."""
    for line in path.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            verdict, claim, evidence = line.split("\t")
            yield verdict, claim, evidence


def abstracts(folder: Path) -> dict[str, list[str]]:
    """Title and abstract of each recorded PubMed record, by PMID."""
    found: dict[str, list[str]] = {}
    for path in sorted((folder / "pubmed").glob("*.xml.gz")):
        with gzip.open(path) as stream:
            tree = ET.parse(stream)
        for article in tree.getroot().iter("PubmedArticle"):
            title = article.find(".//ArticleTitle")
            words = " ".join("".join(part.itertext()) for part in article.iter("AbstractText"))
            pmid = article.findtext("MedlineCitation/PMID", "")
            found[pmid] = ["".join(title.itertext()) if title is not None else "", words]
    return found


def grade(unmatched: tuple[Unmatched, ...]) -> str:
    """What the gravest of the findings is: error, warning, note, or silent."""
    if not unmatched:
        return "silent"
    if any(not item.doubt for item in unmatched):
        return "error"
    return "warning" if any(item.doubt.is_likely_wrong for item in unmatched) else "note"


def measure(pairs: Iterator[tuple[str, str, list[str]]], *, show: bool) -> Counter[tuple[bool, str]]:
    """How many pairs that differ, and that agree, are flagged how."""
    counts: Counter[tuple[bool, str]] = Counter()
    for verdict, claim, texts in pairs:
        unmatched = compare(claim, texts)
        differs, how = verdict != "agrees", grade(unmatched)
        counts[differs, how] += 1
        if show and differs is (how == "silent"):
            name = "missed" if differs else f"false {how}"
            print(f"{name}: {', '.join(item.quantity.text for item in unmatched)} | {claim} | {texts[-1][:160]}")
    return counts


def main() -> None:
    """Print the figures of both tables."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("data", type=Path, nargs="?")
    arguments.add_argument("--show", action="store_true")
    options = arguments.parse_args()
    tables = {"sentences": ((verdict, claim, [text]) for verdict, claim, text in rows(PAIRS))}
    if options.data is not None:
        texts = abstracts(options.data)
        tables["abstracts"] = ((verdict, claim, texts[pmid]) for verdict, claim, pmid in rows(PUBMED) if pmid in texts)
    for name, pairs in tables.items():
        count = measure(pairs, show=options.show)
        differing = sum(number for (differs, _), number in count.items() if differs)
        told = ", ".join(f"{how}s {count[True, how]} right, {count[False, how]} wrong" for how in GRADES)
        firm = count[True, "error"] + count[True, "warning"]
        print(
            f"{name}: {told}; missed {count[True, 'silent']}, agreed {count[False, 'silent']}; "
            f"recall {firm / differing:.3f}, with notes {(firm + count[True, 'note']) / differing:.3f}"
        )


if __name__ == "__main__":
    main()
