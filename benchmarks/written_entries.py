"""BibTeX entries of real works as people write them, each from a work's Crossref metadata and a source of chance."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from html import unescape
from random import Random

from pylatexenc.latexencode import UnicodeToLatexEncoder

Work = Mapping[str, object]
"""The `message` of a Crossref answer."""

_ENCODER = UnicodeToLatexEncoder(unknown_char_policy="keep", unknown_char_warning=False)
_LATEX_MARKS = re.compile(r"(?<!\\)([&%#_$])")
_GREEK = {"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "κ": "kappa", "μ": "mu", "ω": "omega"}
_ABBREVIATED = """
    abstract Abstr, academy Acad, advances Adv, advanced Adv, agricultural Agric, american Am, analysis Anal,
    annals Ann, annual Annu, applied Appl, archives Arch, association Assoc, astronomy Astron, behavioural
    Behav, biochemical Biochem, biology Biol, biological Biol, biophysical Biophys, biotechnology Biotechnol,
    british Br, bulletin Bull, cardiology Cardiol, chemical Chem, chemistry Chem, clinical Clin, communications
    Commun, computational Comput, computer Comput, dermatology Dermatol, development Dev, disease Dis, diseases
    Dis, ecology Ecol, education Educ, engineering Eng, entomology Entomol, environmental Environ, evolution
    Evol, experimental Exp, functional Funct, gastroenterology Gastroenterol, general Gen, genetics Genet,
    geophysical Geophys, history Hist, human Hum, immunology Immunol, industrial Ind, infection Infect,
    intelligence Intell, international Int, journal J, letters Lett, magazine Mag, materials Mater, mathematical
    Math, mathematics Math, mechanics Mech, medical Med, medicine Med, metabolic Metab, microbiology Microbiol,
    molecular Mol, national Natl, natural Nat, neurology Neurol, neuroscience Neurosci, nuclear Nucl, nutrition
    Nutr, obstetrics Obstet, ophthalmology Ophthalmol, optical Opt, pathology Pathol, pediatrics Pediatr,
    pharmacology Pharmacol, philosophical Philos, physical Phys, physics Phys, physiology Physiol, practice
    Pract, proceedings Proc, psychology Psychol, quarterly Q, reports Rep, research Res, review Rev, reviews
    Rev, royal R, scandinavica Scand, science Sci, sciences Sci, scientific Sci, society Soc, statistics Stat,
    studies Stud, surgery Surg, systems Syst, technology Technol, therapy Ther, toxicology Toxicol, transactions
    Trans, tropical Trop, veterinary Vet
