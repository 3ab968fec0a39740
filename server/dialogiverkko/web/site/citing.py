"""How a page that answers a question of the reader's own is cited: one sentence with an address that lasts."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from dialogiverkko.graph.releases import Published
from dialogiverkko.web.services import Services, root_address

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Citation:
    """What stands in a list of references, and whether its address lasts."""

    text: str
    address: str
    is_released: bool
    last: Published | None = None
    """The last release that answers the same by saved questions."""
    questions: tuple[tuple[str, str], ...] = ()
    """Those questions over it: title and address."""


def cited(
    services: Services, language: str, page: str, title: str, questions: Sequence[tuple[str, Pairs]], data: str = ""
) -> Citation:
    """Cite a page by its path and query in the present data, and what a release answers.

    That is saved questions, and what the page tells as data, by the path and query of those.
    """
    release = services.saved.release
    address = (
        f"{root_address(services.settings.base_address)}{language}/{page}&{urlencode([('version', release.short)])}"
    )
    quoted = f"“{title}”" if language == "en" else f"”{title}”"
    text = f"Dialogiverkko {release.version} ({release.short}): {quoted}. {address}"
    names = {f"competency/{name}.rq" for name, _ in questions}
    last = next((each for each in reversed(services.releases.published) if names <= set(each.query_texts)), None)
    told = [_question(services, language, name, pairs, last) for name, pairs in questions] if last else []
    if last and data:
        told.append((f"{title} (JSON)", f"/{data}&{urlencode([('version', last.version), ('lang', language)])}"))
    return Citation(text, address, services.releases.has(release.digest), last, tuple(told))


def _question(services: Services, language: str, name: str, pairs: Pairs, last: Published) -> tuple[str, str]:
    title = services.saved.catalogue.get(name).title[language]
    return title, f"/queries/{name}?{urlencode([*pairs, ('version', last.version), ('lang', language)])}"
