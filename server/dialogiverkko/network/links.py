"""Reads the network from the graph: organisations, links, and the passages that each link rests on."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, field, fields
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from dialogiverkko.namespaces import ID, VOCAB
from dialogiverkko.saved.answers import Binding, Release, SavedQueries
from dialogiverkko.saved.catalogue import Catalogue
from dialogiverkko.saved.parameters import Parameter, ParameterType
from dialogiverkko.sparql.inspection import names_of

FILE = "network.json"
"""The file of the network in the folder of what is built."""
STRENGTHS = ("joint-organisation", "partnership", "involvement", "through-people", "membership", "shared-context")
"""From the strongest to the weakest."""
_RANKS = {strength: rank for rank, strength in enumerate(STRENGTHS)}

_QUERIES = ("network-names", "network-roles", "network-circumstances", "network-links")
Names = Mapping[str, str]


@dataclass(frozen=True)
class Evidence:
    """A passage of a source: its IRI, its line, the words that may be quoted, and the source's IRI."""

    passage: str
    line: int
    quote: str
    source: str = ""


@dataclass(frozen=True)
class Link:
    """Two organisations, linked through one activity or context."""

    iri: str
    ends: tuple[str, str]
    strength: str
    through: str
    is_context: bool
    """True where the two share a context and no activity."""
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Role slugs by organisation; empty where an end takes no role in what is shared."""
    bases: tuple[str, ...] = ()
    """The weaker of the bases of the two ends, as the link states it."""
    evidence: tuple[Evidence, ...] = ()
    statuses: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    begin: str = ""
    end: str = ""
    periods: tuple[tuple[str, str], ...] = ()
    """Each time that is told of what is shared: the first day that it may have and the last."""

    @property
    def rank(self) -> int:
        """How strong it is: 0 for the strongest."""
        return _RANKS[self.strength]

    @property
    def years(self) -> tuple[str, ...]:
        """The years in which what is shared may have gone on; none where no time is told."""
        return _years(self.periods or ((self.begin, self.end),))

    @cached_property
    def days(self) -> tuple[str, ...]:
        """The first and last days that are told of what is shared, in order; an open end adds none."""
        periods = self.periods or ((self.begin, self.end),)
        return tuple(sorted({day for period in periods for day in period if day}))

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """The IRIs of the sources of its evidence, in order."""
        return tuple(sorted({item.source for item in self.evidence if item.source}))

    def other(self, organisation: str) -> str:
        """Return the end that is not the given one."""
        return self.ends[1] if self.ends[0] == organisation else self.ends[0]


@dataclass(frozen=True, eq=False)
class Network:
    """All links of one graph, and the names of everything in them.

    It equals itself alone, so that what is counted of it can be kept.
    """

    names: Mapping[str, Names]
    links: tuple[Link, ...]
    release: Release

    @cached_property
    def organisations(self) -> list[str]:
        """The IRIs of the linked organisations, in order."""
        return sorted({end for link in self.links for end in link.ends})

    @cached_property
    def _by_end(self) -> Mapping[str, Sequence[Link]]:
        found: dict[str, list[Link]] = {}
        for link in self.links:
            for end in link.ends:
                found.setdefault(end, []).append(link)
        return found

    def name(self, iri: str, language: str) -> str:
        """Return the name of anything in the network in a language, else in Finnish, else its slug."""
        names = self.names.get(iri, {})
        return names.get(language) or names.get("fi") or names.get("en") or slug(iri)

    def of(self, organisation: str) -> list[Link]:
        """Return the links of one organisation."""
        return list(self._by_end.get(organisation, ()))

    def find(self, word: str, parameter: str = "organisation") -> str:
        """Return the IRI of an organisation given by slug, IRI or name, linked or not."""
        iri = word if "://" in word else f"{ID}org/{word}"
        if iri in self.names and iri.startswith(f"{ID}org/"):
            return iri
        folded = " ".join(word.split()).casefold()
        organisations = [known for known in self.names if known.startswith(f"{ID}org/")]
        called = [
            known
            for known in organisations
            if folded in {slug(known).casefold(), *(name.casefold() for name in self.names[known].values())}
        ]
        match called:
            case [only]:
                return only
        known = sorted(slug(known) for known in organisations)
        raise Parameter(parameter, ParameterType.IRI).refusal(word, f"There are {len(known)} organisations.", known)


@lru_cache(maxsize=16_384)
def _years(periods: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """Return the years of some times; many links have the same ones."""
    known = [((first or last)[:4], (last or first)[:4]) for first, last in periods if first or last]
    return tuple(sorted({str(year) for first, last in known for year in range(int(first), int(last) + 1)}))


def slug(iri: str) -> str:
    """Return the last part of an IRI."""
    return iri.rstrip("/").rpartition("/")[2]


def asked(questions: Catalogue) -> frozenset[str]:
    """Return the predicates and classes that the queries of the network name: a graph of these alone answers them."""
    return names_of(questions.get(name).body for name in _QUERIES)


def load(saved: SavedQueries) -> Network:
    """Read the network by the queries of queries/network."""
    names: dict[str, dict[str, str]] = defaultdict(dict)
    for row in saved.ask("network-names").rows:
        names[row["thing"]["value"]][row["name"].get("xml:lang", "")] = row["name"]["value"]
    roles = _roles(saved.ask("network-roles").rows)
    circumstances = _circumstances(saved.ask("network-circumstances").rows)
    links = []
    for rows in _grouped(saved.ask("network-links").rows, "link").values():
        first = rows[0]
        through = first["through"]["value"]
        ends = (first["organisation"]["value"], first["partner"]["value"])
        links.append(
            Link(
                iri=first["link"]["value"],
                ends=ends,
                strength=first["strength"]["value"].removeprefix(f"{VOCAB}strength/"),
                through=through,
                is_context=first["isContext"]["value"] == "true",
                roles={end: tuple(sorted(roles[through, end])) for end in ends if (through, end) in roles},
                bases=_slugs(rows, "basis"),
                evidence=_evidence(rows),
                **circumstances.get(through, {}),  # type: ignore[arg-type] # a field's own name and type
            )
        )
    links.sort(key=lambda link: (link.ends, link.rank, link.through))
    return Network(dict(names), tuple(links), saved.release)


def write(network: Network, path: Path) -> None:
    """Write a network as JSON, for those who open what was built."""
    links = [
        {each.name: getattr(link, each.name) for each in fields(Link)}
        | {"evidence": [astuple(each) for each in link.evidence]}
        for link in network.links
    ]
    path.write_text(json.dumps({"names": network.names, "links": links}, ensure_ascii=False), encoding="utf-8")


def read(path: Path, release: Release) -> Network:
    """Read a network that was written."""
    written = json.loads(path.read_bytes())
    return Network(written["names"], tuple(_read(link) for link in written["links"]), release)


def _read(link: dict[str, Any]) -> Link:  # Any: what JSON holds
    given: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in link.items()}
    given["roles"] = {end: tuple(roles) for end, roles in link["roles"].items()}
    given["evidence"] = tuple(Evidence(*each) for each in link["evidence"])
    given["periods"] = tuple((first, last) for first, last in link["periods"])
    return Link(**given)


def _grouped(rows: Iterable[Binding], variable: str) -> dict[str, list[Binding]]:
    groups: dict[str, list[Binding]] = defaultdict(list)
    for row in rows:
        groups[row[variable]["value"]].append(row)
    return groups


def _roles(rows: Iterable[Binding]) -> dict[tuple[str, str], set[str]]:
    roles: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows:
        roles[row["through"]["value"], row["organisation"]["value"]].add(slug(row["role"]["value"]))
    return roles


def _circumstances(rows: Iterable[Binding]) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = {}
    for through, group in _grouped(rows, "through").items():
        times = {tuple(row.get(name, {}).get("value", "") for name in ("begin", "end")) for row in group}
        periods = sorted(time for time in times if any(time))
        found[through] = {
            "statuses": _slugs(group, "status"),
            "methods": _slugs(group, "method"),
            "begin": min((first for first, _ in periods if first), default=""),
            "end": max((last for _, last in periods if last), default=""),
            "periods": tuple(periods),
        }
    return found


def _slugs(rows: Iterable[Binding], variable: str) -> tuple[str, ...]:
    return tuple(sorted({slug(row[variable]["value"]) for row in rows if variable in row}))


def _evidence(rows: Iterable[Binding]) -> tuple[Evidence, ...]:
    found = {
        Evidence(
            row["passage"]["value"],
            int(row.get("line", {}).get("value", 0)),
            row.get("quote", {}).get("value", ""),
            row.get("source", {}).get("value", ""),
        )
        for row in rows
        if "passage" in row
    }
    return tuple(sorted(found, key=lambda evidence: (evidence.source, evidence.line, evidence.passage)))
