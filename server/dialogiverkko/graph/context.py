"""Makes the JSON-LD 1.1 context from the prefix table and the ontology, so that no term is forgotten.

JSON-LD 1.1, section 4.1: https://www.w3.org/TR/json-ld11/#the-context
"""

import json
from collections import defaultdict
from typing import Final

from pyoxigraph import NamedNode

from dialogiverkko.graph.assets import Assets
from dialogiverkko.graph.load import read_file, read_prefixes
from dialogiverkko.namespaces import BASE, DLG, OWL, RDF, RDF_TYPE, RDFS, XSD

Definition = str | dict[str, str | bool | list[str]]

_REUSED: Final[dict[str, Definition]] = {
    "prefLabel": {"@id": "skos:prefLabel", "@container": "@language"},
    "altLabel": {"@id": "skos:altLabel", "@container": ["@language", "@set"]},
    "description": {"@id": "dcterms:description", "@container": "@language"},
    "subject": {"@id": "dcterms:subject", "@type": "@id"},
    "hasParticipation": {"@id": "cv:hasParticipation", "@type": "@id"},
    "hasParticipant": {"@id": "cv:hasParticipant", "@type": "@id"},
    "hasRole": {"@id": "cv:role", "@type": "@id"},
}
"""Terms of others that most things have."""


def context(assets: Assets) -> dict[str, Definition | float]:
    """Return the context: every prefix, each class and property of the ontology, and what all things have."""
    prefixes = read_prefixes(assets)
    made: dict[str, Definition | float] = {"@version": 1.1, "id": "@id", "type": "@type"}
    made |= {prefix: {"@id": namespace, "@prefix": True} for prefix, namespace in sorted(prefixes.items())}
    for name, said in sorted(_terms(assets).items()):
        # A name that is a prefix as well keeps the prefix; the term is then written with its own.
        made[f"dlg:{name}" if name in prefixes else name] = _definition(name, said, prefixes)
    return made | _REUSED


def written(assets: Assets) -> str:
    """Write the file ontology/context.jsonld."""
    return json.dumps({"@context": context(assets)}, ensure_ascii=False, indent=2) + "\n"


def _terms(assets: Assets) -> dict[str, dict[str, set[str]]]:
    """Collect the statements of the ontology about its own terms, by term name and property."""
    said: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    path = assets.root / "ontology" / "dialogiverkko.ttl"
    for quad in read_file(path, assets.name(path)):
        subject, value = quad.subject, quad.object
        if isinstance(subject, NamedNode) and isinstance(value, NamedNode) and subject.value.startswith(DLG):
            said[subject.value.removeprefix(DLG)][quad.predicate.value].add(value.value)
    return {name: facts for name, facts in said.items() if BASE + "ns" in facts[RDFS + "isDefinedBy"]}


def _definition(name: str, said: dict[str, set[str]], prefixes: dict[str, str]) -> Definition:
    iri = f"dlg:{name}"
    if OWL + "Class" in said[RDF_TYPE]:
        return iri
    if OWL + "ObjectProperty" in said[RDF_TYPE]:
        return {"@id": iri, "@type": "@id"}
    (datatype,) = said[RDFS + "range"] or {XSD + "string"}
    if datatype == RDF + "langString":
        return {"@id": iri, "@container": "@language"}
    if datatype == XSD + "string":
        return {"@id": iri}
    short = next(f"{p}:{datatype.removeprefix(n)}" for p, n in prefixes.items() if n and datatype.startswith(n))
    return {"@id": iri, "@type": short}
