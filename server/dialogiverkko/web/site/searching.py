"""The page of the search: what is found by words, the best first, by kind, and what is near where nothing is."""

from urllib.parse import urlencode

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from dialogiverkko.namespaces import DCTERMS, DLG, ID, OA, ORG, RDFS, SKOS, VOCAB
from dialogiverkko.saved.asked import Asked
from dialogiverkko.search import asked as asking
from dialogiverkko.search.finding import Found, Hit
from dialogiverkko.search.words import split
from dialogiverkko.web.services import Services
from dialogiverkko.web.site import related, sources, things, ways
from dialogiverkko.web.site.index import Index, Text, address
from dialogiverkko.web.site.paging import Arguments, paged

NAMES = ("q", "kind", "page")
"""The arguments of the page, in the order of its address."""
KINDS: dict[str, tuple[LazyString, LazyString]] = {
    "organisation": (_("Organisation"), _("Organisations")),
    "activity": (_("Activity"), _("Activities")),
    "concept": (_("Concept"), _("Concepts")),
    "question": (_("Ready-made question"), _("Questions")),
    "place": (_("Place"), _("Places")),
    "process": (_("Policy process"), _("Policy processes")),
    "project": (_("Project"), _("Projects")),
    "programme": (_("Programme"), _("Programmes")),
    "instrument": (_("Policy instrument"), _("Policy instruments")),
    "product": (_("Work product"), _("Work products")),
    "occasion": (_("Host event"), _("Host events")),
    "source": (_("Source"), _("Sources")),
    "quotation": (_("Words of a source"), _("Words of sources")),
    "link": (_("Link between organisations"), _("Links between organisations")),
    "gap": (_("Known gap"), _("Known gaps")),
    "remark": (_("Remark"), _("Remarks")),
    "term": (_("Term of the vocabulary"), _("Terms of the vocabulary")),
}
"""What one thing of a kind is called, and several."""
_PARTIES = 2
"""How many of those who take part in an activity a result names."""
_ABOUT = (SKOS + "definition", DCTERMS + "description", RDFS + "comment")


def canonical(services: Services, arguments: Arguments) -> str:
    """Return the one query string of a search; what is not known is refused."""
    del services
    asked = Asked(arguments.items(multi=True), NAMES)
    words = " ".join(asked.one("q").split())
    pairs = [("q", words), ("kind", asked.one("kind", asking.KINDS) if words else "")]
    page = asked.number("page")
    pairs.append(("page", page if words and page != "1" else ""))
    return urlencode([pair for pair in pairs if pair[1]])


def context(services: Services, index: Index, language: str, arguments: Arguments) -> dict[str, object]:
    """Gather what is found, and how much of it there is of each kind."""
    words = arguments.get("q", "")
    everything = services.search.find(words, language) if words else Found()
    kind = arguments.get("kind", "")
    found = services.search.find(words, language, kind) if words and kind else everything
    page = paged(found.hits, arguments)
    return {
        "words": words,
        "is_readable": not words or bool(split(words)),
        "found": everything,
        "page": page,
        "between": ways.between(services, index, words, language),
        "ways": ways.pages(words, language),
        "rows": [_row(index, hit, language) for hit in page.items],
        "kind": kind,
        "counts": everything.kinds(),
        "kinds": KINDS,
        "data_query": urlencode([("q", words), ("lang", language)]),
    }


def _row(index: Index, hit: Hit, language: str) -> dict[str, object]:
    """Gather one result: where it leads, what it is called, of which kind it is, and what it is about."""
    row: dict[str, object] = {
        "hit": hit,
        "href": href(hit, language),
        "about": _about(index, hit, language),
        "kind": KINDS[hit.kind][0],
    }
    if hit.kind == "concept":
        scheme = f"{VOCAB}{hit.scheme}"
        row["scheme"] = index.label(scheme, language) if scheme in index else None
    if hit.kind == "quotation":
        row["document"] = index.value(hit.iri, OA + "hasSource")
    return row


def place(hit: Hit, language: str) -> dict[str, object]:
    """Return where a hit has its page, and what its kind is called in the present language."""
    return {"page": href(hit, language), "kindLabel": str(KINDS[hit.kind][0])}


def href(hit: Hit, language: str) -> str:
    """Return the page of a hit: a question's own, which lies among the questions, else that of the thing."""
    if hit.kind == "question":
        return f"/queries/{hit.iri.removeprefix(ID + 'query/')}?lang={language}"
    return address(hit.iri, language)


def _about(index: Index, hit: Hit, language: str) -> Text | None:
    if hit.kind in ("quotation", "link"):
        return None
    if hit.kind == "organisation":
        kind = index.value(hit.iri, ORG + "classification")
        return index.label(kind, language) if kind else None
    if hit.kind == "source":
        return Text(sources.host(index, hit.iri, language), "")
    if hit.kind == "place":
        kind = index.value(hit.iri, DCTERMS + "type")
        return index.label(kind, language) if kind else None
    if hit.kind == "activity":
        return index.text(hit.iri, language, *_ABOUT) or _facts(index, hit.iri, language)
    return index.text(hit.iri, language, *_ABOUT) if hit.iri.startswith((VOCAB, DLG)) or hit.kind in KINDS else None


def _facts(index: Index, activity: str, language: str) -> Text | None:
    """Say when an activity was and who takes part in it, where nothing describes it."""
    names = dict.fromkeys(index.label(part.who, language).value for part in things.parts(index, activity) if part.who)
    told = [*related.times(index, activity, language)[:1], *list(names)[:_PARTIES]]
    return Text(" · ".join(told), "") if told else None
