"""Compare our bibliography with citeproc-js, the reference implementation, over real medical records.

Usage: python benchmarks/csl_compare.py WORKS.jsonl.gz CITEPROC_JS_FOLDER [STYLE ...]

WORKS holds Crossref works, one JSON object a line. CITEPROC_JS_FOLDER is the unpacked npm package `citeproc`
(`npm pack citeproc && tar xzf citeproc-*.tgz`); node must be on the path. Prints a count a style and every difference.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import subprocess
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

from kap_content.model.place import Place
from kap_content.model.reference import Name, Reference
from kap_content.rendering.bibliography import format_reference
from kap_content.rendering.csl import csl_item
from kap_content.rendering.csl_styles import bundled_style, bundled_styles

TYPES = {
    "journal-article": "article",
    "posted-content": "misc",
    "book-chapter": "incollection",
    "book": "book",
    "monograph": "book",
    "report": "techreport",
    "proceedings-article": "inproceedings",
    "dissertation": "phdthesis",
    "dataset": "dataset",
}
MEDICAL = re.compile(
    r"medic|clinic|psych|lancet|surg|health|disease|cancer|neuro|bmj|therap|pharma|hosp|nurs|cochrane|rxiv",
    re.IGNORECASE,
)
STRAIGHT = str.maketrans("‘’“”", "''\"\"")
PROGRAM = """
const CSL = require(process.argv[1]);
const input = JSON.parse(require("fs").readFileSync(0, "utf8"));
const items = Object.fromEntries(input.items.map(item => [item.id, item]));
const system = {retrieveLocale: () => input.locale, retrieveItem: id => items[id]};
const engine = new CSL.Engine(system, input.style, input.language, true);
const made = Object.keys(items).map(key => {
  try {
    engine.updateItems([key]);
    return [key, engine.makeBibliography()[1][0] || ""];
  } catch (error) {
    return [key, `error: ${error}`];
  }
});
console.log(JSON.stringify(made));
"""


def reference(number: int, work: dict[str, object]) -> Reference:
    """A Crossref work as the bibliography entry that an author would write."""
    first = {
        name: str((work.get(name) or [""])[0])
        for name in ("title", "subtitle", "container-title", "short-container-title")
    }
    parts = ((work.get("issued") or {}).get("date-parts") or [[]])[0]
    dated = dict(zip(("year", "month", "day"), (str(part) for part in parts if part), strict=False))
    fields = {
        "title": first["title"],
        "subtitle": first["subtitle"],
        "journal": first["short-container-title"] or first["container-title"],
        "booktitle": first["container-title"] if work["type"] in {"book-chapter", "proceedings-article"} else "",
        "volume": str(work.get("volume", "")),
        "number": str(work.get("issue", "")),
        "pages": str(work.get("page", "")),
        "eid": str(work.get("article-number", "")),
        "doi": str(work["DOI"]),
        "publisher": str(work.get("publisher", "")),
        **dated,
    }
    if work["type"] == "posted-content":
        institution = work.get("institution") or [{}]
        place = institution[0] if isinstance(institution, list) else institution
        fields["howpublished"] = str(place.get("name") or work.get("group-title") or "medRxiv")
    names = [
        Name(family=str(name.get("family", "")), given=str(name.get("given", "")), suffix=str(name.get("suffix", "")))
        if name.get("family")
        else Name(literal=str(name.get("name", "")))
        for name in work.get("author", [])
    ]
    kept = {name: unescape(value) for name, value in fields.items() if value}
    return Reference(f"w{number}", TYPES[str(work["type"])], Place("works"), kept, kept, tuple(names))


def medical(path: Path, count: int) -> Iterator[Reference]:
    """`count` works with a title: every one that is no article, and medical articles from all over the file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        works = [work for work in map(json.loads, lines) if work.get("type") in TYPES and work.get("title")]
    others = [work for work in works if work["type"] != "journal-article"][: count // 4]
    articles = [
        work
        for work in works
        if work["type"] == "journal-article" and MEDICAL.search(" ".join(work.get("container-title") or []))
    ]
    step = max(1, len(articles) // (count - len(others)))
    chosen = others + articles[::step][: count - len(others)]
    yield from (reference(number, work) for number, work in enumerate(chosen))


def run(items: list[dict[str, Any]], style: str, package: Path) -> dict[str, str]:
    """What citeproc-js makes of CSL items, by id, as plain text without the entry's number.

    Each is formatted as if the list held no other: our lists are numbered, so no letter behind the year tells works of
    one author and year apart.
    """
    import citeproc

    language = (re.findall(r'default-locale="([^"]+)"', style) or ["en-US"])[0]
    locale = Path(citeproc.LOCALES_PATH, f"locales-{language}.xml").read_text("utf-8")
    given = json.dumps({"items": items, "style": style, "locale": locale, "language": language})
    program = ["node", "-e", PROGRAM, str((package / "citeproc_commonjs.js").resolve())]
    answer = subprocess.run(program, input=given, capture_output=True, text=True, check=True)
    return {key: plain(entry) for key, entry in json.loads(answer.stdout.splitlines()[-1])}


def plain(html: str) -> str:
    """The words of an entry. Curved and straight quotation marks count as equal, and so do ™ and its raised letters."""
    text = unescape(re.sub(r"<[^>]+>", "", re.sub(r'<div class="csl-left-margin">.*?</div>', "", html)))
    return re.sub(r"\s+", " ", text.translate(STRAIGHT).replace("™", "TM")).strip()


def main() -> None:
    """Read the arguments, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("works", type=Path)
    parser.add_argument("citeproc_js", type=Path)
    parser.add_argument("styles", nargs="*", default=[name for name in bundled_styles() if name != "jama"])
    parser.add_argument("--count", type=int, default=200)
    asked = parser.parse_args()
    references = list(medical(asked.works, asked.count))
    kinds: dict[str, int] = {}
    for entry in references:
        kinds[entry.type] = kinds.get(entry.type, 0) + 1
    print(f"{len(references)} records:", ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items())))
    for name in asked.styles:
        style = bundled_style(name) or Path(name).read_text("utf-8")
        items = [{**csl_item(entry), "id": entry.key} for entry in references]
        other = run(items, style, asked.citeproc_js)
        pairs = [(plain(format_reference(entry, style).html), other[entry.key]) for entry in references]
        unequal = [pair for pair in pairs if pair[0] != pair[1]]
        print(f"\n{name}: {len(pairs) - len(unequal)} of {len(pairs)} equal")
        for ours, reference_text in unequal:
            print(f"  ours   {ours}\n  theirs {reference_text}")


if __name__ == "__main__":
    main()
