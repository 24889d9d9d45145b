"""The list of references, formatted by a citation style (CSL).

citeproc-py, which reads the style, neither escapes what it is given nor spaces everything as the style says. So
text goes in as it is, the library's own mark-up is made of private-use characters that no input can hold, the
whole result is escaped, and only then do those characters become tags. Nothing from a file can become a tag.
"""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import MutableMapping
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from typing import TYPE_CHECKING, Any

from kap_content.model.reference import Reference
from kap_content.rendering.csl import CslItem, csl_item, pages
from kap_content.rendering.csl_styles import Marks, prepared
from kap_content.rendering.lettering import (
    CLOSING,
    DASH,
    OPENING,
    PRIVATE,
    TAGS,
    clean,
    lettered,
)
from kap_content.rendering.links import doi_url, safe_url
from kap_content.startup.regex import regex

if TYPE_CHECKING:
    pass

_RANGE = regex(r"(?<![^\s,&])([^\s,&-]+)-([^\s,&-]+)(?![^\s,&])")


@dataclass(frozen=True, slots=True)
class Entry:
    """A formatted reference: `text` as plain words, `html` escaped, with our own tags and links only."""

    key: str
    text: str
    html: str


class Entries:
    """The references of a style, each formatted once.

    `kept` holds what was formatted, with marks in place of tags, by a hash of style and content: an earlier run's too.
    """

    def __init__(self, csl: str, kept: MutableMapping[str, str] | None = None, tool: str = "") -> None:
        self._csl = csl
        self._kept = {} if kept is None else kept
        self._style = sha256(f"{tool}\0{csl}".encode("utf-8", "surrogatepass")).hexdigest()
        self._made: dict[str, tuple[Reference, Entry]] = {}
        self._items: dict[str, tuple[Reference, CslItem]] = {}

    def item(self, reference: Reference) -> CslItem:
        """What styles are given of `reference`."""
        known = self._items.get(reference.key)
        if known is None or known[0] is not reference:
            self._items[reference.key] = known = (reference, csl_item(reference))
        return known[1]

    def of(self, reference: Reference) -> Entry:
        """`reference` as an entry of the list."""
        made = self._made.get(reference.key)
        if made is not None and made[0] is reference:
            return made[1]
        marked = self._kept.get(self._name(reference))
        if marked is None:
            name, marked = self.formatted(reference)
            self._kept[name] = marked
        entry = _entry(reference.key, self.item(reference), marked)
        self._made[reference.key] = (reference, entry)
        return entry

    def is_kept(self, reference: Reference) -> bool:
        """Whether `reference` was formatted already, by this run or an earlier one."""
        return self._name(reference) in self._kept

    def formatted(self, reference: Reference) -> tuple[str, str]:
        """What is kept of `reference`: a name for it, and the entry with marks in place of tags."""
        return self._name(reference), marked_entry(self._csl, self.item(reference))

    def _name(self, reference: Reference) -> str:
        content = json.dumps(self.item(reference), sort_keys=True)
        return sha256(f"{self._style}{content}".encode()).hexdigest()


def format_reference(reference: Reference, csl: str) -> Entry:
    """Format `reference` by the style whose XML is `csl`."""
    return format_item(reference.key, csl_item(reference), csl)


def format_item(key: str, item: CslItem, csl: str) -> Entry:
    """Format a CSL item by the style whose XML is `csl`."""
    return _entry(key, item, marked_entry(csl, item))


def _entry(key: str, item: CslItem, marked: str) -> Entry:
    return Entry(key, PRIVATE.sub("", marked), _tagged(_linked(marked, item)))


def marked_entry(csl: str, item: CslItem) -> str:
    """The entry with marks in place of tags, its number removed and its letters mended."""
    import citeproc
    from citeproc.source.json import CiteProcJSON

    data = _clean(item)
    if "page" in data:
        data["page"] = _RANGE.sub(_guarded, pages(str(data["page"])))
    for role in ("author", "editor"):
        if role in data:
            data[role] = [_whole_name(name) for name in data[role]]
    for name in ("issue", "volume"):
        if name in data:
            data[name] = _NUMBERS.sub(DASH, str(data[name]))
    anonymous = not data.get("author")
    style = prepared(csl, editors_lead=anonymous and bool(data.get("editor")))
    for role in style.shortened & data.keys():
        data[role] = [_ready_for_initials(name) for name in data[role]]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of every field that its own list lacks
        bibliography = citeproc.CitationStylesBibliography(style.style, CiteProcJSON([data]), Marks)
        bibliography.register(citeproc.Citation([citeproc.CitationItem("entry")]))
        lines = bibliography.bibliography()
    text = lettered(str(lines[0]) if lines else "", style.quotes, title_case=style.is_english and _is_english(item))
    if anonymous and not data.get("editor"):
        text = _once(text, lettered(data.get("title", ""), style.quotes, title_case=False))
    mended = _mended(text.replace(DASH, style.range_dash))
    if style.quotes_take_punctuation:
        mended = _INNER_END.sub(r"\1\3\2", _QUOTED_END.sub(r"\2\1", mended))
    return mended


_NUMBERS = regex(r"(?<=\d)-(?=\d)")
_SECOND_HALF = regex(r"(?<=\w)-[^\W\d_]\w*")
_SIGNS = "ʿʾʻʼ`‘’'"
"""What may stand before the first letter of a name in another alphabet."""
_EAST_ASIAN = "\u2e80"
"""From this character on, names are written without a blank."""
_BRACKETS = regex(rf"[{CLOSING}]?((?: (?:\([^()]*\)|\[[^\[\]]*\]))+)")
_BRACKET = regex(r"\([^()]*\)|\[[^\[\]]*\]")
_AFTER = regex(rf"^[{CLOSING}]?[.,;:?!]*[’”]?[.,;:]?\s*[{CLOSING}]?")


