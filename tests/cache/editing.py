"""A small project that is edited at random, for tests of what is kept of former runs."""

from __future__ import annotations

import json
import random
from datetime import date
from pathlib import Path

from kap_content.load.lock import dump_lock
from kap_content.model.dates import PartialDate
from kap_content.model.record import Notice, NoticeKind, Record, Source, State

DAYS = ("2026-11-22", "2026-12-25", "2027-01-01", "2031-06-30")
WORDINGS = (
    "Anxiety ratings fell by about half within an hour of a dose.",
    "Ten of the 12 people responded to ketamine.",
    "Blood pressure rises by 20 mmHg for about an hour.",
    "Ketamine lowers worry in 40% of adults.",
    "Nausea was reported by 1 in 5 people.",
)
SENTENCES = (
    "Ketamine always works.",
    "Recently the FDA has approved a form of ketamine.",
    "Many people sleep better after treatment with ketamine.",
    "Glue et al. (2017) treated people for three months.",
    "Book a consultation with our team. Results may vary.",
    "Ten of twelve people responded.[3]",
    "Anxiety fell by 30% in the trial.",
    "Ketamine lowers worry in 45% of adults.",
    "Is it safe?",
)
SUPPRESSIONS = (
    '<!-- kap: ignore WRD001 until=2026-12-24 reason="quotes a survey question" -->',
    '<!-- kap: ignore ALL reason="draft" -->',
    "<!-- kap: ignore CLM001 -->",
    '<!-- kap: ignore REF005 reason="known" -->',
)


