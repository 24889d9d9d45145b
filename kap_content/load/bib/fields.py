"""What a reference holds of its entry, worked out when it is asked for: few fields of a large bibliography ever are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kap_content.load.bib.latex import decode, decode_address, decode_pages
from kap_content.model.place import Place

_DECODERS = {
    **dict.fromkeys(("doi", "url", "urldate", "date", "eprint", "eprinttype", "archiveprefix"), decode_address),
    **dict.fromkeys(("pmid", "pmcid", "issn", "isbn", "file", "crossref", "xref", "xdata", "ids"), decode_address),
    **dict.fromkeys(("pages", "page", "eid"), decode_pages),
}

_LINE_BITS = 32
_COLUMN = (1 << _LINE_BITS) - 1


class Fields(Mapping[str, str]):
    """The fields of an entry as Unicode text, each decoded from `raw` at the first look."""

    __slots__ = ("_known", "_raw")

    def __init__(self, raw: Mapping[str, str]) -> None:
        self._raw = raw
        self._known: dict[str, str] = {}

    def __getitem__(self, name: str) -> str:
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = _DECODERS.get(name, decode)(self._raw[name])
        return known

    def get(self, name: str, default: str = "") -> str:  # type: ignore[override]  # never None: an absent field is empty
        """Return the field `name`, or `default`."""
        return self[name] if name in self._raw else default

    def __contains__(self, name: object) -> bool:
        return name in self._raw

    def __iter__(self) -> Iterator[str]:
        return iter(self._raw)

    def __len__(self) -> int:
        return len(self._raw)

    def __repr__(self) -> str:
        return repr(dict(self))


class Places(Mapping[str, Place]):
    """The places of an entry's fields, packed."""

    __slots__ = ("_path", "_starts")

    def __init__(self, path: str, starts: dict[str, int]) -> None:
        self._path = path
        self._starts = starts

    def __getitem__(self, name: str) -> Place:
        packed = self._starts[name]
        line, column = packed >> _LINE_BITS, packed & _COLUMN
        return Place(self._path, line, column, line, column + len(name))

    def __contains__(self, name: object) -> bool:
        return name in self._starts

    def __iter__(self) -> Iterator[str]:
        return iter(self._starts)

    def __len__(self) -> int:
        return len(self._starts)

    def __repr__(self) -> str:
        return repr(dict(self))


def packed(line: int, column: int) -> int:
    """Return a line and a column as the one number that `Places` keeps."""
    return line << _LINE_BITS | column
