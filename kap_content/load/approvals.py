"""`approvals.jsonl`: signed decisions, one JSON object a line, appended and never changed."""

from __future__ import annotations

import json
import re
from datetime import date

from kap_content.model.approval import Approval, Decision
from kap_content.model.finding import Problem
from kap_content.model.place import Place
from kap_content.startup.regex import regex

DECISIONS = tuple(str(decision) for decision in Decision)
_REQUIRED = ("claim", "fingerprint", "decision", "role", "reviewer", "on")
_OPTIONAL = ("comment", "previous", "signature")


def parse_approvals(path: str, source: str) -> tuple[tuple[Approval, ...], tuple[Problem, ...]]:
    """Read the decisions in their order; a line that cannot be read is a problem, and the others still count."""
    approvals: list[Approval] = []
    problems: list[Problem] = []
    for number, line in enumerate(source.removeprefix("\ufeff").split("\n"), 1):
        if not line.strip():
            continue
        place = Place(path, number, 1, number, len(line) + 1)
        claim = ""
        try:
            value = json.loads(line, object_pairs_hook=_fields)
            claim = value["claim"] if isinstance(value, dict) and isinstance(value.get("claim"), str) else ""
            approvals.append(_approval(value, place))
        except _Unreadable as error:
            problems.append(Problem("CLM009", place, f"a decision cannot be read: {error}", _HELP, claim))
        except (ValueError, RecursionError):
            what = "a merge conflict was never resolved" if line.startswith(_MARKERS) else "it is no JSON"
            problems.append(Problem("CLM009", place, f"a decision cannot be read: {what}", _HELP))
    return tuple(approvals), tuple(problems)


_MARKERS = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")
_HELP = "Restore the line from the repository’s history; decisions are never edited."


class _Unreadable(Exception):  # noqa: N818 - it becomes a problem
    """Why a line is no decision."""


def _fields(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """The fields by name. A name given twice is refused: a reader might see the one, the program take the other."""
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise _Unreadable("a field is given twice")
    return fields


_DATE = regex(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _approval(value: object, place: Place) -> Approval:
    if not isinstance(value, dict):
        raise _Unreadable("it is no mapping in braces")
    for name, item in value.items():
        if name not in _REQUIRED and name not in _OPTIONAL:
            raise _Unreadable(f"“{name}” is no field of it")
        if not isinstance(item, str):
            raise _Unreadable(f"“{name}” wants text")
    for name in _REQUIRED:
        if not value.get(name):
            raise _Unreadable(f"it has no “{name}”")
    if value["decision"] not in DECISIONS:
        raise _Unreadable(f"“{value['decision']}” is none of {', '.join(DECISIONS)}")
    try:
        on = date.fromisoformat(value["on"] if _DATE.fullmatch(value["on"]) else "")
    except ValueError:
        raise _Unreadable(f"“on” is no date as YYYY-MM-DD: “{value['on']}”") from None
    return Approval(**(value | {"on": on, "place": place}))
