"""What agents and catalogues of data read: a text for language models, and the tables in Croissant."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, request

from dialogiverkko.graph.dcat import DATASET
from dialogiverkko.media import CSV, JSON_LD, MediaType
from dialogiverkko.namespaces import BASE, DCAT, DCTERMS, SCHEMA
from dialogiverkko.saved.asked import Asked
from dialogiverkko.saved.catalogue import NamedQuery
from dialogiverkko.web.http import sheets
from dialogiverkko.web.http.representation import FIVE_MINUTES, represent
from dialogiverkko.web.http.sheets import Cell, Sheet
from dialogiverkko.web.languages import told_in
from dialogiverkko.web.services import Services, root_address
from dialogiverkko.web.site import rows
from dialogiverkko.web.site.index import Index

MARKDOWN = MediaType("text/plain", "txt", "Text")
CROISSANT = "http://mlcommons.org/croissant/1.0"
_LANGUAGE = "en"
_URLS = frozenset(("id", "page", "website", "link"))
"""Columns that hold one address."""

Document = dict[str, Any]  # Any: a JSON document


def blueprint(services: Services, index: Index) -> Blueprint:
    """Make the routes."""
    routes = Blueprint("machines", __name__)

    @routes.get("/llms.txt")
    def llms() -> Response:
        Asked(request.args.items(multi=True), ())
        body = for_models(services, index, root_address(services.settings.base_address)).encode()
        return represent(services, body, MARKDOWN, seconds=FIVE_MINUTES)

    @routes.get("/croissant.jsonld")
    def tables() -> Response:
        Asked(request.args.items(multi=True), ())
        document = croissant(services, index, root_address(services.settings.base_address))
        body = json.dumps(document, ensure_ascii=False, indent=1).encode()
        return represent(services, body, JSON_LD, seconds=FIVE_MINUTES)

    @routes.get("/frame.jsonld")
    def frame() -> Response:
        Asked(request.args.items(multi=True), ())
        return represent(services, services.written_frame, JSON_LD, seconds=FIVE_MINUTES)

    return routes


# --- llms.txt (https://llmstxt.org/) --------------------------------------------------------------


def for_models(services: Services, index: Index, root: str) -> str:
    """Write what a language model needs to ask us well: what there is, how to ask, what not to conclude."""
    release = services.saved.release
    about = index.text(DATASET, _LANGUAGE, DCTERMS + "description")
    public = services.saved.catalogue.public()
    return "\n".join(
        [
            "# Dialogiverkko",
            "",
            f"> {about.value if about else ''}",
            "",
            f"Version {release.version}, digest {release.digest}. Licence CC BY 4.0. Languages: fi, sv, en (`lang=`).",
            "Every fact leads to its source and words (`passage`, `quote`): cite them, with the version and the digest.",
            "An empty answer does not mean that there is nothing: what is known to be missing is at "
            f"{root}{_LANGUAGE}/missing. The data hold no persons and not the texts of the sources.",
            "Prefer a ready-made question to SPARQL of your own; names of things are found by "
            f"{root}reconcile?queries= (Reconciliation API 0.2).",
            "",
            "## Ask",
            "",
            f"- [Ready-made questions]({root}queries.json?lang={_LANGUAGE}): {len(public)} questions with their parameters",
            f"- [OpenAPI]({root}openapi.json): the same and everything else, described for programs",
            f"- [SPARQL endpoint]({root}sparql): SPARQL 1.1, read-only, default graph is everything",
            f"- [Collaboration network]({root}collaboration.json): who works with whom, through what, on which words",
            f"- [Tables]({root}{_LANGUAGE}/data#tables): activities, organisations, links, places and sources",
            "",
            "## Understand",
            "",
            f"- [Vocabulary]({root}{_LANGUAGE}/vocabulary): what each class and property means",
            f"- [JSON-LD context]({root}context.jsonld) and [frame]({root}frame.jsonld)",
            f"- [Catalogue]({root}{_LANGUAGE}/catalogue): the data set, its files and its licence",
            f"- [Releases]({root}changes?lang={_LANGUAGE}): each answers for ever by `version=`",
            "",
            "## Questions",
            "",
            *(_question(query, root) for query in public),
            "",
        ]
    )  # fmt: skip


def _question(query: NamedQuery, root: str) -> str:
    suffix = "jsonld" if query.is_graph else "json"
    address = f"{root}queries/{query.name}.{suffix}?lang={_LANGUAGE}"
    return f"- [{query.title[_LANGUAGE]}]({address}): {query.question[_LANGUAGE]}"


# --- Croissant 1.0 --------------------------------------------------------------------------------


def croissant(services: Services, index: Index, root: str) -> Document:
    """Describe the tables as data sets are described to machine learning: files, records, and what each column holds."""
    with told_in(_LANGUAGE):
        sheets_of = {name: make(services, index, _LANGUAGE) for name, make in rows.TABLES.items()}
    title = index.text(DATASET, _LANGUAGE, DCTERMS + "title")
    about = index.text(DATASET, _LANGUAGE, DCTERMS + "description")
    maker = {"@type": "sc:Organization", "name": "Dialogiverkko", "url": BASE}
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "@id": DATASET,
        "conformsTo": CROISSANT,
        "name": "dialogiverkko",
        "alternateName": title.value if title else "Dialogiverkko",
        "description": about.value if about else "",
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "url": BASE,
        "version": _semantic(services.saved.release.version),
        "citeAs": f"Dialogiverkko {services.saved.release.version} ({services.saved.release.short}). {BASE}",
        "creator": maker,
        "publisher": maker,
        "datePublished": index.value(DATASET, DCTERMS + "issued"),
        "dateModified": index.value(DATASET, DCTERMS + "modified"),
        "inLanguage": [_LANGUAGE],
        "keywords": sorted(index.values(DATASET, DCAT + "keyword")),
        "distribution": [_file(name, sheet, root) for name, sheet in sheets_of.items()],
        "recordSet": [_records(name, sheet) for name, sheet in sheets_of.items()],
    }


def _semantic(version: str) -> str:
    """Write a version as MAJOR.MINOR.PATCH, with what precedes a release behind a hyphen."""
    head, dot, rest = version.partition(".dev")
    return f"{head}-dev.{rest}" if dot else head


def _file(name: str, sheet: Sheet, root: str) -> Document:
    body = sheets.write_sheet(sheet, CSV)
    return {
        "@type": "cr:FileObject",
        "@id": f"{name}.csv",
        "name": f"{name}.csv",
        "contentUrl": f"{root}tables/{name}.csv?lang={_LANGUAGE}",
        "encodingFormat": CSV.name,
        "contentSize": f"{len(body)} B",
        "sha256": hashlib.sha256(body).hexdigest(),
    }


def _records(name: str, sheet: Sheet) -> Document:
    fields = []
    for number, (key, heading) in enumerate(zip(sheet.keys, sheet.headings, strict=True)):
        fields.append(
            {
                "@type": "cr:Field",
                "@id": f"{name}/{key}",
                "name": key,
                "description": heading,
                "dataType": _type(key, [row[number] for row in sheet.rows]),
                "source": {"fileObject": {"@id": f"{name}.csv"}, "extract": {"column": key}},
            }
        )
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "key": {"@id": f"{name}/{sheet.keys[0]}"},
        "field": fields,
    }


def _type(key: str, cells: Sequence[Cell]) -> str:
    known = [cell for cell in cells if cell not in (None, "")]
    if known and all(isinstance(cell, int) for cell in known):
        return "sc:Integer"
    if known and all(isinstance(cell, int | float) for cell in known):
        return "sc:Float"
    return "sc:URL" if key in _URLS else "sc:Text"


_CONTEXT: Document = {
    "@language": "en", "@vocab": SCHEMA, "citeAs": "cr:citeAs", "column": "cr:column",
    "conformsTo": "dct:conformsTo", "cr": "http://mlcommons.org/croissant/", "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"}, "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": DCTERMS, "examples": {"@id": "cr:examples", "@type": "@json"}, "extract": "cr:extract",
    "field": "cr:field", "fileProperty": "cr:fileProperty", "fileObject": "cr:fileObject", "fileSet": "cr:fileSet",
    "format": "cr:format", "includes": "cr:includes", "isLiveDataset": "cr:isLiveDataset", "jsonPath": "cr:jsonPath",
    "key": "cr:key", "md5": "cr:md5", "parentField": "cr:parentField", "path": "cr:path", "recordSet": "cr:recordSet",
    "references": "cr:references", "regex": "cr:regex", "repeated": "cr:repeated", "replace": "cr:replace",
    "sc": SCHEMA, "separator": "cr:separator", "source": "cr:source", "subField": "cr:subField",
    "transform": "cr:transform",
}  # fmt: skip
"""The context that Croissant 1.0 prescribes."""
