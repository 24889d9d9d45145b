"""A page as a Word file, for reviewers who work in Word: converted by pandoc, where that is installed."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from html import escape
from pathlib import Path

from kap_content.load.files import moved
from kap_content.model.errors import KapError
from kap_content.model.page import FrontMatter, Person
from kap_content.rendering.dates import in_words
from kap_content.rendering.watermark import watermark
from kap_content.startup.regex import regex

SECONDS = 120
"""How long a conversion may take."""
_DRAWING = regex(r"<svg\b.*?</svg>", re.DOTALL)
_DESCRIPTION = regex(r"<desc\b[^>]*>(.*?)</desc>", re.DOTALL)
_HIDDEN = regex(
    r'<span class="back">.*?</span>\s*(?=</p>)|<summary>.*?</summary>|<a class="certainty [^>]*></a>', re.DOTALL
)
_BESIDE = regex(r'<div class="beside [^>]*>(.*?)</div>', re.DOTALL)


def find_pandoc() -> str:
    """The path of pandoc; a KapError that says how to get it where there is none."""
    found = shutil.which("pandoc")
    if found is None:
        raise KapError(
            "--format docx needs pandoc, which is not installed",
            help="Install it (https://pandoc.org/installing.html, or: apt install pandoc), then run this again.",
        )
    return found


def write_document(
    tool: str,
    meta: FrontMatter,
    fragment: str,
    pictures: Mapping[str, bytes],
    target: Path,
    shown: str,
    *,
    is_draft: bool = False,
) -> bool:
    """Convert a fragment of a page and write it to `target`; True, since a Word file is never the same twice.

    A drawing becomes its description in words and the table of its numbers, since Word's own pictures are not drawn
    here. A draft gets a watermark on every page. `pictures` are the fragment's images by the path that it names. What
    pandoc says of a failure is a KapError.
    """
    html = _whole(meta, _DRAWING.sub(_in_words, _BESIDE.sub(r"<blockquote>\1</blockquote>", _HIDDEN.sub("", fragment))))
    with tempfile.TemporaryDirectory(prefix="kap-docx-") as name:
        folder = Path(name)
        for path, content in pictures.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
        made = folder / "page.docx"
        command = [tool, "--from=html-native_divs-native_spans", "--to=docx", f"--output={made}"]
        try:
            result = subprocess.run(  # noqa: S603 - no shell, and the page goes in as data
                [*command, f"--resource-path={folder}"],
                input=html.encode("utf-8", "replace"),
                capture_output=True,
                cwd=folder,
                timeout=SECONDS,
                check=False,
            )
            if result.returncode or not made.is_file():
                told = result.stderr.decode("utf-8", "replace").strip().splitlines()
                raise KapError(f"pandoc could not make {shown}: {told[-1] if told else 'it did not say why'}")
            if is_draft:
                watermark(made)
            target.parent.mkdir(parents=True, exist_ok=True)
            fresh = target.with_name(f".{target.name}.new")
            shutil.copyfile(made, fresh)
            moved(fresh, target)
        except subprocess.TimeoutExpired as error:
            raise KapError(f"pandoc did not finish {shown} within {SECONDS} seconds") from error
        except OSError as error:
            raise KapError(f"Cannot write {shown}: {error.strerror or error}") from error
    return True


def _whole(meta: FrontMatter, body: str) -> str:
    """The fragment with title and people in front; an image of another host is not in it, so pandoc fetches nothing."""
    lines = [f"<h1>{escape(meta.title or 'Untitled page')}</h1>"]
    if meta.subtitle:
        lines.append(f"<p><em>{escape(meta.subtitle)}</em></p>")
    for label, people in (("Written by", meta.authors), ("Reviewed by", meta.reviewers)):
        if people:
            lines.append(f"<p>{label}: {escape('; '.join(_person(person) for person in people))}</p>")
    for label, day in (("Page last reviewed", meta.last_reviewed), ("Next review due", meta.next_review_due)):
        if day:
            lines.append(f"<p>{label}: {in_words(day)}</p>")
    if meta.interest:
        lines.append(f"<p><strong>Disclosure.</strong> {escape(meta.interest)}</p>")
    language = escape(meta.language or "en")
    head = f'<html lang="{language}"><head><meta charset="utf-8"><title></title></head>'
    return f"<!doctype html>{head}<body>{''.join(lines)}{body}</body></html>"


def _person(person: Person) -> str:
    return ", ".join(part for part in (person.name, person.credentials) if part)


def _in_words(drawing: re.Match[str]) -> str:
    told = _DESCRIPTION.search(drawing[0])
    return f"<p>[{told[1]}]</p>" if told else ""
