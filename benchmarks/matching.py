"""Precision and recall of the DOI and STS rules: real works as written entries, with and without seeded defects.

    python benchmarks/matching.py DATA [--show 10] [--copies 2]

DATA is the folder of recorded registry material (`crossref/works.jsonl.gz`, `bib/**/*.bib`). Every entry is BibTeX text read by the
loader, every record a Crossref payload read by the adapter, and the rules run on them as `kap check` runs them.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from random import Random

from written_entries import Work, bibtex, entry_type, fields_of, journal, persons, texts, years

from kap_content.load.bib import parse_bib
from kap_content.model.finding import Severity
from kap_content.model.project import Context, Project
from kap_content.model.record import Record, Source, State
from kap_content.model.reference import Reference
from kap_content.model.settings import Settings
from kap_content.registries.crossref import parse
from kap_content.rules._rule import all_rules
from kap_content.works.doi import normalise_doi
from kap_content.works.journals import compare
from kap_content.works.agreement import Agreement
from kap_content.works.names import same_family
from kap_content.works.pages import read_pages
from kap_content.works.years import accepted_years

AS_OF = date(2026, 11, 22)
FAMILIES = ("DOI002", "DOI003", "DOI005", "STS")


@dataclass(frozen=True)
class Case:
    """One entry and the record that the registry would give for it. `expected` are the codes that count as a catch."""

    text: str
    key: str
    record: Record


@dataclass
class Tally:
    """What the rules said of a set of cases."""

    entries: int = 0
    findings: dict[str, list[tuple[str, Severity, str]]] = field(default_factory=dict)
    references: dict[str, Reference] = field(default_factory=dict)

    def caught(self, code: str, *severities: Severity) -> int:
        """How many entries have a finding of `code` at one of `severities` (any, if none is given)."""
        return sum(
            any(found == code and (not severities or severity in severities) for found, severity, _ in said)
            for said in self.findings.values()
        )


def judge(cases: Iterable[Case]) -> Tally:
    """Read the entries, run the rules over all of them, and collect what they say by key."""
    kept = list(cases)
    references, problems = parse_bib("references.bib", "\n".join(case.text for case in kept))
    if problems:
        sys.stderr.write(f"{len(problems)} entries could not be read, first: {problems[0].place} {problems[0].message}\n")
    records = {case.key: replace(case.record, key=case.key) for case in kept}
    context = Context.of(Project(Settings(), references=references, records=records), AS_OF)
    tally = Tally(len(kept), references={reference.key: reference for reference in references})
    for rule in all_rules():
        if rule.code.startswith(FAMILIES):
            for hit in rule.check(context):
                said = tally.findings.setdefault(hit.reference, [])
                said.append((rule.code, hit.severity or rule.severity, hit.message))
    return tally


def record_of(work: Work, asked: str = "") -> Record:
    """The record as the adapter reads it, dated today."""
    found = parse(work, normalise_doi(asked) if asked else "")
    return replace(found.record, sources=(Source("crossref", AS_OF),))


def absent(doi: str) -> Record:
    """What the lock holds of a DOI that does not exist."""
    return Record("", State.ABSENT, (Source("doi", AS_OF),), asked=normalise_doi(doi))


# ------------------------------------------------------------------------------------------------ defects


class Bench:
    """The works, and the entries made of them. One source of chance, so that a run can be repeated."""

    def __init__(self, works: list[Work], seed: int = 20261122) -> None:
        self.works = works
        self.by_doi = {normalise_doi(str(work["DOI"])): work for work in works}
        self.chance = Random(seed)

    def case(self, number: int, work: Work, change: Callable[[dict[str, str]], bool], record: Record | None = None) -> Case | None:
        """An entry of `work` after `change` to its fields; None where the change does not apply."""
        fields = fields_of(work, self.chance)
        if not change(fields):
            return None
        key = f"entry{number}"
        text = bibtex(entry_type(work), key, fields, latex=self.chance.random() < 0.5)
        return Case(text, key, record or self.answer(fields["doi"]))

    def answer(self, doi: str) -> Record:
        """What the registry says of a DOI: one of the works, or that it does not exist."""
        work = self.by_doi.get(normalise_doi(doi))
        return record_of(work, doi) if work is not None else absent(doi)

    def made(self, change: Callable[[Work, dict[str, str]], bool]) -> Iterator[Case]:
        """One case of every work that `change` applies to."""
        for number, work in enumerate(self.works):
            case = self.case(number, work, lambda fields, work=work: change(work, fields))
            if case is not None:
                yield case

    def changed(self, update: Callable[[dict[str, object], Work], bool]) -> Iterator[Case]:
        """One case of every work whose registry metadata `update` changes: the entry is clean, the status is not."""
        for number, work in enumerate(self.works):
            told = dict(work)
            if not update(told, self.chance.choice(self.works)):
                continue
            case = self.case(number, work, lambda _: True, record_of(told))
            if case is not None:
                yield case

    # Each of these seeds one defect into the fields, and says whether it applies.

    def another_doi(self, work: Work, fields: dict[str, str]) -> bool:
        """The DOI of a work chosen at random; both must have a title and an author."""
        other = self.chance.choice(self.works)
        fields["doi"] = str(other["DOI"])
        apart = not any(same_family(a, b) for a, _ in persons(work)[:1] for b, _ in persons(other))
        return other is not work and bool(texts(work, "title") and texts(other, "title")) and apart and self._authors(fields, other)

    def neighbour_doi(self, work: Work, fields: dict[str, str]) -> bool:
        """The DOI of another work in the same journal."""
        name = texts(work, "container-title")
        index = self.works.index(work)
        others = [other for other in self.works[max(0, index - 20) : index + 20] if other is not work]
        others = [other for other in others if texts(other, "container-title") == name and texts(other, "title")]
        others = [o for o in others if not any(same_family(a, b) for a, _ in persons(work)[:1] for b, _ in persons(o))]
        if not others or not texts(work, "title"):
            return False
        other = self.chance.choice(others)
        fields["doi"] = str(other["DOI"])
        return self._authors(fields, other)

    @staticmethod
    def _authors(fields: dict[str, str], other: Work) -> bool:
        return bool(fields["author"]) and not fields["author"].startswith("{") and any(given for _, given in persons(other))

    def wrong_digit(self, _: Work, fields: dict[str, str]) -> bool:
        """One digit of the DOI's suffix replaced."""
        doi = fields["doi"]
        places = [place for place in range(doi.rindex("/"), len(doi)) if doi[place].isdigit()]
        if not places:
            return False
        place = self.chance.choice(places)
        digit = self.chance.choice([digit for digit in "0123456789" if digit != doi[place]])
        fields["doi"] = doi[:place] + digit + doi[place + 1 :]
        return True

    def wrong_year(self, by: int) -> Callable[[Work, dict[str, str]], bool]:
        """A year `by` years off the one chosen, where that is not another accepted year."""

        def change(work: Work, fields: dict[str, str]) -> bool:
            if not years(work) or not fields["year"]:
                return False
            year = int(fields["year"]) + self.chance.choice((-by, by))
            fields["year"] = str(year)
            return year not in accepted_years(record_of(work))

        return change

    def wrong_author(self, work: Work, fields: dict[str, str]) -> bool:
        """The first author of another work in place of the first; the others stay."""
        other = self.chance.choice(self.works)
        ours, theirs = persons(work), persons(other)
        if not ours or not theirs or not ours[0][1] or not theirs[0][1] or not fields["author"]:
            return False
        fields["author"] = " and ".join(f"{family}, {given}".rstrip(", ") for family, given in (theirs[0], *ours[1:]))
        return not any(same_family(theirs[0][0], family) for family, _ in ours)

    def wrong_journal(self, work: Work, fields: dict[str, str]) -> bool:
        """The journal of another work."""
        other = self.chance.choice(self.works)
        names = texts(work, "container-title")
        fields["journal"] = journal(other, self.chance) if other.get("type") == "journal-article" else ""
        if not fields["journal"] or not names or work.get("type") != "journal-article":
            return False
        known = [*names, *texts(work, "short-container-title")]
        return all(compare(one, two) is Agreement.DIFFERENT for one in texts(other, "container-title") for two in known)

    def swapped(self, work: Work, fields: dict[str, str]) -> bool:
        """Volume and pages the wrong way round."""
        volume, pages = fields["volume"], fields["pages"]
        fields["volume"], fields["pages"] = pages, volume
        first = read_pages(str(work.get("page") or ""))
        return bool(volume and pages) and first is not None and first.first != volume


