"""The command line. Only this package prints, and only `main` ends the process."""

from __future__ import annotations

import os
import sys
import time

from kap_content.cli import unchanged
from kap_content.cli.streams import prepare, put

TYPE_CHECKING = False  # type checkers know the name; `typing` itself takes long to import
if TYPE_CHECKING:
    from kap_content.cli.remember import Memory


def main() -> None:
    """Run `kap` and end the process with the exit code of the contract."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code: 0, 1, 2, 3 or 130."""
    started = time.time_ns()
    prepare()
    question = unchanged.asked(arguments)
    if question is None:
        return _run(arguments, None)
    kept = unchanged.answer(question)
    if kept is not None:
        put(kept.text)
        return kept.code
    from kap_content.cli.remember import Memory

    memory = Memory(question, started)
    code = _run(arguments, memory)
    memory.keep(code)
    return code


def _run(arguments: list[str], memory: Memory | None) -> int:
    from kap_content.cli.app import app
    from kap_content.model.errors import KapError

    try:
        app(arguments, prog_name="kap", obj=memory)
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
