"""BibTeX: `scan` reads plain entries fast, `pybtex_reader` all others; `reader` puts them together, none lost."""

from kap_content.load.bib.reader import parse_bib

__all__ = ["parse_bib"]
