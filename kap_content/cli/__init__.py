"""The command line. Only this package prints, and only `main` ends the process."""

from __future__ import annotations

import gc
import os
import sys

from kap_content.cli.quick import unchanged
from kap_content.cli.terminal.streams import prepare, put_bytes

TYPE_CHECKING = False  # type checkers know the name; `typing` itself takes long to import
if TYPE_CHECKING:
    from collections.abc import Callable


HOOK = ["check", "--staged"]
"""What a hook runs at each commit: it does without the library that reads command lines."""


def main() -> None:
    """Run `kap` and end the process with the exit code of the contract."""
    # A run makes many values that live to its end: looking through them for garbage again and again is for nothing.
    gc.set_threshold(250_000, 20, 100)
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code: 0, 1, 2, 3 or 130."""
    prepare()
    question = unchanged.asked(arguments)
    if question is None:
        _prepare_classes()
        return _guarded(_staged if arguments == HOOK else lambda: _typed(arguments))
    kept = unchanged.answer(question)
    if kept is not None:
        put_bytes(kept.text)
        return kept.code
    _prepare_classes()
    from kap_content.cli.quick.remember import Memory

    memory = Memory(question)

    def check() -> int:
        from kap_content.cli.quick.plain import check

        return check(question, memory)

    code = _guarded(check)
    memory.keep(code)
    return code


def _prepare_classes() -> None:
    """To be called before anything is loaded that has data classes."""
    from kap_content.startup.methods import begin

    begin()


def _guarded(command: Callable[[], int | None]) -> int:
    """Run a command, and tell of its errors as the contract has it."""
    from kap_content.model.errors import KapError

    try:
        return command() or 0
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except KapError as error:
        from kap_content.cli.given import told

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


def _staged() -> int:
    from kap_content.cli.quick.plain import check_staged

    return check_staged()


def _typed(arguments: list[str]) -> None:
    from kap_content.cli.app import app

    app(arguments, prog_name="kap")
