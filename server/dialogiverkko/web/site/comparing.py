"""The comparison of two to four organisations: what each does, how, about what, with whom, and on how firm ground."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from heapq import nlargest, nsmallest
from itertools import combinations
from urllib.parse import quote

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from dialogiverkko.errors import BadParameterError
from dialogiverkko.namespaces import DLG, ID, ORG
from dialogiverkko.network.compared import MOST, ORGANISATIONS, PARAMETERS, read_compared
from dialogiverkko.network.links import Network, slug
from dialogiverkko.saved import parameters
from dialogiverkko.saved.asked import Asked
from dialogiverkko.web.services import Services
from dialogiverkko.web.site import citing, facets, things
from dialogiverkko.web.site.index import Index
from dialogiverkko.web.site.paging import Arguments

SUGGESTED = 5
"""How many pairs are offered to begin with."""
SHOWN = 8
"""How many values one cell tells."""
_POLICY = tuple(DLG + name for name in ("feedsInto", "wasUsedIn", "isPartOf", "isConnectedWith"))
_CONTEXTS = tuple(ID + kind for kind in ("process/", "programme/", "instrument/", "project/", "product/"))
HEADINGS: dict[str, LazyString] = {
    "activities": _("Activities"),
    "kind": _("Kind of activity"),
    "status": _("Realisation status"),
    "year": _("Years"),
    "method": _("Methods"),
    "theme": _("Themes"),
    "policy": _("Processes, programmes and projects"),
    "audience": _("Groups of people"),
    "openness": _("Openness"),
    "links": _("Linked with"),
    "solid": _("How solid the picture is"),
}
"""What is compared, in its order."""


@dataclass(frozen=True)
class Value:
    """One value of a cell: a thing, how often it is told of, and whether all that are compared have it."""

    iri: str
    label: str
    count: int
    is_shared: bool = False


@dataclass(frozen=True)
class Solid:
    """How many statements of roles there are from a kind of source, and how many are said outright, implied or hedged."""

    kind: str
    statements: int
    explicit: int
    by_heading: int
    hedged: int


@dataclass(frozen=True)
class Column:
    """One organisation: the number of its activities, of its links, and the values of each row."""

    iri: str
    label: str
    activities: int
    reported: int
    links: int
    values: dict[str, tuple[Value, ...]]
    """The values of each row, as many as are told."""
    totals: dict[str, int]
    """How many values each row has."""
    solid: tuple[Solid, ...]


def canonical(services: Services, arguments: Arguments) -> str:
    """Return the one query string of a comparison; what is not known is refused."""
    found = read_compared(arguments.items(multi=True), services.saved)
    return f"organisations={quote(','.join(map(slug, found)), safe=',')}" if found else ""


def context(services: Services, index: Index, language: str, arguments: Arguments) -> dict[str, object]:
    """Gather the comparison, or the form alone."""
    compared = read_compared(arguments.items(multi=True), services.saved)
    return {
        "compared": compared,
        "columns": columns(services, index, compared, language, SHOWN),
        "headings": HEADINGS,
        "shown": SHOWN,
        "together": together(index, compared, language),
        "pairs": between(services.network, compared),
        "slug": slug,
        "choices": _choices(index, language),
        "suggested": suggested(index, services.network),
        "most": MOST,
        "citation": _citation(services, index, compared, language) if compared else None,
    }


def _choices(index: Index, language: str) -> list[tuple[str, str]] | None:
    """List the organisations for the form; nothing where there are more than it lists."""
    known = index.of_class(ORG + "Organization")
    if len(known) > parameters.MOST_LISTED:
        return None
    return [(slug(iri), index.label(iri, language).value) for iri in index.sorted(known, language)]


def suggested(index: Index, network: Network) -> Sequence[Sequence[str]]:
    """Return the pairs to begin with, as they were found at the build."""
    found: Sequence[Sequence[str]] = index.once("most linked", lambda _: _most_linked(network))
    return found


def _most_linked(network: Network) -> list[tuple[str, ...]]:
    """Return the pairs that most links join, to begin with."""
    counts = Counter(tuple(sorted(link.ends)) for link in network.links)
    return nsmallest(SUGGESTED, counts, key=lambda pair: (-counts[pair], pair))


def _citation(services: Services, index: Index, compared: Sequence[str], language: str) -> citing.Citation:
    """Cite a comparison; what a release says of each stands in a question of its own."""
    names = ", ".join(index.label(iri, language).value for iri in compared)
    page = f"compare?organisations={quote(','.join(map(slug, compared)), safe=',')}"
    questions = [("activities-of-an-organisation", [("organisation", slug(iri))]) for iri in compared]
    return citing.cited(services, language, page, f"{_('Organisations side by side')}: {names}", questions)


def columns(
    services: Services, index: Index, compared: Sequence[str], language: str, most: int | None = None
) -> list[Column]:
    """Gather one column for each organisation with so many values of each row, and mark what all of them have."""
    counts = {iri: _counts(services, index, iri) for iri in compared}
    found = []
    for iri in compared:
        values = {
            name: tuple(
                Value(each, _label(index, name, each, language), n, all(each in counts[o][name] for o in compared))
                for each, n in _ordered(name, counts[iri][name], index, language, most)
            )
            for name in counts[iri]
        }
        found.append(
            Column(
                iri, index.label(iri, language).value, len(_activities(index, iri)),
                len(things.activities_of(index, iri)), len(services.network.of(iri)), values,
                {name: len(counted) for name, counted in counts[iri].items()}, _solid(services, iri, language),
            )
        )  # fmt: skip
    return found


def _activities(index: Index, iri: str) -> frozenset[str]:
    return facets.table(index).holders["organisation"].get(iri, frozenset())


def _counts(services: Services, index: Index, iri: str) -> dict[str, Counter[str]]:
    own = _activities(index, iri)
    holders = facets.table(index).holders

    def held(name: str) -> Counter[str]:
        return Counter({value: n for value, has in holders[name].items() if (n := len(has & own))})

    return {
        "activities": Counter(own),
        **{name: held(name) for name in ("kind", "status", "year", "method", "theme")},
        "policy": Counter(context for each in own for context in _policy(index, each)),
        **{name: held(name) for name in ("audience", "openness")},
        "links": Counter(link.other(iri) for link in services.network.of(iri)),
    }


def _policy(index: Index, activity: str) -> set[str]:
    """Return the processes, programmes and the like that an activity is connected with."""
    return {value for name in _POLICY for value in index.values(activity, name) if value.startswith(_CONTEXTS)}


def _ordered(
    name: str, counts: Counter[str], index: Index, language: str, most: int | None
) -> Sequence[tuple[str, int]]:
    """Sort the values of a cell: years by themselves, others the most first and then by name."""
    if name == "year":
        return sorted(counts.items())[:most]
    if name == "activities":
        return [(each, counts[each]) for each in things.among(index, counts, language)[:most]]
    least = min(nlargest(most, counts.values()), default=0) if most else 0
    kept = [each for each, n in counts.items() if n >= least]  # no name is read of what cannot be among so many
    return sorted([(each, counts[each]) for each in index.sorted(kept, language)], key=lambda pair: -pair[1])[:most]


def _label(index: Index, name: str, value: str, language: str) -> str:
    return value if name == "year" else facets.label_of(index, value, language).value


def _solid(services: Services, iri: str, language: str) -> tuple[Solid, ...]:
    answer = services.saved.ask(
        "how-solid-is-the-picture-of-an-organisation", [("organisation", slug(iri)), ("language", language)]
    )
    number: Callable[[dict[str, dict[str, str]], str], int] = lambda row, name: int(row[name]["value"])  # noqa: E731
    return tuple(
        Solid(
            row.get("sourceKindLabel", row["sourceKind"])["value"],
            *(number(row, name) for name in ("statements", "explicit", "byHeading", "hedged")),
        )
        for row in answer.rows
    )


def together(index: Index, compared: Sequence[str], language: str) -> list[str]:
    """List the activities in which all that are compared take part, or which they report."""
    own = [_activities(index, iri) for iri in compared]
    return things.among(index, frozenset.intersection(*own), language) if own else []


def between(network: Network, compared: Sequence[str]) -> list[tuple[str, str, int]]:
    """Count the links between each two."""
    return [
        (one, other, sum(other in link.ends for link in network.of(one))) for one, other in combinations(compared, 2)
    ]


def document(
    services: Services, index: Index, pairs: Sequence[tuple[str, str]], default_language: str
) -> tuple[dict[str, object], str]:
    """Return the comparison as JSON, and the language of its names."""
    compared = read_compared(pairs, services.saved, "lang")
    language = Asked(pairs, [each.name for each in PARAMETERS]).language() or default_language
    if not compared:
        raise BadParameterError(
            "The parameter 'organisations' is required: two to four, such as organisations=om,vm.",
            parameter=ORGANISATIONS.name,
            expects="two to four organisations",
        )
    return {
        "organisations": [_as_data(column) for column in columns(services, index, compared, language)],
        "together": [
            {"iri": iri, "label": index.label(iri, language).value} for iri in together(index, compared, language)
        ],
        "links": [{"between": [one, other], "links": n} for one, other, n in between(services.network, compared)],
    }, language


def _as_data(column: Column) -> dict[str, object]:
    rows = {
        name: [{"value": v.iri, "label": v.label, "count": v.count, "shared": v.is_shared} for v in values]
        for name, values in column.values.items()
    }
    solid = [
        {
            "sourceKind": s.kind,
            "statements": s.statements,
            "explicit": s.explicit,
            "byHeading": s.by_heading,
            "hedged": s.hedged,
        }
        for s in column.solid
    ]
    return {
        "iri": column.iri, "label": column.label, "activityCount": column.activities, "reportedCount": column.reported,
        "linkCount": column.links, **rows, "solid": solid,
    }  # fmt: skip
