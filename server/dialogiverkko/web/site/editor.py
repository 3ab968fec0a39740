"""The query editor: YASGUI, served from our own address, with our prefixes, terms, places and examples.

Without the library's files, as without JavaScript, the page is a plain form.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import resources

from flask_babel import gettext as _

from dialogiverkko.namespaces import BASE, DLG, GRAPH_ONTOLOGY, OWL, RDF_TYPE
from dialogiverkko.web.drawing import outline
from dialogiverkko.web.drawing.outline import OUTLINE
from dialogiverkko.web.drawing.places import POINT
from dialogiverkko.web.http.problems import TABLE
from dialogiverkko.web.positions import Position
from dialogiverkko.web.query_words import topics
from dialogiverkko.web.services import Services
from dialogiverkko.web.site.index import Index
from dialogiverkko.web.site.paging import Arguments

LIBRARY = {"yasgui.min.js": "text/javascript", "yasgui.min.css": "text/css"}
EXAMPLES = (
    "who-worked-with-an-organisation", "collaboration-network-as-a-graph", "what-fed-a-policy-process",
    "timeline-of-activities", "activities-without-a-stated-time", "statuses-by-organisation",
    "at-least-counts-by-unit", "where-a-group-of-people-appears", "openness-by-organisation",
    "activities-in-a-place", "methods-by-number-of-organisations", "themes-linked-to-an-external-concept",
    "objectives-of-activities", "evidence-of-a-thing",
)  # fmt: skip
"""One or two of each topic, and one of each view."""
_PROPERTIES = (OWL + "ObjectProperty", OWL + "DatatypeProperty")
_FAR = (20.0, 60.0), (30.0, 70.0)
"""Two positions within the outline, from which the browser learns how longitude and latitude become places in it."""


@lru_cache(maxsize=1)
def library() -> dict[str, bytes]:
    """Read the library's files; without all of them there is none, and the page is a plain form."""
    folder = resources.files("dialogiverkko.web") / "static" / "vendor"
    files = {name: folder / name for name in LIBRARY}
    if not all(file.is_file() for file in files.values()):
        return {}
    return {name: file.read_bytes() for name, file in files.items()}


def policy(site: str) -> str:
    """Allow, beyond the policy of the site, the sizes and positions that the editor writes into style attributes."""
    return site.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")


def examples(services: Services, language: str) -> list[dict[str, str]]:
    """List the saved queries to begin with: name, topic, title, view, and the text with its values filled in."""
    known = services.saved.catalogue.queries
    told = []
    for query in (known[name] for name in EXAMPLES if name in known):
        takes = any(parameter.name == "language" for parameter in query.parameters)
        text = services.saved.bound(query.name, [("language", language)] if takes else [])[2]
        title = query.title[language]
        told.append({"name": query.name, "tag": query.tags[0], "title": title, "view": query.view, "text": text})
    return told


@lru_cache(maxsize=2)
def terms(index: Index) -> Mapping[str, Sequence[str]]:
    """List the classes and properties that the editor completes: ours, and those that the graph uses."""
    own = {t.subject.value for t in index.snapshot.graphs[GRAPH_ONTOLOGY] if hasattr(t.subject, "value")}
    properties = set(index.uses)
    properties |= {i for i in own if i.startswith(DLG) and set(index.values(i, RDF_TYPE)) & set(_PROPERTIES)}
    classes = set(index.mapped.classes) | {i for i in own if OWL + "Class" in index.values(i, RDF_TYPE)}
    return {"class": sorted(classes), "property": sorted(properties)}


def display_map(index: Index, known: Mapping[str, Position], language: str) -> dict[str, object]:
    """Return the outline, where it shows our places, and the line from longitude to x and from latitude to y."""
    (x1, y1), (x2, y2) = (outline.project(*position) for position in _FAR)
    (east1, north1), (east2, north2) = _FAR
    across, down = (x2 - x1) / (east2 - east1), (y2 - y1) / (north2 - north1)
    return {
        "width": outline.WIDTH, "height": outline.HEIGHT, "margin": POINT, "outline": OUTLINE,
        "x": [round(x1 - across * east1, 2), round(across, 3)],
        "y": [round(y1 - down * north1, 2), round(down, 3)],
        "places": {
            iri: [*outline.project(*position), index.label(iri, language).value] for iri, position in known.items()
        },
    }  # fmt: skip


def words() -> dict[str, str]:
    """List the words that the scripts of the page show; ``{name}`` stands for a value."""
    return {
        "query": _("Query"), "download": _("Download the result"),
        "table": _("Table"), "graph": _("Graph"), "map": _("Map"), "timeline": _("Timeline"), "raw": _("As received"),
        "subject": _("Thing"), "property": _("Property"), "value": _("Value"), "yes": _("Yes"), "no": _("No"),
        "rows_in": _("{rows} rows in {seconds} s"), "no_rows": _("The answer has no rows."),
        "first_rows": _("The first {shown} of {total} rows are shown; the download has them all."),
        "too_many": _("A picture can show {most} of these, and there are {number}. The table has them all."),
        "first_drawn": _("The picture shows the first {most} of {number}. The table has them all."),
        "no_edges": _("No statement links one thing to another; the table has them all."),
        "graph_picture": _("A network of what is in the table below."),
        "graph_key": _("A point leads to its page, a line to the meaning of its property."),
        "map_picture": _("A map of the places in the table below."),
        "rows_off_map": _("Rows without a place on the map: {number}."),
        "timeline_picture": _("A timeline of what is in the table below."),
        "timeline_key": _("A bar runs from the first day of a row to the last; the dark part is certain."),
        "unreachable": _("No answer came. Try again in a moment."),
        "place": _("Line {line}, column {column}."), "go_there": _("Go to the place in the query"),
    }  # fmt: skip


def context(services: Services, index: Index, language: str, arguments: Arguments) -> dict[str, object]:
    """Gather the page of the editor."""
    del arguments
    told = examples(services, language)
    settings = {
        "language": language,
        "base": BASE,
        "joins": DLG + "linksOrganisation",
        "prefixes": dict(services.snapshot.prefixes),
        "terms": terms(index),
        "map": display_map(index, services.positions, language),
        "problems": {problem.code: _(problem.title) for problem in TABLE},
        "examples": [{"text": each["text"], "view": each["view"]} for each in told],
        "words": words(),
    }
    return {
        "has_library": bool(library()),
        "examples": list(enumerate(told)),
        "topics": topics(each["tag"] for each in told),
        "settings": settings,
    }
