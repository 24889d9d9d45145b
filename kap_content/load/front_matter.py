"""The YAML head of a page: text to `FrontMatter` with the place of every field."""

from __future__ import annotations

from kap_content.load.tree.kind import Reader, is_empty
from kap_content.load.tree.nodes import Entries, Node, Scalar
from kap_content.load.tree.plain import Date, LanguageTag, Text
from kap_content.load.tree.shape import Field, Part, Parts, Shape, Table, Values
from kap_content.load.tree.yaml_events import Fault, Note, compose, prepared
from kap_content.load.tree.yaml_recovery import recover
from kap_content.model.finding import Problem
from kap_content.model.page import FrontMatter, Person
from kap_content.model.place import Place

NAME = Field("name", Text(), "The person's name.", required=True)
CREDENTIALS = Field("credentials", Text(), "Degrees and licences: MD, PhD.")
ROLE = Field("role", Text(), "The review role: medical, legal, regulatory.")
URL = Field("url", Text(), "A page about the person.")
PERSON = Shape("person", (NAME, CREDENTIALS, ROLE, URL))

CONDITION = Field("condition", Text(), "The condition that the page is about.")
INTERVENTION = Field("intervention", Text(), "The treatment that the page is about.")
ABOUT_SHAPE = Shape("page’s subject", (CONDITION, INTERVENTION))

TITLE = Field("title", Text(numeric=True), "The page's title.")
SUBTITLE = Field("subtitle", Text(), "A line below the title.")
DESCRIPTION = Field("description", Text(), "A sentence or two for search engines.")
LANGUAGE = Field("language", LanguageTag(), "The page's language as a tag: en, en-GB.")
AUTHOR = Field("author", Parts(Part(PERSON, short="name")), "Who wrote the page: a person or a list of persons.")
REVIEWER = Field("reviewer", Parts(Part(PERSON, short="name")), "Who reviewed it: a person or a list of persons.")
PUBLISHED = Field("published", Date(), "The day it was first published.")
LAST_REVIEWED = Field("last_reviewed", Date(), "The day of the last full review.")
NEXT_REVIEW_DUE = Field("next_review_due", Date(), "The day by which it must be reviewed again.")
ABOUT = Field("about", Part(ABOUT_SHAPE), "The condition and the treatment that the page is about.")
AUDIENCE = Field("audience", Text(), "For whom it is written: Patient, Clinician.")
SPECIALTY = Field("specialty", Text(), "The medical specialty: Psychiatric.")
INTEREST = Field("interest", Text(), "What the publisher sells or gains, in a sentence for readers.")
EXTRA = Field("extra", Table(Text(numeric=True)), "Anything else, as names with texts, for templates of your own.")

HEAD = Shape(
    "page’s head",
    (
        TITLE,
        SUBTITLE,
        DESCRIPTION,
        LANGUAGE,
        AUTHOR,
        REVIEWER,
        PUBLISHED,
        LAST_REVIEWED,
        NEXT_REVIEW_DUE,
        ABOUT,
        AUDIENCE,
        SPECIALTY,
        INTEREST,
        EXTRA,
    ),
    elsewhere={
        "date": "The day of publication is called “published”.",
        "lang": "It is called “language”.",
        "bibliography": "Bibliographies are named in kap.toml, for all pages.",
    },
)


def parse_front_matter(path: str, text: str, first_line: int) -> tuple[FrontMatter, tuple[Problem, ...]]:
    """Read what stands between the `---` lines of a page; `first_line` is the file's line where `text` begins.

    The place of the whole is line 1, where the head opens or should.
    """
    reader = Reader(path)
    shift = first_line - 1
    text, notes = prepared(text)
    padded = "\n" * shift + text
    faults: list[Fault] = []
    try:
        document = compose(text, skip_lines=shift)
    except Fault:
        recovered = recover(padded)
        root, faults, notes = recovered.root, recovered.faults, (*_moved(notes, shift), *recovered.notes)
    else:
        root, notes = document.root, (*_moved(notes, shift), *document.notes)
    for fault in faults:
        reader.report(Place(path, fault.line, fault.column), fault.message, fault.help)
    for note in notes:
        reader.report(Place(path, note.line, note.column), note.message, note.help)
    meta = _read(path, root, reader)
    if faults:
        reader.missing.clear()
    return meta, reader.all_problems()


def _moved(notes: tuple[Note, ...], lines: int) -> tuple[Note, ...]:
    return tuple(note._replace(line=note.line + lines) for note in notes)


def _read(path: str, root: Node | None, reader: Reader) -> FrontMatter:
    place = Place(path)
    if not isinstance(root, Entries):
        if root is not None and not (isinstance(root, Scalar) and is_empty(root)):
            reader.report(root, "the page’s head is not a list of fields", "Write one “field: value” a line.")
        return FrontMatter(place)
    values = HEAD.read(root, reader)
    about = values.get(ABOUT, None)
    return FrontMatter(
        place=place,
        title=values.get(TITLE, ""),
        subtitle=values.get(SUBTITLE, ""),
        description=values.get(DESCRIPTION, ""),
        language=values.get(LANGUAGE, "en"),
        authors=_people(values.get(AUTHOR, ())),
        reviewers=_people(values.get(REVIEWER, ())),
        published=values.get(PUBLISHED, None),
        last_reviewed=values.get(LAST_REVIEWED, None),
        next_review_due=values.get(NEXT_REVIEW_DUE, None),
        condition=about.get(CONDITION, "") if about is not None else "",
        intervention=about.get(INTERVENTION, "") if about is not None else "",
        audience=values.get(AUDIENCE, ""),
        specialty=values.get(SPECIALTY, ""),
        interest=values.get(INTEREST, ""),
        extra=values.get(EXTRA, {}),
        places=values.places(path),
    )


def _people(items: tuple[Values, ...]) -> tuple[Person, ...]:
    return tuple(
        Person(name, item.get(CREDENTIALS, ""), item.get(ROLE, ""), item.get(URL, ""))
        for item in items
        if (name := item.get(NAME, ""))
    )
