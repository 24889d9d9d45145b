"""`kap.toml`, or `[tool.kap]` of pyproject.toml: the project's settings."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from kap_content.load.globs import is_glob, leads_out, normal
from kap_content.load.review_settings import ALLOWED_SIGNERS, REVIEW, REVOKED_KEYS, review_settings
from kap_content.load.tables import TABLES, how_to_extend
from kap_content.load.text import Unreadable, read_text, unify_line_ends
from kap_content.load.tree.kind import Kind, Reader, Schema
from kap_content.load.tree.nodes import Entries, Items, Node, Scalar, place_of
from kap_content.load.tree.plain import Choice, Flag, Integer, Text, Texts
from kap_content.load.tree.shape import Field, Part, Shape, Table, Values
from kap_content.load.tree.toml_nodes import parse_toml
from kap_content.model.errors import SettingsError
from kap_content.model.finding import Severity
from kap_content.model.place import Place
from kap_content.model.settings import RegistrySettings, RuleSettings, Settings
from kap_content.startup.regex import regex

FILE = "kap.toml"
SHARED_FILE = "pyproject.toml"

GLOBS = Texts(single=True)
PAGES = Field("pages", GLOBS, "The pages: a glob or a list, relative to this file.")
CLAIMS = Field("claims", GLOBS, "The claims registry: a glob or a list.")
BIBLIOGRAPHY = Field("bibliography", GLOBS, "The BibTeX files: a glob or a list.")
OUTPUT = Field("output", Text(), "The folder that pages are rendered to.")
STYLE = Field("style", Text(), "The CSL style of the bibliography.")
MAILTO = Field("mailto", Text(), "An address that registries may write to; it makes them answer faster.")
MAX_AGE_DAYS = Field("max_age_days", Integer(0, 36500), "How long an answer of a registry counts, in days.")
SOURCE_AGE = Field("source_max_age_years", Integer(0, 500), "How old the newest source of a claim may be, in years.")
DATA_AGE = Field("data_max_age_years", Integer(0, 500), "How old the data of a statistic may be, in years.")

NAMES = Texts(single=True)
SELECT = Field("select", NAMES, "The rules that run: codes, names, families (EVD) or ALL.")
IGNORE = Field("ignore", NAMES, "The rules that do not run.")
SEVERITY = Field("severity", Table(Choice(Severity)), "How grave a rule's findings are: error, warning or note.")
PER_FILE = Field("per-file", Table(NAMES), "Rules that are silent in some files: a glob, and the rules.")
RULES_SHAPE = Shape(
    "[rules] table", (SELECT, IGNORE, SEVERITY, PER_FILE), elsewhere={"per_file": "It is spelled “per-file”."}
)
RULES = Field("rules", Part(RULES_SHAPE), "Which rules run, and how grave they are.")


@dataclass(frozen=True, slots=True)
class Url(Kind[str]):
    """An http(s) URL, kept without a slash at its end."""

    wanted: str = "an http or https URL"

    def read(self, node: Node, name: str, reader: Reader) -> str | None:
        """The URL."""
        text = Text().read(node, name, reader)
        if text is None or is_url(text):
            return text.rstrip("/") if text else text
        self.refuse(
            node, name, reader, hint="Write the prefix that the requests go to, such as https://api.crossref.org."
        )
        return None

    def schema(self) -> Schema:
        """A string that begins as an http(s) URL."""
        return {"type": "string", "pattern": "^https?://"}


def is_url(text: str) -> bool:
    """Whether `text` is an http(s) URL with a host, without user, query or fragment."""
    return re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", text, re.IGNORECASE) is not None


CROSSREF_URL = Field("crossref_url", Url(), "Stands in for https://api.crossref.org.")
DATACITE_URL = Field("datacite_url", Url(), "Stands in for https://api.datacite.org.")
DOI_URL = Field("doi_url", Url(), "Stands in for https://doi.org.")
PUBMED_URL = Field("pubmed_url", Url(), "Stands in for https://eutils.ncbi.nlm.nih.gov/entrez/eutils.")
EUROPEPMC_URL = Field("europepmc_url", Url(), "Stands in for https://www.ebi.ac.uk/europepmc/webservices/rest.")
BIORXIV_URL = Field("biorxiv_url", Url(), "Stands in for https://api.biorxiv.org.")
RETRACTION_WATCH = Field("retraction_watch", Text(), "A Retraction Watch CSV file, relative to the project.")
URLS = (CROSSREF_URL, DATACITE_URL, DOI_URL, PUBMED_URL, EUROPEPMC_URL, BIORXIV_URL)
REGISTRIES = Field(
    "registries",
    Part(Shape("[registries] table", (*URLS, RETRACTION_WATCH))),
    "Where the registries are asked; each also as KAP_CROSSREF_URL and so on in the environment.",
)


@dataclass(frozen=True, slots=True)
class Words(Kind[Values]):
    """Additions to a word list: words, a file, or a table that may also replace the list."""

    wanted: str = "a list of words, or the name of a file with words"

    def read(self, node: Node, name: str, reader: Reader) -> Values | None:
        """The table's values, whichever way it was written."""
        if isinstance(node, Entries):
            return WORDS_SHAPE.read(node, reader)
        if isinstance(node, Items):
            entry = next((item for item in node.items if isinstance(item, Entries)), None)
            if entry is not None:
                hint = (
                    how_to_extend(name) if name in TABLES else f'Such terms go into a file: {name} = "our-{name}.toml".'
                )
                reader.report(entry, f"entries of “{name}” stand in a file of their own, which is named here", hint)
                return None
            words = Texts().read(node, name, reader) or ()
            return Values(WORDS_SHAPE, {"words": words}, {}, node)
        if not isinstance(node, Scalar):
            self.refuse(node, name, reader)
            return None
        file = Text().read(node, name, reader)
        return None if file is None else Values(WORDS_SHAPE, {"file": file}, {"file": node}, node)

    def schema(self) -> Schema:
        """A list of strings, a file's name, or the table."""
        return {"anyOf": [Texts().schema(), {"type": "string"}, WORDS_SHAPE.schema()]}


