"""The tables of subjects and drugs: `kap_content/data/tables/*.json` and what a project adds to them.

`subjects` holds entries `{name, kind, terms, broader, mesh, stems}`, kind `intervention` or `condition`; `drugs` holds
entries `{name, jurisdiction, approved, as_of, source, note, checked}`. A project writes them as TOML, and an entry of
its replaces a shipped one of the same name. The shipped ones are JSON, which is read forty times faster, and only when
a rule first asks for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from kap_content.load.tree.kind import Reader
from kap_content.load.tree.plain import Choice, Date, Text, Texts
from kap_content.load.tree.shape import Field, Part, Parts, Shape, Values
from kap_content.load.tree.toml_nodes import parse_toml
from kap_content.model.errors import SettingsError
from kap_content.model.lexicon import Drug, Subject, SubjectKind

_FOLDER = Path(__file__).parent.parent / "data" / "tables"
TABLES = frozenset({"subjects", "drugs"})
"""The names under which settings extend the tables: `[words] drugs = "our-drugs.toml"`."""


def how_to_extend(name: str) -> str:
    """What to write in kap.toml, and where the entries go."""
    return f'Write them into a file, each under a line [[{name}]], and name it: {name} = "our-{name}.toml".'


NAME = Field("name", Text(), "The name, by which an entry replaces a shipped one.", required=True)
KIND = Field("kind", Choice(SubjectKind), "intervention or condition.", required=True)
TERMS = Field("terms", Texts(), "What else it is called.")
BROADER = Field("broader", Texts(), "Wider subjects that it belongs to.")
MESH = Field("mesh", Texts(), "The MeSH headings that stand for it.")
STEMS = Field("stems", Texts(), "Endings by which the generic names of its members are known.")
SUBJECT = Shape("subject", (NAME, KIND, TERMS, BROADER, MESH, STEMS))
SUBJECTS = Field("subjects", Parts(Part(SUBJECT)), "Each as [[subjects]].", required=True)

JURISDICTION = Field("jurisdiction", Text(), "Whose regulator; US where it is left out.")
APPROVED = Field("approved", Texts(), "Conditions that it is approved for; [] for none.", required=True)
AS_OF = Field("as_of", Date(), "The day on which this held.", required=True)
SOURCE = Field("source", Text(), "The application or label that it rests on.")
NOTE = Field("note", Text(), "What else is to be known.")
CHECKED = Field("checked", Text(), "What was looked up to confirm it, by whom and when.")
DRUG = Shape("drug", (NAME, JURISDICTION, APPROVED, AS_OF, SOURCE, NOTE, CHECKED))
DRUGS = Field("drugs", Parts(Part(DRUG)), "Each as [[drugs]].", required=True)

V = TypeVar("V")


class Table(Mapping[str, V]):
    """Entries by name, the shipped ones read when first asked for; `own` are the project's."""

    __slots__ = ("_entries", "_own", "_shipped")

    def __init__(self, shipped: Callable[[], Mapping[str, V]], own: Mapping[str, V]) -> None:
        self._shipped = shipped
        self._own = own
        self._entries: Mapping[str, V] | None = None

    def _all(self) -> Mapping[str, V]:
        if self._entries is None:
            self._entries = {**self._shipped(), **self._own}
        return self._entries

    def __getitem__(self, name: str) -> V:
        return self._all()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())


class Subjects(Table[Subject]):
    """The interventions and conditions."""

    __slots__ = ()

    def __init__(self, own: Mapping[str, Subject] | None = None) -> None:
        super().__init__(_shipped_subjects, own or {})


class Drugs(Table[Drug]):
    """The drugs and what they are approved for."""

    __slots__ = ()

    def __init__(self, own: Mapping[str, Drug] | None = None) -> None:
        super().__init__(_shipped_drugs, own or {})


def read_subjects(path: str, source: str) -> dict[str, Subject]:
    """A project's subjects by name, from the text of its TOML file; `SettingsError` where it cannot be read."""
    found = (
        Subject(
            item.get(NAME, ""),
            item.get(KIND, SubjectKind.CONDITION),
            item.get(TERMS, ()),
            item.get(BROADER, ()),
            item.get(MESH, ()),
            item.get(STEMS, ()),
        )
        for item in _items(path, source, SUBJECTS)
    )
    return {subject.name: subject for subject in found}


def read_drugs(path: str, source: str) -> dict[str, Drug]:
    """A project's drugs by name, from the text of its TOML file; `SettingsError` where it cannot be read."""
    found = (
        Drug(
            item.get(NAME, ""),
            item.get(JURISDICTION, _US),
            item.get(APPROVED, ()),
            item.get(AS_OF, date.min).isoformat(),
            item.get(SOURCE, ""),
            item.get(NOTE, ""),
            item.get(CHECKED, ""),
        )
        for item in _items(path, source, DRUGS)
    )
    return {drug.name: drug for drug in found}


def _items(path: str, source: str, entries: Field[tuple[Values, ...]]) -> tuple[Values, ...]:
    reader = Reader(path)
    values = Shape(f"table of {entries.name}", (entries,)).read(parse_toml(path, source), reader)
    if reader.problems:
        reader.missing.clear()  # a misspelled field is missing too, and its spelling is what helps
    if problems := reader.all_problems():
        first = problems[0]
        raise SettingsError(first.message, first.place, first.help)
    return values.get(entries, ())


_US = "US"


@cache
def _shipped_subjects() -> Mapping[str, Subject]:
    found = (
        Subject(
            row["name"],
            SubjectKind(table["kind"]),
            *(tuple(row.get(field.name, ())) for field in (TERMS, BROADER, MESH, STEMS)),
        )
        for table in (_json("interventions"), _json("conditions"))
        for row in table["subjects"]
    )
    return {subject.name: subject for subject in found}


@cache
def _shipped_drugs() -> Mapping[str, Drug]:
    rows = _json("drugs")["drugs"]
    found = (Drug(**{"jurisdiction": _US} | row | {"approved": tuple(row["approved"])}) for row in rows)
    return {drug.name: drug for drug in found}


def _json(name: str) -> dict[str, Any]:
    import json

    data: dict[str, Any] = json.loads((_FOLDER / f"{name}.json").read_text("utf-8"))
    return data
