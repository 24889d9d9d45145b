"""What stands around a number: bounds and hedges, the statistic it is of, what is counted, which way it went."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kap_content.language.quantity.noise import BLANK
from kap_content.language.quantity.value import Comparator, Direction, Hedge
from kap_content.startup.regex import regex

_TABLE: tuple[tuple[Comparator, Hedge, str], ...] = (
    (
        Comparator.LESS,
        Hedge.NONE,
        """
        less than; fewer than; lower than; smaller than; younger than; shorter than; under; below; under age; below age
        """,
    ),
    (
        Comparator.AT_MOST,
        Hedge.NONE,
        """
        at most; no more than; not more than; never more than; no greater than; not greater than; no longer
        than; not longer than; no higher than; no later than; not later than; no older than; not older than;
        less than or equal to; lower than or equal to; equal to or less than; equal to or below;
        up to; within; as much as; as many as; as long as; as high as; as large as; as late as; as far as; maximum;
        maximum of; a maximum of; max; max.
        """,
    ),
    (
        Comparator.MORE,
        Hedge.NONE,
        """
        more than; greater than; higher than; larger than; older than; longer than; over; above; over age; above age;
        exceed; exceeds; exceeded; exceeding; in excess of; upward of; upwards of; well over
        """,
    ),
    (
        Comparator.AT_LEAST,
        Hedge.NONE,
        """
        greater than or equal to; more than or equal to; higher than or equal to; equal to or greater than;
        equal to or more than; equal to or above;
        at least; at-least; no less than; not less than; no fewer than; not fewer than; not younger than; no shorter
        than; minimum; minimum of; a minimum of; as few as; as little as
        """,
    ),
    (
        Comparator.EQUAL,
        Hedge.ABOUT,
        """
        about; around; approximately; approx; approx.; roughly; some; circa; ca.; c.; an estimated;
        estimated at; more or less; in the region of
        """,
    ),
    (
        Comparator.EQUAL,
        Hedge.NEARLY,
        """
        nearly; almost; close to; just under; just below; just short of; approaching; not quite; slightly
        less than; slightly fewer than; a little under; a little less than; virtually
        """,
    ),
    (
        Comparator.EQUAL,
        Hedge.JUST_OVER,
        """
        a good; just over; just above; slightly over; slightly more than; slightly above; little over; a little over;
        little more than; a little more than
        """,
    ),
)
"""What stands before a number, phrases parted by semicolons: the bound and the hedge that they say."""
_BEFORE = {
    " ".join(phrase.split()): (comparator, hedge)
    for comparator, hedge, phrases in _TABLE
    for phrase in phrases.split(";")
}
_LONGEST = max(phrase.count(" ") for phrase in _BEFORE) + 1
_LAST_WORDS = frozenset(phrase.rpartition(" ")[2] for phrase in _BEFORE)
_ARTICLES = frozenset({"a", "an", "the", "only", "just"})
_SIGN = regex(r"=?(?:(?P<less><)|(?P<more>>)|(?P<most>≤|<=)|(?P<least>≥|>=)|(?P<about>~))=?\s*$")
_SIGNS = {
    "less": (Comparator.LESS, Hedge.NONE),
    "more": (Comparator.MORE, Hedge.NONE),
    "most": (Comparator.AT_MOST, Hedge.NONE),
    "least": (Comparator.AT_LEAST, Hedge.NONE),
    "about": (Comparator.EQUAL, Hedge.ABOUT),
}
_THRESHOLD = regex(
    r"(?<= )the (?:optimal|recommended|usual|normal|critical|expected|median|mean|average|target|clinical|cut-?off"
    r"|threshold|limit|accepted|desired|maximum|minimum)(?: (?:level|value|threshold|score|limit))?(?: of)?$"
)
_LOOK_BACK = 60
_DENIAL = regex(r"\b(?:do|does|must|should|may|can|could) ?not (?:[\w-]+ ){1,2}$|\bnever (?:[\w-]+ ){1,2}$")
_DENIED = {Comparator.MORE: Comparator.AT_MOST, Comparator.LESS: Comparator.AT_LEAST}
"""What "do not store above 25" comes to."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A bound or hedge before a number; `start` is where it begins, `word` what it says."""

    comparator: Comparator
    hedge: Hedge
    start: int
    word: str


