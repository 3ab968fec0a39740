"""The pages of the site, without a browser: what they tell is in the graph, in three languages."""

import json
import re
import struct
from html import escape
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
import rdflib
import yaml
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import LazyString

from dialogiverkko.app import create_app
from dialogiverkko.graph.assets import find_assets
from dialogiverkko.graph.source import statements
from dialogiverkko.namespaces import BASE, DLG, ID, VOCAB
from dialogiverkko.web.languages import LANGUAGES, told_in
from dialogiverkko.web.services import Services
from dialogiverkko.web.site import headings, links, related, schema_org, sources, thing_page, things
from dialogiverkko.web.site.as_query import AUTHORITY
from dialogiverkko.web.site.index import Index

SCHEMA = rdflib.Namespace("https://schema.org/")
PAGES = (
    "", "about", "data", "vocabulary", "missing", "organisations", "activities", "page/org/om",
    "page/activity/tulevaisuusdialogit", "page/vocab/method/eratauko",
    "page/src/vertaisdialogi-listaus-2021/L076-68-11",
)  # fmt: skip
MOST_BYTES = 150_000


@pytest.fixture(scope="module")
def index(services: Services) -> Index:
    """The graph as pages read it."""
    return Index(services.snapshot)


def text(client: FlaskClient, path: str) -> str:
    """The page, which must be there."""
    answer = client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def described(page: str) -> rdflib.Graph:
    """The schema.org description in a page; its context is not fetched: every word is of that vocabulary."""
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert found
    document = json.loads(found[1])
    assert document.pop("@context") == "https://schema.org"
    graph = rdflib.Graph()
    return graph.parse(data=json.dumps({"@context": {"@vocab": str(SCHEMA)}, **document}), format="json-ld")


# --- headings ---------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fact_shown_has_a_heading_in_every_language(application: Flask, index: Index, language: str) -> None:
    """No page names a property by its address or in another language."""
    named = [iri for iri in index.mapped if iri.startswith((ID, VOCAB))]
    shown = {fact.predicate for iri in named for fact in index.facts(iri, thing_page.FACTS)}
    pointing = {
        predicate
        for iri in named
        for predicate in index.mapped.predicates_to(iri)
        for subject in index.pointing(iri, predicate)
        if things.owner(subject).startswith((ID, VOCAB)) and "/link/" not in subject and things.owner(subject) != iri
    }
    pointing = {p for p in pointing - thing_page._LEFT_OUT if "/shacl#" not in p}  # saved queries name their defaults
    tables: list[tuple[set[str], dict[str, LazyString]]] = [(shown, headings.OUTGOING), (pointing, headings.INCOMING)]

    for predicates, table in tables:
        assert len(predicates) > 20
        assert predicates - set(table) == set()
        with application.test_request_context("/"), told_in(language):
            told = {str(heading) for heading in table.values()}
        with application.test_request_context("/"), told_in("en"):
            english = {str(heading) for heading in table.values()}
        assert all(told)
        if language != "en":
            assert told & english <= {"Status", "Definition", "Organisation", "Period", "Parts"}


# --- things -----------------------------------------------------------------------------------


def test_a_whole_item_is_quoted_once(client: FlaskClient) -> None:
    """Each fact keeps its evidence; the words of a whole item are not repeated in every row."""
    page = text(client, "/en/page/activity/saimaadialogit")
    table = page.split('<table class="facts">')[1].split("</table>")[0]
    rows = table.split("<tr>")[2:]

    assert len(rows) >= 12
    assert sum('class="line"' in row for row in rows) >= 12
    assert table.count("Saimaadialogit: Saimaan kalastus …") == 1
    assert table.count("whole item") > 0


def test_identifiers_are_not_said_to_rest_on_the_source(client: FlaskClient) -> None:
    """The listing gives no Wikidata address, so no phrase of it stands beside one."""
    table = text(client, "/en/page/org/om").split('<table class="facts">')[1].split("</table>")[0]
    row = next(row for row in table.split("<tr>") if "wikidata" in row)

    assert "<q" not in row
    assert "added by the makers of the graph" in row