class Site:
    """A small project that is edited at random; the same seed gives the same edits."""

    def __init__(self, root: Path, seed: int) -> None:
        self.root = root
        self.dice = random.Random(seed)
        self.day = DAYS[0]
        self.pages: dict[str, list[str]] = {}
        self.claims: list[tuple[str, str, str, str]] = []
        self.references: list[tuple[str, str]] = []
        self.above = 0
        self.remarks: dict[str, int] = {}
        self.is_linked = True
        self.journal = "J"
        self.points = 10
        (root / "kap.toml").write_text("", "utf-8")
        for number in range(4):
            self.claims.append(self._claim(number))
            self.references.append((f"ref{number}", str(2015 + number)))
        for name in ("a", "b", "inner/c"):
            self.pages[name] = [self._part() for _ in range(4)]
        self.write()

    def _claim(self, number: int) -> tuple[str, str, str, str]:
        dice = self.dice
        return (
            f"C-{number}",
            dice.choice(WORDINGS),
            dice.choice(("approved", "approved", "draft", "withdrawn")),
            f"ref{dice.randrange(6)}",
        )

    def _part(self) -> str:
        dice = self.dice
        kind = dice.randrange(7)
        if kind == 0:
            return dice.choice(SUPPRESSIONS)
        if kind == 6:
            return (
                f'::: {{.figure kind=bars src="points.csv" claim=C-{dice.randrange(6)} title="Ratings"}}\nRatings\n:::'
            )
        if kind <= 2:
            return f"[{dice.choice(WORDINGS)}]{{claim=C-{dice.randrange(6)}}}"
        cited = f" [@ref{dice.randrange(7)}]" if kind == 3 else ""
        return dice.choice(SENTENCES) + cited

    def write(self) -> None:
        """Write all files as they should be now; those that are the same are left alone."""
        wanted = {f"pages/{name}.md": self._page(name, parts) for name, parts in self.pages.items()}
        wanted["pages/points.csv"] = f"label,value\nhigh,{self.points}\nlow,3\n"
        wanted["claims.yaml"] = (
            "version: 1\n"
            + "# above\n" * self.above
            + "claims:\n"
            + "".join(
                (
                    f"  - id: {name}\n    match_text: {text}\n"
                    if len(text) % 2
                    else f"  - match_text: {text}\n    id: {name}\n"
                )
                + f"    category: efficacy\n    status: {status}\n"
                f"    next_review_due: 2026-12-24\n    intervention: ketamine\n    evidence:\n      - ref: {ref}\n"
                f"        design: rct\n        finding: {text}\n" + "    # a remark\n" * self.remarks.get(name, 0)
                for name, text, status, ref in self.claims
            )
        )
        macro = f"@string{{j = {{{self.journal}}}}}\n" if self.is_linked else ""
        wanted["references.bib"] = macro + "".join(
            f"@article{{{key},\n  author = {{Glue, Paul}},\n  title = {{Ketamine and anxiety in {year}}},\n"
            + self._journal(int(year))
            + f"  year = {{{year}}},\n  pages = {{1--9}},\n  doi = {{10.5555/{key}}}\n}}\n"
            for key, year in self.references
        )
        for path in sorted(self.root.glob("pages/**/*.md")):
            if path.relative_to(self.root).as_posix() not in wanted:
                path.unlink()
        for name, text in wanted.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.exists() or path.read_text("utf-8") != text:
                path.write_text(text, "utf-8")

    def _journal(self, year: int) -> str:
        if not self.is_linked:
            return f"  journal = {{{self.journal}}},\n  volume = {{3}},\n"
        return f"  crossref = {{ref{year % 5}}},\n" if year % 3 == 0 else "  journal = j,\n  volume = {3},\n"

    @staticmethod
    def _page(name: str, parts: list[str]) -> str:
        head = (
            f"---\ntitle: Ketamine {name}\ndescription: A page.\nauthor: M\nreviewer: M\npublished: 2026-11-22\n"
            "last_reviewed: 2026-11-22\nnext_review_due: 2026-12-26\n---\n\n## Ketamine for anxiety\n\n"
        )
        return head + "\n\n".join(parts) + "\n"

    def edit(self) -> str:  # noqa: C901, PLR0912 - one branch for each kind of edit
        """Change something, and say what."""
        dice = self.dice
        change = dice.choice(
            (
                "page",
                "page",
                "page",
                "new",
                "gone",
                "renamed",
                "claim",
                "claim",
                "unclaim",
                "entry",
                "unentry",
                "lock",
                "lines above",
                "journal",
                "figure",
                "decision",
                "settings",
                "day",
                "claims broken",
            )
        )
        names = sorted(self.pages)
        match change:
            case "page" if names:
                parts = self.pages[dice.choice(names)]
                parts[dice.randrange(len(parts))] = self._part()
                if dice.random() < 0.3:
                    parts.insert(0, self._part())
            case "new":
                self.pages[f"new{dice.randrange(3)}"] = [self._part() for _ in range(3)]
            case "gone" if names:
                del self.pages[dice.choice(names)]
            case "renamed" if names:
                name = dice.choice(names)
                self.pages[f"moved/{dice.randrange(3)}"] = self.pages.pop(name)
            case "claim":
                self.claims.insert(dice.randrange(len(self.claims) + 1), self._claim(dice.randrange(8)))
            case "unclaim" if self.claims:
                del self.claims[dice.randrange(len(self.claims))]
            case "entry":
                where = dice.randrange(len(self.references) + 1)
                self.references.insert(where, (f"ref{dice.randrange(8)}", str(dice.randrange(2012, 2026))))
            case "unentry" if self.references:
                del self.references[dice.randrange(len(self.references))]
            case "lock":
                self.lock()
            case "lines above":
                self.above = dice.randrange(4)
            case "journal":
                self.journal = dice.choice(("J", "", "Another journal"))
            case "figure":
                self.points = dice.randrange(9, 12)
            case "decision":
                self.decide()
            case "settings":
                text = dice.choice(
                    (
                        "",
                        "[rules]\nignore = ['CLM001']\n",
                        "source_max_age_years = 8\n",
                        "[words]\nabsolutes = ['half']\n",
                        "[review]\nrequired_roles = ['medical']\n",
                    )
                )
                (self.root / "kap.toml").write_text(text, "utf-8")
            case "day":
                self.day = dice.choice(DAYS)
            case "claims broken":
                self.write()
                path = self.root / "claims.yaml"
                lines = path.read_text("utf-8").split("\n")
                lines[dice.randrange(len(lines))] += dice.choice((":", " '", "\tx"))
                path.write_text("\n".join(lines), "utf-8")
                return change
        self.write()
        return change

    def decide(self) -> None:
        """Append a decision on some claim to the log."""
        decision = {"claim": f"C-{self.dice.randrange(5)}", "fingerprint": "a", "on": DAYS[0], "reviewer": "M"}
        decision |= {"role": "medical", "decision": self.dice.choice(("approve", "reject"))}
        with (self.root / "approvals.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps(decision) + "\n")

    def lock(self) -> None:
        """Write what registries said of the entries, some days ago."""
        dice = self.dice
        records = {
            key: Record(
                key=key,
                state=State.FOUND,
                sources=(Source("crossref", date(2026, 11, dice.randrange(1, 23))),),
                asked=f"10.5555/{key}",
                answered=f"10.5555/{key}",
                title=f"Ketamine and anxiety in {year}",
                issued=PartialDate(dice.choice((int(year), 2017))),
                notices=(Notice(NoticeKind.RETRACTION, "crossref", "10.5555/n"),) if dice.random() < 0.2 else (),
            )
            for key, year in self.references
        }
        (self.root / "references.lock").write_text(dump_lock(records), "utf-8")


def edit_pages(site: Site, dice: random.Random) -> str:
    """Change the text of one page or several: every part of it may come, go and move."""
    names = dice.sample(sorted(site.pages), dice.choice((1, 1, 1, 2)))
    for name in names:
        parts = site.pages[name]
        match dice.randrange(5):
            case 0:
                parts.insert(dice.randrange(len(parts) + 1), site._part())
            case 1 if len(parts) > 1:
                del parts[dice.randrange(len(parts))]
            case 2:
                dice.shuffle(parts)
            case 3:
                parts.insert(0, dice.choice(SENTENCES))
            case _:
                parts[dice.randrange(len(parts))] = site._part()
    site.write()
    return f"pages {names}"


def edit_data(site: Site, dice: random.Random) -> str:
    """Change what some claims and entries say; claims may come and go."""
    for _ in range(dice.choice((1, 1, 2))):
        number = dice.randrange(len(site.claims))
        name, text, status, ref = site.claims[number]
        match dice.randrange(8):
            case 0:
                text = dice.choice((*WORDINGS, SENTENCES[0]))
            case 1:
                status = dice.choice(("approved", "draft", "withdrawn", "expired"))
            case 2:
                ref = f"ref{dice.randrange(6)}"
            case 3:
                site.remarks[name] = dice.randrange(3)
            case 4:
                key, _ = site.references[at := dice.randrange(len(site.references))]
                site.references[at] = (key, str(dice.randrange(2012, 2026)))
            case 5:
                site.journal = dice.choice(("J", "Another journal"))
            case 6 if len(site.claims) < 7:
                taken = {claim[0] for claim in site.claims}
                new = next(other for other in map(site._claim, range(9)) if other[0] not in taken)
                site.claims.insert(number + dice.randrange(2), new)
                continue
            case _ if len(site.claims) > 2:
                del site.claims[number]
                continue
        site.claims[number] = (name, text, status, ref)
    site.write()
    return f"data {site.claims} {site.remarks} {site.references} {site.journal}"


def edit_else(site: Site, dice: random.Random) -> str:
    match dice.randrange(5):
        case 0:
            site.lock()
        case 1:
            site.points = dice.randrange(9, 12)
        case 2:
            site.decide()
        case 3:
            site.above = dice.randrange(4)
        case _:
            (site.root / "kap.toml").write_text(dice.choice(("", "[rules]\nignore = ['CLM001']\n")), "utf-8")
    site.write()
    return "else"