WORD_LIST = Field("words", Texts(), "Words and phrases to add.")
WORD_FILE = Field("file", Text(), "A file of words: TOML as the shipped lists, or text with one a line.")
REPLACE = Field("replace", Flag(), "Whether they stand in place of the shipped list.")
WORDS_SHAPE = Shape("word list", (WORD_LIST, WORD_FILE, REPLACE))
WORDS = Field("words", Table(Words()), "Additions to the word lists, by the list's name.")

BASE_URL = Field("base_url", Url(), "Where the site will be published; canonical links begin with it.")
TEMPLATE = Field("template", Text(), "A Jinja template of your own, relative to the project.")
RENDER = Field("render", Part(Shape("[render] table", (BASE_URL, TEMPLATE))), "How pages are rendered.")

SETTINGS = Shape(
    "settings file",
    (
        PAGES,
        CLAIMS,
        BIBLIOGRAPHY,
        OUTPUT,
        STYLE,
        MAILTO,
        MAX_AGE_DAYS,
        SOURCE_AGE,
        DATA_AGE,
        RULES,
        REGISTRIES,
        WORDS,
        REVIEW,
        RENDER,
    ),
)

_MAILTO = regex(r"[^\s@]+@[^\s@]+")


def read_settings(
    root: Path, environment: Mapping[str, str] | None = None, typed: Mapping[str, str] | None = None
) -> Settings:
    """The settings of the project at `root`: of kap.toml, or [tool.kap], or the defaults.

    The environment (the process's own by default) overrides `KAP_MAILTO` and the registries' URLs. Whatever is
    unknown or of a wrong type raises `SettingsError` at its line. `typed` are texts that count in place of files, by
    name: what stands in an editor.
    """
    found = _settings_table(root, typed or {})
    reader = Reader(found[0] if found else FILE)
    table = found[1] if found else Entries([], 1, 1, 1, 1)
    values = SETTINGS.read(table, reader)
    _check_paths(table, reader)
    _check_output(root, values, reader)
    _check_mailto(values, reader)
    if problems := reader.all_problems():
        first, more = problems[0], len(problems) - 1
        count = f" ({more} more follow{'s' if more == 1 else ''})" if more else ""
        raise SettingsError(first.message + count, first.place, first.help)
    return _settings(values, dict(_places(reader.path, table)), os.environ if environment is None else environment)


