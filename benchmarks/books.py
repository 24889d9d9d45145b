"""How often the page rules speak on real books that were never written for them: counts by rule, and examples.

usage: python benchmarks/books.py FOLDER [--show CODE] [--limit N] [--time]

FOLDER holds Markdown or R Markdown files and, beside them, their .bib files. R chunks are code blocks already;
formulas are turned into code, and the book's cross-references into plain words. No file is written.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from kap_content.checking.engine import check
from kap_content.load.bib import parse_bib
from kap_content.load.lexicon import read_lexicon
from kap_content.load.page import parse_page
from kap_content.model.finding import Finding
from kap_content.model.page import Page
from kap_content.model.project import Context, Project
from kap_content.model.settings import Settings
from kap_content.rules._rule import all_rules

CODES = ("CLM001", "CLM002", "CLM007", "CLM009", "REF002", "REF004", "REF008", "DSC006")
_FORMULA = re.compile(r"\$\$.*?\$\$|(?<![\\$\w])\$(?!\s)[^$\n]{1,200}?(?<!\s)\$(?!\d)", re.DOTALL)
_CROSS_REFERENCE = re.compile(r"\\@ref\([^)]*\)|\(\\#[\w:-]+\)")
_FENCE = re.compile(r"^(```|~~~).*?^\1", re.DOTALL | re.MULTILINE)
_BOOKDOWN = re.compile(r"^\\\w+.*$|^\(ref:[^)]*\).*$", re.MULTILINE)


def as_page(text: str) -> str:
    """An R Markdown chapter as a page: what Markdown knows nothing of made plain, line by line."""
    parts, position = [], 0
    for fence in _FENCE.finditer(text):
        parts += [_prose(text[position : fence.start()]), fence[0]]
        position = fence.end()
    return "".join([*parts, _prose(text[position:])])


def _prose(text: str) -> str:
    text = _FORMULA.sub(lambda match: "`" + re.sub(r"[^\n]", "x", match[0][2:]) + "`", text)
    text = _CROSS_REFERENCE.sub("1", text)
    return _BOOKDOWN.sub("", text)


def pages_of(folder: Path) -> Iterator[Page]:
    """The pages of a book."""
    for path in sorted((*folder.glob("*.Rmd"), *folder.glob("*.md"))):
        yield parse_page(path.name, as_page(path.read_text("utf-8")))


def context_of(folder: Path) -> Context:
    """The book as a project without claims."""
    references = [
        entry for path in sorted(folder.glob("*.bib")) for entry in parse_bib(path.name, path.read_text("utf-8"))[0]
    ]
    settings = Settings()
    project = Project(
        settings=settings,
        lexicon=read_lexicon(settings, folder),
        pages=tuple(pages_of(folder)),
        references=tuple(references),
    )
    return Context.of(project, date(2026, 11, 22))


def show(findings: list[Finding], limit: int) -> None:
    """Print some findings, spread over all of them."""
    step = max(1, len(findings) // limit)
    for finding in findings[::step][:limit]:
        print(f"  {finding.place} {finding.severity}: {finding.message}")


def timing(folder: Path) -> None:
    """Time the reading of a thousand pages of 10 kB, cut from the book."""
    text = "\n\n".join(as_page(path.read_text("utf-8")) for path in sorted(folder.glob("*.Rmd")))
    sources = [text[start : start + 10_000] for start in range(0, len(text) - 10_000, 10_000)]
    started = time.perf_counter()
    for number in range(1000):
        parse_page("p.md", sources[number % len(sources)])
    print(f"1,000 pages of 10 kB read in {time.perf_counter() - started:.1f} s")


def main() -> None:
    """Count, show, time."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--show", default="")
    parser.add_argument("--limit", type=int, default=10)
    parser.add_argument("--time", action="store_true")
    options = parser.parse_args()
    if not options.folder.is_dir():
        sys.exit(f"{options.folder} is not there")
    if options.time:
        timing(options.folder)
        return
    context = context_of(options.folder)
    rules = [rule for rule in all_rules() if rule.code in CODES]
    findings = list(check(context, rules).findings)
    findings += [
        Finding(problem.code, "malformed-input", next(r.severity for r in rules), problem.place, problem.message)
        for page in context.project.pages
        for problem in page.problems
        if not any(rule.code == problem.code for rule in rules)
    ]
    sentences = sum(len(block.sentences) for page in context.project.pages for block in page.blocks)
    print(f"{options.folder.name}: {len(context.project.pages)} pages, {sentences} sentences")
    counts = Counter((finding.code, str(finding.severity)) for finding in findings)
    for (code, severity), count in sorted(counts.items()):
        print(f"{code} {severity:8}{count:6}")
        if code == options.show:
            show([f for f in findings if (f.code, str(f.severity)) == (code, severity)], options.limit)


if __name__ == "__main__":
    main()
