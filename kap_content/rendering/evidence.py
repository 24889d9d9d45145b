"""The audit record of a page, `evidence.json`: which claims it states, what they rest on, and what was found."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import TypeAlias

from kap_content import __version__
from kap_content.checking.narrowed import rules_in_english_only, rules_not_run
from kap_content.model.claim import Claim, Evidence
from kap_content.model.dates import PartialDate
from kap_content.model.finding import Finding
from kap_content.model.page import Page, Person
from kap_content.model.project import Context
from kap_content.model.record import Record
from kap_content.rendering.bibliography import Entries
from kap_content.rendering.body import Article
from kap_content.rendering.marks import version
from kap_content.rendering.numbering import fragment
from kap_content.rendering.references import label_of

VERSION = 1
"""Grows when a field is renamed or removed; new fields do not count."""

Value: TypeAlias = "str | int | bool | Sequence[Value] | Mapping[str, Value] | None"


def evidence_json(
    page: Page,
    context: Context,
    article: Article,
    findings: Sequence[Finding],
    entries: Entries,
    address: str,
    *,
    draft: bool,
) -> str:
    """The record as JSON text. Empty fields are left out; places are `path:line:column` of the project."""
    keys = article.numbering.keys
    record: dict[str, Value] = {
        "version": VERSION,
        "tool": {"name": "kap-content", "version": __version__},
        "as_of": context.as_of.isoformat(),
        "draft": draft,
        "page": _page(page, address),
        "claims": [_claim(claim, page, keys) for claim in article.claims],
        "references": [_reference(number, key, context, entries) for number, key in enumerate(keys, 1)],
        "rules_not_run": [
            name.partition(" ")[0]
            for name in sorted((*rules_not_run(page, context), *rules_in_english_only(page, context)))
        ],
        "findings": [_finding(finding) for finding in findings],
        "suppressions": [
            _given(
                place=str(item.place),
                codes=list(item.codes),
                reason=item.reason,
                until=_day(item.until),
            )
            for item in page.suppressions
        ],
    }
    return _written(record)


def _written(record: Mapping[str, Value]) -> str:
    """The record with a line for each field and each member of a list: few lines change where little did."""
    lines = []
    for name, value in record.items():
        text = json.dumps(value, ensure_ascii=False)
        if isinstance(value, list) and value:
            text = "[\n  " + ",\n  ".join(json.dumps(part, ensure_ascii=False) for part in value) + "\n ]"
        lines.append(f" {json.dumps(name)}: {text}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _page(page: Page, address: str) -> Mapping[str, Value]:
    meta = page.meta
    return _given(
        path=page.path,
        sha256=sha256(page.source.encode("utf-8", "surrogatepass")).hexdigest(),
        url=address,
        title=meta.title,
        description=meta.description,
        language=meta.language,
        authors=[_person(person) for person in meta.authors],
        reviewers=[_person(person) for person in meta.reviewers],
        published=_day(meta.published),
        last_reviewed=_day(meta.last_reviewed),
        next_review_due=_day(meta.next_review_due),
        interest=meta.interest,
    )


def _person(person: Person) -> Mapping[str, Value]:
    return _given(name=person.name, credentials=person.credentials, role=person.role, url=person.url)


def _claim(claim: Claim, page: Page, keys: Sequence[str]) -> Mapping[str, Value]:
    marks = [mark for mark in page.marks if mark.claim == claim.id]
    return _given(
        id=claim.id,
        anchor=fragment("claim", claim.id),
        version=version(claim),
        status=claim.status.value,
        category=claim.category.value if claim.category else "",
        match_text=claim.match_text,
        certainty=claim.certainty.value if claim.certainty else "",
        next_review_due=_day(claim.next_review_due),
        shown=[_given(place=str(mark.place), wording=mark.text) for mark in marks],
        evidence=[_evidence(item, keys) for item in claim.evidence],
    )


def _evidence(item: Evidence, keys: Sequence[str]) -> Mapping[str, Value]:
    anchor = item.anchor
    return _given(
        reference=item.ref,
        number=keys.index(item.ref) + 1 if item.ref in keys else None,
        relation=item.relation.value,
        direction=item.direction.value,
        design=item.design.value if item.design else "",
        finding=item.finding,
        anchor=_given(
            exact=anchor.exact, page=anchor.page, table=anchor.table, figure=anchor.figure, section=anchor.section
        ),
        verdict=item.verdict.value if item.verdict else "",
        checked_by=item.checked_by,
        checked_on=_day(item.checked_on),
        seminal=item.seminal,
    )


def _reference(number: int, key: str, context: Context, entries: Entries) -> Mapping[str, Value]:
    reference, record = context.references[key], context.record(key)
    return _given(
        number=number,
        key=key,
        anchor=fragment("ref", key),
        citation=entries.of(reference).text,
        doi=reference.get("doi"),
        pmid=reference.get("pmid"),
        url=reference.get("url"),
        standing=label_of(record),
        registry=_registry(record) if record else {},
    )


def _registry(record: Record) -> Mapping[str, Value]:
    return _given(
        state=record.state.value,
        transcribed=record.is_transcribed,
        asked=record.asked,
        answered=record.answered,
        agency=record.agency,
        sources=[{"name": source.name, "checked_on": source.checked_on.isoformat()} for source in record.sources],
        notices=[
            _given(kind=item.kind.value, source=item.source, doi=item.doi, date=_partial(item.date), label=item.label)
            for item in record.notices
        ],
        publication_types=list(record.publication_types),
        abstract_sha256=record.abstract_sha256,
    )


def _finding(finding: Finding) -> Mapping[str, Value]:
    return _given(
        code=finding.code,
        name=finding.name,
        severity=finding.severity.value,
        place=str(finding.place),
        message=finding.message,
        help=finding.help,
        claim=finding.claim,
        reference=finding.reference,
        fingerprint=finding.fingerprint,
    )


def _given(**fields: Value) -> Mapping[str, Value]:
    """The fields that say something; False and 0 do."""
    return {name: value for name, value in fields.items() if value is not None and value not in ("", [], {})}


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _partial(day: PartialDate | None) -> str:
    return str(day) if day else ""
