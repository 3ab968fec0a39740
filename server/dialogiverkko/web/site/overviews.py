"""What the pages of pictures need: timeline, places, policy and the sources, each from the index."""

from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

from dialogiverkko.graph import dates
from dialogiverkko.namespaces import DLG
from dialogiverkko.web.drawing.timeline import timeline as draw_timeline
from dialogiverkko.web.services import Services
from dialogiverkko.web.site import facets, headings, pictures, reading, related, things
from dialogiverkko.web.site import sources as telling
from dialogiverkko.web.site.index import Index
from dialogiverkko.web.site.paging import Arguments, Paged, each, number, paged


def timeline(services: Services, index: Index, language: str, arguments: Arguments) -> dict[str, object]:
    """Gather the dated activities in pages, of one year where one is asked for, and those of which no time is told."""
    del services
    everything = related.all_times(index, language)
    years = _years(index, language)
    year = arguments.get("year", "")
    asked = int(year) if year in years else 0
    wanted = [time for time in everything if asked in _span(time)] if asked else everything
    page = each(paged(wanted, arguments), lambda time: related.item(index, time, language))
    return {
        "page": page,
        "picture": draw_timeline(page.items),
        "said": {item: related.certainty(item, language) for item in page.items},
        "years": sorted(years.items()),
        "year": year if year in years else "",
        "total": len(everything),
        "undated": paged(things.without_time(index, language), arguments, "undated"),
    }


def _span(time: related.Time) -> range:
    """Return the years in which something may have gone on."""
    return range(int(time[2][:4]), int(time[5][:4]) + 1)


@lru_cache(maxsize=6)
def _years(index: Index, language: str) -> Mapping[str, int]:
    """Count what may have gone on in each year."""
    return Counter(str(year) for time in related.all_times(index, language) for year in _span(time))


def places(services: Services, index: Index, language: str, arguments: Arguments) -> dict[str, object]:
    """Gather the places, and where the map shows them."""
    rows = things.places(index, language)
    drawn = pictures.places(index, services.positions, rows, language)
    told = {how: str(headings.OUTGOING[how]) for how in {row.how for row in rows}}
    return {"page": paged(rows, arguments), "picture": drawn, "headings": told}


def policy(services: Services, index: Index, language: str, arguments: Arguments) -> dict[str, object]:
    """Gather which dialogue serves which process, product and instrument; the picture shows the page's rows."""
    del services
    page = paged(things.policy(index, language), arguments)
    return {"page": page, "picture": pictures.flow(index, page.items, language)}


def sources(services: Services, index: Index, language: str, arguments: Arguments) -> dict[str, object]:
    """Gather the list of sources."""
    del services
    found = telling.every(index, language)
    return {
        "page": paged(found, arguments),
        "texts": sum(source.holds_text for source in found),
        "passages": len(index.passages),
        "day": lambda iso: dates.day(iso, language),
        "tongue": lambda iri: telling.language_name(iri, language),
        "gaps_in": lambda iri: index.pointing(iri, DLG + "gapIn"),
    }


def source(index: Index, document: str, language: str, arguments: Arguments) -> dict[str, object]:
    """Gather one source as a reader meets it: sections, lines, and what rests on which words."""
    book = reading.marked_source(index, document, language)
    pages = book.pages()
    page = number(arguments, "page", len(pages))
    where = {section.slug: n for n, sections in enumerate(pages, 1) for section in sections}
    lines = {line.number: n for n, each in enumerate(pages, 1) for section in each for line in section.lines}
    return {
        "source": next(each for each in telling.every(index, language) if each.iri == document),
        "book": book,
        "shown": pages[page - 1],
        "where": where,
        "lines": lines,
        "page": Paged(pages[page - 1], page, len(pages), len(pages)),
        "loose": paged(book.loose, arguments, "words"),
        "day": lambda iso: dates.day(iso, language),
        "tongue": lambda iri: telling.language_name(iri, language),
        "gaps": index.pointing(document, DLG + "gapIn"),
        "activities": len(facets.table(index).holders["source"].get(document, ())),
    }


def guide(services: Services, index: Index, language: str, arguments: Arguments) -> dict[str, object]:
    """Return no context: the page for those who add a source is plain text."""
    del services, index, language, arguments
    return {}
