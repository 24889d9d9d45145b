"""EVD001: the references of a claim are about something else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kap_content.language.sources import SourceText, source_text
from kap_content.language.subject import Subjects, subjects_of
from kap_content.language.vocabulary import words
from kap_content.model.claim import Category, Claim, Design, Evidence
from kap_content.model.finding import Related, Severity
from kap_content.model.lexicon import SubjectKind
from kap_content.model.project import Context
from kap_content.rules._rule import Hit, claim_rule
from kap_content.startup.regex import regex

_NOT_ABOUT_TREATMENT = frozenset({Category.SERVICE, Category.SUPERIORITY, Category.OUTCOME})
_NO_SUBJECT = regex(
    r"(?:any|none|no|various|usual|other|all|treatments?|medications?|medicines?|drugs?|therapy|care|placebo|\W)+",
    re.IGNORECASE,
)
_SAYS_LITTLE = words(
    "the and with for therapy treatment treatments drug drugs diet surgery training programme program intervention "
    "inhibitor inhibitors blocker blockers agonist agonists antagonist antagonists supplement supplements oral daily "
    "low high dose new early"
)
"""Words of an intervention's name that tell little of which it is."""
_MAY_GO_BY_ANOTHER_NAME = regex(r"^[A-Z]|(?:s|ing|therapy|tion|ment|ery|ness|ism|care|tomy|plasty|scopy|graphy|diet)$")
"""Single names that no table lists and that sources may well put in other words: brands, classes, what people do."""
_OPENING = 5
"""Words of a claim in which its subject stands."""
_SHOWN = 90
_WIDE = ("vaccination", "cancer")
"""Wide names that sources on any of their kinds use too: a trial of a rotavirus vaccine speaks of "the vaccine"."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What the references should be about: `names` of the tables, or else a `phrase` of the claim's own."""

    shown: str
    names: frozenset[str]
    phrase: str = ""
    is_certain: bool = True
    """Whether it is what the claim is about, and not only what its wording names on the way."""


@claim_rule("EVD001", "subject-mismatch", Severity.ERROR)
def subject_mismatch(claim: Claim, context: Context) -> Iterator[Hit]:
    """No reference of a claim mentions what the claim is about.

    The claim's intervention, or its condition, is looked for with all its synonyms in the title, abstract, keywords
    and MeSH terms of every supporting reference. A wider or narrower subject counts (a claim about antidepressants may
    cite a trial of sertraline); ketamine and esketamine do not count for each other. Where abstracts are not at hand
    and only titles were read, it is a warning; so it is where the tables do not know the name of an intervention, and
    no word of it is there, or where no field names what the claim is about and its wording does so only in passing.

    Why: a DOI that resolves proves little. A paper on another subject is the commonest grave error of citation.

    Fix: cite a source that studied the subject, or say in the claim what the source did study. A synonym that is
    missing from the tables can be added in the settings (`[words] subjects`).

    Example:
        - id: KET-DMN-01
          match_text: Ketamine quietens the brain network of rumination.
          intervention: ketamine
          evidence: hamilton2015

        claim KET-DMN-01 is about ketamine, and its reference does not mention it; hamilton2015 is about depression
    """
    subjects = subjects_of(context.lexicon)
    if not claim.supporting or claim.category in _NOT_ABOUT_TREATMENT or context.is_retired(claim):
        return
    sources = [(item, source_text(item.ref, context)) for item in claim.supporting]
    if not all(source.title or source.abstract for _, source in sources):
        return
    whole = all(source.abstract for _, source in sources)
    if not whole and any(_says_little(item, source) for item, source in sources):
        return
    for wanted in _wanted(claim, subjects, with_condition=whole):
        if not any(_is_about(wanted, item, source, subjects) for item, source in sources):
            yield _hit(claim, wanted, sources, subjects, context, whole=whole)


def _says_little(item: Evidence, source: SourceText) -> bool:
    """Whether a title alone cannot be held against a source: web pages, labels, guidelines."""
    return not source.abstract and (not source.is_article or item.design in (Design.GUIDELINE, Design.LABEL))


