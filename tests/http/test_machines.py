"""What agents and catalogues read: it agrees with what is served, and each address in it answers."""

import csv
import hashlib
import io
import json
import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from dialogiverkko.graph.assets import find_assets
from dialogiverkko.graph.dcat import offers
from dialogiverkko.web.services import Services

ROOT = find_assets().root
PAGE = {"Accept": "text/html"}


def test_a_language_model_is_told_what_there_is_and_how_to_ask(client: FlaskClient, services: Services) -> None:
    """llmstxt.org: one heading, a summary, lists of links; every question, and each link answers."""
    answer = client.get("/llms.txt")
    text = answer.get_data(as_text=True)
    links = re.findall(r"\]\(http://localhost([^)]*)\)", text)

    assert answer.content_type == "text/plain; charset=utf-8"
    assert text.startswith("# Dialogiverkko\n\n> ")
    assert services.saved.release.digest in text
    assert [q.name for q in services.saved.catalogue.public() if f"/queries/{q.name}.json?" not in text] == [
        query.name for query in services.saved.catalogue.public() if query.is_graph
    ]
    for link in [link for link in links if "/queries/" not in link]:
        assert client.get(link.partition("#")[0], headers=PAGE).status_code in (200, 303), link


@pytest.fixture(scope="module")
def croissant(application: Any) -> dict[str, Any]:  # Any: a Flask application, a JSON document
    """The description of the tables."""
    found: dict[str, Any] = json.loads(application.test_client().get("/croissant.jsonld").data)
    return found


def test_the_tables_are_described_in_croissant(client: FlaskClient, croissant: dict[str, Any]) -> None:
    """Croissant 1.0: what must be there is; each file has its bytes, and each field is a column of them."""
    files = {each["@id"]: each for each in croissant["distribution"]}

    assert {"name", "description", "license", "url", "creator", "datePublished", "version"} <= set(croissant)
    assert croissant["conformsTo"] == "http://mlcommons.org/croissant/1.0"
    assert re.fullmatch(r"\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?", croissant["version"])
    assert len(croissant["recordSet"]) == len(files) == 5
    for records in croissant["recordSet"]:
        (file,) = {field["source"]["fileObject"]["@id"] for field in records["field"]}
        body = client.get(files[file]["contentUrl"].removeprefix("http://localhost")).data
        columns = next(csv.reader(io.StringIO(body.decode())))
        assert hashlib.sha256(body).hexdigest() == files[file]["sha256"]
        assert [field["source"]["extract"]["column"] for field in records["field"]] == columns
        assert {field["dataType"] for field in records["field"]} <= {"sc:Text", "sc:URL", "sc:Integer", "sc:Float"}


def test_the_frame_names_terms_of_the_context() -> None:
    """A key that the context does not know would frame nothing."""
    frame = json.loads((ROOT / "ontology" / "frame.jsonld").read_text(encoding="utf-8"))
    context = json.loads((ROOT / "ontology" / "context.jsonld").read_text(encoding="utf-8"))["@context"]

    def keys(node: dict[str, Any]) -> set[str]:  # Any: as JSON holds it
        return {k for k in node if not k.startswith("@")} | {
            k for v in node.values() if isinstance(v, dict) for k in keys(v)
        }

    assert len(keys(frame)) > 5
    assert keys(frame) - set(context) == set()
    assert frame["type"] in context


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_catalogue_is_a_page_too(client: FlaskClient, language: str) -> None:
    """Every file that DCAT lists is there, named in the reader's language, and whoever browses comes to it."""
    text = client.get(f"/{language}/catalogue", headers=PAGE).get_data(as_text=True)
    told = client.get("/catalogue", headers=PAGE, follow_redirects=True)

    assert [each.path for each in offers() if f'href="/{each.path}"' not in text] == []
    assert text.count('href="/dumps/') == 5
    assert all(each.titles[language] in text for each in offers())
    assert told.request.path.endswith("/catalogue")


def test_the_dataset_says_where_it_is_about_and_in_which_catalogue(client: FlaskClient) -> None:
    """schema.org as searches for data sets read it."""
    text = client.get("/en/data", headers=PAGE).get_data(as_text=True)
    document = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)[0])

    assert document["spatialCoverage"]["name"] == "Finland"
    assert document["spatialCoverage"]["geo"]["@type"] == "GeoShape"
    assert document["includedInDataCatalog"]["@type"] == "DataCatalog"


@pytest.mark.parametrize(
    "path", ["", "id/org/om", "ns", "queries/x?y=1", "vocab/role/coordinator", "id/place/äänekoski"]
)
def test_w3id_leads_every_iri_to_a_copy(path: str) -> None:
    """The rules that w3id.org is given: the first that fits sends the rest of the path on, once."""
    rules = re.findall(
        r"^RewriteRule (\S+) (\S+) \[R=302,L(?:,NE)?\]$",
        (ROOT / "deploy" / "w3id" / ".htaccess").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    found = [
        re.sub(pattern, target.replace("$", "\\"), path) for pattern, target in rules if re.fullmatch(pattern, path)
    ]

    assert found == [f"https://example.org/{path}"]


@pytest.mark.parametrize("path", ["/llms.txt?x=1", "/croissant.jsonld?lang=en", "/frame.jsonld?%00"])
def test_what_they_do_not_take_is_told(client: FlaskClient, path: str) -> None:
    """422, as everywhere."""
    assert client.get(path).status_code == 422
