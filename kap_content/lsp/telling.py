"""What is known of a claim or a reference, as a few lines of Markdown. Everything from a file is escaped."""

from __future__ import annotations

import re

from kap_content.model.claim import Claim, Evidence
from kap_content.model.errors import KapError
from kap_content.model.project import Context
from kap_content.model.reference import Reference
from kap_content.startup.regex import regex

_SPECIAL = regex(r"([\\`*_{}\[\]()<>#+!|~&$])")


def told(found: Claim | Reference, context: Context) -> str:
    """The claim's wording, status and evidence; or the reference as the list of references has it, and its status."""
    return _claim(found, context) if isinstance(found, Claim) else _reference(found, context)


def plain(markdown: str) -> str:
    """The same for an editor that shows no Markdown."""
    return re.sub(r"\\(.)", r"\1", re.sub(r"(?<!\\)\*\*", "", markdown))


def _claim(claim: Claim, context: Context) -> str:
    due = f", next review {claim.next_review_due}" if claim.next_review_due else ""
    lines = [f"**{_escaped(claim.id)}**: {_escaped(claim.status)}{due}", "", _escaped(claim.match_text)]
    if claim.certainty:
        lines += ["", f"certainty: {_escaped(claim.certainty.replace('_', ' '))}"]
    if claim.evidence:
        lines += ["", *(f"- {_evidence(item, context)}" for item in claim.evidence)]
    return "\n".join(lines)


def _evidence(item: Evidence, context: Context) -> str:
    """One link of a claim to a reference: which, what was found, its design and verdict, and the work's notices."""
    told = [f"{_escaped(item.ref)}: {_escaped(item.finding) or 'no finding given'}"]
    told += [_escaped(item.design)] if item.design else []
    told += [f"verdict {_escaped(item.verdict.replace('_', ' '))}"] if item.verdict else []
    if item.ref not in context.references:
        told.append("not in the bibliography")
    record = context.record(item.ref)
    told += [_escaped(f"{notice.kind}") for notice in record.notices] if record else []
    return "; ".join(told)


def _reference(reference: Reference, context: Context) -> str:
    citation = _escaped(_formatted(reference, context))
    return "\n".join([f"**{_escaped(reference.key)}**", "", citation, "", _status(reference, context)])


def _formatted(reference: Reference, context: Context) -> str:
    """The entry by the project's citation style; by a plain one where that cannot be used."""
    from kap_content.rendering.bibliography import format_reference
    from kap_content.rendering.csl_styles import bundled_style
    from kap_content.rendering.style import load_style

    try:
        csl = load_style(context.settings, context.project.root).csl
        return format_reference(reference, csl).text.strip()
    except KapError:
        csl = bundled_style("american-medical-association") or ""
        return format_reference(reference, csl).text.strip()


def _status(reference: Reference, context: Context) -> str:
    """What the registries said: that the work was found, and notices such as a retraction."""
    from kap_content.rendering.references import status_words

    record = context.record(reference.key)
    if record is None:
        return "registries: not asked; run `kap lock`"
    words = status_words(record, has_doi=bool(reference.get("doi")))
    notices = (f"**{_escaped(notice.kind)}** ({notice.date or 'no date'})" for notice in record.notices)
    return "registries: " + "; ".join([_escaped(words), *notices])


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
