"""A document as a page's Markdown: the same words in the same order, numbers of references in square brackets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby

from kap_content.imports.document import Document, Kind, Part, Run
from kap_content.imports.structure import RAISED, plain_digits, raised
from kap_content.startup.regex import regex

_NUMBERS = r"\d{1,3}(?:\s?[-–—,;]\s?\d{1,3})*"
NUMBER_MARK = regex(rf"\[{_NUMBERS}\]")
_RAISED_MARK = regex(rf"[{RAISED}]+(?:[,;⁻–-]\s?[{RAISED}]+)*")
_RAISED_RUN = regex(r"\s*\[?\s*(?P<numbers>\d{1,3}(?:\s?[-–—,;⁻]\s?\d{1,3})*)[,;]?\s*\]?\s*")
_GLUED_MARK = regex(r"(?<=[^\W\d_][.,;”)])(?P<numbers>\d{1,2}(?:[,–-]\d{1,2})*)(?=\s|$)")
_NOT_RAISED = regex(r"(?:\d|(?<![^\W\d_])[^\W\d_]{1,2}|\b(?:min|mol|kcal|litre|liter))$")
"""What a superscript belongs to that is no citation: a number, a unit (`m²`), a symbol (`R²`)."""
_SPECIAL = regex(
    r"""(?P<always>[\\`*<\[\]{])
    |(?P<entity>&(?=\#?\w{1,32};))
    |(?P<key>@(?=\w|\{))
    |(?P<underscore>(?<![^\W_])_|_(?![^\W_]))
    """,
    re.VERBOSE,
)
_LINE_START = regex(
    r"(?P<before>(?:\d{1,9}(?=[.)](?:\s|$)))?)(?P<mark>\#{1,6}(?=\s|$)|[-+=](?=\s|$)|[-=](?=[-=\s]*$)|>|~~~|:::|:(?=\s)|[.)](?=\s|$)|\|)"
)
_BEHIND_MARK = regex(rf"(\[{_NUMBERS}\])([(:])(?!<)")
"""What would make a link of a mark. Of the links made here the address stands in angles."""
_NOTE_OR_IMAGE = regex(r"([!^])(?=\[)")
_SAFE_LINK = regex(r"(?:https?://|mailto:|tel:)[^\s<>]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of the list of references, and whether digits glued to a stop (`relief.2`) are marks here."""

    known: frozenset[int] = frozenset()
    glued: bool = False


def numbers_of(document: Document) -> Numbers:
    """The numbers that marks may name. A list without numbers is numbered by its order."""
    known = frozenset(reference.number for reference in document.references)
    texts = [part.text for part in document.parts]
    marked = any(NUMBER_MARK.search(text) for text in texts)
    risen = any(run.raised for part in document.parts for run in part.runs) or any(
        _RAISED_MARK.search(text) for text in texts
    )
    return Numbers(known, glued=document.numbered and not marked and not risen)


def expand(text: str) -> tuple[int, ...]:
    """`2, 4-6` as (2, 4, 5, 6); empty where a range runs backwards."""
    found: list[int] = []
    for piece in re.split(r"[,;]", text.strip("[] ")):
        ends = [int(number) for number in re.findall(r"\d+", piece)]
        if not ends or ends[-1] < ends[0] or ends[-1] - ends[0] > _LONGEST_RANGE:
            return ()
        found.extend(range(ends[0], ends[-1] + 1))
    return tuple(found)


_LONGEST_RANGE = 60


_MARKDOWN_RAISED = regex(
    rf"\^(?P<carets>\d{{1,3}}(?:\s?[-–,]\s?\d{{1,3}})*)\^|<sup>(?P<tag>\s*\[?{_NUMBERS}\]?\s*)</sup>|(?P<signs>{_RAISED_MARK.pattern})"
)


def with_raised_marks(text: str, known: frozenset[int]) -> str:
    """A Markdown text with `^1,2^`, `<sup>1</sup>` and `¹` as `[1,2]` where they cite."""

    def mark(found: re.Match[str]) -> str:
        written = found["carets"] or (found["tag"] or "").strip("[] ") or plain_digits(found["signs"] or "")
        return _mark(written, text[: found.start()][-_CONTEXT:], Numbers(known)) or found[0]

    return _MARKDOWN_RAISED.sub(mark, text) if known else text


_CONTEXT = 20


def as_markdown(document: Document) -> str:
    """The body of the page."""
    numbers = numbers_of(document)
    pieces: list[str] = []
    parts = _below_title(document.parts)
    index = 0
    while index < len(parts):
        taken, text = _piece(parts, index, numbers)
        pieces.append(text)
        index += taken
    return "\n\n".join(piece for piece in pieces if piece) + "\n" if any(pieces) else ""


def _below_title(parts: Sequence[Part]) -> list[Part]:
    """Headings one level lower where some are of the title's level."""
    shift = any(part.kind is Kind.HEADING and part.level <= 1 for part in parts)
    return [replace(part, level=part.level + 1) if shift and part.kind is Kind.HEADING else part for part in parts]


def _piece(parts: list[Part], index: int, numbers: Numbers) -> tuple[int, str]:
    """The Markdown of the part at `index` with those that belong to it, and how many they are."""
    part = parts[index]
    if part.kind is Kind.ITEM:
        end = index
        while end < len(parts) and parts[end].kind is Kind.ITEM:
            end += 1
        return end - index, _items(parts[index:end], numbers)
    if part.kind in _PICTURED:
        end = index
        while end < len(parts) and parts[end].kind in _PICTURED:
            end += 1
        group = parts[index:end]
        if any(other.kind is Kind.CAPTION for other in group) and not _is_labelled_table(group):
            inner = "\n\n".join(_block(other, numbers) for other in group)
            return end - index, f"::: {{.figure}}\n{inner}\n:::"
        return end - index, "\n\n".join(_block(other, numbers) for other in group)
    return 1, _block(part, numbers)


_PICTURED = (Kind.CAPTION, Kind.IMAGE, Kind.TABLE)


def _is_labelled_table(group: Sequence[Part]) -> bool:
    """A table with a caption that says `Table 2:`, which needs no division round both."""
    captions = [part for part in group if part.kind is Kind.CAPTION]
    tables = sum(part.kind is Kind.TABLE for part in group)
    return (
        len(group) == _PAIR and len(captions) == tables == 1 and captions[0].text.lstrip().lower().startswith("table")
    )


_PAIR = 2


def _block(part: Part, numbers: Numbers) -> str:
    text = inline(part.runs, numbers)
    match part.kind:
        case Kind.HEADING:
            return f"{'#' * max(1, min(part.level, 6))} {_one_line(text)}"
        case Kind.QUOTE:
            return "\n>\n".join(
                f"> {at_line_start(piece)}" for piece in [text, *(inline(more, numbers) for more in part.more)]
            )
        case Kind.IMAGE:
            return f"![{text}](<{part.source}>)"
        case Kind.TABLE:
            return _table(part, numbers)
        case Kind.CODE:
            return _code(part)
        case Kind.NAVIGATION:
            return f'::: {{.nonclaim reason="navigation of the live page"}}\n{at_line_start(text)}\n:::'
        case _:
            return at_line_start(text)


def _one_line(text: str) -> str:
    """A heading's text; closing number signs and braces would be taken for its frame and its attributes."""
    text = text.replace("\\{", "&#123;")
    return re.sub(r"(?:^|(?<=\s))(#+)$", lambda found: "".join("\\#" for _ in found[1]), text)


def _items(parts: list[Part], numbers: Numbers) -> str:
    lines: list[str] = []
    counts: dict[int, int] = {}
    indents: list[int] = [0]
    loose = any(part.more for part in parts)
    for part in parts:
        depth = min(part.level, len(indents) - 1)
        indents = indents[: depth + 1]
        counts = {level: count for level, count in counts.items() if level <= depth}
        counts[depth] = counts.get(depth, 0) + 1
        mark = f"{counts[depth]}." if part.ordered else "-"
        margin = " " * indents[depth]
        text = inline(part.runs, numbers)
        text = f"**{text}**" if part.more and _LABEL.fullmatch(text) else at_line_start(text)
        if loose and lines:
            lines.append("")
        lines.append(f"{margin}{mark} {text}")
        inner = margin + " " * (len(mark) + 1)
        for more in part.more:
            lines.extend(("", f"{inner}{at_line_start(inline(more, numbers))}"))
        indents.append(len(inner))
    return "\n".join(lines)


_LABEL = regex(r"[\w][\w ’'&/,.-]*[\w]:")


def _table(part: Part, numbers: Numbers) -> str:
    width = max((len(row) for row in part.rows), default=0)
    if not width:
        return ""
    rows = [
        [inline(cell, numbers).replace("|", "\\|") for cell in row] + [""] * (width - len(row)) for row in part.rows
    ]
    head, *body = rows
    lines = [head, ["---"] * width, *body]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def _code(part: Part) -> str:
    text = "".join(run.text for run in part.runs).strip("\n")
    longest = max((len(found) for found in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{text}\n{fence}"


def inline(runs: tuple[Run, ...], numbers: Numbers) -> str:
    """Runs as inline Markdown in one line."""
    pieces: list[str] = []
    plain = ""
    for run in _joined(_with_marks(runs, numbers)):
        if run.raised:
            piece = raised(run.text.strip())
            pieces.append(piece if piece != run.text.strip() else escaped(run.text, plain))
        else:
            pieces.append(_styled(run, plain))
        plain += run.text
    text = " ".join("".join(pieces).split())
    return _NOTE_OR_IMAGE.sub(r"\\\1", _BEHIND_MARK.sub(r"\1\\\2", text))


def _with_marks(runs: tuple[Run, ...], numbers: Numbers) -> Iterator[Run]:
    """The runs, citations that stand above the line or glued to a stop made `[n]`."""
    before = ""
    bare = (replace(run, href="", strong=False, emphasised=False) if run.raised else run for run in runs)
    for run in _joined(bare):
        if run.raised:
            found = _RAISED_RUN.fullmatch(run.text)
            mark = _mark(found["numbers"], before, numbers) if found else ""
            yield Run(mark) if mark else run
        else:
            text = _RAISED_MARK.sub(partial(_risen, before=before, numbers=numbers), run.text)
            if numbers.glued:
                text = _GLUED_MARK.sub(lambda found: _mark(found["numbers"], "x.", numbers) or found[0], text)
            only_mark = NUMBER_MARK.fullmatch(text.strip()) is not None
            yield replace(run, text=text, href="" if only_mark else run.href)
        before += run.text


def _risen(found: re.Match[str], before: str, numbers: Numbers) -> str:
    return _mark(plain_digits(found[0]), before + found.string[: found.start()], numbers) or found[0]


def _mark(text: str, before: str, numbers: Numbers) -> str:
    """`[2,3]` where the numbers are of the list and the place is one for a citation; else empty."""
    named = expand(text)
    if not named or not numbers.known.issuperset(named) or _NOT_RAISED.search(before):
        return ""
    return f"[{re.sub(r'[–—⁻]', '-', text).replace(' ', '')}]"


def _joined(runs: Iterator[Run]) -> Iterator[Run]:
    """Neighbouring runs of one style as one."""
    for _, group in groupby(runs, key=lambda run: (run.raised, run.strong, run.emphasised, run.href)):
        same = list(group)
        yield replace(same[0], text="".join(run.text for run in same))


def _styled(run: Run, before: str) -> str:
    text = escaped(run.text, before)
    core = text.strip()
    if not core:
        return text
    lead, trail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    if run.href and _SAFE_LINK.fullmatch(run.href) and "[" not in core.replace("\\[", ""):
        core = f"[{core}](<{run.href}>)"
    elif run.strong or run.emphasised:
        stars = "*" * (2 * run.strong + run.emphasised)
        # Emphasis opens and closes beside letters and blanks only; elsewhere it would show its stars.
        clean = re.match(r"\w", core) and re.search(r"[\w.]$", core) and not (before[-1:].strip() and not lead)
        core = f"{stars}{core}{stars}" if clean and not NUMBER_MARK.search(core) and not _glued_after(run) else core
    return lead + core + trail


def _glued_after(run: Run) -> bool:
    return run.text[-1:] == "." and run.emphasised and run.strong


def escaped(text: str, before: str = "") -> str:
    """Text as Markdown that shows just it; marks such as `[4-6]` stay bare. `before` is what stands before it."""
    pieces: list[str] = []
    position = 0
    for mark in NUMBER_MARK.finditer(text):
        pieces += [_escape(text[position : mark.start()], (before + text)[: len(before) + position][-1:]), mark[0]]
        position = mark.end()
    pieces.append(_escape(text[position:], text[position - 1 : position] if position else before[-1:]))
    return "".join(pieces)


def _escape(text: str, before: str) -> str:
    def replaced(found: re.Match[str]) -> str:
        if found["key"]:
            last = (before + text[: found.start()])[-1:]
            return found[0] if last.isalnum() else f"\\{found[0]}"
        return f"\\{found[0]}"

    return _SPECIAL.sub(replaced, text)


def at_line_start(text: str) -> str:
    """Text that begins a line: what would begin a list, a heading or a fence there is escaped."""
    found = _LINE_START.match(text)
    if not found:
        return text
    return f"{found['before']}\\{text[found.end('before') :]}"
