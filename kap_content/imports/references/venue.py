"""Where a work appeared: journal with year, volume and pages; book and publisher; report and its house."""

from __future__ import annotations

import re

from kap_content.imports.references.parsed import MONTH, YEAR, Draft
from kap_content.startup.regex import regex

_DASH = "[-–—−‐‑]"
_PAGE = r"[A-Za-z]{0,4}\d+[A-Za-z]?"
_PAGES = rf"(?:pp?\.?\s*)?(?P<pages>{_PAGE}(?:\.\w+)?(?:\s?{_DASH}{{1,2}}\s?{_PAGE})?)"
_VOLUME = r"(?P<volume>[A-Z]?\d{1,5}(?:\s?[-–/]\s?\d{1,4})?[A-Z]?(?:\s?(?:Suppl|Supplement|Pt)\b\.?\s?\w{0,3})?)"
_ISSUE = r"(?:\(\s*(?P<issue>[^()]{1,30})\s*\))"
_NO = r"(?:,?\s*(?:no|nr|issue|iss|n)\b\.?\s*(?P<issue>[\w–-]+))"
_ARTICLE = r"(?:Article|Art\.?|e-?ID)\s*(?:No\.?\s*)?(?P<eid>[\w.-]*\d[\w-]*)"
_MONTHS = rf"(?:{MONTH}(?:\s?[-–/]\s?{MONTH})?|Spring|Summer|Autumn|Fall|Winter)"
_SEASON = rf"(?:{_MONTHS}\s*)?"
_WHEN = rf"(?P<year>{YEAR})(?:[\s,]+(?P<month>{_MONTHS})(?:\s+\d{{1,2}})?)?"

_TAILS = tuple(
    regex(pattern)
    for pattern in (
        rf"(?:^|[.,]?\s)\(?{_WHEN}\)?\s*;\s*{_VOLUME}?\s*{_ISSUE}?\s*(?:[:,]\s*(?:{_PAGES}|{_ARTICLE}))?",
        rf"[.,]?\s*\b[Vv]ol(?:ume)?\.?\s*{_VOLUME}{_NO}?,?\s*(?:\(?{_SEASON}(?P<year>{YEAR})\)?)?(?:\s*[,:]\s*{_PAGES})?",
        rf"[.,]?\s{_VOLUME}{_NO},?\s*\((?:{_MONTHS}\s*)?(?P<year>{YEAR})\)(?:\s*[:,]\s*{_PAGES})?",
        rf"[.,]?\s{_VOLUME}\s*{_ISSUE}?\s*\((?:{_MONTHS}\s*)?(?P<year>{YEAR})\)\s*[:,]\s*{_PAGES}",
        rf",\s*(?P<volume>\d+):(?P<issue>\d+(?:{_DASH}\d+)?),\s*{_PAGES}",
        rf"[.,]?\s\(?(?P<year>{YEAR})\)?[.,]?\s+{_VOLUME}\s*{_ISSUE}?\s*[:,]\s*{_PAGES}",
        rf"[.,]?\s{_VOLUME}\s*{_ISSUE}?\s*:\s*(?:{_PAGES}|{_ARTICLE})",
        rf",\s*{_VOLUME}\s*{_ISSUE}\s*(?:,\s*(?:{_PAGES}|{_ARTICLE}))?\s*\.?\s*$",
        rf",\s*{_VOLUME}\s*,\s*(?:{_PAGES}|{_ARTICLE})\s*\.?\s*$",
        rf"[.,]?\s{_VOLUME}\s*{_ISSUE}\s*,\s*{_PAGES}",
        r",\s*(?P<volume>\d{1,4})\s*\.?\s*$",
    )
)
"""The ends of references to articles, the surer form first."""

