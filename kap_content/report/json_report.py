"""The JSON report: stable, versioned, described by the contract in docs/formats."""

from __future__ import annotations

import json
from dataclasses import asdict

from kap_content.checking.due import Due
from kap_content.model.finding import Finding
from kap_content.model.place import Place
from kap_content.report.model import Report, Share
from kap_content.startup.regex import regex

VERSION = 1


def render_json(report: Report, *, tool_version: str) -> str:
    """The report as JSON text, with a newline at its end."""
    ends = report.share is not None
    payload: dict[str, object] = {
        "version": VERSION,
        "tool": {"name": "kap-content", "version": tool_version},
        "as_of": report.as_of.isoformat(),
        "summary": asdict(report.summary),
        "next_due": day.isoformat() if (day := report.next_due()) is not None else None,
        "findings": [finding_json(finding, ends=ends) for finding in report.findings],
    }
    if report.upcoming is not None:
        payload["upcoming"] = {"until": report.upcoming.isoformat(), "items": [_due(item) for item in report.due]}
    if report.since is not None:
        payload["since"] = {
            "base": report.since.label,
            "new": [finding.fingerprint for finding in report.findings if finding.fingerprint in report.since.new],
            "gone": [asdict(entry) for entry in report.since.gone],
            "others": report.since.others,
        }
    if report.baseline is not None:
        payload["baseline"] = {
            "known": [finding_json(finding, ends=ends) for finding in report.baseline.known],
            "gone": [asdict(entry) for entry in report.baseline.gone],
        }
    if report.share is not None:
        payload["shard"] = _share(report.share, report)
    text = json.dumps(payload, ensure_ascii=False, indent=2) + "\n"
    # Half of a surrogate pair (a file name that is not UTF-8) can be written as an escape only.
    return _SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


_SURROGATE = regex("[\ud800-\udfff]")


def finding_json(finding: Finding, *, ends: bool) -> dict[str, object]:
    """A finding as the report has it; with `ends`, related places have their ends too, as some formats show them."""
    at = _whole_place if ends else _place
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": str(finding.severity),
        **_whole_place(finding.place),
        "message": finding.message,
        "help": finding.help,
        "claim": finding.claim or None,
        "reference": finding.reference or None,
        "related": [{**at(other.place), "message": other.message} for other in finding.related],
        "fingerprint": finding.fingerprint,
    }


def _share(share: Share, report: Report) -> dict[str, object]:
    """What `kap report merge` wants of a shard (`report.merge` reads it)."""
    return {
        "number": share.shard.number,
        "of": share.shard.of,
        "inputs": {
            "settings": share.inputs.settings,
            "data": share.inputs.data,
            "pages": {str(number): digest for number, digest in sorted(share.inputs.pages.items())},
        },
        "rules": [rule.code for rule in report.rules],
        "pages": dict(zip(report.pages, share.order, strict=True)),
        "names": dict(sorted(share.names.items())),
        "suppressed": [{**finding_json(item.finding, ends=True), "reason": item.reason} for item in report.suppressed],
        "idle": [
            {
                ("about" if name == "fingerprint" else name): value
                for name, value in finding_json(item, ends=True).items()
            }
            for item in share.idle
        ],
        "used": [_whole_place(place) for place in sorted(share.used)],
        "lines": _lines(report, share),
    }


def _lines(report: Report, share: Share) -> dict[str, dict[str, str]]:
    """The lines that formats show of the places in findings, by path and number."""
    wanted: dict[str, set[int]] = {}
    for finding in (*report.findings, *share.idle):
        for place in (finding.place, *(other.place for other in finding.related)):
            wanted.setdefault(place.path, set()).update((place.line, place.end_line))
    return {
        path: {
            str(number): text for number in sorted(numbers) if (text := report.source_line(path, number)) is not None
        }
        for path, numbers in sorted(wanted.items())
        if path in report.lines
    }


def _due(item: Due) -> dict[str, object]:
    return {
        "on": item.on.isoformat(),
        "code": item.code,
        **_place(item.place),
        "message": item.message,
        "claim": item.claim or None,
        "reference": item.reference or None,
    }


def _whole_place(place: Place) -> dict[str, object]:
    return {**_place(place), "end_line": place.end_line, "end_column": place.end_column}


def _place(place: Place) -> dict[str, object]:
    return {"path": place.path, "line": place.line, "column": place.column}
