"""The chosen list of activities as a SPARQL query that gives the same activities."""

from collections.abc import Callable

from pyoxigraph import Literal, NamedNode

from dialogiverkko.namespaces import DLG, ID, VOCAB
from dialogiverkko.search import words

_PREFIXES = """PREFIX cv: <http://data.europa.eu/m8g/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX dlg: <https://w3id.org/dialogiverkko/ns#>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX org: <http://www.w3.org/ns/org#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
AUTHORITY = "http://publications.europa.eu/resource/authority/language/"
_HANGING = "cv:hasParticipation|dlg:hasCount|dlg:hasTimeSpan|dlg:hasObjective|dlg:hasStatusStatement"
"""The properties by which statements of their own hang on an activity."""
_TEXTS = (
    "skos:prefLabel|skos:altLabel|dcterms:description|dlg:isReportedBy/skos:prefLabel|dcterms:subject/skos:prefLabel"
)
"""Where the words of a search may stand, beside the names of who takes part."""


def _organisation(value: str) -> str:
    return (
        f"  {{ ?activity dlg:isReportedBy/org:unitOf* {value} }}\n  UNION\n  {{ ?activity cv:hasParticipation ?part . "
        f"?part cv:hasParticipant/org:unitOf* {value} }}"
    )


def _year(value: str) -> str:
    return (
        "  ?activity dlg:hasTimeSpan ?span .\n"
        "  OPTIONAL { ?span dlg:beginNotBefore ?begin } OPTIONAL { ?span dlg:endNotAfter ?end }\n"
        f"  FILTER(YEAR(COALESCE(?begin, ?end)) <= {value} && YEAR(COALESCE(?end, ?begin)) >= {value})"
    )


def _text(text: str, party: str, wanted: tuple[str, ...]) -> str:
    tests = " || ".join(f"CONTAINS(LCASE(STR({text})), {Literal(part)})" for part in wanted)
    return (
        f"  {{ ?activity {_TEXTS} {text} }}\n  UNION\n  {{ ?activity cv:hasParticipation {party} . {party} "
        f"cv:hasParticipant/skos:prefLabel {text} }}\n"
        f"  FILTER({tests})"
    )


def _form(value: str) -> str:
    if value != f"<{DLG}Activity>":
        return f"  ?activity a {value} ."
    forms = "dlg:DialogueEvent dlg:DialogueSeries dlg:DialogicPractice dlg:SupportActivity"
    return f"  FILTER NOT EXISTS {{ VALUES ?form {{ {forms} }} ?activity a ?form }}"


def _said(path: str) -> Callable[[str], str]:
    return lambda value: f"  ?activity {path} {value} ."


_PATTERNS: dict[str, tuple[str, Callable[[str], str]]] = {
    "organisation": (ID + "org/", _organisation),
    "kind": (DLG, _form),
    "status": (VOCAB, _said("dlg:hasRealisationStatus")),
    "method": (VOCAB, _said("dlg:usesMethod")),
    "theme": (VOCAB, _said("dcterms:subject")),
    "place": (ID, _said("dlg:hasPlace|dlg:isDispersedAcross|dlg:aboutPlace")),
    "year": ("", _year),
    "openness": (VOCAB, _said("dlg:hasOpenness")),
    "audience": (VOCAB, _said("cv:hasParticipation/(cv:hasParticipant|dlg:participantKind)")),
    "language": (AUTHORITY, _said("dcterms:language")),
    "mode": (VOCAB, _said("dlg:hasMode")),
    "source": (ID, _said(f"({_HANGING})?/dlg:isEvidencedBy/oa:hasSource")),
}
"""For each facet: what its short values begin with, and what it asks."""


def list_as_query(search: str, facets: dict[str, str], language: str) -> str:
    """Write the query; a value that can be no IRI and no year asks for what is not there."""
    parts = ["  ?activity a dlg:Activity ."]
    for name, value in facets.items():
        space, pattern = _PATTERNS[name]
        parts.append(pattern(_term(space, value)))
    for number, word in enumerate(search.split()):
        wanted = words.parts(word.casefold(), language)
        parts.append(_text(f"?text{number}", f"?party{number}", wanted))
    parts.append(f'  OPTIONAL {{ ?activity skos:prefLabel ?name FILTER(LANG(?name) = "{language}") }}')
    return _PREFIXES + "SELECT DISTINCT ?activity ?name WHERE {\n" + "\n".join(parts) + "\n}\nORDER BY ?name"


def _term(space: str, value: str) -> str:
    if not space:
        return value if value.isascii() and value.isdigit() else "0"
    try:
        return str(NamedNode(space + value))
    except ValueError:
        return "dlg:nothing"
