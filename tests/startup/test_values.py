"""Our `dataclass` makes what the one of the standard library makes."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from dataclasses import dataclass as standard
from dataclasses import field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kap_content.startup.values import dataclass


@dataclass(frozen=True, slots=True)
class Ours:
    """A value."""

    name: str
    numbers: tuple[int, ...] = ()
    notes: dict[str, int] = field(default_factory=dict, compare=False, repr=False)


@standard(frozen=True, slots=True)
class Theirs:
    """A value."""

    name: str
    numbers: tuple[int, ...] = ()
    notes: dict[str, int] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Single:
    """One field."""

    number: float


@dataclass(frozen=True, slots=True)
class Empty:
    """No field."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A value that checks itself, compared and shown in its own way."""

    text: str

    def __post_init__(self) -> None:
        if not self.text:
            raise ValueError("empty")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Checked) and self.text.lower() == other.text.lower()

    def __hash__(self) -> int:
        return hash(self.text.lower())

    def __repr__(self) -> str:
        return f"<{self.text}>"


ARGUMENTS = st.tuples(st.text(max_size=2), st.lists(st.integers(0, 2), max_size=2).map(tuple))


@given(ARGUMENTS, ARGUMENTS)
def test_values_are_equal_hashed_and_shown_as_those_of_the_standard_library(one: Any, other: Any) -> None:
    ours, theirs = (Ours(*one), Ours(*other)), (Theirs(*one), Theirs(*other))
    assert (ours[0] == ours[1]) == (theirs[0] == theirs[1])
    assert hash(ours[0]) == hash(theirs[0])
    assert repr(ours[0]) == repr(theirs[0]).replace("Theirs", "Ours")
    assert ours[0] != theirs[0]
    assert dataclasses.asdict(ours[0]) == dataclasses.asdict(theirs[0])
    assert dataclasses.replace(ours[0], name="x") == Ours("x", one[1])


def test_defaults_are_made_anew_and_arguments_are_checked() -> None:
    assert Ours("a").notes == {}
    assert Ours("a").notes is not Ours("a").notes
    assert Ours(name="a", numbers=(1,), notes={"x": 1}) == Ours("a", (1,))
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'name'"):
        Ours()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="unexpected keyword argument 'other'"):
        Ours("a", other=1)  # type: ignore[call-arg]
    assert Ours.__match_args__ == Theirs.__match_args__
    assert Ours.__slots__ == Theirs.__slots__


def test_a_value_cannot_be_changed() -> None:
    value = Ours("a")
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign to field 'name'"):
        value.name = "b"  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot delete field 'name'"):
        del value.name
    with pytest.raises(AttributeError):
        value.other = 1  # type: ignore[attr-defined]


@pytest.mark.parametrize("value", [Ours("a", (1,), {"x": 1}), Single(1.5), Empty(), Checked("a")])
def test_a_value_survives_copying_and_another_process(value: object) -> None:
    for twin in (copy.copy(value), copy.deepcopy(value), pickle.loads(pickle.dumps(value))):
        assert twin == value
        assert twin is not value
        assert hash(twin) == hash(value)


def test_small_values_compare_as_tuples_do() -> None:
    nan = float("nan")
    assert Single(nan) == Single(nan)
    assert Single(1) != Single(2)
    assert Empty() == Empty()
    assert repr(Empty()).endswith("Empty()")


def test_what_a_class_defines_itself_stays() -> None:
    assert Checked("A") == Checked("a")
    assert hash(Checked("A")) == hash(Checked("a"))
    assert repr(Checked("A")) == "<A>"
    with pytest.raises(ValueError, match="empty"):
        Checked("")


def test_what_is_written_in_another_way_is_made_by_the_standard_library() -> None:
    @dataclass(frozen=True, slots=True, order=True)
    class Ordered:
        number: int

    @dataclass(slots=True)
    class Changing:
        number: int

    assert Ordered(1) < Ordered(2)
    changing = Changing(1)
    changing.number = 2
    assert changing == Changing(2)


def test_a_field_that_is_not_plain_is_refused_when_the_class_is_made() -> None:
    with pytest.raises(TypeError, match="plain fields only"):

        @dataclass(frozen=True, slots=True)
        class Derived:
            number: int = field(init=False)
