"""Whether what is measured is right: on small sites, the defects that were planted are found, and nothing else.

The same must be said with and without what former runs kept, by one machine and by several. No times here.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

from defects import KINDS, Found, found, plant
from sites import DAY, Size, make_site

KAP = [sys.executable, "-m", "kap_content"]
CHECK = [*KAP, "check", "--as-of", DAY.isoformat()]
FULL = [*KAP, "check", "--no-cache", "--as-of", DAY.isoformat()]
SIZE = Size(pages=len(KINDS), claims=3 * len(KINDS), references=2 * len(KINDS), page_bytes=1000)


def smoke(work: Path, size: Size = SIZE, shards: int = 3) -> list[str]:
    """What is wrong, in words; nothing where all is as it should be."""
    clean, faulty = work / "clean", work / "faulty"
    make_site(size).write(clean)
    site = make_site(size)
    expected = plant(site)
    site.write(faulty)
    wrong = [*_compared("a clean site", Counter(), clean), *_compared("a site with defects", expected, faulty)]
    return [*wrong, *_cached(faulty), *_sharded(faulty, shards)]


def _compared(what: str, expected: Counter[Found], folder: Path) -> list[str]:
    run = _run([*FULL, "--format", "json"], folder)
    if run.returncode not in (0, 1):
        return [f"{what}: {run.stderr.decode()}"]
    seen = found(json.loads(run.stdout))
    return [
        *(f"{what}: not found: {item} ({number})" for item, number in sorted((expected - seen).items())),
        *(f"{what}: found without need: {item} ({number})" for item, number in sorted((seen - expected).items())),
    ]


def _cached(folder: Path) -> list[str]:
    """Where a run with what former runs kept says something else than one without, as it must never."""
    wrong = []
    page = min((folder / "pages").iterdir())
    text = page.read_text("utf-8")
    for state in ("as generated", "with a page changed"):
        page.write_text(text if state == "as generated" else f"{text}\nThe dose was never raised.\n", "utf-8")
        plain = _said(_run([*FULL, "--format", "json"], folder))
        for time in ("first", "second"):
            cached = _said(_run([*CHECK, "--format", "json"], folder))
            if cached != plain:
                wrong.append(f"the site {state}, {time} time: with the cache {cached}, without {plain}")
    page.write_text(text, "utf-8")
    return wrong


def _sharded(folder: Path, of: int) -> list[str]:
    """Where so many shards say something else than one machine, in any format."""
    work = folder.parent
    files = [str(work / f"{number}.json") for number in range(1, of + 1)]
    for number, file in enumerate(files, 1):
        _run([*FULL, "--shard", f"{number}/{of}", "--output", f"json={file}"], folder)
    forms = ("text", "json", "sarif", "junit", "github", "rdjson", "markdown")

    def outputs(who: str) -> list[str]:
        return [f"--output={form}={work / who}.{form}" for form in forms]

    codes = [
        _run([*KAP, "report", "merge", *files, *outputs("many")], folder).returncode,
        _run([*FULL, *outputs("one")], folder).returncode,
    ]
    differing = [form for form in forms if _bytes(work / f"many.{form}") != _bytes(work / f"one.{form}")]
    return (
        [f"{of} shards differ from one machine: codes {codes}, {differing}"] if differing or len(set(codes)) > 1 else []
    )


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def _run(command: list[str], folder: Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(command, cwd=folder, capture_output=True, check=False)


def _said(run: subprocess.CompletedProcess[bytes]) -> tuple[int, str]:
    """The exit code, and the beginning of what was printed with a hash of all of it."""
    said = run.stdout + b"\0" + run.stderr
    return run.returncode, f"{hashlib.sha256(said).hexdigest()[:12]} {said[:200]!r}"
