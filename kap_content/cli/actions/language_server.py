"""`kap lsp`: the language server on standard input and output."""

from __future__ import annotations

from kap_content.model.errors import UsageError


def serve_editor() -> int:
    """Answer an editor until it ends; a `UsageError` where the extra is not installed."""
    try:
        from kap_content.lsp.server import make_server
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("pygls", "lsprotocol"):
            raise
        raise UsageError(
            "the language server needs pygls", help="Install kap-content with the extra lsp: kap-content[lsp]."
        ) from error
    make_server().start_io()
    return 0
