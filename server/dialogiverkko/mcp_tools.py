"""What an agent may do, in five tools: search, describe, ask a saved query, SPARQL, the network.

Each takes a mapping and returns a JSON document that is bounded, and says what it left out. What is not known is
refused by a BadParameterError, as everywhere.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from pyoxigraph import Literal, NamedNode

from dialogiverkko.errors import BadParameterError, NotFoundError
from dialogiverkko.media import N_TRIPLES, RESULTS_JSON
from dialogiverkko.namespaces import BASE, ID, LANGUAGES
from dialogiverkko.network import asked as asking
from dialogiverkko.network import chains
from dialogiverkko.network.links import load
from dialogiverkko.saved.answers import SavedQueries, results_json
from dialogiverkko.saved.asked import Asked
from dialogiverkko.saved.catalogue import NamedQuery
from dialogiverkko.saved.parameters import MAX_LENGTH, unknown
from dialogiverkko.search.asked import of_saved
from dialogiverkko.search.finding import Search
from dialogiverkko.sparql.parse import parse
from dialogiverkko.sparql.query import Page, QueryKind
from dialogiverkko.spelling import cut, nearest

ROWS_AT_ONCE = 200
CHARACTERS_AT_ONCE = 60_000
"""What one answer may hold; a model reads no more with profit."""
_FOUND_AT_ONCE = 25
_FEW_AT_ONCE = 10
_DEEPEST_OFFSET = 10_000_000

Arguments = Mapping[str, Any]  # Any: JSON values of an agent, checked one by one
Document = dict[str, Any]  # Any: a JSON document

_PREFIXES = """
PREFIX dlg: <https://w3id.org/dialogiverkko/ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX dcterms: <http://purl.org/dc/terms/>
"""
_ABOUT = """
SELECT ?property ?value ?label WHERE {{
  {{ {thing} ?property ?value FILTER(!isLiteral(?value) || LANG(?value) IN ("", "{language}")) }}
  OPTIONAL {{ ?value skos:prefLabel|rdfs:label ?label FILTER(LANG(?label) = "{language}") }}
}} ORDER BY ?property ?value
"""
_POINTING = """
SELECT ?thing ?property ?label WHERE {{
  ?thing ?property {thing} . FILTER(STRSTARTS(STR(?thing), "{base}id/"))
  OPTIONAL {{ ?thing skos:prefLabel|rdfs:label ?label FILTER(LANG(?label) = "{language}") }}
}} ORDER BY ?property ?thing
"""
_EVIDENCE = """
SELECT ?passage ?line ?quote WHERE {{
  {thing} dlg:isEvidencedBy ?passage . ?passage dlg:lineNumber ?line OPTIONAL {{ ?passage dlg:quotation ?quote }}
}} ORDER BY ?line ?passage
"""


def search(saved: SavedQueries, arguments: Arguments) -> Document:
    """Find things, concepts, saved queries and quotations by words in the forms in which they are said."""
    _only(arguments, ("words", "lang"))
    words = _text(arguments, "words", required=True)
    language = _language(arguments)
    found = _index(saved).find(words, language)
    things = [hit for hit in found.hits if hit.kind not in ("question", "quotation")]
    quotations = [hit for hit in found.hits if hit.kind == "quotation"]
    names = {f"{ID}query/{query.name}": query for query in saved.catalogue.public()}
    asked = [names[hit.iri] for hit in found.hits if hit.iri in names]
    document: Document = {
        "things": [{"iri": hit.iri, "label": hit.label, "kind": hit.kind} for hit in things[:_FOUND_AT_ONCE]],
        "savedQueries": [{"name": query.name, "question": query.question[language]} for query in asked[:_FEW_AT_ONCE]],
        "quotations": [{"iri": hit.iri, "words": hit.label} for hit in quotations[:_FEW_AT_ONCE]],
        "thingsLeftOut": max(0, len(things) - _FOUND_AT_ONCE),
    }
    if found.partly:
        document["notice"] = "Nothing has all of the words; these have some of them."
    if found.near or found.instead:
        document["nearWords"] = list(dict.fromkeys([*found.instead.values(), *found.near]))
    return document


@lru_cache(maxsize=2)
def _index(saved: SavedQueries) -> Search:
    """Make the index of one graph when the first search comes."""
    return of_saved(saved)


def describe(saved: SavedQueries, arguments: Arguments) -> Document:
    """Return what is said of one thing, what points at it, and on which words of the source it rests."""
    _only(arguments, ("thing", "lang"))
    language = _language(arguments)
    iri = _thing(saved, _text(arguments, "thing", required=True))
    names = {"thing": str(NamedNode(iri)), "language": language, "base": BASE}
    document = {
        "iri": iri,
        "statements": _rows(saved, _ABOUT.format(**names)),
        "pointedAtBy": _rows(saved, _POINTING.format(**names)),
        "evidence": _rows(saved, _EVIDENCE.format(**names)),
    }
    return _bounded(document, ("pointedAtBy", "statements", "evidence"))


def ask_saved_query(saved: SavedQueries, arguments: Arguments) -> Document:
    """Answer a saved query by its name; without a name, list them all."""
    _only(arguments, ("name", "parameters", "limit", "offset"))
    name = _text(arguments, "name")
    if not name:
        listed = [
            {"name": q.name, "question": q.question["en"], "tags": list(q.tags)} for q in saved.catalogue.public()
        ]
        return {"savedQueries": listed}
    query = saved.catalogue.get(name)
    page = Page(
        _number(arguments, "offset", 0, 0, _DEEPEST_OFFSET), _number(arguments, "limit", ROWS_AT_ONCE, 1, ROWS_AT_ONCE)
    )
    answer = saved.ask(name, _given(query, arguments.get("parameters")), page)
    document = results_json(answer)
    document["parametersThereAre"] = [_described(saved, query, each.name) for each in query.parameters]
    if query.is_graph:
        document["results"]["triples"] = answer.triples.decode().splitlines()
        return _bounded(document, ("triples",), within="results")
    return _bounded(document, ("bindings",), within="results")


def sparql(saved: SavedQueries, arguments: Arguments) -> Document:
    """Answer a SPARQL 1.1 query of the agent's own; more than fits is left out, and told."""
    _only(arguments, ("query", "limit", "offset"))
    text = _text(arguments, "query", required=True, longest=saved.limits.result_bytes)
    limit = _number(arguments, "limit", ROWS_AT_ONCE, 1, ROWS_AT_ONCE)
    offset = _number(arguments, "offset", 0, 0, _DEEPEST_OFFSET)
    if parse(text).kind in {QueryKind.SELECT, QueryKind.ASK}:
        document: Document = json.loads(saved.run(text, RESULTS_JSON).body)
        if "results" not in document:
            return document
        member, rows = "bindings", document["results"]["bindings"]
    else:
        member, rows = "triples", saved.run(text, N_TRIPLES).body.decode().splitlines()
        document = {"results": {}}
    document["results"][member] = rows[offset : offset + limit]
    document["total"] = len(rows)
    return _bounded(document, (member,), within="results", total=len(rows) - offset)


