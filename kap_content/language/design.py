"""Study designs: which one a source has, and how far it carries a claim (OCEBM levels 2011)."""

from __future__ import annotations

import re

from kap_content.model.claim import Category, Design, Evidence
from kap_content.model.record import Record
from kap_content.startup.regex import regex

_TYPES = {
    "meta-analysis": Design.META_ANALYSIS,
    "network meta-analysis": Design.META_ANALYSIS,
    "systematic review": Design.SYSTEMATIC_REVIEW,
    "randomized controlled trial": Design.RCT,
    "randomised controlled trial": Design.RCT,
    "equivalence trial": Design.RCT,
    "pragmatic clinical trial": Design.RCT,
    "controlled clinical trial": Design.CONTROLLED_TRIAL,
    "case reports": Design.CASE_REPORT,
    "practice guideline": Design.GUIDELINE,
    "guideline": Design.GUIDELINE,
}
"""PubMed publication types that settle the design, best evidence first. "Review" and "Clinical Trial" do not."""

_TITLES: tuple[tuple[Design, re.Pattern[str]], ...] = tuple(
    (design, regex(pattern, re.IGNORECASE))
    for design, pattern in (
        (Design.META_ANALYSIS, r"\b(?:network )?meta-?analys[ei]s\b"),
        (Design.SYSTEMATIC_REVIEW, r"\bsystematic(?:ally)? (?:literature )?review\b|\bcochrane review\b"),
        (Design.CROSSOVER_RCT, r"\brandomi[sz]ed[^.:]*\bcross-?over\b|\bcross-?over[^.:]*\brandomi[sz]ed\b"),
        (
            Design.RCT,
            (
                r"\brandomi[sz]ed,? (?:[\w-]+,? ){0,4}(?:trial|study)\b|\bRCT\b"
                r"|\bdouble-blind,? (?:[\w-]+,? ){0,3}placebo-controlled\b"
                r"|\bplacebo-controlled,? (?:[\w-]+,? ){0,3}(?:trial|study)\b"
            ),
        ),
        (
            Design.OPEN_LABEL,
            (
                r"\bopen[- ]label\b|\buncontrolled (?:pilot )?(?:trial|study)\b|\bsingle[- ]arm\b"
                r"|\bopen (?:pilot |clinical )?trial\b"
            ),
        ),
        (
            Design.CASE_SERIES,
            r"\bcase series\b|^(?!.*\b(?:versus|vs|compar\w+|control\w*|with and without)\b).*\bchart review\b",
        ),
        (Design.CASE_REPORT, r"\bcase reports?\b|\ba case of\b"),
        (Design.CASE_CONTROL, r"\bcase-control\b"),
        (Design.CROSS_SECTIONAL, r"\bcross-sectional\b"),
        (Design.SURVEY, r"\b(?:online|internet|web-based|postal|telephone|questionnaire|observational) survey\b"),
        (Design.COHORT, r"\bcohort study\b|\b(?:prospective|retrospective|population-based) cohort\b"),
        (Design.QUALITATIVE, r"\bqualitative (?:study|analysis|interview|research)\b"),
        (Design.NARRATIVE_REVIEW, r"\bnarrative review\b"),
        (
            Design.ANIMAL,
            (
                r"\bin (?:adult |male |female |aged )*(?:mice|rats|rodents|mouse|rat)\b|\b(?:mouse|rat|murine"
                r"|rodent) model\b"
            ),
        ),
        (Design.IN_VITRO, r"\bin vitro\b"),
        (Design.GUIDELINE, r"\b(?:clinical practice|treatment) guidelines?\b"),
    )
)
_NOT_RESULTS = regex(
    (
        r"\bprotocol\b|\brationale and design\b|\bstudy design\b|\bfeasibility of\b|\bcomment(?:ary)?\b|\breply\b"
        r"|\bletter\b|\beditorial\b"
    ),
    re.IGNORECASE,
)
"""Titles that name a design which the text itself does not have."""

CONTROLLED = frozenset(
    {
        Design.SYSTEMATIC_REVIEW,
        Design.META_ANALYSIS,
        Design.RCT,
        Design.CROSSOVER_RCT,
        Design.CONTROLLED_TRIAL,
        Design.COHORT,
        Design.CASE_CONTROL,
    }
)
"""Designs that compare: with them, a statement of cause at least has something to stand on."""

_BENEFIT = {
    Design.SYSTEMATIC_REVIEW: 1,
    Design.META_ANALYSIS: 1,
    Design.RCT: 2,
    Design.CROSSOVER_RCT: 2,
    Design.CONTROLLED_TRIAL: 3,
    Design.COHORT: 3,
    Design.CASE_CONTROL: 4,
    Design.CROSS_SECTIONAL: 4,
    Design.SURVEY: 4,
    Design.CASE_SERIES: 4,
    Design.CASE_REPORT: 4,
    Design.OPEN_LABEL: 4,
    Design.QUALITATIVE: 5,
    Design.MECHANISM: 5,
    Design.ANIMAL: 5,
    Design.IN_VITRO: 5,
    Design.NARRATIVE_REVIEW: 5,
}
"""Levels for benefit and for harm, which OCEBM grades alike for these designs; guidelines and labels have none."""

