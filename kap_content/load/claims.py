"""`claims.yaml`: text to claims with the place of every field."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Set

from kap_content.load.amount import Amount
from kap_content.load.tree.kind import Reader, is_empty
from kap_content.load.tree.nodes import Broken, Entries, Items, Node, Scalar, place_of
from kap_content.load.tree.plain import Choice, Date, Integer, Text, Texts
from kap_content.load.tree.shape import Field, Part, Parts, Shape, Values
from kap_content.load.tree.yaml_events import Fault, compose, prepared
from kap_content.load.tree.yaml_recovery import recover
from kap_content.model.claim import (
    Anchor,
    Category,
    Certainty,
    CitationRelation,
    Claim,
    Design,
    Direction,
    Evidence,
    Pico,
    Quantity,
    Status,
    Verdict,
)
from kap_content.model.finding import Problem
from kap_content.model.place import Place

POPULATION = Field("population", Text(), "Whom it was seen in: “adults with treatment-refractory GAD or SAD”.")
INTERVENTION = Field("intervention", Text(), "What was given or done.")
ROUTE = Field("route", Text(), "How it was given: intravenous, subcutaneous, oral.")
COMPARATOR = Field("comparator", Text(), "What it was compared with; “none” for no comparison.")
OUTCOME = Field("outcome", Text(), "What was measured: “HAM-A”.")
TIMEPOINT = Field("timepoint", Text(numeric=True), "When it was measured: “1 h”.")
PICO = (POPULATION, INTERVENTION, ROUTE, COMPARATOR, OUTCOME, TIMEPOINT)

EXACT = Field("exact", Text(), "The passage, word for word, where the text may be quoted.")
PREFIX = Field("prefix", Text(), "The words before the passage.")
SUFFIX = Field("suffix", Text(), "The words after the passage.")
PAGE = Field("page", Text(numeric=True), "The page that the passage stands on.")
TABLE = Field("table", Text(numeric=True), "The table that holds the value.")
FIGURE = Field("figure", Text(numeric=True), "The figure that shows it.")
SECTION = Field("section", Text(numeric=True), "The section that the passage stands in.")
SHA256 = Field("sha256", Text(), "The hash of the quote once it was found in the source; written by the tool.")
ANCHOR = Shape("anchor", (EXACT, PREFIX, SUFFIX, PAGE, TABLE, FIGURE, SECTION, SHA256))

REF = Field("ref", Text(), "The key of the reference in the bibliography.", required=True)
RELATION = Field("relation", Choice(CitationRelation), "How the claim uses the reference (CiTO).")
DIRECTION = Field("direction", Choice(Direction), "Whether the reference supports the claim.")
DESIGN = Field("design", Choice(Design), "The study's design.")
FINDING = Field("finding", Text(), "What the source found, in your words, with its numbers.")
EVIDENCE_ANCHOR = Field("anchor", Part(ANCHOR), "Where in the source it stands.")
VERDICT = Field("verdict", Choice(Verdict), "A person's judgement of this link.")
CHECKED_BY = Field("checked_by", Text(), "Who compared the claim with the source.")
CHECKED_ON = Field("checked_on", Date(), "When it was compared.")
SEMINAL = Field("seminal", Text(), "Why this old source still stands.")
EVIDENCE_ITEM = Shape(
    "evidence item",
    (
        REF,
        RELATION,
        DIRECTION,
        DESIGN,
        FINDING,
        EVIDENCE_ANCHOR,
        VERDICT,
        CHECKED_BY,
        CHECKED_ON,
        SEMINAL,
        *PICO,
    ),
)

VALUE = Field("value", Amount(), "The number that the claim states.", required=True)
UNIT = Field("unit", Text(), "Its unit: percent, mg, days.")
QUANTITY_SHAPE = Shape("quantity", (VALUE, UNIT))

ID = Field("id", Text(), "A short name that pages mark the claim with, such as KET-MAINT-01.", required=True)
MATCH_TEXT = Field("match_text", Text(), "The approved wording.", required=True)
VARIATIONS = Field("variations", Texts(), "Other wordings that are approved too.")
CATEGORY = Field("category", Choice(Category), "What kind of statement it is; all but service need evidence.")
STATUS = Field("status", Choice(Status), "Where it stands in review.")
NEXT_REVIEW_DUE = Field("next_review_due", Date(), "The day by which it must be reviewed again.")
CERTAINTY = Field("certainty", Choice(Certainty), "GRADE certainty of the evidence, a person's judgement.")
JURISDICTION = Field("jurisdiction", Text(), "Where it holds: US, EU.")
QUANTITY = Field("quantity", Part(QUANTITY_SHAPE), "The number that the claim states, to compare claims by.")
DATA_END = Field("data_end", Integer(1500, 2200), "The last year of the data of a statistic.")
NOTE = Field("note", Text(), "A remark for colleagues; it is never shown on a page.")
EVIDENCE = Field("evidence", Parts(Part(EVIDENCE_ITEM, short="ref")), "What the claim rests on.")
CLAIM = Shape(
    "claim",
    (
        ID,
        MATCH_TEXT,
        VARIATIONS,
        CATEGORY,
        STATUS,
        NEXT_REVIEW_DUE,
        CERTAINTY,
        *PICO,
        JURISDICTION,
        QUANTITY,
        DATA_END,
        NOTE,
        EVIDENCE,
    ),
    elsewhere={
        "ref": "It belongs under “evidence”.",
        "anchor": "It belongs to an item of “evidence”.",
        "finding": "It belongs to an item of “evidence”.",
        "design": "It belongs to an item of “evidence”.",
        "verdict": "It belongs to an item of “evidence”.",
        "text": "The approved wording is called “match_text”.",
        "value": "It belongs under “quantity”.",
        "unit": "It belongs under “quantity”.",
    },
)

VERSION = 1
TOP = ("version", "claims")


def parse_claims(path: str, source: str) -> tuple[tuple[Claim, ...], tuple[Problem, ...]]:
    """Read a claims file. What cannot be read is a problem at its place; every other claim is still read."""
    source, notes = prepared(source)
    registry = _Registry(path)
    try:
        document = compose(source, under="claims", sink=registry.take)
    except Fault:
        registry = _Registry(path)
        recovered = recover(source)
        root, faults, notes = recovered.root, recovered.faults, (*notes, *recovered.notes)
    else:
        root, faults, notes = document.root, [], (*notes, *document.notes)
    registry.take_root(root, is_whole=not faults)
    for fault in faults:
        registry.report_at(fault.line, fault.column, fault.message, fault.help)
    registry.excuse({fault.line for fault in faults})
    for note in notes:
        registry.report_at(note.line, note.column, note.message, note.help)
    return registry.result()


def parse_part(path: str, lines: str, first: int) -> tuple[tuple[Claim, ...], tuple[Problem, ...]]:
    """Read some lines of a claims file: whole items of its list, or entries of its mapping, from line `first` on."""
    return parse_claims(path, "claims:" + "\n" * (first - 1) + lines)


class _Registry:
    """The claims of one file as they come in."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.reader = Reader(path)
        self.claims: list[Claim] = []
        self._begins: list[int] = []
        self._ids: list[str] = []

    def result(self) -> tuple[tuple[Claim, ...], tuple[Problem, ...]]:
        """The claims in file order, the problems by place."""
        return tuple(self.claims), self.reader.all_problems()

    def excuse(self, lines: Set[int]) -> None:
        """Forget what was missed in the claims that these lines belong to."""
        broken = {self._index(line) for line in lines}
        missing = self.reader.missing
        missing[:] = [problem for problem in missing if self._index(problem.place.line) not in broken]

    def _index(self, line: int) -> int:
        """Which claim, by the order of the file, the line belongs to; -1 for none."""
        return bisect_right(self._begins, line) - 1

    def take(self, _field: str, key: Scalar | None, node: Node) -> None:
        """Read one claim: an item of the list, or an entry of the mapping with its id as key."""
        reader = self.reader
        name = key.text.strip() if key is not None else _id_of(node)
        reader.claim = name
        self._begins.append(key.line if key is not None else node.line)
        self._ids.append(name)
        if isinstance(node, Entries):
            values = CLAIM.read(node, reader, already=("id",) if key is not None else ())
            claim = _claim(self.path, values, key, reader, self._begins[-1])
            if claim is not None:
                self.claims.append(claim)
        elif key is not None and isinstance(node, Broken):
            self.claims.append(Claim(name, place_of(self.path, key), first_line=key.line))
        elif not isinstance(node, Broken):
            Part(CLAIM).refuse(
                node, "claims", reader, hint="Write its fields, each on a line: “id: …”, “match_text: …”."
            )
        reader.claim = ""

    def take_root(self, root: Node | None, *, is_whole: bool) -> None:
        """Read the top level: the version, and claims that were not streamed."""
        reader = self.reader
        if isinstance(root, Items):
            help_text = "Put “version: 1” and “claims:” above the list and indent it."
            reader.report(root, "the file begins with a list; claims stand under “claims:”", help_text)
            self._take_all(root)
        elif isinstance(root, Entries):
            self._take_top(root)
        elif root is None or (isinstance(root, Scalar) and is_empty(root)):
            if is_whole:
                reader.report(Place(self.path), "the file is empty", "Write “version: 1” and “claims: []”.")
        else:
            reader.report(root, "the file holds no claims", "Write “version: 1”, then “claims:” and the claims.")

    def _take_top(self, root: Entries) -> None:
        reader = self.reader
        seen: set[str] = set()
        for key, node in root.entries:
            name = key.text
            if name in seen:
                reader.report(key, f"“{name}” is given twice in this file", "Keep one and move what it holds together.")
            elif name == "version":
                version = Text().read(node, "version", reader)
                if version is not None and version != str(VERSION):
                    message = f"the file is of version “{version}”; version {VERSION} is read"
                    reader.report(node, message, f"Write “version: {VERSION}”.")
            elif name not in TOP:
                top = Shape("claims file", (Field("version", Text(), ""), Field("claims", Text(), "")))
                top.read(Entries([(key, node)], key.line, key.column, key.end_line, key.end_column), reader)
            if name == "claims":
                self._take_all(node)
            seen.add(name)

    def _take_all(self, node: Node) -> None:
        if isinstance(node, Items):
            for item in node.items:
                self.take("claims", None, item)
        elif isinstance(node, Entries):
            for key, value in node.entries:
                self.take("claims", key, value)
        elif not (isinstance(node, Scalar) and is_empty(node)):
            Parts(Part(CLAIM)).refuse(node, "claims", self.reader)

    def report_at(self, line: int, column: int, message: str, help: str) -> None:  # noqa: A002 - as in Finding
        """Report something of the text itself; it belongs to the claim whose lines it stands in."""
        index = self._index(line)
        self.reader.claim = self._ids[index] if index >= 0 else ""
        self.reader.report(Place(self.path, line, column), message, help)
        self.reader.claim = ""


