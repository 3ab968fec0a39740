"""Pictures beside their tables: the network that is chosen from, the map, the timeline, policy, the source."""

import itertools
import json
from collections.abc import Callable
from urllib.parse import quote
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page, expect
from tests.graphs import told_graph

from dialogiverkko.web.drawing import layout
from dialogiverkko.web.languages import LANGUAGES, catalogue
from dialogiverkko.web.site import reading
from dialogiverkko.web.site.index import Index
from dialogiverkko.web.site.paging import SIZE

from .accessible import flaws
from .conftest import ARTEFACTS, Watched

Watch = Callable[..., Watched]
PAGES = ("collaboration", "places", "timeline", "policy", "source")
_THROUGH = "?link dlg:throughActivity|dlg:throughContext ?what ."
_YEARS = (
    "?what dlg:hasTimeSpan ?time . OPTIONAL { ?time dlg:beginNotBefore ?begin } "
    "OPTIONAL { ?time dlg:endNotAfter ?end } BIND(COALESCE(?begin, ?end) AS ?first) "
    "BIND(COALESCE(?end, ?begin) AS ?last) "
)
"""An end that is open is taken as the other end told."""
CHOICES = {
    "strength=partnership": "?link dlg:linkStrength <https://w3id.org/dialogiverkko/vocab/strength/partnership> .",
    "basis=explicit": (
        "?link dlg:assertionBasis <https://w3id.org/dialogiverkko/vocab/basis/explicit> . "
        "FILTER NOT EXISTS { ?link dlg:assertionBasis ?other FILTER (!STRENDS(STR(?other), '/explicit')) }"
    ),
    "status=ongoing": _THROUGH
    + "?what dlg:hasRealisationStatus <https://w3id.org/dialogiverkko/vocab/status/ongoing> .",
    "status=none": _THROUGH + "FILTER NOT EXISTS { ?what dlg:hasRealisationStatus ?status }",
    "year=2021": _THROUGH + _YEARS + "FILTER (YEAR(?first) <= 2021 && YEAR(?last) >= 2021)",
    "year=none": _THROUGH + "FILTER NOT EXISTS { ?what dlg:hasTimeSpan ?time }",
    "method=eratauko": _THROUGH + "?what dlg:usesMethod <https://w3id.org/dialogiverkko/vocab/method/eratauko> .",
    "method=none": _THROUGH + "FILTER NOT EXISTS { ?what dlg:usesMethod ?method }",
    "organisation=syke": "?link dlg:linksOrganisation <https://w3id.org/dialogiverkko/id/org/syke> .",
    "strength=joint-organisation&strength=shared-context&organisation=om": (
        "?link dlg:linksOrganisation <https://w3id.org/dialogiverkko/id/org/om> ; dlg:linkStrength ?how . "
        "FILTER (STRENDS(STR(?how), '/joint-organisation') || STRENDS(STR(?how), '/shared-context'))"
    ),
}
"""What an address chooses, and the same said in SPARQL."""


BEFORE = "(all, value) => all.findIndex(option => option.value === value)"
FREE = (
    "l => { l.scrollIntoView({block: 'center', behavior: 'instant'});"
    " for (let t = 0.1; t < 0.95; t += 0.02) {"
    " const p = l.getPointAtLength(l.getTotalLength() * t).matrixTransform(l.getScreenCTM());"
    " const at = document.elementFromPoint(p.x, p.y);"
    " if (at && at.closest('a') === l.closest('a')) return [p.x, p.y] } return null }"
)
"""A point of a line that lies under no other."""
DISPLAYED = "all => all.filter(a => getComputedStyle(a).display !== 'none').length"
"""How many are displayed; a level line has no height, so that it would not count as visible."""


PLACE_KIND = "https://w3id.org/dialogiverkko/vocab/place-kind/"
YEARS_NAMED = 16
"""Of how many years a timeline names every one."""
IN_PICTURE = 30
"""How many organisations the picture of the network begins with."""


