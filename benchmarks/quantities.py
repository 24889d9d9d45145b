"""What the number rule (EVD005) says of claims in an editor's own words: precision and recall.

    python benchmarks/quantities.py [DATA] [--show]

Two tables: `tests/language/editors_pairs.tsv`, claim and evidence in sentences, and `quantities_pubmed.tsv`, claims
held against whole abstracts of the recorded PubMed files in DATA. A claim that differs and is flagged is found; one
that agrees and is flagged is a false alarm. A number that may follow from others of the evidence is but a warning:
precision is given for errors alone too. `--show` prints what is wrongly flagged, and what is missed.
"""

from __future__ import annotations

import argparse
import gzip
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

from kap_content.language.quantity import compare

HERE = Path(__file__).resolve().parent
PAIRS = HERE.parent / "tests" / "language" / "editors_pairs.tsv"
PUBMED = HERE / "quantities_pubmed.tsv"


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


def measure(pairs: Iterator[tuple[str, str, list[str]]], *, show: bool) -> Counter[str]:
    """Counts of found, false (and of those that are errors), missed and agreed."""
    counts: Counter[str] = Counter()
    for verdict, claim, texts in pairs:
        unmatched = compare(claim, texts)
        agrees = verdict == "agrees"
        name = ("false" if agrees else "found") if unmatched else ("agreed" if agrees else "missed")
        counts[name] += 1
        counts[f"{name} as error"] += any(not item.doubt for item in unmatched)
        if show and name in {"false", "missed"}:
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
        found, false, missed = count["found"], count["false"], count["missed"]
        errors, false_errors = count["found as error"], count["false as error"]
        print(
            f"{name}: {found} found, {false} false, {missed} missed, {count['agreed']} agreed; "
            f"precision {found / (found + false):.3f} (errors alone {errors / (errors + false_errors):.3f}), "
            f"recall {found / (found + missed):.3f}"
        )


if __name__ == "__main__":
    main()