def network(saved: SavedQueries, arguments: Arguments) -> Document:
    """Return the links between organisations as sentences, those of one, or the chains between two."""
    names = tuple(parameter.name for parameter in asking.PARAMETERS if parameter.name != "part")
    _only(arguments, names)
    pairs = [(name, text) for name in names for text in _texts(arguments, name)]
    asked = asking.read_request(pairs, saved)
    language = asked.language or "en"
    chosen = asked.of(load(saved))
    if asked.start:
        found = {}
        for kind, find in (("shortest", chains.shortest), ("strongest", chains.strongest)):
            chain = find(chosen, asked.start, asked.goal)
            found[kind] = chains.chain_sentences(chosen, chain, asked.start, asked.goal, language)
        return {"chains": found}
    organisations = _texts(arguments, "organisation")
    iri = chosen.find(organisations[0]) if len(organisations) == 1 else ""
    links = chosen.of(iri) if iri else chosen.links
    told = [{"sentence": chains.sentence(chosen, link, language, iri), "through": link.through} for link in links]
    return _bounded({"links": told, "total": len(told)}, ("links",))


def schema(saved: SavedQueries) -> Document:
    """Return the classes and properties with their definitions, the prefixes and the named graphs."""
    english = [("language", "en")]
    terms = saved.ask("terms-of-the-ontology", english).rows
    graphs = saved.ask("named-graphs-and-their-sizes", english).rows
    declared = _rows(saved, _DECLARED)
    return {
        "terms": [{name: value["value"] for name, value in row.items()} for row in terms],
        "graphs": [{name: value["value"] for name, value in row.items()} for row in graphs],
        "prefixes": {row["prefix"]: row["namespace"] for row in declared},
        "version": saved.release.version,
        "digest": saved.release.digest,
    }


_DECLARED = """
PREFIX sh: <http://www.w3.org/ns/shacl#>
SELECT DISTINCT ?prefix ?namespace WHERE { ?table sh:declare ?node . ?node sh:prefix ?prefix ; sh:namespace ?namespace }
ORDER BY ?prefix
"""


# --- arguments --------------------------------------------------------------------------------


def _only(arguments: Arguments, known: tuple[str, ...]) -> None:
    for name in arguments:
        if name not in known:
            unknown(str(name), known)


def _refuse(name: str, expects: str) -> BadParameterError:
    return BadParameterError(f"The argument '{name}' must be {expects}.", parameter=name, expects=expects)


