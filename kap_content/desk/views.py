"""The views of a project's claims with all that they need from outside: citation style, git, signatures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from kap_content.desk.citations import citing
from kap_content.desk.memory import Memory
from kap_content.load.signatures import read_keys, reasons_against
from kap_content.model.approval import Approval
from kap_content.model.finding import Finding
from kap_content.model.project import Context
from kap_content.review.view import Views


def views_of(
    root: Path,
    context: Context,
    findings: Iterable[Finding],
    memory: Memory | None = None,
    against: Mapping[Approval, str] | None = None,
) -> Views:
    """The views of the project at `root`. `against` is what `doubted_signatures` gives, None where nobody asked."""
    known = memory or Memory(root)
    return Views(
        context,
        findings,
        citing(context.settings, root),
        lambda claim, then: known.earlier(claim, then, context),
        against,
    )


def doubted_signatures(root: Path, context: Context) -> Mapping[Approval, str]:
    """Why the signature of a decision does not hold, for each signed one of which that is so."""
    signed = [approval for approval in context.project.approvals if approval.signature]
    return reasons_against(signed, read_keys(root, context.settings.review)) if signed else {}
