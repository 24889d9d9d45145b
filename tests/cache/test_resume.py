"""After a change of pages a check from the last snapshot says what a whole one says, whatever was changed."""

from __future__ import annotations

import gc
import json
import random
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import cast
from unittest.mock import Mock

import pytest

from kap_content.cache import blocks, groups, resume, take
from kap_content.cache.asked import Kept
from kap_content.cache.facts import Anchors
from kap_content.cache.found import codecs_by
from kap_content.cache.groups import Grouped, Named, written_groups
from kap_content.cache.lazy import index_type
from kap_content.cache.snapshot import FILE
from kap_content.cli.quick import ground, remember
from kap_content.load import looks
from kap_content.load.whole import open_project
from kap_content.model.project import ClaimGroups, Context, Groups, Index
from kap_content.rules._rule import all_rules
from tests.cache.conftest import Said
from tests.cache.editing import Site, edit_data, edit_else, edit_pages

ALWAYS = "Ketamine always works."
REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def nothing_is_too_fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """The files were written just before: here nobody writes once more in the same tick."""
    monkeypatch.setattr(looks, "_TICK", 0)
    monkeypatch.setattr(looks, "_COARSE_TICK", 0)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], Site]:
    def made(seed: int) -> Site:
        root = tmp_path / "site"
        root.mkdir()
        monkeypatch.chdir(root)
        return Site(root, seed)

    return made


@pytest.fixture
def resumptions(outcomes: Callable[[str], list[bool]]) -> list[bool]:
    """Whether each check in turn that looked for a snapshot could do with it."""
    return outcomes("kap_content.cli.actions.again.resumed")


def every_index() -> list[Index[object]]:
    all_rules()
    indexes = [found for found in gc.get_objects() if isinstance(found, Index)]
    assert len(indexes) > 10
    return indexes


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("seed", range(3))
def test_after_any_change_of_pages_the_same_is_said(
    site: Callable[[int], Site], check: Callable[..., Said], resumptions: list[bool], seed: int, form: str
) -> None:
    made, dice = site(seed), random.Random(seed)
    done: list[str] = []
    for step in range(20):
        command = ("--as-of", made.day, "--format", form)
        assert check(*command) == check(*command, plainly=True), done
        done.append(edit_else(made, dice) if step % 10 == 9 else edit_pages(made, dice))
    assert resumptions.count(False) <= done.count("else")
    assert resumptions.count(True) > 12


@pytest.mark.parametrize("few", [0, 8])
@pytest.mark.parametrize("seed", range(4))
def test_after_any_edit_of_claims_and_entries_the_same_is_said(
    site: Callable[[int], Site],
    check: Callable[..., Said],
    resumptions: list[bool],
    monkeypatch: pytest.MonkeyPatch,
    seed: int,
    few: int,
) -> None:
    monkeypatch.setattr("kap_content.cache.check.FEW", few)
    monkeypatch.setattr(blocks, "_IN_BLOCK", 1 + seed)
    monkeypatch.setattr(groups, "LARGE", 2 + seed * 2)
    made, dice = site(seed), random.Random(seed)
    made.is_linked = bool(seed % 2)
    if seed > 1:
        made.lock()
    made.write()
    done: list[str] = []
    for _ in range(20):
        assert check("--as-of", made.day) == check("--as-of", made.day, plainly=True), done
        done.append(edit_pages(made, dice) if dice.random() < 0.3 else edit_data(made, dice))
    assert resumptions.count(True) > 6
    assert made.is_linked or False not in resumptions


@pytest.mark.parametrize(
    ("question", "is_told"),
    [
        (["pages/a.md"], True),
        (["pages/inner", "claims.yaml"], True),
        (["--statistics"], True),
        (["--format", "markdown"], True),
        (["--fail-on", "warning", "pages/b.md"], True),
        (["pages/a.md", "--format", "json"], False),  # the snapshot knows when anything falls due of all pages only
        (["--select", "WRD"], False),
        (["--verify", "pages/a.md"], False),
    ],
)
def test_whoever_asks_for_less_or_in_another_form_is_told_the_same(
    site: Callable[[int], Site],
    check: Callable[..., Said],
    resumptions: list[bool],
    question: list[str],
    is_told: bool,
) -> None:
    made, dice = site(1), random.Random(1)
    check("--as-of", made.day)
    for edit in (edit_pages, edit_data, edit_pages):
        edit(made, dice)
        assert check("--as-of", made.day, *question) == check("--as-of", made.day, *question, plainly=True)
    assert (True in resumptions) is is_told


