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

    def __init__(self, folder: Path, **capabilities: Any) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "kap_content", "lsp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder
        )
        self.received: Queue[dict[str, Any]] = Queue()
        self.number = 0
        self.reader = Thread(target=self._read, daemon=True)
        self.reader.start()
        self.capabilities = self.ask("initialize", processId=None, rootUri=folder.as_uri(), capabilities=capabilities)[
            "capabilities"
        ]
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

    def until(self, uri: str, codes: list[str]) -> list[dict[str, Any]]:
        """The diagnostics of a file, once they are of these rules."""
        found = self.diagnostics(uri)
        while [item["code"] for item in found] != codes:
            found = self.diagnostics(uri)
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


def test_claims_bibliography_and_settings_count_as_they_are_typed(client: Client, folder: Path) -> None:
    page = client.open(folder / "pages" / "rooms.md")
    client.diagnostics(page)
    claims, bib, settings = (client.open(folder / name) for name in ("claims.yaml", "references.bib", "kap.toml"))
    client.change(claims, CLAIM.replace("four", "five"))
    client.change(page, PAGE + "\nIt fell [@glue2019].\n")
    client.until(page, ["CLM007", "REF002"])
    client.change(bib, BIB.replace("glue2018", "glue2019"))
    client.until(page, ["CLM007"])
    client.change(settings, 'rules.select = ["CLM002"]\n')
    client.until(page, [])
    assert (folder / "claims.yaml").read_text("utf-8") == CLAIM


def test_a_claim_that_is_broken_while_typing_is_shown_in_its_file_and_the_rest_stays(
    client: Client, folder: Path
) -> None:
    (folder / "kap.toml").write_text('rules.select = ["CLM002", "CLM009"]', "utf-8")
    page = client.open(folder / "pages" / "rooms.md")
    client.until(page, ["CLM002"])
    claims = client.open(folder / "claims.yaml")
    client.change(claims, CLAIM.replace("category: service", "category: servic"))
    (found,) = client.until(claims, ["CLM009"])
    assert "servic" in found["message"]


def test_settings_that_break_while_typing_leave_what_was_found(client: Client, folder: Path) -> None:
    page = client.open(folder / "pages" / "rooms.md")
    assert len(client.diagnostics(page)) == 2
    settings = client.open(folder / "kap.toml")
    client.change(settings, "[rules\n")
    (found,) = client.until(settings, ["KAP"])
    assert found["severity"] == 1
    client.change(settings, 'rules.select = ["CLM002"]\n', 3)
    client.until(page, ["CLM002"])


def test_what_other_programs_write_counts_once_the_editor_tells_of_it(client: Client, folder: Path) -> None:
    page = client.open(folder / "pages" / "rooms.md")
    client.diagnostics(page)
    (folder / "claims.yaml").write_text(CLAIM.replace("four", "five"), "utf-8")
    change = {"uri": (folder / "claims.yaml").as_uri(), "type": 2}
    client.tell("workspace/didChangeWatchedFiles", changes=[change])
    assert [item["code"] for item in client.diagnostics(page)] == ["CLM007"]


def test_an_editor_that_can_watch_files_is_asked_to(folder: Path) -> None:
    client = Client(folder, workspace={"didChangeWatchedFiles": {"dynamicRegistration": True}})
    asked = client._wait(lambda message: message.get("method") == "client/registerCapability")
    assert asked["params"]["registrations"][0]["method"] == "workspace/didChangeWatchedFiles"
    client._send({"id": asked["id"], "result": None})
    assert client.close() == 0


def test_a_hundred_changes_in_a_row_end_with_what_was_typed_last(client: Client, folder: Path) -> None:
    uri = client.open(folder / "pages" / "rooms.md")
    client.diagnostics(uri)
    for number in range(100):
        client.change(uri, PAGE.replace("five", f"{number}"), number + 2)
    client.change(uri, PAGE.replace("five", "four").replace("ROM-1", "ROOM-1"), 200)
    client.until(uri, [])


def test_hovering_over_an_id_or_key_tells_of_it(client: Client, folder: Path) -> None:
    uri = client.open(folder / "pages" / "rooms.md")
    client.change(uri, PAGE + "\nIt fell [@glue2018].\n")
    client.diagnostics(uri)
    claim = client.at("hover", uri, 4, 32)["contents"]["value"]
    assert "We have four rooms." in claim
    assert "approved" in claim
    key = client.at("hover", uri, 6, 12)["contents"]["value"]
    assert "Glue P. Ketamine. *J Psychopharmacol*" in key.replace("\\", "") or "Glue P. Ketamine" in key
    assert "not asked" in key
    assert client.at("hover", uri, 6, 3) is None


