"""The sitemap in files of a size that crawlers take: pages of the site, saved queries, and things."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from dialogiverkko.namespaces import ID, LANGUAGES, VOCAB
from dialogiverkko.web.services import Services
from dialogiverkko.web.site import things
from dialogiverkko.web.site.index import Index, address

PAGES_IN_A_FILE = 1_000
"""How many pages, each in every language, one file lists."""

Addresses = Mapping[str, str]
"""The address of one page in each language."""


def files(services: Services, index: Index, names: Sequence[str]) -> list[list[Addresses]]:
    """Return the pages of each file; ``names`` are the site's own views."""
    found = {i for c in things.SHOWN for i in index.of_class(c) if i.startswith((ID, VOCAB))}
    pages: list[Addresses] = [{code: f"/{code}/{name}" for code in LANGUAGES} for name in names]
    questions = sorted(query.name for query in services.saved.catalogue.public())
    pages += [{code: f"/queries/{name}?lang={code}" for code in LANGUAGES} for name in questions]
    versions = [each.version for each in services.releases.published]
    spans = [
        "",
        *(f"/{one}..{other}" for one, other in pairwise(dict.fromkeys([*versions, services.releases.present.version]))),
    ]
    pages += [{code: f"/changes{span}?lang={code}" for code in LANGUAGES} for span in spans]
    pages += [{code: address(iri, code) for code in LANGUAGES} for iri in sorted(found)]
    return [pages[start : start + PAGES_IN_A_FILE] for start in range(0, len(pages), PAGES_IN_A_FILE)]
