"""The catalogue for people: what the data set is, its files, its services, and the descriptions that programs read."""

from dataclasses import dataclass

from dialogiverkko.graph import dates
from dialogiverkko.graph.dcat import CATALOGUE, DATASET, ENDPOINT
from dialogiverkko.namespaces import BASE, DCAT, DCTERMS, FOAF
from dialogiverkko.web.services import Services
from dialogiverkko.web.site.index import Index, Text
from dialogiverkko.web.site.paging import Arguments


@dataclass(frozen=True)
class File:
    """One distribution: its title, what it holds, its type, and where it lies in this copy."""

    title: Text
    told: Text | None
    media_type: str
    address: str


def context(services: Services, index: Index, language: str, arguments: Arguments) -> dict[str, object]:
    """Gather the page, all of it as the catalogue states it."""
    del services, arguments
    text, value = index.text, index.value
    period = value(DATASET, DCTERMS + "temporal")
    return {
        "dataset": DATASET,
        "catalogue_title": text(CATALOGUE, language, DCTERMS + "title"),
        "dataset_title": text(DATASET, language, DCTERMS + "title"),
        "about": text(DATASET, language, DCTERMS + "description"),
        "publisher": value(value(DATASET, DCTERMS + "publisher"), FOAF + "name"),
        "issued": dates.day(value(DATASET, DCTERMS + "issued"), language),
        "modified": dates.day(value(DATASET, DCTERMS + "modified"), language),
        "years": (value(period, DCAT + "startDate")[:4], value(period, DCAT + "endDate")[:4]),
        "keywords": sorted(
            found.value for found in index.said(DATASET, DCAT + "keyword") if getattr(found, "language", "") == language
        ),
        "files": files(index, language),
        "service": text(ENDPOINT, language, DCTERMS + "title"),
    }


def files(index: Index, language: str) -> list[File]:
    """List the distributions by their addresses: the whole first, then tables and pictures."""
    found = []
    for iri in index.values(DATASET, DCAT + "distribution"):
        title = index.text(iri, language, DCTERMS + "title") or Text(iri, "")
        address = "/" + index.value(iri, DCAT + "downloadURL").removeprefix(BASE)
        media_type = index.value(iri, DCAT + "mediaType").partition("media-types/")[2]
        found.append(File(title, index.text(iri, language, DCTERMS + "description"), media_type, address))
    return sorted(found, key=lambda each: (not each.address.startswith("/dumps/"), each.address))
