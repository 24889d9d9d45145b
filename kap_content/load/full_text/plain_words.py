"""The words of HTML and Markdown, without their markup: for finding quotations in them, not for showing them."""

from __future__ import annotations

import codecs
import re
from html.parser import HTMLParser

from kap_content.startup.regex import regex

_SILENT = frozenset({"script", "style", "noscript", "template", "svg", "head", "nav"})
_INLINE = frozenset(
    {
        "a",
        "abbr",
        "b",
        "bdi",
        "cite",
        "code",
        "em",
        "font",
        "i",
        "mark",
        "q",
        "s",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
    }
    | {"u", "wbr"}
)
_VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "wbr"})
_CHARSET = regex(rb"""<meta[^>]{0,200}charset\s*=\s*["']?([\w.:-]{2,40})""", re.IGNORECASE)
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_LINK = regex(r"!?\[([^\]\n]*)\](?:\([^)\n]*\)|\{[^}\n]*\})")
_LINE_MARKS = regex(r"^[ \t]*(?:#{1,6}|>|[-+*])[ \t]+", re.MULTILINE)
_EMPHASIS = regex(r"(?<!\\)(?:\*{1,3}|`+|(?<!\w)_{1,3}(?=\w)|(?<=\w)_{1,3}(?!\w))")


def decoded(data: bytes) -> str | None:
    """The text of a stranger's file, which need not be UTF-8; None where it is no text."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    if b"\0" in data:
        return None
    declared = _CHARSET.search(data[:4096])
    named = declared[1].decode("ascii", errors="replace") if declared else "utf-8"
    for encoding in (named, "utf-8"):
        try:
            return data.decode(encoding)
        except (LookupError, UnicodeDecodeError):
            continue
    return data.decode("cp1252", errors="replace")


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the parser's signature
        if tag in _SILENT:
            self._silent.append(tag)
        elif tag == "body":
            self._silent.clear()  # a head that was never closed ends here
        if tag not in _INLINE:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._silent:
            while self._silent.pop() != tag:
                pass
        if tag not in _INLINE and tag not in _VOID:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(data)


def html_words(source: str) -> str:
    """The words of an HTML page, blocks on lines of their own."""
    reader = _Words()
    reader.feed(source)
    reader.close()
    return "".join(reader.parts)


def markdown_words(source: str) -> str:
    """The words of a Markdown text: links, emphasis, headings and list marks taken off."""
    return _EMPHASIS.sub("", _LINE_MARKS.sub("", _LINK.sub(r"\1", source)))
