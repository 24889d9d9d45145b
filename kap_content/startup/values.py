"""`@dataclass(frozen=True, slots=True)` as the standard library has it, made in a third of the time.

A start makes some 170 such classes. The standard library compiles six methods for each, which takes 60 ms of a run over
one page; only `__init__` gains by being compiled for its class. Here it is the only one: the others are shared. What is
written in any other way than with just these two options is made by the standard library.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any, cast

__all__ = ["dataclass"]

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(cls=None, /, **options):  # noqa: ANN001, ANN003, ANN201 - typed above
        """As `dataclasses.dataclass`."""
        return _frozen if options == {"frozen": True, "slots": True} else dataclasses.dataclass(cls, **options)


_set = object.__setattr__


def _frozen(plain: type) -> type:
    own = {name for name, value in vars(plain).items() if value is not None}  # `__eq__` alone puts a None for the hash
    plain.__doc__ = plain.__doc__ or plain.__name__  # where there is none, the standard library takes long to make one
    made: Any = dataclasses.dataclass(init=False, repr=False, eq=False, slots=True)(plain)
    fields = dataclasses.fields(made)
    if len(fields) < len(made.__dataclass_fields__) or any(not field.init or field.kw_only for field in fields):
        raise TypeError(f"{made.__qualname__}: plain fields only; for others use the dataclass of the standard library")
    compared = _getter([field.name for field in fields if field.compare])
    methods = {
        "__init__": _init(made, fields),
        "__repr__": _repr,
        "__eq__": _equality(compared),
        "__hash__": lambda self: hash(compared(self)),
        "__setattr__": _refuse_setting,
        "__delattr__": _refuse_deleting,
        "__getstate__": _state,
        "__setstate__": _restore,
    }
    for name, method in methods.items():
        if name not in own:
            setattr(made, name, method)
    return cast("type", made)


def _init(made: type, fields: tuple[dataclasses.Field[Any], ...]) -> Callable[..., None]:
    known: dict[str, object] = {"_set": _set, "_missing": dataclasses.MISSING}
    parameters, lines = ["self"], []
    for field in fields:
        name = field.name
        if field.default_factory is not dataclasses.MISSING:
            known[f"_make_{name}"] = field.default_factory
            parameters.append(f"{name}=_missing")
            lines.append(f" _set(self, {name!r}, _make_{name}() if {name} is _missing else {name})")
        else:
            known[f"_{name}"] = field.default
            parameters.append(name if field.default is dataclasses.MISSING else f"{name}=_{name}")
            lines.append(f" _set(self, {name!r}, {name})")
    if hasattr(made, "__post_init__"):
        lines.append(" self.__post_init__()")
    exec(f"def __init__({', '.join(parameters)}):\n" + "\n".join(lines or [" pass"]), known)  # noqa: S102 - as dataclasses
    init = cast("Callable[..., None]", known["__init__"])
    init.__qualname__ = f"{made.__qualname__}.__init__"
    return init


def _getter(names: list[str]) -> Callable[[object], tuple[object, ...]]:
    if len(names) > 1:
        return attrgetter(*names)
    return lambda self: tuple(getattr(self, name) for name in names)


def _equality(compared: Callable[[object], tuple[object, ...]]) -> Callable[[object, object], bool]:
    def equal(self: object, other: object) -> bool:
        return compared(self) == compared(other) if other.__class__ is self.__class__ else NotImplemented

    return equal


@recursive_repr()
def _repr(self: Any) -> str:
    shown = (f"{field.name}={getattr(self, field.name)!r}" for field in dataclasses.fields(self) if field.repr)
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _refuse_setting(_self: object, name: str, _value: object) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_deleting(_self: object, name: str) -> None:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[object]:
    return [getattr(self, field.name) for field in dataclasses.fields(self)]


def _restore(self: Any, state: list[object]) -> None:
    for field, value in zip(dataclasses.fields(self), state, strict=True):
        _set(self, field.name, value)
