from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from kap_content.load.lexicon import WORDS, read_lexicon, read_terms, shipped_list
from kap_content.load.settings import read_settings
from kap_content.model.errors import SettingsError
from kap_content.model.lexicon import Lexicon, Term

NAME = min(path.stem for path in WORDS.glob("*.toml"))


def lexicon(root: Path, words: str, **files: str) -> Lexicon:
    (root / "kap.toml").write_text(f"[words]\n{words}\n", encoding="utf-8")
    for name, text in files.items():
        (root / name.replace("_", ".")).write_text(text, encoding="utf-8")
    return read_lexicon(read_settings(root, {}), root)


@pytest.mark.parametrize("path", sorted(WORDS.glob("*.toml")), ids=lambda path: path.stem)
def test_every_shipped_list_can_be_read_and_repeats_nothing(path: Path) -> None:
    phrases = [term.phrase for term in shipped_list(path.stem)]
    assert phrases
    assert len(set(phrases)) == len(phrases)


def test_terms_take_the_lists_reason_unless_they_have_their_own() -> None:
    source = 'reason = "absolute"\nterms = ["always", {phrase = "cure", reason = "a promise", suggestion = "treat"}]\n'
    assert read_terms("words.toml", source) == (Term("always", "absolute"), Term("cure", "a promise", "treat"))


def test_a_text_file_holds_a_phrase_a_line() -> None:
    assert read_terms("words.txt", "# ours\nwholly\n\nonce and for all  # never\n") == (
        Term("wholly"),
        Term("once and for all"),
    )


def test_a_project_adds_words(tmp_path: Path) -> None:
    terms = lexicon(tmp_path, f'{NAME} = ["wholly"]').terms(NAME)
    assert terms == (*shipped_list(NAME), Term("wholly"))


def test_a_project_adds_a_file(tmp_path: Path) -> None:
    terms = lexicon(tmp_path, f'{NAME} = "own.txt"', own_txt="wholly\n").terms(NAME)
    assert terms[-1] == Term("wholly")


def test_a_project_replaces_a_list(tmp_path: Path) -> None:
    assert lexicon(tmp_path, f'{NAME} = {{words = ["wholly"], replace = true}}').terms(NAME) == (Term("wholly"),)


def test_a_list_that_nobody_ships_is_refused_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="there is no word list “qqq”") as caught:
        lexicon(tmp_path, 'qqq = ["wholly"]')
    assert caught.value.place is not None
    assert caught.value.place.line == 2


@pytest.mark.parametrize("file", ["none.txt", "../out.txt"])
def test_a_word_file_must_be_there_and_inside(tmp_path: Path, file: str) -> None:
    with pytest.raises(SettingsError):
        lexicon(tmp_path, f'{NAME} = "{file}"')


def test_a_fault_in_a_word_file_is_placed_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        lexicon(tmp_path, f'{NAME} = "own.toml"', own_toml='terms = ["a"]\nreasons = "x"\n')
    assert str(caught.value).startswith("own.toml:2:1: “reasons” is no field of a word list")


def test_an_unknown_name_is_a_key_error_never_an_empty_list(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        lexicon(tmp_path, "").terms("qqq")


def test_a_lexicon_can_be_sent_to_another_process(tmp_path: Path) -> None:
    sent = pickle.loads(pickle.dumps(lexicon(tmp_path, f'{NAME} = ["wholly"]')))
    assert sent.terms(NAME)[-1] == Term("wholly")
