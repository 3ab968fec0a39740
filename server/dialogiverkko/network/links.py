"""Reads the network from the graph: organisations, links, and the passages that each link rests on."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from dialogiverkko.errors import BadParameterError
from dialogiverkko.namespaces import ID, VOCAB
from dialogiverkko.saved.answers import Binding, Release, SavedQueries
from dialogiverkko.sparql.headers import nearest

STRENGTHS = ("joint-organisation", "partnership", "involvement", "shared-context")
"""From the strongest to the weakest."""

Names = Mapping[str, str]


@dataclass(frozen=True)
class Evidence:
    """A passage of the source: its IRI, its line, and the words that may be quoted."""

    passage: str
    line: int
    quote: str


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

    def other(self, organisation: str) -> str:
        """Return the end that is not the given one."""
        return self.ends[1] if self.ends[0] == organisation else self.ends[0]


@dataclass(frozen=True)
class Network:
    """All links of one graph, and the names of everything in them."""

    names: Mapping[str, Names]
    links: tuple[Link, ...]
    release: Release

    @property
    def organisations(self) -> list[str]:
        """The IRIs of the linked organisations, in order."""
        return sorted({end for link in self.links for end in link.ends})

    def name(self, iri: str, language: str) -> str:
        """Return the name of anything in the network in a language, else in Finnish, else its slug."""
        names = self.names.get(iri, {})
        return names.get(language) or names.get("fi") or names.get("en") or slug(iri)

    def of(self, organisation: str) -> list[Link]:
        """Return the links of one organisation."""
        return [link for link in self.links if organisation in link.ends]

    def find(self, word: str) -> str:
        """Return the IRI of an organisation given by slug or IRI, linked or not."""
        iri = word if "://" in word else f"{ID}org/{word}"
        if iri in self.names and iri.startswith(f"{ID}org/"):
            return iri
        known = [slug(known) for known in self.names if known.startswith(f"{ID}org/")]
        raise BadParameterError(
            f"There is no organisation '{word[:80]}'. The nearest is '{nearest(word, known)}'.",
            parameter="organisation",
            allowed=known,
            nearest=nearest(word, known),
        )


@dataclass(frozen=True)
class Selection:
    """Which links are wanted; an empty field takes all."""

    strengths: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    """A link is kept when every basis that it rests on is among these."""
    statuses: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    begin: str = ""
    end: str = ""
    """A link is kept when its activity may fall within these days; one without a time is not."""

    def takes(self, link: Link) -> bool:
        """Tell whether a link is wanted."""
        return (
            (not self.strengths or link.strength in self.strengths)
            and (not self.bases or (bool(link.bases) and set(link.bases) <= set(self.bases)))
            and (not self.statuses or bool(set(link.statuses) & set(self.statuses)))
            and (not self.methods or bool(set(link.methods) & set(self.methods)))
            and (not self.begin or (link.end != "" and link.end >= self.begin))
            and (not self.end or (link.begin != "" and link.begin <= self.end))
        )


def slug(iri: str) -> str:
    """Return the last part of an IRI."""
    return iri.rstrip("/").rsplit("/", 1)[-1]


def select(network: Network, selection: Selection) -> Network:
    """Return the part of a network that a selection takes."""
    return replace(network, links=tuple(link for link in network.links if selection.takes(link)))


def load(saved: SavedQueries) -> Network:
    """Read the network by the queries of queries/network."""
    names: dict[str, dict[str, str]] = defaultdict(dict)
    for row in saved.ask("network-names").rows:
        names[row["thing"]["value"]][row["name"].get("xml:lang", "")] = row["name"]["value"]
    roles = _roles(saved.ask("network-roles").rows)
    circumstances = _circumstances(saved.ask("network-circumstances").rows)
    links = []
    for rows in _grouped(saved.ask("network-links").rows, "link"):
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
    links.sort(key=lambda link: (link.ends, STRENGTHS.index(link.strength), link.through))
    return Network(dict(names), tuple(links), saved.release)


def _grouped(rows: Iterable[Binding], variable: str) -> list[list[Binding]]:
    groups: dict[str, list[Binding]] = defaultdict(list)
    for row in rows:
        groups[row[variable]["value"]].append(row)
    return list(groups.values())


def _roles(rows: Iterable[Binding]) -> dict[tuple[str, str], set[str]]:
    roles: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows:
        roles[row["through"]["value"], row["organisation"]["value"]].add(slug(row["role"]["value"]))
    return roles


def _circumstances(rows: Iterable[Binding]) -> dict[str, dict[str, str | tuple[str, ...]]]:
    found: dict[str, dict[str, str | tuple[str, ...]]] = {}
    for group in _grouped(rows, "through"):
        found[group[0]["through"]["value"]] = {
            "statuses": _slugs(group, "status"),
            "methods": _slugs(group, "method"),
            "begin": min((row["begin"]["value"] for row in group if "begin" in row), default=""),
            "end": max((row["end"]["value"] for row in group if "end" in row), default=""),
        }
    return found


def _slugs(rows: Iterable[Binding], variable: str) -> tuple[str, ...]:
    return tuple(sorted({slug(row[variable]["value"]) for row in rows if variable in row}))


def _evidence(rows: Iterable[Binding]) -> tuple[Evidence, ...]:
    found = {
        Evidence(row["passage"]["value"], int(row["line"]["value"]), row.get("quote", {}).get("value", ""))
        for row in rows
        if "passage" in row
    }
    return tuple(sorted(found, key=lambda evidence: (evidence.line, evidence.passage)))
