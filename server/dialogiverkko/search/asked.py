"""What is asked of the search, read alike for the page, the address for programs, the command and the agent."""

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any

from dialogiverkko.media import RESULTS_JSON
from dialogiverkko.saved.answers import SavedQueries
from dialogiverkko.saved.asked import Asked
from dialogiverkko.saved.parameters import Parameter, ParameterType
from dialogiverkko.search.documents import PREDICATES, Statement, documents
from dialogiverkko.search.finding import Hit, Search
from dialogiverkko.search.index import made

KINDS = (
    "organisation", "activity", "concept", "question", "place", "process", "project", "programme", "instrument",
    "product", "occasion", "source", "quotation", "link", "gap", "remark", "term",
)  # fmt: skip
"""The kinds of things that are found, in the order in which people look for them."""
AT_ONCE, MOST = 20, 100
PARAMETERS = (
    Parameter("q", ParameterType.STRING, required=True, labels={"en": "Words, in the form in which they are said"}),
    Parameter("lang", ParameterType.LANGUAGE, labels={"en": "Language of the words and of the names"}),
    Parameter("kind", ParameterType.CHOICE, choices=KINDS, labels={"en": "Only things of this kind"}),
    Parameter("limit", ParameterType.INTEGER, labels={"en": f"How many results at most, from 1 to {MOST}"}),
)

Document = dict[str, Any]  # Any: a JSON document


@dataclass(frozen=True)
class Request:
    """What is asked of the search; an empty language is one that was not given."""

    words: str
    language: str = ""
    kind: str = ""
    limit: int = AT_ONCE


def read_search(pairs: Iterable[tuple[str, str]]) -> Request:
    """Read names and values; raises BadParameterError with what is allowed and what is near."""
    asked = Asked(pairs, [parameter.name for parameter in PARAMETERS])
    words = asked.one("q")
    if not words:
        PARAMETERS[0].refuse("", "It must be given: the words to search for.")
    return Request(words, asked.language(), asked.one("kind", KINDS), _limit(asked))


def _limit(asked: Asked) -> int:
    given = asked.one("limit")
    if not given:
        return AT_ONCE
    value = PARAMETERS[3].term(given).value
    if not 1 <= int(value) <= MOST:
        PARAMETERS[3].refuse(given, f"It must be a whole number from 1 to {MOST}.")
    return int(value)


def document(search: Search, asked: Request, also: Callable[[Hit], Document] = lambda _: {}) -> Document:
    """Return the answer as JSON, the best first; ``also`` tells more of each hit, and what is left out is counted."""
    found = search.find(asked.words, asked.language, asked.kind)
    results = []
    for hit in found.hits[: asked.limit]:
        told = asdict(hit) | {"score": round(hit.score, 2)} | also(hit)
        results.append({name: value for name, value in told.items() if value != ""})
    return {
        "q": asked.words,
        "language": asked.language,
        "total": len(found.hits),
        "results": results,
        "kinds": found.kinds(),
        "partly": found.partly,
        "instead": dict(found.instead),
        "near": list(found.near),
    }


def of_saved(saved: SavedQueries) -> Search:
    """Read what is searched from whatever engine answers the saved queries, and make an index of it."""
    return Search(made(documents(_statements(saved)), saved.release.digest))


def _statements(saved: SavedQueries) -> Iterable[Statement]:
    values = " ".join(f"<{predicate}>" for predicate in PREDICATES)
    text = f"SELECT ?s ?p ?o WHERE {{ VALUES ?p {{ {values} }} ?s ?p ?o FILTER(isIRI(?s)) }}"
    rows = json.loads(saved.run(text, RESULTS_JSON).body)["results"]["bindings"]
    for row in rows:
        value = row["o"]
        if value["type"] != "bnode":
            is_iri = value["type"] == "uri"
            yield row["s"]["value"], row["p"]["value"], value["value"], value.get("xml:lang", ""), is_iri