def test_evidence_names_its_source(client: FlaskClient, index: Index) -> None:
    """Where several sources tell of a thing, each piece of evidence says which, and opens that one's own page."""
    iri = ID + "activity/poikkeusajan-dialogit"
    page = text(client, "/en/page/activity/poikkeusajan-dialogit")
    documents = things.documents(index, iri)
    participations = page.split("<h2>Parties")[1].split("</table>")[0]

    assert len(documents) > 1
    for document in documents:
        assert f'href="/en/source/{sources.slug_of(document)}"' in page
    for part in things.parts(index, iri):
        for passage in part.evidence:
            assert sources.host(index, passage.document) in participations
            assert escape(sources.fragment(index, passage)) in participations


def test_a_fragment_opens_the_page_of_the_passages_own_document(index: Index) -> None:
    """Words are looked for on the page of their source; of a page without a text, the page itself is opened."""
    opened = {p.document: sources.fragment(index, p) for p in index.passages.values()}

    assert len(opened) > 1
    for document, address in opened.items():
        page = index.value(document, "http://xmlns.com/foaf/0.1/page")
        assert address.startswith(page), document
        assert address == page or address.startswith(f"{page}#:~:text=")


def test_sources_are_listed_and_each_is_read(client: FlaskClient, index: Index) -> None:
    """Each source has a page, which shows all its passages and no other source's; a name that is none has no page."""
    documents = index.all("SourceDocument")
    pages = range(1, -(-len(documents) // 50) + 1)
    listed = "".join(text(client, f"/en/source?page={number}" if number > 1 else "/en/source") for number in pages)

    assert len(documents) > 1
    assert all(f'href="/en/source/{sources.slug_of(document)}"' in listed for document in documents)
    for document in documents[::20]:
        slug = sources.slug_of(document)
        page = text(client, f"/en/source/{slug}")
        shown = set(re.findall(r'href="/en/page/(src/[^"]+)"', page))
        own = {p.iri.removeprefix(BASE) for p in index.passages.values() if p.document == document and not p.is_section}
        assert shown == own
    assert client.get("/en/source/nowhere").status_code == 404
    assert client.get("/source").headers["Location"].endswith("/source")


def test_quotations_are_in_the_language_of_their_source(client: FlaskClient, index: Index) -> None:
    """A screen reader speaks each quotation in its own language."""
    for passage in [p for p in index.passages.values() if p.exact][::60]:
        page = text(client, f"/en/page/{passage.iri.removeprefix(BASE)}")
        assert f'<q lang="{sources.language_of(index, passage)}">' in page


def test_what_people_do_is_no_act_of_their_organisation(client: FlaskClient, index: Index) -> None:
    """Two lists: what it reports or does, and what its people take part in; no activity is in both."""
    rows = related.activities(index, ID + "org/hyvinkaa", "en")
    page = text(client, "/en/page/org/hyvinkaa")

    assert [row.activity for row in rows if row.people and not row.roles and not row.is_reported]
    assert '<h2 id="people">' in page
    assert not set(activities_under(page, "activities")) & set(activities_under(page, "people"))


def activities_under(page: str, anchor: str) -> list[str]:
    """The activities that the section with an anchor lists."""
    if f'<h2 id="{anchor}">' not in page:
        return []
    return re.findall(r'href="/en/page/(activity/[^"]+)"', page.split(f'<h2 id="{anchor}">')[1].split("</section>")[0])


def test_an_organisation_tells_its_activities_by_status(client: FlaskClient, index: Index) -> None:
    """What is done comes first; those of its units are in; each is reported or has a role."""
    iri = ID + "org/om"
    rows = related.activities(index, iri, "en")
    page = text(client, "/en/page/org/om")

    assert {r.activity for r in rows} >= set(things.activities_of(index, iri))
    assert all(r.is_reported or r.roles or r.people for r in rows)
    assert sum(r.rows for r in related.headed(rows)) == len(rows)
    statuses = [r.status.rsplit("/", 1)[-1] for r in rows]
    assert statuses == sorted(statuses, key=["realised", "ongoing", "planned", "aspired", "unstated"].index)
    assert len(set(statuses)) > 1
    for row in rows:
        assert f'href="/en/page/{row.activity.removeprefix(ID)}"' in page


def test_a_role_that_no_words_say_shows_its_basis(client: FlaskClient) -> None:
    """On the page of who has it, as on the page of the activity; a role that words say has nothing beside it."""
    page = client.get("/fi/page/org/vm").get_data(as_text=True)
    rows = [re.sub(r"<[^>]+>", "", row) for row in page.split("<tr>") if "ilmoittaja" in row]

    assert [row for row in rows if "järjestäjä (otsikosta päätelty)" in row]
    assert not [row for row in rows if "suoraan sanottu" in row]
    stated = client.get("/fi/page/org/sitra").get_data(as_text=True)
    assert re.search(r"järjestäjä(?! \()", stated)


def test_a_language_has_a_name() -> None:
    """Each that a reading can say; Finland's sign language has none in the tables of names."""
    known = {f"{AUTHORITY}{code}" for code in statements.LANGUAGES.values()}
    unnamed = {each[-3:] for each in known for reader in LANGUAGES if sources.language_name(each, reader) == each[-3:]}

    assert unnamed == {"FSE"}


def test_the_small_pictures_tell_links_and_times(client: FlaskClient, index: Index, services: Services) -> None:
    """The partners of an organisation and the links among them, and as many bars as it has dated activities."""
    page = text(client, "/en/page/org/om")
    star, drawn = (re.search(rf'<svg class="{c}".*?</svg>', page, re.DOTALL) for c in ("network", "timeline"))
    own = services.network.of(ID + "org/om")
    partners = {link.other(ID + "org/om") for link in own}
    dated = [r for r in related.activities(index, ID + "org/om", "en") if r.when]

    assert star
    assert drawn
    drawn_links = set(re.findall(r'id="edge-([^"]+)"', star[0]))
    known = {link.iri.rsplit("/", 1)[-1] for link in services.network.links}
    assert star[0].count('class="node"') == min(len(partners) + 1, links.BESIDE) > 4
    assert drawn_links <= known
    assert drawn_links & {link.iri.rsplit("/", 1)[-1] for link in own}
    assert drawn[0].count('class="possible"') >= min(len(dated), 50) > 3


def test_related_activities_have_something_in_common(index: Index) -> None:
    """What is called related shares a theme, a method or a context."""
    found = 0
    for activity in index.all("Activity"):
        own = {v for p in related._SHARED for v in index.values(activity, p)}
        for near in related.related(index, activity):
            other = {v for p in related._SHARED for v in index.values(near.activity, p)}
            assert set(near.shared) <= own & other
            assert near.shared
            assert near.activity != activity
            found += 1

    assert found > 50


def test_what_many_share_makes_nothing_related(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    """A theme that more than so many things have counts for none of them, and one that so many have does."""
    monkeypatch.setattr(related, "_MANY", 4)
    shared = {
        (value, sum(index.mapped.count(value, predicate) for predicate in related._SHARED))
        for activity in index.all("Activity")
        for near in related.related(index, activity)
        for value in near.shared
    }
    most = max(count for _, count in shared)

    assert most == 4
    assert len(shared) > 5


def test_a_passage_tells_its_place_and_its_neighbours(client: FlaskClient, index: Index) -> None:
    """From the first passage of each source to its last by the links to the next; each lies within its item."""
    firsts = [p for p in index.passages if related.place(index, p, "fi").before is None]
    seen: list[str] = []
    for first in firsts:
        iri = first
        while iri:
            place = related.place(index, iri, "fi")
            seen.append(iri)
            assert 0 <= place.left <= place.left + place.width <= 1000.1
            assert index.passages[iri].document == index.passages[first].document
            iri = place.after.iri if place.after else ""

    assert sorted(seen) == sorted(index.passages)
    assert len(firsts) == len({passage.document for passage in index.passages.values()})
    page = text(client, "/fi/page/src/vertaisdialogi-listaus-2021/L076-68-11")
    assert page.count('rel="prev"') == page.count('rel="next"') == 2
    assert "/fi/page/activity/tulevaisuusdialogit" in page


def test_a_concept_tells_what_uses_it(client: FlaskClient, index: Index) -> None:
    """Every activity that uses the method is on one of its pages."""
    address = "/sv/page/vocab/method/eratauko"
    first = text(client, address)
    count = max([int(number) for number in re.findall(r'href="\?page=(\d+)"', first)], default=1)
    page = first + "".join(text(client, f"{address}?page={number}") for number in range(2, count + 1))
    users = [a for a in index.all("Activity") if VOCAB + "method/eratauko" in index.values(a, DLG + "usesMethod")]

    assert len(users) > 5
    assert [a for a in users if f"/sv/page/{a.removeprefix(ID)}" not in page] == []


def test_the_part_of_a_thing_leads_to_the_thing(client: FlaskClient, index: Index) -> None:
    """A participation or a time has no page of its own."""
    part = index.all("Participation")[0]
    answer = client.get(f"/fi/page/{part.removeprefix(ID)}")

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/fi/page/{things.owner(part).removeprefix(ID)}")


# --- the whole --------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_about_counts_in_the_graph(client: FlaskClient, index: Index, language: str) -> None:
    """Classes and properties are told with their numbers; every part of the page is there."""
    page = text(client, f"/{language}/about")
    parts = ["what", "source", "method", "model", "limits", "licence", "cite", "versions", "accessibility", "privacy"]

    assert [p for p in parts if f'id="{p}"' not in page or f'href="#{p}"' not in page] == []
    for name in ("Activity", "Participation", "CollaborationLink", "Passage"):
        row = re.search(rf'vocabulary#{name}".*?</tr>', page, re.DOTALL)
        assert row
        assert f'<td class="number">{len(index.all(name))}</td>' in row[0]
    statements = sum(len(index.said(iri, DLG + "usesMethod")) for iri in index.mapped)
    assert re.search(rf'vocabulary#usesMethod".*?<td class="number">{statements}</td>', page, re.DOTALL)
    assert index.snapshot.digest in page


def test_the_statement_of_accessibility_names_what_was_not_tested(client: FlaskClient) -> None:
    """It claims no more than the tests show, and invents no address."""
    statement = text(client, "/en/about").split('id="accessibility"')[1].split("</section>")[0]

    assert all(words in statement for words in ("WCAG 2.2", "in part", "screen readers", "306/2019", "Traficom"))
    assert "@" not in statement


def test_the_privacy_notice_is_true(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    """No cookie is set, and the log tells neither who came nor with what."""
    with caplog.at_level("INFO", logger="dialogiverkko.requests"):
        answers = [client.get(f"/en/{p}?q=salaisuus", headers={"User-Agent": "Tunnus/1"}) for p in PAGES]

    assert [a.headers.get("Set-Cookie") for a in answers] == [None] * len(PAGES)
    lines = [json.loads(record.message) for record in caplog.records if record.name == "dialogiverkko.requests"]
    assert len(lines) == len(PAGES)
    assert {key for line in lines for key in line} == {"request", "method", "path", "status", "bytes", "milliseconds"}
    assert "salaisuus" not in caplog.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_vocabulary_has_each_term_and_concept(client: FlaskClient, index: Index, language: str) -> None:
    """Every class and property of ours has an anchor, its name, its definition; every concept is in its tree."""
    page = text(client, f"/{language}/vocabulary")
    defined = [
        i
        for i in index.mapped
        if i.startswith(DLG) and index.values(i, "http://www.w3.org/2000/01/rdf-schema#isDefinedBy")
    ]
    concepts = [i for i in index.of_class("http://www.w3.org/2004/02/skos/core#Concept") if i.startswith(VOCAB)]

    assert len(defined) > 80
    assert [i for i in defined if f'id="{i.removeprefix(DLG)}"' not in page] == []
    assert len(concepts) > 200
    assert [c for c in concepts if f'href="/{language}/page/vocab/{c.removeprefix(VOCAB)}"' not in page] == []
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)
    for name, space in index.snapshot.prefixes.items():
        assert f"<code>{name}:</code>" in page
        assert f"<code>{space}</code>" in page


def test_data_tells_sizes_and_checksums_of_what_is_served(client: FlaskClient, services: Services) -> None:
    """The numbers are those of the files; the digest of the version is that of its N-Quads."""
    page = text(client, "/en/data")
    assert f"{len(client.get('/queries.json').get_json()['queries'])} questions, each as a page" in page
    sums = dict(
        reversed(line.split("  "))
        for line in client.get("/dumps/SHA256SUMS").get_data(as_text=True).split("\n")
        if line
    )

    assert len(sums) == 5
    assert all(name in page and checksum in page for name, checksum in sums.items())
    assert sums["dialogiverkko.nq"] == services.snapshot.digest
    for name, triples in services.snapshot.counts.items():
        assert re.search(rf"<code>{re.escape(name)}</code></th><td class=\"number\">{triples:,}</td>", page)
        assert f'href="/graphs?graph={quote(name, safe="/")}"' in page
    assert client.get(f"/graphs?graph={quote(next(iter(services.snapshot.counts)))}").status_code == 200


def test_figures_of_the_front_page_lead_to_what_they_count(client: FlaskClient, index: Index) -> None:
    """Each number is a link that answers."""
    figures = text(client, "/en/").split('<dl class="figures">')[1].split("</dl>")[0]
    links = re.findall(r'<a href="([^"]+)" aria-label="(\d+) ', figures)

    organisations = index.of_class("http://www.w3.org/ns/org#Organization")
    counted = [len(index.all("SourceDocument")), len(index.all("Activity")), len(organisations)]
    assert [int(n) for _, n in links[:3]] == counted
    assert len(links) == 7
    for path, number in links:
        assert client.get(path.replace("&amp;", "&"), headers={"Accept": "text/html"}).status_code == 200, (
            path,
            number,
        )


def test_what_is_missing_is_counted_as_listed(client: FlaskClient) -> None:
    """Each figure is the length of the list that it leads to."""
    page = text(client, "/en/missing")
    figures = re.findall(r'<a href="#(\w+)" aria-label="(\d+) ', page)

    assert [part for part, _ in figures] == ["gaps", "undated", "unplaced", "unorganised"]
    for part, number in figures:
        section = page.split(f'<h2 id="{part}">')[1].split("</section>")[0]
        assert section.count("<li><a") + section.count("<li> <a") >= min(int(number), 50)
        assert f"({number})</h2>" in section


# --- schema.org -------------------------------------------------------------------------------


def test_the_dataset_is_described_with_its_files(client: FlaskClient, index: Index, services: Services) -> None:
    """Front page and data page describe one dataset, as its catalogue does; the latter with its files."""
    for path, listed in (("/fi/", set()), ("/en/data", {dump.sha256 for dump in services.dumps.values()})):
        graph = described(text(client, path))
        (node,) = graph.subjects(rdflib.RDF.type, SCHEMA.Dataset)
        files = {str(graph.value(d, SCHEMA.sha256)) for d in graph.objects(node, SCHEMA.distribution)}

        assert str(graph.value(node, SCHEMA.version)) == index.value(str(node), "http://www.w3.org/ns/dcat#version")
        assert str(graph.value(node, SCHEMA.license)) == "https://creativecommons.org/licenses/by/4.0/"
        assert files == listed


@pytest.mark.parametrize("language", LANGUAGES)
def test_events_and_organisations_are_described_by_the_graph_alone(
    client: FlaskClient, index: Index, language: str
) -> None:
    """Each literal is in the graph; a date is the part of the EDTF expression that is one."""
    kinds: set[str] = set()
    described_things = [
        *index.all("DialogueEvent"),
        *index.all("DialogueSeries"),
        *index.of_class("http://www.w3.org/ns/org#Organization"),
    ]
    for iri in described_things:
        graph = described(text(client, f"/{language}/page/{iri.removeprefix(ID)}"))
        node = rdflib.URIRef(iri)
        kinds |= {str(t).rsplit("/", 1)[-1] for t in graph.objects(node, rdflib.RDF.type)}
        spans = [index.value(s, DLG + "edtf") for s in index.values(iri, DLG + "hasTimeSpan")]
        dates = {str(v) for p in (SCHEMA.startDate, SCHEMA.endDate) for v in graph.objects(node, p)}
        assert dates <= {part for span in spans for part in span.split("/")}, iri
        for subject, predicate, value in graph:
            if isinstance(subject, rdflib.URIRef) and predicate in (
                SCHEMA.name,
                SCHEMA.description,
                SCHEMA.alternateName,
            ):
                assert str(value) in {v.value for _, v in index.statements(str(subject))}, (iri, predicate)

    assert kinds == {"Event", "EventSeries", "Organization"}


@pytest.mark.parametrize(
    ("edtf", "told"),
    [
        ("2020-03", {"startDate": "2020-03", "endDate": "2020-03"}),
        ("2021-04-26/2021-06-11", {"startDate": "2021-04-26", "endDate": "2021-06-11"}),
        ("2020-23/2021-21", {}),
        ("2020-23/2021", {"endDate": "2021"}),
        ("2020~", {}),
    ],
)
def test_a_season_is_no_date(edtf: str, told: dict[str, str]) -> None:
    """Days, months and years are told; seasons and approximate times are not made into dates."""
    assert schema_org.dates(edtf) == told


# --- the frame --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def published(services: Services) -> FlaskClient:
    """A copy that knows its public address."""
    settings = services.settings.model_copy(update={"base_address": "https://dialogi.example"})
    app = create_app(settings, snapshot=services.snapshot, backend=services.backend)
    return app.test_client()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_names_itself_for_those_who_pass_it_on(published: FlaskClient, path: str) -> None:
    """Canonical address, card, title and languages, by the public address and not by that of the request."""
    page = text(published, f"/sv/{path}")

    assert f'<link rel="canonical" href="https://dialogi.example/sv/{path}">' in page
    assert f'<meta property="og:url" content="https://dialogi.example/sv/{path}">' in page
    assert '<meta property="og:image" content="https://dialogi.example/static/card.png">' in page
    assert '<meta property="og:locale" content="sv_FI">' in page
    assert '<meta name="twitter:card" content="summary_large_image">' in page
    for language in LANGUAGES:
        assert f'hreflang="{language}" href="https://dialogi.example/{language}/{path}"' in page
    title = re.search(r"<title>(.*?) – Dialogiverkko</title>", page)
    assert title
    assert f'<meta property="og:title" content="{title[1]}">' in page


def test_two_addresses_of_one_copy_do_not_share_pages(client: FlaskClient) -> None:
    """Without a setting a page names the address that it was asked at."""
    pages = [
        client.get("/en/about", base_url=f"http://{host}/").get_data(as_text=True)
        for host in ("one.example", "two.example")
    ]

    assert "http://one.example/en/about" in pages[0]
    assert "one.example" not in pages[1]


def test_the_card_is_a_small_bitmap(client: FlaskClient) -> None:
    """1200 × 630, at most 60 kB, so that every reader shows it."""
    answer = client.get("/static/card.png")
    body = answer.get_data()

    assert answer.content_type == "image/png"
    assert body.startswith(b"\x89PNG")
    assert struct.unpack(">II", body[16:24]) == (1200, 630)
    assert len(body) <= 60_000


@pytest.mark.parametrize("side", [32, 180])
def test_the_icon_is_there_for_those_who_read_no_svg(client: FlaskClient, side: int) -> None:
    """The frame names each size, and it is that size."""
    name = f"/static/icon-{side}.png"
    body = client.get(name).get_data()

    assert f'href="{name}"' in text(client, "/en/about")
    assert struct.unpack(">II", body[16:24]) == (side, side)


@pytest.mark.parametrize("path", [*PAGES, "nope", "page/org/nope"])
def test_every_page_has_a_strict_policy(client: FlaskClient, path: str) -> None:
    """Scripts and styles come from our address alone, on pages of errors too; no handler stands in the page."""
    answer = client.get(f"/en/{path}", headers={"Accept": "text/html"})
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
    page = answer.get_data(as_text=True)

    assert (policy["script-src"], policy["style-src"]) == ("'self'", "'self'")
    assert policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert not re.search(r"\son\w+=|\sstyle=|<style", page)
    assert re.findall(r"<script(?![^>]*(?:src=|ld\+json))", page) == []


def test_the_sitemap_names_each_page_in_each_language(published: FlaskClient, index: Index) -> None:
    """Every activity and every saved query, each with its other languages; a sample of them answers."""
    root = "https://dialogi.example"
    listed = ElementTree.fromstring(published.get("/sitemap.xml").get_data())  # noqa: S314 - our own server
    files = [(entry.findtext("{*}loc") or "").removeprefix(root) for entry in listed]
    urls = [
        url
        for path in files
        for url in ElementTree.fromstring(published.get(path).get_data())  # noqa: S314 - our own server
    ]
    entries = {url.findtext("{*}loc") or "": url.findall("{http://www.w3.org/1999/xhtml}link") for url in urls}

    assert files == [f"/sitemap-{number}.xml" for number in range(1, len(files) + 1)]
    assert published.get(f"/sitemap-{len(files) + 1}.xml").status_code == 404
    assert len(entries) == len(urls)
    for language in LANGUAGES:
        for activity in index.all("Activity"):
            assert f"{root}/{language}/page/{activity.removeprefix(ID)}" in entries
        assert f"{root}/queries/who-coordinated-an-activity?lang={language}" in entries
    assert {link.get("href") for links in entries.values() for link in links} == set(entries)
    for address in sorted(entries)[::40]:
        answer = published.get(address.removeprefix(root), headers={"Accept": "text/html"})
        assert answer.status_code == 200, address


def test_addresses_that_people_guess_lead_on(client: FlaskClient) -> None:
    """The questions in the form of the other pages, and the icon where browsers look for it."""
    assert client.get("/sv/queries").headers["Location"] == "/queries?lang=sv"
    assert client.get("/favicon.ico", follow_redirects=True).content_type == "image/png"


def test_the_citation_is_that_of_the_source_code(client: FlaskClient) -> None:
    """Author, title, version, year and address as CITATION.cff has them."""
    facts = yaml.safe_load((find_assets().root / "CITATION.cff").read_text(encoding="utf-8"))
    cite = text(client, "/en/about").split('id="cite"')[1].split("</section>")[0]

    told = [
        facts["authors"][0]["name"],
        facts["title"],
        str(facts["version"]),
        str(facts["date-released"])[:4],
        facts["url"],
    ]
    assert [fact for fact in told if fact not in cite] == []


def test_the_feed_has_an_entry_for_each_release(client: FlaskClient, services: Services) -> None:
    """The newest first, each with its notes and with what changed; the data page tells what is unreleased."""
    answer = client.get("/feed.atom")
    feed = ElementTree.fromstring(answer.get_data())  # noqa: S314 - our own server
    entries = feed.findall("{*}entry")
    known = list(reversed(services.releases.published))

    assert answer.mimetype == "application/atom+xml"
    assert [entry.findtext("{*}title") for entry in entries] == [f"Dialogiverkko {each.version}" for each in known]
    for entry, release in zip(entries, known, strict=True):
        assert release.notes["en"] in (entry.findtext("{*}summary") or "")
        assert "/changes" in (getattr(entry.find("{*}link"), "attrib", {}).get("href") or "")
    assert all(feed.find(f"{{*}}link[@rel='{rel}']") is not None for rel in ("self", "alternate"))
    page, is_released = text(client, "/en/data"), services.releases.has(services.snapshot.digest)
    assert "Each release has an entry in the feed." in page
    assert ("which is not released yet" in page) is not is_released


@pytest.mark.parametrize("path", PAGES)
def test_a_first_view_is_light(client: FlaskClient, path: str) -> None:
    """Page, style, script and icon together, as they travel."""
    sent = 0
    for address in (f"/fi/{path}", "/static/site.css", "/static/site.js", "/static/favicon.svg"):
        answer = client.get(address, headers={"Accept": "*/*", "Accept-Encoding": "gzip"})
        sent += len(answer.get_data())

    assert sent < MOST_BYTES
