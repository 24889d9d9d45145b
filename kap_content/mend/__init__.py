"""Changing sources: what can be mended for certain, as changes that are shown first and applied whole."""