_STOP = regex(r"(?<=[\w)\]’”\"%*])[.?!]\s+(?=[\"“]?[A-Z0-9À-Þ])")
_SINGLE = regex(r"[A-ZÀ-Þ][\w-]{0,9}")
JOURNAL = regex(
    r"(?:The\s)?(?:[A-Z0-9À-Þ][\w&’'.:()/-]*|of|the|and|for|in|on|de|et|der|für|[&–-])"
    r"(?:,?\s(?:[A-Z0-9À-Þ][\w&’'.:()/–-]*|of|the|and|for|in|on|de|des|la|et|der|für|[&–-]))*"
)
_JOURNAL_WORDS = regex(
    r"\b(?:J|Journal|Annals|Ann|Archives|Arch|Bulletin|Reviews?|Rev|Lancet|Nature|Science|Medicine|Med|Psychiatry|"
    r"Letters|"
    r"Research|Res|Reports|Frontiers|Proceedings|Proc|Drugs|Clinics?|Clin|Neuropsychopharmacology|"
    r"Psychopharmacology|PLoS|PLOS|"
    r"BMC|BMJ|JAMA|CNS|Acta|International|Int)\b"
)
_PUBLISHERS = regex(
    r"\b(?:Press|Publish\w*|Publications?|Wiley|Springer|Elsevier|Books?|Guilford|Routledge|Sage|SAGE|Academic|"
    r"Saunders|Mosby|"
    r"McGraw-Hill|Lippincott|Karger|Thieme|Penguin|Norton|Macmillan|Verlag|University|Association)\b"
)
_HOUSE = regex(
    rf"(?:^|(?<=[.!?)]\s))(?P<place>(?:St\.\s)?[A-ZÀ-Þ][\w ’'-]{{1,40}}"
    rf"(?:,\s?(?:(?:[A-Z]\.){{1,3}}|[A-Z][\w ]{{1,20}})){{0,2}})"
    rf":\s*(?P<house>[^:;]{{2,120}}?)"
    rf"(?:[;,.]\s*(?P<year>{YEAR})|(?=\.?\s*$))"
    rf"(?:\s*[:.,]\s*(?:pp?\.?\s*)?(?P<pages>\d+\s?{_DASH}\s?\d+))?\.?"
)
_SERIES = regex(
    r"[.,]?\s*(?P<series>[A-Z][\w &-]*(?:Reports?|Data Brief|Series|Bulletin|Guidelines?|Working Paper|Publication))"
    r"\s*[;,]?\s*\(?\b[Nn](?:o|umber)\b\.?\s*(?P<number>[\w./-]*[\w])\)?[.;]?"
)
_REPORT_NUMBER = regex(
    r"\s*\((?P<series>[\w .&-]*(?:Report|Publication|Guideline)[\w ]*?)\s*(?:No\.?\s*)?(?P<number>[\w./-]*\d[\w./-]*)\)"
)
_IN = regex(r"(?:[.?!”\"]\s+In:?|\s+[Ii]n:)\s+(?=[A-Z])")
_EDITED = regex(r"(?P<editors>.+?)\s*,?\s*\(?\b[Ee]d(?:itor)?s?\b\.?\)?[.,:]?\s+(?P<rest>.+)")
_BOOK_PAGES = regex(rf"[.,:(]?\s*\(?\bpp?\.?\s*(?P<pages>\w*\d+\s?{_DASH}\s?\w*\d+)\)?")
_EDITION = regex(
    r"[(,.]?\s*\(?(?P<edition>\d{1,2}(?:st|nd|rd|th)|[Ss]econd|[Tt]hird|[Ff]ourth|[Ff]ifth|[Rr]ev(?:ised)?\.?)"
    r"\s+ed(?:ition|n)?\.?\)?[.,]?"
)
_THESIS = regex(
    r"[.,]?\s*[(\[]?\b(?P<kind>(?:Doctoral|PhD|Ph\.D\.|Master[’']?s|MSc|MA)?\s*(?:dissertation|thesis))\b"
    r"(?P<rest>[^)\]]*)[)\]]?[.,:]?",
    re.IGNORECASE,
)
_NO_JOURNAL = regex(rf"(?:{MONTH}\s+\d|(?:Data\s)?(?:Table|Figure|Section|Chapter|Version|Appendix|Box|Part)\b|\d+$)")
_SENTENCE_LENGTH = 3