@pytest.mark.parametrize("few", [0, 8])
@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("seed", range(3))
def test_on_any_other_day_the_same_is_said(
    site: Callable[[int], Site],
    check: Callable[..., Said],
    resumptions: list[bool],
    monkeypatch: pytest.MonkeyPatch,
    seed: int,
    form: str,
    few: int,
) -> None:
    monkeypatch.setattr("kap_content.cache.check.FEW", few)
    made, dice, day = site(seed), random.Random(seed), date(2026, 11, 22)
    if seed:
        made.lock()
        made.write()
    done: list[str] = []
    for _ in range(14):
        command = ("--as-of", day.isoformat(), "--format", form)
        assert check(*command) == check(*command, plainly=True), done
        day += timedelta(days=dice.choice((1, 1, 1, 2, 30, 30, 300, -1)))
        done.append(f"{day}, {edit_pages(made, dice) if dice.random() < 0.3 else 'nothing changed'}")
    # In JSON, when something falls due next is looked for anew once it has.
    assert resumptions.count(True) > (3 if form == "json" else 7)


def test_on_a_later_day_no_page_is_read_of_which_the_same_is_found(
    site: Callable[[int], Site], check: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kap_content.cache.check.FEW", 0)
    site(1)
    check("--as-of", "2026-11-22")
    expected = {day: check("--as-of", day, plainly=True) for day in ("2026-11-23", "2026-12-27")}
    opened: list[str] = []
    read = resume.read_inside
    monkeypatch.setattr("kap_content.cli.session.opened", None)  # the project is not read as a whole
    monkeypatch.setattr(
        resume, "read_inside", lambda root, path, **more: (opened.append(path), read(root, path, **more))[1]
    )
    assert check("--as-of", "2026-11-23") == expected["2026-11-23"]
    assert opened == []
    assert check("--as-of", "2026-12-27") == expected["2026-12-27"]
    pages = sorted(path for path in opened if path.endswith(".md"))
    assert pages == ["pages/a.md", "pages/b.md", "pages/inner/c.md"]  # they were to be reviewed by 26 December


def used(context: Context) -> Mapping[str, bool]:
    return {name: name in context.uses for name in context.claims}


def overdue(context: Context) -> Mapping[str, bool]:
    return {name: claim.next_review_due == context.as_of for name, claim in context.claims.items()}


def worded(context: Context) -> Mapping[str, str]:
    return {claim.match_text: name for name, claim in context.claims.items()}


@pytest.mark.parametrize(("make", "is_fit"), [(used, False), (overdue, False), (worded, True)])
def test_where_an_index_that_was_made_is_of_pages_or_the_day_there_is_no_snapshot(
    make: Callable[[Context], Mapping[str, object]], is_fit: bool
) -> None:
    project = open_project(REPOSITORY)
    context = Context.of(project, date(2026, 11, 22))
    kept = Kept(project, ())
    assert take.is_fit(context, kept)
    context.index(Index(make))
    assert take.is_fit(context, kept) is is_fit


def test_nothing_but_the_changed_page_is_read(
    site: Callable[[int], Site], check: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = site(1)
    check()
    made.pages["a"].append(ALWAYS)
    made.write()
    expected = check(plainly=True)

    def refuse(*_details: object) -> None:
        raise AssertionError("the project is read as a whole")

    opened: list[str] = []
    read = resume.read_inside
    monkeypatch.setattr("kap_content.cli.session.opened", refuse)
    monkeypatch.setattr(
        resume, "read_inside", lambda root, path, **more: (opened.append(path), read(root, path, **more))[1]
    )
    assert check() == expected
    assert [path for path in opened if path.endswith(".md")] == ["pages/a.md"]


@pytest.mark.parametrize(
    "change",
    [
        lambda site: (site.pages.pop("a"), site.write()),
        lambda site: (site.pages.update(d=[ALWAYS]), site.write()),
        lambda site: (setattr(site, "above", 2), site.write()),
        lambda site: (site.references.pop(), site.write()),
        lambda site: (site.write(), (site.root / "kap.toml").write_text("[rules]\nignore = ['WRD']\n", "utf-8")),
        lambda site: (site.write(), (site.root / "pages/a.md").write_bytes(b"\xff")),
        lambda site: (site.write(), (site.root / "pages/a.md").unlink()),
    ],
    ids=["a page less", "a page more", "above the claims", "an entry", "settings", "no text", "a page deleted"],
)
def test_whatever_else_has_changed_the_whole_project_is_checked(
    site: Callable[[int], Site], check: Callable[..., Said], resumptions: list[bool], change: Callable[[Site], object]
) -> None:
    made = site(1)
    check()
    made.pages["b"].append(ALWAYS)
    change(made)
    assert check() == check(plainly=True)
    assert True not in resumptions


def test_an_entry_is_not_read_by_itself_where_a_file_of_macros_alone_says_what_it_means(
    site: Callable[[int], Site], check: Callable[..., Said], resumptions: list[bool]
) -> None:
    made = site(1)
    made.is_linked = False
    (made.root / "kap.toml").write_text('bibliography = ["macros.bib", "references.bib"]\n', "utf-8")
    (made.root / "macros.bib").write_text("@string{jan = {Not the month}}\n", "utf-8")
    made.write()
    check()
    made.references[0] = (made.references[0][0], "2013")
    made.write()
    assert check() == check(plainly=True)
    assert True not in resumptions


@pytest.mark.parametrize("twice", ["claim", "entry"])
def test_where_a_name_repeats_there_is_no_snapshot(
    site: Callable[[int], Site], check: Callable[..., Said], twice: str
) -> None:
    made = site(1)
    if twice == "claim":
        made.claims.append(made.claims[0])
    else:
        made.references.append(made.references[0])
    made.write()
    check()
    assert not (made.root / ".kap_cache" / FILE).exists()


def test_of_a_damaged_snapshot_nothing_is_believed(site: Callable[[int], Site], check: Callable[..., Said]) -> None:
    made, dice = site(2), random.Random(2)
    file = made.root / ".kap_cache" / FILE
    for _ in range(12):
        check()
        data = bytearray(file.read_bytes())
        for _ in range(dice.choice((1, 5, 200))):
            data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
        file.write_bytes(data[: dice.choice((len(data), len(data), len(data) // 2))])
        edit_pages(made, dice)
        assert check() == check(plainly=True)


def test_a_snapshot_that_another_run_changed_is_left_alone(
    site: Callable[[int], Site], check: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two runs begin from one snapshot, and each sees another change: the later must not build on the other's."""
    made, dice = site(3), random.Random(3)
    check()
    keep = remember.Memory.keep

    def late(memory: remember.Memory, code: int) -> None:
        monkeypatch.setattr(remember.Memory, "keep", keep)
        edit_pages(made, dice)
        check()
        keep(memory, code)

    edit_pages(made, dice)
    monkeypatch.setattr(remember.Memory, "keep", late)
    check()
    for _ in range(4):
        edit_pages(made, dice)
        assert check() == check(plainly=True)


@pytest.mark.parametrize("large", [groups.LARGE, 2])
def test_every_index_of_data_can_be_kept_and_read_back(large: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """An index whose entries no codec knows would make each snapshot fail."""
    monkeypatch.setattr(groups, "LARGE", large)
    context = Context.of(open_project(REPOSITORY), date(2026, 11, 22))
    codecs = codecs_by(Anchors(context))
    for index in every_index():
        entries = context.index(index)
        if isinstance(index, Groups):
            held = {
                kind: {name: json.loads(given) for name, given in entries}
                for kind, entries in written_groups(index, context).items()
            }
            snapshot = Mock(
                thing=lambda kind, name, held=held: held[kind][name], things=lambda kind, held=held: held[kind].items()
            )
            things = context.claims if isinstance(index, ClaimGroups) else context.references
            assert dict(Grouped(snapshot, index, cast("Named[object]", things))) == entries
        elif isinstance(entries, dict):
            codec = codecs.of(index_type(index))
            assert {name: codec.read(json.loads(json.dumps(codec.write(entries[name])))) for name in entries} == entries


@pytest.mark.parametrize(
    ("before", "now", "found"),
    [
        ("/p/pages\0a.md//1/1/1/1\0b.md//1/1/1/1", "/p/pages\0a.md//1/1/1/1\0b.md//2/2/1/1", ["pages/b.md"]),
        (
            "/p/pages\0a.md//1/1/1/1\0/p/pages/in\0c.md//1/1/1/1",
            "/p/pages\0a.md//1/1/1/1\0/p/pages/in\0c.md//2/2/2/2",
            ["pages/in/c.md"],
        ),
        ("\0/p/claims.yaml//1/1/1/1", "\0/p/claims.yaml//2/2/1/1", ["claims.yaml"]),
        ("/p/pages\0a.md//1/1/1/1", "/p/pages\0a.md//1/1/1/1", []),
        ("/p/pages\0a.md//1/1/1/1", "/p/pages\0b.md//1/1/1/1", None),
        ("/p/pages\0a.md//1/1/1/1", "/p/pages\0a.md//1/1/1/1\0b.md//1/1/1/1", None),
        ("\0/p/lock//absent", "\0/p/lock//1/1/1/1", None),
        ("\0/p/lock//1/1/1/1", "\0/p/lock//absent", None),
        ("/tool\0a.py//1/1/1/1", "/tool\0a.py//2/2/2/2", None),
        ("/p/pages\0a.md//1/1/1/1", "/p/pages//absent\0a.md//1/1/1/1", None),
    ],
)
def test_what_looks_otherwise_is_told_from_what_came_and_went(before: str, now: str, found: list[str] | None) -> None:
    assert ground.changed_files("/p", before, now) == found


def test_damage_that_even_the_database_cannot_put_in_words_is_damage(
    site: Callable[[int], Site], check: Callable[..., Said]
) -> None:
    """The message quotes what is damaged, which is no text."""
    made, dice = site(2), random.Random(2)
    check()
    file = made.root / ".kap_cache" / FILE
    data = file.read_bytes()
    assert b"CREATE TABLE buckets" in data
    file.write_bytes(data.replace(b"CREATE TABLE buckets", b"CREATE TA\xceLE buckets"))
    edit_pages(made, dice)
    assert check() == check(plainly=True)
