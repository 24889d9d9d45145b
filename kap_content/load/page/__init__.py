"""Pages: Markdown to blocks, marks and citations, each with its place. `markdown` is the parser, `reader` reads."""

from kap_content.load.page.reader import parse_page

__all__ = ["parse_page"]
