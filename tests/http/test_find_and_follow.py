"""Searching, following a chain and comparing: a page in each language, JSON for programs, and refusals that help."""

import re
import urllib.request
from html import unescape
from urllib.parse import quote, urlencode

import pytest
from flask.testing import FlaskClient

from dialogiverkko.namespaces import ID, LANGUAGES
from dialogiverkko.network import paths
from dialogiverkko.network.chains import strength_cost
from dialogiverkko.network.selection import Selection, select
from dialogiverkko.web.http.answer_rows import Group, arrange
from dialogiverkko.web.services import Services

HTML = {"Accept": "text/html"}
HOSTILE = (
    '"',
    '" OR name:*',
    "NEAR(a b)",
    "\x00",
    "a\x00b",
    "🦭",
    "x" * 10_000,
    "(((",
    "*",
    "'; DROP TABLE word;--",
    "%s",
    "ä\u0301",
)
OM, SYKE = f"{ID}org/om", f"{ID}org/syke"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_search_is_on_every_page_and_answers_in_its_language(client: FlaskClient, language: str) -> None:
    """The box needs no script: it is a form that asks the page of the search."""
    home = client.get(f"/{language}/").get_data(as_text=True)
    answer = client.get(f"/{language}/search?q=Saimaa")
    page = answer.get_data(as_text=True)

    assert f'action="/{language}/search"' in home
    assert answer.status_code == 200
    assert f'href="/{language}/page/place/saimaa"' in page
    assert f'<link rel="canonical" href="http://localhost/{language}/search?q=Saimaa">' in page


def test_programs_get_results_with_the_best_first(client: FlaskClient) -> None:
    """Each result has an IRI, a name and a kind; a kind and a number may be asked for."""
    found = client.get("/search.json?q=Oikeusministeriön&lang=sv").get_json()
    few = client.get("/search.json?q=dialogi&kind=activity&limit=3&lang=en").get_json()

    assert (
        found["results"][0] | {"iri": OM, "label": "Justitieministeriet", "kind": "organisation"} == found["results"][0]
    )
    assert [result["kind"] for result in few["results"]] == ["activity"] * 3
    assert few["total"] > 3
    assert client.get("/search?q=vm", headers={"Accept-Language": "sv"}).headers["Location"].endswith("/sv/search?q=vm")


@pytest.mark.parametrize(
    "query",
    ["", "q=", "q=a&x=1", "q=a&kind=b", "q=a&limit=0", "q=a&limit=101", "q=a&lang=de", "q=a&q=b", "q=" + "a" * 201],
)
def test_what_is_not_known_of_a_search_is_refused(client: FlaskClient, query: str) -> None:
    """A search without words, with strange names or with values that are not allowed is a 422."""
    assert client.get(f"/search.json?{query}").status_code == 422


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:12]))
def test_no_words_make_an_error(client: FlaskClient, text: str) -> None:
    """What is typed is found, or not, or refused."""
    for address in ("/search.json?lang=fi&q=", "/fi/search?q=", "/fi/activities?q=", "/sv/organisations?q="):
        assert client.get(address + quote(text), follow_redirects=True).status_code in (200, 422), address


def test_nothing_found_is_told_with_near_words(client: FlaskClient) -> None:
    """The page is honest, and offers where else to look."""
    page = client.get("/en/search?q=" + quote("ympärtsköminsteriö")).get_data(as_text=True)

    assert "these sources are not the whole picture" in page
    assert "Words that are like yours" in page
    assert 'href="/en/missing"' in page


def test_a_worker_searches_though_it_may_open_nothing(served: str) -> None:
    """The index is in memory before the workers are forked."""
    with urllib.request.urlopen(f"{served}search.json?q=Saimaalla&lang=fi", timeout=20) as answer:
        assert b"/id/place/saimaa" in answer.read()


# --- chains -----------------------------------------------------------------------------------


def test_all_shortest_chains_are_told_the_strongest_first(client: FlaskClient, services: Services) -> None:
    """Each has the same number of links; each link has its words; the page draws them and has them as a table."""
    found = client.get("/collaboration/path?from=om&to=syke&lang=en").get_json()
    known = paths.find(services.network, OM, SYKE)
    costs = [sum(strength_cost(links[0]) for links in chain.links) for chain in known.chains]
    page = client.get("/en/collaboration/path?from=om&to=syke").get_data(as_text=True)

    assert found["total"] == len(found["chains"]) == known.total > 1
    assert {len(chain["steps"]) for chain in found["chains"]} == {found["steps"]}
    assert costs == sorted(costs)
    assert all(link["evidence"] for chain in found["chains"] for step in chain["steps"] for link in step)
    assert page.count('<section class="chain">') >= known.total
    assert '<svg class="network' in page
    assert all(f'id="link-{link.iri.rsplit("/link/", 1)[-1]}"' in page for link in paths.links_of(known))


