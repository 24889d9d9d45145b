"""What `kap render` writes and says is the same with what earlier runs kept and without, whatever was changed."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kap_content.cache.snapshot import FILE as SNAPSHOT
from kap_content.checking.gate import Concerns
from kap_content.cli import run
from kap_content.load import looks
from kap_content.load.inside import CACHE
from kap_content.rendering import making
from kap_content.rendering.kept import FILE, Kept
from tests.cache.conftest import Said
from tests.cache.editing import WORDINGS, Site

LENIENT = (
    "REF001",
    "REF002",
    "CLM003",
    "CLM008",
    "CLM009",
    "REF004",
    "REF006",
    "EVD001",
    "EVD003",
    "EVD005",
    "SUP001",
    "STS001",
    "DOI002",
    "DOI003",
)
SETTINGS = "[rules]\nignore = ['DSC', 'CLM001', 'CLM004', 'CUR001', 'WRD']\n[rules.severity]\n" + "".join(
    f"{code} = 'warning'\n" for code in LENIENT
)
"""So many pages pass; an unknown claim or reference holds a page back."""
Render = Callable[..., Said]


class Passing(Site):
    """Most of its pages pass: they state claims by their ids, and cite what is there."""

    def _part(self) -> str:
        dice = self.dice
        match dice.randrange(12):
            case 0:
                return super()._part()
            case 1:
                cited = f"[@ref{dice.randrange(4)}]"
                return f'::: {{.figure kind=bars src="points.csv" title="Ratings"}}\nRatings {cited}\n:::'
            case 2 | 3 | 4 | 5:
                return f"[]{{claim=C-{dice.randrange(4)}}}"
            case 6:
                return "[Another](b.md#top), and [a third](inner/c.md)."
            case _:
                return f"Is it safe [@ref{dice.randrange(4)}]? And is {dice.randrange(9)} more?"


class Twins:
    """Two projects that are edited alike: one is rendered with what earlier runs kept, the other without."""

    def __init__(self, folder: Path, seed: int, render: Callable[[Path, bool, list[str]], Said]) -> None:
        roots = folder / "kept", folder / "anew"
        for root in roots:
            root.mkdir()
        self.sites = [Passing(root, seed) for root in roots]
        for root in roots:
            (root / "kap.toml").write_text(SETTINGS, "utf-8")
        self.dice = random.Random(seed)
        self.render = render
        self.done: list[str] = []

    @property
    def root(self) -> Path:
        return self.sites[0].root

    def edit(self, how: Callable[[Site, random.Random], str]) -> None:
        """Change both alike."""
        seed = self.dice.random()
        self.done += [how(site, random.Random(seed)) for site in self.sites][:1]

    def rendered(self, *arguments: str) -> Said:
        """Render both, and see that the same was said and is there."""
        words = ["--as-of", self.sites[0].day, *arguments]
        kept, anew = (self.render(site.root, site is self.sites[1], words) for site in self.sites)
        assert kept == anew, self.done
        first, other = (tree(site.root / "site") for site in self.sites)
        assert first == other, self.done
        return kept


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(autouse=True)
def nothing_is_too_fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """The files were written just before: here nobody writes once more in the same tick."""
    monkeypatch.setattr(looks, "_TICK", 0)
    monkeypatch.setattr(looks, "_COARSE_TICK", 0)


@pytest.fixture
def twins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[[int], Twins]:
    def render(root: Path, plainly: bool, arguments: list[str]) -> Said:
        with monkeypatch.context() as patch:
            patch.chdir(root)
            if plainly:
                patch.setenv("KAP_NO_CACHE", "1")
            code = run(["render", *arguments])
        said = capsys.readouterr()
        assert "fault" not in said.err
        return code, said.out, said.err

    return lambda seed: Twins(tmp_path, seed, render)


@pytest.fixture
def standing(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pages that are left alone without being read."""
    found: list[str] = []
    real = making.Site.standing

    def watched(site: making.Site, path: str, *rest: object) -> object:
        part = real(site, path, *rest)  # type: ignore[arg-type]  # passed on as it came
        found.extend([path] if part else [])
        return part

    monkeypatch.setattr(making.Site, "standing", watched)
    return found


@pytest.fixture
def resumptions(outcomes: Callable[[str], list[bool]]) -> list[bool]:
    """Whether each run in turn that looked for a snapshot could do with it."""
    return outcomes("kap_content.cli.actions.again.resumed")


def outputs(site: Site) -> list[Path]:
    return sorted(path for path in (site.root / "site").rglob("*") if path.is_file())


def tamper(site: Site, dice: random.Random) -> str:
    """Do to the output what people do."""
    there = outputs(site)
    if not there:
        return "no output"
    file = dice.choice(there)
    match dice.randrange(5):
        case 0:
            file.unlink()
        case 1:  # of the same size, and with its old time put back
            status = file.stat()
            file.write_bytes(file.read_bytes()[::-1])
            os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
        case 2:
            (file.parent / "more.txt").write_text("mine", "utf-8")
        case 3:
            shutil.rmtree(file.parent if file.parent != site.root / "site" else there[-1].parent)
        case _:
            fresh = file.with_name("fresh")
            shutil.copyfile(file, fresh)
            fresh.replace(file)
    return f"output {file.name}"


