"""DSC001: a drug for what it is not approved for, and the page does not say so."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kap_content.language.off_label import is_disclosed, uses_in
from kap_content.language.subject import Subjects, subjects_of
from kap_content.model.finding import Related, Severity
from kap_content.model.lexicon import Drug, SubjectKind
from kap_content.model.page import BlockKind, Page
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, page_rule
from kap_content.startup.regex import regex


@page_rule("DSC001", "off-label-missing", Severity.ERROR, english=True)
def off_label_missing(page: Page, context: Context) -> Iterator[Hit]:
    """The page is about a drug for a condition outside its approved indications, and never says that this is off-label.

    What a page is about stands in its front matter (`about`), else follows from its title or first heading, else from
    the claims that it shows. Approved indications are the table `drugs` (United States, with source and date), which a
    project can extend. Headings ("Ketamine for depression") and sentences that offer a treatment ("we prescribe
    ketamine for depression") count too. Any statement of the list `off-label` on the page is enough, unless it is about
    another drug or denied ("we never prescribe off-label").

    Each entry has a source and a date; `checked` says what somebody looked up to confirm it. Without it the entry is
    general knowledge, and the finding says so.

    Why: a reader must know that no regulator has judged this use.

    Fix: add a paragraph that says for what the drug is approved, and that this use is off-label.

    Example:
        about: {condition: anxiety disorders, intervention: ketamine}

        ketamine is approved for general anaesthesia, not for anxiety disorders, and the page does not say that this
        use is off-label
    """
    subjects = subjects_of(context.lexicon)
    uses = _uses(page, context, subjects)
    if not uses:
        return
    texts = [block.text for block in page.blocks if block.kind is not BlockKind.CODE]
    texts += [context.claims[mark.claim].match_text for mark in page.marks if mark.claim in context.claims]
    for name, conditions in uses.items():
        drug = context.lexicon.drugs[name]
        outside = [condition for condition in conditions if not _is_approved(drug, condition, subjects)]
        if not outside or any(is_disclosed(text, name, context.lexicon) for text in texts):
            continue
        substance = _substance(drug, context, subjects)
        approved, use = ", ".join(drug.approved), " or ".join(outside)
        status = f"approved in the {_territory(drug)} for {approved}, not for {use}"
        missing, sentence = "this use is off-label", f"is approved for {approved}; its use for {use} is off-label."
        if not drug.approved:
            status = f"not approved in the {_territory(drug)} for any use, nor for {use}"
            missing, sentence = "it is not", "is not approved for any use."
        yield Hit(
            page.meta.place,
            f"{substance} is {status} (as of {drug.as_of}), and the page does not say that {missing}",
            help=f"Add: “{_capital(substance)} {sentence}” {_rests_on(drug)}",
            related=(Related(page.meta.where("about"), "what the page is about"),),
            about=f"off-label {drug.name} {' '.join(outside)}",
        )


def _substance(drug: Drug, context: Context, subjects: Subjects) -> str:
    """The drug that is approved where the table's name is of a way to use it: ketamine of a therapy with ketamine."""
    known = context.lexicon.drugs
    same = (name for name in subjects.above(drug.name) if name in known and known[name].approved == drug.approved)
    return next(same, drug.name)


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _rests_on(drug: Drug) -> str:
    """What the table's entry rests on, and whether somebody looked."""
    source = f"The table rests on: {drug.source}." if drug.source else "The table names no source."
    return (
        f"{source} {f'Checked: {drug.checked}' if drug.checked else 'Nobody has noted a check: see the current label'}."
    )


def _territory(drug: Drug) -> str:
    return {"US": "United States", "UK": "United Kingdom", "EU": "European Union"}.get(
        drug.jurisdiction, drug.jurisdiction
    )


def _about(page: Page, context: Context, subjects: Subjects) -> tuple[list[Drug], list[str]]:
    """The drugs and the conditions that the page is about."""
    meta, known = page.meta, context.lexicon.drugs
    title = f"{meta.title}\n{meta.subtitle}\n{meta.description}" if meta.title else _main_heading(page)
    claims = [context.claims[mark.claim] for mark in page.marks if mark.claim in context.claims]

    def first(kind: SubjectKind, *texts: str) -> list[str]:
        for text in texts:
            named = list(dict.fromkeys(mention.name for mention in subjects.mentions(text, kind)))
            if named:
                return named
        return []

    drugs = first(
        SubjectKind.INTERVENTION, meta.intervention, title, "; ".join(claim.pico.intervention for claim in claims)
    )
    conditions = first(
        SubjectKind.CONDITION, meta.condition, title, "; ".join(claim.pico.population for claim in claims)
    )
    if meta.condition and not subjects.named(meta.condition, SubjectKind.CONDITION):
        conditions = [meta.condition]
    return [known[name] for name in drugs if name in known], conditions


_OF_HARM = regex(
    r"\b(?:risks?|side[- ]effects?|abuse|misuse|overdos\w+|withdrawal|interactions?|warnings?|dangers?|versus|vs"
    r"|trials?|stud(?:y|ies)|research|review)\b",
    re.IGNORECASE,
)
"""What makes a heading one of harm, of news or of a comparison, which offers nothing."""


def _main_heading(page: Page) -> str:
    """The first heading, which is the title of a page whose front matter has none."""
    heading = next((block.text for block in page.blocks if block.kind is BlockKind.HEADING), "")
    return "" if _OF_HARM.search(heading) else heading


def _uses(page: Page, context: Context, subjects: Subjects) -> dict[str, list[str]]:
    """The conditions for which the page is about each drug."""
    drugs, conditions = _about(page, context, subjects)
    if _is_shared(page, conditions, subjects):
        drugs = [drug for drug in drugs if not any(_is_approved(drug, one, subjects) for one in conditions)]
    uses = {drug.name: list(conditions) for drug in drugs} if conditions else {}
    for block in page.blocks:
        if block.kind in (BlockKind.CODE, BlockKind.QUOTATION):
            continue
        for drug, condition in uses_in(block.text, context.lexicon, heading=block.kind is BlockKind.HEADING):
            uses.setdefault(drug, []).append(condition)
    if not uses:
        claims = (context.claims[mark.claim].match_text for mark in page.marks if mark.claim in context.claims)
        for text in claims:
            for drug, condition in uses_in(text, context.lexicon, heading=True):
                uses.setdefault(drug, []).append(condition)
    return {name: list(dict.fromkeys(found)) for name, found in uses.items()}


def _is_shared(page: Page, conditions: list[str], subjects: Subjects) -> bool:
    """Whether a page is about several treatments and several conditions: which is for which is told nowhere."""
    treatments = subjects.named(page.meta.intervention or page.meta.title, SubjectKind.INTERVENTION)
    heading = next((block.text for block in page.blocks if block.kind is BlockKind.HEADING), "")
    if not treatments:
        treatments = subjects.named(heading, SubjectKind.INTERVENTION)
    return len(treatments) > 1 and len(conditions) > 1


_EVERYDAY = {
    "depression": ("major depressive disorder",),
    "anxiety disorders": ("generalised anxiety disorder",),
    "cardiovascular disease": ("angina", "hypertension", "heart failure", "atrial fibrillation"),
    "substance use disorders": ("alcohol use disorder", "opioid use disorder"),
    "diabetes": ("type 2 diabetes",),
    "sleep disorders": ("insomnia",),
    "pain": ("low back pain", "osteoarthritis"),
}
"""Plain words for approved conditions: whoever writes "depression" means the disorder that the label names."""


_WIDE = frozenset({"mental disorders", "pain", "cancer", "cardiovascular disease", "substance use disorders"})
"""Too wide to say which disorder is meant. A narrower word for several ("nerve pain") may mean the approved one."""


def _is_approved(drug: Drug, condition: str, subjects: Subjects) -> bool:
    """Whether the condition is an approved one, a narrower or the next wider one, or the plain word for one."""
    plain = _EVERYDAY.get(condition, ())
    return any(
        condition == approved
        or approved in subjects.above(condition)
        or condition.casefold() in approved.casefold()
        or approved in plain
        or (condition not in _WIDE and condition in subjects.next_above(approved))
        or (condition == "mental disorders" and condition in subjects.above(approved))
        for approved in drug.approved
    )
