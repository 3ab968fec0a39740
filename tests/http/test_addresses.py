"""Every IRI of ours that is a subject answers on this copy, to people and to programs; nobody is led away."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from pyoxigraph import NamedNode

from dialogiverkko.namespaces import BASE, DLG, SHAPES
from dialogiverkko.web.services import Services
from dialogiverkko.web.site import things
from dialogiverkko.web.site.index import address

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
RDF = ("text/turtle", "application/ld+json", "application/n-triples", "application/rdf+xml")
MOST_REDIRECTIONS = 3


def subjects(services: Services) -> list[str]:
    """The IRIs of ours that any graph of the dataset says something about."""
    found = {
        t.subject.value
        for graph in services.snapshot.graphs.values()
        for t in graph
        if isinstance(t.subject, NamedNode)
    }
    found |= {t.subject.value for t in services.snapshot.merged if isinstance(t.subject, NamedNode)}
    return sorted(iri for iri in found if iri.startswith(BASE))


def follow(client: FlaskClient, path: str, accept: str) -> tuple[str, str]:
    """Follow redirections as far as a crawler does; gives where they end and what is wrong, if anything."""
    for _ in range(MOST_REDIRECTIONS + 1):
        response = client.get(path, headers={"Accept": accept})
        if response.status_code not in (301, 302, 303, 307, 308):
            wanted = "text/html" if accept == BROWSER else accept
            is_right = response.status_code == 200 and response.mimetype == wanted
            return path, "" if is_right else f"{response.status_code} {response.mimetype}"
        path = response.headers["Location"].partition("#")[0]
        if not path.startswith("/"):
            return path, "leads away"
    return path, "too many redirections"


@pytest.mark.timeout(900)
def test_every_subject_has_a_page(client: FlaskClient, services: Services) -> None:
    """A browser reaches a page from each in at most three redirections; of the largest families, from one in eight."""
    paths = sorted({"/" + iri.removeprefix(BASE).partition("#")[0] for iri in subjects(services)})
    chosen = [path for n, path in enumerate(paths) if n % 8 == 0 or not path.startswith(("/src/", "/dataset/"))]
    wrong = [(path, end, told) for path in chosen for end, told in [follow(client, path, BROWSER)] if told]

    assert len(paths) > 4_000
    assert wrong == []


def test_what_is_pointed_at_and_said_nothing_of_answers(client: FlaskClient, services: Services) -> None:
    """A file, a version, the endpoint: a page that links to one of them links to what is there."""
    known = set(subjects(services))
    objects = {t.object.value for t in services.snapshot.merged if isinstance(t.object, NamedNode)}
    pointed = sorted(iri for iri in objects - known if iri.startswith(BASE))
    links = {iri: address(iri, "en").partition("#")[0] for iri in pointed}
    wrong = {iri: link for iri, link in links.items() if client.get(link).status_code != 200}

    assert f"{BASE}openapi.json" in links
    assert sum(iri.startswith(f"{BASE}dumps/") for iri in links) == len(services.dumps)
    assert wrong == {}


@pytest.mark.timeout(900)
def test_every_subject_leads_to_its_data(client: FlaskClient, services: Services) -> None:
    """Each is its own data, or redirects to where they are."""
    paths = {"/" + iri.removeprefix(BASE).partition("#")[0] for iri in subjects(services)} - {
        "/catalogue",
        "/shapes",
        "/sparql",
    }
    wrong = [path for path in sorted(paths) if client.get(path, headers={"Accept": RDF[0]}).status_code != 303]

    assert wrong == []


@pytest.mark.timeout(900)
@pytest.mark.parametrize("accept", RDF)
def test_every_kind_of_subject_has_data(client: FlaskClient, services: Services, accept: str) -> None:
    """Turtle of one in eight, the other types of one in thirty-two; of passages and partitions fewer."""
    paths = sorted({"/" + iri.removeprefix(BASE).partition("#")[0] for iri in subjects(services)})
    each, of_family = (8, 64) if accept == RDF[0] else (32, 512)
    families = ("/src/", "/dataset/")
    chosen = [path for n, path in enumerate(paths) if n % (of_family if path.startswith(families) else each) == 0]
    chosen += ["/ns", "/shapes", "/catalogue", "/dataset", "/sparql", "/publisher", "/graph/ontology"]
    wrong = [(path, told) for path in chosen for _, told in [follow(client, path, accept)] if told]

    assert len(chosen) > 60
    assert wrong == []


def test_terms_and_shapes_stand_on_the_page_that_they_lead_to(client: FlaskClient, services: Services) -> None:
    """A fragment that a browser keeps is an anchor of the page."""
    vocabulary = set(re.findall(r'id="([^"]+)"', client.get("/en/vocabulary").get_data(as_text=True)))
    shapes = set(re.findall(r'id="([^"]+)"', client.get("/en/page/shapes").get_data(as_text=True)))
    named = subjects(services)
    terms = {iri.removeprefix(DLG) for iri in named if iri.startswith(DLG)}

    assert terms - vocabulary == set()
    assert {iri.removeprefix(SHAPES) for iri in named if iri.startswith(SHAPES)} - shapes == {""}
    assert len(terms) > 50


@pytest.mark.parametrize(
    "page",
    ["/fi/page/dataset", "/en/page/graph/ontology", "/sv/page/catalogue", "/en/page/shapes", "/graphs", "/dumps",
     "/en/vocabulary", "/en/page/org/om"],
)  # fmt: skip
def test_what_a_page_links_to_is_here(client: FlaskClient, page: str) -> None:
    """Every local link answers, and no link leads to the name of this project elsewhere."""
    text = client.get(page, headers={"Accept": BROWSER}).get_data(as_text=True)
    links = {unescape(link).partition("#")[0] for link in re.findall(r'<a [^>]*href="([^"]+)"', text)}
    local = sorted(link for link in links if link.startswith("/") and not link.startswith(("/sparql?", "/dumps/d")))

    assert local
    assert [link for link in links if link.startswith(BASE)] == []
    for link in local[:150]:
        assert client.get(link, headers={"Accept": BROWSER}, follow_redirects=True).status_code == 200, link


@pytest.mark.parametrize("accept", [BROWSER, "text/turtle"])
@pytest.mark.parametrize(
    "path",
    ["/queries", "/sparql", "/graphs", "/catalogue", "/dataset", "/ns", "/shapes", "/dumps", "/collaboration",
     "/id/org/om", "/vocab/status/realised", "/graph/ontology", "/en/about", "/page/org/om", "/en/page/org/om",
     "/data/org/om", "/queries/guiding-questions", "/.well-known/void", "/openapi.json", "/dataset/x",
     "/feed.atom", "/problems/not-found", "/healthz", "/publisher"],
)  # fmt: skip
def test_a_slash_at_the_end_leads_to_the_address_without(client: FlaskClient, path: str, accept: str) -> None:
    """308 everywhere, with the query string; what there is not is 404 with the slash or without."""
    plain = client.get(path, headers={"Accept": accept})
    response = client.get(path + "/?a=b%20c", headers={"Accept": accept})

    assert (response.status_code, response.headers["Location"]) == (308, path + "?a=b%20c")
    assert plain.status_code != 308


def test_a_slash_at_the_end_of_nothing_is_nothing(client: FlaskClient) -> None:
    """No redirection to another site, and none to what is not there."""
    for path in ("/nothing/", "/en/nothing/", "/id/org/none/"):
        assert client.get(path, follow_redirects=True).status_code == 404
    assert "evil" not in client.get("//evil.example/", headers={"Accept": BROWSER}).headers.get("Location", "")


def test_a_post_keeps_its_method(client: FlaskClient) -> None:
    """308 and not 301: a query that is posted is posted again."""
    response = client.post("/sparql/", data={"query": "ASK {}"}, follow_redirects=True)

    assert response.json == {"head": {}, "boolean": True}


@pytest.mark.parametrize(
    ("path", "words"),
    [("/graphs", "graph/vocab"), ("/dumps", "dialogiverkko.nq"), ("/catalogue", "DCAT"), ("/dataset", "void:triples"),
     ("/shapes", "DLG-048")],
)  # fmt: skip
def test_an_address_for_programs_shows_people_what_there_is(client: FlaskClient, path: str, words: str) -> None:
    """A page in the frame of the site, in the language of the reader."""
    headers = {"Accept": BROWSER, "Accept-Language": "sv"}
    response = client.get(path, headers=headers, follow_redirects=True)

    assert (response.status_code, response.mimetype) == (200, "text/html")
    assert response.headers["Content-Language"] == "sv"
    assert words.lower() in response.get_data(as_text=True).lower()


@pytest.mark.parametrize(
    ("path", "status"), [("/graphs", 400), ("/dumps", 303), ("/catalogue", 200), ("/dataset", 303), ("/shapes", 200)]
)
def test_a_program_gets_what_it_got(client: FlaskClient, path: str, status: int) -> None:
    """The page takes nothing away from programs."""
    assert client.get(path, headers={"Accept": "text/turtle"}).status_code == status
    assert client.get(path).status_code == status


@pytest.mark.parametrize(
    ("iri", "owner"),
    [("id/query/timeline-of-activities", ""), ("id/activity/timeless", ""), ("id/activity/x/time", "id/activity/x"),
     ("id/activity/x/time/2", "id/activity/x"), ("id/activity/x/count/1", "id/activity/x"), ("id/org/om", ""),
     ("id/activity/count-down", ""), ("vocab/role/participation/x", "")],
)  # fmt: skip
def test_only_a_part_has_an_owner(iri: str, owner: str) -> None:
    """A name that begins like that of a part is a name of its own."""
    assert things.owner(BASE + iri) == BASE + (owner or iri)
