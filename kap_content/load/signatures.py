"""Whether decisions were signed by who they name: OpenSSH's verdict on each line of `approvals.jsonl`.

`ssh-keygen -Y verify` decides, with the project's `allowed_signers` and revoked keys, as on the day of the decision
(noon, UTC): a key whose `valid-before` has passed still vouches for what it signed before. A revoked key vouches for
nothing, whatever date a line bears.

Verdicts are kept per user, outside the project (a project could bring forged ones along), under a hash of the line and
of both files; a line is verified once.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from kap_content.load.allowed_signers import named_in_full
from kap_content.load.files import write_atomically
from kap_content.load.globs import leads_out
from kap_content.model.approval import Approval
from kap_content.model.errors import KapError
from kap_content.model.settings import ReviewSettings
from kap_content.works.decisions import canonical

NAMESPACE = "kap-content"
"""What signatures are made for (`ssh-keygen -n`): one made for git or for a file does not count."""

ARMOUR = "-----BEGIN SSH SIGNATURE-----"
NO_PROGRAM = "ssh-keygen is not installed, so that no signature can be verified (install OpenSSH’s client)"
_LIMIT = 4 * 1024 * 1024
_PATIENCE = 30
_KEPT = 20_000
_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Keys:
    """The contents of the files that say whose keys count; `trouble` says why they cannot be used."""

    allowed: bytes = b""
    revoked: bytes | None = None
    trouble: str = ""


def read_keys(root: Path, review: ReviewSettings) -> Keys:
    """The project's `allowed_signers` and, where settings name any, its revoked keys."""
    allowed = _content(root, review.allowed_signers)
    if allowed is None:
        return Keys(trouble=f"there is no {review.allowed_signers} that says whose keys count")
    if not review.revoked_keys:
        return Keys(allowed)
    revoked = _content(root, review.revoked_keys)
    if revoked is None:
        return Keys(trouble=f"the revoked keys, {review.revoked_keys}, cannot be read")
    return Keys(allowed, revoked)


def _content(root: Path, path: str) -> bytes | None:
    if leads_out(root, path):
        return None
    try:
        with (root / path).open("rb") as file:
            content = file.read(_LIMIT + 1)
    except OSError:
        return None
    return content if len(content) <= _LIMIT else None


def reasons_against(approvals: Iterable[Approval], keys: Keys) -> dict[Approval, str]:
    """For each decision why its signature does not hold, in words; nothing for those whose signature was verified.

    What could not be asked (no ssh-keygen, no `allowed_signers`) holds for no decision.
    """
    found: dict[Approval, str] = {}
    open_ones: dict[Approval, str] = {}
    for approval in approvals:
        reason = _plain_reason(approval, keys)
        if reason:
            found[approval] = reason
        else:
            open_ones[approval] = _question(approval, keys)
    if not open_ones:
        return found
    known = _recall()
    verdicts = {approval: known[name] for approval, name in open_ones.items() if name in known}
    asked = [approval for approval in open_ones if approval not in verdicts]
    answers = _ask(asked, keys) if asked else {}
    _keep(known, {open_ones[approval]: verdict.reason for approval, verdict in answers.items() if verdict.is_sure})
    verdicts |= {approval: verdict.reason for approval, verdict in answers.items()}
    return found | {approval: reason for approval, reason in verdicts.items() if reason}


def _plain_reason(approval: Approval, keys: Keys) -> str:
    """What can be said without asking."""
    if not approval.signature:
        return "it is not signed"
    if not approval.signature.lstrip().startswith(ARMOUR):
        return "what stands as its signature is no OpenSSH signature"
    if not approval.reviewer.isprintable() or not approval.signature.replace("\n", "").isprintable():
        return "it holds characters that no name or signature has"
    return keys.trouble


def _question(approval: Approval, keys: Keys) -> str:
    parts = (canonical(approval).encode("utf-8", "surrogatepass"), keys.allowed, keys.revoked or b"", b"2")
    hashes = (hashlib.sha256(part).digest() for part in parts)
    return hashlib.sha256(b"".join((*hashes, b"-" if keys.revoked is None else b"+"))).hexdigest()


@dataclass(frozen=True, slots=True)
class _Verdict:
    """Why a signature does not hold, or nothing; whether asking again would give the same answer."""

    reason: str
    is_sure: bool = True


def _ask(approvals: list[Approval], keys: Keys) -> dict[Approval, _Verdict]:
    from concurrent.futures import ThreadPoolExecutor

    with TemporaryDirectory(prefix="kap-") as folder:
        # Copies, so that what is asked about is what was hashed.
        bench = _Bench(Path(folder), has_revoked=keys.revoked is not None)
        bench.allowed.write_bytes(named_in_full(keys.allowed))
        bench.as_written.write_bytes(keys.allowed)
        if keys.revoked is not None:
            bench.revoked.write_bytes(keys.revoked)
        with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
            verdicts = pool.map(bench.verdict, range(len(approvals)), approvals)
            return dict(zip(approvals, verdicts, strict=True))


