"""Who sits at the desk."""

from __future__ import annotations

from dataclasses import dataclass

from kap_content.review.signatures import Signer


@dataclass(frozen=True, slots=True)
class Who:
    """Who decides, as the command line says: empty where it does not. `signer` holds the key that signs."""

    reviewer: str = ""
    role: str = ""
    signer: Signer | None = None
