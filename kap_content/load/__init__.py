"""Readers of files: text to frozen values with positions. What cannot be read becomes a problem, not an exception."""
