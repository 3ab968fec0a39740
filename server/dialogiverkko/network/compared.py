"""Which organisations are compared side by side: two to four, read alike for the page and the address for programs."""

from collections.abc import Iterable

from dialogiverkko.errors import BadParameterError
from dialogiverkko.namespaces import ID
from dialogiverkko.network.links import slug
from dialogiverkko.saved import parameters
from dialogiverkko.saved.answers import SavedQueries
from dialogiverkko.saved.asked import Asked
from dialogiverkko.saved.parameters import Parameter, ParameterType

LEAST, MOST = 2, 4
ORGANISATIONS = Parameter(
    "organisations", ParameterType.IRI, ID + "org/", choices_query="organisations", many=True,
    labels={"en": "Two to four organisations, with commas"},
)  # fmt: skip
LANGUAGE = Parameter("lang", ParameterType.LANGUAGE, labels={"en": "Language of the names"})
PARAMETERS = (ORGANISATIONS, LANGUAGE)


def read_compared(pairs: Iterable[tuple[str, str]], saved: SavedQueries, *more: str) -> tuple[str, ...]:
    """Read which organisations are compared; none where none is given; refuses one, and more than four."""
    asked = Asked(pairs, (ORGANISATIONS.name, *more))
    given = [value.strip(" ,") for name, value in asked.pairs if name == ORGANISATIONS.name and value.strip(" ,")]
    if not given:
        return ()
    values = parameters.read_values((ORGANISATIONS,), [(ORGANISATIONS.name, value) for value in given], saved.choices)
    found = tuple(dict.fromkeys(term.value for term in values[ORGANISATIONS.name]))
    if not LEAST <= len(found) <= MOST:
        right = ",".join([*map(slug, found[:MOST]), *[each for each in ("om", "vm") if f"{ID}org/{each}" not in found]])
        wanted = ",".join(right.split(",")[: max(LEAST, min(len(found), MOST))])
        raise BadParameterError(
            f"Two to four different organisations are compared, not {len(found)}. For example: organisations={wanted}.",
            parameter=ORGANISATIONS.name,
            expects="two to four organisations",
            nearest=wanted,
        )
    return found
