"""Frozen values that everything else speaks in. This package imports nothing of the product."""
