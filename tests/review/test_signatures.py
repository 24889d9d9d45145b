from __future__ import annotations

import json
import os
import subprocess
from datetime import date
from pathlib import Path

import pytest

from kap_content.load import signatures as verifying
from kap_content.load.signatures import NO_PROGRAM, NoProgramError, signed_text
from kap_content.model.errors import KapError
from kap_content.review.audit import audit
from kap_content.review.decide import DecisionRequest, decide
from kap_content.review.signatures import Signer, SigningError, signed
from tests.review.conftest import LEE, ROE, TODAY, Desk, public


def doubts(desk: Desk) -> list[str]:
    return [approval.doubt for approval in desk.approvals()]


def approved(desk: Desk) -> None:
    desk.decide()
    desk.decide(role="legal", who=ROE, key="roe")


def test_signed_decisions_count(desk: Desk) -> None:
    approved(desk)
    assert doubts(desk) == ["", ""]


def changed(line: str, **fields: str) -> str:
    return json.dumps(json.loads(line) | fields, ensure_ascii=False)


@pytest.mark.parametrize(
    "fields",
    [
        {"claim": "KET-2"},
        {"decision": "reject"},
        {"role": "medical", "comment": "well"},
        {"on": "2026-11-21"},
        {"previous": "start"},
        {"fingerprint": "wording=0"},
    ],
)
def test_an_edited_line_does_not_count(desk: Desk, fields: dict[str, str]) -> None:
    approved(desk)
    first, second = desk.lines()
    desk.put_lines([first, changed(second, **fields)])
    assert "of another text" in doubts(desk)[1]


def test_a_signature_copied_from_another_line_does_not_count(desk: Desk) -> None:
    desk.decide()
    desk.decide(claim="KET-2")
    first, second = desk.lines()
    desk.put_lines([first, changed(second, signature=json.loads(first)["signature"])])
    assert doubts(desk) == ["", "its signature is of another text: the line was edited, or the signature copied"]


def test_a_line_without_a_signature_does_not_count(desk: Desk) -> None:
    approved(desk)
    first, second = desk.lines()
    bare = json.loads(second)
    del bare["signature"]
    desk.put_lines([first, json.dumps(bare)])
    assert doubts(desk) == ["", "it is not signed"]


@pytest.mark.parametrize(
    "signature",
    [
        "yes",
        "-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n",
        "-----BEGIN SSH SIGNATURE-----",
        "-----BEGIN SSH SIGNATURE-----\n" + "A" * 5000,
    ],
)
def test_garbage_is_no_signature(desk: Desk, signature: str) -> None:
    approved(desk)
    first, second = desk.lines()
    desk.put_lines([first, changed(second, signature=signature)])
    assert doubts(desk) == ["", "what stands as its signature is no OpenSSH signature"]


def refused(desk: Desk, who: str = LEE, key: str = "lee", role: str = "medical", on: date = TODAY) -> str:
    with pytest.raises(KapError) as caught:
        desk.decide(role=role, who=who, key=key, on=on)
    assert not (desk.root / "approvals.jsonl").exists()
    return caught.value.message


def test_a_strangers_key_gets_nobody_in(desk: Desk) -> None:
    assert refused(desk, key="stranger").endswith("the key that signed it is nobody’s in allowed_signers")


def test_a_colleagues_key_gets_nobody_in(desk: Desk) -> None:
    assert refused(desk, key="roe").endswith(f"it is signed with a key of {ROE}, not of {LEE}")


def test_an_expired_key_signs_nothing_new(desk: Desk) -> None:
    desk.allow(f'{LEE} valid-before="20261122" {public(desk.keys, "lee")}')
    assert f"the key of {LEE} was no longer valid on 2026-11-22" in refused(desk)


def test_an_expired_key_vouches_for_what_it_signed_before(desk: Desk) -> None:
    desk.decide()
    desk.allow(f'{LEE} valid-before="20261123" {public(desk.keys, "lee")}')
    assert doubts(desk) == [""]


@pytest.mark.parametrize("pattern", ["*@example.org", "*", "lee@example.or?", f"{ROE},*", "*,!roe@example.org"])
def test_a_key_of_a_pattern_signs_in_nobodys_name(desk: Desk, pattern: str) -> None:
    desk.allow(f"{pattern} {public(desk.keys, 'stranger')}", f"{LEE} {public(desk.keys, 'lee')}")
    assert refused(desk, key="stranger").endswith(f"has its key for a pattern, which does not name {LEE}")
    desk.decide()
    assert doubts(desk) == [""]


