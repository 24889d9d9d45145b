"""`kap init`: a project that works at once. Nothing that is there already is touched."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path

from kap_content import __version__
from kap_content.cli.actions.schema import schema_text
from kap_content.cli.given import Globals
from kap_content.cli.terminal.streams import put
from kap_content.load.settings import has_settings, read_settings
from kap_content.load.text import Text, read_text
from kap_content.model.errors import ProjectError, UsageError
from kap_content.model.settings import Settings
from kap_content.report.text import visible

CLAIMS_SCHEMA, SETTINGS_SCHEMA = ".kap/claims.schema.json", ".kap/settings.schema.json"
PAGE, CLAIMS, BIBLIOGRAPHY = "pages/example.md", "claims.yaml", "references.bib"

_NO_CLAIMS = "# yaml-language-server: $schema={schema}\nversion: 1\nclaims: []\n"
_NO_REFERENCES = "% The works that the claims rest on: `kap add DOI` appends entries.\n"
_UNKNOWN = "Your Name"


@dataclass(frozen=True, slots=True)
class _Known:
    """What can be guessed of a new project."""

    title: str
    name: str
    email: str
    today: date

    @property
    def due(self) -> date:
        """A year from today."""
        day = 28 if (self.today.month, self.today.day) == (2, 29) else self.today.day
        return self.today.replace(year=self.today.year + 1, day=day)


def init(options: Globals, folder: Path | None, today: date) -> int:
    """Write the files of a new project that are not there yet, and name those that are."""
    root = folder or options.project or Path()
    if root.exists() and not root.is_dir():
        raise UsageError(f"{root} is a file", help="Give the folder that the project is to live in.")
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ProjectError(f"{root} cannot be made: {error.strerror}") from error
    known = _Known(_title(root), _git(root, "user.name") or _UNKNOWN, _git(root, "user.email"), today)
    written: list[str] = []
    left: list[str] = []
    made = _files(root, known)
    for path, text in made.items():
        (written if _write(root / path, text) else left).append(path)
    for path in written:
        put(f"wrote  {visible((root / path).as_posix())}\n")
    for path in left:
        put(f"left   {visible((root / path).as_posix())}: it is there already\n")
    if ".gitignore" in left and (lacking := _unignored(root, made[".gitignore"])):
        options.say(f"Add {' and '.join(f'“{line}”' for line in lacking)} to .gitignore.")
    where = f" in {visible(root.as_posix())}" if root.resolve() != Path.cwd().resolve() else ""
    options.say(
        f"Next{where}: kap build (asks the registries), or kap build --offline. Your own text: kap import FILE."
    )
    return 0


def _files(root: Path, known: _Known) -> dict[str, str]:
    """The files to write, by path. Those of the example come together or not at all: each refers to the others."""
    has_own = has_settings(root)
    settings = read_settings(root) if has_own else Settings()
    content = dict.fromkeys((CLAIMS, BIBLIOGRAPHY))
    fits = set(content) <= {*settings.claims, *settings.bibliography} and "pages/**/*.md" in settings.pages
    is_new = fits and not any((root / path).exists() for path in content) and not _has_pages(root)
    made: dict[str, str] = {}
    if not has_own or (root / "kap.toml").exists():
        made["kap.toml"] = _template("kap.toml", known)
    made[CLAIMS_SCHEMA] = schema_text("claims")
    made[SETTINGS_SCHEMA] = schema_text("settings")
    if is_new:
        made |= {name: _template(source, known) for name, source in _EXAMPLE.items()}
    elif fits:
        made |= {CLAIMS: _NO_CLAIMS.format(schema=CLAIMS_SCHEMA), BIBLIOGRAPHY: _NO_REFERENCES}
    made |= {name: _template(source, known, settings.output) for name, source in _AROUND.items()}
    return made


_EXAMPLE = {PAGE: "page.md", CLAIMS: "claims.yaml", BIBLIOGRAPHY: "references.bib"}
_AROUND = {
    ".pre-commit-config.yaml": "pre-commit.yaml",
    ".gitignore": "gitignore",
    ".gitattributes": "gitattributes",
    ".github/workflows/kap.yml": "workflow.yml",
}


def _unignored(root: Path, wanted: str) -> list[str]:
    """The lines that .gitignore should have and has not."""
    text = read_text(root / ".gitignore", ".gitignore")
    there = {line.strip().strip("/") for line in text.text.split("\n")} if isinstance(text, Text) else set()
    lines = (line for line in wanted.split("\n") if line and not line.startswith("#"))
    return [line for line in lines if line.strip("/") not in there]


def _has_pages(root: Path) -> bool:
    return any((root / "pages").rglob("*.md"))


def _template(name: str, known: _Known, output: str = "site") -> str:
    text = (files("kap_content") / "data" / "init" / name).read_text("utf-8")
    if name == "pre-commit.yaml":
        return text
    mailto = f"mailto = {_quoted(known.email)}" if known.email else '# mailto = "you@example.org"'
    return text.format(
        title=_quoted(known.title),
        heading=known.title,
        name=_quoted(known.name),
        today=known.today,
        due=known.due,
        mailto=f"{mailto}{' ' * 4}# lets Crossref and PubMed reach you",
        schema=CLAIMS_SCHEMA,
        settings_schema=SETTINGS_SCHEMA,
        output=output,
        version=__version__,
    )


def _quoted(text: str) -> str:
    """Text as YAML and TOML both read it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _title(root: Path) -> str:
    """The folder's name as a title: `anxiety-clinic` is “Anxiety clinic”. Only what Markdown takes as it is."""
    words = "".join(character if character.isalnum() else " " for character in root.resolve().name).split()
    title = " ".join(words)
    return title[:1].upper() + title[1:] if title else "Example page"


def _git(root: Path, name: str) -> str:
    """A value of the user's git settings; empty where there is none, or no git."""
    git = shutil.which("git")
    if git is None:
        return ""
    try:
        done = subprocess.run(  # noqa: S603 - a fixed command, no shell
            [git, "config", "--get", name], cwd=root, capture_output=True, timeout=5, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    text = done.stdout.decode("utf-8", "replace")
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())


def _write(path: Path, text: str) -> bool:
    """Write a file that is not there; False, and nothing, where something is."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        return False
    except OSError as error:
        raise ProjectError(f"{path} cannot be written: {error.strerror}") from error
    return True
