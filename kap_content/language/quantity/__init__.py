"""Quantities in medical prose: reading them, and holding a claim's against its evidence's.

`value` says what a quantity is. A text is read in steps, each a module:

- `noise`: one spelling of signs; what only looks like a quantity (dates, names, citations) is blanked out.
- `special`: words and phrases that are quantities by themselves ("doubled", "twice a week").
- `numbers`: digits, number words and fractions; `units` and `tails`: what the number is a number of.
- `context`: what stands around it: bounds and hedges, statistics, what is counted, which way it went.
- `prose`: all that of one text; `single`: one number as a quantity; `together`: ranges, "10 of 12", rates; their
  patterns are in `patterns`.
- `pairs`: two quantities set against each other ("from 24 to 12"); `read`: all of it in order.

Two quantities are held against each other by `agree`: of one kind in `alike`, of two kinds in `across`, as near as
`tolerance` allows. All of a claim against all of its evidence is `compare`, and what finds no counterpart is asked for

- in `implied` and `periods`: what follows from wording and from dates ("weekly", "from March to May");
- in `reckon`: what follows by reckoning (the rest of a whole, a sum, sessions of a course);
- in `contradict`: what evidence says the other way round;
- in `follow`: what any numbers of a sentence make up (`make`, of what `sentence` gives), where a slipped figure would
  not come out as well;
- in `doubt`: what may explain it but only a reader can tell (`reach` among it), which softens what is said.

So a form that is not understood is a change of reading; a form that is understood on both sides and not seen to be the
same, one of agreeing.
"""

from __future__ import annotations

from kap_content.language.quantity.agree import agree
from kap_content.language.quantity.compare import compare
from kap_content.language.quantity.read import read
from kap_content.language.quantity.value import (
    Agreement,
    Comparator,
    Difference,
    Direction,
    Doubt,
    Form,
    Hedge,
    Kind,
    Quantity,
    Unmatched,
    Verdict,
)

__all__ = [
    "Agreement",
    "Comparator",
    "Difference",
    "Direction",
    "Doubt",
    "Form",
    "Hedge",
    "Kind",
    "Quantity",
    "Unmatched",
    "Verdict",
    "agree",
    "compare",
    "read",
]
