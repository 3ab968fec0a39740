"""The saved queries over HTTP: ``/queries`` and ``/queries/{name}``, for readers and for programs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, redirect, render_template, request
from werkzeug.http import http_date
from werkzeug.wrappers import Response as AnyResponse

from dialogiverkko.errors import BadParameterError
from dialogiverkko.media import CSV, GRAPH_TYPES, HTML, JSON, TSV, XLSX, MediaType
from dialogiverkko.namespaces import BASE
from dialogiverkko.saved import parameters, querygraph
from dialogiverkko.saved.answers import Answer, offered, page_of, serialise
from dialogiverkko.saved.asked import Asked
from dialogiverkko.saved.catalogue import RESERVED, NamedQuery
from dialogiverkko.saved.kept import FIRST_ROWS
from dialogiverkko.saved.parameters import Parameter
from dialogiverkko.search.documents import kind_of
from dialogiverkko.sparql.query import Page
from dialogiverkko.sparql.results import write_graph
from dialogiverkko.web.drawing.charts import picture
from dialogiverkko.web.drawing.graphs import Statement, statements
from dialogiverkko.web.http import book, memento
from dialogiverkko.web.http.answer_rows import arrange
from dialogiverkko.web.http.representation import (
    BY_TYPE_AND_LANGUAGE,
    bad_parameter,
    chosen,
    language_of,
    represent,
    version_asked,
)
from dialogiverkko.web.languages import told_in
from dialogiverkko.web.literals import said
from dialogiverkko.web.query_words import Names, last_part, snippets, topics
from dialogiverkko.web.services import Services, root_address

STATEMENTS_ON_A_PAGE = 500
_GAPS = 50
"""How many known gaps stand beside an answer."""
_ABOUT_GAPS = frozenset({"gaps", "absence"})
"""Tags of queries beside whose answers, as beside every answer of the form *none*, stand the known gaps."""


def blueprint(services: Services) -> Blueprint:
    """Make the routes of the saved queries."""
    routes = Blueprint("queries", __name__, template_folder="../templates")
    routes.add_app_template_filter(local_address, "local_address")
    routes.add_app_template_filter(last_part, "last_part")
    routes.add_app_template_filter(said, "said")
    names = Names(lambda iri, predicate: services.mapped.said(iri, predicate))
    routes.add_app_template_filter(names.name, "name_of")

    @routes.get("/queries")
    @routes.get("/queries.<suffix>")
    def index(suffix: str = "") -> Response:
        return _index(services, suffix)

    @routes.get("/queries/")
    def index_with_slash() -> AnyResponse:
        return redirect("/queries", 308)

    @routes.get("/queries/<name>")
    @routes.get("/queries/<name>.<suffix>")
    def named(name: str, suffix: str = "") -> Response:
        return _named(services, name, suffix)

    return routes


def local_address(iri: str) -> str:
    """Return the address under which this copy describes an IRI of ours; another's IRI as it is."""
    return "/" + iri.removeprefix(BASE) if iri.startswith(BASE) else iri


def _index(services: Services, suffix: str) -> Response:
    asked = Asked(request.args.items(multi=True), ("lang", "format"))
    media_type = chosen((HTML, JSON, *GRAPH_TYPES), asked.one("format"), suffix=suffix, refusal=bad_parameter)
    language = language_of(services, asked)
    queries = services.saved.catalogue.public()
    if media_type == HTML:
        listed_topics = topics(query.tags[0] for query in queries)
        body = _page("queries/index.html", language, queries=queries, topics=listed_topics)
    elif media_type == JSON:
        listed = [_listed(services, query, language) for query in queries]
        body = current_app.json.dumps({"queries": listed, **_release(services)}, indent=1).encode()
    else:
        triples = querygraph.triples(services.saved.catalogue)
        body = write_graph(
            triples, media_type, rows=services.limits.rows, result_bytes=services.limits.result_bytes
        ).body
    said_in = language if media_type in (HTML, JSON) else ""
    return represent(services, body, media_type, language=said_in, vary=BY_TYPE_AND_LANGUAGE)


@dataclass(frozen=True)
class Asking:
    """What a request asks of a saved query: of which graph, in which type and language, which part."""

    services: Services
    query: NamedQuery
    media_type: MediaType
    language: str
    given: Sequence[tuple[str, str]]
    page: Page

    @property
    def has_language(self) -> bool:
        """Return whether the rows are in a language."""
        return any(parameter.name == "language" for parameter in self.query.parameters)

    @property
    def answer(self) -> Answer:
        """The answer, with its labels in the language."""
        given = [*self.given, ("language", self.language)] if self.has_language else self.given
        return self.services.saved.ask(self.query.name, given, self.page)


