"""The catalogues hold each message of the site, and nothing else, with the same values in every language."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po
from flask import Flask
from flask_babel import gettext, ngettext

from dialogiverkko.web import languages
from dialogiverkko.web.languages import TRANSLATED

WEB = Path(languages.__file__).parent
KEYWORDS = {**DEFAULT_KEYWORDS, "_": None, "pgettext": ((1, "c"), 2)}
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
VALUE = re.compile(r"%\((\w+)\)s|%")


def _forms(text: str | tuple[str, ...] | list[str]) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


def _used() -> set[tuple[str | None, str]]:
    found = extract_from_dir(WEB, METHODS, keywords=KEYWORDS)
    return {(context, _forms(message)[0]) for _, _, message, _, context in found}


def _catalogue(language: str) -> Catalog:
    with (WEB / "translations" / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language)


def _messages(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


@pytest.mark.parametrize("language", TRANSLATED)
def test_catalogue_holds_just_the_messages_that_the_site_uses(language: str) -> None:
    """What the code and the templates say is what translators have before them."""
    held = {(message.context, _forms(message.id)[0]) for message in _messages(_catalogue(language))}
    used = _used()
    assert len(used) > 100
    assert used - held == set(), "run make translations, then translate"
    assert held - used == set()


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_message_is_translated_with_its_own_values(language: str) -> None:
    """No message is empty, fuzzy or old, and none loses or invents a value."""
    catalogue = _catalogue(language)
    for message in _messages(catalogue):
        assert not message.fuzzy, message.id
        expected = set(VALUE.findall(_forms(message.id)[-1]))
        for form in _forms(message.string):
            assert form, message.id
            assert set(VALUE.findall(form)) == expected, message.id
    assert not catalogue.obsolete


def test_message_is_told_in_the_language_of_the_page_and_in_its_number() -> None:
    """The page's language wins over the default, and numbers choose their form."""
    app = Flask(__name__)
    languages.install(app, "fi")
    with app.test_request_context():
        assert gettext("Collaboration") == "Yhteistyö"
        with languages.told_in("sv"):
            assert gettext("Collaboration") == "Samarbete"
            one, many = "%(num)s of %(total)s activity", "%(num)s of %(total)s activities"
            assert ngettext(one, many, 1, total=9) == "1 av 9 aktiviteter"
            assert ngettext(one, many, 2, total=9) == "2 av 9 aktiviteter"
        with languages.told_in("en"):
            assert gettext("Collaboration") == "Collaboration"


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_build_keeps_the_catalogues(language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A start takes them as the build compiled them, and reads no file that translators edit."""
    monkeypatch.setattr(languages, "_READ", {})
    read = languages.catalogue(language)
    languages.keep(tmp_path)
    monkeypatch.setattr(languages, "_compiled", None)

    languages.take(tmp_path)

    assert languages.catalogue(language) is not read
    for message in _messages(_catalogue(language)):
        one = _forms(message.id)[0]
        assert languages.catalogue(language).ugettext(one) == read.ugettext(one)