def _text(arguments: Arguments, name: str, *, required: bool = False, longest: int = MAX_LENGTH) -> str:
    value = arguments.get(name)
    if value is None and not required:
        return ""
    if not isinstance(value, str) or (required and not value.strip()) or len(value) > longest:
        raise _refuse(name, f"text of at most {longest} characters")
    return value.strip()


def _texts(arguments: Arguments, name: str) -> list[str]:
    value = arguments.get(name)
    values = value if isinstance(value, list) else [] if value is None else [value]
    if not all(isinstance(each, str | int) and not isinstance(each, bool) for each in values):
        raise _refuse(name, "text or a whole number, or a list of these")
    return [str(each) for each in values]


def _number(arguments: Arguments, name: str, default: int, least: int, most: int) -> int:
    value = arguments.get(name)
    if value is None:
        return default
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise _refuse(name, f"a whole number from {least} to {most}")
    return value


def _language(arguments: Arguments) -> str:
    return Asked([("lang", _text(arguments, "lang"))], ("lang",)).language() or "en"


def _given(query: NamedQuery, value: object) -> list[tuple[str, str]]:
    """Read the parameters of a saved query: an object of texts, numbers, or lists of these."""
    if value is None:
        value = {}
    if not isinstance(value, Mapping):
        raise _refuse("parameters", "an object of names and values")
    given: list[tuple[str, str]] = []
    for name, each in value.items():
        for item in each if isinstance(each, list) else [each]:
            if isinstance(item, bool) or not isinstance(item, str | int):
                raise _refuse(cut(str(name)), "text or a whole number, or a list of these")
            given.append((str(name), str(item)))
    if "language" not in dict(given) and any(each.name == "language" for each in query.parameters):
        given.append(("language", "en"))
    return given


def _described(saved: SavedQueries, query: NamedQuery, name: str) -> Document:
    parameter = query.parameter(name)
    choices = saved.choices(parameter, "en")
    told: Document = {"name": name, "meaning": parameter.label("en"), "type": parameter.type.value}
    if choices:
        told["choices"] = [choice.value for choice in choices[:40]]
        told["choicesLeftOut"] = max(0, len(choices) - 40)
    return told


# --- answers ----------------------------------------------------------------------------------


def _rows(saved: SavedQueries, text: str) -> list[dict[str, str]]:
    found = json.loads(saved.run(_PREFIXES + text, RESULTS_JSON).body)["results"]["bindings"]
    return [{name: value["value"] for name, value in row.items()} for row in found]


def _thing(saved: SavedQueries, text: str) -> str:
    """Find the thing that is meant by an IRI, a short name, or a name in any language."""
    quoted = Literal(text.casefold())
    if "://" in text and not any(c in text for c in '<>"{}|^`\\ '):
        rows = _rows(saved, f"SELECT (SAMPLE(?p) AS ?said) WHERE {{ {NamedNode(text)} ?p ?o }}")
        if rows and "said" in rows[0]:
            return text
    found = _rows(
        saved,
        f"SELECT DISTINCT ?thing WHERE {{ ?thing skos:prefLabel|skos:altLabel|rdfs:label ?name . "
        f'FILTER(STRSTARTS(STR(?thing), "{BASE}")) FILTER(LCASE(STR(?name)) = {quoted} '
        f'|| STRENDS(STR(?thing), CONCAT("/", {quoted}))) }} ORDER BY STRLEN(STR(?thing)) ?thing',
    )
    if not found:
        names = [row["name"] for row in _rows(saved, "SELECT DISTINCT ?name WHERE { ?thing skos:prefLabel ?name }")]
        near = nearest(text, names)
        hint = f" The nearest name is '{near}'." if near else " Use search first."
        details: dict[str, str | int | float | list[str]] = {"nearest": near} if near else {}
        raise NotFoundError(f"Nothing is called '{cut(text, 80)}'.{hint}", **details)
    return found[0]["thing"]


def _bounded(document: Document, members: tuple[str, ...], within: str = "", total: int | None = None) -> Document:
    """Leave rows out until an answer is small enough, and say how many."""
    holder = document[within] if within else document
    left_out = {}
    for member in members:
        rows = holder[member]
        every = len(rows) if total is None else total
        del rows[ROWS_AT_ONCE:]
        while rows and len(json.dumps(document, ensure_ascii=False)) > CHARACTERS_AT_ONCE:
            del rows[len(rows) * 3 // 4 :]
        if len(rows) < every:
            left_out[member] = every - len(rows)
    if left_out:
        document["leftOut"] = left_out
        document["howToGetTheRest"] = "Ask with offset and limit, or for less: filter, LIMIT, fewer variables."
    return document


LANGUAGE = {"type": "string", "enum": list(LANGUAGES), "description": "Language of labels; English where none is given"}
