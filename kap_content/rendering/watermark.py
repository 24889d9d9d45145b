"""DRAFT across every page of a Word file."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

from kap_content.startup.regex import regex

_SECTION = regex(r"<w:sectPr\b[^>]*?(/>|>)")
_HEADER = "kapDraft"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_WATERMARK = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<w:hdr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office">'
    "<w:p><w:r><w:t>DRAFT, not for publication</w:t></w:r><w:r><w:pict>"
    '<v:shapetype id="kapText" coordsize="21600,21600" o:spt="136" adj="10800" path="m@7,l@8,m@5,21600l@6,21600e">'
    '<v:textpath on="t" fitshape="t"/></v:shapetype>'
    '<v:shape id="kapWatermark" o:spid="_x0000_s2049" type="#kapText" alt="DRAFT" style="position:absolute;width:420pt;'
    "height:140pt;rotation:315;z-index:-251658752;mso-position-horizontal:center;mso-position-horizontal-relative:margin;"
    'mso-position-vertical:center;mso-position-vertical-relative:margin" fillcolor="#d9a79b" stroked="f">'
    '<v:fill opacity=".4"/><v:textpath style="font-family:Arial;font-size:1pt" string="DRAFT"/></v:shape>'
    "</w:pict></w:r></w:p></w:hdr>"
)


def watermark(document: Path) -> None:
    """Set DRAFT across every page of a Word file: a header with a drawing, as Word's own watermark is."""
    with zipfile.ZipFile(document) as old:
        parts = {info.filename: old.read(info) for info in old.infolist()}

    def changed(name: str, change: Callable[[str], str]) -> None:
        parts[name] = change(parts[name].decode()).encode()

    def section(found: re.Match[str]) -> str:
        return f"<w:sectPr>{reference}" + ("</w:sectPr>" if found[1] == "/>" else "")

    relation = f'<Relationship Id="{_HEADER}" Type="{_OFFICE}/relationships/header" Target="{_HEADER}.xml"/>'
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml"
    override = f'<Override PartName="/word/{_HEADER}.xml" ContentType="{kind}"/>'
    reference = f'<w:headerReference w:type="default" r:id="{_HEADER}"/>'
    changed(
        "word/_rels/document.xml.rels", lambda text: text.replace("</Relationships>", f"{relation}</Relationships>")
    )
    changed("[Content_Types].xml", lambda text: text.replace("</Types>", f"{override}</Types>"))
    changed(
        "word/document.xml",
        lambda text: _SECTION.sub(
            lambda found: f"<w:sectPr>{reference}" + ("</w:sectPr>" if found[1] == "/>" else ""), text
        ),
    )
    parts[f"word/{_HEADER}.xml"] = _WATERMARK.encode()
    with zipfile.ZipFile(document, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, content)


def _before(end: str, part: str) -> Callable[[str], str]:
    return lambda text: text.replace(end, part + end)
