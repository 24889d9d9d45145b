from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest

from kap_content.load.schema import schema as schema_of
from kap_content.load.settings import read_settings
from kap_content.model.claim import Category
from kap_content.model.errors import SettingsError
from kap_content.model.settings import Reviewer, ReviewSettings, Settings, folded_name


def review(folder: Path, text: str) -> ReviewSettings:
    (folder / "kap.toml").write_text(text, "utf-8")
    return read_settings(folder, {}).review


def test_without_a_table_nothing_is_required() -> None:
    assert Settings().review == ReviewSettings()
    assert ReviewSettings().roles_for(Category.SAFETY) == ()
    assert ReviewSettings().reason_against("anybody", "medical") == ""


def test_all_of_it_is_read(tmp_path: Path) -> None:
    found = review(
        tmp_path,
        """
[review]
required_roles = {default = "medical", safety = ["medical", "regulatory"], service = []}
require_signatures = true
allowed_signers = "keys/allowed"
revoked_keys = "keys/revoked"
author_may_not_approve = true
[review.reviewers]
"lee@example.org" = {roles = ["medical"], name = "Dr A. Lee", emails = "a@example.org"}
"roe@example.org" = "legal"
""",
    )
    assert found == ReviewSettings(
        required=("medical",),
        required_of={Category.SAFETY: ("medical", "regulatory"), Category.SERVICE: ()},
        require_signatures=True,
        allowed_signers="keys/allowed",
        revoked_keys="keys/revoked",
        author_may_not_approve=True,
        reviewers={
            "lee@example.org": Reviewer(("medical",), "Dr A. Lee", ("a@example.org",)),
            "roe@example.org": Reviewer(("legal",)),
        },
    )


def test_a_category_of_its_own_stands_in_place_of_the_default(tmp_path: Path) -> None:
    found = review(tmp_path, 'review.required_roles = {default = "medical", service = []}')
    assert (found.roles_for(Category.SERVICE), found.roles_for(Category.SAFETY)) == ((), ("medical",))


def test_a_claim_without_a_category_needs_every_role_that_any_needs(tmp_path: Path) -> None:
    found = review(tmp_path, 'review.required_roles = {default = "medical", safety = ["regulatory", "medical"]}')
    assert found.roles_for(None) == ("medical", "regulatory")


def test_roles_of_the_settings_are_known_roles(tmp_path: Path) -> None:
    found = review(tmp_path, '[review]\nrequired_roles = "pharmacy"\nreviewers = {lee = ["ethics"]}')
    assert found.roles == ("medical", "legal", "regulatory", "pharmacy", "ethics")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[review]\nrequired = 1", "“required” is no field of a [review] table"),
        ('[review.required_roles]\nsafty = ["medical"]', "“safty” is no field of a table of required roles"),
        ("[review]\nrequired_roles = 3", "“required_roles” wants"),
        ('[review]\nrequire_signatures = "yes"', "“require_signatures” wants true or false"),
        ('[review.reviewers]\nlee = {name = "A"}', "the reviewer has no “roles”"),
        ('[review.reviewers]\nlee = {roles = [], mail = "x"}', "“mail” is no field of a reviewer"),
        ("[review]\nreviewers = true", "“reviewers” wants"),
        ('[review]\nallowed_signers = "../keys"', "“allowed_signers” leads out of the project"),
        ('[review]\nrevoked_keys = "/etc/passwd"', "“revoked_keys” leads out of the project"),
        ('output = "keys"\n[review]\nallowed_signers = "keys/allowed"', "where the project's sources are"),
    ],
)
def test_what_is_wrong_is_said_at_its_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        review(tmp_path, text)
    assert said.replace("'", "’") in caught.value.message.replace("'", "’")
    assert caught.value.place is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [("Dr A. Lee", "a. lee"), ("Prof. A. Lee", "A.  Lee"), ("LEE@example.org", "lee@EXAMPLE.org")],
)
def test_names_are_compared_without_titles_and_case(one: str, other: str) -> None:
    assert folded_name(one) == folded_name(other)


def test_the_schema_describes_it() -> None:
    schema = schema_of("settings")
    jsonschema.validate(
        {"review": {"required_roles": {"safety": ["medical"]}, "reviewers": {"a": ["medical"]}}}, schema
    )
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"review": {"required_roles": {"safty": ["medical"]}}}, schema)
