"""A checked page as HTML. Pure: what it needs from files is handed in, what it makes is handed back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, cast
from urllib.parse import quote

from kap_content import __version__
from kap_content.checking.gate import Checked
from kap_content.checking.narrowed import rule_count, rules_in_english_only, rules_not_run
from kap_content.model.claim import Certainty, Status
from kap_content.model.errors import SettingsError
from kap_content.model.finding import Finding, Severity
from kap_content.model.page import Page
from kap_content.model.place import Place
from kap_content.model.project import Context
from kap_content.rendering.assets import Assets
from kap_content.rendering.beside import beside
from kap_content.rendering.body import Article, render_article
from kap_content.rendering.dates import time_element
from kap_content.rendering.evidence import evidence_json
from kap_content.rendering.jsonld import embedded, medical_web_page
from kap_content.rendering.links import safe_url
from kap_content.rendering.references import CERTAINTIES, listed
from kap_content.rendering.style import RECORD, SCRIPT, STYLESHEET, Style
from kap_content.startup.regex import regex

if TYPE_CHECKING:
    from jinja2 import Environment

NOTHING: Mapping[str, bytes] = {}
NO_PAGES: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page rendered: its HTML, the texts of the files beside it by name, and the images to copy.

    `copies` gives, by path in the page's folder, the project path of the image that goes there. `links` gives, by the
    project path that a link of the page names, the slug of the page there, or the empty string.
    """

    html: str
    files: Mapping[str, str]
    copies: Mapping[str, str]
    links: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Summary:
    """How the page was checked, for the panel that says so."""

    claims: int
    approved: int
    references: int
    as_of: date
    warnings: int
    notes: int
    looked_up: int
    transcribed: int
    unchecked: int
    oldest_check: date | None
    oldest_source: int | None
    newest_source: int | None
    certainties: tuple[tuple[str, str, str, int], ...]
    not_run: tuple[str, ...]
    english_only: tuple[str, ...]
    rules: int
    version: str


def render_page(
    checked: Checked, style: Style, files: Mapping[str, bytes] = NOTHING, pages: Mapping[str, str] = NO_PAGES
) -> Rendered:
    """Render a page that passed.

    `files` holds the contents of the figures' data files by project path, `pages` the slug of each page of the site
    by its path, so that links from page to page hold. A figure that cannot be drawn is a KapError at its place.
    """
    return _render(checked.page, checked.context, checked.findings, style, files, pages, draft=False)


def render_fragment(
    checked: Checked, style: Style, files: Mapping[str, bytes] = NOTHING, pages: Mapping[str, str] = NO_PAGES
) -> Rendered:
    """Render the article of a page that passed, with the panel and the references, for a CMS to put into its own page.

    It holds no script and no head; the rules of its stylesheet reach nothing outside it.
    """
    page, context = checked.page, checked.context
    values, assets = _values(page, context, checked.findings, style, files, pages, draft=False)
    html = filled(style, "fragment.html", values, page.path)
    return Rendered(html, {STYLESHEET: scoped(style.stylesheet)}, _copies(assets), assets.links)


def render_draft_fragment(
    page: Page,
    context: Context,
    findings: Iterable[Finding],
    style: Style,
    files: Mapping[str, bytes] = NOTHING,
    pages: Mapping[str, str] = NO_PAGES,
) -> Rendered:
    """Render the article of any page with its findings above and inside it, for a Word file."""
    values, assets = _values(page, context, tuple(findings), style, files, pages, draft=True)
    html = filled(style, "draft.html", values, page.path) + filled(style, "fragment.html", values, page.path)
    return Rendered(html, {}, _copies(assets), assets.links)


def render_draft(
    page: Page,
    context: Context,
    findings: Iterable[Finding],
    style: Style,
    files: Mapping[str, bytes] = NOTHING,
    pages: Mapping[str, str] = NO_PAGES,
    live: str = "",
) -> Rendered:
    """Render any page, with a watermark and its findings on it, and closed to search engines.

    `live` is the address of the script that loads the page again when it changed, for `kap serve`.
    """
    return _render(page, context, tuple(findings), style, files, pages, draft=True, live=live)


def _render(
    page: Page,
    context: Context,
    findings: Sequence[Finding],
    style: Style,
    files: Mapping[str, bytes],
    pages: Mapping[str, str],
    *,
    draft: bool,
    live: str = "",
) -> Rendered:
    values, assets = _values(page, context, findings, style, files, pages, draft=draft, live=live)
    article, address = cast("Article", values["article"]), str(values["address"])
    record = evidence_json(page, context, article, findings, style.entries, address, draft=draft)
    return Rendered(
        html=filled(style, "page.html", values, page.path),
        files={STYLESHEET: style.stylesheet, SCRIPT: style.script, RECORD: record},
        copies=_copies(assets),
        links=assets.links,
    )


