"""`kap schema`: the formats for editors and validators."""

from __future__ import annotations

import json

from kap_content.cli.printing import put


def schema(name: str) -> int:
    """Print the JSON Schema of `claims`, `page` or `settings`."""
    put(schema_text(name))
    return 0


def schema_text(name: str) -> str:
    """The schema as a file holds it."""
    from kap_content.load.schema import schema as made

    return json.dumps(made(name), ensure_ascii=False, indent=2) + "\n"