def take_venue(draft: Draft) -> str:
    """Read where the work appeared out of what follows the authors; give the entry's type, or an empty string."""
    thesis = _THESIS.search(draft.rest)
    if thesis and not re.search(r"\b(?:J|Journal)\b", draft.rest[thesis.end() :]):
        return _thesis(draft, thesis)
    chapter = _IN.search(draft.rest)
    if chapter and _is_chapter(draft.rest[chapter.end() :]):
        return _chapter(draft, chapter)
    report = _report(draft)
    if report:
        return report
    return _article(draft) or _book(draft)


def _article(draft: Draft) -> str:
    for pattern in _TAILS:
        found = None
        for candidate in pattern.finditer(draft.rest):
            found = candidate
        if found is None or found.start() == 0 or not re.search(r"[^\W\d_]", draft.rest[: found.start()]):
            continue
        groups = found.groupdict()
        if not (groups.get("volume") or groups.get("pages") or groups.get("issue")):
            continue
        before, after = draft.rest[: found.start()], draft.rest[found.end() :]
        title, journal = _parted(before, known=bool(draft.fields.get("title")))
        if not journal or _NO_JOURNAL.match(journal) or not _is_tail(groups, after, draft):
            continue
        for name, field in (("year", "year"), ("volume", "volume"), ("issue", "number"), ("eid", "eid")):
            draft.set(field, groups.get(name))
        draft.set("month", _month(groups.get("month")))
        draft.set("pages", groups.get("pages"))
        draft.set("journal", journal)
        draft.set("title", title)
        draft.rest = after.strip(" .;,")
        return "article"
    return ""


def _is_tail(groups: dict[str, str | None], after: str, draft: Draft) -> bool:
    """Whether a match is where an article stands, not a date or a number in a web page's title."""
    if "year" not in groups and re.fullmatch(YEAR, groups.get("volume") or ""):
        return False
    on_web = draft.fields.get("url") and not draft.fields.get("doi")
    return not on_web or len(re.findall(r"[^\W\d_]{2,}", after)) <= _SENTENCE_LENGTH


def _month(text: str | None) -> str:
    return text.rstrip(".") if text else ""


def _parted(text: str, *, known: bool) -> tuple[str, str]:
    """Part `Title. Journal`; a known title leaves all for the journal. An empty journal where none is told apart."""
    text = text.strip(" ,;")
    text = text.removesuffix(".") if not text.endswith("..") else text
    if known:
        return "", text.strip(" .,")
    quoted = re.match(r"[\"“](?P<title>.+?)[.,]?[\"”][.,]?\s+(?P<journal>.+)", text)
    if quoted:
        return quoted["title"], quoted["journal"].strip(" .,")
    stops = list(_STOP.finditer(text))
    if stops:
        at = len(stops) - 1
        # `Br. J. Psychiatry`: single capitalised words before the last stop belong to the name.
        while at > 0 and _SINGLE.fullmatch(text[stops[at - 1].end() : stops[at].start()]):
            at -= 1
        stop = stops[at]
        journal = text[stop.end() :].strip()
        mark = text[stop.start()]
        return text[: stop.start()] + (mark if mark != "." else ""), journal
    for comma in reversed(list(re.finditer(r",\s+(?=[A-Z])", text))):
        journal = text[comma.end() :]
        if JOURNAL.fullmatch(journal) and _JOURNAL_WORDS.search(journal):
            return text[: comma.start()], journal
    return text, ""


def _thesis(draft: Draft, found: re.Match[str]) -> str:
    draft.set("title", draft.rest[: found.start()].strip(" .,"))
    rest = f"{found['rest']} {draft.rest[found.end() :]}".strip(" ,.;:")
    house = _HOUSE.match(rest)
    year = re.search(rf"[;,.]?\s*(?<!\d)({YEAR})(?!\d)", rest)
    if house:
        draft.set("address", house["place"])
        draft.set("school", house["house"].strip(" ,."))
        draft.set("year", house["year"])
    else:
        draft.set("school", (rest[: year.start()] if year else rest).strip(" ,.;"))
        draft.set("year", year[1] if year else "")
    draft.rest = ""
    return "mastersthesis" if "master" in found["kind"].lower() or found["kind"].startswith("M") else "phdthesis"


def _is_chapter(text: str) -> bool:
    return bool(re.search(r"\b[Ee]d(?:itor)?s?\b\.?\)?[.,:]?\s|\bpp?\.\s*\d|[A-Z][\w ]+:\s[A-Z]", text))


