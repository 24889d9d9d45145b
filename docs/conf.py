"""How Sphinx builds the site: Markdown as it stands here, the interface from its docstrings, no other host."""

from __future__ import annotations

import sys
from pathlib import Path

from pygments.lexers.special import TextLexer
from sphinx.application import Sphinx

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from kap_content import __version__

project = "kap-content"
author = "The kap-content maintainers"
version = release = __version__
extensions = ["myst_parser", "sphinx.ext.autodoc"]
source_suffix = {".md": "markdown", ".rst": "restructuredtext"}
root_doc = "index"

myst_heading_anchors = 4  # headings are linked to as on the services that show the Markdown itself
default_role = "code"  # in docstrings, backticks are code
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
maximum_signature_line_length = 80
python_use_unqualified_type_names = True

html_theme = "furo"
html_title = "kap-content"
html_copy_source = False
html_show_sourcelink = False
html_theme_options = {"navigation_with_keys": True}


def setup(app: Sphinx) -> None:
    """Know the languages that have no colours."""
    app.add_lexer("csv", TextLexer)
