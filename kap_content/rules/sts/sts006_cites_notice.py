"""STS006: a reference that is itself a notice about an article."""

from __future__ import annotations

from collections.abc import Iterator

from kap_content.model.finding import Severity
from kap_content.model.project import Context
from kap_content.model.record import Record
from kap_content.model.reference import Reference
from kap_content.rules._rule import Hit, record_rule
from kap_content.works.status import publication_status
from kap_content.works.uses import called, uses_of

_LISTED = 3


@record_rule("STS006", "cites-notice", Severity.WARNING)
def cites_notice(reference: Reference, record: Record, context: Context) -> Iterator[Hit]:
    """A reference is a notice of retraction, concern or correction rather than an article.

    A note where every claim that uses it critiques or disputes it: such a notice is cited on purpose. A new version or
    edition is not a notice.

    Why: the notice and the article have like titles; the evidence stands in the article, and the notice says what is
    wrong with it.

    Fix: cite the article that the notice is about, if it still stands; cite the notice only to speak of the notice.

    Example:
        doi = {10.1371/journal.pone.0253360}

        “Correction: Is consumer neural response ...” (pone2021) is itself a notice (correction) about
        10.1371/journal.pone.0241578
    """
    notice = publication_status(record).notice_of
    if notice is None:
        return
    uses = uses_of(reference.key, context)
    about = f" about {' and '.join(notice.about[:_LISTED])}" if notice.about else ""
    more = f" and {len(notice.about) - _LISTED} more" if len(notice.about) > _LISTED else ""
    yield Hit(
        reference.place,
        f"{called(reference, record)} is itself a notice ({', '.join(notice.kinds)}){about}{more}; {uses}",
        help="Cite the article that the notice is about, if it still stands; to speak of the notice, use relation: "
        "critiques.",
        reference=reference.key,
        related=uses.related,
        severity=Severity.NOTE if uses.is_opposed else None,
        about=f"notice {' '.join(notice.about)}",
    )
