"""What a quantity in prose is: its value in a canonical unit and everything said around it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class Kind(StrEnum):
    """What is measured; only quantities of related kinds are ever compared."""

    COUNT = "count"
    SHARE = "share"
    POINTS = "percentage points"
    MULTIPLE = "multiple"
    MEASURE = "measure"
    DURATION = "duration"
    AGE = "age"
    FREQUENCY = "frequency"
    P_VALUE = "p value"
    EFFECT = "effect"
    INTERVAL = "interval"


class Comparator(StrEnum):
    """How the number bounds what it describes."""

    EQUAL = "="
    LESS = "<"
    AT_MOST = "≤"
    MORE = ">"
    AT_LEAST = "≥"

    @property
    def is_upper(self) -> bool:
        """Whether the number is a ceiling."""
        return self in (Comparator.LESS, Comparator.AT_MOST)

    @property
    def is_lower(self) -> bool:
        """Whether the number is a floor."""
        return self in (Comparator.MORE, Comparator.AT_LEAST)


class Hedge(StrEnum):
    """How loosely the number is meant."""

    NONE = ""
    ABOUT = "about"
    NEARLY = "nearly"
    JUST_OVER = "just over"


class Direction(StrEnum):
    """Which way something changed or differs."""

    NONE = ""
    UP = "up"
    DOWN = "down"


class Form(StrEnum):
    """How the number is written; decides how much rounding it allows (see `agree`)."""

    NUMERAL = "numeral"
    WORD = "word"
    FRACTION = "fraction"
    RATIO = "ratio"
    ONE_IN = "one in"
    PER = "per"


@dataclass(frozen=True, slots=True)
class Quantity:
    """One quantity of a sentence.

    `value` (and `high`, the upper end of a range) is in the canonical `unit`: a share is a part of 1, a duration
    counts days, an age years, a dose milligrams, a frequency times a day. `written` is the number as it stands in
    the text, and `precision` half a unit of its last place, in the canonical unit. `measure` names a statistic
    (`OR`, `SMD`, `p`, `n`, `CI95`), `counted` the sort of thing counted (`people`, `studies`, ...). `numerator` and
    `denominator` are given for "10 of 12" and "1 in 5". `change` says that the number is the size of a change (by),
    not the level reached (to). `weak` marks what is hardly ever a claim's figure, such as a bare "two". `start` and
    `end` are offsets into the text read, which `text` repeats.
    """

    kind: Kind
    value: Fraction
    text: str
    start: int
    end: int
    high: Fraction | None = None
    unit: str = ""
    written: Fraction = Fraction(0)
    precision: Fraction = Fraction(0)
    form: Form = Form.NUMERAL
    comparator: Comparator = Comparator.EQUAL
    hedge: Hedge = Hedge.NONE
    direction: Direction = Direction.NONE
    change: bool = False
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    measure: str = ""
    counted: str = ""
    weak: bool = False

    @property
    def is_range(self) -> bool:
        """Whether it is given by two ends."""
        return self.high is not None


class Verdict(StrEnum):
    """How a claim's quantity stands to one of the evidence."""

    SAME = "same"
    DERIVED = "derived"
    DIFFERENT = "different"
    INCOMPARABLE = "incomparable"


class Difference(StrEnum):
    """Where two comparable quantities part."""

    NONE = ""
    NUMBER = "number"
    UNIT = "unit"
    COMPARATOR = "comparator"
    DIRECTION = "direction"
    MEASURE = "measure"


@dataclass(frozen=True, slots=True)
class Agreement:
    """The verdict on a pair. `distance` orders differing pairs: 0 is equal, 1 is twice or half as much."""

    verdict: Verdict
    difference: Difference = Difference.NONE
    distance: float = 0.0

    @property
    def agrees(self) -> bool:
        """Whether the evidence carries the number."""
        return self.verdict in (Verdict.SAME, Verdict.DERIVED)


class Doubt(StrEnum):
    """Why a number without a counterpart may be right all the same, as only a reader can tell."""

    NONE = ""
    REACH = "others there may make it up"
    REST = "it is what is left of a whole that stands there"
    ELSEWHERE = "the number stands there, as something else"
    WRITTEN = "the number is written there, of what cannot be told"
    NEAR = "it may be a bold rounding"
    EASY = "it is a time or a small count, which others there make up or come near to easily"
    ABSENT = "no number of its kind stands there"
    ANOTHER = "it is of a kind that is said in other kinds of number too"
    BOUND = "the number is the same, but only one of them is a bound"
    TURNED = "the numbers stand there, and only words of the other direction beside them"
    READING = "what stands here or there may not have been read in full"
    BARE = "it does not say what it counts"

    @property
    def is_likely_wrong(self) -> bool:
        """Whether the number is yet rather wrong than right; of the others nothing can be told."""
        return self in (Doubt.REACH, Doubt.NEAR, Doubt.BOUND, Doubt.ELSEWHERE, Doubt.ABSENT, Doubt.TURNED)


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A claim's quantity without a counterpart; `nearest` is the evidence's closest, in text number `source`.

    `doubt` says what speaks for it all the same; where nothing does, it is wrong or unsupported.
    """

    quantity: Quantity
    nearest: Quantity | None = None
    difference: Difference = Difference.NONE
    source: int = -1
    doubt: Doubt = Doubt.NONE
