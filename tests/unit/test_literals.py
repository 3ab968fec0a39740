"""What readers are told of a literal in an answer: as they would say it, or as it stands."""

import pytest
from flask import Flask
from flask_babel import force_locale

from dialogiverkko.web.languages import install
from dialogiverkko.web.literals import said

XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.mark.parametrize(
    ("value", "datatype", "words"),
    [
        ("true", "boolean", {"fi": "Kyllä", "sv": "Ja", "en": "Yes"}),
        ("0", "boolean", {"fi": "Ei", "sv": "Nej", "en": "No"}),
        ("2021-06-08", "date", {"fi": "8.6.2021", "sv": "8 juni 2021", "en": "8 June 2021"}),
        ("2021-02-30", "date", {"fi": "2021-02-30", "sv": "2021-02-30", "en": "2021-02-30"}),
        ("maybe", "boolean", {"fi": "maybe", "sv": "maybe", "en": "maybe"}),
        ("12", "integer", {"fi": "12", "sv": "12", "en": "12"}),
    ],
)
def test_a_literal_is_said_as_readers_say_it(value: str, datatype: str, words: dict[str, str]) -> None:
    """Truths and days in the page's language; what is not of its datatype is neither lost nor guessed at."""
    app = Flask(__name__)
    install(app, "fi")
    for language, expected in words.items():
        with app.test_request_context(), force_locale(language):
            assert said({"type": "literal", "value": value, "datatype": XSD + datatype}, language) == expected
