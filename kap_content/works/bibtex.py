"""A registry's record as a BibTeX entry, with the fields that AMA style prints, in Unicode."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence

from kap_content.model.record import Record
from kap_content.model.reference import Name
from kap_content.startup.regex import regex

_TYPES = {
    "journal-article": "article",
    "posted-content": "article",
    "article-journal": "article",
    "peer-review": "article",
    "book": "book",
    "monograph": "book",
    "edited-book": "book",
    "reference-book": "book",
    "book-chapter": "incollection",
    "chapter": "incollection",
    "book-section": "incollection",
    "reference-entry": "incollection",
    "proceedings-article": "inproceedings",
    "paper-conference": "inproceedings",
    "dissertation": "phdthesis",
    "thesis": "phdthesis",
    "report": "techreport",
    "dataset": "dataset",
    "software": "software",
}
_HOUSES = {"phdthesis": "school", "techreport": "institution"}
_SERVERS = {
    "10.48550/arxiv.": "arXiv",
    "10.2139/ssrn.": "SSRN",
    "10.21203/rs.": "Research Square",
    "10.31234/": "PsyArXiv",
    "10.31219/": "OSF Preprints",
    "10.20944/preprints": "Preprints.org",
    "10.26434/": "ChemRxiv",
}
_BIORXIV = regex(r"10\.(?:1101|64898)/(?:\d{4}\.\d\d\.\d\d\.)?(\d{6,8})$")
_MEDRXIV_DIGITS = 8
_SPECIAL = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{mark: f"\\{mark}" for mark in "&%$#_{}"},
}
_PROTECTED = regex(r"[^\s:;,.!?()\[\]“”\"‘’/]*[^\s:;,.!?()\[\]“”\"‘’/][A-Z][^\s:;,.!?()\[\]“”\"‘’/]*")
_MOST_AUTHORS = 50
_SMALL_WORDS = frozenset({"a", "an", "the", "on", "of", "in", "and", "for"})
_ALPHABET = "abcdefghijklmnopqrstuvwxyz"


def bibtex_key(record: Record, taken: Collection[str] = ()) -> str:
    """A key such as `glue2018`; with a letter (`glue2018a`) where it is taken already, in whatever case."""
    family = next((name.family or name.literal for name in (*record.authors, *record.editors)), "")
    words = re.findall(r"[a-z0-9]+", _ascii(f"{family}" if family else record.title).lower())
    telling = [word for word in words if word not in _SMALL_WORDS] or ["work"]
    # A group, or a title, by its first word; a family name whole, however many words it has.
    is_person = any(name.family for name in (*record.authors, *record.editors)[:1])
    base = ("".join(words) if is_person and words else telling[0]) + _year(record)
    used = {key.lower() for key in taken}
    if base not in used:
        return base
    return next(key for key in (base + suffix for suffix in _suffixes()) if key not in used)


def bibtex_entry(record: Record, key: str) -> str:
    """The entry as text, ending in a line break."""
    kind = entry_type(record)
    return written_entry(kind, key, _fields(record, kind))


def written_entry(kind: str, key: str, fields: Iterable[tuple[str, str]]) -> str:
    """An entry of fields that are BibTeX already; empty ones are left out."""
    given = [(name, value) for name, value in fields if value]
    width = max((len(name) for name, _ in given), default=0)
    lines = "".join(f"  {name:<{width}} = {{{value}}},\n" for name, value in given)
    return f"@{kind}{{{key},\n{lines}}}\n"


def written_text(text: str, *, title: bool = False) -> str:
    """Unicode text as a field's value; a `title` keeps the capitals that a style must not touch."""
    return _protected(text) if title else _escaped(text)


def written_names(names: Sequence[Name], *, others: bool = False) -> str:
    """Names as an author field, with `and others` where the list goes on."""
    return " and ".join([*(_name(name) for name in names), *(["others"] if others and names else [])])


def written_pages(pages: str) -> str:
    """A range of pages with an en dash and its last page in full."""
    return _escaped(_pages(pages))


def record_fields(record: Record, kind: str) -> dict[str, str]:
    """What a record says, as the fields of an entry of type `kind`; what it does not say is left out."""
    return {name: value for name, value in _fields(record, kind) if value}


def entry_type(record: Record) -> str:
    """The entry type for a record; `misc` for an unknown one."""
    return _TYPES.get(record.type, "misc")


def _fields(record: Record, kind: str) -> Iterator[tuple[str, str]]:
    yield "author", _names(record.authors)
    if kind in ("book", "incollection"):
        yield "editor", _names(record.editors)
    yield "title", _title(record)
    full, short = _containers(record)
    if kind == "article":
        yield "journal", _escaped(full or _server(record))
        yield "shortjournal", _escaped(short)
    elif kind in ("incollection", "inproceedings"):
        yield "booktitle", _protected(full)
    yield "year", _year(record)
    yield "volume", _escaped(record.volume)
    yield "number", _escaped(record.issue)
    yield "pages", _escaped(_pages(record.pages))
    if not record.pages:
        yield "eid", _escaped(record.article_number)
    if kind != "article":
        yield _HOUSES.get(kind, "publisher"), _escaped(record.publisher)
    yield "doi", _verbatim(record.answered or record.asked)
    yield "pmid", record.pmid


