"""Citation styles made ready for citeproc-py: what that library would get wrong is taken out before it reads them."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING, Any

from kap_content.model.errors import SettingsError
from kap_content.rendering.lettering import (
    END_FIRST,
    END_QUOTE,
    END_TITLE,
    FIRST,
    QUOTE,
    TAGS,
    TITLE,
    Quotes,
)

if TYPE_CHECKING:
    from citeproc import CitationStylesStyle

ROLES = frozenset({"author", "editor"})
"""The roles of people that an entry of ours can name."""
_INDEPENDENT = "independent-parent"
_ANY = "{*}*"


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


@dataclass(frozen=True, slots=True)
class Prepared:
    """A style ready to format one entry, and what it leaves to do behind the library."""

    style: CitationStylesStyle
    quotes: Quotes
    range_dash: str
    is_english: bool
    shortened: frozenset[str]
    quotes_take_punctuation: bool
    elements: tuple[Any, ...]


@lru_cache(maxsize=16)
def prepared(csl: str, *, editors_lead: bool) -> Prepared:
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
    root.formatter = Marks  # the terms go through it
    _mend(root, editors_lead=editors_lead)

    def term(name: str, otherwise: str) -> str:
        return str(root.get_single_term(name=name) or otherwise)

    return Prepared(
        style,
        Quotes(
            (term("open-quote", "“"), term("close-quote", "”")),
            (term("open-inner-quote", "‘"), term("close-inner-quote", "’")),
        ),
        term("page-range-delimiter", "–"),
        str(root.get("default-locale", "en")).lower().startswith("en"),
        _shortened(root),
        str(root.get_locale_option("punctuation-in-quote")).lower() == "true",
        _searched_once(root),
    )


def _mend(root: Any, *, editors_lead: bool) -> None:
    """Change the elements of a style as `prepared` tells."""
    for element in [element for name in ("text", "number") for element in _elements(root, name)]:
        if element.get("variable") == "citation-number":
            element.getparent().remove(element)
    for element in _repeated(root) if editors_lead else ():
        others = [name for name in element.get("variable").split() if name != "editor"]
        if others:
            element.set("variable", " ".join(others))
        else:
            element.getparent().remove(element)
    _spell_out(root)
    for element in _elements(root, "date"):
        _delimit(root, element)
    for element in list(_elements(root, "choose")):
        _bind_word(root, element)
    for name in ("text", "label", "number"):
        for element in _elements(root, name):
            _set_marks(element)


def _searched_once(root: Any) -> tuple[Any, ...]:
    """The elements of a style and its languages, each made to remember what its searches find.

    The library searches anew for every entry, a quarter of its time. lxml forgets what is set on an element that
    nobody holds: the elements are to be held as long as the style is used.
    """
    elements = tuple(element for tree in (root, *root.locales) for element in tree.iter(_ANY))
    for element in elements:
        element.xpath_search = cache(element.xpath_search)
    return elements


def _spell_out(root: Any) -> None:
    """Have `initialize="false"` keep given names whole, which the library does not know.

    It shortens names wherever `initialize-with` is set for the whole list: that is set on each name instead.
    """
    names = _name_forms(root)
    if not any(name.get("initialize") == "false" for name in names):
        return
    above = [root, *_elements(root, "bibliography")]
    given = next((found for part in reversed(above) if (found := part.get("initialize-with")) is not None), None)
    for part in above:
        part.attrib.pop("initialize-with", None)
    if given is None:
        return
    for name in names:
        if name.get("initialize") != "false" and name.get("initialize-with") is None:
            name.set("initialize-with", given)
    for group in _elements(root, "names"):
        if group.find("{*}name") is None and next(group.iterancestors("{*}substitute"), None) is None:
            group.insert(0, group.makeelement("{http://purl.org/net/xbiblio/csl}name", {"initialize-with": given}))


def _shortened(root: Any) -> frozenset[str]:
    """The roles whose given names are shortened to initials."""
    if any(part.get("initialize-with") is not None for part in (root, *_elements(root, "bibliography"))):
        return ROLES
    groups = {
        name.getparent()
        for name in _name_forms(root)
        if name.get("initialize-with") is not None and name.get("form") != "short"
    }
    inherit = [names for group in groups for names in (group, *group.iter("{*}names"))]
    return ROLES & {role for names in inherit for role in (names.get("variable") or "").split()}


def _name_forms(root: Any) -> list[Any]:
    """The elements that say how names are written."""
    return [name for group in _elements(root, "names") for name in group.findall("{*}name")]


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


class Marks:
    """What citeproc-py calls a formatter: how it marks italics and so on."""

    Italic = Oblique = _mark("i")
    Bold = _mark("b")
    Light = SmallCaps = _mark("small")
    Underline = _mark("u")
    Superscript = _mark("sup")
    Subscript = _mark("sub")

    @staticmethod
    def preformat(text: object) -> str:
        """Text goes in as it is: all of it is escaped when it comes out."""
        return str(text)
