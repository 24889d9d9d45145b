"""Pages that passed, or any, made into what `kap render` makes of them besides the site."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from kap_content.checking.gate import Checked
from kap_content.model.finding import Finding
from kap_content.model.page import Page
from kap_content.model.project import Context
from kap_content.rendering.kept import Kept
from kap_content.rendering.making import Kind, NotWritten, Task, Written
from kap_content.rendering.site import DOCUMENTS, Layout, render_documents

Draft = tuple[Page, Sequence[Finding]]


def drafts(
    pages: Sequence[Draft], context: Context, root: Path, kept: Kept | None = None
) -> list[Written | NotWritten]:
    """Render any pages as drafts."""
    tasks = [Task.draft(page, context, findings) for page, findings in pages]
    return list(Layout.whole(context, root).site(Kind.DRAFT, kept).make(tasks))


def fragments(checked: Sequence[Checked], root: Path) -> list[Written | NotWritten]:
    """Render the articles of pages that passed."""
    site = Layout.whole(checked[0].context, root).site(Kind.FRAGMENT)
    return list(site.make([Task.of(one) for one in checked]))


def documents(tasks: Sequence[Task], whole: Context, root: Path) -> Iterator[Written | NotWritten]:
    """Convert pages to Word files."""
    layout = Layout.whole(whole, root)
    kind = Kind.FRAGMENT if all(task.checked for task in tasks) else Kind.DRAFT_FRAGMENT
    return render_documents(layout.site(kind), tasks, layout.folder / DOCUMENTS)
