"""What pages tell search engines by schema.org, taken from the graph: a date is told only as exactly as the graph knows it."""

import re

from dialogiverkko.graph.dcat import DATASET
from dialogiverkko.graph.dumps import AnyDump
from dialogiverkko.namespaces import BASE, DCAT, DCTERMS, DLG, FOAF, ID, LANGUAGES, ORG, OWL, RDF_TYPE, SKOS
from dialogiverkko.web.site import things
from dialogiverkko.web.site.index import Index

CONTEXT = "https://schema.org"
_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-\d\d)?)?")
_RANK = "https://w3id.org/dialogiverkko/vocab/role/"

Node = dict[str, object]


def of_thing(index: Index, iri: str, language: str) -> Node | None:
    """Describe an organisation, an event or a series; other things have no description."""
    if ORG + "Organization" in index.values(iri, RDF_TYPE):
        return _organisation(index, iri, language)
    for name, kind in (("DialogueSeries", "EventSeries"), ("DialogueEvent", "Event")):
        if index.is_a(iri, name):
            return _event(index, iri, language, kind)
    return None


def _named(index: Index, iri: str, language: str, kind: str) -> Node:
    return {"@type": kind, "@id": iri, "name": index.label(iri, language).value}


def _described(index: Index, iri: str, language: str, kind: str) -> Node:
    document: Node = {"@context": CONTEXT, **_named(index, iri, language, kind)}
    about = index.text(iri, language, DCTERMS + "description")
    if about:
        document["description"] = about.value
    others = sorted({v for p in ("prefLabel", "altLabel") for v in index.values(iri, SKOS + p)} - {document["name"]})
    if others:
        document["alternateName"] = others
    return document


def _organisation(index: Index, iri: str, language: str) -> Node:
    document = _described(index, iri, language, "Organization")
    same = [v for v in index.values(iri, OWL + "sameAs") if v.startswith("http")]
    if same:
        document["sameAs"] = same
    home = index.value(iri, FOAF + "homepage")
    if home:
        document["url"] = home
    parent = index.value(iri, ORG + "unitOf")
    if parent:
        document["parentOrganization"] = _named(index, parent, language, "Organization")
    return document


def _event(index: Index, iri: str, language: str, kind: str) -> Node:
    document = _described(index, iri, language, kind)
    roles = {_RANK + "organising", *index.pointing(_RANK + "organising", SKOS + "broader")}
    organisers = sorted({p.who for p in things.parts(index, iri) if p.role in roles and p.who.startswith(ID + "org/")})
    if organisers:
        document["organizer"] = [_named(index, o, language, "Organization") for o in organisers]
    venues = index.values(iri, DLG + "hasPlace")
    if venues:
        document["location"] = [_named(index, v, language, "Place") for v in venues]
    whole = [w for w in index.values(iri, DLG + "isPartOf") if index.is_a(w, "Activity")]
    if whole:
        document["superEvent"] = [
            _named(index, w, language, "EventSeries" if index.is_a(w, "DialogueSeries") else "Event") for w in whole
        ]
    spans = index.values(iri, DLG + "hasTimeSpan")
    if len(spans) == 1:
        document |= dates(index.value(spans[0], DLG + "edtf"))
    pages = {v for d in index.documents_of(iri) for v in index.values(d, FOAF + "page")}
    if pages:
        document["subjectOf"] = [{"@type": "WebPage", "url": page} for page in sorted(pages)]
    return document


def dates(edtf: str) -> Node:
    """Return start and end as far as an EDTF expression gives days, months or years; seasons are no dates."""
    first, _, last = edtf.partition("/")
    ends = {"startDate": first, "endDate": last or first}
    return {name: value for name, value in ends.items() if _DATE.fullmatch(value)}


def dataset(index: Index, language: str, files: list[AnyDump]) -> Node:
    """Describe the dataset as its catalogue does, with its files where they are given."""
    about = index.text(DATASET, language, DCTERMS + "description")
    title = index.text(DATASET, language, DCTERMS + "title")
    period = index.value(DATASET, DCTERMS + "temporal")
    publisher = index.value(DATASET, DCTERMS + "publisher")
    maker = {
        "@type": "Organization",
        "@id": publisher,
        "name": index.value(publisher, FOAF + "name"),
    }
    sources = [p for d in index.all("SourceDocument") for p in index.values(d, FOAF + "page")]
    document: Node = {
        "@context": CONTEXT, "@type": "Dataset", "@id": DATASET,
        "name": title.value if title else "Dialogiverkko",
        "description": about.value if about else "",
        "url": BASE, "identifier": DATASET, "version": index.value(DATASET, DCAT + "version"),
        "license": index.value(DATASET, DCTERMS + "license"),
        "datePublished": index.value(DATASET, DCTERMS + "issued"),
        "dateModified": index.value(DATASET, DCTERMS + "modified"),
        "creator": maker, "publisher": maker, "inLanguage": list(LANGUAGES),
        "temporalCoverage": f"{index.value(period, DCAT + 'startDate')}/{index.value(period, DCAT + 'endDate')}",
        "keywords": sorted(index.values(DATASET, DCAT + "keyword")), "isBasedOn": sources,
    }  # fmt: skip
    if files:
        document["distribution"] = [
            {
                "@type": "DataDownload", "contentUrl": f"{BASE}dumps/{file.name}",
                "encodingFormat": file.media_type.name, "contentSize": f"{file.size} B", "sha256": file.sha256,
            }
            for file in files
        ]  # fmt: skip
    return document