def notice(kind: str) -> Callable[[dict[str, object], Work], bool]:
    """Metadata of a work about which a notice of `kind` was published, as Crossref gives it."""

    def update(work: dict[str, object], other: Work) -> bool:
        said = {"DOI": str(other["DOI"]), "type": kind, "label": kind.title(), "source": "publisher", "record-id": ""}
        said["updated"] = {"date-parts": [[2024, 5, 6]]}  # type: ignore[assignment]
        twin = {**said, "source": "retraction-watch", "updated": {"date-parts": [[2024, 5, 1]]}, "record-id": "12"}
        work["updated-by"] = [said, twin] if kind in ("retraction", "expression_of_concern") else [said]
        return True

    return update


def titled(work: dict[str, object], _: Work) -> bool:
    """Only the registered title says that the work was retracted."""
    titles = texts(work, "title")
    work["title"] = [f"RETRACTED: {titles[0]}"] if titles else []
    return bool(titles)


def preprint(work: dict[str, object], other: Work) -> bool:
    """The work is posted content with a link to the published article."""
    work.update(type="posted-content", subtype="preprint", relation={})
    work["relation"] = {"is-preprint-of": [{"id-type": "doi", "id": other["DOI"], "asserted-by": "subject"}]}
    return True


def is_notice(work: dict[str, object], other: Work) -> bool:
    """The work is a correction of another."""
    work["update-to"] = [{"DOI": other["DOI"], "type": "correction", "label": "Correction", "updated": {"date-parts": [[2024]]}}]
    return other["DOI"] != work["DOI"]