def test_the_definition_of_an_id_is_its_claim(client: Client, folder: Path) -> None:
    uri = client.open(folder / "pages" / "rooms.md")
    client.diagnostics(uri)
    found = client.at("definition", uri, 4, 32)
    assert found["uri"].endswith("claims.yaml")
    assert found["range"]["start"]["line"] == 2
    assert client.at("definition", uri, 4, 3) == found  # the passage that the mark is on


def test_the_definition_of_a_citation_and_of_a_ref_is_the_entry(client: Client, folder: Path) -> None:
    evidence = "    evidence:\n      - ref: glue2018\n"
    (folder / "claims.yaml").write_text(CLAIM + evidence, "utf-8")
    uri = client.open(folder / "pages" / "rooms.md")
    client.change(uri, PAGE + "\nIt fell [@glue2018]. The word glue2018 alone is none.\n")
    client.diagnostics(uri)
    claims = client.open(folder / "claims.yaml")
    found = client.at("definition", uri, 6, 12)
    assert found["uri"].endswith("references.bib")
    assert client.at("definition", uri, 6, 32) is None
    assert client.at("definition", claims, 8, 16) == found


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
    (item,) = client.at("completion", uri, 0, end)["items"]
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
    assert action["kind"] == "quickfix"
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


def actions(client: Client, uri: str, line: int, **context: Any) -> list[dict[str, Any]]:
    at = {"line": line, "character": 0}
    given = {"diagnostics": [], **context}
    found: list[dict[str, Any]] = client.ask(
        "textDocument/codeAction", textDocument={"uri": uri}, range={"start": at, "end": at}, context=given
    )
    return found


SLIP = "\n[We have four romos.]{claim=ROOM-1} 😀 It fell [@gleu2018].\n"


def test_what_kap_fix_mends_for_certain_is_offered_where_it_is(client: Client, folder: Path) -> None:
    uri = client.open(folder / "pages" / "rooms.md")
    client.change(uri, PAGE + SLIP)
    client.until(uri, ["CLM002", "CLM007", "CLM002", "REF002"])
    found = actions(client, uri, 6)
    assert [action["title"] for action in found] == [
        "Mend: “gleu2018” is a slip of “glue2018”",
        "Mend: the approved wording of ROOM-1 is restored: “romos.” is “rooms.”",
    ]
    assert all(action["isPreferred"] for action in found)
    (edit,) = found[0]["edit"]["changes"][uri]
    assert edit["newText"] == "glue2018"
    assert edit["range"]["start"] == {"line": 6, "character": SLIP.index("gleu") - 1 + 1}
    assert actions(client, uri, 0) == []


def test_fields_of_the_bibliography_are_mended_from_what_the_editor_holds(client: Client, folder: Path) -> None:
    (folder / "kap.toml").write_text('rules.select = ["DOI004"]', "utf-8")
    bib = client.open(folder / "references.bib")
    client.change(bib, BIB.replace("year={2018}", "year={2018},\n doi={https://doi.org/10.1177/0269881118762073}"))
    client.until(bib, ["DOI004"])
    (action,) = actions(client, bib, 1)
    (edit,) = action["edit"]["changes"][bib]
    assert edit["newText"] in ("10.1177/0269881118762073", "{10.1177/0269881118762073}")


def test_everything_that_is_certain_can_be_mended_at_once(client: Client, folder: Path) -> None:
    uri = client.open(folder / "pages" / "rooms.md")
    client.change(uri, (PAGE + SLIP).replace("\n", "\r\n"))
    client.until(uri, ["CLM002", "CLM007", "CLM002", "REF002"])
    (action,) = actions(client, uri, 0, only=["source.fixAll"])
    assert action["kind"] == "source.fixAll.kap"
    (edit,) = action["edit"]["changes"][uri]
    mended = (PAGE + SLIP).replace("romos", "rooms").replace("gleu", "glue").replace("\n", "\r\n")
    assert edit["newText"] == mended
    assert edit["range"]["start"] == {"line": 0, "character": 0}
    assert edit["range"]["end"]["line"] == mended.count("\n")
    assert actions(client, uri, 6, only=["refactor"]) == []


def test_an_editor_without_markdown_is_told_in_plain_words(folder: Path) -> None:
    client = Client(folder, textDocument={"hover": {"contentFormat": ["plaintext"]}})
    uri = client.open(folder / "pages" / "rooms.md")
    client.diagnostics(uri)
    told = client.at("hover", uri, 4, 32)["contents"]
    assert told["kind"] == "plaintext"
    assert told["value"].startswith("ROOM-1: approved")
    assert client.close() == 0
