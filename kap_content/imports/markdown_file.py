"""Markdown, pandoc, Quarto and R Markdown files: the text stays as it is, citations are resolved against their .bib."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from kap_content.imports.citing import Edit, Source, apply
from kap_content.imports.document import ImportRefusedError, ListedReference
from kap_content.imports.heads import Head, read_head
from kap_content.imports.references.read import LABEL
from kap_content.imports.structure import REFERENCES, looks_listed
from kap_content.load.bib import parse_bib
from kap_content.load.bib.crossref import inherit
from kap_content.load.page.markdown import without_head
from kap_content.load.page.reader import LARGEST_PAGE, parse_page
from kap_content.load.text import Text, read_text
from kap_content.model.page import BlockKind, Citation, Page
from kap_content.model.place import Place
from kap_content.model.reference import Reference
from kap_content.startup.regex import regex
from kap_content.works.bibtex import written_entry

_SIBLINGS = ("index.Rmd", "index.rmd", "index.qmd", "_quarto.yml", "_metadata.yml", "_bookdown.yml", "_output.yml")
_CROSS_REFERENCE = regex(
    r"(?:fig|tbl|sec|eq|lst|thm|lem|cor|prp|cnj|def|exm|exr|nte|tip|wrn|imp|cau)-[\w-]+", re.IGNORECASE
)
_PART = regex(r"#[ \t]+\((?:PART|APPENDIX)\*?\)[^\n]*(?:\n|$)")
_NOT_OURS = (
    ("R or Python chunks", regex(r"^[ \t]*```+\s*\{", re.MULTILINE)),
    ("values computed in the text (`r ...`)", regex(r"(?<!`)`(?:r|python)\s[^`\n]+`")),
    ("cross-references (\\@ref)", regex(r"\\@ref\([^)]*\)")),
    ("index entries (\\index)", regex(r"\\index\{")),
    ("short codes ({{< ... >}})", regex(r"\{\{[<%]")),
    ("formulas", regex(r"\$\$|(?<![\\$\w])\$(?=\S)[^$\n]+?(?<=\S)\$(?!\w)")),
    ("HTML tags", regex(r"^\s*<(?!!--)[A-Za-z/][^>\n]*>", re.MULTILINE)),
)


@dataclass(frozen=True, slots=True)
class MarkdownPage:
    """What a Markdown file holds. `cited` are the entries of its .bib that it cites.

    `unknown` are the keys without an entry, `unresolved` counts the citations of them. `listed` is a list of
    references typed out in the text, which was taken out of `text`.
    """

    text: str
    head: Head
    cited: tuple[Reference, ...] = ()
    citations: int = 0
    unknown: tuple[str, ...] = ()
    unresolved: int = 0
    listed: tuple[ListedReference, ...] = ()
    remarks: tuple[str, ...] = ()


def read_markdown(name: str, source: str, folder: Path) -> MarkdownPage:
    """Read a file's text; its .bib files are looked for beside it, in `folder`."""
    if len(source) > LARGEST_PAGE:
        raise ImportRefusedError(
            f"the page is longer than {LARGEST_PAGE // 1_000_000} million characters", Place(name), "Split it."
        )
    body, written = without_head(source)
    head = read_head(written) if written is not None else Head()
    remarks: list[str] = []
    if head is None:
        remarks.append("its YAML head could not be read and was left out")
        head = Head()
    text = body.lstrip("\n")
    page = parse_page(name, text)
    part = _PART.match(text)
    if part:
        remarks.append(f"left out, a sign for bookdown: “{part[0].strip()}”")
        text = text[part.end() :].lstrip("\n")
        page = parse_page(name, text)
    text, head = _titled(text, page, head)
    if text.startswith("---"):
        # A rule at the top of the text is not the opening of a head.
        text = "\n" + text
    page = parse_page(name, text)
    if head.others:
        remarks.append(f"fields of its head that kap has no place for: {', '.join(head.others)}")
    known, paths = _bibliography(folder, head, wanted=bool(page.citations), remarks=remarks)
    crossed = [one for one in page.citations if one.key not in known and _CROSS_REFERENCE.fullmatch(one.key)]
    text = _escaped_keys(text, crossed)
    keys = [citation.key for citation in page.citations if citation not in crossed]
    cited = {key: known[key] for key in keys if key in known}
    unknown = Counter(key for key in keys if key not in known)
    text, listed = _without_list(name, text) if not keys else (text, ())
    if paths:
        remarks.append(f"bibliography: {', '.join(paths)}")
    remarks.extend(_not_ours(text, len(crossed)))
    return MarkdownPage(
        text.rstrip() + "\n",
        head,
        tuple(cited.values()),
        len(keys),
        tuple(unknown),
        unknown.total(),
        listed,
        tuple(remarks),
    )


