"""From a checked page to HTML.

`html.render_page` is pure and accepts only what passed the gate; `site.render_site` is the edge that reads the files
a page shows and writes its folder; `bibliography` formats references through CSL; `figures` draws data as SVG.

Like `kap_content.check`, the folder can be called: `from kap_content import render` may give it or the function.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date
    from os import PathLike

    from kap_content.model.project import Project
    from kap_content.render.whole import PageResult


class _Room(ModuleType):
    def __call__(
        self,
        project: Project,
        *,
        as_of: date | None = None,
        release: bool = False,
        output: str | PathLike[str] | None = None,
    ) -> tuple[PageResult, ...]:
        """See `kap_content.render.whole.render_project`."""
        from kap_content.render.whole import render_project

        return render_project(project, as_of=as_of, release=release, output=output)


sys.modules[__name__].__class__ = _Room