def test_filters_are_heard_and_no_chain_tells_what_they_left_out(client: FlaskClient, services: Services) -> None:
    """Where the filters are in the way, the answer says so, and which one."""
    found = client.get("/collaboration/path.json?from=om&to=syke&year=2013&lang=en").get_json()
    left = select(services.network, Selection({"year": ("2013",)}))
    page = unescape(client.get("/fi/collaboration/path?from=om&to=syke&year=2013").get_data(as_text=True))

    assert found["chains"] == []
    assert found["noChain"]["linksLeftOut"] == len(services.network.links) - len(left.links) > 0
    assert found["noChain"]["stepsWithoutFilters"] == paths.find(services.network, OM, SYKE).steps
    assert found["noChain"]["filtersInTheWay"] == {"year": {"stepsWithoutIt": found["noChain"]["stepsWithoutFilters"]}}
    assert '<a href="/fi/collaboration/path?from=om&to=syke">Ilman rajauksia</a>' in page


@pytest.mark.parametrize("query", ["from=om", "to=om", "from=om&to=om", "from=om&to=zz", "from=om&to=vm&around=om", ""])
def test_ends_that_make_no_chain_are_refused(client: FlaskClient, query: str) -> None:
    """A chain has two different ends that there are."""
    assert client.get(f"/collaboration/path.json?{query}").status_code == 422
    assert client.get(f"/en/collaboration/path?{query}", headers=HTML).status_code == (422 if query else 200)


def test_a_browser_is_led_to_the_page_and_a_program_gets_json(client: FlaskClient) -> None:
    """One address for both, by Accept."""
    for address in ("/collaboration/path?from=om&to=vm", "/compare?organisations=om,vm"):
        led = client.get(address, headers=HTML | {"Accept-Language": "sv"})
        assert (led.status_code, led.headers["Location"]) == (303, f"/sv{address}")
        assert client.get(address, headers={"Accept": "application/json"}).mimetype == "application/json"
        assert client.get(address, headers={"Accept": "image/png"}).status_code == 406


# --- comparison -------------------------------------------------------------------------------


def test_organisations_stand_side_by_side(client: FlaskClient, services: Services) -> None:
    """Activities, links and the rest are counted as elsewhere, and what all have is marked."""
    found = client.get("/compare.json?organisations=om,vm&lang=en").get_json()
    page = client.get("/en/compare?organisations=om,vm").get_data(as_text=True)

    for column in found["organisations"]:
        slug = column["iri"].rsplit("/", 1)[-1]
        listed = client.get(f"/en/activities?organisation={slug}&format=json").get_json()["activities"]
        assert column["activityCount"] == len(listed) == len(column["activities"])
        assert column["linkCount"] == len(services.network.of(column["iri"]))
    assert {value["label"] for value in found["organisations"][0]["method"] if value["shared"]} == {
        value["label"] for value in found["organisations"][1]["method"] if value["shared"]
    }
    assert found["links"][0]["links"] == sum(f"{ID}org/vm" in link.ends for link in services.network.of(OM))
    assert page.count('<strong class="shared">') > 1


@pytest.mark.parametrize(
    ("given", "right"),
    [
        ("om", "om,vm"),
        ("vm", "vm,om"),
        ("om,om", "om,vm"),
        ("om,vm,ym,syke,stm", "om,vm,ym,syke"),
        ("om,oikeusministerö", "om"),
    ],
)
def test_one_five_or_unknown_organisations_are_refused_with_what_would_be_right(
    client: FlaskClient, given: str, right: str
) -> None:
    """Two to four are compared, and the refusal gives an example that works."""
    for address in ("/compare.json", "/fi/compare"):
        answer = client.get(f"{address}?organisations={given}")
        assert answer.status_code == 422
        assert answer.get_json()["nearest"] == right


def test_a_form_with_several_fields_leads_to_the_one_address(client: FlaskClient) -> None:
    """The form needs no script."""
    answer = client.get("/en/compare?organisations=om&organisations=vm&organisations=&organisations=")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/en/compare?organisations=om,vm")


