"""The projects that an editor has documents open of: when each is checked, what is shown, and how places count."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from lsprotocol import types as lsp
from pygls import uris
from pygls.lsp.server import LanguageServer

from kap_content import __version__
from kap_content.checking.whole import today
from kap_content.load.inside import find_root
from kap_content.lsp.desk import View, look
from kap_content.lsp.mending import Action, Mending
from kap_content.mend.change import Change, Lines
from kap_content.model.errors import KapError
from kap_content.model.finding import Finding, Severity
from kap_content.model.place import Place
from kap_content.startup.regex import regex

_GRAVE = {
    Severity.ERROR: lsp.DiagnosticSeverity.Error,
    Severity.WARNING: lsp.DiagnosticSeverity.Warning,
    Severity.NOTE: lsp.DiagnosticSeverity.Information,
}
_LINE_END = regex(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question's place: the project's view, the file in it, the document's lines, and line and column from 0."""

    view: View
    path: str
    lines: list[str]
    line: int
    column: int


@dataclass(slots=True)
class Plan:
    """When a project is to be checked next, on the loop's clock, and whether all its pages are to be judged."""

    due: float
    whole: bool


class Projects(LanguageServer):
    """Keeps the last view of each project that a document was opened of."""

    def __init__(self) -> None:
        super().__init__("kap", __version__, lsp.TextDocumentSyncKind.Incremental)
        self._views: dict[Path, View] = {}
        self._mendings: dict[Path, Mending] = {}
        self._shown: dict[Path, set[str]] = defaultdict(set)
        self._plans: dict[Path, Plan] = {}
        self._workers: dict[Path, asyncio.Task[None]] = {}

    def _root_of(self, uri: str) -> Path | None:
        """The project that a document belongs to."""
        name = uris.to_fs_path(uri)
        try:
            return find_root(Path(name).parent) if name else None
        except (KapError, OSError):
            return None

    def plan(self, uri: str, pause: float, *, whole: bool) -> None:
        """Check the document's project after a pause. A later plan takes the place of an earlier one.

        Of each project one check runs at a time; what is planned meanwhile runs after it, once.
        """
        root = self._root_of(uri)
        if root is None:
            return
        loop = asyncio.get_running_loop()
        earlier = self._plans.get(root)
        self._plans[root] = Plan(loop.time() + pause, whole or (earlier is not None and earlier.whole))
        if root not in self._workers:
            self._workers[root] = loop.create_task(self._work(root))

    async def _work(self, root: Path) -> None:
        """Check a project as long as something is planned."""
        try:
            while plan := self._plans.get(root):
                rest = plan.due - asyncio.get_running_loop().time()
                if rest > 0:
                    await asyncio.sleep(rest)
                    continue  # it may have been put off meanwhile
                del self._plans[root]
                await self._check(root, whole=plan.whole)
        finally:
            del self._workers[root]

    async def _check(self, root: Path, *, whole: bool) -> None:
        documents = self._open(root)
        opened = {path: self.workspace.get_text_document(uri) for path, uri in documents.items()}
        texts = {path: document.source for path, document in opened.items()}
        versions = {path: document.version for path, document in opened.items()}
        try:
            view = await asyncio.to_thread(look, root, texts, today(), self._views.get(root), whole=whole)
        except KapError as error:
            place = error.place or Place("kap.toml")
            text = f"{error.message}\n{error.help}" if error.help else error.message
            self._publish(root, place.path, [_diagnostic(Finding("KAP", "", Severity.ERROR, place, text))])
            self._shown[root].add(place.path)
            return
        except Exception:  # whatever happens to one project, the others and the next try go on
            logging.getLogger(__name__).exception("the check failed")
            return
        self._views[root] = view
        self._mendings[root] = Mending(view)
        found: dict[str, list[lsp.Diagnostic]] = defaultdict(list)
        for finding in view.outcome.findings:
            found[finding.place.path].append(self._diagnostic_of(root, finding))
        for path in self._shown[root] | set(found):
            self._publish(root, path, found.get(path, []), versions.get(path))
        self._shown[root] = set(found)

    def _publish(self, root: Path, path: str, diagnostics: list[lsp.Diagnostic], version: int | None = None) -> None:
        """Show these in a file; `version` is that of the text that they are about, for the editor to compare."""
        uri = self._uri_of(root, path)
        self.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, diagnostics, version))

    def _open(self, root: Path) -> dict[str, str]:
        """The addresses of the project's documents that the editor has open, by project path."""
        paths = {item.uri: Path(item.path).resolve() for item in self.workspace.text_documents.values()}
        return {path.relative_to(root).as_posix(): uri for uri, path in paths.items() if path.is_relative_to(root)}

    def _uri_of(self, root: Path, path: str) -> str:
        """A file's address, spelled as the editor spells it where it has the file open (links, drive letters)."""
        return self._open(root).get(path) or uris.from_fs_path(str(root / path)) or ""

    def _path_of(self, root: Path, uri: str) -> str | None:
        """The project path of a document."""
        name = uris.to_fs_path(uri)
        path = Path(name).resolve() if name else root
        return path.relative_to(root).as_posix() if path != root and path.is_relative_to(root) else None

    def _lines(self, uri: str) -> list[str]:
        """A document's lines, as the editor has them; none of a file that cannot be read."""
        try:
            return _LINE_END.split(self.workspace.get_text_document(uri).source)
        except (OSError, UnicodeDecodeError):
            return []

    def _diagnostic_of(self, root: Path, finding: Finding) -> lsp.Diagnostic:
        diagnostic = _diagnostic(finding)
        diagnostic.range = self._range_of(root, finding.place)
        diagnostic.related_information = [
            lsp.DiagnosticRelatedInformation(self.location(root, other.place), other.message)
            for other in finding.related
        ]
        return diagnostic

    def location(self, root: Path, place: Place) -> lsp.Location:
        """A place as the editor counts."""
        return lsp.Location(self._uri_of(root, place.path), self._range_of(root, place))

    def _range_of(self, root: Path, place: Place) -> lsp.Range:
        lines = self._lines(self._uri_of(root, place.path))
        return self.workspace.position_codec.range_to_client_units(lines, _range(place))

    def asked(self, uri: str, position: lsp.Position) -> Asked | None:
        """What a question about a position in a document is asked of; None where no project was read yet."""
        root = self._root_of(uri)
        view = self._views.get(root) if root else None
        path = self._path_of(root, uri) if root else None
        lines = self._lines(uri)
        if view is None or path is None or position.line >= len(lines):
            return None
        at = self.workspace.position_codec.position_from_client_units(lines, position)
        return Asked(view, path, lines, at.line, at.character)

    def mending(self, uri: str) -> tuple[str, Mending] | None:
        """The document's project path, and the mends of its project; None where they are of an older text."""
        root = self._root_of(uri)
        mending = self._mendings.get(root) if root else None
        path = self._path_of(root, uri) if root else None
        if root is None or mending is None or path is None:
            return None
        now = {name: self.workspace.get_text_document(address).source for name, address in self._open(root).items()}
        return (path, mending) if all(mending.view.texts.get(name) == text for name, text in now.items()) else None

    def edit_of(self, mending: Mending, changes: Iterable[Change]) -> lsp.WorkspaceEdit:
        """Changes of a project's texts as the editor makes them."""
        edits: dict[str, list[lsp.TextEdit]] = defaultdict(list)
        for change in changes:
            span = self._span_of(mending.sources.texts, change)
            edits[self._uri_of(mending.view.root, change.path)].append(lsp.TextEdit(span, change.replacement))
        return lsp.WorkspaceEdit(changes=dict(edits))

    def _span_of(self, texts: Mapping[str, str], change: Change) -> lsp.Range:
        text = texts[change.path]
        lines = Lines(text)
        start, end = (_position(lines, offset) for offset in (change.start, change.end))
        return self.workspace.position_codec.range_to_client_units(_LINE_END.split(text), lsp.Range(start, end))

    def action_of(
        self, mending: Mending, action: Action, span: lsp.Range, diagnostics: Iterable[lsp.Diagnostic]
    ) -> lsp.CodeAction:
        """An action as the editor offers it, with the diagnostics of its lines that it is about."""
        about = [
            item
            for item in diagnostics
            if item.source == "kap"
            and item.range.start.line <= span.end.line
            and span.start.line <= item.range.end.line
        ]
        return lsp.CodeAction(
            action.title,
            kind=lsp.CodeActionKind.QuickFix,
            diagnostics=about or None,
            is_preferred=action.is_preferred,
            edit=self.edit_of(mending, action.changes),
        )


def _position(lines: Lines, offset: int) -> lsp.Position:
    return lsp.Position(lines.line_of(offset) - 1, max(0, offset - lines.line_start(offset)))


def _range(place: Place) -> lsp.Range:
    return lsp.Range(
        lsp.Position(place.line - 1, place.column - 1), lsp.Position(place.end_line - 1, place.end_column - 1)
    )


def _diagnostic(finding: Finding) -> lsp.Diagnostic:
    text = f"{finding.message}\n{finding.help}" if finding.help else finding.message
    return lsp.Diagnostic(
        _range(finding.place), text, severity=_GRAVE[finding.severity], code=finding.code, source="kap"
    )