def _copies(assets: Assets) -> dict[str, str]:
    return {target: source for source, target in assets.copied.items()}


def _values(
    page: Page,
    context: Context,
    findings: Sequence[Finding],
    style: Style,
    files: Mapping[str, bytes],
    pages: Mapping[str, str],
    *,
    draft: bool,
    live: str = "",
) -> tuple[dict[str, object], Assets]:
    """What the templates are filled with, and the files that the page shows."""
    assets = Assets(page, files)
    article = render_article(page, context, assets, pages, beside(page, findings, context) if draft else None)
    slug = pages.get(page.path, "")
    address = f"{style.base_url}/{quote(slug)}/" if style.base_url and slug else ""
    values: dict[str, object] = {
        "meta": page.meta,
        "article": article,
        "references": listed(article.numbering, context, article.claims, style.entries),
        "summary": summary(page, article, context, findings),
        "jsonld": embedded(medical_web_page(page.meta, article.numbering.keys, context, address, style.entries.item)),
        "address": address,
        "draft": draft,
        "findings": sorted(findings, key=lambda finding: (finding.severity.rank, finding.place)) if draft else (),
        "stylesheet": STYLESHEET,
        "script": SCRIPT,
        "record": RECORD,
        "live": live,
    }
    return values, assets


_OUTERMOST = regex(r"(?m)^(\s*)(?::root|html|body)(?=\s*\{)")


def scoped(stylesheet: str) -> str:
    """The stylesheet with its rules confined to the fragment (`@scope`), what it says of the whole page included."""
    rules = _OUTERMOST.sub(r"\1:scope", stylesheet)
    return f"@scope (.kap) {{\n{rules}\n}}\n"


def summary(page: Page, article: Article, context: Context, findings: Sequence[Finding]) -> Summary:
    """Count what the panel tells."""
    keys = article.numbering.keys
    records = [record for key in keys if (record := context.record(key))]
    confirmed = [record for record in records if not record.is_transcribed]
    years = [int(year) for key in keys if (year := context.references[key].get("year", "date")[:4]).isdigit()]
    days = [day for record in confirmed if (day := record.checked_on)]
    grades = Counter(claim.certainty for claim in article.claims if claim.certainty)
    return Summary(
        claims=len(article.claims),
        approved=sum(claim.status is Status.APPROVED for claim in article.claims),
        references=len(keys),
        as_of=context.as_of,
        warnings=sum(finding.severity is Severity.WARNING for finding in findings),
        notes=sum(finding.severity is Severity.NOTE for finding in findings),
        looked_up=len(confirmed),
        transcribed=len(records) - len(confirmed),
        unchecked=len(keys) - len(records),
        oldest_check=min(days, default=None),
        oldest_source=min(years, default=None),
        newest_source=max(years, default=None),
        certainties=tuple(
            (grade.value.replace("_", "-"), *CERTAINTIES[grade], grades[grade]) for grade in Certainty if grades[grade]
        ),
        not_run=rules_not_run(page, context),
        english_only=rules_in_english_only(page, context),
        rules=rule_count(),
        version=__version__,
    )


def filled(style: Style, name: str, values: Mapping[str, object], what: str) -> str:
    """The template `name` with these values; one that cannot be used for `what` is a SettingsError at its line."""
    from jinja2 import TemplateError

    try:
        return _environment(tuple(sorted(style.templates.items()))).get_template(name).render(values)
    except TemplateError as error:
        line = getattr(error, "lineno", None) or 1
        shown = getattr(error, "name", None) or name
        raise SettingsError(f"The template cannot be used for {what}: {error}", Place(shown, line)) from error


@lru_cache(maxsize=8)
def _environment(own: tuple[tuple[str, str], ...]) -> Environment:
    """The templates: the project's own first, then the package's, which they reach as `kap/NAME`."""
    from jinja2 import ChoiceLoader, DictLoader, Environment, PackageLoader, PrefixLoader, StrictUndefined

    packaged = PackageLoader("kap_content.rendering", "templates")
    environment = Environment(
        loader=ChoiceLoader([DictLoader(dict(own)), packaged, PrefixLoader({"kap": packaged})]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["day"] = time_element
    environment.filters["url"] = lambda text: safe_url(text) or ""
    environment.filters["counted"] = counted
    return environment


def counted(number: int, one: str, many: str = "") -> str:
    """`1 claim`, `2 claims`."""
    return f"{number} {one if number == 1 else many or one + 's'}"