def values(site: str, variable: str, pattern: str) -> list[str]:
    """What the graph answers for one variable of a pattern, each value once."""
    query = (
        "PREFIX dlg: <https://w3id.org/dialogiverkko/ns#> PREFIX dct: <http://purl.org/dc/terms/> "
        f"SELECT DISTINCT ?{variable} {{ {pattern} }}"
    )
    with urlopen(f"{site}/sparql?format=json&query={quote(query)}", timeout=20) as response:
        return [row[variable]["value"] for row in json.load(response)["results"]["bindings"]]


def asked(site: str, pattern: str) -> int:
    """How many links the graph holds of which a pattern is true."""
    return len(values(site, "link", f"?link a dlg:CollaborationLink . {pattern}"))


def linked(site: str, pattern: str) -> set[str]:
    """Which organisations the links join of which a pattern is true."""
    found = values(site, "who", f"?link a dlg:CollaborationLink ; dlg:linksOrganisation ?who . {pattern}")
    return {iri.rsplit("/", 1)[-1] for iri in found}


def over_pages(page: Page, look: Callable[[], list[str]]) -> list[str]:
    """Gather what every page of a list has, from the one that is open to the last."""
    found = look()
    while page.locator("nav.pager a[rel=next]").count():
        with page.expect_navigation():
            page.locator("nav.pager a[rel=next]").first.click()
        page.wait_for_load_state()
        found += look()
    return found


def shown(page: Page) -> int:
    """How many links the page says it shows; table, picture and matrix hold as many as they can of just these."""
    said = int(page.locator("#shown").inner_text())
    rows = page.locator("table.links tbody tr:visible").count()
    edges = int(page.locator(".network .links a").evaluate_all(DISPLAYED))
    drawn = set(page.locator(".network .organisations a").evaluate_all("all => all.map(a => a.dataset.organisation)"))
    ends = page.locator("table.links tbody tr:visible").evaluate_all("all => all.map(r => r.dataset.organisation)")
    assert rows == min(said, SIZE)
    assert (edges > 0) == (said > 0)
    if said <= SIZE:
        assert {end for pair in ends for end in pair.split()} >= drawn
    return said


@pytest.mark.parametrize("choice", CHOICES)
def test_the_server_chooses_as_the_graph_says(site: str, watch: Watch, choice: str) -> None:
    """Without scripts an address shows the links that SPARQL counts, in picture, table and matrix alike."""
    page = watch(language="en", scripts=False).page
    page.goto(f"{site}/en/collaboration?{choice}")

    assert 0 < shown(page) == asked(site, CHOICES[choice]) < asked(site, "")
    assert page.url.endswith(choice)


@pytest.mark.parametrize("by", ["mouse", "keyboard"])
@pytest.mark.parametrize("choice", CHOICES)
def test_the_form_chooses_as_the_server_does(site: str, watch: Watch, choice: str, by: str) -> None:
    """Boxes and selects lead, at once and without a new page, to what the same address shows; its link says which."""
    seen = watch(language="en")
    page = seen.page
    page.goto(f"{site}/en/collaboration")
    wanted: dict[str, list[str]] = {}
    for name, value in (pair.split("=") for pair in choice.split("&")):
        wanted.setdefault(name, []).append(value)

    for name, values in wanted.items():
        select = page.locator(f"select[name={name}]")
        if select.count():
            if by == "mouse":
                select.select_option(values[0])
            else:
                select.focus()
                for _ in range(select.locator("option").evaluate_all(BEFORE, values[0])):
                    page.keyboard.press("ArrowDown")
            continue
        for box in page.locator(f"input[type=checkbox][name={name}]").all():
            if box.get_attribute("value") not in values:
                if by == "mouse":
                    box.click()
                else:
                    box.focus()
                    page.keyboard.press("Space")

    page.wait_for_url(f"{site}/en/collaboration?{choice}")
    expect(page.locator("#shown")).to_have_text(str(asked(site, CHOICES[choice])))
    assert shown(page) == asked(site, CHOICES[choice])
    assert page.url == f"{site}/en/collaboration?{choice}"
    assert page.locator("a.permalink").get_attribute("href") == f"/en/collaboration?{choice}"
    names, everybody = "all => all.map(a => a.dataset.organisation)", linked(site, CHOICES[choice])
    points = page.locator(".network .organisations a:visible")
    visible = points.evaluate_all(names)
    ends = page.locator("table.links tbody tr:visible").evaluate_all(names)
    listed = {end for pair in ends for end in pair.split()}
    assert len(visible) == len(set(visible)) == min(len(everybody), IN_PICTURE)
    assert set(visible) <= everybody
    assert listed <= everybody
    if asked(site, CHOICES[choice]) <= SIZE:
        assert listed == everybody
    page.reload()
    assert points.evaluate_all(names) == visible
    assert shown(page) == asked(site, CHOICES[choice])
    page.locator("a.clear").click()
    expect(page.locator("#shown")).to_have_text(str(asked(site, "")))
    assert shown(page) == asked(site, "")
    assert seen.errors == []


