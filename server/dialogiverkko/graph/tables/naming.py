"""Names in three languages: those that pages print, and ours where none was seen, marked so."""

from collections import defaultdict
from collections.abc import Iterable

from dialogiverkko.graph.source.reading import TODO, Words
from dialogiverkko.graph.tables.rows import Row

LANGUAGES = ("fi", "sv", "en")


class Names:
    """The names that the rows of a source give to things: seen ones first, then our own."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.seen: dict[tuple[str, str], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        self.ours: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
        self.about: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
        for row in rows:
            if row.kind == "name":
                key = (str(row.one("of")), str(row.one("thing")))
                self.ours[key].update({value.qualifier: value.read for value in row.all("name")})
            else:
                key = (row.kind, str(row.one("id")))
                for value in row.all("name"):
                    if value.read not in self.seen[key][value.qualifier]:
                        self.seen[key][value.qualifier].append(value.read)
            self.about[key].update({value.qualifier: value.read for value in row.all("about")})

    def words(self, kind: str, thing: str) -> Words:
        """Return the name of a thing: the first that was seen in each language, else ours."""
        seen, ours = self.seen[kind, thing], self.ours[kind, thing]
        texts = {code: seen[code][0] if seen[code] else ours.get(code, TODO) for code in LANGUAGES}
        made = tuple(code for code in LANGUAGES if not seen[code] and code in ours)
        return Words.model_validate({**texts, "ours": made})

    def description(self, kind: str, thing: str) -> Words | None:
        """Return what is said of a thing in our own words, or nothing."""
        texts = self.about.get((kind, thing))
        return Words.model_validate(texts) if texts else None

    def others(self, kind: str, thing: str, row: Row) -> Words | None:
        """Return the names that one row gives beside the first, or nothing."""
        first = {code: names[0] for code, names in self.seen[kind, thing].items() if names}
        more = {value.qualifier: value.read for value in row.all("name") if first.get(value.qualifier) != value.read}
        return Words.model_validate(more) if more else None
