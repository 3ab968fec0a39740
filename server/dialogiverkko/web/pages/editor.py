"""The query editor: the library that make assets brings, and what the page gives it to begin with."""

from functools import lru_cache
from importlib import resources

from flask_babel import gettext as _

from dialogiverkko.namespaces import DLG, GRAPH_ONTOLOGY, RDF_TYPE
from dialogiverkko.web.pages.index import Index
from dialogiverkko.web.services import Services

LIBRARY = {"yasgui.min.js": "text/javascript", "yasgui.min.css": "text/css"}
POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; script-src 'self'; img-src 'self' data:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""The editor writes sizes and positions into style attributes; scripts stay as strict as elsewhere."""
EXAMPLES = (
    "who-worked-with-an-organisation", "methods-by-number-of-organisations", "what-fed-a-policy-process",
    "activities-without-a-stated-time", "evidence-of-a-thing",
)  # fmt: skip
_OWL = "http://www.w3.org/2002/07/owl#"
_PROPERTIES = (_OWL + "ObjectProperty", _OWL + "DatatypeProperty")


@lru_cache(maxsize=1)
def library() -> dict[str, bytes]:
    """Read the library's files; without all of them there is none, and the page is a plain form."""
    folder = resources.files("dialogiverkko.web") / "static" / "vendor"
    files = {name: folder / name for name in LIBRARY}
    if not all(file.is_file() for file in files.values()):
        return {}
    return {name: file.read_bytes() for name, file in files.items()}


def examples(use: Services, language: str) -> list[tuple[str, str, str]]:
    """Tell the name, the title and the text, with its values filled in, of the saved queries to begin with."""
    known = use.saved.catalogue.queries
    answers = [use.saved.ask(name, [("language", language)]) for name in EXAMPLES if name in known]
    return [(a.query.name, a.query.title[language], a.text) for a in answers]


def terms(index: Index) -> dict[str, list[str]]:
    """Tell the classes and properties that the editor completes: ours, and those that the graph uses."""
    own = {t.subject.value for t in index.snapshot.graphs[GRAPH_ONTOLOGY] if hasattr(t.subject, "value")}
    properties = {p for pairs in index.out.values() for p, _ in pairs}
    properties |= {i for i in own if i.startswith(DLG) and set(index.values(i, RDF_TYPE)) & set(_PROPERTIES)}
    classes = set(index.by_class) | {i for i in own if _OWL + "Class" in index.values(i, RDF_TYPE)}
    return {"class": sorted(classes), "property": sorted(properties)}


def context(use: Services, index: Index, language: str) -> dict[str, object]:
    """Gather the page of the editor."""
    told = examples(use, language)
    settings = {
        "prefixes": dict(use.snapshot.prefixes),
        "terms": terms(index),
        "examples": [text for _, _, text in told],
        "words": {"query": _("Query"), "run": _("Run"), "filter": _("Filter"), "rows": _("Rows")},
    }
    return {"has_library": bool(library()), "examples": told, "settings": settings}
