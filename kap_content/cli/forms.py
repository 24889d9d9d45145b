"""What pages are rendered as. By itself, so that the commands' options are known without the renderer."""

from __future__ import annotations

from enum import StrEnum


class Form(StrEnum):
    """A page of a site, or a Word file."""

    HTML = "html"
    DOCX = "docx"
