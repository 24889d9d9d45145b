"""The command line. Only this package prints, and only `main` ends the process."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run `kap` and end the process with the exit code of the contract."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code: 0, 1, 2, 3 or 130."""
    from kap_content.cli.app import app
    from kap_content.model.errors import KapError

    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # Findings quote names in every script; a C locale or an old Windows code page must not stop them.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        app(arguments, prog_name="kap")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except KapError as error:
        from kap_content.cli.session import told

        print(told(error), file=sys.stderr)
        return 2
    except Exception as error:
        if os.environ.get("KAP_TRACEBACK"):
            raise
        print(
            f"kap: a fault in kap itself: {type(error).__name__}: {error}\n"
            "     Please report it; KAP_TRACEBACK=1 shows where it happened.",
            file=sys.stderr,
        )
        return 2
    return 0
