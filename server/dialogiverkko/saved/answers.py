"""Answers saved queries: parameters in, a citable answer out, the same for page, API, command and agent."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

from pyoxigraph import Literal, NamedNode, QueryResultsFormat, RdfFormat, parse_query_results
from pyoxigraph import parse as parse_rdf

from dialogiverkko.engines import Backend
from dialogiverkko.errors import BadParameterError
from dialogiverkko.graph import alphabet
from dialogiverkko.media import GRAPH_TYPES, N_TRIPLES, RESULTS_JSON, SOLUTION_TYPES, MediaType
from dialogiverkko.namespaces import BASE, LANGUAGES
from dialogiverkko.saved import parameters as typed
from dialogiverkko.saved.catalogue import Catalogue, NamedQuery
from dialogiverkko.saved.kept import Kept
from dialogiverkko.saved.parameters import Choice, Parameter
from dialogiverkko.sparql.binding import Value, bind
from dialogiverkko.sparql.parse import parse
from dialogiverkko.sparql.query import Limits, Page, Question, Result
from dialogiverkko.sparql.results import write_graph, write_result

MAX_PAGE = 10_000
_NUMBER: Final = re.compile("[0-9]{1,9}")

Binding = dict[str, dict[str, str]]
"""One row as SPARQL 1.1 Query Results JSON writes it: variable → {type, value, …}."""


@dataclass(frozen=True)
class Release:
    """Which graph answers: the version of the data and the digest of its quads."""

    version: str
    digest: str

    @property
    def short(self) -> str:
        """The beginning of the digest, enough to tell two builds apart."""
        return self.digest[:12]


@dataclass(frozen=True)
class Answer:
    """What a saved query says, with all that is needed to cite and to repeat it."""

    query: NamedQuery
    values: Mapping[str, tuple[Value, ...]]
    release: Release
    page: Page
    total: int
    """Rows (or triples) of the whole answer."""
    text: str
    """The SPARQL that ran, values and all."""
    rows: Sequence[Binding] = field(default_factory=tuple)
    triples: bytes = b""
    """N-Triples of a CONSTRUCT."""
    seconds: float = 0.0

    @property
    def language(self) -> str:
        """The language of the labels."""
        language = self.values.get("language", ())
        return language[0].value if language else "fi"

    @property
    def given(self) -> list[tuple[str, str]]:
        """The parameters as an address writes them, in the order of the header."""
        pairs = []
        for parameter in self.query.parameters:
            pairs += [(parameter.name, parameter.short(term)) for term in self.values.get(parameter.name, ())]
        return pairs

    @property
    def is_partial(self) -> bool:
        """Return whether rows of the whole answer are not in this page."""
        return len(self.rows) < self.total and not self.query.is_graph

    @property
    def permanent(self) -> str:
        """The address that gives this answer again: query, every parameter, digest of the data."""
        return f"{BASE}queries/{self.query.name}?{urlencode([*self.given, ('version', self.release.short)])}"

    def citation(self, language: str = "en") -> str:
        """Return one sentence to copy into a list of references."""
        title = self.query.title.get(language, self.query.title["en"])
        words = {"fi": "kysymys", "sv": "fråga", "en": "question"}[language]
        quoted = f"“{title}”" if language == "en" else f"”{title}”"
        source = f"Dialogiverkko {self.release.version} ({self.release.short})"
        return f"{source}, {words} {quoted}. {self.permanent}"


class SavedQueries:
    """The catalogue of saved queries over one graph."""

    def __init__(
        self,
        catalogue: Catalogue,
        backend: Backend,
        limits: Limits,
        release: Release,
        kept: Kept | None = None,
    ) -> None:
        """``kept`` is what the graph need not be asked for."""
        self.catalogue = catalogue
        self.release = release
        self._backend = backend
        self.limits = limits
        self._kept = kept or Kept()
        self._choices: dict[tuple[str, str, str], list[Choice]] = {}

    def ask(self, name: str, given: Sequence[tuple[str, str]] = (), page: Page | None = None) -> Answer:
        """Answer a query by name; raises NotFoundError, BadParameterError or what stops the engine.

        A graph comes whole, but where a page is asked for, which shows no more triples than are kept.
        """
        query, values, text = self.bound(name, given)
        page = page or Page()
        if query.is_graph:
            if page != Page() and (known := self._kept.triples(text)):
                return Answer(query, values, self.release, Page(), known[0], text, triples=known[1])
            result = self.run(text, N_TRIPLES)
            total = result.rows if result.rows is not None else result.body.count(b"\n")
            return Answer(query, values, self.release, Page(), total, text, triples=result.body)
        if kept := self._kept.rows(text, page):
            return Answer(query, values, self.release, page, kept[0], text, rows=kept[1])
        result = self.run(text, RESULTS_JSON, None if page == Page() else page)
        rows: list[Binding] = json.loads(result.body)["results"]["bindings"]
        total = len(rows) if result.rows is None else result.rows
        return Answer(query, values, self.release, page, total, text, rows=rows, seconds=result.seconds)

    def bound(
        self, name: str, given: Sequence[tuple[str, str]] = ()
    ) -> tuple[NamedQuery, Mapping[str, tuple[Value, ...]], str]:
        """Fill the values into a query by name; raises NotFoundError or BadParameterError."""
        query = self.catalogue.get(name)
        values = typed.read_values(query.parameters, given, self.choices)
        return query, values, bind(query.body.lstrip("\n"), values)

    def choices(self, parameter: Parameter, language: str = "fi") -> list[Choice]:
        """Return what a parameter may be, labelled and sorted in a language; empty where any value of its type may."""
        if not parameter.choices_query:
            names = parameter.choices or (LANGUAGES if parameter.type is typed.ParameterType.LANGUAGE else ())
            return [Choice(name, parameter.term(name), typed.LANGUAGE_NAMES.get(name, name)) for name in names]
        key = (parameter.choices_query, parameter.base, language)
        if key not in self._choices:  # the graph does not change
            kept = self._kept.choices(*key)
            self._choices[key] = self._chosen_from(parameter, language) if kept is None else kept
        return self._choices[key]

    def _chosen_from(self, parameter: Parameter, language: str) -> list[Choice]:
        query = self.catalogue.get(parameter.choices_query)
        wanted = {"language": (Literal(language),)} if language in LANGUAGES else {}
        result = self.run(bind(query.body.lstrip("\n"), wanted), RESULTS_JSON)
        found = []
        for row in json.loads(result.body)["results"]["bindings"]:
            binding = row["value"]
            term: Value = NamedNode(binding["value"]) if binding["type"] == "uri" else Literal(binding["value"])
            short = parameter.short(term)
            found.append(Choice(short, term, row.get("label", {}).get("value", short)))
        return sorted(found, key=lambda choice: alphabet.key(choice.label, language))

    def with_query(self, query: NamedQuery) -> "SavedQueries":
        """Return the same catalogue and graph with one query added."""
        catalogue = Catalogue({**self.catalogue.queries, query.name: query})
        return SavedQueries(catalogue, self._backend, self.limits, self.release)

    def run(self, text: str, media_type: MediaType, page: Page | None = None) -> Result:
        """Answer a query, saved or not, within the limits; of rows in JSON those of a page, where one is given."""
        return self._backend.query(Question(parse(text), media_type, self.limits, page=page))


def offered(query: NamedQuery) -> tuple[MediaType, ...]:
    """Name the media types that a query can be answered in, the preferred first."""
    return GRAPH_TYPES if query.is_graph else SOLUTION_TYPES


def page_of(limit: str, offset: str) -> Page:
    """Read a page from an address; both are whole numbers, and an empty one is not given."""
    return Page(_number("offset", offset, 0, 10_000_000) or 0, _number("limit", limit, 1, MAX_PAGE))


def _number(name: str, raw: str, least: int, most: int) -> int | None:
    if raw == "":
        return None
    if not _NUMBER.fullmatch(raw) or not least <= int(raw) <= most:
        raise BadParameterError(
            f"'{name}' must be a whole number from {least} to {most}.", parameter=name, expects="integer"
        )
    return int(raw)


def results_json(answer: Answer) -> dict[str, Any]:  # Any: a JSON document
    """Return the answer as SPARQL results JSON, with a member ``meta`` that says where it comes from."""
    return {
        "head": {"vars": list(answer.query.columns), "link": [answer.permanent]},
        "results": {"bindings": list(answer.rows)},
        "meta": meta(answer),
    }


def meta(answer: Answer) -> dict[str, Any]:  # Any: a JSON document
    """Return what was asked, of which graph, and whether rows are left out."""
    return {
        "query": answer.query.name,
        "question": answer.query.question.get(answer.language, answer.query.question["en"]),
        "parameters": [{"name": name, "value": value} for name, value in answer.given],
        "version": answer.release.version,
        "digest": answer.release.digest,
        "total": answer.total,
        "offset": answer.page.offset,
        "limit": answer.page.limit,
        "isPartial": answer.is_partial,
        "address": answer.permanent,
        "citation": answer.citation(answer.language if answer.language in LANGUAGES else "en"),
    }


def serialise(answer: Answer, media_type: MediaType, limits: Limits) -> bytes:
    """Write an answer in one of the types that `offered` names."""
    if answer.query.is_graph:
        return _graph(answer, media_type, limits)
    document = json.dumps(results_json(answer), ensure_ascii=False).encode()
    if media_type == RESULTS_JSON:
        return document
    plain = {"head": {"vars": list(answer.query.columns)}, "results": {"bindings": list(answer.rows)}}
    solutions = parse_query_results(json.dumps(plain).encode(), QueryResultsFormat.JSON)
    return write_result(solutions, media_type, rows=limits.rows, result_bytes=limits.result_bytes).body


def _graph(answer: Answer, media_type: MediaType, limits: Limits) -> bytes:
    triples = (quad.triple for quad in parse_rdf(answer.triples, RdfFormat.N_TRIPLES))
    return write_graph(triples, media_type, rows=limits.rows, result_bytes=limits.result_bytes).body
