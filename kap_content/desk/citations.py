"""References as the project's citation style has them."""

from __future__ import annotations

from pathlib import Path

from markupsafe import Markup

from kap_content.model.errors import SettingsError
from kap_content.model.reference import Reference
from kap_content.model.settings import Settings
from kap_content.review.evidence import Citation, Cite


def citing(settings: Settings, root: Path) -> Cite:
    """Formats references in the style that the settings name; in the usual one where that cannot be had."""
    style = ""

    def cite(reference: Reference) -> Citation:
        from kap_content.rendering.bibliography import format_reference

        nonlocal style
        style = style or _style(settings, root)
        entry = format_reference(reference, style)
        return Citation(entry.text, Markup(entry.html))  # noqa: S704 - escaped there

    return cite


def _style(settings: Settings, root: Path) -> str:
    from kap_content.rendering.style import load_style

    try:
        return load_style(settings, root).csl
    except SettingsError:
        return load_style(Settings(), root).csl
