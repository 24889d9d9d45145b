"""Citation-checked content for medical web pages: check claims and references, and render only what passes."""

__version__ = "0.1.0"
