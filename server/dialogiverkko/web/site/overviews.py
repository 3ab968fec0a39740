"""What the pages of pictures need: collaboration, timeline, places, policy and the source, each from the index."""

from collections.abc import Mapping, Sequence

from dialogiverkko.web.drawing import outline
from dialogiverkko.web.site import chosen, pictures, reading, things
from dialogiverkko.web.site.index import Index


def filters(index: Index, language: str) -> Mapping[str, Sequence[chosen.Option]]:
    """Tell what the links of the network may be chosen by."""
    return chosen.options(index, things.links(index, language), language)


def collaboration(index: Index, language: str, query: str = "") -> dict[str, object]:
    """Gather the network: every link, and which of them the address wants."""
    links = things.links(index, language)
    offered = chosen.options(index, links, language)
    choice = chosen.read(chosen.parse(query), offered)
    marks = {link.iri: chosen.tokens(index, link) for link in links}
    shown = {iri for iri, tokens in marks.items() if choice.takes(tokens)}
    names, _ = things.matrix(index, links, language)
    cells: dict[tuple[str, str], list[str]] = {}
    for link in links:
        for pair in ((link.one, link.other), (link.other, link.one)):
            cells.setdefault(pair, []).append(link.iri)
    return {
        "links": links,
        "picture": pictures.network(index, language),
        "names": names,
        "cells": cells,
        "offered": offered,
        "choice": choice,
        "marks": marks,
        "shown": shown,
        "joined": {end for link in links if link.iri in shown for end in (link.one, link.other)},
        "filter_names": chosen.NAMES,
        "untold": chosen.UNTOLD,
        "one_of": chosen.ONE_OF,
    }


def timeline(index: Index, language: str) -> dict[str, object]:
    """Gather the dated activities, and those of which no time is told."""
    return {"picture": pictures.timeline(index, language), "undated": things.without_time(index, language)}


def places(index: Index, language: str) -> dict[str, object]:
    """Gather the places, and where the map shows them."""
    points, unplaced = pictures.points(index, language)
    return {
        "rows": things.places(index, language), "points": points, "unplaced": unplaced,
        "outline": outline.OUTLINE, "size": (outline.WIDTH, outline.HEIGHT),
    }  # fmt: skip


def policy(index: Index, language: str) -> dict[str, object]:
    """Gather which dialogue serves which process, product and instrument."""
    rows = things.policy(index, language)
    return {"rows": rows, "picture": pictures.flow(index, rows, language)}


def source(index: Index, language: str) -> dict[str, object]:
    """Gather the source as a reader meets it: sections, lines, and what rests on which words."""
    return {"book": reading.read(index, language)}
