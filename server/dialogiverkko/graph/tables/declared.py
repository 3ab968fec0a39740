"""What tables of organisations and places declare, as the «new» part of a reading."""

from collections.abc import Iterator

from dialogiverkko.graph.source.reading import New, Organisation, Place
from dialogiverkko.graph.tables.check import Checked
from dialogiverkko.graph.tables.mapping import Map
from dialogiverkko.graph.tables.rows import Row
from dialogiverkko.graph.tables.telling import Teller

_WIKIDATA = "http://www.wikidata.org/entity/"
_HOMELAND = "suomi"
_ABROAD = frozenset({"country"})


class Declared:
    """The organisations and places that the rows of a source name first."""

    def __init__(self, plan: Map, checked: Checked, teller: Teller) -> None:
        self.plan, self.checked, self.teller = plan, checked, teller
        self.used = {
            (means, str(value.read)) for row in checked.rows for means in ("party", "place") for value in row.all(means)
        }

    def new(self) -> New:
        """Return what is new: what the map declares, the bodies that take part, the places."""
        bodies = {str(row.one("id")): row for row in self.checked.of("organisation") if self._is_new(row, "party")}
        organisations = {key: self._organisation(row, bodies) for key, row in bodies.items()}
        places = {
            str(row.one("id")): self._place(row) for row in self.checked.of("place") if self._is_new(row, "place")
        }
        return self.plan.new.model_copy(
            update={
                "organisations": {**self.plan.new.organisations, **organisations},
                "places": {**self.plan.new.places, **places},
            }
        )

    def _is_new(self, row: Row, means: str) -> bool:
        """Whether a row's thing is named by a row that was taken, and is none that the graph has."""
        key = str(row.one("id"))
        return (means, key) in self.used and not self.checked.judgements.same(row.table, key)

    def _organisation(self, row: Row, bodies: dict[str, Row]) -> Organisation:
        key, parent = str(row.one("id")), str(row.one("parent"))
        kind = str(row.one("kind")) or self.teller.kind_of("organisation", key) or "unspecified"
        known = parent in bodies or parent in self.checked.known.labels["organisation"]
        is_body = known and parent not in self.plan.values.get("organisation", {})
        return Organisation(
            name=self.teller.names.words("organisation", key),
            kind=kind,
            unit_of=parent if is_body else "",
            homepage=str(row.one("homepage")),
            same_as=tuple(identifiers(str(row.one("identifier")), kind)),
        )

    def _place(self, row: Row) -> Place:
        key, kind = str(row.one("id")), str(row.one("kind"))
        wikidata, yso = str(row.one("wikidata")), str(row.one("yso"))
        is_finnish = kind not in _ABROAD and (bool(row.one("code")) or kind == "region")
        return Place(
            name=self.teller.names.words("place", key),
            kind=kind,
            within=str(row.one("within")) or (_HOMELAND if is_finnish else ""),
            identifier=str(row.one("code")),
            # two public sources that agree make an exact match, one a close one
            same_as=tuple(each for each in (wikidata, yso) if each) if wikidata else (),
            close_to=(yso,) if yso and not wikidata else (),
            point=point_of(row),
            geonames=str(row.one("geonames")),
        )


def point_of(row: Row) -> str:
    """Return latitude and longitude as a reading writes them."""
    latitude, longitude = row.one("latitude"), row.one("longitude")
    return f"{latitude}, {longitude}" if latitude != "" and longitude != "" else ""


def identifiers(text: str, kind: str) -> Iterator[str]:
    """Yield the addresses that identify a body; that of a municipality in Wikidata is the place's."""
    for part in text.split(";"):
        word, _, value = part.strip().partition(" ")
        if word == "Wikidata" and kind != "municipality":
            yield _WIKIDATA + value.strip()
        elif word == "ROR":
            yield value.strip()
