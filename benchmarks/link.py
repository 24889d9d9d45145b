"""How long `kap link` takes: 1,000 claims over 1,000 pages of 800 words, two thirds of them with a wording to find.

python benchmarks/link.py [CLAIMS PAGES]
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

COMMON = """
ketamine anxiety ratings fell by about half within an hour of a dose adults people trial study found that was were not
with without placebo treatment weeks months risk bladder blood pressure depression group compared after before some most
patients report symptoms scale points mean change drug approved agency label effect evidence
"""
WORDS = COMMON.split()
SENTENCES = 50


def sentence(chance: random.Random, number: int) -> str:
    """A sentence of common words: the worst case, since no word of it is rare."""
    words = [*chance.choices(WORDS, k=chance.randint(9, 20)), f"{number % 97} of {number % 89 + 100}"]
    return " ".join(words).capitalize() + "."


def project(folder: Path, claims: int, pages: int) -> None:
    """Write the project: every third page holds a wording, every third one nearly."""
    chance = random.Random(7)
    wordings = [sentence(chance, number) for number in range(claims)]
    listed = "".join(f'  - id: C-{i}\n    match_text: "{text}"\n' for i, text in enumerate(wordings))
    (folder / "claims.yaml").write_text(f"version: 1\nclaims:\n{listed}", "utf-8")
    (folder / "kap.toml").write_text("", "utf-8")
    (folder / "references.bib").write_text("", "utf-8")
    (folder / "pages").mkdir()
    for number in range(pages):
        prose = [sentence(chance, chance.randrange(10**6)) for _ in range(SENTENCES)]
        if number % 3 == 0:
            prose[10] = chance.choice(wordings)
        if number % 3 == 1:
            prose[20] = chance.choice(wordings).replace(" a ", " any ", 1)
        body = "\n\n".join("\n".join(prose[i : i + 5]) for i in range(0, SENTENCES, 5))
        text = f"---\ntitle: Page {number}\n---\n\n# Page\n\n{body}\n"
        (folder / "pages" / f"p{number}.md").write_text(text, "utf-8")


def main() -> None:
    """Time one run of the whole process."""
    claims, pages = map(int, sys.argv[1:3] or ("1000", "1000"))
    with tempfile.TemporaryDirectory() as name:
        project(Path(name), claims, pages)
        command = [sys.executable, "-m", "kap_content", "--project", name, "link"]
        begun = time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        took = time.perf_counter() - begun
    print(f"{claims} claims, {pages} pages: {took:.1f} s; {done.stderr.strip().splitlines()[-1]}")


if __name__ == "__main__":
    main()
