"""Values of the model as JSON and back: lists, strings and numbers only, so that reading a file runs nothing.

A data class becomes the list of its fields. How is read off its annotations once, so that a field that is added to the
model is kept as well.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Generic, TypeVar, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")

Plain = object
"""What JSON can hold."""
_Turn = Callable[[Any], Any]
_AS_THEY_ARE = (str, int, bool, NoneType)


@dataclass(frozen=True, slots=True)
class Codec(Generic[T]):
    """Two ways for values of one type: to what JSON can hold, and back."""

    write: Callable[[T], Plain]
    read: Callable[[Plain], T]


class Codecs:
    """The codecs of the model's data classes. Values of the classes in `named` are written and read by their own."""

    def __init__(self, named: Mapping[type, Codec[Any]] | None = None) -> None:
        self._turns: dict[Hashable, tuple[_Turn, _Turn]] = {
            kind: (codec.write, codec.read) for kind, codec in (named or {}).items()
        }

    def of(self, kind: type[T]) -> Codec[T]:
        """The codec of a data class, or of a tuple, mapping or the like of them."""
        return Codec(*self._made(cast("Hashable", kind)))

    def put(self, kind: type[T], codec: Codec[T]) -> None:
        """Write and read values of a class by this codec from now on, where they stand by themselves."""
        self._turns[cast("Hashable", kind)] = codec.write, codec.read

    def _made(self, kind: Hashable) -> tuple[_Turn, _Turn]:
        if kind not in self._turns:
            self._turns[kind] = self._make(kind)
        return self._turns[kind]

    def _make(self, kind: Hashable) -> tuple[_Turn, _Turn]:
        """How values of a type are written and read."""
        origin, parts = get_origin(kind), get_args(kind)
        if kind in _AS_THEY_ARE:
            return _same, _same
        if origin is UnionType or (origin is not None and NoneType in parts):
            (present,) = (part for part in parts if part is not NoneType)
            write, read = self._made(present)
            return (lambda value: None if value is None else write(value)), (
                lambda plain: None if plain is None else read(plain)
            )
        if origin is tuple:
            return self._tuple_turns(parts)
        if origin is frozenset and parts[0] in _AS_THEY_ARE:
            return sorted, frozenset
        if origin is not None and issubclass(cast("type", origin), Mapping):
            write, read = self._made(parts[1])
            return (
                lambda value: {key: write(item) for key, item in value.items()},
                lambda plain: {key: read(item) for key, item in plain.items()},
            )
        if kind is date:
            return date.isoformat, date.fromisoformat
        if isinstance(kind, type) and issubclass(kind, Enum):
            return (lambda value: value.value), kind
        assert isinstance(kind, type)
        assert is_dataclass(kind), kind
        return self._class_turns(kind)

    def _tuple_turns(self, parts: tuple[Hashable, ...]) -> tuple[_Turn, _Turn]:
        if parts[-1] is Ellipsis:
            write, read = self._made(parts[0])
            if write is _same:
                return list, tuple
            return (
                lambda value: [write(item) for item in value],
                lambda plain: tuple([read(item) for item in plain]),
            )
        turns = [self._made(part) for part in parts]
        return (
            lambda value: [write(item) for (write, _), item in zip(turns, value, strict=True)],
            lambda plain: tuple(read(item) for (_, read), item in zip(turns, plain, strict=True)),
        )

    def _class_turns(self, kind: type) -> tuple[_Turn, _Turn]:
        hints = get_type_hints(kind)
        names = [field.name for field in fields(kind)]
        writers = [self._made(hints[name])[0] for name in names]
        readers = [self._made(hints[name])[1] for name in names]

        def write(value: Any) -> Plain:
            return [write(getattr(value, name)) for write, name in zip(writers, names, strict=True)]

        def read(plain: Any) -> Any:
            return kind(*[read(item) for read, item in zip(readers, plain, strict=True)])

        def read_plainly(plain: Any) -> Any:
            return kind(*plain)

        return write, (read_plainly if all(reader is _same for reader in readers) else read)


def _same(value: Plain) -> Plain:
    return value


_PLAIN = Codecs()


def codec(kind: type[T]) -> Codec[T]:
    """The codec of a data class of the model."""
    return _PLAIN.of(kind)


def dumped(plain: Plain) -> str:
    """JSON without blanks, in ASCII: lone surrogates stay what they are."""
    return json.dumps(plain, separators=(",", ":"))
