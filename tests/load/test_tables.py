"""Projects extend the tables of subjects and drugs."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kap_content.load.lexicon import read_lexicon
from kap_content.load.settings import read_settings
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
        ("drugs", "drugs = [", "own.toml:1:10: this is not TOML"),
        ("drugs", '[[drugs]]\nname = "x"\napproved = []\n', "own.toml:1:3: the drug has no “as_of”"),
        ("drugs", f"{DRUGS}{DRUGS}as_off = 1\n", "own.toml:11:1: “as_off” is no field of a drug"),
        (
            "drugs",
            '[[drugs]]\nname = "x"\napproved = []\nas_of = "2026-13-45"\n',
            "own.toml:4:9: “as_of” is 2026-13-45",
        ),
        ("subjects", '[[subjects]]\nname = "x"\nkind = "plant"\n', "own.toml:3:8: “kind” wants one of intervention"),
        (
            "subjects",
            '[[subjects]]\nname = "x"\nkind = "condition"\nterms = "y"\n',
            "own.toml:4:9: “terms” wants a list",
        ),
        ("subjects", '[[subject]]\nname = "x"\nkind = "condition"\n', "own.toml:1:3: “subject” is no field"),
        ("subjects", "", "own.toml:1:1: the table of subjects has no “subjects”"),
    ],
)
def test_a_table_that_cannot_be_read_says_where_and_why(tmp_path: Path, name: str, text: str, words: str) -> None:
    with pytest.raises(SettingsError) as caught:
        lexicon_with(tmp_path, name, text)
    assert f"{caught.value.place}: {caught.value.message}".startswith(words)


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ('[[words.subjects]]\nname = "moonwort"\nkind = "intervention"\n', "kap.toml:1:3"),
        ('[words]\nsubjects = [{name = "moonwort", kind = "intervention"}]\n', "kap.toml:2:13"),
        ('[words]\nsubjects = ["moonwort"]\n', "kap.toml:2:1"),
        ('[words]\nsubjects = {file = "own.toml", replace = true}\n', "kap.toml:2:1"),
    ],
)
def test_entries_of_a_table_in_the_settings_are_refused_with_what_to_write(
    tmp_path: Path, written: str, place: str
) -> None:
    (tmp_path / "kap.toml").write_text(written, "utf-8")
    (tmp_path / "own.toml").write_text(SUBJECTS, "utf-8")
    with pytest.raises(SettingsError) as caught:
        read_lexicon(read_settings(tmp_path, {}), tmp_path)
    assert str(caught.value.place) == place
    assert 'each under a line [[subjects]], and name it: subjects = "our-subjects.toml"' in caught.value.help


def test_terms_with_fields_in_the_settings_are_refused_with_what_to_write(tmp_path: Path) -> None:
    (tmp_path / "kap.toml").write_text('[words]\nabsolutes = ["wholly", {phrase = "utterly"}]\n', "utf-8")
    with pytest.raises(SettingsError) as caught:
        read_settings(tmp_path, {})
    assert caught.value.help == 'Such terms go into a file: absolutes = "our-absolutes.toml".'
