"""The server on standard input and output: turns what editors send into questions to the desk."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from pathlib import Path

from lsprotocol import types as lsp
from pygls import uris
from pygls.lsp.server import LanguageServer

from kap_content import __version__
from kap_content.checking.whole import today
from kap_content.load.project import find_root
from kap_content.lsp.desk import MISSPELT, View, look, meant, named_at, offers, told
from kap_content.model.errors import KapError
from kap_content.model.finding import Finding, Severity
from kap_content.model.place import Place

PAUSE = 0.3
"""Seconds without a key stroke before the project is checked again."""
_GRAVE = {
    Severity.ERROR: lsp.DiagnosticSeverity.Error,
    Severity.WARNING: lsp.DiagnosticSeverity.Warning,
    Severity.NOTE: lsp.DiagnosticSeverity.Information,
}


class KapServer(LanguageServer):
    """Keeps the last view of each project that a document was opened of."""

    def __init__(self) -> None:
        super().__init__("kap", __version__, lsp.TextDocumentSyncKind.Incremental)
        self.views: dict[Path, View] = {}
        self.shown: dict[Path, set[str]] = defaultdict(set)
        self.waiting: dict[Path, asyncio.Task[None]] = {}

    def root_of(self, uri: str) -> Path | None:
        """The project that a document belongs to."""
        name = uris.to_fs_path(uri)
        try:
            return find_root(Path(name).parent) if name else None
        except KapError:
            return None

    def plan(self, uri: str, pause: float) -> None:
        """Check the document's project after a pause; a later plan takes the place of an earlier one."""
        root = self.root_of(uri)
        if root is None:
            return
        if earlier := self.waiting.pop(root, None):
            earlier.cancel()
        self.waiting[root] = asyncio.get_running_loop().create_task(self._check(root, pause))
        self.waiting[root].add_done_callback(_log)

    async def _check(self, root: Path, pause: float) -> None:
        await asyncio.sleep(pause)
        try:
            view = await asyncio.to_thread(look, root, self._texts(root), today())
        except KapError as error:
            place = error.place or Place("kap.toml")
            self._publish(root, {place.path: [_diagnostic(Finding("KAP", "", Severity.ERROR, place, error.message))]})
            return
        self.views[root] = view
        found: dict[str, list[lsp.Diagnostic]] = defaultdict(list)
        for finding in view.outcome.findings:
            found[finding.place.path].append(self._shown(root, finding))
        self._publish(root, found)

    def _texts(self, root: Path) -> dict[str, str]:
        """The documents of the project that the editor has open, by project path."""
        return {path: self.workspace.get_text_document(uri).source for path, uri in self._open(root).items()}

    def _open(self, root: Path) -> dict[str, str]:
        """The addresses of the project's documents that the editor has open, by project path."""
        paths = {item.uri: Path(item.path).resolve() for item in self.workspace.text_documents.values()}
        return {path.relative_to(root).as_posix(): uri for uri, path in paths.items() if path.is_relative_to(root)}

    def uri_of(self, root: Path, path: str) -> str:
        """A file's address, spelled as the editor spells it where it has the file open (links, drive letters)."""
        return self._open(root).get(path) or uris.from_fs_path(str(root / path)) or ""

    def _publish(self, root: Path, found: dict[str, list[lsp.Diagnostic]]) -> None:
        """Show these, and take away what was shown before."""
        for path in self.shown[root] | set(found):
            uri = self.uri_of(root, path)
            self.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, found.get(path, [])))
        self.shown[root] = set(found)

    def _shown(self, root: Path, finding: Finding) -> lsp.Diagnostic:
        diagnostic = _diagnostic(finding)
        diagnostic.range = self.range_of(root, finding.place)
        diagnostic.related_information = [
            lsp.DiagnosticRelatedInformation(self.location(root, other.place), other.message)
            for other in finding.related
        ]
        return diagnostic

    def location(self, root: Path, place: Place) -> lsp.Location:
        """A place as the editor counts."""
        return lsp.Location(self.uri_of(root, place.path), self.range_of(root, place))

    def range_of(self, root: Path, place: Place) -> lsp.Range:
        """A place's range in the units that the editor counts columns in."""
        lines = self.lines(self.uri_of(root, place.path))
        return self.workspace.position_codec.range_to_client_units(lines, _range(place))

    def lines(self, uri: str) -> list[str]:
        """A document's lines, as the editor has them; none of a file that cannot be read."""
        try:
            return self.workspace.get_text_document(uri).source.split("\n")
        except (OSError, UnicodeDecodeError):
            return []

    def asked(self, uri: str, position: lsp.Position) -> tuple[View, str, int] | None:
        """The project's view, and the line and column in characters of a position in a document."""
        root = self.root_of(uri)
        view = self.views.get(root) if root else None
        lines = self.lines(uri)
        if view is None or position.line >= len(lines):
            return None
        at = self.workspace.position_codec.position_from_client_units(lines, position)
        return view, lines[at.line], at.character


