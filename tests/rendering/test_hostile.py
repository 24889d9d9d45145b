"""A page whose author means harm, as a browser gets it."""

from __future__ import annotations

import re
from typing import Any

import html5lib
import pytest

from kap_content.rendering.html import render_page
from kap_content.rendering.style import Style
from tests.rendering.conftest import structured
from tests.rendering.screen import Make

EVIL = "<script>alert(1)</script>"
HOSTILE_HEAD = f"""---
title: '{EVIL}'
subtitle: '</title>{EVIL}'
description: '"><img src=x onerror=alert(1)>'
author: {{name: '{EVIL}', credentials: '<b>x</b>', url: 'javascript:alert(1)'}}
reviewer: {{name: '</dd>{EVIL}', url: 'data:text/html,x'}}
last_reviewed: 2026-11-22
about: {{condition: '</script>{EVIL}', intervention: '<!--'}}
audience: '</script>'
specialty: '</script>'
interest: '<svg onload=alert(1)>'
---

"""
HOSTILE_BODY = f"""
## A <b onclick=x>heading</b> {EVIL}

{EVIL} <img src=x onerror=alert(1)> <a href="javascript:alert(1)">x</a> <iframe src=//evil></iframe>

[click](javascript:alert(1)) [click](JAVASCRIPT:alert(1)) [click](java&#x0A;script:alert(1)) [click](data:text/html,x)
[click](//evil.example) <javascript:alert(1)> [a](</x"onmouseover="alert(1)>) [t](/x "a\\" onmouseover=alert(1) b")

![<img src=x onerror=alert(1)>](javascript:alert(1)) ![x](x"onerror="alert(1).png)

[Ten of 12 people responded.]{{claim=A-1 onclick="alert(1)" style="x"}} [x]{{.c onmouseover="alert(1)"}}

::: {{.figure #x kind=waffle src="small.csv" claim=A-1 onload="alert(1)" title="<script>"}}
{EVIL}
:::

```html"onload="x
{EVIL}
```

| <script>a</script> |
|---|
| {EVIL} |
"""


class Tags:
    """Every element of a page with its attributes, as a browser would read them."""

    def __init__(self, html: str) -> None:
        tree = html5lib.parse(html, treebuilder="etree", namespaceHTMLElements=False)
        self.all = [element for element in tree.iter() if isinstance(element.tag, str)]

    def named(self, name: str) -> list[Any]:
        return [element for element in self.all if element.tag.rpartition("}")[2] == name]


@pytest.fixture
def hostile(make: Make, style: Style, claims: str, bib: str) -> str:
    files = {"pages/small.csv": f'label,count\n"{EVIL}",10\n"<b>x</b>",2\n'.encode()}
    bib = bib.replace("Ketamine's dose-related effects on anxiety symptoms", f"</script>{EVIL}")
    bib = bib.replace("Glue, Paul", "<svg onload=alert(1)>, Paul")
    claims = claims.replace("10 of 12 responded", f"{EVIL}</li>")
    claims = claims.replace("match_text: Ten of 12 people responded.", f"match_text: 'Ten {EVIL}'")
    checked = make(HOSTILE_HEAD + HOSTILE_BODY, claims=claims, bib=bib)
    return render_page(checked, style, files).html


def test_no_script_of_a_hostile_page_reaches_the_browser(hostile: str) -> None:
    scripts = Tags(hostile).named("script")
    assert [(script.get("src"), script.get("type")) for script in scripts] == [
        ("page.js", None),
        (None, "application/ld+json"),
    ]
    assert structured(hostile)["name"] == EVIL


def test_no_element_of_a_hostile_page_has_an_event_or_style_attribute(hostile: str) -> None:
    names = {name.lower() for element in Tags(hostile).all for name in element.attrib}
    assert not {name for name in names if name.startswith("on")}
    assert "style" not in names


def test_a_hostile_page_holds_no_foreign_element(hostile: str) -> None:
    tags = Tags(hostile)
    assert not [name for name in ("iframe", "object", "embed", "form", "base", "style", "b") if tags.named(name)]
    assert len(tags.named("svg")) == 1


def test_every_address_of_a_hostile_page_is_safe(hostile: str) -> None:
    addresses = [
        element.get(name) for element in Tags(hostile).all for name in ("href", "src", "action") if element.get(name)
    ]
    assert addresses
    assert not [a for a in addresses if re.match(r"\s*(//|[a-z]+:)", a) and not re.match(r"https?:|mailto:|data:,$", a)]


def test_the_words_of_a_hostile_page_are_shown_as_text(hostile: str) -> None:
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in hostile
    html5lib.HTMLParser(strict=True).parse(hostile)