# ------------------------------------------------------------------------------------------------ report


def table(bench: Bench) -> Iterator[str]:
    """The recall of each seeded defect, a line each."""
    any_of = (Severity.ERROR, Severity.WARNING, Severity.NOTE)
    error, warning, note = ((severity,) for severity in any_of)
    rows: tuple[tuple[str, str, tuple[Severity, ...], Iterable[Case]], ...] = (
        ("another work's DOI", "DOI003", error, bench.made(bench.another_doi)),
        ("another work's DOI, same journal", "DOI003", error, bench.made(bench.neighbour_doi)),
        ("one digit of the DOI wrong", "DOI002", error, bench.made(bench.wrong_digit)),
        ("year wrong by 1", "DOI003", warning, bench.made(bench.wrong_year(1))),
        ("year wrong by 3", "DOI003", warning, bench.made(bench.wrong_year(3))),
        ("wrong first author", "DOI003", warning, bench.made(bench.wrong_author)),
        ("wrong journal", "DOI003", warning, bench.made(bench.wrong_journal)),
        ("volume and pages swapped", "DOI003", warning, bench.made(bench.swapped)),
        ("retracted", "STS001", error, bench.changed(notice("retraction"))),
        ("retracted by its title only", "STS001", error, bench.changed(titled)),
        ("expression of concern", "STS002", warning, bench.changed(notice("expression_of_concern"))),
        ("corrected", "STS003", note, bench.changed(notice("correction"))),
        ("unknown update type", "STS003", warning, bench.changed(notice("68818"))),
        ("preprint", "STS004", warning, bench.changed(preprint)),
        ("new version", "STS005", warning, bench.changed(notice("new_version"))),
        ("notice cited", "STS006", warning, bench.changed(is_notice)),
    )
    yield "| seeded defect | entries | caught by | recall | at any severity | beside: errors of another rule |"
    yield "|---|---:|---|---:|---:|---:|"
    for name, code, severities, cases in rows:
        tally = judge(cases)
        caught, anyhow = tally.caught(code, *severities), tally.caught(code)
        beside = sum(any(c != code and s is Severity.ERROR for c, s, _ in said) for said in tally.findings.values())
        share = f"{100 * caught / tally.entries:.2f} %" if tally.entries else "-"
        yield f"| {name} | {tally.entries} | {code} {severities[0]} | {share} | {100 * anyhow / max(1, tally.entries):.2f} % | {beside} |"


