"""The formats by name."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kap_content.report.model import Report  # it loads the rules; the formats' names are wanted without them


class Format(StrEnum):
    """How findings are printed."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    JUNIT = "junit"
    GITHUB = "github"
    RDJSON = "rdjson"
    MARKDOWN = "markdown"


def render(report: Report, form: Format, *, colour: bool, columns: int, tool_version: str) -> str:
    """The report in a format. Only the one asked for is imported."""
    match form:
        case Format.TEXT:
            from kap_content.report.text import render_text

            return render_text(report, colour=colour, columns=columns)
        case Format.JSON:
            from kap_content.report.json_report import render_json

            return render_json(report, tool_version=tool_version)
        case Format.SARIF:
            from kap_content.report.sarif import render_sarif

            return render_sarif(report, tool_version=tool_version)
        case Format.JUNIT:
            from kap_content.report.junit import render_junit

            return render_junit(report)
        case Format.MARKDOWN:
            from kap_content.report.markdown import render_markdown

            return render_markdown(report)
        case Format.GITHUB | Format.RDJSON:
            from kap_content.report import annotations

            return (annotations.render_github if form is Format.GITHUB else annotations.render_rdjson)(report)
