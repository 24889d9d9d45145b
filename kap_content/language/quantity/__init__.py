"""Quantities in medical prose: reading them, and holding a claim's against its evidence's."""

from __future__ import annotations

from kap_content.language.quantity.agree import agree
from kap_content.language.quantity.compare import compare
from kap_content.language.quantity.read import read
from kap_content.language.quantity.value import (
    Agreement,
    Comparator,
    Difference,
    Direction,
    Form,
    Hedge,
    Kind,
    Quantity,
    Unmatched,
    Verdict,
)

__all__ = [
    "Agreement",
    "Comparator",
    "Difference",
    "Direction",
    "Form",
    "Hedge",
    "Kind",
    "Quantity",
    "Unmatched",
    "Verdict",
    "agree",
    "compare",
    "read",
]
