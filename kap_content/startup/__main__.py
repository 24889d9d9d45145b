"""`python -m kap_content.startup`: compile all of the package ahead of its first run.

Where Python may write no bytecode, each run would compile anew what an editable installation has not compiled.
"""

from __future__ import annotations

import compileall
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

from kap_content.startup import methods


def main() -> None:
    """Compile the modules, and the methods of their data classes."""
    package = Path(methods.__file__).parent.parent
    if not compileall.compile_dir(package, quiet=1):
        sys.exit("The package could not be compiled.")
    methods.begin(keep=True)
    for module in walk_packages([str(package)], f"{package.name}."):
        if not module.name.endswith("__main__"):
            with suppress(ImportError):  # of what is installed only on request
                import_module(module.name)


if __name__ == "__main__":
    main()
