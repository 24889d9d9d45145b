"""Closed word classes, written down once. Lists that a project may extend are data files, not here."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """The words of `text`, which are parted by white space."""
    return frozenset(text.split())
