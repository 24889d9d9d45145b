"""Values of the model as JSON and back: lists, strings and numbers only, so that reading a file runs nothing.

A data class becomes the list of its fields. How is read off its annotations once, so that a field that is added to the
model is kept as well.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Generic, TypeVar, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")

Plain = object
"""What JSON can hold."""
_Turn = Callable[[Plain], Plain]
_AS_THEY_ARE = (str, int, bool, NoneType)


@dataclass(frozen=True, slots=True)
class Codec(Generic[T]):
    """Two ways for values of one type: to what JSON can hold, and back."""

    write: Callable[[T], Plain]
    read: Callable[[Plain], T]


def codec(kind: type[T]) -> Codec[T]:
    """The codec of a data class of the model."""
    write, read = _turns(cast("Hashable", kind))
    return Codec(write, cast("Callable[[Plain], T]", read))


@cache
def _turns(kind: Hashable) -> tuple[_Turn, _Turn]:
    """How values of a type are written and read."""
    origin, parts = get_origin(kind), get_args(kind)
    if kind in _AS_THEY_ARE:
        return _same, _same
    if origin is UnionType or (origin is not None and NoneType in parts):
        (present,) = (part for part in parts if part is not NoneType)
        write, read = _turns(present)
        return (lambda value: None if value is None else write(value)), (
            lambda plain: None if plain is None else read(plain)
        )
    if origin is tuple:
        return _tuple_turns(parts)
    if origin is not None and issubclass(cast("type", origin), Mapping):
        write, read = _turns(parts[1])
        return (
            lambda value: {key: write(item) for key, item in cast("dict[str, Plain]", value).items()},
            lambda plain: {key: read(item) for key, item in cast("dict[str, Plain]", plain).items()},
        )
    if kind is date:
        return (lambda value: cast("date", value).isoformat()), (lambda plain: date.fromisoformat(cast("str", plain)))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return (lambda value: cast("Enum", value).value), kind
    assert isinstance(kind, type)
    assert is_dataclass(kind), kind
    return _class_turns(kind)


def _same(value: Plain) -> Plain:
    return value


def _tuple_turns(parts: tuple[Hashable, ...]) -> tuple[_Turn, _Turn]:
    if parts[-1] is Ellipsis:
        write, read = _turns(parts[0])
        if write is _same:
            return (lambda value: list(cast("tuple[Plain, ...]", value))), (
                lambda plain: tuple(cast("list[Plain]", plain))
            )
        return (
            lambda value: [write(item) for item in cast("tuple[Plain, ...]", value)],
            lambda plain: tuple([read(item) for item in cast("list[Plain]", plain)]),
        )
    turns = [_turns(part) for part in parts]
    return (
        lambda value: [write(item) for (write, _), item in zip(turns, cast("tuple[Plain, ...]", value), strict=True)],
        lambda plain: tuple(read(item) for (_, read), item in zip(turns, cast("list[Plain]", plain), strict=True)),
    )


def _class_turns(kind: type) -> tuple[_Turn, _Turn]:
    hints = get_type_hints(kind)
    names = [field.name for field in fields(kind)]
    writers = [_turns(hints[name])[0] for name in names]
    readers = [_turns(hints[name])[1] for name in names]

    def write(value: Plain) -> Plain:
        return [write(getattr(value, name)) for write, name in zip(writers, names, strict=True)]

    def read(plain: Plain) -> Plain:
        return kind(*[read(item) for read, item in zip(readers, cast("list[Plain]", plain), strict=True)])

    def read_plainly(plain: Plain) -> Plain:
        return kind(*cast("list[Plain]", plain))

    return write, (read_plainly if all(reader is _same for reader in readers) else read)