class _Bench:
    """A folder with the files that ssh-keygen is given."""

    def __init__(self, folder: Path, *, has_revoked: bool) -> None:
        self.folder = folder
        self.allowed = folder / "allowed_signers"
        self.as_written = folder / "as_written"
        self.revoked = folder / "revoked_keys"
        self.has_revoked = has_revoked

    def verdict(self, number: int, approval: Approval) -> _Verdict:
        """What ssh-keygen says of a decision's signature."""
        signature = self.folder / f"{number}.sig"
        signature.write_text(approval.signature.strip() + "\n", "utf-8", newline="\n")
        payload = signed_text(approval)
        when = f"-Overify-time={approval.on:%Y%m%d}120000"
        base = ["-n", NAMESPACE, "-s", str(signature)]
        who = ["-f", str(self.allowed), "-I", approval.reviewer]
        try:
            revoked = ["-r", str(self.revoked)] if self.has_revoked else []
            done = ssh_keygen("-Y", "verify", *base, *who, *revoked, when, give=payload)
            if done.returncode == 0:
                return _Verdict("")
            if self.has_revoked and not ssh_keygen("-Y", "verify", *base, *who, when, give=payload).returncode:
                return _Verdict("its key was revoked")
            said = done.stderr.decode("utf-8", "replace")
            if any(sign in said for sign in _TOO_OLD):
                return _Verdict("this ssh-keygen is too old to verify it (OpenSSH 8.9 can)", is_sure=False)
            for sign, reason in _SAYINGS:
                if sign in said:
                    return _Verdict(reason.format(reviewer=approval.reviewer, on=approval.on))
            by_pattern = ["-f", str(self.as_written), "-I", approval.reviewer]
            if not ssh_keygen("-Y", "verify", *base, *by_pattern, *revoked, when, give=payload).returncode:
                return _Verdict(f"allowed_signers has its key for a pattern, which does not name {approval.reviewer}")
            found = ssh_keygen("-Y", "find-principals", "-s", str(signature), "-f", str(self.allowed), when)
        except NoProgramError:
            return _Verdict(NO_PROGRAM, is_sure=False)
        except (OSError, subprocess.SubprocessError) as error:
            return _Verdict(f"ssh-keygen gave no answer: {type(error).__name__}", is_sure=False)
        owners = ", ".join(found.stdout.decode("utf-8", "replace").split())
        if found.returncode == 0 and owners:
            return _Verdict(f"it is signed with a key of {owners}, not of {approval.reviewer}")
        return _Verdict("the key that signed it is nobody’s in allowed_signers")


_TOO_OLD = ("illegal option", "unknown option", "usage: ssh-keygen", "Unsupported operation", "Invalid option")
_SAYINGS = (
    ("incorrect signature", "its signature is of another text: the line was edited, or the signature copied"),
    ("namespace does not match", f"its signature was made for another purpose than {NAMESPACE}"),
    ("key has expired", "the key of {reviewer} was no longer valid on {on} (valid-before in allowed_signers)"),
    ("not yet valid", "the key of {reviewer} was not yet valid on {on} (valid-after in allowed_signers)"),
    ("not permitted for use in signature namespace", f"its key may not sign for {NAMESPACE} (namespaces in the file)"),
    ("parse signature", "what stands as its signature is no OpenSSH signature"),
    ("sshsig_armor", "what stands as its signature is no OpenSSH signature"),
    ("invalid format", "what stands as its signature is no OpenSSH signature"),
    ("invalid key", "allowed_signers holds a key that cannot be read"),
    ("Certificate", "its certificate does not hold for {reviewer}"),
)


def signed_text(approval: Approval) -> bytes:
    """What a signature is made of: the canonical line without the signature, as UTF-8, no line end."""
    return canonical(approval, signed=True).encode("utf-8", "surrogatepass")


class NoProgramError(KapError):
    """There is no ssh-keygen."""


def ssh_keygen(*arguments: str, give: bytes = b"", asking: bool = False) -> subprocess.CompletedProcess[bytes]:
    """Run ssh-keygen; `NoProgramError` where there is none. Only with `asking` may it ask for a passphrase."""
    environment = {**os.environ, "TZ": "UTC", "LC_ALL": "C"}
    if not asking:
        environment["SSH_ASKPASS_REQUIRE"] = "never"
    try:
        return subprocess.run(  # noqa: S603 - a fixed program; no shell
            ["ssh-keygen", *arguments],  # noqa: S607 - the user's own
            input=give,
            capture_output=True,
            env=environment,
            timeout=None if asking else _PATIENCE,
            start_new_session=not asking and sys.platform != "win32",
            check=False,
        )
    except FileNotFoundError:
        raise NoProgramError(
            "ssh-keygen is not installed", help="Install OpenSSH’s client (openssh-client); signatures need it."
        ) from None


def _memory() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA") or os.path.expanduser("~/.cache")  # noqa: PTH111 - without an error where there is no home
    return Path(base) / "kap-content" / "signatures.json"


def _recall() -> dict[str, str]:
    """The verdicts of earlier runs; none where they cannot be read."""
    with suppress(OSError, ValueError, RecursionError):
        value = json.loads(_memory().read_bytes())
        if isinstance(value, dict):
            return {name: text for name, text in value.items() if isinstance(text, str)}
    return {}


def _keep(known: Mapping[str, str], new: Mapping[str, str]) -> None:
    if not new:
        return
    kept = list((dict(known) | dict(new)).items())[-_KEPT:]
    with suppress(OSError, KapError):
        path = _memory()
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_atomically(path, json.dumps(dict(kept)))