def _log(task: asyncio.Task[None]) -> None:
    """Leave what went wrong on standard error, where editors keep a log."""
    if not task.cancelled() and (error := task.exception()):
        logging.getLogger(__name__).error("the check failed", exc_info=error)


def _range(place: Place) -> lsp.Range:
    return lsp.Range(
        lsp.Position(place.line - 1, place.column - 1), lsp.Position(place.end_line - 1, place.end_column - 1)
    )


def _diagnostic(finding: Finding) -> lsp.Diagnostic:
    text = f"{finding.message}\n{finding.help}" if finding.help else finding.message
    return lsp.Diagnostic(
        _range(finding.place), text, severity=_GRAVE[finding.severity], code=finding.code, source="kap"
    )


def make_server() -> KapServer:
    """A server with all that it answers."""
    server = KapServer()
    _listen(server)
    _answer(server)
    return server


def _listen(server: KapServer) -> None:
    """Check again when a document is opened, changed, saved or closed."""

    @server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    async def opened(given: lsp.DidOpenTextDocumentParams) -> None:
        server.plan(given.text_document.uri, 0)

    @server.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
    async def saved(given: lsp.DidSaveTextDocumentParams) -> None:
        server.plan(given.text_document.uri, 0)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    async def closed(given: lsp.DidCloseTextDocumentParams) -> None:
        server.plan(given.text_document.uri, 0)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    async def changed(given: lsp.DidChangeTextDocumentParams) -> None:
        server.plan(given.text_document.uri, PAUSE)


def _answer(server: KapServer) -> None:
    """Hover, definition, completion and code actions."""

    @server.feature(lsp.TEXT_DOCUMENT_HOVER)
    def hover(given: lsp.HoverParams) -> lsp.Hover | None:
        asked = server.asked(given.text_document.uri, given.position)
        found = named_at(asked[1], asked[2], asked[0].context) if asked else None
        if asked is None or found is None:
            return None
        return lsp.Hover(lsp.MarkupContent(lsp.MarkupKind.Markdown, told(found, asked[0].context)))

    @server.feature(lsp.TEXT_DOCUMENT_DEFINITION)
    def definition(given: lsp.DefinitionParams) -> lsp.Location | None:
        asked = server.asked(given.text_document.uri, given.position)
        found = named_at(asked[1], asked[2], asked[0].context) if asked else None
        return server.location(asked[0].root, found.place) if asked and found else None

    @server.feature(lsp.TEXT_DOCUMENT_COMPLETION, lsp.CompletionOptions(trigger_characters=["=", "@"]))
    def completion(given: lsp.CompletionParams) -> list[lsp.CompletionItem]:
        asked = server.asked(given.text_document.uri, given.position)
        if asked is None:
            return []
        view, line, column = asked
        return [
            _item(server, line, given.position, column, offer.name, offer.start, offer.about)
            for offer in offers(line, column, view.context)
        ]

    @server.feature(lsp.TEXT_DOCUMENT_CODE_ACTION, lsp.CodeActionOptions([lsp.CodeActionKind.QuickFix]))
    def actions(given: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        return _mends(server, given)


def _item(
    server: KapServer, line: str, position: lsp.Position, column: int, name: str, start: int, about: str
) -> lsp.CompletionItem:
    codec = server.workspace.position_codec
    before = codec.client_num_units(line[start:column])
    span = lsp.Range(lsp.Position(position.line, position.character - before), position)
    return lsp.CompletionItem(
        name, kind=lsp.CompletionItemKind.Reference, detail=about, text_edit=lsp.TextEdit(span, name)
    )


def _mends(server: KapServer, given: lsp.CodeActionParams) -> list[lsp.CodeAction]:
    """What may have been meant by the misspelt ids and keys in the range."""
    uri = given.text_document.uri
    root = server.root_of(uri)
    view = server.views.get(root) if root else None
    if root is None or view is None:
        return []
    lines = server.lines(uri)
    made = []
    for finding in view.outcome.findings:
        place = finding.place
        is_near = place.line - 1 <= given.range.end.line and given.range.start.line <= place.end_line - 1
        if finding.code not in MISSPELT or not is_near or server.uri_of(root, place.path) != uri:
            continue
        for number, (at, name) in enumerate(meant(finding, lines, view.context)):
            edit = lsp.TextEdit(server.range_of(root, at), name)
            made.append(
                lsp.CodeAction(
                    f"Change to {name}",
                    kind=lsp.CodeActionKind.QuickFix,
                    is_preferred=number == 0,
                    edit=lsp.WorkspaceEdit(changes={uri: [edit]}),
                )
            )
    return made