def test_a_key_counts_for_each_name_in_full_beside_a_pattern(desk: Desk) -> None:
    desk.allow(f'"{ROE},*,{LEE}" valid-after="20200101" {public(desk.keys, "lee")} a comment')
    desk.decide()
    assert doubts(desk) == [""]


def test_a_certificate_names_its_holder_whatever_the_pattern_of_its_authority(desk: Desk, tmp_path: Path) -> None:
    for name in ("lee.pub", "lee"):
        (tmp_path / name).write_bytes((desk.keys / name).read_bytes())
    (tmp_path / "lee").chmod(0o600)
    command = ["ssh-keygen", "-q", "-s", str(desk.keys / "stranger"), "-I", "lee", "-n", LEE, str(tmp_path / "lee.pub")]
    subprocess.run(command, check=True, capture_output=True)
    desk.allow(f"*@example.org cert-authority {public(desk.keys, 'stranger')}")
    request = DecisionRequest("KET-1", "approve", "medical", LEE, TODAY)
    decide(desk.root, request, Signer(LEE, tmp_path / "lee-cert.pub"))
    assert doubts(desk) == [""]


def test_keys_of_which_it_is_not_plain_whose_they_are_are_told(desk: Desk) -> None:
    desk.decide()
    desk.allow(f"{LEE},{ROE} {public(desk.keys, 'lee')}", f"*@example.org {public(desk.keys, 'roe')}")
    notes = audit(desk.context(), desk.root).notes
    assert f"one key of allowed_signers is that of {LEE} and {ROE}: who holds it signs as each of them" in notes
    assert "allowed_signers:2 names signers by a pattern (*@example.org), which counts for nobody" in notes


def test_a_key_that_is_not_yet_valid_signs_nothing(desk: Desk) -> None:
    desk.allow(f'{LEE} valid-after="20261201" {public(desk.keys, "lee")}')
    assert f"the key of {LEE} was not yet valid on 2026-11-22" in refused(desk)


def test_a_key_for_another_purpose_signs_nothing(desk: Desk) -> None:
    desk.allow(f'{LEE} namespaces="git" {public(desk.keys, "lee")}')
    assert "its key may not sign for kap-content" in refused(desk)


def test_a_key_for_this_purpose_signs(desk: Desk) -> None:
    desk.allow(f'{LEE} namespaces="git,kap-content" {public(desk.keys, "lee")}')
    desk.decide()
    assert doubts(desk) == [""]


def test_another_type_of_key_signs_where_it_is_allowed(desk: Desk) -> None:
    desk.allow(f"{LEE} {public(desk.keys, 'old')}")
    desk.decide(key="old")
    assert doubts(desk) == [""]


def test_a_revoked_key_vouches_for_nothing_whatever_the_date(desk: Desk) -> None:
    approved(desk)
    desk.write("kap.toml", desk.read("kap.toml").replace("[review]", '[review]\nrevoked_keys = "revoked"', 1))
    desk.write("revoked", f"{public(desk.keys, 'lee')}\n")
    assert doubts(desk) == ["its key was revoked", ""]


def test_a_list_of_revoked_keys_that_is_not_there_leaves_nothing_certain(desk: Desk) -> None:
    approved(desk)
    desk.write("kap.toml", desk.read("kap.toml").replace("[review]", '[review]\nrevoked_keys = "revoked"', 1))
    assert doubts(desk) == ["the revoked keys, revoked, cannot be read"] * 2


def test_without_allowed_signers_nothing_counts(desk: Desk) -> None:
    approved(desk)
    (desk.root / "allowed_signers").unlink()
    assert doubts(desk) == ["there is no allowed_signers that says whose keys count"] * 2


def test_a_signature_made_for_another_purpose_does_not_count(desk: Desk) -> None:
    desk.decide()
    approval = desk.approvals()[0]
    done = subprocess.run(
        ["ssh-keygen", "-Y", "sign", "-n", "file", "-f", str(desk.keys / "lee")],
        input=signed_text(approval),
        capture_output=True,
        check=True,
    )
    desk.put_lines([changed(desk.lines()[0], signature=done.stdout.decode())])
    assert doubts(desk) == ["its signature was made for another purpose than kap-content"]


def test_a_wrong_role_does_not_count_even_signed(desk: Desk) -> None:
    settings = desk.read("kap.toml")
    desk.write("kap.toml", settings.replace('["medical"], name', '["medical", "legal"], name'))
    desk.decide(role="legal")
    desk.write("kap.toml", settings)
    assert doubts(desk) == [f"{LEE} may decide as medical, not as legal"]


