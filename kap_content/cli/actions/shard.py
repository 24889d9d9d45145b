"""`kap check --shard K/N`: one machine's part of a check, and what tells whether the parts belong together."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from kap_content.cache.asked import Asked
from kap_content.cache.check import open_kept
from kap_content.checking.engine import Part, check_part, joined
from kap_content.checking.selection import with_rules
from kap_content.cli.given import Globals, RuleOptions
from kap_content.cli.session import Run, open_project
from kap_content.cli.terminal.progress import Bar
from kap_content.load.inside import LOCK, files, read_inside
from kap_content.load.text import Text, Unreadable, read_text
from kap_content.load.whole import with_abstracts
from kap_content.model.project import Context
from kap_content.model.settings import RegistrySettings, Settings
from kap_content.model.shard import Shard, shard_of
from kap_content.report.model import Inputs, Share


def run_shard(options: Globals, rules: RuleOptions, shard: Shard, baseline: Path | None) -> Run:
    """Check the shard's pages; in the first shard also everything that is not about a single page."""
    root, settings = open_project(options)
    settings = with_rules(settings, rules.select, rules.ignore)
    paths = files(root, settings, "pages", [])
    inputs = _inputs(root, settings, rules, shard, baseline, paths)
    asked = Asked(root, settings, rules.as_of, rules.release, tool=options.tool(root), shard=shard)
    with Bar("Reading", quiet=options.quiet) as bar:
        kept = open_kept(asked, bar.update, options.opened)
    project = with_abstracts(kept.project, root) if shard.is_first else kept.project
    context = Context.of(project, rules.as_of, release=rules.release)
    own = tuple(page for page in project.pages if shard.owns(page.path))
    with Bar("Checking", quiet=options.quiet) as bar:
        part = check_part(context, kept.rules, bar.update, own, whole=shard.is_first)
    kept.save()
    # What becomes of suppressions that held back nothing here is known when all parts are joined.
    outcome = joined([Part(part.findings, part.suppressed)])
    numbers = {path: number for number, path in enumerate(paths)}
    share = Share(shard, inputs, tuple(numbers.get(page.path, len(paths)) for page in own), part.idle, part.used)
    return Run(root, context, outcome, own, outcome.findings, outcome.suppressed, share=share)


def _inputs(
    root: Path, settings: Settings, rules: RuleOptions, shard: Shard, baseline: Path | None, paths: list[str]
) -> Inputs:
    """Hashes of all that decides what the shards find, but for what only the first looks at."""
    # Where registries are asked is nobody's business here, and may differ by machine.
    settings = replace(settings, mailto="", registries=RegistrySettings())
    words = [read_inside(root, path) for _, path in sorted(settings.word_files.items())]
    known = read_text(baseline, "") if baseline is not None else None
    data = [path for name in ("claims", "bibliography") for path in files(root, settings, name, [])]
    pages: dict[int, list[str]] = {number: [] for number in range(1, shard.of + 1)}
    for path in paths:
        pages[shard_of(path, shard.of)].append(path)
    return Inputs(
        settings=_hash(
            [repr((settings, rules.release, rules.upcoming, known is not None)), *map(_said, (*words, known))]
        ),
        data=_hash(_contents(root, [*data, LOCK])),
        pages={
            number: _hash(_contents(root, paths))
            for number, paths in pages.items()
            if shard.is_first or number == shard.number
        },
    )


def _contents(root: Path, paths: Iterable[str]) -> Iterator[str]:
    for path in paths:
        yield path
        yield _said(read_inside(root, path))


def _said(text: Text | Unreadable | None) -> str:
    """The text, or why there is none."""
    return text.text if isinstance(text, Text) else repr(text)


def _hash(parts: Iterable[str]) -> str:
    whole = hashlib.sha256()
    for part in parts:
        whole.update(f"{len(part)}\0{part}".encode("utf-8", "surrogatepass"))
    return whole.hexdigest()
