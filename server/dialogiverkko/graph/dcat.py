"""What DCAT-AP 3 recommends beyond what is counted, said of catalogue, service and downloads from what is stated."""

from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Triple

from dialogiverkko.graph.dumps import formats
from dialogiverkko.namespaces import BASE, DCAT, DCTERMS, FOAF, RDF_TYPE, SKOS

DATASET = BASE + "dataset"
CATALOGUE = BASE + "catalogue"
ENDPOINT = BASE + "sparql"
_DCATAP = "http://data.europa.eu/r5r/"
_AUTHORITY = "http://publications.europa.eu/resource/authority/"
_OF_CATALOGUE = tuple(DCTERMS + name for name in ("issued", "modified", "language", "spatial"))
_OF_SERVICE = (DCAT + "keyword", DCAT + "theme")
_FILE_TYPES = {"ttl": "RDF_TURTLE", "nt": "RDF_N_TRIPLES", "trig": "RDF_TRIG", "nq": "RDF_N_QUADS", "jsonld": "JSON_LD"}
_ATTRIBUTION = "http://purl.org/adms/licencetype/Attribution"
_LABELS = {
    _AUTHORITY + "data-theme": "Data theme",
    _AUTHORITY + "data-theme/GOVE": "Government and public sector",
    _AUTHORITY + "planned-availability/STABLE": "stable",
    "http://purl.org/adms/publishertype/NonProfitOrganisation": "Non-Profit Organisation",
    _ATTRIBUTION: "Attribution",
}
_WHOLE = {
    "fi": "kaikki väitteet yhtenä graafina",
    "sv": "alla påståenden som en graf",
    "en": "all statements as one graph",
}
_APART = {
    "fi": "kaikki väitteet, nimetyt graafit erillään",
    "sv": "alla påståenden, de namngivna graferna var för sig",
    "en": "all statements, the named graphs kept apart",
}
_RANGES = {
    DCTERMS + "license": DCTERMS + "LicenseDocument",
    DCTERMS + "accessRights": DCTERMS + "RightsStatement",
    DCTERMS + "accrualPeriodicity": DCTERMS + "Frequency",
    DCTERMS + "conformsTo": DCTERMS + "Standard",
    DCTERMS + "language": DCTERMS + "LinguisticSystem",
    DCTERMS + "spatial": DCTERMS + "Location",
    DCTERMS + "format": DCTERMS + "MediaTypeOrExtent",
    DCTERMS + "type": SKOS + "Concept",
    DCAT + "mediaType": DCTERMS + "MediaType",
    DCAT + "theme": SKOS + "Concept",
    DCAT + "themeTaxonomy": SKOS + "ConceptScheme",
    DCAT + "landingPage": FOAF + "Document",
    FOAF + "homepage": FOAF + "Document",
    _DCATAP + "availability": SKOS + "Concept",
}
"""The class that DCAT-AP wants the value of a property to have."""

Statement = tuple[str, str, str | NamedNode | Literal]


def recommended(stated: Iterable[Triple]) -> Iterator[Statement]:
    """Copy what is stated of the dataset to catalogue and service, and say what each download holds."""
    of_dataset = [t for t in stated if isinstance(t.subject, NamedNode) and t.subject.value == DATASET]
    for triple in of_dataset:
        for subject, wanted in ((CATALOGUE, _OF_CATALOGUE), (ENDPOINT, _OF_SERVICE)):
            if triple.predicate.value in wanted and isinstance(triple.object, NamedNode | Literal):
                yield subject, triple.predicate.value, triple.object
    yield CATALOGUE, DCAT + "themeTaxonomy", _AUTHORITY + "data-theme"
    for media_type in formats():
        part = f"{DATASET}/distribution/{media_type.suffix}"
        told = _APART if media_type.suffix in ("trig", "nq") else _WHOLE
        for language, words in told.items():
            yield part, DCTERMS + "description", Literal(f"{media_type.label}: {words}", language=language)
        yield part, DCTERMS + "format", f"{_AUTHORITY}file-type/{_FILE_TYPES[media_type.suffix]}"
        yield part, _DCATAP + "availability", _AUTHORITY + "planned-availability/STABLE"


def ranges(catalogue: Iterable[Triple]) -> list[Triple]:
    """Add the classes of things of others that the catalogue points at, as DCAT-AP checkers want them."""
    found = {
        Triple(triple.object, NamedNode(RDF_TYPE), NamedNode(_RANGES[triple.predicate.value]))
        for triple in catalogue
        if triple.predicate.value in _RANGES and isinstance(triple.object, NamedNode)
    }
    pointed = {str(getattr(triple.subject, "value", "")) for triple in found}
    for subject, predicate, value in _of_others():
        if subject in pointed or subject == _ATTRIBUTION:
            term = value if isinstance(value, NamedNode | Literal) else NamedNode(value)
            found.add(Triple(NamedNode(subject), NamedNode(predicate), term))
    return sorted(found, key=str)


def _of_others() -> Iterator[Statement]:
    """Add the names that the European authority tables give their terms, and the kind of the licence."""
    for term, label in _LABELS.items():
        yield term, SKOS + "prefLabel", Literal(label, language="en")
    taxonomy = _AUTHORITY + "data-theme"
    yield taxonomy, DCTERMS + "title", Literal(_LABELS[taxonomy], language="en")
    yield "https://creativecommons.org/licenses/by/4.0/", DCTERMS + "type", _ATTRIBUTION
    yield _ATTRIBUTION, RDF_TYPE, SKOS + "Concept"
    finland, wkt = _AUTHORITY + "country/FIN", NamedNode("http://www.opengis.net/ont/geosparql#wktLiteral")
    yield finland, DCAT + "bbox", Literal("POLYGON((19 59.4,31.6 59.4,31.6 70.1,19 70.1,19 59.4))", datatype=wkt)
    yield finland, DCAT + "centroid", Literal("POINT(26 64)", datatype=wkt)
