"""What a file is, and whether it can be a page at all."""

from __future__ import annotations

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from enum import StrEnum
from pathlib import PurePath

from kap_content.imports.document import Document, ImportRefusedError
from kap_content.imports.plain import read_plain
from kap_content.imports.web import read_web
from kap_content.imports.word import read_word
from kap_content.language.tongue import other_language
from kap_content.load.text import Unreadable, decode
from kap_content.model.place import Place
from kap_content.startup.regex import regex

LARGEST_FILE = 20_000_000
"""Bytes. A page with its pictures inside is smaller; what is larger was not meant as a page."""

_SUFFIXES = {
    ".txt": "text",
    ".text": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".md": "markdown",
    ".markdown": "markdown",
    ".rmd": "markdown",
    ".qmd": "markdown",
    ".docx": "docx",
}
_MAGIC = (
    (b"%PDF", "a PDF", "Copy its text, or save the page as HTML or .docx, and import that."),
    (b"\xd0\xcf\x11\xe0", "an old Word file (.doc)", "Save it as .docx, and import that."),
    (b"{\\rtf", "an RTF file", "Save it as .docx, and import that."),
    (b"\x89PNG", "a picture", "Import the page's text."),
    (b"\xff\xd8\xff", "a picture", "Import the page's text."),
    (b"GIF8", "a picture", "Import the page's text."),
    (b"\x1f\x8b", "a compressed file", "Unpack it first."),
)
_HTML = regex(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_CONTROLS = regex("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_CONTROL_SHARE = 0.01


class Form(StrEnum):
    """In what form a page came."""

    TEXT = "text"
    HTML = "html"
    MARKDOWN = "markdown"
    DOCX = "docx"


def form_of(name: str, data: bytes) -> Form:
    """The form of a file, by its content where that tells, else by its name. Refuses what holds no page."""
    place = Place(name)
    if len(data) > LARGEST_FILE:
        size = f"{len(data) / 1_000_000:.0f} MB"
        raise ImportRefusedError(
            f"the file has more than {LARGEST_FILE // 1_000_000} MB ({size})", place, "Import one page at a time."
        )
    if not data.strip():
        raise ImportRefusedError("the file is empty", place, "Copy the page's text into it, and save it.")
    for magic, what, fix in _MAGIC:
        if data.startswith(magic):
            raise ImportRefusedError(f"this is {what}, which kap cannot read", place, fix)
    if data.startswith(b"PK"):
        return Form.DOCX
    suffix = PurePath(name).suffix.lower()
    if suffix == ".docx":
        raise ImportRefusedError("this is no Word file, though its name says so", place, "Save it again as .docx.")
    form = Form(_SUFFIXES.get(suffix, "text"))
    return Form.HTML if form is Form.TEXT and _HTML.match(data[:2000]) else form


def text_of(name: str, data: bytes) -> str:
    """The text of a text file. Refuses another encoding than UTF-8, and binary data."""
    text = decode(data, name)
    if isinstance(text, Unreadable):
        if _looks_binary(data) and not data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
            raise ImportRefusedError(
                "this is no text: it holds binary data", Place(name), "Give a .txt, .html, .md or .docx file."
            )
        raise ImportRefusedError(text.problem.message, text.problem.place, text.problem.help)
    if len(_CONTROLS.findall(text.text)) > _CONTROL_SHARE * len(text.text):
        raise ImportRefusedError(
            "this is no text: it holds binary data", Place(name), "Give a .txt, .html, .md or .docx file."
        )
    return text.text


def _looks_binary(data: bytes) -> bool:
    sample = data[:4096]
    odd = sum(byte < 9 or 13 < byte < 32 for byte in sample)  # noqa: PLR2004 - the control characters of ASCII
    return odd > 0.02 * len(sample)


def read_document(name: str, data: bytes, form: Form) -> Document:
    """Read a page of copied text, HTML or Word."""
    try:
        match form:
            case Form.HTML:
                document = read_web(data)
            case Form.DOCX:
                document = read_word(data)
            case _:
                document = read_plain(_CONTROLS.sub(" ", text_of(name, data)))
    except ImportRefusedError as error:
        raise ImportRefusedError(error.message, error.place or Place(name), error.help) from error
    prose = " ".join([document.title, document.subtitle, *(part.text for part in document.parts)])
    if not re.search(r"[^\W\d_]", prose) and not document.references:
        raise ImportRefusedError("the file holds no text", Place(name), "Copy the page's text into it, and save it.")
    refuse_other_language(name, prose)
    return document


def refuse_other_language(name: str, prose: str) -> None:
    """Refuse a page in another language: no rule would read it, and a silent check would look like a clean page."""
    language = other_language(prose)
    if language:
        raise ImportRefusedError(
            f"this page reads as {language}, and kap reads English only",
            Place(name),
            "Its claims would not be found, and a check that finds nothing would look like a clean page.",
        )
