"""Names in three languages: those that pages print, and ours where none was seen, marked so."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from pyoxigraph import Literal, NamedNode

from dialogiverkko.graph.load import Snapshot
from dialogiverkko.graph.source.reading import Words
from dialogiverkko.graph.tables.rows import Row
from dialogiverkko.namespaces import ID, LANGUAGES, SKOS

_NAME = SKOS + "prefLabel"


class Names:
    """The names that the rows of a source give to things: seen ones first, then our own."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.seen: dict[tuple[str, str], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        self.ours: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
        self.about: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
        for row in rows:
            if row.kind == "name":
                key = (str(row.one("of")), str(row.one("thing")))
                self.ours[key].update({value.qualifier: typeset(value.read) for value in row.all("name")})
            else:
                key = (row.kind, str(row.one("id")))
                for value in row.all("name"):
                    if typeset(value.read) not in self.seen[key][value.qualifier]:
                        self.seen[key][value.qualifier].append(typeset(value.read))
            self.about[key].update({value.qualifier: value.read for value in row.all("about")})

    def words(self, kind: str, thing: str) -> Words:
        """Return the name of a thing: the first that was seen in each language, else ours."""
        seen, ours = self.seen[kind, thing], self.ours[kind, thing]
        texts = {code: seen[code][0] if seen[code] else ours.get(code, "") for code in LANGUAGES}
        made = tuple(code for code in LANGUAGES if not seen[code] and code in ours)
        return Words.model_validate({**{code: text for code, text in texts.items() if text}, "ours": made})

    def description(self, kind: str, thing: str) -> Words | None:
        """Return what is said of a thing in our own words, or nothing."""
        texts = self.about.get((kind, thing))
        return Words.model_validate(texts) if texts else None

    def others(self, kind: str, thing: str, row: Row, known: Mapping[str, str] | None = None) -> Words | None:
        """Return the names that one row gives beside the first, or beside what the graph calls it, or nothing."""
        first = {code: names[0] for code, names in self.seen[kind, thing].items() if names} | dict(known or {})
        told = {value.qualifier: typeset(value.read) for value in row.all("name")}
        more = {code: text for code, text in told.items() if first.get(code) != text}
        return Words.model_validate(more) if more else None


def typeset(name: str) -> str:
    """Write the apostrophes of a name as we write them everywhere."""
    return name.replace("'", "’")


def labels_of(snapshot: Snapshot) -> dict[str, dict[str, str]]:
    """Return what the graph calls its things, by their name (activities) or kind and name, and by language."""
    labels: dict[str, dict[str, str]] = defaultdict(dict)
    for triples in snapshot.graphs.values():
        for triple in triples:
            subject, name = triple.subject, triple.object
            if triple.predicate.value != _NAME or not isinstance(subject, NamedNode) or not isinstance(name, Literal):
                continue
            if subject.value.startswith(ID) and name.language:
                kind, _, key = subject.value.removeprefix(ID).partition("/")
                labels[key if kind == "activity" else f"{kind}:{key}"][name.language] = name.value
    return labels
