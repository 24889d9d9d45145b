"""How pages look: the citation style, the templates and the stylesheet, with what a project puts in their place."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from dataclasses import InitVar, dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path

from kap_content.model.errors import SettingsError
from kap_content.model.settings import Settings
from kap_content.rendering.bibliography import Entries
from kap_content.rendering.csl_styles import bundled_style, bundled_styles, parent_style

STYLESHEET, SCRIPT, RECORD = "style.css", "page.js", "evidence.json"


@dataclass(frozen=True, slots=True)
class Style:
    """Everything that shapes a page but its content.

    `csl` is the XML of the citation style, `templates` the project's own templates by name, `stylesheet` and
    `script` the texts of the two files beside each page, `base_url` the address under which the site is published.
    `entries` formats references by `csl`; `kept` is where it keeps them, a memory of its own where none is given.
    """

    csl: str
    templates: Mapping[str, str] = field(default_factory=dict)
    stylesheet: str = ""
    script: str = ""
    base_url: str = ""
    kept: InitVar[MutableMapping[str, str] | None] = None
    tool: InitVar[str] = ""
    entries: Entries = field(init=False, compare=False, repr=False)

    def __post_init__(self, kept: MutableMapping[str, str] | None, tool: str) -> None:
        """Make what formats references."""
        object.__setattr__(self, "entries", Entries(self.csl, kept, tool))


def load_style(settings: Settings, root: Path, kept: MutableMapping[str, str] | None = None, tool: str = "") -> Style:
    """Read the style that the settings name; one that cannot be had is a SettingsError.

    `kept` holds references formatted by earlier runs of the program that `tool` marks.
    """
    templates, stylesheet = _overrides(settings.template, root)
    return Style(
        csl=_csl(settings.style, root),
        templates=templates,
        stylesheet=stylesheet or packaged(STYLESHEET),
        script=packaged(SCRIPT),
        base_url=settings.base_url.rstrip("/"),
        kept=kept,
        tool=tool,
    )


@cache
def packaged(name: str) -> str:
    """The text of one of the package's static files."""
    return (files("kap_content.rendering") / "static" / name).read_text("utf-8")


def _csl(name: str, root: Path) -> str:
    """A style by the name of one that comes with the package, or by the path of a .csl file in the project."""
    found = bundled_style(name)
    if found is not None:
        return found
    if not name.endswith(".csl"):
        known = ", ".join(bundled_styles())
        raise SettingsError(
            f"There is no citation style “{name}”", help=f"Use one of {known}, or the path of a .csl file."
        )
    xml = _read(root / name, f"the citation style {name}", root)
    parent = parent_style(xml)
    if not parent:
        return xml
    independent = bundled_style(parent)
    if independent is None:
        raise SettingsError(
            f"The citation style {name} only points at “{parent}”, which is not here",
            help="Put that style's own .csl file into the project and name it instead.",
        )
    return independent


def _overrides(template: str, root: Path) -> tuple[dict[str, str], str]:
    """The project's templates by name, and its stylesheet: a folder of them, or one file for page.html."""
    if not template:
        return {}, ""
    place = root / template
    if not place.is_dir():
        return {"page.html": _read(place, f"the template {template}", root)}, ""
    own = {file.name: _read(file, f"the template {file.name}", root) for file in sorted(place.glob("*.html"))}
    sheet = place / STYLESHEET
    return own, _read(sheet, f"the stylesheet {sheet.name}", root) if sheet.exists() else ""


def _read(path: Path, what: str, root: Path) -> str:
    if not path.resolve().is_relative_to(root.resolve()):
        raise SettingsError(f"Cannot read {what}: it lies outside the project", help="Copy it into the project.")
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise SettingsError(f"Cannot read {what}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"Cannot read {what}: it is not UTF-8 text") from error
