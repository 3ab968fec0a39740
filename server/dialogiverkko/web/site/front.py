"""The pages that tell of the whole: home, organisations, what is missing, data, about, and the feed of versions."""

from dataclasses import dataclass

from flask_babel import format_decimal
from flask_babel import gettext as _

from dialogiverkko.graph.describe import DATASET, DCAT
from dialogiverkko.graph.dumps import Dump
from dialogiverkko.namespaces import DLG, GRAPH_SOURCE, ID
from dialogiverkko.web import fuzzy
from dialogiverkko.web.services import Services
from dialogiverkko.web.site import facets, pictures, reference, schema_org, things
from dialogiverkko.web.site.index import DCTERMS, Index

ORG = "http://www.w3.org/ns/org#"
_ADMS = "http://www.w3.org/ns/adms#"
_CLASSES = (
    "Activity", "DialogueEvent", "DialogueSeries", "DialogicPractice", "SupportActivity", "Participation", "Count", "TimeSpan",
    "Objective", "Context", "PolicyInstrument", "WorkProduct", "CollaborationLink", "Passage", "KnownGap", "Remark",
)  # fmt: skip
_PROPERTIES = (
    "isReportedBy", "hasRealisationStatus", "hasOpenness", "usesMethod", "feedsInto", "isConnectedWith", "hasPlace",
    "assertionBasis", "isEvidencedBy", "mentions",
)  # fmt: skip


@dataclass(frozen=True)
class GraphRow:
    """One named graph."""

    iri: str
    triples: int
    licence: str


def home(use: Services, index: Index, language: str) -> dict[str, object]:
    """Gather the front page; it does not wait for the dumps to be written."""
    del use
    own = {
        c: len([i for i in index.all(c) if i.startswith(ID)])
        for c in ("Activity", "Context", "Participation", "KnownGap")
    }
    here = f"/{language}"
    figures = [
        (_("activities"), own["Activity"], f"{here}/activities"),
        (_("organisations"), len(index.by_class.get(ORG + "Organization", ())), f"{here}/organisations"),
        (
            _("projects, processes and occasions"),
            own["Context"],
            f"/queries/organisations-and-their-contexts?lang={language}",
        ),
        (_("participations"), own["Participation"], f"{here}/vocabulary#Participation"),
        (_("passages"), len(index.passages), f"{here}/source"),
        (_("known gaps"), own["KnownGap"], f"{here}/missing"),
    ]
    return {
        "figures": figures,
        "gaps": index.sorted(index.all("KnownGap"), language),
        "index": index,
        "picture": pictures.network(index, language),
        "jsonld": schema_org.dataset(index, language, []),
    }


def organisations(use: Services, index: Index, language: str) -> dict[str, object]:
    """Gather the list of organisations: those that the listing asked, and the others that it names."""
    del use
    listed = things.listed_organisations(index)
    rows = [
        (o, len(things.activities_of(index, o)), _links_of(index, o), things.gaps_of(index, o), facets.short(o))
        for o in index.sorted(listed, language)
    ]
    others = [o for o in index.sorted(index.by_class.get(ORG + "Organization", ()), language) if o not in listed]
    kinds = {o: index.value(o, ORG + "classification") for o in others}
    names = [(o, _links_of(index, o), kinds[o]) for o in others]
    return {"rows": rows, "others": names}


def _links_of(index: Index, organisation: str) -> int:
    return len(index.pointing(organisation, DLG + "linksOrganisation"))


def missing(use: Services, index: Index, language: str) -> dict[str, object]:
    """Gather what is known to be missing, and what nobody told."""
    del use
    told = {
        "undated": things.without_time(index, language), "unplaced": things.without_place(index, language),
        "unorganised": things.without_organiser(index, language),
    }  # fmt: skip
    timed = {a for name in ("DialogueEvent", "DialogueSeries") for a in index.all(name)}
    return {"gaps": index.sorted(index.all("KnownGap"), language), "index": index, "timed": len(timed),
            "total": len(index.all("Activity")), **told}  # fmt: skip


