"""What DCAT-AP 3 recommends beyond what is counted, said of catalogue, service and downloads from what is stated."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from dialogiverkko.graph.dumps import formats
from dialogiverkko.media import CSV, JSON, PNG, SVG, XLSX
from dialogiverkko.namespaces import BASE, DCAT, DCTERMS, FOAF, RDF_TYPE, SKOS

DATASET = BASE + "dataset"
CATALOGUE = BASE + "catalogue"
ENDPOINT = BASE + "sparql"
_DCATAP = "http://data.europa.eu/r5r/"
_AUTHORITY = "http://publications.europa.eu/resource/authority/"
_OF_CATALOGUE = tuple(DCTERMS + name for name in ("issued", "modified", "language", "spatial"))
_OF_SERVICE = (DCAT + "keyword", DCAT + "theme")
TABLES: Mapping[str, Mapping[str, str]] = {
    "activities": {"fi": "Käyttöyhteydet", "sv": "Aktiviteter", "en": "Activities"},
    "organisations": {"fi": "Organisaatiot", "sv": "Organisationer", "en": "Organisations"},
    "links": {
        "fi": "Organisaatioiden yhteydet",
        "sv": "Organisationernas förbindelser",
        "en": "Links of organisations",
    },
    "places": {"fi": "Paikat", "sv": "Platser", "en": "Places"},
    "sources": {"fi": "Lähteet", "sv": "Källor", "en": "Sources"},
}
"""The tables that are offered beside the whole, by their names in an address."""
PICTURES: Mapping[str, Mapping[str, str]] = {
    "collaboration": {
        "fi": "Kuva yhteistyöverkostosta",
        "sv": "Bild av samarbetsnätverket",
        "en": "Picture of the network",
    },
    "timeline": {"fi": "Kuva aikajanasta", "sv": "Bild av tidslinjen", "en": "Picture of the timeline"},
    "places": {"fi": "Paikat kartalla", "sv": "Platserna på kartan", "en": "The places on a map"},
}
"""The pictures that are offered, by their names in an address."""
_ROW = {
    "fi": "taulukko, yksi rivi kutakin asiaa kohti",
    "sv": "en tabell med en rad för varje sak",
    "en": "a table, a row for each thing",
}
_SEEN = {
    "fi": "lisenssi ja lähde on merkitty kuvaan",
    "sv": "licens och källa anges i bilden",
    "en": "licence and source stand in the picture",
}
_SEEN_ON_A_MAP = {
    "fi": "koordinaatit karttaohjelmia varten",
    "sv": "koordinater för kartprogram",
    "en": "coordinates for programs that draw maps",
}
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


@dataclass(frozen=True)
class Offer:
    """A part of the data set as one file of one type."""

    path: str
    media_type: str
    file_type: str
    titles: Mapping[str, str]
    told: Mapping[str, str]

    @property
    def iri(self) -> str:
        """The IRI of the distribution."""
        return f"{DATASET}/distribution/{self.path.replace('/', '-').replace('.', '-')}"


def offers() -> Iterator[Offer]:
    """List the tables, the places and the pictures that are offered beside the dumps."""
    for name, titles in TABLES.items():
        for media_type, file_type in ((CSV, "CSV"), (XLSX, "XLSX"), (JSON, "JSON")):
            yield Offer(f"tables/{name}.{media_type.suffix}", media_type.name, file_type, titles, _ROW)
    yield Offer("places.geojson", "application/geo+json", "GEOJSON", TABLES["places"], _SEEN_ON_A_MAP)
    for name, titles in PICTURES.items():
        for media_type, file_type in ((SVG, "SVG"), (PNG, "PNG")):
            yield Offer(f"{name}.{media_type.suffix}", media_type.name, file_type, titles, _SEEN)


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


def offered() -> Iterator[Statement]:
    """State each table, file of places and picture as a distribution."""
    for each in offers():
        address = f"{BASE}{each.path}"
        yield DATASET, DCAT + "distribution", each.iri
        yield each.iri, RDF_TYPE, DCAT + "Distribution"
        for language, title in each.titles.items():
            yield each.iri, DCTERMS + "title", Literal(f"{title} ({each.file_type})", language=language)
            yield each.iri, DCTERMS + "description", Literal(f"{title}: {each.told[language]}", language=language)
        yield each.iri, DCAT + "mediaType", f"https://www.iana.org/assignments/media-types/{each.media_type}"
        yield each.iri, DCTERMS + "format", f"{_AUTHORITY}file-type/{each.file_type}"
        yield each.iri, DCAT + "downloadURL", address
        yield each.iri, DCAT + "accessURL", address
        yield each.iri, DCTERMS + "license", "https://creativecommons.org/licenses/by/4.0/"
        yield each.iri, _DCATAP + "availability", _AUTHORITY + "planned-availability/STABLE"


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