def has_settings(folder: Path) -> bool:
    """Whether `folder` is a project's root: it holds kap.toml, or a pyproject.toml with [tool.kap]."""
    if (folder / FILE).exists():
        return True
    shared = folder / SHARED_FILE
    if not shared.is_file():
        return False
    text = read_text(shared, SHARED_FILE)
    if isinstance(text, Unreadable) or "kap" not in text.text:
        return False
    try:
        return _tool_kap(parse_toml(SHARED_FILE, text.text)) is not None
    except SettingsError:
        return re.search(r"^\s*\[\s*tool\s*\.\s*kap\b", text.text, re.MULTILINE) is not None


def _settings_table(root: Path, typed: Mapping[str, str]) -> tuple[str, Entries] | None:
    for name in (FILE, SHARED_FILE):
        path = root / name
        if not path.exists():
            continue
        text = unify_line_ends(typed[name]) if name in typed else _stored(path, name)
        if name == FILE:
            return name, parse_toml(name, text)
        if "kap" in text and (table := _tool_kap(parse_toml(name, text))) is not None:
            return name, table
    return None


def _stored(path: Path, name: str) -> str:
    text = read_text(path, name)
    if isinstance(text, Unreadable):
        raise SettingsError(text.problem.message, text.problem.place, text.problem.help)
    return text.text


def _tool_kap(document: Entries) -> Entries | None:
    for name in ("tool", "kap"):
        node = next((value for key, value in document.entries if key.text == name), None)
        if not isinstance(node, Entries):
            return None
        document = node
    return document


def _check_paths(table: Entries, reader: Reader) -> None:
    """Globs, folders and the files of keys stay inside the project."""
    review = next((node for key, node in table.entries if key.text == REVIEW.name), None)
    for key, node in (*table.entries, *(review.entries if isinstance(review, Entries) else ())):
        if key.text in _PATHS:
            for item in node.items if isinstance(node, Items) else [node]:
                if isinstance(item, Scalar) and not _is_inside(item.text):
                    message = f"“{key.text}” leads out of the project: “{item.text}”"
                    reader.report(item, message, "Name it relative to the project’s folder, without “..”.")


_PATHS = frozenset(item.name for item in (PAGES, CLAIMS, BIBLIOGRAPHY, OUTPUT, ALLOWED_SIGNERS, REVOKED_KEYS))


def _check_output(root: Path, values: Values, reader: Reader) -> None:
    """Rendered pages go to a folder of their own: what is written there must not mix with what is read."""
    default = Settings()
    output = values.get(OUTPUT, default.output)
    if not _is_inside(output):
        return  # said already
    if leads_out(root, normal(output)):
        message = f"“output” leads out of the project: “{output}” is a link"
        reader.report(values.spot(OUTPUT), message, "Name a folder of the project.")
        return
    folder = normal(output)
    registries, render = values.get(REGISTRIES, _NOTHING), values.get(RENDER, _NOTHING)
    review = review_settings(values.get(REVIEW, None))
    read = (
        (PAGES, values.get(PAGES, default.pages)),
        (CLAIMS, values.get(CLAIMS, default.claims)),
        (BIBLIOGRAPHY, values.get(BIBLIOGRAPHY, default.bibliography)),
        (RETRACTION_WATCH, (registries.get(RETRACTION_WATCH, ""),)),
        (TEMPLATE, (render.get(TEMPLATE, ""),)),
        (ALLOWED_SIGNERS, (review.allowed_signers,)),
        (REVOKED_KEYS, (review.revoked_keys,)),
    )
    held = next((source for _, sources in read for source in sources if source and _holds(folder, source)), "")
    held = held or next((name for name in (FILE, SHARED_FILE, ".git", ".kap") if _holds(folder, name)), "")
    if held:
        help_text = f"Name a folder that holds nothing else, such as “{default.output}”."
        message = f"“output” is “{output}”, where the project’s sources are: “{held}”"
        reader.report(values.spot(OUTPUT), message, help_text)


