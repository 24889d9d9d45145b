"""Findings as text, JSON and other formats: pure functions that return strings."""
