"""The dossier: one HTML file that holds everything a meeting or an auditor wants to see of the claims. Pure.

It asks for nothing from elsewhere, runs no script, and shows the claims by the same templates as the desk.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from datetime import date

from kap_content import __version__
from kap_content.model.claim import Claim, Status
from kap_content.model.finding import Severity
from kap_content.review.html import environment, static
from kap_content.review.rows import page_rows, rows
from kap_content.review.view import ClaimView, Views


def dossier_html(views: Views, claims: Sequence[Claim], title: str) -> str:
    """The dossier of these claims as an HTML document. `title` names the project."""
    shown = [views.of(claim) for claim in claims]
    names = {claim.id for claim in claims}
    listed = [row for row in rows(views.context, views.standings, views.findings) if row.id in names]
    style = static("review.css") + static("dossier.css")
    return (
        environment()
        .get_template("dossier.html")
        .render(
            title=title,
            as_of=views.context.as_of,
            version=__version__,
            style=style,
            style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode("ascii"),
            views=shown,
            anchors={claim.id: f"claim-{number}" for number, claim in enumerate(claims, 1)},
            pages=page_rows(views.context, listed, ""),
            rows=listed,
            counts=_counts(shown, views.context.as_of),
        )
    )


def _counts(shown: Sequence[ClaimView], as_of: date) -> tuple[tuple[str, int], ...]:
    """What the first page sums up."""
    links = [item for view in shown for item in view.claim.evidence]
    return (
        ("claims", len(shown)),
        ("with the status approved", sum(view.claim.status is Status.APPROVED for view in shown)),
        ("that nobody has decided on", sum(not view.history for view in shown)),
        ("changed since an approval", sum(view.standing.is_stale for view in shown)),
        ("somebody must look at", sum(bool(view.standing.waiting) for view in shown)),
        ("overdue for review", sum(view.standing.due is not None and view.standing.due < as_of for view in shown)),
        ("with errors of the rules", sum(any(f.severity is Severity.ERROR for f in view.findings) for view in shown)),
        ("claim-reference links", len(links)),
        ("links that nobody has judged", sum(item.verdict is None for item in links)),
    )