def test_an_author_who_approved_does_not_count(desk: Desk) -> None:
    desk.decide()
    desk.write("kap.toml", desk.read("kap.toml").replace("[review]", "[review]\nauthor_may_not_approve = true", 1))
    desk.write("pages/a.md", desk.read("pages/a.md").replace("author: {name: The maintainers}", "author: Dr A. Lee"))
    assert doubts(desk) == [f"{LEE} is the author of a page that shows the claim"]


def without_program(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "bare").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bare"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "fresh"))


def test_without_ssh_keygen_nothing_counts(desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    approved(desk)
    without_program(monkeypatch, tmp_path)
    assert doubts(desk) == [NO_PROGRAM] * 2


def test_without_ssh_keygen_nothing_is_signed(desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    without_program(monkeypatch, tmp_path)
    with pytest.raises(NoProgramError, match="ssh-keygen is not installed"):
        desk.decide()


def test_what_was_not_asked_is_not_kept(desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    approved(desk)
    path = os.environ["PATH"]
    without_program(monkeypatch, tmp_path)
    assert doubts(desk) == [NO_PROGRAM] * 2
    monkeypatch.setenv("PATH", path)
    assert doubts(desk) == ["", ""]


def test_a_verdict_is_asked_for_once(desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    approved(desk)
    assert doubts(desk) == ["", ""]
    monkeypatch.setenv("PATH", str(tmp_path))
    assert doubts(desk) == ["", ""]


def test_other_allowed_signers_are_asked_about_anew(desk: Desk) -> None:
    approved(desk)
    assert doubts(desk) == ["", ""]
    desk.allow(f"{ROE} {public(desk.keys, 'roe')}")
    assert doubts(desk)[0].startswith("the key that signed it is nobody’s")


@pytest.mark.parametrize("content", ["", "not json", "[]", '{"a": 1}', "[" * 100_000])
def test_kept_verdicts_that_cannot_be_read_are_asked_for_again(desk: Desk, content: str) -> None:
    approved(desk)
    memory = verifying._memory()
    memory.parent.mkdir(parents=True, exist_ok=True)
    memory.write_text(content, "utf-8")
    assert doubts(desk) == ["", ""]


def test_a_missing_key_and_a_file_that_is_none_are_named(desk: Desk) -> None:
    desk.decide()
    approval = desk.approvals()[0]
    with pytest.raises(SigningError, match="there is no key"):
        signed(approval, Signer(LEE, desk.keys / "nobody"))
    with pytest.raises(SigningError, match="cannot sign"):
        signed(approval, Signer(LEE, desk.root / "claims.yaml"))


def test_a_key_with_a_passphrase_is_not_waited_for(desk: Desk, tmp_path: Path) -> None:
    key = tmp_path / "locked"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "secret", "-f", str(key)], check=True)
    desk.decide()
    with pytest.raises(SigningError, match="wants its passphrase"):
        signed(desk.approvals()[0], Signer(LEE, key))


@pytest.fixture
def certified(desk: Desk, tmp_path: Path) -> Path:
    """A certificate of the stranger's key for lee@example.org, valid in 2026, by an authority that is allowed."""
    authority, key = tmp_path / "authority", tmp_path / "certified"
    for path in (authority, key):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)], check=True)
    made = ["ssh-keygen", "-q", "-s", str(authority), "-I", "lee", "-n", LEE, "-V", "20260101:20270101", f"{key}.pub"]
    subprocess.run(made, check=True)
    desk.allow(f"*@example.org cert-authority {public(tmp_path, 'authority')}")
    return tmp_path / "certified-cert.pub"


def test_a_certificate_of_an_authority_lets_in_whom_it_names(desk: Desk, certified: Path) -> None:
    desk.decide(key=str(certified))
    assert doubts(desk) == [""]


def test_a_certificate_lets_in_nobody_else(desk: Desk, certified: Path) -> None:
    assert "certificate" in refused(desk, who=ROE, role="legal", key=str(certified)).casefold()


def test_a_certificate_that_has_expired_lets_in_nobody(desk: Desk, certified: Path) -> None:
    assert "certificate" in refused(desk, key=str(certified), on=date(2027, 2, 1)).casefold()


def test_an_old_ssh_keygen_is_named(desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    desk.decide()
    without_program(monkeypatch, tmp_path)
    program = tmp_path / "bare" / "ssh-keygen"
    program.write_text("#!/bin/sh\necho 'usage: ssh-keygen [-q]' >&2\nexit 1\n", "utf-8")
    program.chmod(0o755)
    assert doubts(desk) == ["this ssh-keygen is too old to verify it (OpenSSH 8.9 can)"]