def _id_of(node: Node) -> str:
    if isinstance(node, Entries):
        for key, value in node.entries:
            if key.text == "id" and isinstance(value, Scalar):
                return value.text.strip()
    return ""


def _claim(path: str, values: Values, key: Scalar | None, reader: Reader, first_line: int) -> Claim | None:
    name = values.get(ID, "")
    if key is not None:
        if name and name != key.text.strip():
            message = f"the claim stands under “{key.text}” but its id is “{name}”"
            reader.report(values.spot(ID), message, "Take the id out; the name above is the id.")
        name = key.text.strip()
    if not name:
        if key is not None:
            reader.report(key, "a claim has no id", "Give it a short name, such as KET-MAINT-01.")
        return None
    return Claim(
        id=name,
        place=place_of(path, key if key is not None else values.spot(ID)),
        match_text=values.get(MATCH_TEXT, ""),
        variations=values.get(VARIATIONS, ()),
        category=values.get(CATEGORY, None),
        status=values.get(STATUS, Status.DRAFT),
        next_review_due=values.get(NEXT_REVIEW_DUE, None),
        certainty=values.get(CERTAINTY, None),
        pico=_pico(values),
        jurisdiction=values.get(JURISDICTION, ""),
        quantity=_quantity(values.get(QUANTITY, None)),
        data_end=values.get(DATA_END, None),
        note=values.get(NOTE, ""),
        evidence=tuple(_evidence(path, values.get(EVIDENCE, ()))),
        places=values.places(path),
        first_line=first_line,
    )