def test_the_form_asks_the_server_where_there_is_no_script(site: str, watch: Watch) -> None:
    """The button sends the form; the answer has the address of the choice, and no tick at all shows nothing."""
    page = watch(language="en", scripts=False).page
    page.goto(f"{site}/en/collaboration")

    page.locator("input[name=strength][value=involvement]").uncheck()
    page.locator("select[name=organisation]").select_option("om")
    with page.expect_navigation():
        page.get_by_role("button", name="Show").click()

    om = "?link dlg:linksOrganisation <https://w3id.org/dialogiverkko/id/org/om> ; dlg:linkStrength ?how ."
    assert shown(page) == asked(site, om + "FILTER (!STRENDS(STR(?how), '/involvement'))")
    assert page.url.endswith("&organisation=om")
    assert "strength=partnership" in page.url
    assert "strength=involvement" not in page.url
    boxes = page.locator("input[type=checkbox][name=strength]:checked")
    for value in boxes.evaluate_all("all => all.map(box => box.value)"):
        page.locator(f"input[name=strength][value={value}]").uncheck()
    with page.expect_navigation():
        page.get_by_role("button", name="Show").click()
    assert shown(page) == 0


def test_each_choice_has_one_address(site: str, watch: Watch) -> None:
    """What says nothing is left out of the address; a value that no link has is refused."""
    page = watch(language="en", scripts=False).page

    page.goto(f"{site}/en/collaboration?most=30&page=1&depth=1&method=")

    assert page.url == f"{site}/en/collaboration"
    assert shown(page) == asked(site, "")
    assert page.request.get(f"{site}/en/collaboration?method=sauna").status == 422


@pytest.mark.parametrize("by", ["mouse", "keyboard"])
def test_evidence_comes_and_goes(site: str, watch: Watch, by: str) -> None:
    """A line opens its evidence and gives the focus to it; Esc and the button close it and give the focus back."""
    seen = watch(language="en")
    page = seen.page
    page.goto(f"{site}/en/collaboration")
    panel = page.locator("#edge-evidence")
    edges = page.locator(".network .links a[href^='#']")

    for number, closing in ((0, "Escape"), (1, "button"), (2, "Escape")):
        edge = edges.nth(number)
        if by == "keyboard":
            edge.focus()
            page.keyboard.press("Enter")
        else:
            where = edge.locator(".hit").evaluate(FREE)
            page.mouse.click(*where)
        assert panel.locator("h2").inner_text() == edge.get_attribute("aria-label")
        row = page.locator(f"[id='{(edge.get_attribute('href') or '')[1:]}']")
        assert panel.locator("q").all_inner_texts() == row.locator("q").all_inner_texts()
        assert panel.locator(".close").evaluate("b => b === document.activeElement")
        if closing == "Escape":
            page.keyboard.press("Escape")
        elif by == "keyboard":
            page.keyboard.press("Enter")
        else:
            panel.locator(".close").click()
        assert panel.is_hidden()
        assert edge.evaluate("a => a === document.activeElement")
    assert seen.errors == []


