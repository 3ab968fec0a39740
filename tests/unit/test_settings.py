"""Settings are read from the environment once, and what is wrong is told by its variable."""

from pathlib import Path

import pytest

from dialogiverkko.errors import UsageError
from dialogiverkko.settings import Settings, read_settings, unknown_variables

ADDRESSES = ("https://one.example/sparql", "https://two.example/sparql")


def test_the_environment_is_read_and_a_command_lies_over_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each value as its setting needs it; a list as JSON."""
    said = {"PORT": "8001", "HOST": "0.0.0.0", "LOG_QUERIES": "true", "TIME_LIMIT": "2.5", "STORE": "/tmp/x"}  # noqa: S108
    for name, value in (said | {"SERVICE_ALLOW": f'["{ADDRESSES[0]}", "{ADDRESSES[1]}"]'}).items():
        monkeypatch.setenv(f"DIALOGIVERKKO_{name}", value)

    found = read_settings(port=8002)

    assert (found.port, found.host, found.log_queries, found.time_limit) == (8002, "0.0.0.0", True, 2.5)
    assert (found.store, found.service_allow) == (Path("/tmp/x"), ADDRESSES)  # noqa: S108


def test_an_empty_variable_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that is named by nothing is not the folder that one stands in."""
    for name in Settings.model_fields:
        monkeypatch.setenv(f"DIALOGIVERKKO_{name.upper()}", "")

    assert read_settings() == Settings()


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("PORT", "many", "valid integer"),
        ("PORT", "70000", "less than or equal to 65535"),
        ("TIME_LIMIT", "0", "greater than 0"),
        ("TIME_LIMIT", "nan", "finite number"),
        ("DEFAULT_LANGUAGE", "de", "'fi', 'sv' or 'en'"),
        ("LOG_QUERIES", "perhaps", "valid boolean"),
        ("SERVICE_ALLOW", "https://one.example/sparql", 'a JSON list is wanted, such as ["https://'),
        ("SERVICE_ALLOW", '["https://one.example/sparql", 1]', "a JSON list is wanted"),
        ("SERVICE_ALLOW", '["one.example"]', "a JSON list is wanted"),
        ("SERVICE_ALLOW", '{"a": 1}', "a JSON list is wanted"),
        ("TIME_LIMIT", "inf", "finite number"),
        ("BACKEND", "foo", "embedded, or the address of a SPARQL 1.1 query endpoint"),
        ("BACKEND", "ftp://me:secret@one.example/sparql", "('ftp://…@one.example/sparql' was given)"),
        ("STORE", "/dev/null", "a folder is wanted"),
        ("BUILT", "/dev/null", "a folder is wanted"),
        ("SOURCE_TEXTS", "/dev/null", "a folder is wanted"),
        ("CONTACT", "somebody", "an e-mail address or an https address"),
        ("BASE_ADDRESS", "example.org", "('example.org' was given)"),
    ],
)
def test_what_is_wrong_is_told_by_its_variable(
    name: str, value: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With what would be right."""
    monkeypatch.setenv(f"DIALOGIVERKKO_{name}", value)

    with pytest.raises(UsageError, match=f"DIALOGIVERKKO_{name}: ") as caught:
        read_settings()

    assert told in caught.value.message


def test_what_a_command_gave_is_told_by_its_option() -> None:
    """Whatever the environment says."""
    with pytest.raises(UsageError, match=r"^--port: "):
        read_settings(port=0)


def test_a_variable_that_is_no_setting_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the setting that is nearest: a misspelt one changes nothing, and nobody would know."""
    monkeypatch.setenv("DIALOGIVERKKO_PORT", "8001")
    monkeypatch.setenv("DIALOGIVERKKO_PROT", "8001")

    assert "DIALOGIVERKKO_PROT is no setting, and changes nothing here. The nearest is DIALOGIVERKKO_PORT." in (
        unknown_variables()
    )
    assert not [told for told in unknown_variables() if told.startswith("DIALOGIVERKKO_PORT")]
