"""Projects extend the tables of subjects and drugs."""

from __future__ import annotations

from pathlib import Path

import pytest

from kap_content.load.lexicon import read_lexicon
from kap_content.model.errors import SettingsError
from kap_content.model.lexicon import Lexicon
from kap_content.model.settings import Settings

DRUGS = '[[drugs]]\nname = "ketamine"\napproved = ["depression"]\nas_of = "2030-01-01"\njurisdiction = "XX"\n'
SUBJECTS = '[[subjects]]\nname = "moonwort"\nkind = "intervention"\nterms = ["Botrychium"]\n'


def lexicon_with(folder: Path, name: str, text: str) -> Lexicon:
    (folder / "own.toml").write_text(text, "utf-8")
    return read_lexicon(Settings(word_files={name: "own.toml"}), folder)


def test_an_entry_of_the_project_replaces_a_shipped_one(tmp_path: Path) -> None:
    assert lexicon_with(tmp_path, "drugs", DRUGS).drugs["ketamine"].approved == ("depression",)


def test_the_shipped_entries_stay(tmp_path: Path) -> None:
    assert "esketamine" in lexicon_with(tmp_path, "drugs", DRUGS).drugs


def test_a_subject_can_be_added(tmp_path: Path) -> None:
    assert lexicon_with(tmp_path, "subjects", SUBJECTS).subjects["moonwort"].terms == ("Botrychium",)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("drugs", "drugs = [", "cannot be read"),
        ("drugs", '[[drugs]]\nname = "x"\napproved = []\n', "lacks “as_of”"),
        ("subjects", '[[subjects]]\nname = "x"\nkind = "plant"\n', "write intervention or condition"),
        ("subjects", '[[subjects]]\nname = "x"\nkind = "condition"\nterms = "y"\n', "wrong type"),
        ("subjects", '[[subjects]]\nname = "x"\nkind = "condition"\ncolour = "blue"\n', "is no field"),
    ],
)
def test_a_table_that_cannot_be_read_says_why(tmp_path: Path, name: str, text: str, words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        lexicon_with(tmp_path, name, text)
