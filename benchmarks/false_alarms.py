"""False alarms of the prose rules on sober writing: findings per 1,000 sentences, by rule.

    python benchmarks/false_alarms.py DATA [--rule WRD001] [--show 50] [--seed 1]

DATA is the folder of recorded material: two open books on medical methods (`pages/**/*.Rmd`), and abstracts of
psychiatry (`pubmed/psychiatry.xml.gz`), each abstract a page. Nothing there sells anything, so that most findings are
false alarms; `--show` draws some of a rule at random to be read and judged by a person.
"""

from __future__ import annotations

import argparse
import gzip
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random
from xml.etree import ElementTree as ET

from kap_content.checking.engine import check
from kap_content.language.clinical import clinical_sentences
from kap_content.load.lexicon import read_lexicon
from kap_content.load.page import parse_page
from kap_content.model.finding import Finding
from kap_content.model.page import Page
from kap_content.model.project import Context, Project
from kap_content.model.settings import Settings
from kap_content.rules._rule import all_rules

AS_OF = date(2026, 11, 22)
PROSE = ("WRD", "CUR004", "CUR005", "DSC004", "DSC005", "DSC006")
_CHUNK = re.compile(r"^```\{.*?^```\s*$", re.MULTILINE | re.DOTALL)
_SHORTCODE = re.compile(r"^:::.*$|^<div.*$|^</div.*$|\\@ref\([^)]*\)", re.MULTILINE)


def books(folder: Path) -> Iterator[Page]:
    """The chapters of the books, their code taken out."""
    for path in sorted(folder.glob("pages/**/*.Rmd")):
        text = path.read_text("utf-8", "replace")
        yield parse_page(f"books/{path.parent.name}/{path.name}", _SHORTCODE.sub("", _CHUNK.sub("", text)))


def abstracts(folder: Path) -> Iterator[Page]:
    """The abstracts, each a page with its title for heading; one paragraph a labelled part."""
    with gzip.open(folder / "pubmed" / "psychiatry.xml.gz") as stream:
        tree = ET.parse(stream)
    for article in tree.getroot().iter("PubmedArticle"):
        parts = ["".join(part.itertext()) for part in article.iter("AbstractText")]
        pmid = article.findtext("MedlineCitation/PMID", "")
        if any(parts):
            body = "\n\n".join(re.sub(r"([*_`\[\]#<>@~^|\\])", r"\\\1", part) for part in parts)
            yield parse_page(f"abstracts/{pmid}.md", f"# Abstract\n\n{body}\n")


def findings(pages: list[Page]) -> tuple[list[Finding], Context]:
    """What the prose rules say of `pages`."""
    settings = Settings()
    context = Context.of(Project(settings, lexicon=read_lexicon(settings, Path()), pages=tuple(pages)), AS_OF)
    rules = [rule for rule in all_rules() if rule.code.startswith(PROSE)]
    return list(check(context, rules).findings), context


def sentence_around(finding: Finding, pages: dict[str, Page]) -> str:
    """The sentence that a finding points into."""
    page = pages[finding.place.path]
    for sentence in clinical_sentences(page):
        if sentence.place.holds(finding.place):
            return sentence.text
    for block in page.blocks:
        for part in block.sentences:
            if block.at(part.start, part.end).holds(finding.place):
                return block.text[part.start : part.end]
    return ""


def main() -> None:
    """Print the table, or findings of one rule."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("data", type=Path)
    arguments.add_argument("--rule", default="")
    arguments.add_argument("--show", type=int, default=50)
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()
    print(f"{'':10}" + "".join(f"{code:>9}" for code in (*_codes(), "sentences")))
    for name, pages in (("books", list(books(options.data))), ("abstracts", list(abstracts(options.data)))):
        found, _ = findings(pages)
        sentences = sum(len(clinical_sentences(page)) for page in pages)
        counts = Counter(finding.code for finding in found)
        rates = "".join(f"{1000 * counts[code] / sentences:9.2f}" for code in _codes())
        print(f"{name:10}{rates}{sentences:9}")
        if options.rule:
            by_path = {page.path: page for page in pages}
            chosen = [finding for finding in found if finding.code == options.rule]
            for finding in Random(options.seed).sample(chosen, min(options.show, len(chosen))):
                print(f"  {finding.message}\n      {sentence_around(finding, by_path)}")


def _codes() -> list[str]:
    return [rule.code for rule in all_rules() if rule.code.startswith(PROSE)]


if __name__ == "__main__":
    main()