def bound_before(text: str, start: int) -> Bound | None:
    """The bound or hedge that ends where a number begins at `start`: "more than", "≥", "about a", "up to"."""
    left = text[max(0, start - _LOOK_BACK) : start]
    words = _before_threshold(left)
    if not words:
        return None
    if words[-1] in "<>≤≥~=":
        return _sign(left, start)
    if len(words) == len(left):
        return None
    offset = start - len(left)
    tokens = words.split(" ")
    if tokens[-1].lower() in _ARTICLES and len(tokens) > 1:
        words = words[: -len(tokens[-1])].rstrip(" ")
        if words[-1:] in tuple("<>≤≥~"):
            return _sign(words, offset + len(words))
        tokens = tokens[:-1]
    if tokens[-1].lower().lstrip("([\"'") not in _LAST_WORDS:
        return None
    for count in range(min(_LONGEST, len(tokens)), 0, -1):
        phrase = " ".join(tokens[-count:]).lstrip("([\"'")
        meaning = _BEFORE.get(phrase.lower())
        if meaning is not None:
            begin = offset + len(words) - len(phrase)
            if meaning[0] in _DENIED and _DENIAL.search(text, 0, begin):
                return Bound(_DENIED[meaning[0]], meaning[1], begin, phrase.lower())
            return Bound(*meaning, begin, phrase.lower())
    return None


def _before_threshold(left: str) -> str:
    """`left` without spaces at its end, and without "the optimal" of "below the optimal 4 %"."""
    words = left.rstrip(" ")
    if words != left and " the " in words:
        words = _THRESHOLD.sub("", words).rstrip(" ") or words
    return words


def _sign(left: str, start: int) -> Bound | None:
    match = _SIGN.search(left)
    if match is None:
        return None
    return Bound(*_SIGNS[match.lastgroup or ""], start - len(left) + match.start(), match[0].strip())


_AFTER = regex(
    r"(?P<at_least>\+(?![\d/])|,? (?:or|and) (?:more|older|over|above|greater|longer|higher|up)\b|-plus\b)"
    r"|(?P<at_most>,? (?:or|and) (?:less|fewer|younger|under|below|lower|shorter)\b|,? (?:at most|maximum)\b)"
    r"|(?P<about>,? or (?:so|thereabouts)\b)"
)


_AFTER_NOUN = regex(
    r" (?!and\b|or\b)[a-z-]+(?: (?!and\b|or\b)[a-z-]+)? or (?:(?P<at_least>more)|(?P<at_most>fewer|less))\b"
)


def bound_after(text: str, end: int) -> tuple[Comparator, Hedge, int] | None:
    """The bound that follows a number ("or more", "and older", "65+", "drugs or more"), and where it ends."""
    match = _AFTER.match(text, end)
    if match is None:
        noun = _AFTER_NOUN.match(text, end)
        if noun is None:
            return None
        return (Comparator.AT_LEAST if noun["at_least"] else Comparator.AT_MOST), Hedge.NONE, end
    if match.lastgroup == "about":
        return Comparator.EQUAL, Hedge.ABOUT, match.end()
    return (Comparator.AT_LEAST if match.lastgroup == "at_least" else Comparator.AT_MOST), Hedge.NONE, match.end()


