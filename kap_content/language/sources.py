"""What is known of a source's own words: its titles, its index terms, its abstract."""

from __future__ import annotations

from dataclasses import dataclass

from kap_content.model.project import Context

_WEB = frozenset(
    {
        "online",
        "misc",
        "techreport",
        "report",
        "manual",
        "book",
        "booklet",
        "inbook",
        "incollection",
        "www",
        "electronic",
    }
)


@dataclass(frozen=True, slots=True)
class SourceText:
    """The words of one source. `is_article` is false for web pages, reports and books, whose titles say little."""

    key: str
    title: str
    index: str
    abstract: str
    is_article: bool

    @property
    def text(self) -> str:
        """All of it, parts on lines of their own."""
        return "\n".join(filter(None, (self.title, self.index, self.abstract)))


def source_text(key: str, context: Context) -> SourceText:
    """What registry, bibliography and cache say of the reference `key`; empty where nothing is known."""
    record, reference = context.record(key), context.references.get(key)
    titles = [record.title, record.subtitle, *record.other_titles] if record is not None else []
    index = [*record.mesh, *record.keywords] if record is not None else []
    abstract = context.project.abstracts.get(key, "")
    if reference is not None:
        titles += [reference.get("title"), reference.get("subtitle", "titleaddon")]
        index.append(reference.get("keywords"))
        abstract = abstract or reference.get("abstract")
    return SourceText(
        key=key,
        title=". ".join(dict.fromkeys(filter(None, titles))),
        index="; ".join(filter(None, index)),
        abstract=abstract,
        is_article=reference is not None and reference.type not in _WEB,
    )
