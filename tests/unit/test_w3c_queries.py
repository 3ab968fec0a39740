"""The W3C's cases for SPARQL 1.1: syntax in process, evaluation through a real worker in every result format."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal

import pytest
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Literal,
    Quad,
    QueryBoolean,
    QuerySolutions,
    Store,
    parse_query_results,
)
from pyoxigraph import Dataset as Graph
from pyoxigraph import parse as parse_rdf
from tests.unit import w3c

from dialogiverkko.errors import DialogiverkkoError
from dialogiverkko.front.guarded import GuardedBackend
from dialogiverkko.media import CSV, GRAPH_TYPES, RESULTS_JSON, RESULTS_XML, SOLUTION_TYPES, TSV, MediaType
from dialogiverkko.settings import Settings
from dialogiverkko.sparql.parse import parse
from dialogiverkko.sparql.query import Dataset, Limits, QueryKind, Question
from dialogiverkko.sparql.results import GRAPH_FORMATS, SOLUTION_FORMATS
from dialogiverkko.sparql.rewording import for_oxigraph

CASES = w3c.cases()
EVALUATION = [case for case in CASES if case.kind in {"QueryEvaluationTest", "CSVResultFormatTest"}]
LIMITS = Limits(10.0, 512 * 1024 * 1024, 100_000, 16_777_216)
DEPARTURES: dict[str, str] = {}
"""Cases that the engine answers otherwise, each with the code of its row in the table of known departures."""
FRACTIONS = {"decimal", "double", "float"}
INTEGERS = {"integer", "int", "short", "byte", "long", "negativeInteger", "nonNegativeInteger", "positiveInteger"}
XSD = "http://www.w3.org/2001/XMLSchema#"
pytestmark = pytest.mark.skipif(not CASES, reason=w3c.WHY)


def of_kind(*kinds: str) -> list[pytest.param]:  # type: ignore[valid-type] # pytest's own name
    """List the cases of some kinds; those that depart are expected to, strictly."""
    return [
        pytest.param(
            case,
            id=case.name,
            marks=[pytest.mark.xfail(reason=DEPARTURES[case.name], strict=True)] if case.name in DEPARTURES else [],
        )
        for case in CASES
        if case.kind in kinds
    ]


@pytest.fixture(scope="module")
def backend() -> Iterator[GuardedBackend]:
    """Serve the data of all cases, each file as a graph of its own name."""
    addresses = {address for case in EVALUATION for address in (*case.data, *case.graphs)}
    engine = GuardedBackend(
        [quad for address in sorted(addresses) for quad in w3c.quads(address)], {}, Settings(workers=2)
    )
    yield engine
    engine.close()


def test_all_cases_are_there() -> None:
    """The folder holds the groups that it should."""
    counts = Counter(case.kind for case in CASES)

    assert counts == {
        "PositiveSyntaxTest11": 63,
        "NegativeSyntaxTest11": 33,
        "QueryEvaluationTest": 130,
        "CSVResultFormatTest": 3,
    }
    assert DEPARTURES.keys() <= {case.name for case in CASES}


@pytest.mark.parametrize("case", of_kind("PositiveSyntaxTest11"))
def test_good_syntax_is_taken(case: w3c.Case) -> None:
    """We read it, without a BASE line, and so does the engine, in the words that it is given."""
    parsed = for_oxigraph(parse(case.text, base=w3c.ADDRESS), ())

    assert parse(parsed.text)
    with suppress(RuntimeError):  # a function that nobody has is no error of syntax
        Store().query(parsed.text)


@pytest.mark.parametrize("case", of_kind("NegativeSyntaxTest11"))
def test_bad_syntax_is_refused(case: w3c.Case) -> None:
    """It is refused by us or by the engine."""
    with pytest.raises((DialogiverkkoError, SyntaxError)):
        Store().query(for_oxigraph(parse(case.text, base=w3c.ADDRESS), ()).text)


@pytest.mark.parametrize("case", of_kind("QueryEvaluationTest", "CSVResultFormatTest"))
def test_the_answer_is_right_in_every_format(backend: GuardedBackend, case: w3c.Case) -> None:
    """A worker answers what is right, and each format says it."""
    parsed = parse(case.text, base=f"{w3c.ADDRESS}{case.name.partition('/')[0]}/{case.query.name}")
    types = GRAPH_TYPES if parsed.kind in {QueryKind.CONSTRUCT, QueryKind.DESCRIBE} else SOLUTION_TYPES
    names_its_own = "FROM" in case.text
    dataset = Dataset() if names_its_own else Dataset(case.data, case.graphs)

    bodies = {each: backend.query(Question(parsed, each, LIMITS, dataset)).body for each in types}

    assert case.result is not None
    expected = case.result.read_bytes()
    for media_type, body in bodies.items():
        if types is GRAPH_TYPES:
            assert graph(body, media_type) == graph_of(case)
        elif media_type == CSV:
            assert csv_rows(body) == csv_rows_of(case, expected)
        elif type_of(case) != CSV:
            same(read(body, media_type), read(expected, type_of(case)), is_ordered="ORDER BY" in case.text)


def type_of(case: w3c.Case) -> MediaType:
    """Return the type of an expected result."""
    assert case.result is not None
    return {".srx": RESULTS_XML, ".srj": RESULTS_JSON, ".tsv": TSV, ".csv": CSV}[case.result.suffix]


Row = tuple[object, ...]
Answer = bool | tuple[tuple[str, ...], list[Row]]


def value(term: object) -> object:
    """Return what a term means: numbers by value, language tags in small letters."""
    if isinstance(term, Literal):
        name = term.datatype.value.removeprefix(XSD)
        if name in FRACTIONS | INTEGERS and term.value.lower() not in {"nan", "inf", "-inf"}:
            kind = name if name in FRACTIONS else "integer"
            return kind, Decimal(term.value) if kind in {"integer", "decimal"} else float(term.value)
        if name == "boolean":
            return name, term.value in {"true", "1"}
        return term.value, (term.language or "").lower(), term.datatype
    return term


def read(body: bytes, media_type: MediaType) -> Answer:
    """Read a truth or solutions."""
    found = parse_query_results(body, SOLUTION_FORMATS[media_type.name])
    if isinstance(found, QueryBoolean):
        return bool(found)
    assert isinstance(found, QuerySolutions)
    names = tuple(variable.value for variable in found.variables)
    return names, [tuple(value(solution[name]) for name in names) for solution in found]


def same(found: Answer, expected: Answer, *, is_ordered: bool) -> None:
    """Assert that two answers are one up to the names of blank nodes and, where none is asked for, the order."""
    if isinstance(found, bool) or isinstance(expected, bool):
        assert found == expected
        return
    assert set(found[0]) == set(expected[0])
    rows = [tuple(row[found[0].index(name)] for name in expected[0]) for row in found[1]]
    assert len(rows) == len(expected[1]), rows
    if is_ordered:
        assert [_shape(row) for row in rows] == [_shape(row) for row in expected[1]]
    unlike = Counter(map(_shape, rows)), Counter(map(_shape, expected[1]))
    assert unlike[0] - unlike[1] == unlike[1] - unlike[0] == Counter()
    assert _match(rows, expected[1], {})


def _shape(row: Row) -> Row:
    return tuple("blank" if isinstance(each, BlankNode) else each for each in row)


def _match(found: Sequence[Row], expected: Sequence[Row], names: Mapping[object, object]) -> bool:
    if not found:
        return True
    for place, row in enumerate(expected):
        if _shape(row) == _shape(found[0]):
            pairs = [(a, b) for a, b in zip(found[0], row, strict=True) if isinstance(a, BlankNode)]
            longer = {**dict(pairs), **names}
            fits = all(longer[a] == b for a, b in pairs) and len(set(longer.values())) == len(longer)
            if fits and _match(found[1:], [*expected[:place], *expected[place + 1 :]], longer):
                return True
    return False


def csv_rows(body: bytes) -> Counter[tuple[str, ...]]:
    """Read CSV: columns by their names, numbers by value, blank nodes without their names."""
    return _by_name(list(csv.reader(io.StringIO(body.decode(), newline=""))))


def csv_rows_of(case: w3c.Case, expected: bytes) -> Counter[tuple[str, ...]]:
    """Return what CSV shows of an expected result."""
    if type_of(case) == CSV:
        return csv_rows(expected)
    found = parse_query_results(expected, SOLUTION_FORMATS[type_of(case).name])
    if isinstance(found, QueryBoolean):
        return _by_name([[str(bool(found)).lower()]])
    assert isinstance(found, QuerySolutions)
    names = [variable.value for variable in found.variables]
    return _by_name([names, *([_shown(solution[name]) for name in names] for solution in found)])


def _by_name(rows: list[list[str]]) -> Counter[tuple[str, ...]]:
    order = sorted(range(len(rows[0])), key=rows[0].__getitem__)
    return Counter(tuple(_plain(row[place]) for place in order if place < len(row)) or ("",) for row in rows)


def _shown(term: object) -> str:
    if isinstance(term, Literal) and term.datatype.value == f"{XSD}boolean":
        return "true" if term.value in {"true", "1"} else "false"
    return "_:b" if isinstance(term, BlankNode) else str(getattr(term, "value", ""))


def _plain(text: str) -> str:
    if text.startswith("_:"):
        return "_:"
    try:
        return str(float(text))
    except ValueError:
        return text


def graph(body: bytes, media_type: MediaType) -> Graph:
    """Read a graph, with the names of blank nodes made alike."""
    found = Graph(
        Quad(each.subject, each.predicate, each.object) for each in parse_rdf(body, GRAPH_FORMATS[media_type.name])
    )
    found.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return found


def graph_of(case: w3c.Case) -> Graph:
    """Read an expected graph."""
    assert case.result is not None
    found = Graph(
        Quad(each.subject, each.predicate, each.object)
        for each in w3c.quads(w3c.ADDRESS + case.result.relative_to(w3c.FOLDER).as_posix())
    )
    found.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return found
