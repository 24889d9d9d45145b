"""Word lists: `kap_content/data/words/*.toml` and what a project adds to them.

A list is a TOML file named as the list. `terms` holds words and phrases, each a string or a table
`{phrase, reason, suggestion, unless, beside}`; `reason`, `suggestion` and `beside` above them stand for all that give
none of their own.
The shipped lists are read when a rule first asks for them: most runs need few.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from kap_content.load.globs import leads_out
from kap_content.load.tables import TABLES, Drugs, Subjects, how_to_extend, read_drugs, read_subjects
from kap_content.load.text import Unreadable, read_text
from kap_content.load.tree.kind import Reader, nearest_name
from kap_content.load.tree.plain import Text, Texts
from kap_content.load.tree.shape import Field, Part, Parts, Shape
from kap_content.load.tree.toml_nodes import parse_toml
from kap_content.model.errors import SettingsError
from kap_content.model.lexicon import Lexicon, Term
from kap_content.model.place import Place
from kap_content.model.settings import Settings
from kap_content.startup.kept import kept

V = TypeVar("V")

WORDS = Path(__file__).parent.parent / "data" / "words"
"""The shipped lists."""


def read_lexicon(settings: Settings, root: Path) -> Lexicon:
    """The shipped lists with the project's additions; a list or file that does not exist raises `SettingsError`."""
    shipped = tuple(sorted(path.stem for path in WORDS.glob("*.toml")))
    additions: dict[str, tuple[Term, ...]] = {}
    for name in dict.fromkeys((*settings.words, *settings.word_files)):
        if name in TABLES:
            continue
        if name not in shipped:
            guess = nearest_name(name, shipped)
            help_text = f"Did you mean “{guess}”?" if guess else f"The lists are {', '.join(shipped)}."
            raise SettingsError(f"there is no word list “{name}”", settings.places.get(f"words.{name}"), help_text)
        own = tuple(Term(word) for word in settings.words.get(name, ()))
        file = settings.word_files.get(name, "")
        additions[name] = (*own, *_project_file(root, file, settings.places.get(f"words.{name}"))) if file else own
    subjects = _project_table(root, settings, "subjects", read_subjects)
    drugs = _project_table(root, settings, "drugs", read_drugs)
    return Lexicon(
        Lists(shipped, additions, frozenset(settings.words_replaced)),
        Subjects(subjects) if subjects else _SUBJECTS,
        Drugs(drugs) if drugs else _DRUGS,
    )


_SUBJECTS = Subjects({})
_DRUGS = Drugs({})
"""The shipped tables alone: whoever checks again and again makes them ready once."""


class Lists(Mapping[str, tuple[Term, ...]]):
    """All lists by name, each read when first asked for."""

    __slots__ = ("_additions", "_made", "_names", "_replaced")

    def __init__(
        self, names: tuple[str, ...], additions: Mapping[str, tuple[Term, ...]], replaced: frozenset[str]
    ) -> None:
        self._names = names
        self._additions = additions
        self._replaced = replaced
        self._made: dict[str, tuple[Term, ...]] = {}

    def __getitem__(self, name: str) -> tuple[Term, ...]:
        if name not in self._made:
            if name not in self._names:
                raise KeyError(name)
            shipped = () if name in self._replaced else shipped_list(name)
            added = self._additions.get(name, ())
            self._made[name] = (*shipped, *added) if added else shipped
        return self._made[name]  # one and the same each time: patterns are remembered by identity

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


@cache
def shipped_list(name: str) -> tuple[Term, ...]:
    """The terms of a shipped list."""
    data = (WORDS / f"{name}.toml").read_bytes()

    def rows() -> list[_Row]:
        terms = read_terms(f"{name}.toml", data.decode("utf-8"))
        return [(term.phrase, term.reason, term.suggestion, list(term.unless), list(term.beside)) for term in terms]

    found = kept(f"words {sha256(data).hexdigest()}", rows)
    return tuple(
        Term(phrase, reason, suggestion, tuple(unless), tuple(beside))
        for phrase, reason, suggestion, unless, beside in found
    )


_Row = tuple[str, str, str, list[str], list[str]]
"""A term in the types of JSON."""


def read_terms(path: str, source: str) -> tuple[Term, ...]:
    """Read a list: TOML, or for other names a word or phrase a line, `#` beginning a comment."""
    if not path.endswith(".toml"):
        lines = (line.partition("#")[0].strip() for line in source.split("\n"))
        return tuple(Term(line) for line in lines if line)
    reader = Reader(path)
    values = LIST.read(parse_toml(path, source), reader)
    if problems := reader.all_problems():
        first = problems[0]
        raise SettingsError(first.message, first.place, first.help)
    reason, suggestion, beside = values.get(REASON, ""), values.get(SUGGESTION, ""), values.get(BESIDE, ())
    return tuple(
        Term(
            item.get(PHRASE, ""),
            item.get(REASON, reason),
            item.get(SUGGESTION, suggestion),
            item.get(UNLESS, ()),
            item.get(BESIDE, beside),
        )
        for item in values.get(TERMS, ())
    )


def _project_table(root: Path, settings: Settings, name: str, read: Callable[[str, str], dict[str, V]]) -> dict[str, V]:
    file, place = settings.word_files.get(name, ""), settings.places.get(f"words.{name}")
    if settings.words.get(name) or name in settings.words_replaced:
        raise SettingsError(f"“{name}” is a table of entries, not a list of words", place, how_to_extend(name))
    return read(file, _project_text(root, file, place)) if file else {}


def _project_file(root: Path, file: str, place: Place | None) -> tuple[Term, ...]:
    return read_terms(file, _project_text(root, file, place))


def _project_text(root: Path, file: str, place: Place | None) -> str:
    if leads_out(root, file):
        raise SettingsError(f"the word file “{file}” lies out of the project", place, "Move it into the project.")
    text = read_text(root / file, file)
    if isinstance(text, Unreadable):
        if (root / file).exists():
            raise SettingsError(text.problem.message, text.problem.place, text.problem.help)
        raise SettingsError(f"the word file “{file}” is not there", place, "Name it relative to the project’s folder.")
    return text.text


PHRASE = Field("phrase", Text(), "The word or phrase.", required=True)
REASON = Field("reason", Text(), "Why it is listed.")
SUGGESTION = Field("suggestion", Text(), "What to write instead.")
UNLESS = Field("unless", Texts(), "Longer phrases around it in which it is harmless.")
BESIDE = Field("beside", Texts(), "Phrases of which one must stand within a few words of it for it to count.")
TERM = Shape("term", (PHRASE, REASON, SUGGESTION, UNLESS, BESIDE))


TERMS = Field("terms", Parts(Part(TERM, short="phrase")), "The words and phrases.", required=True)
LIST = Shape("word list", (REASON, SUGGESTION, BESIDE, TERMS))
