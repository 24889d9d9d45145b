"""The Python interface with its types: read a project, check it, render what passes. `docs/api.md` shows it at work.

`from kap_content import load_project, check, render` gives the same three functions, each loaded when it is asked for.
"""

from __future__ import annotations

from kap_content.checking.engine import Outcome, Suppressed
from kap_content.checking.whole import check_project as check
from kap_content.load.whole import open_project as load_project
from kap_content.model.errors import KapError, ProjectError, SettingsError
from kap_content.model.finding import Finding, Severity
from kap_content.model.place import Place
from kap_content.model.project import Project
from kap_content.rendering.whole import PageResult
from kap_content.rendering.whole import render_project as render

__all__ = [
    "Finding",
    "KapError",
    "Outcome",
    "PageResult",
    "Place",
    "Project",
    "ProjectError",
    "SettingsError",
    "Severity",
    "Suppressed",
    "check",
    "load_project",
    "render",
]