def test_lines_come_in_the_order_of_the_table_and_then_the_organisations(site: str, watch: Watch) -> None:
    """Tab goes through the lines as the table lists them, then through the organisations; each shows its focus."""
    page = watch(language="en").page
    page.goto(f"{site}/en/collaboration")
    rows = page.locator("table.links tbody tr").evaluate_all("all => all.map(r => '#' + r.id)")
    lines = page.locator(".network .links a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    points = page.locator(".network .organisations a").count()

    page.locator("figure.wide").focus()
    met, looks = [], []
    for _ in range(len(lines) + points):
        page.keyboard.press("Tab")
        met.append(page.evaluate("document.activeElement.getAttribute('href')"))
        looks.append(
            page.evaluate(
                "getComputedStyle(document.activeElement.querySelector('.hit, .node')).stroke"
                " + getComputedStyle(document.activeElement.querySelector('.hit, .node')).strokeWidth"
            )
        )

    assert met[: len(lines)] == lines
    beside = [href for href in lines if href in rows]
    assert beside == [row for row in rows if row in beside]
    names = page.locator(".network .organisations a").all_text_contents()
    assert names == sorted(names, key=str.casefold)
    assert all(href.startswith("/en/page/org/") for href in met[len(lines) :])
    assert len(set(looks)) == 2
    page.evaluate("document.activeElement.blur()")
    assert page.locator(".network .hit").first.evaluate("l => getComputedStyle(l).strokeWidth") not in looks[0]
    page.locator(".network .organisations a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/page/org/*")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("path", "which"), [("collaboration", ".network"), ("places", "figure > .finland")])
def test_names_stand_apart(site: str, watch: Watch, path: str, which: str, language: str) -> None:
    """No name lies on another or leaves the picture, and each is told whole in at most two rows."""
    page = watch(language=language).page
    page.goto(f"{site}/{language}/{path}")

    boxes = page.locator(f"{which} a text").evaluate_all(
        "all => all.map(t => { const b = t.getBBox(); return [t.textContent, b.x, b.y, b.x + b.width, b.y + b.height,"
        " t.querySelectorAll('tspan').length] })"
    )
    width, height = page.locator(which).evaluate("s => [s.viewBox.baseVal.width, s.viewBox.baseVal.height]")

    touching = [
        (one[0], other[0])
        for n, one in enumerate(boxes)
        for other in boxes[:n]
        if one[1] < other[3] and other[1] < one[3] and one[2] < other[4] and other[2] < one[4]
    ]
    outside = [b[0] for b in boxes if b[1] < 0 or b[2] < 0 or b[3] > width or b[4] > height]
    assert len(boxes) > 8
    assert (touching, outside) == ([], [])
    assert {b[5] for b in boxes} <= {1, 2}
    assert not [b[0] for b in boxes if "…" in b[0]]


def test_names_are_laid_out_alike_and_told_whole() -> None:
    """A name is cut at the space or hyphen that leaves two even rows; one word stays whole."""
    assert layout.wrap("Oikeusministeriö", 12) == ("Oikeusministeriö",)
    assert layout.wrap("Advisory Board for Ethnic Relations", 20) == ("Advisory Board for", "Ethnic Relations")
    assert layout.wrap("Poikkeusajan dialogien", 30) == ("Poikkeusajan dialogien",)
    assert layout.wrap("Maaseutu-kaupunkiyhteistyö", 20) == ("Maaseutu-", "kaupunkiyhteistyö")


def test_names_move_aside_for_one_another() -> None:
    """Of two points side by side, each name gets a place that is free; a line is not written over."""
    spots = [layout.Spot("first of them", 100, 100, 5), layout.Spot("second of them", 130, 100, 5)]

    first, second = layout.place(tuple(spots), ((100, 100, 100, 200),), (0, 0, 300, 300), 15, 30)

    assert first.box[2] <= second.box[0] or first.box[3] <= second.box[1] or second.box[3] <= first.box[1]
    assert not first.box[0] < 100 < first.box[2] or first.box[3] <= 100