def data(use: Services, index: Index, language: str) -> dict[str, object]:
    """Gather the downloads with their sizes and checksums, the named graphs and the ways in."""
    files: list[Dump] = list(use.dumps.values())
    graphs = [
        GraphRow(name, triples, index.value(name, DCTERMS + "license"))
        for name, triples in sorted(use.snapshot.counts.items())
    ]
    return {
        "files": files, "graphs": graphs, "titles": {g.iri: _title(index, g.iri, language) for g in graphs},
        "total": format_decimal(len(use.snapshot.merged)), "number": format_decimal, "version": index.value(DATASET, DCAT + "version"),
        "issued": fuzzy.day(index.value(DATASET, DCTERMS + "issued"), language), "queries": len(use.saved.catalogue.public()),
        "versions": len(versions(use, index)), "jsonld": schema_org.dataset(index, language, files),
    }  # fmt: skip


def _title(index: Index, graph: str, language: str) -> object:
    return index.text(graph, language, DCTERMS + "title")


def about(use: Services, index: Index, language: str) -> dict[str, object]:
    """Gather what the page about the service tells, every number counted."""
    document = index.all("SourceDocument")[0]
    known = {t.name: t for kind in ("class", "object", "datatype") for t in reference.terms(index, language)[kind]}
    publisher = index.value(document, DCTERMS + "publisher")
    issued = index.value(DATASET, DCTERMS + "issued")
    return {
        "document": document, "publisher": publisher, "page": index.value(document, "http://xmlns.com/foaf/0.1/page"),
        "published": fuzzy.day(index.value(document, DCTERMS + "issued"), language),
        "stands": fuzzy.day(index.value(document, DLG + "referenceDate"), language),
        "original": index.text(document, "fi", DCTERMS + "title"),
        "items": len([p for p in index.passages.values() if p.is_item]),
        "phrases": len([p for p in index.passages.values() if p.is_fine]),
        "outside": len([g for g in use.snapshot.counts if g.startswith(GRAPH_SOURCE)]),
        "classes": [known[name] for name in _CLASSES], "properties": [known[name] for name in _PROPERTIES],
        "strengths": [f"https://w3id.org/dialogiverkko/vocab/strength/{s}" for s in things.STRENGTHS],
        "bases": index.pointing("https://w3id.org/dialogiverkko/vocab/basis", "http://www.w3.org/2004/02/skos/core#inScheme"),
        "definition": lambda iri: index.text(iri, language, "http://www.w3.org/2004/02/skos/core#definition"),
        "version": index.value(DATASET, DCAT + "version"), "issued": fuzzy.day(issued, language), "year": issued[:4],
        "title": index.text(DATASET, language, DCTERMS + "title"),
        "notes": index.text(DATASET, language, _ADMS + "versionNotes"), "digest": use.snapshot.digest,
        "creator": index.value("https://w3id.org/dialogiverkko/ns", DCTERMS + "creator"), "logs_queries": use.settings.log_queries,
    }  # fmt: skip


def versions(use: Services, index: Index) -> list[dict[str, str]]:
    """Tell the versions of the dataset that the graph knows, the newest first."""
    found = []
    for iri in [DATASET, *index.values(DATASET, DCAT + "previousVersion")]:
        notes = index.text(iri, "en", _ADMS + "versionNotes")
        issued = index.value(iri, DCTERMS + "issued")
        found.append({
            "iri": f"{DATASET}/{index.value(iri, DCAT + 'version')}", "version": index.value(iri, DCAT + "version"),
            "issued": issued, "updated": index.value(iri, DCTERMS + "modified") or issued,
            "notes": notes.value if notes else "", "digest": use.snapshot.digest if iri == DATASET else "",
        })  # fmt: skip
    return sorted(found, key=lambda v: v["issued"], reverse=True)
