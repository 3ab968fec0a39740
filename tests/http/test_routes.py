"""Every route is named where people read of addresses, and every term of the ontology on its page."""

import re
from collections.abc import Iterable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dialogiverkko.graph.assets import find_assets
from dialogiverkko.namespaces import BASE, DLG
from dialogiverkko.web.services import Services

README = (find_assets().root / "README.md").read_text(encoding="utf-8")
_CODE = re.compile(r"`([^`]+)`")


def addresses(readme: str) -> list[str]:
    """The addresses that the table of the README names."""
    table = readme.split("| address | what |")[1].split("\n\n")[0]
    return [code for row in table.splitlines() if row.startswith("|") for code in _CODE.findall(row.split("|")[1])]


def pattern(address: str) -> re.Pattern[str]:
    """What an address of the table stands for: ``{name}`` is one part, ``{language}`` one of three, ``…`` the rest."""
    text = re.escape(address).replace("…", ".*").replace(r"\{language\}", "(?:fi|sv|en)")
    text = re.sub(r"\\\{[a-z,]+\\\}", "[^/]+", text)
    return re.compile(text)


def example(rule: str) -> str:
    """An address that a route answers: a part in place of each parameter."""
    return re.sub(r"<(?:[^:<>]+:)?[a-z_]+>", "x", re.sub(r"<[^<>]*language>", "fi", rule))


def unnamed(rules: Iterable[str], readme: str) -> list[str]:
    """List the routes that no line of the table stands for; a slash at the end makes no other route."""
    known = [pattern(address) for address in addresses(readme)]
    return sorted(
        rule
        for rule in rules
        if not any(each.fullmatch(form) for each in known for form in (example(rule), example(rule).rstrip("/")))
    )


def test_every_route_is_named_in_the_readme(application: Flask) -> None:
    """A reader who has only the README knows of every address that is served."""
    rules = [rule.rule for rule in application.url_map.iter_rules()]

    assert unnamed(rules, README) == []
    assert unnamed([*rules, "/new/<path:name>"], README) == ["/new/<path:name>"]


@pytest.mark.parametrize("gone", ["`/shapes`", "`/feed.atom`", "`/problems/{code}`", "`/data/…`"])
def test_an_address_that_leaves_the_readme_is_missed(application: Flask, gone: str) -> None:
    """Each line guards its route."""
    rules = [rule.rule for rule in application.url_map.iter_rules()]

    assert gone in README
    assert unnamed(rules, README.replace(gone, "")) != []


def test_every_term_of_the_ontology_stands_on_its_page(client: FlaskClient, services: Services) -> None:
    """The page of the vocabulary shows each term that the ontology defines, so that its IRI leads somewhere."""
    page = client.get("/en/vocabulary", headers={"Accept": "text/html"}).get_data(as_text=True)
    terms = {
        triple.subject.value.removeprefix(DLG)
        for triple in services.snapshot.merged
        if triple.predicate.value.endswith("#isDefinedBy")
        and triple.object.value == BASE + "ns"  # type: ignore[union-attr]  # an IRI or a literal
        and triple.subject.value.startswith(DLG)  # type: ignore[union-attr]  # an IRI
    }

    assert len(terms) > 80
    assert terms - set(re.findall(r'id="([^"]+)"', page)) == set()