def clean(tally: Tally, title: str, show: int) -> Iterator[str]:
    """The false alarms on entries without defect, and the worst of them. The works' true status is no false alarm."""
    alarms = {
        key: [item for item in said if not item[0].startswith("STS") and item[1] is not Severity.NOTE]
        for key, said in tally.findings.items()
    }
    errors = [key for key, said in alarms.items() if any(severity is Severity.ERROR for _, severity, _ in said)]
    warnings = [key for key, said in alarms.items() if said and key not in errors]
    yield f"\n{title}: {tally.entries} entries, {len(errors)} with an error ({100 * len(errors) / max(1, tally.entries):.3f} %), "
    yield f"{len(warnings)} with a warning ({100 * len(warnings) / max(1, tally.entries):.2f} %)\n"
    status = Counter(code for said in tally.findings.values() for code, _, _ in said if code.startswith("STS"))
    yield f"Status told (true of the works, by rule): {dict(sorted(status.items()))}\n"
    for key in [*errors, *warnings][:show]:
        for code, severity, message in alarms[key]:
            yield f"- {code} {severity}: {message}"


def real_entries(folder: Path, bench: Bench) -> Iterator[Case]:
    """The entries of real bibliographies whose DOI is among the works, as they stand in their files."""
    number = 0
    for path in sorted(folder.rglob("*.bib")):
        source = path.read_bytes().decode("utf-8", "replace")
        references, _ = parse_bib(path.name, source)
        lines = source.splitlines()
        macros = "\n".join(line for line in lines if line.lower().startswith("@string"))
        for reference in references:
            doi = normalise_doi(reference.get("doi"))
            if doi in bench.by_doi:
                number += 1
                key = f"real{number}"
                body = {name: value for name, value in reference.raw.items() if name != "crossref"}
                text = f"@{reference.type}{{{key},\n" + ",\n".join(f"{n} = {{{v}}}" for n, v in body.items()) + "\n}\n"
                yield Case(text if not macros else text, key, record_of(bench.by_doi[doi], doi))


def main(arguments: list[str]) -> int:
    """Measure, and print the report as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--show", type=int, default=10)
    parser.add_argument("--copies", type=int, default=2, help="clean entries made of each work")
    parser.add_argument("--clean-only", action="store_true")
    options = parser.parse_args(arguments)
    with gzip.open(options.data / "crossref" / "works.jsonl.gz", "rt", encoding="utf-8") as lines:
        bench = Bench([json.loads(line) for line in lines])
    copies = bench.works * options.copies
    cases = (bench.case(number, work, lambda _: True) for number, work in enumerate(copies))
    report = clean(judge(case for case in cases if case), "Entries as people write them, no defect", options.show)
    for line in report:
        print(line)
    for line in clean(judge(real_entries(options.data / "bib", bench)), "Real bibliographies", options.show):
        print(line)
    if not options.clean_only:
        for line in table(bench):
            print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
