"""What is searched: the names, the surroundings and the texts of each thing that has a page."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode

from dialogiverkko.graph.load import Snapshot
from dialogiverkko.namespaces import BASE, DCTERMS, DLG, ID, RDFS, SKOS, SRC, VOCAB

CV = "http://data.europa.eu/m8g/"
NAMES = (SKOS + "prefLabel", RDFS + "label", DCTERMS + "title", DLG + "quotation")
OTHER_NAMES = (SKOS + "altLabel",)
TEXTS = (
    SKOS + "definition", SKOS + "example", RDFS + "comment", DCTERMS + "description", DLG + "objectiveText",
    DLG + "guidingQuestion", DLG + "remarkText",
)  # fmt: skip
NEAR = (
    DLG + "isReportedBy", DLG + "usesMethod", DLG + "hasPlace", DLG + "aboutPlace", DLG + "isDispersedAcross",
    DLG + "isPartOf", DCTERMS + "subject", CV + "hasParticipant", DLG + "participantKind", DCTERMS + "publisher",
)  # fmt: skip
PREDICATES = (*NAMES, *OTHER_NAMES, *TEXTS, *NEAR)
"""All that is read of the graph for the search."""
KINDS = {
    "org": "organisation", "doc": "source", "query": "question", "activity": "activity", "place": "place",
    "process": "process", "programme": "programme", "project": "project", "instrument": "instrument",
    "product": "product", "occasion": "occasion", "gap": "gap", "remark": "remark", "link": "link",
}  # fmt: skip
"""The kinds of things by the part of their IRIs that tells; others are concept, quotation and term."""
WEIGHTS = {
    "organisation": 0.6, "place": 0.6, "concept": 0.55, "activity": 0.5, "question": 0.4, "source": 0.1, "term": 0.0,
    "quotation": -0.4, "link": -0.6, "gap": 0.1, "remark": 0.1,
}  # fmt: skip
"""What a kind is worth where words fit alike."""
_OTHER_WEIGHT = 0.45
_LONGEST = 2_000
"""Letters of the texts of one thing that are searched."""

Statement = tuple[str, str, str, str, bool]
"""Subject, predicate, value, language, and whether the value is an IRI."""


@dataclass
class Document:
    """One thing: what it is called in each language, what it is near to, and what is told of it."""

    iri: str
    kind: str
    scheme: str = ""
    names: list[tuple[str, str, bool]] = field(default_factory=list)
    """Language, name, and whether it is the main one of its language."""
    near: list[tuple[str, str]] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)
    weight: float = 0.0


def statements(snapshot: Snapshot) -> Iterator[Statement]:
    """Yield what the search reads of a graph; the rest is not parsed. Equal names are one text, for who keeps many."""
    names: dict[str, str] = {}
    for triple in snapshot.merged.saying(PREDICATES):
        value = triple.object
        if isinstance(triple.subject, NamedNode) and isinstance(value, NamedNode | Literal):
            language = (value.language or "") if isinstance(value, Literal) else ""
            subject, predicate, tongue = (
                names.setdefault(name, name) for name in (triple.subject.value, triple.predicate.value, language)
            )
            said = value.value if isinstance(value, Literal) else names.setdefault(value.value, value.value)
            yield subject, predicate, said, tongue, isinstance(value, NamedNode)


def kind_of(iri: str) -> tuple[str, str]:
    """Return the kind of a thing that has a page, and the scheme of a concept; nothing for what hangs on another."""
    if iri.startswith(ID):
        kind, _, slug = iri.removeprefix(ID).partition("/")
        return (KINDS.get(kind, ""), "") if slug and "/" not in slug else ("", "")
    if iri.startswith(VOCAB):
        scheme, _, slug = iri.removeprefix(VOCAB).partition("/")
        return ("concept", scheme) if slug and "/" not in slug else ("", "")
    if iri.startswith(SRC):
        return "quotation", ""
    return ("term", "") if iri.startswith(DLG) and iri != DLG else ("", "")


def owner(iri: str) -> str:
    """Return the thing on which a statement of its own hangs: an IRI up to its slug."""
    parts = iri.removeprefix(BASE).split("/")
    return BASE + "/".join(parts[:3]) if parts[0] in ("id", "vocab") else iri


def documents(found: Iterable[Statement]) -> list[Document]:
    """Gather the things that are searched from statements about them."""
    made: dict[str, Document] = {}
    links: dict[str, set[str]] = defaultdict(set)
    for subject, predicate, value, language, is_iri in sorted(found):
        iri = owner(subject)
        kind, scheme = kind_of(iri)
        if not kind:
            continue
        document = made.setdefault(iri, Document(iri, kind, scheme))
        if predicate in NEAR:
            if is_iri:
                links[iri].add(value)
        elif predicate in TEXTS or iri != subject:
            document.texts.append((language, value))
        elif kind != "quotation" or predicate == DLG + "quotation":
            document.names.append((language, value, predicate in NAMES))
    degrees = Counter(value for values in links.values() for value in values)
    for iri, document in made.items():
        _finish(document, degrees[iri])
        document.near = [
            (tongue, name) for each in sorted(links[iri]) if each in made for tongue, name, _ in made[each].names
        ]
    return [document for document in made.values() if any(is_main for _, _, is_main in document.names)]


def _finish(document: Document, degree: int) -> None:
    """Weigh a thing, and give it its short name, which people know of ministries."""
    worth = WEIGHTS.get(document.kind, _OTHER_WEIGHT)
    document.weight = round(worth + min(math.log1p(degree), 6.0) * 0.05, 4)
    if document.kind == "organisation":
        document.names.append(("", document.iri.rsplit("/", 1)[-1].replace("-", " "), False))
    length = 0
    kept = []
    for language, text in document.texts:
        length += len(text)
        if length <= _LONGEST:
            kept.append((language, text))
    document.texts = kept