def _chapter(draft: Draft, found: re.Match[str]) -> str:
    draft.set("title", draft.rest[: found.start()])
    rest = draft.rest[found.end() :]
    edited = _EDITED.match(rest)
    if edited:
        draft.set("editors", edited["editors"])
        rest = edited["rest"]
    pages = _BOOK_PAGES.search(rest)
    if pages:
        draft.set("pages", pages["pages"])
        rest = rest[: pages.start()] + ". " + rest[pages.end() :]
    edition = _EDITION.search(rest)
    if edition:
        draft.set("edition", edition["edition"])
        rest = rest[: edition.start()] + ". " + rest[edition.end() :]
    house = next(iter(_HOUSE.finditer(rest)), None)
    if house:
        draft.set("address", house["place"])
        draft.set("publisher", house["house"].strip(" ,."))
        draft.set("year", house["year"])
        draft.set("pages", house["pages"])
        draft.set("booktitle", rest[: house.start()].strip(" .,"))
        rest = rest[house.end() :]
    else:
        title, _, rest = rest.partition(". ")
        draft.set("booktitle", title.strip(" .,"))
        publisher = re.match(r"([^.;]+)[.;]?\s*", rest.strip(" ."))
        draft.set("publisher", publisher[1].strip(" ,.") if publisher else "")
        rest = rest.strip(" .")[publisher.end() :] if publisher else rest
    draft.rest = rest.strip(" .,;")
    is_meeting = re.search(r"\b(?:Proceedings|Conference|Symposium|Congress)\b", draft.fields.get("booktitle", ""))
    return "inproceedings" if is_meeting else "incollection"


def _report(draft: Draft) -> str:
    found = _REPORT_NUMBER.search(draft.rest) or _SERIES.search(draft.rest)
    if found is None or found.start() == 0:
        return ""
    before, after = draft.rest[: found.start()], draft.rest[found.end() :].lstrip(" .;,")
    draft.set("title", before.strip(" .,"))
    draft.set("series", found["series"])
    draft.set("number", found["number"])
    house = _HOUSE.search(after)
    if house:
        draft.set("address", house["place"])
        draft.set("institution", house["house"].strip(" ,."))
        draft.set("year", house["year"])
        after = after[: house.start()] + after[house.end() :]
    draft.rest = after.strip(" .,;")
    if not house and draft.rest:
        first, _, rest = draft.rest.partition(". ")
        year = re.fullmatch(rf"(?P<house>.*?)[;,.]?\s*(?P<year>{YEAR})?", first.strip(" ."))
        if year:
            draft.set("institution", year["house"].strip(" ,.;"))
            draft.set("year", year["year"])
            draft.rest = rest
    return "techreport"


def _book(draft: Draft) -> str:
    edition = _EDITION.search(draft.rest)
    text = draft.rest
    if edition and edition.start():
        draft.set("edition", edition["edition"])
        text = f"{text[: edition.start()].rstrip(' .,(')}. {text[edition.end() :].lstrip(' .,)')}"
    house = None
    for candidate in _HOUSE.finditer(text):
        if _PUBLISHERS.search(candidate["house"]) or candidate["year"] or edition:
            house = candidate
    stops = list(_STOP.finditer(text))
    if house and house.start():
        draft.set("title", text[: house.start()].strip(" .,"))
        draft.set("address", house["place"])
        draft.set("publisher", house["house"].strip(" ,."))
        draft.set("year", house["year"])
        draft.rest = text[house.end() :].strip(" .,;")
        return "book"
    if stops and not draft.fields.get("url"):
        last = text[stops[-1].end() :].strip(" .")
        found = re.fullmatch(rf"(?P<house>[^.]+?)(?:[;,]\s*(?P<year>{YEAR}))?", last)
        if found and _PUBLISHERS.search(last) and len(last.split()) <= 2 * _SENTENCE_LENGTH:
            draft.set("title", text[: stops[-1].start()].strip(" .,"))
            draft.set("publisher", found["house"].strip(" ,."))
            draft.set("year", found["year"])
            draft.rest = ""
            return "book"
    return ""