_LABELS: dict[str, str] = {
    "p": r"[Pp](?:[- ]?(?:value|VALUE)s?)?(?:'?s)?"
    r"(?: ?(?:for |_)?(?:trend|interaction|heterogeneity|difference|all|adj|corrected|FDR))?",
    "OR": r"(?:a|A|u|c|adj\.? ?)?ORs?|or(?= ?= ?\d)|(?i:(?:adjusted |unadjusted |crude |pooled )?odds ratios?)",
    "RR": r"(?:a|A|u|c|adj\.? ?)?RRR?s?|(?i:(?:adjusted |pooled )?(?:relative[- ]risk(?: ratio)?s?|risk ratios?))",
    "HR": r"(?:a|A|u|c|s|adj\.? ?)?HRs?|(?i:(?:adjusted |pooled |sub)?hazards? ratios?)",
    "IRR": r"a?IRRs?|(?i:(?:incidence )?rate ratios?)",
    "PR": r"a?PRs?|(?i:prevalence ratios?)",
    "SMD": r"(?:SMDs?|ES)|(?i:standardi[sz]ed mean differences?|cohen'?s?'? d|hedges'?s?'? g"
    r"|effect[- ]sizes?(?:,? (?:of )?[dg])?)|[dg](?= ?[=<>≤≥])",
    "MD": r"W?MDs?|(?i:(?:weighted )?mean differences?)",
    "NNT": r"NNTB?s?|(?i:numbers?[- ]needed[- ]to[- ](?:treat|benefit))",
    "NNH": r"NNTH|NNHs?|(?i:numbers?[- ]needed[- ]to[- ]harm)",
    "BMI": r"BMI|(?i:body[- ]mass[- ]index)",
    "n": r"[nN]s?(?= ?(?:=|of ))",
    "k": r"k(?= ?=)",
    "r": r"(?:rs?|rho|ρ)(?= ?[=<>≤≥])",
    "beta": r"(?:β|[Bb]eta|B)(?= ?[=<>≤≥])",
    "kappa": r"(?:κ|[Kk]appas?)",
    "alpha": r"(?:Cronbach'?s? )?(?:α|alpha)(?: coefficients?)?",
    "AUC": r"AU(?:RO)?Cs?|(?i:areas? under (?:the |a )?(?:[\w-]+ ){0,5}?curves?)",
    "SD": r"(?:SD|S[.]D[.]|SEM?|(?i:standard deviations?|standard errors?))",
    "test": r"(?:[FtTzZHUWQ]|χ|(?i:chi[- ]?squared?(?: ?test)?))(?:\x00+)?(?= ?[=<>])|(?:[Dd]f|degrees? of freedom)",
    "stat": rf"{BLANK}+(?= ?[=])",
}
_LABEL_RE = regex(
    rf"(?<![\w'])(?=[^\W\d_]|{BLANK})(?:"
    + "|".join(f"(?P<{name}>{pattern})" for name, pattern in _LABELS.items())
    + rf")(?![a-zA-Z])(?: ?\((?:[A-Za-z' -]|{BLANK}){{1,40}}\)| ?\[[A-Za-z' ]{{1,12}}\]){{0,2}}"
    rf"(?: (?:for|in|per|of) (?:(?:[\w-]|{BLANK})+ ){{1,9}}?(?=(?:was|is|were)\b|[=:\d]))?"
    r"(?: (?:estimates?|values?))?\s*"
    r"(?:(?:was|is|were|of|at|equal(?:s|led)? to|ranging from|ranged from|estimated at|around|about"
    r"|averag(?:ed|es|ing))\b\s*|[=:,]\s*)*"
)


@dataclass(frozen=True, slots=True)
class Label:
    """The statistic that a number is a value of, and where its name begins."""

    measure: str
    start: int


_ANY_LABEL = regex(
    r"[=<>≤≥:]|[A-Z]{2}|ratio|risk|difference|size|needed|appa|lpha|deviation|\b[pP]\b|values? |[dg]'?s? [dg]\b"
    r"|curve|error|freedom|ndex"
)


def labels(text: str) -> dict[int, Label]:
    """The statistics named in `text`, by the offset at which the name and its connecting words end."""
    if not _ANY_LABEL.search(text):
        return {}
    return {match.end(): Label(match.lastgroup or "", match.start()) for match in _LABEL_RE.finditer(text)}


RATIOS = frozenset({"OR", "RR", "HR", "IRR", "PR"})
"""Measures whose 1 means no difference."""

