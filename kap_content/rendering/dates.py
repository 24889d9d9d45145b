"""Dates as a reader reads them."""

from __future__ import annotations

from datetime import date

from markupsafe import Markup

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def in_words(day: date) -> str:
    """`22 November 2026`, whatever the machine's language."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def time_element(day: date) -> Markup:
    """The same for readers and programs alike."""
    return Markup('<time datetime="{}">{}</time>').format(day.isoformat(), in_words(day))
