"""The list of references, formatted by a citation style (CSL).

citeproc-py, which reads the style, neither escapes what it is given nor spaces everything as the style says. So
text goes in as it is, the library's own mark-up is made of private-use characters that no input can hold, the
whole result is escaped, and only then do those characters become tags. Nothing from a file can become a tag.
"""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Iterator, MutableMapping
from functools import lru_cache
from hashlib import sha256
from html import escape
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING, Any

from kap_content.model.errors import SettingsError
from kap_content.model.reference import Reference
from kap_content.rendering.csl import CslItem, csl_item, pages
from kap_content.rendering.lettering import (
    CLOSING,
    DASH,
    END_FIRST,
    END_QUOTE,
    END_TITLE,
    FIRST,
    OPENING,
    PRIVATE,
    QUOTE,
    TAGS,
    TITLE,
    Quotes,
    clean,
    lettered,
)
from kap_content.rendering.links import doi_url, safe_url
from kap_content.startup.regex import regex
from kap_content.startup.values import dataclass

if TYPE_CHECKING:
    from citeproc import CitationStylesStyle

_RANGE = regex(r"(?<![^\s,&])([^\s,&-]+)-([^\s,&-]+)(?![^\s,&])")
_INDEPENDENT = "independent-parent"


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
        item = self.item(reference)
        content = json.dumps(item, sort_keys=True)
        name = sha256(f"{self._style}{content}".encode()).hexdigest()
        marked = self._kept.get(name)
        if marked is None:
            self._kept[name] = marked = marked_entry(self._csl, item)
        entry = _entry(reference.key, item, marked)
        self._made[reference.key] = (reference, entry)
        return entry


def format_reference(reference: Reference, csl: str) -> Entry:
    """Format `reference` by the style whose XML is `csl`."""
    return format_item(reference.key, csl_item(reference), csl)


def format_item(key: str, item: CslItem, csl: str) -> Entry:
    """Format a CSL item by the style whose XML is `csl`."""
    return _entry(key, item, marked_entry(csl, item))


def _entry(key: str, item: CslItem, marked: str) -> Entry:
    return Entry(key, PRIVATE.sub("", marked), _tagged(_linked(marked, item)))


def bundled_style(name: str) -> str | None:
    """The XML of a style that comes with the package, a dependent style replaced by the one it points at."""
    if not re.fullmatch(r"[a-z0-9-]+", name):
        return None
    file = files("kap_content.rendering") / "styles" / f"{name}.csl"
    if not file.is_file():
        return None
    xml = file.read_text("utf-8")
    parent = parent_style(xml)
    return bundled_style(parent) if parent else xml


def bundled_styles() -> tuple[str, ...]:
    """The names of the styles that come with the package."""
    folder = files("kap_content.rendering") / "styles"
    return tuple(sorted(file.name.removesuffix(".csl") for file in folder.iterdir() if file.name.endswith(".csl")))


def parent_style(xml: str) -> str:
    """The name of the style that a dependent style points at, or the empty string."""
    for link in re.findall(r"<link\b[^>]*>", xml):
        if f'rel="{_INDEPENDENT}"' in link:
            found = re.search(r'href="[^"]*/styles/([a-z0-9-]+)"', link)
            return found[1] if found else ""
    return ""


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
    style = _style(csl, editors_lead=anonymous and bool(data.get("editor")))
    if style.abbreviates_names:
        _drop_second_halves(data)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of every field that its own list lacks
        bibliography = citeproc.CitationStylesBibliography(style.style, CiteProcJSON([data]), _Marks)
        bibliography.register(citeproc.Citation([citeproc.CitationItem("entry")]))
        lines = bibliography.bibliography()
    text = lettered(str(lines[0]) if lines else "", style.quotes, title_case=style.is_english and _is_english(item))
    if anonymous and not data.get("editor"):
        text = _once(text, lettered(data.get("title", ""), style.quotes, title_case=False))
    mended = _mended(text.replace(DASH, style.range_dash))
    return _QUOTED_END.sub(r"\2\1", mended) if style.quotes_take_punctuation else mended


_NUMBERS = regex(r"(?<=\d)-(?=\d)")
_SECOND_HALF = regex(r"(?<=\w)-[^\W\d_]\w*")
_BRACKETS = regex(rf"[{CLOSING}]?((?: (?:\([^()]*\)|\[[^\[\]]*\]))+)")
_BRACKET = regex(r"\([^()]*\)|\[[^\[\]]*\]")
_AFTER = regex(rf"^[{CLOSING}]?[.,;:?!]*\s*[{CLOSING}]?")


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


