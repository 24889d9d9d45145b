"""Write the generated pages of the docs; with `--check`, fail where one is not current."""

from __future__ import annotations

import sys
from itertools import groupby
from pathlib import Path

from screenshots import finding

from kap_content.rules import clm, cur, doi, dsc, evd, ref, sts, sup, wrd
from kap_content.rules._rule import Rule, all_rules

FAMILIES = {
    module.__name__.rpartition(".")[2].upper(): module for module in (clm, ref, doi, sts, evd, cur, wrd, dsc, sup)
}
DOCS = Path(__file__).parent


def rules_page() -> str:
    """The page of all rules, from their docstrings."""
    ordered = sorted(all_rules(), key=lambda rule: (list(FAMILIES).index(rule.family), rule.code))
    parts = [
        "# Rules\n",
        "Generated from the rules' docstrings by `make docs`. `kap explain CODE` prints the same.\n",
        "An **error** keeps a page from being rendered. A project may raise or lower any severity in its settings.\n",
    ]
    for family, rules in groupby(ordered, key=lambda rule: rule.family):
        parts.append(f"## {(FAMILIES[family].__doc__ or '').strip().rstrip('.')}\n")
        parts.extend(_section(rule) for rule in rules)
    return "\n".join(parts)


def _section(rule: Rule) -> str:
    documentation = rule.documentation
    raised = f"; {rule.release} with `--release`" if rule.release else ""
    opt_in = "; runs only when selected" if rule.opt_in else ""
    english = "; on pages in English" if rule.english else ""
    text = f"### {rule.code} {rule.name}\n\n*{rule.severity}{raised}{opt_in}{english}*\n\n{documentation.summary}\n\n"
    text += f"**Why.** {documentation.why}\n\n**Fix.** {documentation.fix}\n"
    if documentation.example:
        text += f"\n```\n{documentation.example}\n```\n"
    return text


def main() -> int:
    """Write the pages, or compare them."""
    pages = {DOCS / "rules.md": rules_page(), DOCS / "images" / "finding.svg": finding()}
    if "--check" not in sys.argv[1:]:
        for path, text in pages.items():
            path.write_text(text, encoding="utf-8")
        return 0
    stale = [path for path, text in pages.items() if not path.exists() or path.read_text("utf-8") != text]
    for path in stale:
        print(f"{path.name} is not current; run `make docs`", file=sys.stderr)
    return int(bool(stale))


if __name__ == "__main__":
    sys.exit(main())
