"""A page for programs: JSON-LD with the vocabulary of schema.org."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence

from markupsafe import Markup

from kap_content.model.page import FrontMatter, Person
from kap_content.model.project import Context
from kap_content.model.record import Record
from kap_content.model.reference import Name, Reference
from kap_content.rendering.csl import CslItem, csl_item
from kap_content.rendering.links import doi_url, safe_url
from kap_content.rendering.references import label_of

Json = dict[str, "Json | list[Json] | list[str] | str"]

SPECIALTIES = frozenset(
    {
        "Anesthesia", "Audiology", "Cardiovascular", "CommunityHealth", "Dentistry", "Dermatologic", "Dermatology",
        "DietNutrition", "Emergency", "Ophthalmology",
        "Endocrine", "Gastroenterologic", "Genetic", "Geriatric", "Gynecologic", "Hematologic", "Infectious",
        "LaboratoryScience", "Midwifery", "Musculoskeletal", "Neurologic", "Nursing", "Obstetric", "Oncologic",
        "Optometric", "Otolaryngologic", "Pathology", "Pediatric", "PharmacySpecialty", "Physiotherapy",
        "PlasticSurgery", "Podiatric", "PrimaryCare", "Psychiatric", "PublicHealth", "Pulmonary", "Radiography",
        "Renal", "RespiratoryTherapy", "Rheumatologic", "SpeechPathology", "Surgical", "Toxicologic", "Urologic",
    }
)  # fmt: skip
"""The members of MedicalSpecialty."""

_KINDS = {
    "article-journal": "MedicalScholarlyArticle",
    "article": "MedicalScholarlyArticle",
    "paper-conference": "ScholarlyArticle",
    "chapter": "Chapter",
    "book": "Book",
    "report": "Report",
    "thesis": "Thesis",
    "webpage": "WebPage",
    "dataset": "Dataset",
    "software": "SoftwareSourceCode",
}
_WHOLES = {"article-journal": "Periodical", "chapter": "Book", "entry-encyclopedia": "Book", "paper-conference": "Book"}


def medical_web_page(
    meta: FrontMatter,
    keys: Sequence[str],
    context: Context,
    address: str,
    item: Callable[[Reference], CslItem] = csl_item,
) -> Json:
    """The page as a MedicalWebPage; what the front matter does not say is left out."""
    about: list[Json] = []
    if meta.condition:
        about.append({"@type": "MedicalCondition", "name": meta.condition})
    if meta.intervention:
        about.append({"@type": "MedicalTherapy", "name": meta.intervention})
    page: Json = {"@context": "https://schema.org", "@type": "MedicalWebPage", "name": meta.title}
    optional: Json = {
        "alternativeHeadline": meta.subtitle,
        "description": meta.description,
        "url": address,
        "inLanguage": meta.language,
        "datePublished": meta.published.isoformat() if meta.published else "",
        "lastReviewed": meta.last_reviewed.isoformat() if meta.last_reviewed else "",
        "author": [_person(person) for person in meta.authors],
        "reviewedBy": [_person(person) for person in meta.reviewers],
        "specialty": f"https://schema.org/{meta.specialty}" if meta.specialty in SPECIALTIES else "",
        "about": about,
        "audience": _audience(meta.audience),
        "citation": [
            _work(context.references[key], item(context.references[key]), context.record(key)) for key in keys
        ],
    }
    return page | {name: value for name, value in optional.items() if value}


def embedded(data: Json) -> Markup:
    """JSON for a script element: nothing in it can end the element or begin another."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text.encode("utf-8", "replace").decode())  # noqa: S704 - every < is gone


def _audience(audience: str) -> Json:
    if not audience:
        return {}
    return {"@type": "Patient"} if audience == "Patient" else {"@type": "MedicalAudience", "audienceType": audience}


def _person(person: Person) -> Json:
    data: Json = {"@type": "Person", "name": person.name}
    if person.credentials:
        data["honorificSuffix"] = person.credentials
    url = safe_url(person.url)
    if url:
        data["url"] = url
    return data


def _author(name: Name) -> Json:
    if name.is_group or not name.family:
        return {"@type": "Organization", "name": str(name)}
    return {"@type": "Person", "name": str(name)}


def _work(reference: Reference, item: CslItem, record: Record | None) -> Json:
    work: Json = {
        "@type": _KINDS.get(str(item["type"]), "CreativeWork"),
        "name": str(item.get("title", reference.key)),
    }
    if reference.authors:
        work["author"] = [_author(name) for name in reference.authors]
    journal, year = item.get("container-title"), reference.get("year", "date")
    if isinstance(journal, str):
        work["isPartOf"] = {
            "@type": _WHOLES.get(str(item["type"]), "CreativeWork"),
            "name": journal,
        }
    if re.fullmatch(r"\d{4}(-\d{2}){0,2}", year):
        work["datePublished"] = year
    doi, url = item.get("DOI"), safe_url(str(item.get("URL", "")))
    if isinstance(doi, str):
        work["sameAs"] = doi_url(doi)
        work["identifier"] = {"@type": "PropertyValue", "propertyID": "doi", "value": doi}
    elif url:
        work["url"] = url
    if standing := label_of(record):
        work["creativeWorkStatus"] = standing.capitalize()
    if record is not None and record.publication_types and work["@type"] == "MedicalScholarlyArticle":
        work["publicationType"] = list(record.publication_types)
    return work
