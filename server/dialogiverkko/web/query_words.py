"""The words of the query pages in Finnish, Swedish and English, and the code that readers copy from them."""

from collections.abc import Iterable, Sequence
from keyword import iskeyword
from urllib.parse import quote, urlencode

WORDS: dict[str, dict[str, str]] = {
    "fi": {
        "saved_queries": "Tallennetut haut",
        "introduction": (
            "Jokainen haku on yksi kysymys. Vaihda muuttujan arvo, seuraa linkkiä tekstikohtaan, ota vastaus mukaasi."
        ),
        "choose": "Muuttujat",
        "any": "kaikki",
        "ask": "Hae",
        "answer": "Vastaus",
        "rows": "riviä",
        "shown": "Näkyvissä rivit {first}–{last}, kaikkiaan {total}.",
        "none": "Ei yhtään riviä. Tyhjä vastaus ei tarkoita, ettei asiaa ole: katso, mitä lähteestä puuttuu.",
        "gaps": "Mitä lähteestä tiedetään puuttuvan",
        "previous": "Edelliset rivit",
        "next": "Seuraavat rivit",
        "formats": "Lataa",
        "about": "Mitä haku kertoo",
        "query": "Kysely (SPARQL)",
        "ran": "Kysely tällä muuttujien arvoilla",
        "code": "Toista omalla koneella",
        "cite": "Viittaa vastaukseen",
        "permanent": "Pysyvä osoite",
        "data": "Aineiston versio {version}, tiiviste {digest}",
        "topics": "Aiheet",
        "choose_many": "Voit valita useita.",
        "graph": "Vastaus on graafi: {total} väitettä. Lataa se jossakin muodoista.",
        "required": "pakollinen",
    },
    "sv": {
        "saved_queries": "Sparade frågor",
        "introduction": (
            "Varje sparad fråga är en fråga. Byt en variabels värde, följ länken till textstället, ta svaret med dig."
        ),
        "choose": "Variabler",
        "any": "alla",
        "ask": "Sök",
        "answer": "Svar",
        "rows": "rader",
        "shown": "Raderna {first}–{last} av {total} visas.",
        "none": "Inga rader. Ett tomt svar betyder inte att saken saknas: se vad som saknas i källan.",
        "gaps": "Vad som veterligen saknas i källan",
        "previous": "Föregående rader",
        "next": "Följande rader",
        "formats": "Ladda ner",
        "about": "Vad frågan berättar",
        "query": "Frågan (SPARQL)",
        "ran": "Frågan med dessa värden",
        "code": "Upprepa på egen dator",
        "cite": "Hänvisa till svaret",
        "permanent": "Beständig adress",
        "data": "Datamängdens version {version}, kontrollsumma {digest}",
        "topics": "Ämnen",
        "choose_many": "Du kan välja flera.",
        "graph": "Svaret är en graf: {total} påståenden. Ladda ner den i något av formaten.",
        "required": "obligatorisk",
    },
    "en": {
        "saved_queries": "Saved queries",
        "introduction": (
            "Each query is one question. Change a parameter, follow a link to the passage, take the answer with you."
        ),
        "choose": "Parameters",
        "any": "all",
        "ask": "Ask",
        "answer": "Answer",
        "rows": "rows",
        "shown": "Rows {first}–{last} of {total} are shown.",
        "none": "No rows. An empty answer does not mean that there is nothing: see what the source lacks.",
        "gaps": "What is known to be missing from the source",
        "previous": "Previous rows",
        "next": "Next rows",
        "formats": "Download",
        "about": "What the query tells",
        "query": "The query (SPARQL)",
        "ran": "The query with these values",
        "code": "Repeat it on your own computer",
        "cite": "Cite the answer",
        "permanent": "Permanent address",
        "data": "Version {version} of the data, digest {digest}",
        "topics": "Topics",
        "choose_many": "You may choose several.",
        "graph": "The answer is a graph of {total} statements. Download it in one of the formats.",
        "required": "required",
    },
}

TOPICS: dict[str, tuple[str, str, str]] = {
    "collaboration": ("Yhteistyö", "Samarbete", "Collaboration"),
    "organisations": ("Organisaatiot", "Organisationer", "Organisations"),
    "policy": ("Politiikka", "Politik", "Policy"),
    "time": ("Aika", "Tid", "Time"),
    "status": ("Toteutuminen", "Genomförande", "Status"),
    "scale": ("Määrät", "Antal", "Scale"),
    "people": ("Ihmiset", "Människor", "People"),
    "openness": ("Avoimuus", "Öppenhet", "Openness"),
    "place": ("Paikat", "Platser", "Places"),
    "methods": ("Menetelmät", "Metoder", "Methods"),
    "themes": ("Teemat", "Teman", "Themes"),
    "objectives": ("Tavoitteet", "Mål", "Objectives"),
    "contexts": ("Kontekstit", "Kontexter", "Contexts"),
    "roles": ("Roolit", "Roller", "Roles"),
    "evidence": ("Lähdekohdat", "Källställen", "Evidence"),
    "sources": ("Lähteet", "Källor", "Sources"),
    "identifiers": ("Tunnisteet", "Identifierare", "Identifiers"),
    "search": ("Haku", "Sökning", "Search"),
    "queries": ("Haut ja käsitteet", "Frågor och begrepp", "Queries and terms"),
}
"""Topics in the order of the index, named in Finnish, Swedish and English; a query stands under its first tag."""


def topics(tags: Iterable[str], language: str) -> list[tuple[str, str]]:
    """Pair the topics that occur with their names, in the order of TOPICS; an unknown one comes last, as it is."""
    place = ("fi", "sv", "en").index(language)
    found = set(tags)
    known = [(tag, names[place]) for tag, names in TOPICS.items() if tag in found]
    return known + [(tag, tag) for tag in sorted(found - set(TOPICS))]


def snippets(root: str, name: str, given: Sequence[tuple[str, str]], suffix: str) -> dict[str, str]:
    """Return the code that repeats an answer, for curl, Python and R.

    ``given`` are parameters as they were read and written back by us: they hold no quote of either kind
    unencoded, since every address is percent-encoded and every Python value is written by ``repr``.
    """
    address = f"{root}queries/{quote(name)}.{suffix}" + (f"?{urlencode(given)}" if given else "")
    python_given = _grouped(given)
    arguments = "".join(f", {key}{'_' if iskeyword(key) else ''}={value!r}" for key, value in python_given.items())
    method = "rdf" if suffix == "ttl" else "frame"
    reader = f'readLines("{address}")' if suffix == "ttl" else f'read.csv("{address}")'
    return {
        "curl": f'curl "{address}"',
        "Python": (
            "from dialogiverkko.client import Client\n\n"
            f'client = Client("{root}")\nanswer = client.{method}("{name}"{arguments})'
        ),
        "R": f"answer <- {reader}",
    }


def _grouped(given: Sequence[tuple[str, str]]) -> dict[str, str | list[str]]:
    grouped: dict[str, list[str]] = {}
    for key, value in given:
        grouped.setdefault(key, []).append(value)
    return {key: values[0] if len(values) == 1 else values for key, values in grouped.items()}