def _guarded(found: re.Match[str]) -> str:
    """A page range with its dash hidden from the library, which would print 1-7 for 1-17, unless its ends are alike."""
    first, last = found.groups()
    alike = first.isdigit() and last.isdigit() and len(first) == len(last)
    return found[0] if alike else f"{first}{DASH}{last}"


def _whole_name(name: dict[str, Any]) -> dict[str, Any]:
    """A name with one part only as it stands, for which the library would set a comma, or initials."""
    parts = {key: str(value) for key, value in name.items() if value}
    return (
        {"literal": parts["family"]}
        if parts.keys() == {"family"}
        else {"literal": parts["given"]}
        if parts.keys() == {"given"}
        else name
    )


def _ready_for_initials(name: dict[str, str]) -> dict[str, str]:
    """The name with given names such as the library makes initials of.

    `Guo-ping` is `Guo`: a style that shortens names makes `G` of it, the library `G-ping`. A first name in small
    letters or behind a sign (`ʿAlāʾ`) has a capital, small words at the end (`Maria da`) are a particle, and a name in
    a script without capitals is left whole: of each the library would make a lone full stop.
    """
    given = _SECOND_HALF.sub(lambda half: "" if half[0].islower() else half[0], name.get("given", ""))
    words = [word.lstrip(_SIGNS) or word for word in given.split()]
    if not words:
        return name
    if not any(letter.isupper() or letter.islower() for letter in given):
        between = "" if min(given) >= _EAST_ASIAN else " "
        return {"literal": f"{name.get('family', '')}{between}{given}".strip()}
    end = len(words)
    while end > 1 and words[end - 1].isalpha() and words[end - 1].islower():
        end -= 1
    particle = " ".join((name.get("dropping-particle", ""), *words[end:])).strip()
    ready = {**name, "given": " ".join((words[0][:1].upper() + words[0][1:], *words[1:end]))}
    return {**ready, "dropping-particle": particle} if particle else ready


def _is_english(item: CslItem) -> bool:
    return str(item.get("language", "en")).lower().startswith("en")


def _once(text: str, title: str) -> str:
    """The entry with its title once: where it stands in for the author, the library sets it again in its own place.

    What stands in brackets behind it there, such as the edition, is set again as well.
    """
    title_alone = rf"(?<![\w/.@]){re.escape(title)}(?![\w/@]|\.\w)"
    places = list(re.finditer(title_alone, text, re.IGNORECASE)) if title else []
    if len(places) > 1:
        start, end = places[1].span()
        text = text[:start].rstrip(f"{OPENING}“‘") + _AFTER.sub("", text[end:])
    behind = _BRACKETS.match(text, places[0].end()) if places else None
    for bracket in _BRACKET.findall(behind[1]) if behind else ():
        first = text.index(bracket) + len(bracket)
        text = text[:first] + re.sub(rf" ?{re.escape(bracket)}\.?", "", text[first:], count=1)
    return text


def _clean(value: Any) -> Any:
    """A copy of the item, its texts cleaned."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_clean(part) for part in value]
    if isinstance(value, dict):
        return {key: _clean(part) for key, part in value.items()}
    return value


_END = regex(rf"([.?!]['\"’”]?[{CLOSING}]*)\.(?=\s|$)")
_DOI_LABEL = regex(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s?)$", re.IGNORECASE)
_QUOTED_END = regex(rf"([”\"][{CLOSING}]?)([.,])(?=\s|$)")
_INNER_END = regex(rf"(‘[^‘’“”]*)(’[{CLOSING}]?)([.,])(?=[{CLOSING}]?”)")
"""A full stop or comma inside the outer quotation marks and behind the inner ones."""
_ET_AL = regex(r",? (?:&|and) et al\b\.?")


def _mended(text: str) -> str:
    """Put right what the library gets wrong: a full stop after `?` or `.`, spaces doubled or before punctuation."""
    text = _ET_AL.sub(", et al.", text)
    text = re.sub(r"[ \t\u00a0]{2,}", " ", text)
    text = re.sub(r" +([.,;:](?:\s|$))", r"\1", text)
    text = _END.sub(r"\1", text)
    return text.strip()


def _tagged(text: str) -> str:
    for tag, code in TAGS.items():
        opening, closing = ('<span class="small-caps">', "</span>") if tag == "small" else (f"<{tag}>", f"</{tag}>")
        text = text.replace(chr(code), opening).replace(chr(code + 1), closing)
    return text


def _linked(marked: str, item: CslItem) -> str:
    """Escape the entry, and make links of its DOI and of its URL where that is a safe one."""
    start, end, target, kind = _link(marked, item)
    if not target:
        return escape(marked)
    link = f'<a class="{kind}" href="{escape(target)}">{escape(marked[start:end])}</a>'
    return escape(marked[:start]) + link + escape(marked[end:])


def _link(marked: str, item: CslItem) -> tuple[int, int, str, str]:
    """Where the entry shows its DOI or else its URL, the address that this leads to, and which of the two it is."""
    doi, url = item.get("DOI"), item.get("URL")
    if isinstance(doi, str):
        places = list(re.finditer(re.escape(doi), marked, re.IGNORECASE))
        if places:
            label = _DOI_LABEL.search(marked[: places[-1].start()])
            return (label or places[-1]).start(), places[-1].end(), doi_url(doi), "doi"
    if isinstance(url, str):
        at, target = marked.rfind(url), safe_url(url)
        if at >= 0 and target:
            return at, at + len(url), target, "url"
    return 0, 0, "", ""
