"""What pages are rendered as, and answers printed as.

By itself, so that the commands' options are known without the renderer.
"""

from __future__ import annotations

from enum import StrEnum


class Form(StrEnum):
    """A page of a site, or a Word file."""

    HTML = "html"
    DOCX = "docx"


class Shown(StrEnum):
    """How what was looked up is printed."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