_NOUNS = {
    "animals": r"mice|rats?|dogs?|pigs?|monkeys?|animals?|rabbits?|sheep|baboons?|cats?|hamsters?",
    "people": r"patients?|participants?|people|persons?|adults?|individuals?|subjects?|women|men|males?|females?"
    r"|children"
    r"|adolescents?|respondents?|students?|volunteers?|controls?|inpatients?|outpatients?|survivors?|veterans?|workers?"
    r"|nurses?|physicians?|doctors?|users?|(?:non-?)?responders?|infants?|mothers?|Americans?|girls?|boys?|clients?"
    r"|residents?|completers?|smokers?|teens?|teenagers?|parents?|caregivers?|soldiers?|youths?|relatives",
    "studies": r"studies|trials?|RCTs?|articles?|papers?|reviews?|meta-analyses|publications?|records?|cohorts?"
    r"|surveys?"
    r"|reports?|investigations?|datasets?|citations?|abstracts?",
    "doses": r"doses?|infusions?|injections?|tablets?|capsules?|administrations?",
    "sessions": r"sessions?|visits?|appointments?|meetings?",
    "places": r"countries|cent(?:er|re)s?|sites?|clinics?|hospitals?|practices|schools?|cities|states|universities",
    "groups": r"groups?|arms?|conditions?|categories|clusters?|classes|types?|kinds?|subgroups?",
    "items": r"items?|questions?|domains?|subscales?|factors?|criteria|statements?|steps?|ways?|reasons?"
    r"|parts?|things?",
    "genes": r"genes?|SNPs?|loci|compounds?|biomarkers?|proteins?|metabolites?|variants?",
}
_COUNTED_RE = regex(
    r"(?: of (?:the |these |those |our |all )*)?[ -](?:(?!(?:and|or|of|in|with|to|for|was|were|from|by|on|at|had"
    r"|have|has|than|who|that|as|but"
    r"|is|are|vs|versus|per|while|received|completed|reported|showed|responded|met|took|take"
    r"|between|among|after|before|during)\b)[\w'/.-]+ ){0,4}?(?:"
    + "|".join(f"(?P<{name}>{pattern})" for name, pattern in _NOUNS.items())
    + r")\b"
)
_HEADS = ("animals", "people", "studies", "groups")
_HEAD_RE = regex(
    r"[ -](?:(?:fe)?male |adult |healthy |[A-Z][\w/-]* )?(?:"
    + "|".join(f"(?P<{name}>{_NOUNS[name]})" for name in _HEADS)
    + r")\b"
)
"""The noun that those before it only describe: "adult female monkeys", "trial participants"."""


def counted_at(text: str, end: int) -> str:
    """What is counted by a number that ends at `end`: `people`, `studies`, ...; empty where it is not known."""
    counted = ""
    match = _COUNTED_RE.match(text, end)
    while match is not None:
        counted = match.lastgroup or ""
        match = _HEAD_RE.match(text, match.end())
    return counted


_UP_NOUN = r"increases?|rises?|gains?|elevations?|upward trends?"
_DOWN_NOUN = r"inhibitions?|reductions?|decreases?|declines?|drops?|falls?|decrements?|downward trends?"
_UP_VERB = (
    r"increas(?:e|es|ed|ing)|rose|rises?|risen|rising|grew|grown|grows?|gain(?:ed|s)?"
    r"|up-?regulated|climbed|elevated|raised|raises?|went up|up"
)
_DOWN_VERB = (
    r"decreas(?:e|es|ed|ing)|reduc(?:e|es|ed|ing)|dropp?(?:ed|s|ing)?|declin(?:e|es|ed|ing)"
    r"|(?:fell|falls?|fallen|falling)(?! asleep| ill| pregnant)"
    r"|down-?regulated|lower(?:ed|s|ing)?|depressed(?= (?:to|by)\b)|cuts?|cutting"
    r"|shrank|shrunk|diminish(?:ed|es)?|lessen(?:ed|s)?|lost|went down|down|dips?|dipped"
)
_MORE = r"higher|greater|more|larger|longer|older|faster|increased|likelier|above baseline"
_LESS = r"lower|less|rarer|milder|cheaper|weaker|fewer|smaller|shorter|reduced|decreased|below baseline"
_DIRECTION_AFTER = regex(
    r" (?:\([^()]{1,25}\) )?(?:\(?[\w-]+\)? ){0,2}?"
    rf"(?:(?P<up>{_UP_NOUN}|{_MORE})|(?P<down>{_DOWN_NOUN}|{_LESS}))\b(?! (?:and|or) (?:un"
    rf"|over)der)"
)
_NOT_BETWEEN = regex(r"\b(?:of|had|with|were|was|who|and|in|reported|showed|to|experienced|responded|at|for|from)\b")
_HEDGES = (
    r"(?:(?:about|around|approximately|roughly|nearly|almost|up to|more than|at least|over|just"
    r"|as much as|an?|the|some|~|only|less than|another|further|just over|just under|close to)\s)*"
)
_DIRECTION_BEFORE = regex(
    rf"\b(?P<verb>(?P<up>{_UP_VERB}|{_UP_NOUN}|(?<!\bor )more|higher)"
    rf"|(?P<down>{_DOWN_VERB}|{_DOWN_NOUN}|(?<!\bor )fewer|lower))\b"
    r"(?P<between>(?: (?!(?:to|and|but|from|while|whereas)\b)[\w'/\x00-]+(?: \([\w-]+\))?){0,9}?)"
    rf"(?: (?P<how>by|of|=|to|at|from|averaging) {_HEDGES}| ?[(:] ?(?:by )?{_HEDGES}"
    rf"|(?<!\bmore)(?<!\bfewer)(?<!\bhigher)(?<!\blower)(?<!up)(?<!down) {_HEDGES})$"
)