def _drop_second_halves(data: dict[str, Any]) -> None:
    """Let `Guo-ping` be `Guo`: a style that abbreviates names makes `G` of it, the library `G-ping`."""
    for name in (name for role in ("author", "editor") for name in data.get(role, ()) if "given" in name):
        name["given"] = _SECOND_HALF.sub(lambda half: "" if half[0].islower() else half[0], name["given"])


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
        text = text[:start].rstrip(OPENING) + _AFTER.sub("", text[end:])
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


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A style ready to format one entry, and what it leaves to do behind the library."""

    style: CitationStylesStyle
    quotes: Quotes
    range_dash: str
    is_english: bool
    abbreviates_names: bool
    quotes_take_punctuation: bool


@lru_cache(maxsize=16)
def _style(csl: str, *, editors_lead: bool) -> _Prepared:
    """A style ready to format one entry.

    The list numbers the entries itself, so the number is taken out. The library joins the parts of a localised date
    by the delimiter of the element that asks for the date: it is given the date's own. It names editors again where
    they stood in for the author: with `editors_lead`, what would name them again is taken out. Title case and quotation
    marks become marks for `lettering`.
    """
    import citeproc

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            style = citeproc.CitationStylesStyle(BytesIO(csl.encode()), validate=False)
            if not style.has_bibliography():
                raise SettingsError("The citation style formats no bibliography")
    except (SyntaxError, AttributeError, ValueError) as error:
        raise SettingsError(f"The citation style cannot be read: {error}") from error
    root = style.root
    root.formatter = _Marks  # the terms go through it
    _mend(root, editors_lead=editors_lead)

    def term(name: str, otherwise: str) -> str:
        return str(root.get_single_term(name=name) or otherwise)

    return _Prepared(
        style,
        Quotes(
            (term("open-quote", "“"), term("close-quote", "”")),
            (term("open-inner-quote", "‘"), term("close-inner-quote", "’")),
        ),
        term("page-range-delimiter", "–"),
        str(root.get("default-locale", "en")).lower().startswith("en"),
        "initialize-with=" in csl,
        str(root.get_locale_option("punctuation-in-quote")).lower() == "true",
    )


def _mend(root: Any, *, editors_lead: bool) -> None:
    """Change the elements of a style as `_style` tells."""
    for element in [element for name in ("text", "number") for element in _elements(root, name)]:
        if element.get("variable") == "citation-number":
            element.getparent().remove(element)
    for element in _repeated(root) if editors_lead else ():
        others = [name for name in element.get("variable").split() if name != "editor"]
        if others:
            element.set("variable", " ".join(others))
        else:
            element.getparent().remove(element)
    for element in _elements(root, "date"):
        _delimit(root, element)
    for element in list(_elements(root, "choose")):
        _bind_word(root, element)
    for name in ("text", "label", "number"):
        for element in _elements(root, name):
            _set_marks(element)


def _delimit(root: Any, date: Any) -> None:
    """Give a date that asks for the language's form that form's delimiter."""
    if date.get("form") and not date.get("delimiter") and not date.getparent().tag.endswith("}locale"):
        localised = root.get_date(date.get("form"))
        if localised is not None and localised.get("delimiter"):
            date.set("delimiter", localised.get("delimiter"))


def _bind_word(root: Any, choose: Any) -> None:
    """Have a word in front of a number stand only where there is the number: the library sets it all the same."""
    behind = choose.getnext()
    if behind is None or not behind.get("macro") or not str(choose.getparent().tag).endswith("}group"):
        return
    called = [macro for macro in _elements(root, "macro") if macro.get("name") == behind.get("macro")]
    names = {element.get("variable") for macro in called for element in macro.iter() if element.get("variable")}
    if len(names) != 1:
        return
    for branch in choose:
        is_narrowed = str(branch.tag).endswith("if") and branch.get("match", "all") == "all"
        if is_narrowed and len(branch) and all(child.get("value") or child.get("term") for child in branch):
            branch.set("variable", f"{branch.get('variable', '')} {min(names)}".strip())


def _set_marks(element: Any) -> None:
    """Have the style put marks around what it wants in title case, with a first capital, or in quotation marks."""
    around = []
    if element.get("quotes") == "true":
        around.append((QUOTE, END_QUOTE))
    if element.get("text-case") in _CASES:
        around.append(_CASES[element.get("text-case")])
        element.attrib.pop("text-case")
    element.attrib.pop("quotes", None)
    if around:
        element.set("prefix", element.get("prefix", "") + "".join(before for before, _ in around))
        element.set("suffix", "".join(after for _, after in reversed(around)) + element.get("suffix", ""))


_CASES = {"title": (TITLE, END_TITLE), "capitalize-first": (FIRST, END_FIRST)}


def _repeated(root: Any) -> list[Any]:
    """The elements that name the editors, but for those by which they stand in for the author."""
    macros = {macro.get("name"): macro for macro in _elements(root, "macro")}
    kept: list[Any] = []
    for start in _elements(root, "substitute"):
        first = next((child for child in start if _names_editors(child)), None)
        waiting = [start if first is None else first]
        while waiting:
            part = waiting.pop()
            kept.extend(part.iter())
            called = {element.get("macro") for element in _elements(part, "text")} & macros.keys()
            waiting.extend(macro for name in called if (macro := macros[name]) not in kept)
    return [element for element in _elements(root, "names") if _names_editors(element) and element not in kept]


def _names_editors(element: Any) -> bool:
    return str(element.tag).endswith("}names") and "editor" in (element.get("variable") or "").split()


def _elements(root: Any, name: str) -> Iterator[Any]:
    return root.iter("{http://purl.org/net/xbiblio/csl}" + name)  # type: ignore[no-any-return]  # lxml has no types


def _mark(tag: str) -> type[str]:
    opening, closing = chr(TAGS[tag]), chr(TAGS[tag] + 1)

    class Mark(str):
        __slots__ = ()

        def __new__(cls, text: object) -> str:  # type: ignore[misc]  # the library calls these as functions
            return f"{opening}{text}{closing}"

    return Mark


class _Marks:
    """What citeproc-py calls a formatter: how it marks italics and so on."""

    Italic = Oblique = _mark("i")
    Bold = _mark("b")
    Light = SmallCaps = _mark("small")
    Underline = _mark("u")
    Superscript = _mark("sup")
    Subscript = _mark("sub")

    @staticmethod
    def preformat(text: object) -> str:
        return str(text)


_END = regex(rf"([.?!]['\"’”]?[{CLOSING}]*)\.(?=\s|$)")
_DOI_LABEL = regex(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s?)$", re.IGNORECASE)
_QUOTED_END = regex(rf"([”\"][{CLOSING}]?)([.,])(?=\s|$)")
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
