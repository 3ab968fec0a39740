"""Pages that rows cite: each is a source of its own, named by its address."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

from dialogiverkko.graph.source.reading import Words
from dialogiverkko.graph.tables.cells import slug
from dialogiverkko.namespaces import LANGUAGES

_LONGEST = 48
_WORD = re.compile(r"[^\W\d_]+")
_WORDS = {
    "fi": "ja on oli ovat että joka dialogi dialogit dialogeja keskustelu mukana sekä vuonna kanssa",
    "sv": "och att av på för är den det som om till med var har deltog samtal dialoger höst vår år",
    "en": "the of and in on was were with to for by people took part dialogue dialogues have has are",
}
_ENDINGS = {
    "fi": ("ssa", "ssä", "sta", "stä", "lla", "llä", "iin", "ään", "inen"),
    "sv": ("erna", "ningen", "ades"),
    "en": (),
}


def host_of(address: str) -> str:
    """Return the host of an address as people know it."""
    return (urlsplit(address).hostname or "").removeprefix("www.")


def page_slug(address: str) -> str:
    """Return the lasting name of a page: its host, the end of its path, and a digest that keeps it apart."""
    path = unquote(urlsplit(address).path).rstrip("/").rsplit("/", 1)[-1]
    words = slug(f"{host_of(address)}-{path}")[:_LONGEST].strip("-")
    return f"{words}-{hashlib.sha256(address.encode()).hexdigest()[:6]}"


def language_of(address: str, words: str) -> str:
    """Return the language of a page by its words, and where they say nothing by its address."""
    found = [word.casefold() for word in _WORD.findall(words)]
    scores = {
        code: sum(word in known.split() or word.endswith(_ENDINGS[code] or ("\0",)) for word in found)
        for code, known in _WORDS.items()
    }
    for code, mark in (("sv", r"/sv(/|$)|sv_SE|dialogpaus\.fi"), ("en", r"/en(/|$)|en_US|timeoutdialogue|eda\.ee")):
        if re.search(mark, address):
            scores[code] += 2
    best = max(scores, key=lambda code: scores[code])
    return best if scores[best] else "fi"


def title_of(address: str, names: dict[str, str], *, report: bool = False) -> dict[str, str]:
    """Return what a page or report is called here: where it lies, and of which dialogue it tells first."""
    host = host_of(address)
    any_name = next(iter(names.values()), "")
    about = {code: names.get(code, any_name) for code in LANGUAGES}
    what = ("Raportti", "Rapport", "Report") if report else ("Sivu", "Sida", "Page")
    return {
        "fi": f"{what[0]} sivustolla {host}: {about['fi']}",
        "sv": f"{what[1]} på {host}: {about['sv']}",
        "en": f"{what[2]} on {host}: {about['en']}",
    }


def told_apart(titles: Mapping[str, Words]) -> dict[str, Words]:
    """Number the titles that several pages would share, in the order of their addresses."""
    sharing: dict[str, list[str]] = defaultdict(list)
    for address, title in sorted(titles.items()):
        sharing[title.texts().get("fi", "")].append(address)
    numbers = {a: n for shared in sharing.values() if len(shared) > 1 for n, a in enumerate(shared, 1)}
    return {
        address: title.model_copy(update={code: f"{text} ({numbers[address]})" for code, text in title.texts().items()})
        if address in numbers
        else title
        for address, title in titles.items()
    }
