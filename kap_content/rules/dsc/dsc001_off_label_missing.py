"""DSC001: a drug for what it is not approved for, and the page does not say so."""

from __future__ import annotations

from collections.abc import Iterator

from kap_content.language.phrases import holds
from kap_content.language.subject import Subjects, subjects_of
from kap_content.model.finding import Related, Severity
from kap_content.model.lexicon import Drug, SubjectKind
from kap_content.model.page import BlockKind, Page
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, page_rule


@page_rule("DSC001", "off-label-missing", Severity.ERROR)
def off_label_missing(page: Page, context: Context) -> Iterator[Hit]:
    """The page is about a drug for a condition outside its approved indications, and never says that this is off-label.

    What a page is about stands in its front matter (`about`), else follows from its title, else from the claims that
    it shows. Approved indications are the table `drugs` (United States, with source and date), which a project can
    extend. Any statement of the list `off-label` on the page is enough.

    Why: a reader must know that no regulator has judged this use.

    Fix: add a paragraph that says for what the drug is approved, and that this use is off-label.

    Example:
        about: {condition: anxiety disorders, intervention: ketamine}

        ketamine is approved for general anaesthesia, not for anxiety disorders, and the page does not say that this
        use is off-label
    """
    subjects = subjects_of(context.lexicon)
    drugs, conditions = _about(page, context, subjects)
    if not drugs or not conditions:
        return
    text = "\n".join(block.text for block in page.blocks if block.kind is not BlockKind.CODE)
    claims = "\n".join(context.claims[mark.claim].match_text for mark in page.marks if mark.claim in context.claims)
    if holds(f"{text}\n{claims}", context.lexicon.terms("off-label")):
        return
    for drug in drugs:
        outside = [condition for condition in conditions if not _is_approved(drug, condition, subjects)]
        if not outside:
            continue
        approved, use = ", ".join(drug.approved) or "nothing", " or ".join(outside)
        yield Hit(
            page.meta.place,
            f"{drug.name} is approved in the {_territory(drug)} for {approved}, not for {use} "
            f"(as of {drug.as_of}), and the page does not say that this use is off-label",
            help=f"Add: “{_capital(drug.name)} is approved for {approved}; its use for {use} is off-label.”",
            related=(Related(page.meta.where("about"), "what the page is about"),),
            about=f"off-label {drug.name} {' '.join(outside)}",
        )


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _territory(drug: Drug) -> str:
    return {"US": "United States", "UK": "United Kingdom", "EU": "European Union"}.get(
        drug.jurisdiction, drug.jurisdiction
    )


def _about(page: Page, context: Context, subjects: Subjects) -> tuple[list[Drug], list[str]]:
    """The drugs and the conditions that the page is about."""
    meta, known = page.meta, context.lexicon.drugs
    title = f"{meta.title}\n{meta.subtitle}\n{meta.description}"
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


def _is_approved(drug: Drug, condition: str, subjects: Subjects) -> bool:
    """Whether the condition is an approved one, or a narrower one of those."""
    return any(
        condition == approved or approved in subjects.above(condition) or condition.casefold() in approved.casefold()
        for approved in drug.approved
    )
