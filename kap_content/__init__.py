"""Citation-checked content for medical web pages: check claims and references, and render only what passes.

`from kap_content import load_project, check, render` is the Python interface; `kap_content.api` has its types as well.
"""

TYPE_CHECKING = False  # as typing has it, which takes time to import
if TYPE_CHECKING:
    from kap_content.api import check as check
    from kap_content.api import load_project as load_project
    from kap_content.api import render as render

__version__ = "0.1.0"

_LAZY = {
    "load_project": ("kap_content.load.whole", "open_project"),
    "check": ("kap_content.checking.whole", "check_project"),
    "render": ("kap_content.rendering.whole", "render_project"),
}


def __getattr__(name: str) -> object:
    """The functions of the interface, loaded when they are first asked for: the start of `kap` is to stay quick."""
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    module, function = _LAZY[name]
    return getattr(import_module(module), function)
