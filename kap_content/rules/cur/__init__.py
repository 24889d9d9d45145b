"""CUR: currency of claims, sources and wording."""