def test_an_organisation_leads_to_both(client: FlaskClient) -> None:
    """From its page one follows a chain, or puts it beside its partners."""
    page = unescape(client.get("/en/page/org/om").get_data(as_text=True))
    beside = re.findall(r'href="(/en/compare\?organisations=om,[^"]+)"', page)

    assert 'action="/en/collaboration/path"' in page
    assert len(beside) == 3
    assert {client.get(address).status_code for address in beside} == {200}


# --- answers ----------------------------------------------------------------------------------


def row(**values: str) -> dict[str, dict[str, str]]:
    """A row of an answer."""
    return {name: {"value": value} for name, value in values.items()}


def test_what_each_row_says_is_told_once_and_rows_of_one_thing_stand_together() -> None:
    """A column that is alike everywhere, or empty, leaves the table; a group tells once what its rows share."""
    columns = [("topic", ""), ("whoLabel", "who"), ("role", ""), ("empty", ""), ("passage", "")]
    rows = [
        row(topic="t", who="1", whoLabel="A", role="x", passage="p"),
        row(topic="t", who="1", whoLabel="A", role="x", passage="q"),
        row(topic="t", who="2", whoLabel="A", role="x", passage="q"),
    ]
    table = arrange(columns, [*rows, row(topic="t", who="2", whoLabel="A", role="y", passage="q")])

    assert table.above == (("topic", ""),)
    assert table.columns == (("whoLabel", "who"), ("role", ""), ("passage", ""))
    assert table.groups[0] == Group(((1, rows[0]), (2, rows[1])), frozenset({("whoLabel", "who"), ("role", "")}))
    assert table.groups[1].shared == {("whoLabel", "who")}


def test_evidence_and_single_rows_stay_as_they_are() -> None:
    """The evidence is never taken out of its row, and one row is a table like any other."""
    columns = [("who", ""), ("passage", "")]
    same = [row(who="1", passage="p"), row(who="1", passage="p")]

    assert arrange(columns, same).columns == (("passage", ""),)
    assert arrange(columns, same[:1]).columns == tuple(columns)
    assert arrange([("who", "")], same).columns == (("who", ""),)


def test_the_coordinators_of_the_lockdown_dialogues_name_the_activity_once(client: FlaskClient) -> None:
    """The activity stands above the table, each organisation once in it, and each row has its evidence."""
    address = "/queries/who-coordinated-an-activity?activity=poikkeusajan-dialogit&lang=en"
    page = client.get(address, headers=HTML).get_data(as_text=True)
    table = page.split('<table class="answer">')[1].split("</table>")[0]
    total = len(client.get(f"{address}&format=json").get_json()["results"]["bindings"])

    assert "Lockdown Dialogues</span>" in page.split('<div class="same">')[1].split("</div></dl>")[0]
    assert "/id/activity/poikkeusajan-dialogit" not in table
    assert table.count('href="/id/org/vm"') < 3
    assert table.count('data-label="Evidence"') == table.count("<tr>") - 1 == total


# --- what a search asks of the site itself ---------------------------------------------------------


def led(client: FlaskClient, language: str, words: str, part: str) -> list[str]:
    """The addresses of one part of the page of a search, in their order."""
    text = client.get(f"/{language}/search?{urlencode({'q': words})}", follow_redirects=True).get_data(as_text=True)
    found = re.search(rf'<(ul|p) class="{part}">(.*?)</\1>', text, re.DOTALL)
    return [unescape(each) for each in re.findall(r'href="([^"]+)"', found[2])] if found else []


@pytest.mark.parametrize(
    ("language", "words", "query"),
    [
        ("en", "SYKE OM", "from=syke&to=om"),
        ("en", "who connects SYKE with OM in 2022", "from=syke&to=om&year=2022"),
        ("en", "SYKE OM 1850", "from=syke&to=om"),
        ("en", "Ministry of Justice and the Ministry of Finance", "from=om&to=vm"),
        ("fi", "kuka yhdistää SYKEn ja OM:n", "from=syke&to=om"),
        ("fi", "Suomen ympäristökeskuksen ja oikeusministeriön yhteydet", "from=syke&to=om"),
        ("fi", "miten oikeusministeriö liittyy Erätauko-säätiöön", "from=om&to=eratauko-saatio"),
        ("sv", "Finlands miljöcentral och justitieministeriet", "from=syke&to=om"),
        ("sv", "VM OM", "from=vm&to=om"),
    ],
)
def test_words_that_name_two_organisations_lead_to_their_chain(
    client: FlaskClient, language: str, words: str, query: str
) -> None:
    """In the forms in which people say them, with the year where the network knows it; the page answers."""
    first, last = (found := led(client, language, words, "between"))[0], found[-1]
    ends = re.findall(r"=([^&]+)", query)[:2]

    assert first == f"/{language}/collaboration/path?{query}"
    assert last == f"/{language}/compare?organisations={','.join(ends)}"
    assert {client.get(each).status_code for each in (first, last)} == {200}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("sv", "Sitra om framtiden"),
        ("en", "Ministry of Justice"),
        ("fi", "OM oikeusministeriö"),
        ("en", "young people"),
    ],
)
def test_words_that_name_one_organisation_lead_to_no_chain(client: FlaskClient, language: str, words: str) -> None:
    """One named twice is one; the Swedish «om» is a word, and «OM» a ministry."""
    assert led(client, language, words, "between") == []


