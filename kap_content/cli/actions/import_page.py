"""`kap import`: live pages into the project, all or nothing."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

from kap_content.cli.actions.asked import UNCHECKED
from kap_content.cli.given import Globals
from kap_content.cli.paths import seen_from
from kap_content.cli.session import open_project, shown_path
from kap_content.cli.terminal.streams import put
from kap_content.imports.document import ImportRefusedError
from kap_content.imports.plan import Imported, Importer, slug
from kap_content.imports.reading import LARGEST_FILE
from kap_content.imports.registering import with_claims, with_entries
from kap_content.load.files import write_atomically
from kap_content.load.globs import is_glob, normal
from kap_content.load.lexicon import read_lexicon
from kap_content.load.project import load_project
from kap_content.model.errors import KapError, UsageError
from kap_content.model.place import Place
from kap_content.model.reference import Reference
from kap_content.model.settings import Settings
from kap_content.report.text import visible

_LISTED = 5


def import_files(
    options: Globals, paths: Sequence[Path], today: date, *, name: str, dry_run: bool, online: bool, partial: bool
) -> int:
    """Import the files and print what came of each; write everything, or nothing at all."""
    root, settings = open_project(options)
    if name and len(paths) > 1:
        raise UsageError("--name goes with one file", help="Import the others by themselves.")
    name = name.removesuffix(".md")
    if name and name != slug(name):
        raise UsageError(f"--name {name}: not a page's name", help=f"Write it as “{slug(name) or 'light-and-sleep'}”.")
    project = load_project(root, settings)
    importer = Importer(read_lexicon(settings, root), list(project.claims), list(project.references), partial=partial)
    done = [_read(importer, path) for path in paths]
    files = _changes(root, settings, done, name)
    for one in done:
        put("".join(f"{visible(line)}\n" for line in _summary(one, files.pages[one.name])))
    code = _look_up(settings, done, today) if online else 0
    if dry_run:
        options.say("Nothing was written (--dry-run).")
        return code
    _write_all(root, files.texts)
    for path in files.texts:
        options.say(f"wrote {shown_path(root, path)}")
    options.say("Next: kap check lists what is wrong; kap lock asks the registries about the references.")
    return code


def _read(importer: Importer, path: Path) -> Imported:
    shown = seen_from(Path.cwd(), path) if path.is_absolute() and path.is_relative_to(Path.cwd()) else path.as_posix()
    if path.is_dir():
        raise UsageError(f"{shown} is a folder", help="Name the files: kap import FOLDER/*.Rmd")
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
            size = path.stat().st_size
    except FileNotFoundError:
        raise UsageError(f"there is no file {shown}", help="Check the name.") from None
    except OSError as error:
        raise UsageError(f"{shown} cannot be read: {error.strerror}") from error
    if len(data) > LARGEST_FILE:
        limit = LARGEST_FILE // 1_000_000
        raise ImportRefusedError(
            f"the file has {max(size, len(data)) / 1_000_000:.0f} MB; a page has less than {limit}",
            Place(shown),
            "Import one page at a time.",
        )
    return importer.read(shown, data, path.parent)


class _Files:
    """What will be written: texts by path, and each import's page."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}
        self.pages: dict[str, str] = {}


def _changes(root: Path, settings: Settings, done: Sequence[Imported], name: str) -> _Files:
    files = _Files()
    for one in done:
        page = _page_path(settings, name or one.slug)
        if (root / page).exists() or page in files.texts:
            raise UsageError(
                f"{shown_path(root, page)} exists already, and kap import never overwrites a page",
                help="Import it under another name with --name NAME, or move the old page away.",
            )
        files.texts[page] = one.page
        files.pages[one.name] = page
    claims = [claim for one in done for claim in one.claims]
    if claims:
        path = _target(settings.claims, "claims.yaml", f"claims/{name or done[0].slug}.yaml")
        files.texts[path] = with_claims(path, _raw(root, path), claims)
    entries = [entry for one in done for entry in one.entries.values()]
    if entries:
        path = _target(settings.bibliography, "references.bib", f"{name or done[0].slug}.bib")
        files.texts[path] = with_entries(_raw(root, path), entries)
    return files


def _page_path(settings: Settings, slug: str) -> str:
    """Where a new page goes so that the settings find it."""
    for pattern in settings.pages:
        if is_glob(pattern):
            folder = "/".join(part for part in normal(pattern).split("/")[:-1] if not is_glob(part))
            path = f"{folder}/{slug}.md" if folder else f"{slug}.md"
            if fnmatch.fnmatch(path, pattern.replace("**/", "*")):
                return path
    return f"pages/{slug}.md"


def _target(patterns: Iterable[str], usual: str, other: str) -> str:
    """The file of data that is appended to: the first that is named, else one that a glob finds."""
    named = [normal(pattern) for pattern in patterns if not is_glob(pattern)]
    if named:
        return named[0]
    for pattern in patterns:
        folder = "/".join(part for part in normal(pattern).split("/")[:-1] if not is_glob(part))
        for candidate in (usual, other, f"{folder}/{other.rpartition('/')[2]}".lstrip("/")):
            if fnmatch.fnmatch(candidate, pattern.replace("**/", "*")):
                return candidate
    return usual


