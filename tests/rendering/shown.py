"""What a rendered page shows."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from kap_content.rendering.html import render_page
from kap_content.rendering.style import Style
from tests.rendering.screen import Make

FILES = {"pages/small.csv": b"label,count\nResponded,10\nDid not respond,2\n"}


def text_of(html: str) -> str:
    """The text without its tags."""
    return unescape(re.sub(r"<[^>]*>", "", html))


def words_of(html: str) -> str:
    """The words of the body, a blank where a tag stood."""
    body = re.sub(r"<head>.*?</head>", "", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", body)).split()).replace(" ,", ",").replace(" .", ".")


def article(make: Make, style: Style, body: str, **more: Any) -> str:
    """The article of the page with this body."""
    html = render_page(make(body, **more), style, FILES).html
    return html[html.index("<article>") : html.index("</article>")]