def read_asking(services: Services, name: str, suffix: str, rows: int = FIRST_ROWS) -> Asking:
    """Read what is asked; a page has at most so many rows where nothing is said of them."""
    services = services.of_version(version_asked())
    query = services.saved.catalogue.get(name)
    names = [parameter.name for parameter in query.parameters]
    asked = Asked(request.args.items(multi=True), [*names, *_reserved(query)])
    media_type = chosen((*_offered(query), HTML), asked.one("format"), suffix=suffix, refusal=bad_parameter)
    page = page_of(asked.one("limit"), asked.one("offset"))
    if media_type == HTML and page.limit is None:
        page = Page(page.offset, rows)
    language = _language(services, asked, names)
    given = [(each, value) for each, value in asked.pairs if each in names and each != "language"]
    return Asking(services, query, media_type, language, given, page)


def _named(services: Services, name: str, suffix: str) -> Response:
    asking = read_asking(services, name, suffix)
    services, media_type, language, answer = asking.services, asking.media_type, asking.language, asking.answer
    if media_type == HTML:
        body = _query_page(services, answer, language)
    elif media_type == XLSX:
        body = book.of(answer, language)
    else:
        body = serialise(answer, media_type, services.limits)
    said_in = language if media_type == HTML or asking.has_language else ""
    response = represent(services, body, media_type, language=said_in, vary=BY_TYPE_AND_LANGUAGE)
    if (published := services.releases.find(version_asked())) is not None:
        response.headers["Memento-Datetime"] = http_date(memento.moment(published))
    _say_part(response, answer, media_type.suffix if suffix or request.args.get("format") else "")
    return response


def _offered(query: NamedQuery) -> tuple[MediaType, ...]:
    """Name the media types that a query can be answered in: a table also as a book of a spreadsheet."""
    return offered(query) if query.is_graph else (*offered(query), XLSX)


def _for_people(types: Sequence[MediaType]) -> list[MediaType]:
    """Sort the types by how many people can open them: the spreadsheet first, then plain tables."""
    known = [XLSX, CSV, TSV]
    return sorted(types, key=lambda each: known.index(each) if each in known else len(known))


def _reserved(query: NamedQuery) -> tuple[str, ...]:
    """Name what an address may say beside the parameters; a graph comes whole."""
    return tuple(name for name in RESERVED if not (query.is_graph and name in ("limit", "offset")))


def _language(services: Services, asked: Asked, names: Sequence[str]) -> str:
    """Choose the one language of page, header and rows: as the address says, else by Accept-Language.

    The address says it by ``lang``, or by the query's own ``language``, which may not contradict each other.
    """
    told = asked.language()
    of_rows = asked.language("language") if "language" in names else ""
    if told and of_rows and told != of_rows:
        raise BadParameterError(
            f"'lang' says {told} and 'language' says {of_rows}: an answer is in one language. Leave one out.",
            parameter="lang",
            allowed=[of_rows],
        )
    return of_rows or language_of(services, asked)


def _form(services: Services, answer: Answer, parameter: Parameter, language: str) -> dict[str, object]:
    """Gather the field of one parameter: what may be chosen, what was, and which kind of thing is searched for."""
    choices, terms = services.saved.choices(parameter, language), answer.values[parameter.name]
    is_written = len(choices) > parameters.MOST_LISTED
    names = {choice.term: choice.label for choice in choices} if is_written else {}
    return {
        "parameter": parameter,
        "choices": choices,
        "is_written": is_written,
        "chosen": [parameter.short(term) for term in terms],
        "chosen_names": [names.get(term, term.value) for term in terms],
        "kind": kind_of(parameter.base + "x")[0],
    }


def _query_page(services: Services, answer: Answer, language: str) -> bytes:
    query = answer.query
    forms = [_form(services, answer, parameter, language) for parameter in query.parameters]
    suffix = "ttl" if query.is_graph else "csv"
    return _page(
        "queries/query.html",
        language,
        query=query,
        answer=answer,
        forms=forms,
        table=arrange(shown_columns(query), answer.rows) if answer.rows else None,
        links=_page_links(answer),
        formats=[(item.label, _address(answer, item.suffix)) for item in _for_people(_offered(query))],
        code=snippets(
            _root(services),
            query.name,
            answer.given,
            suffix,
            services.saved.release.version if services.is_past else "",
        ),
        gaps=_gaps(services, language) if answer.total == 0 or not _ABOUT_GAPS.isdisjoint(query.tags) else ([], False),
        citation=answer.citation(language),
        past=services.is_past,
        present=_address(answer, version=""),
        here=_address(answer),
        **_lasting(services, answer),
        picture=picture(answer, language, services.positions),
        statements=_statements(answer, language),
    )


