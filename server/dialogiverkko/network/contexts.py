"""What lies beside the network: organisations and contexts as a bipartite graph, and the unnamed.

Who shares a project or a policy process is a hint of collaboration; who is known only by kind (several
ministries, associations) cannot be an end of a link, and would be lost if nobody said so.
"""

from dataclasses import dataclass

from dialogiverkko.network.later import nx
from dialogiverkko.saved.answers import SavedQueries


@dataclass(frozen=True)
class Unnamed:
    """A collaborator of which the source tells the kind only."""

    kind: str
    label: str
    activity: str
    activity_label: str
    organisation: str
    """Who reports the activity; nothing where no source lists it as somebody's."""
    organisation_label: str
    line: int


def bipartite(saved: SavedQueries, language: str = "fi") -> "nx.Graph[str]":
    """Return the graph of organisations (``bipartite`` 0) and contexts (1); edges name their activities."""
    graph: nx.Graph[str] = nx.Graph()
    for row in saved.ask("organisations-and-their-contexts", [("language", language)]).rows:
        organisation, context = row["reporter"]["value"], row["context"]["value"]
        graph.add_node(organisation, bipartite=0, label=row["reporterLabel"]["value"])
        graph.add_node(context, bipartite=1, label=row["contextLabel"]["value"])
        told = graph.get_edge_data(organisation, context, {"activities": ""})["activities"].split("; ")
        names = sorted({*filter(None, told), row["activityLabel"]["value"]})
        graph.add_edge(organisation, context, activities="; ".join(names))
    return graph


_NOBODY = {"value": ""}
"""Stands for who reports an activity that no organisation reports."""


def unnamed(saved: SavedQueries, language: str = "fi") -> list[Unnamed]:
    """Return the collaborators that are known only by kind."""
    rows = saved.ask("collaborators-known-only-by-kind", [("language", language)]).rows
    found = {
        Unnamed(
            kind=row["participantKind"]["value"],
            label=row.get("participantKindLabel", row["participantKind"])["value"],
            activity=row["activity"]["value"],
            activity_label=row["activityLabel"]["value"],
            organisation=row.get("reporter", _NOBODY)["value"],
            organisation_label=row.get("reporterLabel", _NOBODY)["value"],
            line=int(row["line"]["value"]) if "line" in row else 0,
        )
        for row in rows
    }
    return sorted(
        found, key=lambda item: (item.label, item.activity_label, item.line, item.organisation_label, item.organisation)
    )
