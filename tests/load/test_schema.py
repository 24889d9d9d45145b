"""The JSON Schemas say what the readers say."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from kap_content.load.claims import parse_claims
from kap_content.load.front_matter import parse_front_matter
from kap_content.load.schema import NAMES, schema
from kap_content.load.settings import read_settings
from kap_content.model.errors import SettingsError, UsageError


class Loader(yaml.SafeLoader):
    """Reads YAML as editors do (1.2, no dates)."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def fits(name: str, value: object) -> bool:
    return Draft202012Validator(schema(name)).is_valid(value)


@pytest.mark.parametrize("name", NAMES)
def test_each_schema_is_a_schema(name: str) -> None:
    Draft202012Validator.check_schema(schema(name))


@pytest.mark.parametrize("name", NAMES)
def test_each_field_is_described(name: str) -> None:
    made = schema(name)
    objects = [made, *made.get("$defs", {}).values()]  # type: ignore[union-attr] # a schema is plain JSON
    assert all(field["description"] for item in objects for field in item["properties"].values())  # type: ignore[index] # a schema is plain JSON


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(UsageError, match="there is no schema “claim”"):
        schema("claim")


CLAIMS = [
    ("version: 1\nclaims: []", True),
    ("claims: {A: {match_text: x}}", True),
    ("claims: [{id: A, match_text: x, evidence: glue2018}]", True),
    ("claims: [{id: A, match_text: x, evidence: [glue2018, {ref: b, anchor: {page: 665, table: 2}}]}]", True),
    ("claims: [{id: A, match_text: x, evidence: {ref: b, checked_on: 2026-11-22, design: rct}}]", True),
    ("claims: [{id: A, match_text: x, quantity: {value: 50, unit: percent}, data_end: 2016}]", True),
    ('claims: [{id: A, match_text: x, quantity: {value: "<0.001"}}]', True),
    ("claims: [{id: A, match_text: x, quantity: {value: abc}}]", False),
    ("version: 2\nclaims: []", False),
    ("claims: [{id: A, match_text: x, categroy: safety}]", False),
    ("claims: [{id: A, match_text: x, status: aproved}]", False),
    ("claims: [{id: A, match_text: x, variations: y}]", False),
    ("claims: [{id: A, match_text: x, evidence: [{relation: disputes}]}]", False),
    ("claims: [{match_text: x}]", False),
    ("claims: [{id: A}]", False),
    ("claims: [{id: A, match_text: x, next_review_due: 22/11/2028}]", False),
    ("claims: [{id: A, match_text: x, data_end: 16}]", False),
]


@pytest.mark.parametrize(("source", "good"), CLAIMS)
def test_schema_and_reader_agree_on_claims(source: str, good: bool) -> None:
    assert fits("claims", yaml.load(source, Loader)) is good
    assert (parse_claims("claims.yaml", source)[1] == ()) is good


HEADS = [
    ("title: x\nauthor: A. Example\nlast_reviewed: 2026-11-22", True),
    ("author: [A, {name: B, role: medical}]\nabout: {condition: anxiety}\nextra: {a: 1, b: c}", True),
    ("titel: x", False),
    ("author: {credentials: MD}", False),
    ("published: yesterday", False),
    ("about: anxiety", False),
]


@pytest.mark.parametrize(("source", "good"), HEADS)
def test_schema_and_reader_agree_on_heads(source: str, good: bool) -> None:
    assert fits("page", yaml.load(source, Loader)) is good
    assert (parse_front_matter("page.md", source, 2)[1] == ()) is good


SETTINGS = [
    ('pages = "*.md"\nmax_age_days = 3', True),
    ('[rules]\nselect = "EVD"\nseverity = {WRD001 = "note"}\nper-file = {"a/*.md" = ["CUR"]}', True),
    (
        '[words]\nabsolutes = ["wholly"]\ntemporal = "own.txt"\nsuperlatives = {words = ["peerless"], replace = true}',
        True,
    ),
    ("max_age_days = -3", False),
    ("max_age = 3", False),
    ('[rules]\nseverity = {WRD001 = "fatal"}', False),
    ('[registries]\ndoi_url = "doi.org"', False),
    ('[words]\nabsolutes = {word = ["wholly"]}', False),
]


@pytest.mark.parametrize(("source", "good"), SETTINGS)
def test_schema_and_reader_agree_on_settings(tmp_path: Path, source: str, good: bool) -> None:
    import tomllib

    assert fits("settings", tomllib.loads(source)) is good
    (tmp_path / "kap.toml").write_text(source)
    if good:
        read_settings(tmp_path, {})
    else:
        with pytest.raises(SettingsError):
            read_settings(tmp_path, {})
