"""Every code block of the documents is run, or read by what reads such files; one that cannot be says why."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest
import yaml

from kap_content.load.claims import parse_claims
from kap_content.load.figure.data import read_figure_data
from kap_content.load.lexicon import read_terms
from kap_content.load.lock import parse_lock
from kap_content.load.page import parse_page
from kap_content.load.settings import read_settings
from kap_content.load.tables import read_drugs, read_subjects
from kap_content.load.text import Text
from tests.cli.test_lock import glue
from tests.content.blocks import PAGES, ROOT, Block, Command, all_blocks, blocks_of, commands_of
from tests.hooks.conftest import BIN, environment
from tests.registry.answers import SERVICES
from tests.registry.server import Registry
from tests.registry.world import article

TESTED = {"console", "python", "toml", "yaml", "json", "markdown", "csv", "text", "{include}", "{toctree}"}
TESTED |= {"lua", "elisp"}  # in the editors that they set up: tests/lsp/test_editors.py
SHOWN = [page for page in PAGES if any(block.language == "console" and not block.not_run for block in blocks_of(page))]
MARK = "\x1eended with "


def test_every_block_says_what_it_is() -> None:
    # The examples of the rules page are parts of rules' docstrings, which have cases of their own.
    unknown = [str(b) for page in PAGES if page.name != "rules.md" for b in blocks_of(page) if b.language not in TESTED]
    assert unknown == []


@pytest.fixture
def registry() -> Iterator[Registry]:
    with Registry(limited=False) as server:
        server.world.add_crossref(glue())
        server.world.add_pubmed(article("29561204", "10.1177/0269881118762073"))
        yield server


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """A copy of the repository as git has it, committed, in which `make build` has been run."""
    folder = tmp_path / "kap-content"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file() and not name.startswith(("tests/", "benchmarks/")):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
    (folder / ".venv").symlink_to(sys.prefix)
    home = tmp_path / "home"
    home.mkdir()
    (home / "gitconfig").write_text(
        "[user]\n name = An editor\n email = editor@example.org\n[init]\n defaultBranch = main\n", "utf-8"
    )
    for command in (("init", "-q"), ("add", "--all"), ("commit", "-q", "-m", "As it was cloned")):
        subprocess.run(["git", *command], cwd=folder, env=environment(home), check=True, capture_output=True)
    return folder


@pytest.mark.parametrize("page", SHOWN, ids=lambda page: page.name)
def test_the_commands_of_a_document_do_what_it_shows_one_after_another(
    page: Path, fresh: Path, registry: Registry
) -> None:
    blocks = [block for block in blocks_of(page) if block.language == "console" and not block.not_run]
    commands = [(block, command) for block in blocks for command in commands_of(block)]
    script = "".join(f"{command.line}\necho '{MARK}'$?\n" for _, command in commands)
    services = SERVICES
    asked = {f"KAP_{name.upper()}_URL": f"{registry.url}/{name}" for name in services}
    asked |= {"http_proxy": "", "https_proxy": ""}
    run = subprocess.run(
        ["bash", "-c", script],
        cwd=fresh,
        env=environment(fresh.parent / "home") | asked,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        encoding="utf-8",
        timeout=600,  # for a command that never ends; a busy machine is far from it
        check=False,
    )
    parts = run.stdout.split(MARK)
    assert len(parts) == len(commands) + 1, run.stdout[-3000:]
    code = ""
    for (block, command), before, after in zip(commands, parts[:-1], parts[1:], strict=True):
        printed = before.removeprefix(code).strip("\n")
        code = after.split("\n", 1)[0]
        assert code in ("0", "1"), f"{block}: {command.line} ended with {code}:\n{printed}"
        assert missing(command, printed) == [], f"{block}: {command.line} printed:\n{printed}"


def missing(command: Command, printed: str) -> list[str]:
    """The lines of the shown output that were not printed, in this order. “…” stands for whatever is left out."""
    lines = iter([line.strip() for line in printed.splitlines()])
    wanted = [line.strip() for line in command.output if line.strip() not in ("…", "")]
    patterns = [re.compile(".*".join(map(re.escape, line.split("…"))) + "$") for line in wanted]
    return [line for line, pattern in zip(wanted, patterns, strict=True) if not any(map(pattern.match, lines))]


@pytest.mark.parametrize("block", all_blocks("toml"), ids=str)
def test_settings_lists_and_tables_are_read_by_what_reads_them(block: Block, tmp_path: Path) -> None:
    if block.text.startswith("# a word list"):
        assert read_terms("ours.toml", block.text)
        return
    table = next((name for name in ("drugs", "subjects") if block.text.startswith(f"# a table of {name}")), "")
    if table:
        read = {"drugs": read_drugs, "subjects": read_subjects}[table]
        assert read(f"our-{table}.toml", block.text)
        return
    (tmp_path / "kap.toml").write_text(block.text, "utf-8")
    read_settings(tmp_path, {})


@pytest.mark.parametrize("block", all_blocks("yaml"), ids=str)
def test_claims_and_hooks_are_read_by_what_reads_them(block: Block, tmp_path: Path) -> None:
    if block.text.startswith("repos:"):
        config = tmp_path / "config.yaml"
        config.write_text(block.text, "utf-8")
        subprocess.run([BIN / "pre-commit", "validate-config", config], check=True, capture_output=True)
        return
    source = block.text if block.text.startswith("version:") else f"version: 1\nclaims:\n{block.text}"
    claims, problems = parse_claims("claims.yaml", source)
    assert problems == ()
    assert claims
    assert yaml.safe_load(source)


@pytest.mark.parametrize("block", all_blocks("markdown"), ids=str)
def test_pages_are_read_without_a_problem(block: Block) -> None:
    text = f"{block.text}\nA comment covers the block below it.\n"
    assert parse_page("page.md", text).problems == ()


@pytest.mark.parametrize("block", [block for block in all_blocks("json") if not block.not_run], ids=str)
def test_reports_follow_their_schema_and_locks_are_read(block: Block) -> None:
    if not block.text.startswith("{"):
        text = f'{{"records": {{}}, {block.text.replace("...", "0" * 64)}, "version": 1}}'
        lock, problems = parse_lock("references.lock", text)
        assert problems == ()
        assert lock.quotes
        return
    schema = json.loads((ROOT / "kap_content" / "report" / "report.schema.json").read_text("utf-8"))
    jsonschema.validate(json.loads(block.text), schema)


@pytest.mark.parametrize("block", all_blocks("csv"), ids=str)
def test_a_figure_is_drawn_from_the_data_shown(block: Block) -> None:
    figure = next(other for other in blocks_of(block.page) if ".figure" in other.text)
    page = parse_page("page.md", figure.text)
    data, problems = read_figure_data((page,), lambda _path: Text(block.text))
    assert problems == ()
    assert data


@pytest.mark.parametrize("block", all_blocks("text"), ids=str)
def test_output_that_is_shown_is_what_the_example_gives(block: Block) -> None:
    example = ROOT / "examples" / "before"
    run = subprocess.run(
        [sys.executable, "-m", "kap_content", "check", "--as-of", "2026-11-22", "--no-cache"],
        cwd=example,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert missing(Command("kap check", tuple(block.text.splitlines())), run.stdout) == []


def test_python_blocks_run_one_after_another_in_a_new_project(tmp_path: Path) -> None:
    blocks = [block.text for block in all_blocks("python")]
    assert {block.page.name for block in all_blocks("python")} == {"api.md"}
    init = [sys.executable, "-m", "kap_content", "init", "--as-of", "2026-11-22", str(tmp_path)]
    subprocess.run(init, check=True, capture_output=True, cwd=tmp_path)
    script = tmp_path / "blocks.py"
    script.write_text("\n".join(blocks), "utf-8")
    run = subprocess.run(
        [sys.executable, "-W", "error", script], capture_output=True, cwd=tmp_path, encoding="utf-8", check=False
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert "rendered public" in run.stdout
    assert "there is no project here" in run.stdout
