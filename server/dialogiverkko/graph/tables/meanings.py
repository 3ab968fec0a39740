"""What a column can mean, for each kind of row, and which reader reads its cells."""

from dataclasses import dataclass
from typing import Literal

RowKind = Literal["dialogue", "participation", "count", "organisation", "place", "report", "name"]
Reader = Literal[
    "text", "identifier", "time", "day", "amount", "number", "yes-no", "language", "address", "words", "latitude",
    "longitude", "concept", "name", "key", "year",
]  # fmt: skip


@dataclass(frozen=True)
class Meaning:
    """How the cells of a column are read, and what goes with it."""

    reader: Reader
    required: bool = False
    qualifier: str = ""
    """What a column of this meaning must say beside: language, role or unit."""
    scheme: str = ""
    """The concept scheme, or the kind of things, whose names its cells hold."""


_NAME = Meaning("text", qualifier="language")
_PAGE = {"page": Meaning("address"), "words": Meaning("words"), "page-date": Meaning("day"), "note": Meaning("text")}
_ID = Meaning("identifier", required=True)
_DIALOGUE = Meaning("key", required=True, scheme="dialogue")

MEANINGS: dict[RowKind, dict[str, Meaning]] = {
    "dialogue": {
        "id": _ID,
        "name": _NAME,
        "about": _NAME,
        "kind": Meaning("concept", scheme="form"),
        "status": Meaning("concept", scheme="status"),
        "begin": Meaning("time"),
        "end": Meaning("time"),
        "time": Meaning("time"),
        "place": Meaning("name", scheme="place"),
        "theme": Meaning("concept", scheme="theme"),
        "method": Meaning("concept", scheme="method"),
        "party": Meaning("name", qualifier="role", scheme="organisation"),
        "count": Meaning("amount", qualifier="unit"),
        "openness": Meaning("concept", scheme="openness"),
        "language": Meaning("language"),
        "mode": Meaning("concept", scheme="mode"),
        "part-of": Meaning("key", scheme="dialogue"),
        "feeds-into": Meaning("concept", scheme="context"),
        "people": Meaning("concept", scheme="participant-kind"),
        **_PAGE,
    },
    "participation": {
        "dialogue": _DIALOGUE,
        "party": Meaning("name", required=True, scheme="organisation"),
        "role": Meaning("concept", required=True, scheme="role"),
        "together": Meaning("yes-no"),
        **_PAGE,
    },
    "count": {
        "dialogue": _DIALOGUE,
        "amount": Meaning("amount"),
        "value": Meaning("number"),
        "least": Meaning("number"),
        "most": Meaning("number"),
        "approximate": Meaning("yes-no"),
        "unit": Meaning("concept", required=True, scheme="unit"),
        "planned": Meaning("yes-no"),
        "scope": Meaning("text"),
        **_PAGE,
    },
    "organisation": {
        "id": _ID,
        "name": _NAME,
        "kind": Meaning("concept", scheme="organisation-kind"),
        "parent": Meaning("text"),
        "homepage": Meaning("address"),
        "identifier": Meaning("text"),
        **_PAGE,
    },
    "place": {
        "id": _ID,
        "name": _NAME,
        "kind": Meaning("concept", scheme="place-kind"),
        "within": Meaning("name", scheme="place"),
        "latitude": Meaning("latitude"),
        "longitude": Meaning("longitude"),
        "yso": Meaning("address"),
        "code": Meaning("text"),
        "wikidata": Meaning("address"),
        "geonames": Meaning("number"),
        "coordinate-source": Meaning("text"),
        **_PAGE,
    },
    "report": {
        "title": Meaning("text", required=True),
        "year": Meaning("year"),
        "publisher": Meaning("name", scheme="organisation"),
        "identifier": Meaning("text"),
        "dialogue": Meaning("key", scheme="dialogue"),
        **_PAGE,
    },
    "name": {
        "thing": _ID,
        "of": Meaning("text", required=True),
        "name": _NAME,
        "about": _NAME,
        "kind": Meaning("identifier"),
    },
}
