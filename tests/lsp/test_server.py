"""The language server as an editor meets it: a process, spoken to over its standard input and output."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any

import pytest

from kap_content.cli.actions.language_server import serve_editor
from kap_content.model.errors import UsageError

PAGE = "---\ntitle: Rooms\n---\n\n[We have five rooms.]{claim=ROOM-1} \U0001f600 [We have four rooms.]{claim=ROM-1}\n"
CLAIM = """version: 1
claims:
  - id: ROOM-1
    match_text: We have four rooms.
    category: service
    status: approved
    next_review_due: 2028-01-01
"""
BIB = "@article{glue2018, author={Glue, Paul}, title={Ketamine}, journal={J Psychopharmacol}, year={2018}}\n"


class Client:
    """The least of an editor: requests wait for their answers, diagnostics for the next ones of a file."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "kap_content", "lsp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder
        )
        self.received: Queue[dict[str, Any]] = Queue()
        self.number = 0
        self.reader = Thread(target=self._read, daemon=True)
        self.reader.start()
        self.capabilities = self.ask(
            "initialize", processId=None, rootUri=folder.as_uri(), capabilities={"general": {"positionEncodings": []}}
        )["capabilities"]
        self.tell("initialized")

    def _read(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        while header := stream.readline():
            length = 0
            while header.strip():
                if header.lower().startswith(b"content-length:"):
                    length = int(header.split(b":")[1])
                header = stream.readline()
            self.received.put(json.loads(stream.read(length)))

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def tell(self, method: str, **params: Any) -> None:
        self._send({"method": method, "params": params})

    def ask(self, method: str, **params: Any) -> Any:
        self.number += 1
        self._send({"id": self.number, "method": method, "params": params})
        return self._wait(lambda message: message.get("id") == self.number)["result"]

    def _wait(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        while not wanted(message := self.received.get(timeout=60)):
            pass
        return message

    def diagnostics(self, uri: str) -> list[dict[str, Any]]:
        def is_of(message: dict[str, Any]) -> bool:
            return message.get("method") == "textDocument/publishDiagnostics" and message["params"]["uri"] == uri

        found: list[dict[str, Any]] = self._wait(is_of)["params"]["diagnostics"]
        return found

    def open(self, path: Path) -> str:
        uri = path.as_uri()
        document = {"uri": uri, "languageId": "markdown", "version": 1, "text": path.read_text("utf-8")}
        self.tell("textDocument/didOpen", textDocument=document)
        return uri

    def change(self, uri: str, text: str, version: int = 2) -> None:
        document = {"uri": uri, "version": version}
        self.tell("textDocument/didChange", textDocument=document, contentChanges=[{"text": text}])

    def at(self, method: str, uri: str, line: int, character: int) -> Any:
        position = {"line": line, "character": character}
        return self.ask(f"textDocument/{method}", textDocument={"uri": uri}, position=position)

    def close(self) -> int:
        self.ask("shutdown")
        self.tell("exit")
        code = self.process.wait(timeout=30)
        self.reader.join(timeout=30)
        for stream in (self.process.stdin, self.process.stdout):
            assert stream is not None
            stream.close()
        return code


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "two words"
    (folder / "pages").mkdir(parents=True)
    (folder / "kap.toml").write_text('[rules]\nselect = ["CLM002", "CLM007", "REF002"]\n', "utf-8")
    (folder / "claims.yaml").write_text(CLAIM, "utf-8")
    (folder / "references.bib").write_text(BIB, "utf-8")
    (folder / "pages" / "rooms.md").write_text(PAGE, "utf-8")
    return folder


@pytest.fixture
def client(folder: Path) -> Iterator[Client]:
    client = Client(folder)
    yield client
    assert client.close() == 0


def test_a_page_that_is_opened_shows_its_findings_where_they_are(client: Client, folder: Path) -> None:
    found = client.diagnostics(client.open(folder / "pages" / "rooms.md"))
    assert [(item["code"], item["source"], item["severity"]) for item in found] == [
        ("CLM002", "kap", 1),
        ("CLM007", "kap", 1),
    ]
    assert found[0]["range"]["start"] == {"line": 4, "character": 0}
    # The face counts as two in the units of the protocol.
    assert found[1]["range"]["start"]["character"] == PAGE.splitlines()[4].index("[We have four") + 1
    assert "five" in found[0]["message"]
    assert found[0]["relatedInformation"][0]["location"]["uri"].endswith("two%20words/claims.yaml")


def test_what_is_typed_counts_before_it_is_saved(client: Client, folder: Path) -> None:
    uri = client.open(folder / "pages" / "rooms.md")
    assert len(client.diagnostics(uri)) == 2
    client.change(uri, PAGE.replace("five", "four"))
    client.change(uri, PAGE.replace("five", "four").replace("ROM-1", "ROOM-1"), 3)
    assert client.diagnostics(uri) == []


def test_a_saved_claims_file_counts_for_the_page(client: Client, folder: Path) -> None:
    uri = client.open(folder / "pages" / "rooms.md")
    client.diagnostics(uri)
    claims = client.open(folder / "claims.yaml")
    client.diagnostics(uri)
    (folder / "claims.yaml").write_text(CLAIM.replace("four", "five"), "utf-8")
    client.tell("textDocument/didSave", textDocument={"uri": claims})
    assert [item["code"] for item in client.diagnostics(uri)] == ["CLM007"]


def test_hovering_over_an_id_or_key_tells_of_it(client: Client, folder: Path) -> None:
    uri = client.open(folder / "pages" / "rooms.md")
    client.change(uri, PAGE + "\nIt fell [@glue2018].\n")
    client.diagnostics(uri)
    claim = client.at("hover", uri, 4, 32)["contents"]["value"]
    assert "We have four rooms." in claim
    assert "approved" in claim
    key = client.at("hover", uri, 6, 12)["contents"]["value"]
    assert "Glue (2018)" in key
    assert "not asked" in key
    assert client.at("hover", uri, 4, 3) is None


def test_the_definition_of_an_id_is_its_claim(client: Client, folder: Path) -> None:
    uri = client.open(folder / "pages" / "rooms.md")
    client.diagnostics(uri)
    found = client.at("definition", uri, 4, 32)
    assert found["uri"].endswith("claims.yaml")
    assert found["range"]["start"]["line"] == 2


@pytest.mark.parametrize(
    ("typed", "name", "start"), [("[Four]{claim=RO", "ROOM-1", 13), ("\U0001f600 [@gl", "glue2018", 5)]
)
def test_ids_and_keys_are_completed_in_place_of_what_is_typed(
    client: Client, folder: Path, typed: str, name: str, start: int
) -> None:
    uri = client.open(folder / "pages" / "rooms.md")
    client.diagnostics(uri)
    client.change(uri, typed)
    end = len(typed.encode("utf-16-le")) // 2
    (item,) = client.at("completion", uri, 0, end)
    expected = {"start": {"line": 0, "character": start}, "end": {"line": 0, "character": end}}
    assert item["textEdit"] == {"newText": name, "range": expected}


def test_a_misspelt_id_can_be_changed_to_the_near_one(client: Client, folder: Path) -> None:
    uri = client.open(folder / "pages" / "rooms.md")
    client.diagnostics(uri)
    span = {"start": {"line": 4, "character": 50}, "end": {"line": 4, "character": 50}}
    (action,) = client.ask(
        "textDocument/codeAction", textDocument={"uri": uri}, range=span, context={"diagnostics": []}
    )
    assert action["title"] == "Change to ROOM-1"
    (edit,) = action["edit"]["changes"][uri]
    assert edit["newText"] == "ROOM-1"
    start = PAGE.splitlines()[4].index("ROM-1") + 1
    assert (edit["range"]["start"]["character"], edit["range"]["end"]["character"]) == (start, start + 5)


def test_settings_that_cannot_be_used_are_shown_in_their_file(client: Client, folder: Path) -> None:
    (folder / "kap.toml").write_text("pages = 3\n", "utf-8")
    client.open(folder / "pages" / "rooms.md")
    (found,) = client.diagnostics((folder / "kap.toml").as_uri())
    assert found["severity"] == 1
    assert "pages" in found["message"]


def test_a_file_outside_any_project_is_let_alone(client: Client, tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("Notes", "utf-8")
    uri = client.open(tmp_path / "notes.md")
    assert client.at("hover", uri, 0, 1) is None


def test_a_project_reached_by_a_link_is_shown_at_the_address_that_the_editor_uses(
    client: Client, folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "link").symlink_to(folder, target_is_directory=True)
    uri = client.open(tmp_path / "link" / "pages" / "rooms.md")
    assert len(client.diagnostics(uri)) == 2


def test_without_the_extra_the_command_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "lsprotocol", None)
    monkeypatch.delitem(sys.modules, "kap_content.lsp.server", raising=False)
    with pytest.raises(UsageError) as raised:
        serve_editor()
    assert "kap-content[lsp]" in raised.value.help