NAMES = {
    Design.SYSTEMATIC_REVIEW: "a systematic review",
    Design.META_ANALYSIS: "a meta-analysis",
    Design.RCT: "a randomised trial",
    Design.CROSSOVER_RCT: "a randomised crossover trial",
    Design.CONTROLLED_TRIAL: "a controlled trial",
    Design.COHORT: "a cohort study",
    Design.CASE_CONTROL: "a case-control study",
    Design.CROSS_SECTIONAL: "a cross-sectional study",
    Design.SURVEY: "a survey",
    Design.CASE_SERIES: "a case series",
    Design.CASE_REPORT: "a case report",
    Design.OPEN_LABEL: "an open-label study without a comparison group",
    Design.QUALITATIVE: "a qualitative study",
    Design.MECHANISM: "a study of mechanism",
    Design.ANIMAL: "an animal experiment",
    Design.IN_VITRO: "a laboratory experiment",
    Design.NARRATIVE_REVIEW: "a narrative review",
    Design.GUIDELINE: "a guideline",
    Design.LABEL: "a label",
}
"""What a reader calls each design."""


def design_of(evidence: Evidence, record: Record | None, title: str = "") -> Design | None:
    """The design of a piece of evidence: as registered, else by publication type, else by words of its title.

    `title` is the bibliography's, for where no record is at hand. None where nothing is certain.
    """
    if evidence.design is not None:
        return evidence.design
    if record is not None:
        types = {kind.casefold() for kind in record.publication_types}
        for name, design in _TYPES.items():
            if name in types:
                return design
        title = " ".join(filter(None, (record.title, record.subtitle))) or title
    return design_in_title(title)


def design_told_by(evidence: Evidence, record: Record | None) -> str:
    """What tells the design that `design_of` found, in words that follow the reference's key."""
    if evidence.design is not None:
        return "as registered"
    types = {kind.casefold() for kind in record.publication_types} if record is not None else set()
    return "by its publication type" if types & set(_TYPES) else "by its title"


def design_in_title(title: str) -> Design | None:
    """The design that a title names beyond doubt, or None."""
    if _NOT_RESULTS.search(title):
        return None
    return next((design for design, pattern in _TITLES if pattern.search(title)), None)


def level(design: Design, category: Category) -> int | None:
    """The OCEBM level of `design` for a claim of `category`, 1 the best; None where either has none."""
    if category in (Category.EFFICACY, Category.SAFETY, Category.COMPARATIVE, Category.OUTCOME):
        return _BENEFIT.get(design)
    return None


_STATED = regex(
    r"\b(?:open[- ]label|uncontrolled|case (?:series|reports?|study)|pilot|observational|retrospective"
    r"|series of (?:\w+ )?(?:patients|cases|people)"
    r"|cross-sectional|survey(?:s|ed)?"
    r"|no (?:comparison|control)(?: group)?|without a (?:comparison|control|placebo)"
    r"|nobody (?:in this study )?was given a comparison"
    r"|not (?:a )?randomi[sz]ed|animal|mice|rats|laborator(?:y|ies)|in vitro|small stud(?:y|ies)|single[- ]arm"
    r"|case notes|looked back|chart review|reported a case|described a case|preliminary|no placebo|anecdotal"
    r"|before and after)\b",
    re.IGNORECASE,
)


_OWN_STUDY: tuple[tuple[Design, re.Pattern[str]], ...] = tuple(
    (design, regex(rf"\bin (?:an?|this|the|one|his|her|our|their) (?:[\w'’-]+ ){{0,3}}?{words}", re.IGNORECASE))
    for design, words in (
        (Design.OPEN_LABEL, r"(?:open[- ]label|uncontrolled|single[- ]arm)\b(?! (?:extension|phase|arm|follow))"),
        (Design.CASE_SERIES, r"case series\b"),
        (Design.CASE_REPORT, r"case report\b"),
    )
)


def design_in_wording(text: str) -> Design | None:
    """The design without a comparison that a claim gives its own study ("In a small open-label study, ..."), or None.

    Of use only where the claim rests on one source: with several it is unclear which is meant.
    """
    return next((design for design, pattern in _OWN_STUDY if pattern.search(text)), None)


_REVIEW = regex(r"\breview(?:s|ers?|ed)?\b", re.IGNORECASE)


_UNKNOWN = regex(
    r"\b(?:(?:is|remains|are|was) (?:not (?:yet )?(?:known|clear|certain)|unknown|unclear|uncertain|unproven)"
    r"|(?:has|have) (?:never|not(?: yet)?) been (?:shown|proven|proved|tested|studied|established)"
    r"|nobody (?:yet )?knows|no (?:good |strong |sound )?(?:evidence|proof|trials?) (?:that|of|shows?|has|whether))\b",
    re.IGNORECASE,
)


def states_its_design(text: str, design: Design) -> bool:
    """Whether the wording itself says how weak the evidence is ("in an open-label study", "it is not known")."""
    if _STATED.search(text) or _UNKNOWN.search(text):
        return True
    return design is Design.NARRATIVE_REVIEW and _REVIEW.search(text) is not None
