"""Projects extend the tables of subjects and drugs."""

from __future__ import annotations

from datetime import date
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


def test_every_shipped_drug_has_a_source_and_a_date() -> None:
    drugs = read_lexicon(Settings(), Path()).drugs
    assert {name for name, drug in drugs.items() if not (drug.source and date.fromisoformat(drug.as_of))} == set()


@pytest.mark.parametrize(
    "name",
    [
        *("ketamine", "esketamine", "psilocybin", "MDMA", "quetiapine", "gabapentin", "pregabalin", "propranolol"),
        *("clonidine", "prazosin", "trazodone", "topiramate", "naltrexone", "semaglutide", "metformin", "testosterone"),
    ],
)
def test_the_commonest_drugs_used_off_label_are_shipped(name: str) -> None:
    assert read_lexicon(Settings(), Path()).drugs[name].source


def test_a_project_notes_what_it_checked(tmp_path: Path) -> None:
    text = DRUGS + 'source = "label of 2030"\nchecked = "read by A. Lee, 2030-01-02"\n'
    assert lexicon_with(tmp_path, "drugs", text).drugs["ketamine"].checked == "read by A. Lee, 2030-01-02"


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
