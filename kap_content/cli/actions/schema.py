"""`kap schema`: the formats for editors and validators."""

from __future__ import annotations

import json

from kap_content.cli.terminal.streams import put

REPORT = "report"
"""What `--format json` prints; it is written by kap and read by others, so no loader has its shape."""


def schema(name: str) -> int:
    """Print the JSON Schema of `claims`, `page`, `settings` or `report`."""
    put(schema_text(name))
    return 0


def schema_text(name: str) -> str:
    """The schema as a file holds it."""
    if name == REPORT:
        from importlib.resources import files

        return files("kap_content.report").joinpath("report.schema.json").read_text("utf-8")
    from kap_content.load.schema import schema as made

    return json.dumps(made(name), ensure_ascii=False, indent=2) + "\n"
