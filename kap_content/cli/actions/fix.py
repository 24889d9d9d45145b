"""`kap fix`: mend what can be mended for certain; shown first, written with --write."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from kap_content.cli.actions.changes import closing, show_diff, tell, write_changes
from kap_content.cli.given import Globals
from kap_content.cli.session import is_under, named_path, open_project
from kap_content.cli.terminal.streams import put
from kap_content.load.project import load_project
from kap_content.load.whole import with_abstracts
from kap_content.mend.change import Mend, Suggestion
from kap_content.mend.fix import concerning
from kap_content.mend.fix import fix as mend
from kap_content.mend.stored import read_sources
from kap_content.model.errors import UsageError
from kap_content.model.project import Context
from kap_content.report.model import counted


def fix(options: Globals, paths: list[Path], today: date, *, write: bool) -> int:
    """Show what can be mended and what a person should decide; with `write`, make the changes. Always 0."""
    root, settings = open_project(options)
    project = with_abstracts(load_project(root, settings), root)
    sources = read_sources(root, settings)
    context = Context.of(project, today)
    named = tuple(named_path(root, path) for path in paths)
    for name in named:
        if not (root / name).exists():
            raise UsageError(f"no such page or file: {name}", help="Paths are relative to where you stand.")
    wanted = frozenset(path for path in sources.texts if is_under(path, named))
    done = mend(context, sources, concerning(wanted) if named else _everything)
    put("".join(f"{line}\n" for line in tell(root, done.mends, ())))
    if not write:
        show_diff(options, root, sources.texts, done.sources.texts)
    put("".join(f"{line}\n" for line in tell(root, (), done.suggestions)))
    if write:
        write_changes(options, root, sources.texts, done.sources.texts)
    changed = sum(text != done.sources.texts[path] for path, text in sources.texts.items())
    options.say(closing(len(done.mends), changed, len(done.suggestions), written=write))
    if done.unlocked:
        options.say(
            f"{counted(done.unlocked, 'DOI')} new to references.lock: run `kap lock`{'' if write else ' afterwards'}."
        )
    return 0


def _everything(_item: Mend | Suggestion, _context: Context) -> bool:
    return True
