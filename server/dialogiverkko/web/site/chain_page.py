"""The page of the chains between two organisations: told as sentences with their evidence, drawn, and as a table."""

from collections.abc import Iterable
from dataclasses import asdict, replace
from itertools import pairwise
from urllib.parse import urlencode

from flask_babel import lazy_gettext as _

from dialogiverkko.graph import dates
from dialogiverkko.namespaces import VOCAB
from dialogiverkko.network import paths
from dialogiverkko.network.asked import Request
from dialogiverkko.network.chains import Chain, claim, sentence
from dialogiverkko.network.links import Network, slug
from dialogiverkko.network.paths import Paths
from dialogiverkko.network.selection import Selection, options, select
from dialogiverkko.web.services import Services
from dialogiverkko.web.site import citing, collaboration, links
from dialogiverkko.web.site.index import Index
from dialogiverkko.web.site.paging import Arguments

FILTERS = ("strength", "basis", "status", "year", "method", "source")
"""The filters of the form; who is wanted is told by the two ends."""
FILTER_NAMES = collaboration.NAMES | {"begin": _("First day"), "end": _("Last day")}
FEW = 6
"""Chains that the page opens with sentences; the others are folded."""


def canonical(services: Services, arguments: Arguments) -> str:
    """Return the one query string of two ends and a choice; what is not known is refused."""
    asked = paths.read_ends(arguments.items(multi=True), services.saved)
    ends = urlencode([("from", slug(asked.start)), ("to", slug(asked.goal))]) if asked.start else ""
    return "&".join(filter(None, (ends, asked.selection.query)))


def context(services: Services, index: Index, language: str, arguments: Arguments) -> dict[str, object]:
    """Gather the chains between the two ends as chosen, or why there is none."""
    network = services.network
    asked = paths.read_ends(arguments.items(multi=True), services.saved)
    chosen = select(network, asked.selection)
    found = paths.find(chosen, asked.start, asked.goal) if asked.start else Paths("", "")
    known = replace(network, links=tuple(paths.links_of(found)))
    rows = links.rows(index, known, language)
    return {
        "asked": asked,
        "paths": found,
        "told": [_told(index, network, chain, language) for chain in found.chains],
        "stronger": _told(index, network, found.stronger, language) if found.stronger else None,
        "obstacle": paths.obstacle(network, asked.selection, asked.start, asked.goal)
        if asked.start and not found.chains
        else None,
        "rows": rows,
        "picture": links.picture(index, known, language, frozenset(row.iri for row in rows), middle=asked.start),
        "found": {row.slug: collaboration.tokens(row.link) for row in rows},
        "ends": links.choices(network, language),
        **collaboration.form(index, language, options(network, language), FILTERS),
        "filter_names": FILTER_NAMES,
        "few": FEW,
        "few_passages": links.FEW_PASSAGES,
        "counted": paths.COUNTED,
        "slug": slug,
        "day": lambda iso: dates.day(iso, language),
        "without": lambda name: _query(asked.start, asked.goal, paths.without(asked.selection, name)),
        "plain": _query(asked.start, asked.goal) if asked.start else "",
        "back": _query(asked.goal, asked.start, asked.selection) if asked.start else "",
        "citation": _citation(services, language, asked) if asked.start else None,
    }


def _citation(services: Services, language: str, asked: Request) -> citing.Citation:
    """Cite the chains between two ends, as chosen."""
    names = " – ".join(services.network.name(end, language) for end in (asked.start, asked.goal))
    query = _query(asked.start, asked.goal, asked.selection)
    ends = [("from", slug(asked.start)), ("to", slug(asked.goal))]
    title = f"{_('Chain between two organisations')}: {names}"
    questions = (
        [] if asked.selection.query else [("chains-between-two-organisations", ends)]
    )  # it hears no filters, and tells of two links
    data = f"collaboration/path.json?{query}"
    return citing.cited(services, language, f"collaboration/path?{query}", title, questions, data)


def _query(start: str, goal: str, selection: Selection | None = None) -> str:
    ends = urlencode([("from", slug(start)), ("to", slug(goal))])
    return "&".join(filter(None, (ends, selection.query if selection else "")))


def _told(index: Index, network: Network, chain: Chain, language: str) -> dict[str, object]:
    """Return one chain: its organisations, and for each step what its links say and the passages that say it."""
    steps = []
    for (one, other), step in zip(pairwise(chain.organisations), chain.links, strict=True):
        said = [(claim(network, link, language, one), links.evidence(index, link), link.iri) for link in step]
        steps.append({"one": one, "other": other, "said": said, "strength": f"{VOCAB}strength/{step[0].strength}"})
    return {"organisations": chain.organisations, "steps": steps}


def document(
    services: Services, pairs: Iterable[tuple[str, str]], default_language: str
) -> tuple[dict[str, object], str]:
    """Return the chains as JSON, and the language that they are told in."""
    asked = paths.read_ends(pairs, services.saved, "lang")
    language = asked.language or default_language
    chosen = select(services.network, asked.selection)
    found = paths.find(chosen, asked.start, asked.goal)
    told: dict[str, object] = {
        "from": _thing(services.network, asked.start, language),
        "to": _thing(services.network, asked.goal, language),
        "filters": {name: list(values) for name, values in asked.selection.wanted.items()}
        | {name: day for name in ("begin", "end") if (day := getattr(asked.selection, name))},
        "steps": found.steps,
        "total": found.total,
        "chains": [_as_data(services.network, chain, language) for chain in found.chains],
        "stronger": _as_data(services.network, found.stronger, language) if found.stronger else None,
    }
    if not found.chains:
        why = paths.obstacle(services.network, asked.selection, asked.start, asked.goal)
        told["noChain"] = {
            "linksLeftOut": why.left_out,
            "stepsWithoutFilters": why.steps_without,
            "filtersInTheWay": {name: {"stepsWithoutIt": steps} for name, steps in why.filters},
            "withoutAnyLink": list(why.unlinked),
        }
    return told, language


def _thing(network: Network, iri: str, language: str) -> dict[str, str]:
    return {"iri": iri, "label": network.name(iri, language)}


def _as_data(network: Network, chain: Chain, language: str) -> dict[str, object]:
    steps = [
        [
            {
                "link": link.iri,
                "strength": link.strength,
                "basis": list(link.bases),
                "through": _thing(network, link.through, language),
                "sentence": sentence(network, link, language, one),
                "evidence": [asdict(item) for item in link.evidence],
            }
            for link in step
        ]
        for one, step in zip(chain.organisations, chain.links, strict=False)
    ]
    return {"organisations": [_thing(network, iri, language) for iri in chain.organisations], "steps": steps}
