"""An import from beginning to end, without writing: the page, the claims, the entries, and what to tell the user."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath

from kap_content.imports.citing import Works, with_citations
from kap_content.imports.claiming import Marked, Marker, NewClaim
from kap_content.imports.document import Document, ImportRefusedError, ListedReference
from kap_content.imports.emit import as_markdown, with_raised_marks
from kap_content.imports.heads import Head, written_head
from kap_content.imports.markdown_file import MarkdownPage, entry_of, read_markdown
from kap_content.imports.reading import Form, form_of, read_document, refuse_other_language, text_of
from kap_content.imports.references.entry import entry_key, entry_text, find_twin
from kap_content.imports.references.parsed import Parsed
from kap_content.imports.references.read import read_reference
from kap_content.load.page.reader import LARGEST_PAGE, parse_page
from kap_content.model.claim import Claim
from kap_content.model.lexicon import Lexicon
from kap_content.model.page import BlockKind
from kap_content.model.place import Place
from kap_content.model.reference import Reference


@dataclass(frozen=True, slots=True)
class ReadReference:
    """One reference of the page: its number, what was understood, its key, and whether the project had it."""

    number: int
    parsed: Parsed
    key: str
    known: bool = False


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import makes. `page` is the whole file; `entries` are BibTeX texts by key, in order.

    `missing` are numbers of marks that no reference has, with the line of the page where the first stands;
    `unknown` are keys cited in Markdown that no .bib has.
    """

    name: str
    title: str
    slug: str
    page: str
    sections: int
    marked: Marked
    references: tuple[ReadReference, ...] = ()
    entries: Mapping[str, str] = field(default_factory=dict)
    citations: int = 0
    missing: Mapping[int, int] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    unresolved: int = 0
    figures: int = 0
    unsourced: int = 0
    dropped: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    cited_entries: tuple[Reference, ...] = ()

    @property
    def claims(self) -> tuple[NewClaim, ...]:
        """The new claims, in the order of the page."""
        return self.marked.claims


@dataclass(slots=True)
class Importer:
    """Imports files one after another; each sees the claims and the entries of those before it.

    `partial` lets a page in whose list of references is cut off.
    """

    lexicon: Lexicon
    claims: list[Claim]
    references: list[Reference]
    partial: bool = False

    def read(self, name: str, data: bytes, folder: Path) -> Imported:
        """Import one file. `name` is what the user called it. Raises `ImportRefusedError`; nothing is written here."""
        form = form_of(name, data)
        if form is Form.MARKDOWN:
            done = self._markdown(name, read_markdown(name, text_of(name, data), folder))
        else:
            done = self._document(name, read_document(name, data, form))
        self.claims.extend(Claim(claim.id, Place(name), match_text=claim.text) for claim in done.claims)
        return done

    def _document(self, name: str, document: Document) -> Imported:
        body = as_markdown(document)
        if len(body) > LARGEST_PAGE:
            raise ImportRefusedError(
                f"the page is longer than {LARGEST_PAGE // 1_000_000} million characters", Place(name), "Split it."
            )
        title = document.title or PurePath(name).stem
        head = Head(title=title, subtitle=document.subtitle, description=document.description)
        done = self._imported(name, body, head, document.references)
        return replace(done, dropped=document.dropped, remarks=document.remarks)

    def _markdown(self, name: str, page: MarkdownPage) -> Imported:
        refuse_other_language(name, page.text)
        head = page.head if page.head.title else replace(page.head, title=PurePath(name).stem.replace("_", " "))
        if not page.text.strip():
            raise ImportRefusedError("the file holds no text", Place(name), "A page without prose needs no import.")
        text, entries, works = self._adopted(page)
        text = with_raised_marks(text, frozenset(one.number for one in page.listed))
        done = self._imported(name, text, head, page.listed, works)
        return replace(
            done,
            entries={**entries, **done.entries},
            citations=page.citations or done.citations,
            unknown=page.unknown,
            unresolved=page.unresolved,
            remarks=page.remarks,
            cited_entries=page.cited,
        )

    def _adopted(self, page: MarkdownPage) -> tuple[str, dict[str, str], dict[str, Reference]]:
        """The entries that the page brings along, renamed where the project uses their key for another work."""
        have = {reference.key: reference for reference in self.references}
        taken = {key.lower() for key in have}
        text, entries, works = page.text, {}, {}
        for reference in page.cited:
            key = reference.key
            ours = have.get(key)
            if ours is not None and dict(ours.fields) == dict(reference.fields):
                works[key] = reference
                continue
            if key.lower() in taken:
                key = next(name for name in (f"{key}-{letter}" for letter in "bcdefghijk") if name.lower() not in taken)
                text = re.sub(rf"(?<![\w\\])@{re.escape(reference.key)}(?![\w:-])", f"@{key}", text)
            taken.add(key.lower())
            entries[key] = entry_of(reference, key)
            works[key] = replace(reference, key=key)
        self.references.extend(works[key] for key in entries)
        return text, entries, works

    def _imported(
        self,
        name: str,
        body: str,
        head: Head,
        listed: Sequence[ListedReference],
        works: Mapping[str, Reference] | None = None,
    ) -> Imported:
        read, entries = self._read_list(listed)
        known = {**(works or {}), **{one.key: one.parsed.as_reference(one.key) for one in read}}
        page = parse_page(name, body)
        cited = with_citations(body, page, {one.number: one.key for one in read}, Works(known))
        if not self.partial:
            _refuse_cut_list(name, read, listed, cited.missing)
        marker = Marker(
            Works(known),
            self.lexicon,
            _ids(head.title, {claim.id for claim in self.claims}),
            self.claims,
            f"imported from {PurePath(name).name}",
        )
        marked = marker.mark(cited.text)
        final = written_head(head) + marked.text
        result = parse_page(name, final)
        divisions = [figure for figure in result.figures if figure.kind == "figure"]
        figures = [
            figure
            for figure in result.figures
            if figure.kind == "figure"
            or not any(one.blocks[0] <= figure.blocks[0] and figure.blocks[1] <= one.blocks[1] for one in divisions)
        ]
        return Imported(
            name=name,
            title=head.title,
            slug=slug(head.title) or "page",
            page=final,
            sections=sum(block.kind is BlockKind.HEADING for block in result.blocks),
            marked=marked,
            references=read,
            entries=entries,
            citations=cited.marks,
            missing=cited.missing,
            figures=len(figures),
            unsourced=sum(not (figure.keys or figure.claims) for figure in figures),
        )

    def _read_list(self, listed: Sequence[ListedReference]) -> tuple[tuple[ReadReference, ...], dict[str, str]]:
        """Read the list of references; those the project has keep their key there."""
        read: list[ReadReference] = []
        entries: dict[str, str] = {}
        for one in listed:
            parsed = read_reference(one.text)
            twin = find_twin(parsed, self.references) if parsed.is_readable else None
            if twin is not None:
                read.append(ReadReference(one.number, parsed, twin.key, known=twin.key not in entries))
                continue
            key = entry_key(parsed, [reference.key for reference in self.references])
            entries[key] = entry_text(parsed, key)
            self.references.append(parsed.as_reference(key))
            read.append(ReadReference(one.number, parsed, key))
        return tuple(read), entries