"""
_ABBREVIATIONS: dict[str, str] = dict(pair.split() for pair in _ABBREVIATED.split(","))
_SMALL = frozenset("of the and in for on & de et la di".split())  # noqa: SIM905 - a list of words reads better so
_TYPES = {"book-chapter": "incollection", "proceedings-article": "inproceedings", "book": "book", "monograph": "book"}


def texts(work: Work, name: str) -> list[str]:
    """The texts of a list field, markup and entities out, as a person would copy them from the page."""
    value = work.get(name)
    return [_copied(text) for text in value if isinstance(text, str)] if isinstance(value, list) else []


def _copied(text: str) -> str:
    bare = re.sub(r"</?[A-Za-z][^<>]*>", "", unescape(unescape(text)))
    return " ".join(bare.split())


def persons(work: Work) -> list[tuple[str, str]]:
    """Family and given names; a group has an empty given name and braces around it."""
    found = []
    authors = work.get("author")
    for author in authors if isinstance(authors, list) else ():
        family, given, group = (_copied(str(author.get(name) or "")) for name in ("family", "given", "name"))
        if family:
            found.append((family, given))
        elif group:
            found.append((f"{{{group}}}", ""))
    return found


def years(work: Work) -> list[int]:
    """The years issued, printed and put on line."""
    found = []
    for name in ("issued", "published-print", "published-online"):
        value = work.get(name)
        parts = value.get("date-parts") if isinstance(value, dict) else None
        if parts and parts[0] and parts[0][0]:
            found.append(int(parts[0][0]))
    return found


# ------------------------------------------------------------------------------------------------ habits


def _author_habit(chance: Random) -> Callable[[str, str], str]:
    return chance.choice(
        (_family_first, _family_first, _initials, _initials_dotted, _given_first, _vancouver, _swapped)
    )


def _family_first(family: str, given: str) -> str:
    return f"{family}, {given}" if given else family


def _given_first(family: str, given: str) -> str:
    """`Given Family`; BibTeX takes the last word for the family name, so compound names go in braces, or comma form."""
    if not given:
        return family
    return f"{given} {{{family}}}" if " " in family else f"{given} {family}"


def _letters(given: str) -> list[str]:
    return [part[0].upper() for part in re.split(r"[\s.-]+", given) if part and part[0].isalpha()]


def _initials(family: str, given: str) -> str:
    return f"{family}, {''.join(_letters(given))}" if _letters(given) else family


def _initials_dotted(family: str, given: str) -> str:
    return f"{family}, {' '.join(letter + '.' for letter in _letters(given))}" if _letters(given) else family


def _vancouver(family: str, given: str) -> str:
    return f"{family} {''.join(_letters(given))}" if _letters(given) else family


def _swapped(family: str, given: str) -> str:
    return f"{given}, {family}" if given else family


def authors(names: Sequence[tuple[str, str]], chance: Random) -> str:
    """The author field: one habit for the list, whole, cut after some names with `and others`, or the first only."""
    habit = _author_habit(chance)
    kept = list(names)
    tail = ""
    if len(kept) > 1 and chance.random() < 0.3:
        kept, tail = kept[: chance.choice((1, 3, 6))], " and others"
    if len(kept) == len(names):
        tail = ""
    careless = chance.random()
    if careless < 0.1:
        kept = [(_without_accents(family), _without_accents(given)) for family, given in kept]
    elif careless < 0.2:
        kept = [(family.replace("-", " "), given) for family, given in kept]
    elif careless < 0.25 and len(kept) > 3:
        kept.pop(chance.randrange(1, len(kept)))
    return " and ".join(habit(*name) for name in kept) + tail


def _without_accents(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))


def title(work: Work, chance: Random) -> str:
    """The title field: subtitle joined, dropped or in the title; case kept, lowered or raised; marks varied."""
    main = next(iter(texts(work, "title")), "")
    subtitle = next(iter(texts(work, "subtitle")), "")
    text = main
    if subtitle and chance.random() < 0.6:
        text = main.rstrip(".") + chance.choice((": ", ". ", " -- ", "—")) + subtitle
    elif ": " in main and chance.random() < 0.25:
        text = main.split(": ")[0]
    habit = chance.random()
    if habit < 0.2:
        text = text[:1] + text[1:].lower()
    elif habit < 0.3:
        text = text.title()
    elif habit < 0.34:
        text = text.upper()
    if chance.random() < 0.15:
        text = re.sub("|".join(_GREEK), lambda match: _GREEK[match[0]], text)
    if chance.random() < 0.15:
        text = text.replace("–", "-").replace("‐", "-").replace("’", "'").replace("“", "``").replace("”", "''")
    if chance.random() < 0.15:
        text = text.rstrip(".") + "."
    if chance.random() < 0.1:
        text = _misprinted(text, chance)
    return text


def _misprinted(text: str, chance: Random) -> str:
    """Two neighbouring letters of a longer word swapped, or a small word forgotten."""
    parts = text.split(" ")
    small = [place for place, part in enumerate(parts) if part in ("the", "a", "an", "of", "in")]
    long = [place for place, part in enumerate(parts) if len(part) > 6 and part.isalpha()]
    if small and chance.random() < 0.4:
        parts.pop(chance.choice(small))
    elif long:
        place = chance.choice(long)
        letter = chance.randrange(1, len(parts[place]) - 2)
        part = parts[place]
        parts[place] = part[:letter] + part[letter + 1] + part[letter] + part[letter + 2 :]
    return " ".join(parts)


def journal(work: Work, chance: Random) -> str:
    """The journal field: whole, as the publisher abbreviates it, by the usual abbreviations, without `The`."""
    full = next(iter(texts(work, "container-title")), "")
    short = next((name for name in texts(work, "short-container-title") if name != full), "")
    habit = chance.random()
    if habit < 0.35:
        return full
    if habit < 0.55 and short:
        return short
    if habit < 0.85:
        kept = [word for word in full.split() if word.lower() not in _SMALL]
        dot = chance.choice(("", "."))
        return " ".join(_abbreviated(word, dot) for word in kept)
    if habit < 0.9:
        return full.replace("&", "and").removeprefix("The ")
    return full.lower() if habit < 0.95 else full.replace(" and ", " & ")


def _abbreviated(word: str, dot: str) -> str:
    short = _ABBREVIATIONS.get(word.lower().strip(":,"))
    return f"{short}{dot if short.lower() != word.lower() else ''}" if short else word


def pages(work: Work, chance: Random) -> str:
    """The pages field: `617--627`, `617-27`, `617–627`, `617`, or the article number."""
    text = str(work.get("page") or "")
    match = re.fullmatch(r"(\d+)-(\d+)", text)
    number = str(work.get("article-number") or "")
    if not match:
        return text or number
    first, last = match.groups()
    habit = chance.random()
    if habit < 0.2 or first == last:
        return first
    if habit < 0.5 and len(first) == len(last):
        same = next((place for place, (a, b) in enumerate(zip(first, last, strict=True)) if a != b), 0)
        return f"{first}--{last[same:]}"
    return f"{first}{chance.choice(('-', '--', '–'))}{last}"


# ------------------------------------------------------------------------------------------------ entries


def fields_of(work: Work, chance: Random) -> dict[str, str]:
    """The fields of an entry without defect, in one person's habits; some fields are left out."""
    host = {"incollection": "booktitle", "inproceedings": "booktitle"}.get(entry_type(work), "journal")
    fields = {
        "author": authors(persons(work), chance),
        "title": title(work, chance),
        host: journal(work, chance),
        "year": str(chance.choice(years(work))) if years(work) else "",
        "volume": str(work.get("volume") or ""),
        "number": str(work.get("issue") or ""),
        "pages": pages(work, chance),
        "doi": str(work["DOI"]),
    }
    if chance.random() < 0.15:
        fields[chance.choice(("volume", "number", "pages", "author"))] = ""
    if chance.random() < 0.2:
        fields["doi"] = f"https://doi.org/{fields['doi']}"
    return fields


def entry_type(work: Work) -> str:
    """The BibTeX type that people choose for a Crossref type."""
    return _TYPES.get(str(work.get("type")), "article")


def bibtex(kind: str, key: str, fields: Mapping[str, str], *, latex: bool) -> str:
    """The entry as text, accents as LaTeX commands where `latex`, in UTF-8 otherwise."""
    lines = [f"  {name} = {{{_written(name, value, latex=latex)}}}" for name, value in fields.items() if value]
    return f"@{kind}{{{key},\n" + ",\n".join(lines) + "\n}\n"


def _written(name: str, value: str, *, latex: bool) -> str:
    if name in ("doi", "url"):
        return value
    marked = _LATEX_MARKS.sub(r"\\\1", value)
    if not latex or marked.isascii():
        return marked
    return "".join(letter if letter.isascii() else str(_ENCODER.unicode_to_latex(letter)) for letter in marked)