def _raw(root: Path, path: str) -> str:
    """The file's text with its own line ends, so that what is not changed stays byte for byte."""
    target = root / path
    if not target.exists():
        return ""
    try:
        return target.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ImportRefusedError(
            f"nothing can be appended to this file: {error}", Place(path), "Mend it first."
        ) from error


def _write_all(root: Path, texts: Mapping[str, str]) -> None:
    """Write every file, or leave all as they were."""
    before: dict[Path, bytes | None] = {}
    folders: list[Path] = []
    try:
        for path, text in texts.items():
            target = root / path
            folders.extend(reversed([folder for folder in target.parents if not folder.exists()]))
            target.parent.mkdir(parents=True, exist_ok=True)
            before[target] = target.read_bytes() if target.exists() else None
            write_atomically(target, text)
    except (OSError, KapError) as error:
        for target, content in before.items():
            if content is None:
                target.unlink(missing_ok=True)
            else:
                target.write_bytes(content)
        for folder in reversed(folders):
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
        if isinstance(error, KapError):
            raise
        raise UsageError(
            f"{error.filename} cannot be written: {error.strerror}", help="Nothing was changed."
        ) from error


def _summary(one: Imported, page: str) -> Iterable[str]:
    cited = sum(bool(claim.refs) for claim in one.claims)
    yield f"{one.name} → {page}: “{one.title}”"
    yield f"  sections    {one.sections}" + (
        f", figures and tables {one.figures} ({one.unsourced} without a source)" if one.figures else ""
    )
    known = f", {len(one.marked.known)} registered already" if one.marked.known else ""
    yield f"  claims      {len(one.claims)}: {cited} cited, {len(one.claims) - cited} uncited{known}"
    if one.marked.unmarked:
        yield f"              {one.marked.unmarked} more stayed text, formatting runs across their ends: mark by hand"
    yield from _summary_of_references(one)
    if one.dropped:
        yield f"  left out    {', '.join(f'“{text}”' for text in one.dropped)}"
    for remark in one.remarks:
        yield f"  note        {remark}"


def _summary_of_references(one: Imported) -> Iterable[str]:
    if one.cited_entries or one.unknown:
        dois = sum(bool(reference.get("doi")) for reference in one.cited_entries)
        resolved = one.citations - one.unresolved
        yield f"  citations   {one.citations}: {resolved} resolved, to {len(one.cited_entries)} works ({dois} with DOI)"
        if one.unknown:
            more = " …" if len(one.unknown) > _LISTED else ""
            yield f"              {len(one.unknown)} keys without an entry: {', '.join(one.unknown[:_LISTED])}{more}"
    unreadable = [item for item in one.references if not item.parsed.is_readable]
    dois = sum(bool(item.parsed.fields.get("doi")) for item in one.references)
    if one.references or not one.cited_entries:
        again = sum(item.known for item in one.references)
        there = f", {again} in the bibliography already" if again else ""
        yield f"  references  {len(one.references)}: {dois} with DOI, {len(unreadable)} unreadable{there}"
    for item in one.references:
        if item in unreadable:
            yield f"    [{item.number}] {item.key}: not understood: {item.parsed.original}"
        else:
            told = ", ".join(
                name for name in _TOLD if item.parsed.fields.get(name) or (name == "author" and item.parsed.authors)
            )
            yield f"    [{item.number}] {item.key} ({item.parsed.type}): {told}"
    if one.missing:
        shown = ", ".join(f"[{number}]" for number in sorted(one.missing))
        yield f"  unresolved  {shown}: no such reference in the list"


_TOLD = (
    *("author", "title", "journal", "booktitle", "institution", "publisher", "school", "year", "volume", "number"),
    *("pages", "eid", "doi", "pmid", "url", "urldate"),
)


def _look_up(settings: Settings, done: Sequence[Imported], today: date) -> int:
    """Print candidates for the new references without DOI or PMID. None is written: a search only suggests."""
    from kap_content.registries.suggest import suggest

    wanting: list[Reference] = [
        item.parsed.as_reference(item.key)
        for one in done
        for item in one.references
        if not item.known
        and item.parsed.is_readable
        and item.parsed.type != "online"
        and not (item.parsed.fields.get("doi") or item.parsed.fields.get("pmid"))
    ]
    if not wanting:
        put("Every reference that could have a DOI or a PMID has one.\n")
        return 0
    found = suggest(wanting, settings, today=today)
    for reference in wanting:
        put(f"{reference.key}  {visible(reference.get('title'))}\n")
        candidates = found.candidates.get(reference.key, ())
        for candidate in candidates:
            record = candidate.record
            author = str(record.authors[0]) if record.authors else "no author"
            years = "/".join(str(year) for year in record.years) or "no year"
            put(f"  {candidate.score:.2f}  {visible(f'{record.answered}  {author}, {years}: {record.title}')}\n")
        if not candidates:
            put(f"  {found.unchecked.get(reference.key, 'nothing alike was found')}\n")
    put("No DOI was written: look at them, then `kap lock --suggest --accept` writes those that are certain.\n")
    return UNCHECKED if found.unchecked else 0
