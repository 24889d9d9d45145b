"""Read real bibliographies and compare every entry with what pybtex alone makes of the same file; then measure time.

Usage: python benchmarks/bib_corpus.py FOLDER [--sizes 1000 50000]

FOLDER is searched for .bib files. Every difference from pybtex is printed with its reason; one without a known reason
makes the exit code 1. For each size a file of that many of the entries (keys made unique) is read in a process of its
own: seconds for reading (imports left out) and the whole process's peak memory.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from kap_content.load.bib import parse_bib
from kap_content.load.bib.commands import read_commands
from kap_content.load.bib.entry import Entry
from kap_content.model.reference import Reference

PERSONS = ("author", "editor")
MEASURE = r"""
import re, sys, time
from kap_content.load.bib import parse_bib
source = open(sys.argv[1], encoding="utf-8").read()
start = time.perf_counter()
references, problems = parse_bib("references.bib", source)
seconds = time.perf_counter() - start
# Not ru_maxrss: a child process begins with its parent's.
megabytes = int(re.search(r"VmHWM:\s*(\d+)", open("/proc/self/status").read())[1]) / 1024
print(f"{len(references)} {len(problems)} {seconds:.2f} {megabytes:.0f}")
"""


def read(path: Path) -> str:
    """Return the text of a file, in Latin 1 where it is no UTF-8."""
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        return path.read_text("latin-1")


def pybtex_entries(source: str) -> tuple[dict[str, dict[str, str]], list[str]]:
    """Return pybtex's entries by lower-case key, with persons as written, and its errors."""
    from pybtex import errors
    from pybtex.database.input.bibtex import Parser

    with errors.capture() as captured:
        data = Parser(person_fields=()).parse_string(source)
    entries = {
        key.lower(): {"entry type": entry.type} | {name.lower(): value for name, value in entry.fields.items()}
        for key, entry in data.entries.items()
    }
    return entries, [str(error) for error in captured]


def differences(references: tuple[Reference, ...], theirs: dict[str, dict[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield each difference as its reason (empty where none is known) and what it is about."""
    ours: dict[str, Reference] = {}
    for reference in references:
        if ours.setdefault(reference.key.lower(), reference) is not reference:
            yield "the key is repeated: pybtex keeps the first entry, both are kept here and reported", reference.key
    for key, reference in ours.items():
        if key not in theirs:
            yield "pybtex swallowed it together with a broken entry before it", reference.key
            continue
        own = {name: reference.raw[name] for name in reference.raw if name in reference.places}
        own["entry type"] = reference.type
        for name in sorted(own.keys() | theirs[key].keys()):
            if own.get(name) != theirs[key].get(name):
                yield "", f"{reference.key}: {name} is {own.get(name)!r}, to pybtex {theirs[key].get(name)!r}"
    for key in theirs.keys() - ours.keys():
        reason = "pybtex names an entry without a key itself; here it is reported" if key.startswith("unnamed-") else ""
        yield reason, key


def compare(paths: list[Path]) -> bool:
    """Print the table of the files and the differences, and return whether all are explained."""
    explained, totals, reasons = True, Counter[str](), Counter[str]()
    print(f"{'file':34}{'entries':>9}{'scanner':>9}{'pybtex':>9}{'problems':>9}{'its errors':>11}")
    for path in paths:
        source = read(path)
        references, problems = parse_bib(path.name, source)
        theirs, errors = pybtex_entries(source)
        quick = sum(isinstance(found, Entry) for found in read_commands(source.replace("\r\n", "\n")))
        row = {
            "entries": len(references),
            "scanner": quick,
            "pybtex": len(theirs),
            "problems": len(problems),
            "errors": len(errors),
        }
        totals.update(row)
        print(f"{path.parent.name + '/' + path.name:34}{''.join(f'{count:>9}' for count in row.values())}")
        for reason, what in differences(references, theirs):
            reasons[reason or "unexplained"] += 1
            if not reason:
                explained = False
                print(f"  unexplained: {what}")
    print(f"{'together':34}{''.join(f'{totals[name]:>9}' for name in row)}")
    for reason, count in reasons.most_common():
        print(f"{count} x {reason}")
    return explained


def inflated(sources: list[str], size: int) -> str:
    """Return a file of `size` entries out of `sources`, keys made unique, `@string`s first."""
    heads: list[str] = []
    bodies: list[tuple[str, str]] = []
    for source in sources:
        text = source.replace("\r\n", "\n")
        macros = [line for line in text.split("\n@") if line[:7].lower() == "string{"]
        heads.extend("@" + macro.strip() for macro in macros)
        bodies.extend(
            (text[found.start - len(found.type) - 2 : found.start], text[found.start + len(found.key) : found.end])
            for found in read_commands(text)
            if isinstance(found, Entry)
        )
    whole = [(head, body) for head, body in bodies if head.startswith("@")]
    entries = [f"{whole[n % len(whole)][0]}k{n}{whole[n % len(whole)][1]}" for n in range(size)]
    return "\n".join([*heads, *entries])


def measure(sources: list[str], size: int) -> None:
    """Print how long a file of `size` entries takes, and what memory."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "references.bib")
        path.write_text(inflated(sources, size), "utf-8")
        command = [sys.executable, "-c", MEASURE, str(path)]
        answer = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
        megabytes = path.stat().st_size / 1e6
    print(f"{answer[0]} entries ({megabytes:.1f} MB), {answer[1]} problems: {answer[2]} s, peak {answer[3]} MB")


def main() -> int:
    """Compare, then measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sizes", type=int, nargs="*", default=[1000, 50000])
    options = parser.parse_args()
    paths = sorted(options.folder.rglob("*.bib"))
    if not paths:
        parser.error(f"no .bib file under {options.folder}")
    explained = compare(paths)
    sources = [read(path) for path in paths]
    for size in options.sizes:
        measure(sources, size)
    return 0 if explained else 1


if __name__ == "__main__":
    sys.exit(main())
