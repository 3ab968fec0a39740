"""A request to the network: the same parameters for address, command and agent."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dialogiverkko.errors import BadParameterError
from dialogiverkko.namespaces import ID, VOCAB
from dialogiverkko.network.links import Network, slug
from dialogiverkko.network.selection import FILTERS, NONE, VALUES, Selection, select
from dialogiverkko.network.surroundings import DEPTHS, around
from dialogiverkko.saved import parameters
from dialogiverkko.saved.answers import SavedQueries
from dialogiverkko.saved.asked import Asked
from dialogiverkko.saved.parameters import Parameter, ParameterType
from dialogiverkko.sparql.binding import Value

PARTS = ("edges", "nodes")
PARAMETERS = (
    Parameter(
        "strength", ParameterType.CHOICE, choices=VALUES["strength"], many=True, labels={"en": "Strength of the link"}
    ),
    Parameter(
        "basis", ParameterType.CHOICE, choices=VALUES["basis"], many=True,
        labels={"en": "Basis of the statement, or none"},
    ),
    Parameter(
        "status", ParameterType.CHOICE, choices=VALUES["status"], many=True, labels={"en": "Status of the activity"}
    ),
    Parameter(
        "method", ParameterType.IRI, VOCAB + "method/", choices_query="methods", many=True,
        labels={"en": "Method, or none"},
    ),
    Parameter(
        "year", ParameterType.INTEGER, many=True, labels={"en": "Year in which the activity may have gone on, or none"}
    ),
    Parameter(
        "organisation", ParameterType.IRI, ID + "org/", choices_query="organisations", many=True,
        labels={"en": "Organisation; of two, the links between them"},
    ),
    Parameter(
        "source", ParameterType.IRI, ID + "doc/", choices_query="sources", many=True, labels={"en": "Source, or none"}
    ),
    Parameter(
        "around", ParameterType.IRI, ID + "org/", choices_query="organisations",
        labels={"en": "Organisation whose surroundings are wanted"},
    ),
    Parameter("depth", ParameterType.CHOICE, choices=DEPTHS, labels={"en": "How many steps the surroundings reach"}),
    Parameter("begin", ParameterType.DATE, labels={"en": "First day: what ended before is left out"}),
    Parameter("end", ParameterType.DATE, labels={"en": "Last day: what began after is left out"}),
    Parameter("lang", ParameterType.LANGUAGE, labels={"en": "Language of names and sentences"}),
    Parameter("part", ParameterType.CHOICE, choices=PARTS, labels={"en": "Which table of CSV"}),
    Parameter("from", ParameterType.IRI, ID + "org/", choices_query="organisations", labels={"en": "Start of a chain"}),
    Parameter("to", ParameterType.IRI, ID + "org/", choices_query="organisations", labels={"en": "End of a chain"}),
)  # fmt: skip
"""Every name that may stand in the address; the commands and the agents use the same."""
UNSTATED = ("basis", "year", "method", "source")
"""Filters that may ask for links of which it is not stated, by ``none``; a status has that among its values."""


@dataclass(frozen=True)
class Request:
    """A request to the network; an empty language, start or goal was not given."""

    selection: Selection
    language: str
    part: str
    start: str
    goal: str
    around: str
    depth: int

    def of(self, network: Network) -> Network:
        """Return the part of a network that is asked for."""
        chosen = select(network, self.selection)
        return around(chosen, self.around, self.depth, len(network.organisations)) if self.around else chosen


def read_request(pairs: Iterable[tuple[str, str]], saved: SavedQueries) -> Request:
    """Read names and values; raises BadParameterError with what is allowed and what is near."""
    asked = Asked(pairs, [parameter.name for parameter in PARAMETERS])
    begin, end = asked.days("begin", "end")
    stated, unstated = _apart(asked.pairs)
    values = parameters.read_values(PARAMETERS, stated, saved.choices)
    start, goal = _first(values, "from"), _first(values, "to")
    if bool(start) != bool(goal):
        given, lacking = ("from", "to") if start else ("to", "from")
        raise BadParameterError(f"A chain has two ends: '{given}' needs '{lacking}'.", parameter=lacking)
    if start and start == goal:
        raise BadParameterError("A chain has two different ends: 'from' and 'to' are the same.", parameter="to")
    named = {name: (*_slugs(values, name), *unstated.get(name, ())) for name in FILTERS}
    wanted = {name: slugs for name, slugs in named.items() if slugs}
    return Request(
        Selection(wanted, begin, end), _first(values, "lang"), _first(values, "part") or PARTS[0], start, goal,
        _first(values, "around"), int(_first(values, "depth") or DEPTHS[0]),
    )  # fmt: skip


def _apart(pairs: Iterable[tuple[str, str]]) -> tuple[list[tuple[str, str]], dict[str, tuple[str]]]:
    """Take ``none`` out of the filters that have it beside their values."""
    stated, unstated = [], {}
    for name, value in pairs:
        parts = [part.strip() for part in value.split(",")]
        if name in UNSTATED and NONE in parts:
            unstated[name] = (NONE,)
            stated.append((name, ",".join(part for part in parts if part != NONE)))
        else:
            stated.append((name, value))
    return stated, unstated


def _first(values: Mapping[str, tuple[Value, ...]], name: str) -> str:
    return values[name][0].value if values[name] else ""


def _slugs(values: Mapping[str, tuple[Value, ...]], name: str) -> tuple[str, ...]:
    return tuple(slug(term.value) for term in values[name])
