"""What stands above the pages of a site: an index page, `pages.json` and, where its address is known, `sitemap.xml`."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path
from urllib.parse import quote

from kap_content import __version__
from kap_content.model.errors import KapError
from kap_content.rendering.html import filled
from kap_content.rendering.style import RECORD, STYLESHEET, Style
from kap_content.rendering.write import INDEX

PAGES, SITEMAP = "pages.json", "sitemap.xml"
FILES = frozenset({INDEX, STYLESHEET, PAGES, SITEMAP})
"""What may stand above the pages."""
SEVERAL = 2
"""From so many pages on there is an index page."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A page as it stands in the site."""

    slug: str
    title: str
    description: str
    language: str
    published: date | None
    last_reviewed: date | None

    @property
    def href(self) -> str:
        """Its folder, as seen from the index."""
        return quote(self.slug) + "/"

    @property
    def modified(self) -> date | None:
        """The day of its last review or publication, whichever is later."""
        return max((day for day in (self.published, self.last_reviewed) if day), default=None)


def overview(entries: Sequence[Entry], style: Style) -> dict[str, str]:
    """The texts of the files above these pages, by name. Pure."""
    ordered = sorted(entries, key=lambda entry: (entry.title.casefold(), entry.slug))
    files: dict[str, str] = {}
    if len(entries) >= SEVERAL or (entries and style.base_url):
        files[PAGES] = _pages_json(ordered, style)
    if entries and style.base_url:
        files[SITEMAP] = _sitemap(ordered, style)
    if len(entries) >= SEVERAL:
        values: Mapping[str, object] = {
            "title": "Pages",
            "language": ordered[0].language if len({entry.language for entry in ordered}) == 1 else "en",
            "pages": ordered,
            "address": f"{style.base_url}/" if style.base_url else "",
            "stylesheet": STYLESHEET,
            "version": __version__,
        }
        files |= {INDEX: filled(style, INDEX, values, "the index of pages"), STYLESHEET: style.stylesheet}
    return files


def entry_of(folder: Path, slug: str) -> Entry | None:
    """What the page rendered to `folder` says of itself; None where there is none, or none with an audit record."""
    try:
        return entry_in((folder / RECORD).read_text("utf-8"), slug) if (folder / INDEX).is_file() else None
    except (OSError, ValueError):
        return None


def told_above(record: str) -> str:
    """As much of an audit record as `entry_in` looks at."""
    told = json.loads(record)
    return json.dumps({"draft": told["draft"], "page": told["page"]})


def entry_in(record: str, slug: str) -> Entry | None:
    """What the audit record of a page says of it; None where it is that of a draft, or none."""
    try:
        told = json.loads(record)
        page = told["page"]
        return (
            None
            if told["draft"]
            else Entry(
                slug,
                str(page.get("title") or slug),
                str(page.get("description", "")),
                str(page.get("language", "en")),
                _day(page.get("published")),
                _day(page.get("last_reviewed")),
            )
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def write_overview(output: Path, files: Mapping[str, str], shown: str) -> bool:
    """Make the files above the pages be exactly these; False where they were. Files of somebody else are a KapError."""
    there = {name for name in FILES if os.path.lexists(output / name)}
    foreign = frozenset() if _is_ours(output / PAGES) else there
    if foreign & files.keys():
        raise KapError(
            f"{shown}{min(foreign & files.keys())} exists and was not rendered by kap; no index was written",
            help="Move it away, or set another output folder.",
        )
    changed = False
    try:
        for name in there - files.keys() - foreign:
            (output / name).unlink()
            changed = True
        for name in sorted(files, key=lambda name: name != PAGES):  # the sign first
            changed = _written(output / name, files[name].encode("utf-8", "replace")) or changed
    except OSError as error:
        raise KapError(f"Cannot write {shown}: {error.strerror or error}") from error
    return changed


def _written(path: Path, content: bytes) -> bool:
    if path.is_file() and path.read_bytes() == content:
        return False
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_bytes(content)
    fresh.replace(path)
    return True


def _is_ours(path: Path) -> bool:
    try:
        return bool(json.loads(path.read_text("utf-8"))["tool"]["name"] == "kap-content")
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _pages_json(entries: Sequence[Entry], style: Style) -> str:
    pages = [
        {
            "href": f"{style.base_url}/{entry.href}" if style.base_url else entry.href,
            "evidence": f"{style.base_url}/{entry.href}{RECORD}" if style.base_url else f"{entry.href}{RECORD}",
            "title": entry.title,
            "description": entry.description,
            "last_reviewed": entry.last_reviewed.isoformat() if entry.last_reviewed else None,
        }
        for entry in entries
    ]
    record = {"version": 1, "tool": {"name": "kap-content", "version": __version__}, "pages": pages}
    return json.dumps(record, ensure_ascii=False, indent=1) + "\n"


def _sitemap(entries: Sequence[Entry], style: Style) -> str:
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">']
    for entry in entries:
        changed = f"<lastmod>{entry.modified.isoformat()}</lastmod>" if entry.modified else ""
        lines.append(f"<url><loc>{escape(f'{style.base_url}/{entry.href}')}</loc>{changed}</url>")
    return "\n".join((*lines, "</urlset>", ""))


def _day(text: object) -> date | None:
    return date.fromisoformat(text) if isinstance(text, str) else None
