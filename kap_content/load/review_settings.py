"""The `[review]` table of the settings: who must sign a claim, and who may."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kap_content.load.tree.kind import Kind, Reader, Schema
from kap_content.load.tree.nodes import Entries, Node
from kap_content.load.tree.plain import Flag, Text, Texts
from kap_content.load.tree.shape import Field, Part, Shape, Table, Values
from kap_content.model.claim import Category
from kap_content.model.settings import Reviewer, ReviewSettings

_NAMES = Texts(single=True)

DEFAULT = Field("default", _NAMES, "The roles for every category that is not named here.")
_OF_CATEGORY = {
    category: Field(str(category), _NAMES, f"The roles that must sign a claim of the category {category}.")
    for category in Category
}
_ROLES_SHAPE = Shape("table of required roles", (DEFAULT, *_OF_CATEGORY.values()))


@dataclass(frozen=True, slots=True)
class RequiredRoles(Kind[Values]):
    """Roles for all claims, or a table of roles by category."""

    wanted: str = "a list of roles, or a table of roles by category"

    def read(self, node: Node, name: str, reader: Reader) -> Values | None:
        """The table's values, whichever way it was written."""
        if isinstance(node, Entries):
            return _ROLES_SHAPE.read(node, reader)
        roles = _NAMES.read(node, name, reader)
        return None if roles is None else Values(_ROLES_SHAPE, {DEFAULT.name: roles}, {}, node)

    def schema(self) -> Schema:
        """A string, an array of strings, or the table."""
        return {"anyOf": [_NAMES.schema(), _ROLES_SHAPE.schema()]}


ROLES = Field("roles", _NAMES, "The roles that this reviewer may decide in.", required=True)
NAME = Field("name", Text(), "The name that pages give as author.")
EMAILS = Field("emails", _NAMES, "The addresses that git knows of this reviewer.")
_REVIEWER_SHAPE = Shape("reviewer", (ROLES, NAME, EMAILS))


@dataclass(frozen=True, slots=True)
class _Reviewer(Kind[Values]):
    """The roles of a reviewer, or a table that also has name and addresses."""

    wanted: str = "a list of roles, or a table with roles, name and emails"

    def read(self, node: Node, name: str, reader: Reader) -> Values | None:
        """The table's values, whichever way it was written."""
        if isinstance(node, Entries):
            return _REVIEWER_SHAPE.read(node, reader)
        roles = _NAMES.read(node, name, reader)
        return None if roles is None else Values(_REVIEWER_SHAPE, {ROLES.name: roles}, {}, node)

    def schema(self) -> Schema:
        """A string, an array of strings, or the table."""
        return {"anyOf": [_NAMES.schema(), _REVIEWER_SHAPE.schema()]}


REQUIRED_ROLES = Field(
    "required_roles", RequiredRoles(), "The roles that must sign a claim (medical, legal, regulatory), or by category."
)
REQUIRE_SIGNATURES = Field("require_signatures", Flag(), "Whether only decisions with a verified signature count.")
ALLOWED_SIGNERS = Field("allowed_signers", Text(), "The OpenSSH file of who may sign with which key.")
REVOKED_KEYS = Field("revoked_keys", Text(), "An OpenSSH file of keys that count no longer, whatever the date.")
AUTHOR = Field(
    "author_may_not_approve", Flag(), "Whether who wrote a claim, or a page that shows it, may not approve it."
)
REVIEWERS = Field("reviewers", Table(_Reviewer()), "The roles of each reviewer, by the name that signs.")
REVIEW_SHAPE = Shape(
    "[review] table",
    (REQUIRED_ROLES, REQUIRE_SIGNATURES, ALLOWED_SIGNERS, REVOKED_KEYS, AUTHOR, REVIEWERS),
)
REVIEW = Field("review", Part(REVIEW_SHAPE), "Who must sign, and who may.")


def review_settings(values: Values | None) -> ReviewSettings:
    """The settings of the `[review]` table as it was read; the defaults where there is none."""
    default = ReviewSettings()
    if values is None:
        return default
    roles = values.get(REQUIRED_ROLES, None)
    return ReviewSettings(
        required=roles.get(DEFAULT, ()) if roles is not None else (),
        required_of=_by_category(roles) if roles is not None else {},
        require_signatures=values.get(REQUIRE_SIGNATURES, default.require_signatures),
        allowed_signers=values.get(ALLOWED_SIGNERS, default.allowed_signers),
        revoked_keys=values.get(REVOKED_KEYS, default.revoked_keys),
        author_may_not_approve=values.get(AUTHOR, default.author_may_not_approve),
        reviewers={name: _reviewer(table) for name, table in values.get(REVIEWERS, {}).items()},
    )


def _by_category(roles: Values) -> Mapping[Category, tuple[str, ...]]:
    given = ((category, roles.get(field, None)) for category, field in _OF_CATEGORY.items())
    return {category: names for category, names in given if names is not None}


def _reviewer(table: Values) -> Reviewer:
    return Reviewer(table.get(ROLES, ()), table.get(NAME, ""), table.get(EMAILS, ()))
