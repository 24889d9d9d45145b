"""Appending to claims.yaml and to a bibliography without touching what stands there."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from kap_content.imports.claiming import NewClaim
from kap_content.imports.document import ImportRefusedError
from kap_content.load.claims import parse_claims
from kap_content.model.place import Place
from kap_content.startup.regex import regex
from kap_content.works.bib_edit import with_entry

_KEY = regex(r"claims[ \t]*:(?P<rest>[^\n]*)(?:\n|$)")
_EMPTY = regex(r"[ \t]*(?:\[\s*\]|\{\s*\}|~|null)?[ \t]*(?P<comment>#.*)?")
_TOP = regex(r"[^\s#]")
_PLAIN = regex(r"[A-Za-z](?:[\w .,'’()%/+–—-]*[\w.)%])?")
_WORD = regex(r"(?:true|false|yes|no|null|on|off|~)\.?", re.IGNORECASE)


def quoted(text: str) -> str:
    """A text as a YAML scalar in one line: plain where nothing in it could be read otherwise."""
    if _PLAIN.fullmatch(text) and not _WORD.fullmatch(text) and " #" not in text:
        return text
    return (
        json.dumps(text, ensure_ascii=False)
        .replace("\x7f", "\\x7f")
        .replace("\x85", "\\x85")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029")
        .replace("\ufeff", "\\ufeff")
    )


def with_claims(path: str, source: str, claims: Sequence[NewClaim]) -> str:
    """`source` with the claims appended to its list; refused where the list cannot be continued safely."""
    if not claims:
        return source
    newline = "\r\n" if "\r\n" in source else "\n"
    before, problems = parse_claims(path, source.replace("\r\n", "\n"))
    text = _appended(source.replace("\r\n", "\n"), claims)
    if text is not None:
        after, others = parse_claims(path, text)
        added = {claim.id: claim for claim in after[len(before) :]}
        whole = [claim.id for claim in after[: len(before)]] == [claim.id for claim in before]
        said = all(claim.id in added and added[claim.id].match_text == claim.text for claim in claims)
        if whole and said and len(others) <= len(problems):
            return text.replace("\n", newline)
    raise ImportRefusedError(
        "claims cannot be appended here without touching what stands there",
        Place(path),
        "Let “claims:” be a list of one claim below the other (- id: ...), at the file's end; then import again.",
    )


def _appended(source: str, claims: Sequence[NewClaim]) -> str | None:
    if not source.strip():
        return "version: 1\nclaims:\n" + "".join(_item(claim, "  ") for claim in claims)
    keys = [found for found in _KEY.finditer(source) if found.start() == 0 or source[found.start() - 1] == "\n"]
    if not keys:
        if re.search(r"^\s*-\s", source, re.MULTILINE) and not re.search(r"^\w+:", source, re.MULTILINE):
            return None
        return _ended(source) + "claims:\n" + "".join(_item(claim, "  ") for claim in claims)
    key = keys[0]
    empty = _EMPTY.fullmatch(key["rest"])
    if empty is None:
        return None
    end = _end_of_list(source, key.end())
    body = source[key.end() : end]
    first = re.search(r"^(?P<indent> *)(?P<dash>-\s)?(?=[^\s#])", body, re.MULTILINE)
    if first is None:
        comment = f" {empty['comment']}" if empty["comment"] else ""
        head = f"{source[: key.start()]}claims:{comment}\n"
        return head + body + "".join(_item(claim, "  ") for claim in claims) + source[end:]
    if not first["dash"]:
        added = "".join(_mapped(claim, first["indent"]) for claim in claims)
    else:
        added = "".join(_item(claim, first["indent"]) for claim in claims)
    return _ended(source[:end]) + added + source[end:]


def _end_of_list(source: str, start: int) -> int:
    """The offset behind the last line of the list that begins at `start`; comments at the margin below stay below."""
    end = position = start
    for line in source[start:].splitlines(keepends=True):
        if line[:1] not in (" ", "\t", "\n", "#", "-", "\r") or re.match(r"(?:---|\.\.\.)\s*$", line):
            break
        position += len(line)
        if line.strip() and not line.startswith("#"):
            end = position
    return end


def _ended(text: str) -> str:
    return text if not text or text.endswith("\n") else text + "\n"


def _item(claim: NewClaim, indent: str) -> str:
    lines = _lines(claim)
    inner = f"\n{indent}  "
    return f"{indent}- id: {claim.id}{inner}" + inner.join(lines) + "\n"


def _mapped(claim: NewClaim, indent: str) -> str:
    inner = f"\n{indent}  "
    return f"{indent}{claim.id}:{inner}" + inner.join(_lines(claim)) + "\n"


def _lines(claim: NewClaim) -> list[str]:
    lines = [f"match_text: {quoted(claim.text)}"]
    if claim.category:
        lines.append(f"category: {claim.category}")
    lines.append("status: draft")
    if claim.note:
        lines.append(f"note: {quoted(claim.note)}")
    if claim.refs:
        lines.append("evidence:")
        lines.extend(f"  - ref: {quoted(ref)}" for ref in claim.refs)
    return lines


def with_entries(source: str, entries: Sequence[str]) -> str:
    """A bibliography's text with entries at its end."""
    for entry in entries:
        source = with_entry(source, entry)
    return source
