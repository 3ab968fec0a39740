"""What pages gather of the whole graph, made when it is built: no visitor waits for it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dialogiverkko.graph.load import Snapshot
from dialogiverkko.graph.mapped import FILE, Statements
from dialogiverkko.namespaces import LANGUAGES
from dialogiverkko.network.links import FILE as NETWORK
from dialogiverkko.network.links import read
from dialogiverkko.saved.answers import Release
from dialogiverkko.web.services import GATHERED
from dialogiverkko.web.site import (
    collaboration,
    comparing,
    facets,
    links,
    organisations,
    related,
    sources,
    things,
    ways,
)
from dialogiverkko.web.site.index import Index

_GATHERED: dict[str, Callable[[Index], Any]] = {  # Any: what JSON holds
    "facets": facets.gathered,
    "order": things.order,
    "orders": facets.orders,
    "texts": facets.told_texts,
    "organisers": things.known_by,
    "organisations": organisations.told,
    "organisations by name": organisations.order,
    "called": ways.called,
    "times": related.told_times,
    "held": sources.held_of,
}


def gather(snapshot: Snapshot, folder: Path) -> None:
    """Write what pages gather of a graph whose statements and network lie in a folder of what is built."""
    index = Index(snapshot, Statements.mapped(folder / FILE))
    for name, make in _GATHERED.items():
        index.once(name, make)
    network = read(folder / NETWORK, Release("", snapshot.digest))
    comparing.suggested(index, network)
    for language in LANGUAGES:
        links.at_home(index, network, language)
        collaboration.measures(index, network, language, is_whole=True)
    (folder / GATHERED).write_text(json.dumps(index.made, ensure_ascii=False), encoding="utf-8")