_ANY_CHANGE = regex(
    rf"(?<!\w)(?=[a-z])(?:{_UP_NOUN}|{_DOWN_NOUN}|{_UP_VERB}|{_DOWN_VERB}|{_MORE}|{_LESS})\b", re.IGNORECASE
)


_LOST_MORE = regex(rf"\b(?:{_DOWN_VERB}|{_UP_VERB}|gained|los(?:es?|ing)|sooner|earlier)\b[^.;,]*$")


_UPWARDS = regex(rf"(?<!\w)(?:{_UP_NOUN}|{_UP_VERB})\b", re.IGNORECASE)
_DOWNWARDS = regex(rf"(?<!\w)(?:{_DOWN_NOUN}|{_DOWN_VERB})\b", re.IGNORECASE)
_COMPARED = regex(rf"(?<!\w)(?:{_MORE}|{_LESS})\b(?<!increased)(?<!reduced)(?<!decreased)", re.IGNORECASE)
_THAN = regex(r"\s?%?\) than\b")
_COMPARED_BY = regex(rf"\b(?:(?P<up>{_MORE})|(?P<down>{_LESS}))\b[^;.:\d]{{0,60}}, by {_HEDGES}$")
_COMPARATIVES = frozenset({"more", "fewer", "higher"})


def tells_of_change(text: str) -> bool:
    """Whether `text` has any word of rising or falling: without one, no number has a direction."""
    return _ANY_CHANGE.search(text) is not None


def course_of(text: str) -> Direction:
    """The one direction in which things went by all words of `text`; none where they differ, or things are compared."""
    up, down = _UPWARDS.search(text) is not None, _DOWNWARDS.search(text) is not None
    if up is down or _COMPARED.search(text):
        return Direction.NONE
    return Direction.UP if up else Direction.DOWN


def direction_of(text: str, start: int, end: int) -> tuple[Direction, bool]:
    """Which way the number from `start` to `end` went, and whether it is the change itself rather than a level."""
    after = _DIRECTION_AFTER.match(text, end)
    if after is not None and not _NOT_BETWEEN.search(after[0]):
        if _LOST_MORE.search(text[max(0, start - 60) : start]) and after[0].endswith(("more", "less", "fewer")):
            return Direction.NONE, True  # "lost 3 kg more": a fall, and the greater one
        return (Direction.UP if after["up"] else Direction.DOWN), True
    clause = text[max(0, start - 110) : start]
    if (compared := _COMPARED_BY.search(clause)) is not None:
        return (Direction.UP if compared["up"] else Direction.DOWN), True
    before = None
    cut = max(clause.rfind("; "), clause.rfind(". "), clause.rfind(" whereas "), clause.rfind(" while "))
    clause = clause[cut + 1 :]
    while (later := _DIRECTION_BEFORE.search(clause, before.end("verb") if before else 0)) is not None:
        before = later  # of "increased the chance of reducing it by 50 %" the nearest
    if before is None:
        return Direction.NONE, False
    if before["how"] == "to" and before["verb"] in _COMPARATIVES:
        return Direction.NONE, False  # "from 39 % fewer to six times as many"
    between = before["between"] or ""
    if before["how"] is None and (between.count(" ") > 1 or re.search(r"\b(?:in|for|with|among|of)\b", between)):
        return Direction.NONE, False
    if before["how"] is None and _THAN.match(text, end):
        return Direction.NONE, False  # "higher (85 %) than (60 %)" are levels
    if before["how"] == "of" and re.search(
        r"\b(?:risk|rate|dose|prevalence|number|level|share|proportion)s?$", between
    ):
        return Direction.NONE, False
    direction = Direction.UP if before["up"] else Direction.DOWN
    return direction, before["how"] not in {"to", "at", "from"}