def _year(record: Record) -> str:
    """The year of the issue where there is one: AMA dates an article by it, not by its first day online."""
    day = (record.print if record.volume else None) or record.issued or record.online or record.print
    return f"{day.year}" if day else ""


def _title(record: Record) -> str:
    title = record.title.rstrip(" .") if not record.title.endswith("...") else record.title
    subtitle = record.subtitle.strip()
    if subtitle and subtitle.casefold() not in title.casefold():
        title = f"{title.rstrip(':')}: {subtitle.rstrip(' .')}"
    return _protected(title)


def _containers(record: Record) -> tuple[str, str]:
    """The journal's full title, and its abbreviation without full stops, empty where none is known."""
    if not record.containers:
        return "", ""
    full = record.containers[0]
    others = [text.replace(".", " ") for text in record.containers[1:]]
    short = [" ".join(text.split()) for text in others if _abbreviates(text, full)]
    best = min(short, key=len, default="")
    return full, best if best.casefold() != full.casefold() else ""


def _abbreviates(short: str, full: str) -> bool:
    """Whether each word of `short` begins a word of `full`, in order: `J Ex` of `Journal of Examples`."""
    words = iter(re.findall(r"\w+", _ascii(full).lower()))
    parts = re.findall(r"\w+", _ascii(short).lower())
    return bool(parts) and all(any(word.startswith(part) for word in words) for part in parts)


def _server(record: Record) -> str:
    """The preprint server, which Crossref does not file as a journal."""
    doi = (record.answered or record.asked).lower()
    match = _BIORXIV.match(doi)
    if match:
        return "medRxiv" if len(match[1]) == _MEDRXIV_DIGITS else "bioRxiv"
    return next((name for prefix, name in _SERVERS.items() if doi.startswith(prefix)), record.publisher)


def _names(names: Sequence[Name]) -> str:
    shown = [_name(name) for name in names[:_MOST_AUTHORS]]
    return " and ".join([*shown, *(["others"] if len(names) > _MOST_AUTHORS else [])])


def _name(name: Name) -> str:
    if not name.family:
        return f"{{{_escaped(name.literal)}}}"
    family = _escaped(name.family)
    if "," in family or " and " in f" {family.lower()} ":
        family = f"{{{family}}}"
    # A particle in lower case is one to BibTeX by itself; an inner one must not be taken for it.
    whole = f"{_escaped(name.particle)} {family}".strip()
    return ", ".join(part for part in (whole, _escaped(name.suffix), _escaped(name.given)) if part)


def _pages(pages: str) -> str:
    """`101-10` as `101--110`: the last page in full, an en dash between."""
    match = re.fullmatch(r"(\w+)\s*[-\u2010-\u2015\u2212]+\s*(\w+)", pages)
    if match is None:
        return pages
    first, last = match.groups()
    if first.isdecimal() and last.isdecimal() and len(last) < len(first):
        last = first[: len(first) - len(last)] + last
    return first if first == last else f"{first}--{last}"


def _protected(text: str) -> str:
    """Escaped, with braces round words whose capitals a style must not touch (`NMDA`, `mRNA`)."""
    text = _one_line(text)
    parts, end = [], 0
    for match in _PROTECTED.finditer(text):
        parts += [_marks(text[end : match.start()]), f"{{{_marks(match[0])}}}"]
        end = match.end()
    return "".join([*parts, _marks(text[end:])])


def _escaped(text: str) -> str:
    return _marks(_one_line(text))


def _one_line(text: str) -> str:
    """White space made single, and parentheses for braces that do not match.

    BibTeX counts escaped braces too when it looks for the end of a field.
    """
    depth = 0
    for mark in text:
        depth += {"{": 1, "}": -1}.get(mark, 0)
        if depth < 0:
            break
    return " ".join((text.replace("{", "(").replace("}", ")") if depth else text).split())


def _marks(text: str) -> str:
    return "".join(_SPECIAL.get(mark, mark) for mark in text)


def _verbatim(text: str) -> str:
    """As it is: a DOI is never read as TeX, unless its braces would end the field."""
    return _escaped(text) if set(text) & set("{}%\\") else text


def _ascii(text: str) -> str:
    for letter, plain in (
        ("ø", "o"),
        ("Ø", "O"),
        ("ł", "l"),
        ("Ł", "L"),
        ("ß", "ss"),
        ("æ", "ae"),
        ("đ", "d"),
        ("ı", "i"),
    ):
        text = text.replace(letter, plain)
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def _suffixes() -> Iterator[str]:
    """a, b, ... z, aa, ab, ..."""
    for before in ("", *_ALPHABET):
        for letter in _ALPHABET:
            yield before + letter
