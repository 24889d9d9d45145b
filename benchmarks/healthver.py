"""What the number rule (EVD005) says of real claims: HealthVer's pairs of a claim and a passage, with a verdict.

    python benchmarks/healthver.py FOLDER [--show]

FOLDER holds `healthver_dev.csv` (columns evidence, claim, label). Of the pairs whose claim states a quantity it counts,
by verdict, those that the rule flags (as an error, a warning, a note: the gravest of each), and among them those where
the passage holds a quantity of the same kind.
HealthVer judges whether a passage bears on a claim as a whole; it does not ask whether the passage states the claim's
number, which is what the rule asks. `--show` prints the pairs, to be read.
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter
from pathlib import Path

from kap_content.language.quantity import compare, read


def main() -> None:
    """Print the counts by verdict."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--show", action="store_true")
    options = arguments.parse_args()
    pairs, numeric, flagged, comparable = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    errors, warnings = Counter[str](), Counter[str]()
    with next(options.folder.rglob("healthver_dev.csv")).open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            label = row["label"]
            pairs[label] += 1
            if all(quantity.weak for quantity in read(row["claim"])):
                continue
            numeric[label] += 1
            unmatched = compare(row["claim"], [row["evidence"]])
            if not unmatched:
                continue
            flagged[label] += 1
            is_error = any(not item.doubt for item in unmatched)
            errors[label] += is_error
            warnings[label] += not is_error and any(item.doubt.is_likely_wrong for item in unmatched)
            comparable[label] += any(item.nearest is not None for item in unmatched)
            if options.show:
                for item in unmatched:
                    nearest = item.nearest.text if item.nearest else "-"
                    print(f"{label}: {item.quantity.text} | {nearest} | {row['claim']} | {row['evidence'][:200]}")
    print(f"{'verdict':10}{'pairs':>8}{'numeric':>9}{'flagged':>9}{'errors':>8}{'warnings':>10}{'of that kind':>14}")
    for label in pairs:
        counts = f"{pairs[label]:8}{numeric[label]:9}{flagged[label]:9}"
        print(f"{label:10}{counts}{errors[label]:8}{warnings[label]:10}{comparable[label]:14}")


if __name__ == "__main__":
    main()
