"""The page of the network: which links were chosen, a picture that grows by asking, the table, and small measures."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from heapq import nsmallest
from typing import Any
from urllib.parse import urlencode

from flask_babel import lazy_gettext as _
from werkzeug.datastructures import MultiDict

from dialogiverkko.errors import BadParameterError
from dialogiverkko.namespaces import ID, VOCAB
from dialogiverkko.network.asked import Request, read_request
from dialogiverkko.network.links import Link, Network, slug
from dialogiverkko.network.measures import bridges, components, growth
from dialogiverkko.network.selection import FILTERS, NONE, Option, Selection, options, read_selection, select, values_of
from dialogiverkko.network.surroundings import DEPTHS, around, size_around, strongest
from dialogiverkko.saved import parameters
from dialogiverkko.saved.asked import Asked
from dialogiverkko.web.services import Services
from dialogiverkko.web.site import links
from dialogiverkko.web.site.index import Index
from dialogiverkko.web.site.paging import Arguments

NAMES = {
    "strength": _("Strength"),
    "basis": _("Basis"),
    "status": _("Realisation status"),
    "year": _("Year"),
    "method": _("Method"),
    "organisation": _("Organisation"),
    "source": _("Source"),
}
"""What each filter is called, in the order of the form."""
UNTOLD = {
    "status": _("only a shared context"),
    "year": _("no time given"),
    "method": _("no method given"),
    "basis": _("no basis stated"),
    "source": _("no source stated"),
}
ONE_OF = ("method", "organisation", "source")
"""Filters of which one value is chosen or none; the others are groups of boxes."""
_SPACES = {"organisation": f"{ID}org/", "source": f"{ID}doc/"}
"""What the values of a filter are appended to that are no concepts."""
_STEP, _MOST = 30, 120
"""How many organisations the picture begins with and grows by, and how many it can hold."""
_SIZES = tuple(str(number) for number in range(_STEP, _MOST + 1, _STEP))
_IN_MATRIX = 40
_IN_TABLE = 10
"""How many rows the small tables have, and how many names a cell."""


@dataclass(frozen=True)
class View:
    """What an address asks: which links, about which organisation, how far, how many in the picture."""

    selection: Selection
    middle: str = ""
    depth: int = 1
    most: int = _STEP
    page: int = 1

    @property
    def query(self) -> str:
        """The choice as the address writes it, always alike."""
        pairs: list[tuple[str, str | int]] = [("around", slug(self.middle))] if self.middle else []
        rest = (("depth", self.depth, 1), ("most", self.most, _STEP), ("page", self.page, 1))
        pairs += [(name, value) for name, value, plain in rest if value != plain]
        return "&".join(filter(None, (self.selection.query, urlencode(pairs))))


def read_address(arguments: Arguments, offered: Mapping[str, Sequence[Option]]) -> View:
    """Read an address that `canonical` has written, or is about to write; a depth without a middle says nothing."""
    middle, depth, most, page = (arguments.get(name) for name in ("around", "depth", "most", "page"))
    return View(
        read_selection(arguments.items(multi=True), offered),
        f"{ID}org/{middle}" if middle else "",
        int(depth) if depth and middle else 1,
        int(most or _STEP),
        int(page or 1),
    )


def canonical(services: Services, arguments: Arguments, language: str) -> str:
    """Return the one query string of a choice, read as programs ask it; a name or value that there is not is refused."""
    offered = options(services.network, language)
    asked = Asked(arguments.items(multi=True), (*FILTERS, "around", "depth", "most", "page"))
    request = _read(asked, services, offered)
    given = {name for name, _ in asked.pairs}
    wanted = request.selection.wanted
    pairs = [(name, token) for name in FILTERS if name in given for token in wanted.get(name) or ("",)]
    if request.around:
        pairs.append(("around", slug(request.around)))
    pairs += [("depth", asked.one("depth")), ("most", asked.one("most", _SIZES)), ("page", asked.number("page"))]
    return read_address(MultiDict(pairs), offered).query


def _read(asked: Asked, services: Services, offered: Mapping[str, Sequence[Option]]) -> Request:
    """Read a choice; where nothing is near to what there is not, the values of the page are told."""
    try:
        return read_request([pair for pair in asked.pairs if pair[0] not in ("most", "page")], services.saved)
    except BadParameterError as error:
        if "nearest" not in error.details:
            for name in FILTERS:
                asked.several(name, [option.token for option in offered[name]])
        raise


def form(
    index: Index, language: str, offered: Mapping[str, Sequence[Option]], names: Sequence[str]
) -> dict[str, object]:
    """Gather what a form offers of some filters, nothing where it is more than a form lists, and what is chosen of all."""
    title = partial(_title, index, language)

    def listed(name: str) -> list[tuple[str, str]] | None:
        if len(offered[name]) > parameters.MOST_LISTED:
            return None
        return [(each.token, f"{title(name, each.token)} ({each.count})") for each in offered[name]]

    return {
        "choices": {name: listed(name) for name in names},
        "titled": title,
    }


def _title(index: Index, language: str, name: str, token: str) -> str:
    if token == NONE and name in UNTOLD:
        return str(UNTOLD[name])
    return index.label(_SPACES.get(name, f"{VOCAB}{name}/") + token, language).value if name != "year" else token


def context(services: Services, index: Index, language: str, arguments: Arguments) -> dict[str, object]:
    """Gather the network as chosen: the picture of its strongest part, a page of its links, and its measures."""
    network = services.network
    offered = options(network, language)
    asked = read_address(arguments, offered)
    chosen = select(network, asked.selection)
    scope = around(chosen, asked.middle, asked.depth, len(network.organisations)) if asked.middle else chosen
    shown = around(scope, asked.middle, asked.depth, asked.most) if asked.middle else strongest(scope, asked.most)
    page = links.page(index, scope, language, arguments)
    drawn = index.sorted(set(shown.organisations), language)
    return {
        "page": page,
        "picture": links.picture(index, shown, language, frozenset(row.iri for row in page.items), middle=asked.middle),
        "found": {row.slug: tokens(row.link) for row in (*page.items, *links.rows(index, shown, language))},
        "names": drawn[:_IN_MATRIX],
        "cells": links.cells(shown),
        "offered": {name: offered[name] for name in NAMES},
        "asked": asked,
        "choice": asked.selection,
        "total": len(network.links),
        "organisations": len(scope.organisations),
        "drawn": len(drawn),
        "unlinked": asked.middle and not network.of(asked.middle),
        "data_query": _for_programs(asked),
        "more": replace(asked, most=asked.most + _STEP).query if len(drawn) < len(scope.organisations) and asked.most < _MOST else "",
        "further": _further(chosen, asked),
        "middles": links.choices(network, language),
        **form(index, language, offered, ONE_OF),
        "slug": slug,
        "depths": DEPTHS,
        "few_passages": links.FEW_PASSAGES,
        "filter_names": NAMES,
        "untold": UNTOLD,
        "one_of": ONE_OF,
        **measures(index, scope, language, is_whole=scope is network),
    }  # fmt: skip


def _for_programs(asked: View) -> str:
    """Return the same choice as the interface reads it: without pages, and a group without a tick says nothing there."""
    wanted = {name: values for name, values in asked.selection.wanted.items() if values}
    return replace(asked, selection=Selection(wanted), most=_STEP, page=1).query


def _further(chosen: Network, asked: View) -> str:
    """Return the choice that reaches one step further, where there is anybody to reach."""
    if not asked.middle or asked.depth >= len(DEPTHS):
        return ""
    here = size_around(chosen, asked.middle, asked.depth)
    is_more = size_around(chosen, asked.middle, asked.depth + 1) > here
    return replace(asked, depth=asked.depth + 1, page=1).query if is_more else ""


def tokens(link: Link) -> dict[str, tuple[str, ...]]:
    """Return what the page writes beside a link, for styles and scripts to read."""
    return {name: values_of(link, name) for name in ("strength", "basis", "organisation")}


def measures(index: Index, network: Network, language: str, *, is_whole: bool) -> Mapping[str, Any]:
    """Gather the small tables: parts, bridges, and who joined whom when; of the whole network as they were built."""
    if not is_whole:
        return measured(network, language)
    found: Mapping[str, Any] = index.once(f"measures in {language}", lambda _: measured(network, language))
    return found


def measured(network: Network, language: str) -> dict[str, Any]:
    """Measure a network as JSON has it: of each list as much as a small table shows, and how much there is."""
    parts, spans = components(network), bridges(network)

    def first(iris: Iterable[str]) -> list[str]:
        return nsmallest(_IN_TABLE, iris, key=links.places(network, language).__getitem__)

    return {
        "parts": [(len(part), first(part)) for part in parts[:_IN_TABLE]],
        "parts_total": len(parts),
        "bridges": [asdict(span) for span in spans[:_IN_TABLE]],
        "bridges_total": len(spans),
        "growth": [
            {
                "year": year.year,
                "links": year.links,
                "pairs": [(link.iri, link.ends) for link in year.pairs[:_IN_TABLE]],
                "pairs_total": len(year.pairs),
                "newcomers": first(year.organisations),
                "newcomers_total": len(year.organisations),
            }
            for year in growth(network)
        ],
    }