def _wanted(claim: Claim, subjects: Subjects, *, with_condition: bool) -> Iterator[_Wanted]:
    intervention = claim.pico.intervention
    names = subjects.named_or_built(intervention or claim.match_text) - {"placebo"}
    if names:
        certain = bool(intervention) or _opens_with_a_treatment(claim.match_text, subjects)
        yield _Wanted(intervention or " or ".join(sorted(names)), names, is_certain=certain)
    elif intervention and not _NO_SUBJECT.fullmatch(intervention):
        yield _Wanted(intervention, frozenset(), intervention)
    if not with_condition:
        return
    condition = claim.pico.population
    conditions = subjects.named(condition, SubjectKind.CONDITION)
    certain = bool(conditions) or claim.category is Category.STATISTIC
    if not conditions and not names and not intervention:
        conditions = subjects.named(claim.match_text, SubjectKind.CONDITION)
    if conditions:
        yield _Wanted(" or ".join(sorted(conditions)), conditions, is_certain=certain)


def _opens_with_a_treatment(text: str, subjects: Subjects) -> bool:
    """Whether a treatment is the subject of the sentence, or nearly: "Ketamine lifts", "Most who took ketamine"."""
    return bool(subjects.named_or_built(" ".join(text.split()[:_OPENING])) - {"placebo"})


def _is_about(wanted: _Wanted, item: Evidence, source: SourceText, subjects: Subjects) -> bool:
    """Whether the source mentions what is wanted; a comparator, which titles omit, counts where it is registered."""
    if wanted.names:
        said = source.text if source.abstract else f"{source.text}\n{item.pico.comparator}"
        found = subjects.named(said) | subjects.named_or_built(said)
        return subjects.meet(subjects.without_wide(wanted.names, _WIDE), subjects.without_wide(found, _WIDE))
    telling = [word for word in re.findall(r"[^\W\d_]{3,}", wanted.phrase.lower()) if word not in _SAYS_LITTLE]
    if not telling or (len(telling) == 1 and _MAY_GO_BY_ANOTHER_NAME.search(wanted.phrase.strip())):
        return True
    text = source.text.lower()
    return any(re.search(rf"\b{re.escape(word.rstrip('s'))}", text) for word in telling)


def _hit(
    claim: Claim,
    wanted: _Wanted,
    sources: list[tuple[Evidence, SourceText]],
    subjects: Subjects,
    context: Context,
    *,
    whole: bool,
) -> Hit:
    item, source = sources[0]
    named = _named(source.title, subjects) or _named(source.text, subjects)
    found = sorted(named - frozenset().union(*map(subjects.above, named)))[:3]
    about = f" is about {_listed(found)}" if found else f" is “{_short(source.title)}”"
    read = "" if whole else " (only titles could be read)"
    known = bool(wanted.names)
    if not known:
        read += f"; “{wanted.shown}” is not in the tables, so that it was looked for as written"
    only = "its reference" if len(sources) == 1 else f"none of its {len(sources)} references"
    negation = "does not mention" if len(sources) == 1 else "mentions"
    return Hit(
        item.place,
        f"claim {claim.id} is about {wanted.shown}, and {only} {negation} it{read}; {item.ref}{about}",
        help=f"Cite a source that studied {wanted.shown}, or say in the claim what the source studied."
        + ("" if whole else " More than titles can be read once `kap lock` has fetched the abstracts.")
        + ("" if known else " If the source calls it by another name, add both to the settings (`[words] subjects`)."),
        claim=claim.id,
        reference=item.ref,
        related=(
            Related(claim.where("match_text"), f"the claim: “{_short(claim.match_text)}”"),
            *(
                Related(context.references[other.ref].place, f"the reference: “{_short(text.title)}”")
                for other, text in sources
                if other.ref in context.references
            ),
            *context.shows(claim.id),
        ),
        severity=None if whole and known and wanted.is_certain else Severity.WARNING,
        about=f"subject {wanted.shown}",
    )


def _named(text: str, subjects: Subjects) -> frozenset[str]:
    return (subjects.named(text) | subjects.named_or_built(text)) - {"placebo"}


def _listed(names: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1].rsplit(" ", 1)[0] + "…"
