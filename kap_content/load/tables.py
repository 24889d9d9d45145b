"""The tables of subjects and drugs: `kap_content/data/tables/*.json` and what a project adds to them.

`subjects` holds tables `{name, kind, terms, broader, mesh, stems}`, kind `intervention` or `condition`; `drugs` holds
tables `{name, jurisdiction, approved, as_of, source, note, checked}`. An entry of the project replaces a shipped one of
the same name. A project writes them as TOML or JSON. The shipped ones are JSON, which is read forty times faster, and
only when a rule first asks for them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TypeVar

from kap_content.model.errors import SettingsError
from kap_content.model.lexicon import Drug, Subject, SubjectKind
from kap_content.model.place import Place

_FOLDER = Path(__file__).parent.parent / "data" / "tables"
_SHIPPED = {"subjects": ("interventions", "conditions"), "drugs": ("drugs",)}
TABLES = frozenset(_SHIPPED)
"""The names under which settings extend the tables: `[words] drugs = "our-drugs.toml"`."""

_FIELDS: dict[str, tuple[dict[str, type], dict[str, type]]] = {
    "subjects": ({"name": str, "kind": str}, {"terms": list, "broader": list, "mesh": list, "stems": list}),
    "drugs": (
        {"name": str, "approved": list, "as_of": str},
        {"jurisdiction": str, "source": str, "note": str, "checked": str},
    ),
}
"""What an entry must and may hold."""

V = TypeVar("V")


class Table(Mapping[str, V]):
    """Entries by name, parsed when first asked for; `own` is the text of the project's file, or empty."""

    __slots__ = ("_entries", "_make", "_name", "_own")

    def __init__(self, name: str, own: str, make: Callable[[dict[str, object]], V]) -> None:
        self._name = name
        self._own = own
        self._make = make
        self._entries: dict[str, V] | None = None

    def _all(self) -> dict[str, V]:
        if self._entries is None:
            rows = (*_shipped(self._name), *(_rows(self._name, self._own) if self._own else ()))
            self._entries = {str(row["name"]): self._make(row) for row in rows}
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

    def __init__(self, own: str = "") -> None:
        super().__init__("subjects", own, _subject)


class Drugs(Table[Drug]):
    """The drugs and what they are approved for."""

    __slots__ = ()

    def __init__(self, own: str = "") -> None:
        super().__init__("drugs", own, _drug)


def check_table(path: str, name: str, source: str) -> None:
    """Raise `SettingsError` where a project's table cannot be read."""
    try:
        rows = _rows(name, source)
    except (ValueError, TypeError, AttributeError) as error:
        raise SettingsError(f"“{path}” cannot be read as a table of {name}: {error}.", Place(path)) from error
    required, optional = _FIELDS[name]
    for row in rows:
        shown = str(row.get("name", "?"))
        for field in row.keys() - required.keys() - optional.keys():
            raise SettingsError(f"“{field}” is no field of {name} (entry “{shown}”).", Place(path))
        for field, kind in (required | optional).items():
            if field in required and field not in row:
                raise SettingsError(f"The entry “{shown}” of {name} lacks “{field}”.", Place(path))
            value = row.get(field)
            texts = isinstance(value, list) and all(isinstance(item, str) for item in value)
            if value is not None and (not texts if kind is list else not isinstance(value, kind)):
                raise SettingsError(f"“{field}” of the entry “{shown}” is of the wrong type.", Place(path))
        if name == "subjects" and row["kind"] not in tuple(SubjectKind):
            raise SettingsError(f"“kind” of “{shown}” is {row['kind']}: write intervention or condition.", Place(path))


def _rows(name: str, source: str) -> list[dict[str, object]]:
    if source.lstrip().startswith("{"):
        parsed = json.loads(source)
    else:
        import tomllib

        parsed = tomllib.loads(source)
    common: dict[str, object] = {"kind": parsed["kind"]} if "kind" in parsed else {}
    return [{**common, **row} for row in parsed.get(name, [])]


@cache
def _shipped(name: str) -> tuple[dict[str, object], ...]:
    return tuple(row for file in _SHIPPED[name] for row in _rows(name, (_FOLDER / f"{file}.json").read_text("utf-8")))


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(item) for item in value) if isinstance(value, list) else ()


def _subject(row: dict[str, object]) -> Subject:
    kind = SubjectKind(str(row["kind"]))
    return Subject(
        name=str(row["name"]),
        kind=kind,
        terms=_texts(row.get("terms")),
        broader=_texts(row.get("broader")),
        mesh=_texts(row.get("mesh")),
        stems=_texts(row.get("stems")),
    )


def _drug(row: dict[str, object]) -> Drug:
    return Drug(
        name=str(row["name"]),
        jurisdiction=str(row.get("jurisdiction", "US")),
        approved=_texts(row.get("approved")),
        as_of=str(row.get("as_of", "")),
        source=str(row.get("source", "")),
        note=str(row.get("note", "")),
        checked=str(row.get("checked", "")),
    )
