"""Signing decisions with an OpenSSH key: `ssh-keygen -Y sign -n kap-content`.

What is signed is the canonical line without its signature, `previous` included: a signature fits one line at one place
of one log. Verifying is `kap_content.load.signatures`.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

from kap_content.load.signatures import ARMOUR, NAMESPACE, signed_text, ssh_keygen
from kap_content.model.approval import Approval
from kap_content.model.errors import KapError


class SigningError(KapError):
    """The decision could not be signed."""


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs and with which key: the private one, or a public one whose private half an ssh-agent holds.

    With `asks`, ssh-keygen may ask for the key's passphrase on the terminal.
    """

    principal: str
    key: Path
    asks: bool = False


def signed(approval: Approval, signer: Signer) -> Approval:
    """The decision with its signature; a `SigningError` or `NoProgramError` says why it cannot be signed."""
    if not signer.key.is_file():
        raise SigningError(f"there is no key {signer.key}", help="Name your private key, such as ~/.ssh/id_ed25519.")
    try:
        key = str(signer.key.absolute())
        done = ssh_keygen("-Y", "sign", "-n", NAMESPACE, "-f", key, give=signed_text(approval), asking=signer.asks)
    except (OSError, subprocess.SubprocessError) as error:
        raise SigningError(f"ssh-keygen gave no answer: {type(error).__name__}") from error
    signature = done.stdout.decode("ascii", "replace")
    if done.returncode or not signature.startswith(ARMOUR):
        said = done.stderr.decode("utf-8", "replace")
        raise SigningError(f"the key {signer.key} cannot sign: {_reason(said)}", help=_step(said))
    return replace(approval, signature=signature)


def _reason(said: str) -> str:
    if "passphrase" in said:
        return "it wants its passphrase"
    if "UNPROTECTED" in said:
        return "others may read it"
    lines = [line for line in said.splitlines() if line.strip() and "Signing data" not in line]
    return lines[-1].strip() if lines else "ssh-keygen gave no reason"


def _step(said: str) -> str:
    if "passphrase" in said:
        return "Load it once (ssh-add KEY) and name the public key, KEY.pub; or sign on the terminal with kap approve."
    if "UNPROTECTED" in said:
        return "chmod 600 KEY"
    return "Name a private key that ssh-keygen can read, or a public one that your ssh-agent holds."
