"""CLM010: prose that no rule of wording reads."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import groupby

from kap_content.language.tongue import is_english, page_language, parts_in_other_languages
from kap_content.model.finding import Related, Severity
from kap_content.model.page import Block, BlockKind, Page
from kap_content.model.place import Place
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, all_rules, page_rule


@page_rule("CLM010", "language-unread", Severity.WARNING, release=Severity.ERROR)
def language_unread(page: Page, _context: Context) -> Iterator[Hit]:
    """A page, or a part of it, is not in English, and the rules that judge English words did not judge it.

    The language is the one that the text clearly is in, by its commonest words and its letters; where that is not
    clear, the head's `language` (else English). On a page in another language the rules that read English words are
    not run, and are named; all others are: references, registries, numbers, marks, reviews, figures. Of an English
    page each section or long paragraph that is in another language is named. Claims have no language of their own: what
    EVD001, EVD003 and EVD004 look for in them are English words.

    Why: rules that do not know a language find nothing in it, and that looks like a clean page.

    Fix: have somebody who reads the language judge the wording, and say so in a comment over the place, or under
    `per-file` of `[rules]` in kap.toml for a folder of such pages. Name the language in the page's head.

    Example:
        language: de

        the page is in “de”: CUR004, CUR005, DSC001, DSC004, DSC005, REF004 and WRD001 to WRD010 read English only, and
        did not judge it
    """
    if not is_english(page):
        yield _of_page(page)
        return
    for index, language in parts_in_other_languages(page):
        block = page.blocks[index]
        yield Hit(
            _whole(block),
            f"this part reads as {language}: {_english_only()} read English only, and know none of its words",
            help=_HELP,
            about=f"{language}: {block.text}",
        )


_HELP = (
    "Have somebody who reads the language judge the wording, and say so above it: "
    '<!-- kap: ignore CLM010 until=DATE reason="..." -->.'
)
_NAME = "Name the language in the page’s head as “language”: de, fr, es …"


def _of_page(page: Page) -> Hit:
    declared, read = page.meta.language, page_language(page)
    is_named = "language" in page.meta.places
    step = _HELP
    if not read:
        said = f"the page is in “{declared}”"
    elif is_named and not declared.lower().startswith("en"):
        said = f"the page is in “{declared}” and reads as {read}"
    else:
        said = f"the page reads as {read}, and its head " + (f"says “{declared}”" if is_named else "names no language")
        step = f"{_NAME} {_HELP}"
    first = next((block for block in page.blocks if block.kind is not BlockKind.HTML), None)
    return Hit(
        _whole(first) if first else page.meta.place,
        f"{said}: {_english_only()} read English only, and did not judge it",
        help=step,
        related=(Related(page.meta.where("language"), f"“language” is “{declared}”"),) if is_named else (),
        about="language",
    )


def _whole(block: Block) -> Place:
    return block.at(0, len(block.text))


@cache
def _english_only() -> str:
    """The codes of the rules that read English, those that follow each other as a range."""
    codes = [rule.code for rule in all_rules() if rule.english]
    runs = [
        [code for _, code in run]
        for _, run in groupby(enumerate(codes), key=lambda item: (item[1][:3], int(item[1][3:]) - item[0]))
    ]
    *most, last = (f"{run[0]} to {run[-1]}" if len(run) > _PAIR else ", ".join(run) for run in runs)
    return f"{', '.join(most)} and {last}"


_PAIR = 2