def _lasting(services: Services, answer: Answer) -> dict[str, object]:
    """Say whether a released graph answers, and where the last one answers the same question."""
    published = services.releases.published
    asked_then = [each for each in published if f"competency/{answer.query.name}.rq" in each.query_texts]
    last = asked_then[-1] if asked_then else None
    return {
        "is_released": services.releases.has(answer.release.digest),
        "last": last,
        "lasting": _address(answer, version=last.version) if last else "",
    }


def _statements(answer: Answer, language: str) -> list[Statement]:
    """List the statements of an answer that is a graph; more than a page can hold stand in the downloads alone."""
    if not answer.query.is_graph or answer.total > STATEMENTS_ON_A_PAGE:
        return []
    return statements(answer, language)


def shown_columns(query: NamedQuery) -> list[tuple[str, str]]:
    """Pair each column with the one that names it: the table shows the name, linked to the thing.

    A passage, its words and its line stand together in the column of the passage.
    """
    labels = {column.removesuffix("Label") for column in query.columns if column.endswith("Label")}
    shown = []
    for column in query.columns:
        thing = column.removesuffix("Label")
        if column in labels or ("passage" in query.columns and column in ("quote", "line")):
            continue
        shown.append((column, thing if thing in query.columns and thing != column else ""))
    return shown


def _gaps(services: Services, language: str) -> tuple[list[str], bool]:
    """Return what the first known gaps are called, and whether there are more."""
    name = "what-the-source-says-is-missing"
    if name not in services.saved.catalogue.queries:
        return [], False
    answer = services.saved.ask(name, [("language", language)], Page(0, FIRST_ROWS))
    labels = dict.fromkeys(row["gapLabel"]["value"] for row in answer.rows if "gapLabel" in row)
    return list(labels)[:_GAPS], len(labels) > _GAPS or answer.total > len(answer.rows)


def _page(template: str, language: str, **values: Any) -> bytes:  # Any: what a template shows
    with told_in(language):
        return render_template(template, language=language, lang=language, **values).encode()


def _listed(services: Services, query: NamedQuery, language: str) -> dict[str, object]:
    return {
        "name": query.name,
        "title": query.title[language],
        "question": query.question[language],
        "explanation": query.explanation[language],
        "tags": list(query.tags),
        "parameters": [
            {
                "name": parameter.name,
                "type": parameter.type.value,
                "label": parameter.label(language),
                "required": parameter.required,
                "many": parameter.many,
                "default": list(parameter.default),
            }
            for parameter in query.parameters
        ],
        "columns": list(query.columns),
        "view": query.view,
        "address": f"{_root(services)}queries/{query.name}",
    }


def _root(services: Services) -> str:
    return root_address(services.settings.base_address)


def _release(services: Services) -> dict[str, str]:
    return {"version": services.saved.release.version, "digest": services.saved.release.digest}


def _address(answer: Answer, suffix: str = "", page: Page | None = None, version: str | None = None) -> str:
    given = list(answer.given)
    version = version_asked() if version is None else version
    if version:
        given.append(("version", version))
    if page is not None:
        given += [("offset", str(page.offset)), ("limit", str(page.limit))]
    if request.args.get("lang", "") and not any(name == "language" for name, _ in given):
        given.append(("lang", request.args["lang"]))
    path = f"/queries/{answer.query.name}" + (f".{suffix}" if suffix else "")
    return f"{path}?{urlencode(given)}" if given else path


def _page_links(answer: Answer, suffix: str = "") -> dict[str, str]:
    """Return the addresses of the first, previous, next and last page, where there are pages."""
    limit = answer.page.limit
    if limit is None or not answer.is_partial or answer.query.is_graph:
        return {}
    offsets = {"first": 0, "last": max(0, (answer.total - 1) // limit * limit)}
    if answer.page.offset > 0:
        offsets["prev"] = max(0, answer.page.offset - limit)
    if answer.page.offset + limit < answer.total:
        offsets["next"] = answer.page.offset + limit
    return {rel: _address(answer, suffix, Page(offset, limit)) for rel, offset in offsets.items()}


def _say_part(response: Response, answer: Answer, suffix: str) -> None:
    """Put into headers which part of which answer this is, and where the rest lies."""
    links = [f'<{address}>; rel="{rel}"' for rel, address in _page_links(answer, suffix).items()]
    links.append(f'<{answer.permanent}>; rel="cite-as"')
    if version_asked():
        links.append(f'<{_address(answer, suffix, version="")}>; rel="original latest-version"')
    response.headers["Link"] = ", ".join(links)
    response.headers["Dialogiverkko-Total"] = str(answer.total)
    if answer.is_partial:
        first = answer.page.offset + 1
        last = answer.page.offset + len(answer.rows)
        response.headers["Dialogiverkko-Partial"] = f"rows {first}-{last} of {answer.total}"
