"""JSON Schemas of the formats, made of the same shapes that read them: editors complete and validate with them."""

from __future__ import annotations

from kap_content.load.tree.kind import Schema
from kap_content.load.tree.shape import Part
from kap_content.model.errors import UsageError

NAMES = ("claims", "page", "settings")

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema(name: str) -> Schema:
    """The JSON Schema of `claims` (claims.yaml), `page` (a page's head) or `settings` (kap.toml)."""
    made = {"claims": _claims, "page": _page, "settings": _settings}.get(name)
    if made is None:
        raise UsageError(f"there is no schema “{name}”", help=f"The schemas are {', '.join(NAMES)}, report.")
    return {"$schema": _DIALECT} | made()


def _claims() -> Schema:
    """The claims stand in a list, or in a mapping whose keys are their ids."""
    from kap_content.load.claims import CLAIM, VERSION

    item = CLAIM.schema()
    keyed = item | {"required": [name for name in _names(item["required"]) if name != "id"]}
    return {
        "title": "kap claims registry",
        "type": "object",
        "properties": {
            "version": {"const": VERSION, "description": "The version of this format."},
            "claims": {
                "anyOf": [
                    {"type": "array", "items": {"$ref": "#/$defs/claim"}},
                    {"type": "object", "additionalProperties": {"$ref": "#/$defs/keyedClaim"}},
                ],
                "description": "The claims: a list, or a mapping from id to fields.",
            },
        },
        "required": ["claims"],
        "additionalProperties": False,
        "$defs": {"claim": item, "keyedClaim": keyed},
    }


def _names(value: object) -> list[str]:
    return [str(name) for name in value] if isinstance(value, list) else []


def _page() -> Schema:
    from kap_content.load.front_matter import HEAD

    return {"title": "head of a kap page"} | Part(HEAD).schema()


def _settings() -> Schema:
    from kap_content.load.settings import SETTINGS

    return {"title": "kap settings"} | Part(SETTINGS).schema()