@pytest.mark.parametrize(
    ("path", "links"), [("places", ".finland a"), ("timeline", ".timeline a"), ("policy", ".flow a")]
)
def test_pictures_are_walked_by_keyboard(site: str, watch: Watch, path: str, links: str) -> None:
    """Tab meets each thing of the picture, its focus is seen, Enter leads to its page; the table has the same."""
    page = watch(language="en").page
    page.goto(f"{site}/en/{path}")
    look = (
        "a => { const text = a.querySelector('text'); return text ? getComputedStyle(text).textDecorationLine"
        " : getComputedStyle(a.querySelector('.mark')).strokeWidth }"
    )
    hrefs = page.locator(f"figure {links}").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    plain = page.locator(f"figure {links}").evaluate_all(f"all => all.map({look})")

    page.locator(f"figure {links}").first.focus()
    page.keyboard.press("Shift+Tab")
    met = []
    for unmarked in plain:
        page.keyboard.press("Tab")
        met.append(page.evaluate("document.activeElement.getAttribute('href')"))
        marked = page.evaluate(f"({look})(document.activeElement)")
        assert (unmarked, marked) == ("none", "underline") or (unmarked.endswith("px") and marked == "4px" != unmarked)
    assert met == hrefs
    assert len(hrefs) > 8
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{hrefs[-1]}")

    page.goto(f"{site}/en/{path}")
    if path == "timeline":
        rows = page.locator("table th a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
        assert hrefs == rows, "a bar for each time, in the order of the table"
        return
    assert len(hrefs) == len(set(hrefs))
    if path == "policy":
        told = page.locator("table th a, table td > a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
        assert set(hrefs) == set(told)
        return
    beyond = page.locator("figcaption a[href*='/place/']").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    rows = page.locator("table th a")
    told = over_pages(page, lambda: rows.evaluate_all("all => all.map(a => a.getAttribute('href'))"))
    assert set(hrefs) | set(beyond) == set(told)
    assert not set(hrefs) & set(beyond)


def test_the_map_goes_from_north_to_south(site: str, watch: Watch) -> None:
    """Places come in the order of the country, venues are diamonds and wider areas dashed circles on land."""
    page = watch(language="fi").page
    page.goto(f"{site}/fi/places")

    names = page.locator("figure > .finland a").evaluate_all(
        "all => all.map(a => (a.getAttribute('aria-label') || a.querySelector('text').textContent).trim())"
    )
    assert names.index("Utsjoki") < names.index("Kemijärvi") < names.index("Tampere") < names.index("Raasepori")
    kinds = {
        kind: {href.rsplit("/", 1)[-1] for href in page.locator(f"figure > .finland a.{kind}:has({shape}.mark)")
               .evaluate_all("all => all.map(a => a.getAttribute('href'))")}
        for kind, shape in (("venue", "path"), ("area", "circle"), ("subject", "circle"))
    }  # fmt: skip
    drawn = set().union(*kinds.values())
    wide = {"region", "lake-district", "river", "country"}
    typed = {kind: values(site, "place", f"?place dct:type <{PLACE_KIND}{kind}> .") for kind in wide}
    areas = {iri.rsplit("/", 1)[-1] for found in typed.values() for iri in found}
    held = "?activity dlg:hasPlace ?place FILTER NOT EXISTS { ?document dlg:listsActivitiesOf ?activity }"
    venues = {iri.rsplit("/", 1)[-1] for iri in values(site, "place", held)}
    assert sum(map(len, kinds.values())) == len(drawn) == len(names)
    assert kinds["area"] == drawn & areas
    assert kinds["venue"] == drawn & (venues - areas)
    assert len(kinds["area"]) >= 5
    assert len(kinds["venue"]) >= 4
    dashes = page.locator(".finland a.area .mark").first.evaluate("c => getComputedStyle(c).strokeDasharray")
    assert dashes != "none"
    on_land = page.locator("figure > .finland a.venue .mark").evaluate_all(
        "all => all.map(m => { const b = m.getBBox(); const p = m.ownerSVGElement.createSVGPoint();"
        " const land = m.ownerSVGElement.querySelector('.land');"
        " return [[0, 0], [0, -7], [7, 0], [-7, 0]].some(([x, y]) => { p.x = b.x + b.width / 2 + x;"
        " p.y = b.y + b.height / 2 + y; return land.isPointInFill(p) }) })"
    )
    assert on_land == [True] * len(kinds["venue"])


def test_the_timeline_tells_fuzzy_times_in_words(site: str, watch: Watch) -> None:
    """A bar's name tells its time as people do, and the table says where no day is certain."""
    page = watch(language="sv").page
    page.goto(f"{site}/sv/timeline")

    said = catalogue("sv").gettext("no day is certain")
    unsure = []

    def look() -> list[str]:
        names = page.locator(".timeline a").evaluate_all("all => all.map(a => a.getAttribute('aria-label'))")
        assert page.locator("table tbody tr").count() == len(names) <= SIZE
        unsure.append(page.locator(".timeline a:not(:has(.sure))").count())
        assert page.locator("table tbody td", has_text=said).count() == unsure[-1]
        words = " ".join(page.locator(".timeline .year").all_text_contents())
        runs = [[int(year) for year in run.split()] for run in words.split("…")]  # empty years are left out
        steps = {other - one for run in runs for one, other in itertools.pairwise(run)} or {1}
        assert len(steps) == 1
        assert steps == {1} or sum(run[-1] - run[0] + 1 for run in runs) > YEARS_NAMED
        assert all(one[-1] + 3 < other[0] for one, other in itertools.pairwise(runs))
        return list(names)

    names = over_pages(page, look)
    assert any(name.endswith(": från hösten 2020 till våren 2021") for name in names)
    pattern = (
        "?activity a dlg:Activity ; dlg:hasTimeSpan/dlg:edtf ?edtf BIND(CONCAT(STR(?activity), STR(?edtf)) AS ?time)"
    )
    assert len(names) == len(values(site, "time", pattern)) > SIZE
    assert sum(unsure) > 0


def test_policy_tells_used_from_meant(site: str, watch: Watch) -> None:
    """Each arrow has a tip; those that were used already are whole, the others dashed, as many as the table says."""
    page = watch(language="en").page
    page.goto(f"{site}/en/policy")

    arrows = page.locator("figure > .flow > path").evaluate_all(
        "all => all.map(p => [p.getAttribute('class'), p.getAttribute('marker-end'),"
        " getComputedStyle(p).strokeDasharray])"
    )
    assert {arrow[1] for arrow in arrows} == {"url(#tip)"}
    assert all((kind == "used") == (dashes == "none") for kind, _, dashes in arrows)
    used = [arrow for arrow in arrows if arrow[0] == "used"]
    assert len(used) == page.locator("table small").count() > 0


def test_the_source_is_measured_as_the_evidence_command_does(site: str, watch: Watch) -> None:
    """Shares come from positions and lengths alone; every phrase of the graph is on the page, in its order."""
    index = Index(told_graph())
    document = next(d for d in index.all("SourceDocument") if d.endswith("/vertaisdialogi-listaus-2021"))
    book = reading.marked_source(index, document, "fi")
    own = [p for p in index.passages.values() if p.document == document]
    spans = [(p.start, p.end) for p in own if p.is_fine and p.statements]
    lines = {line.number: line for section in book.sections for line in section.lines}
    page = watch(language="en").page
    page.goto(f"{site}/en/source/vertaisdialogi-listaus-2021")

    items = [p for p in own if p.is_item and p.line == 97]
    under = {n for start, end in spans for n in range(start, end)} & {n for p in items for n in range(p.start, p.end)}
    assert lines[97].share == len(under) / sum(p.end - p.start for p in items)
    assert f"{100 * book.share:.1f} %" in page.locator("dl.figures").inner_text()
    assert book.without == tuple(
        n for n, line in sorted(lines.items()) if line.length and line.is_factual and not line.marks
    )
    assert page.locator(".linestrip .phrase").count() == book.phrases == sum(p.is_fine for p in own)
    for line in lines.values():
        starts = [mark.passage.start for mark in line.marks]
        assert starts == sorted(starts)
        assert all(0 <= mark.left <= mark.left + mark.width <= 100.1 for mark in (*line.marks, *line.items))


def test_a_line_of_the_source_is_opened_by_its_address_and_by_keyboard(site: str, watch: Watch) -> None:
    """An address opens its line, Enter opens another, the button all; the section is reached from the contents."""
    seen = watch(language="en")
    page = seen.page
    page.goto(f"{site}/en/source/vertaisdialogi-listaus-2021#L12")

    assert page.locator("#L12 .phrases").is_visible()
    assert page.locator("#L13 .phrases").is_hidden()
    page.locator("#L13 summary").focus()
    page.keyboard.press("Enter")
    assert page.locator("#L13 .phrases q").first.is_visible()
    assert (page.locator("#L13 a.out").first.get_attribute("href") or "").startswith(
        "https://dialogiakatemia.fi/2021/06/24/"
    )
    assert page.locator("#L13 .rests a").first.is_visible()
    page.locator(".open-all").click()
    assert page.locator(".sourceline:not([open])").count() == 0
    with page.expect_navigation():
        page.get_by_role("navigation", name="Sections").get_by_role("link", name="Ministry of Finance").click()
    assert page.locator("section:target h2").inner_text() == "Ministry of Finance"
    assert seen.errors == []


def test_axe_finds_nothing_in_pictures(site: str, watch: Watch) -> None:
    """With a filter chosen, evidence shown, or a line of the source open; test_site looks at the pages as they come."""
    seen = watch(language="sv")
    found = []

    def look(what: str, where: str) -> None:
        found.extend((what, *flaw) for flaw in flaws(seen.page, where))

    seen.page.goto(f"{site}/sv/source/vertaisdialogi-listaus-2021#L97")
    look("a line", "details.sourceline[open]")
    seen.page.goto(f"{site}/sv/collaboration?year=2021")
    seen.page.locator(".network .links a:not([hidden])").first.focus()
    seen.page.keyboard.press("Enter")
    look("collaboration, evidence", "main form, .network, #edge-evidence")

    assert found == []
    assert (seen.errors, seen.hosts) == ([], {site.split("/")[2]})


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (768, "light"), (1440, "dark")])
def test_pictures_fit_every_width(site: str, watch: Watch, width: int, scheme: str) -> None:
    """Only the pictures scroll sideways, never the page, and their letters are at least 12 px high on a phone too."""
    seen = watch(width, scheme=scheme)
    ARTEFACTS.mkdir(exist_ok=True)
    wide, small = [], []

    for path in PAGES:
        seen.page.goto(f"{site}/fi/{path}")
        if seen.page.evaluate("document.documentElement.scrollWidth") > width:
            wide.append(path)
        letters = seen.page.locator("figure svg a text").evaluate_all(
            "all => all.map(t => parseFloat(getComputedStyle(t).fontSize) * t.getScreenCTM().a)"
        )
        small += [(path, size) for size in letters if size < 12]
        seen.page.screenshot(path=ARTEFACTS / f"pictures-{path}-{width}-{scheme}.png", full_page=True)

    assert (wide, small) == ([], [])


def test_the_source_is_printed_whole(site: str, watch: Watch) -> None:
    """Before it goes to paper, every line is opened."""
    page = watch(language="en").page
    page.goto(f"{site}/en/source/vertaisdialogi-listaus-2021")

    closed = page.locator(".sourceline:not([open])").count()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")

    assert closed > 40
    assert page.locator(".sourceline:not([open])").count() == 0


def test_the_other_languages_keep_the_choice(site: str, watch: Watch) -> None:
    """A language is changed without losing what was chosen, by the server's links and by the script's."""
    page = watch(language="en").page
    page.goto(f"{site}/en/collaboration?year=none")
    page.locator("select[name=organisation]").select_option("syke")
    page.wait_for_url("**?year=none&organisation=syke")
    before = shown(page)

    with page.expect_navigation():
        page.get_by_role("link", name="Svenska").click()

    assert page.url == f"{site}/sv/collaboration?year=none&organisation=syke"
    assert shown(page) == before
    assert page.locator(".langs a[lang=fi]").get_attribute("href") == "/fi/collaboration?year=none&organisation=syke"
