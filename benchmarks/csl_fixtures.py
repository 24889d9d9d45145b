"""Compare our bibliography with citeproc-js and with the CSL test suite, on the suite's own fixtures.

Usage: python benchmarks/csl_fixtures.py FIXTURES CITEPROC_JS_FOLDER [--show N]

FIXTURES is the folder `processor-tests/humans` of the CSL test suite, CITEPROC_JS_FOLDER the unpacked npm package
`citeproc`; node must be on the path. Two questions are asked. *Items*: is every item of the fixtures whose type occurs
here formatted by the bundled styles as citeproc-js formats it? *Fixtures*: does each fixture about a bibliography give
the result that it names, with the style that it brings? Prints counts, and the differences by the kind of fixture.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from csl_compare import plain, run

from kap_content.model.errors import KapError
from kap_content.rendering.bibliography import format_item
from kap_content.rendering.csl import TYPES
from kap_content.rendering.csl_styles import bundled_style, bundled_styles

KINDS = frozenset({*TYPES.values(), "article", "legislation"})
"""The item types that a bibliography of ours can hold."""
_SECTION = re.compile(r">>=+ ([A-Z0-9-]+) =+>>\n(.*?)\n?<<=+ \1 =+<<", re.DOTALL)
Item = dict[str, Any]


@dataclass(frozen=True)
class Fixture:
    """One file of the suite."""

    name: str
    mode: str
    style: str
    items: list[Item]
    result: str


def fixtures(folder: Path) -> Iterator[Fixture]:
    """All fixtures that can be read as they stand."""
    for path in sorted(folder.glob("*.txt")):
        parts = dict(_SECTION.findall(path.read_text("utf-8")))
        items = [{**item, "id": str(item.get("id", ""))} for item in json.loads(parts["INPUT"])]
        yield Fixture(path.stem, parts["MODE"].strip(), parts["CSL"], items, parts["RESULT"])


def fits(item: Item) -> bool:
    """Whether a bibliography of ours can hold such an item."""
    return item.get("type") in KINDS and any(item.get(name) for name in ("title", "author", "editor", "URL"))


def ours(item: Item, style: str) -> str:
    """The item as we format it, or the error that it ends in."""
    try:
        return plain(format_item("entry", {**item, "id": "entry"}, style).html)
    except KapError as error:
        return f"error: {error}"


def compare_items(found: list[Fixture], package: Path, show: int) -> None:
    """Every different item of the fixtures, by every bundled style."""
    unique = {json.dumps({**item, "id": ""}, sort_keys=True): item for one in found for item in one.items if fits(item)}
    items = [{**item, "id": f"i{number}"} for number, item in enumerate(unique.values())]
    kinds = Counter(item["type"] for item in items)
    print(f"{len(items)} items:", ", ".join(f"{count} {kind}" for kind, count in kinds.most_common()))
    for name in (name for name in bundled_styles() if name != "jama"):
        style = bundled_style(name) or ""
        theirs = run(items, style, package)
        unequal = [
            (item, mine, theirs[item["id"]]) for item in items if (mine := ours(item, style)) != theirs[item["id"]]
        ]
        print(f"\n{name}: {len(items) - len(unequal)} of {len(items)} equal")
        for item, mine, other in unequal[:show]:
            print(f"  {item['type']}\n    ours   {mine}\n    theirs {other}")


def alone(entry: str) -> str:
    """An entry of a result without what comes from the list around it: its number, and the letter behind its year."""
    text = re.sub(r"^\[?\d+[\].]+\s*", "", plain(entry))
    return re.sub(r"\b((?:1[89]|20)\d\d)[a-z]\b", r"\1", text)


def compare_results(found: list[Fixture], show: int) -> None:
    """Every fixture about a bibliography, entry by entry, against the result that it names."""
    equal: Counter[str] = Counter()
    every: Counter[str] = Counter()
    for one in found:
        if not one.mode.startswith("bibliography") or not all(fits(item) for item in one.items):
            continue
        wanted = [alone(entry) for entry in one.result.split('<div class="csl-entry">')[1:]]
        made = [ours(item, one.style) for item in one.items]
        kind = one.name.partition("_")[0]
        every[kind] += 1
        equal[kind] += sorted(made) == sorted(wanted)
        if sorted(made) != sorted(wanted) and show:
            print(f"  {one.name}\n    ours   {made}\n    theirs {wanted}")
    print(f"\nFixtures about a bibliography: {equal.total()} of {every.total()} equal")
    print("  " + ", ".join(f"{kind} {equal[kind]}/{every[kind]}" for kind in sorted(every)))


def main() -> None:
    """Read the arguments, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("fixtures", type=Path)
    parser.add_argument("citeproc_js", type=Path)
    parser.add_argument("--show", type=int, default=20)
    asked = parser.parse_args()
    found = list(fixtures(asked.fixtures))
    compare_items(found, asked.citeproc_js, asked.show)
    compare_results(found, asked.show)


if __name__ == "__main__":
    main()