def test_three_organisations_are_compared_at_once(client: FlaskClient) -> None:
    """Each two have their chain, and all stand side by side."""
    found = led(client, "fi", "vertaa VM OM Sitra", "between")

    assert len(found) == 4
    assert found[-1] == "/fi/compare?organisations=vm,om,sitra"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("data#tables", {"fi": "excel-taulukko", "sv": "kalkylblad", "en": "spreadsheets"}),
        ("data#tables", {"fi": "kuva kalvoon", "sv": "bilder", "en": "picture for a slide"}),
        ("about#cite", {"fi": "lähdeviite", "sv": "hänvisning", "en": "how do I cite this"}),
        ("tell", {"fi": "virheitä", "sv": "felaktig", "en": "mistake"}),
        ("compare", {"fi": "vertailu", "sv": "jämförelse", "en": "comparison"}),
        ("data#embed", {"fi": "upotus", "sv": "inbäddning", "en": "embed"}),
        ("collaboration/path", {"fi": "ketju", "sv": "kedjor", "en": "chains"}),
        ("places", {"fi": "kartalla", "sv": "karta", "en": "map"}),
    ],
)
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_words_about_the_site_lead_to_its_pages(
    client: FlaskClient, language: str, path: str, said: dict[str, str]
) -> None:
    """Whoever looks for a table, a picture, a reference or a way to tell of a mistake is led there."""
    found = led(client, language, said[language], "ways")
    page, _, part = f"/{language}/{path}".partition("#")

    assert f"/{language}/{path}" in found
    text = client.get(page).get_data(as_text=True)
    assert not part or f'id="{part}"' in text


def test_words_about_dialogues_lead_to_no_page_of_the_site(client: FlaskClient) -> None:
    """What people look for most is not disturbed."""
    asked = ("nuoret", "Saimaalla", "oikeusministeriön dialogit", "kunta", "tulevaisuusselonteko", "avoin hallinto")

    assert [words for words in asked if led(client, "fi", words, "ways")] == []


@pytest.mark.parametrize(("language", "told"), [("fi", "Vuosi: 2020"), ("sv", "År: 2020"), ("en", "Year: 2020")])
def test_the_filters_of_a_chain_are_told_and_folded(client: FlaskClient, language: str, told: str) -> None:
    """What is filtered stands in the line that opens the filters, so that the answer is seen at once on a phone."""
    asked = "from=vm&to=om&strength=joint-organisation&year=2020&begin=2020-02-01"
    page = client.get(f"/{language}/collaboration/path?{asked}").get_data(as_text=True)
    line = " ".join(re.sub(r"<[^>]+>", "", re.findall(r"<summary>(.*?)</summary>", page, re.DOTALL)[0]).split())
    plain = client.get(f"/{language}/collaboration/path?from=vm&to=om").get_data(as_text=True)

    assert told in line
    assert "2020" in line.replace(told, "")
    assert "<details open" not in page
    assert 'class="chosen"' not in plain


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_an_organisation_is_also_called_what_people_write(client: FlaskClient, language: str) -> None:
    """An abbreviation is shown in its capitals, and the short name of an address is not shown as a name."""
    asked = ("SYKE", "VM", "abo akademi", "eratauko saatio")
    found = [client.get(f"/search.json?q={quote(words)}&lang={language}").get_json()["results"][0] for words in asked]

    assert [each["iri"].rsplit("/", 1)[-1] for each in found] == ["syke", "vm", "abo-akademi", "eratauko-saatio"]
    assert [each.get("matched") for each in found[:2]] == ["SYKE", "VM"]
    assert {each.get("matched") or "Name" for each in found[2:]}.isdisjoint({"abo akademi", "eratauko saatio"})
