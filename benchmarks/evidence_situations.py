"""What the evidence rules say of small projects that a sceptical reviewer judged: precision and recall by rule.

    python benchmarks/evidence_situations.py [--show]

Each entry of `evidence_situations.yaml` is a claim with its references, and the codes that ought to be said of it. It
is written out as a project, loaded and checked by EVD001 to EVD008 and CLM005; publication types stand in for a record
of a registry. `--show` prints what is said in vain, and what is missed.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import yaml

from kap_content.checking.engine import check
from kap_content.load.project import load_project
from kap_content.load.settings import read_settings
from kap_content.model.finding import Finding
from kap_content.model.project import Context
from kap_content.model.record import Record, State
from kap_content.rules._rule import all_rules

SITUATIONS = Path(__file__).resolve().parent / "evidence_situations.yaml"
CODES = (*(f"EVD00{number}" for number in range(1, 9)), "CLM005")
AS_OF = date(2026, 11, 22)


def written(folder: Path, entry: dict[str, object]) -> dict[str, Record]:
    """Write the project of `entry` into `folder`; give the records of its references that have publication types."""
    references = entry["references"]
    assert isinstance(references, list)
    bib, evidence, records = [], [], {}
    for number, reference in enumerate(references, start=1):
        key = f"ref{number}2020"
        fields = {"author": "Doe, Ann", "title": reference["title"], "journal": "J Ex Med", "year": "2020"}
        if "mesh" in reference:
            fields["keywords"] = "; ".join(reference["mesh"])
        if "abstract" in reference:
            fields["abstract"] = reference["abstract"].replace("%", r"\%")
        bib.append(
            f"@article{{{key},\n" + "".join(f"  {name} = {{{text}}},\n" for name, text in fields.items()) + "}\n"
        )
        evidence.append({"ref": key, **reference.get("evidence", {})})
        if "types" in reference:
            mesh = tuple(reference.get("mesh", ()))
            types = tuple(reference["types"])
            records[key] = Record(key, State.FOUND, title=reference["title"], publication_types=types, mesh=mesh)
    claim = {"id": "T-01", "match_text": entry["claim"], "category": entry["category"], "status": "approved"}
    fields_of_claim, beside = entry.get("fields", {}), entry.get("beside", [])
    assert isinstance(fields_of_claim, dict)
    assert isinstance(beside, list)
    claims = [{**claim, **fields_of_claim, "evidence": evidence}, *beside]
    text = yaml.safe_dump({"version": 1, "claims": claims}, allow_unicode=True, sort_keys=False)
    (folder / "claims.yaml").write_text(text, "utf-8")
    (folder / "references.bib").write_text("\n".join(bib), "utf-8")
    (folder / "page.md").write_text(f"# Page\n\n[{entry['claim']}]{{claim=T-01}}\n\n{entry.get('page', '')}\n", "utf-8")
    files = entry.get("files", {})
    assert isinstance(files, dict)
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(content, "utf-8")
    return records


def found(entry: dict[str, object]) -> list[Finding]:
    """What the rules say of the situation."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        records = written(folder, entry)
        project = load_project(folder, replace(read_settings(folder), pages=("*.md",)))
        rules = [rule for rule in all_rules() if rule.code in CODES]
        return list(check(Context.of(replace(project, records=records), AS_OF), rules).findings)


def main() -> None:
    """Print the table by rule."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--show", action="store_true")
    options = arguments.parse_args()
    right, vain, missed = Counter[str](), Counter[str](), Counter[str]()
    for entry in yaml.safe_load(SITUATIONS.read_text("utf-8")):
        findings = found(entry)
        said, wanted = {finding.code for finding in findings if finding.code in CODES}, set(entry["expect"])
        right.update(said & wanted)
        vain.update(said - wanted)
        missed.update(wanted - said)
        if options.show:
            for finding in findings:
                if finding.code in said - wanted:
                    print(f"in vain: {finding.code} {finding.severity} {finding.message}")
            for code in sorted(wanted - said):
                print(f"missed: {code} {entry['claim']}")
    print(f"{'':8}{'right':>7}{'in vain':>9}{'missed':>8}")
    for code in CODES:
        print(f"{code:8}{right[code]:7}{vain[code]:9}{missed[code]:8}")


if __name__ == "__main__":
    main()