def edit_page(site: Site, dice: random.Random) -> str:
    name = dice.choice(sorted(site.pages))
    parts = site.pages[name]
    parts[dice.randrange(len(parts))] = site._part()
    site.write()
    return f"page {name}"


def edit_anything(site: Site, dice: random.Random) -> str:
    change = site.edit()
    if change == "settings":
        more = dice.choice(("", "[render]\nbase_url = 'https://a.example'\n", "source_max_age_years = 8\n"))
        (site.root / "kap.toml").write_text(more + SETTINGS if "source" in more else SETTINGS + more, "utf-8")
    return change


def arguments(dice: random.Random) -> tuple[str, ...]:
    return dice.choice(((), (), (), ("--draft",), ("--fragment",), ("--release",), ("pages/a.md",)))


@pytest.mark.parametrize("seed", range(3))
def test_after_any_change_the_same_is_rendered(
    twins: Callable[[int], Twins], standing: list[str], resumptions: list[bool], seed: int
) -> None:
    both = twins(seed)
    for step in range(20):
        both.rendered(*arguments(both.dice))
        both.edit(edit_anything if step % 5 == 4 else tamper if step % 3 == 2 else edit_page)
    assert resumptions.count(True) > 5
    assert len(standing) > 2


def test_of_a_changed_claim_only_the_pages_are_read_that_state_it(
    twins: Callable[[int], Twins], standing: list[str]
) -> None:
    both = twins(2)
    for site in both.sites:
        site.claims = [(f"C-{number}", WORDINGS[number], "approved", f"ref{number}") for number in range(4)]
        site.pages = {"a": ["[]{claim=C-0}"], "b": ["[]{claim=C-1}"], "c": ["Is it safe?"]}
        site.write()
    both.rendered()
    both.rendered()
    for claim, others in ((0, ["b", "c"]), (1, ["a", "c"]), (2, ["a", "b", "c"])):
        for site in both.sites:
            site.claims[claim] = (f"C-{claim}", WORDINGS[claim], "draft", f"ref{claim}")
            site.write()
        standing.clear()
        both.rendered()
        assert standing == [f"pages/{name}.md" for name in others]


@pytest.mark.parametrize("seed", range(2))
def test_nothing_of_a_damaged_file_is_believed(twins: Callable[[int], Twins], seed: int) -> None:
    both, dice = twins(seed), random.Random(seed)
    for _ in range(8):
        both.rendered()
        file = both.root / CACHE / dice.choice((FILE, SNAPSHOT))
        if not file.exists():  # deleted by the last run, which found it damaged
            continue
        data = bytearray(file.read_bytes())
        for _ in range(dice.choice((1, 5, 200))):
            data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
        file.write_bytes(data[: dice.choice((len(data), len(data), len(data) // 2))])
        both.edit(dice.choice((edit_page, tamper)))


def test_a_run_that_is_ended_halfway_leaves_nothing_wrong(
    twins: Callable[[int], Twins], monkeypatch: pytest.MonkeyPatch
) -> None:
    both = twins(1)
    real = making.write_folder
    for left in (0, 1, 2, 1):
        both.edit(edit_page)
        both.edit(edit_page)
        both.edit(tamper)
        with monkeypatch.context() as patch:
            written: list[Path] = []

            def ended(folder: Path, *rest: Any, written: list[Path] = written, left: int = left) -> bool:
                if len(written) == left:
                    raise SystemExit(137)
                written.append(folder)
                return real(folder, *rest)

            patch.setattr(making, "write_folder", ended)
            patch.setattr(Kept, "save", lambda _kept: None)
            for site in both.sites:
                written.clear()
                both.render(site.root, site is both.sites[1], ["--as-of", site.day])
        both.rendered()


def test_a_page_that_is_written_while_it_is_checked_is_not_rendered_unchecked(
    twins: Callable[[int], Twins], monkeypatch: pytest.MonkeyPatch, standing: list[str]
) -> None:
    """It would be read a second time only now: its folder was deleted, and the check rests on a snapshot."""
    both = twins(2)
    for site in both.sites:
        site.pages = {"a": ["Is it safe?"], "b": ["Is it?"]}
        site.write()
    both.rendered()
    both.rendered()
    assert standing == ["pages/a.md", "pages/b.md"]
    page = both.root / standing[0]
    shutil.rmtree(both.root / "site" / page.relative_to(both.root / "pages").with_suffix(""))
    real = making.Site.standing

    def saved_meanwhile(site: making.Site, path: str, concerns: Concerns) -> object:
        if path == standing[0]:
            page.write_text(page.read_text("utf-8") + "\n[]{claim=UNKNOWN}\n", "utf-8")
        return real(site, path, concerns)

    monkeypatch.setattr(making.Site, "standing", saved_meanwhile)
    code, _, said = both.render(both.root, False, ["--as-of", both.sites[0].day])
    assert code == 2
    assert "was changed while it was checked" in said
