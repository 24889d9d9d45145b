"""After a change of pages a check from the last snapshot says what a whole one says, whatever was changed."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from kap_content.cache import resume
from kap_content.cache.snapshot import FILE
from kap_content.cli import run
from kap_content.cli.quick import remember
from tests.cache.editing import SENTENCES, SUPPRESSIONS, Site

Said = tuple[int, str, str]

ALWAYS = "Ketamine always works."


@pytest.fixture(autouse=True)
def nothing_is_too_fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """The files were written just before: here nobody writes once more in the same tick."""
    monkeypatch.setattr(remember, "_TICK", 0)
    monkeypatch.setattr(remember, "_COARSE_TICK", 0)


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Said]:
    def typed(*arguments: str, plainly: bool = False) -> Said:
        with monkeypatch.context() as patch:
            if plainly:
                patch.setenv("KAP_NO_CACHE", "1")
            code = run(["check", *arguments])
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err
        return code, captured.out, captured.err

    return typed


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], Site]:
    def made(seed: int) -> Site:
        root = tmp_path / "site"
        root.mkdir()
        monkeypatch.chdir(root)
        return Site(root, seed)

    for name in [name for name in os.environ if name.startswith("KAP_") and name != "KAP_SHARED"]:
        monkeypatch.delenv(name)
    return made


@pytest.fixture
def resumptions(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each check in turn that looked for a snapshot could do with it."""
    ended: list[bool] = []
    whole = resume.resumed

    def watched(*details: object) -> object:
        again = whole(*details)  # type: ignore[arg-type]
        ended.append(again is not None)
        return again

    monkeypatch.setattr("kap_content.cli.actions.again.resumed", watched)
    return ended


def edit_pages(site: Site, dice: random.Random) -> str:
    """Change the text of one page or several: every part of it may come, go and move."""
    names = dice.sample(sorted(site.pages), dice.choice((1, 1, 1, 2)))
    for name in names:
        parts = site.pages[name]
        match dice.randrange(5):
            case 0:
                parts.insert(dice.randrange(len(parts) + 1), site._part())  # noqa: SLF001
            case 1 if len(parts) > 1:
                del parts[dice.randrange(len(parts))]
            case 2:
                dice.shuffle(parts)
            case 3:
                parts.insert(0, dice.choice(SENTENCES))
            case _:
                parts[dice.randrange(len(parts))] = site._part()  # noqa: SLF001
    site.write()
    return f"pages {names}"


def edit_else(site: Site, dice: random.Random) -> str:
    match dice.randrange(5):
        case 0:
            site.lock()
        case 1:
            site.points = dice.randrange(9, 12)
        case 2:
            site.decide()
        case 3:
            site.above = dice.randrange(4)
        case _:
            (site.root / "kap.toml").write_text(dice.choice(("", "[rules]\nignore = ['CLM001']\n")), "utf-8")
    site.write()
    return "else"


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("seed", range(4))
def test_after_any_change_of_pages_the_same_is_said(
    site: Callable[[int], Site], check: Callable[..., Said], resumptions: list[bool], seed: int, form: str
) -> None:
    made, dice = site(seed), random.Random(seed)
    done: list[str] = []
    for step in range(30):
        command = ("--as-of", made.day, "--format", form)
        assert check(*command) == check(*command, plainly=True), done
        done.append(edit_else(made, dice) if step % 10 == 9 else edit_pages(made, dice))
    assert all(resumptions)
    assert len(resumptions) > 20
