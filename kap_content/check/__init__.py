"""Running the rules, applying suppressions, and the gate.

`from kap_content import check` gives this folder where something of it was loaded before, and the function of that name
otherwise: so the folder can be called, and both are the same to the caller.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from kap_content.check.engine import Outcome
    from kap_content.model.project import Project


class _Room(ModuleType):
    def __call__(
        self,
        project: Project,
        *,
        as_of: date | None = None,
        release: bool = False,
        select: Sequence[str] = (),
        ignore: Sequence[str] = (),
    ) -> Outcome:
        """See `kap_content.check.whole.check_project`."""
        from kap_content.check.whole import check_project

        return check_project(project, as_of=as_of, release=release, select=select, ignore=ignore)


sys.modules[__name__].__class__ = _Room
