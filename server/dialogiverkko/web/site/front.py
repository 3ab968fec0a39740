"""The pages that tell of the whole: home, organisations, what is missing, data, about, and the feed of versions."""

from dataclasses import dataclass

from flask_babel import format_decimal
from flask_babel import gettext as _

from dialogiverkko.graph import dates
from dialogiverkko.graph.dcat import DATASET
from dialogiverkko.graph.dumps import AnyDump
from dialogiverkko.namespaces import DCAT, DCTERMS, ID, ORG, SKOS
from dialogiverkko.network.links import STRENGTHS
from dialogiverkko.web.services import Services
from dialogiverkko.web.site import links, reference, rows, schema_org, sources, things
from dialogiverkko.web.site.index import Index
from dialogiverkko.web.site.paging import Arguments, paged

_ADMS = "http://www.w3.org/ns/adms#"
_CLASSES = (
    "Activity", "DialogueEvent", "DialogueSeries", "DialogicPractice", "SupportActivity", "Participation", "Count", "TimeSpan",
    "Objective", "Context", "PolicyInstrument", "WorkProduct", "CollaborationLink", "Passage", "KnownGap", "Remark",
)  # fmt: skip
_PROPERTIES = (
    "isReportedBy", "hasRealisationStatus", "hasOpenness", "usesMethod", "feedsInto", "isConnectedWith", "hasPlace",
    "assertionBasis", "isEvidencedBy", "mentions",
)  # fmt: skip
_GAPS = 5
"""How many known gaps the front page tells."""


@dataclass(frozen=True)
class GraphRow:
    """One named graph."""

    iri: str
    triples: int
    licence: str


def home(services: Services, index: Index, language: str, arguments: Arguments) -> dict[str, object]:
    """Gather the front page; it does not wait for the dumps to be written."""
    del arguments
    own = {c: len([i for i in index.all(c) if i.startswith(ID)]) for c in ("Activity", "Context", "KnownGap")}
    here = f"/{language}"
    figures = [
        (_("sources"), len(index.all("SourceDocument")), f"{here}/source"),
        (_("activities"), own["Activity"], f"{here}/activities"),
        (_("organisations"), len(index.of_class(ORG + "Organization")), f"{here}/organisations"),
        (
            _("projects, processes and events"),
            own["Context"],
            f"/queries/organisations-and-their-contexts?lang={language}",
        ),
        (_("links"), len(services.network.links), f"{here}/collaboration"),
        (_("passages"), len(index.passages), f"{here}/vocabulary#Passage"),
        (_("known gaps"), own["KnownGap"], f"{here}/missing"),
    ]
    return {
        "figures": figures,
        "gaps": index.sorted(index.all("KnownGap"), language)[:_GAPS],
        "index": index,
        "picture": links.at_home(index, services.network, language),
        "jsonld": schema_org.dataset(index, language, []),
    }


def missing(services: Services, index: Index, language: str, arguments: Arguments) -> dict[str, object]:
    """Gather what is known to be missing, and what nobody told, each list in pages."""
    del services
    told = {
        "undated": things.without_time(index, language), "unplaced": things.without_place(index, language),
        **things.organisers(index, language),
    }  # fmt: skip
    timed = {a for name in ("DialogueEvent", "DialogueSeries") for a in index.all(name)}
    lists = {name: paged(found, arguments, name) for name, found in told.items()}
    gaps = paged(index.sorted(index.all("KnownGap"), language), arguments, "gaps")
    answered = sum(len(told[name]) for name in ("stated", "implied", "unorganised"))
    return {"gaps": gaps, "index": index, "timed": len(timed), "total": answered, **lists}


def data(services: Services, index: Index, language: str, arguments: Arguments) -> dict[str, object]:
    """Gather the downloads with their sizes and checksums, the named graphs and the ways in."""
    del arguments
    files: list[AnyDump] = list(services.dumps.values())
    graphs = [
        GraphRow(name, triples, index.value(name, DCTERMS + "license"))
        for name, triples in sorted(services.snapshot.counts.items())
    ]
    return {
        "files": files, "graphs": graphs, "tables": rows.NAMES, "titles": {g.iri: _title(index, g.iri, language) for g in graphs},
        "total": format_decimal(len(services.snapshot.merged)), "number": format_decimal, "version": index.value(DATASET, DCAT + "version"),
        "issued": dates.day(index.value(DATASET, DCTERMS + "issued"), language), "queries": len(services.saved.catalogue.public()),
        "is_released": services.releases.has(services.snapshot.digest), "jsonld": schema_org.dataset(index, language, files),
    }  # fmt: skip


def _title(index: Index, graph: str, language: str) -> object:
    """Return what a graph is called; that of a source is called as the source is."""
    document = f"{ID}doc/{graph.rsplit('/', 1)[-1]}"
    return index.text(document, language, SKOS + "prefLabel") or index.text(graph, language, DCTERMS + "title")


def about(services: Services, index: Index, language: str, arguments: Arguments) -> dict[str, object]:
    """Gather what the page about the service tells, every number counted."""
    del arguments
    texts = [source for source in sources.every(index, language) if source.holds_text]
    known = {t.name: t for kind in ("class", "object", "datatype") for t in reference.terms(index, language)[kind]}
    issued = index.value(DATASET, DCTERMS + "issued")
    return {
        "texts": texts,
        "others": len(index.all("SourceDocument")) - len(texts),
        "day": lambda iso: dates.day(iso, language),
        "original": lambda iri: index.text(iri, "fi", DCTERMS + "title"),
        "items": index.count("ListItem"),
        "phrases": len(index.passages) - index.count("ListItem") - index.count("Section"),
        "classes": [known[name] for name in _CLASSES], "properties": [known[name] for name in _PROPERTIES],
        "strengths": [f"https://w3id.org/dialogiverkko/vocab/strength/{s}" for s in STRENGTHS],
        "bases": index.pointing("https://w3id.org/dialogiverkko/vocab/basis", SKOS + "inScheme"),
        "definition": lambda iri: index.text(iri, language, SKOS + "definition"),
        "version": services.releases.present.version, "issued": dates.day(issued, language),
        "versions": versions(services, language), "cited": _cited(services, issued),
        "is_released": services.releases.has(services.snapshot.digest),
        "title": index.text(DATASET, language, DCTERMS + "title"),
        "notes": index.text(DATASET, language, _ADMS + "versionNotes"), "digest": services.snapshot.digest,
        "creator": index.text("https://w3id.org/dialogiverkko/ns", language, DCTERMS + "creator"), "logs_queries": services.settings.log_queries,
    }  # fmt: skip


def _cited(services: Services, issued: str) -> dict[str, str]:
    """Return the release to cite: the last one; of data that were never released, the present."""
    last = next(iter(versions(services)), None)
    present = services.releases.present
    cited = last or {"version": present.version, "digest": present.digest, "issued": issued}
    return {name: cited[name] for name in ("version", "digest", "issued")}


def versions(services: Services, language: str = "en") -> list[dict[str, str]]:
    """List the releases, the newest first, each with the one before it."""
    published = services.releases.published
    before = [""] + [each.version for each in published]
    return [
        {
            "iri": f"{DATASET}/{each.version}", "version": each.version, "issued": each.issued,
            "day": dates.day(each.issued, language), "notes": each.notes[language], "digest": each.digest,
            "before": previous,
        }
        for each, previous in reversed(list(zip(published, before, strict=False)))
    ]  # fmt: skip