def _refuse_cut_list(
    name: str, read: Sequence[ReadReference], listed: Sequence[ListedReference], missing: Mapping[int, int]
) -> None:
    """Refuse a list of references that ends in the middle: the claims would lose their sources unseen."""
    anyway = "Copy the page again to its end; --partial imports it as it is."
    if listed and _is_cut(read):
        last = listed[-1]
        end = " ".join(last.text.split())
        shown = end if len(end) <= _SHOWN else "… " + end[-_SHOWN:]
        raise ImportRefusedError(
            f"the list of references breaks off: number {last.number} ends with “{shown}”",
            Place(name, last.line or 1),
            anyway,
        )
    beyond = [number for number in missing if not read or number > max(one.number for one in read)]
    if beyond:
        what = (
            f"the list of references ends with {max(one.number for one in read)}"
            if read
            else "there is no list of references"
        )
        shown = ", ".join(f"[{number}]" for number in sorted(beyond)[:_MOST])
        raise ImportRefusedError(f"the page cites {shown}, but {what}", Place(name), anyway)


_SHOWN, _MOST = 60, 8
_OPEN = tuple("-–,;:(&")


def _is_cut(read: Sequence[ReadReference]) -> bool:
    """Whether the last reference is a torso: no title with a year, venue or address, and no full stop at its end."""
    parsed = read[-1].parsed
    ends = parsed.original.rstrip()[-1:]
    placed = any(
        parsed.fields.get(name)
        for name in ("journal", "doi", "url", "publisher", "institution", "pmid", "school", "booktitle")
    )
    if ends in _OPEN or parsed.original.count("(") > parsed.original.count(")"):
        return True
    if placed or ends in ".)]":
        return False
    others = [one.parsed for one in read[:-1]]
    return not parsed.is_readable or bool(others) or not parsed.fields.get("year")


def slug(title: str) -> str:
    """`Ketamine for Anxiety` as `ketamine-for-anxiety`."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain.replace("'", "").replace("’", ""))
    return "-".join(words)[:_LONGEST_SLUG].strip("-")


_LONGEST_SLUG = 80
_INITIALS, _LETTERS = 5, 4


def _ids(title: str, taken: set[str]) -> Callable[[], str]:
    """Ids such as `KFA-001` from the title's initials, going on where the project's end."""
    words = re.findall(r"[a-z0-9]+", slug(title))
    letters = "".join(word[0] for word in words[:_INITIALS]) if len(words) > 1 else "".join(words)[:_LETTERS]
    prefix = letters.upper() if letters[:1].isalpha() else f"P{letters.upper()}"
    used = [int(found[1]) for name in taken if (found := re.fullmatch(rf"{re.escape(prefix)}-(\d{{1,6}})", name))]
    numbers = _counted(max(used, default=0) + 1)
    return lambda: f"{prefix}-{next(numbers):03}"


def _counted(number: int) -> Iterator[int]:
    while True:
        yield number
        number += 1
