"""`kap link`: mark the wording of registered claims where it stands on a page without a mark."""

from __future__ import annotations

from pathlib import Path

from kap_content.cli.actions.changes import closing, show_diff, tell, write_changes
from kap_content.cli.given import Globals
from kap_content.cli.session import is_under, named_path, open_project
from kap_content.cli.terminal.streams import put
from kap_content.load.claims import parse_claims
from kap_content.load.page import parse_page
from kap_content.load.text import unify_line_ends
from kap_content.mend.change import Mend, Suggestion, apply_all, compatible
from kap_content.mend.link import link as search
from kap_content.mend.stored import read_sources
from kap_content.mend.wordings import Wordings
from kap_content.model.errors import UsageError


def link(options: Globals, paths: list[Path], *, write: bool) -> int:
    """Show the marks that can be made and the sentences near a claim; with `write`, make the marks. Always 0."""
    root, settings = open_project(options)
    sources = read_sources(root, settings, "pages", "claims")
    named = tuple(named_path(root, path) for path in paths)
    for name in named:
        if not any(is_under(path, (name,)) for path in sources.texts):
            raise UsageError(f"no such page: {name}", help="Paths are relative to where you stand.")
    wordings = Wordings(
        claim for path in sources.claims for claim in parse_claims(path, unify_line_ends(sources.texts[path]))[0]
    )
    found: list[Mend | Suggestion] = []
    for path in sorted(set(sources.texts) - set(sources.claims)):
        if (named and not is_under(path, named)) or not wordings.may_stand_in(sources.texts[path]):
            continue
        found += search(parse_page(path, unify_line_ends(sources.texts[path])), sources.texts[path], wordings)
    mends = compatible(item for item in found if isinstance(item, Mend))
    suggestions = sorted((item for item in found if isinstance(item, Suggestion)), key=lambda item: item.place)
    after = apply_all(sources.texts, mends)
    put("".join(f"{line}\n" for line in tell(root, mends, ())))
    if not write:
        show_diff(options, root, sources.texts, after)
    put("".join(f"{line}\n" for line in tell(root, (), suggestions)))
    if write:
        write_changes(options, root, sources.texts, after)
    changed = sum(text != after[path] for path, text in sources.texts.items())
    options.say(closing(len(mends), changed, len(suggestions), written=write))
    return 0
