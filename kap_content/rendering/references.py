"""The list of references as a page shows it: each entry, what the page takes from it, and how it was checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from kap_content.model.claim import Certainty, Claim, Design, Direction, Evidence
from kap_content.model.project import Context
from kap_content.model.record import NoticeKind, Record, State
from kap_content.model.reference import Reference
from kap_content.rendering.bibliography import Entries
from kap_content.rendering.csl import CslItem
from kap_content.rendering.dates import in_words
from kap_content.rendering.links import doi_url, domain_of, safe_url
from kap_content.rendering.numbering import Numbering, fragment
from kap_content.startup.regex import regex
from kap_content.works.notices import source_name
from kap_content.works.titles import says_retracted

DESIGNS = {
    Design.SYSTEMATIC_REVIEW: "Systematic review",
    Design.META_ANALYSIS: "Meta-analysis",
    Design.RCT: "Randomised controlled trial",
    Design.CROSSOVER_RCT: "Randomised crossover trial",
    Design.CONTROLLED_TRIAL: "Controlled trial without randomisation",
    Design.COHORT: "Cohort study",
    Design.CASE_CONTROL: "Case-control study",
    Design.CROSS_SECTIONAL: "Cross-sectional study",
    Design.SURVEY: "Survey",
    Design.CASE_SERIES: "Case series",
    Design.CASE_REPORT: "Case report",
    Design.OPEN_LABEL: "Open-label study, no comparison group",
    Design.QUALITATIVE: "Qualitative study",
    Design.MECHANISM: "Study of mechanism",
    Design.ANIMAL: "Animal study",
    Design.IN_VITRO: "Laboratory study",
    Design.NARRATIVE_REVIEW: "Narrative review",
    Design.GUIDELINE: "Guideline",
    Design.LABEL: "Official product label",
}
CERTAINTIES = {
    Certainty.HIGH: ("High certainty", "Further research is very unlikely to change this."),
    Certainty.MODERATE: ("Moderate certainty", "This is probably so, but further research may change it."),
    Certainty.LOW: ("Low certainty", "This may be so; further research is likely to change it."),
    Certainty.VERY_LOW: ("Very low certainty", "The evidence is very uncertain: the truth may be quite different."),
}
_NOTICES = {
    NoticeKind.RETRACTION: "Retracted",
    NoticeKind.PARTIAL_RETRACTION: "Partly retracted",
    NoticeKind.WITHDRAWAL: "Withdrawn",
    NoticeKind.REMOVAL: "Removed",
    NoticeKind.EXPRESSION_OF_CONCERN: "Expression of concern",
    NoticeKind.CORRECTION: "Correction",
    NoticeKind.CORRIGENDUM: "Correction",
    NoticeKind.ERRATUM: "Correction",
}
_LABELS = {
    NoticeKind.RETRACTION: "RETRACTED",
    NoticeKind.WITHDRAWAL: "WITHDRAWN",
    NoticeKind.REMOVAL: "REMOVED",
}


@dataclass(frozen=True, slots=True)
class Use:
    """What a claim takes from a reference."""

    claim: str
    href: str
    wording: str
    design: str
    finding: str
    certainty: str


@dataclass(frozen=True, slots=True)
class Listed:
    """One reference of the list. `label` is set in front of a work that was retracted (NISO RP-45).

    `address` is where the work is, and `source` what says so, where the style's entry itself has no link.
    `people` says whom the work studied, and how many, where the registry of claims has that.
    """

    number: int
    key: str
    html: Markup
    address: str
    source: str
    backlinks: tuple[tuple[str, str], ...]
    status: str
    is_confirmed: bool
    notices: tuple[str, ...]
    label: str
    people: str
    uses: tuple[Use, ...]


def listed(numbering: Numbering, context: Context, claims: Sequence[Claim], entries: Entries) -> tuple[Listed, ...]:
    """The references in the order of their numbers."""
    return tuple(
        _listed(number, key, numbering, context, claims, entries) for number, key in enumerate(numbering.keys, 1)
    )


def _listed(
    number: int, key: str, numbering: Numbering, context: Context, claims: Sequence[Claim], entries: Entries
) -> Listed:
    reference, record = context.references[key], context.record(key)
    entry = entries.of(reference)
    address, source = ("", "") if "<a " in entry.html else _address(reference, entries.item(reference))
    places = dict.fromkeys(numbering.places[key])
    notices = tuple(dict.fromkeys(_notice(record))) if record else ()
    used = [(claim, item) for claim in claims for item in claim.evidence if item.ref == key and item.is_supporting]
    return Listed(
        number=number,
        key=key,
        html=Markup(entry.html),  # noqa: S704 - escaped there
        address=address,
        source=source,
        backlinks=tuple(
            (f"#{place}", f"Back to citation {count} of reference {number}") for count, place in enumerate(places, 1)
        ),
        status=status_words(record, has_doi=bool(reference.get("doi"))),
        is_confirmed=bool(record and record.state is State.FOUND and not record.is_transcribed and not record.notices),
        notices=notices,
        label=label_of(record) if not says_retracted(reference.get("title")) else "",
        people=_people([item for _, item in used]),
        uses=tuple(_use(claim, item) for claim, item in used),
    )


def _address(reference: Reference, item: CslItem) -> tuple[str, str]:
    """Where a work is that its entry does not lead to: its DOI, or its web address, or its record in PubMed."""
    doi, url, pmid = item.get("DOI"), safe_url(str(item.get("URL", ""))), reference.get("pmid").strip()
    if isinstance(doi, str):
        return doi_url(doi), f"doi:{doi}"
    if url:
        return url, domain_of(url) or url
    return (f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/", f"PubMed {pmid}") if pmid.isdecimal() else ("", "")


_NO_DIGIT = regex(r"\D")
_SIZE = regex(r"\b[nN]\s?=\s?(\d[\d,\u00a0\u202f]*\d|\d)")


def _people(items: Sequence[Evidence]) -> str:
    """Whom the items of evidence are about, each group once, and the largest number of them that a finding names."""
    groups = "; ".join(dict.fromkeys(item.pico.population for item in items if item.pico.population))
    sizes = [found[1] for item in items for found in _SIZE.finditer(item.finding)]
    size = max(sizes, key=lambda text: int(_NO_DIGIT.sub("", text)), default="")
    return f"{groups} (n = {size})" if groups and size else groups or (f"n = {size}" if size else "")


def _use(claim: Claim, item: Evidence) -> Use:
    return Use(
        claim=claim.id,
        href=fragment("claim", claim.id),
        wording=claim.match_text,
        design=DESIGNS[item.design] if item.design else "",
        finding=item.finding if item.direction is Direction.SUPPORTS else "",
        certainty=CERTAINTIES[claim.certainty][0] if claim.certainty else "",
    )


def status_words(record: Record | None, *, has_doi: bool) -> str:
    """How the reference was checked, in a sentence for readers."""
    if record is None:
        return "Not looked up in a registry yet." if has_doi else ""
    day = record.checked_on
    when = f" on {in_words(day)}" if day else ""
    if record.is_transcribed:
        return f"Record copied by hand{when}; not yet confirmed by a registry."
    names = list(dict.fromkeys(source_name(source.name) for source in record.sources))
    asked = f" with {', '.join(names)}" if names else ""
    if record.state is State.ABSENT:
        return f"Looked up{when}{asked}: the registry does not know this DOI."
    if record.state is State.ELSEWHERE:
        return f"Looked up{when}: registered with {record.agency or 'another agency'}."
    return f"Checked{when}{asked}" + ("." if record.notices else ": no notices.")


def _notice(record: Record) -> list[str]:
    found = []
    for notice in record.notices:
        word = _NOTICES.get(notice.kind) or notice.label.replace("_", " ").capitalize()
        if word:
            found.append(word + (f" ({notice.date.year})" if notice.date else ""))
    return found


def label_of(record: Record | None) -> str:
    """The word that NISO RP-45 asks for before a work that was retracted, withdrawn or removed; empty for any other."""
    kinds = {notice.kind for notice in record.notices} if record else set()
    if NoticeKind.REINSTATEMENT in kinds:
        return ""
    return next((word for kind, word in _LABELS.items() if kind in kinds), "")