def _holds(folder: str, pattern: str) -> bool:
    """Whether what the glob or name means lies in `folder`, by the part before its first wildcard."""
    parts = normal(pattern).split("/")
    fixed = list(takewhile(lambda part: not is_glob(part), parts))
    inside = folder.split("/") if folder else []
    return fixed[: len(inside)] == inside


def _is_inside(path: str) -> bool:
    return not (path.startswith(("/", "\\", "~")) or re.match(r"[A-Za-z]:", path) or ".." in re.split(r"[/\\]", path))


def _check_mailto(values: Values, reader: Reader) -> None:
    mailto = values.get(MAILTO, "")
    if mailto and not _MAILTO.fullmatch(mailto):
        reader.report(values.spot(MAILTO), f"“mailto” is no e-mail address: “{mailto}”", "Write one, as a@example.org.")


def _places(path: str, node: Node, name: str = "") -> Iterator[tuple[str, Place]]:
    """Where each setting stands, by its dotted name (`rules.select`), a list's items by number (`rules.select.0`)."""
    if isinstance(node, Entries):
        for key, value in node.entries:
            dotted = f"{name}.{key.text}" if name else key.text
            yield dotted, place_of(path, value if isinstance(value, Scalar) else key)
            yield from _places(path, value, dotted)
    elif isinstance(node, Items):
        for index, item in enumerate(node.items):
            yield f"{name}.{index}", place_of(path, item)


_NOTHING = Values(SETTINGS, {}, {}, Entries([], 1, 1, 1, 1))


def _settings(values: Values, places: Mapping[str, Place], environment: Mapping[str, str]) -> Settings:
    rules = values.get(RULES, _NOTHING)
    words = values.get(WORDS, {})
    default = Settings()
    return Settings(
        pages=values.get(PAGES, default.pages),
        claims=values.get(CLAIMS, default.claims),
        bibliography=values.get(BIBLIOGRAPHY, default.bibliography),
        output=values.get(OUTPUT, default.output),
        style=values.get(STYLE, default.style),
        mailto=environment.get("KAP_MAILTO", "") or values.get(MAILTO, default.mailto),
        max_age_days=values.get(MAX_AGE_DAYS, default.max_age_days),
        source_max_age_years=values.get(SOURCE_AGE, default.source_max_age_years),
        data_max_age_years=values.get(DATA_AGE, default.data_max_age_years),
        rules=RuleSettings(
            select=rules.get(SELECT, ()),
            ignore=rules.get(IGNORE, ()),
            severity=rules.get(SEVERITY, {}),
            per_file=rules.get(PER_FILE, {}),
        ),
        registries=_registries(values.get(REGISTRIES, _NOTHING), environment),
        words={name: table.get(WORD_LIST, ()) for name, table in words.items()},
        word_files={name: file for name, table in words.items() if (file := table.get(WORD_FILE, ""))},
        words_replaced=tuple(name for name, table in words.items() if table.get(REPLACE, False)),
        review=review_settings(values.get(REVIEW, None)),
        base_url=values.get(RENDER, _NOTHING).get(BASE_URL, ""),
        template=values.get(RENDER, _NOTHING).get(TEMPLATE, ""),
        places=places,
    )


def _registries(values: Values, environment: Mapping[str, str]) -> RegistrySettings:
    default = RegistrySettings()
    urls = {}
    for item in URLS:
        variable = f"KAP_{item.name.upper()}"
        override = environment.get(variable, "").strip()
        if override and not is_url(override):
            raise SettingsError(
                f"{variable} is no http or https URL: “{override}”", help="Set it to a URL, or unset it."
            )
        urls[item.name] = override.rstrip("/") or values.get(item, getattr(default, item.name))
    watch = environment.get("KAP_RETRACTION_WATCH", "") or values.get(RETRACTION_WATCH, "")
    return RegistrySettings(**urls, retraction_watch=watch)
