"""The Reconciliation API 0.2, clause by clause, and a client that behaves as OpenRefine does."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft7Validator

SCHEMAS = Path(__file__).resolve().parents[3] / "shared" / "external" / "reconciliation-0.2"
TYPES = ("organisation", "place", "theme", "dialogue")
NAMES = ("Oikeusministeriö", "OM", "Justitieministeriet", "Ministry of Justice", "oikeusministeriö ")


def ask(client: FlaskClient, *queries: dict[str, Any]) -> list[list[dict[str, Any]]]:
    """Send a batch as OpenRefine does: a form field that holds JSON."""
    batch = {f"q{number}": query for number, query in enumerate(queries)}
    answer = client.post("/reconcile", data={"queries": json.dumps(batch)})
    assert answer.status_code == 200, answer.text
    return [answer.json[key]["result"] for key in batch]  # type: ignore[index]


def test_the_manifest_says_what_the_service_is(client: FlaskClient) -> None:
    """Required members of 4.1, and the optional services; any page may read it."""
    answer = client.get("/reconcile")
    manifest = answer.json
    assert manifest is not None

    assert {"versions", "name", "identifierSpace", "schemaSpace"} <= set(manifest)
    assert "0.2" in manifest["versions"]
    assert manifest["view"]["url"].endswith("/{{id}}")
    assert set(manifest["suggest"]) == {"entity", "type", "property"}
    assert manifest["preview"]["url"].endswith("{{id}}")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert [each["id"] for each in manifest["defaultTypes"]] == ["organisation", "place", "theme", "dialogue"]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_in_any_language_or_abbreviation_is_a_match(client: FlaskClient, name: str) -> None:
    """One candidate matches, it is first, and has all that 5.2 asks."""
    (found,) = ask(client, {"query": name, "type": "organisation"})

    assert (found[0]["id"], found[0]["match"], found[0]["score"]) == ("id/org/om", True, 100)
    assert found[0]["type"] == [{"id": "organisation", "name": "Organisation"}]
    assert sum(each["match"] for each in found) == 1
    assert [each["score"] for each in found] == sorted((each["score"] for each in found), reverse=True)


@pytest.mark.parametrize("name", ["Suomen Pakolaisapu", "Oikeusministerio", "Turun yliopistosäätiö", "x"])
def test_likeness_alone_matches_nothing(client: FlaskClient, name: str) -> None:
    """What is like is ranked, and no match."""
    (found,) = ask(client, {"query": name, "type": "organisation"})

    assert not any(each["match"] for each in found)
    assert all(each["score"] < 100 for each in found)


def test_a_batch_is_answered_by_its_keys(client: FlaskClient) -> None:
    """Types, limits and several kinds in one batch; GET does as well."""
    place, body, theme, few = ask(
        client,
        {"query": "Turku", "type": "place"},
        {"query": "Turun kaupunki", "type": {"id": "organisation"}},
        {"query": "luottamus", "type": ["theme"]},
        {"query": "dialogi", "limit": 2},
    )
    got = client.get("/reconcile", query_string={"queries": json.dumps({"a": {"query": "Sitra"}})}).json

    assert place[0]["id"] == "id/place/turku"
    assert body[0]["id"] == "id/org/turku"
    assert theme[0]["id"] == "vocab/theme/trust"
    assert len(few) == 2
    assert got is not None
    assert got["a"]["result"][0]["id"] == "id/org/sitra"


def test_an_identifier_leads_to_its_page(client: FlaskClient) -> None:
    """The view and the preview of a candidate answer."""
    manifest = client.get("/reconcile").json
    assert manifest is not None
    view = manifest["view"]["url"].replace("{{id}}", "id/org/om").split("localhost", 1)[-1]

    assert client.get(view).status_code in (200, 303)
    preview = client.get("/reconcile/preview?id=id/org/om")
    assert "Oikeusministeriö" in preview.text
    assert client.get("/reconcile/preview?id=id/org/nobody").status_code == 404


def test_things_are_completed_and_extended(client: FlaskClient) -> None:
    """Suggest entity, type, property; propose properties; fetch them for several things at once."""
    entities = client.get("/reconcile/suggest/entity?prefix=oikeusm").json
    types = client.get("/reconcile/suggest/type?prefix=org").json
    properties = client.get("/reconcile/suggest/property?prefix=swed").json
    proposed = client.get("/reconcile/properties?type=organisation").json
    wanted = {
        "ids": ["id/org/om", "id/org/nobody"],
        "properties": [{"id": "name-sv"}, {"id": "same-as"}],
    }
    extended = client.post("/reconcile", data={"extend": json.dumps(wanted)}).json
    assert entities and types and properties and proposed and extended  # noqa: PT018  # each is there

    assert entities["result"][0]["id"] == "id/org/om"
    assert types["result"] == [{"id": "organisation", "name": "Organisation"}]
    assert [each["id"] for each in properties["result"]] == ["name-sv"]
    assert "name-sv" in {each["id"] for each in proposed["properties"]}
    assert [each["id"] for each in extended["meta"]] == ["name-sv", "same-as"]
    assert extended["rows"]["id/org/om"]["name-sv"] == [{"str": "Justitieministeriet"}]
    assert extended["rows"]["id/org/om"]["same-as"][0]["str"].startswith("http://www.wikidata.org/")
    assert extended["rows"]["id/org/nobody"] == {"name-sv": [], "same-as": []}


@pytest.mark.parametrize(
    "queries",
    ["{", "[]", '{"q0": {}}', '{"q0": {"query": 1}}', '{"q0": "x"}', '{"q0": {"query": "x", "type": "person"}}',
     '{"q0": {"query": ""}}', '{"q0": {"query": "x", "limit": 0}}', '{"q0": {"query": "x", "limit": true}}',
     '{"q0": {"query": "x", "limit": 1.5}}', '{"q0": {"query": "x", "type_strict": "most"}}',
     '{"q0": {"query": "x", "properties": [{"pid": "colour", "v": "red"}]}}',
     '{"q0": {"query": "x", "properties": ["kind"]}}', '{"q0": {"query": "x", "properties": 5}}',
     '{"q0": {"query": "x", "properties": [{"pid": ["x"], "v": 1}]}}', '{"q0": {"query": "x", "limit": 1e999}}',
     '{"q0": {"query": "x", "limit": NaN}}', '{"q0": {"query": "x", "type": 5}}', "[" * 100_000],
)  # fmt: skip
def test_a_wrong_batch_is_told(client: FlaskClient, queries: str) -> None:
    """No JSON, no object, no text, no such type or property, no number."""
    answer = client.post("/reconcile", data={"queries": queries})

    assert answer.status_code == 422
    assert answer.json
    assert answer.json["detail"]


@pytest.mark.parametrize(
    "asked",
    [{"ids": 5, "properties": []}, {"ids": "om", "properties": [{"id": "name-sv"}]}, {"ids": [5, None]},
     {"ids": ["id/org/om"], "properties": 5}, {"ids": ["id/org/om"], "properties": ["name-sv"]},
     {"ids": ["id/org/om"], "properties": [{}]}, {"ids": ["id/org/om"], "properties": [{"id": "nope"}]},
     {"ids": ["id/org/om"], "properties": [{"id": ["name-sv"]}]}],
)  # fmt: skip
def test_a_wrong_extension_is_told(client: FlaskClient, asked: dict[str, Any]) -> None:
    """Ids are texts in a list, and each property is one of those that there are."""
    answer = client.post("/reconcile", data={"extend": json.dumps(asked)})

    assert answer.status_code == 422
    assert answer.json
    assert answer.json["detail"]


def test_what_is_not_read_is_refused(client: FlaskClient) -> None:
    """A body that is no form, a type that is not there, and more things than are answered at a time."""
    many = json.dumps({"ids": ["id/org/om"] * 201, "properties": [{"id": "name-sv"}]})

    assert client.post("/reconcile", json={"queries": {"q0": {"query": "om"}}}).status_code == 415
    assert client.get("/reconcile/properties?type=nope").status_code == 422
    assert client.post("/reconcile", data={"extend": many}).status_code == 413


def test_a_batch_that_is_too_large_is_refused_as_the_specification_says(client: FlaskClient) -> None:
    """More queries than batchSize are a 413."""
    queries = json.dumps({f"q{n}": {"query": "x"} for n in range(201)})

    assert client.post("/reconcile", data={"queries": queries}).status_code == 413


def test_an_identifier_as_a_name_finds_its_thing(client: FlaskClient) -> None:
    """As a query and as a prefix, short and whole."""
    short, whole = ask(client, {"query": "id/org/om"}, {"query": "https://w3id.org/dialogiverkko/id/org/om"})
    suggested = client.get("/reconcile/suggest/entity?prefix=id/org/om").json
    assert suggested is not None

    assert [(found[0]["id"], found[0]["match"]) for found in (short, whole)] == [("id/org/om", True)] * 2
    assert suggested["result"][0]["id"] == "id/org/om"


def test_properties_narrow_the_candidates(client: FlaskClient) -> None:
    """With a name, and alone; a value is a text, a thing, or several of which one is enough."""
    turku = {"query": "Turku", "type": ["organisation", "place"]}
    kind = {"pid": "kind", "v": ["no such", {"id": "https://w3id.org/dialogiverkko/vocab/place-kind/municipality"}]}
    both, narrowed, alone, none = ask(
        client,
        turku,
        {**turku, "properties": [kind], "type_strict": "should"},
        {"properties": [{"pid": "name-sv", "v": "Justitieministeriet"}], "type": "organisation"},
        {**turku, "properties": [{"pid": "name-sv", "v": "Helsingfors"}]},
    )

    assert {"organisation", "place"} <= {each["type"][0]["id"] for each in both}
    assert {each["type"][0]["id"] for each in narrowed} == {"place"}
    assert [each["id"] for each in alone] == ["id/org/om"]
    assert none == []


def test_suggestions_are_paged(client: FlaskClient) -> None:
    """A cursor skips what was shown; one that is no number is told."""
    first = client.get("/reconcile/suggest/entity?prefix=dialog").json
    second = client.get("/reconcile/suggest/entity?prefix=dialog&cursor=4").json
    assert first and second  # noqa: PT018  # each is there

    assert [each["id"] for each in first["result"][4:]] == [each["id"] for each in second["result"][: 10 - 4]]
    assert client.get("/reconcile/suggest/type?prefix=&cursor=x").status_code == 422


def test_an_older_page_may_ask_by_a_script(client: FlaskClient) -> None:
    """JSONP: the answer is a call of the function that is named, and nothing else may be named."""
    answer = client.get("/reconcile?callback=jQuery_123.done")

    assert answer.content_type == "text/javascript; charset=utf-8"
    assert answer.text.startswith("/**/jQuery_123.done({")
    assert answer.text.endswith("});")
    assert client.get("/reconcile?callback=alert(1)//").status_code == 422


def documents(client: FlaskClient) -> dict[str, list[Any]]:
    """What the service answers, by the schema that it is to keep."""
    batch = {
        f"q{n}": {"query": name, "type": kind}
        for n, (name, kind) in enumerate([*((n, t) for n in NAMES for t in TYPES)][:10])
    }
    ids = [
        each["id"] for kind in TYPES for each in ask(client, {"query": "dialogi turku demokratia om", "type": kind})[0]
    ]
    every = [
        each["id"] for kind in TYPES for each in client.get(f"/reconcile/properties?type={kind}").json["properties"]
    ]  # type: ignore[index]
    extend = {
        "ids": [*ids, "id/org/om", "id/place/turku"],
        "properties": [{"id": each} for each in dict.fromkeys(every)],
    }

    def suggest(what: str) -> list[Any]:
        return [client.get(f"/reconcile/suggest/{what}?prefix={prefix}").json for prefix in ("", "o", "tur", "zz")]

    return {
        "manifest": [client.get("/reconcile").json],
        "reconciliation-result-batch": [client.post("/reconcile", data={"queries": json.dumps(batch)}).json],
        "data-extension-response": [client.post("/reconcile", data={"extend": json.dumps(extend)}).json],
        "data-extension-property-proposal": [client.get(f"/reconcile/properties?type={kind}").json for kind in TYPES],
        "suggest-entities-response": suggest("entity"),
        "suggest-properties-response": suggest("property"),
        "suggest-types-response": suggest("type"),
    }


def test_every_answer_keeps_the_schema_of_the_specification(client: FlaskClient) -> None:
    """Manifest, batch of ten, suggestions, proposals and extension, by the JSON Schemas of 0.2."""
    if not SCHEMAS.is_dir():
        pytest.skip("the schemas of the Reconciliation API are not at hand: reconciliation-0.2 beside the checkout")
    checked = 0
    for name, answers in documents(client).items():
        schema = json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))
        for answer in answers:
            assert [error.message for error in Draft7Validator(schema).iter_errors(answer)] == [], name
            checked += 1

    assert checked == 19