def _titled(text: str, page: Page, head: Head) -> tuple[str, Head]:
    """The title: the head's, or that of a heading of the first level with which the page begins."""
    first = page.blocks[0] if page.blocks else None
    if head.title or first is None or first.kind is not BlockKind.HEADING:
        return text, head
    lines = text.split("\n")
    line = first.place.line - 1
    if lines[line].startswith("# ") and not any(one.strip() for one in lines[:line]):
        return "\n".join(lines[line + 1 :]).lstrip("\n"), _with_title(head, first.text)
    return text, head


def _with_title(head: Head, title: str) -> Head:
    return Head(title, head.subtitle, head.description, head.language, head.authors, head.bibliographies, head.others)


def _escaped_keys(text: str, citations: Iterable[Citation]) -> str:
    source = Source(text)
    edits = []
    for citation in citations:
        start, _ = source.span(citation.place)
        if text[start : start + 1] == "@":
            edits.append(Edit(start, start, "\\"))
    return apply(text, edits)


def _bibliography(
    folder: Path, head: Head, *, wanted: bool, remarks: list[str]
) -> tuple[Mapping[str, Reference], tuple[str, ...]]:
    """The entries of the .bib files that the head names, or else its neighbours in a book, or all beside it."""
    if not wanted and not head.bibliographies:
        return {}, ()
    names = head.bibliographies or _of_book(folder)
    if not names:
        names = tuple(sorted(path.name for path in folder.glob("*.bib")))
        if names:
            remarks.append("no bibliography is named: those in the same folder were used")
    references: list[Reference] = []
    read: list[str] = []
    macros: dict[str, str] = {}
    for name in names:
        path = folder / (name if name.endswith(".bib") else f"{name}.bib")
        text = read_text(path, name)
        if not isinstance(text, Text):
            remarks.append(f"its bibliography {name} could not be read: {text.problem.message}")
            continue
        entries, _ = parse_bib(name, text.text, macros)
        references.extend(entries)
        read.append(name)
    found: dict[str, Reference] = {}
    for reference in inherit(references):
        found.setdefault(reference.key, reference)
    return found, tuple(read)


def _of_book(folder: Path) -> tuple[str, ...]:
    for name in _SIBLINGS:
        path = folder / name
        if not path.is_file():
            continue
        text = read_text(path, name)
        if not isinstance(text, Text):
            continue
        _, written = without_head(text.text)
        head = read_head(text.text if name.endswith(".yml") else written or "")
        if head is not None and head.bibliographies:
            return head.bibliographies
    return ()


def entry_of(reference: Reference, key: str) -> str:
    """A cited entry as text, its fields as its own file has them, macros and what it inherits written out."""
    fields = {name: value for name, value in reference.raw.items() if name not in ("crossref", "xdata")}
    for name, value in reference.fields.items():
        if name not in ("crossref", "xdata"):
            fields.setdefault(name, value)
    return written_entry(reference.type, key, ((name, " ".join(value.split())) for name, value in fields.items()))


def _without_list(name: str, text: str) -> tuple[str, tuple[ListedReference, ...]]:
    """Take a list of references typed out at the end out of the text."""
    page = parse_page(name, text)
    at = next(
        (
            index
            for index in range(len(page.blocks) - 1, -1, -1)
            if page.blocks[index].kind is BlockKind.HEADING and REFERENCES.fullmatch(page.blocks[index].text)
        ),
        None,
    )
    if at is None:
        return text, ()
    lines = text.split("\n")
    found: list[ListedReference] = []
    last = page.blocks[at].place.line
    for block in page.blocks[at + 1 :]:
        if block.kind is BlockKind.HEADING:
            break
        for written in _entries(lines[block.place.line - 1 : block.place.end_line], block.text):
            label = LABEL.match(written[0])
            number = int(label["number"] or label["square"] or 0) if label else 0
            found.append(ListedReference(number or len(found) + 1, written[1], block.place.line))
        last = block.place.end_line
    if not found or not any(looks_listed(one.text) for one in found):
        return text, ()
    kept = lines[: page.blocks[at].place.line - 1] + lines[last:]
    return "\n".join(kept), tuple(found)


def _entries(lines: list[str], text: str) -> Iterator[tuple[str, str]]:
    """One block's references, as written and as shown: a block, or a line each where all lines have numbers."""
    if len(lines) > 1 and all(LABEL.match(line) for line in lines):
        yield from ((line, line) for line in lines)
    else:
        yield lines[0], text


def _not_ours(text: str, crossed: int) -> Iterator[str]:
    counts = [(name, len(pattern.findall(text))) for name, pattern in _NOT_OURS]
    if crossed:
        counts.append(("cross-references (@fig-...)", crossed))
    told = [f"{count} {name}" for name, count in counts if count]
    if told:
        yield f"left as they stand, kap does not run or resolve them: {', '.join(told)}"
