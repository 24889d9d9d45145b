"""Precision and recall of the DOI and STS rules: real works as written entries, with and without seeded defects.

    python benchmarks/matching.py DATA [--show 10] [--copies 2] [--missed]

DATA is a folder of recorded registry material: `crossref/works.jsonl.gz`, and where present `pubmed/*.xml.gz` and
`bib/`. Every entry is BibTeX text read by the loader, every record a Crossref payload read by the adapter, and the
rules run on them as `kap check` runs them. The report is Markdown.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from other_hands import journal_names, real_bibliographies, reference_lists
from seeded_defects import AS_OF, Bench, Case, is_notice, notice, preprint, titled

from kap_content.checking.engine import found_by
from kap_content.load.bib import parse_bib
from kap_content.model.finding import Severity
from kap_content.model.project import Context, Project
from kap_content.model.settings import Settings
from kap_content.rules._rule import all_rules

RULES = ("DOI002", "DOI003", "DOI005", "STS")


@dataclass
class Tally:
    """What the rules said of a set of cases: by key, each finding's code, severity and message."""

    entries: int = 0
    findings: dict[str, list[tuple[str, Severity, str]]] = field(default_factory=dict)

    def keys(self, code: str, severity: Severity | None = None) -> set[str]:
        """The entries that have a finding of `code`, at `severity` or at any."""
        return {
            key
            for key, said in self.findings.items()
            if any(found == code and severity in (None, grave) for found, grave, _ in said)
        }


def judge(cases: list[Case]) -> Tally:
    """Read the entries, run the rules over all of them at once, and collect what they say by key."""
    references, problems = parse_bib("references.bib", "\n".join(case.text for case in cases))
    if problems:
        sys.stderr.write(f"{len(problems)} problems in the entries: {problems[0].place} {problems[0].message}\n")
    records = {case.key: replace(case.record, key=case.key) for case in cases}
    context = Context.of(Project(Settings(), references=references, records=records), AS_OF)
    tally = Tally(len(cases))
    for rule in all_rules():
        if rule.code.startswith(RULES):
            for hit in found_by(rule, context):
                tally.findings.setdefault(hit.reference, []).append(
                    (rule.code, hit.severity or rule.severity, hit.message)
                )
    return tally


def clean(bench: Bench, copies: int, show: int) -> Iterator[str]:
    """The false alarms on entries without defect, and the worst of them. A work's true status is no false alarm."""
    start = time.perf_counter()
    tally = judge(list(bench.clean(copies)))
    alarms = {
        key: [item for item in said if not item[0].startswith("STS") and item[1] is not Severity.NOTE]
        for key, said in tally.findings.items()
    }
    errors = [key for key, said in alarms.items() if any(grave is Severity.ERROR for _, grave, _ in said)]
    warnings = [key for key, said in alarms.items() if said and key not in errors]
    status = Counter(code for said in tally.findings.values() for code, _, _ in said if code.startswith("STS"))
    yield "## Entries as people write them, without defect\n"
    yield f"{tally.entries} entries: {len(errors)} with an error, {len(warnings)} with a warning"
    yield f"({100 * len(warnings) / tally.entries:.2f} %). True status told, by rule: {_counts(status)}."
    yield f"Made, read and checked in {time.perf_counter() - start:.1f} s.\n"
    for key in [*errors, *warnings][:show]:
        for code, severity, message in alarms[key]:
            yield f"- {code} {severity}: {message}"


def _counts(counter: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counter.items()))


def table(bench: Bench, *, missed: bool) -> Iterator[str]:
    """The recall of each seeded defect, a line each."""
    error, warning, note = Severity.ERROR, Severity.WARNING, Severity.NOTE
    rows: tuple[tuple[str, str, Severity, Iterable[Case]], ...] = (
        ("another work's DOI", "DOI003", error, bench.made(bench.another_doi)),
        ("another work's DOI, same journal", "DOI003", error, bench.made(bench.neighbour_doi)),
        ("another work's DOI, same first author", "DOI003", warning, bench.made(bench.same_author_doi)),
        ("one digit of the DOI wrong", "DOI002", error, bench.made(bench.wrong_digit)),
        ("year wrong by 1", "DOI003", warning, bench.made(bench.wrong_year(1))),
        ("year wrong by 3", "DOI003", warning, bench.made(bench.wrong_year(3))),
        ("wrong first author", "DOI003", warning, bench.made(bench.wrong_author)),
        ("invented co-authors", "DOI003", warning, bench.made(bench.invented_authors)),
        ("wrong journal", "DOI003", warning, bench.made(bench.wrong_journal)),
        ("volume and pages swapped", "DOI003", warning, bench.made(bench.swapped)),
        ("retracted", "STS001", error, bench.told(notice("retraction"))),
        ("retracted by its title only", "STS001", error, bench.told(titled)),
        ("expression of concern", "STS002", warning, bench.told(notice("expression_of_concern"))),
        ("corrected", "STS003", note, bench.told(notice("correction"))),
        ("unknown update type", "STS003", warning, bench.told(notice("68818"))),
        ("preprint", "STS004", warning, bench.told(preprint)),
        ("new version", "STS005", warning, bench.told(notice("new_version"))),
        ("notice cited", "STS006", warning, bench.told(is_notice)),
    )
    yield "\n## Seeded defects\n"
    yield "| defect | entries | caught by | recall | at any severity |"
    yield "|---|---:|---|---:|---:|"
    for name, code, severity, made in rows:
        cases = list(made)
        tally = judge(cases)
        caught, anyhow = tally.keys(code, severity), tally.keys(code)
        share, all_told = (100 * len(keys) / max(1, tally.entries) for keys in (caught, anyhow))
        yield f"| {name} | {tally.entries} | {code} {severity} | {share:.2f} % | {all_told:.2f} % |"
        for case in cases if missed else ():
            if case.key not in caught:
                sys.stderr.write(f"missed, {name}: {' '.join(case.text.split())}\n  {case.record}\n")


def main(arguments: list[str]) -> int:
    """Measure, and print the report as it grows."""
    parser = argparse.ArgumentParser(description="Precision and recall of the DOI and STS rules")
    parser.add_argument("data", type=Path, help="folder of recorded registry material")
    parser.add_argument("--show", type=int, default=10, help="how many of the worst are shown")
    parser.add_argument("--copies", type=int, default=2, help="clean entries made of each work")
    parser.add_argument("--missed", action="store_true", help="write the missed defects to standard error")
    options = parser.parse_args(arguments)
    with gzip.open(options.data / "crossref" / "works.jsonl.gz", "rt", encoding="utf-8") as lines:
        bench = Bench([json.loads(line) for line in lines])
    for part in (
        clean(bench, options.copies, options.show),
        reference_lists(bench.works, options.show),
        real_bibliographies(options.data / "bib", bench.by_doi, options.show),
        journal_names(options.data / "pubmed", options.show),
        table(bench, missed=options.missed),
    ):
        for line in part:
            print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
