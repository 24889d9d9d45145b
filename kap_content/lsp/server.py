"""The server on standard input and output: turns what editors send into questions, and answers into the protocol."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from lsprotocol import types as lsp

from kap_content.load.page import parse_page
from kap_content.lsp.completion import offers
from kap_content.lsp.naming import named_in_data, named_in_page
from kap_content.lsp.projects import Asked, Projects
from kap_content.lsp.telling import plain, told
from kap_content.mend.change import Change
from kap_content.model.claim import Claim
from kap_content.model.reference import Reference

PAUSE = 0.3
"""Seconds without a key stroke before the project is checked again."""
MANY_OFFERS = 200
"""Names that are offered at once; with more, those that hold what is typed, and the editor asks again."""
FIX_ALL = f"{lsp.CodeActionKind.SourceFixAll.value}.kap"
_WATCHED = "**/*.{md,yaml,yml,bib,lock,toml,jsonl,csv}"


def make_server() -> Projects:
    """A server with all that it answers."""
    server = Projects()
    _listen(server)
    _answer(server)
    _mend(server)
    return server


def _listen(server: Projects) -> None:
    """Check again when a document is opened, changed, saved or closed, and when files change on disk."""

    @server.feature(lsp.INITIALIZED)
    async def started(_given: lsp.InitializedParams) -> None:
        workspace = server.client_capabilities.workspace
        watching = workspace.did_change_watched_files if workspace else None
        if watching and watching.dynamic_registration:
            watched = lsp.DidChangeWatchedFilesRegistrationOptions([lsp.FileSystemWatcher(_WATCHED)])
            wanted = lsp.Registration("kap-files", lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES, watched)
            await server.client_register_capability_async(lsp.RegistrationParams([wanted]))

    @server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    async def opened(given: lsp.DidOpenTextDocumentParams) -> None:
        server.plan(given.text_document.uri, 0, whole=True)

    @server.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
    async def saved(given: lsp.DidSaveTextDocumentParams) -> None:
        server.plan(given.text_document.uri, 0, whole=True)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    async def closed(given: lsp.DidCloseTextDocumentParams) -> None:
        server.plan(given.text_document.uri, 0, whole=True)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    async def changed(given: lsp.DidChangeTextDocumentParams) -> None:
        server.plan(given.text_document.uri, PAUSE, whole=False)

    @server.feature(lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    async def moved(given: lsp.DidChangeWatchedFilesParams) -> None:
        for change in given.changes:
            server.plan(change.uri, PAUSE, whole=True)


def _answer(server: Projects) -> None:
    """Hover, definition and completion."""

    @server.feature(lsp.TEXT_DOCUMENT_HOVER)
    async def hover(given: lsp.HoverParams) -> lsp.Hover | None:
        asked = server.asked(given.text_document.uri, given.position)
        found = _named(asked) if asked else None
        if asked is None or found is None:
            return None
        text = await asyncio.to_thread(told, found, asked.view.context)
        if not _shows_markdown(server):
            return lsp.Hover(lsp.MarkupContent(lsp.MarkupKind.PlainText, plain(text)))
        return lsp.Hover(lsp.MarkupContent(lsp.MarkupKind.Markdown, text))

    @server.feature(lsp.TEXT_DOCUMENT_DEFINITION)
    def definition(given: lsp.DefinitionParams) -> lsp.Location | None:
        asked = server.asked(given.text_document.uri, given.position)
        found = _named(asked) if asked else None
        return server.location(asked.view.root, found.place) if asked and found else None

    @server.feature(lsp.TEXT_DOCUMENT_COMPLETION, lsp.CompletionOptions(trigger_characters=["=", "@", ":", '"', " "]))
    def completion(given: lsp.CompletionParams) -> lsp.CompletionList:
        asked = server.asked(given.text_document.uri, given.position)
        return _completions(server, asked, given.position) if asked else lsp.CompletionList(False, [])


def _named(asked: Asked) -> Claim | Reference | None:
    """The claim or reference at a position; a page is read as it stands now."""
    line, context = asked.lines[asked.line], asked.view.context
    if not asked.path.endswith(".md"):
        return named_in_data(line, asked.column, context)
    page = parse_page(asked.path, "\n".join(asked.lines))
    return named_in_page(page, asked.line, asked.column, line, context)


def _shows_markdown(server: Projects) -> bool:
    """Whether the editor shows Markdown in hovers; one that says nothing is taken to."""
    document = server.client_capabilities.text_document
    formats = document.hover.content_format if document and document.hover else None
    return not formats or lsp.MarkupKind.Markdown in formats


def _completions(server: Projects, asked: Asked, position: lsp.Position) -> lsp.CompletionList:
    line = asked.lines[asked.line]
    found = offers(asked.path, asked.lines, asked.line, asked.column, asked.view.context)
    is_cut = len(found) > MANY_OFFERS
    if is_cut:
        typed = line[found[0].start : asked.column].casefold()
        found = tuple(item for item in found if typed in item.name.casefold())[:MANY_OFFERS]
    items = []
    for item in found:
        before = server.workspace.position_codec.client_num_units(line[item.start : asked.column])
        span = lsp.Range(lsp.Position(position.line, position.character - before), position)
        kind = lsp.CompletionItemKind.Reference
        edit = lsp.TextEdit(span, item.name)
        items.append(lsp.CompletionItem(item.name, kind=kind, detail=item.about or None, text_edit=edit))
    return lsp.CompletionList(is_cut, items)


def _mend(server: Projects) -> None:
    """Code actions: what can be mended for certain, and what a misspelt name may have meant."""
    kinds = lsp.CodeActionOptions([lsp.CodeActionKind.QuickFix, FIX_ALL])

    @server.feature(lsp.TEXT_DOCUMENT_CODE_ACTION, kinds)
    async def actions(given: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        uri, only, span = given.text_document.uri, given.context.only, given.range
        found = server.mending(uri)
        if found is None:
            return []
        path, mending = found
        made: list[lsp.CodeAction] = []
        if _is_wanted(lsp.CodeActionKind.QuickFix.value, only):
            near = await asyncio.to_thread(mending.at, path, span.start.line + 1, span.end.line + 1)
            made += (server.action_of(mending, action, span, given.context.diagnostics) for action in near)
        if only and _is_wanted(FIX_ALL, only):
            text = await asyncio.to_thread(mending.whole, path)
            if text is not None:
                edit = server.edit_of(mending, [Change(path, 0, len(mending.sources.texts[path]), text)])
                made.append(lsp.CodeAction("Mend all that is certain", kind=FIX_ALL, edit=edit))
        return made if server.mending(uri) == found else []  # else the text has changed meanwhile


def _is_wanted(kind: str, only: Sequence[lsp.CodeActionKind | str] | None) -> bool:
    """Whether an editor that asks for some kinds of actions only takes this one; kinds are parted by dots."""
    names = [item.value if isinstance(item, lsp.CodeActionKind) else item for item in only or ()]
    return only is None or any(kind == name or kind.startswith(f"{name}.") or not name for name in names)