def _evidence(path: str, items: Iterable[Values]) -> Iterable[Evidence]:
    for values in items:
        ref = values.get(REF, "")
        if not ref:
            continue
        yield Evidence(
            ref=ref,
            place=place_of(path, values.spot(REF)),
            relation=values.get(RELATION, CitationRelation.CITES_AS_EVIDENCE),
            direction=values.get(DIRECTION, Direction.SUPPORTS),
            design=values.get(DESIGN, None),
            finding=values.get(FINDING, ""),
            anchor=_anchor(values.get(EVIDENCE_ANCHOR, None)),
            verdict=values.get(VERDICT, None),
            checked_by=values.get(CHECKED_BY, ""),
            checked_on=values.get(CHECKED_ON, None),
            seminal=values.get(SEMINAL, ""),
            pico=_pico(values),
            places=values.places(path),
        )


_NO_PICO = Pico()
_NO_ANCHOR = Anchor()


def _pico(values: Values) -> Pico:
    given = [values.get(item, "") for item in PICO]
    return Pico(*given) if any(given) else _NO_PICO


def _anchor(values: Values | None) -> Anchor:
    return Anchor(*(values.get(item, "") for item in ANCHOR_FIELDS)) if values is not None else _NO_ANCHOR


ANCHOR_FIELDS = (EXACT, PREFIX, SUFFIX, PAGE, TABLE, FIGURE, SECTION, SHA256)


def _quantity(values: Values | None) -> Quantity | None:
    if values is None or not (value := values.get(VALUE, "")):
        return None
    return Quantity(value, values.get(UNIT, ""))
